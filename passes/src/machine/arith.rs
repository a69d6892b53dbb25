//! `arith` and `math`: vectors become instructions, scalars stay `arith` on machine types. This file holds the
//! vectors; `scalar.rs` the scalars.

use super::function::{Failure, Lowered, Lowering, unsupported};
use super::fuse::{constant_splat, is_number, pseudo_min_max};
use super::vector::{constant, dense, lanes_name, narrow, retype, shape_of, splat_mask, widen};
use super::{scalar, types};
use weft_dialects::ir::{Builder, Elem, Op, OpExt, Scalar, Tensor, Value, ValueExt, VectorTy};

/// Lowers an `arith` or `math` op.
pub fn lower<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, name: &str, b: &Builder<'c>) -> Lowered {
    if VectorTy::of(op.res(0).ty()).is_none() {
        return scalar::lower(low, op, name, b);
    }
    let value = match name {
        "arith.constant" => vector_constant(low, op, b)?,
        "arith.select" => select(low, op, b)?,
        "arith.cmpf" | "arith.cmpi" => compare(low, op, name, b)?,
        "arith.shli" | "arith.shrsi" | "arith.shrui" => shift(low, op, name, b)?,
        "arith.maximumf" | "arith.minimumf" | "arith.maxnumf" | "arith.minnumf" => extremum(low, op, name, b)?,
        "arith.addf" | "arith.subf" if low.fusion.product_of(op).is_some() => product_sum(low, op, name, b)?,
        _ => {
            let operands = low.operands(op, b)?;
            match *operands.as_slice() {
                [x] => unary(low, op, name, x, b)?,
                [x, y] => binary(op, name, x, y, b)?,
                [x, y, z] if name == "math.fma" => fma(low, op, [x, y, z], b)?,
                _ => return unsupported("the machine level has no such op"),
            }
        }
    };
    low.bind(op.res(0), value);
    Ok(())
}

/// `x * y + z` of `math.fma` and `vector.fma`.
pub fn fma<'c>(low: &Lowering<'_, 'c>, op: Op<'c>, [x, y, z]: [Value<'c>; 3], b: &Builder<'c>) -> Lowered<Value<'c>> {
    if shape_of(op.res(0))? != (Elem::F32, 4) {
        return unsupported("only vector<4xf32> has products with sums");
    }
    if low.target.fma {
        return Ok(b.value("wasm.f32x4_relaxed_madd", &[x, y, z], z.ty(), &[]));
    }
    let product = b.value("wasm.f32x4_mul", &[x, y], z.ty(), &[]);
    Ok(b.value("wasm.f32x4_add", &[product, z], z.ty(), &[]))
}

/// `a * b + c` and `c - a * b`.
fn product_sum<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, name: &str, b: &Builder<'c>) -> Lowered<Value<'c>> {
    let at = low.fusion.product_of(op).unwrap_or_default();
    let product = op.arg(at).def().ok_or(Failure::Operand)?;
    let (x, y) = (low.operand(product.arg(0), b)?, low.operand(product.arg(1), b)?);
    let sum = low.operand(op.arg(1 - at), b)?;
    let instr = if name == "arith.addf" { "wasm.f32x4_relaxed_madd" } else { "wasm.f32x4_relaxed_nmadd" };
    Ok(b.value(instr, &[x, y, sum], sum.ty(), &[]))
}

fn vector_constant<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered<Value<'c>> {
    let attr = op.attr("value").ok_or(Failure::Operand)?;
    let ty = VectorTy::of(op.res(0).ty()).ok_or(Failure::Operand)?;
    let Some(machine) = types::vector(&ty) else {
        return unsupported(format!("{} has no machine type", op.res(0).ty()));
    };
    if machine == ty {
        return Ok(b.constant(attr, op.res(0).ty()));
    }
    let t = low.cx.tensor_of(attr).ok_or(Failure::Operand)?;
    let mask = |s: Scalar| if ty.elem == Elem::I1 { Scalar::I(-(s.i64() & 1)) } else { s };
    let filled = t.scalars().map(mask).chain(std::iter::repeat(Scalar::I(0))).take(machine.shape[0] as usize);
    Ok(dense(b, &Tensor::from_scalars(machine.elem, &machine.shape, filled)))
}

