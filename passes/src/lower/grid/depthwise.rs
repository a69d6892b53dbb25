//! `nn.depthwise_conv2d` on a grid.
//!
//! An invocation computes a tile of outputs for four neighbouring channels: neighbours read neighbouring channels. Each input
//! position that the tile sees is loaded once; what lies in the padding counts as 0, wherever that is.

use super::gemm::{guarded, scaled, shifted};
use super::tile::ceil_div;
use super::{Dim, grid, linear_block_id, spread, thread_id};
use crate::lower::Schedule;
use crate::lower::access::{Accesses, trace};
use crate::lower::kernel::Kernel;
use crate::lower::point::{PointEval, buffer_ty};
use crate::lower::space::{storable, vectorizes};
use crate::lower::vector::{load_element, load_vector, splat};
use weft_dialects::ir::{Builder, Cx, Elem, Map, OpError, OpExt, TensorTy, Value, ValueExt, VectorTy};
use weft_dialects::nn::{Window, depthwise_conv2d::DepthwiseConv2d};

/// Invocations of a workgroup.
const BLOCK: i64 = 64;

/// Lanes of a vector of channels.
const LANES: i64 = 4;

struct Extents {
    x: TensorTy,
    y: TensorTy,
    window: Window,
}

fn extents(kernel: &Kernel<'_>) -> Result<Extents, OpError> {
    let op = kernel.blame();
    let conv = DepthwiseConv2d::from_op(op).ok_or_else(|| OpError::new(op, "the root is no nn.depthwise_conv2d"))?;
    let (Some(x), Some(w), Some(y)) = (conv.x().tensor_ty(), conv.w().tensor_ty(), op.res(0).tensor_ty()) else {
        return Err(OpError::new(op, "operands must be tensors"));
    };
    if !matches!(x.elem, Elem::F32 | Elem::F16) {
        return Err(OpError::new(op, format!("no kernel for elements of type {}", x.elem.mlir())));
    }
    let window = Window::of(op, [w.shape[0], w.shape[1]])?;
    Ok(Extents { x, y, window })
}

/// What is counted by invocations: images, lines of tiles, tiles of a line, vectors of channels. All at their bounds.
fn counts(kernel: &Kernel<'_>, e: &Extents, [rows, columns, lanes]: [i64; 3]) -> [i64; 4] {
    let most = |i: usize| kernel.symbols.max(e.y.shape[i]);
    [most(0), ceil_div(most(1), rows), ceil_div(most(2), columns), e.y.shape[3] / lanes]
}

/// The schedule: the grid, a tile's `rows` and `columns`, and `lanes` of channels.
///
/// # Errors
/// When the kernel is no depthwise convolution that can be lowered.
pub fn schedule(kernel: &Kernel<'_>) -> Result<Schedule, OpError> {
    let e = extents(kernel)?;
    let root = kernel.blame().res(0);
    let dims = kernel.result_dims()?;
    let mut tail = Accesses::default();
    trace(kernel, None, Some(root), kernel.result, &Map::select(dims.len(), &dims), &mut tail)?;
    let whole = dims == [0, 1, 2, 3] && storable(buffer_ty(kernel.out).elem) && vectorizes(&tail, 3);
    let lanes = if whole && e.y.shape[3] % LANES == 0 { LANES } else { 1 };
    let [kh, kw] = e.window.kernel;
    let rows = if kh <= 3 && kw <= 3 && e.window.strides[0] == 1 { 2 } else { 1 };
    let rows = rows.min(kernel.symbols.max(e.y.shape[1]));
    let columns = 4.min(kernel.symbols.max(e.y.shape[2]));
    let total = counts(kernel, &e, [rows, columns, lanes]).iter().product();
    let mut out = grid(spread(ceil_div(total, BLOCK)), [BLOCK, 1, 1]);
    out.extend([("rows", rows), ("columns", columns), ("lanes", lanes)]);
    Ok(out)
}

