//! Products with one column: vectors along K.
//!
//! A panel of eight columns would compute seven for nothing (measured, 32 channels to 1 by 7x3: 6 GFLOP/s). Packed in panels
//! of one, the column is contiguous along K as the rows of the left side are, so that four products of one sum are a
//! vector. A tile of eight rows shares its loads of the column; at its end 4x4 transposes make vectors of four sums, for
//! which the tail is evaluated along the rows.

use super::gemm::Left;
use super::kernel::Kernel;
use super::point::{PointEval, buffer_ty};
use super::tiles::Run;
use super::vector::{extract_lane, from_lanes, splat, transpose4};
use weft_dialects::ir::{Builder, Elem, MemRefTy, OpError, Value, ValueExt, VectorTy};

/// Lanes along K, and rows whose sums make a vector.
const LANES: i64 = 4;

/// Tiles of eight rows (that many sums hide the multiply-add's latency), then of four, then of one.
pub fn cover(rows: i64) -> Vec<Run> {
    let (eights, rest) = (rows / 8, rows % 8);
    let (fours, ones) = (rest / 4, rest % 4);
    [(8, eights, 0), (4, fours, 8 * eights), (1, ones, 8 * eights + 4 * fours)]
        .into_iter()
        .filter(|t| t.1 > 0)
        .map(|(rows, count, start)| Run { rows, count, start })
        .collect()
}

/// The packed column as `B x K`, from `B x 1 x K x 1`.
pub fn column<'c>(b: &Builder<'c>, packed: Value<'c>) -> Value<'c> {
    let ty = buffer_ty(packed);
    let flat = MemRefTy {
        shape: vec![ty.shape[0], ty.shape[2]],
        elem: ty.elem,
        strides: vec![ty.strides[0], ty.strides[2]],
        offset: ty.offset,
    };
    b.reinterpret(packed, &flat)
}

/// The sums of a tile's rows: vectors of four where there are as many rows, else scalars.
pub fn product<'c>(
    b: &Builder<'c>,
    left: &dyn Left<'c>,
    (column, group): (Value<'c>, Value<'c>),
    rows: i64,
) -> Vec<Value<'c>> {
    let dot = Dot { left, column, group, rows, vectors: left.inner() / LANES * LANES };
    let zero = splat(b, b.f32(0.0), LANES);
    let mut sums = vec![zero; rows as usize];
    if dot.vectors < left.inner() {
        sums.resize(2 * rows as usize, b.f32(0.0));
    }
    let done = dot.loops(b, &mut Vec::new(), sums);
    let (wide, single) = done.split_at(rows as usize);
    if rows % LANES != 0 {
        return (0..rows as usize)
            .map(|r| {
                let lanes = [0, 1, 2, 3].map(|l| extract_lane(b, wide[r], l));
                let sum = lanes.into_iter().chain(single.get(r).copied()).reduce(|x, y| b.binary("arith.addf", x, y));
                sum.unwrap_or_else(|| b.f32(0.0))
            })
            .collect();
    }
    (0..rows as usize / 4)
        .map(|i| {
            let at = 4 * i;
            let lanes = transpose4(b, [wide[at], wide[at + 1], wide[at + 2], wide[at + 3]]);
            let rest = (!single.is_empty()).then(|| from_lanes(b, &single[at..at + 4]));
            let [x, y] = [0, 2].map(|j| b.binary("arith.addf", lanes[j], lanes[j + 1]));
            [x, y].into_iter().chain(rest).reduce(|x, y| b.binary("arith.addf", x, y)).unwrap_or(x)
        })
        .collect()
}

struct Dot<'a, 'c> {
    left: &'a dyn Left<'c>,
    column: Value<'c>,
    group: Value<'c>,
    rows: i64,
    /// Elements of the innermost loop that are multiplied as vectors.
    vectors: i64,
}

impl<'c> Dot<'_, 'c> {
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
        let (mut wide, mut single) = (sums, Vec::new());
        if self.vectors < self.left.inner() {
            single = wide.split_off(self.rows as usize);
        }
        if self.vectors > 0 {
            let (zero, upper, step) = (b.index(0), b.index(self.vectors), b.index(LANES));
            wide = b.for_loop(zero, upper, step, &wide, |b, k, sums| self.step(b, outer, k, sums, LANES));
        }
        for k in self.vectors..self.left.inner() {
            let k = b.index(k);
            single = self.step(b, outer, k, &single, 1);
        }
        wide.extend(single);
        wide
    }

    fn step(
        &self,
        b: &Builder<'c>,
        outer: &[Value<'c>],
        k: Value<'c>,
        sums: &[Value<'c>],
        lanes: i64,
    ) -> Vec<Value<'c>> {
        let ty = if lanes > 1 { VectorTy::new(Elem::F32, lanes).to_mlir(b.cx) } else { b.cx.f32() };
        let load = if lanes > 1 { "vector.load" } else { "memref.load" };
        let at = self.left.position(b, outer, k);
        let w = b.value(load, &[self.column, self.group, at], ty, &[]);
        sums.iter()
            .enumerate()
            .map(|(r, &sum)| {
                let a = b.value(load, &self.left.place(b, r as i64, outer, k), ty, &[]);
                let p = b.contract("arith.mulf", a, w);
                b.contract("arith.addf", p, sum)
            })
            .collect()
    }
}

/// Evaluates the tail for a tile's sums and stores it; `row_at(r)` gives the root's indices before its only column.
///
/// # Errors
/// When the tail can't be evaluated at a point.
pub fn store_tile<'c>(
    b: &Builder<'c>,
    kernel: &Kernel<'c>,
    root: Value<'c>,
    sums: &[Value<'c>],
    row_at: &dyn Fn(&Builder<'c>, i64) -> Vec<Value<'c>>,
) -> Result<(), OpError> {
    let mut eval = PointEval::new(kernel, b.cx);
    eval.flatten(b);
    let dims = kernel.result_dims()?;
    // The dim that rows lie along is the last but one of the root.
    let along: Vec<i64> = dims.iter().map(|&d| i64::from(d + 2 == dims.len())).collect();
    let place = |b: &Builder<'c>, eval: &mut PointEval<'_, 'c>, row: i64| {
        let (lead, zero) = (row_at(b, row), eval.index(b, 0));
        dims.iter().map(|&d| lead.get(d).copied().unwrap_or(zero)).collect::<Vec<_>>()
    };
    let strides = buffer_ty(kernel.out).strides;
    let contiguous = along.iter().zip(strides).all(|(&a, s)| a == 0 || s == 1);
    for (i, &sum) in sums.iter().enumerate() {
        if VectorTy::of(sum.ty()).is_some() && contiguous {
            let at = place(b, &mut eval, 4 * i as i64);
            eval.set_known(root, sum);
            let y = eval.value_along(b, kernel.result, &at, &along, LANES)?;
            eval.store(b, y, &at);
            continue;
        }
        let scalars: Vec<Value<'c>> = match VectorTy::of(sum.ty()) {
            Some(_) => (0..LANES).map(|l| extract_lane(b, sum, l)).collect(),
            None => vec![sum],
        };
        let first = i * scalars.len();
        for (r, &scalar) in scalars.iter().enumerate() {
            let at = place(b, &mut eval, (first + r) as i64);
            eval.set_known(root, scalar);
            let y = eval.value_at(b, kernel.result, &at, 1)?;
            eval.store(b, y, &at);
        }
    }
    Ok(())
}
