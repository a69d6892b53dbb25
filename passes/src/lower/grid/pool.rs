//! Poolings: an invocation computes an output, or four neighbouring channels.
//!
//! A tap that hangs over an edge is read at the edge. A maximum has seen that element anyway, unless the window is dilated; elsewhere what was
//! read is replaced by what changes nothing.

use super::places::{Places, number, when};
use crate::lower::Schedule;
use crate::lower::kernel::Kernel;
use crate::lower::nest::stored;
use crate::lower::point::PointEval;
use crate::lower::pool::{Plan, Run, UNROLLED_TAPS, plan as common};
use crate::lower::space::{LoopDim, aligned};
use crate::lower::sweep::carry;
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, LinExpr, OpError, OpExt, Scalar, Value};

/// The grid, and lanes.
///
/// # Errors
/// When the kernel is no pooling that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let plan = plan(kernel, target)?;
    let mut schedule = places(kernel, &plan).schedule();
    schedule.push(("lanes", plan.lanes));
    Ok(schedule)
}

/// Builds what an invocation runs.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let mut plan = plan(kernel, target)?;
    plan.lanes = kernel.lanes(plan.lanes)?;
    let b = kernel.builder(cx);
    let mut point = PointEval::new(kernel, cx);
    let (id, among) = number(&b, kernel)?;
    let places = places(kernel, &plan);
    let steps = places.split(&b, &mut point, id);
    let inside = places.inside(&b, &mut point, id, &steps, among);
    when(&b, &mut point, inside, |b, point| {
        let mut at = [point.index(b, 0); 4];
        for (i, &(dim, step)) in steps.iter().enumerate() {
            let by = if i + 1 == steps.len() { plan.lanes } else { 1 };
            at[dim] = point.linear(b, &LinExpr::dim(0).times(by), &[step]);
        }
        output(b, point, kernel, &plan, at)
    })
}

/// The plan that all targets share; vectors only where they may lie.
fn plan<'c>(kernel: &Kernel<'c>, target: &Target) -> Result<Plan<'c>, OpError> {
    let mut plan = common(kernel, target)?;
    let dims = loops(&plan);
    let fits = plan.acc.loads.iter().chain([&stored(kernel)]).all(|a| aligned(a, &dims, 3, plan.lanes));
    if !fits || plan.y.shape[3] % plan.lanes != 0 {
        plan.lanes = 1;
    }
    Ok(plan)
}

/// The root's dims in the order of the kernel's result.
fn loops(plan: &Plan<'_>) -> Vec<LoopDim> {
    let running = plan.result_dims.iter().filter(|&&d| plan.y.shape[d] != 1);
    running.map(|&dim| LoopDim { dim, extent: plan.y.shape[dim], reduced: false, merged: false }).collect()
}

fn places(kernel: &Kernel<'_>, plan: &Plan<'_>) -> Places {
    Places::of(kernel, &loops(plan), plan.lanes)
}

/// What a window sees along an axis.
struct Axis<'p, 'c> {
    plan: &'p Plan<'c>,
    axis: usize,
    runs: &'p [Run],
    /// The output's place.
    at: Value<'c>,
}

impl<'c> Axis<'_, 'c> {
    fn taps(&self) -> i64 {
        self.plan.window.kernel[self.axis]
    }

    /// Whether every output sees all taps.
    fn whole(&self) -> bool {
        self.runs.iter().all(|r| r.taps == (0, self.taps()))
    }

    /// Where a tap reads, and whether that counts; `None` if it surely does.
    fn read(&self, b: &Builder<'c>, point: &mut PointEval<'_, 'c>, tap: Value<'c>) -> (Value<'c>, Option<Value<'c>>) {
        let place = self.plan.input(b, point, self.axis, self.at, tap);
        if self.whole() {
            return (place, None);
        }
        let n = self.plan.x.shape[self.axis + 1];
        let (zero, last) = (point.index(b, 0), point.index(b, n - 1));
        let clamped = b.binary("arith.maxsi", b.binary("arith.minsi", place, last), zero);
        let seen = self.plan.window.dilations[self.axis] == 1 && self.runs.iter().all(|r| r.taps.0 < r.taps.1);
        let exists = (self.plan.average || !seen).then(|| b.compare("eq", place, clamped));
        (clamped, exists)
    }

    /// How many taps count in an average's divisor: a number if it is the same for all outputs.
    fn counted(&self, b: &Builder<'c>, point: &mut PointEval<'_, 'c>) -> Result<i64, Value<'c>> {
        let first = self.runs.first().map_or(0, |r| r.counted);
        if self.runs.iter().all(|r| r.counted == first) {
            return Ok(first);
        }
        let pads = (self.plan.count_pad[self.axis], self.plan.count_pad[self.axis + 2]);
        let (low, high) = (point.index(b, -pads.0), point.index(b, self.plan.x.shape[self.axis + 1] + pads.1));
        let (zero, one) = (b.f32(0.0), b.f32(1.0));
        let mut sum = zero;
        for tap in 0..self.taps() {
            let tap = point.index(b, tap);
            let place = self.plan.input(b, point, self.axis, self.at, tap);
            let counts = b.binary("arith.andi", b.compare("sge", place, low), b.compare("slt", place, high));
            sum = b.binary("arith.addf", sum, b.select(counts, one, zero));
        }
        Err(sum)
    }
}

