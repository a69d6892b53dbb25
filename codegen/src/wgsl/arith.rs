//! `arith` on integers, booleans and floats of up to 32 bits, and selection.

use super::build::H;
use super::compare::is_nan;
use super::kernel::{Done, Kernel, Val, unknown};
use super::types::Ty;
use naga::{BinaryOperator as Bin, MathFunction as Math, Scalar, UnaryOperator};
use weft_dialects::ir::{AttrExt, Elem, Op, OpExt, ValueExt};

/// Whether an op's flags allow something (`contract`, `nnan`).
pub(super) fn allows(op: Op<'_>, flag: &str) -> bool {
    let flags = op.attr("fastmath").map(|a| a.to_string()).unwrap_or_default();
    let flags = flags.trim_start_matches("#arith.fastmath<").trim_end_matches('>');
    flags.split(',').any(|f| f == flag || f == "fast")
}

/// Translates an op of `arith` that isn't a constant, a comparison or a conversion.
pub(super) fn translate<'c>(k: &mut Kernel<'c>, op: Op<'c>, name: &str) -> Done {
    if name == "arith.select" {
        return select(k, op);
    }
    let ty = k.ty(op, op.ress().first().copied().ok_or_else(|| unknown(op))?)?;
    let args = k.operands(op)?;
    let h = match (ty.elem, args[..].len()) {
        (Elem::I1, 2) => boolean(k, name, args[0], args[1]),
        (e, _) if e.is_float() => float(k, op, name, ty, &args)?,
        (_, 2) => integer(k, op, name, ty, args[0], args[1]),
        _ => None,
    };
    match h {
        Some(h) => k.set(op, h),
        None => Err(unknown(op)),
    }
}

fn select<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    let condition = k.arg(op, 0)?;
    let val = match (k.get(op, op.arg(1))?, k.get(op, op.arg(2))?) {
        (Val::One(a), Val::One(b)) => Val::One(k.b.select(condition, a, b)),
        (Val::Pair(al, ah), Val::Pair(bl, bh)) => {
            Val::Pair(k.b.select(condition, al, bl), k.b.select(condition, ah, bh))
        }
        _ => return Err(unknown(op)),
    };
    k.define(op.res(0), val);
    Ok(())
}

/// Booleans are 1-bit integers: `true` is -1 to the signed ops.
fn boolean(k: &mut Kernel<'_>, name: &str, a: H, b: H) -> Option<H> {
    let op = match name {
        "arith.addi" | "arith.subi" | "arith.xori" => Bin::NotEqual,
        "arith.andi" | "arith.muli" | "arith.minui" | "arith.maxsi" => Bin::And,
        "arith.ori" | "arith.maxui" | "arith.minsi" => Bin::InclusiveOr,
        _ => return None,
    };
    // `xori %x, true` is how MLIR says not.
    if op == Bin::NotEqual && k.b.literal_of(b) == Some(naga::Literal::Bool(true)) {
        return Some(k.b.unary(UnaryOperator::LogicalNot, a));
    }
    Some(k.b.binary(op, a, b))
}

/// A narrow integer brought back into its range; its bits above the sign are copies of it.
pub(super) fn wrap(k: &mut Kernel<'_>, ty: Ty, h: H) -> H {
    if !ty.is_narrow() {
        return h;
    }
    let (first, count) = (k.b.u32(0), k.b.u32(ty.bits()));
    k.b.math(Math::ExtractBits, &[h, first, count])
}

/// The unsigned value of an integer.
pub(super) fn unsigned(k: &mut Kernel<'_>, ty: Ty, h: H) -> H {
    let word = k.b.convert(h, Scalar::U32);
    if !ty.is_narrow() {
        return word;
    }
    let mask = k.b.u32(u32::MAX >> (32 - ty.bits()));
    let mask = k.b.splat(mask, ty.lanes);
    k.b.binary(Bin::And, word, mask)
}

/// A `u32` as the integer that it is, modulo the type's size.
fn signed(k: &mut Kernel<'_>, ty: Ty, h: H) -> H {
    let word = k.b.convert(h, Scalar::I32);
    wrap(k, ty, word)
}

