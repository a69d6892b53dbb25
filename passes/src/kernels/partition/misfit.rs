//! What a device can't run, and why.

use super::callee;
use crate::kernels::{flops, plan};
use crate::lower::{self, kernel::Kernel};
use crate::target::Target;
use std::collections::HashMap;
use weft_dialects::ir::{BlockLike, Cx, Elem, Op, OpExt, Symbols, TensorTy, ValueExt, block_arg, funcs, walk_ops};

/// Answers by kernel.
pub struct Misfits<'c> {
    cx: Cx<'c>,
    target: &'static Target,
    symbols: Symbols,
    kernels: HashMap<String, Op<'c>>,
    known: HashMap<String, Option<String>>,
}

impl<'c> Misfits<'c> {
    pub fn new(cx: Cx<'c>, module: Op<'c>, target: &'static Target) -> Self {
        let name = |f: Op<'c>| f.string("sym_name").unwrap_or_default();
        let kernels = funcs(module).into_iter().map(|f| (name(f), f)).collect();
        Self { cx, target, symbols: Symbols::of(module), kernels, known: HashMap::new() }
    }

    /// Why the device can't run an op of a function's own block; `None` if it can.
    pub fn reason(&mut self, op: Op<'c>) -> Option<String> {
        let name = op.op_name();
        if name != "func.call" {
            return Some(match name.as_str() {
                "scf.if" | "scf.for" | "scf.while" => format!("{name}: what runs next depends on data"),
                _ => format!("{name}: at a position that the run computes"),
            });
        }
        let kernel = callee(op);
        if !self.known.contains_key(kernel) {
            let found = self.kernels.get(kernel).and_then(|&k| self.of_kernel(k));
            self.known.insert(kernel.to_owned(), found);
        }
        self.known[kernel].clone()
    }

    /// Floating-point operations of a call; those of control flow are unknown.
    pub fn flops(&self, op: Op<'c>) -> i64 {
        let kernel = self.kernels.get(callee(op)).copied();
        kernel.map_or(i64::MAX, |k| walk_ops(k).into_iter().map(|o| flops::of_op(o, &self.symbols)).sum())
    }

    /// Whether a processor can run a call as well: it has no products of f16.
    pub fn is_portable(&self, op: Op<'c>) -> bool {
        let half = |o: &Op<'c>| o.args().iter().any(|v| v.tensor_ty().is_some_and(|t| t.elem == Elem::F16));
        self.kernels
            .get(callee(op))
            .is_none_or(|&k| !walk_ops(k).iter().any(|o| o.op_name().starts_with("nn.") && half(o)))
    }

    fn of_kernel(&self, kernel: Op<'c>) -> Option<String> {
        let body = kernel.body(0);
        let args = (0..body.argument_count()).map(|i| block_arg(body, i));
        let f64_ty = self.cx.elem(Elem::F64);
        let is_f64 =
            |v: weft_dialects::ir::Value<'c>| v.tensor_ty().map_or(v.ty() == f64_ty, |t: TensorTy| t.elem == Elem::F64);
        let inside = walk_ops(kernel).into_iter().find(|o| o.ress().into_iter().chain(o.args()).any(is_f64));
        if inside.is_some() || args.clone().any(is_f64) {
            return Some("numbers of 64 bits (float64)".to_owned());
        }
        let buffers = args.filter(|v| v.tensor_ty().is_some()).count() + 1;
        if buffers > self.target.storage_buffers {
            return Some(format!("a kernel of {buffers} buffers; there may be {}", self.target.storage_buffers));
        }
        self.refused(kernel)
    }

    /// What the lowering has to say: it is asked on a copy.
    fn refused(&self, kernel: Op<'c>) -> Option<String> {
        let copy = kernel.clone_before(kernel);
        let planned = match plan::as_planned(self.cx, copy, &self.symbols, self.target) {
            Ok(planned) => planned,
            Err(e) => {
                copy.erase();
                return Some(e.message);
            }
        };
        let found = match Kernel::parse(planned).and_then(|k| lower::schedule(&k, self.target)) {
            Err(e) => Some(e.message),
            Ok(schedule) => self.too_long(kernel, &schedule),
        };
        planned.erase();
        found
    }

    /// Whether an op in the order of its data leaves too much to one invocation.
    fn too_long(&self, kernel: Op<'c>, schedule: &lower::Schedule) -> Option<String> {
        let root = walk_ops(kernel).into_iter().find(|o| is_serial(*o))?;
        let entry = |name: &str| schedule.iter().find(|e| e.0 == name).map_or(1, |e| self.symbols.max(e.1).max(1));
        let names = ["grid_x", "grid_y", "grid_z", "block_x", "block_y", "block_z"];
        let started: i64 = names.into_iter().map(entry).product();
        // A team shares a unit; else each invocation has one of its own.
        let most = if schedule.iter().any(|e| e.0 == "units") { entry("units") * entry("team") } else { started };
        let invocations = started.min(most);
        let steps = self.steps(root) / invocations.max(1);
        (steps > self.target.serial_steps)
            .then(|| format!("{}: {steps} steps one after the other on {invocations} invocations", root.op_name()))
    }

    /// About how many elements an op in the order of its data touches.
    fn steps(&self, op: Op<'c>) -> i64 {
        let bound =
            |v: weft_dialects::ir::Value<'c>| v.tensor_ty().map(|t| t.bound(&self.symbols).shape).unwrap_or_default();
        let points = |v| bound(v).iter().product::<i64>();
        match op.op_name().as_str() {
            // Each kept box is compared with all that were kept before it.
            "nn.non_max_suppression" => points(op.arg(1)) * bound(op.res(0)).first().copied().unwrap_or(1).max(1),
            "nn.lstm" | "nn.gru" | "nn.rnn" => flops::of_op(op, &self.symbols) / 2,
            _ => op.args().into_iter().chain(op.ress()).map(points).sum(),
        }
    }
}

/// Ops whose steps follow the order of the data.
fn is_serial(op: Op<'_>) -> bool {
    matches!(
        op.op_name().as_str(),
        "nn.scatter" | "nn.cumulative" | "nn.top_k" | "nn.non_max_suppression" | "nn.lstm" | "nn.gru" | "nn.rnn"
    )
}
