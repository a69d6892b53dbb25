//! `nn.gru` to loops: all gates of eight units at once if the reset gate applies behind the product; else first the update and
//! reset gates of all units, then the candidates, whose product is of the reset states. The update gates wait in the slot that
//! the new states go to.

use super::Schedule;
use super::kernel::Kernel;
use super::recurrent::{self, Cell, Units, buffer};
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, OpError, Value};
use weft_dialects::nn::gru::{GATES, Gru, extents};
use weft_dialects::nn::recurrent::activations;

/// Units of the outermost loop (rows), and sums a gate: of all, or of the two first and of the candidate.
///
/// # Errors
/// When the kernel is no GRU that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let op = kernel.blame();
    let products: &[_] =
        if Gru(op).linear_before_reset() == 0 { &[("ways", 2), ("ways_candidate", 1)] } else { &[("ways", GATES)] };
    recurrent::schedule(kernel, &extents(op)?, target, products)
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let op = kernel.blame();
    let view = Gru(op);
    let cell = Cell::of(kernel, extents(op)?, view.reverse() != 0, target)?;
    let [f, g] = activations::<2>(op)?;
    let (h0, rb, ways) = (buffer(kernel, 2)?, buffer(kernel, 3)?, kernel.setting("ways")?);
    let b = kernel.builder(cx);
    let activate =
        |b: &Builder<'c>, a, v, u: Units<'c>| cell.activate(b, a, cell.clip(b, v, view.clip(), u.lanes), u.lanes);
    // (1 - z) c + z h
    let blend = |b: &Builder<'c>, z: Value<'c>, c: Value<'c>, h: Value<'c>, u: Units<'c>| {
        let rest = b.binary("arith.subf", cell.number(b, 1.0, u.lanes), z);
        b.binary("arith.addf", b.binary("arith.mulf", rest, c), b.binary("arith.mulf", z, h))
    };
    if view.linear_before_reset() != 0 {
        return cell.build(kernel, &b, &[Some(h0)], |b, now| {
            cell.panels(b, now, (0, now.from), 0..GATES, ways, |b, u, sums| {
                let add = |x, y| b.binary("arith.addf", x, y);
                let gate = |at: usize| activate(b, f, add(cell.input(b, now, at as i64, u), sums[at]), u);
                let (z, r) = (gate(0), gate(1));
                let recurrent = b.binary("arith.mulf", r, add(sums[2], cell.load(b, rb, &[], u)));
                let c = activate(b, g, add(cell.input(b, now, 2, u), recurrent), u);
                let y = blend(b, z, c, cell.state(b, 0, now.from, now.row, u), u);
                cell.store_state(b, y, 0, now.to, now.row, u);
            });
        });
    }
    let ways_candidate = kernel.setting("ways_candidate")?;
    cell.build(kernel, &b, &[Some(h0), None], |b, now| {
        cell.panels(b, now, (0, now.from), 0..2, ways, |b, u, sums| {
            let add = |x, y| b.binary("arith.addf", x, y);
            let gate = |at: usize| activate(b, f, add(cell.input(b, now, at as i64, u), sums[at]), u);
            cell.store_state(b, gate(0), 0, now.to, now.row, u);
            let reset = b.binary("arith.mulf", gate(1), cell.state(b, 0, now.from, now.row, u));
            cell.store_state(b, reset, 1, now.to, now.row, u);
        });
        cell.panels(b, now, (1, now.to), 2..GATES, ways_candidate, |b, u, sums| {
            let v = b.binary("arith.addf", cell.input(b, now, 2, u), sums[0]);
            let c = activate(b, g, v, u);
            let z = cell.state(b, 0, now.to, now.row, u);
            let y = blend(b, z, c, cell.state(b, 0, now.from, now.row, u), u);
            cell.store_state(b, y, 0, now.to, now.row, u);
        });
    })
}
