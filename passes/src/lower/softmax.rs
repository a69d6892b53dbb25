//! `nn.softmax` to loops, a row at a time: the maximum; exponentials and their sum; the quotients.
//!
//! The exponentials wait in the output for their sum where it has room for them; where the tail reads other tensors, which
//! may share the output's memory, or changes the type, they are computed again.

use super::Schedule;
use super::kernel::Kernel;
use super::point::{PointEval, buffer_ty};
use super::row::{Rows, Sweeps};
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, OpError, Value};

/// Vectors at a time.
const UNROLL: i64 = 8;

/// Units of the outermost loop (rows), lanes, and vectors at a time.
///
/// # Errors
/// When the kernel is no softmax that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    Ok(Rows::plan(kernel, target, UNROLL)?.schedule())
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let rows = Rows::plan(kernel, target, UNROLL)?;
    rows.emit(cx, kernel, |b, point, rows, lead| row(b, point, kernel, (rows, rows), lead, true))
}

/// The sweeps over one row. The output may hold the exponentials meanwhile if `scratch`.
pub(super) fn row<'k, 'c>(
    b: &Builder<'c>,
    point: &mut PointEval<'k, 'c>,
    kernel: &'k Kernel<'c>,
    (rows, sweeps): (&Rows<'c>, &dyn Sweeps<'k, 'c>),
    lead: &[Value<'c>],
    scratch: bool,
) -> Result<(), OpError> {
    let at = |i: Value<'c>| [lead, &[i]].concat();
    // Whether the output holds the exponentials meanwhile.
    let waits = scratch && rows.tail.loads.is_empty() && buffer_ty(kernel.out).elem == Elem::F32;
    // NaN is lost here, but not in the exponentials.
    let larger = |b: &Builder<'c>, x, y, _| b.select(b.compare("olt", x, y), y, x);
    let sum = |b: &Builder<'c>, x, y, _| b.binary("arith.addf", x, y);
    let mut step = |b: &Builder<'c>, point: &mut PointEval<'k, 'c>, i: Value<'c>, lanes: i64, acc: Value<'c>| {
        let v = rows.read(b, point, &at(i), lanes)?;
        Ok(larger(b, acc, v, lanes))
    };
    let max = sweeps.fold(b, point, f64::NEG_INFINITY, &mut step, &larger)?;
    let wide_max = rows.wide(b, max);
    let exponential = |b: &Builder<'c>, point: &mut PointEval<'k, 'c>, i: Value<'c>, lanes: i64| {
        let v = rows.read(b, point, &at(i), lanes)?;
        let less = b.binary("arith.subf", v, if lanes > 1 { wide_max } else { max });
        Ok::<_, OpError>(b.unary("math.exp", less))
    };
    let mut step = |b: &Builder<'c>, point: &mut PointEval<'k, 'c>, i: Value<'c>, lanes: i64, acc: Value<'c>| {
        let e = exponential(b, point, i, lanes)?;
        if waits {
            point.store(b, e, &at(i));
        }
        Ok(sum(b, acc, e, lanes))
    };
    let total = sweeps.fold(b, point, 0.0, &mut step, &sum)?;
    let scale = b.binary("arith.divf", rows.constant(b, 1.0, 1), total);
    let wide_scale = rows.wide(b, scale);
    // What the output held before its sweep is not what it holds now.
    point.scoped(|point| {
        sweeps.each(b, point, &mut |b, point, i, lanes| {
            let e = if waits { point.reload(b, &at(i), lanes) } else { exponential(b, point, i, lanes)? };
            let y = b.binary("arith.mulf", e, if lanes > 1 { wide_scale } else { scale });
            rows.found(b, point, y, lanes);
            let y = point.value_at(b, kernel.result, &at(i), lanes)?;
            point.store(b, y, &at(i));
            Ok(())
        })
    })
}
