//! Softmax and LogSoftmax. Until version 12 the input is seen as a matrix: dims before `axis` (1 by default) by the
//! rest; from 13 on `axis` (-1 by default) alone is normalised.

use super::node::{Node, Outputs, Reason, Typed, unsupported};
use super::reduce;
use weft_dialects::ir::{Elem, ValueExt, extent, is_view};
use weft_dialects::nn;

/// The input as rows (of `R x N` if extents are numbers), treated by `f`, and back.
pub fn by_rows<'c>(node: &Node<'c>, f: impl FnOnce(Typed<'c>) -> Result<Typed<'c>, Reason>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let shape = x.shape();
    let rank = shape.len();
    if node.opset < 13 {
        let axis = node.int_or("axis", 1)?;
        // The number of dims itself is allowed: all rows have one element.
        let axis = if axis == rank as i64 { rank } else { node.axis(axis, rank)? };
        let (Some(before), Some(n)) = (extent::product(&shape[..axis]), extent::product(&shape[axis..])) else {
            return unsupported(format!(
                "normalising {shape:?} from dim {axis} on, which multiplies dims that are left open"
            ));
        };
        let rows = [before, n];
        if !is_view(&shape, &rows) {
            return unsupported(format!("normalising {shape:?} from dim {axis} on, with dims that are left open"));
        }
        let y = f(x.with(node.b.reshape(x.value, &rows)))?;
        return Ok(vec![y.with(node.b.reshape(y.value, &shape))]);
    }
    let axis = node.axis(node.int_or("axis", -1)?, rank)?;
    let perm: Vec<usize> = (0..rank).filter(|&d| d != axis).chain([axis]).collect();
    let last = x.with(node.b.permute(x.value, &perm));
    let moved = last.shape();
    // Rows in the order of memory; dims that are left open stay by themselves.
    let flat = extent::product(&moved[..rank - 1]).map(|before| vec![before, shape[axis]]);
    let rows = match flat.filter(|rows| is_view(&moved, rows)) {
        Some(rows) => rows,
        None => moved.clone(),
    };
    let y = f(last.with(node.b.reshape(last.value, &rows)))?;
    let y = node.b.reshape(y.value, &moved);
    let mut back = vec![0; rank];
    for (i, &p) in perm.iter().enumerate() {
        back[p] = i;
    }
    Ok(vec![x.with(node.b.permute(y, &back))])
}

/// Softmax (1, 11, 13).
pub fn softmax<'c>(node: &Node<'c>) -> Outputs<'c> {
    by_rows(node, |x| of_rows(node, x))
}

/// Softmax of the rows of a matrix, in its own type: of others than `f32` by its steps.
pub fn of_rows<'c>(node: &Node<'c>, x: Typed<'c>) -> Result<Typed<'c>, Reason> {
    if x.dtype.elem == Elem::F32 {
        let op = nn::softmax::Softmax::build(&node.b, x.value, &[x.value.ty()]);
        return Ok(x.with(node.inferred(op)?));
    }
    let last = [x.rank() - 1];
    let top = reduce::maximum(node, x, &last)?;
    let e = node.op1("math.exp", node.op2("arith.subf", x, top)?)?;
    node.op2("arith.divf", e, reduce::sum(node, e, &last)?)
}

/// LogSoftmax (1, 11, 13): `x - max - log(sum(exp(x - max)))`.
pub fn log_softmax<'c>(node: &Node<'c>) -> Outputs<'c> {
    by_rows(node, |x| {
        let last = [x.rank() - 1];
        let top = reduce::maximum(node, x, &last)?;
        let shifted = node.map(&[x, top], x.dtype, |b, v| b.binary("arith.subf", v[0], v[1]))?;
        let e = node.map(&[shifted], x.dtype, |b, v| b.unary("math.exp", v[0]))?;
        let sum = reduce::sum(node, e, &last)?;
        node.map(&[shifted, sum], x.dtype, |b, v| b.binary("arith.subf", v[0], b.unary("math.log", v[1])))
    })
}
