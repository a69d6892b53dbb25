//! Operators that compare positions with data: OneHot, Trilu, ReverseSequence, TensorScatter; ArrayFeatureExtractor.

use super::dtype::Dtype;
use super::node::{Node, Outputs, Typed, elements, invalid};
use super::pick::{List, as_index, clamp, generate, number};
use weft_dialects::ir::{Elem, LinExpr, Map, Value};

/// Entry `i` of a tensor of one dim, whatever the loops are at.
fn entry<'c>(x: Typed<'c>, i: i64, dims: usize) -> (Value<'c>, Map) {
    (x.value, Map { dims, results: vec![LinExpr::constant(i); x.rank()] })
}

/// OneHot (9; 11: negative indices): the second of two values where the position along the new dim is the index, the first
/// elsewhere.
pub fn one_hot<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (indices, depth, values) = (node.input(0)?, node.input(1)?, node.input(2)?);
    let shape = indices.shape();
    let axis = node.axis(node.int_or("axis", -1)?, shape.len() + 1)?;
    let mut to = shape.clone();
    match node.const_scalar(depth) {
        Some(depth) => to.insert(axis, depth.f64() as i64),
        None => {
            to = node.shape_by_data(0, "the depth (input 1)")?;
            let rest: Vec<i64> = (0..to.len()).filter(|&d| d != axis).map(|d| to[d]).collect();
            if rest != shape {
                return invalid(format!("the declared {to:?} doesn't fit indices of {shape:?} with a new dim {axis}"));
            }
        }
    }
    elements(&to)?;
    if values.shape() != [2] {
        return invalid(format!("the values must be two, not {:?}", values.shape()));
    }
    let n = to[axis];
    let places: Vec<usize> = (0..to.len()).filter(|&d| d != axis).collect();
    let ins = [(indices.value, Map::select(to.len(), &places)), entry(values, 0, to.len()), entry(values, 1, to.len())];
    let value = node.b.elementwise(values.dtype.elem, &to, &ins, |b, v| {
        let int64 = super::cast::scalar(b, v[0], indices.dtype, Dtype::INT64);
        let index = as_index(b, int64, Dtype::INT64);
        let from_end = b.binary("arith.addi", index, b.index(n));
        let index = b.select(b.compare("slt", index, b.index(0)), from_end, index);
        b.select(b.compare("eq", index, b.loop_index(axis)), v[2], v[1])
    });
    Ok(vec![Typed::new(value, values.dtype)])
}

/// Trilu (14): the upper or lower triangle of matrices, from the `k`th diagonal on; zeros elsewhere.
pub fn trilu<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let (shape, rank) = (x.shape(), x.rank());
    let upper = node.flag("upper", true)?;
    if rank < 2 {
        return invalid(format!("{shape:?} is no matrix"));
    }
    let mut ins = vec![(x.value, Map::identity(rank))];
    let k = node.int_operand(1, "k")?;
    if k.as_ref().is_some_and(|k| k.len() != 1) {
        return invalid("k (input 1) must be one integer");
    }
    let k = k.map(|k| List::new(&k, rank, &mut ins));
    let value = node.b.elementwise(x.dtype.elem, &shape, &ins, |b, v| {
        let k = k.as_ref().map_or_else(|| b.index(0), |k| k.at(b, v, 0));
        let diagonal = b.binary("arith.addi", b.loop_index(rank - 2), k);
        let kept = b.compare(if upper { "sge" } else { "sle" }, b.loop_index(rank - 1), diagonal);
        b.select(kept, v[0], number(b, x.dtype, 0))
    });
    Ok(vec![x.with(value)])
}

