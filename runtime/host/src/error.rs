//! What can go wrong, and whose fault it is.

use std::{io, path::PathBuf};
use weft_artifact::open::OpenError;
use weft_artifact::{Dtype, ManifestError, TensorSpec, Variant};

/// An error of the engine.
type EngineError = Box<dyn std::error::Error + Send + Sync>;

/// Why an artifact can't be loaded or run.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The manifest is missing or wrong.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The model wasn't compiled for the processor.
    #[error("model `{model}` has no Wasm modules, it was compiled for {devices}: compile it with `--device wasm` too")]
    NoModules {
        /// The model's name.
        model: String,
        /// What it was compiled for.
        devices: String,
    },
    /// A file that the manifest names can't be read.
    #[error("can't read {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file has another size than the manifest says.
    #[error("{} has {found} bytes, expected {expected}: it was cut off, or comes from another compilation", path.display())]
    Size {
        /// The file.
        path: PathBuf,
        /// Bytes in the manifest.
        expected: u64,
        /// Bytes on the disk.
        found: u64,
    },
    /// A file has other content than the manifest says.
    #[error("{} has the SHA-256 {found}, expected {expected}: it was changed, or comes from another compilation", path.display())]
    Hash {
        /// The file.
        path: PathBuf,
        /// The manifest's hash.
        expected: String,
        /// The file's hash.
        found: String,
    },
    /// The artifact wasn't compiled for this variant.
    #[error("model `{model}` has no module `{variant}`, only: {available}")]
    NoVariant {
        /// The model's name.
        model: String,
        /// What was asked for.
        variant: Variant,
        /// What there is.
        available: String,
    },
    /// The engine refuses the module.
    #[error("can't load {}", path.display())]
    Module {
        /// The file.
        path: PathBuf,
        /// What the engine said.
        source: EngineError,
    },
    /// The module has other exports than the manifest describes.
    #[error("{} has no {what}, which the manifest describes", path.display())]
    Interface {
        /// The file.
        path: PathBuf,
        /// What is missing.
        what: String,
    },
    /// The artifact has no kernels, or none of this precision.
    #[error("model `{model}` wasn't compiled for this kind of GPU program, only for: {available}")]
    NoKernels {
        /// The model's name.
        model: String,
        /// The devices or precisions that it was compiled for.
        available: String,
    },
    /// There is no such adapter.
    #[error("{}", no_adapter(.wanted.as_deref(), .found))]
    NoAdapter {
        /// What its name should contain.
        wanted: Option<String>,
        /// The names of those that there are.
        found: Vec<String>,
    },
    /// The adapter lacks a feature.
    #[error("model `{model}` needs the WebGPU feature `{feature}`, which the GPU ({adapter}) lacks")]
    Feature {
        /// The model's name.
        model: String,
        /// The feature.
        feature: String,
        /// The adapter's name.
        adapter: String,
    },
    /// The adapter has too small a limit.
    #[error("model `{model}` needs {limit} of {needed}, but the GPU ({adapter}) has {has}")]
    Limit {
        /// The model's name.
        model: String,
        /// WebGPU's name of the limit.
        limit: &'static str,
        /// What the model needs.
        needed: u64,
        /// What the adapter has.
        has: u64,
        /// The adapter's name.
        adapter: String,
    },
    /// The driver gives no device.
    #[error("the GPU ({adapter}) gives no device")]
    NoDevice {
        /// The adapter's name.
        adapter: String,
        /// What the driver said.
        source: EngineError,
    },
    /// The GPU's memory is used up.
    #[error("the GPU has too little memory for {what}")]
    GpuMemory {
        /// What it was for.
        what: String,
        /// What the driver said.
        source: EngineError,
    },
    /// wgpu or the driver refuses something: the compiler's fault, not the caller's.
    #[error("the GPU's driver refuses {what}")]
    Refused {
        /// What it refuses.
        what: String,
        /// What it said.
        source: EngineError,
    },
    /// The GPU is gone: unplugged, reset, or its driver crashed.
    #[error("the GPU ({adapter}) was lost: {reason}; load the model again")]
    Lost {
        /// The adapter's name.
        adapter: String,
        /// What the driver said.
        reason: String,
    },
    /// An input isn't what the model takes.
    #[error(transparent)]
    Input(#[from] InputError),
    /// There is no such output.
    #[error("`{name}` is no output of the model, which has: {outputs}")]
    UnknownOutput {
        /// What was asked for.
        name: String,
        /// What there is.
        outputs: String,
    },
    /// The module stopped: the compiler's fault, not the caller's.
    #[error("model `{model}` stopped while it ran")]
    Trap {
        /// The model's name.
        model: String,
        /// What the engine said.
        source: EngineError,
    },
}

fn no_adapter(wanted: Option<&str>, found: &[String]) -> String {
    match wanted {
        _ if found.is_empty() => "there is no GPU here with a driver for Vulkan, Metal or Direct3D 12".to_owned(),
        Some(wanted) => format!("no GPU's name contains `{wanted}`; there are: {}", found.join("; ")),
        None => format!("none of the GPUs can be used: {}", found.join("; ")),
    }
}

/// Why inputs were refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// The model has no input of this name.
    #[error("`{name}` is no input of the model, which has: {inputs}")]
    Unknown {
        /// What was given.
        name: String,
        /// What there is.
        inputs: String,
    },
    /// The model has no state of this name.
    #[error("`{name}` is no state of the model, which has: {states}")]
    NoState {
        /// What was given.
        name: String,
        /// What there is.
        states: String,
    },
    /// An input wasn't given.
    #[error("input `{name}` is missing, expected {0}", name = .0.name)]
    Missing(Box<TensorSpec>),
    /// An input was given more than once.
    #[error("input `{0}` is given twice")]
    Twice(String),
    /// A dim that is left open has a value that the model doesn't take.
    #[error("input `{input}` is {shape:?}, where {source}")]
    Open {
        /// The input.
        input: String,
        /// The shape that was given.
        shape: Vec<u64>,
        /// What is wrong with it.
        source: OpenError,
    },
    /// An input has another element type or shape.
    #[error("input `{}` is {dtype} {shape:?}, expected {expected}", .expected.name)]
    Mismatch {
        /// What the model takes.
        expected: Box<TensorSpec>,
        /// The element type that was given.
        dtype: Dtype,
        /// The shape that was given.
        shape: Vec<u64>,
    },
}
