//! `nn.cumulative`: an invocation runs along one line, neighbours along neighbouring ones; where there are few lines, a workgroup
//! shares one.

use super::places::{Places, number, when};
use crate::lower::Schedule;
use crate::lower::kernel::Kernel;
use crate::lower::point::PointEval;
use crate::lower::serial::{Serial, lanes, load_lanes};
use crate::lower::space::LoopDim;
use crate::lower::sweep::between;
use crate::lower::vector::{splat, store};
use weft_dialects::ir::{Cx, LinExpr, OpError};
use weft_dialects::nn::Combine;
use weft_dialects::nn::cumulative::Cumulative;

/// The grid, and lanes along the inner dim.
///
/// # Errors
/// When the kernel has a prologue or tail.
pub fn schedule(kernel: &Kernel<'_>) -> Result<Schedule, OpError> {
    let k = Serial::of(kernel)?;
    let lanes = lanes(k.elem(), k.shape(0)[2]);
    let mut schedule = lines(kernel, &k, lanes).schedule();
    schedule.push(("lanes", lanes));
    Ok(schedule)
}

/// Builds what an invocation runs.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>) -> Result<(), OpError> {
    let k = Serial::of(kernel)?;
    let view = Cumulative(k.root);
    let (n, elem) = (k.shape(0)[1], k.elem());
    let lanes = kernel.lanes(lanes(elem, k.shape(0)[2]))?;
    let combine = Combine::of(k.root, &view.combine())?;
    let unknown = || OpError::new(k.root, "combines by a sum or a product");
    let (op, identity) = combine.scalar_op(elem).zip(combine.identity(elem)).ok_or_else(unknown)?;
    let (reverse, exclusive) = (view.reverse() != 0, view.exclusive() != 0);
    let b = kernel.builder(cx);
    let mut point = PointEval::new(kernel, cx);
    let places = lines(kernel, &k, lanes);
    let (id, among) = number(&b, kernel)?;
    let steps = places.split(&b, &mut point, id);
    let inside = places.inside(&b, &mut point, id, &steps, among);
    when(&b, &mut point, inside, |b, point| {
        let a = steps[0].1;
        let j = point.linear(b, &LinExpr::dim(0).times(lanes), &[steps[1].1]);
        let start = b.scalar(elem, identity);
        let start = if lanes > 1 { splat(b, start, lanes) } else { start };
        let (none, end) = (point.index(b, 0), point.index(b, n));
        between(b, point, (none, end, 1), &[start], |b, _, i, acc| {
            let i = if reverse { b.binary("arith.subi", b.index(n - 1), i) } else { i };
            let next = b.binary(op, acc[0], load_lanes(b, k.ins[0], &[a, i, j], lanes));
            store(b, if exclusive { acc[0] } else { next }, k.out, &[a, i, j]);
            Ok(vec![next])
        })
        .map(|_| ())
    })
}

/// Lines: the outer dim, and vectors of the inner one.
fn lines(kernel: &Kernel<'_>, k: &Serial<'_>, lanes: i64) -> Places {
    let dims = k.shape(0).into_iter().enumerate().filter(|d| d.0 != 1);
    let dims: Vec<_> = dims.map(|(dim, extent)| LoopDim { dim, extent, reduced: false, merged: false }).collect();
    Places::of(kernel, &dims, lanes)
}
