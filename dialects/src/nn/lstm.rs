//! Long short-term memory.

use super::recurrent::{Extents, activations, clip};
use super::shape_of;
use crate::ir::{Op, OpError, Scalar, Tensor, TensorTy};

crate::declare_op! {
    Lstm: "nn.lstm", pure,
    "The recurrence of an LSTM layer in one direction; the inputs' share of the gates is computed before. With \
     `s = x[t] + h r` in the gates i, o, f and c of ONNX, and activations f, g, h:\n\n\
     `i = f(s_i + p_i c)`, `f = f(s_f + p_f c)`, `c' = f c + i g(s_c)`, `o = f(s_o + p_o c')`, `h' = o h(c')`.\n\n\
     Arguments of the gates' activations are clipped to `[-clip, clip]`.\n\n\
     Shapes: x `T x B x 4H` with bias; r `H x 4 x H`, from unit to gate of unit, or packed \
     `1 x ceil(H/P) x H x 4P`; h0 and c0 `B x H`; p `3 x H` (for i, o, f) or `0 x H` without peepholes; lengths `B` (i32), or `0` \
     if every row has T steps. y `2 x (T+1) x B x H`: hidden states and cell states, a slot a step and one for the \
     initial state, which is slot 0, or slot T with `reverse`: step t makes slot t + 1 of slot t, or t of t + 1. Steps beyond a \
     row's length leave its states as they are.",
    operands { x: Shaped, r: Shaped, h0: Shaped, c0: Shaped, p: Shaped, lengths: Shaped },
    attrs {
        panel: Int = "Hidden units P of a panel of r; 0 if r is not packed.",
        reverse: Int = "1 if time runs backwards.",
        activations: Str = "f, g and h by ONNX's names, with parameters: `Sigmoid Tanh LeakyRelu(0.01)`.",
        clip: Float = "Bound of the gates' arguments; 0 if there is none.",
        input_forget: Int = "1 if the forget gate is `1 - i`."
    },
    results { y: Shaped }
}

/// The gates, in ONNX's order: input, output, forget, cell.
pub const GATES: i64 = 4;

/// Checked extents.
///
/// # Errors
/// When shapes or attributes contradict each other.
pub fn extents(op: Op<'_>) -> Result<Extents, OpError> {
    let e = Extents::of(op, GATES, Lstm(op).panel())?;
    activations::<3>(op)?;
    e.expect(op, 3, &[e.rows, e.hidden])?;
    if shape_of(op, 4)?.shape[0] != 0 {
        e.expect(op, 4, &[3, e.hidden])?;
    }
    Ok(e)
}

/// Shape rule.
///
/// # Errors
/// As [`extents`].
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    Ok(extents(op)?.result(&shape_of(op, 0)?, 2))
}

/// Reference evaluation, in f64; states are rounded to their type.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let (e, ty, op_view) = (extents(op)?, infer(op)?, Lstm(op));
    let [f, g, h] = activations::<3>(op)?;
    let (x, r, p) = (&args[0], &args[1], &args[4]);
    let (reverse, limit) = (op_view.reverse() != 0, op_view.clip());
    let mut y = Tensor::zeros(ty.elem, &ty.shape);
    for row in 0..e.rows {
        for j in 0..e.hidden {
            for s in 0..2 {
                y.set(e.at(s, e.first_slot(reverse), row, j), args[2 + s as usize].get((row * e.hidden + j) as usize));
            }
        }
    }
    e.walk(reverse, &args[5], |step, held| {
        for j in 0..e.hidden {
            let before = |y: &Tensor, s: i64, k: i64| y.get(e.at(s, step.from, step.row, k)).f64();
            let cell = before(&y, 1, j);
            let (mut next_h, mut next_c) = (before(&y, 0, j), cell);
            if !held {
                let sum = |gate: i64| {
                    let recurrent: f64 = (0..e.hidden).map(|k| before(&y, 0, k) * e.weight(r, k, gate, j)).sum();
                    e.input(x, step.t, step.row, gate, j) + recurrent
                };
                let peep = |at: i64, c: f64| {
                    if p.is_empty() { 0.0 } else { p.get((at * e.hidden + j) as usize).f64() * c }
                };
                let i = f.at(clip(sum(0) + peep(0, cell), limit));
                let forget = match op_view.input_forget() {
                    0 => f.at(clip(sum(2) + peep(2, cell), limit)),
                    _ => 1.0 - i,
                };
                next_c = forget * cell + i * g.at(clip(sum(3), limit));
                let o = f.at(clip(sum(1) + peep(1, next_c), limit));
                next_h = o * h.at(next_c);
            }
            y.set(e.at(0, step.to, step.row, j), Scalar::F(next_h));
            y.set(e.at(1, step.to, step.row, j), Scalar::F(next_c));
        }
    });
    Ok(y)
}
