//! Modules and weights to the folder that a page, Node or a Rust host loads.
//!
//! Two steps, because small weights travel inside the modules: [`plan`] lays out the memory and decides that,
//! the emitter makes modules for this [`Layout`], and [`write`] checks that they keep to it and writes
//!
//! ```text
//! model.relaxed.wasm, model.simd.wasm    the modules, one a variant
//! weights.bin                            the packed weights, if they aren't in the modules
//! manifest.json                          signature, programs, sizes, hashes, statistics (see weft-artifact)
//! webgpu.json                            a program for the GPU, as the manifest has it
//! webgpu.wgsl, webgpu.subgroups.wgsl     its kernels, one file a variant, each kernel under `//// name`
//! webgpu.weights.bin                     its packed weights
//! webgpu.island0.relaxed.wasm, ...       the parts of it that are Wasm
//! index.js                               this model's description above the runtime of runtime/js
//! index.d.ts                             its types: names, element types and shapes of inputs and outputs
//! ```
//!
//! The folder appears whole or not at all.

mod folder;
mod gpu;
mod interface;
mod script;
mod types;
mod wasm;

use std::{
    io,
    path::{Path, PathBuf},
};
use weft_artifact::open::Open;
use weft_artifact::{
    Device, FORMAT, Manifest, ManifestError, MemoryMap, State, Stats, TensorSpec, TooLarge, Variant, file,
};

pub use gpu::{GpuPart, IslandPart, KernelsPart};
pub use interface::InterfaceError;
pub use wasm::WasmPart;

/// What wrote the artifact, in the manifest and the scripts.
pub const PRODUCER: &str = concat!("weft ", env!("CARGO_PKG_VERSION"));

/// Weights up to this many bytes are put into the modules: a request saved is worth more than sharing them.
pub const EMBED_LIMIT: u64 = 64 << 10;

/// Where everything lies in a module's memory, and whether the module brings its weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The regions, and the pages that a module's memory must have.
    pub map: MemoryMap,
    /// Whether each module has the weights as a data segment.
    pub embed_weights: bool,
    /// Bytes at the arena's front that each module's `init` fills once; 0 if there is no `init`.
    pub prepared: u32,
}

impl Layout {
    /// The data segment that a module must have: address and bytes. `None` if there is nothing to embed.
    pub fn data<'a>(&self, weights: &'a [u8]) -> Option<(u32, &'a [u8])> {
        (self.embed_weights && !weights.is_empty()).then_some((self.map.weights.offset, weights))
    }
}

/// Lays out the memory of a model with these inputs, outputs, states (an output's number, and that of the input whose place it
/// has), and sizes in bytes.
///
/// # Errors
/// [`PackageError::TooLarge`] if 31 bits can't address it.
pub fn plan(
    inputs: &[TensorSpec],
    outputs: &[TensorSpec],
    states: &[(usize, usize)],
    weights_bytes: u64,
    arena_bytes: u64,
) -> Result<Layout, PackageError> {
    // A size beyond 64 bits is too large in any case, and reported as such.
    let sizes = |specs: &[TensorSpec]| specs.iter().map(|spec| spec.bytes().unwrap_or(u64::MAX)).collect::<Vec<_>>();
    let map = MemoryMap::with_states(weights_bytes, arena_bytes, &sizes(inputs), &sizes(outputs), states)?;
    Ok(Layout { map, embed_weights: weights_bytes <= EMBED_LIMIT, prepared: 0 })
}

/// A compiled model, ready to be written.
#[derive(Clone, Debug)]
pub struct PackageInput<'a> {
    /// The model's name, as people know it.
    pub model_name: &'a str,
    /// What it was compiled for, the preferred first.
    pub devices: &'a [Device],
    /// Inputs, in the order of `main`'s parameters.
    pub inputs: &'a [TensorSpec],
    /// Outputs, in the order of `main`'s parameters.
    pub outputs: &'a [TensorSpec],
    /// Outputs that are the next run's inputs, by their numbers.
    pub states: &'a [(usize, usize)],
    /// Dims that are left open, if there are any.
    pub open: Option<&'a Open>,
    /// What the compiler counted; `peak_bytes` is set here, from the first device's plan.
    pub stats: Stats,
    /// The model as Wasm.
    pub wasm: Option<WasmPart<'a>>,
    /// The model for GPUs, the preferred precision first.
    pub webgpu: &'a [GpuPart<'a>],
}

