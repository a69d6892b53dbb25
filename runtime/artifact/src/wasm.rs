//! The part of an artifact that runs on the processor: Wasm modules, their weights and their memory.

use crate::{MemoryMap, Region};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which instructions a module uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// Relaxed SIMD: fused multiply-add and the fast 8-bit dot product.
    Relaxed,
    /// 128-bit SIMD only.
    Simd,
}

impl Variant {
    /// Both, the faster first.
    pub const ALL: [Variant; 2] = [Variant::Relaxed, Variant::Simd];

    /// The name in the manifest and in options.
    pub const fn name(self) -> &'static str {
        match self {
            Variant::Relaxed => "relaxed",
            Variant::Simd => "simd",
        }
    }

    /// The module's file name.
    pub const fn file(self) -> &'static str {
        match self {
            Variant::Relaxed => "model.relaxed.wasm",
            Variant::Simd => "model.simd.wasm",
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One module of the artifact. Modules differ in instructions only, never in interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// Which instructions it uses.
    pub name: Variant,
    /// Its file, in the artifact's folder.
    pub file: String,
    /// The file's size.
    pub bytes: u64,
    /// The file's SHA-256, hexadecimal.
    pub sha256: String,
}

/// The packed weights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// Their file, in the artifact's folder; `null` if each module brings them as a data segment.
    pub file: Option<String>,
    /// Where they lie in memory.
    #[serde(flatten)]
    pub region: Region,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
}

/// A module's memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// Its size, in pages of 64 KiB.
    pub pages: u32,
    /// Where intermediate tensors lie.
    pub arena: Region,
    /// Bytes at the arena's front that the modules' `init` fills once, when the weights are in place, and that every run
    /// reads. If it is 0, there is no `init`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub prepared: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// Modules with everything that a host needs to run them, for a model or a part of one. Its tensors' names, types and shapes
/// stand beside it: `main` takes the addresses of weights, arena, inputs and outputs, then the open dims' values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WasmProgram {
    /// The modules, the faster first.
    pub variants: Vec<Module>,
    /// The packed weights.
    pub weights: Weights,
    /// The modules' memory.
    pub memory: Memory,
    /// Where each input lies: little endian, contiguous, row-major.
    pub inputs: Vec<Region>,
    /// Where each output lies; a state's is its input's place.
    pub outputs: Vec<Region>,
}

impl WasmProgram {
    /// The memory map that the fields record; `states` are pairs of an output and the input whose place it has.
    pub fn memory_map(&self, states: &[(usize, usize)]) -> MemoryMap {
        MemoryMap {
            weights: self.weights.region,
            arena: self.memory.arena,
            inputs: self.inputs.clone(),
            outputs: self.outputs.clone(),
            states: states.to_vec(),
            pages: self.memory.pages,
        }
    }

    /// The module of this variant, if there is one.
    pub fn module(&self, variant: Variant) -> Option<&Module> {
        self.variants.iter().find(|module| module.name == variant)
    }
}
