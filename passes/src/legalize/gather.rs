//! Gather, GatherElements, GatherND. Runs of indices that are known at compile time are slices; all else is picked.

use super::node::{Node, Outputs, Reason, Typed, invalid, unsupported};
use super::pick::{generate, nothing_from_nothing, wrap};
use super::slice::{Span, take};
use weft_dialects::ir::{LinExpr, Map, Value, extent, is_view};

/// The most runs of positions that are taken apart and joined again.
const MOST_RUNS: usize = 64;

/// Gather (1; 11: negative indices). Runs of evenly spaced indices are slices.
pub fn gather<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let indices = node.input(1)?;
    let shape = x.shape();
    let axis = node.axis(node.int_or("axis", 0)?, shape.len())?;
    // A dim that is left open has at least so many positions.
    let n = shape[axis];
    let to = [&shape[..axis], &indices.shape(), &shape[axis + 1..]].concat();
    let Some(at) = node.constant(indices) else { return Ok(vec![rows(node, x, indices, axis, &to)?]) };
    let least = node.symbols.min(n);
    let at: Vec<i64> = at
        .to_i64s()
        .into_iter()
        .map(|i| if (-least..least).contains(&i) { Ok(if i < 0 { extent::add(n, i) } else { i }) } else { Err(i) })
        .collect::<Result<_, _>>()
        .map_err(|i| Reason::Invalid(format!("index {i} is out of range for dim {axis} of {shape:?}")))?;
    if at.len() > 1 && extent::any_symbolic(&at) {
        return unsupported("several indices that count from the end of a dim that is left open");
    }
    let runs = runs(&at);
    if runs.len() > MOST_RUNS {
        return Ok(vec![rows(node, x, indices, axis, &to)?]);
    }
    let slice = |span: Span| -> Value<'c> {
        let mut spans: Vec<Span> = shape.iter().map(|&n| Span::all(n)).collect();
        spans[axis] = span;
        take(node, x, &spans).value
    };
    let parts: Vec<_> = if runs.is_empty() {
        vec![slice(Span { start: 0, step: 1, len: 0 })]
    } else {
        runs.into_iter().map(slice).collect()
    };
    let joined = node.b.concat(axis, &parts);
    Ok(vec![x.with(node.b.reshape(joined, &to))])
}

/// Picks the sub-tensors that indices name: dims before and behind the axis are merged, so that each is a row of neighbours.
pub fn rows<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    indices: Typed<'c>,
    axis: usize,
    to: &[i64],
) -> Result<Typed<'c>, Reason> {
    let shape = x.shape();
    node.check_extents(to)?;
    nothing_from_nothing(&shape, to)?;
    let (n, picked) = (shape[axis], indices.shape());
    let (Some(before), Some(behind)) = (extent::product(&shape[..axis]), extent::product(&shape[axis + 1..])) else {
        return unsupported(format!("dims of {shape:?} that are known at run time only"));
    };
    if !is_view(&shape, &[before, n, behind]) {
        return unsupported(format!("dims of {shape:?} that are left open and not the first ones"));
    }
    let source = node.b.reshape(x.value, &[before, n, behind]);
    let wide = [&[before], &picked[..], &[behind]].concat();
    let places: Vec<usize> = (1..=picked.len()).collect();
    let ins = [(indices.value, Map::select(wide.len(), &places))];
    // Only the outer positions are asked for: the others may merge.
    let value = node.b.elementwise(x.dtype.elem, &wide, &ins, |b, v| {
        let at = wrap(b, v[0], indices.dtype, n);
        b.extract(source, &[b.loop_index(0), at, b.loop_index(wide.len() - 1)])
    });
    let y = x.with(value);
    Ok(y.with(node.b.reshape(y.value, to)))
}

