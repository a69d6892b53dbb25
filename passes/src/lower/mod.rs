//! Planned kernels to loops: one file a kernel family.
//!
//! | file | root | loops |
//! |---|---|---|
//! | `matmul`, `conv2d` (on `gemm`) | products and convolutions | register tiles over packed panels; one column: `dot` |
//! | `winograd_conv2d`, `winograd_weights` | 3x3 convolutions of stride 1 | transforms around products of `gemm` |
//! | `depthwise` | depthwise convolutions | tiles of outputs, edges told apart |
//! | `pool` | pooling | runs of outputs with equal edges, vectors of channels |
//! | `lstm`, `gru`, `rnn` (on `recurrent`) | recurrent cells | time inside, gates behind their products |
//! | `softmax`, `layer_norm` (on `row`) | softmax, normalisation | three sweeps over each row |
//! | `reduce` | reducing generics | vectors along columns, or partial results along rows |
//! | `scatter`, `cumulative`, `top_k`, `non_max_suppression` (on `serial`) | the ops of these names | in the order of the data, on buffers; no tail |
//! | `copy` (on `nest`) | pad, concat, slices, packing | boxes of the result that come from one place |
//! | `generic` (on `nest`) | none: elementwise, broadcast, transpose | merged loops, vectors, 4x4 tiles |
//! | `grid` | the families' forms for grids of workgroups | see there |
//!
//! Prologues and tails are evaluated at points (`point`) inside these loops; `access` and `space` tell which loops merge and
//! where vectors may lie.
//!
//! `schedule` decides and writes down ([`schedule`]), `lower-kernels` builds the loops of the schedule ([`lower`]).

mod access;
mod combine;
mod conv2d;
mod copy;
mod cumulative;
mod depthwise;
mod dot;
mod expand_half;
mod expand_math;
mod gemm;
mod generic;
mod grid;
mod gru;
pub mod kernel;
mod layer_norm;
mod lstm;
mod matmul;
mod nest;
mod non_max_suppression;
pub mod point;
mod pool;
mod recurrent;
mod reduce;
mod rnn;
mod row;
mod scatter;
mod serial;
mod slice;
mod softmax;
mod space;
mod sweep;
pub mod symbols;
mod tiles;
mod top_k;
mod vector;
mod winograd_conv2d;
mod winograd_transform;
mod winograd_weights;

use crate::pass::{PassCx, PassInfo};
use crate::target::{Execution, Target};
use kernel::Kernel;
pub(crate) use tiles::cover;
use weft_dialects::ir::{Cx, Op, OpError, OpExt, OperationLike, funcs, walk_ops};

#[cfg(test)]
mod check;
#[cfg(test)]
mod tests;

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[LOWER_KERNELS, expand_half::INFO, expand_math::INFO];

const LOWER_KERNELS: PassInfo = PassInfo {
    name: "lower-kernels",
    doc: "Replaces the bodies of scheduled kernels by loops.",
    options: &[],
    run: lower_kernels,
};

/// What is decided about a kernel, in the order in which it is printed; `units`, the extent of its outermost parallel
/// loop, comes first.
pub type Schedule = Vec<(&'static str, i64)>;

/// Decides a kernel's schedule for a target.
///
/// # Errors
/// When no kernel family takes it.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    match target.execution {
        Execution::Vectors => schedule_units(kernel, target),
        Execution::Workgroups => grid::schedule(kernel, target),
    }
}

