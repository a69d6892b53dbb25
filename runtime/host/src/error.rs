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
    Missing(TensorSpec),
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
        expected: TensorSpec,
        /// The element type that was given.
        dtype: Dtype,
        /// The shape that was given.
        shape: Vec<u64>,
    },
}
