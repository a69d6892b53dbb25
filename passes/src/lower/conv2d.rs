//! `nn.conv2d` without padding and with packed weights, to loops: implicit GEMM.
//!
//! A tile's rows are neighbouring outputs of one output row, so that its left side lies at constant distances: no
//! table, no copied im2col. The sum runs over kernel rows, then over the contiguous taps and channels of one.
//! Padding was given to the input by `materialize-padding`.

use super::dot;
use super::gemm::{self, Left, Right, Shape};
use super::kernel::Kernel;
use super::point::buffer_ty;
use super::tiles::cover;
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, MemRefTy, OpError, OpExt, TensorTy, Value, ValueExt, extent};
use weft_dialects::nn::{Window, conv2d::Conv2d};

/// Weights up to this size stay in L1 beside a row of input; then output rows are the outermost loop and the input is
/// read once. Above it, panels are outermost and one panel stays in L1.
const SMALL_WEIGHTS: i64 = 16 * 1024;

struct Extents {
    x: TensorTy,
    y: TensorTy,
    window: Window,
    groups: i64,
    /// Output channels of a group.
    columns: i64,
    panel: i64,
}

impl Extents {
    fn panels(&self) -> i64 {
        (self.columns + self.panel - 1) / self.panel
    }

    fn channels(&self) -> i64 {
        self.x.shape[3] / self.groups
    }

    /// Rows of all images.
    fn lines(&self, kernel: &Kernel<'_>) -> Result<i64, OpError> {
        extent::mul(self.y.shape[0], self.y.shape[1])
            .ok_or_else(|| OpError::new(kernel.blame(), "images and their rows are both left open"))
    }

    /// Whether a kernel row's taps and channels are contiguous, so that they make one loop.
    fn contiguous(&self) -> bool {
        self.groups == 1 && (self.window.dilations[1] == 1 || self.window.kernel[1] == 1)
    }
}

fn extents(kernel: &Kernel<'_>) -> Result<Extents, OpError> {
    let op = kernel.blame();
    let conv = Conv2d::from_op(op).ok_or_else(|| OpError::new(op, "the root is no nn.conv2d"))?;
    let (Some(x), Some(y)) = (conv.x().tensor_ty(), op.res(0).tensor_ty()) else {
        return Err(OpError::new(op, "operands must be tensors"));
    };
    let &[kh, kw] = &conv.kernel()[..] else { return Err(OpError::new(op, "'kernel' must have two entries")) };
    let window = Window::of(op, [kh, kw])?;
    if !window.is_valid() {
        return Err(OpError::new(op, "padding must be materialised: run 'materialize-padding' first"));
    }
    if conv.panel() == 0 {
        return Err(OpError::new(op, "weights must be packed: run 'pack-weights' first"));
    }
    if x.elem != Elem::F32 {
        return Err(OpError::new(op, format!("no kernel for elements of type {}", x.elem.mlir())));
    }
    let groups = conv.groups();
    Ok(Extents { columns: conv.channels() / groups, panel: conv.panel(), x, y, window, groups })
}

/// The schedule: `units` of the outermost loop, `rows` of a tile, `by_rows` = 1 if output rows are outermost and 0 if
/// panels are.
///
/// # Errors
/// When the kernel is no convolution that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Vec<(&'static str, i64)>, OpError> {
    let e = extents(kernel)?;
    let weights = e.panels() * e.panel * e.window.kernel.iter().product::<i64>() * e.channels() * 4;
    let by_rows = weights <= SMALL_WEIGHTS || e.panel == 1;
    let units = if by_rows { e.lines(kernel)? } else { e.panels() };
    Ok(vec![("units", units), ("rows", target.gemm_rows()), ("by_rows", i64::from(by_rows))])
}

/// The input as seen from a tile of neighbouring outputs.
struct ImageLeft<'c> {
    /// `N x H x W*C` if taps and channels are contiguous, else `N x H x W x C`.
    memref: Value<'c>,
    batch: Value<'c>,
    /// First input row and column of the tile.
    y: Value<'c>,
    x: Value<'c>,
    /// First channel of the group.
    channel: Value<'c>,
    window: Window,
    channels: i64,
    contiguous: bool,
    outer: Vec<i64>,
    inner: i64,
}

impl<'c> Left<'c> for ImageLeft<'c> {
    fn outer(&self) -> &[i64] {
        &self.outer
    }

    fn inner(&self) -> i64 {
        self.inner
    }

    fn place(&self, b: &Builder<'c>, row: i64, outer: &[Value<'c>], k: Value<'c>) -> Vec<Value<'c>> {
        let add_scaled = |base: Value<'c>, v: Value<'c>, by: i64| {
            let scaled = if by == 1 { v } else { b.binary("arith.muli", v, b.index(by)) };
            b.binary("arith.addi", base, scaled)
        };
        let shift = |base: Value<'c>, by: i64| if by == 0 { base } else { b.binary("arith.addi", base, b.index(by)) };
        let y = add_scaled(self.y, outer[0], self.window.dilations[0]);
        let x = shift(self.x, row * self.window.strides[1]);
        if self.contiguous {
            let flat = b.binary("arith.muli", x, b.index(self.channels));
            vec![self.memref, self.batch, y, b.binary("arith.addi", flat, k)]
        } else {
            let x = add_scaled(x, outer[1], self.window.dilations[1]);
            vec![self.memref, self.batch, y, x, b.binary("arith.addi", self.channel, k)]
        }
    }
}

