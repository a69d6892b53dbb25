//! Which graph ops make one kernel.
//!
//! A kernel is at most one *root* (an op with an algorithm of its own, or a reduction) with the *pointwise* generics
//! that can be evaluated at each of its output points (tail) or at the points it reads (prologue). The choice is
//! greedy over the dependence graph:
//!
//! 1. each root, last first, takes the pointwise generics behind it that iterate over its output unpermuted, as
//!    long as the cluster stays convex (no path leaves and re-enters it) and one value escapes;
//! 2. copying and reducing roots, which read each element once, take generics before them whose value nobody else uses;
//! 3. a matrix product takes transposes of its left side, of its right side unless that is packed, and of its result, which
//!    only change where it reads and writes: heads of attention are a stride;
//! 4. what is left is grouped from the last generic backwards under the same condition.
//!
//! No kernel takes more buffers than the target allows. A tensor that a body picks from at positions which depend on data (`tensor.extract`) is always a buffer.

use crate::graph::rewrite::as_transpose;
use crate::pass::PassCx;
use crate::target::Target;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::Dfs;
use std::collections::{HashMap, HashSet};
use weft_dialects::ir::{AttrExt, Generic, Map, Op, OpExt, Value, ValueExt};

/// The ops of one kernel, in program order; the last one's result is the kernel's.
#[derive(Debug, Default)]
pub struct Cluster<'c> {
    /// Members.
    pub ops: Vec<Op<'c>>,
}

/// Per dim of a generic: true if it is reduced.
pub fn reductions(generic: Op<'_>) -> Vec<bool> {
    generic
        .attr("iterator_types")
        .and_then(AttrExt::as_array)
        .unwrap_or_default()
        .iter()
        .map(|a| a.to_string().contains("reduction"))
        .collect()
}

/// An all-parallel generic of one result that is written at the identity: it can be evaluated point by point.
pub fn is_pointwise(op: Op<'_>) -> bool {
    op.op_name() == "linalg.generic"
        && op.ress().len() == 1
        && reductions(op).iter().all(|r| !r)
        && maps(op).last().is_some_and(Map::is_identity)
}

/// Ops that stand in `@main` and cost nothing at run time.
pub fn is_view(op: Op<'_>) -> bool {
    super::plan::control::is_part(op)
        || matches!(
            op.op_name().as_str(),
            "arith.constant"
                | "tensor.empty"
                | "nn.extent"
                | "tensor.expand_shape"
                | "tensor.collapse_shape"
                | "func.return"
                | "func.call"
        )
}

/// Roots that read their result again while they write it: nothing may be done to it on the way.
fn works_in_result(op: Op<'_>) -> bool {
    matches!(op.op_name().as_str(), "nn.scatter" | "nn.cumulative" | "nn.top_k" | "nn.non_max_suppression")
}

/// Roots that read each element of their input at most once, so that computing it on the way costs nothing extra.
fn reads_once(op: Op<'_>) -> bool {
    matches!(
        op.op_name().as_str(),
        "tensor.pad" | "tensor.extract_slice" | "tensor.concat" | "tensor.insert_slice" | "linalg.generic" | "nn.pack"
    )
}

fn maps(op: Op<'_>) -> Vec<Map> {
    op.attr("indexing_maps").and_then(AttrExt::as_maps).unwrap_or_default()
}

/// The dependence graph of a block's ops.
struct Deps<'c> {
    graph: DiGraph<Op<'c>, ()>,
    node: HashMap<usize, NodeIndex>,
}