fn integer<'c>(k: &mut Kernel<'c>, op: Op<'c>, name: &str, ty: Ty, a: H, b: H) -> Option<H> {
    // Signed division of what can't be negative is unsigned division, which is faster.
    let natural = |k: &mut Kernel<'c>| {
        ty == Ty { elem: Elem::I32, lanes: 1 } && k.facts.is_natural(op.arg(0)) && k.facts.is_natural(op.arg(1))
    };
    let plain = match name {
        "arith.addi" => Some(Bin::Add),
        "arith.subi" => Some(Bin::Subtract),
        "arith.muli" => Some(Bin::Multiply),
        "arith.andi" => Some(Bin::And),
        "arith.ori" => Some(Bin::InclusiveOr),
        "arith.xori" => Some(Bin::ExclusiveOr),
        _ => None,
    };
    if let Some(plain) = plain {
        let h = k.b.binary(plain, a, b);
        return Some(wrap(k, ty, h));
    }
    let fun = match name {
        "arith.minsi" | "arith.minui" => Some(Math::Min),
        "arith.maxsi" | "arith.maxui" => Some(Math::Max),
        _ => None,
    };
    if let Some(fun) = fun {
        return Some(if name.ends_with("ui") && !natural(k) {
            let (a, b) = (unsigned(k, ty, a), unsigned(k, ty, b));
            let h = k.b.math(fun, &[a, b]);
            signed(k, ty, h)
        } else {
            k.b.math(fun, &[a, b])
        });
    }
    let by_words = |k: &mut Kernel<'c>, op: Bin| {
        let (a, b) = (unsigned(k, ty, a), unsigned(k, ty, b));
        let h = k.b.binary(op, a, b);
        signed(k, ty, h)
    };
    Some(match name {
        "arith.divui" => by_words(k, Bin::Divide),
        "arith.remui" => by_words(k, Bin::Modulo),
        "arith.divsi" | "arith.floordivsi" if natural(k) => by_words(k, Bin::Divide),
        "arith.remsi" if natural(k) => by_words(k, Bin::Modulo),
        "arith.divsi" => {
            let h = k.b.binary(Bin::Divide, a, b);
            wrap(k, ty, h)
        }
        "arith.remsi" => k.b.binary(Bin::Modulo, a, b),
        "arith.floordivsi" | "arith.ceildivsi" => {
            let h = rounded_division(k, ty, a, b, name == "arith.ceildivsi");
            wrap(k, ty, h)
        }
        "arith.ceildivui" => {
            let (a, b) = (unsigned(k, ty, a), unsigned(k, ty, b));
            let quotient = k.b.binary(Bin::Divide, a, b);
            let rest = k.b.binary(Bin::Modulo, a, b);
            let (zero, one) = (k.b.u32(0), k.b.u32(1));
            let (zero, one) = (k.b.splat(zero, ty.lanes), k.b.splat(one, ty.lanes));
            let some = k.b.binary(Bin::NotEqual, rest, zero);
            let more = k.b.select(some, one, zero);
            let h = k.b.binary(Bin::Add, quotient, more);
            signed(k, ty, h)
        }
        "arith.shli" => {
            let by = k.b.convert(b, Scalar::U32);
            let h = k.b.binary(Bin::ShiftLeft, a, by);
            wrap(k, ty, h)
        }
        "arith.shrsi" => {
            let by = k.b.convert(b, Scalar::U32);
            k.b.binary(Bin::ShiftRight, a, by)
        }
        "arith.shrui" => {
            let by = k.b.convert(b, Scalar::U32);
            let word = unsigned(k, ty, a);
            let h = k.b.binary(Bin::ShiftRight, word, by);
            signed(k, ty, h)
        }
        _ => return None,
    })
}

/// The quotient rounded down or up: division truncates.
fn rounded_division(k: &mut Kernel<'_>, ty: Ty, a: H, b: H, up: bool) -> H {
    let quotient = k.b.binary(Bin::Divide, a, b);
    let rest = k.b.binary(Bin::Modulo, a, b);
    let (zero, one) = (k.number(ty, 0.0), k.number(ty, 1.0));
    let signs = k.b.binary(Bin::ExclusiveOr, rest, b);
    let inexact = k.b.binary(Bin::NotEqual, rest, zero);
    let wrong_side = k.b.binary(if up { Bin::GreaterEqual } else { Bin::Less }, signs, zero);
    let off = k.b.binary(Bin::And, inexact, wrong_side);
    let by = k.b.select(off, one, zero);
    k.b.binary(if up { Bin::Add } else { Bin::Subtract }, quotient, by)
}

