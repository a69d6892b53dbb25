//! What a workgroup of a product computes.

use super::gemm::scaled;
use super::{Dim, block_id, gemv, grid, linear_block_id, spread, thread_id};
use crate::lower::Schedule;
use crate::lower::kernel::Kernel;
use crate::target::Target;
use weft_dialects::ir::{Builder, OpError, Value};

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
    pub fn count(&self, size: Size) -> [i64; 2] {
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
