//! The GEMM family: what matrix products and convolutions share.
//!
//! A tile of `rows` x one panel of columns is kept in registers while the sum runs over K. The right side comes from
//! panels in the order in which it is read; the left side is addressed by the caller ([`Left`]), so that a matrix and
//! an implicit im2col are one generator. Behind the sum, the kernel's tail is evaluated for each vector of the tile and
//! stored: bias, activation and residual cost no pass of their own.
//!
//! Measured (V8 on x86-64): 6 rows x 8 columns, K not unrolled, reaches 99 % of the roof; order and the number of live
//! vectors decide, so the order below is the order of the instructions.

use super::kernel::Kernel;
use super::point::PointEval;
use super::tiles::Run;
use crate::target::Target;
use weft_dialects::ir::{Builder, Elem, OpError, Scalar, Tensor, Value, VectorTy};

/// The left side of a product: element `(row r of the tile, k)` at the current tile.
pub trait Left<'c> {
    /// The loops over K outside the innermost one: extents. Empty for a matrix.
    fn outer(&self) -> &[i64];
    /// The extent of the innermost, contiguous loop over K.
    fn inner(&self) -> i64;
    /// Loads element `k` of row `r` for outer positions `outer`.
    fn load(&self, b: &Builder<'c>, row: i64, outer: &[Value<'c>], k: Value<'c>) -> Value<'c>;
}

/// The right side: a memref whose last two dims are K and the panel's columns.
pub struct Right<'c> {
    /// The packed memref.
    pub memref: Value<'c>,
    /// Indices before K: batch or group, and panel.
    pub lead: Vec<Value<'c>>,
    /// Columns of a panel that exist (less than the panel's width in the last one).
    pub columns: i64,
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
        let vectors = rows * columns.min(target.panel).div_ceil_(target.vector_lanes);
        // Latency 4, two a cycle: 8 sums in flight keep the units busy.
        let ways = if vectors >= 6 { 1 } else { (8 / vectors.max(1)).min(4) };
        let ways = if inner % ways == 0 {
            ways
        } else if inner % 2 == 0 && ways >= 2 {
            2
        } else {
            1
        };
        Self { lanes: target.vector_lanes, ways }
    }
}

trait DivCeil {
    fn div_ceil_(self, by: i64) -> i64;
}

impl DivCeil for i64 {
    fn div_ceil_(self, by: i64) -> i64 {
        (self + by - 1) / by
    }
}

/// One tile: the sums of `rows` x `right.columns`, as vectors row by row.
pub fn product<'c>(b: &Builder<'c>, left: &dyn Left<'c>, right: &Right<'c>, rows: i64, shape: Shape) -> Vec<Value<'c>> {
    let vectors = right.columns.div_ceil_(shape.lanes);
    let vec_ty = VectorTy::new(Elem::F32, shape.lanes).to_mlir(b.cx);
    let zero = zero_vector(b, shape.lanes);
    let inits = vec![zero; (rows * vectors * shape.ways) as usize];
    let sums = outer_loops(b, left, right, rows, shape, vectors, &mut Vec::new(), inits, vec_ty);
    let per_way = (rows * vectors) as usize;
    let mut total = sums[..per_way].to_vec();
    for way in sums[per_way..].chunks(per_way) {
        for (t, &w) in total.iter_mut().zip(way) {
            *t = b.binary("arith.addf", *t, w);
        }
    }
    total
}

fn zero_vector<'c>(b: &Builder<'c>, lanes: i64) -> Value<'c> {
    let ty = VectorTy::new(Elem::F32, lanes).to_mlir(b.cx);
    let attr = b.cx.parse_attr(&format!("dense<0.0> : vector<{lanes}xf32>")).unwrap_or_else(|| {
        b.cx.tensor_attr(&Tensor::from_scalars(Elem::F32, &[lanes], vec![Scalar::F(0.0); lanes as usize]))
    });
    b.constant(attr, ty)
}