fn select<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered<Value<'c>> {
    let ty = low.ty(op.res(0).ty())?;
    if shape_of(op.res(0))? == (Elem::F32, 4)
        && let Some(p) = pseudo_min_max(op)
    {
        let (x, y) = (low.operand(p.a, b)?, low.operand(p.b, b)?);
        return Ok(b.value(if p.max { "wasm.f32x4_pmax" } else { "wasm.f32x4_pmin" }, &[x, y], ty, &[]));
    }
    let (mut x, mut y) = (low.operand(op.arg(1), b)?, low.operand(op.arg(2), b)?);
    let condition = match opposite(op.arg(0)) {
        Some((predicate, compare)) => {
            (x, y) = (y, x);
            let (p, q) = (low.operand(compare.arg(0), b)?, low.operand(compare.arg(1), b)?);
            b.value(&format!("wasm.f32x4_{predicate}"), &[p, q], low.ty(compare.res(0).ty())?, &[])
        }
        None => low.operand(op.arg(0), b)?,
    };
    let lane = |v: Value<'c>| VectorTy::of(v.ty()).map(|t| t.elem.bytes());
    let mask = if VectorTy::of(condition.ty()).is_none() {
        splat_mask(b, condition, Elem::I32)
    } else if lane(condition) == lane(x) {
        condition
    } else {
        // Short vectors of narrow lanes, chosen by the comparison of wide ones.
        match (VectorTy::of(condition.ty()).map(|v| v.elem), VectorTy::of(x.ty()).map(|v| v.elem)) {
            (Some(from), Some(to)) if from.bytes() > to.bytes() => narrow(b, condition, from, to)?,
            _ => return unsupported("the condition's lanes are not as wide as the values'"),
        }
    };
    Ok(b.value("wasm.v128_bitselect", &[x, y, mask], ty, &[]))
}

/// The instruction for the opposite of an unordered comparison, which there is none for.
fn opposite<'c>(condition: Value<'c>) -> Option<(&'static str, Op<'c>)> {
    let compare = condition.def().filter(|c| c.op_name() == "arith.cmpf")?;
    if shape_of(compare.arg(0)).ok()? != (Elem::F32, 4) {
        return None;
    }
    let predicate = match CMPF.get(usize::try_from(compare.int("predicate")?).ok()?).copied()? {
        "ugt" => "le",
        "uge" => "lt",
        "ult" => "ge",
        "ule" => "gt",
        _ => return None,
    };
    Some((predicate, compare))
}

const CMPF: [&str; 16] =
    ["false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord", "ueq", "ugt", "uge", "ult", "ule", "une", "uno", "true"];
const CMPI: [&str; 10] = ["eq", "ne", "lt_s", "le_s", "gt_s", "ge_s", "lt_u", "le_u", "gt_u", "ge_u"];

fn compare<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, name: &str, b: &Builder<'c>) -> Lowered<Value<'c>> {
    let ty = low.ty(op.res(0).ty())?;
    let (elem, _) = shape_of(op.arg(0))?;
    let (x, y) = (low.operand(op.arg(0), b)?, low.operand(op.arg(1), b)?);
    let predicate = op.int("predicate").and_then(|p| usize::try_from(p).ok()).unwrap_or_default();
    if name == "arith.cmpi" {
        let kind = CMPI.get(predicate).copied().unwrap_or("eq");
        return match (elem, kind) {
            (Elem::I32, _) => Ok(b.value(&format!("wasm.i32x4_{kind}"), &[x, y], ty, &[])),
            // Masks differ where their bits do.
            (Elem::I1, "ne") => Ok(b.value("wasm.v128_xor", &[x, y], ty, &[])),
            (Elem::I1, "eq") => Ok(not(b, b.value("wasm.v128_xor", &[x, y], ty, &[]))),
            _ => unsupported(format!("no instruction compares {} lanes", elem.mlir())),
        };
    }
    if elem != Elem::F32 {
        return unsupported(format!("no instruction compares {} lanes", elem.mlir()));
    }
    let test = |kind: &str, x, y| b.value(&format!("wasm.f32x4_{kind}"), &[x, y], ty, &[]);
    let both = |kind: &str, p, q| b.value(&format!("wasm.v128_{kind}"), &[p, q], ty, &[]);
    Ok(match CMPF.get(predicate).copied().unwrap_or("false") {
        "oeq" => test("eq", x, y),
        "ogt" => test("gt", x, y),
        "oge" => test("ge", x, y),
        "olt" => test("lt", x, y),
        "ole" => test("le", x, y),
        "une" => test("ne", x, y),
        "ugt" => not(b, test("le", x, y)),
        "uge" => not(b, test("lt", x, y)),
        "ult" => not(b, test("ge", x, y)),
        "ule" => not(b, test("gt", x, y)),
        "one" => both("or", test("lt", x, y), test("gt", x, y)),
        "ueq" => not(b, both("or", test("lt", x, y), test("gt", x, y))),
        "ord" => both("and", test("eq", x, x), test("eq", y, y)),
        "uno" => both("or", test("ne", x, x), test("ne", y, y)),
        always => constant(b, Elem::I32, &[if always == "true" { -1 } else { 0 }; 4]),
    })
}

