//! Kernels whose elements are computed one by one: all-parallel generics, and pads, concatenations, slices, insertions and
//! packings, whose elements come from one of several places.
//!
//! An invocation computes one element, or a vector of four neighbours where all that it reads and writes lies that way. Elements of less
//! than 32 bits are computed four at a time all the same, because words are what is stored.

use super::places::{Places, number, when};
use super::transpose;
use crate::lower::Schedule;
use crate::lower::access::{Accesses, Dims, trace};
use crate::lower::copy::boxes;
use crate::lower::kernel::Kernel;
use crate::lower::nest::{Region, stored};
use crate::lower::point::{PointEval, Source, buffer_ty};
use crate::lower::space::{LoopDim, aligned, cut_loops, needs_flat, storable, vectorizes};
use crate::lower::vector::from_lanes;
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, LinExpr, Map, OpError, OpExt, Scalar, Value, ValueExt, VectorTy, extent};

/// One of the places that elements come from, and the boxes of the result that do.
struct Case<'c> {
    source: Source<'c>,
    boxes: Vec<Region>,
}

/// How a kernel is run.
pub(super) struct Plan<'c> {
    /// The last is where all else comes from. None if the kernel has no root.
    cases: Vec<Case<'c>>,
    pub(super) acc: Accesses<'c>,
    pub(super) shape: Vec<i64>,
    pub(super) dims: Vec<LoopDim>,
    /// Elements of an invocation.
    lanes: i64,
    /// Whether they are put together one by one.
    packed: bool,
    pub(super) flat: bool,
}

/// The grid, and elements of an invocation.
///
/// # Errors
/// When the result depends on an op that has no value at a point.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let plan = Plan::of(kernel, target)?;
    if let Some(tiles) = transpose::Tiles::of(kernel, target, &plan) {
        return Ok(tiles.schedule(kernel));
    }
    let mut schedule = plan.places(kernel).schedule();
    schedule.push(("lanes", plan.lanes));
    Ok(schedule)
}

/// Builds what an invocation runs.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let mut plan = Plan::of(kernel, target)?;
    if let Some(tiles) = transpose::Tiles::of(kernel, target, &plan) {
        return tiles.lower(cx, kernel, &plan);
    }
    plan.lanes = kernel.lanes(plan.lanes)?;
    plan.packed &= plan.lanes > 1;
    let b = kernel.builder(cx);
    let mut point = PointEval::new(kernel, cx);
    if plan.flat {
        point.flatten(&b);
    }
    let (id, among) = number(&b, kernel)?;
    if plan.packed {
        return plan.words(&b, &mut point, kernel, (id, among));
    }
    let places = plan.places(kernel);
    let steps = places.split(&b, &mut point, id);
    let inside = places.inside(&b, &mut point, id, &steps, among);
    when(&b, &mut point, inside, |b, point| {
        let at = plan.at(b, point, &steps, plan.lanes);
        let v = plan.value(b, point, kernel, &at, plan.lanes)?;
        point.store(b, v, &at);
        Ok(())
    })
}

impl<'c> Plan<'c> {
    fn of(kernel: &Kernel<'c>, target: &Target) -> Result<Self, OpError> {
        let shape = kernel.result.tensor_ty().map(|t| t.shape).unwrap_or_default();
        let cases = if kernel.root.is_some() { cases(boxes(kernel)?) } else { Vec::new() };
        let mut acc = Accesses::default();
        let at = Map::identity(shape.len());
        for case in &cases {
            trace(kernel, Some(&case.source), None, kernel.result, &at, &mut acc)?;
        }
        if cases.is_empty() {
            trace(kernel, None, None, kernel.result, &at, &mut acc)?;
        }
        let full = |r: &Region, d: usize| r.lower[d] == 0 && r.extents[d] == shape[d];
        let cut = (0..shape.len()).filter(|&d| cases.iter().flat_map(|c| &c.boxes).any(|r| !full(r, d)));
        let cut: Dims = cut.fold(0, |all, d| all | 1 << d);
        let store = stored(kernel);
        let dims = cut_loops(&shape, &[], &acc, std::slice::from_ref(&store), cut);
        let flat = needs_flat(&dims, &acc, &store);
        let mut plan = Self { cases, acc, shape, dims, lanes: 1, packed: false, flat };
        let lanes = target.vector_lanes;
        if plan.vectors(kernel, lanes) {
            plan.lanes = lanes;
        } else if plan.packs(kernel) {
            (plan.lanes, plan.packed, plan.flat) = (lanes, true, true);
        }
        Ok(plan)
    }

