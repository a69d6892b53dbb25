//! The GEMM family: what matrix products and convolutions share.
//!
//! A tile of `rows` x one panel of columns is kept in registers while the sum runs over K. The right side comes from
//! panels in the order in which it is read; the left side is addressed by the caller ([`Left`]), so that a matrix and
//! an implicit im2col are one generator. Behind the sum, the kernel's tail is evaluated for each vector of the tile and
//! stored: bias, activation and residual cost no pass of their own.
//!
//! Measured (V8 on x86-64): 6 rows x 8 columns, K not unrolled, reaches 99 % of the roof; order and the number of live
//! vectors decide, so the order below is the order of the instructions.

use super::access::{Accesses, trace};
use super::kernel::Kernel;
use super::point::{PointEval, buffer_ty};
use super::space::{storable, vectorizes};
use super::symbols::SymbolValues;
use super::tiles::Run;
use super::vector::{extract_lane, splat};
use crate::target::Target;
use weft_dialects::ir::{Builder, Elem, Map, OpError, Type, Value, VectorTy, extent};

/// The left side of a product: element `(row r of the tile, k)` at the current tile.
pub trait Left<'c> {
    /// The loops over K outside the innermost one: extents. Empty for a matrix.
    fn outer(&self) -> &[i64];
    /// The extent of the innermost, contiguous loop over K; an expression over the symbols only if it is the only one.
    fn inner(&self) -> i64;
    /// The buffer and the indices of element `k` of row `r` for outer positions `outer`.
    fn place(&self, b: &Builder<'c>, row: i64, outer: &[Value<'c>], k: Value<'c>) -> Vec<Value<'c>>;

    /// Where that loop ends.
    fn end(&self, b: &Builder<'c>) -> Value<'c> {
        b.index(self.inner())
    }
    /// Loads element `k` of row `r` for outer positions `outer`.
    fn load(&self, b: &Builder<'c>, row: i64, outer: &[Value<'c>], k: Value<'c>) -> Value<'c> {
        b.value("memref.load", &self.place(b, row, outer, k), b.cx.f32(), &[])
    }

    /// The position of `k` in a column of the right side: outer positions count whole inner extents.
    fn position(&self, b: &Builder<'c>, outer: &[Value<'c>], k: Value<'c>) -> Value<'c> {
        let mut flat = k;
        let mut scale = self.inner();
        for (&o, extent) in outer.iter().zip(self.outer()).rev() {
            let scaled = b.binary("arith.muli", o, b.index(scale));
            flat = b.binary("arith.addi", flat, scaled);
            scale *= extent;
        }
        flat
    }
}

/// The right side: a memref whose last two dims are K and the panel's columns.
pub struct Right<'c> {
    /// The packed memref.
    pub memref: Value<'c>,
    /// Indices before K: batch or group, and panel.
    pub lead: Vec<Value<'c>>,
    /// Columns of a panel that exist (less than the panel's width in the last one).
    pub columns: i64,
    /// How many of them are to be stored, if that is known at run time only.
    pub stored: Option<Value<'c>>,
}

/// How the sum is scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Lanes of a vector.
    pub lanes: i64,
    /// Independent sums a row, added up at the end. More than one when a low tile alone can't hide the latency of the
    /// multiply-add.
    pub ways: i64,
}

impl Shape {
    /// The schedule of a tile of `rows` rows and `columns` columns.
    pub fn of(target: &Target, rows: i64, columns: i64, inner: i64) -> Self {
        let wide = ceil_div(columns, target.vector_lanes);
        let vectors = (rows * wide).max(1);
        // Latency 4, two a cycle: 8 sums in flight keep the units busy, as far as the registers go.
        let most = (target.vector_registers - wide - 1 - i64::from(!target.fma)) / vectors;
        // What is left of K behind whole groups of them is not counted at run time.
        let inner = if extent::is_symbolic(inner) { 1 } else { inner };
        let ways = ceil_div(8, vectors).min(most).min(inner).max(1);
        Self { lanes: target.vector_lanes, ways }
    }
}

/// `ceil(n / by)` of positive numbers.
fn ceil_div(n: i64, by: i64) -> i64 {
    (n + by - 1) / by
}

