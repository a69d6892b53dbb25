//! Kernels whose root is a reducing `linalg.generic`.
//!
//! The invocations of a workgroup share a few results, and the work of each of them. Neighbouring invocations read neighbouring elements:
//! they are parts of one result's work where the operands are contiguous along a reduced dim (`rows`), and work for
//! neighbouring results where they are along one that isn't (`columns`). What is no associative reduction isn't parted.

use super::places::{Places, when, workgroup};
use super::tree::Parts;
use super::{Dim, grid, spread, thread_id, units};
use crate::lower::Schedule;
use crate::lower::access::Access;
use crate::lower::combine::Combiner;
use crate::lower::kernel::Kernel;
use crate::lower::point::{PointEval, buffer_ty};
use crate::lower::reduce::{Reduction, used};
use crate::lower::space::{aligned, storable, vectorizes};
use crate::lower::sweep::between;
use crate::lower::vector::fold;
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, LinExpr, OpError, Value, extent};

/// Vectors of a result that one invocation should combine at least, before others help.
const ALONE: i64 = 4;
/// Results that keep the machine busy without parting their work.
const MANY: i64 = 16 * 1024;
/// Columns of vectors that make whole lines of memory.
const LINE: i64 = 16;

struct Plan<'c> {
    r: Reduction<'c>,
    combiner: Option<Combiner<'c>>,
    rows: bool,
    lanes: i64,
    /// Invocations for a result, and results of a workgroup.
    parts: i64,
    results: i64,
}

/// The grid, lanes, and whether neighbouring invocations read along a result's row.
///
/// # Errors
/// When the kernel isn't of the form above.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let plan = Plan::of(kernel, target)?;
    if plan.reduced(kernel).extent().is_none() {
        return units::schedule(kernel, target);
    }
    let (x, y) = if plan.rows { (plan.parts, plan.results) } else { (plan.results, plan.parts) };
    let count = plan.places(kernel).count();
    let mut schedule = grid(spread((count + plan.results - 1) / plan.results), [x, y, 1]);
    schedule.push(("lanes", plan.lanes));
    Ok(schedule)
}

/// Builds what an invocation runs.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &mut Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let mut plan = Plan::of(kernel, target)?;
    let Some(work) = plan.reduced(kernel).extent() else { return units::lower(cx, kernel, target) };
    plan.lanes = kernel.lanes(plan.lanes)?;
    let (x, y) = (kernel.setting("block_x")?, kernel.setting("block_y")?);
    (plan.parts, plan.results) = if plan.rows { (x, y) } else { (y, x) };
    if !plan.parts.unsigned_abs().is_power_of_two() || plan.parts > 1 && plan.combiner.is_none() {
        return Err(OpError::new(kernel.blame(), format!("its work can't be done in {} parts", plan.parts)));
    }
    let b = kernel.builder(cx);
    let mut point = PointEval::new(kernel, cx);
    if plan.r.flat {
        point.flatten(&b);
    }
    plan.emit(&b, &mut point, kernel, work)
}

