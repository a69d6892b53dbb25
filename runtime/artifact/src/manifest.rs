//! `manifest.json`: its schema, reading and writing.

use crate::open::Open;
use crate::{Dtype, GpuProgram, WasmProgram, file};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
};

/// Version of the manifest and of the programs' interfaces. A reader refuses every other.
pub const FORMAT: u32 = 2;

/// What a model can be compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    /// The processor, by WebAssembly.
    Wasm,
    /// A GPU, by WebGPU.
    Webgpu,
}

impl Device {
    /// The name in the manifest and in options.
    pub const fn name(self) -> &'static str {
        match self {
            Device::Wasm => "wasm",
            Device::Webgpu => "webgpu",
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Name, element type and shape of a model's input or output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TensorSpec {
    /// The name in the source model.
    pub name: String,
    /// The element type.
    pub dtype: Dtype,
    /// The shape; `[]` is a scalar, and a dim may be 0.
    pub shape: Vec<u64>,
    /// What becomes of it, if it is an image: RGBA with 8 bits a channel, of the shape `[height, width, 4]`, both open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
}

/// An input that is an image, which the model's first kernel resizes and normalises.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// What its height is at most.
    pub max_height: u64,
    /// What its width is at most.
    pub max_width: u64,
    /// The height that it is resized to.
    pub height: u64,
    /// The width that it is resized to.
    pub width: u64,
    /// How pixels become larger or smaller: `bilinear` or `nearest`.
    pub resize: String,
    /// What becomes of the aspect ratio: `stretch`, `contain` or `cover`.
    pub fit: String,
}

impl TensorSpec {
    /// Number of elements; `None` if it doesn't fit 64 bits.
    pub fn elements(&self) -> Option<u64> {
        // A zero anywhere makes the tensor empty, however large the other dims are.
        if self.shape.contains(&0) {
            return Some(0);
        }
        self.shape.iter().try_fold(1, |product: u64, &dim| product.checked_mul(dim))
    }

    /// Number of bytes, contiguous; `None` if it doesn't fit 64 bits.
    pub fn bytes(&self) -> Option<u64> {
        self.elements()?.checked_mul(self.dtype.size())
    }
}

/// `float32 [1, 3, 48, 192]`
impl fmt::Display for TensorSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.dtype, self.shape)
    }
}

/// State: an output that is the next run's input. Both have the same place in memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The output's name.
    pub output: String,
    /// The input's name.
    pub input: String,
}

/// What the compiler counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Nodes of the source model, by operator.
    pub operators: BTreeMap<String, u64>,
    /// Kernel calls of one run on the first device.
    pub kernels: u64,
    /// Floating-point operations of one run; a multiply-add counts as two.
    pub flops: u64,
    /// Bytes of memory that one run uses on the first device: weights, intermediate tensors, inputs and outputs, with padding.
    pub peak_bytes: u64,
}

/// `manifest.json`: all that a host needs to run the model, and what a person wants to know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// The model's name.
    pub model: String,
    /// What wrote it, with its version.
    pub producer: String,
    /// What it was compiled for, in the order of preference: a host takes the first, unless it is told another.
    pub devices: Vec<Device>,
    /// Inputs in the order of the source model.
    pub inputs: Vec<TensorSpec>,
    /// Outputs in the order of the source model.
    pub outputs: Vec<TensorSpec>,
    /// Outputs that are the next run's inputs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<State>,
    /// Dims that are left open; absent if there are none. The tensors' shapes above are the largest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Open>,
    /// What the compiler counted.
    pub stats: Stats,
    /// The model as Wasm; there if `devices` has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wasm: Option<WasmProgram>,
    /// The model as WGSL kernels, one program a precision, the preferred first; there if `devices` has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub webgpu: Vec<GpuProgram>,
}

