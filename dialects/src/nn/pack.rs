//! Packing a matrix into column panels, the order in which the GEMM kernels read their right side.

use super::shape_of;
use crate::ir::{Op, OpError, Tensor, TensorTy, extent};

crate::declare_op! {
    Pack: "nn.pack", pure,
    "Packs each matrix of a batch into panels of `panel` columns, K-major inside a panel: \
     `y[b, j / P, k, j % P] = x[b, k, j]`, zero beyond the last column.\n\nShapes: x `B x K x N`, y `B x ceil(N/P) x K x P`.",
    operands { x: Shaped },
    attrs { panel: Int = "Columns P of a panel." },
    results { y: Shaped }
}

/// Shape rule.
///
/// # Errors
/// When x is not three-dimensional or `panel` is not positive.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let x = shape_of(op, 0)?;
    let p = Pack(op).panel();
    match x.shape[..] {
        [b, k, n] if p > 0 => Ok(TensorTy::new(x.elem, &[b, extent::ceil_div(n, p), k, p])),
        _ => Err(OpError::new(op, format!("needs 3 dims (B, K, N) and a positive panel, not {:?} and {p}", x.shape))),
    }
}

/// Reference evaluation.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let ty = infer(op)?;
    let p = Pack(op).panel();
    let x = &args[0];
    let (batch, k, n) = (x.shape[0], x.shape[1], x.shape[2]);
    let mut y = Tensor::zeros(ty.elem, &ty.shape);
    let (bytes, data) = (ty.elem.bytes(), y.data.to_mut());
    for b in 0..batch {
        for ki in 0..k {
            // A panel's row is a run of a row of x.
            for j in (0..n).step_by(p as usize) {
                let from = ((b * k + ki) * n + j) as usize * bytes;
                let to = ((b * ty.shape[1] + j / p) * k + ki) as usize * p as usize * bytes;
                let run = p.min(n - j) as usize * bytes;
                data[to..to + run].copy_from_slice(&x.data[from..from + run]);
            }
        }
    }
    Ok(y)
}
