//! Models on a GPU, through wgpu: Vulkan, Metal or Direct3D 12.
//!
//! What the browser's runtime does with WebGPU is done here with the same kernels, buffers and steps: one submission a run, unless
//! a part of the model is Wasm.

mod adapter;
mod build;
mod machine;

pub(crate) use machine::GpuMachine;
pub use weft_artifact::Precision;

/// Which GPU, and what of the model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GpuOptions {
    /// A part of the adapter's name, driver or interface, in any case: `nvidia`, `llvmpipe`, `metal`. Without one it is the first
    /// discrete GPU, else an integrated one, else whatever computes like a GPU.
    pub adapter: Option<String>,
    /// The precision; the first that the artifact has and the adapter can compute with if `None`.
    pub precision: Option<Precision>,
}

/// What a session runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpuInfo {
    /// The adapter's name, with driver and interface.
    pub adapter: String,
    /// What it computes with.
    pub precision: Precision,
    /// Optional features that are used, by WebGPU's names.
    pub features: Vec<String>,
    /// Parts of the model that run as Wasm: name and reason.
    pub islands: Vec<(String, String)>,
}
