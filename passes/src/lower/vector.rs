//! Vectors of four: transposes and horizontal reductions by shuffles.

use super::point::extract_lane;
use weft_dialects::ir::{Builder, Value, ValueExt};

/// `vector.shuffle`: lane `i` of the result is lane `mask[i]` of `a` and `b` in a row.
pub fn shuffle<'c>(b: &Builder<'c>, a: Value<'c>, c: Value<'c>, mask: &[i64]) -> Value<'c> {
    b.value("vector.shuffle", &[a, c], a.ty(), &[("mask", b.cx.i64s_attr(mask))])
}

/// The transpose of a 4x4 tile given by its rows: eight shuffles.
pub fn transpose4<'c>(b: &Builder<'c>, rows: [Value<'c>; 4]) -> [Value<'c>; 4] {
    let [r0, r1, r2, r3] = rows;
    let low01 = shuffle(b, r0, r1, &[0, 4, 1, 5]);
    let high01 = shuffle(b, r0, r1, &[2, 6, 3, 7]);
    let low23 = shuffle(b, r2, r3, &[0, 4, 1, 5]);
    let high23 = shuffle(b, r2, r3, &[2, 6, 3, 7]);
    [
        shuffle(b, low01, low23, &[0, 1, 4, 5]),
        shuffle(b, low01, low23, &[2, 3, 6, 7]),
        shuffle(b, high01, high23, &[0, 1, 4, 5]),
        shuffle(b, high01, high23, &[2, 3, 6, 7]),
    ]
}

/// All lanes of a vector of four combined into one scalar: two shuffles.
fn horizontal<'c>(
    b: &Builder<'c>,
    v: Value<'c>,
    mut combine: impl FnMut(&Builder<'c>, Value<'c>, Value<'c>) -> Value<'c>,
) -> Value<'c> {
    let swapped = shuffle(b, v, v, &[2, 3, 0, 1]);
    let half = combine(b, v, swapped);
    let swapped = shuffle(b, half, half, &[1, 0, 3, 2]);
    let all = combine(b, half, swapped);
    extract_lane(b, all, 0)
}

/// Vectors of four combined into one scalar.
pub fn fold<'c>(
    b: &Builder<'c>,
    mut vectors: Vec<Value<'c>>,
    combine: impl Fn(&Builder<'c>, Value<'c>, Value<'c>, i64) -> Value<'c>,
) -> Value<'c> {
    while vectors.len() > 1 {
        vectors = vectors.chunks(2).map(|p| if let [x, y] = p { combine(b, *x, *y, 4) } else { p[0] }).collect();
    }
    horizontal(b, vectors[0], |b, x, y| combine(b, x, y, 4))
}
