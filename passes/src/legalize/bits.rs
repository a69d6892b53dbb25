//! BitShift and BitCast.

use super::dtype::Dtype;
use super::narrow::{Narrow, wrap};
use super::node::{Node, Outputs, Reason, invalid, unsupported};
use weft_dialects::ir::{Elem, Scalar};

/// BitShift (11: unsigned; 28: signed). Shifting by a negative number, or by as many bits as there are or more, leaves copies
/// of the sign (shifted right), or 0.
pub fn shift<'c>(node: &Node<'c>) -> Outputs<'c> {
    let args = [node.input(0)?, node.input(1)?];
    let dtype = node.same_dtype(&args)?;
    if dtype.is_float() || dtype.is_bool() {
        return invalid(format!("element type {}", dtype.name()));
    }
    let left = match node.string_or("direction", "")?.as_str() {
        "LEFT" => true,
        "RIGHT" => false,
        other => return invalid(format!("direction = \"{other}\"")),
    };
    let elem = dtype.elem;
    let bits = 8 * elem.bytes() as i64;
    let y = node.map(&args, dtype, |b, v| {
        let number = |n: i64| b.scalar(elem, Scalar::I(n));
        // Seen as unsigned, a negative number is large.
        let within = b.compare("ult", v[1], number(bits));
        if left || dtype.unsigned {
            let by = b.select(within, v[1], number(0));
            let moved = b.binary(if left { "arith.shli" } else { "arith.shrui" }, v[0], by);
            b.select(within, moved, number(0))
        } else {
            b.binary("arith.shrsi", v[0], b.select(within, v[1], number(bits - 1)))
        }
    })?;
    Ok(vec![y])
}

/// BitCast (26): the same bits as a type of the same width.
pub fn cast<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let code = node.int("to")?.ok_or_else(|| Reason::Invalid("attribute 'to' is missing".into()))?;
    let Some(to) = Dtype::coded(code) else {
        return unsupported(format!("casting to ONNX element type {code}"));
    };
    let (from, elem) = (x.dtype.elem, to.elem);
    if x.dtype.bits() != to.bits() {
        return invalid(format!("{} and {} are not as wide", x.dtype.name(), to.name()));
    }
    let y = if x.dtype.bits() == 4 && x.dtype != to {
        // Signed ones are stored extended.
        let stored = if to.narrow == Some(Narrow::Int4) { Narrow::Int4 } else { Narrow::Uint4 };
        node.map(&[x], to, |b, v| wrap(b, v[0], stored))?
    } else if from == elem {
        super::node::Typed::new(x.value, to)
    } else {
        node.map(&[x], to, |b, v| match (from, elem) {
            // A stored boolean is a byte, 0 or 1.
            (Elem::I1, _) => b.value("arith.extui", &[v[0]], b.cx.elem(elem), &[]),
            (_, Elem::I1) => b.compare("ne", v[0], b.scalar(from, Scalar::I(0))),
            _ => b.value("arith.bitcast", &[v[0]], b.cx.elem(elem), &[]),
        })?
    };
    Ok(vec![y])
}
