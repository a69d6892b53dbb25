//! Rows written at positions that depend on data.

use super::{Combine, shape_of};
use crate::ir::{Op, OpError, Tensor, TensorTy};

crate::declare_op! {
    Scatter: "nn.scatter", pure,
    "x with rows of u written, or combined, at the rows that p names: for each m in order, `y[p[m], :] = combine(y[p[m], :], u[m, :])`, \
     where y starts as x. A position outside of x is skipped.\n\nShapes: x `N x D`, p `M` (i32), u `M x D`, y as x.",
    operands { x: Shaped, p: Shaped, u: Shaped },
    attrs { combine: Str = "`set`, `add`, `mul`, `min`, `max`, or `minu`, `maxu` of unsigned integers. A NaN is both minimum and maximum." },
    results { y: Shaped }
}

/// Shape rule.
///
/// # Errors
/// When shapes don't fit each other.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let (x, p, u) = (shape_of(op, 0)?, shape_of(op, 1)?, shape_of(op, 2)?);
    match (&x.shape[..], &p.shape[..], &u.shape[..]) {
        (&[_, d], &[m], &[m2, d2]) if m == m2 && d == d2 && x.elem == u.elem => Ok(x),
        _ => Err(OpError::new(op, format!("{:?}, {:?} and {:?} don't fit each other", x.shape, p.shape, u.shape))),
    }
}

/// Reference evaluation, rounding after each combination.
///
/// # Errors
/// As [`infer`], or when `combine` is unknown.
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let ty = infer(op)?;
    let combine = Combine::of(op, &Scatter(op).combine())?;
    let (n, d) = (ty.shape[0], ty.shape[1] as usize);
    let mut y = args[0].clone();
    for (m, p) in args[1].to_i64s().into_iter().enumerate().filter(|(_, p)| (0..n).contains(p)) {
        for i in 0..d {
            let at = p as usize * d + i;
            y.set(at, combine.apply(y.get(at), args[2].get(m * d + i), ty.elem));
        }
    }
    Ok(y)
}
