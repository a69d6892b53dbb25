//! Elements at positions that depend on data: generics whose bodies read a tensor from outside by `tensor.extract`.
//!
//! Positions are clamped into the tensor, so that no data makes a model read what isn't its own.

use super::dtype::Dtype;
use super::node::{Node, Reason, Typed, invalid};
use weft_dialects::ir::{Builder, Map, Value};

/// An integer of a body as an `index`.
pub fn as_index<'c>(b: &Builder<'c>, v: Value<'c>, dtype: Dtype) -> Value<'c> {
    let cast = if dtype.unsigned { "arith.index_castui" } else { "arith.index_cast" };
    b.value(cast, &[v], b.cx.index(), &[])
}

/// An `index` clamped to `0..n`.
pub fn clamp<'c>(b: &Builder<'c>, at: Value<'c>, n: i64) -> Value<'c> {
    if n == 1 {
        return b.index(0);
    }
    // The maximum comes last: an address of which nothing else is known is not negative.
    b.binary("arith.maxsi", b.binary("arith.minsi", at, b.index(n - 1)), b.index(0))
}

/// An ONNX index into `n` positions: negative ones count from the end, and what is out of range is clamped.
pub fn wrap<'c>(b: &Builder<'c>, v: Value<'c>, dtype: Dtype, n: i64) -> Value<'c> {
    if n == 1 {
        return b.index(0);
    }
    let at = as_index(b, v, dtype);
    let at = if dtype.unsigned {
        at
    } else {
        b.select(b.compare("slt", at, b.index(0)), b.binary("arith.addi", at, b.index(n)), at)
    };
    clamp(b, at, n)
}

/// A generic over `shape` whose body computes each element from its position and from `ins`, read through their maps.
/// No element of an empty tensor may be asked for.
pub fn generate<'c>(
    node: &Node<'c>,
    dtype: Dtype,
    shape: &[i64],
    ins: &[(Value<'c>, Map)],
    body: impl FnOnce(&Builder<'c>, &[Value<'c>], &[Value<'c>]) -> Value<'c>,
) -> Typed<'c> {
    let value = node.b.elementwise(dtype.elem, shape, ins, |b, v| {
        let at: Vec<Value<'c>> = (0..shape.len()).map(|d| b.loop_index(d)).collect();
        body(b, v, &at)
    });
    Typed::new(value, dtype)
}

/// Refuses a result with elements that would come from an empty tensor.
pub fn nothing_from_nothing(from: &[i64], to: &[i64]) -> Result<(), Reason> {
    if from.contains(&0) && !to.contains(&0) {
        return invalid(format!("there is nothing to pick from in {from:?}"));
    }
    Ok(())
}
