//! Products on a grid: what matrix products and convolutions share.
//!
//! An invocation keeps a tile of `rows` x `vectors` sums of four neighbouring columns in registers. Invocations of a workgroup
//! lie along columns, along rows, or both. Loads are what a product waits for, on processors of all kinds, and where all
//! invocations of a workgroup want the same elements of one side, each of four loads a quarter of them, and they are handed
//! around in the subgroup ([`Share`]): the smallest subgroup has four invocations. No workgroup memory, and no barrier.
//!
//! Both sides are addressed by the caller: the left one ([`Left`]) as rows that are contiguous along K, so that a matrix and an
//! implicit im2col are one generator; the right one ([`Right`]) as columns, packed in panels or not, or transposed. Behind the sum, the
//! kernel's tail is evaluated for each vector of the tile.

use super::{Dim, block_id, gemv, grid, linear_block_id, shuffle, spread, thread_id};
use crate::lower::Schedule;
use crate::lower::access::{Accesses, trace};
use crate::lower::kernel::Kernel;
use crate::lower::point::{PointEval, buffer_ty};
use crate::lower::space::{storable, vectorizes};
use crate::lower::symbols::SymbolValues;
use crate::lower::vector::{extract_lane, load_element, load_vector, splat};
use crate::target::Target;
use weft_dialects::ir::{Builder, Elem, Map, OpError, Value, ValueExt, VectorTy, extent};

/// Lanes of a vector: columns of a sum, and elements along K that are loaded at once.
pub const LANES: i64 = 4;

/// Which side the invocations of a subgroup load for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// None: each loads what it needs.
    Nothing,
    /// The left one: all invocations have the same rows.
    Left,
    /// The right one: all invocations have the same columns.
    Right,
}

/// What a workgroup computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Invocations along columns.
    pub across: i64,
    /// Invocations along rows.
    pub down: i64,
    /// Rows of an invocation.
    pub rows: i64,
    /// Vectors of columns of an invocation.
    pub vectors: i64,
    /// Slices of K, whose sums are added up at the end.
    pub slices: i64,
    /// What is handed around.
    pub share: Share,
}

/// Extents of a product: all of them at their bounds.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Matrices, or groups of channels.
    pub batch: i64,
    /// Rows.
    pub m: i64,
    /// Columns.
    pub n: i64,
    /// What is summed over in the innermost loop.
    pub k: i64,
}

/// `ceil(n / by)` of positive numbers.
pub fn ceil_div(n: i64, by: i64) -> i64 {
    (n + by - 1) / by
}

/// Workgroups that keep a processor of middling size busy.
const ENOUGH_WORKGROUPS: i64 = 48;

impl Tile {
    /// Columns of a workgroup.
    pub fn width(&self) -> i64 {
        self.across * self.vectors * LANES
    }

    /// Rows of a workgroup.
    pub fn height(&self) -> i64 {
        self.down * self.rows
    }

    /// Workgroups along rows and along columns.
    fn count(&self, size: Size) -> [i64; 2] {
        [ceil_div(size.m, self.height()), ceil_div(size.n, self.width())]
    }

