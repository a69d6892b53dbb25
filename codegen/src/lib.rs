//! MLIR to bytes: Wasm, native code, packages.

pub mod link;
pub mod native;
pub mod package;
pub mod wasm;
