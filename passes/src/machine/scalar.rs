//! `arith` and `math` on scalars: the same ops on machine types, and instructions where Wasm means something else.

use super::function::{Extended, Failure, Lowered, Lowering, unsupported};
use super::fuse::is_number;
use weft_dialects::ir::{Builder, Elem, Op, OpExt, Type, Value, ValueExt, VectorTy};

/// Element type of a scalar; an index is an `i32`.
fn elem_of(ty: Type<'_>) -> Lowered<Elem> {
    if weft_dialects::ir::is_index_type(ty) {
        return Ok(Elem::I32);
    }
    weft_dialects::ir::elem_of(ty).ok_or_else(|| Failure::Unsupported(format!("{ty} has no machine type")))
}

/// Lowers a scalar `arith` or `math` op.
pub fn lower<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, name: &str, b: &Builder<'c>) -> Lowered {
    let to = elem_of(op.res(0).ty())?;
    if matches!(to, Elem::F16 | Elem::BF16) {
        return unsupported(format!("{} has no machine type", to.mlir()));
    }
    if name == "arith.constant" {
        let attr = op.attr("value").ok_or(Failure::Operand)?;
        let value = match (to.is_float(), op.int("value")) {
            (false, Some(v)) if to != Elem::I64 && to != Elem::I1 => b.i32(v),
            _ => b.constant(attr, op.res(0).ty()),
        };
        low.bind(op.res(0), value);
        if matches!(to, Elem::I8 | Elem::I16) {
            low.set_extended(op.res(0), Extended::Signed);
        }
        return Ok(());
    }
    if name == "arith.select" {
        let x = low.operands(op, b)?;
        low.bind(op.res(0), b.select(x[0], x[1], x[2]));
        return Ok(());
    }
    let from = match op.args().first() {
        Some(v) if VectorTy::of(v.ty()).is_none() => elem_of(v.ty())?,
        _ => return unsupported("the machine level has no such op"),
    };
    let ty = low.ty(op.res(0).ty())?;
    let value = match (from.is_float(), to.is_float()) {
        (true, _) if name == "arith.cmpf" => compare_floats(low, op, b)?,
        (false, _) if name == "arith.cmpi" => compare_integers(low, op, from, b)?,
        (true, true) => float(low, op, name, from, to, b)?,
        (false, false) => integer(low, op, name, from, to, b)?,
        (false, true) => {
            if name == "arith.bitcast" {
                b.value(name, &[low.operand(op.arg(0), b)?], ty, &[])
            } else {
                // An i1 is 0 or 1, and widened unsigned numbers are small.
                let signed = name == "arith.sitofp" && from != Elem::I1;
                let x = extended(low, op.arg(0), from, signed, b)?;
                let keep = matches!(from, Elem::I32 | Elem::I64);
                b.value(if keep { name } else { "arith.sitofp" }, &[x], ty, &[])
            }
        }
        (true, false) => {
            let x = low.operand(op.arg(0), b)?;
            match name {
                "arith.bitcast" => b.value(name, &[x], ty, &[]),
                "arith.fptosi" | "arith.fptoui" => {
                    // Through 64 bits, unsigned 32 and narrower numbers fit a signed conversion.
                    let wide = to == Elem::I64 || (to == Elem::I32 && name == "arith.fptoui");
                    let bits = if wide { Elem::I64 } else { Elem::I32 };
                    let instr = format!("wasm.{}_trunc_sat_{}_s", bits.mlir(), from.mlir());
                    let whole = b.value(&instr, &[x], b.cx.elem(bits), &[]);
                    if wide && to != Elem::I64 { b.value("arith.trunci", &[whole], ty, &[]) } else { whole }
                }
                _ => return unsupported("the machine level has no such op"),
            }
        }
    };
    low.bind(op.res(0), value);
    Ok(())
}

