//! `nn.layer_norm` to loops, a row at a time: the mean; the variance; the normalised elements with the tail behind them.
//!
//! Three sweeps over a row that stays in L1. One sweep for mean and mean of squares is a quarter faster, but loses all
//! digits where the mean is large against the deviation.

use super::Schedule;
use super::kernel::Kernel;
use super::row::{Rows, Sweeps};
use crate::lower::point::PointEval;
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, OpError, Value};
use weft_dialects::nn::layer_norm::LayerNorm;

/// Vectors at a time: these sums hide an addition's latency.
const UNROLL: i64 = 8;

/// Units of the outermost loop (rows), lanes, and vectors at a time.
///
/// # Errors
/// When the kernel is no normalisation that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    Ok(Rows::plan(kernel, target, UNROLL)?.schedule())
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let rows = Rows::plan(kernel, target, UNROLL)?;
    rows.emit(cx, kernel, |b, point, rows, lead| row(b, point, kernel, (rows, rows), lead))
}

/// The sweeps over one row.
pub(super) fn row<'k, 'c>(
    b: &Builder<'c>,
    point: &mut PointEval<'k, 'c>,
    kernel: &'k Kernel<'c>,
    (rows, sweeps): (&Rows<'c>, &dyn Sweeps<'k, 'c>),
    lead: &[Value<'c>],
) -> Result<(), OpError> {
    let at = |i: Value<'c>| [lead, &[i]].concat();
    let norm = LayerNorm(rows.root);
    let sum = |b: &Builder<'c>, x, y, _| b.binary("arith.addf", x, y);
    let reciprocal = b.f32((1.0 / rows.columns as f64) as f32);
    // The mean as a scalar and as a vector.
    let mean = if norm.centred() != 0 {
        let mut step = |b: &Builder<'c>, point: &mut PointEval<'k, 'c>, i: Value<'c>, lanes: i64, acc: Value<'c>| {
            let v = rows.read(b, point, &at(i), lanes)?;
            Ok(sum(b, acc, v, lanes))
        };
        let mean = b.binary("arith.mulf", sweeps.fold(b, point, 0.0, &mut step, &sum)?, reciprocal);
        Some((mean, rows.wide(b, mean)))
    } else {
        None
    };
    let distance = |b: &Builder<'c>, point: &mut PointEval<'k, 'c>, i: Value<'c>, lanes: i64| {
        let v = rows.read(b, point, &at(i), lanes)?;
        Ok::<_, OpError>(match mean {
            Some((single, wide)) => b.binary("arith.subf", v, if lanes > 1 { wide } else { single }),
            None => v,
        })
    };
    let mut step = |b: &Builder<'c>, point: &mut PointEval<'k, 'c>, i: Value<'c>, lanes: i64, acc: Value<'c>| {
        let d = distance(b, point, i, lanes)?;
        let square = b.contract("arith.mulf", d, d);
        Ok(b.contract("arith.addf", square, acc))
    };
    let variance = b.binary("arith.mulf", sweeps.fold(b, point, 0.0, &mut step, &sum)?, reciprocal);
    let shifted = b.binary("arith.addf", variance, b.f32(norm.epsilon() as f32));
    let scale = b.binary("arith.divf", b.f32(1.0), b.unary("math.sqrt", shifted));
    let wide_scale = rows.wide(b, scale);
    sweeps.each(b, point, &mut |b, point, i, lanes| {
        let d = distance(b, point, i, lanes)?;
        let y = b.binary("arith.mulf", d, if lanes > 1 { wide_scale } else { scale });
        rows.found(b, point, y, lanes);
        let y = point.value_at(b, kernel.result, &at(i), lanes)?;
        point.store(b, y, &at(i));
        Ok(())
    })
}
