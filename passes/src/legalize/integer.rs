//! Products and convolutions of quantised numbers: MatMulInteger, ConvInteger, QLinearMatMul, QLinearConv. Zero points are
//! taken away first; sums are of 32 bits, though the products are computed in `f32`, exactly.

use super::cast::{convert, scalar};
use super::conv::{add_bias, convolution};
use super::dtype::Dtype;
use super::matmul::multiply;
use super::node::{Node, Outputs, Reason, Typed, invalid, unsupported};
use super::quantize::{range, saturate};
use super::slice::{Span, take};
use super::window::channels_first;
use weft_dialects::ir::{Elem, extent};

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

/// Quantised numbers less their zero point: whole numbers in `f32`, none larger than `most`.
struct Centred<'c> {
    x: Typed<'c>,
    most: i64,
}

/// Whole numbers up to here are exact in `f32`, and so are their sums.
const EXACT: i64 = 1 << 24;

fn centred<'c>(node: &Node<'c>, x: Typed<'c>, zero: Option<Typed<'c>>) -> Result<Centred<'c>, Reason> {
    if x.dtype.elem != Elem::I8 || x.dtype.narrow.is_some() {
        return invalid(format!("element type {}", x.dtype.name()));
    }
    let (low, high) = range(x.dtype)?;
    let Some(zero) = zero else {
        return Ok(Centred { x: convert(node, x, F32)?, most: high.max(-low) });
    };
    node.same_dtype(&[x, zero])?;
    let unsigned = |v: i64| if x.dtype.unsigned { v & 0xff } else { v };
    let points = node.constant(zero).map(|t| t.to_i64s().into_iter().map(unsigned).collect::<Vec<_>>());
    let most = points.and_then(|p| p.into_iter().map(|z| (high - z).max(z - low)).max()).unwrap_or(high - low);
    let x = node.map(&[x, zero], F32, |b, v| {
        let wide = |v| scalar(b, v, x.dtype, I32);
        scalar(b, b.binary("arith.subi", wide(v[0]), wide(v[1])), I32, F32)
    })?;
    Ok(Centred { x, most })
}

/// Sums of products of `a` and `b` over `k` positions, each of `taps` products, in 32 bits. The positions are taken in parts
/// whose sums are exact in `f32`, whose kernels are the fast ones; the parts are added as integers.
fn in_parts<'c>(
    node: &Node<'c>,
    (a, along_a): (&Centred<'c>, usize),
    (b, along_b): (&Centred<'c>, usize),
    taps: i64,
    product: impl Fn(Typed<'c>, Typed<'c>) -> Result<Typed<'c>, Reason>,
) -> Result<Typed<'c>, Reason> {
    let k = a.x.shape()[along_a];
    if extent::is_symbolic(k) {
        return unsupported("a sum over a dim that is left open");
    }
    let part = EXACT / (a.most * b.most * taps).max(1);
    if part == 0 {
        return product(convert(node, a.x, I32)?, convert(node, b.x, I32)?);
    }
    let cut = |x: Typed<'c>, dim: usize, start: i64, len: i64| {
        let mut spans: Vec<Span> = x.shape().iter().map(|&n| Span::all(n)).collect();
        spans[dim] = Span { start, step: 1, len };
        take(node, x, &spans)
    };
    let count = ((k + part - 1) / part).max(1);
    // Of about equal extents.
    let mut start = 0;
    let mut sum: Option<Typed<'c>> = None;
    for i in 0..count {
        let len = (k - start + count - i - 1) / (count - i);
        let y = product(cut(a.x, along_a, start, len), cut(b.x, along_b, start, len))?;
        let y = convert(node, y, I32)?;
        sum = Some(match sum {
            None => y,
            Some(s) => node.op2("arith.addi", s, y)?,
        });
        start += len;
    }
    sum.ok_or_else(|| Reason::Invalid("there is nothing to sum".into()))
}

fn products<'c>(node: &Node<'c>, a: &Centred<'c>, b: &Centred<'c>) -> Result<Typed<'c>, Reason> {
    let (rank_a, rank_b) = (a.x.rank(), b.x.rank());
    if rank_a == 0 || rank_b == 0 {
        return invalid("a scalar can't be multiplied as a matrix");
    }
    let (k, rows) = (a.x.shape()[rank_a - 1], b.x.shape()[rank_b.saturating_sub(2)]);
    if k != rows {
        return invalid(format!("{:?} times {:?}: {k} columns meet {rows} rows", a.x.shape(), b.x.shape()));
    }
    in_parts(node, (a, rank_a - 1), (b, rank_b.saturating_sub(2)), 1, |a, b| multiply(node, a, b))
}

/// As `N x spatial x M`.
fn convolved<'c>(node: &Node<'c>, x: &Centred<'c>, w: &Centred<'c>) -> Result<Typed<'c>, Reason> {
    let shape = w.x.shape();
    let taps: i64 = shape.iter().skip(2).product();
    let channels = shape.get(1).copied().unwrap_or(1);
    if x.x.rank() < 3 || x.x.rank() != shape.len() {
        return invalid(format!(
            "input {:?} and weights {shape:?} must have the same number of dims, at least 3",
            x.x.shape()
        ));
    }
    let exact = x.most.saturating_mul(w.most).saturating_mul(taps).saturating_mul(channels) <= EXACT;
    if exact {
        return convert(node, convolution(node, x.x, w.x)?, I32);
    }
    if node.int_or("group", 1)? != 1 {
        return convolution(node, convert(node, x.x, I32)?, convert(node, w.x, I32)?);
    }
    in_parts(node, (x, 1), (w, 1), taps, |x, w| convolution(node, x, w))
}

/// MatMulInteger (10): zero points are one number, or one a row of A and a column of B.
pub fn matmul<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    let a = centred(node, a, spread(node, 2, a, Along::Rows)?)?;
    let b = centred(node, b, spread(node, 3, b, Along::Columns)?)?;
    Ok(vec![products(node, &a, &b)?])
}

/// ConvInteger (10): x has one zero point, w one or one an output channel.
pub fn conv<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, w) = (node.input(0)?, node.input(1)?);
    let x = centred(node, x, spread(node, 2, x, Along::First)?)?;
    let w = centred(node, w, spread(node, 3, w, Along::First)?)?;
    let y = convolved(node, &x, &w)?;
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
    let product = products(
        node,
        &centred(node, a, spread(node, 2, a, Along::Rows)?)?,
        &centred(node, b, spread(node, 5, b, Along::Columns)?)?,
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
    let sum = convolved(
        node,
        &centred(node, x, spread(node, 2, x, Along::First)?)?,
        &centred(node, w, spread(node, 5, w, Along::First)?)?,
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
