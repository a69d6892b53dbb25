//! Slices: where their elements lie.

use weft_dialects::ir::{LinExpr, Map, Op, OpError, OpExt, ValueExt};

/// A static-integers attribute of a slice; dynamic entries are refused.
pub fn static_ints(op: Op<'_>, name: &str) -> Result<Vec<i64>, OpError> {
    let v = op.ints(name).ok_or_else(|| OpError::new(op, format!("lacks '{name}'")))?;
    if v.contains(&i64::MIN) {
        return Err(OpError::new(op, format!("'{name}' must be known at compile time")));
    }
    Ok(v)
}

/// Where the elements of an `extract_slice` lie in its source.
pub fn slice_map(op: Op<'_>) -> Result<Map, OpError> {
    let (offsets, strides) = (static_ints(op, "static_offsets")?, static_ints(op, "static_strides")?);
    let result = op.res(0).tensor_ty().map(|t| t.shape).unwrap_or_default();
    let kept = kept_dims(op, &static_ints(op, "static_sizes")?, &result)?;
    let mut next = 0..result.len();
    let results = kept
        .iter()
        .zip(offsets.iter().zip(&strides))
        .map(|(&keep, (&o, &s))| {
            let dim = if keep { next.next() } else { None };
            dim.map_or(LinExpr::constant(o), |d| LinExpr::dim(d).times(s).plus(&LinExpr::constant(o)))
        })
        .collect();
    Ok(Map { dims: result.len(), results })
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