/// A tile of outputs at a line and a column.
struct Tile<'a, 'c> {
    e: &'a Extents,
    x: Value<'c>,
    w: Value<'c>,
    image: Value<'c>,
    channel: Value<'c>,
    /// First line and column that the tile sees; both may lie before the image.
    first: [Value<'c>; 2],
    /// Lines and columns of the image.
    size: [Value<'c>; 2],
    rows: i64,
    columns: i64,
    lanes: i64,
}

impl<'c> Tile<'_, 'c> {
    fn load(&self, b: &Builder<'c>, memref: Value<'c>, at: &[Value<'c>]) -> Value<'c> {
        let elem = buffer_ty(memref).elem;
        let wide = VectorTy::new(Elem::F32, self.lanes).to_mlir(b.cx);
        let (v, ty) = match self.lanes {
            1 => (load_element(b, elem, memref, at), b.cx.f32()),
            lanes => (load_vector(b, elem, memref, at, lanes), wide),
        };
        if elem == Elem::F32 { v } else { b.value("arith.extf", &[v], ty, &[]) }
    }

    fn zero(&self, b: &Builder<'c>) -> Value<'c> {
        let zero = b.f32(0.0);
        if self.lanes == 1 { zero } else { splat(b, zero, self.lanes) }
    }

    /// Whether a line (axis 0) or column is inside the image, and a place that is; nothing is asked without padding and
    /// incomplete tiles.
    fn inside(&self, b: &Builder<'c>, axis: usize, v: Value<'c>) -> (Option<Value<'c>>, Value<'c>) {
        let window = &self.e.window;
        let tile = [self.rows, self.columns][axis];
        let ragged = self.e.y.shape[axis + 1] % tile != 0;
        if window.pads[axis] == 0 && window.pads[axis + 2] == 0 && !ragged {
            return (None, v);
        }
        let inside = b.compare("ult", v, self.size[axis]);
        (Some(inside), b.select(inside, v, b.index(0)))
    }

    /// Adds the products of what the tile sees on a line; `taps` are the tile's rows that see it, each with the weights of the
    /// kernel row that it does so through.
    fn line(&self, b: &Builder<'c>, line: Value<'c>, taps: &[(i64, &[Value<'c>])], sums: &mut [Value<'c>]) {
        let window = &self.e.window;
        let (line_inside, y) = self.inside(b, 0, line);
        let span = (self.columns - 1) * window.strides[1] + (window.kernel[1] - 1) * window.dilations[1] + 1;
        for position in 0..span {
            // Outputs and taps that see this position.
            let uses: Vec<(i64, i64)> = (0..self.columns)
                .flat_map(|o| (0..window.kernel[1]).map(move |q| (o, q)))
                .filter(|&(o, q)| o * window.strides[1] + q * window.dilations[1] == position)
                .collect();
            if uses.is_empty() {
                continue;
            }
            let (column_inside, x) = self.inside(b, 1, shifted(b, self.first[1], position));
            let mut v = self.load(b, self.x, &[self.image, y, x, self.channel]);
            let inside = match (line_inside, column_inside) {
                (Some(i), Some(j)) => Some(b.binary("arith.andi", i, j)),
                (i, j) => i.or(j),
            };
            if let Some(inside) = inside {
                v = b.select(inside, v, self.zero(b));
            }
            for &(o, q) in &uses {
                for &(row, weights) in taps {
                    let w = weights[q as usize];
                    let sum = &mut sums[(row * self.columns + o) as usize];
                    *sum = b.value("math.fma", &[v, w, *sum], v.ty(), &[]);
                }
            }
        }
    }

    /// The weights of a kernel row.
    fn weights(&self, b: &Builder<'c>, p: Value<'c>) -> Vec<Value<'c>> {
        (0..self.e.window.kernel[1]).map(|q| self.load(b, self.w, &[p, b.index(q), self.channel])).collect()
    }

    fn sums(&self, b: &Builder<'c>) -> Vec<Value<'c>> {
        let window = &self.e.window;
        let sums = vec![self.zero(b); (self.rows * self.columns) as usize];
        if self.rows == 1 {
            let (zero, end, one) = (b.index(0), b.index(window.kernel[0]), b.index(1));
            return b.for_loop(zero, end, one, &sums, |b, p, sums| {
                let mut sums = sums.to_vec();
                let line = b.binary("arith.addi", self.first[0], scaled(b, p, window.dilations[0]));
                self.line(b, line, &[(0, &self.weights(b, p))], &mut sums);
                sums
            });
        }
        let mut sums = sums;
        let weights: Vec<Vec<Value<'c>>> = (0..window.kernel[0]).map(|p| self.weights(b, b.index(p))).collect();
        let span = (self.rows - 1) * window.strides[0] + (window.kernel[0] - 1) * window.dilations[0] + 1;
        for i in 0..span {
            let taps: Vec<(i64, &[Value<'c>])> = (0..self.rows)
                .flat_map(|r| (0..window.kernel[0]).map(move |p| (r, p)))
                .filter(|&(r, p)| r * window.strides[0] + p * window.dilations[0] == i)
                .map(|(r, p)| (r, &weights[p as usize][..]))
                .collect();
            if !taps.is_empty() {
                self.line(b, shifted(b, self.first[0], i), &taps, &mut sums);
            }
        }
        sums
    }
}

/// Builds what an invocation runs.
///
/// # Errors
/// When an operand isn't a planned buffer, or the tail can't be evaluated at a point.
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>) -> Result<(), OpError> {
    let e = extents(kernel)?;
    let op = kernel.blame();
    let conv = DepthwiseConv2d(op);
    let memref = |v: Value<'c>| {
        kernel.memref(v).ok_or_else(|| OpError::new(op, "an operand of a convolution must be a buffer of its own"))
    };
    let (x, w) = (memref(conv.x())?, memref(conv.w())?);
    let (rows, columns, lanes) = (kernel.vectors("rows", 2)?, kernel.vectors("columns", 4)?, kernel.lanes(LANES)?);
    let b = &kernel.builder(cx);
    let counts = counts(kernel, &e, [rows, columns, lanes]);
    let total: i64 = counts.iter().product();
    let workgroups = [kernel.setting("grid_x")?, kernel.setting("grid_y")?, 1];
    let first = scaled(b, linear_block_id(b, workgroups), BLOCK);
    let number = b.binary("arith.addi", first, thread_id(b, Dim::X));
    let mut rest = number;
    let mut place = [b.index(0); 4];
    for i in (0..4).rev() {
        if i == 0 {
            place[0] = rest;
        } else if counts[i] > 1 {
            place[i] = b.binary("arith.remui", rest, b.index(counts[i]));
            rest = b.binary("arith.divui", rest, b.index(counts[i]));
        }
    }
    let mut outcome = Ok(());
    let mut body = |b: &Builder<'c>| {
        let [image, line, column, vector] = place;
        let (line, column) = (scaled(b, line, rows), scaled(b, column, columns));
        let window = &e.window;
        let seen = |v: Value<'c>, axis: usize| shifted(b, scaled(b, v, window.strides[axis]), -window.pads[axis]);
        let size = |i: usize| kernel.symbols.value(b, e.x.shape[i]);
        let tile = Tile {
            e: &e,
            x,
            w,
            image,
            channel: scaled(b, vector, lanes),
            first: [seen(line, 0), seen(column, 1)],
            size: [size(1), size(2)],
            rows,
            columns,
            lanes,
        };
        let sums = tile.sums(b);
        outcome = store(b, kernel, &e, &tile, [line, column], &sums);
    };
    if total == workgroups[0] * workgroups[1] * BLOCK {
        body(b);
    } else {
        b.when(b.compare("ult", number, b.index(total)), body);
    }
    outcome
}

/// Evaluates the tail for a tile's sums and stores it.
fn store<'c>(
    b: &Builder<'c>,
    kernel: &Kernel<'c>,
    e: &Extents,
    tile: &Tile<'_, 'c>,
    [line, column]: [Value<'c>; 2],
    sums: &[Value<'c>],
) -> Result<(), OpError> {
    let root = kernel.blame().res(0);
    let dims = kernel.result_dims()?;
    let mut eval = PointEval::new(kernel, b.cx);
    let elem = e.y.elem;
    let end = |axis: usize, size: i64| {
        let n = e.y.shape[axis];
        (n % size != 0).then(|| kernel.symbols.value(b, n))
    };
    let ends = [end(1, tile.rows), end(2, tile.columns)];
    let at = |line: Value<'c>, column: Value<'c>| -> Vec<Value<'c>> {
        let point = [tile.image, line, column, tile.channel];
        dims.iter().map(|&d| point[d]).collect()
    };
    let step: Vec<i64> = dims.iter().map(|&d| i64::from(d == 3)).collect();
    let narrow = |b: &Builder<'c>, v: Value<'c>| {
        if elem == Elem::F32 {
            return v;
        }
        let ty = if tile.lanes == 1 { b.cx.elem(elem) } else { VectorTy::new(elem, tile.lanes).to_mlir(b.cx) };
        b.value("arith.truncf", &[v], ty, &[])
    };
    for r in 0..tile.rows {
        let y = shifted(b, line, r);
        for o in 0..tile.columns {
            let x = shifted(b, column, o);
            let sum = narrow(b, sums[(r * tile.columns + o) as usize]);
            eval.set_known(root, sum);
            if r == 0 && o == 0 {
                // What is the same for all outputs is loaded once, before they part.
                eval.warm(b, kernel.result, &at(b.index(0), b.index(0)), &step, tile.lanes)?;
            }
            let inside = [(y, ends[0]), (x, ends[1])]
                .into_iter()
                .filter_map(|(v, end)| end.map(|end| b.compare("ult", v, end)))
                .reduce(|i, j| b.binary("arith.andi", i, j));
            guarded(b, &mut eval, inside, |b, eval| {
                let v = eval.value_along(b, kernel.result, &at(y, x), &step, tile.lanes)?;
                eval.store(b, v, &at(y, x));
                Ok(())
            })?;
        }
    }
    Ok(())
}
