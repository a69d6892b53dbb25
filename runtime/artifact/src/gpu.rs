//! The part of an artifact that runs on a GPU: WGSL kernels, the buffers that they work on, and the list of their dispatches.
//!
//! A host makes every buffer, uploads the weights into the one of that role, makes every pipeline of the first variant whose
//! features the device has, submits `init` once, and `main` for every run. What isn't said here isn't needed: all addresses,
//! sizes and bindings are known at compile time, and only the open dims' values come at run time, as uniforms.

use crate::open::{Expr, Extent};
use crate::{TensorSpec, WasmProgram};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// What numbers a program computes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// f32 throughout.
    Float32,
    /// f16 in storage and arithmetic, with sums in f32. Inputs and outputs keep the model's types.
    Float16,
}

impl Precision {
    /// Both.
    pub const ALL: [Precision; 2] = [Precision::Float32, Precision::Float16];

    /// The name in the manifest.
    pub const fn name(self) -> &'static str {
        match self {
            Precision::Float32 => "float32",
            Precision::Float16 => "float16",
        }
    }

    /// What the names of its files begin with, which is also the compiler's name for a GPU of this precision.
    pub const fn stem(self) -> &'static str {
        match self {
            Precision::Float32 => "webgpu",
            Precision::Float16 => "webgpu-f16",
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// WebGPU's limits, as far as a program depends on them: what the device must have at least. `GPUSupportedLimits` has the same names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "WebGPU's specification defines them")]
pub struct Limits {
    pub max_buffer_size: u64,
    pub max_storage_buffer_binding_size: u64,
    pub max_storage_buffers_per_shader_stage: u64,
    pub max_compute_workgroup_storage_size: u64,
    pub max_compute_invocations_per_workgroup: u64,
    pub max_compute_workgroup_size_x: u64,
    pub max_compute_workgroup_size_y: u64,
    pub max_compute_workgroup_size_z: u64,
    pub max_compute_workgroups_per_dimension: u64,
}

impl Limits {
    /// Names and values.
    pub fn list(&self) -> [(&'static str, u64); 9] {
        [
            ("maxBufferSize", self.max_buffer_size),
            ("maxStorageBufferBindingSize", self.max_storage_buffer_binding_size),
            ("maxStorageBuffersPerShaderStage", self.max_storage_buffers_per_shader_stage),
            ("maxComputeWorkgroupStorageSize", self.max_compute_workgroup_storage_size),
            ("maxComputeInvocationsPerWorkgroup", self.max_compute_invocations_per_workgroup),
            ("maxComputeWorkgroupSizeX", self.max_compute_workgroup_size_x),
            ("maxComputeWorkgroupSizeY", self.max_compute_workgroup_size_y),
            ("maxComputeWorkgroupSizeZ", self.max_compute_workgroup_size_z),
            ("maxComputeWorkgroupsPerDimension", self.max_compute_workgroups_per_dimension),
        ]
    }
}

/// The packed weights, the content of the buffer of that role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GpuWeights {
    /// Their file, in the artifact's folder.
    pub file: String,
    /// The file's size.
    pub bytes: u64,
    /// The file's SHA-256, hexadecimal.
    pub sha256: String,
}

/// What a buffer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The weights; no kernel writes them.
    Weights,
    /// Intermediate tensors, and what `init` prepares.
    Scratch,
    /// An input; of a state, also its output.
    Input,
    /// An output.
    Output,
    /// An input that is an image: a texture, which the host makes as large as the image is.
    Image,
}

/// A buffer that the host makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buffer {
    /// What it is for.
    pub role: Role,
    /// The number of the input or output that lies at its start: little endian, contiguous, row-major, with the strides of the
    /// largest shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// Its size, a multiple of [`GPU_ALIGN`]; 0 for an image.
    pub bytes: u64,
}

/// Offsets in buffers, and their sizes, are multiples of this: WebGPU's default `minStorageBufferOffsetAlignment`.
pub const GPU_ALIGN: u64 = 256;

/// How a kernel uses a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// A storage buffer that is only read.
    Read,
    /// A storage buffer that is written.
    ReadWrite,
    /// `texture_2d<f32>`.
    Texture,
    /// `texture_external`.
    ExternalTexture,
}

/// A file of kernels: WGSL, each kernel under a line `//// name` of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kernels {
    /// The file, in the artifact's folder.
    pub file: String,
    /// The file's size.
    pub bytes: u64,
    /// Its size when it is sent compressed.
    pub gzip: u64,
    /// The file's SHA-256, hexadecimal.
    pub sha256: String,
}

impl Kernels {
    /// The kernels of a file's text: name and WGSL.
    pub fn split(text: &str) -> impl Iterator<Item = (&str, &str)> {
        let mut parts = text.split("//// ");
        // Before the first mark nothing stands.
        parts.next();
        parts.map(|part| part.split_once('\n').unwrap_or((part, "")))
    }
}

/// A compute pipeline to make: its shader module has one entry point, and `@group(0)` holds all bindings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pipeline {
    /// The kernel's name, for errors and profiles.
    pub name: String,
    /// The workgroup's size.
    pub workgroup: [u32; 3],
    /// The buffers, bound at 0, 1, ...
    pub bindings: Vec<Access>,
    /// How many `i32`s are in the uniform buffer that is bound behind them; 0 if there is none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub uniform: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(n: &usize) -> bool {
    *n == 0
}

