//! `nn.max_pool2d` and `nn.avg_pool2d` to loops.
//!
//! Outputs whose windows hang over an edge in the same way form a run, for which the taps inside the image are known when
//! the code is made: there is no test in the loops. Innermost runs over channels, which are contiguous, several vectors at
//! a time.

use super::Schedule;
use super::access::{Accesses, trace};
use super::combine::lowest;
use super::kernel::Kernel;
use super::point::PointEval;
use super::space::{storable, vectorizes};
use super::sweep::carry;
use crate::target::Target;
use weft_dialects::ir::{
    Builder, Cx, Elem, LinExpr, Map, Op, OpError, OpExt, Scalar, Tensor, TensorTy, Value, ValueExt,
};
use weft_dialects::nn::{Window, avg_pool2d::AvgPool2d, max_pool2d::MaxPool2d};

/// Outputs along an axis that see the same taps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    start: i64,
    count: i64,
    /// Taps inside the image: first, and one after the last.
    pub(super) taps: (i64, i64),
    /// Positions that count in an average's divisor.
    pub(super) counted: i64,
}

fn runs(window: &Window, count_pad: &[i64], axis: usize, outputs: i64, extent: i64) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for o in 0..outputs {
        let at = |k: i64| window.input(axis, o, k);
        let inside: Vec<i64> = (0..window.kernel[axis]).filter(|&k| (0..extent).contains(&at(k))).collect();
        let taps = (inside.first().copied().unwrap_or(0), inside.last().map_or(0, |k| k + 1));
        let counts = |k: &i64| (-count_pad[axis]..extent + count_pad[axis + 2]).contains(&at(*k));
        let counted = (0..window.kernel[axis]).filter(counts).count() as i64;
        match out.last_mut() {
            Some(r) if r.taps == taps && r.counted == counted => r.count += 1,
            _ => out.push(Run { start: o, count: 1, taps, counted }),
        }
    }
    out
}

/// How a kernel is run.
pub(super) struct Plan<'c> {
    pub(super) root: Op<'c>,
    pub(super) average: bool,
    pub(super) window: Window,
    /// What counts in an average's divisor beyond the image: top, left, bottom, right.
    pub(super) count_pad: Vec<i64>,
    pub(super) x: TensorTy,
    pub(super) y: TensorTy,
    pub(super) rows: Vec<Run>,
    pub(super) columns: Vec<Run>,
    pub(super) result_dims: Vec<usize>,
    pub(super) lanes: i64,
    pub(super) acc: Accesses<'c>,
}

/// Windows of more taps are looped over instead of unrolled.
pub(super) const UNROLLED_TAPS: i64 = 25;
/// Vectors of channels at a time.
const BLOCK: i64 = 4;

/// Takes a kernel apart.
///
/// # Errors
/// When it is no pooling that can be lowered.
pub(super) fn plan<'c>(kernel: &Kernel<'c>, target: &Target) -> Result<Plan<'c>, OpError> {
    let root = kernel.blame();
    let bad = || OpError::new(root, "is no pooling of an N x H x W x C tensor");
    let (Some(x), Some(y)) = (root.arg(0).tensor_ty(), root.res(0).tensor_ty()) else { return Err(bad()) };
    let (kernel_size, count_pad, average) = match (MaxPool2d::from_op(root), AvgPool2d::from_op(root)) {
        (Some(pool), _) => (pool.kernel(), vec![0; 4], false),
        (_, Some(pool)) => (pool.kernel(), pool.count_pad(), true),
        _ => return Err(bad()),
    };
    if average && x.elem != Elem::F32 {
        return Err(OpError::new(root, format!("no kernel for averages of {}", x.elem.mlir())));
    }
    if x.is_symbolic() || y.is_symbolic() {
        return Err(OpError::new(root, "a pooling is lowered for dims that are known only"));
    }
    let &[kh, kw] = kernel_size.as_slice() else { return Err(bad()) };
    let window = Window::of(root, [kh, kw])?;
    if x.shape.len() != 4 || count_pad.len() != 4 {
        return Err(bad());
    }
    let result_dims = kernel.result_dims()?;
    let mut acc = Accesses::default();
    trace(kernel, None, None, root.arg(0), &Map::identity(4), &mut acc)?;
    // The result's dims may be permuted: its point, by the root's dims.
    let tail = Map::select(4, &result_dims);
    trace(kernel, None, Some(root.res(0)), kernel.result, &tail, &mut acc)?;
    // Wider comparisons than of four bytes have no instruction, nor have narrow ones.
    let wide = matches!(x.elem, Elem::F32 | Elem::I32) && kernel.result.tensor_ty().is_some_and(|t| storable(t.elem));
    let vectors = wide && result_dims.last() == Some(&3) && y.shape[3] >= target.vector_lanes && vectorizes(&acc, 3);
    Ok(Plan {
        rows: runs(&window, &count_pad, 0, y.shape[1], x.shape[1]),
        columns: runs(&window, &count_pad, 1, y.shape[2], x.shape[2]),
        root,
        average,
        window,
        count_pad,
        x,
        y,
        result_dims,
        acc,
        lanes: if vectors { target.vector_lanes } else { 1 },
    })
}

