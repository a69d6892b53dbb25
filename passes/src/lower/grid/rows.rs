//! Softmax and normalisation: the invocations of a workgroup share rows. Several of them work on one, each on every so many-th of its
//! vectors, which stay in registers between the sweeps if they are few.

use super::places::{Places, when, workgroup};
use super::tree::Parts;
use super::{Dim, grid, spread, thread_id};
use crate::lower::Schedule;
use crate::lower::kernel::Kernel;
use crate::lower::nest::stored;
use crate::lower::point::PointEval;
use crate::lower::row::{Combine, Each, Rows, Step, Sweeps};
use crate::lower::space::{LoopDim, aligned};
use crate::lower::sweep::between;
use crate::lower::vector::fold;
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, LinExpr, OpError, Value, extent};

/// Vectors of a row that an invocation takes, if that makes it few enough invocations.
const EACH: i64 = 4;
/// Vectors that an invocation keeps in registers.
const KEPT: i64 = 8;

/// A kernel of rows on a grid.
struct Plan<'c> {
    rows: Rows<'c>,
    /// Invocations for a row, and rows of a workgroup.
    parts: i64,
    results: i64,
}

/// The sweeps over a row: see [`Sweeps`].
struct Shared<'p, 'c> {
    rows: &'p Rows<'c>,
    parts: &'p Parts<'c>,
    /// Vectors of the row.
    vectors: i64,
    /// An invocation's vectors, if it keeps them.
    kept: Option<Vec<Kept<'c>>>,
    /// Whether there is such a row; `None` if there surely is.
    inside: Option<Value<'c>>,
}

/// The first index of a vector, and whether it is in the row; `None` if it surely is.
type Kept<'c> = (Value<'c>, Option<Value<'c>>);

/// What is done with a row.
type Row<'r, 'k, 'c> = dyn FnMut(&Builder<'c>, &mut PointEval<'k, 'c>, (&Rows<'c>, &dyn Sweeps<'k, 'c>), &[Value<'c>]) -> Result<(), OpError>
    + 'r;

/// The grid, and lanes.
///
/// # Errors
/// When the root can't be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let plan = Plan::of(kernel, target)?;
    let rows = plan.places(kernel).count();
    let mut schedule = grid(spread((rows + plan.results - 1) / plan.results), [plan.parts, plan.results, 1]);
    schedule.push(("lanes", plan.rows.lanes));
    Ok(schedule)
}

/// `nn.softmax`.
///
/// # Errors
/// As [`schedule`].
pub fn softmax<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    Plan::of(kernel, target)?
        .emit(cx, kernel, &mut |b, point, rows, lead| crate::lower::softmax::row(b, point, kernel, rows, lead, false))
}

/// `nn.layer_norm`.
///
/// # Errors
/// As [`schedule`].
pub fn layer_norm<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    Plan::of(kernel, target)?
        .emit(cx, kernel, &mut |b, point, rows, lead| crate::lower::layer_norm::row(b, point, kernel, rows, lead))
}

impl<'c> Plan<'c> {
    fn of(kernel: &Kernel<'c>, target: &Target) -> Result<Self, OpError> {
        let mut rows = Rows::plan(kernel, target, 1)?;
        let last = rows.lead.len();
        let dims = rows.lead.iter().chain([&rows.columns]).enumerate();
        let dims: Vec<_> = dims.map(|(dim, &extent)| LoopDim { dim, extent, reduced: false, merged: false }).collect();
        let store = stored(kernel);
        let loads = rows.inputs.loads.iter().chain(&rows.tail.loads);
        let fits = loads.chain([&store]).all(|a| aligned(a, &dims, last, rows.lanes));
        if !fits || extent::rem(rows.columns, rows.lanes) != 0 {
            rows.lanes = 1;
        }
        let vectors = kernel.symbols.max(rows.columns) / rows.lanes;
        let wanted = ((vectors + EACH - 1) / EACH).max(1).unsigned_abs().next_power_of_two() as i64;
        let parts = wanted.min(target.workgroup_invocations);
        let plan = Self { rows, parts, results: 1 };
        let all = plan.places(kernel).count().max(1).unsigned_abs().next_power_of_two() as i64;
        let results = (super::places::BLOCK / parts).clamp(1, all);
        Ok(Self { results, ..plan })
    }

    /// The places of rows.
    fn places(&self, kernel: &Kernel<'c>) -> Places {
        let dims = self.rows.lead.iter().enumerate().filter(|d| *d.1 != 1);
        let dims: Vec<_> = dims.map(|(dim, &extent)| LoopDim { dim, extent, reduced: false, merged: false }).collect();
        Places::of(kernel, &dims, 1)
    }