#[allow(clippy::too_many_arguments)]
fn outer_loops<'c>(
    b: &Builder<'c>,
    left: &dyn Left<'c>,
    right: &Right<'c>,
    rows: i64,
    shape: Shape,
    vectors: i64,
    outer: &mut Vec<Value<'c>>,
    sums: Vec<Value<'c>>,
    vec_ty: weft_dialects::ir::Type<'c>,
) -> Vec<Value<'c>> {
    let depth = outer.len();
    match left.outer().get(depth) {
        Some(&n) => {
            let (zero, upper, one) = (b.index(0), b.index(n), b.index(1));
            b.for_loop(zero, upper, one, &sums, |b, i, sums| {
                outer.push(i);
                let next = outer_loops(b, left, right, rows, shape, vectors, outer, sums.to_vec(), vec_ty);
                outer.pop();
                next
            })
        }
        None => {
            let (zero, upper, step) = (b.index(0), b.index(left.inner()), b.index(shape.ways));
            b.for_loop(zero, upper, step, &sums, |b, k0, sums| {
                let mut next = sums.to_vec();
                for way in 0..shape.ways {
                    let k = if way == 0 { k0 } else { b.binary("arith.addi", k0, b.index(way)) };
                    step_k(b, left, right, rows, shape, vectors, outer, k, way, &mut next, vec_ty);
                }
                next
            })
        }
    }
}

/// One step of K: the panel's row of B, then for each row of A a splat and its products.
#[allow(clippy::too_many_arguments)]
fn step_k<'c>(
    b: &Builder<'c>,
    left: &dyn Left<'c>,
    right: &Right<'c>,
    rows: i64,
    shape: Shape,
    vectors: i64,
    outer: &[Value<'c>],
    k: Value<'c>,
    way: i64,
    sums: &mut [Value<'c>],
    vec_ty: weft_dialects::ir::Type<'c>,
) {
    // Position of k in the panel: outer positions count whole inner extents.
    let mut flat = k;
    let mut scale = left.inner();
    for (i, &o) in outer.iter().enumerate().rev() {
        let scaled = b.binary("arith.muli", o, b.index(scale));
        flat = b.binary("arith.addi", flat, scaled);
        scale *= left.outer()[i];
    }
    let bs: Vec<_> = (0..vectors)
        .map(|v| {
            let mut at = vec![right.memref];
            at.extend(&right.lead);
            at.push(flat);
            at.push(b.index(v * shape.lanes));
            b.value("vector.load", &at, vec_ty, &[])
        })
        .collect();
    for r in 0..rows {
        let a = left.load(b, r, outer, k);
        let a = b.value("vector.broadcast", &[a], vec_ty, &[]);
        for v in 0..vectors {
            let s = &mut sums[((way * rows + r) * vectors + v) as usize];
            let p = b.contract("arith.mulf", a, bs[v as usize]);
            *s = b.contract("arith.addf", p, *s);
        }
    }
}

/// Evaluates the tail for a tile's sums and stores it. `row_at(r)` gives the output indices before the column;
/// `column` is the tile's first column.
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
    let vectors = right.columns.div_ceil_(lanes);
    for r in 0..rows {
        let lead = row_at(b, r);
        for v in 0..vectors {
            let sum = sums[(r * vectors + v) as usize];
            let present = (right.columns - v * lanes).min(lanes);
            let at = |c: Value<'c>| lead.iter().copied().chain([c]).collect::<Vec<_>>();
            if present == lanes {
                let at = at(eval.offset(b, column, v * lanes));
                eval.set_known(root, sum);
                let y = eval.value_at(b, kernel.result, &at, lanes)?;
                eval.store(b, y, &at);
                continue;
            }
            for lane in 0..present {
                let at = at(eval.offset(b, column, v * lanes + lane));
                let scalar =
                    b.value("vector.extract", &[sum], b.cx.f32(), &[("static_position", b.cx.i64s_attr(&[lane]))]);
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
