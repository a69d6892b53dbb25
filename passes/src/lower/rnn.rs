//! `nn.rnn` to loops: eight units at once.

use super::Schedule;
use super::kernel::Kernel;
use super::recurrent::{self, Cell, buffer};
use crate::target::Target;
use weft_dialects::ir::{Cx, OpError};
use weft_dialects::nn::recurrent::activations;
use weft_dialects::nn::rnn::{GATES, Rnn, extents};

/// Units of the outermost loop (rows), and sums a vector of units.
///
/// # Errors
/// When the kernel is no recurrent layer that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    recurrent::schedule(kernel, &extents(kernel.blame())?, target, &[("ways", GATES)])
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let op = kernel.blame();
    let view = Rnn(op);
    let cell = Cell::of(kernel, extents(op)?, view.reverse() != 0, target)?;
    let [f] = activations::<1>(op)?;
    let (h0, ways) = (buffer(kernel, 2)?, kernel.setting("ways")?);
    let b = kernel.builder(cx);
    cell.build(kernel, &b, &[Some(h0)], |b, now| {
        cell.panels(b, now, (0, now.from), 0..GATES, ways, |b, u, sums| {
            let v = b.binary("arith.addf", cell.input(b, now, 0, u), sums[0]);
            let y = cell.activate(b, f, cell.clip(b, v, view.clip(), u.lanes), u.lanes);
            cell.store_state(b, y, 0, now.to, now.row, u);
        });
    })
}
