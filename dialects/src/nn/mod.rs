//! `nn`: the graph level's operations that deserve an algorithm of their own. Everything elementwise, broadcast,
//! reduced, transposed, sliced or concatenated is upstream `linalg.generic`, `tensor`, `arith` and `math`.
//!
//! Each op's file holds its declaration, its shape rule and its reference evaluation.

pub mod avg_pool2d;
mod combine;
pub mod conv2d;
pub mod cumulative;
pub mod depthwise_conv2d;
pub mod extent;
pub mod gru;
pub mod layer_norm;
pub mod lstm;
pub mod matmul;
pub mod max_pool2d;
pub mod non_max_suppression;
pub mod pack;
pub mod recurrent;
pub mod rnn;
pub mod scatter;
pub mod softmax;
pub mod top_k;
mod window;
pub mod winograd;
pub mod winograd_conv2d;
pub mod winograd_weights;

use crate::decl::OpDecl;
use crate::ir::{Elem, Op, OpError, OpExt, Tensor, TensorTy, ValueExt};

pub use combine::Combine;
pub use window::Window;

/// All declarations, in the order of the reference.
pub const OPS: &[&OpDecl] = &[
    &conv2d::DECL,
    &depthwise_conv2d::DECL,
    &winograd_conv2d::DECL,
    &winograd_weights::DECL,
    &matmul::DECL,
    &pack::DECL,
    &max_pool2d::DECL,
    &avg_pool2d::DECL,
    &softmax::DECL,
    &layer_norm::DECL,
    &scatter::DECL,
    &cumulative::DECL,
    &top_k::DECL,
    &non_max_suppression::DECL,
    &extent::DECL,
    &lstm::DECL,
    &gru::DECL,
    &rnn::DECL,
];

/// The result type that an op's shape rule gives.
///
/// # Errors
/// When operand shapes contradict each other or the attributes.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let rule = match op.op_name().as_str() {
        "nn.conv2d" => conv2d::infer,
        "nn.depthwise_conv2d" => depthwise_conv2d::infer,
        "nn.winograd_conv2d" => winograd_conv2d::infer,
        "nn.winograd_weights" => winograd_weights::infer,
        "nn.matmul" => matmul::infer,
        "nn.pack" => pack::infer,
        "nn.max_pool2d" => max_pool2d::infer,
        "nn.avg_pool2d" => avg_pool2d::infer,
        "nn.softmax" => softmax::infer,
        "nn.lstm" => lstm::infer,
        "nn.gru" => gru::infer,
        "nn.rnn" => rnn::infer,
        "nn.layer_norm" => layer_norm::infer,
        "nn.scatter" => scatter::infer,
        "nn.cumulative" => cumulative::infer,
        "nn.top_k" => top_k::infer,
        "nn.non_max_suppression" => non_max_suppression::infer,
        other => return Err(OpError::new(op, format!("no shape rule for {other}"))),
    };
    rule(op)
}

/// The op's value for given operands, computed plainly: the oracle of tests, and what folding uses.
///
/// # Errors
/// When the op is unknown or its shapes don't fit.
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let eval = match op.op_name().as_str() {
        "nn.conv2d" => conv2d::eval,
        "nn.depthwise_conv2d" => depthwise_conv2d::eval,
        "nn.winograd_conv2d" => winograd_conv2d::eval,
        "nn.winograd_weights" => winograd_weights::eval,
        "nn.matmul" => matmul::eval,
        "nn.pack" => pack::eval,
        "nn.max_pool2d" => max_pool2d::eval,
        "nn.avg_pool2d" => avg_pool2d::eval,
        "nn.softmax" => softmax::eval,
        "nn.lstm" => lstm::eval,
        "nn.gru" => gru::eval,
        "nn.rnn" => rnn::eval,
        "nn.layer_norm" => layer_norm::eval,
        "nn.scatter" => scatter::eval,
        "nn.cumulative" => cumulative::eval,
        "nn.top_k" => top_k::eval,
        "nn.non_max_suppression" => non_max_suppression::eval,
        other => return Err(OpError::new(op, format!("no reference evaluation for {other}"))),
    };
    eval(op, args)
}

/// The element type of a product of operands of `elem`: f16 operands may leave their sums in f32, if the result says so.
pub(crate) fn sum_elem(op: Op<'_>, elem: Elem) -> Elem {
    let said = op.ress().first().and_then(|r| r.tensor_ty()).map(|t| t.elem);
    if elem == Elem::F16 && said == Some(Elem::F32) { Elem::F32 } else { elem }
}

/// The shape of operand `i`, tensor or memref.
pub(crate) fn shape_of(op: Op<'_>, i: usize) -> Result<TensorTy, OpError> {
    use crate::ir::ValueExt;
    let v = op.arg(i);
    v.tensor_ty()
        .or_else(|| v.memref_ty().map(|m| TensorTy::new(m.elem, &m.shape)))
        .ok_or_else(|| OpError::new(op, format!("operand {i} is no tensor but {}", v.ty())))
}