/// Why no artifact was written.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The model needs more memory than there can be.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// A module isn't made for this layout: the compiler's fault, not the user's.
    #[error("internal error: the module `{variant}` doesn't fit its artifact: {source}")]
    Interface {
        /// Which module.
        variant: Variant,
        /// What it lacks.
        source: InterfaceError,
    },
    /// The parts contradict each other: the compiler's fault, not the user's.
    #[error("internal error: {0}")]
    Contradiction(String),
    /// The manifest would be refused by a reader: the compiler's fault, not the user's.
    #[error("internal error: the manifest isn't valid: {0}")]
    Manifest(#[from] ManifestError),
    /// The output path ends in no name.
    #[error("`{}` is no name for an output folder", .0.display())]
    NoName(PathBuf),
    /// There is something else at the output path.
    #[error("{} is there and is no folder: choose another output path", .0.display())]
    NotAFolder(PathBuf),
    /// The output folder holds what no artifact has; replacing it would delete that.
    #[error("{} holds more than a compiled model ({names}): choose a folder of its own, or empty it", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// The names that aren't an artifact's.
        names: String,
    },
    /// The file system said no.
    #[error("can't {action} {}", path.display())]
    Io {
        /// `write`, `create`, ...
        action: &'static str,
        /// What file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A file of the artifact: its name and content.
type File = (String, Vec<u8>);

/// Writes the artifact into the folder `out`, replacing one that is there, and returns its manifest.
///
/// # Errors
/// If `out` can't be written or holds something else than an artifact; and on parts that don't fit each other. In all cases
/// what was there is still there, and nothing was added.
pub fn write(input: &PackageInput<'_>, out: &Path) -> Result<Manifest, PackageError> {
    let mut files = Vec::new();
    let symbols = input.open.map_or(0, |open| open.symbols.len());
    let signature = wasm::Signature { inputs: input.inputs, outputs: input.outputs, symbols };
    let wasm = input.wasm.as_ref().map(|part| wasm::program(part, &signature, &wasm::MODEL, &mut files)).transpose()?;
    let webgpu = input.webgpu.iter().map(|part| gpu::program(part, &mut files)).collect::<Result<Vec<_>, _>>()?;
    let states = input.states.iter().filter_map(|&(o, i)| Some((input.outputs.get(o)?, input.inputs.get(i)?)));
    let peak = |device: &Device| match device {
        Device::Wasm => Some(input.wasm?.layout.map.end().into()),
        Device::Webgpu => webgpu.first().map(weft_artifact::GpuProgram::bytes),
    };
    let manifest = Manifest {
        format: FORMAT,
        model: input.model_name.into(),
        producer: PRODUCER.into(),
        devices: input.devices.to_vec(),
        inputs: input.inputs.to_vec(),
        outputs: input.outputs.to_vec(),
        states: states
            .map(|(output, input)| State { output: output.name.clone(), input: input.name.clone() })
            .collect(),
        open: input.open.cloned(),
        stats: Stats { peak_bytes: input.devices.first().and_then(peak).unwrap_or_default(), ..input.stats.clone() },
        wasm,
        webgpu,
    };
    let json = manifest.to_json().map_err(|error| PackageError::Contradiction(error.to_string()))?;
    // A reader must accept what we write.
    Manifest::parse(&json, Path::new(file::MANIFEST))?;
    files.push((file::MANIFEST.to_owned(), json.into_bytes()));
    files.push((file::SCRIPT.to_owned(), script::text(&manifest).into_bytes()));
    files.push((file::TYPES.to_owned(), types::text(&manifest).into_bytes()));
    folder::replace(out, &files)?;
    Ok(manifest)
}
