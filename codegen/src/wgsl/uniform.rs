//! Uniformity: WGSL refuses a barrier or a subgroup operation unless its compiler proves that all invocations of the workgroup
//! come to it. naga doesn't look; this does, with the rules of WGSL's analysis.

use super::kernel::argument_count;
use super::subgroup::concerns;
use std::collections::{HashMap, HashSet};
use weft_dialects::ir::{
    Block, BlockLike, Op, OpError, OpExt, OperationLike, RegionLike, Value, ValueExt, block_arg, block_ops, walk_ops,
};

/// Says where control flow around a barrier or a subgroup operation depends on the invocation.
pub(super) fn check<'c>(func: Op<'c>, problems: &mut Vec<OpError>) {
    let meeting =
        |op: &Op<'c>| op.op_name() == "gpu.barrier" || concerns(&op.op_name()) && op.op_name() != "gpu.lane_id";
    let meetings: Vec<Op<'c>> = walk_ops(func).into_iter().filter(meeting).collect();
    if meetings.is_empty() {
        return;
    }
    let bindings = argument_count(func);
    let mut facts = Facts { written: written(func), bindings, parted: HashMap::new() };
    for op in meetings {
        let mut at = op.parent();
        while let Some(outer) = at.filter(|o| !o.same(func)) {
            if facts.parts(outer) {
                problems.push(OpError::new(
                    op,
                    format!(
                        "stands inside of {}, whose course depends on the invocation: all of a workgroup must reach it",
                        outer.op_name()
                    ),
                ));
                break;
            }
            at = outer.parent();
        }
    }
}

/// Buffers that are stored to, by key.
fn written(func: Op<'_>) -> HashSet<usize> {
    let stores =
        walk_ops(func).into_iter().filter(|op| matches!(op.op_name().as_str(), "memref.store" | "vector.store"));
    stores.map(|op| root(op.arg(1)).key()).collect()
}

/// What a memref is a view of.
fn root(mut memref: Value<'_>) -> Value<'_> {
    while let Some(op) = memref.def().filter(|d| d.op_name().starts_with("memref.") && !d.args().is_empty()) {
        memref = op.arg(0);
    }
    memref
}

struct Facts {
    written: HashSet<usize>,
    /// Arguments of the kernel; those behind them are the workgroup's memory.
    bindings: usize,
    /// Whether a value may differ between invocations.
    parted: HashMap<usize, bool>,
}

impl Facts {
    /// Whether the course of a loop or a conditional depends on the invocation.
    fn parts(&mut self, op: Op<'_>) -> bool {
        match op.op_name().as_str() {
            "scf.for" => op.args()[..3].iter().any(|v| self.differs(*v)),
            "scf.if" => self.differs(op.arg(0)),
            "scf.while" => terminator(op.body(0)).is_none_or(|end| self.differs(end.arg(0))),
            _ => false,
        }
    }

    fn differs(&mut self, v: Value<'_>) -> bool {
        if let Some(&known) = self.parted.get(&v.key()) {
            return known;
        }
        // What goes around a loop is the same for all unless something in it isn't.
        self.parted.insert(v.key(), false);
        let out = self.find(v);
        if out {
            // What was taken for the same because of it is asked again.
            self.parted.retain(|_, differs| *differs);
        }
        self.parted.insert(v.key(), out);
        out
    }

    fn find(&mut self, v: Value<'_>) -> bool {
        let Some(op) = v.def() else { return self.argument(v) };
        match op.op_name().as_str() {
            "gpu.thread_id" | "gpu.global_id" | "gpu.lane_id" | "gpu.subgroup_reduce" | "gpu.shuffle" => true,
            "memref.load" | "vector.load" => {
                let from = root(op.arg(0));
                let own = from.def().is_some() || from.number() >= self.bindings;
                let shared = own || self.written.contains(&from.key());
                shared || op.args()[1..].iter().any(|i| self.differs(*i))
            }
            "scf.for" => self.parts(op) || self.differs(op.arg(3 + v.number())) || self.yielded(op.body(0), v.number()),
            "scf.if" => {
                let blocks = [0, 1].map(|i| op.region(i).ok().and_then(|r| r.first_block()));
                self.parts(op) || blocks.into_iter().flatten().any(|b| self.yielded(b, v.number()))
            }
            "scf.while" => self.parts(op) || self.yielded(op.body(0), v.number() + 1),
            _ => op.args().into_iter().any(|a| self.differs(a)),
        }
    }

    /// Whether operand `i` of a block's terminator differs.
    fn yielded(&mut self, block: Block<'_>, i: usize) -> bool {
        terminator(block).is_none_or(|end| self.differs(end.arg(i)))
    }

    fn argument(&mut self, v: Value<'_>) -> bool {
        let Some((block, op)) = v.owner_block().and_then(|b| Some((b, b.parent_operation()?))) else { return true };
        let i = v.number();
        match op.op_name().as_str() {
            "scf.for" if i == 0 => self.parts(op),
            "scf.for" => self.parts(op) || self.differs(op.arg(2 + i)) || self.yielded(block, i - 1),
            "scf.while" => {
                let before = op.body(0);
                if i < before.argument_count() && block_arg(before, i).key() == v.key() {
                    self.parts(op) || self.differs(op.arg(i)) || self.yielded(op.body(1), i)
                } else {
                    self.parts(op) || self.yielded(op.body(0), i + 1)
                }
            }
            // A kernel's scalar arguments are the same for all.
            _ => false,
        }
    }
}

fn terminator<'c>(block: Block<'c>) -> Option<Op<'c>> {
    block_ops(block).pop()
}