/// One output, or a vector of channels, at a point of the root's result.
fn output<'c>(
    b: &Builder<'c>,
    point: &mut PointEval<'_, 'c>,
    kernel: &Kernel<'c>,
    plan: &Plan<'c>,
    at: [Value<'c>; 4],
) -> Result<(), OpError> {
    let (x, lanes) = (plan.root.arg(0), plan.lanes);
    let high = Axis { plan, axis: 0, runs: &plan.rows, at: at[1] };
    let wide = Axis { plan, axis: 1, runs: &plan.columns, at: at[2] };
    let neutral = plan.constant(b, plan.neutral(), lanes);
    let tap = |b: &Builder<'c>, point: &mut PointEval<'_, 'c>, p: Value<'c>, q: Value<'c>, acc: Option<Value<'c>>| {
        let ((r, row), (s, column)) = (high.read(b, point, p), wide.read(b, point, q));
        let v = point.value_at(b, x, &[at[0], r, s, at[3]], lanes)?;
        let exists = match (row, column) {
            (Some(r), Some(c)) => Some(b.binary("arith.andi", r, c)),
            (r, c) => r.or(c),
        };
        let v = exists.map_or(v, |e| b.select(e, v, neutral));
        Ok::<_, OpError>(acc.map_or(v, |acc| plan.combine(b, acc, v)))
    };
    let mut acc = None;
    if high.taps() * wide.taps() <= UNROLLED_TAPS {
        for p in 0..high.taps() {
            for q in 0..wide.taps() {
                let (p, q) = (point.index(b, p), point.index(b, q));
                acc = Some(tap(b, point, p, q, acc)?);
            }
        }
    } else {
        let all = carry(b, point, high.taps(), 1, &[neutral], |b, point, p, acc| {
            carry(b, point, wide.taps(), 1, acc, |b, point, q, acc| Ok(vec![tap(b, point, p, q, Some(acc[0]))?]))
        })?;
        acc = Some(all[0]);
    }
    let mut acc = acc.unwrap_or(neutral);
    if plan.average {
        // Where nothing counts: 0 / 0.
        let scale = match (high.counted(b, point), wide.counted(b, point)) {
            (Ok(h), Ok(w)) if h * w == 0 => plan.constant(b, Scalar::F(f64::NAN), 1),
            (Ok(h), Ok(w)) => plan.constant(b, Scalar::F(1.0 / (h * w) as f64), 1),
            (h, w) => {
                let [h, w] = [h, w].map(|n| n.map_or_else(|v| v, |n| b.scalar(Elem::F32, Scalar::F(n as f64))));
                b.binary("arith.divf", b.f32(1.0), b.binary("arith.mulf", h, w))
            }
        };
        let scale = if lanes > 1 { crate::lower::vector::splat(b, scale, lanes) } else { scale };
        acc = b.binary("arith.mulf", acc, scale);
    }
    point.set_known(plan.root.res(0), acc);
    let place: Vec<_> = plan.result_dims.iter().map(|&d| at[d]).collect();
    let v = point.value_at(b, kernel.result, &place, lanes)?;
    point.store(b, v, &place);
    Ok(())
}
