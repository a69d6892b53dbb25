//! Turning a cluster into a function and a call.

use super::cluster::Cluster;
use std::collections::HashMap;
use weft_dialects::ir::{Block, Builder, Cx, Op, OpExt, Value, ValueExt, block_ops};

/// Old value (by key) to new value.
pub type ValueMap<'c> = HashMap<usize, Value<'c>>;

/// Clones all ops of a block but its terminator, with what their regions capture; returns the terminator's operands, mapped.
pub fn clone_body<'c>(b: &Builder<'c>, body: Block<'c>, map: &mut ValueMap<'c>) -> Vec<Value<'c>> {
    let ops = block_ops(body);
    let look = |map: &ValueMap<'c>, v: Value<'c>| map.get(&v.key()).copied().unwrap_or(v);
    for (i, op) in ops.iter().enumerate() {
        let operands: Vec<_> = op.args().into_iter().map(|v| look(map, v)).collect();
        if i + 1 == ops.len() {
            return operands;
        }
        let new = b.with_loc(weft_dialects::ir::OperationLike::location(op)).clone_op(*op, &operands);
        new.remap_captures(map);
        for (old, new) in op.ress().into_iter().zip(new.ress()) {
            map.insert(old.key(), new);
        }
    }
    Vec::new()
}

/// Values from outside that the ops of a kernel use, in order of first use. Initial values of generics (`tensor.empty`,
/// splat constants) are not among them: they are cloned into the kernel. A captured tensor is: it is read like a buffer.
pub fn operands<'c>(members: &[Op<'c>]) -> Vec<Value<'c>> {
    let mut out: Vec<Value<'c>> = Vec::new();
    for op in members {
        let arguments = op.args().len();
        for (i, v) in op.reads().into_iter().enumerate() {
            // The operands of `nn` ops are buffers, whatever is in them.
            let init = |d| is_init(d) && i < arguments && !op.op_name().starts_with("nn.");
            let inside = v.def().is_some_and(|d| members.iter().any(|o| o.same(d)) || init(d) || is_scalar(v));
            if !inside && !out.iter().any(|o| o.key() == v.key()) {
                out.push(v);
            }
        }
    }
    out
}

/// What only initialises a result: no data.
fn is_init(def: Op<'_>) -> bool {
    def.op_name() == "tensor.empty"
        || (def.op_name() == "arith.constant"
            && def.attr("value").is_some_and(|a| {
                // A splat of a tensor type: `dense<0.000000e+00> : tensor<...>`.
                let text = a.to_string();
                text.starts_with("dense<") && !text.starts_with("dense<[") && !text.starts_with("dense<\"")
            }))
}

/// A scalar (not a tensor) that needs no operand: the padding value of `tensor.pad`, an extent, and the like.
fn is_scalar(v: Value<'_>) -> bool {
    let known = |d: Op<'_>| matches!(d.op_name().as_str(), "arith.constant" | "nn.extent");
    v.tensor_ty().is_none() && v.def().is_some_and(known)
}

/// Clones what initialises a result, and the extents that it takes.
fn clone_init<'c>(b: &Builder<'c>, def: Op<'c>) -> Op<'c> {
    let operands: Vec<_> =
        def.args().into_iter().map(|v| v.def().map_or(v, |d| clone_init(b, d).res(v.number()))).collect();
    b.clone_op(def, &operands)
}

/// Builds the private function of a cluster before `main`, and the call that replaces it.
pub fn outline<'c>(cx: Cx<'c>, main: Op<'c>, cluster: &Cluster<'c>, name: &str) {
    let Some(&last) = cluster.ops.last() else { return };
    let ins = operands(&cluster.ops);
    let in_types: Vec<_> = ins.iter().map(|v| v.ty()).collect();
    let out_types: Vec<_> = last.ress().iter().map(|v| v.ty()).collect();
    let root = cluster.ops.iter().copied().find(|&o| !super::cluster::is_pointwise(o)).unwrap_or(last);
    let loc = weft_dialects::ir::OperationLike::location(&root);
    Builder::before(cx, main).with_loc(loc).func(name, true, &in_types, &out_types, |b, args| {
        let mut map: ValueMap<'c> = ins.iter().zip(args).map(|(old, &new)| (old.key(), new)).collect();
        for op in &cluster.ops {
            let b = b.with_loc(weft_dialects::ir::OperationLike::location(op));
            // What is neither operand nor member only initialises, or is a scalar constant.
            for v in op.reads() {
                if let (false, Some(def)) = (map.contains_key(&v.key()), v.def()) {
                    map.insert(v.key(), clone_init(&b, def).res(v.number()));
                }
            }
            let operands: Vec<_> = op.args().into_iter().map(|v| map.get(&v.key()).copied().unwrap_or(v)).collect();
            let new = b.clone_op(*op, &operands);
            new.remap_captures(&map);
            for (old, new) in op.ress().into_iter().zip(new.ress()) {
                map.insert(old.key(), new);
            }
        }
        last.ress().iter().map(|r| map[&r.key()]).collect()
    });
    let call = Builder::before(cx, last).with_loc(loc).call(name, &ins, &out_types);
    for (old, new) in last.ress().into_iter().zip(call.ress()) {
        old.replace_with(new);
    }
    for op in cluster.ops.iter().rev() {
        op.erase();
    }
}

/// A name that says what the kernel does: the root and the arithmetic behind it.
pub fn name(cluster: &Cluster<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    for &op in &cluster.ops {
        let full = op.op_name();
        if full == "linalg.generic" {
            if !super::cluster::is_pointwise(op) {
                parts.push("reduce".to_owned());
            }
            let body = block_ops(op.body(0));
            for inner in &body[..body.len().saturating_sub(1)] {
                let n = inner.op_name();
                let places = weft_dialects::ir::is_index_type(inner.res(0).ty())
                    || inner.args().first().is_some_and(|v| weft_dialects::ir::is_index_type(v.ty()));
                if n == "tensor.extract" {
                    parts.push("gather".to_owned());
                } else if n != "arith.constant" && !places {
                    let short = n.split('.').nth(1).unwrap_or_default().trim_end_matches("imumf");
                    parts.push(short.to_owned());
                }
            }
            if body.len() == 1 {
                parts.push("copy".to_owned());
            }
        } else {
            parts.push(full.split('.').nth(1).unwrap_or_default().to_owned());
        }
    }
    if parts.is_empty() {
        parts.push("index".to_owned());
    }
    parts.dedup();
    parts.truncate(6);
    // Neither data nor arithmetic: a tensor of one constant.
    if parts.is_empty() { "fill".to_owned() } else { parts.join("_") }
}
