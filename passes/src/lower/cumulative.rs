//! `nn.cumulative` to loops: each element from the result before it.

use super::Schedule;
use super::kernel::Kernel;
use super::serial::{Serial, lanes, load_lanes};
use super::vector::{splat, store};
use weft_dialects::ir::{Cx, OpError};
use weft_dialects::nn::Combine;
use weft_dialects::nn::cumulative::Cumulative;

/// Units of the outer dim, and lanes along the inner one.
///
/// # Errors
/// When the kernel has a prologue or tail.
pub fn schedule(kernel: &Kernel<'_>) -> Result<Schedule, OpError> {
    let k = Serial::of(kernel)?;
    let x = k.shape(0);
    Ok(vec![("units", x[0]), ("lanes", lanes(k.elem(), x[2]))])
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>) -> Result<(), OpError> {
    let k = Serial::of(kernel)?;
    let (x, view) = (k.shape(0), Cumulative(k.root));
    let (n, elem) = (x[1], k.elem());
    let lanes = kernel.lanes(lanes(elem, x[2]))?;
    let combine = Combine::of(k.root, &view.combine())?;
    let unknown = || OpError::new(k.root, "combines by a sum or a product");
    let (op, identity) = combine.scalar_op(elem).zip(combine.identity(elem)).ok_or_else(unknown)?;
    let (reverse, exclusive) = (view.reverse() != 0, view.exclusive() != 0);
    let b = kernel.builder(cx);
    let (begin, end) = kernel.range()?;
    let one = b.index(1);
    b.for_loop(begin, end, one, &[], |b, a, _| {
        b.times(n, 1, |b, i| {
            let i = if reverse { b.binary("arith.subi", b.index(n - 1), i) } else { i };
            b.times(x[2], lanes, |b, j| {
                let mut sum = b.scalar(elem, identity);
                if lanes > 1 {
                    sum = splat(b, sum, lanes);
                }
                // The first has none before it; what else it would read is there, and not taken.
                let step = b.index(if reverse { 1 } else { -1 });
                let before = b.binary("arith.addi", i, step);
                let first = b.index(if reverse { n - 1 } else { 0 });
                let is_first = b.compare("eq", i, first);
                let at = b.select(is_first, i, before);
                let out = load_lanes(b, k.out, &[a, at, j], lanes);
                let next = if exclusive {
                    let v = b.binary(op, out, load_lanes(b, k.ins[0], &[a, at, j], lanes));
                    b.select(is_first, sum, v)
                } else {
                    let v = b.select(is_first, sum, out);
                    b.binary(op, v, load_lanes(b, k.ins[0], &[a, i, j], lanes))
                };
                store(b, next, k.out, &[a, i, j]);
            });
        });
        Vec::new()
    });
    Ok(())
}