/// One tile: the sums of `rows` x `right.columns`, as vectors row by row.
pub fn product<'c>(b: &Builder<'c>, left: &dyn Left<'c>, right: &Right<'c>, rows: i64, shape: Shape) -> Vec<Value<'c>> {
    let vectors = ceil_div(right.columns, shape.lanes);
    let ty = VectorTy::new(Elem::F32, shape.lanes).to_mlir(b.cx);
    let tile = Tile { left, right, rows, vectors, shape, ty };
    let zero = splat(b, b.f32(0.0), shape.lanes);
    let sums = tile.loops(b, &mut Vec::new(), vec![zero; (rows * vectors * shape.ways) as usize]);
    let per_way = (rows * vectors) as usize;
    let mut total = sums[..per_way].to_vec();
    for way in sums[per_way..].chunks(per_way) {
        for (t, &w) in total.iter_mut().zip(way) {
            *t = b.binary("arith.addf", *t, w);
        }
    }
    total
}

/// A tile under construction.
struct Tile<'a, 'c> {
    left: &'a dyn Left<'c>,
    right: &'a Right<'c>,
    rows: i64,
    /// Vectors of a row.
    vectors: i64,
    shape: Shape,
    /// A vector's type.
    ty: Type<'c>,
}

impl<'c> Tile<'_, 'c> {
    /// The loops over K that are still to be opened, `outer` being the positions in those around; returns the sums.
    fn loops(&self, b: &Builder<'c>, outer: &mut Vec<Value<'c>>, sums: Vec<Value<'c>>) -> Vec<Value<'c>> {
        if let Some(&n) = self.left.outer().get(outer.len()) {
            let (zero, upper, one) = (b.index(0), b.index(n), b.index(1));
            return b.for_loop(zero, upper, one, &sums, |b, i, sums| {
                outer.push(i);
                let next = self.loops(b, outer, sums.to_vec());
                outer.pop();
                next
            });
        }
        let ways = self.shape.ways;
        let whole = self.left.inner() / ways * ways;
        let end = if ways == 1 { self.left.end(b) } else { b.index(whole) };
        let (zero, upper, step) = (b.index(0), end, b.index(ways));
        let mut done = b.for_loop(zero, upper, step, &sums, |b, first, sums| {
            let mut next = sums.to_vec();
            for (way, sums) in next.chunks_mut((self.rows * self.vectors) as usize).enumerate() {
                let k = if way == 0 { first } else { b.binary("arith.addi", first, b.index(way as i64)) };
                self.step(b, outer, k, sums);
            }
            next
        });
        for k in whole..self.left.inner() {
            let k = b.index(k);
            self.step(b, outer, k, &mut done[..(self.rows * self.vectors) as usize]);
        }
        done
    }

    /// One step of K: the panel's row of B, then for each row of A a splat and its products.
    fn step(&self, b: &Builder<'c>, outer: &[Value<'c>], k: Value<'c>, sums: &mut [Value<'c>]) {
        let flat = self.left.position(b, outer, k);
        let row: Vec<_> = (0..self.vectors)
            .map(|v| {
                let column = b.index(v * self.shape.lanes);
                let at: Vec<_> =
                    [self.right.memref].iter().chain(&self.right.lead).copied().chain([flat, column]).collect();
                b.value("vector.load", &at, self.ty, &[])
            })
            .collect();
        for (r, sums) in sums.chunks_mut(self.vectors as usize).enumerate() {
            let a = self.left.load(b, r as i64, outer, k);
            let a = b.value("vector.broadcast", &[a], self.ty, &[]);
            for (sum, &x) in sums.iter_mut().zip(&row) {
                let p = b.contract("arith.mulf", a, x);
                *sum = b.contract("arith.addf", p, *sum);
            }
        }
    }
}

