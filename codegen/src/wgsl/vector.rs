//! Short vectors: building them, taking them apart.

use super::build::H;
use super::convert::reshape_bits;
use super::kernel::{Done, Kernel, Val, unknown};
use super::types::{Ty, size};
use naga::{Expression, MathFunction as Math, Scalar, ScalarKind, SwizzleComponent};
use weft_dialects::ir::{AttrExt, Elem, Op, OpError, OpExt};

/// Translates an op of `vector` that touches no memory.
pub(super) fn translate<'c>(k: &mut Kernel<'c>, op: Op<'c>, name: &str) -> Done {
    match name {
        "vector.broadcast" | "vector.splat" => {
            let (from, to) = (k.ty(op, op.arg(0))?, k.ty(op, op.res(0))?);
            let lanes = |k: &mut Kernel<'c>, h| if from.lanes == to.lanes { h } else { k.b.splat(h, to.lanes) };
            let val = match k.get(op, op.arg(0))? {
                _ if from.lanes != 1 && from.lanes != to.lanes => return Err(unknown(op)),
                Val::One(h) => Val::One(lanes(k, h)),
                Val::Pair(low, high) => Val::Pair(lanes(k, low), lanes(k, high)),
            };
            k.define(op.res(0), val);
            Ok(())
        }
        "vector.extract" => extract(k, op),
        "vector.insert" => insert(k, op),
        "vector.shuffle" => shuffle(k, op),
        "vector.from_elements" => {
            let ty = k.ty(op, op.res(0))?;
            if ty.elem == Elem::I64 {
                let lanes = op.args().into_iter().map(|v| k.get(op, v)).collect::<Result<Vec<_>, _>>()?;
                let words = |high: bool| -> Vec<H> {
                    let word = |v: &Val| match *v {
                        Val::Pair(l, h) => {
                            if high {
                                h
                            } else {
                                l
                            }
                        }
                        Val::One(h) => h,
                    };
                    lanes.iter().map(word).collect()
                };
                let val = Val::Pair(k.b.compose(Scalar::U32, &words(false)), k.b.compose(Scalar::U32, &words(true)));
                k.define(op.res(0), val);
                return Ok(());
            }
            let lanes = k.operands(op)?;
            let h = compose(k, ty, &lanes);
            k.set(op, h)
        }
        "vector.fma" => {
            let args = k.operands(op)?;
            let h = k.b.math(Math::Fma, &args);
            let ty = k.ty(op, op.res(0))?;
            let h = super::convert::round_half(k, ty, h);
            k.set(op, h)
        }
        "vector.bitcast" => bitcast(k, op),
        _ => Err(unknown(op)),
    }
}

fn compose(k: &mut Kernel<'_>, ty: Ty, lanes: &[H]) -> H {
    let scalar = k.scalar(ty.elem);
    k.b.compose(scalar, lanes)
}

/// The lane that an op names.
fn lane(op: Op<'_>) -> Result<u32, OpError> {
    match op.ints("static_position").unwrap_or_default()[..] {
        // One lane of a vector of one.
        [] => Ok(0),
        [at] if (0..4).contains(&at) => Ok(at as u32),
        _ => Err(OpError::new(op, "takes a lane that isn't known at compile time; a select or memory does that")),
    }
}

fn extract<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    let ty = k.ty(op, op.arg(0))?;
    let at = lane(op)?;
    let val = match k.get(op, op.arg(0))? {
        Val::One(all) => Val::One(k.b.lane(all, ty.lanes, at)),
        Val::Pair(low, high) => Val::Pair(k.b.lane(low, ty.lanes, at), k.b.lane(high, ty.lanes, at)),
    };
    k.define(op.res(0), val);
    Ok(())
}

fn insert<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    let ty = k.ty(op, op.res(0))?;
    let at = lane(op)?;
    let (one, all) = (k.arg(op, 0)?, k.arg(op, 1)?);
    let lanes: Vec<H> = (0..ty.lanes).map(|i| if i == at { one } else { k.b.lane(all, ty.lanes, i) }).collect();
    let h = compose(k, ty, &lanes);
    k.set(op, h)
}

/// Lanes of one vector.
fn swizzle(k: &mut Kernel<'_>, of: Ty, all: H, mask: &[u32]) -> H {
    if mask.len() as u32 == of.lanes && mask.iter().enumerate().all(|(i, &m)| m == i as u32) {
        return all;
    }
    if of.lanes > 1
        && let Some(size) = size(mask.len() as u32)
    {
        let mut pattern = [SwizzleComponent::X; 4];
        for (p, &m) in pattern.iter_mut().zip(mask) {
            *p = SwizzleComponent::XYZW[m as usize];
        }
        return k.b.pure(Expression::Swizzle { size, vector: all, pattern });
    }
    let lanes: Vec<H> = mask.iter().map(|&m| k.b.lane(all, of.lanes, m)).collect();
    compose(k, Ty { lanes: mask.len() as u32, ..of }, &lanes)
}

fn shuffle<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    let (a, b, to) = (k.ty(op, op.arg(0))?, k.ty(op, op.arg(1))?, k.ty(op, op.res(0))?);
    let mask = op.attr("mask").and_then(|m| m.as_i64s()).unwrap_or_default();
    // A lane of -1 is poison: any will do.
    let mask: Vec<u32> = mask.into_iter().map(|m| m.max(0) as u32).collect();
    let (left, right) = (k.arg(op, 0)?, k.arg(op, 1)?);
    let h = if mask.iter().all(|&m| m < a.lanes) {
        swizzle(k, a, left, &mask)
    } else if mask.iter().all(|&m| m >= a.lanes) {
        let mask: Vec<u32> = mask.iter().map(|m| m - a.lanes).collect();
        swizzle(k, b, right, &mask)
    } else {
        let lanes: Vec<H> = mask
            .iter()
            .map(|&m| match m.checked_sub(a.lanes) {
                Some(m) => k.b.lane(right, b.lanes, m),
                None => k.b.lane(left, a.lanes, m),
            })
            .collect();
        compose(k, to, &lanes)
    };
    k.set(op, h)
}

fn bitcast<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    let (from, to) = (k.ty(op, op.arg(0))?, k.ty(op, op.res(0))?);
    let h = k.arg(op, 0)?;
    let h = match (from.elem, to.elem) {
        (a, b) if a == b => Some(h),
        (Elem::F32, Elem::I32) => Some(k.b.bitcast(h, ScalarKind::Sint)),
        (Elem::I32, Elem::F32) => Some(k.b.bitcast(h, ScalarKind::Float)),
        _ => reshape_bits(k, from, to, h),
    };
    match h {
        Some(h) => k.set(op, h),
        None => Err(unknown(op)),
    }
}
