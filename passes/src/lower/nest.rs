//! Loops over a box of a kernel's result, every point computed by itself: elementwise kernels, broadcasts, transposes,
//! copies. Vectors lie along the innermost loop, or along tiles ([`tiles`]).

mod tiles;

use super::Schedule;
use super::access::{Access, Accesses, trace};
use super::kernel::Kernel;
use super::point::{PointEval, Source, buffer_ty};
use super::space::{LoopDim, loops, needs_flat, storable, unroll, vectorizes};
use super::symbols::SymbolValues;
use crate::target::Target;
use weft_dialects::ir::{Builder, Map, OpError, Value, ValueExt, extent};

/// A box of result points: per dim a lower bound and an extent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Lower bounds.
    pub lower: Vec<i64>,
    /// Extents.
    pub extents: Vec<i64>,
}

/// Whether the last two loops run over 4x4 tiles, because some operand is contiguous along another dim than the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tile {
    None,
    /// The result's contiguous dim is innermost.
    Along,
    /// The operand's is, and the loop around it takes a cache line of the result at a time. So the operand is read in
    /// streams, which the processor fetches ahead, and lines of the result are written whole: measured for matrices of
    /// about 1 MB, up to twice as fast. But a body stands there for each tile of the line.
    Across,
}

/// How a box is run.
pub struct Nest<'c> {
    region: Region,
    source: Option<Source<'c>>,
    acc: Accesses<'c>,
    /// Outermost first. With tiles, the last two are theirs.
    dims: Vec<LoopDim>,
    lanes: i64,
    unroll: i64,
    tile: Tile,
}

/// Vectors of a cache line.
const LINE: i64 = 4;
/// Instructions of a point up to which a line of tiles is worth its code.
const LIGHT: i64 = 6;

/// Vectors that a schedule may ask for in one iteration.
const MOST_UNROLLED: i64 = 16;

/// How the outermost loop is cut into units for `[begin, end)`. Numbers of iterations may be expressions over the symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Units {
    /// Iterations of a unit.
    pub step: i64,
    /// Full units.
    pub full: i64,
    /// Iterations of one more, smaller unit.
    pub rest: i64,
}

impl Units {
    /// Cuts `n` iterations into units of `step`.
    pub fn of(n: i64, step: i64) -> Self {
        Self { step, full: extent::floor_div(n, step), rest: extent::rem(n, step) }
    }

    /// How many there are.
    pub fn count(self) -> i64 {
        if !extent::is_symbolic(self.rest) {
            return extent::add(self.full, i64::from(self.rest > 0));
        }
        let n = extent::mul(self.full, self.step).map_or(self.rest, |n| extent::add(n, self.rest));
        extent::ceil_div(n, self.step)
    }

    /// The loops over full units, then over the smaller one: `body` gets the unit's first iteration and how many it has.
    pub fn emit<'c>(
        self,
        b: &Builder<'c>,
        symbols: &SymbolValues<'c>,
        range: (Value<'c>, Value<'c>),
        mut body: impl FnMut(&Builder<'c>, Value<'c>, i64) -> Result<(), OpError>,
    ) -> Result<(), OpError> {
        let (begin, end) = range;
        let one = b.index(1);
        let full = symbols.value(b, self.full);
        let mut result = Ok(());
        let some = |n: i64| n > 0 || extent::is_symbolic(n);
        if some(self.full) {
            let stop = if some(self.rest) { b.binary("arith.minsi", end, full) } else { end };
            b.for_loop(begin, stop, one, &[], |b, u, _| {
                let first = if self.step == 1 {
                    u
                } else {
                    let step = b.index(self.step);
                    b.binary("arith.muli", u, step)
                };
                result = body(b, first, self.step);
                Vec::new()
            });
        }
        if some(self.rest) && result.is_ok() {
            let start = if some(self.full) { b.binary("arith.maxsi", begin, full) } else { begin };
            b.for_loop(start, end, one, &[], |b, _, _| {
                let first = match extent::is_symbolic(self.full) {
                    true => b.binary("arith.muli", full, b.index(self.step)),
                    false => b.index(self.full * self.step),
                };
                result = body(b, first, self.rest);
                Vec::new()
            });
        }
        result
    }
}

