//! The first positions in sorted order.

use super::shape_of;
use crate::ir::{Elem, Op, OpError, Scalar, Tensor, TensorTy};
use std::cmp::Ordering;

crate::declare_op! {
    TopK: "nn.top_k", pure,
    "The positions of the k greatest (or least) elements of each row, in order; of equal ones the first position comes first. \
     NaNs have no order.\n\nShapes: x `R x N`, y `R x k` (i32).",
    operands { x: Shaped },
    attrs {
        k: Int = "How many, at most N.",
        largest: Int = "1 for the greatest, 0 for the least.",
        unsigned: Int = "1 if x holds unsigned integers."
    },
    results { y: Shaped }
}

/// Shape rule.
///
/// # Errors
/// When x is not two-dimensional or has less than k columns.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let x = shape_of(op, 0)?;
    let k = TopK(op).k();
    match x.shape[..] {
        [r, n] if (0..=n).contains(&k) => Ok(TensorTy::new(Elem::I32, &[r, k])),
        _ => Err(OpError::new(op, format!("needs 2 dims, and k = {k} is at most the last of {:?}", x.shape))),
    }
}

/// Reference evaluation: a stable sort.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let ty = infer(op)?;
    let view = TopK(op);
    let n = args[0].shape[1];
    let bits = 8 * args[0].elem.bytes();
    let compare = |a: Scalar, b: Scalar| match (a, b) {
        (Scalar::F(a), Scalar::F(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        _ if view.unsigned() != 0 => {
            let of = |v: Scalar| v.i64() as u64 & (u64::MAX >> (64 - bits));
            of(a).cmp(&of(b))
        }
        _ => a.i64().cmp(&b.i64()),
    };
    let rows = (0..ty.shape[0]).flat_map(|r| {
        let at = |i: i64| args[0].get((r * n + i) as usize);
        let mut order: Vec<i64> = (0..n).collect();
        order.sort_by(|&i, &j| {
            let by_value = compare(at(i), at(j));
            if view.largest() != 0 { by_value.reverse() } else { by_value }
        });
        order.truncate(view.k() as usize);
        order.into_iter().map(Scalar::I)
    });
    Ok(Tensor::from_scalars(ty.elem, &ty.shape, rows))
}
