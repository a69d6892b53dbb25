//! `fold-constants`: what depends on constants only is computed now, as long as nothing stored grows.
//!
//! Constants that are read no more are freed at once, so that a model's weights are in memory once and not once for each
//! step that folds.

use super::rewrite::{erase_dead, graph_ops};
use crate::pass::{PassCx, PassInfo};
use std::collections::{HashMap, HashSet};
use weft_dialects::eval;
use weft_dialects::ir::{AttrExt, Builder, Cx, Op, OpError, OpExt, Tensor, Value, ValueExt, walk_ops};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "fold-constants",
    doc: "Computes ops whose operands are constants, unless the result takes more bytes than what it comes from.",
    options: &[],
    run,
};

/// Results up to so many bytes are always folded: shapes, axes, a channel's worth of scales.
const SMALL: i64 = 4096;

/// What a constant of one repeated element counts as.
const SPLAT: i64 = 8;

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    // Ops that depend on constants only, and the stored bytes they depend on: by constant, to count each once.
    let mut sources: HashMap<usize, HashMap<usize, i64>> = HashMap::new();
    let mut folded = false;
    let mut stored = Stored::of(module);
    for op in graph_ops(module) {
        if op.ress().is_empty() || !weft_dialects::is_pure(&op.op_name()) {
            continue;
        }
        if op.op_name() == "arith.constant" || op.op_name() == "tensor.empty" {
            sources.insert(op.key(), [(op.key(), stored_bytes(op))].into());
            continue;
        }
        let defs: Option<Vec<_>> = op.reads().into_iter().map(|v| sources.get(&v.def()?.key())).collect();
        let Some(defs) = defs else { continue };
        let from: HashMap<usize, i64> = defs.into_iter().flatten().map(|(&k, &n)| (k, n)).collect();
        // Made of repeated elements only, it may be one too.
        let repeated = from.values().all(|&n| n <= SPLAT);
        match fold(pcx, op, from.values().sum(), repeated) {
            Some(values) => {
                for (old, new) in op.ress().into_iter().zip(&values) {
                    old.replace_with(*new);
                }
                for v in values {
                    if let Some(def) = v.def() {
                        stored.add(def);
                        sources.insert(def.key(), [(def.key(), stored_bytes(def))].into());
                    }
                }
                // Now that the new constants count: their bytes may be those of the old ones.
                stored.erase(pcx.cx, op);
                folded = true;
            }
            // A larger intermediate: what is computed from it may be small again.
            None => {
                sources.insert(op.key(), from);
            }
        }
    }
    if folded {
        erase_dead(module);
    }
    Ok(())
}

/// How many constants have which stored bytes.
struct Stored(HashMap<String, usize>);

impl Stored {
    fn of(module: Op<'_>) -> Self {
        let mut out = Self(HashMap::new());
        walk_ops(module).into_iter().for_each(|op| out.add(op));
        out
    }

    fn add(&mut self, op: Op<'_>) {
        if let Some(key) = resource(op) {
            *self.0.entry(key).or_default() += 1;
        }
    }

    /// Erases an op without uses, and what only it read; frees bytes that no constant has any more.
    fn erase<'c>(&mut self, cx: Cx<'c>, op: Op<'c>) {
        let mut erased = HashSet::new();
        let mut todo = vec![op];
        while let Some(op) = todo.pop() {
            // By address: it may be gone already.
            if erased.contains(&op.key()) || !op.is_unused() || !weft_dialects::is_pure(&op.op_name()) {
                continue;
            }
            todo.extend(op.reads().into_iter().filter_map(ValueExt::def));
            if let Some(key) = resource(op)
                && let Some(n) = self.0.get_mut(&key)
            {
                *n -= 1;
                if *n == 0 {
                    cx.blobs().remove(&key);
                    self.0.remove(&key);
                }
            }
            erased.insert(op.key());
            op.erase();
        }
    }
}

/// The key of a constant's stored bytes.
fn resource(op: Op<'_>) -> Option<String> {
    if op.op_name() != "arith.constant" {
        return None;
    }
    op.attr("value")?.as_resource_key().map(|k| weft_dialects::ir::canonical_key(&k).to_owned())
}

/// Bytes that a constant takes in the weights; a repeated element takes none to speak of.
fn stored_bytes(op: Op<'_>) -> i64 {
    match op.attr("value") {
        Some(a) if a.as_resource_key().is_none() && a.to_string().len() < 64 => SPLAT,
        Some(_) => op.res(0).tensor_ty().and_then(|t| t.bytes()).unwrap_or_default(),
        None => 0,
    }
}

fn fold<'c>(pcx: &PassCx<'c>, op: Op<'c>, from: i64, repeated: bool) -> Option<Vec<Value<'c>>> {
    let bytes: i64 = op.ress().iter().map(|r| r.tensor_ty()?.bytes()).sum::<Option<i64>>()?;
    // Packing pads the last panel; that is what a layout costs.
    let padding = match op.op_name().as_str() {
        "nn.pack" => bytes - op.arg(0).tensor_ty()?.bytes()?,
        _ => 0,
    };
    let allowed = from.max(SMALL) + padding;
    if bytes > allowed && !repeated {
        pcx.remark(op, format!("not folded: {bytes} bytes would be stored instead of {from}"));
        return None;
    }
    let values: Vec<Tensor> = op.ress().into_iter().map(|r| eval::constant_of(pcx.cx, r)).collect::<Option<_>>()?;
    if values.iter().any(|t| bytes > allowed && !t.is_splat()) {
        return None;
    }
    let b = Builder::before(pcx.cx, op);
    Some(values.iter().map(|t| b.tensor(t)).collect())
}