    /// The tile for a product.
    ///
    /// With subgroups, invocations lie along columns where these fill a workgroup, else along rows. 64 sums are as many as most
    /// processors' registers hold beside their operands; where there are too few workgroups for all of a processor's cores, lower
    /// tiles make more of them.
    pub fn choose(size: Size, target: &Target) -> Self {
        let columns = ceil_div(size.n, LANES);
        if size.m <= gemv::MOST_ROWS && size.k >= gemv::LEAST_DEPTH {
            return gemv::tile(size);
        }
        if !target.subgroups {
            let across = power_of_two(columns.min(8));
            let down = 64 / across;
            let mut tile = Self { across, down, rows: 8, vectors: 1, slices: 1, share: Share::Nothing };
            tile.fill(size, 1);
            return tile;
        }
        // Whole workgroups along columns, or at least most of them.
        let wide = [64, 32].into_iter().min_by_key(|&w| (ceil_div(columns, w) * w, -w)).unwrap_or(32);
        let waste = ceil_div(columns, wide) * wide * 4 > columns * 5;
        if columns >= 24 && (!waste || size.m < 128) {
            let mut tile = Self { across: wide, down: 1, rows: 16, vectors: 1, slices: 1, share: Share::Left };
            tile.fill(size, 4);
            return tile;
        }
        if size.m >= 64 {
            // As few workgroups along columns as can be, as narrow as that allows.
            let vectors = ceil_div(columns, ceil_div(columns, 8));
            let rows = if vectors <= 4 { 4 } else { 2 };
            let mut tile = Self { across: 1, down: 64, rows, vectors, slices: 1, share: Share::Right };
            tile.fill(size, 1);
            return tile;
        }
        let across = power_of_two(columns.min(16));
        Self { across, down: 64 / across, rows: 2, vectors: 1, slices: 1, share: Share::Nothing }
    }

    /// Lowers the tile until there are enough workgroups.
    fn fill(&mut self, size: Size, least: i64) {
        while self.rows > least && self.count(size).iter().product::<i64>() * size.batch < ENOUGH_WORKGROUPS {
            self.rows /= 2;
        }
        // No higher than the matrix is.
        while self.rows > least && self.rows / 2 * self.down >= size.m {
            self.rows /= 2;
        }
    }

    /// The invocation's place along columns, and along rows or slices. A workgroup is a line of invocations: then subgroups are
    /// neighbours in it.
    pub fn thread<'c>(&self, b: &Builder<'c>) -> [Value<'c>; 2] {
        let number = thread_id(b, Dim::X);
        match (self.across, self.down * self.slices) {
            (1, _) => [b.index(0), number],
            (_, 1) => [number, b.index(0)],
            (across, _) => {
                let across = b.index(across);
                [b.binary("arith.remui", number, across), b.binary("arith.divui", number, across)]
            }
        }
    }

    /// The grid of a product, and the tile.
    pub fn schedule(self, size: Size) -> Schedule {
        let [rows, columns] = self.count(size);
        let [x, y, _] = spread(rows);
        let mut out = grid([x, y, columns * size.batch], [self.across * self.down * self.slices, 1, 1]);
        let share = match self.share {
            Share::Nothing => 0,
            Share::Left => 1,
            Share::Right => 2,
        };
        out.extend([
            ("across", self.across),
            ("rows", self.rows),
            ("vectors", self.vectors),
            ("slices", self.slices),
            ("share", share),
        ]);
        out
    }

    /// The tile that was scheduled.
    ///
    /// # Errors
    /// When the schedule lacks it.
    pub fn of(kernel: &Kernel<'_>) -> Result<Self, OpError> {
        Ok(Self {
            across: kernel.vectors("across", 256)?,
            down: kernel.setting("block_x")? / kernel.vectors("across", 256)? / kernel.vectors("slices", 256)?,
            rows: kernel.vectors("rows", 64)?,
            vectors: kernel.vectors("vectors", 64)?,
            slices: kernel.vectors("slices", 256)?,
            share: match kernel.setting("share")? {
                0 => Share::Nothing,
                1 => Share::Left,
                _ => Share::Right,
            },
        })
    }
}

/// The least power of two from `n` on.
fn power_of_two(n: i64) -> i64 {
    n.max(1).unsigned_abs().next_power_of_two() as i64
}

/// Where a row of the left side lies: element `k` is at `at + k * stride` of a one-dimensional buffer, or is 0.
pub struct Place<'c> {
    /// The buffer.
    pub memref: Value<'c>,
    /// Element 0.
    pub at: Value<'c>,
    /// From an element to the next.
    pub stride: i64,
    /// Whether the elements are there; all are if absent. What isn't there has a place inside the buffer all the same.
    pub inside: Option<Value<'c>>,
}

