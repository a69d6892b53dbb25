//! The target model: what layout, fusion, planning and scheduling ask instead of naming a target.

pub mod winograd;

use weft_dialects::ir::{Op, OpExt};

/// What a target can do, and how kernels should be shaped for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its name in `weft.target`.
    pub name: &'static str,
    /// f32 lanes of a vector.
    pub vector_lanes: i64,
    /// Vectors that may be live in a loop before V8 spills.
    pub vector_registers: i64,
    /// Whether a contracted product-sum is one instruction.
    pub fma: bool,
    /// Columns of a weight panel. Common to all Wasm variants, so that they share one packing.
    pub panel: i64,
    /// Alignment of planned buffers, bytes.
    pub buffer_align: i64,
    /// L2 bytes that a GEMM's left side may fill before its rows are blocked.
    pub l2_bytes: i64,
    /// L1 bytes, which a panel of the right side should leave room in.
    pub l1_bytes: i64,
}

/// Wasm with relaxed SIMD. Measured on V8: 15 vectors are usable; 12 accumulators, 2 of B and one splat make 6x8.
pub const WASM_RELAXED: Target = Target {
    name: "wasm-relaxed",
    vector_lanes: 4,
    vector_registers: 15,
    fma: true,
    panel: 8,
    buffer_align: 64,
    l2_bytes: 512 * 1024,
    l1_bytes: 32 * 1024,
};

/// Wasm with plain SIMD: the product needs a register of its own, so tiles have a row less.
pub const WASM_SIMD: Target = Target { name: "wasm-simd", fma: false, ..WASM_RELAXED };

/// All targets.
pub const TARGETS: [&Target; 2] = [&WASM_RELAXED, &WASM_SIMD];

impl Target {
    /// By name.
    pub fn find(name: &str) -> Option<&'static Target> {
        TARGETS.into_iter().find(|t| t.name == name)
    }

    /// The target of a module (`weft.target`); before the fork, what all Wasm variants share.
    pub fn of(module: Op<'_>) -> &'static Target {
        module.string("weft.target").and_then(|n| Target::find(&n)).unwrap_or(&WASM_RELAXED)
    }

    /// The most rows of a GEMM tile whose width is one panel: accumulators, one row of B, one of A and, without
    /// FMA, a product must be live at once.
    pub fn gemm_rows(&self) -> i64 {
        let wide = self.panel / self.vector_lanes;
        (self.vector_registers - wide - 1 - i64::from(!self.fma)) / wide
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_fit_the_registers() {
        assert_eq!(WASM_RELAXED.gemm_rows(), 6);
        assert_eq!(WASM_SIMD.gemm_rows(), 5);
    }
}
