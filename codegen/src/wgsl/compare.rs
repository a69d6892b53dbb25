//! Comparisons. WGSL compares as IEEE 754 says but lets compilers assume that there is no NaN, so tests for it look
//! at the bits.

use super::arith::{predicate, unsigned};
use super::build::H;
use super::kernel::{Done, Kernel, Val, unknown};
use super::types::Ty;
use naga::{BinaryOperator as Bin, Literal, Scalar, ScalarKind, UnaryOperator};
use weft_dialects::ir::{Elem, Op, OpExt, ValueExt, is_index_type};

/// The bits of a float without its sign, as `u32`.
fn magnitude(k: &mut Kernel<'_>, ty: Ty, h: H) -> H {
    let wide = if k.scalar(ty.elem) == Scalar::F16 { k.b.convert(h, Scalar::F32) } else { h };
    let word = k.b.bitcast(wide, ScalarKind::Uint);
    let mask = k.b.u32(0x7fff_ffff);
    let mask = k.b.splat(mask, ty.lanes);
    k.b.binary(Bin::And, word, mask)
}

fn against_infinity(k: &mut Kernel<'_>, ty: Ty, h: H, op: Bin) -> H {
    let bits = magnitude(k, ty, h);
    let infinity = k.b.u32(0x7f80_0000);
    let infinity = k.b.splat(infinity, ty.lanes);
    k.b.binary(op, bits, infinity)
}

/// Whether a float is NaN, per lane.
pub(super) fn is_nan(k: &mut Kernel<'_>, ty: Ty, h: H) -> H {
    against_infinity(k, ty, h, Bin::Greater)
}

/// `arith.cmpf`, `arith.cmpi`, and the tests of `math`.
pub(super) fn translate<'c>(k: &mut Kernel<'c>, op: Op<'c>, name: &str) -> Done {
    let ty = k.ty(op, op.arg(0))?;
    if let (Val::Pair(al, ah), Some(bin)) = (k.get(op, op.arg(0))?, equality(op, name)) {
        let Val::Pair(bl, bh) = k.get(op, op.arg(1))? else { return Err(unknown(op)) };
        let (low, high) = (k.b.binary(bin, al, bl), k.b.binary(bin, ah, bh));
        let h = k.b.binary(if bin == Bin::Equal { Bin::And } else { Bin::InclusiveOr }, low, high);
        return k.set(op, h);
    }
    let args = k.operands(op)?;
    let h = match (name, &args[..]) {
        ("math.isnan", &[a]) => is_nan(k, ty, a),
        ("math.isinf", &[a]) => against_infinity(k, ty, a, Bin::Equal),
        ("math.isfinite", &[a]) => against_infinity(k, ty, a, Bin::Less),
        ("arith.cmpi", &[a, b]) => {
            let predicate = signed_predicate(k, op);
            integers(k, ty, predicate, a, b).ok_or_else(|| unknown(op))?
        }
        ("arith.cmpf", &[a, b]) => {
            let same = op.arg(0).key() == op.arg(1).key();
            floats(k, ty, predicate(op), a, b, same).ok_or_else(|| unknown(op))?
        }
        _ => return Err(unknown(op)),
    };
    k.set(op, h)
}

fn equality(op: Op<'_>, name: &str) -> Option<Bin> {
    match (name, predicate(op)) {
        ("arith.cmpi", 0) => Some(Bin::Equal),
        ("arith.cmpi", 1) => Some(Bin::NotEqual),
        _ => None,
    }
}

/// The predicate; where neither side can be negative, the signed one.
fn signed_predicate<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> i64 {
    let p = predicate(op);
    let word = is_index_type(op.arg(0).ty()) && p > 5;
    if word && k.facts.is_natural(op.arg(0)) && k.facts.is_natural(op.arg(1)) { p - 4 } else { p }
}

