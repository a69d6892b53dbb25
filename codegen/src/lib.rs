//! MLIR to bytes: Wasm, native code, packages.

pub mod package;
