//! `winograd`: 3x3 convolutions of stride 1 become Winograd's algorithm where the target's cost model says that it pays.
//!
//! The transformed weights are four times the weights (1.78 times for tiles of 2), so that `hoist-init` has them made when
//! the model is loaded.

use super::rewrite::{graph_ops, made_of_constants, replace, shape_of};
use crate::pass::{PassCx, PassInfo};
use crate::target::Target;
use crate::target::winograd::Conv3x3;
use weft_dialects::ir::{Builder, Cx, Elem, Op, OpError, OpExt, Scalar, TensorTy, ValueExt};
use weft_dialects::nn;
use weft_dialects::nn::conv2d::Conv2d;
use weft_dialects::nn::pack::Pack;
use weft_dialects::nn::winograd::{F2, F4};
use weft_dialects::nn::winograd_conv2d::{Extents, WinogradConv2d};
use weft_dialects::nn::winograd_weights::WinogradWeights;

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "winograd",
    doc: "Makes 3x3 convolutions of stride 1 with constant weights Winograd's, where that is faster.",
    options: &[("tile", "2 or 4: that tile wherever it is possible, whether it pays or not")],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let (cx, target) = (pcx.cx, Target::of(module));
    if !target.winograd {
        return Ok(());
    }
    let forced = pcx.option("tile").map(|t| if t == "2" { &F2 } else { &F4 });
    for conv in graph_ops(module).into_iter().filter_map(Conv2d::from_op) {
        let Some(shape) = candidate(conv, target) else { continue };
        let Some(winograd) = forced.or_else(|| target.winograd(&shape)) else { continue };
        let &[top, left, ..] = &conv.pads()[..] else { continue };
        let x = shape_of(conv.x());
        let b = Builder::before(cx, conv.0);
        let (m, output) = (winograd.tile, shape.output);
        let tiles = output.map(|n| (n + m - 1) / m);
        // Whole tiles: the last one may reach beyond what the convolution reads.
        let [bottom, right] = [0, 1].map(|i| tiles[i] * m + 2 - [top, left][i] - x[i + 1]);
        let block = target.winograd_block(&shape, winograd);
        let extents = Extents { images: x[0], c: shape.c, m: shape.m, panel: target.panel, output, tiles, block };
        let scratch = TensorTy::new(Elem::F32, &[extents.scratch(winograd)]);
        let ty = conv.0.res(0).ty();
        let built = (|| {
            let matrix = b.reshape(conv.w(), &[1, 9 * shape.c, shape.m]);
            let packed = typed(cx, Pack::build(&b, matrix, target.panel, &[matrix.ty()]))?;
            let u = typed(cx, WinogradWeights::build(&b, packed.res(0), m, &[matrix.ty()]))?;
            let x = b.pad(conv.x(), &[0, top, left, 0], &[0, bottom, right, 0], Scalar::F(0.0));
            typed(cx, WinogradConv2d::build(&b, x, u.res(0), b.empty(&scratch), m, &output, shape.m, &block, &[ty]))
        })();
        replace(conv.0, &built.map_err(|e| vec![e])?.ress());
    }
    Ok(())
}

/// The op, its result's type being what the shape rule says.
fn typed<'c>(cx: Cx<'c>, op: Op<'c>) -> Result<Op<'c>, OpError> {
    let ty = nn::infer(op)?;
    op.res(0).retype(ty.to_mlir(cx));
    Ok(op)
}

/// The extents of a convolution that the algorithm can compute.
fn candidate(conv: Conv2d<'_>, target: &Target) -> Option<Conv3x3> {
    let x = conv.x().tensor_ty().filter(|t| t.elem == Elem::F32 && t.is_static())?;
    let y = conv.0.res(0).tensor_ty()?;
    let fits = conv.kernel() == [3, 3]
        && conv.strides() == [1, 1]
        && conv.dilations() == [1, 1]
        && conv.groups() == 1
        && conv.panel() == 0
        && made_of_constants(conv.w());
    let (c, m) = (x.shape[3], conv.channels());
    let whole = c % target.vector_lanes == 0 && m % target.vector_lanes == 0 && !y.is_empty();
    (fits && whole).then_some(Conv3x3 { images: x.shape[0], output: [y.shape[1], y.shape[2]], c, m })
}
