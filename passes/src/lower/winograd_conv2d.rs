//! `nn.winograd_conv2d` to loops.
//!
//! Tiles are computed in blocks whose transformed inputs and products stay in the cache: inputs of all tiles of a block to
//! planes, plane by plane a product with the transformed weights by the register tiles of every GEMM, and from the products to
//! outputs, with the kernel's tail. Tiles that hang over the image's lower or right edge have code of their own, which leaves
//! the outputs beyond it out.

use super::Schedule;
use super::gemm::{self, Left, Right, Shape};
use super::kernel::Kernel;
use super::point::PointEval;
use super::tiles::cover;
use super::vector::load_vector;
use super::winograd_transform::{both_sides, store_planes};
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, MemRefTy, OpError, OpExt, Value, ValueExt};
use weft_dialects::nn::winograd::Winograd;
use weft_dialects::nn::winograd_conv2d::{Extents, WinogradConv2d, extents};

/// Tiles along an axis, in blocks: a number of equal whole ones, then perhaps a last one that is smaller, or hangs over the
/// edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Axis {
    /// Tiles of a whole block.
    block: i64,
    /// Whole blocks.
    whole: i64,
    /// Tiles of the last block; 0 if there is none.
    rest: i64,
    /// Outputs along the edge of the last tile.
    last: i64,
}

impl Axis {
    fn of(outputs: i64, tile: i64, block: i64) -> Self {
        let tiles = (outputs + tile - 1) / tile;
        let last = outputs - (tiles - 1) * tile;
        let block = block.min(tiles);
        let whole = if last == tile { tiles / block } else { (tiles - 1) / block };
        Axis { block, whole, rest: tiles - whole * block, last }
    }

    fn blocks(&self) -> i64 {
        self.whole + i64::from(self.rest > 0)
    }
}

/// Tiles of a block along an axis: how many, and how many outputs the last one has along its edge.
#[derive(Debug, Clone, Copy)]
struct Part {
    tiles: i64,
    last: i64,
}

impl Part {
    /// Runs of tiles with equal outputs: first tile, tiles, outputs along the edge.
    fn runs(&self, tile: i64) -> Vec<(i64, i64, i64)> {
        if self.last == tile {
            return vec![(0, self.tiles, tile)];
        }
        vec![(0, self.tiles - 1, tile), (self.tiles - 1, 1, self.last)]
    }
}

fn axes(e: &Extents, winograd: &Winograd) -> [Axis; 2] {
    [0, 1].map(|i| Axis::of(e.output[i], winograd.tile, e.block[i]))
}

/// The schedule: `units`, which are rows of blocks, and `rows` of a register tile.
///
/// # Errors
/// When the kernel's root is something else.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let op = kernel.blame();
    let (e, winograd) = (extents(op)?, Winograd::of(op)?);
    Ok(vec![("units", e.images * axes(&e, winograd)[0].blocks()), ("rows", target.gemm_rows())])
}

/// A plane of transformed inputs: a matrix of tiles and channels.
struct PlaneLeft<'c> {
    memref: Value<'c>,
    plane: Value<'c>,
    tile: Value<'c>,
    channels: i64,
}

impl<'c> Left<'c> for PlaneLeft<'c> {
    fn outer(&self) -> &[i64] {
        &[]
    }

    fn inner(&self) -> i64 {
        self.channels
    }

    fn place(&self, b: &Builder<'c>, row: i64, _outer: &[Value<'c>], k: Value<'c>) -> Vec<Value<'c>> {
        let t = if row == 0 { self.tile } else { b.binary("arith.addi", self.tile, b.index(row)) };
        vec![self.memref, self.plane, t, k]
    }
}

/// What all steps of a kernel need.
struct Emit<'k, 'c> {
    kernel: &'k Kernel<'c>,
    target: &'k Target,
    e: Extents,
    winograd: &'static Winograd,
    rows: i64,
    x: Value<'c>,
    u: Value<'c>,
    /// Planes x tiles x channels: transformed inputs.
    inputs: Value<'c>,
    /// Planes x tiles x output channels: products.
    products: Value<'c>,
}

/// A block of tiles: the image, its first tile's row and column, and its extents.
#[derive(Clone, Copy)]
struct Block<'c> {
    image: Value<'c>,
    first: [Value<'c>; 2],
    parts: [Part; 2],
}