impl<'c> Nest<'c> {
    /// Plans a box. `source` says where a copying root's elements come from in it.
    ///
    /// # Errors
    /// When the result depends on an op that has no value at a point.
    pub fn plan(
        kernel: &Kernel<'c>,
        target: &Target,
        region: Region,
        source: Option<Source<'c>>,
    ) -> Result<Self, OpError> {
        let rank = region.extents.len();
        let mut acc = Accesses::default();
        trace(kernel, source.as_ref(), None, kernel.result, &Map::identity(rank), &mut acc)?;
        let store = stored(kernel);
        let mut dims = loops(&region.extents, &[], &acc, std::slice::from_ref(&store));
        if dims.is_empty() {
            // One point. Its loop moves along no dim.
            dims.push(LoopDim { dim: rank, extent: 1, reduced: false, merged: false });
        }
        let mut nest = Self { region, source, acc, dims, lanes: 1, unroll: 1, tile: Tile::None };
        let Some(inner) = nest.dims.last().cloned() else { return Ok(nest) };
        let lanes = target.vector_lanes;
        let vectors =
            store.stride(inner.dim) == 1 && vectorizes(&nest.acc, inner.dim) && storable(buffer_ty(kernel.out).elem);
        if vectors && kernel.symbols.max(inner.extent) >= lanes {
            nest.lanes = lanes;
            nest.unroll = unroll(nest.acc.weight);
            // Tiles are of loops whose ends are known.
            if !nest.acc.shifted && !extent::is_symbolic(inner.extent) {
                nest.choose_tile(inner.dim);
            }
        }
        Ok(nest)
    }

    /// Makes the loop along which strided operands are contiguous the last but one, or the last.
    fn choose_tile(&mut self, inner: usize) {
        let strided = |a: &&Access<'c>| !matches!(a.stride(inner), 0 | 1) && buffer_ty(a.memref).elem.bytes() == 4;
        let candidates: Vec<usize> = self
            .acc
            .loads
            .iter()
            .filter(strided)
            .filter_map(|a| self.dims.iter().position(|d| a.stride(d.dim) == 1 && d.extent >= self.lanes))
            .collect();
        if let Some(&at) = candidates.first() {
            let dim = self.dims.remove(at);
            let line = self.dims.last().is_some_and(|d| d.extent >= self.lanes * LINE);
            self.tile = if line && self.acc.weight <= LIGHT { Tile::Across } else { Tile::Along };
            let behind = usize::from(self.tile == Tile::Along);
            self.dims.insert(self.dims.len() - behind, dim);
        }
    }

    /// What the loop last but one moves on by.
    fn tile_step(&self) -> i64 {
        match self.tile {
            Tile::None => 1,
            Tile::Along => self.lanes,
            Tile::Across => self.lanes * LINE,
        }
    }

    /// The loop that vectors lie along.
    fn along(&self) -> Option<&LoopDim> {
        let from_last = usize::from(self.tile == Tile::Across);
        self.dims.len().checked_sub(1 + from_last).map(|i| &self.dims[i])
    }

    /// How the outermost loop is cut.
    pub fn units(&self) -> Units {
        let outer = self.dims[0].extent;
        match self.dims.len() {
            1 => Units::of(outer, self.lanes * self.unroll),
            2 => Units::of(outer, self.tile_step()),
            _ => Units::of(outer, 1),
        }
    }

    /// The decisions, for `weft.schedule`.
    pub fn schedule(&self) -> Schedule {
        vec![("units", self.units().count()), ("lanes", self.lanes), ("unroll", self.unroll)]
    }

    /// Takes lanes and unrolling from the kernel's schedule.
    ///
    /// # Errors
    /// When the schedule doesn't fit the kernel.
    pub fn obey(mut self, kernel: &Kernel<'c>) -> Result<Self, OpError> {
        self.lanes = kernel.lanes(self.lanes)?;
        if self.lanes == 1 && self.tile != Tile::None {
            // Point by point, in the order of the result.
            if self.tile == Tile::Across {
                let last = self.dims.len() - 1;
                self.dims.swap(last - 1, last);
            }
            self.tile = Tile::None;
        }
        self.unroll = kernel.vectors("unroll", MOST_UNROLLED)?;
        kernel.check_units(self.units().count())?;
        Ok(self)
    }

    /// Whether buffers must be addressed as one-dimensional ones.
    pub fn needs_flat(&self, kernel: &Kernel<'c>) -> bool {
        needs_flat(&self.dims, &self.acc, &stored(kernel))
    }

