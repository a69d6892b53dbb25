//! `nn.lstm` to loops: the four gates of eight units at once.

use super::Schedule;
use super::kernel::Kernel;
use super::recurrent::{self, Cell, buffer};
use crate::target::Target;
use weft_dialects::ir::{Cx, OpError, ValueExt};
use weft_dialects::nn::lstm::{GATES, Lstm, extents};
use weft_dialects::nn::recurrent::activations;

/// Units of the outermost loop (rows), and sums a gate.
///
/// # Errors
/// When the kernel is no LSTM that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    recurrent::schedule(kernel, &extents(kernel.blame())?, target, &[("ways", GATES)])
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let op = kernel.blame();
    let view = Lstm(op);
    let cell = Cell::of(kernel, extents(op)?, view.reverse() != 0, target)?;
    let [f, g, h] = activations::<3>(op)?;
    let ways = kernel.setting("ways")?;
    let (h0, c0, peepholes) = (buffer(kernel, 2)?, buffer(kernel, 3)?, buffer(kernel, 4)?);
    let peeps = view.p().tensor_ty().is_some_and(|t| !t.is_empty());
    let b = kernel.builder(cx);
    cell.build(kernel, &b, &[Some(h0), Some(c0)], |b, now| {
        cell.panels(b, now, (0, now.from), 0..GATES, ways, |b, u, sums| {
            let add = |x, y| b.binary("arith.addf", x, y);
            let mul = |x, y| b.binary("arith.mulf", x, y);
            let before = cell.state(b, 1, now.from, now.row, u);
            // A gate's activation of its inputs, and of a cell state through a peephole.
            let gate = |at: usize, a, peep| {
                let mut v = add(cell.input(b, now, at as i64, u), sums[at]);
                if let (Some((p, c)), true) = (peep, peeps) {
                    v = add(v, mul(cell.load(b, peepholes, &[b.index(p)], u), c));
                }
                cell.activate(b, a, cell.clip(b, v, view.clip(), u.lanes), u.lanes)
            };
            let i = gate(0, f, Some((0, before)));
            let forget = match view.input_forget() {
                0 => gate(2, f, Some((2, before))),
                _ => b.binary("arith.subf", cell.number(b, 1.0, u.lanes), i),
            };
            let c = add(mul(forget, before), mul(i, gate(3, g, None)));
            cell.store_state(b, c, 1, now.to, now.row, u);
            let o = gate(1, f, Some((1, c)));
            let y = mul(o, cell.activate(b, h, c, u.lanes));
            cell.store_state(b, y, 0, now.to, now.row, u);
        });
    })
}
