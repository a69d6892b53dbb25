//! Kernels as grids of workgroups, for targets that run them so.
//!
//! A schedule says how many workgroups there are (`grid_x`, `grid_y`, `grid_z`) and how many invocations each has (`block_x`, ...).
//! The kernel's loops stand in what one invocation runs; `to-grid` makes a `gpu.func` of it. Families without a grid form of
//! their own have the common loops, of which each invocation runs one unit ([`units`]).
//!
//! | file | root | an invocation, a workgroup |
//! |---|---|---|
//! | `elementwise` | none; pads, concatenations, slices, packing | one point, or four neighbours; nothing is shared |
//! | `transpose` | none, where an operand is contiguous along another dim than the result | a tile that goes through shared memory |
//! | `reduce` (on `tree`) | reducing generics | a part of a result's work; a few results |
//! | `rows` (on `tree`) | softmax, normalisation | a few vectors of a row; a few rows, which are read once |
//! | `pool` | pooling | one output, or four channels; edges by clamping |
//! | `scatter`, `cumulative`, `top_k` | the ops of these names | elements of a row, all updates in their order; a line, or a part of one; one element, whose place it counts |
//! | `recurrent` | recurrent cells | some units of a row, at all times; a row |
//! | `matmul`, `conv2d` (on `gemm`), `gemv`, `depthwise` | products and convolutions | see there |
//!
//! Sweeps, accesses, windows and boxes are those of the loops for processors; only who does what is decided here. Where a workgroup
//! shares work, invocations beyond the last result work along on it without writing, because all have to come to the barriers.

mod conv2d;
mod cumulative;
mod depthwise;
mod elementwise;
mod gemm;
mod gemv;
mod matmul;
mod places;
mod pool;
pub mod recurrent;
mod reduce;
mod rows;
mod scatter;
mod tile;
mod top_k;
mod transpose;
mod tree;
mod units;

use super::kernel::Kernel;
use super::{Schedule, root};
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, MemRefTy, OpError, OpExt, Value, ValueExt};

/// Workgroups along a dim of a grid, at most: WebGPU's `maxComputeWorkgroupsPerDimension`.
pub const MOST_WORKGROUPS: i64 = 65535;

/// Decides a kernel's grid and what its family needs besides.
///
/// # Errors
/// When no kernel family takes it.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    if kernel.is_empty() {
        return units::schedule(kernel, target);
    }
    match root(kernel).as_str() {
        "" | "tensor.pad" | "tensor.concat" | "tensor.extract_slice" | "tensor.insert_slice" | "nn.pack" => {
            elementwise::schedule(kernel, target)
        }
        "linalg.generic" => reduce::schedule(kernel, target),
        "nn.softmax" | "nn.layer_norm" => rows::schedule(kernel, target),
        "nn.max_pool2d" | "nn.avg_pool2d" => pool::schedule(kernel, target),
        "nn.scatter" => scatter::schedule(kernel),
        "nn.top_k" => top_k::schedule(kernel, target),
        "nn.conv2d" => conv2d::schedule(kernel, target),
        "nn.depthwise_conv2d" => depthwise::schedule(kernel),
        "nn.matmul" => matmul::schedule(kernel, target),
        "nn.cumulative" => cumulative::schedule(kernel, target),
        "nn.lstm" | "nn.gru" | "nn.rnn" => recurrent::schedule(kernel, target),
        _ => units::schedule(kernel, target),
    }
}

/// Builds what one invocation runs.
///
/// # Errors
/// When no kernel family takes it, or the family can't lower it.
pub fn lower<'c>(cx: Cx<'c>, kernel: &mut Kernel<'c>, target: &Target) -> Result<(), OpError> {
    match root(kernel).as_str() {
        "" | "tensor.pad" | "tensor.concat" | "tensor.extract_slice" | "tensor.insert_slice" | "nn.pack" => {
            elementwise::lower(cx, kernel, target)
        }
        "linalg.generic" => reduce::lower(cx, kernel, target),
        "nn.softmax" => rows::softmax(cx, kernel, target),
        "nn.layer_norm" => rows::layer_norm(cx, kernel, target),
        "nn.max_pool2d" | "nn.avg_pool2d" => pool::lower(cx, kernel, target),
        "nn.scatter" => scatter::lower(cx, kernel),
        "nn.top_k" => top_k::lower(cx, kernel, target),
        "nn.conv2d" => conv2d::lower(cx, kernel),
        "nn.depthwise_conv2d" => depthwise::lower(cx, kernel),
        "nn.matmul" => matmul::lower(cx, kernel),
        "nn.cumulative" => cumulative::lower(cx, kernel, target),
        "nn.lstm" | "nn.gru" | "nn.rnn" => recurrent::lower(cx, kernel, target),
        _ => units::lower(cx, kernel, target),
    }
}

