//! `partition`: what the device can't run moves into *islands*, which run as Wasm.
//!
//! An island is a nested module with `weft.island = "island0"`: a small model of its own at the kernels level, with `@main`, the
//! kernels that it calls, and an `@init` of its own if it needs prepared values. In the device's `@main` it is
//! `func.call @island0(...)` of a function that is only declared. From there on the pipeline element `islands(...)` lowers islands, and
//! no other pass sees them.
//!
//! What can't run is decided by the target model and by asking the lowering: control flow of the model's, f64, kernels of more
//! buffers than the target binds, kernels that no family takes, and those whose work would be one invocation's, one step after
//! the other. Kernels around an island that have little to do join it where that saves bytes between device and host.
//!
//! Order: ops alternate between device and host in *phases*, each op in the first that what it reads allows. So independent islands are
//! one, and there are as few round trips as the data needs.

mod island;
mod misfit;

use crate::pass::{PassCx, PassInfo};
use crate::target::{Execution, Target};
use island::Islands;
use misfit::Misfits;
use std::collections::{HashMap, HashSet};
use weft_dialects::ir::{AttrExt, Op, OpError, OpExt, OperationLike, Symbols, Value, ValueExt, block_ops, funcs};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "partition",
    doc: "Moves what the device can't run into islands: nested modules for Wasm, which @main calls.",
    options: &[],
    run,
};

/// What a round trip between device and host costs, in bytes that could be moved instead (about a millisecond at 1 GB/s).
const ROUND_TRIP: i64 = 1 << 20;
/// Bytes that a kernel reads and writes at most to be as well run by a processor.
const LITTLE: i64 = 256 << 10;
/// And its floating-point operations.
const LITTLE_WORK: i64 = 1 << 22;

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let target = Target::of(module);
    if target.execution == Execution::Vectors {
        return Ok(());
    }
    let named = |name: &str| funcs(module).into_iter().find(|f| f.string("sym_name").as_deref() == Some(name));
    let mut misfits = Misfits::new(pcx.cx, module, target);
    let mut islands = Islands::new(pcx.cx, module);
    // @main first: an island that needs prepared values copies the part of @init that makes them, as it stands.
    for func in [named("main"), named("init")].into_iter().flatten() {
        // Its islands may have left @init without results.
        if func.string("sym_name").as_deref() == Some("init") && !islands.shrink_init() {
            break;
        }
        let block = Block::of(func, &mut misfits);
        if !block.island.contains(&true) {
            continue;
        }
        let phases = block.phases(&block.island);
        block.sort(func, &phases);
        for phase in (1..=phases.iter().copied().max().unwrap_or_default()).step_by(2) {
            let inside: Vec<usize> = (0..phases.len()).filter(|&i| phases[i] == phase).collect();
            if inside.is_empty() {
                continue;
            }
            let members: Vec<Op<'c>> = inside.iter().map(|&i| block.ops[i]).collect();
            let reasons: Vec<(Op<'c>, &str)> =
                inside.iter().filter_map(|&i| Some((block.ops[i], block.reasons[i].as_deref()?))).collect();
            islands.make(pcx, func, &members, &reasons);
        }
    }
    islands.clean();
    Ok(())
}

/// Ops that are copied to where they are used: constants, views, and scalars of control flow.
fn is_neutral(op: Op<'_>) -> bool {
    matches!(
        op.op_name().as_str(),
        "arith.constant" | "tensor.empty" | "nn.extent" | "tensor.expand_shape" | "tensor.collapse_shape"
    ) || (op.result_count() > 0
        && !op.op_name().starts_with("scf.")
        && op.ress().iter().all(|r| r.tensor_ty().is_none()))
}

/// The name that a call is of; empty for other ops.
fn callee<'c>(op: Op<'c>) -> &'c str {
    op.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default()
}

fn is_init_call(op: Op<'_>) -> bool {
    op.op_name() == "func.call" && callee(op) == "init"
}

/// The values that a value is a constant, view or scalar of, as far as they are data: results of kernels and the like, and arguments.
fn roots<'c>(v: Value<'c>, out: &mut Vec<Value<'c>>) {
    match v.def().filter(|d| is_neutral(*d)) {
        Some(def) => def.reads().into_iter().for_each(|v| roots(v, out)),
        None if out.iter().any(|o| o.key() == v.key()) => {}
        None => out.push(v),
    }
}

/// All roots of what an op reads, each once.
fn roots_of<'c>(op: Op<'c>) -> Vec<Value<'c>> {
    let mut out = Vec::new();
    op.reads().into_iter().for_each(|v| roots(v, &mut out));
    out
}

/// The ops of a function that do something, and what is known of them.
struct Block<'c> {
    ops: Vec<Op<'c>>,
    /// By op: why the device can't run it.
    reasons: Vec<Option<String>>,
    /// By op: whether it goes into an island.
    island: Vec<bool>,
    /// By op: what it reads.
    roots: Vec<Vec<Value<'c>>>,
    /// By op: whose results it reads.
    sources: Vec<Vec<usize>>,
    /// What the function returns, by key.
    returned: HashSet<usize>,
    symbols: Symbols,
}

