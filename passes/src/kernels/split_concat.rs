//! Concatenations of more tensors than a kernel of the target takes buffers become trees of smaller ones.

use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Op, OpExt, OperationLike, Symbols, Value, ValueExt};

/// Splits what has too many operands. Where to join first is free: the neighbours with the fewest bytes, because those are copied twice.
pub fn split_concats<'c>(cx: Cx<'c>, ops: &[Op<'c>], target: &Target) {
    let most = target.storage_buffers.saturating_sub(1).max(2);
    for &op in ops.iter().filter(|o| o.op_name() == "tensor.concat" && o.args().len() > most) {
        let Some(dim) = op.int("dim").and_then(|d| usize::try_from(d).ok()) else { continue };
        let b = Builder::before(cx, op).with_loc(op.location());
        let symbols = Symbols::of(op);
        let bytes = |v: &Value<'c>| v.tensor_ty().and_then(|t| t.bound(&symbols).bytes()).unwrap_or_default();
        let mut parts = op.args();
        while parts.len() > most {
            // Together no more than what brings the rest down to what one kernel takes.
            let width = most.min(parts.len() - most + 1);
            let total = |at: usize| parts[at..at + width].iter().map(bytes).sum::<i64>();
            let first = (0..=parts.len() - width).min_by_key(|&at| total(at)).unwrap_or_default();
            let joined = b.concat(dim, &parts[first..first + width]);
            parts.splice(first..first + width, [joined]);
        }
        op.res(0).replace_with(b.concat(dim, &parts));
        op.erase();
    }
}
