//! `nn.winograd_weights` to loops: nine taps of a panel's columns at a time, to all planes.

use super::Schedule;
use super::kernel::Kernel;
use super::point::PointEval;
use super::vector::load_vector;
use super::winograd_transform::both_sides;
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, OpError, OpExt, Value};
use weft_dialects::nn::winograd::Winograd;
use weft_dialects::nn::winograd_weights::{WinogradWeights, infer};

/// Units of the outermost loop: panels.
///
/// # Errors
/// When the kernel's root is something else.
pub fn schedule(kernel: &Kernel<'_>, _target: &Target) -> Result<Schedule, OpError> {
    let ty = infer(kernel.blame())?;
    Ok(vec![("units", ty.shape[1])])
}

/// Builds the loops.
///
/// # Errors
/// When the weights aren't a planned buffer of f32 in panels of whole vectors.
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let op = kernel.blame();
    let (ty, winograd, lanes) = (infer(op)?, Winograd::of(op)?, target.vector_lanes);
    let (c, panel) = (ty.shape[2], ty.shape[3]);
    let w = kernel
        .memref(WinogradWeights(op).w())
        .ok_or_else(|| OpError::new(op, "the weights must be a buffer of their own"))?;
    if ty.elem != Elem::F32 || panel % lanes != 0 {
        return Err(OpError::new(op, format!("no kernel for panels of {panel} elements of type {}", ty.elem.mlir())));
    }
    let b = kernel.builder(cx);
    let (begin, end) = kernel.range()?;
    let (zero, one, channels) = (b.index(0), b.index(1), b.index(c));
    let mut outcome = Ok(());
    b.for_loop(begin, end, one, &[], |b, p, _| {
        b.for_loop(zero, channels, one, &[], |b, ci, _| {
            for column in (0..panel).step_by(lanes as usize) {
                let column = b.index(column);
                let done = one_vector(b, kernel, winograd, lanes, c, [w, p, ci, column]);
                outcome = std::mem::replace(&mut outcome, Ok(())).and(done);
            }
            Vec::new()
        });
        Vec::new()
    });
    outcome
}

/// The transform of the taps of neighbouring columns at one input channel.
fn one_vector<'c>(
    b: &Builder<'c>,
    kernel: &Kernel<'c>,
    winograd: &Winograd,
    lanes: i64,
    c: i64,
    [w, p, ci, column]: [Value<'c>; 4],
) -> Result<(), OpError> {
    let zero = b.index(0);
    let mut eval = PointEval::new(kernel, b.cx);
    let tap = |b: &Builder<'c>, i: usize, j: usize| {
        let k = b.binary("arith.addi", ci, b.index((i * 3 + j) as i64 * c));
        load_vector(b, Elem::F32, w, &[zero, p, k, column], lanes)
    };
    let column_of = |b: &Builder<'c>, j: usize| (0..3).map(|i| tap(b, i, j)).collect();
    both_sides(b, winograd.weights, lanes, column_of, |b, i, row| {
        for (j, v) in (0..).zip(row) {
            let at = [b.index(i as i64 * winograd.edge() + j), p, ci, column];
            eval.set_known(kernel.blame().res(0), v);
            let y = eval.value_at(b, kernel.result, &at, lanes)?;
            eval.store(b, y, &at);
        }
        Ok(())
    })
}
