//! Foreign model formats to MLIR at the import level: one module a format.
//!
//! The import level holds what the file says, one op a source node, and nothing that this compiler decided:
//! `onnx.*` ops of the opaque type `!onnx.value`, node names as locations, subgraphs as regions, constants as
//! blobs that stay in the mapped file. Files are untrusted input: whatever is in them, an import ends in a
//! module or in an [`onnx::ImportError`] that lists every problem found.

pub mod onnx;
