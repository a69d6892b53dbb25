//! Conversions between scalar types. Integers below 32 bits are held sign-extended, i64 as two words.

use super::arith::{unsigned, wrap};
use super::build::H;
use super::kernel::{Kernel, Val, unknown};
use super::types::{Ty, is_float};
use naga::{BinaryOperator as Bin, Expression, MathFunction as Math, Scalar, ScalarKind};
use weft_dialects::ir::{Elem, Op, OpError, OpExt};

/// Translates a conversion; `false` if the op is none.
pub(super) fn translate<'c>(k: &mut Kernel<'c>, op: Op<'c>, name: &str) -> Result<bool, OpError> {
    if !matches!(
        name,
        "arith.extsi"
            | "arith.extui"
            | "arith.trunci"
            | "arith.index_cast"
            | "arith.index_castui"
            | "arith.sitofp"
            | "arith.uitofp"
            | "arith.fptosi"
            | "arith.fptoui"
            | "arith.extf"
            | "arith.truncf"
            | "arith.bitcast"
    ) {
        return Ok(false);
    }
    let (from, to) = (k.ty(op, op.arg(0))?, k.ty(op, op.res(0))?);
    let value = k.get(op, op.arg(0))?;
    let signed = matches!(name, "arith.extsi" | "arith.index_cast");
    let val = match (name, value, to.elem) {
        ("arith.bitcast", _, e) if e == from.elem => value,
        ("arith.extsi" | "arith.extui" | "arith.trunci" | "arith.index_cast" | "arith.index_castui", value, _) => {
            integer(k, from, to, value, signed)
        }
        ("arith.sitofp" | "arith.uitofp", Val::One(h), _) => {
            let h = to_float(k, from, to, h, name == "arith.sitofp");
            Val::One(round_half(k, to, h))
        }
        ("arith.fptosi" | "arith.fptoui", Val::One(h), e) if e != Elem::I64 => {
            Val::One(to_integer(k, from, to, h, name == "arith.fptosi"))
        }
        ("arith.extf" | "arith.truncf", Val::One(h), _) => Val::One(resize(k, from, to, h)),
        ("arith.bitcast", Val::One(h), _) => Val::One(bits(k, from, to, h).ok_or_else(|| unknown(op))?),
        _ => {
            let message = format!("there is no conversion from {} to {} here", op_ty(op, true), op_ty(op, false));
            return Err(OpError::new(op, message));
        }
    };
    k.define(op.res(0), val);
    Ok(true)
}

fn op_ty(op: Op<'_>, from: bool) -> String {
    use weft_dialects::ir::ValueExt;
    if from { op.arg(0).ty().to_string() } else { op.res(0).ty().to_string() }
}

fn splat_u32(k: &mut Kernel<'_>, ty: Ty, v: u32) -> H {
    let h = k.b.u32(v);
    k.b.splat(h, ty.lanes)
}

/// An integer of any width as one of another.
fn integer(k: &mut Kernel<'_>, from: Ty, to: Ty, value: Val, signed: bool) -> Val {
    let low = match value {
        Val::Pair(low, high) if to.elem == Elem::I64 => return Val::Pair(low, high),
        Val::Pair(low, _) => k.b.convert(low, Scalar::I32),
        Val::One(h) => h,
    };
    // From i64, its low word.
    let from = if from.elem == Elem::I64 { from.with(Elem::I32) } else { from };
    if to.elem == Elem::I1 {
        if from.elem == Elem::I1 {
            return Val::One(low);
        }
        let (one, zero) = (k.number(from, 1.0), k.number(from, 0.0));
        let bit = k.b.binary(Bin::And, low, one);
        return Val::One(k.b.binary(Bin::NotEqual, bit, zero));
    }
    let word = match from.elem {
        Elem::I1 => {
            let int = to.with(Elem::I32);
            let (one, zero) = (k.number(int, if signed { -1.0 } else { 1.0 }), k.number(int, 0.0));
            k.b.select(low, one, zero)
        }
        _ if to.bits() > from.bits() && !signed && from.is_narrow() => {
            let word = unsigned(k, from, low);
            k.b.convert(word, Scalar::I32)
        }
        _ if to.bits() < from.bits() => wrap(k, to, low),
        _ => low,
    };
    if to.elem != Elem::I64 {
        return Val::One(word);
    }
    let high = if signed {
        let top = splat_u32(k, to, 31);
        let sign = k.b.binary(Bin::ShiftRight, word, top);
        k.b.convert(sign, Scalar::U32)
    } else {
        splat_u32(k, to, 0)
    };
    Val::Pair(k.b.convert(word, Scalar::U32), high)
}

