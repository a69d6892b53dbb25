//! Cast, CastLike.

use super::dtype::Dtype;
use super::narrow::{self, Narrow};
use super::node::{Node, Outputs, Reason, Typed, unsupported};
use weft_dialects::ir::{Builder, Elem, Scalar, Value};

/// Cast (6 to 24; 19: float8, `saturate`; 21: 4 bits).
pub fn cast<'c>(node: &Node<'c>) -> Outputs<'c> {
    let code = node.int("to")?.ok_or_else(|| Reason::Invalid("attribute 'to' is missing".into()))?;
    match Dtype::coded(code) {
        Some(to) => Ok(vec![convert_as(node, node.input(0)?, to, node.flag("saturate", true)?)?]),
        None => unsupported(format!("casting to ONNX element type {code}")),
    }
}

/// CastLike (15).
pub fn cast_like<'c>(node: &Node<'c>) -> Outputs<'c> {
    let to = node.input(1)?.dtype;
    Ok(vec![convert_as(node, node.input(0)?, to, node.flag("saturate", true)?)?])
}

/// `x` as another element type.
pub fn convert<'c>(node: &Node<'c>, x: Typed<'c>, to: Dtype) -> Result<Typed<'c>, Reason> {
    convert_as(node, x, to, true)
}

/// As [`convert`]; `saturate` says what becomes of numbers that a float8 can't hold.
fn convert_as<'c>(node: &Node<'c>, x: Typed<'c>, to: Dtype, saturate: bool) -> Result<Typed<'c>, Reason> {
    if x.dtype == to {
        return Ok(x);
    }
    // Signedness alone changes nothing in the bits.
    if x.dtype.elem == to.elem && x.dtype.narrow.is_none() && to.narrow.is_none() {
        return Ok(Typed::new(x.value, to));
    }
    node.map(&[x], to, |b, v| narrowed(b, v[0], x.dtype, to, saturate))
}

/// Conversion of a scalar from and to any type: small floats by way of `f32`, small integers by way of 8 bits.
pub fn narrowed<'c>(b: &Builder<'c>, x: Value<'c>, from: Dtype, to: Dtype, saturate: bool) -> Value<'c> {
    let byte = |n: Narrow| if n == Narrow::Uint4 { Dtype::UINT8 } else { Dtype::INT8 };
    let (x, from) = match from.narrow {
        Some(n) if n.is_float() => (narrow::decode(b, x, n), Dtype::F32),
        Some(n) => (x, byte(n)),
        None => (x, from),
    };
    match to.narrow {
        Some(n) if n.is_float() => narrow::encode(b, scalar(b, x, from, Dtype::F32), n, saturate),
        Some(n) => narrow::wrap(b, scalar(b, x, from, byte(n)), n),
        None => scalar(b, x, from, to),
    }
}

/// Conversion of a scalar, with C's rules: floats truncate towards zero, integers wrap, booleans are `!= 0` and 0 or 1.
/// A float beyond the integer's range is undefined in ONNX; narrow integers go through 32 bits, as onnxruntime's do
/// on the usual machines.
pub fn scalar<'c>(b: &Builder<'c>, x: Value<'c>, from: Dtype, to: Dtype) -> Value<'c> {
    if from.elem == to.elem {
        return x;
    }
    let to_type = |op: &str, x: Value<'c>, elem: Elem| b.value(op, &[x], b.cx.elem(elem), &[]);
    let (f, t) = (from.elem, to.elem);
    match (from.is_float(), to.is_float()) {
        (true, true) if f.bytes() < t.bytes() => to_type("arith.extf", x, t),
        (true, true) if f.bytes() > t.bytes() => to_type("arith.truncf", x, t),
        // f16 and bf16 have a common supertype only.
        (true, true) => to_type("arith.truncf", to_type("arith.extf", x, Elem::F32), t),
        (true, false) if to.is_bool() => b.compare("une", x, b.scalar(f, Scalar::F(0.0))),
        (true, false) if to.unsigned && t == Elem::I64 => to_type("arith.fptoui", x, t),
        (true, false) => {
            let wide = match (t, to.unsigned) {
                (Elem::I64, _) | (Elem::I32, true) => Elem::I64,
                _ => Elem::I32,
            };
            let wide_value = to_type("arith.fptosi", x, wide);
            if wide == t { wide_value } else { to_type("arith.trunci", wide_value, t) }
        }
        (false, true) if from.unsigned || from.is_bool() => to_type("arith.uitofp", x, t),
        (false, true) => to_type("arith.sitofp", x, t),
        (false, false) if to.is_bool() => b.compare("ne", x, b.scalar(f, Scalar::I(0))),
        (false, false) if !from.is_bool() && f.bytes() > t.bytes() => to_type("arith.trunci", x, t),
        (false, false) if from.unsigned || from.is_bool() => to_type("arith.extui", x, t),
        (false, false) => to_type("arith.extsi", x, t),
    }
}
