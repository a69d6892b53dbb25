//! Normalisation of rows: what layer, instance, group and RMS normalisation have in common.

use super::shape_of;
use crate::ir::{Op, OpError, Scalar, Tensor, TensorTy};

crate::declare_op! {
    LayerNorm: "nn.layer_norm", pure,
    "`y[r,i] = (x[r,i] - mean_r) / sqrt(variance_r + epsilon)` for each row, where the variance is the mean of the squared \
     distances from the mean. With `centred = 0` the mean is taken to be 0 (RMS normalisation). Scale and bias are \
     ordinary arithmetic behind it.\n\nShapes: x and y `R x N`.",
    operands { x: Shaped },
    attrs {
        epsilon: Float = "Added to the variance.",
        centred: Int = "1 if the mean is subtracted, 0 if not."
    },
    results { y: Shaped }
}

/// Shape rule.
///
/// # Errors
/// When x is not two-dimensional.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let x = shape_of(op, 0)?;
    if x.shape.len() == 2 { Ok(x) } else { Err(OpError::new(op, format!("needs 2 dims, not {}", x.shape.len()))) }
}

/// Reference evaluation, in f64.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let ty = infer(op)?;
    let (epsilon, centred) = (LayerNorm(op).epsilon(), LayerNorm(op).centred() != 0);
    let n = ty.shape[1].max(1) as usize;
    let x: Vec<f64> = args[0].scalars().map(Scalar::f64).collect();
    let rows = x.chunks(n).flat_map(|row| {
        let mean = if centred { row.iter().sum::<f64>() / n as f64 } else { 0.0 };
        let variance = row.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n as f64;
        let deviation = (variance + epsilon).sqrt();
        row.iter().map(move |v| Scalar::F((v - mean) / deviation)).collect::<Vec<_>>()
    });
    Ok(Tensor::from_scalars(ty.elem, &ty.shape, rows))
}
