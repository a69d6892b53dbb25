//! Weft's dialects and the MLIR binding that every other crate builds on.
//!
//! * [`ir`] is the boundary to MLIR: contexts, builders, attributes, constants, text. All `unsafe` of the
//!   compiler's IR handling is in there.
//! * [`decl`] turns one declaration of an op into its IRDL registration, typed view, purity and documentation.
//! * [`nn`] holds the operations of the graph level, [`wasm`] those of the machine level.

pub mod decl;
pub mod eval;
pub mod ir;
pub mod nn;
#[cfg(test)]
mod reference_test;
pub mod wasm;

/// Every op of ours, in the order of the reference: the single list behind registration, purity and docs.
pub fn all_ops() -> Vec<&'static decl::OpDecl> {
    nn::OPS.iter().copied().chain(wasm::ops().iter()).collect()
}

/// Whether an op has no effect but its results, so that CSE and DCE may touch it. Upstream ops are listed by
/// dialect; ours say so in their declaration.
pub fn is_pure(name: &str) -> bool {
    if let Some(decl) = decl::lookup(name) {
        return decl.pure;
    }
    let dialect = name.split('.').next().unwrap_or_default();
    match dialect {
        "arith" | "math" | "tensor" => true,
        "linalg" => name == "linalg.generic",
        "vector" => !matches!(
            name,
            "vector.load" | "vector.store" | "vector.transfer_read" | "vector.transfer_write" | "vector.print"
        ),
        "memref" => is_memref_view(name),
        // Import-level ops are pure but for the random generators, which legalisation refuses.
        "onnx" => !name.contains("Random") && name != "onnx.Bernoulli" && name != "onnx.Multinomial",
        _ => false,
    }
}

/// Ops that only name a place in a buffer: no data moves.
pub fn is_memref_view(name: &str) -> bool {
    matches!(
        name,
        "memref.view"
            | "memref.subview"
            | "memref.reinterpret_cast"
            | "memref.cast"
            | "memref.collapse_shape"
            | "memref.expand_shape"
    )
}