/// Builds the loops.
///
/// # Errors
/// When an operand isn't a planned buffer, or the tail can't be evaluated at a point.
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let op = kernel.blame();
    let (e, winograd) = (extents(op)?, Winograd::of(op)?);
    let conv = WinogradConv2d(op);
    let memref = |v: Value<'c>| {
        kernel.memref(v).ok_or_else(|| OpError::new(op, "an operand of a convolution must be a buffer of its own"))
    };
    let (x, u, scratch) = (memref(conv.x())?, memref(conv.u())?, memref(conv.scratch())?);
    let f32s = conv.x().tensor_ty().is_some_and(|t| t.elem == Elem::F32);
    if !f32s || [e.c, e.m, e.panel].iter().any(|n| n % target.vector_lanes != 0) {
        return Err(OpError::new(op, "only f32 in whole vectors of channels can be lowered"));
    }
    let b = kernel.builder(cx);
    let tiles = e.block[0] * e.block[1];
    let plane = |offset: i64, stride: i64, width: i64| {
        let ty = MemRefTy {
            shape: vec![winograd.planes(), tiles, width],
            elem: Elem::F32,
            strides: vec![stride, width, 1],
            offset,
        };
        b.reinterpret(scratch, &ty)
    };
    let inputs = plane(0, e.input_plane(), e.c);
    let products = plane(winograd.planes() * e.input_plane(), e.product_plane(), e.panels() * e.panel);
    let rows = kernel.setting("rows")?;
    let (begin, end) = kernel.range()?;
    let [vertical, horizontal] = axes(&e, winograd);
    let emit = Emit { kernel, target, e, winograd, rows, x, u, inputs, products };
    emit.images(&b, (begin, end), vertical.blocks(), |b, image, range| {
        for_blocks(b, &vertical, range, |b, ty, down| {
            let all = (b.index(0), b.index(horizontal.blocks()));
            for_blocks(b, &horizontal, all, |b, tx, across| {
                emit.block(b, Block { image, first: [ty, tx], parts: [down, across] })
            })
        })
    })
}

/// Runs `body` for the blocks in a range along an axis, with a block's first tile.
fn for_blocks<'c>(
    b: &Builder<'c>,
    axis: &Axis,
    (begin, end): (Value<'c>, Value<'c>),
    mut body: impl FnMut(&Builder<'c>, Value<'c>, Part) -> Result<(), OpError>,
) -> Result<(), OpError> {
    let mut outcome = Ok(());
    let whole = b.index(axis.whole);
    if axis.whole > 0 {
        let upper = if axis.rest == 0 { end } else { b.binary("arith.minsi", end, whole) };
        // A whole block has only whole tiles, or its tile would hang over the edge and be the rest.
        let tile = if axis.rest == 0 { axis.last } else { i64::MAX };
        let part = Part { tiles: axis.block, last: tile };
        b.for_loop(begin, upper, b.index(1), &[], |b, i, _| {
            let first = b.binary("arith.muli", i, b.index(axis.block));
            outcome = body(b, first, part);
            Vec::new()
        });
    }
    outcome?;
    if axis.rest == 0 {
        return Ok(());
    }
    let mine = b.compare("sgt", end, whole);
    let mut outcome = Ok(());
    gemm::when(b, mine, |b| {
        let first = b.index(axis.whole * axis.block);
        outcome = body(b, first, Part { tiles: axis.rest, last: axis.last });
    });
    outcome
}

