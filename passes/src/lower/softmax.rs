//! `nn.softmax` to loops, a row at a time: the maximum; exponentials and their sum; the quotients.
//!
//! The exponentials wait in the output for their sum where it has room for them; where the tail reads other tensors, which
//! may share the output's memory, or changes the type, they are computed again.

use super::Schedule;
use super::access::{Accesses, trace};
use super::kernel::Kernel;
use super::point::{PointEval, buffer_ty};
use super::space::{storable, vectorizes};
use super::sweep::sweep;
use super::vector::{fold, splat, vector_constant};
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, Map, Op, OpError, OpExt, Scalar, Tensor, Value, ValueExt};

struct Plan<'c> {
    root: Op<'c>,
    rows: i64,
    columns: i64,
    lanes: i64,
    /// Vectors at a time.
    block: i64,
    /// Whether the output holds the exponentials meanwhile.
    waits: bool,
}

fn plan<'c>(kernel: &Kernel<'c>, target: &Target) -> Result<Plan<'c>, OpError> {
    let root = kernel.blame();
    let Some(ty) = root.res(0).tensor_ty().filter(|t| t.shape.len() == 2 && t.elem == Elem::F32) else {
        return Err(OpError::new(root, "softmax is lowered for f32 rows only"));
    };
    if kernel.result_dims()? != [0, 1] {
        return Err(OpError::new(root, "a tail that transposes it belongs into another kernel"));
    }
    let mut inputs = Accesses::default();
    trace(kernel, None, None, root.arg(0), &Map::identity(2), &mut inputs)?;
    let mut tail = Accesses::default();
    trace(kernel, None, Some(root.res(0)), kernel.result, &Map::identity(2), &mut tail)?;
    let (rows, columns) = (ty.shape[0], ty.shape[1]);
    let vectors = columns >= target.vector_lanes
        && vectorizes(&inputs, 1)
        && vectorizes(&tail, 1)
        && storable(buffer_ty(kernel.out).elem);
    let lanes = if vectors { target.vector_lanes } else { 1 };
    let waits = tail.loads.is_empty() && buffer_ty(kernel.out).elem == Elem::F32;
    Ok(Plan { root, rows, columns, lanes, block: (columns / lanes).clamp(1, if vectors { 4 } else { 1 }), waits })
}

/// Units of the outermost loop (rows), and lanes.
///
/// # Errors
/// When the kernel is no softmax that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let plan = plan(kernel, target)?;
    Ok(vec![("units", plan.rows), ("lanes", plan.lanes), ("unroll", plan.block)])
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let mut plan = plan(kernel, target)?;
    plan.lanes = kernel.lanes(plan.lanes)?;
    plan.block = kernel.vectors("unroll", plan.columns / plan.lanes)?;
    let b = kernel.builder(cx);
    let (begin, end) = kernel.range()?;
    let mut point = PointEval::new(kernel, cx);
    let one = b.index(1);
    let mut result = Ok(());
    b.for_loop(begin, end, one, &[], |b, r, _| {
        result = point.scoped(|point| row(b, point, kernel, &plan, r));
        Vec::new()
    });
    result
}

fn row<'c>(
    b: &Builder<'c>,
    point: &mut PointEval<'_, 'c>,
    kernel: &Kernel<'c>,
    plan: &Plan<'c>,
    r: Value<'c>,
) -> Result<(), OpError> {
    let shape = (plan.columns, plan.lanes, plan.block);
    let x = plan.root.arg(0);
    let constant = |b: &Builder<'c>, v: f64, lanes: i64| {
        if lanes == 1 {
            return b.scalar(Elem::F32, Scalar::F(v));
        }
        vector_constant(b, &Tensor::from_scalars(Elem::F32, &[lanes], (0..lanes).map(|_| Scalar::F(v))))
    };
    // An accumulator a vector, and one for single elements.
    let start = |b: &Builder<'c>, v: f64| {
        let mut acc = vec![constant(b, v, plan.lanes); plan.block as usize];
        acc.push(constant(b, v, 1));
        acc
    };
    // NaN is lost here, but not in the exponentials.
    let larger = |b: &Builder<'c>, x, y, _| b.select(b.compare("olt", x, y), y, x);
    let sum = |b: &Builder<'c>, x, y, _| b.binary("arith.addf", x, y);
    let acc = sweep(b, point, shape, 1, &start(b, f64::NEG_INFINITY), &mut |b, point, i, lanes, acc| {
        let v = point.value_at(b, x, &[r, i], lanes)?;
        Ok(vec![larger(b, acc[0], v, lanes)])
    })?;
    let max = total(b, plan, acc, larger);
    let wide = |b: &Builder<'c>, v: Value<'c>| if plan.lanes > 1 { splat(b, v, plan.lanes) } else { v };
    let wide_max = wide(b, max);
    let exponential = |b: &Builder<'c>, point: &mut PointEval<'_, 'c>, i: Value<'c>, lanes: i64| {
        let v = point.value_at(b, x, &[r, i], lanes)?;
        let less = b.binary("arith.subf", v, if lanes > 1 { wide_max } else { max });
        Ok(b.unary("math.exp", less))
    };
    let acc = sweep(b, point, shape, 1, &start(b, 0.0), &mut |b, point, i, lanes, acc| {
        let e = exponential(b, point, i, lanes)?;
        if plan.waits {
            point.store(b, e, &[r, i]);
        }
        Ok(vec![sum(b, acc[0], e, lanes)])
    })?;
    let total = total(b, plan, acc, sum);
    let scale = b.binary("arith.divf", constant(b, 1.0, 1), total);
    let wide_scale = wide(b, scale);
    // What the output held before its sweep is not what it holds now.
    point.scoped(|point| {
        sweep(b, point, shape, 0, &[], &mut |b, point, i, lanes, _| {
            let e = if plan.waits { point.reload(b, &[r, i], lanes) } else { exponential(b, point, i, lanes)? };
            let y = b.binary("arith.mulf", e, if lanes > 1 { wide_scale } else { scale });
            point.set_known(plan.root.res(0), y);
            let y = point.value_at(b, kernel.result, &[r, i], lanes)?;
            point.store(b, y, &[r, i]);
            Ok(Vec::new())
        })
    })?;
    Ok(())
}

/// All accumulators as one.
fn total<'c>(
    b: &Builder<'c>,
    plan: &Plan<'c>,
    mut acc: Vec<Value<'c>>,
    combine: impl Fn(&Builder<'c>, Value<'c>, Value<'c>, i64) -> Value<'c>,
) -> Value<'c> {
    let single = acc.pop();
    if plan.lanes == 1 {
        return acc[0];
    }
    let all = fold(b, acc, &combine);
    match single {
        Some(single) if plan.columns % plan.lanes != 0 => combine(b, single, all, 1),
        _ => all,
    }
}