fn to_float(k: &mut Kernel<'_>, from: Ty, to: Ty, h: H, signed: bool) -> H {
    let scalar = k.scalar(to.elem);
    if from.elem == Elem::I1 {
        let (one, zero) = (k.number(to, if signed { -1.0 } else { 1.0 }), k.number(to, 0.0));
        return k.b.select(h, one, zero);
    }
    let h = if signed { h } else { unsigned(k, from, h) };
    k.b.convert(h, scalar)
}

/// Towards zero, and to the nearest number that there is; what NaN gives is the device's choice.
fn to_integer(k: &mut Kernel<'_>, from: Ty, to: Ty, h: H, signed: bool) -> H {
    if to.elem == Elem::I1 {
        let word = to_integer(k, from, to.with(Elem::I32), h, true);
        let zero = k.number(to.with(Elem::I32), 0.0);
        return k.b.binary(Bin::NotEqual, word, zero);
    }
    let mut h = h;
    if to.is_narrow() {
        let bits = to.bits() as i32;
        let (low, high) =
            if signed { (-(2f64.powi(bits - 1)), 2f64.powi(bits - 1) - 1.0) } else { (0.0, 2f64.powi(bits) - 1.0) };
        let (low, high) = (k.number(from, low), k.number(from, high));
        h = k.b.math(Math::Clamp, &[h, low, high]);
    }
    if signed {
        return k.b.convert(h, Scalar::I32);
    }
    let word = k.b.convert(h, Scalar::U32);
    let word = k.b.convert(word, Scalar::I32);
    wrap(k, to, word)
}

/// A float of another width.
fn resize(k: &mut Kernel<'_>, from: Ty, to: Ty, h: H) -> H {
    let (source, target) = (k.scalar(from.elem), k.scalar(to.elem));
    if source != target {
        return k.b.convert(h, target);
    }
    if to.bits() < from.bits() { round_half(k, to, h) } else { h }
}

/// An f32 rounded to the half type that it stands for; other values as they are.
pub(super) fn round_half(k: &mut Kernel<'_>, ty: Ty, h: H) -> H {
    if !is_float(k.scalar(ty.elem)) {
        return h;
    }
    match ty.elem {
        Elem::F16 if !k.half => k.b.math(Math::QuantizeToF16, &[h]),
        Elem::BF16 => {
            // To nearest, ties to even: half of the last place less one, and one if it is odd. NaN would overflow.
            let word = k.b.bitcast(h, ScalarKind::Uint);
            let sixteen = splat_u32(k, ty, 16);
            let odd = k.b.binary(Bin::ShiftRight, word, sixteen);
            let one = splat_u32(k, ty, 1);
            let odd = k.b.binary(Bin::And, odd, one);
            let half = splat_u32(k, ty, 0x7fff);
            let sum = k.b.binary(Bin::Add, word, half);
            let sum = k.b.binary(Bin::Add, sum, odd);
            let mask = splat_u32(k, ty, 0xffff_0000);
            let sum = k.b.binary(Bin::And, sum, mask);
            let out = k.b.bitcast(sum, ScalarKind::Float);
            let nan = super::compare::is_nan(k, ty, h);
            k.b.select(nan, h, out)
        }
        _ => h,
    }
}

