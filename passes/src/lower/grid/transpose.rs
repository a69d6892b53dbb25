//! Transposes through the workgroup's memory: reads and writes both run along what is contiguous.
//!
//! A workgroup moves a tile of 32 x 32 elements. Its invocations first read along the operand's contiguous dim, then compute and
//! write along the result's. Rows of the tile in memory are one longer than 32, so that a column's elements lie in different banks.

use super::elementwise::Plan;
use super::places::{when, workgroup};
use super::{Dim, barrier, grid, shared, spread, thread_id};
use crate::lower::Schedule;
use crate::lower::access::Access;
use crate::lower::kernel::Kernel;
use crate::lower::point::{PointEval, buffer_ty};
use crate::lower::space::LoopDim;
use crate::lower::vector::{load_element, store};
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, OpError, Value, extent};

/// Elements of a tile along each dim.
const TILE: i64 = 32;
/// Rows that the invocations of a workgroup cover at once.
const ROWS: i64 = 8;
/// What a tile's rows take in memory.
const PITCH: i64 = TILE + 1;

/// A kernel as tiles.
pub(super) struct Tiles<'c> {
    /// The loops but those of the tile.
    outer: Vec<LoopDim>,
    /// The loop along which the result is contiguous, and the one along which operands are.
    result: LoopDim,
    operand: LoopDim,
    /// What is read through tiles.
    accesses: Vec<Access<'c>>,
}

