//! Loops over 4x4 tiles: what transposes are made of.

use super::super::access::Access;
use super::super::kernel::Kernel;
use super::super::point::PointEval;
use super::super::vector::transpose4;
use super::{LINE, Nest, Tile};
use weft_dialects::ir::{Builder, OpError, Value};

/// Elements between lines that share a set of L1.
const FAR: i64 = 1024;

impl<'c> Nest<'c> {
    /// One step of the loop last but one over tiles: `count` of its places, four a tile.
    pub(super) fn tiles(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        at: &mut Vec<Value<'c>>,
        first: Value<'c>,
        count: i64,
    ) -> Result<(), OpError> {
        let outer = self.dims.len() - 2;
        let across = self.tile == Tile::Across;
        let (steps, inner) = (self.dims[outer].dim, &self.dims[outer + 1]);
        // Vectors lie along `v`, and follow each other along `t`, where the operand is contiguous.
        let (v, t) = if across { (steps, inner.dim) } else { (inner.dim, steps) };
        self.place(b, point, at, outer, first);
        let base = at[steps];
        let start = at.clone();
        let whole = count / self.lanes * self.lanes;
        let tiled = if whole > 0 { inner.extent / self.lanes * self.lanes } else { 0 };
        let store = |b: &Builder<'c>, point: &mut PointEval<'_, 'c>, at: &[Value<'c>], lanes: i64| {
            let value = if lanes > 1 {
                point.value_along(b, kernel.result, at, &self.step(), lanes)?
            } else {
                point.value_at(b, kernel.result, at, 1)?
            };
            point.store(b, value, at);
            Ok::<_, OpError>(())
        };
        // Across, as many places at once as make a cache line of the operand, so that it needn't stay in L1. Lines of the
        // result are finished one by one; but where those of the operand lie so far apart that they push each other out of
        // L1, they are.
        let wide = if across { self.lanes * LINE } else { self.lanes };
        let far = self.acc.loads.iter().any(|a| a.stride(t) == 1 && a.stride(v) % FAR == 0 && a.stride(v) != 0);
        let mut from = 0;
        for width in [wide, self.lanes] {
            let n = (tiled - from) / width * width;
            let mut result = Ok(());
            b.times(n, width, |b, i| {
                result = point.scoped(|point| {
                    let mut at = start.clone();
                    let i = point.offset(b, i, from);
                    self.place(b, point, &mut at, outer + 1, i);
                    let origin = at[inner.dim];
                    let places = |n: i64| (0..n).step_by(self.lanes as usize);
                    let tiles: Vec<(i64, i64)> = if far {
                        places(whole).flat_map(|g| places(width).map(move |i| (g, i))).collect()
                    } else {
                        places(width).flat_map(|i| places(whole).map(move |g| (g, i))).collect()
                    };
                    for (group, i) in tiles {
                        at[steps] = point.offset(b, base, group);
                        at[inner.dim] = point.offset(b, origin, i);
                        let line = at[t];
                        for access in &self.acc.loads {
                            if access.stride(t) == 1 && !matches!(access.stride(v), 0 | 1) {
                                self.load_tile(b, point, access, &at, (v, t));
                            }
                        }
                        for j in 0..self.lanes {
                            at[t] = point.offset(b, line, j);
                            store(b, point, &at, self.lanes)?;
                        }
                    }
                    Ok(())
                });
            });
            result?;
            from += n;
        }
        // What the tiles leave: places of the inner loop beyond the last tile, and places of this step beyond the last group.
        for j in 0..count {
            at[steps] = point.offset(b, base, j);
            let start = at.clone();
            let from = if j < whole { tiled } else { 0 };
            let n = inner.extent - from;
            let scalar = |b: &Builder<'c>, point: &mut PointEval<'_, 'c>, i: Value<'c>| {
                let mut at = start.clone();
                self.place(b, point, &mut at, outer + 1, i);
                store(b, point, &at, 1)
            };
            if n <= self.lanes {
                for i in from..from + n {
                    let i = point.index(b, i);
                    scalar(b, point, i)?;
                }
                continue;
            }
            let mut result = Ok(());
            b.times(n, 1, |b, i| {
                result = point.scoped(|point| {
                    let i = point.offset(b, i, from);
                    scalar(b, point, i)
                });
            });
            result?;
        }
        Ok(())
    }

    /// Loads a 4x4 tile along `t`, and gives the evaluator its columns as the vectors along `v`.
    fn load_tile(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        access: &Access<'c>,
        at: &[Value<'c>],
        (v, t): (usize, usize),
    ) {
        let along = |d: usize| -> Vec<i64> { access.map.results.iter().map(|e| e.coefficient(d)).collect() };
        let place = |point: &mut PointEval<'_, 'c>, dim: usize, by: i64| -> Vec<Value<'c>> {
            let mut at = at.to_vec();
            at[dim] = point.offset(b, at[dim], by);
            access.map.results.iter().map(|e| point.linear(b, e, &at)).collect()
        };
        let rows = [0, 1, 2, 3].map(|l| {
            let at = place(point, v, l);
            point.load_line(b, access.memref, &at, &along(t), self.lanes)
        });
        for (j, column) in transpose4(b, rows).into_iter().enumerate() {
            let at = place(point, t, j as i64);
            point.set_loaded(access.memref, &at, &along(v), column, self.lanes);
        }
    }
}
