//! `fold-scale`: a factor by output channel behind a convolution or matrix product goes into its weights.

use super::affine::Affine;
use super::rewrite::{constant, erase_dead, graph_ops, replace, shape_of};
use crate::pass::{PassCx, PassInfo};
use weft_dialects::ir::{Builder, Op, OpError, OpExt, Scalar, Tensor, Value, ValueExt};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "fold-scale",
    doc: "Multiplies constant weights by the constant factors that follow by output channel (batch normalisation).",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    for op in graph_ops(module) {
        if let Some(new) = fold(pcx, op) {
            replace(op, &[new]);
        }
    }
    erase_dead(module);
    Ok(())
}

/// For the generic behind the product: what replaces it.
fn fold<'c>(pcx: &PassCx<'c>, op: Op<'c>) -> Option<Value<'c>> {
    let affine = Affine::of(pcx.cx, op)?;
    let product = affine.x.def().filter(|&d| has_weights(d))?;
    let channel = shape_of(affine.x).len() - 1;
    let scale = affine.scale.as_ref()?;
    if !scale.dims.iter().all(|&d| d == channel) {
        pcx.remark(op, "the factor is not folded into the weights: it varies along more than the channels");
        return None;
    }
    if !affine.x.has_one_use() {
        pcx.remark(op, "the factor is not folded into the weights: the unscaled value is used too");
        return None;
    }
    let weights = constant(pcx.cx, product.arg(1))?;
    if !product.arg(1).has_one_use() {
        pcx.remark(op, "the factor is not folded into the weights: they have other users");
        return None;
    }
    let b = Builder::before(pcx.cx, product);
    let scaled = scaled(&weights, &scale.values);
    let new = b.clone_op(product, &[product.arg(0), b.tensor(&scaled)]).res(0);
    let rest = Affine { x: new, scale: None, shift: affine.shift.clone() };
    if rest.shift.is_none() { Some(new) } else { rest.build(&Builder::before(pcx.cx, op)) }
}

/// Ops whose right side's last dim is the output channel.
fn has_weights(op: Op<'_>) -> bool {
    let plain = op.int("panel").unwrap_or(0) == 0;
    plain && matches!(op.op_name().as_str(), "nn.conv2d" | "nn.depthwise_conv2d" | "nn.matmul")
}

/// Weights times a factor for each index of their last dim.
fn scaled(weights: &Tensor, by: &[f64]) -> Tensor {
    let values = weights.scalars().enumerate().map(|(i, w)| Scalar::F(w.f64() * by[i % by.len()]));
    Tensor::from_scalars(weights.elem, &weights.shape, values)
}