impl<'c> Block<'c> {
    fn of(func: Op<'c>, misfits: &mut Misfits<'c>) -> Self {
        let mut all = block_ops(func.body(0));
        let end = all.pop();
        let ops: Vec<Op<'c>> = all.into_iter().filter(|&o| !is_neutral(o) && !is_init_call(o)).collect();
        let number: HashMap<usize, usize> = ops.iter().enumerate().map(|(i, o)| (o.key(), i)).collect();
        let roots: Vec<Vec<Value<'c>>> = ops.iter().map(|&o| roots_of(o)).collect();
        let from = |v: &Value<'c>| v.def().and_then(|d| number.get(&d.key()).copied());
        let sources = roots.iter().map(|r| r.iter().filter_map(from).collect()).collect();
        let reasons: Vec<Option<String>> = ops.iter().map(|&o| misfits.reason(o)).collect();
        let returned = end.map(|e| roots_of(e)).unwrap_or_default().into_iter().map(ValueExt::key).collect();
        let island = reasons.iter().map(Option::is_some).collect();
        let mut block = Self { ops, reasons, island, roots, sources, returned, symbols: Symbols::of(func) };
        if block.island.contains(&true) {
            block.grow(misfits);
        }
        block
    }

    /// By op: even numbers run on the device, odd ones on the host, one after the other.
    fn phases(&self, island: &[bool]) -> Vec<usize> {
        let mut phases: Vec<usize> = Vec::with_capacity(self.ops.len());
        for (sources, &inside) in self.sources.iter().zip(island) {
            let earliest = sources.iter().map(|&s| phases[s]).max().unwrap_or_default();
            phases.push(earliest + usize::from((earliest % 2 == 1) != inside));
        }
        phases
    }

    fn bytes(&self, v: Value<'c>) -> i64 {
        v.tensor_ty().and_then(|t| t.bound(&self.symbols).bytes()).unwrap_or_default()
    }

    /// What moving data between device and host costs, in bytes.
    fn cost(&self, island: &[bool]) -> i64 {
        let phases = self.phases(island);
        let phase_of: HashMap<usize, usize> =
            self.ops.iter().zip(&phases).flat_map(|(o, &p)| o.ress().into_iter().map(move |r| (r.key(), p))).collect();
        // A value is read back once for each island that reads it from elsewhere, and uploaded once if the device reads it.
        let (mut down, mut up, mut trips) = (HashMap::new(), HashMap::new(), HashSet::new());
        for (i, &phase) in phases.iter().enumerate() {
            if phase % 2 == 1 {
                trips.insert(phase);
            }
            for &v in &self.roots[i] {
                let made = phase_of.get(&v.key()).copied();
                if v.def().is_some_and(is_init_call) {
                    continue;
                }
                if phase % 2 == 1 && made != Some(phase) {
                    down.insert((v.key(), phase), self.bytes(v));
                }
                if phase % 2 == 0 && made.is_some_and(|m| m % 2 == 1) {
                    up.insert(v.key(), self.bytes(v));
                }
            }
        }
        for v in self.ops.iter().flat_map(|o| o.ress()).filter(|r| self.returned.contains(&r.key())) {
            if phase_of[&v.key()] % 2 == 1 {
                up.insert(v.key(), self.bytes(v));
            }
        }
        down.values().sum::<i64>() + up.values().sum::<i64>() + trips.len() as i64 * ROUND_TRIP
    }

    /// Takes kernels with little to do into the islands around them where that saves transfers: all of a phase at once, then one
    /// by one.
    fn grow(&mut self, misfits: &Misfits<'c>) {
        let little: Vec<bool> = (0..self.ops.len())
            .map(|i| {
                let moved: i64 = self.roots[i].iter().copied().chain(self.ops[i].ress()).map(|v| self.bytes(v)).sum();
                moved <= LITTLE && misfits.flops(self.ops[i]) <= LITTLE_WORK && misfits.is_portable(self.ops[i])
            })
            .collect();
        let mut cost = self.cost(&self.island);
        loop {
            let phases = self.phases(&self.island);
            let outside = |i: &usize| !self.island[*i] && little[*i];
            let last = phases.iter().copied().max().unwrap_or_default();
            let whole =
                (0..=last).step_by(2).map(|p| (0..phases.len()).filter(|&i| phases[i] == p).collect::<Vec<_>>());
            let whole = whole.filter(|group| group.iter().all(|i| little[*i]));
            let near = |&i: &usize| {
                self.sources[i].iter().any(|&s| self.island[s])
                    || (i + 1..self.ops.len()).any(|o| self.island[o] && self.sources[o].contains(&i))
            };
            let single = (0..self.ops.len()).filter(outside).filter(near).map(|i| vec![i]);
            let better = whole.chain(single).filter(|g| !g.is_empty()).find_map(|group| {
                let mut island = self.island.clone();
                group.iter().for_each(|&i| island[i] = true);
                let now = self.cost(&island);
                (now < cost).then_some((now, island))
            });
            let Some((now, island)) = better else { break };
            (cost, self.island) = (now, island);
        }
    }

    /// Puts the ops in the order of their phases; what is neutral stays behind what it reads.
    fn sort(&self, func: Op<'c>, phases: &[usize]) {
        let mut all = block_ops(func.body(0));
        let Some(end) = all.pop() else { return };
        let mut phase: HashMap<usize, usize> = self.ops.iter().zip(phases).map(|(o, &p)| (o.key(), p)).collect();
        for op in &all {
            let earliest =
                op.reads().into_iter().filter_map(ValueExt::def).filter_map(|d| phase.get(&d.key()).copied()).max();
            phase.entry(op.key()).or_insert(earliest.unwrap_or_default());
        }
        all.sort_by_key(|o| phase[&o.key()]);
        all.into_iter().for_each(|o| o.move_to_before(end));
    }
}