/// The same bits as another type.
fn bits(k: &mut Kernel<'_>, from: Ty, to: Ty, h: H) -> Option<H> {
    if from.bits() != to.bits() {
        return None;
    }
    let kind = |e: Elem| match e {
        Elem::F32 => Some(ScalarKind::Float),
        Elem::I32 => Some(ScalarKind::Sint),
        _ => None,
    };
    if kind(from.elem).is_some()
        && let Some(kind) = kind(to.elem)
    {
        return Some(k.b.bitcast(h, kind));
    }
    // Half floats, lane by lane, by way of a word that holds two.
    let f16 = k.scalar(Elem::F16);
    let mut lanes = Vec::new();
    for lane in 0..from.lanes {
        let one = k.b.lane(h, from.lanes, lane);
        lanes.push(match (from.elem, to.elem) {
            (Elem::I16, Elem::F16) => {
                let word = k.b.convert(one, Scalar::U32);
                let pair = k.b.math(Math::Unpack2x16float, &[word]);
                let value = k.b.lane(pair, 2, 0);
                if f16 == Scalar::F16 { k.b.convert(value, f16) } else { value }
            }
            (Elem::F16, Elem::I16) => {
                let value = if f16 == Scalar::F16 { k.b.convert(one, Scalar::F32) } else { one };
                let zero = k.b.number(Scalar::F32, 1, 0.0);
                let pair = k.b.compose(Scalar::F32, &[value, zero]);
                let word = k.b.math(Math::Pack2x16float, &[pair]);
                let word = k.b.convert(word, Scalar::I32);
                wrap(k, to.lane(), word)
            }
            (Elem::I16, Elem::BF16) => {
                let word = k.b.convert(one, Scalar::U32);
                let sixteen = k.b.u32(16);
                let word = k.b.binary(Bin::ShiftLeft, word, sixteen);
                k.b.bitcast(word, ScalarKind::Float)
            }
            (Elem::BF16, Elem::I16) => {
                let word = k.b.bitcast(one, ScalarKind::Sint);
                let sixteen = k.b.u32(16);
                k.b.binary(Bin::ShiftRight, word, sixteen)
            }
            _ => return None,
        });
    }
    let scalar = k.scalar(to.elem);
    Some(if lanes.len() == 1 { lanes[0] } else { k.b.compose(scalar, &lanes) })
}

/// Words of four bytes or two halves as their elements, and back: `vector.bitcast` between element sizes.
pub(super) fn reshape_bits(k: &mut Kernel<'_>, from: Ty, to: Ty, h: H) -> Option<H> {
    let (Elem::I8, Elem::I32, 4, 1) = (from.elem, to.elem, from.lanes, to.lanes) else {
        let (Elem::I32, Elem::I8, 1, 4) = (from.elem, to.elem, from.lanes, to.lanes) else { return None };
        let all = k.b.splat(h, 4);
        let up: Vec<H> = [24, 16, 8, 0].into_iter().map(|n| k.b.u32(n)).collect();
        let up = k.b.compose(Scalar::U32, &up);
        let all = k.b.binary(Bin::ShiftLeft, all, up);
        let down = splat_u32(k, to, 24);
        return Some(k.b.binary(Bin::ShiftRight, all, down));
    };
    let mask = k.number(from.with(Elem::I32), 255.0);
    let bytes = k.b.binary(Bin::And, h, mask);
    let up: Vec<H> = [0, 8, 16, 24].into_iter().map(|n| k.b.u32(n)).collect();
    let up = k.b.compose(Scalar::U32, &up);
    let placed = k.b.binary(Bin::ShiftLeft, bytes, up);
    let parts: Vec<H> = (0..4).map(|i| k.b.pure(Expression::AccessIndex { base: placed, index: i })).collect();
    parts.into_iter().reduce(|a, b| k.b.binary(Bin::InclusiveOr, a, b))
}