/// GatherElements (11; 13): `out[i][j][k] = x[index[i][j][k]][j][k]` for axis 0, and so on; the index has the result's shape.
pub fn gather_elements<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, indices) = (node.input(0)?, node.input(1)?);
    let (shape, to) = (x.shape(), indices.shape());
    let axis = node.axis(node.int_or("axis", 0)?, shape.len())?;
    let fits = to.len() == shape.len() && (0..to.len()).all(|d| d == axis || to[d] <= shape[d]);
    if !fits {
        return invalid(format!("indices of {to:?} don't fit {shape:?} along dim {axis}"));
    }
    nothing_from_nothing(&shape, &to)?;
    let ins = [(indices.value, Map::identity(to.len()))];
    Ok(vec![generate(node, x.dtype, &to, &ins, |b, v, p| {
        let mut at = p.to_vec();
        at[axis] = wrap(b, v[0], indices.dtype, shape[axis]);
        b.extract(x.value, &at)
    })])
}

/// GatherND (11; 12: `batch_dims`; 13): the last dim of the indices holds positions of the dims behind the batch; what they
/// leave of the data is picked whole.
pub fn gather_nd<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, indices) = (node.input(0)?, node.input(1)?);
    let (shape, tuples) = (x.shape(), indices.shape());
    let batch = node.int_or("batch_dims", 0)?;
    let batch = usize::try_from(batch).map_err(|_| Reason::Invalid(format!("batch_dims = {batch}")))?;
    let Some((&k, outer)) = tuples.split_last() else { return invalid("the indices must have a dim") };
    let whole = usize::try_from(k).unwrap_or_default() + batch;
    if k < 1 || whole > shape.len() || batch > outer.len() || outer[..batch] != shape[..batch] {
        return invalid(format!("indices of {tuples:?} don't fit {shape:?} with {batch} batch dims"));
    }
    let to = [outer, &shape[whole..]].concat();
    node.check_extents(&to)?;
    nothing_from_nothing(&shape, &to)?;
    let [n, m, row] = products([&shape[..batch], &outer[batch..], &shape[whole..]])?;
    let wide = [&[n], &shape[batch..whole], &[row]].concat();
    if !is_view(&shape, &wide) || !is_view(&tuples, &[n, m, k]) || !is_view(&to, &[n, m, row]) {
        return unsupported(format!(
            "data {shape:?} and indices {tuples:?} with dims that are left open and not the first ones"
        ));
    }
    let source = node.b.reshape(x.value, &wide);
    let tuples = node.b.reshape(indices.value, &[n, m, k]);
    // Each position of a tuple is an operand of its own.
    let ins: Vec<(Value<'c>, Map)> = (0..k)
        .map(|i| (tuples, Map { dims: 3, results: vec![LinExpr::dim(0), LinExpr::dim(1), LinExpr::constant(i)] }))
        .collect();
    let y = generate(node, x.dtype, &[n, m, row], &ins, |b, v, p| {
        let picked = v.iter().zip(&shape[batch..]).map(|(&i, &n)| wrap(b, i, indices.dtype, n));
        let at: Vec<_> = [p[0]].into_iter().chain(picked).chain([p[2]]).collect();
        b.extract(source, &at)
    });
    Ok(vec![y.with(node.b.reshape(y.value, &to))])
}

/// The product of each group of dims.
fn products(groups: [&[i64]; 3]) -> Result<[i64; 3], Reason> {
    let all: Option<Vec<i64>> = groups.iter().map(|dims| extent::product(dims)).collect();
    all.and_then(|v| v.try_into().ok())
        .ok_or_else(|| Reason::Unsupported(format!("dims of {groups:?} that are left open side by side")))
}

/// Maximal evenly spaced runs, in order.
fn runs(at: &[i64]) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for &i in at {
        match out.last_mut() {
            Some(s) if s.len == 1 && i != s.start => {
                s.step = i - s.start;
                s.len = 2;
            }
            Some(s) if s.len > 1 && i == s.start + s.len * s.step => s.len += 1,
            _ => out.push(Span { start: i, step: 1, len: 1 }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_even() {
        let s = |start, step, len| Span { start, step, len };
        assert_eq!(runs(&[0, 1, 2, 7]), [s(0, 1, 3), s(7, 1, 1)]);
        assert_eq!(runs(&[4, 2, 0]), [s(4, -2, 3)]);
        assert_eq!(runs(&[3, 3]), [s(3, 1, 1), s(3, 1, 1)]);
        assert_eq!(runs(&[]), []);
    }
}
