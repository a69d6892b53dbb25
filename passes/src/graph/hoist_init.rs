//! `hoist-init`: what depends on constants only, and was not folded because the stored constant would grow, is computed
//! once when the model is loaded: it moves into `@init`, which `@main` calls for the values.
//!
//! Weights stay as compact on disk as the model has them (8-bit integers, untransformed convolutions) and take the form
//! that the kernels want in memory, where it is counted. What a kernel computes on the way at no cost, elementwise work
//! that one elementwise or copying op reads once, stays in `@main`: reading the compact constant is cheaper than reading a
//! larger prepared one.

use super::rewrite::{erase_dead, is_reshape};
use crate::kernels::cluster::{absorbs, is_pointwise};
use crate::kernels::outline::ValueMap;
use crate::pass::{PassCx, PassInfo};
use std::collections::HashSet;
use weft_dialects::ir::{Builder, Op, OpError, OpExt, OperationLike, Value, ValueExt, block_ops, funcs, walk_ops};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "hoist-init",
    doc: "Moves work on constants that wasn't folded into @init, which runs once when the model is loaded.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let named = |name: &str| funcs(module).into_iter().find(|f| f.string("sym_name").as_deref() == Some(name));
    let (Some(main), None) = (named("main"), named("init")) else { return Ok(()) };
    let ops = block_ops(main.body(0));
    let constant = constant_only(&ops);
    let hoisted = hoisted(&ops, &constant);
    let leaves = |v: Value<'c>| escapes(v, &hoisted);
    let results: Vec<Value<'c>> = ops
        .iter()
        .filter(|o| hoisted.contains(&o.key()) && !is_reshape(**o))
        .flat_map(|o| o.ress())
        .filter(|&v| leaves(v))
        .collect();
    let Some(&first) = ops.first() else { return Ok(()) };
    if results.is_empty() {
        return Ok(());
    }
    let types: Vec<_> = results.iter().map(|v| v.ty()).collect();
    Builder::before(pcx.cx, main).with_loc(pcx.cx.unknown_loc()).func("init", false, &[], &types, |b, _| {
        let mut map = ValueMap::default();
        for op in results.iter().filter_map(|v| v.def()) {
            clone_with_sources(b, op, &mut map);
        }
        results.iter().map(|v| map[&v.key()]).collect()
    });
    let call = Builder::before(pcx.cx, first).with_loc(pcx.cx.unknown_loc()).call("init", &[], &types);
    for (old, new) in results.into_iter().zip(call.ress()) {
        old.replace_with(new);
    }
    erase_dead(module);
    Ok(())
}

/// The op of the function's own block that an op stands in.
fn outermost<'c>(op: Op<'c>) -> Op<'c> {
    let mut op = op;
    while let Some(parent) = op.parent().filter(|p| p.op_name() != "func.func") {
        op = parent;
    }
    op
}

/// Whether an op depends on dims that are left open: each run has its own.
fn is_open(op: Op<'_>) -> bool {
    let extent = |o: Op<'_>| o.op_name() == "nn.extent";
    op.ress().iter().any(|r| r.tensor_ty().is_some_and(|t| t.is_symbolic()))
        || op.reads().into_iter().filter_map(ValueExt::def).chain(walk_ops(op)).any(extent)
}

/// Ops that are computed from constants alone; constants and uninitialised tensors by themselves are none.
fn constant_only(ops: &[Op<'_>]) -> HashSet<usize> {
    let source = |o: Op<'_>| matches!(o.op_name().as_str(), "arith.constant" | "tensor.empty");
    let mut out = HashSet::new();
    for &op in ops {
        let known = |v: Value<'_>| v.def().is_some_and(|d| source(d) || out.contains(&d.key()));
        // Without any constant it is a pattern made of positions, which kernels compute on the way.
        let real = |v: &Value<'_>| v.def().is_some_and(|d| d.op_name() != "tensor.empty");
        let inputs = op.reads();
        if !source(op)
            && !is_open(op)
            && op.result_count() > 0
            && weft_dialects::is_pure(&op.op_name())
            && inputs.iter().any(real)
            && inputs.iter().all(|&v| known(v))
        {
            out.insert(op.key());
        }
    }
    out
}

/// Those that move: all but elementwise ops whose only reader takes them along.
fn hoisted(ops: &[Op<'_>], constant: &HashSet<usize>) -> HashSet<usize> {
    let mut out = constant.clone();
    for &op in ops.iter().rev().filter(|o| constant.contains(&o.key())) {
        let taken_along = is_pointwise(op) && {
            let uses = op.res(0).uses();
            matches!(uses[..], [(user, i)] if !out.contains(&outermost(user).key()) && absorbs(user, i))
        };
        // Views cost nothing: they move only with what they are a view for.
        let idle = is_reshape(op) && !op.res(0).uses().iter().any(|(user, _)| out.contains(&outermost(*user).key()));
        if taken_along || idle {
            out.remove(&op.key());
        }
    }
    out
}

/// Whether a value, or a view of it, is read by an op that doesn't move.
fn escapes(v: Value<'_>, hoisted: &HashSet<usize>) -> bool {
    v.uses().iter().any(|&(user, _)| {
        let user = outermost(user);
        if is_reshape(user) { escapes(user.res(0), hoisted) } else { !hoisted.contains(&user.key()) }
    })
}

/// A copy of an op behind copies of what it is computed from: intermediate values live from one op to the next, not all at
/// once.
fn clone_with_sources<'c>(b: &Builder<'c>, op: Op<'c>, map: &mut ValueMap<'c>) {
    if op.ress().iter().any(|r| map.contains_key(&r.key())) {
        return;
    }
    for source in op.reads().into_iter().filter_map(ValueExt::def) {
        clone_with_sources(b, source, map);
    }
    let look = |map: &ValueMap<'c>, v: Value<'c>| map.get(&v.key()).copied().unwrap_or(v);
    let operands: Vec<_> = op.args().into_iter().map(|v| look(map, v)).collect();
    let new = b.with_loc(op.location()).clone_op(op, &operands);
    new.remap_captures(map);
    for (old, new) in op.ress().into_iter().zip(new.ress()) {
        map.insert(old.key(), new);
    }
}