/// ReverseSequence (10): the first `sequence_lens[batch]` positions of the time dim, backwards.
pub fn reverse_sequence<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, lengths) = (node.input(0)?, node.input(1)?);
    let (shape, rank) = (x.shape(), x.rank());
    let batch = node.axis(node.int_or("batch_axis", 1)?, rank)?;
    let time = node.axis(node.int_or("time_axis", 0)?, rank)?;
    if batch == time || lengths.shape() != [shape[batch]] {
        return invalid(format!(
            "lengths of {:?} don't fit {shape:?} with batch {batch} and time {time}",
            lengths.shape()
        ));
    }
    let ins = [(lengths.value, Map::select(rank, &[batch]))];
    Ok(vec![generate(node, x.dtype, &shape, &ins, |b, v, at| {
        let (n, t) = (as_index(b, v[0], lengths.dtype), at[time]);
        let back = b.binary("arith.subi", b.binary("arith.subi", n, b.index(1)), t);
        let mut from = at.to_vec();
        from[time] = clamp(b, b.select(b.compare("slt", t, n), back, t), shape[time]);
        b.extract(x.value, &from)
    })])
}

/// TensorScatter (24): a cache with an update written along one dim, from `write_indices[batch]` on.
pub fn tensor_scatter<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (past, update) = (node.input(0)?, node.input(1)?);
    let dtype = node.same_dtype(&[past, update])?;
    let (shape, written, rank) = (past.shape(), update.shape(), past.rank());
    let axis = node.axis(node.int_or("axis", -2)?, rank)?;
    let fits = written.len() == rank && (0..rank).all(|d| d == axis || written[d] == shape[d]);
    if !fits || written[axis] > shape[axis] {
        return invalid(format!("an update of {written:?} doesn't fit {shape:?} along dim {axis}"));
    }
    if shape.contains(&0) || written.contains(&0) {
        return Ok(vec![past]);
    }
    let circular = match node.string_or("mode", "linear")?.as_str() {
        "linear" => false,
        "circular" => true,
        other => return invalid(format!("mode = \"{other}\"")),
    };
    let mut ins = vec![(past.value, Map::identity(rank))];
    let starts = node.optional(2);
    if let Some(starts) = starts {
        if starts.shape() != [shape[0]] {
            return invalid(format!("write_indices of {:?} don't fit a batch of {}", starts.shape(), shape[0]));
        }
        ins.push((starts.value, Map::select(rank, &[0])));
    }
    let (n, len) = (shape[axis], written[axis]);
    Ok(vec![generate(node, dtype, &shape, &ins, |b, v, at| {
        let start = starts.map_or_else(|| b.index(0), |s| as_index(b, v[1], s.dtype));
        let mut from = b.binary("arith.subi", at[axis], start);
        if circular {
            let rest = b.binary("arith.remsi", from, b.index(n));
            from = b.select(b.compare("slt", rest, b.index(0)), b.binary("arith.addi", rest, b.index(n)), rest);
        }
        let inside = b.compare("ult", from, b.index(len));
        let mut place = at.to_vec();
        place[axis] = clamp(b, from, len);
        b.select(inside, b.extract(update.value, &place), v[0])
    })])
}

/// ArrayFeatureExtractor (ai.onnx.ml 1): columns of a matrix.
pub fn array_feature_extractor<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, indices) = (node.input(0)?, node.input(1)?);
    let shape = x.shape();
    let (rows, columns) = match shape[..] {
        [] => return invalid("the input is a scalar"),
        [n] => (1, n),
        [.., n] => (x.len() / n.max(1), n),
    };
    if columns == 0 || indices.dtype.elem != Elem::I64 {
        return invalid(format!("indices of {} into {shape:?}", indices.dtype.name()));
    }
    let m = indices.len();
    let to = if shape.len() == 1 { vec![1, m] } else { [&shape[..shape.len() - 1], &[m]].concat() };
    let source = node.b.reshape(x.value, &[rows, columns]);
    let at = node.b.reshape(indices.value, &[m]);
    let y = generate(node, x.dtype, &[rows, m], &[(at, Map::select(2, &[1]))], |b, v, p| {
        b.extract(source, &[p[0], super::pick::wrap(b, v[0], indices.dtype, columns)])
    });
    Ok(vec![y.with(node.b.reshape(y.value, &to))])
}