    /// Whether an invocation may compute a vector.
    fn vectors(&self, kernel: &Kernel<'c>, lanes: i64) -> bool {
        let Some(inner) = self.dims.last() else { return false };
        let d = inner.dim;
        let whole = |n: i64| extent::rem(n, lanes) == 0;
        let ends = |r: &Region| self.bounds(r).into_iter().all(|(dim, from, to)| dim != d || whole(from) && whole(to));
        let store = stored(kernel);
        whole(inner.extent)
            && !self.acc.shifted
            && storable(buffer_ty(kernel.out).elem)
            && store.stride(d) == 1
            && vectorizes(&self.acc, d)
            && self.acc.loads.iter().chain([&store]).all(|a| aligned(a, &self.dims, d, lanes))
            && self.cases.iter().flat_map(|c| &c.boxes).all(ends)
    }

    /// Whether the result's elements are put together to words.
    fn packs(&self, kernel: &Kernel<'c>) -> bool {
        let ty = buffer_ty(kernel.out);
        ty.elem.bytes() < 4 && ty.is_dense() && !extent::any_symbolic(&self.shape) && !self.dims.is_empty()
    }

    /// The places of invocations.
    fn places(&self, kernel: &Kernel<'c>) -> Places {
        if self.packed {
            let count = self.shape.iter().product::<i64>();
            let all = LoopDim { dim: 0, extent: (count + self.lanes - 1) / self.lanes, reduced: false, merged: true };
            return Places::of(kernel, &[all], 1);
        }
        Places::of(kernel, &self.dims, self.lanes)
    }