impl<'c> Plan<'c> {
    /// The outermost loop runs over images, or over rows if there is only one.
    fn units(&self) -> i64 {
        if self.y.shape[0] == 1 { self.y.shape[1] } else { self.y.shape[0] }
    }

    /// What an accumulator starts from.
    pub(super) fn neutral(&self) -> Scalar {
        if self.average { Scalar::F(0.0) } else { lowest(self.y.elem) }
    }

    /// The input row (axis 0) or column (1) that output `o` sees through tap `k`.
    pub(super) fn input(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        axis: usize,
        o: Value<'c>,
        k: Value<'c>,
    ) -> Value<'c> {
        let w = &self.window;
        let terms = vec![(0, w.strides[axis]), (1, w.dilations[axis])];
        point.linear(b, &LinExpr { terms, constant: -w.pads[axis] }, &[o, k])
    }

    /// The greater of two, or their sum.
    pub(super) fn combine(&self, b: &Builder<'c>, acc: Value<'c>, v: Value<'c>) -> Value<'c> {
        if self.average {
            return b.binary("arith.addf", acc, v);
        }
        let less = if self.y.elem.is_float() { "olt" } else { "slt" };
        b.select(b.compare(less, acc, v), v, acc)
    }

    /// A constant of the result's type.
    pub(super) fn constant(&self, b: &Builder<'c>, v: Scalar, lanes: i64) -> Value<'c> {
        let elem = self.y.elem;
        if lanes == 1 {
            return b.scalar(elem, v);
        }
        super::vector::vector_constant(b, &Tensor::from_scalars(elem, &[lanes], (0..lanes).map(|_| v)))
    }
}

/// Units of the outermost loop, and lanes.
///
/// # Errors
/// When the kernel is no pooling that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let plan = plan(kernel, target)?;
    Ok(vec![("units", plan.units()), ("lanes", plan.lanes)])
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let mut plan = plan(kernel, target)?;
    plan.lanes = kernel.lanes(plan.lanes)?;
    let b = kernel.builder(cx);
    let (begin, end) = kernel.range()?;
    let mut point = PointEval::new(kernel, cx);
    let pool = Emit { kernel, plan: &plan };
    if plan.y.shape[0] == 1 {
        let zero = point.index(&b, 0);
        return pool.rows(&b, &mut point, zero, Some((begin, end)));
    }
    let one = b.index(1);
    let mut result = Ok(());
    b.for_loop(begin, end, one, &[], |b, n, _| {
        result = point.scoped(|point| pool.rows(b, point, n, None));
        Vec::new()
    });
    result
}

struct Emit<'p, 'c> {
    kernel: &'p Kernel<'c>,
    plan: &'p Plan<'c>,
}

