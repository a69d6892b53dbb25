//! Where vector constants stand. V8 builds a `v128.const` anew each time it is executed, in up to three instructions,
//! so a constant is made before the loops that use it, as far out as the registers allow; where they don't, just before
//! its first use. Measured on polynomials in Chromium: 1.3 times faster than with the constants in the loop.

use super::addresses::{block_args, region_blocks};
use std::collections::{HashMap, HashSet};
use weft_dialects::ir::{
    Attribute, Block, BlockLike, Builder, Cx, Elem, Op, OpExt, Type, Value, ValueExt, VectorTy, block_ops, walk_ops,
};

/// How many more vectors than there are registers may be live in a loop for the sake of constants: what V8 then keeps
/// on its stack costs one load, less than building it. 3 were 5 % faster on erf and GELU, more made no difference.
const SPILLED: usize = 3;

/// Places the vector constants of a function with `registers` in mind.
pub fn place<'c>(cx: Cx<'c>, func: Op<'c>, registers: usize) {
    let mut placed = sink(cx, func);
    // The deepest loops first, and what is costly to build.
    placed
        .sort_by_key(|c| (std::cmp::Reverse(loops_around(c.op).len()), is_cheap(cx, c.op), std::cmp::Reverse(c.uses)));
    for c in &placed {
        hoist(c.op, registers + SPILLED);
    }
    merge(func);
}

struct Placed<'c> {
    op: Op<'c>,
    uses: usize,
}

/// Uses: ops, with the operand's number.
type Uses<'c> = Vec<(Op<'c>, usize)>;

/// Equal constants, and all their uses.
struct Group<'c> {
    attr: Attribute<'c>,
    ty: Type<'c>,
    uses: Uses<'c>,
}

/// Gives every block that uses a constant its own, before the first use.
fn sink<'c>(cx: Cx<'c>, func: Op<'c>) -> Vec<Placed<'c>> {
    let mut groups: Vec<Group<'c>> = Vec::new();
    let mut by_text: HashMap<String, usize> = HashMap::new();
    let mut old = Vec::new();
    for op in walk_ops(func) {
        let Some(attr) = vector_constant(op) else { continue };
        let group = *by_text.entry(attr.to_string()).or_insert_with(|| {
            groups.push(Group { attr, ty: op.res(0).ty(), uses: Vec::new() });
            groups.len() - 1
        });
        groups[group].uses.extend(op.res(0).uses());
        old.push(op);
    }
    let mut out = Vec::new();
    for Group { attr, ty, uses } in groups {
        let mut homes: Vec<(Block<'c>, Uses<'c>)> = Vec::new();
        for (user, i) in uses {
            let Some(block) = user.in_block() else { continue };
            match homes.iter_mut().find(|h| same_block(h.0, block)) {
                Some(home) => home.1.push((user, i)),
                None => homes.push((block, vec![(user, i)])),
            }
        }
        for (block, uses) in homes {
            let Some(first) = block_ops(block).into_iter().find(|op| uses.iter().any(|u| u.0.same(*op))) else {
                continue;
            };
            let constant = Builder::before(cx, first).constant(attr, ty);
            uses.iter().for_each(|&(user, i)| user.set_arg(i, constant));
            out.extend(constant.def().map(|op| Placed { op, uses: uses.len() }));
        }
    }
    // The users of a group come in no particular order.
    let order: HashMap<usize, usize> = walk_ops(func).into_iter().enumerate().map(|(i, op)| (op.key(), i)).collect();
    out.sort_by_key(|c| order.get(&c.op.key()).copied());
    old.into_iter().filter(|op| op.is_unused()).for_each(OpExt::erase);
    out
}

fn vector_constant<'c>(op: Op<'c>) -> Option<Attribute<'c>> {
    if op.op_name() != "arith.constant" || VectorTy::of(op.res(0).ty()).is_none() {
        return None;
    }
    op.attr("value")
}

fn same_block(a: Block<'_>, b: Block<'_>) -> bool {
    a.to_raw().ptr == b.to_raw().ptr
}