/// The schedule of loops over units, which one thread runs from `begin` to `end`.
fn schedule_units(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    if kernel.is_empty() {
        return Ok(vec![("units", 0)]);
    }
    match root(kernel).as_str() {
        "nn.matmul" => matmul::schedule(kernel, target),
        "nn.conv2d" => conv2d::schedule(kernel, target),
        "nn.depthwise_conv2d" => depthwise::schedule(kernel, target),
        "nn.winograd_conv2d" => winograd_conv2d::schedule(kernel, target),
        "nn.winograd_weights" => winograd_weights::schedule(kernel, target),
        "linalg.generic" => reduce::schedule(kernel, target),
        "nn.max_pool2d" | "nn.avg_pool2d" => pool::schedule(kernel, target),
        "tensor.pad" | "tensor.concat" | "tensor.extract_slice" | "tensor.insert_slice" | "nn.pack" => {
            copy::schedule(kernel, target)
        }
        "nn.softmax" => softmax::schedule(kernel, target),
        "nn.lstm" => lstm::schedule(kernel, target),
        "nn.gru" => gru::schedule(kernel, target),
        "nn.rnn" => rnn::schedule(kernel, target),
        "nn.layer_norm" => layer_norm::schedule(kernel, target),
        "nn.scatter" => scatter::schedule(kernel),
        "nn.cumulative" => cumulative::schedule(kernel),
        "nn.top_k" => top_k::schedule(kernel),
        "nn.non_max_suppression" => non_max_suppression::schedule(kernel),
        "" => generic::schedule(kernel, target),
        other => Err(no_family(kernel, other)),
    }
}

/// Builds a scheduled kernel's loops before its return; the tensor ops stay, for the caller to erase.
///
/// # Errors
/// When no kernel family takes it, or the family can't lower it.
pub fn lower<'c>(cx: Cx<'c>, kernel: &mut Kernel<'c>, target: &Target) -> Result<(), OpError> {
    match target.execution {
        _ if kernel.is_empty() => Ok(()),
        Execution::Vectors => lower_units(cx, kernel, target),
        Execution::Workgroups => grid::lower(cx, kernel, target),
    }
}

/// The loops over units.
fn lower_units<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    match root(kernel).as_str() {
        "nn.matmul" => matmul::lower(cx, kernel, target),
        "nn.conv2d" => conv2d::lower(cx, kernel, target),
        "nn.depthwise_conv2d" => depthwise::lower(cx, kernel, target),
        "nn.winograd_conv2d" => winograd_conv2d::lower(cx, kernel, target),
        "nn.winograd_weights" => winograd_weights::lower(cx, kernel, target),
        "linalg.generic" => reduce::lower(cx, kernel, target),
        "nn.max_pool2d" | "nn.avg_pool2d" => pool::lower(cx, kernel, target),
        "tensor.pad" | "tensor.concat" | "tensor.extract_slice" | "tensor.insert_slice" | "nn.pack" => {
            copy::lower(cx, kernel, target)
        }
        "nn.softmax" => softmax::lower(cx, kernel, target),
        "nn.lstm" => lstm::lower(cx, kernel, target),
        "nn.gru" => gru::lower(cx, kernel, target),
        "nn.rnn" => rnn::lower(cx, kernel, target),
        "nn.layer_norm" => layer_norm::lower(cx, kernel, target),
        "nn.scatter" => scatter::lower(cx, kernel),
        "nn.cumulative" => cumulative::lower(cx, kernel),
        "nn.top_k" => top_k::lower(cx, kernel),
        "nn.non_max_suppression" => non_max_suppression::lower(cx, kernel),
        "" => generic::lower(cx, kernel, target),
        other => Err(no_family(kernel, other)),
    }
}

fn root(kernel: &Kernel<'_>) -> String {
    kernel.root.map(|r| r.op_name()).unwrap_or_default()
}

fn no_family(kernel: &Kernel<'_>, root: &str) -> OpError {
    OpError::new(kernel.blame(), format!("no kernel family lowers '{root}' (kernel @{})", kernel.name()))
}

fn lower_kernels<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let target = Target::of(module);
    let mut problems = Vec::new();
    for func in funcs(module).into_iter().filter(|&f| Kernel::is(f)) {
        let outcome = Kernel::parse(func).and_then(|mut k| lower(pcx.cx, &mut k, target).map(|()| k));
        match outcome {
            Ok(kernel) => {
                kernel.erase_tensors();
                erase_unused(func);
            }
            Err(e) => problems.push(e),
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Erases what lowerings built ahead and didn't use.
fn erase_unused(func: Op<'_>) {
    for op in walk_ops(func).into_iter().rev() {
        let name = op.op_name();
        let removable = weft_dialects::is_pure(&name) || matches!(name.as_str(), "memref.load" | "vector.load");
        if removable && op.is_unused() && op.result_count() > 0 {
            op.erase();
        }
    }
}
