//! `nn.top_k`: an invocation counts the elements of its row that come before its own, which is its element's place in the result.
//!
//! That is quadratic in a row's length, and all at once: rows that are very long are sorted one by one, by the common loops.

use super::places::{Places, number, when};
use super::units;
use crate::lower::Schedule;
use crate::lower::kernel::Kernel;
use crate::lower::point::{PointEval, buffer_ty};
use crate::lower::serial::{Serial, load, store_index};
use crate::lower::space::LoopDim;
use crate::lower::sweep::between;
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, OpError, Value};
use weft_dialects::nn::top_k::TopK;

/// Elements of the longest row that is counted.
const LONGEST: i64 = 16 * 1024;

/// The grid.
///
/// # Errors
/// When the kernel has a prologue or tail.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let k = Serial::of(kernel)?;
    let counted = matches!(buffer_ty(k.ins[0]).elem, Elem::F32 | Elem::I32 | Elem::I8 | Elem::I16);
    if !counted || k.shape(0)[1] > LONGEST {
        return units::schedule(kernel, target);
    }
    Ok(places(kernel, &k).schedule())
}

/// Builds what an invocation runs.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &mut Kernel<'c>, target: &Target) -> Result<(), OpError> {
    if kernel.setting("units").is_ok() {
        return units::lower(cx, kernel, target);
    }
    let k = Serial::of(kernel)?;
    let view = TopK(k.root);
    let b = kernel.builder(cx);
    let mut point = PointEval::new(kernel, cx);
    let places = places(kernel, &k);
    let (id, among) = number(&b, kernel)?;
    let steps = places.split(&b, &mut point, id);
    let inside = places.inside(&b, &mut point, id, &steps, among);
    when(&b, &mut point, inside, |b, point| {
        let (row, i) = (steps[0].1, steps[1].1);
        let key = |b: &Builder<'c>, at: Value<'c>| ordered(b, load(b, k.ins[0], &[row, at]), view.unsigned() != 0);
        let mine = key(b, i);
        let first = if view.largest() != 0 { "sgt" } else { "slt" };
        let (none, n, one) = (point.index(b, 0), point.index(b, k.shape(0)[1]), point.index(b, 1));
        let place = between(b, point, (none, n, 1), &[none], |b, _, j, acc| {
            let other = key(b, j);
            // Of equal ones the first comes first.
            let tied = b.binary("arith.andi", b.compare("eq", other, mine), b.compare("ult", j, i));
            let before = b.binary("arith.ori", b.compare(first, other, mine), tied);
            Ok(vec![b.select(before, b.binary("arith.addi", acc[0], one), acc[0])])
        })?[0];
        let kept = b.compare("ult", place, point.index(b, view.k()));
        b.when(kept, |b| store_index(b, i, k.out, &[row, place]));
        Ok(())
    })
}

/// The elements of all rows.
fn places(kernel: &Kernel<'_>, k: &Serial<'_>) -> Places {
    let dims = k.shape(0).into_iter().enumerate();
    let dims: Vec<_> = dims.map(|(dim, extent)| LoopDim { dim, extent, reduced: false, merged: false }).collect();
    Places::of(kernel, &dims, 1)
}

/// An `i32` that is ordered as the element is. Every float has its place, NaN too, so that no two elements have one place.
fn ordered<'c>(b: &Builder<'c>, v: Value<'c>, unsigned: bool) -> Value<'c> {
    use weft_dialects::ir::{ValueExt, elem_of};
    let i32 = b.cx.i32();
    match elem_of(v.ty()) {
        Some(Elem::F32) => {
            // Zeros are equal.
            let zero = b.f32(0.0);
            let bits = b.value("arith.bitcast", &[b.select(b.compare("oeq", v, zero), zero, v)], i32, &[]);
            let negative = b.binary("arith.shrsi", bits, b.i32(31));
            b.binary("arith.xori", bits, b.binary("arith.andi", negative, b.i32(i64::from(i32::MAX))))
        }
        Some(Elem::I32) if unsigned => b.binary("arith.xori", v, b.i32(i64::from(i32::MIN))),
        Some(Elem::I32) => v,
        _ => b.value(if unsigned { "arith.extui" } else { "arith.extsi" }, &[v], i32, &[]),
    }
}