    /// Builds the loops for the units of a range.
    ///
    /// # Errors
    /// When the result depends on an op that has no value at a point.
    pub fn emit(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        range: (Value<'c>, Value<'c>),
    ) -> Result<(), OpError> {
        self.enter(point);
        self.units().emit(b, &kernel.symbols, range, |b, first, count| {
            point.scoped(|point| {
                let mut at = self.origin(b, point);
                match self.dims.len() {
                    1 => self.vectors(b, point, kernel, &mut at, Some(first), count),
                    2 if self.tile != Tile::None => self.tiles(b, point, kernel, &mut at, first, count),
                    _ => {
                        self.place(b, point, &mut at, 0, first);
                        self.inner(b, point, kernel, &mut at, 1)
                    }
                }
            })
        })
    }

    /// Builds all loops but the outermost, at an index of which they stand.
    ///
    /// # Errors
    /// As [`Nest::emit`].
    pub fn emit_at(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        outer: &[(usize, Value<'c>)],
    ) -> Result<(), OpError> {
        self.enter(point);
        point.scoped(|point| {
            let mut at = self.origin(b, point);
            for &(dim, v) in outer {
                at[dim] = v;
            }
            self.inner(b, point, kernel, &mut at, 0)
        })
    }

    fn enter(&self, point: &mut PointEval<'_, 'c>) {
        if let Some(source) = &self.source {
            point.set_source(source.clone());
        }
    }

    fn origin(&self, b: &Builder<'c>, point: &mut PointEval<'_, 'c>) -> Vec<Value<'c>> {
        self.region.lower.iter().map(|&l| point.index(b, l)).collect()
    }

    /// Puts iteration `i` of loop `depth` into a point.
    fn place(&self, b: &Builder<'c>, point: &mut PointEval<'_, 'c>, at: &mut [Value<'c>], depth: usize, i: Value<'c>) {
        let dim = self.dims[depth].dim;
        let Some(&lower) = self.region.lower.get(dim) else { return };
        at[dim] = point.offset(b, i, lower);
    }

    fn inner(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        at: &mut Vec<Value<'c>>,
        depth: usize,
    ) -> Result<(), OpError> {
        let n = self.dims[depth].extent;
        if depth + 1 == self.dims.len() {
            return self.vectors(b, point, kernel, at, None, n);
        }
        let tiled = self.tile != Tile::None && depth + 2 == self.dims.len();
        let units = Units::of(n, if tiled { self.tile_step() } else { 1 });
        let (zero, count) = (b.index(0), kernel.symbols.value(b, units.count()));
        let start = at.clone();
        units.emit(b, &kernel.symbols, (zero, count), |b, first, count| {
            point.scoped(|point| {
                let mut at = start.clone();
                if tiled {
                    self.tiles(b, point, kernel, &mut at, first, count)
                } else {
                    self.place(b, point, &mut at, depth, first);
                    self.inner(b, point, kernel, &mut at, depth + 1)
                }
            })
        })
    }

    fn step(&self) -> Vec<i64> {
        let mut step = vec![0; self.region.extents.len()];
        if let Some(along) = self.along().and_then(|along| step.get_mut(along.dim)) {
            *along = 1;
        }
        step
    }

    fn value(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        at: &[Value<'c>],
        lanes: i64,
    ) -> Result<Value<'c>, OpError> {
        point.value_along(b, kernel.result, at, &self.step(), lanes)
    }

    /// The innermost loop from `first` (0 if `None`) over `n` points.
    fn vectors(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        at: &mut Vec<Value<'c>>,
        first: Option<Value<'c>>,
        n: i64,
    ) -> Result<(), OpError> {
        if extent::is_symbolic(n) {
            return self.open_vectors(b, point, kernel, at, first, n);
        }
        let depth = self.dims.len() - 1;
        let lanes = self.lanes;
        let base = first.unwrap_or_else(|| point.index(b, 0));
        let vectors = n / lanes;
        let rest = if lanes == 1 { 0 } else { n % lanes };
        // A short row is one straight line.
        let straight = vectors * (self.acc.weight + 1) <= 48 || vectors <= self.unroll;
        let u = if straight { vectors } else { self.unroll };
        self.hoist(b, point, at);
        let start = at.clone();
        if self.acc.picks {
            // Positions that the loop doesn't change are computed before it; the rest of this is unused and goes.
            point.warm(b, kernel.result, &start, &self.step(), lanes)?;
        }
        // A remainder is a vector that overlaps the last full one. It is computed before anything is stored, and stored
        // last, because the output may lie in an input's buffer.
        let last = if rest > 0 && vectors > 0 && first.is_none() {
            let i = point.index(b, n - lanes);
            self.place(b, point, at, depth, i);
            Some((self.value(b, point, kernel, at, lanes)?, at.clone()))
        } else {
            None
        };
        let mut result = Ok(());
        let looped = if straight || u == 0 { 0 } else { vectors / u * u };
        b.times(looped * lanes, u.max(1) * lanes, |b, i| {
            result = point.scoped(|point| {
                let mut at = start.clone();
                let i = if first.is_some() { b.binary("arith.addi", base, i) } else { i };
                for j in 0..u {
                    let i = point.offset(b, i, j * lanes);
                    self.place(b, point, &mut at, depth, i);
                    let v = self.value(b, point, kernel, &at, lanes)?;
                    point.store(b, v, &at);
                }
                Ok(())
            });
        });
        result?;
        let mut at = start;
        for j in looped..vectors {
            let i = point.offset(b, base, j * lanes);
            self.place(b, point, &mut at, depth, i);
            let v = self.value(b, point, kernel, &at, lanes)?;
            point.store(b, v, &at);
        }
        if let Some((v, at)) = last {
            point.store(b, v, &at);
            return Ok(());
        }
        for j in n - rest..n {
            let i = point.offset(b, base, j);
            self.place(b, point, &mut at, depth, i);
            let v = self.value(b, point, kernel, &at, 1)?;
            point.store(b, v, &at);
        }
        Ok(())
    }

    /// [`Nest::vectors`] over a number of points that is an expression over the symbols: blocks of vectors, then vectors, then
    /// single points, counted at run time.
    fn open_vectors(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        kernel: &Kernel<'c>,
        at: &[Value<'c>],
        first: Option<Value<'c>>,
        n: i64,
    ) -> Result<(), OpError> {
        let (depth, lanes) = (self.dims.len() - 1, self.lanes);
        self.hoist(b, point, at);
        let whole = |of: i64| extent::mul(extent::floor_div(n, of), of).unwrap_or(n);
        // A part of a unit is shorter than a block.
        let block = if first.is_some() { lanes } else { lanes * self.unroll };
        let mut from = 0;
        for (step, to, lanes) in [(block, whole(block), lanes), (lanes, whole(lanes), lanes), (1, n, 1)] {
            if to == from {
                continue;
            }
            let (lower, upper, by) = (point.index(b, from), point.index(b, to), b.index(step));
            from = to;
            let mut result = Ok(());
            b.for_loop(lower, upper, by, &[], |b, i, _| {
                result = point.scoped(|point| {
                    let mut at = at.to_vec();
                    let i = first.map_or(i, |first| b.binary("arith.addi", first, i));
                    for j in 0..step / lanes {
                        let i = point.offset(b, i, j * lanes);
                        self.place(b, point, &mut at, depth, i);
                        let v = if lanes > 1 {
                            self.value(b, point, kernel, &at, lanes)?
                        } else {
                            point.value_at(b, kernel.result, &at, 1)?
                        };
                        point.store(b, v, &at);
                    }
                    Ok(())
                });
                Vec::new()
            });
            result?;
        }
        Ok(())
    }

    /// Loads what the innermost loop doesn't change before it.
    fn hoist(&self, b: &Builder<'c>, point: &mut PointEval<'_, 'c>, at: &[Value<'c>]) {
        if self.acc.shifted {
            return;
        }
        let Some(inner) = self.dims.last() else { return };
        for access in &self.acc.loads {
            if !access.moves(inner.dim) {
                let index: Vec<_> = access.map.results.iter().map(|e| point.linear(b, e, at)).collect();
                point.load_line(b, access.memref, &index, &vec![0; index.len()], self.lanes);
            }
        }
    }
}

/// The store of a kernel's result.
pub fn stored<'c>(kernel: &Kernel<'c>) -> Access<'c> {
    let rank = kernel.out.memref_ty().map_or(0, |t| t.shape.len());
    Access { memref: kernel.out, map: Map::identity(rank) }
}
