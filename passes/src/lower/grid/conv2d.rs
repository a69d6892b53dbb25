//! `nn.conv2d` on a grid: implicit GEMM.
//!
//! Rows of the product are the outputs' positions, all images' one after the other. The sum runs over the taps and over the channels
//! of each, that are contiguous. What lies in the padding is not loaded: no padded copy.

use super::gemm::{Left, Place, Product, Right, Rows, scaled, shifted};
use super::tile::{LANES, Size, Tile, corner};
use crate::lower::Schedule;
use crate::lower::kernel::Kernel;
use crate::lower::point::{buffer_ty, flat_view};
use crate::lower::symbols::SymbolValues;
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, OpError, OpExt, TensorTy, Value, ValueExt, extent};
use weft_dialects::nn::{Window, conv2d::Conv2d};

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
    /// Input channels of a group.
    fn channels(&self) -> i64 {
        self.x.shape[3] / self.groups
    }

    /// Whether the taps of a kernel row and their channels are one run of the input: worth it where channels alone are no whole
    /// vectors.
    fn is_merged(&self, strides: &[i64]) -> bool {
        let run = self.groups == 1 && self.window.dilations[1] == 1 && strides[3] == 1 && strides[2] == self.x.shape[3];
        run && self.x.shape[3] % LANES != 0
    }

    fn size(&self, kernel: &Kernel<'_>) -> Size {
        let positions = self.y.shape[..3].iter().map(|&n| kernel.symbols.max(n)).product();
        Size { batch: self.groups, m: positions, n: self.columns, k: 0 }
    }

    /// Positions of all outputs.
    fn positions<'c>(&self, b: &Builder<'c>, symbols: &SymbolValues<'c>) -> Rows<'c> {
        let extents = &self.y.shape[..3];
        if !extent::any_symbolic(extents) {
            let known = extents.iter().product();
            return Rows { value: b.index(known), known: Some(known) };
        }
        let values = extents.iter().filter(|&&n| n != 1).map(|&n| symbols.value(b, n));
        let value = values.reduce(|x, y| b.binary("arith.muli", x, y)).unwrap_or_else(|| b.index(1));
        Rows { value, known: None }
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
    if !matches!(x.elem, Elem::F32 | Elem::F16) {
        return Err(OpError::new(op, format!("no kernel for elements of type {}", x.elem.mlir())));
    }
    let groups = conv.groups();
    Ok(Extents { columns: conv.channels() / groups, panel: conv.panel(), x, y, window, groups })
}

/// The schedule: the grid, and its tile.
///
/// # Errors
/// When the kernel is no convolution that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let size = extents(kernel)?.size(kernel);
    Ok(Tile::choose(size, target).schedule(size))
}

/// The input, seen from outputs.
struct Image<'a, 'c> {
    e: &'a Extents,
    memref: Value<'c>,
    strides: Vec<i64>,
    /// First channel of the group.
    channel: Value<'c>,
    symbols: &'a SymbolValues<'c>,
    /// Whether the taps of a kernel row and their channels are one run.
    merged: bool,
}

/// An output's image, line and column.
fn position<'c>(b: &Builder<'c>, symbols: &SymbolValues<'c>, y: &TensorTy, row: Value<'c>) -> [Value<'c>; 3] {
    let (h, w) = (y.shape[1], y.shape[2]);
    let (lines, column) = if w == 1 {
        (row, b.index(0))
    } else {
        let w = symbols.value(b, w);
        (b.binary("arith.divui", row, w), b.binary("arith.remui", row, w))
    };
    if y.shape[0] == 1 {
        return [b.index(0), lines, column];
    }
    if h == 1 {
        return [lines, b.index(0), column];
    }
    let h = symbols.value(b, h);
    [b.binary("arith.divui", lines, h), b.binary("arith.remui", lines, h), column]
}

impl<'c> Left<'c> for Image<'_, 'c> {
    fn outer(&self) -> &[i64] {
        if self.merged { &self.e.window.kernel[..1] } else { &self.e.window.kernel }
    }

    fn inner(&self) -> i64 {
        if self.merged { self.e.window.kernel[1] * self.e.channels() } else { self.e.channels() }
    }

