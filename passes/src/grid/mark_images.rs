//! `mark-images`: which arguments of kernels are images. A page's image is a texture and no buffer, so that a kernel that reads
//! one is another kernel than the same on a buffer. The module's `weft.inputs` says which of `@main`'s arguments are.

use crate::legalize::preprocess::IMAGE;
use crate::pass::{PassCx, PassInfo};
use std::collections::BTreeMap;
use weft_dialects::ir::{AttrExt, Attribute, BlockLike, Cx, Op, OpError, OpExt, Value, ValueExt, funcs, walk_ops};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "mark-images",
    doc: "Marks the arguments of kernels that are images by weft.image.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let images = images(module);
    let all = funcs(module);
    let Some(main) = all.iter().copied().find(|f| f.string("sym_name").as_deref() == Some("main")) else {
        return Ok(());
    };
    if images.is_empty() {
        return Ok(());
    }
    // By kernel: its calls, by which of the operands are images.
    let mut calls: BTreeMap<String, BTreeMap<Vec<usize>, Vec<Op<'c>>>> = BTreeMap::new();
    for call in walk_ops(main).into_iter().filter(|o| o.op_name() == "func.call") {
        let name = call.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default().to_owned();
        let marked = call.args().into_iter().enumerate().filter(|(_, v)| images.contains(&source(main, *v)));
        let marked = marked.map(|(i, _)| i).collect();
        calls.entry(name).or_default().entry(marked).or_default().push(call);
    }
    for (name, uses) in calls {
        let Some(kernel) = all.iter().copied().find(|f| f.string("sym_name").as_deref() == Some(&name)) else {
            continue;
        };
        let several = uses.len() > 1;
        for (marked, calls) in uses.into_iter().filter(|(marked, _)| !marked.is_empty()) {
            let mut own = kernel;
            if several {
                let numbers: Vec<String> = marked.iter().map(ToString::to_string).collect();
                let clone_name = format!("{name}_image_{}", numbers.join("_"));
                own = kernel.clone_before(kernel);
                own.set_attr("sym_name", pcx.cx.str_attr(&clone_name));
                calls.iter().for_each(|call| call.set_attr("callee", pcx.cx.symbol_attr(&clone_name)));
            }
            mark(pcx.cx, own, &marked);
        }
    }
    Ok(())
}

/// Which of `@main`'s arguments are images. Before its inputs it takes the weights and the arenas.
fn images(module: Op<'_>) -> Vec<Option<usize>> {
    let mut at = Some(module);
    while let Some(op) = at {
        if let Some(inputs) = op.attr("weft.inputs").and_then(AttrExt::as_array) {
            let first = 1 + op.ints("weft.arena_bytes").map_or(1, |arenas| arenas.len());
            let is = |entry: &Attribute<'_>| entry.get("image").is_some();
            return inputs.iter().enumerate().filter(|(_, e)| is(e)).map(|(i, _)| Some(first + i)).collect();
        }
        at = op.parent();
    }
    Vec::new()
}

/// The argument of `@main` that a memref is a view of.
fn source<'c>(main: Op<'c>, memref: Value<'c>) -> Option<usize> {
    let mut at = memref;
    while let Some(def) = at.def() {
        if !def.op_name().starts_with("memref.") {
            return None;
        }
        at = def.args().first().copied()?;
    }
    (at.owner_block()? == main.body(0)).then(|| at.number())
}

fn mark<'c>(cx: Cx<'c>, kernel: Op<'c>, marked: &[usize]) {
    let before = kernel.attr("arg_attrs").and_then(AttrExt::as_array).unwrap_or_default();
    let attrs: Vec<Attribute<'c>> = (0..kernel.body(0).argument_count())
        .map(|i| {
            let entries = before.get(i).and_then(|a| a.entries()).unwrap_or_default();
            let mut entries: Vec<(&str, Attribute<'c>)> = entries.iter().map(|e| (e.0.as_str(), e.1)).collect();
            if marked.contains(&i) {
                entries.push((IMAGE, cx.unit_attr()));
            }
            cx.dict_attr(&entries)
        })
        .collect();
    kernel.set_attr("arg_attrs", cx.array_attr(&attrs));
}