fn float<'c>(
    low: &mut Lowering<'_, 'c>,
    op: Op<'c>,
    name: &str,
    from: Elem,
    to: Elem,
    b: &Builder<'c>,
) -> Lowered<Value<'c>> {
    let x = low.operands(op, b)?;
    let ty = b.cx.elem(to);
    let f = from.mlir();
    let instr = |kind: &str| Ok(b.value(&format!("wasm.{f}_{kind}"), &x, ty, &[]));
    match name {
        "arith.addf" | "arith.subf" | "arith.mulf" | "arith.divf" | "arith.negf" | "arith.extf" | "arith.truncf" => {
            Ok(b.value(name, &x, ty, &[]))
        }
        "math.sqrt" => instr("sqrt"),
        "math.floor" => instr("floor"),
        "math.ceil" => instr("ceil"),
        "math.trunc" => instr("trunc"),
        "math.roundeven" => instr("nearest"),
        "math.absf" => instr("abs"),
        "math.copysign" => instr("copysign"),
        "math.fma" => Ok(b.binary("arith.addf", b.binary("arith.mulf", x[0], x[1]), x[2])),
        "arith.maximumf" | "arith.minimumf" | "arith.maxnumf" | "arith.minnumf" => {
            let max = name.starts_with("arith.max");
            let (first, second) = (is_number(low.cx, op.arg(0)), is_number(low.cx, op.arg(1)));
            // `keep` if nothing compares.
            let pick = |keep: Value<'c>, other: Value<'c>| {
                b.select(b.compare(if max { "olt" } else { "ogt" }, keep, other), other, keep)
            };
            match (name.ends_with("imumf"), first, second) {
                (true, false, false) => instr(if max { "max" } else { "min" }),
                (true, _, true) | (false, true, _) => Ok(pick(x[0], x[1])),
                (true, true, false) | (false, false, true) => Ok(pick(x[1], x[0])),
                (false, false, false) => Ok(b.select(b.compare("une", x[0], x[0]), x[1], pick(x[0], x[1]))),
            }
        }
        _ => unsupported("Wasm has no such instruction; it must be expanded before"),
    }
}

/// A narrow integer with its upper bits made known; `i1` is always 0 or 1.
fn extended<'c>(
    low: &mut Lowering<'_, 'c>,
    old: Value<'c>,
    from: Elem,
    signed: bool,
    b: &Builder<'c>,
) -> Lowered<Value<'c>> {
    let x = low.operand(old, b)?;
    let bits = match from {
        Elem::I1 => return Ok(b.value("arith.extui", &[x], b.cx.i32(), &[])),
        Elem::I8 => 8,
        Elem::I16 => 16,
        _ => return Ok(x),
    };
    let wanted = if signed { Extended::Signed } else { Extended::Unsigned };
    if low.extended(old) == Some(wanted) {
        return Ok(x);
    }
    Ok(if signed {
        let shift = b.i32(32 - bits);
        b.binary("arith.shrsi", b.binary("arith.shli", x, shift), shift)
    } else {
        b.binary("arith.andi", x, b.i32((1 << bits) - 1))
    })
}

fn compare_integers<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, from: Elem, b: &Builder<'c>) -> Lowered<Value<'c>> {
    let predicate = op.int("predicate").unwrap_or_default();
    // slt, sle, sgt, sge.
    let signed = (2..=5).contains(&predicate) && from != Elem::I1;
    let (x, y) = (extended(low, op.arg(0), from, signed, b)?, extended(low, op.arg(1), from, signed, b)?);
    Ok(b.value("arith.cmpi", &[x, y], b.cx.elem(Elem::I1), &[("predicate", b.cx.i64_attr(predicate))]))
}

fn compare_floats<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered<Value<'c>> {
    let (x, y) = (low.operand(op.arg(0), b)?, low.operand(op.arg(1), b)?);
    let yes = b.cx.elem(Elem::I1);
    let not = |v: Value<'c>| b.binary("arith.xori", v, b.constant(b.cx.bool_attr(true), yes));
    // Wasm has oeq, ogt, oge, olt, ole and une.
    Ok(match op.int("predicate").unwrap_or_default() {
        p @ (1..=5 | 13) => b.value("arith.cmpf", &[x, y], yes, &[("predicate", b.cx.i64_attr(p))]),
        9 => not(b.compare("ole", x, y)),
        10 => not(b.compare("olt", x, y)),
        11 => not(b.compare("oge", x, y)),
        12 => not(b.compare("ogt", x, y)),
        6 => b.binary("arith.ori", b.compare("olt", x, y), b.compare("ogt", x, y)),
        8 => not(b.binary("arith.ori", b.compare("olt", x, y), b.compare("ogt", x, y))),
        7 => b.binary("arith.andi", b.compare("oeq", x, x), b.compare("oeq", y, y)),
        14 => b.binary("arith.ori", b.compare("une", x, x), b.compare("une", y, y)),
        p => b.constant(b.cx.bool_attr(p == 15), yes),
    })
}

