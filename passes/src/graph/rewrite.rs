//! What the passes on the graph level share.

use weft_dialects::ir::{
    AttrExt, Cx, Op, OpExt, Tensor, Value, ValueExt, block_ops, funcs, walk_ops,
};

/// Ops of the functions' own blocks, in order.
pub fn graph_ops<'c>(module: Op<'c>) -> Vec<Op<'c>> {
    funcs(module).into_iter().flat_map(|f| block_ops(f.body(0))).collect()
}

/// The op that defines a value, if it is of a kind.
pub fn def_of<'c>(v: Value<'c>, name: &str) -> Option<Op<'c>> {
    v.def().filter(|d| d.op_name() == name)
}

/// Whether a value is a tensor constant.
pub fn is_constant(v: Value<'_>) -> bool {
    def_of(v, "arith.constant").is_some() && v.tensor_ty().is_some()
}

/// The contents of a tensor constant.
pub fn constant<'c>(cx: Cx<'c>, v: Value<'c>) -> Option<Tensor> {
    cx.tensor_of(def_of(v, "arith.constant")?.attr("value")?)
}

/// Shape of a tensor value; empty for others.
pub fn shape_of(v: Value<'_>) -> Vec<i64> {
    v.tensor_ty().map(|t| t.shape).unwrap_or_default()
}

/// Makes users of `op`'s results use `new` instead, and erases `op`.
pub fn replace<'c>(op: Op<'c>, new: &[Value<'c>]) {
    for (old, &new) in op.ress().into_iter().zip(new) {
        old.replace_with(new);
    }
    op.erase();
}

/// Erases pure ops without uses, inside bodies too. Returns how many.
pub fn erase_dead(module: Op<'_>) -> usize {
    let mut erased = 0;
    // Users stand after what they use, and bodies after their owners: from the end, one sweep is enough.
    for op in walk_ops(module).into_iter().rev() {
        if weft_dialects::is_pure(&op.op_name()) && !op.ress().is_empty() && op.is_unused() {
            op.erase();
            erased += 1;
        }
    }
    erased
}


/// A body's scalar constant.
pub fn scalar_constant(v: Value<'_>) -> Option<f64> {
    let attr = def_of(v, "arith.constant")?.attr("value")?;
    attr.as_f64().or_else(|| attr.as_i64().map(|i| i as f64))
}
