//! Div and Mod. What C and WebAssembly leave undefined or trap on is numpy's: an integer over 0 is 0, its remainder 0, and
//! the least integer over -1 wraps.

use super::dtype::Dtype;
use super::elementwise::pick;
use super::node::{Node, Outputs, Reason, Typed, unsupported};
use weft_dialects::ir::{Builder, Elem, Scalar, Value};

/// Div (7): integers truncate towards zero.
pub fn div<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (args, dtype) = operands(node)?;
    let safe = is_safe(node, args[1]);
    let y = node.map(&args, dtype, |b, v| {
        let op = pick(("arith.divf", "arith.divsi", "arith.divui"), dtype);
        if dtype.is_float() || safe {
            return b.binary(op, v[0], v[1]);
        }
        let zero = b.scalar(dtype.elem, Scalar::I(0));
        let quotient = b.binary(op, v[0], replaced(b, dtype, v[1]));
        let quotient = if dtype.unsigned {
            quotient
        } else {
            let minus = b.compare("eq", v[1], b.scalar(dtype.elem, Scalar::I(-1)));
            b.select(minus, b.binary("arith.subi", zero, v[0]), quotient)
        };
        b.select(b.compare("eq", v[1], zero), zero, quotient)
    })?;
    Ok(vec![y])
}

/// Mod (10; 13: bfloat16; 28: all types in both modes): with `fmod = 1` the remainder has the dividend's sign, else the divisor's.
///
/// Remainders of floats are exact, those of f64 while the quotient is below 2^53 (beyond, the result is below the
/// divisor but not the remainder).
pub fn modulo<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (args, dtype) = operands(node)?;
    let fmod = node.flag("fmod", false)?;
    if dtype.is_float() {
        return Ok(vec![node.map(&args, dtype, |b, v| float_remainder(b, dtype.elem, v[0], v[1], fmod))?]);
    }
    let safe = is_safe(node, args[1]);
    let y = node.map(&args, dtype, |b, v| {
        let divisor = if safe { v[1] } else { replaced(b, dtype, v[1]) };
        let r = b.binary(pick(("", "arith.remsi", "arith.remui"), dtype), v[0], divisor);
        if fmod || dtype.unsigned {
            return r;
        }
        let zero = b.scalar(dtype.elem, Scalar::I(0));
        let differs = b.compare("slt", b.binary("arith.xori", r, v[1]), zero);
        let wrong = b.binary("arith.andi", differs, b.compare("ne", r, zero));
        b.select(wrong, b.binary("arith.addi", r, v[1]), r)
    })?;
    Ok(vec![y])
}

fn operands<'c>(node: &Node<'c>) -> Result<([Typed<'c>; 2], Dtype), Reason> {
    let args = node.pair()?;
    let dtype = node.same_dtype(&args)?;
    if dtype.is_bool() { unsupported("element type bool") } else { Ok((args, dtype)) }
}

/// Whether a divisor is known, and neither 0 nor -1.
fn is_safe<'c>(node: &Node<'c>, divisor: Typed<'c>) -> bool {
    let ordinary = |s: Scalar| s.i64() != 0 && (divisor.dtype.unsigned || s.i64() != -1);
    node.constant(divisor).is_some_and(|t| t.scalars().all(ordinary))
}

/// The divisor, or 1 for 0 and -1.
fn replaced<'c>(b: &Builder<'c>, dtype: Dtype, divisor: Value<'c>) -> Value<'c> {
    let number = |n: i64| b.scalar(dtype.elem, Scalar::I(n));
    let one = number(1);
    let nonzero = b.select(b.compare("eq", divisor, number(0)), one, divisor);
    if dtype.unsigned { nonzero } else { b.select(b.compare("eq", divisor, number(-1)), one, nonzero) }
}

/// Bits of a quotient that one step of the remainder takes away: with the 24 of an f32 they leave its rounding in f64 clear of
/// the next whole number.
const STEP: i32 = 28;

fn float_remainder<'c>(b: &Builder<'c>, elem: Elem, x: Value<'c>, y: Value<'c>, fmod: bool) -> Value<'c> {
    let f64_ty = b.cx.elem(Elem::F64);
    let wide = |v: Value<'c>| if elem == Elem::F64 { v } else { b.value("arith.extf", &[v], f64_ty, &[]) };
    let (x, y) = (wide(x), wide(y));
    let num = |v: f64| b.scalar(Elem::F64, Scalar::F(v));
    let (dividend, divisor) = (b.unary("math.absf", x), b.unary("math.absf", y));
    let r = if elem == Elem::F64 {
        double_step(b, dividend, divisor)
    } else {
        // The widest quotients: 2^40 of f16, 2^277 of the others.
        let steps = if elem == Elem::F16 { 2 } else { 10 };
        (0..steps).rev().fold(dividend, |r, i| {
            let multiple = if i == 0 { divisor } else { b.binary("arith.mulf", divisor, num(2f64.powi(STEP * i))) };
            let q = b.unary("math.trunc", b.binary("arith.divf", r, multiple));
            b.binary("arith.subf", r, b.binary("arith.mulf", q, multiple))
        })
    };
    // A finite number is its own remainder by infinity; infinities have none (and give NaN above).
    let infinite = num(f64::INFINITY);
    let own = b.select(b.compare("olt", dividend, infinite), dividend, num(f64::NAN));
    let r = b.select(b.compare("oeq", divisor, infinite), own, r);
    let r = b.binary("math.copysign", r, x);
    let r = if fmod {
        r
    } else {
        let zero = num(0.0);
        let low = b.compare("olt", r, zero);
        let differs = b.binary("arith.xori", low, b.compare("olt", y, zero));
        let moved = b.select(differs, b.binary("arith.addf", r, y), r);
        b.select(b.compare("oeq", r, zero), b.binary("math.copysign", zero, y), moved)
    };
    if elem == Elem::F64 { r } else { b.value("arith.truncf", &[r], b.cx.elem(elem), &[]) }
}

/// `r` less `trunc(r / m)` times `m`, whose product is made exact in two parts (Dekker); the quotient may be one off, which
/// shows in the sign.
fn double_step<'c>(b: &Builder<'c>, r: Value<'c>, m: Value<'c>) -> Value<'c> {
    let mul = |x, y| b.binary("arith.mulf", x, y);
    let sub = |x, y| b.binary("arith.subf", x, y);
    let add = |x, y| b.binary("arith.addf", x, y);
    let split = |v: Value<'c>| {
        let t = mul(v, b.scalar(Elem::F64, Scalar::F(134_217_729.0)));
        let high = sub(t, sub(t, v));
        (high, sub(v, high))
    };
    let q = b.unary("math.trunc", b.binary("arith.divf", r, m));
    let ((qh, ql), (mh, ml)) = (split(q), split(m));
    let product = mul(q, m);
    let error = add(add(add(sub(mul(qh, mh), product), mul(qh, ml)), mul(ql, mh)), mul(ql, ml));
    let rest = sub(sub(r, product), error);
    let zero = b.scalar(Elem::F64, Scalar::F(0.0));
    let rest = b.select(b.compare("olt", rest, zero), add(rest, m), rest);
    b.select(b.compare("oge", rest, m), sub(rest, m), rest)
}
