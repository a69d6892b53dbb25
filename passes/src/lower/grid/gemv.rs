//! Products of few rows: slices of K.
//!
//! The weights are read once, so that memory is all that counts: a workgroup has few columns, and its invocations take turns along
//! K. Their sums meet in shared memory, where one invocation a sum adds them up and evaluates the tail.

use super::gemm::Product;
use super::tile::{LANES, Share, Size, Tile, ceil_div};
use super::{barrier, shared};
use crate::lower::vector::{load_vector, splat, store};
use weft_dialects::ir::{Builder, Elem, Value};

/// Rows up to which a product is one of slices: as many as shared memory has room for.
pub const MOST_ROWS: i64 = 4;

/// What there must be to sum over.
pub const LEAST_DEPTH: i64 = 64;

/// Invocations of a workgroup.
const INVOCATIONS: i64 = 256;

/// The tile: sixteen vectors of columns, or fewer if there aren't as many.
pub fn tile(size: Size) -> Tile {
    let columns = ceil_div(size.n, LANES);
    let across = if columns >= 16 { 16 } else { 4 };
    let slices = (INVOCATIONS / across).min(ceil_div(size.k, LANES));
    Tile { across, down: 1, rows: size.m, vectors: 1, slices, share: Share::Nothing }
}

/// Adds up the sums of all slices. From here on the product has one row an invocation, if any.
pub fn gather<'c>(
    b: &Builder<'c>,
    product: &mut Product<'_, '_, 'c>,
    slice: Value<'c>,
    sums: &[Value<'c>],
) -> Vec<Value<'c>> {
    let tile = product.tile;
    let memory = shared(b, Elem::F32, &[tile.slices, tile.rows, tile.across * LANES]);
    let column = b.binary("arith.muli", tile.thread(b)[0], b.index(LANES));
    for (r, &sum) in sums.iter().enumerate() {
        store(b, sum, memory, &[slice, b.index(r as i64), column]);
    }
    barrier(b);
    let row = if tile.rows == 1 { b.index(0) } else { b.binary("arith.minui", slice, b.index(tile.rows - 1)) };
    let zero = splat(b, b.f32(0.0), LANES);
    let total = b.for_loop(b.index(0), b.index(tile.slices), b.index(1), &[zero], |b, s, total| {
        let one = load_vector(b, Elem::F32, memory, &[s, row, column], LANES);
        vec![b.binary("arith.addf", total[0], one)]
    });
    product.tile = Tile { rows: 1, ..tile };
    product.first[0] = b.binary("arith.addi", product.first[0], slice);
    // Slices beyond the rows have nothing to store.
    product.m.known = None;
    total
}
