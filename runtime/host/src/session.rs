//! A loaded model with its memory.

use crate::{Artifact, HostError, InputError, Tensor};
use std::path::Path;
use wasmtime::{Config, Engine, ExternType, Func, Instance, Memory, Module, Store, Val, ValType};
use weft_artifact::open::{Open, pack, unpack};
use weft_artifact::{Manifest, MemoryMap, PAGE, TensorSpec, Variant};

/// A loaded model, ready to run; it has its own memory. Loading compiles the module, so keep it.
pub struct Session {
    manifest: Manifest,
    /// Where everything lies in its memory.
    map: MemoryMap,
    store: Store<()>,
    memory: Memory,
    main: Func,
    /// The addresses that `main` takes: weights, arena, inputs, outputs.
    addresses: Vec<Val>,
    /// State's first contents, by the inputs' names; 0 for what isn't there.
    initial: Vec<(String, Tensor)>,
    /// The shape of each input that was put in place.
    shapes: Vec<Option<Vec<u64>>>,
    /// What the open dims were in the last run.
    symbols: Vec<u64>,
}

impl Session {
    /// Loads a variant of the model: compiles its module, puts the weights in place, and prepares what runs read of them.
    ///
    /// A relaxed module runs with the processor's own meaning of relaxed instructions, as it does in browsers, so results may
    /// differ in the last bits between processors.
    ///
    /// # Errors
    /// If the artifact lacks the variant, or a file is missing, changed, or not what the manifest describes.
    pub fn new(artifact: &Artifact, variant: Variant) -> Result<Self, HostError> {
        let manifest = artifact.manifest().clone();
        let program = artifact.wasm()?;
        let map = program.memory_map(&manifest.state_numbers().collect::<Vec<_>>());
        let prepared = program.memory.prepared > 0;
        let (path, bytes) = artifact.module(variant)?;
        let failed = |source: wasmtime::Error| HostError::Module { path: path.clone(), source: source.into() };

        let mut config = Config::new();
        config.wasm_simd(true);
        config.wasm_relaxed_simd(variant == Variant::Relaxed);
        config.relaxed_simd_deterministic(false);
        let engine = Engine::new(&config).map_err(failed)?;
        let module = Module::new(&engine, &bytes).map_err(failed)?;
        check(&module, &map, prepared, manifest.symbols(), &path)?;

        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).map_err(failed)?;
        let missing = |what: &str| HostError::Interface { path: path.clone(), what: what.into() };
        let memory = instance.get_memory(&mut store, "memory").ok_or_else(|| missing("memory"))?;
        let main = instance.get_func(&mut store, "main").ok_or_else(|| missing("function `main`"))?;
        if let Some(weights) = artifact.weights()? {
            memory.data_mut(&mut store)[map.weights.range()].copy_from_slice(&weights);
        }
        // Addresses are below 2^31: the manifest is checked.
        let addresses: Vec<Val> = map.regions().map(|region| Val::I32(region.offset as i32)).collect();
        if prepared {
            let init = instance.get_func(&mut store, "init").ok_or_else(|| missing("function `init`"))?;
            init.call(&mut store, &addresses[..2], &mut [])
                .map_err(|source| HostError::Trap { model: manifest.model.clone(), source: source.into() })?;
        }
        let shapes = vec![None; manifest.inputs.len()];
        let symbols = manifest.open.iter().flat_map(|open| &open.symbols).map(|s| s.max).collect();
        Ok(Session { manifest, map, store, memory, main, addresses, initial: Vec::new(), shapes, symbols })
    }

    /// Signature, memory and statistics.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Runs the model on all its inputs, and gives all outputs in the signature's order. State need not be given: it is what the
    /// last run made of it, 0 before the first.
    ///
    /// # Errors
    /// [`HostError::Input`] if an input is missing, unknown, or of another type or shape; nothing has run then.
    pub fn run(&mut self, inputs: &[(&str, Tensor)]) -> Result<Vec<(String, Tensor)>, HostError> {
        for (i, (name, _)) in inputs.iter().enumerate() {
            if inputs[..i].iter().any(|(earlier, _)| earlier == name) {
                return Err(InputError::Twice((*name).to_owned()).into());
            }
        }
        let needed =
            |spec: &&TensorSpec| !inputs.iter().any(|(n, _)| *n == spec.name) && !self.manifest.is_state(&spec.name);
        if let Some(spec) = self.manifest.inputs.iter().find(needed) {
            // An input under a wrong name is the likelier mistake, and says more.
            for (name, tensor) in inputs {
                self.input(name, tensor)?;
            }
            return Err(InputError::Missing(spec.clone()).into());
        }
        // What an earlier run had says nothing about this one.
        self.shapes.fill(None);
        for (name, tensor) in inputs {
            self.set(name, tensor)?;
        }
        self.invoke()?;
        let names = self.manifest.outputs.iter().enumerate();
        names.map(|(at, spec)| Ok((spec.name.clone(), self.read(at)))).collect()
    }

    /// Puts an input in place; it stays there for later runs.
    ///
    /// # Errors
    /// [`HostError::Input`] if the model has no such input, or takes another type or shape.
    pub fn set(&mut self, name: &str, tensor: &Tensor) -> Result<(), HostError> {
        let at = self.input(name, tensor)?;
        let spec = &self.manifest.inputs[at];
        let buffer = &mut self.memory.data_mut(&mut self.store)[self.map.inputs[at].range()];
        unpack(tensor.bytes(), tensor.shape(), spec.dtype.size(), buffer, &spec.shape);
        self.shapes[at] = Some(tensor.shape().to_vec());
        Ok(())
    }

    /// Sets what a state is now, and after [`Session::reset`].
    ///
    /// # Errors
    /// [`HostError::Input`] if the model has no such state, or it is of another type or shape.
    pub fn set_initial(&mut self, name: &str, tensor: &Tensor) -> Result<(), HostError> {
        if !self.manifest.is_state(name) {
            let states: Vec<_> = self.manifest.inputs.iter().filter(|s| self.manifest.is_state(&s.name)).collect();
            return Err(InputError::NoState { name: name.to_owned(), states: names(states) }.into());
        }
        self.set(name, tensor)?;
        self.initial.retain(|(n, _)| n != name);
        self.initial.push((name.to_owned(), tensor.clone()));
        Ok(())
    }

    /// Makes state what it was before the first run: what [`Session::set_initial`] said, or 0.
    pub fn reset(&mut self) {
        let data = self.memory.data_mut(&mut self.store);
        for (_, input) in self.manifest.state_numbers() {
            let place = &mut data[self.map.inputs[input].range()];
            match self.initial.iter().find(|(name, _)| *name == self.manifest.inputs[input].name) {
                Some((_, tensor)) => place.copy_from_slice(tensor.bytes()),
                None => place.fill(0),
            }
        }
    }

    /// The shape that an input must have beside those that are in place; open dims that these don't tell are at their largest.
    pub fn shape(&self, name: &str) -> Option<Vec<u64>> {
        let at = self.manifest.inputs.iter().position(|spec| spec.name == name)?;
        let Some(open) = &self.manifest.open else { return Some(self.manifest.inputs[at].shape.clone()) };
        let values = self.solve().unwrap_or_else(|_| open.symbols.iter().map(|s| s.max).collect());
        Some(Open::dims(open.inputs.get(at)?, &values))
    }

    /// The open dims' values, as the inputs in place tell them; those that they don't tell are at their largest.
    fn solve(&self) -> Result<Vec<u64>, InputError> {
        let Some(open) = &self.manifest.open else { return Ok(Vec::new()) };
        let mut values = vec![None; open.symbols.len()];
        for ((shape, extents), spec) in self.shapes.iter().zip(&open.inputs).zip(&self.manifest.inputs) {
            let Some(shape) = shape else { continue };
            if let Some(Err(source)) = open.solve(extents, shape, &mut values) {
                return Err(InputError::Open { input: spec.name.clone(), shape: shape.clone(), source });
            }
        }
        Ok(values.into_iter().zip(&open.symbols).map(|(v, s)| v.unwrap_or(s.max)).collect())
    }

    /// Runs the model on the inputs that are in place. Copies nothing.
    ///
    /// # Errors
    /// [`HostError::Input`] if inputs disagree about a dim that the model leaves open; [`HostError::Trap`] if the module
    /// stops, which is a bug of the compiler.
    pub fn invoke(&mut self) -> Result<(), HostError> {
        self.symbols = self.solve()?;
        // They are below 2^31, as everything that they are dims of.
        let symbols = self.symbols.iter().map(|&n| Val::I32(n as i32));
        let args: Vec<Val> = self.addresses.iter().cloned().chain(symbols).collect();
        self.main
            .call(&mut self.store, &args, &mut [])
            .map_err(|source| HostError::Trap { model: self.manifest.model.clone(), source: source.into() })
    }

    /// An output of the last run.
    ///
    /// # Errors
    /// If the model has no such output.
    pub fn output(&self, name: &str) -> Result<Tensor, HostError> {
        match self.manifest.outputs.iter().position(|spec| spec.name == name) {
            Some(at) => Ok(self.read(at)),
            None => Err(HostError::UnknownOutput { name: name.to_owned(), outputs: names(&self.manifest.outputs) }),
        }
    }

    /// The number of the input that this tensor fits.
    fn input(&self, name: &str, tensor: &Tensor) -> Result<usize, InputError> {
        let Some(at) = self.manifest.inputs.iter().position(|spec| spec.name == name) else {
            return Err(InputError::Unknown { name: name.to_owned(), inputs: names(&self.manifest.inputs) });
        };
        let spec = &self.manifest.inputs[at];
        let fits = match self.manifest.open.as_ref().and_then(|open| Some((open, open.inputs.get(at)?))) {
            None => tensor.shape() == spec.shape,
            Some((open, extents)) => match open.solve(extents, tensor.shape(), &mut vec![None; open.symbols.len()]) {
                None => false,
                Some(Ok(())) => true,
                Some(Err(source)) => {
                    let shape = tensor.shape().to_vec();
                    return Err(InputError::Open { input: name.to_owned(), shape, source });
                }
            },
        };
        if tensor.dtype() == spec.dtype && fits {
            return Ok(at);
        }
        let (dtype, shape) = (tensor.dtype(), tensor.shape().to_vec());
        Err(InputError::Mismatch { expected: spec.clone(), dtype, shape })
    }

    fn read(&self, at: usize) -> Tensor {
        let largest = &self.manifest.outputs[at];
        let buffer = &self.memory.data(&self.store)[self.map.outputs[at].range()];
        let mut spec = largest.clone();
        if let Some(extents) = self.manifest.open.as_ref().and_then(|open| open.outputs.get(at)) {
            spec.shape = Open::dims(extents, &self.symbols);
        }
        let bytes = pack(buffer, &largest.shape, spec.dtype.size(), &spec.shape);
        Tensor::filled(&spec, bytes)
    }
}