/// Builds the loops.
///
/// # Errors
/// When an operand isn't a planned buffer, or the tail can't be evaluated at a point.
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let e = extents(kernel)?;
    let op = kernel.blame();
    let conv = Conv2d(op);
    let memref = |v: Value<'c>| {
        kernel.memref(v).ok_or_else(|| OpError::new(op, "an operand of a convolution must be a buffer of its own"))
    };
    let (x, w) = (memref(conv.x())?, memref(conv.w())?);
    let (rows, by_rows) = (kernel.setting("rows")?, kernel.setting("by_rows")? != 0);
    let b = kernel.builder(cx);
    let [kh, kw] = e.window.kernel;
    let contiguous = e.contiguous();
    let (image, outer, inner) = if contiguous {
        let s = &buffer_ty(x).shape;
        let ty = MemRefTy::dense(Elem::F32, &[s[0], s[1], s[2] * s[3]]).to_mlir(cx);
        let groups = cx.array_attr(&[
            cx.array_attr(&[cx.i64_attr(0)]),
            cx.array_attr(&[cx.i64_attr(1)]),
            cx.array_attr(&[cx.i64_attr(2), cx.i64_attr(3)]),
        ]);
        let flat = b.value("memref.collapse_shape", &[x], ty, &[("reassociation", groups)]);
        (flat, vec![kh], kw * e.channels())
    } else {
        (x, vec![kh, kw], e.channels())
    };
    let dot = (e.panel == 1).then(|| dot::column(&b, w));
    // One output row of one group: panels, tiles.
    let row_of_group = |b: &Builder<'c>, n: Value<'c>, oy: Value<'c>, g: Value<'c>, range: (Value<'c>, Value<'c>)| {
        let y = b.binary("arith.muli", oy, b.index(e.window.strides[0]));
        gemm::for_panels(b, range, e.columns, e.panel, |b, p, columns| {
            let right = Right { memref: w, lead: vec![g, p], columns, stored: None };
            let first = b.binary("arith.muli", p, b.index(e.panel));
            let of_group = b.binary("arith.muli", g, b.index(e.columns));
            let column = b.binary("arith.addi", of_group, first);
            let channel = b.binary("arith.muli", g, b.index(e.channels()));
            let tile = |b: &Builder<'c>, ox: Value<'c>, tile: i64| {
                let left = ImageLeft {
                    memref: image,
                    batch: n,
                    y,
                    x: b.binary("arith.muli", ox, b.index(e.window.strides[1])),
                    channel,
                    window: e.window.clone(),
                    channels: e.channels(),
                    contiguous,
                    outer: outer.clone(),
                    inner,
                };
                let row_at = |b: &Builder<'c>, r: i64| {
                    vec![n, oy, if r == 0 { ox } else { b.binary("arith.addi", ox, b.index(r)) }]
                };
                if let Some(column) = dot {
                    let sums = dot::product(b, &left, (column, g), tile);
                    return dot::store_tile(b, kernel, op.res(0), &sums, &row_at);
                }
                let shape = Shape::of(target, tile, columns, inner);
                let sums = gemm::product(b, &left, &right, tile, shape);
                gemm::store_tile(b, kernel, op.res(0), &sums, &right, tile, shape.lanes, column, &row_at)
            };
            let width = e.y.shape[2];
            if extent::is_symbolic(width) {
                gemm::for_open_tiles(b, &kernel.symbols, width, rows, tile)
            } else {
                let runs = if dot.is_some() { dot::cover(width) } else { cover(width, rows) };
                gemm::for_tiles(b, &runs, None, tile)
            }
        })
    };
    let lines = e.lines(kernel)?;
    let split = |b: &Builder<'c>, unit| split(b, unit, e.y.shape[0], kernel.symbols.value(b, e.y.shape[1]));
    let range = kernel.range()?;
    let mut outcome = Ok(());
    if by_rows {
        let one = b.index(1);
        b.for_loop(range.0, range.1, one, &[], |b, unit, _| {
            let (n, oy) = split(b, unit);
            each(b, e.groups, |b, g| {
                let all = (b.index(0), b.index(e.panels()));
                outcome = std::mem::replace(&mut outcome, Ok(())).and_then(|()| row_of_group(b, n, oy, g, all));
            });
            Vec::new()
        });
        return outcome;
    }
    // Panels outermost: a panel range holds for every group and row.
    each(&b, e.groups, |b, g| {
        let one = b.index(1);
        b.for_loop(range.0, range.1, one, &[], |b, p, _| {
            kernel.symbols.times(b, lines, |b, unit| {
                let (n, oy) = split(b, unit);
                let next = b.binary("arith.addi", p, b.index(1));
                outcome = std::mem::replace(&mut outcome, Ok(())).and_then(|()| row_of_group(b, n, oy, g, (p, next)));
            });
            Vec::new()
        });
    });
    outcome
}

/// `scf.for` over `n` by one; a single iteration in line.
fn each<'c>(b: &Builder<'c>, n: i64, body: impl FnOnce(&Builder<'c>, Value<'c>)) {
    b.times(n, 1, body);
}

/// A unit as image and row; without a division if there is one image.
fn split<'c>(b: &Builder<'c>, unit: Value<'c>, images: i64, rows: Value<'c>) -> (Value<'c>, Value<'c>) {
    if images == 1 {
        return (b.index(0), unit);
    }
    (b.binary("arith.divui", unit, rows), b.binary("arith.remui", unit, rows))
}