fn integer<'c>(
    low: &mut Lowering<'_, 'c>,
    op: Op<'c>,
    name: &str,
    from: Elem,
    to: Elem,
    b: &Builder<'c>,
) -> Lowered<Value<'c>> {
    let ty = low.ty(op.res(0).ty())?;
    let signed = matches!(
        name,
        "arith.extsi"
            | "arith.index_cast"
            | "arith.divsi"
            | "arith.remsi"
            | "arith.shrsi"
            | "arith.minsi"
            | "arith.maxsi"
            | "math.absi"
            | "arith.floordivsi"
            | "arith.ceildivsi"
    );
    match name {
        // Wrapping arithmetic leaves the upper bits as they come.
        "arith.addi" | "arith.subi" | "arith.muli" | "arith.andi" | "arith.ori" | "arith.xori" | "arith.shli" => {
            let x = low.operands(op, b)?;
            Ok(b.binary(name, x[0], x[1]))
        }
        "arith.divsi" | "arith.divui" | "arith.remsi" | "arith.remui" | "arith.shrsi" | "arith.shrui" => {
            let (x, y) = (extended(low, op.arg(0), from, signed, b)?, extended(low, op.arg(1), from, signed, b)?);
            Ok(b.binary(name, x, y))
        }
        "arith.minsi" | "arith.maxsi" | "arith.minui" | "arith.maxui" => {
            let (x, y) = (extended(low, op.arg(0), from, signed, b)?, extended(low, op.arg(1), from, signed, b)?);
            let less = if name.starts_with("arith.min") { "lt" } else { "gt" };
            let test = b.compare(&format!("{}{less}", if signed { 's' } else { 'u' }), x, y);
            Ok(b.select(test, x, y))
        }
        "arith.floordivsi" | "arith.ceildivsi" => {
            let (x, y) = (extended(low, op.arg(0), from, true, b)?, extended(low, op.arg(1), from, true, b)?);
            let zero = b.constant(b.cx.int_attr(x.ty(), 0), x.ty());
            let one = b.constant(b.cx.int_attr(x.ty(), 1), x.ty());
            let (quotient, rest) = (b.binary("arith.divsi", x, y), b.binary("arith.remsi", x, y));
            // Division rounds to zero: one step further if something is left on the other side.
            let down = name == "arith.floordivsi";
            let apart = b.compare(if down { "slt" } else { "sge" }, b.binary("arith.xori", rest, y), zero);
            let step = b.binary("arith.andi", b.compare("ne", rest, zero), apart);
            let moved = b.binary(if down { "arith.subi" } else { "arith.addi" }, quotient, one);
            Ok(b.select(step, moved, quotient))
        }
        "arith.ceildivui" => {
            let (x, y) = (extended(low, op.arg(0), from, false, b)?, extended(low, op.arg(1), from, false, b)?);
            let rest = b.binary("arith.remui", x, y);
            let zero = b.constant(b.cx.int_attr(x.ty(), 0), x.ty());
            let one = b.constant(b.cx.int_attr(x.ty(), 1), x.ty());
            let quotient = b.binary("arith.divui", x, y);
            Ok(b.select(b.compare("ne", rest, zero), b.binary("arith.addi", quotient, one), quotient))
        }
        "math.absi" => {
            let x = extended(low, op.arg(0), from, true, b)?;
            let zero = b.constant(b.cx.int_attr(x.ty(), 0), x.ty());
            Ok(b.select(b.compare("slt", x, zero), b.binary("arith.subi", zero, x), x))
        }
        "arith.bitcast" => low.operand(op.arg(0), b),
        "math.ctlz" | "math.cttz" | "math.ctpop" if from == Elem::I32 => {
            let kind = match name {
                "math.ctlz" => "clz",
                "math.cttz" => "ctz",
                _ => "popcnt",
            };
            Ok(b.value(&format!("wasm.i32_{kind}"), &[low.operand(op.arg(0), b)?], ty, &[]))
        }
        "arith.extsi" | "arith.extui" | "arith.index_cast" | "arith.index_castui" | "arith.trunci" => {
            cast(low, op, from, to, signed, ty, b)
        }
        _ => unsupported("the machine level has no such op"),
    }
}

/// Between integer widths.
fn cast<'c>(
    low: &mut Lowering<'_, 'c>,
    op: Op<'c>,
    from: Elem,
    to: Elem,
    signed: bool,
    ty: Type<'c>,
    b: &Builder<'c>,
) -> Lowered<Value<'c>> {
    let old = op.arg(0);
    if to == Elem::I1 {
        if from == Elem::I1 {
            return low.operand(old, b);
        }
        let mut x = low.operand(old, b)?;
        if from == Elem::I64 {
            x = b.value("arith.trunci", &[x], b.cx.i32(), &[]);
        }
        return Ok(b.compare("ne", b.binary("arith.andi", x, b.i32(1)), b.i32(0)));
    }
    if to.bytes() <= from.bytes() && from != Elem::I1 {
        // The upper bits are whatever they are.
        let x = low.operand(old, b)?;
        return Ok(if from == Elem::I64 && to != Elem::I64 { b.value("arith.trunci", &[x], ty, &[]) } else { x });
    }
    let mut x = extended(low, old, from, signed, b)?;
    if from == Elem::I1 && signed {
        x = b.binary("arith.subi", b.i32(0), x);
    }
    if to == Elem::I64 {
        let widen = if signed { "arith.extsi" } else { "arith.extui" };
        x = b.value(widen, &[x], ty, &[]);
    } else if matches!(to, Elem::I8 | Elem::I16) {
        low.set_extended(op.res(0), if signed { Extended::Signed } else { Extended::Unsigned });
    }
    Ok(x)
}
