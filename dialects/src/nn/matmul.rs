//! Matrix product, batched.

use super::{shape_of, sum_elem};
use crate::ir::{Op, OpError, OpExt, Scalar, Tensor, TensorTy, ValueExt, extent};

crate::declare_op! {
    Matmul: "nn.matmul", pure,
    "Matrix product `y[b,i,j] = sum over k of a[b,i,k] * b[b,k,j]`.\n\nShapes: a `B x M x K`, b `B x K x N` or, with \
     batch extent 1, shared by all of a's; y `B x M x N`. With `panel = P > 0`, b is packed by `nn.pack`: \
     `B x ceil(N/P) x K x P`. Operands of f16 are summed in f32, and y may be f32.",
    operands { a: Shaped, b: Shaped },
    attrs {
        columns: Int = "Columns N of the result; -1 if that is an expression, which the types show.",
        panel: Int = "Columns of a panel of b; 0 if b is not packed."
    },
    results { y: Shaped }
}

/// What `columns` is where the number isn't known.
pub const OPEN: i64 = -1;

impl Matmul<'_> {
    /// The extent N.
    pub fn width(self) -> i64 {
        let of = |v: crate::ir::Value<'_>| v.tensor_ty().and_then(|t| t.shape.last().copied()).unwrap_or_default();
        match (self.columns(), self.panel()) {
            (OPEN, 0) => of(self.b()),
            (OPEN, _) => of(self.0.res(0)),
            (n, _) => n,
        }
    }
}

/// Shape rule.
///
/// # Errors
/// When shapes and attributes contradict each other.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let (a, b) = (shape_of(op, 0)?, shape_of(op, 1)?);
    let (n, panel) = (Matmul(op).width(), Matmul(op).panel());
    let [batch, m, k] = a.shape[..] else {
        return Err(OpError::new(op, format!("left side must have 3 dims (B, M, K), not {}", a.shape.len())));
    };
    let tail = if panel > 0 { vec![extent::ceil_div(n, panel), k, panel] } else { vec![k, n] };
    let fits = b.shape.len() == tail.len() + 1 && b.shape[1..] == tail[..] && (b.shape[0] == batch || b.shape[0] == 1);
    if !fits {
        return Err(OpError::new(
            op,
            format!("right side is {:?}, but {batch} or 1, then {tail:?} is needed", b.shape),
        ));
    }
    Ok(TensorTy::new(sum_elem(op, a.elem), &[batch, m, n]))
}

/// Reference evaluation; sums in f64 (integers in i64).
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let ty = infer(op)?;
    let (n, panel) = (Matmul(op).width(), Matmul(op).panel());
    let [batch, m, k] = [args[0].shape[0], args[0].shape[1], args[0].shape[2]];
    let shared = args[1].shape[0] == 1;
    let b_at = |bi: i64, ki: i64, j: i64| {
        let bi = if shared { 0 } else { bi };
        if panel > 0 {
            let panels = (n + panel - 1) / panel;
            ((bi * panels + j / panel) * k + ki) * panel + j % panel
        } else {
            (bi * k + ki) * n + j
        }
    };
    let mut y = Tensor::zeros(ty.elem, &ty.shape);
    let mut at = 0;
    for bi in 0..batch {
        for i in 0..m {
            for j in 0..n {
                let pairs = (0..k)
                    .map(|ki| (args[0].get(((bi * m + i) * k + ki) as usize), args[1].get(b_at(bi, ki, j) as usize)));
                let sum = if ty.elem.is_float() {
                    Scalar::F(pairs.map(|(a, b)| a.f64() * b.f64()).sum())
                } else {
                    Scalar::I(pairs.fold(0i64, |s, (a, b)| s.wrapping_add(a.i64().wrapping_mul(b.i64()))))
                };
                y.set(at, sum);
                at += 1;
            }
        }
    }
    Ok(y)
}
