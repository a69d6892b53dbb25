//! Loads and stores.

use super::addresses::access;
use super::function::{Extended, Failure, Lowered, Lowering, unsupported};
use super::fuse::common_use;
use super::vector::{constant, narrow, shape_of, widen};
use weft_dialects::ir::{Builder, Elem, Op, OpExt, Value, ValueExt, VectorTy};

/// Lowers a `memref` op, `vector.load` or `vector.store`.
pub fn lower<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, name: &str, b: &Builder<'c>) -> Lowered {
    match name {
        "memref.load" => scalar_load(low, op, b),
        "memref.store" => scalar_store(low, op, b),
        "vector.load" => vector_load(low, op, b),
        "vector.store" => vector_store(low, op, b),
        "memref.copy" => copy(low, op, b),
        "memref.dim" => {
            let ty = op.arg(0).memref_ty().ok_or(Failure::Operand)?;
            let dim =
                super::addresses::constant_int(op.arg(1)).and_then(|d| ty.shape.get(usize::try_from(d).ok()?).copied());
            match dim {
                Some(n) if n >= 0 => {
                    low.bind(op.res(0), b.i32(n));
                    Ok(())
                }
                _ => unsupported("the extent must be known at compile time"),
            }
        }
        _ => unsupported("buffers are views of the arguments; the planner places everything else"),
    }
}

/// The pointer and offset of a load or store.
fn place<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered<(Value<'c>, i64)> {
    let (memref, indices) = access(op, &op.op_name()).ok_or(Failure::Operand)?;
    let Some(at) = low.addresses.element(memref, &indices) else {
        return unsupported(format!("the layout of {} is not known at compile time", memref.ty()));
    };
    low.pointer(&at, b)
}

fn load<'c>(b: &Builder<'c>, instr: &str, at: (Value<'c>, i64), ty: weft_dialects::ir::Type<'c>) -> Value<'c> {
    b.value(&format!("wasm.{instr}"), &[at.0], ty, &[("offset", b.cx.int_attr(b.cx.i32(), at.1))])
}

fn store<'c>(b: &Builder<'c>, instr: &str, at: (Value<'c>, i64), value: Value<'c>) {
    b.op(&format!("wasm.{instr}"), &[at.0, value], &[], &[("offset", b.cx.int_attr(b.cx.i32(), at.1))]);
}

fn store_lane<'c>(b: &Builder<'c>, bits: i64, at: (Value<'c>, i64), value: Value<'c>, lane: i64) {
    let attrs = [("offset", b.cx.int_attr(b.cx.i32(), at.1)), ("lanes", b.cx.i64s_attr(&[lane]))];
    b.op(&format!("wasm.v128_store{bits}_lane"), &[at.0, value], &[], &attrs);
}

fn elem_of(v: Value<'_>) -> Option<Elem> {
    weft_dialects::ir::elem_of(v.ty())
}

fn scalar_load<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered {
    let result = op.res(0);
    let Some(elem) = elem_of(result) else { return unsupported(format!("{} can't be loaded", result.ty())) };
    // Spread over all lanes at once, if nothing needs the scalar itself.
    if let Some((_, spread)) = common_use(result, &["vector.broadcast"])
        && elem != Elem::I1
    {
        let at = place(low, op, b)?;
        let ty = low.ty(spread.res(0).ty())?;
        let value = load(b, &format!("v128_load{}_splat", elem.bytes() * 8), at, ty);
        for (user, _) in result.uses() {
            low.bind(user.res(0), value);
        }
        return Ok(());
    }
    let signed = common_use(result, &["arith.extsi", "arith.sitofp", "arith.index_cast"]).is_some();
    let (instr, how) = match (elem, signed) {
        (Elem::F32, _) => ("f32_load", None),
        (Elem::F64, _) => ("f64_load", None),
        (Elem::I32, _) => ("i32_load", None),
        (Elem::I64, _) => ("i64_load", None),
        (Elem::I8, true) => ("i32_load8_s", Some(Extended::Signed)),
        (Elem::I16, true) => ("i32_load16_s", Some(Extended::Signed)),
        (Elem::I8 | Elem::I1, _) => ("i32_load8_u", Some(Extended::Unsigned)),
        (Elem::I16, false) => ("i32_load16_u", Some(Extended::Unsigned)),
        (Elem::F16 | Elem::BF16, _) => return unsupported(format!("{} has no instruction to load it", elem.mlir())),
    };
    let at = place(low, op, b)?;
    let ty = if elem == Elem::I1 { b.cx.i32() } else { low.ty(result.ty())? };
    let mut value = load(b, instr, at, ty);
    if elem == Elem::I1 {
        value = b.compare("ne", value, b.i32(0));
    }
    low.bind(result, value);
    if let Some(how) = how {
        low.set_extended(result, how);
    }
    Ok(())
}