/// Evaluates the tail for a tile's sums and stores it. `row_at(r)` gives the root's indices before the column;
/// `column` is the tile's first column. A transpose at the tail's end decides where the store goes.
///
/// # Errors
/// When the tail can't be evaluated at a point.
#[allow(clippy::too_many_arguments)]
pub fn store_tile<'c>(
    b: &Builder<'c>,
    kernel: &Kernel<'c>,
    root: Value<'c>,
    sums: &[Value<'c>],
    right: &Right<'c>,
    rows: i64,
    lanes: i64,
    column: Value<'c>,
    row_at: &dyn Fn(&Builder<'c>, i64) -> Vec<Value<'c>>,
) -> Result<(), OpError> {
    let mut eval = PointEval::new(kernel, b.cx);
    let vectors = ceil_div(right.columns, lanes);
    let dims = kernel.result_dims()?;
    if dims.last() != Some(&(dims.len() - 1)) {
        return Err(OpError::new(kernel.blame(), "a tail that moves columns belongs into another kernel"));
    }
    // A tail to a type without vectors is computed lane by lane.
    let rank = dims.len();
    let mut tail = Accesses::default();
    trace(kernel, None, Some(root), kernel.result, &Map::select(rank, &dims), &mut tail)?;
    let whole = storable(buffer_ty(kernel.out).elem) && vectorizes(&tail, rank - 1);
    for r in 0..rows {
        let lead = row_at(b, r);
        for v in 0..vectors {
            let sum = sums[(r * vectors + v) as usize];
            let present = (right.columns - v * lanes).min(lanes);
            let at = |c: Value<'c>| dims.iter().map(|&d| lead.get(d).copied().unwrap_or(c)).collect::<Vec<_>>();
            if let Some(stored) = right.stored {
                let mut outcome = Ok(());
                for lane in 0..present {
                    let inside = b.compare("ult", b.index(v * lanes + lane), stored);
                    when(b, inside, |b| {
                        outcome = eval.scoped(|eval| {
                            let at = at(eval.offset(b, column, v * lanes + lane));
                            let scalar = extract_lane(b, sum, lane);
                            eval.set_known(root, scalar);
                            let y = eval.value_at(b, kernel.result, &at, 1)?;
                            eval.store(b, y, &at);
                            Ok(())
                        });
                    });
                    std::mem::replace(&mut outcome, Ok(()))?;
                }
                continue;
            }
            if present == lanes && whole {
                let at = at(eval.offset(b, column, v * lanes));
                eval.set_known(root, sum);
                let y = eval.value_at(b, kernel.result, &at, lanes)?;
                eval.store(b, y, &at);
                continue;
            }
            for lane in 0..present {
                let at = at(eval.offset(b, column, v * lanes + lane));
                let scalar = extract_lane(b, sum, lane);
                eval.set_known(root, scalar);
                let y = eval.value_at(b, kernel.result, &at, 1)?;
                eval.store(b, y, &at);
            }
        }
    }
    Ok(())
}

/// Runs `body` for each tile of `runs`, with the tile's first row (plus `base`).
///
/// # Errors
/// The body's.
pub fn for_tiles<'c>(
    b: &Builder<'c>,
    runs: &[Run],
    base: Option<Value<'c>>,
    mut body: impl FnMut(&Builder<'c>, Value<'c>, i64) -> Result<(), OpError>,
) -> Result<(), OpError> {
    let mut outcome = Ok(());
    for run in runs {
        let start = |b: &Builder<'c>, v: Value<'c>| match base {
            Some(base) => b.binary("arith.addi", base, v),
            None => v,
        };
        if run.count == 1 {
            let first = start(b, b.index(run.start));
            body(b, first, run.rows)?;
            continue;
        }
        let (lower, upper) = (b.index(run.start), b.index(run.start + run.rows * run.count));
        let step = b.index(run.rows);
        b.for_loop(lower, upper, step, &[], |b, m, _| {
            let m = start(b, m);
            if outcome.is_ok() {
                outcome = body(b, m, run.rows);
            }
            Vec::new()
        });
    }
    outcome
}

