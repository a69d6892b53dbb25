//! Kernels whose root is a reducing `linalg.generic`.
//!
//! Where the result is contiguous along a dim that isn't reduced, vectors lie along it, one accumulator each, several at
//! a time. Where the operands are contiguous along a reduced dim and the reduction is associative, its lanes are partial
//! results that shuffles combine at the end. All else runs point by point.

use super::Schedule;
use super::access::{Access, Accesses, trace, trace_reduction};
use super::combine::Combiner;
use super::kernel::Kernel;
use super::nest::Units;
use super::point::{PointEval, buffer_ty};
use super::space::{LoopDim, loops, needs_flat, storable, vectorizes};
use super::sweep::{between, carry, sweep};
use super::vector::fold;
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Generic, LinExpr, Map, OpError, OpExt, Value, ValueExt, extent};

/// Where vectors lie.
enum Mode<'c> {
    /// Along the last parallel loop.
    Columns,
    /// Along the last reduced loop.
    Rows(Combiner<'c>),
    /// Nowhere.
    Points,
}

/// A reduction's loops, and what they touch.
pub(super) struct Reduction<'c> {
    pub(super) g: Generic<'c>,
    pub(super) parallel: Vec<LoopDim>,
    pub(super) reduced: Vec<LoopDim>,
    /// What the reduction and its tail touch.
    pub(super) acc: Accesses<'c>,
    /// How many of the loads are the reduction's.
    pub(super) inputs: usize,
    pub(super) store: Access<'c>,
    /// The result's point, by loop dims.
    result_at: Vec<LinExpr>,
    pub(super) flat: bool,
}

struct Plan<'c> {
    r: Reduction<'c>,
    mode: Mode<'c>,
    lanes: i64,
    /// Vectors at a time.
    block: i64,
}

/// Accumulators that hide an addition's latency. Twice as many spread the loop's own instructions, in rows that are `LONG`.
const ACCUMULATORS: i64 = 4;
const LONG: i64 = 256;

/// Units of the outermost loop, lanes, and accumulators.
///
/// # Errors
/// When the kernel isn't of the form above.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let plan = plan(kernel, target)?;
    Ok(vec![("units", plan.units().count()), ("lanes", plan.lanes), ("accumulators", plan.block)])
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let plan = plan(kernel, target)?.obey(kernel)?;
    let b = kernel.builder(cx);
    let mut point = PointEval::new(kernel, cx);
    if plan.r.flat {
        point.flatten(&b);
    }
    let emit = Emit { kernel, plan: &plan };
    plan.units().emit(&b, &kernel.symbols, kernel.range()?, |b, first, count| {
        point.scoped(|point| {
            let zero = point.index(b, 0);
            let mut at = vec![zero; plan.r.g.dims()];
            match plan.r.parallel.as_slice() {
                [] => emit.result(b, point, &at),
                [only] if plan.columns() => emit.columns(b, point, &at, only.dim, first, count),
                [outer, ..] => {
                    at[outer.dim] = first;
                    emit.parallel(b, point, &at, 1)
                }
            }
        })
    })
}

impl<'c> Reduction<'c> {
    /// Of a kernel whose root is a reducing generic.
    ///
    /// # Errors
    /// When the kernel isn't of the form above.
    pub(super) fn of(kernel: &Kernel<'c>) -> Result<Self, OpError> {
        let root = kernel.blame();
        let g = Generic::of(root)?;
        let extents: Vec<i64> = g
            .extents()
            .into_iter()
            .map(|n| {
                n.ok_or_else(|| OpError::new(root, "the extent of a loop dim can't be told from the operands' shapes"))
            })
            .collect::<Result<_, _>>()?;
        let result_at = result_point(kernel, &g)?;
        let mut acc = Accesses::default();
        trace_reduction(kernel, &g, &mut acc)?;
        let inputs = acc.loads.len();
        let tail = Map { dims: g.dims(), results: result_at.clone() };
        trace(kernel, None, Some(root.res(used(&g))), kernel.result, &tail, &mut acc)?;
        let store = Access { memref: kernel.out, map: tail };
        let dims = loops(&extents, &g.reduction, &acc, std::slice::from_ref(&store));
        let flat = needs_flat(&dims, &acc, &store);
        let (reduced, parallel): (Vec<_>, Vec<_>) = dims.into_iter().partition(|d| d.reduced);
        Ok(Self { g, parallel, reduced, acc, inputs, store, result_at, flat })
    }

