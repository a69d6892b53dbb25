//! What a compiled model is on disk and in memory: the folder's files, the manifest, and the map of the module's linear memory.
//!
//! Compiler and host both depend on this crate, so that what one writes is what the other reads. It knows no MLIR and no Wasm engine.
//!
//! - [`Manifest`]: `manifest.json`, read and checked by [`Manifest::read`].
//! - [`MemoryMap`]: where weights, arena, inputs and outputs lie; computed once, at compile time.
//! - [`Dtype`]: element types of the signature, with sizes and the JavaScript arrays that hold them.
//! - [`open`]: dims that are left open until the model runs.
//! - [`file`]: the names of the files.

mod check;
mod dtype;
mod hash;
mod manifest;
mod memory;
pub mod open;

pub use dtype::{Dtype, UnknownDtype};
pub use hash::sha256_hex;
pub use manifest::{
    FORMAT, Manifest, ManifestError, Memory, Module, State, Stats, TensorEntry, TensorSpec, Variant, Weights,
};
pub use memory::{ALIGN, BASE, MAX_END, MemoryMap, PAGE, Region, TooLarge};

/// Names of an artifact's files; [`Variant::file`] names the modules.
pub mod file {
    /// The manifest: signature, memory, sizes, hashes, statistics.
    pub const MANIFEST: &str = "manifest.json";
    /// Packed weights, loaded at the memory map's first region. Absent if the modules hold them as a data segment.
    pub const WEIGHTS: &str = "weights.bin";
    /// The ES module that loads and runs the model.
    pub const SCRIPT: &str = "index.js";
    /// Its types: this model's names, element types and shapes.
    pub const TYPES: &str = "index.d.ts";
    /// Every name that a file of an artifact can have.
    pub const ALL: [&str; 6] =
        [super::Variant::Relaxed.file(), super::Variant::Simd.file(), MANIFEST, WEIGHTS, SCRIPT, TYPES];
}