fn not<'c>(b: &Builder<'c>, v: Value<'c>) -> Value<'c> {
    b.value("wasm.v128_not", &[v], v.ty(), &[])
}

fn shift<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, name: &str, b: &Builder<'c>) -> Lowered<Value<'c>> {
    let (elem, _) = shape_of(op.res(0))?;
    if !matches!(elem, Elem::I32 | Elem::I16) {
        return unsupported(format!("no instruction shifts {} lanes", elem.mlir()));
    }
    let x = low.operand(op.arg(0), b)?;
    let spread = op.arg(1).def().filter(|d| d.op_name() == "vector.broadcast");
    let amount = match (constant_splat(low.cx, op.arg(1)), spread) {
        (Some(c), _) => b.i32(c.i64()),
        (None, Some(d)) => low.operand(d.arg(0), b)?,
        _ => return unsupported("all lanes must be shifted by the same number"),
    };
    let instr = match name {
        "arith.shli" => "shl",
        "arith.shrsi" => "shr_s",
        _ => "shr_u",
    };
    Ok(b.value(&format!("wasm.{}_{instr}", lanes_name(elem)), &[x, amount], x.ty(), &[]))
}

/// Maxima and minima. `pmax(a, b)` is `a < b ? b : a` and so keeps `a` if it is NaN; V8 makes it one instruction,
/// where `max` takes several for NaN and the sign of zero.
fn extremum<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, name: &str, b: &Builder<'c>) -> Lowered<Value<'c>> {
    if shape_of(op.res(0))? != (Elem::F32, 4) {
        return unsupported("only vector<4xf32> has maxima and minima");
    }
    let (x, y) = (low.operand(op.arg(0), b)?, low.operand(op.arg(1), b)?);
    let (first, second) = (is_number(low.cx, op.arg(0)), is_number(low.cx, op.arg(1)));
    let kind = if name.starts_with("arith.max") { "max" } else { "min" };
    let pseudo = |p, q| b.value(&format!("wasm.f32x4_p{kind}"), &[p, q], x.ty(), &[]);
    Ok(match (name.ends_with("imumf"), first, second) {
        // NaN of the unknown operand survives: it comes first.
        (true, _, true) => pseudo(x, y),
        (true, true, false) => pseudo(y, x),
        // `f32x4.max` is a dozen instructions on x86, most of them for the sign of zero, which nothing here depends on: of
        // zeros of both signs, either is the result. NaN in x comes through, NaN in y is put in: all bits set are a NaN.
        (true, false, false) => {
            let mask = VectorTy::new(Elem::I32, 4).to_mlir(b.cx);
            let nan = b.value("wasm.f32x4_ne", &[y, y], mask, &[]);
            b.value("wasm.v128_or", &[pseudo(x, y), nan], x.ty(), &[])
        }
        // NaN gives the other operand: what is known to be a number comes first.
        (false, true, _) => pseudo(x, y),
        (false, false, true) => pseudo(y, x),
        (false, false, false) => {
            let mask = VectorTy::new(Elem::I32, 4).to_mlir(b.cx);
            let nan = b.value("wasm.f32x4_ne", &[x, x], mask, &[]);
            b.value("wasm.v128_bitselect", &[y, pseudo(x, y), nan], x.ty(), &[])
        }
    })
}