fn integers(k: &mut Kernel<'_>, ty: Ty, predicate: i64, a: H, b: H) -> Option<H> {
    let (bin, word) = match predicate {
        0 => (Bin::Equal, false),
        1 => (Bin::NotEqual, false),
        2 => (Bin::Less, false),
        3 => (Bin::LessEqual, false),
        4 => (Bin::Greater, false),
        5 => (Bin::GreaterEqual, false),
        6 => (Bin::Less, true),
        7 => (Bin::LessEqual, true),
        8 => (Bin::Greater, true),
        9 => (Bin::GreaterEqual, true),
        _ => return None,
    };
    if ty.elem == Elem::I1 {
        if matches!(bin, Bin::Equal | Bin::NotEqual) {
            // A comparison with a constant is the value or its negation.
            return Some(match (k.b.literal_of(b), bin == Bin::Equal) {
                (Some(Literal::Bool(v)), equal) if v == equal => a,
                (Some(Literal::Bool(_)), _) => k.b.unary(UnaryOperator::LogicalNot, a),
                _ => k.b.binary(bin, a, b),
            });
        }
        // Order of bits: as unsigned, true is above false; as signed, below.
        let (one, zero) = (k.b.u32(1), k.b.u32(0));
        let (one, zero) = (k.b.splat(one, ty.lanes), k.b.splat(zero, ty.lanes));
        let (a, b) = (k.b.select(a, one, zero), k.b.select(b, one, zero));
        let (a, b) = if word { (a, b) } else { (b, a) };
        return Some(k.b.binary(bin, a, b));
    }
    let (a, b) = if word { (unsigned(k, ty, a), unsigned(k, ty, b)) } else { (a, b) };
    Some(k.b.binary(bin, a, b))
}

fn floats(k: &mut Kernel<'_>, ty: Ty, predicate: i64, a: H, b: H, same: bool) -> Option<H> {
    let not = |k: &mut Kernel<'_>, bin: Bin| {
        let h = k.b.binary(bin, a, b);
        Some(k.b.unary(UnaryOperator::LogicalNot, h))
    };
    let nan = |k: &mut Kernel<'_>| {
        let left = (!k.b.is_finite(a)).then(|| is_nan(k, ty, a));
        let right = (!same && !k.b.is_finite(b)).then(|| is_nan(k, ty, b));
        match (left, right) {
            (Some(l), Some(r)) => k.b.binary(Bin::InclusiveOr, l, r),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => k.number(ty.with(Elem::I1), 0.0),
        }
    };
    match predicate {
        0 | 15 => Some(k.number(ty.with(Elem::I1), f64::from(predicate == 15))),
        1 if same => not_nan(k, ty, a),
        13 if same => Some(is_nan(k, ty, a)),
        1 => Some(k.b.binary(Bin::Equal, a, b)),
        2 => Some(k.b.binary(Bin::Greater, a, b)),
        3 => Some(k.b.binary(Bin::GreaterEqual, a, b)),
        4 => Some(k.b.binary(Bin::Less, a, b)),
        5 => Some(k.b.binary(Bin::LessEqual, a, b)),
        6 | 8 => {
            let (less, more) = (k.b.binary(Bin::Less, a, b), k.b.binary(Bin::Greater, a, b));
            let differ = k.b.binary(Bin::InclusiveOr, less, more);
            Some(if predicate == 6 { differ } else { k.b.unary(UnaryOperator::LogicalNot, differ) })
        }
        7 => {
            let unordered = nan(k);
            Some(k.b.unary(UnaryOperator::LogicalNot, unordered))
        }
        9 => not(k, Bin::LessEqual),
        10 => not(k, Bin::Less),
        11 => not(k, Bin::GreaterEqual),
        12 => not(k, Bin::Greater),
        // WGSL's `!=` is false for NaN where it becomes SPIR-V's ordered comparison.
        13 => not(k, Bin::Equal),
        14 => Some(nan(k)),
        _ => None,
    }
}

fn not_nan(k: &mut Kernel<'_>, ty: Ty, a: H) -> Option<H> {
    Some(against_infinity(k, ty, a, Bin::LessEqual))
}
