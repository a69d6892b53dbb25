//! Moving lanes: `vector` ops, and between widths.

use super::function::{Failure, Lowered, Lowering, unsupported};
use super::types;
use weft_dialects::ir::{Builder, Elem, Op, OpExt, Scalar, Tensor, Value, ValueExt, VectorTy};

/// Lowers a `vector` op other than loads and stores.
pub fn lower<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, name: &str, b: &Builder<'c>) -> Lowered {
    match name {
        "vector.broadcast" | "vector.splat" => broadcast(low, op, b),
        "vector.extract" => extract(low, op, b),
        "vector.insert" => insert(low, op, b),
        "vector.shuffle" => shuffle(low, op, b),
        "vector.bitcast" => {
            let (value, ty) = (low.operand(op.arg(0), b)?, low.ty(op.res(0).ty())?);
            low.bind(op.res(0), retype(b, value, ty));
            Ok(())
        }
        "vector.fma" => {
            let operands = [low.operand(op.arg(0), b)?, low.operand(op.arg(1), b)?, low.operand(op.arg(2), b)?];
            let value = super::arith::fma(low, op, operands, b)?;
            low.bind(op.res(0), value);
            Ok(())
        }
        _ => unsupported("the machine level has no such op"),
    }
}

/// Element and length of a 1-D vector value.
pub fn shape_of(v: Value<'_>) -> Lowered<(Elem, i64)> {
    match VectorTy::of(v.ty()) {
        Some(VectorTy { shape, elem }) if shape.len() == 1 => Ok((elem, shape[0])),
        _ => unsupported(format!("{} is no vector of one dim", v.ty())),
    }
}

/// The same bits with another vector type.
pub fn retype<'c>(b: &Builder<'c>, v: Value<'c>, ty: weft_dialects::ir::Type<'c>) -> Value<'c> {
    if v.ty() == ty { v } else { b.value("vector.bitcast", &[v], ty, &[]) }
}

/// A vector constant, filled up with zeros to 128 bits.
pub fn constant<'c>(b: &Builder<'c>, elem: Elem, values: &[i64]) -> Value<'c> {
    let lanes = 16 / elem.bytes();
    let scalars = (0..lanes).map(|i| Scalar::I(values.get(i).copied().unwrap_or(0)));
    dense(b, &Tensor::from_scalars(elem, &[lanes as i64], scalars))
}

/// A vector constant from 128 bits of data.
pub fn dense<'c>(b: &Builder<'c>, t: &Tensor) -> Value<'c> {
    let ty = VectorTy::new(t.elem, t.len() as i64).to_mlir(b.cx);
    b.constant(b.cx.vector_attr(t), ty)
}

/// How instructions name lanes of an element type.
pub fn lanes_name(elem: Elem) -> &'static str {
    match elem {
        Elem::F32 => "f32x4",
        Elem::F64 => "f64x2",
        Elem::I8 | Elem::I1 => "i8x16",
        Elem::I16 | Elem::F16 | Elem::BF16 => "i16x8",
        Elem::I32 => "i32x4",
        Elem::I64 => "i64x2",
    }
}

/// A mask from an `i1`.
pub fn splat_mask<'c>(b: &Builder<'c>, condition: Value<'c>, elem: Elem) -> Value<'c> {
    let bit = b.value("arith.extui", &[condition], b.cx.i32(), &[]);
    let all = b.binary("arith.subi", b.i32(0), bit);
    let mask = b.value("wasm.i32x4_splat", &[all], VectorTy::new(Elem::I32, 4).to_mlir(b.cx), &[]);
    retype(b, mask, VectorTy::new(elem, 16 / elem.bytes() as i64).to_mlir(b.cx))
}

fn broadcast<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered {
    let (source, result) = (op.arg(0), op.res(0));
    let (elem, n) = shape_of(result)?;
    let ty = low.ty(result.ty())?;
    if let Some(v) = super::fuse::constant_splat(low.cx, source) {
        let machine = types::vector(&VectorTy::new(elem, n)).ok_or(Failure::Operand)?;
        let v = if elem == Elem::I1 { Scalar::I(-(v.i64() & 1)) } else { v };
        let t = Tensor::from_scalars(machine.elem, &machine.shape, (0..machine.shape[0]).map(|_| v));
        low.bind(result, dense(b, &t));
        return Ok(());
    }
    let value = low.operand(source, b)?;
    let new = if source.ty() == result.ty() {
        value
    } else if VectorTy::of(source.ty()).is_some() {
        return unsupported("only scalars are broadcast");
    } else if elem == Elem::I1 {
        let lanes = VectorTy::of(ty).map_or(Elem::I32, |v| v.elem);
        splat_mask(b, value, lanes)
    } else {
        b.value(&format!("wasm.{}_splat", lanes_name(elem)), &[value], ty, &[])
    };
    low.bind(result, new);
    Ok(())
}

/// The static position of an extract or insert in a 1-D vector.
fn position(op: Op<'_>) -> Lowered<i64> {
    match op.ints("static_position").as_deref() {
        Some(&[lane]) if lane >= 0 => Ok(lane),
        _ => unsupported("the position must be one constant"),
    }
}

