//! MatMul and Gemm.

use super::elementwise::{product, total};
use super::node::{Node, Outputs, Reason, Typed, broadcast, invalid, unsupported};
use weft_dialects::ir::{Elem, Map, ValueExt, extent, is_view};
use weft_dialects::nn::matmul::{Matmul, OPEN};

/// `B x M x K` times `B or 1 x K x N`.
pub fn product3<'c>(node: &Node<'c>, a: Typed<'c>, b: Typed<'c>, n: i64) -> Result<Typed<'c>, Reason> {
    if a.dtype.elem != Elem::F32 {
        return node.products(a, b, a.dtype);
    }
    let n = if extent::is_symbolic(n) { OPEN } else { n };
    // Replaced by the shape rule's.
    let ty = [a.value.ty()];
    Ok(a.with(node.inferred(Matmul::build(&node.b, a.value, b.value, n, 0, &ty))?))
}

/// MatMul (1 on), numpy's: vectors are rows or columns, leading dims broadcast.
pub fn matmul<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    node.same_dtype(&[a, b])?;
    Ok(vec![multiply(node, a, b)?])
}

/// Matrices of one type multiplied as by MatMul.
pub fn multiply<'c>(node: &Node<'c>, a: Typed<'c>, b: Typed<'c>) -> Result<Typed<'c>, Reason> {
    let (sa, sb) = (a.shape(), b.shape());
    if sa.is_empty() || sb.is_empty() {
        return invalid("a scalar can't be multiplied as a matrix");
    }
    let mut wa = sa.clone();
    let mut wb = sb.clone();
    if sa.len() == 1 {
        wa.insert(0, 1);
    }
    if sb.len() == 1 {
        wb.push(1);
    }
    let ([m, k], [k2, n]) = ([wa[wa.len() - 2], wa[wa.len() - 1]], [wb[wb.len() - 2], wb[wb.len() - 1]]);
    if k != k2 {
        return invalid(format!("{sa:?} times {sb:?}: {k} columns meet {k2} rows"));
    }
    let (batch_a, batch_b) = (wa[..wa.len() - 2].to_vec(), wb[..wb.len() - 2].to_vec());
    let batch = broadcast(&[batch_a.clone(), batch_b.clone()])?;
    let shared = batch_b.iter().all(|&d| d == 1);
    let flat = |shape: &[i64], tail: &[i64]| -> Result<Vec<i64>, Reason> {
        let count = extent::product(shape).map(|n| [&[n], tail].concat());
        count.filter(|to| is_view(&[shape, tail].concat(), to)).ok_or_else(|| {
            Reason::Unsupported(format!("{sa:?} times {sb:?}, whose batch merges dims that are left open"))
        })
    };
    let rows = extent::product(&batch_a).and_then(|n| extent::mul(n, m)).map(|rows| vec![1, rows, k]);
    let y = if let (true, Some(rows)) = (shared, rows.filter(|rows| is_view(&wa, rows))) {
        // One right side for all: the batch is more rows.
        let a = a.with(node.b.reshape(a.value, &rows));
        product3(node, a, b.with(node.b.reshape(b.value, &[1, k, n])), n)?
    } else {
        let a = expand_batch(node, a, &wa, &batch);
        let a = a.with(node.b.reshape(a.value, &flat(&batch, &[m, k])?));
        // A right side that all share isn't repeated.
        let wide = if shared { vec![1, k, n] } else { flat(&batch, &[k, n])? };
        let b = if shared { b } else { expand_batch(node, b, &wb, &batch) };
        product3(node, a, b.with(node.b.reshape(b.value, &wide)), n)?
    };
    let mut shape = batch;
    if sa.len() > 1 {
        shape.push(m);
    }
    if sb.len() > 1 {
        shape.push(n);
    }
    Ok(y.with(node.b.reshape(y.value, &shape)))
}

/// A matrix stack (of shape `wide`, 2 dims at least) whose leading dims are broadcast to `batch`.
fn expand_batch<'c>(node: &Node<'c>, x: Typed<'c>, wide: &[i64], batch: &[i64]) -> Typed<'c> {
    let to = [batch, &wide[wide.len() - 2..]].concat();
    let value = node.b.reshape(x.value, wide);
    if wide == to {
        return x.with(value);
    }
    x.with(node.b.elementwise(x.dtype.elem, &to, &[(value, Map::broadcast(wide, &to))], |_, v| v[0]))
}

/// Gemm (7; 11: C is optional): `alpha * A' * B' + beta * C`.
pub fn gemm<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (mut a, mut b) = (node.input(0)?, node.input(1)?);
    node.same_dtype(&[a, b])?;
    if a.rank() != 2 || b.rank() != 2 {
        return invalid(format!("A {:?} and B {:?} must be matrices", a.shape(), b.shape()));
    }
    if node.flag("transA", false)? {
        a = a.with(node.b.permute(a.value, &[1, 0]));
    }
    if node.flag("transB", false)? {
        b = b.with(node.b.permute(b.value, &[1, 0]));
    }
    let (sa, sb) = (a.shape(), b.shape());
    if sa[1] != sb[0] {
        return invalid(format!("{sa:?} times {sb:?}: {} columns meet {} rows", sa[1], sb[0]));
    }
    let lift = |x: Typed<'c>, s: &[i64]| x.with(node.b.reshape(x.value, &[1, s[0], s[1]]));
    let y = product3(node, lift(a, &sa), lift(b, &sb), sb[1])?;
    let mut y = scaled(node, y, node.float_or("alpha", 1.0)?)?;
    let shape = [sa[0], sb[1]];
    if let Some(c) = node.optional(2) {
        if broadcast(&[c.shape(), shape.to_vec()])? != shape {
            return invalid(format!("C {:?} doesn't broadcast to {shape:?}", c.shape()));
        }
        let c = scaled(node, c, node.float_or("beta", 1.0)?)?;
        y = total(node, y, c)?;
    }
    Ok(vec![y.with(node.b.reshape(y.value, &shape))])
}

/// `x * factor`; `x` itself for 1. Integers have whole factors only.
fn scaled<'c>(node: &Node<'c>, x: Typed<'c>, factor: f64) -> Result<Typed<'c>, Reason> {
    if factor == 1.0 {
        return Ok(x);
    }
    if !x.dtype.is_float() && factor.fract() != 0.0 {
        return unsupported(format!("the factor {factor} of {}", x.dtype.name()));
    }
    product(node, x, node.number(x.dtype, factor))
}