    fn emit<'k>(mut self, cx: Cx<'c>, kernel: &'k Kernel<'c>, row: &mut Row<'_, 'k, 'c>) -> Result<(), OpError> {
        self.rows.lanes = kernel.lanes(self.rows.lanes)?;
        (self.parts, self.results) = (kernel.setting("block_x")?, kernel.setting("block_y")?);
        if !self.parts.unsigned_abs().is_power_of_two() {
            return Err(OpError::new(kernel.blame(), format!("{} invocations can't share a row", self.parts)));
        }
        let b = &kernel.builder(cx);
        let point = &mut PointEval::new(kernel, cx);
        let (part, result) = (thread_id(b, Dim::X), thread_id(b, Dim::Y));
        let parts = Parts { part, parts: self.parts, result, results: self.results, along: true };
        let (group, groups) = workgroup(b, kernel)?;
        let first = point.linear(b, &LinExpr::dim(0).times(self.results), &[group]);
        let number = b.binary("arith.addi", first, result);
        let (places, among) = (self.places(kernel), groups * self.results);
        // Those without a row work along on the last: all have to come to the barriers.
        let last = places.count() - 1;
        let real = if among > last + 1 { b.binary("arith.minui", number, point.index(b, last)) } else { number };
        let steps = places.split(b, point, real);
        let inside = places.inside(b, point, number, &steps, among);
        let mut lead = vec![point.index(b, 0); self.rows.lead.len()];
        for (dim, step) in steps {
            lead[dim] = step;
        }
        let vectors = extent::floor_div(self.rows.columns, self.rows.lanes);
        let kept = self.kept(b, point, kernel, vectors, part);
        let shared = Shared { rows: &self.rows, parts: &parts, vectors, kept, inside };
        row(b, point, (&self.rows, &shared), &lead)
    }

    /// Which vectors an invocation keeps, if they are few.
    fn kept(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        vectors: i64,
        part: Value<'c>,
    ) -> Option<Vec<Kept<'c>>> {
        let (most, parts) = (kernel.symbols.max(vectors), self.parts);
        let count = (most + parts - 1) / parts;
        (count <= KEPT).then(|| {
            (0..count)
                .map(|j| {
                    let place = point.offset(b, part, j * parts);
                    let whole = !extent::is_symbolic(vectors) && (j + 1) * parts <= vectors;
                    let (place, exists) = if whole {
                        (place, None)
                    } else {
                        // What there isn't is read at the last place, and not used.
                        let (end, last) = (point.index(b, vectors), point.index(b, extent::sub(vectors, 1)));
                        (b.binary("arith.minui", place, last), Some(b.compare("ult", place, end)))
                    };
                    (point.linear(b, &LinExpr::dim(0).times(self.rows.lanes), &[place]), exists)
                })
                .collect()
        })
    }
}

impl<'k, 'c> Sweeps<'k, 'c> for Shared<'_, 'c> {
    fn fold(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'k, 'c>,
        start: f64,
        step: Step<'_, 'k, 'c>,
        combine: Combine<'_, 'c>,
    ) -> Result<Value<'c>, OpError> {
        let lanes = self.rows.lanes;
        let mut acc = self.rows.constant(b, start, lanes);
        if let Some(kept) = &self.kept {
            for &(i, exists) in kept {
                let next = step(b, point, i, lanes, acc)?;
                acc = exists.map_or(next, |exists| b.select(exists, next, acc));
            }
        } else {
            let end = point.index(b, self.vectors);
            acc = between(b, point, (self.parts.part, end, self.parts.parts), &[acc], |b, point, v, acc| {
                let i = point.linear(b, &LinExpr::dim(0).times(lanes), &[v]);
                Ok(vec![step(b, point, i, lanes, acc[0])?])
            })?[0];
        }
        if lanes > 1 {
            acc = fold(b, vec![acc], combine);
        }
        Ok(self.parts.total(b, point, (acc, Elem::F32, 1), true, &|b, x, y| combine(b, x, y, 1)))
    }

    fn each(&self, b: &Builder<'c>, point: &mut PointEval<'k, 'c>, f: Each<'_, 'k, 'c>) -> Result<(), OpError> {
        let lanes = self.rows.lanes;
        when(b, point, self.inside, |b, point| {
            if let Some(kept) = &self.kept {
                return kept
                    .iter()
                    .try_for_each(|&(i, exists)| when(b, point, exists, |b, point| f(b, point, i, lanes)));
            }
            let end = point.index(b, self.vectors);
            between(b, point, (self.parts.part, end, self.parts.parts), &[], |b, point, v, _| {
                let i = point.linear(b, &LinExpr::dim(0).times(lanes), &[v]);
                f(b, point, i, lanes).map(|()| Vec::new())
            })
            .map(|_| ())
        })
    }
}