fn scalar_store<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered {
    let value = op.arg(0);
    let Some(elem) = elem_of(value) else { return unsupported(format!("{} can't be stored", value.ty())) };
    // A lane goes to memory directly.
    if let Some(extract) = value.def().filter(|d| d.op_name() == "vector.extract" && elem != Elem::I1)
        && let Some(lane) = extract.ints("static_position").filter(|p| p.len() == 1 && p[0] >= 0)
        && elem.bytes() >= 4
    {
        let vector = low.operand(extract.arg(0), b)?;
        let at = place(low, op, b)?;
        store_lane(b, elem.bytes() as i64 * 8, at, vector, lane[0]);
        return Ok(());
    }
    let mut new = low.operand(value, b)?;
    let instr = match elem {
        Elem::F32 => "f32_store",
        Elem::F64 => "f64_store",
        Elem::I32 => "i32_store",
        Elem::I64 => "i64_store",
        Elem::I8 | Elem::I1 => "i32_store8",
        Elem::I16 => "i32_store16",
        Elem::F16 | Elem::BF16 => return unsupported(format!("{} has no instruction to store it", elem.mlir())),
    };
    if elem == Elem::I1 {
        new = b.value("arith.extui", &[new], b.cx.i32(), &[]);
    }
    let at = place(low, op, b)?;
    store(b, instr, at, new);
    Ok(())
}

fn vector_load<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered {
    let result = op.res(0);
    let (elem, n) = shape_of(result)?;
    let ty = low.ty(result.ty())?;
    let at = place(low, op, b)?;
    if elem == Elem::I1 {
        if n != 4 {
            return unsupported("only four booleans can be loaded at once");
        }
        let bytes = load(b, "v128_load32_zero", at, VectorTy::new(Elem::I8, 16).to_mlir(b.cx));
        let wide = widen(b, bytes, Elem::I8, Elem::I32, false)?;
        let zero = constant(b, Elem::I32, &[0; 4]);
        low.bind(result, b.value("wasm.i32x4_ne", &[wide, zero], ty, &[]));
        return Ok(());
    }
    let bits = n * elem.bytes() as i64 * 8;
    // Widened on the way, if that is all that is done with it.
    if bits == 64
        && let Some((how, wide)) = common_use(result, &["arith.extsi", "arith.extui"])
        && VectorTy::of(wide.res(0).ty()).is_some_and(|w| w.elem.bytes() == 2 * elem.bytes())
    {
        let sign = if how == "arith.extsi" { 's' } else { 'u' };
        let ty = low.ty(wide.res(0).ty())?;
        let value = load(b, &format!("v128_load{}x{n}_{sign}", elem.bytes() * 8), at, ty);
        for (user, _) in result.uses() {
            low.bind(user.res(0), value);
        }
        return Ok(());
    }
    let instr = match bits {
        128 => "v128_load",
        64 => "v128_load64_zero",
        32 => "v128_load32_zero",
        _ => return unsupported(format!("{} has no instruction to load it", result.ty())),
    };
    low.bind(result, load(b, instr, at, ty));
    Ok(())
}

fn vector_store<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered {
    let value = op.arg(0);
    let (mut elem, n) = shape_of(value)?;
    let mut new = low.operand(value, b)?;
    if elem == Elem::I1 {
        if n != 4 {
            return unsupported("only four booleans can be stored at once");
        }
        let one = constant(b, Elem::I32, &[1; 4]);
        new = narrow(b, b.value("wasm.v128_and", &[new, one], new.ty(), &[]), Elem::I32, Elem::I8)?;
        elem = Elem::I8;
    }
    let at = place(low, op, b)?;
    match n * elem.bytes() as i64 * 8 {
        128 => store(b, "v128_store", at, new),
        bits @ (64 | 32) => store_lane(b, bits, at, new, 0),
        _ => return unsupported(format!("{} has no instruction to store it", value.ty())),
    }
    Ok(())
}

fn copy<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered {
    let contiguous =
        |v: Value<'c>| v.memref_ty().filter(|t| weft_dialects::ir::MemRefTy { offset: 0, ..t.clone() }.is_dense());
    let (Some(from), Some(_)) = (contiguous(op.arg(0)), contiguous(op.arg(1))) else {
        return unsupported("only contiguous buffers can be copied at once");
    };
    let (source, target) = (low.operand(op.arg(0), b)?, low.operand(op.arg(1), b)?);
    b.op("wasm.memory_copy", &[target, source, b.i32(from.span_bytes())], &[], &[]);
    Ok(())
}
