//! How far apart two integers are that are known at run time only: `x[i : i + 1]` has one element wherever it is.

use weft_dialects::ir::{Generic, OpExt, Value, ValueExt};

/// `b - a` of two tensors of one integer, if they are computed from the same one by adding constants.
pub fn distance<'c>(a: Value<'c>, b: Value<'c>) -> Option<i64> {
    let ((from_a, a), (from_b, b)) = (offset(a), offset(b));
    (from_a.key() == from_b.key()).then(|| b.wrapping_sub(a))
}

/// What a tensor of one integer is computed from by adding a constant, and the constant.
fn offset<'c>(v: Value<'c>) -> (Value<'c>, i64) {
    let (mut v, mut sum) = (v, 0i64);
    while let Some(op) = v.def() {
        if matches!(op.op_name().as_str(), "tensor.expand_shape" | "tensor.collapse_shape") {
            v = op.arg(0);
            continue;
        }
        let Some((x, added)) = Generic::is(op).then(|| Generic::of(op).ok()).flatten().and_then(|g| added(&g)) else {
            break;
        };
        (v, sum) = (x, sum.wrapping_add(added));
    }
    (v, sum)
}

/// The input of a generic that adds a constant to it, and the constant.
fn added<'c>(g: &Generic<'c>) -> Option<(Value<'c>, i64)> {
    let (&[x], &[y]) = (&g.ins[..], &g.yields()[..]) else { return None };
    if x.tensor_ty()?.len() != Some(1) || !g.is_parallel() {
        return None;
    }
    let element = g.scalar(0);
    let constant = |v: Value<'c>| v.def().filter(|d| d.op_name() == "arith.constant")?.int("value");
    let op = y.def()?;
    let (a, b) = (op.arg(0), *op.args().get(1)?);
    match op.op_name().as_str() {
        "arith.addi" if a.key() == element.key() => Some((x, constant(b)?)),
        "arith.addi" if b.key() == element.key() => Some((x, constant(a)?)),
        "arith.subi" if a.key() == element.key() => Some((x, constant(b)?.wrapping_neg())),
        _ => None,
    }
}
