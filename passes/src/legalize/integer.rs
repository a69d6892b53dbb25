//! Products and convolutions of quantised numbers: MatMulInteger, ConvInteger, QLinearMatMul, QLinearConv. Zero points are
//! taken away first; sums are of 32 bits.

use super::cast::{convert, scalar};
use super::conv::{add_bias, convolution};
use super::dtype::Dtype;
use super::matmul::multiply;
use super::node::{Node, Outputs, Reason, Typed, invalid};
use super::quantize::{range, saturate};
use super::window::channels_first;
use weft_dialects::ir::Elem;

const F32: Dtype = Dtype::F32;
const I32: Dtype = Dtype::INT32;

/// Where a parameter of several numbers lies: on the rows of a matrix, its columns, or the first dim.
#[derive(Clone, Copy)]
enum Along {
    Rows,
    Columns,
    First,
}

/// Operand `i`, one number or one a position, to broadcast against `x`.
fn spread<'c>(node: &Node<'c>, i: usize, x: Typed<'c>, along: Along) -> Result<Option<Typed<'c>>, Reason> {
    let Some(p) = node.optional(i) else { return Ok(None) };
    let (shape, xs) = (p.shape(), x.shape());
    if p.len() == 1 {
        return Ok(Some(node.reshaped(p, &[])?));
    }
    let rank = xs.len();
    let mut wide = vec![1; rank];
    let at = match along {
        Along::Rows if rank >= 2 => rank - 2,
        Along::Columns if rank >= 2 => rank - 1,
        _ => 0,
    };
    wide[at] = xs[at];
    // One a matrix and row, or column, of a stack.
    let stacked = shape.len() == rank && (0..rank).all(|d| shape[d] == xs[d] || shape[d] == 1);
    if shape == [xs[at]] {
        Ok(Some(node.reshaped(p, &wide)?))
    } else if stacked {
        Ok(Some(p))
    } else {
        invalid(format!("input {i} is {shape:?}, which doesn't fit {xs:?}"))
    }
}

/// `x` less its zero point, in 32 bits.
fn centred<'c>(node: &Node<'c>, x: Typed<'c>, zero: Option<Typed<'c>>) -> Result<Typed<'c>, Reason> {
    if x.dtype.elem != Elem::I8 {
        return invalid(format!("element type {}", x.dtype.name()));
    }
    let Some(zero) = zero else { return convert(node, x, I32) };
    node.same_dtype(&[x, zero])?;
    node.map(&[x, zero], I32, |b, v| {
        b.binary("arith.subi", scalar(b, v[0], x.dtype, I32), scalar(b, v[1], x.dtype, I32))
    })
}

/// MatMulInteger (10): zero points are one number, or one a row of A and a column of B.
pub fn matmul<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    let a = centred(node, a, spread(node, 2, a, Along::Rows)?)?;
    let b = centred(node, b, spread(node, 3, b, Along::Columns)?)?;
    Ok(vec![multiply(node, a, b)?])
}

/// ConvInteger (10): x has one zero point, w one or one an output channel.
pub fn conv<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, w) = (node.input(0)?, node.input(1)?);
    let x = centred(node, x, spread(node, 2, x, Along::First)?)?;
    let w = centred(node, w, spread(node, 3, w, Along::First)?)?;
    let y = convolution(node, x, w)?;
    Ok(vec![channels_first(&node.b, y)])
}

/// `saturate(round(sum * (a_scale * b_scale / y_scale)) + zero)`.
fn requantize<'c>(
    node: &Node<'c>,
    sum: Typed<'c>,
    scales: [Typed<'c>; 3],
    zero: Option<Typed<'c>>,
    to: Dtype,
) -> Result<Typed<'c>, Reason> {
    let ends = range(to)?;
    let [a, b, y] = scales.map(|s| convert(node, s, F32));
    let factor =
        node.map(&[a?, b?, y?], F32, |b, v| b.binary("arith.divf", b.binary("arith.mulf", v[0], v[1]), v[2]))?;
    let mut args = vec![sum, factor];
    if let Some(z) = zero {
        args.push(convert(node, z, I32)?);
    }
    node.map(&args, to, |b, v| {
        let scaled = b.binary("arith.mulf", scalar(b, v[0], I32, F32), v[1]);
        saturate(b, scaled, v.get(2).copied(), to, ends)
    })
}

fn required<'c>(p: Option<Typed<'c>>, i: usize) -> Result<Typed<'c>, Reason> {
    p.ok_or_else(|| Reason::Invalid(format!("input {i} is missing")))
}

/// QLinearMatMul (10; 21: half precision scales).
pub fn quantized_matmul<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (a, b) = (node.input(0)?, node.input(3)?);
    let product = multiply(
        node,
        centred(node, a, spread(node, 2, a, Along::Rows)?)?,
        centred(node, b, spread(node, 5, b, Along::Columns)?)?,
    )?;
    let scales = [
        required(spread(node, 1, a, Along::Rows)?, 1)?,
        required(spread(node, 4, b, Along::Columns)?, 4)?,
        required(spread(node, 6, product, Along::Rows)?, 6)?,
    ];
    let zero = spread(node, 7, product, Along::Rows)?;
    let to = node.optional(7).map_or(a.dtype, |z| z.dtype);
    Ok(vec![requantize(node, product, scales, zero, to)?])
}

/// QLinearConv (10): the bias is of 32 bits, in units of the product of x's and w's scales.
pub fn quantized_conv<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, w) = (node.input(0)?, node.input(3)?);
    let sum = convolution(
        node,
        centred(node, x, spread(node, 2, x, Along::First)?)?,
        centred(node, w, spread(node, 5, w, Along::First)?)?,
    )?;
    let sum = add_bias(node, sum, 8)?;
    // One scale an output channel: the last dim here.
    let channels = sum.rank() - 1;
    let per_channel = |i: usize| -> Result<Typed<'c>, Reason> {
        let s = node.input(i)?;
        match s.len() {
            1 => node.reshaped(s, &[]),
            n if s.shape() == [n] && n == sum.shape()[channels] => Ok(s),
            _ => invalid(format!("input {i} is {:?}, which doesn't fit {:?}", s.shape(), w.shape())),
        }
    };
    let scales = [per_channel(1)?, per_channel(4)?, per_channel(6)?];
    let zero = match node.optional(7) {
        Some(z) => Some(node.reshaped(z, &[])?),
        None => None,
    };
    let to = node.optional(7).map_or(x.dtype, |z| z.dtype);
    let y = requantize(node, sum, scales, zero, to)?;
    Ok(vec![channels_first(&node.b, y)])
}
