//! Cast, CastLike.

use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, unsupported};
use weft_dialects::ir::{Builder, Elem, Scalar, Value};

/// Cast (versions 6 to 24).
pub fn cast<'c>(node: &Node<'c>) -> Outputs<'c> {
    let code = node.int("to")?.ok_or_else(|| Reason::Invalid("attribute 'to' is missing".into()))?;
    match Dtype::coded(code) {
        Some(to) => Ok(vec![convert(node, node.input(0)?, to)?]),
        None => unsupported(format!("casting to ONNX element type {code}")),
    }
}

/// CastLike (15).
pub fn cast_like<'c>(node: &Node<'c>) -> Outputs<'c> {
    Ok(vec![convert(node, node.input(0)?, node.input(1)?.dtype)?])
}

/// `x` as another element type.
pub fn convert<'c>(node: &Node<'c>, x: Typed<'c>, to: Dtype) -> Result<Typed<'c>, Reason> {
    if x.dtype == to {
        return Ok(x);
    }
    // Signedness alone changes nothing in the bits.
    if x.dtype.elem == to.elem {
        return Ok(Typed::new(x.value, to));
    }
    node.map(&[x], to, |b, v| scalar(b, v[0], x.dtype, to))
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
