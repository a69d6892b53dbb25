//! A loaded model.

use crate::gpu::{GpuInfo, GpuMachine, GpuOptions};
use crate::machine::Machine;
use crate::wasm::{Context, WasmMachine};
use crate::{Artifact, HostError, InputError, Tensor};
use weft_artifact::open::{Open, pack};
use weft_artifact::{Manifest, TensorSpec, Variant};

/// A loaded model, ready to run, on the processor ([`Session::new`]) or on a GPU ([`Session::gpu`]); it has its own memory.
/// Loading compiles the model's modules or kernels, so keep it.
pub struct Session {
    manifest: Manifest,
    machine: Box<dyn Machine + Send>,
    gpu: Option<GpuInfo>,
    /// State's first contents, by the inputs' names; 0 for what isn't there.
    initial: Vec<(String, Tensor)>,
    /// The shape of each input that was put in place.
    shapes: Vec<Option<Vec<u64>>>,
    /// What the open dims were in the last run.
    symbols: Vec<u64>,
}

impl Session {
    /// Loads a variant of the model on the processor: compiles its module, puts the weights in place, and prepares what runs read
    /// of them.
    ///
    /// A relaxed module runs with the processor's own meaning of relaxed instructions, as it does in browsers, so results may
    /// differ in the last bits between processors.
    ///
    /// # Errors
    /// If the artifact lacks the variant, or a file is missing, changed, or not what the manifest describes.
    pub fn new(artifact: &Artifact, variant: Variant) -> Result<Self, HostError> {
        let manifest = artifact.manifest();
        let context = Context {
            inputs: &manifest.inputs,
            states: manifest.state_numbers().collect(),
            symbols: manifest.symbols(),
        };
        let machine = WasmMachine::new(artifact, artifact.wasm()?, variant, context)?;
        Ok(Self::on(manifest, Box::new(machine), None))
    }

    /// Loads the model on a GPU: finds an adapter, checks that it has what the model needs, compiles the kernels, uploads the
    /// weights, and prepares what runs read of them.
    ///
    /// # Errors
    /// If the artifact has no kernels, there is no such adapter, it lacks a feature or has too small a limit, a file is missing or
    /// changed, or the driver refuses a kernel.
    pub fn gpu(artifact: &Artifact, options: &GpuOptions) -> Result<Self, HostError> {
        let machine = GpuMachine::new(artifact, options)?;
        let info = machine.info().clone();
        Ok(Self::on(artifact.manifest(), Box::new(machine), Some(info)))
    }

    fn on(manifest: &Manifest, machine: Box<dyn Machine + Send>, gpu: Option<GpuInfo>) -> Self {
        let shapes = vec![None; manifest.inputs.len()];
        let symbols = manifest.open.iter().flat_map(|open| &open.symbols).map(|s| s.max).collect();
        Session { manifest: manifest.clone(), machine, gpu, initial: Vec::new(), shapes, symbols }
    }

    /// Signature, programs and statistics.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What it runs on, if that is a GPU.
    pub fn gpu_info(&self) -> Option<&GpuInfo> {
        self.gpu.as_ref()
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
            return Err(InputError::Missing(Box::new(spec.clone())).into());
        }
        // What an earlier run had says nothing about this one.
        self.shapes.fill(None);
        for (name, tensor) in inputs {
            self.set(name, tensor)?;
        }
        self.invoke()?;
        let names = self.manifest.outputs.iter().enumerate();
        names.map(|(at, spec)| Ok((spec.name.clone(), self.read(at)?))).collect()
    }

    /// Puts an input in place; it stays there for later runs.
    ///
    /// # Errors
    /// [`HostError::Input`] if the model has no such input, or takes another type or shape.
    pub fn set(&mut self, name: &str, tensor: &Tensor) -> Result<(), HostError> {
        let at = self.input(name, tensor)?;
        self.machine.write(at, tensor)?;
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
    ///
    /// # Errors
    /// If a GPU was lost.
    pub fn reset(&mut self) -> Result<(), HostError> {
        for (_, input) in self.manifest.state_numbers() {
            match self.initial.iter().find(|(name, _)| *name == self.manifest.inputs[input].name) {
                Some((_, tensor)) => self.machine.write(input, tensor)?,
                None => self.machine.clear(input)?,
            }
        }
        Ok(())
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

    /// Runs the model on the inputs that are in place, and waits for the end.
    ///
    /// # Errors
    /// [`HostError::Input`] if inputs disagree about a dim that the model leaves open; [`HostError::Trap`] if a module
    /// stops, and [`HostError::Refused`] if a GPU's driver refuses something, which are bugs of the compiler;
    /// [`HostError::Lost`] if the GPU is gone: load the model again.
    pub fn invoke(&mut self) -> Result<(), HostError> {
        self.symbols = self.solve()?;
        self.machine.run(&self.symbols)
    }

    /// An output of the last run.
    ///
    /// # Errors
    /// If the model has no such output.
    pub fn output(&self, name: &str) -> Result<Tensor, HostError> {
        match self.manifest.outputs.iter().position(|spec| spec.name == name) {
            Some(at) => self.read(at),
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
        Err(InputError::Mismatch { expected: Box::new(spec.clone()), dtype, shape })
    }

    fn read(&self, at: usize) -> Result<Tensor, HostError> {
        let largest = &self.manifest.outputs[at];
        let mut spec = largest.clone();
        if let Some(extents) = self.manifest.open.as_ref().and_then(|open| open.outputs.get(at)) {
            spec.shape = Open::dims(extents, &self.symbols);
        }
        let bytes = pack(&self.machine.read(at)?, &largest.shape, spec.dtype.size(), &spec.shape);
        Ok(Tensor::filled(&spec, bytes))
    }
}

fn names<'s>(specs: impl IntoIterator<Item = &'s TensorSpec>) -> String {
    let names: Vec<_> = specs.into_iter().map(|spec| format!("`{}` {spec}", spec.name)).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