    /// The point of the result at the steps of its loops.
    pub(super) fn at(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        steps: &[(usize, Value<'c>)],
        lanes: i64,
    ) -> Vec<Value<'c>> {
        let mut at = vec![point.index(b, 0); self.shape.len()];
        for (i, &(dim, step)) in steps.iter().enumerate() {
            let by = if i + 1 == steps.len() { lanes } else { 1 };
            at[dim] = point.linear(b, &LinExpr::dim(0).times(by), &[step]);
        }
        at
    }

    /// What isn't the whole of a loop in a box: the loop's dim, the first place, and the one after the last.
    fn bounds(&self, region: &Region) -> Vec<(usize, i64, i64)> {
        let mut out = Vec::new();
        let mut first = 0;
        for l in &self.dims {
            // The outermost dim of a loop is the one that may be cut.
            let dim = (first..=l.dim).find(|&d| self.shape[d] != 1).unwrap_or(l.dim);
            first = l.dim + 1;
            if region.lower[dim] == 0 && region.extents[dim] == self.shape[dim] {
                continue;
            }
            let by: i64 = self.shape[dim + 1..=l.dim].iter().product();
            let end = extent::add(region.lower[dim], region.extents[dim]);
            // Dims inside of another are numbers, so the products are extents.
            let scaled = |n: i64| extent::mul(n, by).unwrap_or(n);
            out.push((l.dim, scaled(region.lower[dim]), scaled(end)));
        }
        out
    }

    /// The value at a point: a scalar, or a vector along the last loop.
    fn value(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        at: &[Value<'c>],
        lanes: i64,
    ) -> Result<Value<'c>, OpError> {
        let mut step = vec![0; self.shape.len()];
        if let (Some(inner), true) = (self.dims.last(), lanes > 1) {
            step[inner.dim] = 1;
        }
        match (&self.cases[..], kernel.root) {
            ([only], _) => point.set_source(only.source.clone()),
            ([_, ..], Some(root)) => {
                // The root's own point: a tail may permute its dims.
                let map = kernel.root_map()?;
                let to: Vec<_> = map.results.iter().map(|e| point.linear(b, e, at)).collect();
                let line: Vec<_> = map.results.iter().map(|e| e.at(&step) - e.constant).collect();
                point.forget(root.res(0));
                let v = self.chosen(b, point, root.res(0), at, (&to, &line, lanes), &self.cases)?;
                point.set_known(root.res(0), v);
            }
            _ => {}
        }
        point.value_along(b, kernel.result, at, &step, lanes)
    }

    /// The root's value from the first of the cases that has the point `at` in its boxes.
    fn chosen(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        root: Value<'c>,
        at: &[Value<'c>],
        (to, line, lanes): (&[Value<'c>], &[i64], i64),
        cases: &[Case<'c>],
    ) -> Result<Value<'c>, OpError> {
        let (first, rest) = (&cases[0], &cases[1..]);
        let take = |b: &Builder<'c>, point: &mut PointEval<'_, 'c>| {
            point.set_source(first.source.clone());
            point.value_along(b, root, to, line, lanes)
        };
        if rest.is_empty() {
            return take(b, point);
        }
        let elem = root.tensor_ty().map_or(Elem::F32, |t| t.elem);
        let ty = if lanes > 1 { VectorTy::new(elem, lanes).to_mlir(b.cx) } else { b.cx.elem(elem) };
        let condition = self.among(b, point, at, &first.boxes);
        let mut problem = None;
        let values = b.either(condition, &[ty], |b, holds| {
            let made = point.scoped(|point| match holds {
                true => take(b, point),
                false => self.chosen(b, point, root, at, (to, line, lanes), rest),
            });
            made.map_or_else(
                |e| {
                    problem = Some(e);
                    Vec::new()
                },
                |v| vec![v],
            )
        });
        problem.map_or_else(|| Ok(values[0]), Err)
    }

    /// Whether a point is in one of several boxes.
    fn among(&self, b: &Builder<'c>, point: &mut PointEval<'_, 'c>, at: &[Value<'c>], boxes: &[Region]) -> Value<'c> {
        let join = |op: &str, all: Vec<Value<'c>>| all.into_iter().reduce(|x, y| b.binary(op, x, y));
        let each = boxes.iter().map(|region| {
            let mut inside = Vec::new();
            for (dim, from, to) in self.bounds(region) {
                let (lower, upper) = (point.index(b, from), point.index(b, to));
                if from != 0 {
                    inside.push(b.compare("sge", at[dim], lower));
                }
                inside.push(b.compare("slt", at[dim], upper));
            }
            join("arith.andi", inside).unwrap_or_else(|| b.scalar(Elem::I1, Scalar::I(1)))
        });
        let each = each.collect();
        join("arith.ori", each).unwrap_or_else(|| b.scalar(Elem::I1, Scalar::I(0)))
    }

    /// Four neighbouring elements, each at its own point, stored as one vector; a last few that are fewer, one by one.
    fn words(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        (id, among): (Value<'c>, i64),
    ) -> Result<(), OpError> {
        let (count, lanes) = (self.shape.iter().product::<i64>(), self.lanes);
        let (vectors, rest) = (count / lanes, count % lanes);
        let inside = self.places(kernel).inside(b, point, id, &[], among);
        let places = Places::of(kernel, &self.dims, 1);
        when(b, point, inside, |b, point| {
            let first = point.linear(b, &LinExpr::dim(0).times(lanes), &[id]);
            let mut elements = Vec::new();
            for j in 0..lanes {
                let mut number = point.offset(b, first, j);
                if j >= rest && rest > 0 {
                    // Those that the last one lacks are computed, but not stored.
                    number = b.binary("arith.minui", number, point.index(b, count - 1));
                }
                let steps = places.split(b, point, number);
                let at = self.at(b, point, &steps, 1);
                elements.push(self.value(b, point, kernel, &at, 1)?);
            }
            let whole = (rest > 0).then(|| b.compare("ult", id, point.index(b, vectors)));
            when(b, point, whole, |b, point| {
                point.store_flat(b, from_lanes(b, &elements), first);
                Ok(())
            })?;
            if rest > 0 {
                let last = b.compare("uge", id, point.index(b, vectors));
                b.when(last, |b| {
                    for (j, &v) in elements.iter().enumerate().take(rest as usize) {
                        point.scoped(|point| {
                            let at = point.offset(b, first, j as i64);
                            point.store_flat(b, v, at);
                        });
                    }
                });
            }
            Ok(())
        })
    }
}

/// Boxes by the place that their elements come from; most of them, or constants, last.
fn cases<'c>(boxes: Vec<(Region, Source<'c>)>) -> Vec<Case<'c>> {
    let mut cases: Vec<Case<'c>> = Vec::new();
    for (region, source) in boxes {
        match cases.iter_mut().find(|c| c.source == source) {
            Some(case) => case.boxes.push(region),
            None => cases.push(Case { source, boxes: vec![region] }),
        }
    }
    cases.sort_by_key(|c| (c.boxes.len(), matches!(c.source, Source::Constant(..))));
    cases
}