/// A dim of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dim {
    /// The innermost: neighbouring invocations.
    X,
    /// The next.
    Y,
    /// The outermost.
    Z,
}

impl Dim {
    fn name(self) -> &'static str {
        match self {
            Dim::X => "x",
            Dim::Y => "y",
            Dim::Z => "z",
        }
    }
}

/// Entries of a schedule: `grid` workgroups of `block` invocations.
pub fn grid(grid: [i64; 3], block: [i64; 3]) -> Schedule {
    let names = ["grid_x", "grid_y", "grid_z", "block_x", "block_y", "block_z"];
    names.into_iter().zip(grid.into_iter().chain(block)).collect()
}

/// `n` workgroups in as many dims as it takes.
pub fn spread(n: i64) -> [i64; 3] {
    if n <= MOST_WORKGROUPS {
        return [n, 1, 1];
    }
    let y = (n + MOST_WORKGROUPS - 1) / MOST_WORKGROUPS;
    [(n + y - 1) / y, y, 1]
}

/// The invocation's place in its workgroup.
pub fn thread_id<'c>(b: &Builder<'c>, dim: Dim) -> Value<'c> {
    id(b, "gpu.thread_id", dim)
}

/// The workgroup's place in the grid.
pub fn block_id<'c>(b: &Builder<'c>, dim: Dim) -> Value<'c> {
    id(b, "gpu.block_id", dim)
}

fn id<'c>(b: &Builder<'c>, op: &str, dim: Dim) -> Value<'c> {
    let text = format!("#gpu<dim {}>", dim.name());
    let dimension = b.cx.parse_attr(&text).unwrap_or_else(|| panic!("{text} is an attribute"));
    b.value(op, &[], b.cx.index(), &[("dimension", dimension)])
}

/// The number of the workgroup in a grid that [`spread`] made.
pub fn linear_block_id<'c>(b: &Builder<'c>, spread: [i64; 3]) -> Value<'c> {
    let x = block_id(b, Dim::X);
    if spread[1] == 1 {
        return x;
    }
    let row = b.binary("arith.muli", block_id(b, Dim::Y), b.index(spread[0]));
    b.binary("arith.addi", row, x)
}

/// Memory that the invocations of a workgroup share, dense. It holds nothing at first.
pub fn shared<'c>(b: &Builder<'c>, elem: Elem, shape: &[i64]) -> Value<'c> {
    let dims: String = shape.iter().map(|n| format!("{n}x")).collect();
    let text = format!("memref<{dims}{}, #gpu.address_space<workgroup>>", MemRefTy::dense(elem, &[1]).elem.mlir());
    let ty = b.cx.parse_type(&text).unwrap_or_else(|| panic!("{text} is a type"));
    let segments = b.cx.parse_attr("array<i32: 0, 0>").unwrap_or_else(|| b.cx.unit_attr());
    b.value("memref.alloc", &[], ty, &[("operandSegmentSizes", segments)])
}

/// Waits until all invocations of the workgroup are here, and sees what they wrote to shared memory. It must stand where either
/// all or none come by.
pub fn barrier(b: &Builder<'_>) {
    b.op("gpu.barrier", &[], &[], &[]);
}

/// What an invocation of the subgroup has: lane `from`, the same for all. All invocations must be here.
pub fn shuffle<'c>(b: &Builder<'c>, v: Value<'c>, from: Value<'c>) -> Value<'c> {
    let mode = b.cx.parse_attr("#gpu<shuffle_mode idx>").unwrap_or_else(|| b.cx.unit_attr());
    // As many lanes as the smallest subgroup has.
    let width = b.i32(4);
    b.op("gpu.shuffle", &[v, from, width], &[v.ty(), b.cx.elem(Elem::I1)], &[("mode", mode)]).res(0)
}