impl<'c> Deps<'c> {
    fn of(ops: &[Op<'c>]) -> Self {
        let mut graph = DiGraph::new();
        let node: HashMap<_, _> = ops.iter().map(|&op| (op.key(), graph.add_node(op))).collect();
        for op in ops {
            for def in op.reads().into_iter().filter_map(ValueExt::def) {
                if let Some(&from) = node.get(&def.key()) {
                    graph.add_edge(from, node[&op.key()], ());
                }
            }
        }
        Self { graph, node }
    }

    /// Whether `value` depends on a member through an op that is none.
    fn leaves_and_returns(&self, members: &HashSet<usize>, value: Value<'c>) -> bool {
        let Some(def) = value.def() else { return false };
        if members.contains(&def.key()) {
            return false;
        }
        let Some(&start) = self.node.get(&def.key()) else { return false };
        let reversed = petgraph::visit::Reversed(&self.graph);
        let mut dfs = Dfs::new(reversed, start);
        while let Some(n) = dfs.next(reversed) {
            if members.contains(&self.graph[n].key()) {
                return true;
            }
        }
        false
    }
}

/// Whether the target's kernels take as many buffers as these ops as one kernel have.
fn fits(target: &Target, ops: &[Op<'_>]) -> bool {
    target.storage_buffers == usize::MAX || super::outline::operands(ops).len() < target.storage_buffers
}

/// What [`fits`] is asked for, when the answer is no.
fn too_many(target: &Target) -> String {
    format!("the kernel would have more than {} buffers", target.storage_buffers)
}

/// Groups the ops of `@main`'s block into kernels, in an order that is valid for their calls.
pub fn clusters<'c>(pcx: &PassCx<'c>, ops: &[Op<'c>], target: &Target) -> Vec<Cluster<'c>> {
    let deps = Deps::of(ops);
    let work: Vec<Op<'c>> = ops.iter().copied().filter(|&o| !is_view(o)).collect();
    let mut taken: HashSet<usize> = HashSet::new();
    let mut out: Vec<Cluster<'c>> = Vec::new();
    for &root in work.iter().rev().filter(|&&o| !is_pointwise(o)) {
        let mut cluster = grow_tail(pcx, target, &deps, &work, root, &taken);
        if root.op_name() == "nn.matmul" {
            absorb_transposes(&mut cluster, &mut taken, root);
        }
        if reads_once(root) {
            absorb_producers(pcx, target, &mut cluster, &mut taken, root);
        }
        taken.extend(cluster.ops.iter().map(|o| o.key()));
        out.push(cluster);
    }
    for &last in work.iter().rev() {
        if taken.contains(&last.key()) {
            continue;
        }
        let mut cluster = Cluster { ops: vec![last] };
        taken.insert(last.key());
        absorb_producers(pcx, target, &mut cluster, &mut taken, last);
        taken.extend(cluster.ops.iter().map(|o| o.key()));
        out.push(cluster);
    }
    let position: HashMap<usize, usize> = ops.iter().enumerate().map(|(i, o)| (o.key(), i)).collect();
    for c in &mut out {
        c.ops.sort_by_key(|o| position[&o.key()]);
    }
    out.sort_by_key(|c| c.ops.last().map(|o| position[&o.key()]));
    out
}

/// Members' values that are used outside.
fn escapes<'c>(members: &HashSet<usize>, ops: &[Op<'c>]) -> usize {
    ops.iter()
        .flat_map(|o| o.ress())
        .filter(|r| r.uses().iter().any(|(user, _)| !members.contains(&user.key())))
        .count()
}

fn grow_tail<'c>(
    pcx: &PassCx<'c>,
    target: &Target,
    deps: &Deps<'c>,
    work: &[Op<'c>],
    root: Op<'c>,
    taken: &HashSet<usize>,
) -> Cluster<'c> {
    let mut members: HashSet<usize> = [root.key()].into();
    let mut ops = vec![root];
    let mut best = 1;
    let start = work.iter().position(|o| o.same(root)).unwrap_or_default() + 1;
    for &g in &work[start..] {
        let uses_member = g.reads().iter().any(|v| v.def().is_some_and(|d| members.contains(&d.key())));
        // That a root starts its own kernel, or that a tail went to a later root, is no missed fusion.
        if !uses_member || !is_pointwise(g) || taken.contains(&g.key()) {
            continue;
        }
        let refused = works_in_result(root).then(|| "it reads its result while it writes it".to_owned());
        let full = || (!fits(target, &[&ops[..], &[g]].concat())).then(|| too_many(target));
        match refused.or_else(|| refusal(deps, root, &members, g)).or_else(full) {
            Some(reason) => pcx.remark(g, format!("not fused behind {}: {reason}", name_of(root))),
            None => {
                members.insert(g.key());
                ops.push(g);
                if escapes(&members, &ops) == 1 {
                    best = ops.len();
                }
            }
        }
    }
    if best < ops.len() {
        for &g in &ops[best..] {
            pcx.remark(g, format!("not fused behind {}: more than one value would leave the kernel", name_of(root)));
        }
    }
    ops.truncate(best);
    Cluster { ops }
}

/// Adds the transposes that a product's left side and unpacked right side are, and one of its result that leaves columns
/// innermost.
fn absorb_transposes<'c>(cluster: &mut Cluster<'c>, taken: &mut HashSet<usize>, root: Op<'c>) {
    let only_user = |v: Value<'c>| match v.uses()[..] {
        [(user, _)] => Some(user),
        _ => None,
    };
    if let Some(left) = root.arg(0).def().filter(|d| !taken.contains(&d.key()))
        && let Some((_, perm)) = as_transpose(left.res(0))
        // A column packed along K is multiplied by vectors of the left side along K.
        && (root.int("panel") != Some(1) || perm.last() == Some(&(perm.len() - 1)))
        && only_user(left.res(0)).is_some()
    {
        taken.insert(left.key());
        cluster.ops.push(left);
    }
    // What isn't packed is read as it lies: along its rows or along its columns.
    if let Some(right) = root.arg(1).def().filter(|d| root.int("panel") == Some(0) && !taken.contains(&d.key()))
        && let Some((_, perm)) = as_transpose(right.res(0))
        && perm.first() != Some(&(perm.len() - 1))
        && only_user(right.res(0)).is_some()
    {
        taken.insert(right.key());
        cluster.ops.push(right);
    }
    // The last of the tail; what was pushed above is the first.
    let tail = cluster.ops.iter().rev().find(|o| !taken.contains(&o.key())).copied().unwrap_or(root);
    if let Some(next) = only_user(tail.res(0)).filter(|n| !taken.contains(&n.key()))
        && let Some((_, perm)) = next.ress().first().and_then(|&r| as_transpose(r))
        && perm.last() == Some(&(perm.len() - 1))
    {
        taken.insert(next.key());
        cluster.ops.push(next);
    }
}

