//! After lowering: scalar constants stand once, at the function's start, and what was left without uses is dropped
//! (products taken into sums, comparisons taken into minima).

use std::collections::HashMap;
use weft_dialects::ir::{BlockLike, Op, OpExt, Value, ValueExt, VectorTy, walk_ops};
use weft_dialects::wasm::{Memory, lookup};

/// Erases pure ops and loads without uses.
pub fn drop_unused(func: Op<'_>) {
    for op in walk_ops(func).into_iter().rev() {
        if removable(&op.op_name()) && op.is_unused() {
            op.erase();
        }
    }
}

fn removable(name: &str) -> bool {
    weft_dialects::is_pure(name) || lookup(name).is_some_and(|i| i.memory == Memory::Load)
}

/// Keeps one constant of each scalar, at the start: as code it is an immediate wherever it is used.
pub fn share_scalars(func: Op<'_>) {
    let mut kept: HashMap<String, Value<'_>> = HashMap::new();
    let mut last: Option<Op<'_>> = None;
    for op in walk_ops(func) {
        if op.op_name() != "arith.constant" || VectorTy::of(op.res(0).ty()).is_some() {
            continue;
        }
        let key = op.attr("value").map(|a| a.to_string()).unwrap_or_default();
        if let Some(&first) = kept.get(&key) {
            op.res(0).replace_with(first);
            op.erase();
            continue;
        }
        kept.insert(key, op.res(0));
        let place = match last {
            Some(before) => weft_dialects::ir::OperationLike::next_in_block(&before),
            None => func.body(0).first_operation(),
        };
        if let Some(next) = place.filter(|n| !n.same(op)) {
            op.move_to_before(next);
        }
        last = Some(op);
    }
}