    /// An accumulator's initial value.
    pub(super) fn initial(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        at: &[Value<'c>],
        i: usize,
        step: &[i64],
        lanes: i64,
    ) -> Result<Value<'c>, OpError> {
        let g = &self.g;
        let map = g.out_map(i);
        let index: Vec<_> = map.results.iter().map(|e| point.linear(b, e, at)).collect();
        let step: Vec<_> = map.results.iter().map(|e| e.at(step) - e.constant).collect();
        point.value_along(b, g.outs[i], &index, &step, lanes)
    }

    /// The tail of a reduced value, stored.
    pub(super) fn finish(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        at: &[Value<'c>],
        value: Value<'c>,
        (step, lanes): (&[i64], i64),
    ) -> Result<(), OpError> {
        let g = &self.g;
        point.set_known(g.op.res(used(g)), value);
        let index: Vec<_> = self.result_at.iter().map(|e| point.linear(b, e, at)).collect();
        let step: Vec<_> = self.result_at.iter().map(|e| e.at(step) - e.constant).collect();
        let v = point.value_along(b, kernel.result, &index, &step, lanes)?;
        point.store(b, v, &index);
        Ok(())
    }

    /// Steps of one along a dim, or none.
    pub(super) fn step(&self, along: Option<usize>) -> Vec<i64> {
        let mut step = vec![0; self.g.dims()];
        if let Some(d) = along {
            step[d] = 1;
        }
        step
    }
}

fn plan<'c>(kernel: &Kernel<'c>, target: &Target) -> Result<Plan<'c>, OpError> {
    let r = Reduction::of(kernel)?;
    let Reduction { g, parallel, reduced, acc, inputs, store, .. } = &r;
    let lanes = target.vector_lanes;
    let unit = |d: usize, loads: &[Access<'_>]| loads.iter().filter(|a| a.moves(d)).all(|a| a.stride(d) == 1);
    let wide = storable(buffer_ty(kernel.out).elem);
    let columns = parallel.last().is_some_and(|p| {
        kernel.symbols.max(p.extent) >= lanes
            && wide
            && store.stride(p.dim) == 1
            && vectorizes(acc, p.dim)
            && unit(p.dim, &acc.loads)
    });
    let rows = reduced.last().filter(|r| {
        kernel.symbols.max(r.extent) >= 2 * lanes && vectorizes(acc, r.dim) && unit(r.dim, &acc.loads[..*inputs])
    });
    let mode = match rows.and_then(|_| Combiner::of(g)) {
        _ if columns => Mode::Columns,
        Some(combiner) => Mode::Rows(combiner),
        None => Mode::Points,
    };
    let block = match &mode {
        Mode::Columns => {
            // With a long body some registers are its operands'; else wide blocks, so that the rows, which lie far apart,
            // are read by several cache lines.
            let each = if acc.weight <= 3 { 1 } else { 2 };
            let most = (target.vector_registers - 3) / (g.outs.len() as i64 * each);
            // What is left of a unit whose end isn't known runs one by one.
            let most = if parallel.last().is_some_and(|p| extent::is_symbolic(p.extent)) { 1 } else { most };
            parallel.last().map_or(1, |p| (kernel.symbols.max(p.extent) / lanes).min(most).max(1))
        }
        Mode::Rows(_) => reduced.last().map_or(1, |r| {
            let (extent, light) = (kernel.symbols.max(r.extent), acc.weight <= 3);
            (extent / lanes).min(if light && extent >= LONG { 2 * ACCUMULATORS } else { ACCUMULATORS })
        }),
        Mode::Points => 1,
    };
    let lanes = if matches!(mode, Mode::Points) { 1 } else { lanes };
    Ok(Plan { r, mode, lanes, block })
}

/// The result of a reduction that the kernel uses.
pub(super) fn used(g: &Generic<'_>) -> usize {
    g.op.ress().iter().position(|r| !r.is_unused()).unwrap_or(0)
}

