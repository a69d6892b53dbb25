//! Counting arithmetic: what a run of the model multiplies and adds.

use std::collections::HashMap;
use weft_dialects::ir::{AttrExt, Op, OpExt, Symbols, ValueExt, walk_ops};

/// Floating-point operations of one run: two a multiply-add of convolutions and matrix products. Elementwise work
/// isn't counted, as in the literature's figures. Dims that are left open count with their bound.
pub fn of_calls(main: Op<'_>, kernels: &[Op<'_>]) -> i64 {
    let symbols = Symbols::of(main);
    let each: HashMap<String, i64> = kernels
        .iter()
        .map(|k| {
            (k.string("sym_name").unwrap_or_default(), walk_ops(*k).into_iter().map(|op| of_op(op, &symbols)).sum())
        })
        .collect();
    walk_ops(main)
        .into_iter()
        .filter(|o| o.op_name() == "func.call")
        .map(|call| {
            each.get(call.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default()).copied().unwrap_or(0)
        })
        .sum()
}

/// Of one op.
pub fn of_op(op: Op<'_>, symbols: &Symbols) -> i64 {
    let shape = |v: weft_dialects::ir::Value<'_>| v.tensor_ty().map(|t| t.bound(symbols).shape).unwrap_or_default();
    let points = |op: Op<'_>| shape(op.res(0)).iter().product::<i64>();
    match op.op_name().as_str() {
        "nn.matmul" => 2 * points(op) * shape(op.arg(0)).last().copied().unwrap_or(0),
        "nn.conv2d" => {
            let kernel: i64 = op.ints("kernel").unwrap_or_default().iter().product();
            let channels = shape(op.arg(0)).last().copied().unwrap_or(0);
            2 * points(op) * kernel * channels / op.int("groups").unwrap_or(1).max(1)
        }
        // The arithmetic of the convolution that it computes, not of the algorithm.
        "nn.winograd_conv2d" => 2 * points(op) * 9 * shape(op.arg(0)).last().copied().unwrap_or(0),
        "nn.depthwise_conv2d" => 2 * points(op) * shape(op.arg(1))[..2].iter().product::<i64>(),
        // Every step multiplies the state by the recurrent weights: `T B G H` sums over `H`.
        "nn.lstm" | "nn.gru" | "nn.rnn" => 2 * shape(op.arg(0)).iter().product::<i64>() * shape(op.arg(2))[1],
        _ => 0,
    }
}
