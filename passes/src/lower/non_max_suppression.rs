//! `nn.non_max_suppression` to loops: the result's own rows are the list of what is kept. One unit: where a class's rows start
//! depends on those before it.

use super::Schedule;
use super::kernel::Kernel;
use super::serial::{Serial, carry, clamp, load, load_index, store_index};
use weft_dialects::ir::{Builder, Cx, OpError, Value};
use weft_dialects::nn::non_max_suppression::NonMaxSuppression;

/// One unit.
///
/// # Errors
/// When the kernel has a prologue or tail.
pub fn schedule(kernel: &Kernel<'_>) -> Result<Schedule, OpError> {
    Serial::of(kernel).map(|_| vec![("units", 1)])
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>) -> Result<(), OpError> {
    let k = Serial::of(kernel)?;
    let (scores, view) = (k.shape(1), NonMaxSuppression(k.root));
    let (batch, classes, n) = (scores[0], scores[1], scores[2]);
    let (rows, center) = (view.rows(), view.center() != 0);
    let b = kernel.builder(cx);
    let (begin, end) = kernel.range()?;
    let one = b.index(1);
    b.for_loop(begin, end, one, &[], |b, _, _| {
        let zero = b.index(0);
        let overlap = load(b, k.ins[3], &[zero]);
        let lowest = load(b, k.ins[3], &[b.index(1)]);
        let most = load_index(b, k.ins[4], &[zero]);
        let end = b.index(batch * classes);
        let total = carry(b, (zero, end), &[zero], |b, row, total| {
            let (image, class) =
                (b.binary("arith.divui", row, b.index(classes)), b.binary("arith.remui", row, b.index(classes)));
            let start = total[0];
            carry(b, (zero, b.index(n)), &[start], |b, s, total| {
                let total = total[0];
                let i = load_index(b, k.ins[2], &[row, s]);
                let i = clamp(b, i, n);
                let score = load(b, k.ins[1], &[image, class, i]);
                let room = b.compare("slt", b.binary("arith.subi", total, start), most);
                let fits = b.compare("slt", total, b.index(rows));
                let high = b.compare("ogt", score, lowest);
                let candidate = b.binary("arith.andi", b.binary("arith.andi", room, fits), high);
                // No box is compared with those kept if it isn't a candidate.
                let stop = b.select(candidate, total, start);
                let mine = corners(b, k.ins[0], image, i, center);
                let hits = carry(b, (start, stop), &[zero], |b, t, hits| {
                    let other = load_index(b, k.out, &[t, b.index(2)]);
                    let other = clamp(b, other, n);
                    let theirs = corners(b, k.ins[0], image, other, center);
                    let hit = overlaps(b, mine, theirs, overlap);
                    vec![b.select(hit, one, hits[0])]
                });
                let free = b.compare("eq", hits[0], zero);
                let kept = b.binary("arith.andi", candidate, free);
                b.when(kept, |b| {
                    for (column, v) in [image, class, i].into_iter().enumerate() {
                        store_index(b, v, k.out, &[total, b.index(column as i64)]);
                    }
                });
                vec![b.select(kept, b.binary("arith.addi", total, one), total)]
            })
        });
        carry(b, (total[0], b.index(rows)), &[], |b, row, _| {
            for column in 0..3 {
                store_index(b, zero, k.out, &[row, b.index(column)]);
            }
            Vec::new()
        });
        Vec::new()
    });
    Ok(())
}

/// Lower bounds, then upper ones.
fn corners<'c>(b: &Builder<'c>, boxes: Value<'c>, image: Value<'c>, i: Value<'c>, center: bool) -> [Value<'c>; 4] {
    let v = [0, 1, 2, 3].map(|c| load(b, boxes, &[image, i, b.index(c)]));
    if center {
        let half = b.f32(0.5);
        let (w, h) = (b.binary("arith.mulf", v[2], half), b.binary("arith.mulf", v[3], half));
        let (sub, add) = ("arith.subf", "arith.addf");
        return [b.binary(sub, v[1], h), b.binary(sub, v[0], w), b.binary(add, v[1], h), b.binary(add, v[0], w)];
    }
    let (min, max) = ("arith.minnumf", "arith.maxnumf");
    [b.binary(min, v[0], v[2]), b.binary(min, v[1], v[3]), b.binary(max, v[0], v[2]), b.binary(max, v[1], v[3])]
}

/// Whether two boxes overlap by more than a threshold.
fn overlaps<'c>(b: &Builder<'c>, x: [Value<'c>; 4], y: [Value<'c>; 4], threshold: Value<'c>) -> Value<'c> {
    let (sub, mul) = ("arith.subf", "arith.mulf");
    let zero = b.f32(0.0);
    let common = |d: usize| {
        let low = b.binary("arith.maxnumf", x[d], y[d]);
        let high = b.binary("arith.minnumf", x[d + 2], y[d + 2]);
        b.binary("arith.maxnumf", b.binary(sub, high, low), zero)
    };
    let area = |v: [Value<'c>; 4]| b.binary(mul, b.binary(sub, v[2], v[0]), b.binary(sub, v[3], v[1]));
    let common = b.binary(mul, common(0), common(1));
    let both = b.binary(sub, b.binary("arith.addf", area(x), area(y)), common);
    let some = b.compare("ogt", common, zero);
    b.binary("arith.andi", some, b.compare("ogt", common, b.binary(mul, threshold, both)))
}
