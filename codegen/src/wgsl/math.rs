//! `math`: what WGSL has a function for, and what needs care around it.

use super::arith::{rounded, wrap};
use super::build::H;
use super::kernel::{Done, Kernel, Val, unknown};
use super::types::Ty;
use naga::{BinaryOperator as Bin, MathFunction as Math, Scalar, ScalarKind, UnaryOperator};
use weft_dialects::ir::{Elem, Op, OpExt};

/// Functions that WGSL has under another or the same name.
const DIRECT: [(&str, Math); 24] = [
    ("math.absf", Math::Abs),
    ("math.absi", Math::Abs),
    ("math.acos", Math::Acos),
    ("math.acosh", Math::Acosh),
    ("math.asin", Math::Asin),
    ("math.asinh", Math::Asinh),
    ("math.atan", Math::Atan),
    ("math.atan2", Math::Atan2),
    ("math.atanh", Math::Atanh),
    ("math.ceil", Math::Ceil),
    ("math.cos", Math::Cos),
    ("math.cosh", Math::Cosh),
    ("math.exp", Math::Exp),
    ("math.exp2", Math::Exp2),
    ("math.floor", Math::Floor),
    ("math.fma", Math::Fma),
    ("math.log", Math::Log),
    ("math.log2", Math::Log2),
    ("math.roundeven", Math::Round),
    ("math.rsqrt", Math::InverseSqrt),
    ("math.sin", Math::Sin),
    ("math.sinh", Math::Sinh),
    ("math.sqrt", Math::Sqrt),
    ("math.tan", Math::Tan),
];

/// Translates an op of `math`.
pub(super) fn translate<'c>(k: &mut Kernel<'c>, op: Op<'c>, name: &str) -> Done {
    let args = k.operands(op)?;
    let ty = k.ty(op, op.res(0))?;
    let direct = DIRECT.iter().find(|(n, _)| *n == name).map(|&(_, fun)| fun);
    let h = match (name, &args[..]) {
        (_, args) if direct.is_some() && !args.is_empty() => {
            let h = k.b.math(direct.unwrap_or(Math::Abs), args);
            if name == "math.absi" { wrap(k, ty, h) } else { h }
        }
        ("math.trunc", &[a]) => k.b.math(Math::Trunc, &[a]),
        ("math.tanh", &[a]) => tanh(k, ty, a),
        ("math.round", &[a]) => round(k, ty, a),
        ("math.copysign", &[a, b]) => copysign(k, ty, a, b),
        ("math.log10", &[a]) => scaled_log(k, ty, a, std::f64::consts::LOG10_2),
        ("math.powf", &[a, b]) => power(k, ty, a, b),
        ("math.fpowi", &[a, b]) => {
            let scalar = k.scalar(ty.elem);
            let b = k.b.convert(b, scalar);
            power(k, ty, a, b)
        }
        ("math.clampf", &[a, low, high]) => k.b.math(Math::Clamp, &[a, low, high]),
        ("math.sincos", &[a]) => {
            let (sin, cos) = (k.b.math(Math::Sin, &[a]), k.b.math(Math::Cos, &[a]));
            k.define(op.res(1), Val::One(cos));
            sin
        }
        ("math.ctpop", &[a]) => bits(k, ty, a, Math::CountOneBits),
        ("math.ctlz", &[a]) => leading_zeros(k, ty, a),
        ("math.cttz", &[a]) => trailing_zeros(k, ty, a),
        _ => return Err(unknown(op)),
    };
    let exact = matches!(
        name,
        "math.absf"
            | "math.ceil"
            | "math.floor"
            | "math.round"
            | "math.roundeven"
            | "math.trunc"
            | "math.copysign"
            | "math.clampf"
    );
    let h = if exact || !ty.elem.is_float() { h } else { rounded(k, ty, h, name) };
    k.set(op, h)
}

/// Some drivers compute it from exponentials that overflow: beyond 10 (5.5 for f16) it is 1 to the last place.
fn tanh(k: &mut Kernel<'_>, ty: Ty, a: H) -> H {
    let limit = if k.scalar(ty.elem) == Scalar::F16 { 5.5 } else { 10.0 };
    let (low, high) = (k.number(ty, -limit), k.number(ty, limit));
    let a = k.b.math(Math::Clamp, &[a, low, high]);
    k.b.math(Math::Tanh, &[a])
}

fn scaled_log(k: &mut Kernel<'_>, ty: Ty, a: H, factor: f64) -> H {
    let log = k.b.math(Math::Log2, &[a]);
    let factor = k.number(ty, factor);
    k.b.binary(Bin::Multiply, log, factor)
}