/// The kernel's result's point, as expressions of the reduction's loop dims.
fn result_point(kernel: &Kernel<'_>, g: &Generic<'_>) -> Result<Vec<LinExpr>, OpError> {
    let root_at = g.out_map(used(g));
    Ok(kernel.result_dims()?.into_iter().map(|i| root_at.results[i].clone()).collect())
}

impl<'c> Plan<'c> {
    /// Takes lanes and accumulators from the kernel's schedule.
    fn obey(mut self, kernel: &Kernel<'c>) -> Result<Self, OpError> {
        self.lanes = kernel.lanes(self.lanes)?;
        if self.lanes == 1 {
            self.mode = Mode::Points;
        }
        let most = match self.mode {
            Mode::Columns => self.r.parallel.last().map_or(1, |d| kernel.symbols.max(d.extent) / self.lanes),
            Mode::Rows(_) => self.r.reduced.last().map_or(1, |d| kernel.symbols.max(d.extent) / self.lanes),
            Mode::Points => 1,
        };
        self.block = kernel.vectors("accumulators", most)?;
        kernel.check_units(self.units().count())?;
        Ok(self)
    }

    fn columns(&self) -> bool {
        matches!(self.mode, Mode::Columns)
    }

    fn units(&self) -> Units {
        match self.r.parallel.as_slice() {
            [] => Units::of(1, 1),
            [only] if self.columns() => Units::of(only.extent, self.lanes * self.block),
            [outer, ..] => Units::of(outer.extent, 1),
        }
    }
}

struct Emit<'p, 'c> {
    kernel: &'p Kernel<'c>,
    plan: &'p Plan<'c>,
}

