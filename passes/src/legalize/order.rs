//! TopK, CumSum, CumProd, NonZero, Compress: what depends on the order of elements.

use super::dtype::Dtype;
use super::node::{Ints, Node, Outputs, Reason, Typed, elements, invalid};
use super::pick::{clamp, from_index, generate, number};
use super::scatter::{POSITION, rows};
use weft_dialects::ir::{Elem, Map, Scalar, Tensor, TensorTy, ValueExt};

/// A dim moved last, and rows along it.
struct Rows {
    last: Vec<usize>,
    back: Vec<usize>,
}

impl Rows {
    fn new(rank: usize, axis: usize) -> Self {
        Self {
            last: (0..rank).filter(|&d| d != axis).chain([axis]).collect(),
            back: (0..axis).chain([rank - 1]).chain(axis..rank - 1).collect(),
        }
    }

    /// Rows of the dim.
    fn of<'c>(&self, node: &Node<'c>, x: Typed<'c>) -> Typed<'c> {
        let n = self.last.last().map_or(1, |&d| x.shape()[d]);
        let moved = node.b.permute(x.value, &self.last);
        x.with(node.b.reshape(moved, &[x.len() / n.max(1), n]))
    }

    /// Rows as dims of `shape`, but for their length.
    fn restore<'c>(&self, node: &Node<'c>, rows: Typed<'c>, shape: &[i64]) -> Typed<'c> {
        let mut to: Vec<i64> = self.last.iter().map(|&d| shape[d]).collect();
        if let (Some(n), Some(last)) = (rows.shape().last(), to.last_mut()) {
            *last = *n;
        }
        rows.with(node.b.permute(node.b.reshape(rows.value, &to), &self.back))
    }
}

/// The positions of each row's first `k` elements in order.
pub fn top_k<'c>(node: &Node<'c>, rows: Typed<'c>, k: i64, largest: bool) -> Result<Typed<'c>, Reason> {
    let int = |v: i64| node.b.cx.i64_attr(v);
    let attrs = [("k", int(k)), ("largest", int(largest.into())), ("unsigned", int(rows.dtype.unsigned.into()))];
    let op = node.b.op("nn.top_k", &[rows.value], &[rows.value.ty()], &attrs);
    Ok(Typed::new(node.inferred(op)?, POSITION))
}

/// TopK (1: `k` is an attribute; 10: an operand; 11: `largest`): values and positions, always sorted; of equal values the first
/// position comes first.
pub fn top<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let (shape, rank) = (x.shape(), x.rank());
    let axis = node.axis(node.int_or("axis", -1)?, rank)?;
    let k = if node.opset < 10 {
        node.int("k")?.ok_or_else(|| Reason::Invalid("'k' is missing".into()))?
    } else {
        match node.int_operand(1, "k")? {
            Some(Ints::Known(k)) if k.len() == 1 => k[0],
            Some(Ints::Data(_)) => {
                let to = node.shape_by_data(0, "k (input 1)")?;
                *to.get(axis).ok_or_else(|| Reason::Invalid(format!("the declared {to:?} has no dim {axis}")))?
            }
            _ => return invalid("k (input 1) must be one integer"),
        }
    };
    if !(0..=shape[axis]).contains(&k) {
        return invalid(format!("k = {k} of {} elements", shape[axis]));
    }
    let along = Rows::new(rank, axis);
    let lines = along.of(node, x);
    let positions = top_k(node, lines, k, node.flag("largest", true)?)?;
    let n = shape[axis];
    let to = positions.shape();
    let ins = [(positions.value, Map::identity(2))];
    let values = generate(node, x.dtype, &to, &ins, |b, v, at| {
        let place = b.value("arith.index_cast", &[v[0]], b.cx.index(), &[]);
        b.extract(lines.value, &[at[0], clamp(b, place, n)])
    });
    let positions = super::cast::convert(node, positions, Dtype::INT64)?;
    Ok(vec![along.restore(node, values, &shape), along.restore(node, positions, &shape)])
}

fn cumulative<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    axis: usize,
    (combine, exclusive, reverse): (&str, bool, bool),
) -> Result<Typed<'c>, Reason> {
    let shape = x.shape();
    let product = |dims: &[i64]| dims.iter().product::<i64>();
    let cube = node.b.reshape(x.value, &[product(&shape[..axis]), shape[axis], product(&shape[axis + 1..])]);
    let int = |v: bool| node.b.cx.i64_attr(v.into());
    let attrs = [("combine", node.b.cx.str_attr(combine)), ("exclusive", int(exclusive)), ("reverse", int(reverse))];
    let op = node.b.op("nn.cumulative", &[cube], &[cube.ty()], &attrs);
    Ok(x.with(node.b.reshape(node.inferred(op)?, &shape)))
}