fn unary<'c>(low: &Lowering<'_, 'c>, op: Op<'c>, name: &str, x: Value<'c>, b: &Builder<'c>) -> Lowered<Value<'c>> {
    let ((from, _), (to, _)) = (shape_of(op.arg(0))?, shape_of(op.res(0))?);
    let ty = low.ty(op.res(0).ty())?;
    let instr = |name: &str, x| b.value(&format!("wasm.{name}"), &[x], ty, &[]);
    if from == Elem::F32 && to == Elem::F32 {
        let kind = match name {
            "arith.negf" => "neg",
            "math.absf" => "abs",
            "math.sqrt" => "sqrt",
            "math.floor" => "floor",
            "math.ceil" => "ceil",
            "math.trunc" => "trunc",
            "math.roundeven" => "nearest",
            _ => return unsupported("Wasm has no such instruction; it must be expanded before"),
        };
        return Ok(instr(&format!("f32x4_{kind}"), x));
    }
    match (name, from, to) {
        ("math.absi", Elem::I32, _) => Ok(instr("i32x4_abs", x)),
        ("arith.bitcast", ..) => Ok(retype(b, x, ty)),
        // A mask is -1 where true.
        ("arith.extsi", Elem::I1, Elem::I32) => Ok(x),
        ("arith.extui", Elem::I1, Elem::I32) => {
            Ok(b.value("wasm.v128_and", &[x, constant(b, Elem::I32, &[1; 4])], ty, &[]))
        }
        ("arith.uitofp", Elem::I1, Elem::F32) => {
            let one = constant(b, Elem::I32, &[i64::from(1f32.to_bits()); 4]);
            Ok(retype(b, b.value("wasm.v128_and", &[x, one], x.ty(), &[]), ty))
        }
        ("arith.trunci", Elem::I32, Elem::I1) => {
            let top = b.value("wasm.i32x4_shl", &[x, b.i32(31)], x.ty(), &[]);
            Ok(b.value("wasm.i32x4_shr_s", &[top, b.i32(31)], ty, &[]))
        }
        ("arith.extsi" | "arith.extui", ..) => widen(b, x, from, to, name == "arith.extsi"),
        ("arith.trunci", ..) => narrow(b, x, from, to),
        ("arith.sitofp" | "arith.uitofp", Elem::I8 | Elem::I16 | Elem::I32, Elem::F32) => {
            let signed = name == "arith.sitofp";
            let wide = widen(b, x, from, Elem::I32, signed)?;
            // Widened unsigned numbers are small: the signed conversion is one instruction everywhere.
            let s = if signed || from != Elem::I32 { 's' } else { 'u' };
            Ok(instr(&format!("f32x4_convert_i32x4_{s}"), wide))
        }
        ("arith.fptosi" | "arith.fptoui", Elem::F32, Elem::I8 | Elem::I16 | Elem::I32) => {
            let s = if name == "arith.fptosi" { 's' } else { 'u' };
            let wide = VectorTy::new(Elem::I32, 4).to_mlir(b.cx);
            let whole = b.value(&format!("wasm.i32x4_trunc_sat_f32x4_{s}"), &[x], wide, &[]);
            if to == Elem::I32 { Ok(whole) } else { narrow(b, whole, Elem::I32, to) }
        }
        _ => unsupported(format!("no instruction takes {} to {} lanes", from.mlir(), to.mlir())),
    }
}

fn binary<'c>(op: Op<'c>, name: &str, x: Value<'c>, y: Value<'c>, b: &Builder<'c>) -> Lowered<Value<'c>> {
    let (elem, _) = shape_of(op.res(0))?;
    let instr = |name: &str| b.value(&format!("wasm.{name}"), &[x, y], x.ty(), &[]);
    let kind = match (name, elem) {
        ("arith.addf", Elem::F32) | ("arith.addi", Elem::I32 | Elem::I16 | Elem::I8) => "add",
        ("arith.subf", Elem::F32) | ("arith.subi", Elem::I32 | Elem::I16 | Elem::I8) => "sub",
        ("arith.mulf", Elem::F32) | ("arith.muli", Elem::I32 | Elem::I16) => "mul",
        ("arith.divf", Elem::F32) => "div",
        ("arith.minsi", Elem::I32) => "min_s",
        ("arith.maxsi", Elem::I32) => "max_s",
        ("arith.minui", Elem::I32) => "min_u",
        ("arith.maxui", Elem::I32) => "max_u",
        ("arith.andi", _) => return Ok(instr("v128_and")),
        ("arith.ori", _) => return Ok(instr("v128_or")),
        ("arith.xori", _) => return Ok(instr("v128_xor")),
        ("math.copysign", Elem::F32) => {
            let magnitude = retype(b, constant(b, Elem::I32, &[i64::from(i32::MAX); 4]), x.ty());
            return Ok(b.value("wasm.v128_bitselect", &[x, y, magnitude], x.ty(), &[]));
        }
        _ => return unsupported(format!("no instruction does this on {} lanes", elem.mlir())),
    };
    Ok(instr(&format!("{}_{kind}", lanes_name(elem))))
}