fn extract<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered {
    let (elem, n) = shape_of(op.arg(0))?;
    let lane = position(op)?;
    let vector = low.operand(op.arg(0), b)?;
    let lanes = [("lanes", b.cx.i64s_attr(&[lane]))];
    let sign = if matches!(elem, Elem::I8 | Elem::I16) { "_s" } else { "" };
    let value = if elem == Elem::I1 {
        if n != 4 {
            return unsupported("only masks of four lanes are taken apart");
        }
        let bits = b.value("wasm.i32x4_extract_lane", &[vector], b.cx.i32(), &lanes);
        b.compare("ne", bits, b.i32(0))
    } else {
        let ty = low.ty(op.res(0).ty())?;
        b.value(&format!("wasm.{}_extract_lane{sign}", lanes_name(elem)), &[vector], ty, &lanes)
    };
    low.bind(op.res(0), value);
    if !sign.is_empty() {
        low.set_extended(op.res(0), super::function::Extended::Signed);
    }
    Ok(())
}

fn insert<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered {
    let (elem, _) = shape_of(op.res(0))?;
    if !matches!(elem, Elem::F32 | Elem::I32) {
        return unsupported(format!("no instruction replaces a lane of {}", elem.mlir()));
    }
    let lane = position(op)?;
    let (scalar, vector) = (low.operand(op.arg(0), b)?, low.operand(op.arg(1), b)?);
    let lanes = [("lanes", b.cx.i64s_attr(&[lane]))];
    let value = b.value(&format!("wasm.{}_replace_lane", lanes_name(elem)), &[vector, scalar], vector.ty(), &lanes);
    low.bind(op.res(0), value);
    Ok(())
}

fn shuffle<'c>(low: &mut Lowering<'_, 'c>, op: Op<'c>, b: &Builder<'c>) -> Lowered {
    let (elem, first) = shape_of(op.arg(0))?;
    let ty = low.ty(op.res(0).ty())?;
    let mask = op.ints("mask").unwrap_or_default();
    // Masks have lanes as wide as what they were compared from.
    let bytes = VectorTy::of(low.ty(op.arg(0).ty())?).map_or(elem, |v| v.elem).bytes() as i64;
    let mut lanes: Vec<i64> = Vec::with_capacity(16);
    for &m in &mask {
        let start = match m {
            m if m < 0 => 0,
            m if m < first => m * bytes,
            m => 16 + (m - first) * bytes,
        };
        lanes.extend((0..bytes).map(|i| start + i));
    }
    if lanes.len() > 16 || lanes.iter().any(|&l| l > 31) {
        return unsupported("a shuffle gives at most 128 bits");
    }
    lanes.resize(16, 0);
    let (x, y) = (low.operand(op.arg(0), b)?, low.operand(op.arg(1), b)?);
    low.bind(op.res(0), b.value("wasm.i8x16_shuffle", &[x, y], ty, &[("lanes", b.cx.i64s_attr(&lanes))]));
    Ok(())
}

fn vec_ty<'c>(b: &Builder<'c>, elem: Elem) -> weft_dialects::ir::Type<'c> {
    VectorTy::new(elem, 16 / elem.bytes() as i64).to_mlir(b.cx)
}

/// The low lanes widened.
pub fn widen<'c>(b: &Builder<'c>, v: Value<'c>, from: Elem, to: Elem, signed: bool) -> Lowered<Value<'c>> {
    let s = if signed { 's' } else { 'u' };
    match (from, to) {
        _ if from == to => Ok(v),
        (Elem::I8, Elem::I16) => Ok(b.value(&format!("wasm.i16x8_extend_low_i8x16_{s}"), &[v], vec_ty(b, to), &[])),
        (Elem::I16, Elem::I32) => Ok(b.value(&format!("wasm.i32x4_extend_low_i16x8_{s}"), &[v], vec_ty(b, to), &[])),
        (Elem::I8, Elem::I32) => {
            let half = widen(b, v, from, Elem::I16, signed)?;
            widen(b, half, Elem::I16, to, signed)
        }
        _ => unsupported(format!("no instruction widens {} to {} lanes", from.mlir(), to.mlir())),
    }
}

/// The lanes narrowed into the low ones, wrapping around.
pub fn narrow<'c>(b: &Builder<'c>, v: Value<'c>, from: Elem, to: Elem) -> Lowered<Value<'c>> {
    // The instructions saturate, so what would be out of range is cut off first.
    let mask = |bits: i64| -> Lowered<Value<'c>> {
        let cut = constant(b, from, &vec![(1i64 << bits) - 1; 16 / from.bytes()]);
        Ok(b.value("wasm.v128_and", &[v, cut], v.ty(), &[]))
    };
    match (from, to) {
        (Elem::I32, Elem::I16) => {
            // Unsigned saturation from i32: 0..65535 pass.
            let cut = mask(16)?;
            Ok(b.value("wasm.i16x8_narrow_i32x4_u", &[cut, cut], vec_ty(b, to), &[]))
        }
        (Elem::I32, Elem::I8) => {
            let cut = mask(8)?;
            let half = b.value("wasm.i16x8_narrow_i32x4_u", &[cut, cut], vec_ty(b, Elem::I16), &[]);
            Ok(b.value("wasm.i8x16_narrow_i16x8_u", &[half, half], vec_ty(b, to), &[]))
        }
        (Elem::I16, Elem::I8) => {
            let cut = mask(8)?;
            Ok(b.value("wasm.i8x16_narrow_i16x8_u", &[cut, cut], vec_ty(b, to), &[]))
        }
        _ => unsupported(format!("no instruction narrows {} to {} lanes", from.mlir(), to.mlir())),
    }
}