    /// Where the image starts, and the first line and column of the window; both may lie before the image.
    fn row(&self, b: &Builder<'c>, row: Value<'c>) -> Vec<Value<'c>> {
        let [image, line, column] = position(b, self.symbols, &self.e.y, row);
        let base = b.binary("arith.addi", scaled(b, image, self.strides[0]), self.channel);
        let window = &self.e.window;
        let first =
            |v: Value<'c>, axis: usize| shifted(b, scaled(b, v, window.strides[axis]), window.input(axis, 0, 0));
        vec![base, first(line, 0), first(column, 1)]
    }

    fn place(&self, b: &Builder<'c>, row: &[Value<'c>], outer: &[Value<'c>]) -> Place<'c> {
        let window = &self.e.window;
        let mut at = row[0];
        let mut inside: Option<Value<'c>> = None;
        let mut run = None;
        for axis in 0..2 {
            let tap = outer.get(axis).map(|&tap| scaled(b, tap, window.dilations[axis]));
            let v = tap.map_or(row[axis + 1], |tap| b.binary("arith.addi", row[axis + 1], tap));
            let padded = window.pads[axis] != 0 || window.pads[axis + 2] != 0;
            let length = self.symbols.value(b, self.e.x.shape[axis + 1]);
            let offset = scaled(b, v, self.strides[axis + 1]);
            if padded && tap.is_none() {
                run = Some([offset, scaled(b, length, self.strides[axis + 1])]);
            } else if padded {
                // What is negative is large without its sign.
                let within = b.compare("ult", v, length);
                inside = Some(inside.map_or(within, |other| b.binary("arith.andi", other, within)));
            }
            at = b.binary("arith.addi", at, offset);
        }
        if let Some(inside) = inside {
            at = b.select(inside, at, self.channel);
        }
        Place { memref: self.memref, at, stride: self.strides[3], inside, run, safe: self.channel }
    }
}

/// Builds what an invocation runs.
///
/// # Errors
/// When an operand isn't a planned buffer, or the tail can't be evaluated at a point.
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>) -> Result<(), OpError> {
    let e = extents(kernel)?;
    let op = kernel.blame();
    let conv = Conv2d(op);
    let memref = |v: Value<'c>| {
        kernel.memref(v).ok_or_else(|| OpError::new(op, "an operand of a convolution must be a buffer of its own"))
    };
    let (x, w) = (memref(conv.x())?, memref(conv.w())?);
    let (tile, size) = (Tile::of(kernel)?, e.size(kernel));
    let b = &kernel.builder(cx);
    let corner = corner(b, kernel, tile, size)?;
    let group = corner.batch;
    let (image, weights) = (buffer_ty(x), buffer_ty(w));
    let left = Image {
        e: &e,
        memref: flat_view(b, x),
        strides: image.strides.clone(),
        channel: scaled(b, group, e.channels()),
        symbols: &kernel.symbols,
        merged: e.is_merged(&image.strides),
    };
    let right = if e.panel > 0 {
        Right {
            memref: flat_view(b, w),
            base: scaled(b, group, weights.strides[0]),
            panel: if e.panel == 1 { 0 } else { e.panel },
            panel_stride: weights.strides[1],
            k_stride: weights.strides[2],
            stride: if e.panel == 1 { weights.strides[1] } else { 1 },
            columns: weights.shape[1] * e.panel,
        }
    } else {
        // Columns of all groups lie side by side.
        Right {
            memref: flat_view(b, w),
            base: scaled(b, group, e.columns),
            panel: 0,
            panel_stride: 0,
            k_stride: weights.strides[2],
            stride: 1,
            columns: e.columns,
        }
    };
    let m = e.positions(b, &kernel.symbols);
    let product =
        Product { kernel, tile, left: &left, right: &right, m, n: e.columns, first: corner.first, slice: None };
    let sums = product.sums(b);
    let base = scaled(b, group, e.columns);
    product.store(b, op.res(0), &sums, base, &|b, row| position(b, &kernel.symbols, &e.y, row).to_vec())
}
