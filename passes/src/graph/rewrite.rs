//! What the passes on the graph level share.

use weft_dialects::ir::{
    AttrExt, Block, Builder, Cx, Generic, Map, Op, OpExt, Tensor, Value, ValueExt, block_ops, funcs, walk_ops,
};

/// Ops of the functions' own blocks and of those of their control flow, in order; what holds a block comes before it.
pub fn graph_ops<'c>(module: Op<'c>) -> Vec<Op<'c>> {
    funcs(module).into_iter().flat_map(|f| graph_ops_of(f.body(0))).collect()
}

/// Ops of a block and of those of its control flow.
pub fn graph_ops_of<'c>(block: Block<'c>) -> Vec<Op<'c>> {
    let mut out = Vec::new();
    for op in block_ops(block) {
        out.push(op);
        if op.op_name().starts_with("scf.") {
            region_blocks(op).into_iter().for_each(|b| out.extend(graph_ops_of(b)));
        }
    }
    out
}

/// The blocks of an op's regions.
pub fn region_blocks<'c>(op: Op<'c>) -> Vec<Block<'c>> {
    use weft_dialects::ir::{OperationLike, RegionLike};
    op.regions().filter_map(|r| r.first_block()).collect()
}

/// The op that defines a value, if it is of a kind.
pub fn def_of<'c>(v: Value<'c>, name: &str) -> Option<Op<'c>> {
    v.def().filter(|d| d.op_name() == name)
}

/// Whether a value is a tensor constant.
pub fn is_constant(v: Value<'_>) -> bool {
    def_of(v, "arith.constant").is_some() && v.tensor_ty().is_some()
}

/// Whether a value can be computed when the model is loaded.
pub fn made_of_constants(v: Value<'_>) -> bool {
    is_constant(v)
        || v.def().is_some_and(|d| {
            weft_dialects::is_pure(&d.op_name())
                && d.reads()
                    .into_iter()
                    .all(|v| v.def().is_some_and(|d| d.op_name() == "tensor.empty") || made_of_constants(v))
        })
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

/// The one number that a tensor is made of: a constant of one repeated element, or a generic that only fills its result.
pub fn fill_of(v: Value<'_>) -> Option<f64> {
    if let Some(g) = def_of(v, "linalg.generic").and_then(|op| Generic::of(op).ok()) {
        return if g.ins.is_empty() { scalar_constant(*g.yields().first()?) } else { None };
    }
    let text = def_of(v, "arith.constant")?.attr("value")?.to_string();
    text.strip_prefix("dense<")?.split('>').next()?.parse().ok()
}

/// A body's scalar constant.
pub fn scalar_constant(v: Value<'_>) -> Option<f64> {
    let attr = def_of(v, "arith.constant")?.attr("value")?;
    attr.as_f64().or_else(|| attr.as_i64().map(|i| i as f64))
}

/// A copy of a generic at the builder's place with other operands, maps and loop dims; its body stays, except that
/// `linalg.index` follows its dim. `to` gives each old loop dim its new number.
pub fn rebuild_generic<'c>(
    b: &Builder<'c>,
    generic: &Generic<'c>,
    operands: &[(Value<'c>, Map)],
    reduction: &[bool],
    to: &[usize],
) -> Op<'c> {
    let values: Vec<_> = operands.iter().map(|o| o.0).collect();
    let new = b.clone_op(generic.op, &values);
    let maps: Vec<_> = operands.iter().map(|o| o.1.to_attr(b.cx)).collect();
    let kinds: Vec<_> = reduction
        .iter()
        .filter_map(|&r| {
            let kind = if r { "reduction" } else { "parallel" };
            b.cx.parse_attr(&format!("#linalg.iterator_type<{kind}>"))
        })
        .collect();
    new.set_attr("indexing_maps", b.cx.array_attr(&maps));
    new.set_attr("iterator_types", b.cx.array_attr(&kinds));
    for (out, result) in values[generic.ins.len()..].iter().zip(new.ress()) {
        result.retype(out.ty());
    }
    for op in walk_ops(new).into_iter().filter(|o| o.op_name() == "linalg.index") {
        if let Some(&dim) = op.int("dim").and_then(|d| to.get(d as usize)) {
            op.set_attr("dim", b.cx.i64_attr(dim as i64));
        }
    }
    new
}

/// The permutation that undoes one.
pub fn inverse(perm: &[usize]) -> Vec<usize> {
    let mut out = vec![0; perm.len()];
    for (i, &p) in perm.iter().enumerate() {
        out[p] = i;
    }
    out
}

/// The source and permutation of a value that is a transpose (a generic that only permutes): dim `i` of the value is dim
/// `perm[i]` of the source.
pub fn as_transpose<'c>(v: Value<'c>) -> Option<(Value<'c>, Vec<usize>)> {
    let generic = Generic::of(def_of(v, "linalg.generic")?).ok()?;
    let (&[x], [out]) = (&generic.ins[..], &generic.outs[..]) else { return None };
    let forwards = matches!(generic.yields()[..], [y] if y.key() == generic.scalar(0).key());
    let moves = forwards && generic.is_parallel() && generic.out_map(0).is_identity();
    if !moves || x.tensor_ty()?.elem != out.tensor_ty()?.elem {
        return None;
    }
    Some((x, inverse(&generic.in_map(0).as_permutation()?)))
}

/// Whether an op only gives its operand another shape.
pub fn is_reshape(op: Op<'_>) -> bool {
    matches!(op.op_name().as_str(), "tensor.expand_shape" | "tensor.collapse_shape")
}

/// What a chain of reshapes starts from: the same elements in the same order.
pub fn reshape_source<'c>(v: Value<'c>) -> Value<'c> {
    let mut v = v;
    while let Some(def) = v.def().filter(|&d| is_reshape(d)) {
        v = def.arg(0);
    }
    v
}