impl<'c> Plan<'c> {
    fn of(kernel: &Kernel<'c>, target: &Target) -> Result<Self, OpError> {
        let r = Reduction::of(kernel)?;
        // Longer elements don't fit words of shared memory.
        let combiner = Combiner::of(&r.g).filter(|c| !matches!(c.elem(), Elem::I64 | Elem::F64));
        let inputs = &r.acc.loads[..r.inputs];
        let unit = |d: usize, loads: &[Access<'c>]| loads.iter().filter(|a| a.moves(d)).all(|a| a.stride(d) == 1);
        let moved = |d: usize| inputs.iter().any(|a| a.moves(d));
        let columns = r.parallel.last().is_some_and(|p| unit(p.dim, inputs) && moved(p.dim));
        let rows = !columns && combiner.is_some() && !r.reduced.is_empty();
        let most = target.vector_lanes;
        let lanes = if rows {
            let dims = [r.parallel.as_slice(), r.reduced.as_slice()].concat();
            let fits = |d: usize| {
                vectorizes(&r.acc, d) && unit(d, inputs) && inputs.iter().all(|a| aligned(a, &dims, d, most))
            };
            r.reduced.last().map_or(1, |l| if extent::rem(l.extent, most) == 0 && fits(l.dim) { most } else { 1 })
        } else {
            let dims = [r.reduced.as_slice(), r.parallel.as_slice()].concat();
            let store = &r.store;
            let fits = |d: usize| {
                let all = r.acc.loads.iter().chain([store]);
                storable(buffer_ty(kernel.out).elem)
                    && store.stride(d) == 1
                    && vectorizes(&r.acc, d)
                    && unit(d, &r.acc.loads)
                    && all.clone().all(|a| aligned(a, &dims, d, most))
            };
            r.parallel.last().map_or(1, |l| if extent::rem(l.extent, most) == 0 && fits(l.dim) { most } else { 1 })
        };
        let mut plan = Self { r, combiner, rows, lanes, parts: 1, results: 1 };
        plan.share(kernel, target);
        Ok(plan)
    }

    /// Decides how many invocations share a result, and how many results a workgroup has.
    fn share(&mut self, kernel: &Kernel<'c>, target: &Target) {
        let results = self.places(kernel).count().max(1);
        let work: i64 = self.r.reduced.iter().map(|d| kernel.symbols.max(d.extent)).product();
        let work = if self.rows { work / self.lanes } else { work };
        let most = target.workgroup_invocations;
        let block = super::places::BLOCK;
        if self.rows {
            // Few results leave the rest of the machine idle.
            let alone = if results < most { 1 } else { ALONE };
            self.parts = below(work / alone).min(most);
            self.results = (block / self.parts).clamp(1, above(results));
        } else {
            self.results = if results >= MANY / 4 { block } else { LINE.min(above(results)) };
            if self.combiner.is_some() && results < MANY {
                self.parts = below(work / ALONE).min(most / self.results);
            }
            if self.parts == 1 {
                self.results = block;
            }
        }
    }

    /// The places of results.
    fn places(&self, kernel: &Kernel<'c>) -> Places {
        Places::of(kernel, &self.r.parallel, if self.rows { 1 } else { self.lanes })
    }

    /// The places of what is reduced.
    fn reduced(&self, kernel: &Kernel<'c>) -> Places {
        Places::of(kernel, &self.r.reduced, if self.rows { self.lanes } else { 1 })
    }

    fn emit(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        work: i64,
    ) -> Result<(), OpError> {
        let (r, g, lanes) = (&self.r, &self.r.g, self.lanes);
        let (x, y) = (thread_id(b, Dim::X), thread_id(b, Dim::Y));
        let (part, result) = if self.rows { (x, y) } else { (y, x) };
        let parts = Parts { part, parts: self.parts, result, results: self.results, along: self.rows };
        let (group, groups) = workgroup(b, kernel)?;
        let first = point.linear(b, &LinExpr::dim(0).times(self.results), &[group]);
        let number = b.binary("arith.addi", first, result);
        let (places, among) = (self.places(kernel), groups * self.results);
        // Those without a result work along with the last: all have to come to the barriers.
        let last = places.count() - 1;
        let real = if among > last + 1 { b.binary("arith.minui", number, point.index(b, last)) } else { number };
        let steps = places.split(b, point, real);
        let inside = places.inside(b, point, number, &steps, among);
        let mut at = vec![point.index(b, 0); g.dims()];
        for (i, &(dim, step)) in steps.iter().enumerate() {
            let by = if !self.rows && i + 1 == steps.len() { lanes } else { 1 };
            at[dim] = point.linear(b, &LinExpr::dim(0).times(by), &[step]);
        }
        let along = if self.rows { r.reduced.last() } else { r.parallel.last() }.filter(|_| lanes > 1).map(|d| d.dim);
        let step = r.step(along);
        let single = r.step(None);
        // What the result's own vectors are.
        let (own_step, own_lanes) = if self.rows { (&single, 1) } else { (&step, lanes) };
        let start: Vec<Value<'c>> = match &self.combiner {
            Some(combiner) if self.parts > 1 || self.rows => vec![combiner.neutral(b, lanes)],
            _ => {
                (0..g.outs.len()).map(|i| r.initial(b, point, &at, i, own_step, own_lanes)).collect::<Result<_, _>>()?
            }
        };
        let done = self.work(b, point, kernel, (&at, &step, lanes), (part, work, start))?;
        let Some(combiner) = self.combiner.as_ref().filter(|_| self.parts > 1 || self.rows) else {
            return when(b, point, inside, |b, point| {
                r.finish(b, point, kernel, &at, done[used(g)], (own_step, own_lanes))
            });
        };
        let mut mine = done[0];
        if self.rows && lanes > 1 {
            mine = fold(b, vec![mine], |b, x, y, lanes| combiner.combine(b, x, y, lanes));
        }
        let combine = |b: &Builder<'c>, x, y| combiner.combine(b, x, y, own_lanes);
        let total = parts.total(b, point, (mine, combiner.elem(), own_lanes), false, &combine);
        let writes = (self.parts > 1).then(|| b.compare("eq", part, point.index(b, 0)));
        let writes = match (writes, inside) {
            (Some(w), Some(i)) => Some(b.binary("arith.andi", w, i)),
            (w, i) => w.or(i),
        };
        when(b, point, writes, |b, point| {
            let initial = r.initial(b, point, &at, 0, own_step, own_lanes)?;
            let total = combine(b, initial, total);
            r.finish(b, point, kernel, &at, total, (own_step, own_lanes))
        })
    }

    /// One part of a result's work: every so many-th of what is reduced.
    fn work(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        (at, step, lanes): (&[Value<'c>], &[i64], i64),
        (part, work, start): (Value<'c>, i64, Vec<Value<'c>>),
    ) -> Result<Vec<Value<'c>>, OpError> {
        let r = &self.r;
        let by = if self.rows { lanes } else { 1 };
        let places = self.reduced(kernel);
        let from = if self.parts > 1 { part } else { point.index(b, 0) };
        let end = point.index(b, work);
        between(b, point, (from, end, self.parts), &start, |b, point, i, acc| {
            let steps = places.split(b, point, i);
            let mut at = at.to_vec();
            for (k, &(dim, step)) in steps.iter().enumerate() {
                let by = if k + 1 == steps.len() { by } else { 1 };
                at[dim] = point.linear(b, &LinExpr::dim(0).times(by), &[step]);
            }
            point.reduce_at(b, &r.g, &at, step, acc, lanes)
        })
    }
}

/// The greatest power of two up to a number.
fn below(n: i64) -> i64 {
    1 << (63 - n.max(1).leading_zeros())
}

/// The least power of two from a number on.
fn above(n: i64) -> i64 {
    let b = below(n);
    if b == n { b } else { 2 * b }
}