fn names<'s>(specs: impl IntoIterator<Item = &'s TensorSpec>) -> String {
    let names: Vec<_> = specs.into_iter().map(|spec| format!("`{}` {spec}", spec.name)).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// The module's exports are what the manifest describes; engines check only what is called.
fn check(module: &Module, map: &MemoryMap, prepared: bool, symbols: usize, path: &Path) -> Result<(), HostError> {
    let missing = |what: String| Err(HostError::Interface { path: path.to_owned(), what });
    if module.imports().next().is_some() {
        return missing("empty list of imports".into());
    }
    let pages = map.pages;
    match module.get_export("memory") {
        Some(ExternType::Memory(ty)) if ty.minimum() == u64::from(pages) => {}
        _ => return missing(format!("memory of {} KiB", u64::from(pages) * u64::from(PAGE >> 10))),
    }
    let takes = |name: &str, parameters: usize| {
        matches!(
            module.get_export(name),
            Some(ExternType::Func(ty))
                if ty.params().len() == parameters
                    && ty.params().all(|param| matches!(param, ValType::I32))
                    && ty.results().len() == 0
        )
    };
    let parameters = map.regions().count() + symbols;
    if !takes("main", parameters) {
        return missing(format!("function `main` of {parameters} addresses"));
    }
    if prepared && !takes("init", 2) {
        return missing("function `init` of 2 addresses".into());
    }
    Ok(())
}