/// All zeros or all ones take one instruction without an operand.
fn is_cheap(cx: Cx<'_>, op: Op<'_>) -> bool {
    let data = op.attr("value").and_then(|a| cx.tensor_of(a));
    data.is_some_and(|t| t.elem != Elem::I1 && t.data.iter().all(|&x| x == t.data[0]) && matches!(t.data[0], 0 | 255))
}

fn is_loop(op: Op<'_>) -> bool {
    matches!(op.op_name().as_str(), "scf.for" | "scf.while")
}

/// The loops that an op stands in, innermost first.
fn loops_around<'c>(op: Op<'c>) -> Vec<Op<'c>> {
    let mut out = Vec::new();
    let mut at = op.parent();
    while let Some(parent) = at.filter(|p| p.op_name() != "func.func") {
        if is_loop(parent) {
            out.push(parent);
        }
        at = parent.parent();
    }
    out
}

/// Moves a constant out of the loops around it while at most `most` vectors are live in them.
fn hoist<'c>(constant: Op<'c>, most: usize) {
    for around in loops_around(constant) {
        let Some(back) = weft_dialects::ir::OperationLike::next_in_block(&constant) else { return };
        constant.move_to_before(around);
        if peak(around) > most {
            constant.move_to_before(back);
            return;
        }
    }
}

/// The most vectors that are live at once in a loop's own blocks. Vectors that are live through the loop without a use
/// in it don't count: they wait in memory at no cost to it. Neither do the insides of inner loops.
fn peak(around: Op<'_>) -> usize {
    let outer = free_vectors(around);
    let mut most = 0;
    for block in region_blocks(around) {
        let mut live = outer.clone();
        walk_block(block, &mut live, &outer, &mut most);
    }
    most
}

/// Goes through a block backwards from what is live at its end to what is live at its start.
fn walk_block(block: Block<'_>, live: &mut HashSet<usize>, outer: &HashSet<usize>, most: &mut usize) {
    for op in block_ops(block).into_iter().rev() {
        let results = vectors(op.ress());
        live.extend(&results);
        *most = (*most).max(live.len());
        results.iter().filter(|r| !outer.contains(*r)).for_each(|r| {
            live.remove(r);
        });
        if !is_loop(op) {
            let after = live.clone();
            for inner in region_blocks(op) {
                let mut inside = after.clone();
                walk_block(inner, &mut inside, outer, most);
            }
        }
        live.extend(vectors(op.args()));
        live.extend(free_vectors(op));
        *most = (*most).max(live.len());
    }
}

fn vectors<'c>(values: Vec<Value<'c>>) -> Vec<usize> {
    values.into_iter().filter(|v| VectorTy::of(v.ty()).is_some()).map(|v| v.key()).collect()
}

/// The vectors that an op's regions use from outside.
fn free_vectors(op: Op<'_>) -> HashSet<usize> {
    let (mut used, mut own) = (HashSet::new(), HashSet::new());
    let mut note = |op: Op<'_>| {
        for block in region_blocks(op) {
            own.extend(vectors(block_args(block)));
        }
    };
    note(op);
    let inside = walk_ops(op);
    inside.iter().for_each(|&inner| note(inner));
    for inner in inside {
        used.extend(vectors(inner.args()));
        own.extend(vectors(inner.ress()));
    }
    used.difference(&own).copied().collect()
}

/// Makes one of equal constants in a block.
fn merge(func: Op<'_>) {
    let mut first: HashMap<(usize, String), Value<'_>> = HashMap::new();
    for op in walk_ops(func) {
        let (Some(attr), Some(block)) = (vector_constant(op), op.in_block()) else { continue };
        let key = (block.to_raw().ptr as usize, attr.to_string());
        match first.get(&key) {
            Some(&kept) => {
                op.res(0).replace_with(kept);
                op.erase();
            }
            None => {
                first.insert(key, op.res(0));
            }
        }
    }
}