/// Runs `body` for tiles of `rows` rows that cover `m`, an expression over the symbols: the last one overlaps the one before
/// it, and computes its rows once more. Fewer rows than a tile has are run one by one.
///
/// A tail may therefore be evaluated twice at a row: the plan never puts a result where an operand still lies.
///
/// # Errors
/// The body's.
pub fn for_open_tiles<'c>(
    b: &Builder<'c>,
    symbols: &SymbolValues<'c>,
    m: i64,
    rows: i64,
    mut body: impl FnMut(&Builder<'c>, Value<'c>, i64) -> Result<(), OpError>,
) -> Result<(), OpError> {
    let end = symbols.value(b, m);
    let mut outcome = Ok(());
    let mut whole = |b: &Builder<'c>| {
        let last = b.binary("arith.subi", end, b.index(rows));
        let (zero, step) = (b.index(0), b.index(rows));
        b.for_loop(zero, end, step, &[], |b, row, _| {
            let row = b.binary("arith.minsi", row, last);
            outcome = body(b, row, rows);
            Vec::new()
        });
    };
    if symbols.min(m) >= rows {
        whole(b);
        return outcome;
    }
    let many = b.compare("uge", end, b.index(rows));
    let then = b.region(&[], |b, _| {
        whole(b);
        b.op("scf.yield", &[], &[], &[]);
    });
    outcome?;
    let mut outcome = Ok(());
    let otherwise = b.region(&[], |b, _| {
        let (zero, one) = (b.index(0), b.index(1));
        b.for_loop(zero, end, one, &[], |b, row, _| {
            outcome = body(b, row, 1);
            Vec::new()
        });
        b.op("scf.yield", &[], &[], &[]);
    });
    b.op_regions("scf.if", &[many], &[], &[], vec![then, otherwise]);
    outcome
}

/// As [`for_panels`], where the number of columns is an expression over the symbols; `body` also gets how many columns are to
/// be stored, unless all are. With `padded`, there is room for a whole panel in the last one's place.
///
/// # Errors
/// The body's.
pub fn for_open_panels<'c>(
    b: &Builder<'c>,
    symbols: &SymbolValues<'c>,
    (begin, end): (Value<'c>, Value<'c>),
    (columns, panel, padded): (i64, i64, bool),
    mut body: impl FnMut(&Builder<'c>, Value<'c>, Option<Value<'c>>) -> Result<(), OpError>,
) -> Result<(), OpError> {
    let rest = extent::rem(columns, panel);
    let one = b.index(1);
    let full = symbols.value(b, extent::floor_div(columns, panel));
    let upper = if rest == 0 || padded { end } else { b.binary("arith.minsi", end, full) };
    let mut outcome = Ok(());
    b.for_loop(begin, upper, one, &[], |b, p, _| {
        outcome = body(b, p, None);
        Vec::new()
    });
    outcome?;
    if rest == 0 || padded {
        return Ok(());
    }
    let mine = b.compare("sgt", end, full);
    let mut outcome = Ok(());
    when(b, mine, |b| {
        let stored = symbols.value(b, rest);
        outcome = body(b, full, Some(stored));
    });
    outcome
}

/// Runs `body` for the panels `[begin, end)` of `columns` columns in all, the last of which may be narrower: with the
/// panel's number and the columns that exist in it.
///
/// # Errors
/// The body's.
pub fn for_panels<'c>(
    b: &Builder<'c>,
    (begin, end): (Value<'c>, Value<'c>),
    columns: i64,
    panel: i64,
    mut body: impl FnMut(&Builder<'c>, Value<'c>, i64) -> Result<(), OpError>,
) -> Result<(), OpError> {
    let full = columns / panel;
    let rest = columns % panel;
    let mut outcome = Ok(());
    if full > 0 {
        let upper = if rest == 0 {
            end
        } else {
            let full = b.index(full);
            b.binary("arith.minsi", end, full)
        };
        let one = b.index(1);
        b.for_loop(begin, upper, one, &[], |b, p, _| {
            outcome = body(b, p, panel);
            Vec::new()
        });
    }
    outcome?;
    if rest == 0 {
        return Ok(());
    }
    let last = b.index(full);
    let mine = b.compare("sgt", end, last);
    let mut outcome = Ok(());
    when(b, mine, |b| {
        outcome = body(b, last, rest);
    });
    outcome
}

/// `scf.if` without results and else.
pub fn when<'c>(b: &Builder<'c>, condition: Value<'c>, fill: impl FnOnce(&Builder<'c>)) {
    let then = b.region(&[], |b, _| {
        fill(b);
        b.op("scf.yield", &[], &[], &[]);
    });
    b.op_regions("scf.if", &[condition], &[], &[], vec![then, Default::default()]);
}
