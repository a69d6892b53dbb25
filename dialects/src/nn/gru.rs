//! Gated recurrent unit.

use super::recurrent::{Extents, activations, clip};
use super::shape_of;
use crate::ir::{Op, OpError, Scalar, Tensor, TensorTy};

crate::declare_op! {
    Gru: "nn.gru", pure,
    "The recurrence of a GRU layer in one direction; the inputs' share of the gates is computed before. With the gates z, r and h \
     of ONNX and activations f, g:\n\n\
     `z = f(x_z + h r_z)`, `r = f(x_r + h r_r)`, `c = g(x_h + (r h) r_h)`, or with `linear_before_reset` \
     `c = g(x_h + r (h r_h + rb))`, and `h' = (1 - z) c + z h`.\n\n\
     Arguments of activations are clipped to `[-clip, clip]`.\n\n\
     Shapes: x `T x B x 3H` with bias; r `H x 3 x H`, from unit to gate of unit, or packed `1 x ceil(H/P) x H x 3P`; h0 `B x H`; rb \
     `H` with `linear_before_reset`, else `0`; lengths `B` (i32), or `0` if every row has T steps. y `S x (T+1) x B x H`: \
     hidden states, a slot a step and one for the initial state, which is slot 0, or slot T with `reverse`: step t makes slot \
     t + 1 of slot t, or t of t + 1. Steps beyond a row's length leave its states as they are. S is 1 with \
     `linear_before_reset`; else it is 2, and `y[1]` holds what the last product of each step is of: `r h`, and 0 in the \
     initial slot.",
    operands { x: Shaped, r: Shaped, h0: Shaped, rb: Shaped, lengths: Shaped },
    attrs {
        panel: Int = "Hidden units P of a panel of r; 0 if r is not packed.",
        reverse: Int = "1 if time runs backwards.",
        activations: Str = "f and g by ONNX's names, with parameters: `Sigmoid LeakyRelu(0.01)`.",
        clip: Float = "Bound of the activations' arguments; 0 if there is none.",
        linear_before_reset: Int = "1 if the reset gate applies behind the product with r_h."
    },
    results { y: Shaped }
}

/// The gates, in ONNX's order: update, reset, candidate.
pub const GATES: i64 = 3;

/// Checked extents.
///
/// # Errors
/// When shapes or attributes contradict each other.
pub fn extents(op: Op<'_>) -> Result<Extents, OpError> {
    let e = Extents::of(op, GATES, Gru(op).panel())?;
    activations::<2>(op)?;
    e.expect(op, 3, &[if Gru(op).linear_before_reset() == 0 { 0 } else { e.hidden }])?;
    Ok(e)
}

/// Shape rule.
///
/// # Errors
/// As [`extents`].
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let states = if Gru(op).linear_before_reset() == 0 { 2 } else { 1 };
    Ok(extents(op)?.result(&shape_of(op, 0)?, states))
}

/// Reference evaluation, in f64; states are rounded to their type.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let (e, ty, op_view) = (extents(op)?, infer(op)?, Gru(op));
    let [f, g] = activations::<2>(op)?;
    let (x, r, rb) = (&args[0], &args[1], &args[3]);
    let (reverse, limit, linear) = (op_view.reverse() != 0, op_view.clip(), op_view.linear_before_reset() != 0);
    let mut y = Tensor::zeros(ty.elem, &ty.shape);
    for row in 0..e.rows {
        for j in 0..e.hidden {
            y.set(e.at(0, e.first_slot(reverse), row, j), args[2].get((row * e.hidden + j) as usize));
        }
    }
    e.walk(reverse, &args[4], |step, held| {
        let state = |y: &Tensor, s: i64, t: i64, k: i64| y.get(e.at(s, t, step.row, k)).f64();
        if held {
            for s in 0..ty.shape[0] {
                for j in 0..e.hidden {
                    let v = state(&y, s, step.from, j);
                    y.set(e.at(s, step.to, step.row, j), Scalar::F(v));
                }
            }
            return;
        }
        let product = |y: &Tensor, s: i64, t: i64, gate: i64, j: i64| -> f64 {
            (0..e.hidden).map(|k| state(y, s, t, k) * e.weight(r, k, gate, j)).sum()
        };
        let gate = |y: &Tensor, gate: i64, j: i64| {
            let s = e.input(x, step.t, step.row, gate, j) + product(y, 0, step.from, gate, j);
            f.at(clip(s, limit))
        };
        if !linear {
            for j in 0..e.hidden {
                let v = gate(&y, 1, j) * state(&y, 0, step.from, j);
                y.set(e.at(1, step.to, step.row, j), Scalar::F(v));
            }
        }
        for j in 0..e.hidden {
            let z = gate(&y, 0, j);
            let recurrent = if linear {
                gate(&y, 1, j) * (product(&y, 0, step.from, 2, j) + rb.get(j as usize).f64())
            } else {
                product(&y, 1, step.to, 2, j)
            };
            let c = g.at(clip(e.input(x, step.t, step.row, 2, j) + recurrent, limit));
            let v = (1.0 - z) * c + z * state(&y, 0, step.from, j);
            y.set(e.at(0, step.to, step.row, j), Scalar::F(v));
        }
    });
    Ok(y)
}