/// The left side of a product.
pub trait Left<'c> {
    /// The loops over K outside the innermost one: extents. Empty for a matrix.
    fn outer(&self) -> &[i64];
    /// The extent of the innermost loop over K; an expression over the symbols only if it is the only one.
    fn inner(&self) -> i64;
    /// What is to be known of a row of the product before the loops: `row` is one that there is.
    fn row(&self, b: &Builder<'c>, row: Value<'c>) -> Vec<Value<'c>>;
    /// Where its elements lie at positions in the outer loops.
    fn place(&self, b: &Builder<'c>, row: &[Value<'c>], outer: &[Value<'c>]) -> Place<'c>;
}

/// The right side of a product, as a one-dimensional buffer.
pub struct Right<'c> {
    /// The buffer.
    pub memref: Value<'c>,
    /// Where this batch's matrix starts.
    pub base: Value<'c>,
    /// Columns of a panel; 0 if it isn't packed.
    pub panel: i64,
    /// From a panel to the next.
    pub panel_stride: i64,
    /// From a row to the next.
    pub k_stride: i64,
    /// From a column to the next.
    pub stride: i64,
    /// Columns that can be loaded.
    pub columns: i64,
}

impl<'c> Right<'c> {
    /// Where a column starts.
    fn column(&self, b: &Builder<'c>, column: Value<'c>) -> Value<'c> {
        let offset = if self.panel > 0 {
            let panel = b.binary("arith.divui", column, b.index(self.panel));
            let rest = b.binary("arith.remui", column, b.index(self.panel));
            b.binary("arith.addi", scaled(b, panel, self.panel_stride), rest)
        } else {
            scaled(b, column, self.stride)
        };
        b.binary("arith.addi", self.base, offset)
    }

    /// Whether four neighbouring columns are one load.
    fn whole(&self) -> bool {
        self.panel % LANES == 0 && self.stride == 1 && (self.panel > 0 || self.columns % LANES == 0)
    }
}

/// `v * by`.
pub fn scaled<'c>(b: &Builder<'c>, v: Value<'c>, by: i64) -> Value<'c> {
    match by {
        1 => v,
        0 => b.index(0),
        _ => b.binary("arith.muli", v, b.index(by)),
    }
}

/// `v + by`.
pub fn shifted<'c>(b: &Builder<'c>, v: Value<'c>, by: i64) -> Value<'c> {
    if by == 0 { v } else { b.binary("arith.addi", v, b.index(by)) }
}

/// One element, or neighbours, as f32.
fn load<'c>(b: &Builder<'c>, memref: Value<'c>, at: Value<'c>, lanes: i64) -> Value<'c> {
    let elem = buffer_ty(memref).elem;
    if lanes == 1 {
        let v = load_element(b, elem, memref, &[at]);
        return if elem == Elem::F32 { v } else { b.value("arith.extf", &[v], b.cx.f32(), &[]) };
    }
    let v = load_vector(b, elem, memref, &[at], lanes);
    if elem == Elem::F32 { v } else { b.value("arith.extf", &[v], VectorTy::new(Elem::F32, lanes).to_mlir(b.cx), &[]) }
}

/// How many rows a product has.
pub struct Rows<'c> {
    /// As an index.
    pub value: Value<'c>,
    /// As a number, if they don't depend on the symbols.
    pub known: Option<i64>,
}

/// A product under construction, in one invocation.
pub struct Product<'a, 'k, 'c> {
    /// The kernel.
    pub kernel: &'k Kernel<'c>,
    /// Its tile.
    pub tile: Tile,
    /// The left side.
    pub left: &'a dyn Left<'c>,
    /// The right side.
    pub right: &'a Right<'c>,
    /// Rows.
    pub m: Rows<'c>,
    /// Columns; may be an expression over the symbols.
    pub n: i64,
    /// The first row and column of the invocation.
    pub first: [Value<'c>; 2],
    /// Its slice of K, if there are several.
    pub slice: Option<Value<'c>>,
}

