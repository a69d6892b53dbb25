//! `nn.scatter`: an invocation computes elements of one row of the result, and looks at all updates in their order, so that
//! those of one row come in the same order always.

use super::places::{Places, number, when};
use crate::lower::Schedule;
use crate::lower::kernel::Kernel;
use crate::lower::point::PointEval;
use crate::lower::serial::{Serial, lanes, load_index, load_lanes};
use crate::lower::space::LoopDim;
use crate::lower::sweep::between;
use crate::lower::vector::store;
use weft_dialects::ir::{Cx, LinExpr, OpError, ValueExt};
use weft_dialects::nn::Combine;
use weft_dialects::nn::scatter::Scatter;

/// The grid, and lanes.
///
/// # Errors
/// When the kernel has a prologue or tail.
pub fn schedule(kernel: &Kernel<'_>) -> Result<Schedule, OpError> {
    let k = Serial::of(kernel)?;
    let lanes = lanes(k.elem(), k.shape(0)[1]);
    let mut schedule = places(kernel, &k, lanes).schedule();
    schedule.push(("lanes", lanes));
    Ok(schedule)
}

/// Builds what an invocation runs.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>) -> Result<(), OpError> {
    let k = Serial::of(kernel)?;
    let lanes = kernel.lanes(lanes(k.elem(), k.shape(0)[1]))?;
    let combine = Combine::of(k.root, &Scatter(k.root).combine())?.scalar_op(k.elem());
    let b = kernel.builder(cx);
    let mut point = PointEval::new(kernel, cx);
    let places = places(kernel, &k, lanes);
    let (id, among) = number(&b, kernel)?;
    let steps = places.split(&b, &mut point, id);
    let inside = places.inside(&b, &mut point, id, &steps, among);
    when(&b, &mut point, inside, |b, point| {
        let row = steps[0].1;
        let i = point.linear(b, &LinExpr::dim(0).times(lanes), &[steps[1].1]);
        let (none, updates) = (point.index(b, 0), point.index(b, k.shape(2)[0]));
        let before = load_lanes(b, k.ins[0], &[row, i], lanes);
        let after = between(b, point, (none, updates, 1), &[before], |b, _, m, acc| {
            let hits = b.compare("eq", load_index(b, k.ins[1], &[m]), row);
            Ok(b.either(hits, &[acc[0].ty()], |b, hits| {
                if !hits {
                    return acc.to_vec();
                }
                let v = load_lanes(b, k.ins[2], &[m, i], lanes);
                vec![combine.map_or(v, |op| b.binary(op, acc[0], v))]
            }))
        })?;
        store(b, after[0], k.out, &[row, i]);
        Ok(())
    })
}

/// Rows, and vectors of each.
fn places(kernel: &Kernel<'_>, k: &Serial<'_>, lanes: i64) -> Places {
    let dims = k.shape(0).into_iter().enumerate();
    let dims: Vec<_> = dims.map(|(dim, extent)| LoopDim { dim, extent, reduced: false, merged: false }).collect();
    Places::of(kernel, &dims, lanes)
}
