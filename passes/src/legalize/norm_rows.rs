//! Hardmax, LpNormalization, LRN, MeanVarianceNormalization.

use super::node::{Node, Outputs, Reason, Typed, invalid, number};
use super::softmax::by_rows;
use super::terms::position;
use super::{activation, reduce};
use weft_dialects::ir::{Elem, Scalar, ValueExt};
use weft_dialects::nn::avg_pool2d::AvgPool2d;

/// Hardmax (1, 11, 13): 1 at the first of the greatest elements of a row, else 0; rows as in Softmax.
pub fn hardmax<'c>(node: &Node<'c>) -> Outputs<'c> {
    by_rows(node, |x| {
        let shape = x.shape();
        let i32_type = super::dtype::Dtype::of(Elem::I32);
        let top = reduce::maximum(node, x, &[1])?;
        let at = node.map_to(&shape, &[x, top], i32_type, |b, v| {
            b.select(b.compare("oeq", v[0], v[1]), position(b, 1), b.i32(i64::from(i32::MAX)))
        })?;
        let first =
            node.b.reduce(at.value, &[1], Scalar::I(i64::from(i32::MAX)), |b, v, acc| b.binary("arith.minsi", acc, v));
        let first = node.reshaped(at.with(first), &[shape[0], 1])?;
        node.map_to(&shape, &[first], x.dtype, |b, v| {
            let [zero, one] = [0.0, 1.0].map(|n| b.scalar(x.dtype.elem, number(x.dtype.elem, n)));
            b.select(b.compare("eq", v[0], position(b, 1)), one, zero)
        })
    })
}

/// LpNormalization (1, 22): each row along `axis` over its norm, of absolute values or of squares; rows of norm 0 stay 0.
pub fn lp_normalization<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let axis = node.axis(node.int_or("axis", -1)?, x.rank())?;
    let norm = match node.int_or("p", 2)? {
        1 => reduce::sum(node, activation::magnitude(node, x)?, &[axis])?,
        2 => node.op1("math.sqrt", reduce::sum(node, node.op2("arith.mulf", x, x)?, &[axis])?)?,
        p => return invalid(format!("p = {p}")),
    };
    let y = node.map(&[x, norm], x.dtype, |b, v| {
        let zero = b.scalar(x.dtype.elem, Scalar::F(0.0));
        b.select(b.compare("oeq", v[1], zero), zero, b.binary("arith.divf", v[0], v[1]))
    })?;
    Ok(vec![y])
}

/// LRN (1, 13): `x / (bias + alpha / size * sum of squares of neighbouring channels)^beta`.
pub fn lrn<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let shape = x.shape();
    if shape.len() < 3 {
        return invalid(format!("the input is {shape:?}, but needs N, C and spatial dims"));
    }
    let size = match node.int("size")? {
        Some(n) if (1..1 << 20).contains(&n) => n,
        n => return invalid(format!("size = {n:?}")),
    };
    let (alpha, beta, bias) =
        (node.float_or("alpha", 1e-4)?, node.float_or("beta", 0.75)?, node.float_or("bias", 1.0)?);
    // Channels are the rows of a window one column wide, so nothing is transposed; all its positions count.
    let spatial: i64 = shape[2..].iter().product();
    let squares = node.reshaped(node.op2("arith.mulf", x, x)?, &[shape[0], shape[1], 1, spatial])?;
    let before = (size - 1) / 2;
    let pads = [before, 0, size - 1 - before, 0];
    let ty = [squares.value.ty()];
    let op = AvgPool2d::build(&node.b, squares.value, &[size, 1], &[1, 1], &[1, 1], &pads, &pads, &ty);
    let mean = node.reshaped(squares.with(node.inferred(op)?), &shape)?;
    let y = node.map(&[x, mean], x.dtype, |b, v| {
        let num = |n: f64| b.scalar(x.dtype.elem, Scalar::F(n));
        let base = b.binary("arith.addf", num(bias), b.binary("arith.mulf", num(alpha), v[1]));
        b.binary("arith.divf", v[0], b.binary("math.powf", base, num(beta)))
    })?;
    Ok(vec![y])
}

/// MeanVarianceNormalization (9, 13): `(x - mean) / (deviation + 1e-9)` over `axes`.
pub fn mean_variance<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let axes = node.ints("axes")?.unwrap_or_else(|| vec![0, 2, 3]);
    let dims = node.axes(&axes, x.rank())?;
    let centred = node.op2("arith.subf", x, reduce::mean(node, x, &dims)?)?;
    let variance = reduce::mean(node, node.op2("arith.mulf", centred, centred)?, &dims)?;
    let y = node.map(&[centred, variance], x.dtype, |b, v| {
        let least = b.scalar(x.dtype.elem, Scalar::F(1e-9));
        b.binary("arith.divf", v[0], b.binary("arith.addf", b.unary("math.sqrt", v[1]), least))
    })?;
    Ok(vec![y])
}

/// The mean and the variance over all dims but the channels, of BatchNormalization in training.
pub fn statistics<'c>(node: &Node<'c>, x: Typed<'c>) -> Result<[Typed<'c>; 2], Reason> {
    let shape = x.shape();
    let channels = shape.get(1).copied().unwrap_or(1);
    let dims: Vec<usize> = (0..shape.len()).filter(|&d| d != 1).collect();
    let mean = reduce::mean(node, x, &dims)?;
    let centred = node.op2("arith.subf", x, mean)?;
    let variance = reduce::mean(node, node.op2("arith.mulf", centred, centred)?, &dims)?;
    Ok([node.reshaped(mean, &[channels])?, node.reshaped(variance, &[channels])?])
}