/// The invocation's batch, and the first row and column of its workgroup.
pub struct Corner<'c> {
    /// Matrix, or group of channels.
    pub batch: Value<'c>,
    /// Row and column.
    pub first: [Value<'c>; 2],
}

/// Where the invocation's tile is. `n` is the bound of the columns.
///
/// # Errors
/// When the schedule lacks the grid.
pub fn corner<'c>(b: &Builder<'c>, kernel: &Kernel<'c>, tile: Tile, size: Size) -> Result<Corner<'c>, OpError> {
    let [_, columns] = tile.count(size);
    let workgroups = [kernel.setting("grid_x")?, kernel.setting("grid_y")?, 1];
    let row_tile = linear_block_id(b, workgroups);
    let z = if columns * size.batch == 1 { b.index(0) } else { block_id(b, Dim::Z) };
    let (column_tile, batch) = match (columns, size.batch) {
        (_, 1) => (z, b.index(0)),
        (1, _) => (b.index(0), z),
        _ => (b.binary("arith.remui", z, b.index(columns)), b.binary("arith.divui", z, b.index(columns))),
    };
    let row = scaled(b, row_tile, tile.height());
    let [x, y] = tile.thread(b);
    let row = if tile.down == 1 { row } else { b.binary("arith.addi", row, y) };
    let column = b.binary("arith.addi", scaled(b, column_tile, tile.width()), scaled(b, x, LANES));
    Ok(Corner { batch, first: [row, column] })
}

/// Where the operands of a step along K come from: by row and by vector of columns. What is shared has an entry for four.
struct Operands<'c> {
    rows: Vec<Place<'c>>,
    columns: Vec<[Value<'c>; 4]>,
}