impl<'c> Emit<'_, 'c> {
    /// All rows of an image, or those in a range.
    fn rows(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        n: Value<'c>,
        range: Option<(Value<'c>, Value<'c>)>,
    ) -> Result<(), OpError> {
        for row in &self.plan.rows {
            let (first, last) = (b.index(row.start), b.index(row.start + row.count));
            let (first, last) = match range {
                Some((begin, end)) => (b.binary("arith.maxsi", begin, first), b.binary("arith.minsi", end, last)),
                None => (first, last),
            };
            let one = b.index(1);
            let mut result = Ok(());
            b.for_loop(first, last, one, &[], |b, i, _| {
                result = point.scoped(|point| self.columns(b, point, n, row, i));
                Vec::new()
            });
            result?;
        }
        Ok(())
    }

    fn columns(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        n: Value<'c>,
        row: &Run,
        i: Value<'c>,
    ) -> Result<(), OpError> {
        for column in &self.plan.columns {
            let mut result = Ok(());
            b.times(column.count, 1, |b, j| {
                result = point.scoped(|point| {
                    let j = point.offset(b, j, column.start);
                    self.channels(b, point, [n, i, j], row, column)
                });
            });
            result?;
        }
        Ok(())
    }

    /// All channels of an output position.
    fn channels(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        at: [Value<'c>; 3],
        row: &Run,
        column: &Run,
    ) -> Result<(), OpError> {
        let (c, lanes) = (self.plan.y.shape[3], self.plan.lanes);
        let vectors = c / lanes;
        let block = vectors.clamp(1, BLOCK);
        let looped = vectors / block * block;
        let mut result = Ok(());
        b.times(looped * lanes, block * lanes, |b, k| {
            result = point.scoped(|point| {
                let channels: Vec<_> = (0..block).map(|v| point.offset(b, k, v * lanes)).collect();
                self.cells(b, point, at, &channels, row, column, lanes)
            });
        });
        result?;
        let rest: Vec<_> = (looped..vectors).map(|v| point.index(b, v * lanes)).collect();
        self.cells(b, point, at, &rest, row, column, lanes)?;
        let rest: Vec<_> = (vectors * lanes..c).map(|k| point.index(b, k)).collect();
        self.cells(b, point, at, &rest, row, column, 1)
    }

    /// Outputs of one position at several channels, an accumulator for each.
    #[allow(clippy::too_many_arguments)] // One place, and every part of it is needed.
    fn cells(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        at: [Value<'c>; 3],
        channels: &[Value<'c>],
        row: &Run,
        column: &Run,
        lanes: i64,
    ) -> Result<(), OpError> {
        if channels.is_empty() {
            return Ok(());
        }
        let (high, wide) = (row.taps.1 - row.taps.0, column.taps.1 - column.taps.0);
        let x = self.plan.root.arg(0);
        let load = |b: &Builder<'c>, point: &mut PointEval<'_, 'c>, p: Value<'c>, q: Value<'c>, c: Value<'c>| {
            let r = self.plan.input(b, point, 0, at[1], p);
            let s = self.plan.input(b, point, 1, at[2], q);
            point.value_at(b, x, &[at[0], r, s, c], lanes)
        };
        let acc: Vec<Value<'c>> = if high * wide == 0 {
            // A window that lies in the padding as a whole.
            channels.iter().map(|_| self.plan.constant(b, self.plan.neutral(), lanes)).collect()
        } else if high * wide <= UNROLLED_TAPS {
            let mut acc: Vec<Option<Value<'c>>> = vec![None; channels.len()];
            for p in row.taps.0..row.taps.1 {
                for q in column.taps.0..column.taps.1 {
                    let (p, q) = (point.index(b, p), point.index(b, q));
                    for (acc, &c) in acc.iter_mut().zip(channels) {
                        let v = load(b, point, p, q, c)?;
                        *acc = Some(acc.map_or(v, |acc| self.plan.combine(b, acc, v)));
                    }
                }
            }
            acc.into_iter().flatten().collect()
        } else {
            let neutral = self.plan.neutral();
            let initial: Vec<_> = channels.iter().map(|_| self.plan.constant(b, neutral, lanes)).collect();
            carry(b, point, high, 1, &initial, |b, point, p, acc| {
                let p = point.offset(b, p, row.taps.0);
                carry(b, point, wide, 1, acc, |b, point, q, acc| {
                    let q = point.offset(b, q, column.taps.0);
                    let step = |(&acc, &c): (&Value<'c>, &Value<'c>)| {
                        let v = load(b, point, p, q, c)?;
                        Ok(self.plan.combine(b, acc, v))
                    };
                    acc.iter().zip(channels).map(step).collect()
                })
            })?
        };
        let scale = self.plan.average.then(|| {
            let scale = 1.0 / (row.counted * column.counted) as f64;
            // Nothing counts: 0 / 0.
            let scale = if row.counted * column.counted == 0 { f64::NAN } else { scale };
            self.plan.constant(b, Scalar::F(scale), lanes)
        });
        for (&acc, &c) in acc.iter().zip(channels) {
            let v = scale.map_or(acc, |scale| b.binary("arith.mulf", acc, scale));
            point.set_known(self.plan.root.res(0), v);
            let place = [at[0], at[1], at[2], c];
            let place: Vec<_> = self.plan.result_dims.iter().map(|&d| place[d]).collect();
            let v = point.value_at(b, self.kernel.result, &place, lanes)?;
            point.store(b, v, &place);
        }
        Ok(())
    }
}
