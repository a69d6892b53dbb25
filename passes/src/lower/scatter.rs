//! `nn.scatter` to loops: x is copied, then updates are written in their order. One unit: they may name a row twice.

use super::Schedule;
use super::kernel::Kernel;
use super::serial::{Serial, lanes, load_index, load_lanes};
use super::vector::store;
use weft_dialects::ir::{Cx, OpError};
use weft_dialects::nn::Combine;
use weft_dialects::nn::scatter::Scatter;

/// One unit, and lanes.
///
/// # Errors
/// When the kernel has a prologue or tail.
pub fn schedule(kernel: &Kernel<'_>) -> Result<Schedule, OpError> {
    let k = Serial::of(kernel)?;
    Ok(vec![("units", 1), ("lanes", lanes(k.elem(), k.shape(0)[1]))])
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>) -> Result<(), OpError> {
    let k = Serial::of(kernel)?;
    let (x, u) = (k.shape(0), k.shape(2));
    let lanes = kernel.lanes(lanes(k.elem(), x[1]))?;
    let combine = Combine::of(k.root, &Scatter(k.root).combine())?.scalar_op(k.elem());
    let b = kernel.builder(cx);
    let (begin, end) = kernel.range()?;
    let one = b.index(1);
    b.for_loop(begin, end, one, &[], |b, _, _| {
        b.times(x[0], 1, |b, row| {
            b.times(x[1], lanes, |b, i| store(b, load_lanes(b, k.ins[0], &[row, i], lanes), k.out, &[row, i]));
        });
        b.times(u[0], 1, |b, m| {
            let row = load_index(b, k.ins[1], &[m]);
            let inside = b.compare("ult", row, b.index(x[0]));
            b.when(inside, |b| {
                b.times(x[1], lanes, |b, i| {
                    let mut v = load_lanes(b, k.ins[2], &[m, i], lanes);
                    if let Some(op) = combine {
                        v = b.binary(op, load_lanes(b, k.out, &[row, i], lanes), v);
                    }
                    store(b, v, k.out, &[row, i]);
                });
            });
        });
        Vec::new()
    });
    Ok(())
}
