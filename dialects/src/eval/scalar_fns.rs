//! The arithmetic of scalar ops by name: plain functions on f64 (exact before rounding to f32 for `+ - * /` and the
//! square root) and on sign-extended i64.

use crate::ir::Elem;
use std::cmp::Ordering;

/// What an instruction does with its sources.
#[derive(Clone, Copy)]
pub(super) enum Fun {
    /// Float to float; the result is rounded to the result's type.
    F1(fn(f64) -> f64),
    /// Two floats to one.
    F2(fn(f64, f64) -> f64),
    /// `a * b + c` with one rounding.
    Fma,
    /// A float to the power of an integer.
    PowI,
    /// Integer to integer; the result is wrapped.
    I1(fn(i64, Elem) -> i64),
    /// Two integers to one; the type is the operands'.
    I2(fn(i64, i64, Elem) -> i64),
    /// As `I2`, but a zero on the right is an error.
    Div(fn(i64, i64, Elem) -> i64),
    /// Two floats to a boolean.
    CmpF(fn(f64, f64) -> bool),
    /// Two integers to a boolean.
    CmpI(fn(i64, i64, Elem) -> bool),
    /// A float to a boolean.
    TestF(fn(f64) -> bool),
    /// `c ? a : b`.
    Select,
    /// Float to integer, towards zero, saturating: signed or not.
    FtoI(bool),
    /// Integer to float: signed or not.
    ItoF(bool),
    /// Integer to integer of another width: sign-extending or zero-extending.
    ItoI(bool),
    /// The same bits as another type.
    Bitcast,
}

/// The bits of an integer, zero-extended.
pub(super) fn unsigned(x: i64, elem: Elem) -> u64 {
    match bits(elem) {
        64 => x as u64,
        n => x as u64 & ((1 << n) - 1),
    }
}

/// The value of an integer as signed: a set `i1` is -1.
pub(super) fn signed(x: i64, elem: Elem) -> i64 {
    if elem == Elem::I1 { -(x & 1) } else { x }
}

fn bits(elem: Elem) -> u32 {
    if elem == Elem::I1 { 1 } else { 8 * elem.bytes() as u32 }
}

fn maximum(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == b {
        if a.is_sign_positive() { a } else { b }
    } else if a > b {
        a
    } else {
        b
    }
}

fn minimum(a: f64, b: f64) -> f64 {
    -maximum(-a, -b)
}

fn floor_div(a: i64, b: i64) -> i64 {
    let q = a.wrapping_div(b);
    if a.wrapping_rem(b) != 0 && (a < 0) != (b < 0) { q - 1 } else { q }
}

