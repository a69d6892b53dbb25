//! Running sums and products.

use super::{Combine, shape_of};
use crate::ir::{Op, OpError, Tensor, TensorTy};

crate::declare_op! {
    Cumulative: "nn.cumulative", pure,
    "Running sums or products along the middle dim: `y[a, n, b]` combines `x[a, i, b]` for all i up to n; below n if `exclusive`; \
     from the end if `reverse`. Rounds after each step.\n\nShapes: x and y `A x N x B`.",
    operands { x: Shaped },
    attrs {
        combine: Str = "`add` or `mul`.",
        exclusive: Int = "1 if an element doesn't count itself.",
        reverse: Int = "1 if it starts from the end."
    },
    results { y: Shaped }
}

/// Shape rule.
///
/// # Errors
/// When x is not three-dimensional.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let x = shape_of(op, 0)?;
    if x.shape.len() == 3 { Ok(x) } else { Err(OpError::new(op, format!("needs 3 dims, not {}", x.shape.len()))) }
}

/// Reference evaluation.
///
/// # Errors
/// As [`infer`], or when `combine` is unknown.
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let ty = infer(op)?;
    let view = Cumulative(op);
    let combine = Combine::of(op, &view.combine())?;
    let identity = combine.identity(ty.elem).ok_or_else(|| OpError::new(op, "combines by a sum or a product"))?;
    let (outer, n, inner) = (ty.shape[0], ty.shape[1], ty.shape[2]);
    let mut y = args[0].clone();
    for a in 0..outer {
        for b in 0..inner {
            let mut sum = identity;
            for i in 0..n {
                let i = if view.reverse() != 0 { n - 1 - i } else { i };
                let at = ((a * n + i) * inner + b) as usize;
                let next = combine.apply(sum, args[0].get(at), ty.elem);
                y.set(at, if view.exclusive() != 0 { sum } else { next });
                sum = next;
            }
        }
    }
    Ok(y)
}
