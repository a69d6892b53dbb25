//! Softmax along the last dim.

use super::shape_of;
use crate::ir::{Op, OpError, Scalar, Tensor, TensorTy};

crate::declare_op! {
    Softmax: "nn.softmax", pure,
    "`y[r,i] = exp(x[r,i] - max_j x[r,j]) / sum_j exp(x[r,j] - max_j x[r,j])` for each row `r`, the last dim.\n\nShapes: x and y equal; `R x N` if no extent is symbolic.",
    operands { x: Shaped },
    attrs {},
    results { y: Shaped }
}

/// Shape rule.
///
/// # Errors
/// When x is a scalar.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let x = shape_of(op, 0)?;
    if x.shape.is_empty() { Err(OpError::new(op, "a scalar has no rows")) } else { Ok(x) }
}

/// Reference evaluation, in f64.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let ty = infer(op)?;
    let n = ty.shape.last().copied().unwrap_or(1).max(1) as usize;
    let x: Vec<f64> = args[0].scalars().map(Scalar::f64).collect();
    let rows = x.chunks(n).flat_map(|row| {
        let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let e: Vec<f64> = row.iter().map(|v| (v - max).exp()).collect();
        let sum: f64 = e.iter().sum();
        e.into_iter().map(move |v| Scalar::F(v / sum)).collect::<Vec<_>>()
    });
    Ok(Tensor::from_scalars(ty.elem, &ty.shape, rows))
}
