//! Scatter, ScatterElements, ScatterND: rows written at positions that are data.

use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, elements, invalid, unsupported};
use super::pick::{from_index, generate, nothing_from_nothing, wrap};
use weft_dialects::ir::{LinExpr, Map, Value, ValueExt, row_major};

/// Positions in tensors of fewer than 2^31 elements.
pub const POSITION: Dtype = Dtype::INT32;

/// `nn.scatter` of rows. x is `N x D`, positions are `M`, updates `M x D`.
pub fn rows<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    positions: Typed<'c>,
    updates: Typed<'c>,
    combine: &str,
) -> Result<Typed<'c>, Reason> {
    let attrs = [("combine", node.b.cx.str_attr(combine))];
    let operands = [x.value, positions.value, updates.value];
    let op = node.b.op("nn.scatter", &operands, &[x.value.ty()], &attrs);
    Ok(x.with(node.inferred(op)?))
}

/// The op's name of `reduction` (16: add, mul; 18: min, max).
fn combine<'c>(node: &Node<'c>, dtype: Dtype) -> Result<&'static str, Reason> {
    Ok(match (node.string_or("reduction", "none")?.as_str(), dtype.unsigned) {
        ("none", _) => "set",
        (_, _) if dtype.is_bool() => return unsupported("a reduction of booleans"),
        ("add", _) => "add",
        ("mul", _) => "mul",
        ("min", false) => "min",
        ("max", false) => "max",
        ("min", true) => "minu",
        ("max", true) => "maxu",
        (other, _) => return invalid(format!("reduction = \"{other}\"")),
    })
}

/// ScatterElements (11; 13; 16, 18: reductions), and Scatter (9), which it has replaced: for each position of the indices, the
/// update at it goes where the index, in place of the position along the axis, says.
pub fn elements_at<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, indices, updates) = (node.input(0)?, node.input(1)?, node.input(2)?);
    node.same_dtype(&[x, updates])?;
    let (shape, places) = (x.shape(), indices.shape());
    let axis = node.axis(node.int_or("axis", 0)?, shape.len())?;
    let fits = places.len() == shape.len() && (0..places.len()).all(|d| d == axis || places[d] <= shape[d]);
    if !fits || updates.shape() != places {
        return invalid(format!("indices of {places:?} and updates of {:?} don't fit {shape:?}", updates.shape()));
    }
    nothing_from_nothing(&shape, &places)?;
    if places.contains(&0) {
        return Ok(vec![x]);
    }
    let strides = row_major(&shape);
    let ins = [(indices.value, Map::identity(places.len()))];
    let at = generate(node, POSITION, &places, &ins, |b, v, p| {
        let mut place = p.to_vec();
        place[axis] = wrap(b, v[0], indices.dtype, shape[axis]);
        let terms = place.iter().zip(&strides).map(|(&i, &s)| b.binary("arith.muli", i, b.index(s)));
        let sum = terms.reduce(|x, y| b.binary("arith.addi", x, y)).unwrap_or_else(|| b.index(0));
        from_index(b, sum, POSITION)
    });
    let (n, m) = (x.len(), indices.len());
    let flat = |t: Typed<'c>, to: &[i64]| t.with(node.b.reshape(t.value, to));
    let y = rows(node, flat(x, &[n, 1]), flat(at, &[m]), flat(updates, &[m, 1]), combine(node, x.dtype)?)?;
    Ok(vec![flat(y, &shape)])
}

/// ScatterND (11; 13; 16, 18: reductions): the last dim of the indices holds positions of the outer dims; what they leave of
/// the data is written whole.
pub fn scatter_nd<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, indices, updates) = (node.input(0)?, node.input(1)?, node.input(2)?);
    node.same_dtype(&[x, updates])?;
    let (shape, tuples) = (x.shape(), indices.shape());
    let Some((&k, outer)) = tuples.split_last() else { return invalid("the indices must have a dim") };
    let whole = usize::try_from(k).unwrap_or(usize::MAX);
    if k < 1 || whole > shape.len() || updates.shape() != [outer, &shape[whole..]].concat() {
        return invalid(format!("indices of {tuples:?} and updates of {:?} don't fit {shape:?}", updates.shape()));
    }
    elements(&shape)?;
    nothing_from_nothing(&shape, &updates.shape())?;
    if x.len() == 0 || updates.len() == 0 {
        return Ok(vec![x]);
    }
    let product = |dims: &[i64]| dims.iter().product::<i64>();
    let (n, row, m) = (product(&shape[..whole]), product(&shape[whole..]), product(outer));
    let strides = row_major(&shape[..whole]);
    let tuples = node.b.reshape(indices.value, &[m, k]);
    let ins: Vec<(Value<'c>, Map)> =
        (0..k).map(|i| (tuples, Map { dims: 1, results: vec![LinExpr::dim(0), LinExpr::constant(i)] })).collect();
    let at = generate(node, POSITION, &[m], &ins, |b, v, _| {
        let terms = v
            .iter()
            .zip(&strides)
            .zip(&shape)
            .map(|((&i, &s), &extent)| b.binary("arith.muli", wrap(b, i, indices.dtype, extent), b.index(s)));
        let sum = terms.reduce(|x, y| b.binary("arith.addi", x, y)).unwrap_or_else(|| b.index(0));
        from_index(b, sum, POSITION)
    });
    let flat = |t: Typed<'c>, to: &[i64]| t.with(node.b.reshape(t.value, to));
    let y = rows(node, flat(x, &[n, row]), at, flat(updates, &[m, row]), combine(node, x.dtype)?)?;
    Ok(vec![flat(y, &shape)])
}