/// Why the pointwise generic `g` can't join the tail of `root`.
fn refusal<'c>(deps: &Deps<'c>, root: Op<'c>, members: &HashSet<usize>, g: Op<'c>) -> Option<String> {
    let shape = |v: Value<'c>| v.tensor_ty().map(|t| t.shape);
    if matches!(root.op_name().as_str(), "nn.lstm" | "nn.gru" | "nn.rnn") {
        return Some("it reads its own result, step by step".to_owned());
    }
    if shape(g.res(0)) != shape(root.res(0)) {
        return Some("it iterates over another shape".to_owned());
    }
    for v in g.captures() {
        if v.def().is_some_and(|d| members.contains(&d.key())) {
            return Some("it reads the value at positions that depend on data".to_owned());
        }
        if deps.leaves_and_returns(members, v) {
            return Some("a tensor that it picks from depends on the kernel's own result".to_owned());
        }
    }
    for (v, map) in g.args().into_iter().zip(maps(g)) {
        let inside = v.def().is_some_and(|d| members.contains(&d.key()));
        if inside && !map.is_identity() {
            return Some("it reads the value permuted or broadcast".to_owned());
        }
        if !inside && deps.leaves_and_returns(members, v) {
            return Some("another operand depends on the kernel's own result".to_owned());
        }
    }
    None
}

fn name_of(op: Op<'_>) -> String {
    let node = op.node_name();
    if node.is_empty() { op.op_name() } else { format!("{} '{node}'", op.op_name()) }
}

/// Adds pointwise producers whose value only the cluster uses and reads at most once a point.
fn absorb_producers<'c>(
    pcx: &PassCx<'c>,
    target: &Target,
    cluster: &mut Cluster<'c>,
    taken: &mut HashSet<usize>,
    from: Op<'c>,
) {
    let mut members: HashSet<usize> = cluster.ops.iter().map(|o| o.key()).collect();
    let mut queue = vec![from];
    while let Some(op) = queue.pop() {
        for (i, v) in op.args().into_iter().enumerate() {
            let Some(def) = v.def() else { continue };
            if !is_pointwise(def) || taken.contains(&def.key()) || members.contains(&def.key()) {
                continue;
            }
            // What stands before a loop is computed once.
            if def.in_block() != from.in_block() {
                continue;
            }
            if !v.uses().iter().all(|(user, _)| members.contains(&user.key())) {
                pcx.remark(def, format!("not fused into {}: its value has other users", name_of(op)));
                continue;
            }
            let fills = Generic::of(def).is_ok_and(|g| g.ins.is_empty());
            if !fills && repeats(op, i) {
                pcx.remark(
                    def,
                    format!("not fused into {}: it would be computed again for each broadcast element", name_of(op)),
                );
                continue;
            }
            if !fits(target, &[&cluster.ops[..], &[def]].concat()) {
                pcx.remark(def, format!("not fused into {}: {}", name_of(op), too_many(target)));
                continue;
            }
            members.insert(def.key());
            taken.insert(def.key());
            cluster.ops.push(def);
            queue.push(def);
        }
    }
}

/// Whether a generic reads the elements of operand `i` more than once, so that computing them on the way costs more than
/// computing them before.
fn repeats(op: Op<'_>, i: usize) -> bool {
    op.op_name() == "linalg.generic"
        && maps(op).get(i).is_none_or(|m| {
            let read: HashSet<usize> = m.results.iter().flat_map(|e| e.terms.iter().map(|t| t.0)).collect();
            // A dim that the read doesn't depend on repeats the computation.
            (0..m.dims).any(|d| !read.contains(&d) && extent(op, d) != Some(1))
        })
}

/// Whether `user` computes its operand `i` on the way, if that is made by a pointwise generic that nobody else uses.
pub fn absorbs(user: Op<'_>, i: usize) -> bool {
    (is_pointwise(user) || reads_once(user)) && !repeats(user, i)
}

/// The extent of a generic's loop dim, from an operand that has it as a plain dim.
fn extent(generic: Op<'_>, dim: usize) -> Option<i64> {
    generic.args().into_iter().zip(maps(generic)).find_map(|(v, m)| {
        let at = m.results.iter().position(|e| e.as_dim() == Some(dim))?;
        Some(v.tensor_ty()?.shape[at])
    })
}