impl<'c> Product<'_, '_, 'c> {
    fn symbols(&self) -> &SymbolValues<'c> {
        &self.kernel.symbols
    }

    /// Row `r` of the tile.
    fn row(&self, b: &Builder<'c>, r: i64) -> Value<'c> {
        shifted(b, self.first[0], r * self.tile.down)
    }

    /// The first column of vector `j` of the tile.
    fn column(&self, b: &Builder<'c>, j: i64) -> Value<'c> {
        shifted(b, self.first[1], j * self.tile.across * LANES)
    }

    /// Whether every workgroup's rows all exist.
    fn rows_whole(&self) -> bool {
        let grid = |name| self.kernel.setting(name).unwrap_or(0);
        self.m.known == Some(grid("grid_x") * grid("grid_y") * self.tile.height())
    }

    /// Whether every workgroup's columns all exist.
    fn columns_whole(&self) -> bool {
        !extent::is_symbolic(self.n) && self.n % self.tile.width() == 0
    }

    /// The sums, row by row.
    pub fn sums(&self, b: &Builder<'c>) -> Vec<Value<'c>> {
        let lane = (self.tile.share != Share::Nothing).then(|| {
            let lane = b.value("gpu.lane_id", &[], b.cx.index(), &[]);
            b.binary("arith.remui", lane, b.index(LANES))
        });
        let last = (!self.rows_whole()).then(|| b.binary("arith.subi", self.m.value, b.index(1)));
        let existing = |row: Value<'c>| last.map_or(row, |last| b.binary("arith.minui", row, last));
        let rows: Vec<Vec<Value<'c>>> = match (self.tile.share, lane) {
            (Share::Left, Some(lane)) => (0..self.tile.rows / LANES)
                .map(|g| self.left.row(b, existing(b.binary("arith.addi", self.row(b, g * LANES), lane))))
                .collect(),
            _ => (0..self.tile.rows).map(|r| self.left.row(b, existing(self.row(b, r)))).collect(),
        };
        let columns: Vec<[Value<'c>; 4]> = (0..self.tile.vectors).map(|j| self.right_columns(b, j)).collect();
        let zero = splat(b, b.f32(0.0), LANES);
        let sums = vec![zero; (self.tile.rows * self.tile.vectors) as usize];
        self.loops(b, &rows, &columns, lane, &mut Vec::new(), sums)
    }

    /// Where the columns of vector `j` start, each of four; the first alone counts where they are one load.
    fn right_columns(&self, b: &Builder<'c>, j: i64) -> [Value<'c>; 4] {
        let first = self.column(b, j);
        if self.right.whole() {
            let first = if self.columns_whole() || self.right.panel > 0 && self.right.columns % self.tile.width() == 0 {
                first
            } else {
                b.binary("arith.minui", first, b.index(self.right.columns - LANES))
            };
            return [self.right.column(b, first); 4];
        }
        [0, 1, 2, 3].map(|c| {
            let column = b.binary("arith.minui", shifted(b, first, c), b.index(self.right.columns - 1));
            self.right.column(b, column)
        })
    }

    /// The loops over K that are still to be opened, `outer` being the positions in those around.
    fn loops(
        &self,
        b: &Builder<'c>,
        rows: &[Vec<Value<'c>>],
        columns: &[[Value<'c>; 4]],
        lane: Option<Value<'c>>,
        outer: &mut Vec<Value<'c>>,
        sums: Vec<Value<'c>>,
    ) -> Vec<Value<'c>> {
        if let Some(&n) = self.left.outer().get(outer.len()) {
            if n == 1 {
                outer.push(b.index(0));
                let next = self.loops(b, rows, columns, lane, outer, sums);
                outer.pop();
                return next;
            }
            let (zero, upper, one) = (b.index(0), b.index(n), b.index(1));
            return b.for_loop(zero, upper, one, &sums, |b, i, sums| {
                outer.push(i);
                let next = self.loops(b, rows, columns, lane, outer, sums.to_vec());
                outer.pop();
                next
            });
        }
        let inner = self.left.inner();
        let mut start = b.index(0);
        let mut scale = inner;
        for (i, (&o, n)) in outer.iter().zip(self.left.outer()).rev().enumerate() {
            let term = scaled(b, o, scale);
            start = if i == 0 { term } else { b.binary("arith.addi", start, term) };
            scale *= n;
        }
        // Positions of the right side start at the inner loop's place in K.
        let offset = scaled(b, start, self.right.k_stride);
        let at = |v: Value<'c>| if outer.is_empty() { v } else { b.binary("arith.addi", v, offset) };
        let operands = Operands {
            rows: rows.iter().map(|r| self.left.place(b, r, outer)).collect(),
            columns: columns.iter().map(|c| c.map(at)).collect(),
        };
        // Slices take turns, so that neighbours read neighbours.
        let turns = |b: &Builder<'c>, first: Value<'c>, width: i64| {
            let slice = self.slice.map(|s| scaled(b, s, width));
            (slice.map_or(first, |s| b.binary("arith.addi", first, s)), b.index(width * self.tile.slices))
        };
        let contiguous = operands.rows.first().is_none_or(|p| p.stride == 1);
        let whole = if contiguous { extent::mul(extent::floor_div(inner, LANES), LANES).unwrap_or(0) } else { 0 };
        let mut sums = sums;
        if whole != 0 {
            let ((lower, step), upper) = (turns(b, b.index(0), LANES), self.symbols().value(b, whole));
            sums = b.for_loop(lower, upper, step, &sums, |b, k, sums| self.step(b, &operands, lane, k, sums, LANES));
        }
        if whole != inner {
            let (lower, upper) = (self.symbols().value(b, whole), self.symbols().value(b, inner));
            let (lower, step) = turns(b, lower, 1);
            sums = b.for_loop(lower, upper, step, &sums, |b, k, sums| self.step(b, &operands, lane, k, sums, 1));
        }
        sums
    }

    /// `width` steps along K.
    fn step(
        &self,
        b: &Builder<'c>,
        operands: &Operands<'c>,
        lane: Option<Value<'c>>,
        k: Value<'c>,
        sums: &[Value<'c>],
        width: i64,
    ) -> Vec<Value<'c>> {
        let a: Vec<Value<'c>> = operands.rows.iter().map(|place| self.left_elements(b, place, k, width)).collect();
        // A vector of columns for each step, or one that is handed around.
        let right: Vec<Vec<Value<'c>>> =
            operands.columns.iter().map(|columns| self.right_elements(b, columns, lane, k, width)).collect();
        let mut sums = sums.to_vec();
        let ty = VectorTy::new(Elem::F32, LANES).to_mlir(b.cx);
        let left: Vec<Value<'c>> = match self.tile.share {
            Share::Left => (0..self.tile.rows).map(|r| shuffle(b, a[(r / LANES) as usize], b.i32(r % LANES))).collect(),
            _ => a,
        };
        for step in 0..width {
            let row: Vec<Value<'c>> = right
                .iter()
                .map(|own| match own[..] {
                    [shared] if width > 1 => shuffle(b, shared, b.i32(step)),
                    _ => own[step as usize],
                })
                .collect();
            for (r, sums) in sums.chunks_mut(self.tile.vectors as usize).enumerate() {
                let x = if width == 1 { left[r] } else { extract_lane(b, left[r], step) };
                let x = b.value("vector.broadcast", &[x], ty, &[]);
                for (sum, &y) in sums.iter_mut().zip(&row) {
                    *sum = b.value("math.fma", &[x, y, *sum], ty, &[]);
                }
            }
        }
        sums
    }

    /// Neighbouring elements of a row of the left side.
    fn left_elements(&self, b: &Builder<'c>, place: &Place<'c>, k: Value<'c>, width: i64) -> Value<'c> {
        let at = b.binary("arith.addi", place.at, scaled(b, k, place.stride));
        let v = load(b, place.memref, at, width);
        let Some(inside) = place.inside else { return v };
        let zero = b.f32(0.0);
        let zero = if width == 1 { zero } else { splat(b, zero, width) };
        b.select(inside, v, zero)
    }

    /// The right side's vectors of columns for each of `width` steps; only one if the four invocations load one each.
    fn right_elements(
        &self,
        b: &Builder<'c>,
        columns: &[Value<'c>; 4],
        lane: Option<Value<'c>>,
        k: Value<'c>,
        width: i64,
    ) -> Vec<Value<'c>> {
        let at = |column: Value<'c>, k: Value<'c>| b.binary("arith.addi", column, scaled(b, k, self.right.k_stride));
        let from = |scalars: &[Value<'c>]| {
            b.value("vector.from_elements", scalars, VectorTy::new(Elem::F32, LANES).to_mlir(b.cx), &[])
        };
        let vector = |k: Value<'c>| {
            if self.right.whole() {
                return load(b, self.right.memref, at(columns[0], k), LANES);
            }
            from(&columns.map(|c| load(b, self.right.memref, at(c, k), 1)))
        };
        if width == 1 {
            return vec![vector(k)];
        }
        if let (Share::Right, Some(lane)) = (self.tile.share, lane) {
            return vec![vector(b.binary("arith.addi", k, lane))];
        }
        if self.right.k_stride == 1 && !self.right.whole() {
            // Each column is contiguous along K.
            let along = columns.map(|c| load(b, self.right.memref, at(c, k), LANES));
            return (0..LANES).map(|i| from(&along.map(|v| extract_lane(b, v, i)))).collect();
        }
        (0..width).map(|i| vector(shifted(b, k, i))).collect()
    }

    /// Evaluates the tail for the sums and stores it. `place` gives the root's indices before the column, of a row.
    ///
    /// # Errors
    /// When the tail can't be evaluated at a point.
    pub fn store(
        &self,
        b: &Builder<'c>,
        root: Value<'c>,
        sums: &[Value<'c>],
        base: Value<'c>,
        place: &dyn Fn(&Builder<'c>, Value<'c>) -> Vec<Value<'c>>,
    ) -> Result<(), OpError> {
        let kernel = self.kernel;
        let mut eval = PointEval::new(kernel, b.cx);
        let dims = kernel.result_dims()?;
        let rank = dims.len();
        if dims.last() != Some(&(rank - 1)) {
            return Err(OpError::new(kernel.blame(), "a tail that moves columns belongs into another kernel"));
        }
        let mut tail = Accesses::default();
        trace(kernel, None, Some(root), kernel.result, &Map::select(rank, &dims), &mut tail)?;
        let vectors = storable(buffer_ty(kernel.out).elem) && vectorizes(&tail, rank - 1);
        // A row has room for whole vectors if its largest length has.
        let whole = vectors && self.symbols().max(self.n) % LANES == 0;
        let elem = root.tensor_ty().map_or(Elem::F32, |t| t.elem);
        let (m, n) = (self.m.value, self.symbols().value(b, self.n));
        let lanes = if whole { LANES } else { 1 };
        let (rows_whole, columns_whole) = (self.rows_whole(), self.columns_whole());
        let mut outcome = Ok(());
        for j in 0..self.tile.vectors {
            for l in 0..LANES / lanes {
                let column = shifted(b, self.column(b, j), l);
                let inside = (!columns_whole).then(|| b.compare("ult", column, n));
                guarded(b, &mut eval, inside, |b, eval| {
                    let of_root = b.binary("arith.addi", base, column);
                    let at = |lead: &[Value<'c>]| -> Vec<Value<'c>> {
                        dims.iter().map(|&d| lead.get(d).copied().unwrap_or(of_root)).collect()
                    };
                    for r in 0..self.tile.rows {
                        let row = self.row(b, r);
                        let sum = sums[(r * self.tile.vectors + j) as usize];
                        let sum = if lanes == 1 { extract_lane(b, sum, l) } else { sum };
                        let sum = narrowed(b, sum, elem, lanes);
                        if r == 0 {
                            // What is the same for all rows is loaded once, before they part.
                            let step: Vec<i64> = dims.iter().map(|&d| i64::from(d + 1 == rank)).collect();
                            eval.set_known(root, sum);
                            eval.warm(b, kernel.result, &at(&place(b, b.index(0))), &step, lanes)?;
                        }
                        let inside = (!rows_whole).then(|| b.compare("ult", row, m));
                        guarded(b, eval, inside, |b, eval| {
                            let at = at(&place(b, row));
                            eval.set_known(root, sum);
                            let y = eval.value_at(b, kernel.result, &at, lanes)?;
                            eval.store(b, y, &at);
                            Ok(())
                        })?;
                    }
                    Ok(())
                })
                .unwrap_or_else(|e| outcome = Err(e));
                std::mem::replace(&mut outcome, Ok(()))?;
            }
        }
        outcome
    }
}

/// A sum as the root's element type.
fn narrowed<'c>(b: &Builder<'c>, sum: Value<'c>, elem: Elem, lanes: i64) -> Value<'c> {
    if elem == Elem::F32 {
        return sum;
    }
    let ty = if lanes == 1 { b.cx.elem(elem) } else { VectorTy::new(elem, lanes).to_mlir(b.cx) };
    b.value("arith.truncf", &[sum], ty, &[])
}

/// Builds what is only for places that there are.
pub fn guarded<'k, 'c>(
    b: &Builder<'c>,
    eval: &mut PointEval<'k, 'c>,
    condition: Option<Value<'c>>,
    body: impl FnOnce(&Builder<'c>, &mut PointEval<'k, 'c>) -> Result<(), OpError>,
) -> Result<(), OpError> {
    let Some(condition) = condition else { return body(b, eval) };
    let mut result = Ok(());
    b.when(condition, |b| result = eval.scoped(|eval| body(b, eval)));
    result
}
