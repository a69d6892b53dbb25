//! `nn.top_k` to loops: each row's result is a sorted list of positions, into which each element that is among the first so far
//! is inserted at the place that a binary search finds. Few elements are, unless they come sorted the wrong way.

use super::Schedule;
use super::kernel::Kernel;
use super::serial::{Serial, carry, clamp, load, load_index, store_index};
use weft_dialects::ir::{Builder, Cx, OpError, Value};
use weft_dialects::nn::top_k::TopK;

/// Units: rows.
///
/// # Errors
/// When the kernel has a prologue or tail.
pub fn schedule(kernel: &Kernel<'_>) -> Result<Schedule, OpError> {
    Ok(vec![("units", Serial::of(kernel)?.shape(0)[0])])
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>) -> Result<(), OpError> {
    let k = Serial::of(kernel)?;
    let (n, view) = (k.shape(0)[1], TopK(k.root));
    let most = view.k();
    let float = super::point::buffer_ty(k.ins[0]).elem.is_float();
    let predicate = match (float, view.unsigned() != 0, view.largest() != 0) {
        (true, _, true) => "ogt",
        (true, _, false) => "olt",
        (false, false, true) => "sgt",
        (false, false, false) => "slt",
        (false, true, true) => "ugt",
        (false, true, false) => "ult",
    };
    let b = kernel.builder(cx);
    let (begin, end) = kernel.range()?;
    let one = b.index(1);
    b.for_loop(begin, end, one, &[], |b, r, _| {
        b.times(n, 1, |b, i| {
            let v = load(b, k.ins[0], &[r, i]);
            // Whether the element comes before the one in a place of the list.
            let before = |b: &Builder<'c>, place: Value<'c>| {
                // A list without entries holds anything.
                let other = clamp(b, load_index(b, k.out, &[r, place]), n);
                b.compare(predicate, v, load(b, k.ins[0], &[r, other]))
            };
            let filled = b.binary("arith.minsi", i, b.index(most));
            // A full list's last has to give way; a list with room takes any.
            let full = b.compare("sge", i, b.index(most));
            let room = b.compare("slt", i, b.index(most));
            let last = b.index(most - 1);
            // Where the list isn't full yet, its last place may hold anything: position 0 is read instead.
            let zero = b.index(0);
            let beats = {
                let junk = load_index(b, k.out, &[r, last]);
                let other = b.select(full, junk, zero);
                b.compare(predicate, v, load(b, k.ins[0], &[r, other]))
            };
            let taken = b.binary("arith.ori", room, beats);
            b.when(taken, |b| {
                let place = search(b, most, filled, &before);
                // Those behind it move up by one; the last of a full list goes.
                let stop = b.binary("arith.minsi", filled, last);
                let moved = b.binary("arith.subi", stop, place);
                carry(b, (b.index(0), moved), &[], |b, t, _| {
                    let to = b.binary("arith.subi", stop, t);
                    let from = b.binary("arith.subi", to, b.index(1));
                    store_index(b, load_index(b, k.out, &[r, from]), k.out, &[r, to]);
                    Vec::new()
                });
                store_index(b, i, k.out, &[r, place]);
            });
        });
        Vec::new()
    });
    Ok(())
}

/// The first of `filled` places, at most `most`, whose element the new one comes before; `filled` if there is none.
fn search<'c>(
    b: &Builder<'c>,
    most: i64,
    filled: Value<'c>,
    before: &dyn Fn(&Builder<'c>, Value<'c>) -> Value<'c>,
) -> Value<'c> {
    // So many halvings leave nothing of `most` places.
    let steps = b.index(i64::from(64 - (most as u64).leading_zeros()));
    let (zero, one) = (b.index(0), b.index(1));
    carry(b, (zero, steps), &[zero, filled], |b, _, bounds| {
        let (low, high) = (bounds[0], bounds[1]);
        let middle = b.binary("arith.shrui", b.binary("arith.addi", low, high), one);
        let open = b.compare("slt", low, high);
        // Once the bounds have met nothing changes any more; what is looked at then is still in the list.
        let inside = b.binary("arith.minsi", middle, b.index(most - 1));
        let left = before(b, inside);
        let right = b.binary(
            "arith.andi",
            open,
            b.binary("arith.xori", left, b.scalar(weft_dialects::ir::Elem::I1, weft_dialects::ir::Scalar::I(1))),
        );
        let left = b.binary("arith.andi", open, left);
        vec![b.select(right, b.binary("arith.addi", middle, one), low), b.select(left, middle, high)]
    })[0]
}
