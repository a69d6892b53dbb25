//! Modules on wasmtime: whole models, and parts of models that the GPU leaves.

use crate::machine::Machine;
use crate::{Artifact, HostError, Tensor};
use std::path::Path;
use wasmtime::{Config, Engine, ExternType, Func, Instance, Memory, Module, Store, Val, ValType};
use weft_artifact::open::unpack;
use weft_artifact::{MemoryMap, PAGE, Region, TensorSpec, Variant, WasmProgram};

/// A module with its memory.
pub(crate) struct WasmMachine {
    /// Whose it is.
    model: String,
    /// The tensors that it takes, with their largest shapes.
    inputs: Vec<TensorSpec>,
    /// Where everything lies in its memory.
    map: MemoryMap,
    store: Store<()>,
    memory: Memory,
    main: Func,
    /// The addresses that `main` takes: weights, arena, inputs, outputs.
    addresses: Vec<Val>,
}

/// What a program's manifest entry doesn't say itself.
pub(crate) struct Context<'a> {
    /// The tensors that it takes.
    pub(crate) inputs: &'a [TensorSpec],
    /// Pairs of an output and the input whose place it has.
    pub(crate) states: Vec<(usize, usize)>,
    /// How many numbers `main` takes behind the addresses.
    pub(crate) symbols: usize,
}

impl WasmMachine {
    pub(crate) fn new(
        artifact: &Artifact,
        program: &WasmProgram,
        variant: Variant,
        context: Context<'_>,
    ) -> Result<Self, HostError> {
        let model = artifact.manifest().model.clone();
        let map = program.memory_map(&context.states);
        let prepared = program.memory.prepared > 0;
        let (path, bytes) = artifact.module(program, variant)?;
        let failed = |source: wasmtime::Error| HostError::Module { path: path.clone(), source: source.into() };

        let mut config = Config::new();
        config.wasm_simd(true);
        config.wasm_relaxed_simd(variant == Variant::Relaxed);
        config.relaxed_simd_deterministic(false);
        let engine = Engine::new(&config).map_err(failed)?;
        let module = Module::new(&engine, &bytes).map_err(failed)?;
        check(&module, &map, prepared, context.symbols, &path)?;

        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).map_err(failed)?;
        let missing = |what: &str| HostError::Interface { path: path.clone(), what: what.into() };
        let memory = instance.get_memory(&mut store, "memory").ok_or_else(|| missing("memory"))?;
        let main = instance.get_func(&mut store, "main").ok_or_else(|| missing("function `main`"))?;
        if let Some(weights) = artifact.weights(program)? {
            memory.data_mut(&mut store)[map.weights.range()].copy_from_slice(&weights);
        }
        // Addresses are below 2^31: the manifest is checked.
        let addresses: Vec<Val> = map.regions().map(|region| Val::I32(region.offset as i32)).collect();
        if prepared {
            let init = instance.get_func(&mut store, "init").ok_or_else(|| missing("function `init`"))?;
            init.call(&mut store, &addresses[..2], &mut [])
                .map_err(|source| HostError::Trap { model: model.clone(), source: source.into() })?;
        }
        Ok(WasmMachine { model, inputs: context.inputs.to_vec(), map, store, memory, main, addresses })
    }

    /// The bytes of a region of memory.
    fn region(&mut self, region: Region) -> &mut [u8] {
        &mut self.memory.data_mut(&mut self.store)[region.range()]
    }

    /// Fills an input's place; what is too long for it is left out.
    pub(crate) fn write_bytes(&mut self, input: usize, bytes: &[u8]) {
        let place = self.region(self.map.inputs[input]);
        let n = bytes.len().min(place.len());
        place[..n].copy_from_slice(&bytes[..n]);
    }
}

impl Machine for WasmMachine {
    fn write(&mut self, input: usize, tensor: &Tensor) -> Result<(), HostError> {
        let spec = self.inputs[input].clone();
        let place = self.region(self.map.inputs[input]);
        unpack(tensor.bytes(), tensor.shape(), spec.dtype.size(), place, &spec.shape);
        Ok(())
    }

    fn clear(&mut self, input: usize) -> Result<(), HostError> {
        self.region(self.map.inputs[input]).fill(0);
        Ok(())
    }

    fn run(&mut self, symbols: &[u64]) -> Result<(), HostError> {
        // They are below 2^31, as everything that they are dims of.
        let symbols = symbols.iter().map(|&n| Val::I32(n as i32));
        let args: Vec<Val> = self.addresses.iter().cloned().chain(symbols).collect();
        self.main
            .call(&mut self.store, &args, &mut [])
            .map_err(|source| HostError::Trap { model: self.model.clone(), source: source.into() })
    }

    fn read(&self, output: usize) -> Result<Vec<u8>, HostError> {
        Ok(self.memory.data(&self.store)[self.map.outputs[output].range()].to_vec())
    }
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
