//! `pick-first`: elements picked at run-time positions (`tensor.extract`) from an elementwise result are picked from its
//! operands, and computed after.
//!
//! An embedding table of 8-bit integers with scales stays one: only the rows that a run looks up are widened, not the
//! whole table.

use super::rewrite::{erase_dead, graph_ops, is_reshape, shape_of};
use crate::kernels::cluster::is_pointwise;
use crate::kernels::outline::{ValueMap, clone_body};
use crate::pass::{PassCx, PassInfo};
use weft_dialects::ir::{Builder, Generic, LinExpr, Op, OpError, OpExt, Value, ValueExt, elem_of, walk_ops};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "pick-first",
    doc: "Picks elements at run-time positions from the operands of an elementwise op instead of its result.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let mut changed = false;
    for op in graph_ops(module).into_iter().filter(|&o| Generic::is(o)) {
        // Each round goes through one producer more.
        while let Some(pick) = walk_ops(op).into_iter().find(|&p| is_candidate(op, p)) {
            rewrite(pcx, pick).map_err(|e| vec![e])?;
            changed = true;
        }
    }
    if changed {
        erase_dead(module);
    }
    Ok(())
}

/// A position of `v` as one of `source`, which differs from it in dims of extent 1 only.
fn position<'c>(b: &Builder<'c>, source: Value<'c>, v: Value<'c>, at: &[Value<'c>]) -> Vec<Value<'c>> {
    let mut wide = shape_of(v).into_iter().zip(at).filter(|(n, _)| *n != 1).map(|(_, &at)| at);
    shape_of(source)
        .into_iter()
        .map(|n| if n == 1 { None } else { wide.next() }.unwrap_or_else(|| b.index(0)))
        .collect()
}

/// Whether an op picks from an elementwise result that nobody needs otherwise, fewer elements than that has.
fn is_candidate<'c>(generic: Op<'c>, pick: Op<'c>) -> bool {
    let len = |v: Value<'c>| v.tensor_ty().and_then(|t| t.len());
    let picked_only = |v: Value<'c>| v.uses().iter().all(|(user, _)| user.op_name() == "tensor.extract");
    if pick.op_name() != "tensor.extract" {
        return false;
    }
    // Only a view may stand between.
    let v = pick.arg(0);
    let source = v.def().filter(|&d| is_reshape(d)).map(|d| d.arg(0)).filter(|s| s.has_one_use()).unwrap_or(v);
    source.def().is_some_and(|d| is_pointwise(d) && d.captures().is_empty())
        && picked_only(v)
        && (source == v || same_but_for_ones(source, v))
        && match (len(generic.res(0)), len(v)) {
            (Some(picked), Some(all)) => picked <= all,
            // How much is picked is known at run time only. A table would be computed when the model is loaded, and stored.
            (None, Some(_)) => source.def().is_some_and(of_constants),
            _ => false,
        }
}

/// Whether an elementwise op is computed from constants alone.
fn of_constants(op: Op<'_>) -> bool {
    op.reads().into_iter().filter_map(ValueExt::def).all(|d| {
        matches!(d.op_name().as_str(), "arith.constant" | "tensor.empty") || (is_pointwise(d) && of_constants(d))
    }) && op.reads().iter().all(|v| v.def().is_some())
}

/// Whether two shapes differ in dims of extent 1 only.
fn same_but_for_ones(a: Value<'_>, b: Value<'_>) -> bool {
    let wide = |v| shape_of(v).into_iter().filter(|&n| n != 1).collect::<Vec<_>>();
    wide(a) == wide(b)
}

fn rewrite<'c>(pcx: &PassCx<'c>, pick: Op<'c>) -> Result<(), OpError> {
    let b = Builder::before(pcx.cx, pick);
    let (v, mut at) = (pick.arg(0), pick.args()[1..].to_vec());
    let view = v.def().filter(|&d| is_reshape(d));
    let source = view.map_or(v, |d| d.arg(0));
    if view.is_some() {
        at = position(&b, source, v, &at);
    }
    let Some(producer) = source.def() else { return Ok(()) };
    let g = Generic::of(producer)?;
    let mut map = ValueMap::default();
    for (i, (&v, m)) in g.ins.iter().chain(&g.outs).zip(&g.maps).enumerate() {
        let scalar = g.scalar(i);
        let elem = v.tensor_ty().map(|t| t.elem);
        if let (false, Some(elem)) = (scalar.is_unused(), elem) {
            let mut operands = vec![v];
            operands.extend(m.results.iter().map(|e| linear(&b, e, &at)));
            map.insert(scalar.key(), b.value("tensor.extract", &operands, b.cx.elem(elem), &[]));
        }
    }
    let indices: Vec<_> = g.body_ops().into_iter().filter(|o| o.op_name() == "linalg.index").collect();
    let made = clone_body(&b, g.block(), &mut map);
    // Its loop dims are the positions picked.
    let mut made = made[0];
    for old in indices {
        let (copy, at) = (map[&old.res(0).key()], old.int("dim").and_then(|d| at.get(d as usize)).copied());
        if let (Some(at), Some(def)) = (at, copy.def()) {
            made = if made == copy { at } else { made };
            copy.replace_with(at);
            def.erase();
        }
    }
    debug_assert_eq!(elem_of(made.ty()), elem_of(pick.res(0).ty()));
    pick.res(0).replace_with(made);
    pick.erase();
    // Or it would still read what it was made of as a whole.
    for op in view.into_iter().chain([producer]) {
        if op.is_unused() {
            op.erase();
        }
    }
    Ok(())
}

/// A linear expression of positions.
fn linear<'c>(b: &Builder<'c>, e: &LinExpr, at: &[Value<'c>]) -> Value<'c> {
    let mut sum: Option<Value<'c>> = None;
    for &(d, c) in &e.terms {
        let term = if c == 1 { at[d] } else { b.binary("arith.muli", at[d], b.index(c)) };
        sum = Some(sum.map_or(term, |s| b.binary("arith.addi", s, term)));
    }
    match (sum, e.constant) {
        (Some(s), 0) => s,
        (Some(s), c) => b.binary("arith.addi", s, b.index(c)),
        (None, c) => b.index(c),
    }
}
