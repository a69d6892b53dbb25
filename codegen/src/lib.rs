//! MLIR to bytes: Wasm, WGSL, native code, packages.

pub mod link;
pub mod native;
pub mod package;
pub mod wasm;
pub mod wgsl;
