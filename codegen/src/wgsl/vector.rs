//! Short vectors: building them, taking them apart.

use super::build::H;
use super::convert::reshape_bits;
use super::kernel::{Done, Kernel, Val, unknown};
use super::types::{Ty, size};
use naga::{BinaryOperator as Bin, Expression, MathFunction as Math, Scalar, ScalarKind, SwizzleComponent};
use weft_dialects::ir::{AttrExt, DYNAMIC, Elem, Op, OpError, OpExt};

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
            let lanes = k.operands(op)?;
            let h = compose(k, ty, &lanes);
            k.set(op, h)
        }
        "vector.to_elements" => {
            let ty = k.ty(op, op.arg(0))?;
            let all = k.arg(op, 0)?;
            for (lane, v) in op.ress().into_iter().enumerate() {
                let h = k.b.lane(all, ty.lanes, lane as u32);
                k.define(v, Val::One(h));
            }
            Ok(())
        }
        "vector.fma" => {
            let args = k.operands(op)?;
            let h = k.b.math(Math::Fma, &args);
            let ty = k.ty(op, op.res(0))?;
            let h = super::convert::round_half(k, ty, h);
            k.set(op, h)
        }
        "vector.bitcast" => bitcast(k, op),
        "vector.shape_cast" => {
            let (from, to) = (k.ty(op, op.arg(0))?, k.ty(op, op.res(0))?);
            if from != to {
                return Err(unknown(op));
            }
            let val = k.get(op, op.arg(0))?;
            k.define(op.res(0), val);
            Ok(())
        }
        "vector.reduction" => reduction(k, op),
        "vector.extract_strided_slice" => {
            let ty = k.ty(op, op.res(0))?;
            let from = first(op, "offsets");
            let mask: Vec<u32> = (0..ty.lanes).map(|i| from + i).collect();
            let of = k.ty(op, op.arg(0))?;
            let all = k.arg(op, 0)?;
            let h = swizzle(k, of, all, &mask);
            k.set(op, h)
        }
        "vector.insert_strided_slice" => {
            let (part, all) = (k.ty(op, op.arg(0))?, k.ty(op, op.arg(1))?);
            let (from, into) = (k.arg(op, 0)?, k.arg(op, 1)?);
            let at = first(op, "offsets");
            let lanes: Vec<H> = (0..all.lanes)
                .map(|i| match i.checked_sub(at).filter(|&j| j < part.lanes) {
                    Some(j) => k.b.lane(from, part.lanes, j),
                    None => k.b.lane(into, all.lanes, i),
                })
                .collect();
            let h = compose(k, all, &lanes);
            k.set(op, h)
        }
        _ => Err(unknown(op)),
    }
}

fn first(op: Op<'_>, name: &str) -> u32 {
    op.ints(name).and_then(|o| u32::try_from(*o.first()?).ok()).unwrap_or(0)
}

fn compose(k: &mut Kernel<'_>, ty: Ty, lanes: &[H]) -> H {
    let scalar = k.scalar(ty.elem);
    k.b.compose(scalar, lanes)
}

/// The lane that an op names, by a number or an operand.
enum Lane {
    Known(u32),
    Computed(H),
}

fn lane<'c>(k: &mut Kernel<'c>, op: Op<'c>, dynamic: usize) -> Result<Lane, OpError> {
    match op.ints("static_position").unwrap_or_default()[..] {
        // One lane of a vector of one.
        [] => Ok(Lane::Known(0)),
        [DYNAMIC] => Ok(Lane::Computed(k.arg(op, dynamic)?)),
        [at] if (0..4).contains(&at) => Ok(Lane::Known(at as u32)),
        _ => Err(unknown(op)),
    }
}

fn extract<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    let ty = k.ty(op, op.arg(0))?;
    let at = lane(k, op, 1)?;
    let pick = |k: &mut Kernel<'c>, all: H| match at {
        Lane::Known(n) => k.b.lane(all, ty.lanes, n),
        Lane::Computed(n) => k.b.pure(Expression::Access { base: all, index: n }),
    };
    let val = match k.get(op, op.arg(0))? {
        Val::One(all) => Val::One(pick(k, all)),
        Val::Pair(low, high) => Val::Pair(pick(k, low), pick(k, high)),
    };
    k.define(op.res(0), val);
    Ok(())
}

fn insert<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    let ty = k.ty(op, op.res(0))?;
    let (one, all) = (k.arg(op, 0)?, k.arg(op, 1)?);
    let at = lane(k, op, 2)?;
    let mut lanes = Vec::new();
    for i in 0..ty.lanes {
        let old = k.b.lane(all, ty.lanes, i);
        lanes.push(match at {
            Lane::Known(n) if n == i => one,
            Lane::Known(_) => old,
            Lane::Computed(n) => {
                let i = k.b.i32(i64::from(i));
                let here = k.b.binary(Bin::Equal, n, i);
                k.b.select(here, one, old)
            }
        });
    }
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

/// All lanes into one, the first with the second first.
fn reduction<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    let ty = k.ty(op, op.arg(0))?;
    let kind = op.attr("kind").map(|a| a.to_string()).unwrap_or_default();
    let kind = kind.trim_start_matches("#vector.kind<").trim_end_matches('>');
    let all = k.arg(op, 0)?;
    let mut lanes: Vec<H> = (0..ty.lanes).map(|i| k.b.lane(all, ty.lanes, i)).collect();
    if op.args().len() > 1 {
        lanes.push(k.arg(op, 1)?);
    }
    let word = |k: &mut Kernel<'c>, h| k.b.convert(h, Scalar::U32);
    let mut out = lanes[0];
    for &next in &lanes[1..] {
        out = match (kind, ty.elem.is_float()) {
            ("add", _) => k.b.binary(Bin::Add, out, next),
            ("mul", _) => k.b.binary(Bin::Multiply, out, next),
            ("minsi", _) | ("minnumf" | "minimumf", true) => k.b.math(Math::Min, &[out, next]),
            ("maxsi", _) | ("maxnumf" | "maximumf", true) => k.b.math(Math::Max, &[out, next]),
            ("minui" | "maxui", _) => {
                let (a, b) = (word(k, out), word(k, next));
                let h = k.b.math(if kind == "minui" { Math::Min } else { Math::Max }, &[a, b]);
                k.b.convert(h, Scalar::I32)
            }
            ("and", _) => k.b.binary(Bin::And, out, next),
            ("or", _) => k.b.binary(Bin::InclusiveOr, out, next),
            ("xor", _) if ty.elem == Elem::I1 => k.b.binary(Bin::NotEqual, out, next),
            ("xor", _) => k.b.binary(Bin::ExclusiveOr, out, next),
            _ => return Err(unknown(op)),
        };
    }
    let h = super::arith::wrap(k, ty.lane(), out);
    k.set(op, h)
}