/// Why a manifest can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The folder has none, or it can't be read.
    #[error("can't read {}: is this a folder that `weftc compile` wrote?", path.display())]
    Io {
        /// The manifest's path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It isn't JSON of this schema.
    #[error("{} is no manifest", path.display())]
    Json {
        /// The manifest's path.
        path: PathBuf,
        /// Where and why reading stopped.
        source: serde_json::Error,
    },
    /// Another version of Weft wrote it.
    #[error("{} has format {found}, this version reads format {FORMAT}: compile the model again", path.display())]
    Format {
        /// The manifest's path.
        path: PathBuf,
        /// Its format.
        found: u64,
    },
    /// Its fields contradict each other.
    #[error("{}: {field}: {problem}", path.display())]
    Invalid {
        /// The manifest's path.
        path: PathBuf,
        /// The field, `inputs[0].bytes`.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl Manifest {
    /// Reads and checks the manifest in an artifact's folder.
    ///
    /// # Errors
    /// If it can't be read, is of another format, or can't be true.
    pub fn read(folder: &Path) -> Result<Self, ManifestError> {
        let path = folder.join(file::MANIFEST);
        let text = fs::read_to_string(&path).map_err(|source| ManifestError::Io { path: path.clone(), source })?;
        Self::parse(&text, &path)
    }

    /// Checks a manifest's text; `path` is for messages.
    ///
    /// # Errors
    /// If it is of another format, or can't be true.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        struct Head {
            format: u64,
        }
        let json = |source| ManifestError::Json { path: path.to_owned(), source };
        // The version first: another format's fields would only give a misleading message.
        let head: Head = serde_json::from_str(text).map_err(json)?;
        if head.format != u64::from(FORMAT) {
            return Err(ManifestError::Format { path: path.to_owned(), found: head.format });
        }
        let manifest: Manifest = serde_json::from_str(text).map_err(json)?;
        manifest.check().map_err(|(field, problem)| ManifestError::Invalid {
            path: path.to_owned(),
            field,
            problem,
        })?;
        Ok(manifest)
    }

    /// The file's text.
    ///
    /// # Errors
    /// None for a manifest made of these types; serde's signature has one.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Whether an input is an image.
    pub fn has_image(&self) -> bool {
        self.inputs.iter().any(|spec| spec.image.is_some())
    }

    /// Each state's output and input, by their numbers.
    pub fn state_numbers(&self) -> impl Iterator<Item = (usize, usize)> {
        let find = |list: &[TensorSpec], name: &str| list.iter().position(|spec| spec.name == name);
        self.states.iter().filter_map(move |s| Some((find(&self.outputs, &s.output)?, find(&self.inputs, &s.input)?)))
    }

    /// Whether an input is a state: what the last run made of it, if it isn't given.
    pub fn is_state(&self, input: &str) -> bool {
        self.states.iter().any(|s| s.input == input)
    }

    /// How many symbols `main` takes behind the addresses.
    pub fn symbols(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.symbols.len())
    }

    /// Every file that the artifact has beside the manifest and the scripts: its name, size and SHA-256.
    pub fn files(&self) -> Vec<(&str, u64, &str)> {
        let mut files = Vec::new();
        let islands = self.webgpu.iter().flat_map(|program| &program.islands).map(|island| &island.wasm);
        for program in self.wasm.iter().chain(islands) {
            files.extend(program.variants.iter().map(|m| (m.file.as_str(), m.bytes, m.sha256.as_str())));
            let weights = &program.weights;
            files.extend(weights.file.as_deref().map(|f| (f, weights.region.bytes.into(), weights.sha256.as_str())));
        }
        for program in &self.webgpu {
            let weights = program.weights.iter().map(|w| (w.file.as_str(), w.bytes, w.sha256.as_str()));
            let kernels = program.variants.iter().map(|v| &v.kernels);
            files.extend(weights.chain(kernels.map(|k| (k.file.as_str(), k.bytes, k.sha256.as_str()))));
        }
        files
    }
}
