//! Simple recurrent layer.

use super::recurrent::{Extents, activations, clip};
use super::shape_of;
use crate::ir::{Op, OpError, Scalar, Tensor, TensorTy};

crate::declare_op! {
    Rnn: "nn.rnn", pure,
    "The recurrence of a simple recurrent layer in one direction, `h' = f(x[t] + h r)`; the inputs' share is computed before. The \
     activation's argument is clipped to `[-clip, clip]`.\n\n\
     Shapes: x `T x B x H` with bias; r `H x 1 x H`, from unit to unit, or packed `1 x ceil(H/P) x H x P`; h0 `B x H`; lengths `B` \
     (i32), or `0` if every row has T steps. y `1 x (T+1) x B x H`: hidden states, a slot a step and one for the initial \
     state, which is slot 0, or slot T with `reverse`: step t makes slot t + 1 of slot t, or t of t + 1. Steps beyond a \
     row's length leave its state as it is.",
    operands { x: Shaped, r: Shaped, h0: Shaped, lengths: Shaped },
    attrs {
        panel: Int = "Hidden units P of a panel of r; 0 if r is not packed.",
        reverse: Int = "1 if time runs backwards.",
        activations: Str = "f by ONNX's name, with parameters: `LeakyRelu(0.01)`.",
        clip: Float = "Bound of the activation's argument; 0 if there is none."
    },
    results { y: Shaped }
}

/// The one gate.
pub const GATES: i64 = 1;

/// Checked extents.
///
/// # Errors
/// When shapes or attributes contradict each other.
pub fn extents(op: Op<'_>) -> Result<Extents, OpError> {
    activations::<1>(op)?;
    Extents::of(op, GATES, Rnn(op).panel())
}

/// Shape rule.
///
/// # Errors
/// As [`extents`].
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    Ok(extents(op)?.result(&shape_of(op, 0)?, 1))
}

/// Reference evaluation, in f64; states are rounded to their type.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let (e, ty) = (extents(op)?, infer(op)?);
    let [f] = activations::<1>(op)?;
    let (x, r, reverse) = (&args[0], &args[1], Rnn(op).reverse() != 0);
    let mut y = Tensor::zeros(ty.elem, &ty.shape);
    for row in 0..e.rows {
        for j in 0..e.hidden {
            y.set(e.at(0, e.first_slot(reverse), row, j), args[2].get((row * e.hidden + j) as usize));
        }
    }
    e.walk(reverse, &args[3], |step, held| {
        for j in 0..e.hidden {
            let before = |y: &Tensor, k: i64| y.get(e.at(0, step.from, step.row, k)).f64();
            let next = if held {
                before(&y, j)
            } else {
                let recurrent: f64 = (0..e.hidden).map(|k| before(&y, k) * e.weight(r, k, 0, j)).sum();
                f.at(clip(e.input(x, step.t, step.row, 0, j) + recurrent, Rnn(op).clip()))
            };
            y.set(e.at(0, step.to, step.row, j), Scalar::F(next));
        }
    });
    Ok(y)
}
