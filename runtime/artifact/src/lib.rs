//! What a compiled model is on disk and in memory: the folder's files, the manifest, and the programs for processor and GPU.
//!
//! Compiler and host both depend on this crate, so that what one writes is what the other reads. It knows no MLIR and no engine.
//!
//! - [`Manifest`]: `manifest.json`, read and checked by [`Manifest::read`].
//! - [`WasmProgram`] and its [`MemoryMap`]: modules, and where weights, arena, inputs and outputs lie in their memory.
//! - [`GpuProgram`]: WGSL kernels, buffers, and the dispatches of a run.
//! - [`Dtype`]: element types of the signature, with sizes and the JavaScript arrays that hold them.
//! - [`open`]: dims that are left open until the model runs.
//! - [`file`]: the names of the files.

mod check;
mod dtype;
mod gpu;
mod hash;
mod manifest;
mod memory;
pub mod open;
mod wasm;

pub use dtype::{Dtype, UnknownDtype};
pub use gpu::{
    Access, Binding, Buffer, GPU_ALIGN, GpuProgram, GpuVariant, GpuWeights, Island, Kernels, Limits, Pipeline,
    Precision, Role, Step,
};
pub use hash::sha256_hex;
pub use manifest::{Device, FORMAT, Image, Manifest, ManifestError, State, Stats, TensorSpec};
pub use memory::{ALIGN, BASE, MAX_END, MemoryMap, PAGE, Region, TooLarge};
pub use wasm::{Memory, Module, Variant, WasmProgram, Weights};

/// Names of an artifact's files; [`Variant::file`] names the modules.
pub mod file {
    use super::{Precision, Variant};

    /// The manifest: signature, programs, sizes, hashes, statistics.
    pub const MANIFEST: &str = "manifest.json";
    /// Packed weights, loaded at the memory map's first region. Absent if the modules hold them as a data segment.
    pub const WEIGHTS: &str = "weights.bin";
    /// The ES module that loads and runs the model.
    pub const SCRIPT: &str = "index.js";
    /// Its types: this model's names, element types and shapes.
    pub const TYPES: &str = "index.d.ts";
    /// What distinguishes the kernels for devices with a feature, in the file's name.
    const FEATURES: [&str; 2] = ["", ".subgroups"];

    /// A GPU program as JSON, as the scripts load it: what the manifest says of it.
    pub fn program(precision: Precision) -> String {
        format!("{}.json", precision.stem())
    }

    /// A GPU program's packed weights.
    pub fn gpu_weights(precision: Precision) -> String {
        format!("{}.weights.bin", precision.stem())
    }

    /// The kernels of a GPU program's variant, which needs these features beside the program's.
    pub fn kernels(precision: Precision, features: &[String]) -> String {
        format!("{}{}.wgsl", precision.stem(), features.iter().map(|f| format!(".{f}")).collect::<String>())
    }

    /// A module of an island.
    pub fn island(precision: Precision, island: usize, variant: Variant) -> String {
        format!("{}.island{island}.{variant}.wasm", precision.stem())
    }

    /// The packed weights of an island.
    pub fn island_weights(precision: Precision, island: usize) -> String {
        format!("{}.island{island}.weights.bin", precision.stem())
    }

    /// Whether a file of an artifact can have this name.
    pub fn is_ours(name: &str) -> bool {
        if [MANIFEST, WEIGHTS, SCRIPT, TYPES].contains(&name) || Variant::ALL.iter().any(|v| v.file() == name) {
            return true;
        }
        Precision::ALL.into_iter().any(|precision| {
            let kernels = |suffix: &&str| name == format!("{}{suffix}.wgsl", precision.stem());
            name == program(precision)
                || name == gpu_weights(precision)
                || FEATURES.iter().any(kernels)
                || island_of(name, precision).is_some_and(|i| {
                    name == island_weights(precision, i)
                        || Variant::ALL.iter().any(|&v| name == island(precision, i, v))
                })
        })
    }

    /// The number in an island's file's name.
    fn island_of(name: &str, precision: Precision) -> Option<usize> {
        name.strip_prefix(precision.stem())?.strip_prefix(".island")?.split('.').next()?.parse().ok()
    }
}
