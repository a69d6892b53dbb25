//! `fuse`: groups graph ops into kernels (see [`super::cluster`]) and makes each a private function called from
//! `@main`. Constants become arguments, so that kernels of equal shape can be shared.

use super::split_concat::split_concats;
use super::{cluster, outline};
use crate::pass::{PassCx, PassInfo};
use crate::target::Target;
use std::collections::HashMap;
use weft_dialects::ir::{Block, Builder, Generic, Op, OpError, OpExt, OperationLike, ValueExt, block_ops, funcs};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "fuse",
    doc: "Groups graph ops into kernels: each a private function of prologue, root and tail.",
    options: &[],
    run,
};

/// Gives each user of a generic that only fills its result one of its own, so that it is evaluated where it is used.
fn split_fills<'c>(pcx: &PassCx<'c>, main: Op<'c>) {
    for op in block_ops(main.body(0)) {
        if !Generic::of(op).is_ok_and(|g| g.ins.is_empty() && g.outs.len() == 1) {
            continue;
        }
        for (user, at) in op.res(0).uses().into_iter().skip(1) {
            let copy = Builder::before(pcx.cx, user).with_loc(op.location()).clone_op(op, &op.args());
            user.set_arg(at, copy.res(0));
        }
    }
}

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let mains: Vec<_> = funcs(module).into_iter().filter(|f| f.attr("sym_visibility").is_none()).collect();
    let target = Target::of(module);
    let mut names: HashMap<String, usize> = HashMap::new();
    for main in mains {
        split_fills(pcx, main);
        let blocks = blocks(main);
        for block in &blocks {
            split_concats(pcx.cx, &block_ops(*block), target);
            for c in cluster::clusters(pcx, &block_ops(*block), target) {
                let base = outline::name(&c);
                let n = names.entry(base.clone()).or_insert(0);
                let name = if *n == 0 { base.clone() } else { format!("{base}_{n}") };
                *n += 1;
                outline::outline(pcx.cx, main, &c, &name);
            }
        }
        // What initialised results has been cloned into the kernels; nested blocks use what stands around them.
        for op in blocks.iter().rev().flat_map(|b| block_ops(*b).into_iter().rev()) {
            if weft_dialects::is_pure(&op.op_name()) && op.is_unused() {
                op.erase();
            }
        }
    }
    Ok(())
}

/// A function's block and those of its control flow, each before those inside it.
fn blocks<'c>(func: Op<'c>) -> Vec<Block<'c>> {
    let mut out = vec![func.body(0)];
    let nested =
        crate::graph::rewrite::graph_ops_of(func.body(0)).into_iter().filter(|o| o.op_name().starts_with("scf."));
    out.extend(nested.flat_map(crate::graph::rewrite::region_blocks));
    out
}