impl<'c> Emit<'_, 'c> {
    /// The parallel loops from `depth` on.
    fn parallel(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        at: &[Value<'c>],
        depth: usize,
    ) -> Result<(), OpError> {
        let Some(d) = self.plan.r.parallel.get(depth) else {
            return self.result(b, point, at);
        };
        let columns = self.plan.columns() && depth + 1 == self.plan.r.parallel.len();
        let units = Units::of(d.extent, if columns { self.plan.lanes * self.plan.block } else { 1 });
        let range = (b.index(0), self.kernel.symbols.value(b, units.count()));
        units.emit(b, &self.kernel.symbols, range, |b, first, count| {
            point.scoped(|point| {
                if columns {
                    return self.columns(b, point, at, d.dim, first, count);
                }
                let mut at = at.to_vec();
                at[d.dim] = first;
                self.parallel(b, point, &at, depth + 1)
            })
        })
    }

    /// `count` neighbouring results along `dim`: vectors side by side, then single ones.
    fn columns(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        at: &[Value<'c>],
        dim: usize,
        first: Value<'c>,
        count: i64,
    ) -> Result<(), OpError> {
        let lanes = self.plan.lanes;
        if extent::is_symbolic(count) {
            let (zero, last) = (b.index(0), point.index(b, count));
            return between(b, point, (zero, last, 1), &[], |b, point, i, _| {
                let mut at = at.to_vec();
                at[dim] = b.binary("arith.addi", first, i);
                self.reduce(b, point, &[at], None, 1).map(|()| Vec::new())
            })
            .map(|_| ());
        }
        let vectors = count / lanes * lanes;
        for (from, to, lanes) in [(0, vectors, lanes), (vectors, count, 1)] {
            let places: Vec<Vec<Value<'c>>> = (from..to)
                .step_by(lanes as usize)
                .map(|i| {
                    let mut at = at.to_vec();
                    at[dim] = point.offset(b, first, i);
                    at
                })
                .collect();
            if !places.is_empty() {
                self.reduce(b, point, &places, Some(dim).filter(|_| lanes > 1), lanes)?;
            }
        }
        Ok(())
    }

    /// One result.
    fn result(&self, b: &Builder<'c>, point: &mut PointEval<'_, 'c>, at: &[Value<'c>]) -> Result<(), OpError> {
        match &self.plan.mode {
            Mode::Rows(combiner) => self.row(b, point, at, combiner),
            _ => self.reduce(b, point, &[at.to_vec()], None, 1),
        }
    }

    /// Results at several places, an accumulator for each (and each output of the reduction), all in one loop.
    fn reduce(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        places: &[Vec<Value<'c>>],
        along: Option<usize>,
        lanes: i64,
    ) -> Result<(), OpError> {
        let g = &self.plan.r.g;
        let step = self.plan.r.step(along);
        let mut accumulators = Vec::new();
        for at in places {
            for i in 0..g.outs.len() {
                accumulators.push(self.plan.r.initial(b, point, at, i, &step, lanes)?);
            }
        }
        let mut leaf =
            |b: &Builder<'c>, point: &mut PointEval<'_, 'c>, reduced: &[(usize, Value<'c>)], acc: &[Value<'c>]| {
                let mut next = Vec::new();
                for (at, acc) in places.iter().zip(acc.chunks(g.outs.len())) {
                    next.extend(point.reduce_at(b, g, &placed(at, reduced), &step, acc, lanes)?);
                }
                Ok(next)
            };
        let done = over(b, point, &self.plan.r.reduced, &mut Vec::new(), accumulators, &mut leaf)?;
        for (at, acc) in places.iter().zip(done.chunks(g.outs.len())) {
            self.plan.r.finish(b, point, self.kernel, at, acc[used(g)], (&step, lanes))?;
        }
        Ok(())
    }

    /// One result whose lanes are partial results.
    fn row(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        at: &[Value<'c>],
        combiner: &Combiner<'c>,
    ) -> Result<(), OpError> {
        let (g, lanes, block) = (&self.plan.r.g, self.plan.lanes, self.plan.block);
        let Some((inner, outer)) = self.plan.r.reduced.split_last() else {
            return Err(OpError::new(g.op, "reduces nothing"));
        };
        let step = self.plan.r.step(Some(inner.dim));
        let none = vec![0; g.dims()];
        let initial = self.plan.r.initial(b, point, at, 0, &none, 1)?;
        let identity = combiner.identity(b, lanes);
        let mut accumulators = vec![identity; block as usize];
        accumulators.push(initial);
        let mut leaf =
            |b: &Builder<'c>, point: &mut PointEval<'_, 'c>, reduced: &[(usize, Value<'c>)], acc: &[Value<'c>]| {
                let at = placed(at, reduced);
                sweep(b, point, (inner.extent, lanes, block), 1, acc, &mut |b, point, i, lanes, acc| {
                    let step = if lanes > 1 { &step } else { &none };
                    point.reduce_at(b, g, &placed(&at, &[(inner.dim, i)]), step, acc, lanes)
                })
            };
        let mut done = over(b, point, outer, &mut Vec::new(), accumulators, &mut leaf)?;
        let single = done.pop().unwrap_or(initial);
        let all = fold(b, done, |b, x, y, lanes| combiner.combine(b, x, y, lanes));
        let total = combiner.combine(b, single, all, 1);
        self.plan.r.finish(b, point, self.kernel, at, total, (&none, 1))
    }
}

fn placed<'c>(at: &[Value<'c>], places: &[(usize, Value<'c>)]) -> Vec<Value<'c>> {
    let mut at = at.to_vec();
    for &(d, v) in places {
        at[d] = v;
    }
    at
}

type Leaf<'l, 'k, 'c> = &'l mut dyn FnMut(
    &Builder<'c>,
    &mut PointEval<'k, 'c>,
    &[(usize, Value<'c>)],
    &[Value<'c>],
) -> Result<Vec<Value<'c>>, OpError>;

/// Nested loops that carry accumulators.
fn over<'k, 'c>(
    b: &Builder<'c>,
    point: &mut PointEval<'k, 'c>,
    dims: &[LoopDim],
    places: &mut Vec<(usize, Value<'c>)>,
    acc: Vec<Value<'c>>,
    leaf: Leaf<'_, 'k, 'c>,
) -> Result<Vec<Value<'c>>, OpError> {
    let Some((outer, rest)) = dims.split_first() else {
        return leaf(b, point, places, &acc);
    };
    carry(b, point, outer.extent, 1, &acc, |b, point, i, acc| {
        places.push((outer.dim, i));
        let out = over(b, point, rest, places, acc.to_vec(), leaf);
        places.pop();
        out
    })
}
