//! Slices: where their elements lie.

use weft_dialects::ir::{LinExpr, Map, Op, OpError, OpExt, ValueExt, extent, extents_list};

/// A list of a slice's numbers; what is known at run time only is refused.
pub fn static_ints(op: Op<'_>, name: &str) -> Result<Vec<i64>, OpError> {
    let v = extents(op, name)?;
    if extent::any_symbolic(&v) {
        return Err(OpError::new(op, format!("'{name}' must be known at compile time")));
    }
    Ok(v)
}

/// A list of a slice's extents: numbers, or expressions over the symbols.
pub fn extents(op: Op<'_>, name: &str) -> Result<Vec<i64>, OpError> {
    extents_list(op, name).ok_or_else(|| OpError::new(op, format!("lacks '{name}', or takes one that is no extent")))
}

/// Where the elements of an `extract_slice` lie in its source: by a map, and per dim of the source an expression over the
/// symbols that is to be added (or 0).
pub fn slice_map(op: Op<'_>) -> Result<(Map, Vec<i64>), OpError> {
    let (offsets, strides) = (extents(op, "static_offsets")?, static_ints(op, "static_strides")?);
    let result = op.res(0).tensor_ty().map(|t| t.shape).unwrap_or_default();
    let kept = kept_dims(op, &extents(op, "static_sizes")?, &result)?;
    let (offsets, shift): (Vec<i64>, Vec<i64>) =
        offsets.into_iter().map(|o| if extent::is_symbolic(o) { (0, o) } else { (o, 0) }).unzip();
    let mut next = 0..result.len();
    let results = kept
        .iter()
        .zip(offsets.iter().zip(&strides))
        .map(|(&keep, (&o, &s))| {
            let dim = if keep { next.next() } else { None };
            dim.map_or(LinExpr::constant(o), |d| LinExpr::dim(d).times(s).plus(&LinExpr::constant(o)))
        })
        .collect();
    Ok((Map { dims: result.len(), results }, shift))
}

/// Per dim of a slice's sizes: whether a tensor of shape `shape`, which may lack dims of extent 1, has it.
pub fn kept_dims(op: Op<'_>, sizes: &[i64], shape: &[i64]) -> Result<Vec<bool>, OpError> {
    let mut next = shape.iter().peekable();
    let kept: Vec<bool> = sizes.iter().map(|n| next.next_if_eq(&n).is_some()).collect();
    if next.peek().is_some() {
        return Err(OpError::new(op, format!("a shape of {shape:?} doesn't follow from sizes {sizes:?}")));
    }
    Ok(kept)
}