impl<'c> Emit<'_, 'c> {
    /// Runs `body` for each image that the range of `images * each` units touches, with its own range.
    fn images(
        &self,
        b: &Builder<'c>,
        (begin, end): (Value<'c>, Value<'c>),
        each: i64,
        mut body: impl FnMut(&Builder<'c>, Value<'c>, (Value<'c>, Value<'c>)) -> Result<(), OpError>,
    ) -> Result<(), OpError> {
        if self.e.images == 1 {
            let zero = b.index(0);
            return body(b, zero, (begin, end));
        }
        let mut outcome = Ok(());
        b.for_loop(begin, end, b.index(1), &[], |b, unit, _| {
            let each = b.index(each);
            let image = b.binary("arith.divui", unit, each);
            let first = b.binary("arith.remui", unit, each);
            let last = b.binary("arith.addi", first, b.index(1));
            outcome = body(b, image, (first, last));
            Vec::new()
        });
        outcome
    }

    fn block(&self, b: &Builder<'c>, block: Block<'c>) -> Result<(), OpError> {
        let block = Block { parts: block.parts.map(|p| Part { last: p.last.min(self.winograd.tile), ..p }), ..block };
        self.transform_inputs(b, &block)?;
        self.multiply(b, &block)?;
        self.transform_products(b, &block)
    }

    fn transform_inputs(&self, b: &Builder<'c>, block: &Block<'c>) -> Result<(), OpError> {
        let (m, n, lanes) = (self.winograd.tile, self.winograd.edge(), self.target.vector_lanes);
        let columns = block.parts[1].tiles;
        let mut outcome = Ok(());
        b.times(block.parts[0].tiles, 1, |b, ty| {
            let y = self.pixel(b, block, 0, ty);
            b.times(columns, 1, |b, tx| {
                let x = self.pixel(b, block, 1, tx);
                let tile = number(b, ty, columns, tx);
                b.times(self.e.c, lanes, |b, c| {
                    let load = |b: &Builder<'c>, i: usize, j: usize| {
                        let at = [block.image, plus(b, y, i as i64), plus(b, x, j as i64), c];
                        load_vector(b, Elem::F32, self.x, &at, lanes)
                    };
                    let column = |b: &Builder<'c>, j: usize| (0..n as usize).map(|i| load(b, i, j)).collect();
                    let done = both_sides(b, self.winograd.input, lanes, column, |b, i, row| {
                        store_planes(b, self.inputs, i as i64 * n, &row, &[tile, c]);
                        Ok(())
                    });
                    outcome = std::mem::replace(&mut outcome, Ok(())).and(done);
                });
            });
        });
        debug_assert_eq!(n, m + 2);
        outcome
    }

    fn multiply(&self, b: &Builder<'c>, block: &Block<'c>) -> Result<(), OpError> {
        let tiles = block.parts[0].tiles * block.parts[1].tiles;
        let panel = self.e.panel;
        let mut outcome = Ok(());
        b.times(self.winograd.planes(), 1, |b, plane| {
            let all = (b.index(0), b.index(self.e.panels()));
            outcome = gemm::for_panels(b, all, self.e.panels() * panel, panel, |b, p, columns| {
                let right = Right { memref: self.u, lead: vec![plane, p], columns, stored: None };
                let column = b.binary("arith.muli", p, b.index(panel));
                gemm::for_tiles(b, &cover(tiles, self.rows), None, |b, first, rows| {
                    let left = PlaneLeft { memref: self.inputs, plane, tile: first, channels: self.e.c };
                    let shape = Shape::of(self.target, rows, columns, self.e.c);
                    let sums = gemm::product(b, &left, &right, rows, shape);
                    let vectors = panel / shape.lanes;
                    for (i, &sum) in (0..).zip(&sums) {
                        let at = [plane, plus(b, first, i / vectors), plus(b, column, i % vectors * shape.lanes)];
                        super::vector::store(b, sum, self.products, &at);
                    }
                    Ok(())
                })
            });
        });
        outcome
    }

    fn transform_products(&self, b: &Builder<'c>, block: &Block<'c>) -> Result<(), OpError> {
        let (m, lanes) = (self.winograd.tile, self.target.vector_lanes);
        let columns = block.parts[1].tiles;
        let mut outcome = Ok(());
        for (top, down, high) in block.parts[0].runs(m) {
            for &(left, across, wide) in &block.parts[1].runs(m) {
                b.times(down, 1, |b, ty| {
                    let ty = plus(b, ty, top);
                    let y = self.pixel(b, block, 0, ty);
                    b.times(across, 1, |b, tx| {
                        let tx = plus(b, tx, left);
                        let x = self.pixel(b, block, 1, tx);
                        let tile = number(b, ty, columns, tx);
                        b.times(self.e.m, lanes, |b, c| {
                            let done = self.outputs(b, [tile, c], [block.image, y, x], [high, wide]);
                            outcome = std::mem::replace(&mut outcome, Ok(())).and(done);
                        });
                    });
                });
            }
        }
        outcome
    }

    /// The outputs of a tile at some channels, with the kernel's tail.
    fn outputs(
        &self,
        b: &Builder<'c>,
        [tile, c]: [Value<'c>; 2],
        [image, y, x]: [Value<'c>; 3],
        [high, wide]: [i64; 2],
    ) -> Result<(), OpError> {
        let (n, lanes) = (self.winograd.edge(), self.target.vector_lanes);
        let mut eval = PointEval::new(self.kernel, b.cx);
        let column = |b: &Builder<'c>, j: usize| {
            let plane = |i: i64| b.index(i * n + j as i64);
            (0..n).map(|i| load_vector(b, Elem::F32, self.products, &[plane(i), tile, c], lanes)).collect()
        };
        both_sides(b, self.winograd.output, lanes, column, |b, i, row| {
            if i as i64 >= high {
                return Ok(());
            }
            for (j, v) in (0..wide).zip(row) {
                let at = [image, eval.offset(b, y, i as i64), eval.offset(b, x, j), c];
                eval.set_known(self.kernel.blame().res(0), v);
                let v = eval.value_at(b, self.kernel.result, &at, lanes)?;
                eval.store(b, v, &at);
            }
            Ok(())
        })
    }

    /// The first row (axis 0) or column (1) of a tile of a block.
    fn pixel(&self, b: &Builder<'c>, block: &Block<'c>, axis: usize, tile: Value<'c>) -> Value<'c> {
        let tile = b.binary("arith.addi", block.first[axis], tile);
        b.binary("arith.muli", tile, b.index(self.winograd.tile))
    }
}

fn plus<'c>(b: &Builder<'c>, v: Value<'c>, by: i64) -> Value<'c> {
    if by == 0 { v } else { b.binary("arith.addi", v, b.index(by)) }
}

/// A tile's number in its block.
fn number<'c>(b: &Builder<'c>, ty: Value<'c>, columns: i64, tx: Value<'c>) -> Value<'c> {
    let before = b.binary("arith.muli", ty, b.index(columns));
    b.binary("arith.addi", before, tx)
}
