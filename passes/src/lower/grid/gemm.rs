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

use super::shuffle;
use super::tile::{LANES, Share, Tile};
use crate::lower::access::{Accesses, trace};
use crate::lower::kernel::Kernel;
use crate::lower::point::{PointEval, buffer_ty};
use crate::lower::space::{storable, vectorizes};
use crate::lower::symbols::SymbolValues;
use crate::lower::vector::{extract_lane, load_element, load_vector, splat};
use weft_dialects::ir::{Builder, Elem, Map, OpError, Value, ValueExt, VectorTy, extent};

/// Where a row of the left side lies: element `k` is at `at + k * stride` of a one-dimensional buffer, or is 0.
pub struct Place<'c> {
    /// The buffer.
    pub memref: Value<'c>,
    /// Element 0.
    pub at: Value<'c>,
    /// From an element to the next.
    pub stride: i64,
    /// Whether the elements are there; all are if absent.
    pub inside: Option<Value<'c>>,
    /// Where the row starts in a run of elements, and how long that is: only those inside the run are there.
    pub run: Option<[Value<'c>; 2]>,
    /// A place inside the buffer, to look at instead of what isn't there. Where `inside` fails, `at` is one.
    pub safe: Value<'c>,
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

/// A vector of four numbers.
fn vector<'c>(b: &Builder<'c>, scalars: [Value<'c>; 4]) -> Value<'c> {
    b.value("vector.from_elements", &scalars, VectorTy::new(Elem::F32, LANES).to_mlir(b.cx), &[])
}

/// Four neighbouring elements of a row of the left side, from `steps[0]` on; those that aren't there are 0.
fn left_elements<'c>(
    b: &Builder<'c>,
    place: &Place<'c>,
    k: Value<'c>,
    steps: [Value<'c>; 4],
    exist: Option<[Value<'c>; 4]>,
) -> Value<'c> {
    let both = |x: Option<Value<'c>>, y: Option<Value<'c>>| match (x, y) {
        (Some(x), Some(y)) => Some(b.binary("arith.andi", x, y)),
        (x, y) => x.or(y),
    };
    if place.stride == 1 && place.run.is_none() && exist.is_none() {
        let v = load(b, place.memref, b.binary("arith.addi", place.at, k), LANES);
        return place.inside.map_or(v, |inside| b.select(inside, v, splat(b, b.f32(0.0), LANES)));
    }
    let elements = [0, 1, 2, 3].map(|i| {
        let k = steps[i];
        let in_run = place.run.map(|[start, length]| b.compare("ult", b.binary("arith.addi", start, k), length));
        let there = both(both(place.inside, exist.map(|e| e[i])), in_run);
        let at = b.binary("arith.addi", place.at, scaled(b, k, place.stride));
        let at = there.map_or(at, |there| b.select(there, at, place.safe));
        let v = load(b, place.memref, at, 1);
        there.map_or(v, |there| b.select(there, v, b.f32(0.0)))
    });
    vector(b, elements)
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
        let slice = self.slice.map(|s| scaled(b, s, LANES));
        let (lower, step) = (slice.unwrap_or_else(|| b.index(0)), b.index(LANES * self.tile.slices));
        let end = self.symbols().value(b, inner);
        let ragged = (extent::is_symbolic(inner) || inner % LANES != 0).then_some(end);
        b.for_loop(lower, end, step, &sums, |b, k, sums| self.step(b, &operands, lane, k, ragged, sums))
    }

    /// Four steps along K; `end` is where K ends if that may be within them.
    fn step(
        &self,
        b: &Builder<'c>,
        operands: &Operands<'c>,
        lane: Option<Value<'c>>,
        k: Value<'c>,
        end: Option<Value<'c>>,
        sums: &[Value<'c>],
    ) -> Vec<Value<'c>> {
        let steps = [0, 1, 2, 3].map(|i| shifted(b, k, i));
        let exist = end.map(|end| steps.map(|k| b.compare("ult", k, end)));
        let mut left: Vec<Value<'c>> =
            operands.rows.iter().map(|place| left_elements(b, place, k, steps, exist)).collect();
        if self.tile.share == Share::Left {
            left = (0..self.tile.rows).map(|r| shuffle(b, left[(r / LANES) as usize], b.i32(r % LANES))).collect();
        }
        // Each invocation of four has a step's vectors, or all have all.
        let own = lane.filter(|_| self.tile.share == Share::Right).map(|lane| {
            let k = b.binary("arith.addi", k, lane);
            (k, end.map(|end| b.compare("ult", k, end)))
        });
        let right: Vec<Vec<Value<'c>>> = operands
            .columns
            .iter()
            .map(|columns| match own {
                Some((k, exists)) => vec![self.right_elements(b, columns, k, exists)],
                None if self.right.k_stride == 1 && !self.right.whole() && exist.is_none() => {
                    // Each column is contiguous along K.
                    let along = columns.map(|c| load(b, self.right.memref, b.binary("arith.addi", c, k), LANES));
                    (0..LANES).map(|i| vector(b, along.map(|v| extract_lane(b, v, i)))).collect()
                }
                None => (0..4).map(|i| self.right_elements(b, columns, steps[i], exist.map(|e| e[i]))).collect(),
            })
            .collect();
        let mut sums = sums.to_vec();
        let ty = VectorTy::new(Elem::F32, LANES).to_mlir(b.cx);
        for step in 0..LANES {
            let row: Vec<Value<'c>> = right
                .iter()
                .map(|vectors| match own {
                    Some(_) => shuffle(b, vectors[0], b.i32(step)),
                    None => vectors[step as usize],
                })
                .collect();
            for (r, sums) in sums.chunks_mut(self.tile.vectors as usize).enumerate() {
                let x = b.value("vector.broadcast", &[extract_lane(b, left[r], step)], ty, &[]);
                for (sum, &y) in sums.iter_mut().zip(&row) {
                    *sum = b.value("math.fma", &[x, y, *sum], ty, &[]);
                }
            }
        }
        sums
    }

    /// A vector of columns of the right side at a step; zeros if the step doesn't exist.
    fn right_elements(
        &self,
        b: &Builder<'c>,
        columns: &[Value<'c>; 4],
        k: Value<'c>,
        exists: Option<Value<'c>>,
    ) -> Value<'c> {
        let row = exists.map_or(k, |exists| b.select(exists, k, b.index(0)));
        let at = |column: Value<'c>| b.binary("arith.addi", column, scaled(b, row, self.right.k_stride));
        let v = if self.right.whole() {
            load(b, self.right.memref, at(columns[0]), LANES)
        } else {
            vector(b, columns.map(|c| load(b, self.right.memref, at(c), 1)))
        };
        exists.map_or(v, |exists| b.select(exists, v, splat(b, b.f32(0.0), LANES)))
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