/// The function of an op without parameters.
pub(super) fn find(name: &str) -> Option<Fun> {
    use Fun::{Div, F1, F2, I1, I2, TestF};
    Some(match name {
        "arith.addf" => F2(|a, b| a + b),
        "arith.subf" => F2(|a, b| a - b),
        "arith.mulf" => F2(|a, b| a * b),
        "arith.divf" => F2(|a, b| a / b),
        "arith.remf" => F2(|a, b| a % b),
        "arith.negf" => F1(|a| -a),
        "arith.maximumf" => F2(maximum),
        "arith.minimumf" => F2(minimum),
        "arith.maxnumf" => F2(|a, b| {
            if a.is_nan() {
                b
            } else if b.is_nan() {
                a
            } else {
                maximum(a, b)
            }
        }),
        "arith.minnumf" => F2(|a, b| {
            if a.is_nan() {
                b
            } else if b.is_nan() {
                a
            } else {
                minimum(a, b)
            }
        }),
        "arith.addi" => I2(|a, b, _| a.wrapping_add(b)),
        "arith.subi" => I2(|a, b, _| a.wrapping_sub(b)),
        "arith.muli" => I2(|a, b, _| a.wrapping_mul(b)),
        "arith.divsi" => Div(|a, b, e| signed(a, e).wrapping_div(signed(b, e))),
        "arith.divui" => Div(|a, b, e| (unsigned(a, e) / unsigned(b, e)) as i64),
        "arith.remsi" => Div(|a, b, e| signed(a, e).wrapping_rem(signed(b, e))),
        "arith.remui" => Div(|a, b, e| (unsigned(a, e) % unsigned(b, e)) as i64),
        "arith.floordivsi" => Div(|a, b, e| floor_div(signed(a, e), signed(b, e))),
        "arith.ceildivsi" => Div(|a, b, e| floor_div(signed(a, e).wrapping_neg(), signed(b, e)).wrapping_neg()),
        "arith.ceildivui" => Div(|a, b, e| unsigned(a, e).div_ceil(unsigned(b, e)) as i64),
        "arith.andi" => I2(|a, b, _| a & b),
        "arith.ori" => I2(|a, b, _| a | b),
        "arith.xori" => I2(|a, b, _| a ^ b),
        // A shift by the width or more is undefined; what is shifted out is taken literally here.
        "arith.shli" => I2(|a, b, e| (unsigned(a, e) as i64).checked_shl(unsigned(b, e).min(64) as u32).unwrap_or(0)),
        "arith.shrsi" => I2(|a, b, e| signed(a, e) >> unsigned(b, e).min(63)),
        "arith.shrui" => I2(|a, b, e| unsigned(a, e).checked_shr(unsigned(b, e).min(64) as u32).unwrap_or(0) as i64),
        "arith.maxsi" => I2(|a, b, e| if signed(a, e) > signed(b, e) { a } else { b }),
        "arith.minsi" => I2(|a, b, e| if signed(a, e) < signed(b, e) { a } else { b }),
        "arith.maxui" => I2(|a, b, e| if unsigned(a, e) > unsigned(b, e) { a } else { b }),
        "arith.minui" => I2(|a, b, e| if unsigned(a, e) < unsigned(b, e) { a } else { b }),
        "arith.select" => Fun::Select,
        "arith.extf" | "arith.truncf" => F1(|a| a),
        "arith.extsi" | "arith.trunci" | "arith.index_cast" => Fun::ItoI(true),
        "arith.extui" | "arith.index_castui" => Fun::ItoI(false),
        "arith.sitofp" => Fun::ItoF(true),
        "arith.uitofp" => Fun::ItoF(false),
        "arith.fptosi" => Fun::FtoI(true),
        "arith.fptoui" => Fun::FtoI(false),
        "arith.bitcast" => Fun::Bitcast,
        "math.absf" => F1(f64::abs),
        "math.absi" => I1(|a, _| a.wrapping_abs()),
        "math.ceil" => F1(f64::ceil),
        "math.floor" => F1(f64::floor),
        "math.trunc" => F1(f64::trunc),
        "math.round" => F1(f64::round),
        "math.roundeven" => F1(f64::round_ties_even),
        "math.sqrt" => F1(f64::sqrt),
        "math.rsqrt" => F1(|a| 1.0 / a.sqrt()),
        "math.cbrt" => F1(f64::cbrt),
        "math.exp" => F1(f64::exp),
        "math.exp2" => F1(f64::exp2),
        "math.expm1" => F1(f64::exp_m1),
        "math.log" => F1(f64::ln),
        "math.log2" => F1(f64::log2),
        "math.log10" => F1(f64::log10),
        "math.log1p" => F1(f64::ln_1p),
        "math.sin" => F1(f64::sin),
        "math.cos" => F1(f64::cos),
        "math.tan" => F1(f64::tan),
        "math.asin" => F1(f64::asin),
        "math.acos" => F1(f64::acos),
        "math.atan" => F1(f64::atan),
        "math.atan2" => F2(f64::atan2),
        "math.sinh" => F1(f64::sinh),
        "math.cosh" => F1(f64::cosh),
        "math.tanh" => F1(f64::tanh),
        "math.asinh" => F1(f64::asinh),
        "math.acosh" => F1(f64::acosh),
        "math.atanh" => F1(f64::atanh),
        "math.erf" => F1(libm::erf),
        "math.erfc" => F1(libm::erfc),
        "math.powf" => F2(f64::powf),
        "math.fpowi" => Fun::PowI,
        "math.ipowi" => {
            I2(|a, b, _| if b < 0 { i64::from(a == 1) } else { a.wrapping_pow(b.min(u32::MAX.into()) as u32) })
        }
        "math.fma" | "vector.fma" => Fun::Fma,
        "math.copysign" => F2(f64::copysign),
        "math.isnan" => TestF(f64::is_nan),
        "math.isinf" => TestF(f64::is_infinite),
        "math.isfinite" => TestF(f64::is_finite),
        "math.ctlz" => I1(|a, e| i64::from(unsigned(a, e).leading_zeros()) - i64::from(64 - bits(e))),
        "math.cttz" => I1(|a, e| i64::from(unsigned(a, e).trailing_zeros().min(bits(e)))),
        "math.ctpop" => I1(|a, e| i64::from(unsigned(a, e).count_ones())),
        _ => return None,
    })
}

/// `arith.cmpf` by the number of its predicate.
pub(super) fn compare_floats(predicate: i64) -> Option<Fun> {
    Some(Fun::CmpF(match predicate {
        0 => |_, _| false,
        1 => |a, b| a == b,
        2 => |a, b| a > b,
        3 => |a, b| a >= b,
        4 => |a, b| a < b,
        5 => |a, b| a <= b,
        6 => |a, b| a.partial_cmp(&b).is_some_and(Ordering::is_ne),
        7 => |a, b| a.partial_cmp(&b).is_some(),
        8 => |a, b| a == b || a.partial_cmp(&b).is_none(),
        9 => |a, b| a > b || a.partial_cmp(&b).is_none(),
        10 => |a, b| a >= b || a.partial_cmp(&b).is_none(),
        11 => |a, b| a < b || a.partial_cmp(&b).is_none(),
        12 => |a, b| a <= b || a.partial_cmp(&b).is_none(),
        13 => |a, b| a != b,
        14 => |a, b| a.partial_cmp(&b).is_none(),
        15 => |_, _| true,
        _ => return None,
    }))
}

/// `arith.cmpi` by the number of its predicate.
pub(super) fn compare_ints(predicate: i64) -> Option<Fun> {
    Some(Fun::CmpI(match predicate {
        0 => |a, b, _| a == b,
        1 => |a, b, _| a != b,
        2 => |a, b, e| signed(a, e) < signed(b, e),
        3 => |a, b, e| signed(a, e) <= signed(b, e),
        4 => |a, b, e| signed(a, e) > signed(b, e),
        5 => |a, b, e| signed(a, e) >= signed(b, e),
        6 => |a, b, e| unsigned(a, e) < unsigned(b, e),
        7 => |a, b, e| unsigned(a, e) <= unsigned(b, e),
        8 => |a, b, e| unsigned(a, e) > unsigned(b, e),
        9 => |a, b, e| unsigned(a, e) >= unsigned(b, e),
        _ => return None,
    }))
}