fn float<'c>(
    k: &mut Kernel<'c>,
    op: Op<'c>,
    name: &str,
    ty: Ty,
    args: &[H],
) -> Result<Option<H>, weft_dialects::ir::OpError> {
    let h = match (name, args) {
        ("arith.negf", &[a]) => k.b.unary(UnaryOperator::Negate, a),
        ("arith.addf", &[a, b]) => match contracted(k, op, 0)? {
            Some((x, y)) => k.b.math(Math::Fma, &[x, y, b]),
            None => match contracted(k, op, 1)? {
                Some((x, y)) => k.b.math(Math::Fma, &[x, y, a]),
                None => k.b.binary(Bin::Add, a, b),
            },
        },
        ("arith.subf", &[a, b]) => match contracted(k, op, 0)? {
            Some((x, y)) => {
                let b = k.b.unary(UnaryOperator::Negate, b);
                k.b.math(Math::Fma, &[x, y, b])
            }
            None => match contracted(k, op, 1)? {
                Some((x, y)) => {
                    let x = k.b.unary(UnaryOperator::Negate, x);
                    k.b.math(Math::Fma, &[x, y, a])
                }
                None => k.b.binary(Bin::Subtract, a, b),
            },
        },
        ("arith.mulf", &[a, b]) => k.b.binary(Bin::Multiply, a, b),
        ("arith.divf", &[a, b]) => k.b.binary(Bin::Divide, a, b),
        ("arith.remf", &[a, b]) => k.b.binary(Bin::Modulo, a, b),
        ("arith.maxnumf" | "arith.minnumf", &[a, b]) => number_of(k, op, ty, a, b, name == "arith.maxnumf"),
        ("arith.maximumf" | "arith.minimumf", &[a, b]) => {
            let fun = if name == "arith.maximumf" { Math::Max } else { Math::Min };
            extreme(k, op, ty, a, b, fun)
        }
        _ => return Ok(None),
    };
    Ok(Some(rounded(k, ty, h, name)))
}

/// Half floats held in f32 are rounded after each operation that can leave their type.
pub(super) fn rounded(k: &mut Kernel<'_>, ty: Ty, h: H, name: &str) -> H {
    let exact = matches!(name, "arith.negf" | "arith.maximumf" | "arith.minimumf" | "arith.maxnumf" | "arith.minnumf");
    if exact { h } else { super::convert::round_half(k, ty, h) }
}

/// The factors of operand `i`, if it is a product that may be rounded together with the sum.
fn contracted<'c>(k: &mut Kernel<'c>, op: Op<'c>, i: usize) -> Result<Option<(H, H)>, weft_dialects::ir::OpError> {
    let Some(product) = op.arg(i).def() else { return Ok(None) };
    let fits = product.op_name() == "arith.mulf"
        && op.arg(i).has_one_use()
        && product.in_block() == op.in_block()
        && allows(op, "contract")
        && allows(product, "contract");
    Ok(if fits { Some((k.arg(product, 0)?, k.arg(product, 1)?)) } else { None })
}

/// `maxnumf`, `minnumf`: of a number and NaN, the number. WGSL's `max` promises neither.
fn number_of<'c>(k: &mut Kernel<'c>, op: Op<'c>, ty: Ty, a: H, b: H, max: bool) -> H {
    let both = k.b.math(if max { Math::Max } else { Math::Min }, &[a, b]);
    if allows(op, "nnan") {
        return both;
    }
    let mut out = both;
    for (one, other) in [(a, b), (b, a)] {
        if !never_nan(k, one) {
            let nan = is_nan(k, ty, one);
            out = k.b.select(nan, other, out);
        }
    }
    out
}

/// `maximumf`, `minimumf`: NaN if one of the two is.
fn extreme<'c>(k: &mut Kernel<'c>, op: Op<'c>, ty: Ty, a: H, b: H, fun: Math) -> H {
    if allows(op, "nnan") {
        return k.b.math(fun, &[a, b]);
    }
    if never_nan(k, b) {
        // A clamp is two of these: one test for NaN is enough.
        let (plain, value, nan) = match k.extremes.get(&a) {
            Some(&known) => known,
            None => (a, a, is_nan(k, ty, a)),
        };
        let plain = k.b.math(fun, &[plain, b]);
        let out = k.b.select(nan, value, plain);
        k.extremes.insert(out, (plain, value, nan));
        return out;
    }
    let mut out = k.b.math(fun, &[a, b]);
    for one in [b, a] {
        if !never_nan(k, one) {
            let nan = is_nan(k, ty, one);
            out = k.b.select(nan, one, out);
        }
    }
    out
}

/// Whether a value is known to be no NaN: a literal, in all lanes.
fn never_nan(k: &mut Kernel<'_>, h: H) -> bool {
    k.b.is_finite(h)
}

/// The predicate of a comparison.
pub(super) fn predicate(op: Op<'_>) -> i64 {
    op.attr("predicate").and_then(|a| a.as_i64()).unwrap_or(-1)
}