impl<'c> Tiles<'c> {
    /// Where operands are contiguous along another loop than the result, and both are long enough.
    pub(super) fn of(kernel: &Kernel<'c>, target: &Target, plan: &Plan<'c>) -> Option<Self> {
        let (result, outer) = plan.dims.split_last()?;
        let long = |d: &LoopDim| kernel.symbols.max(d.extent) >= TILE / 2;
        if kernel.root.is_some() || plan.acc.shifted || !long(result) {
            return None;
        }
        let turned = |a: &Access<'c>| {
            let wide = buffer_ty(a.memref).elem.bytes() == 4;
            (wide && !matches!(a.stride(result.dim), 0 | 1))
                .then(|| outer.iter().position(|d| a.stride(d.dim) == 1 && long(d)))
                .flatten()
        };
        let at = plan.acc.loads.iter().find_map(turned)?;
        let mut accesses: Vec<_> = plan.acc.loads.iter().filter(|a| turned(a) == Some(at)).cloned().collect();
        accesses.truncate((target.workgroup_bytes / (4 * TILE * PITCH)) as usize);
        let mut outer = outer.to_vec();
        let operand = outer.remove(at);
        Some(Self { outer, result: result.clone(), operand, accesses })
    }

    /// Tiles along the result's contiguous dim, along the operands', and how often the other loops run, at most.
    fn counts(&self, kernel: &Kernel<'c>) -> Vec<i64> {
        let tiles = |d: &LoopDim| (kernel.symbols.max(d.extent) + TILE - 1) / TILE;
        let outer = self.outer.iter().map(|d| kernel.symbols.max(d.extent));
        [tiles(&self.result), tiles(&self.operand)].into_iter().chain(outer.rev()).collect()
    }

    pub(super) fn schedule(&self, kernel: &Kernel<'c>) -> Schedule {
        let mut schedule = grid(spread(self.counts(kernel).iter().product()), [TILE, ROWS, 1]);
        schedule.push(("tile", TILE));
        schedule
    }

    pub(super) fn lower(&self, cx: Cx<'c>, kernel: &Kernel<'c>, plan: &Plan<'c>) -> Result<(), OpError> {
        if kernel.setting("tile")? != TILE {
            return Err(OpError::new(kernel.blame(), format!("a transpose's 'tile' must be {TILE}")));
        }
        let b = kernel.builder(cx);
        let mut point = PointEval::new(kernel, cx);
        if plan.flat {
            point.flatten(&b);
        }
        let tiles: Vec<_> =
            self.accesses.iter().map(|a| shared(&b, buffer_ty(a.memref).elem, &[TILE, PITCH])).collect();
        let counts = self.counts(kernel);
        let (number, among) = workgroup(&b, kernel)?;
        let total: i64 = counts.iter().product();
        let real = (total < among).then(|| b.compare("ult", number, b.index(total)));
        when(&b, &mut point, real, |b, point| {
            let mut rest = number;
            let mut steps = Vec::new();
            for &n in &counts[..counts.len() - 1] {
                let n = point.index(b, n);
                steps.push(b.binary("arith.remui", rest, n));
                rest = b.binary("arith.divui", rest, n);
            }
            steps.push(rest);
            let mut at = vec![point.index(b, 0); plan.shape.len()];
            let mut inside = None;
            for (d, &step) in self.outer.iter().rev().zip(&steps[2..]) {
                at[d.dim] = step;
                if extent::is_symbolic(d.extent) {
                    let here = b.compare("ult", step, point.index(b, d.extent));
                    inside = Some(inside.map_or(here, |i| b.binary("arith.andi", i, here)));
                }
            }
            let (x, y) = (thread_id(b, Dim::X), thread_id(b, Dim::Y));
            let tile = point.index(b, TILE);
            let first = [0, 1].map(|i| b.binary("arith.muli", steps[i], tile));
            // Along the result's contiguous dim and the operands': which invocation is where in the tile.
            let spots = |point: &mut PointEval<'_, 'c>, k: i64| point.offset(b, y, k);
            for k in (0..TILE).step_by(ROWS as usize) {
                let row = spots(point, k);
                let (v, t) = (b.binary("arith.addi", first[0], row), b.binary("arith.addi", first[1], x));
                let here = self.within(b, point, inside, (v, t));
                let mut at = at.clone();
                (at[self.result.dim], at[self.operand.dim]) = (v, t);
                when(b, point, here, |b, point| {
                    for (access, &tile) in self.accesses.iter().zip(&tiles) {
                        let index: Vec<_> = access.map.results.iter().map(|e| point.linear(b, e, &at)).collect();
                        let v = point.load_line(b, access.memref, &index, &vec![0; index.len()], 1);
                        store(b, v, tile, &[row, x]);
                    }
                    Ok(())
                })?;
            }
            barrier(b);
            for k in (0..TILE).step_by(ROWS as usize) {
                let row = spots(point, k);
                let (v, t) = (b.binary("arith.addi", first[0], x), b.binary("arith.addi", first[1], row));
                let here = self.within(b, point, inside, (v, t));
                let mut at = at.clone();
                (at[self.result.dim], at[self.operand.dim]) = (v, t);
                when(b, point, here, |b, point| {
                    for (access, &tile) in self.accesses.iter().zip(&tiles) {
                        let index: Vec<_> = access.map.results.iter().map(|e| point.linear(b, e, &at)).collect();
                        let v = load_element(b, buffer_ty(access.memref).elem, tile, &[x, row]);
                        point.set_loaded(access.memref, &index, &vec![0; index.len()], v, 1);
                    }
                    let v = point.value_along(b, kernel.result, &at, &vec![0; at.len()], 1)?;
                    point.store(b, v, &at);
                    Ok(())
                })?;
            }
            Ok(())
        })
    }

    /// Whether a place of a tile is in the result; `None` if all are.
    fn within(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        inside: Option<Value<'c>>,
        (v, t): (Value<'c>, Value<'c>),
    ) -> Option<Value<'c>> {
        let mut all = inside;
        for (d, at) in [(&self.result, v), (&self.operand, t)] {
            if extent::is_symbolic(d.extent) || d.extent % TILE != 0 {
                let here = b.compare("ult", at, point.index(b, d.extent));
                all = Some(all.map_or(here, |a| b.binary("arith.andi", a, here)));
            }
        }
        all
    }
}
