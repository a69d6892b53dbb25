//! `conv-to-matmul`: a convolution that looks at one position at a time is a matrix product over all positions.
//!
//! With a stride, over those that it looks at, picked by a slice: one copy, which the product's rows, tiled over the whole
//! image instead of line by line, win back several times.

use super::rewrite::{graph_ops, replace, shape_of};
use crate::pass::{PassCx, PassInfo};
use weft_dialects::ir::{Builder, Op, OpError, OpExt, TensorTy, ValueExt, extent, is_view};
use weft_dialects::nn::conv2d::Conv2d;
use weft_dialects::nn::matmul::Matmul;

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "conv-to-matmul",
    doc: "Makes 1x1 convolutions without padding and groups matrix products of collapsed shapes.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    for conv in graph_ops(module).into_iter().filter_map(Conv2d::from_op).filter(|c| is_pointwise(*c)) {
        let b = Builder::before(pcx.cx, conv.0);
        let (m, [n, _, _, c]) = (conv.channels(), extents(conv));
        let [_, h, w, _]: [i64; 4] = shape_of(conv.0.res(0)).try_into().unwrap_or_default();
        let Some(elem) = conv.x().tensor_ty().map(|t| t.elem) else { continue };
        // All positions are rows; a dim that is left open takes no dims before it along, and those are a batch.
        let splits = [(vec![], vec![n, h, w]), (vec![n], vec![h, w]), (vec![n, h], vec![w])];
        let rows = splits.iter().find_map(|(batch, rows)| {
            let shape = [extent::product(batch)?, extent::product(rows)?, c];
            is_view(&[n, h, w, c], &shape).then_some(shape)
        });
        let Some(shape @ [batch, rows, _]) = rows else { continue };
        let picked = b.extract_slice(conv.x(), &[0; 4], &[n, h, w, c], &[&[1][..], &conv.strides(), &[1]].concat());
        let x = b.reshape(picked, &shape);
        let weights = b.reshape(conv.w(), &[1, c, m]);
        let ty = TensorTy::new(elem, &[batch, rows, m]).to_mlir(pcx.cx);
        let y = Matmul::build(&b, x, weights, m, 0, &[ty]);
        let y = b.reshape(y.res(0), &[n, h, w, m]);
        replace(conv.0, &[y]);
    }
    Ok(())
}

fn extents(conv: Conv2d<'_>) -> [i64; 4] {
    shape_of(conv.x()).try_into().unwrap_or_default()
}

fn is_pointwise(conv: Conv2d<'_>) -> bool {
    conv.kernel() == [1, 1]
        // A copy for few products isn't won back.
        && (conv.strides() == [1, 1] || conv.channels() >= 16)
        && conv.pads() == [0; 4]
        && conv.groups() == 1
        && conv.panel() == 0
        && extents(conv).iter().all(|&n| n > 0 || extent::is_symbolic(n))
}