/// Halves go away from zero; WGSL's `round` sends them to the even neighbour.
fn round(k: &mut Kernel<'_>, ty: Ty, a: H) -> H {
    let whole = k.b.math(Math::Trunc, &[a]);
    let rest = k.b.binary(Bin::Subtract, a, whole);
    let rest = k.b.math(Math::Abs, &[rest]);
    let (half, one, zero) = (k.number(ty, 0.5), k.number(ty, 1.0), k.number(ty, 0.0));
    let up = k.b.binary(Bin::GreaterEqual, rest, half);
    let step = copysign(k, ty, one, a);
    let step = k.b.select(up, step, zero);
    k.b.binary(Bin::Add, whole, step)
}

fn copysign(k: &mut Kernel<'_>, ty: Ty, a: H, b: H) -> H {
    let scalar = k.scalar(ty.elem);
    let wide = |k: &mut Kernel<'_>, h| if scalar == Scalar::F16 { k.b.convert(h, Scalar::F32) } else { h };
    let (a, b) = (wide(k, a), wide(k, b));
    let (a, b) = (k.b.bitcast(a, ScalarKind::Uint), k.b.bitcast(b, ScalarKind::Uint));
    let mask = |k: &mut Kernel<'_>, bits| {
        let h = k.b.u32(bits);
        k.b.splat(h, ty.lanes)
    };
    let (size, sign) = (mask(k, 0x7fff_ffff), mask(k, 0x8000_0000));
    let (size, sign) = (k.b.binary(Bin::And, a, size), k.b.binary(Bin::And, b, sign));
    let bits = k.b.binary(Bin::InclusiveOr, size, sign);
    let h = k.b.bitcast(bits, ScalarKind::Float);
    if scalar == Scalar::F16 { k.b.convert(h, Scalar::F16) } else { h }
}

/// WGSL's `pow` is defined for bases above zero; the rest is said here: `x^0` is 1, and a negative base has a power if the
/// exponent is whole.
fn power(k: &mut Kernel<'_>, ty: Ty, a: H, b: H) -> H {
    if let Some(h) = small_power(k, ty, a, b) {
        return h;
    }
    let (zero, one, two) = (k.number(ty, 0.0), k.number(ty, 1.0), k.number(ty, 2.0));
    let size = k.b.math(Math::Abs, &[a]);
    let power = k.b.math(Math::Pow, &[size, b]);
    let negative = k.b.binary(Bin::Less, a, zero);
    let whole = k.b.math(Math::Floor, &[b]);
    let whole = k.b.binary(Bin::Equal, whole, b);
    let rest = k.b.binary(Bin::Modulo, b, two);
    let odd = k.b.binary(Bin::NotEqual, rest, zero);
    let opposite = k.b.unary(UnaryOperator::Negate, power);
    let nan = k.number(ty, f64::NAN);
    let of_negative = k.b.select(odd, opposite, power);
    let of_negative = k.b.select(whole, of_negative, nan);
    let out = k.b.select(negative, of_negative, power);
    let none = k.b.binary(Bin::Equal, b, zero);
    k.b.select(none, one, out)
}

/// Powers that are products, roots or quotients.
fn small_power(k: &mut Kernel<'_>, ty: Ty, a: H, b: H) -> Option<H> {
    let exponent = k.b.float_of(b)?;
    Some(match exponent {
        0.0 => k.number(ty, 1.0),
        1.0 => a,
        2.0 => k.b.binary(Bin::Multiply, a, a),
        3.0 => {
            let square = k.b.binary(Bin::Multiply, a, a);
            k.b.binary(Bin::Multiply, square, a)
        }
        4.0 => {
            let square = k.b.binary(Bin::Multiply, a, a);
            k.b.binary(Bin::Multiply, square, square)
        }
        -1.0 => {
            let one = k.number(ty, 1.0);
            k.b.binary(Bin::Divide, one, a)
        }
        -2.0 => {
            let one = k.number(ty, 1.0);
            let square = k.b.binary(Bin::Multiply, a, a);
            k.b.binary(Bin::Divide, one, square)
        }
        0.5 => k.b.math(Math::Sqrt, &[a]),
        -0.5 => k.b.math(Math::InverseSqrt, &[a]),
        _ => return None,
    })
}

/// The bits of an integer of its own width, for counting.
fn bits(k: &mut Kernel<'_>, ty: Ty, a: H, fun: Math) -> H {
    let word = super::arith::unsigned(k, ty, a);
    let count = k.b.math(fun, &[word]);
    k.b.convert(count, Scalar::I32)
}

fn leading_zeros(k: &mut Kernel<'_>, ty: Ty, a: H) -> H {
    let all = bits(k, ty, a, Math::CountLeadingZeros);
    let above = k.number(ty.with(Elem::I32), f64::from(32 - ty.bits()));
    k.b.binary(Bin::Subtract, all, above)
}

fn trailing_zeros(k: &mut Kernel<'_>, ty: Ty, a: H) -> H {
    let all = bits(k, ty, a, Math::CountTrailingZeros);
    let most = k.number(ty.with(Elem::I32), f64::from(ty.bits()));
    k.b.math(Math::Min, &[all, most])
}