/// A part of a buffer: `[buffer, offset, bytes]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(usize, u64, u64)", into = "(usize, u64, u64)")]
pub struct Binding {
    /// The buffer's number.
    pub buffer: usize,
    /// Where the part begins, a multiple of [`GPU_ALIGN`].
    pub offset: u64,
    /// How long it is, a multiple of 4.
    pub bytes: u64,
}

impl From<(usize, u64, u64)> for Binding {
    fn from((buffer, offset, bytes): (usize, u64, u64)) -> Self {
        Binding { buffer, offset, bytes }
    }
}

impl From<Binding> for (usize, u64, u64) {
    fn from(b: Binding) -> Self {
        (b.buffer, b.offset, b.bytes)
    }
}

/// One thing to do. Steps are done in order; each sees what those before it wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Step {
    /// A dispatch.
    Dispatch {
        /// The number of the pipeline.
        pipeline: usize,
        /// The number of the pipeline that takes its place if the image is an external texture.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external: Option<usize>,
        /// How many workgroups, in x, y and z.
        workgroups: [Extent; 3],
        /// What the pipeline's bindings are.
        bindings: Vec<Binding>,
        /// The values of its uniform buffer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        symbols: Vec<Expr>,
    },
    /// A run of a part of the model that is Wasm: its inputs are read back, its outputs uploaded.
    Island {
        /// The number of the island.
        island: usize,
        /// Where its inputs lie.
        inputs: Vec<Binding>,
        /// Where its outputs go.
        outputs: Vec<Binding>,
        /// The last arguments of its `main`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        symbols: Vec<Expr>,
    },
}

/// The program for devices that have some features more. Variants differ in kernels only: they work on the same buffers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GpuVariant {
    /// Features that it needs beside the program's: `subgroups`.
    pub features: Vec<String>,
    /// The pipelines' WGSL.
    pub kernels: Kernels,
    /// The pipelines.
    pub pipelines: Vec<Pipeline>,
    /// What prepares weights, once after they have been uploaded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub init: Vec<Step>,
    /// A run.
    pub main: Vec<Step>,
}

/// A part of the model that this device can't run, or not sensibly, as Wasm modules with a memory of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Island {
    /// Its name in the IR.
    pub name: String,
    /// Why it is no kernel.
    pub reason: String,
    /// Nodes of the source model, by operator.
    pub operators: BTreeMap<String, u64>,
    /// What it takes.
    pub inputs: Vec<TensorSpec>,
    /// What it gives.
    pub outputs: Vec<TensorSpec>,
    /// Its modules.
    pub wasm: WasmProgram,
}

/// A model as WGSL kernels, in one precision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GpuProgram {
    /// What it computes with.
    pub precision: Precision,
    /// WebGPU features that it needs, whatever the variant: `shader-f16`.
    pub features: Vec<String>,
    /// Limits that it needs, whatever the defaults are.
    pub limits: Limits,
    /// The weights; absent if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<GpuWeights>,
    /// The buffers.
    pub buffers: Vec<Buffer>,
    /// The kernels, the variant with most features first.
    pub variants: Vec<GpuVariant>,
    /// The parts that are Wasm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub islands: Vec<Island>,
}

impl GpuProgram {
    /// The number of the buffer of the weights, if there are any.
    pub fn weights_buffer(&self) -> Option<usize> {
        self.buffers.iter().position(|b| b.role == Role::Weights)
    }

    /// The number of the buffer that holds an input.
    pub fn input_buffer(&self, input: usize) -> Option<usize> {
        self.buffers.iter().position(|b| matches!(b.role, Role::Input | Role::Image) && b.index == Some(input))
    }

    /// The number of the buffer that holds an output; `states` are pairs of an output and the input whose buffer it has.
    pub fn output_buffer(&self, output: usize, states: &[(usize, usize)]) -> Option<usize> {
        match states.iter().find(|s| s.0 == output) {
            Some(&(_, input)) => self.input_buffer(input),
            None => self.buffers.iter().position(|b| b.role == Role::Output && b.index == Some(output)),
        }
    }

    /// How many open dims an island's `main` takes, by the island's name.
    pub fn island_symbols(&self, name: &str) -> usize {
        let steps = self.variants.iter().flat_map(|v| v.init.iter().chain(&v.main));
        let calls = steps.filter_map(|step| match step {
            Step::Island { island, symbols, .. } => Some((self.islands.get(*island)?, symbols.len())),
            Step::Dispatch { .. } => None,
        });
        calls.filter(|(island, _)| island.name == name).map(|(_, n)| n).next().unwrap_or_default()
    }

    /// Bytes of all buffers: weights, intermediate tensors, inputs and outputs.
    pub fn bytes(&self) -> u64 {
        self.buffers.iter().map(|b| b.bytes).sum()
    }

    /// The first variant that a device with these features can run; `None` if it can't run the program at all.
    pub fn variant(&self, has: impl Fn(&str) -> bool) -> Option<&GpuVariant> {
        let all = |features: &[String]| features.iter().all(|f| has(f));
        self.variants.iter().find(|v| all(&self.features) && all(&v.features))
    }
}