/// CumSum (11; 14), CumProd (26), along an axis that may be data: then all dims are done, and one is selected.
pub fn running<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let rank = x.rank();
    if x.dtype.is_bool() || rank == 0 {
        return invalid(format!("{} of rank {rank}", x.dtype.name()));
    }
    let combine = if node.name == "CumProd" { "mul" } else { "add" };
    let kind = (combine, node.flag("exclusive", false)?, node.flag("reverse", false)?);
    match node.int_operand(1, "axis")? {
        Some(Ints::Known(axis)) if axis.len() == 1 => Ok(vec![cumulative(node, x, node.axis(axis[0], rank)?, kind)?]),
        Some(Ints::Data(axis)) if axis.len() == 1 => {
            let sets: Vec<Vec<usize>> = (0..rank).map(|d| vec![d]).collect();
            let parts = (0..rank).map(|d| cumulative(node, x, d, kind)).collect::<Result<Vec<_>, _>>()?;
            super::reduce_axes::select(node, axis, rank, &sets, &parts)
        }
        _ => invalid("the axis (input 1) must be one integer"),
    }
}

/// The positions of the first `k` elements that aren't zero; 0 for those that there aren't.
fn positions<'c>(node: &Node<'c>, x: Typed<'c>, k: i64) -> Result<Typed<'c>, Reason> {
    let n = x.len();
    let flat = x.with(node.b.reshape(x.value, &[n]));
    let marked = super::cast::convert(node, flat, Dtype::BOOL)?;
    let ones = super::cast::convert(node, marked, POSITION)?;
    let counts = cumulative(node, ones, 0, ("add", false, false))?;
    // The place in the result; elements that aren't marked have none.
    let places = node.map(&[marked, counts], POSITION, |b, v| {
        b.select(v[0], b.binary("arith.subi", v[1], number(b, POSITION, 1)), number(b, POSITION, -1))
    })?;
    let own = Tensor::from_scalars(Elem::I32, &[n, 1], (0..n).map(Scalar::I));
    let own = Typed::new(node.b.tensor(&own), POSITION);
    let init = Typed::new(node.b.splat(&TensorTy::new(Elem::I32, &[k, 1]), Scalar::I(0)), POSITION);
    let y = rows(node, init, places, own, "set")?;
    Ok(y.with(node.b.reshape(y.value, &[k])))
}

/// NonZero (9), as many as the model declares: a row of positions for each dim.
pub fn non_zero<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let (shape, rank) = (x.shape(), x.rank());
    let to = node.shape_by_data(0, "how many elements aren't zero")?;
    let [rows, k] = to[..] else { return invalid(format!("the declared {to:?} is no matrix")) };
    if rows != rank as i64 || rank == 0 || x.len() == 0 {
        return invalid(format!("the declared {to:?} doesn't fit {shape:?}"));
    }
    let at = positions(node, x, k)?;
    let strides = weft_dialects::ir::row_major(&shape);
    let parts: Vec<_> = (0..rank)
        .map(|d| {
            let y = node.map(&[at], Dtype::INT64, |b, v| {
                let whole = b.value("arith.index_cast", &[v[0]], b.cx.index(), &[]);
                let place = b.binary("arith.divui", whole, b.index(strides[d]));
                from_index(b, b.binary("arith.remui", place, b.index(shape[d])), Dtype::INT64)
            })?;
            Ok(node.b.reshape(y.value, &[1, k]))
        })
        .collect::<Result<_, Reason>>()?;
    Ok(vec![Typed::new(node.b.concat(0, &parts), Dtype::INT64)])
}

/// Compress (9; 11): slices along an axis, or elements, whose condition holds; as many as the model declares.
pub fn compress<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, condition) = (node.input(0)?, node.input(1)?);
    if !condition.dtype.is_bool() || condition.rank() != 1 {
        return invalid("the condition must be a list of booleans");
    }
    let (x, axis) = match node.int("axis")? {
        Some(axis) => (x, node.axis(axis, x.rank())?),
        None => (x.with(node.b.reshape(x.value, &[x.len()])), 0),
    };
    let (shape, to) = (x.shape(), node.shape_by_data(0, "the condition (input 1)")?);
    let fits = to.len() == shape.len() && (0..to.len()).all(|d| d == axis || to[d] == shape[d]);
    if !fits || condition.len() > shape[axis] || condition.len() == 0 {
        return invalid(format!("the declared {to:?} doesn't fit {shape:?} and a condition of {}", condition.len()));
    }
    elements(&to)?;
    let at = positions(node, condition, to[axis])?;
    let ins = [(at.value, Map::select(to.len(), &[axis]))];
    Ok(vec![generate(node, x.dtype, &to, &ins, |b, v, p| {
        let mut from = p.to_vec();
        let place = b.value("arith.index_cast", &[v[0]], b.cx.index(), &[]);
        from[axis] = clamp(b, place, shape[axis]);
        b.extract(x.value, &from)
    })])
}
