//! The MLIR boundary: everything that touches raw handles.
//!
//! Handles are melior's, with both lifetimes set to the context's: as in MLIR itself, erasing an op ends the
//! life of its results, and that is the pass author's business ([`OpExt::erase`] checks for remaining uses).
#![allow(unsafe_code)] // The boundary: each block says why it is sound.

mod affine;
mod attr;
mod blob;
mod build;
mod context;
pub mod extent;
mod generic;
mod nested;
mod passes;
mod tensor;
mod tensor_ops;
#[cfg(test)]
mod tests;
mod text;
mod ty;
mod walk;

pub use affine::{LinExpr, Map, extents_attr, extents_of};
pub use attr::AttrExt;
pub use blob::{Blob, BlobStore, canonical_key, map_file};
pub use build::{Builder, GenericSpec};
pub use context::{Cx, Session};
pub use extent::{Count, Symbols};
pub use generic::Generic;
pub use nested::{attach_module, clone_module, detach_module};
pub use passes::{add_upstream_pass, handle, register_upstream_passes};
pub use tensor::{Elem, Scalar, Tensor, strides as row_major};
pub use tensor_ops::{extents_list, is_view};
pub use text::{TextError, load, module_op, parse, pin_blobs, print, print_bare, retain_blobs, save};
pub use ty::{DYNAMIC, MemRefTy, TensorTy, VectorTy, elem_of, is_index_type, is_memref_type};
pub use walk::{OpExt, ValueExt, block_arg, block_ops, funcs, walk_ops};

pub use melior::Context;
pub use melior::ir::attribute::AttributeLike;
pub use melior::ir::block::BlockLike;
pub use melior::ir::operation::OperationLike;
pub use melior::ir::r#type::TypeLike;
pub use melior::ir::{Location, Module, RegionLike, Type, ValueLike};

/// A handle to an attribute.
pub type Attribute<'c> = melior::ir::Attribute<'c>;
/// A handle to an operation in a module.
pub type Op<'c> = melior::ir::operation::OperationRef<'c, 'c>;
/// A handle to an SSA value.
pub type Value<'c> = melior::ir::Value<'c, 'c>;
/// A handle to a block.
pub type Block<'c> = melior::ir::BlockRef<'c, 'c>;

/// A failure that concerns one op: what is wrong, and where in the user's model.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("{op}{}: {message}", if .node.is_empty() { String::new() } else { format!(" '{}'", .node) })]
pub struct OpError {
    /// The op's name, e.g. `nn.conv2d` or `onnx.Conv`.
    pub op: String,
    /// The source node's name, from the location; empty when unknown.
    pub node: String,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl OpError {
    /// An error about `op`.
    pub fn new(op: Op<'_>, message: impl Into<String>) -> Self {
        Self { op: op.op_name(), node: op.node_name(), message: message.into() }
    }
}
