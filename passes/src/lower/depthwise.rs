//! `nn.depthwise_conv2d` to loops.
//!
//! A tile of outputs is kept in registers while the input positions it sees are loaded once each and multiplied with
//! every tap that reaches an output. There is no padded copy: columns at the edges are specialised when the code is made;
//! rows whose window reaches into the padding loop over the kernel rows that lie inside, and large windows do so in
//! every row (their loop body is long enough to hide the loop; unrolled, a 5x5 window would be ten times the code).
//! Innermost but for that loop runs over channels, which are contiguous.
//!
//! Measured (3x3, V8 on x86-64): stride 1: 2x4 outputs on wide images, 1x7 on those of 14 columns and less; stride 2: 1x4.

use super::kernel::Kernel;
use super::point::PointEval;
use super::vector::splat;
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, OpError, OpExt, TensorTy, Type, Value, ValueExt, VectorTy};
use weft_dialects::nn::{Window, depthwise_conv2d::DepthwiseConv2d};

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
    if x.elem != Elem::F32 {
        return Err(OpError::new(op, format!("no kernel for elements of type {}", x.elem.mlir())));
    }
    if x.is_symbolic() || y.is_symbolic() {
        return Err(OpError::new(op, "a depthwise convolution is lowered for dims that are known only"));
    }
    let window = Window::of(op, [w.shape[0], w.shape[1]])?;
    Ok(Extents { x, y, window })
}

/// The schedule: `units` of the outermost loop (blocks of `channels` channels in each image), and the tile's `rows` and
/// `columns`.
///
/// # Errors
/// When the kernel is no depthwise convolution that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Vec<(&'static str, i64)>, OpError> {
    let e = extents(kernel)?;
    let (oh, ow, c) = (e.y.shape[1], e.y.shape[2], e.y.shape[3]);
    let unit_stride = e.window.strides == [1, 1];
    // Outputs, one input and one weight are live; the rest of a tap's weights come and go.
    let most = target.vector_registers - 2 - i64::from(!target.fma);
    let (rows, columns) = if unit_stride && ow >= 28 && e.window.kernel[1] <= 3 {
        (2, 4)
    } else if unit_stride && ow <= 14 {
        (1, 7)
    } else {
        (1, 4)
    };
    let (rows, columns) = (rows.min(oh), columns.min(ow).min(most));
    // All channels in one unit: fewer would read each line of the image several times.
    let channels = c.max(1);
    let units = e.y.shape[0] * ((c + channels - 1) / channels);
    Ok(vec![("units", units), ("rows", rows), ("columns", columns), ("channels", channels)])
}

/// Tiles along an axis that see the same taps: outputs of one, first output, how many.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    size: i64,
    start: i64,
    count: i64,
    /// For each input position relative to the tile's first: whether it lies inside the image.
    inside: Vec<bool>,
}

/// Splits the outputs `[from, to)` along an axis into tiles of `tile`, neighbours with equal edges together.
fn groups(window: &Window, axis: usize, (from, to): (i64, i64), tile: i64, extent: i64) -> Vec<Group> {
    let reach = (window.kernel[axis] - 1) * window.dilations[axis] + 1;
    let mut out: Vec<Group> = Vec::new();
    let mut at = from;
    while at < to {
        let size = tile.min(to - at);
        let span = (size - 1) * window.strides[axis] + reach;
        let first = window.input(axis, at, 0);
        let inside: Vec<bool> = (0..span).map(|i| (0..extent).contains(&(first + i))).collect();
        match out.last_mut() {
            Some(g) if g.size == size && g.inside == inside => g.count += 1,
            _ => out.push(Group { size, start: at, count: 1, inside }),
        }
        at += size;
    }
    out
}

/// The output rows whose window lies inside the image: `[from, to)`; empty at 0 if there is none.
fn inner_rows(window: &Window, outputs: i64, extent: i64) -> (i64, i64) {
    let reach = (window.kernel[0] - 1) * window.dilations[0] + 1;
    let inside = |o: &i64| window.input(0, *o, 0) >= 0 && window.input(0, *o, 0) + reach <= extent;
    let from = (0..outputs).find(inside).unwrap_or(0);
    let to = from + (from..outputs).take_while(|o| inside(o)).count() as i64;
    (from, to)
}

/// Products of a tile up to which its kernel rows are unrolled.
const UNROLLED_PRODUCTS: i64 = 80;

/// Builds the loops.
///
/// # Errors
/// When an operand isn't a planned buffer, or the tail can't be evaluated at a point.
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let e = extents(kernel)?;
    let op = kernel.blame();
    let (rows, columns, channels) = (kernel.setting("rows")?, kernel.setting("columns")?, kernel.setting("channels")?);
    let (oh, ow, c) = (e.y.shape[1], e.y.shape[2], e.y.shape[3]);
    let b = kernel.builder(cx);
    let (begin, end) = kernel.range()?;
    let blocks = (c + channels - 1) / channels;
    let xs = groups(&e.window, 1, (0, ow), columns, e.x.shape[2]);
    let unrolled = rows * columns * e.window.kernel.iter().product::<i64>() <= UNROLLED_PRODUCTS;
    let (from, to) = if unrolled { inner_rows(&e.window, oh, e.x.shape[1]) } else { (0, 0) };
    let ys = groups(&e.window, 0, (from, to), rows, e.x.shape[1]);
    let mut outcome = Ok(());
    let one = b.index(1);
    b.for_loop(begin, end, one, &[], |b, unit, _| {
        let (n, block) = if blocks == 1 {
            (unit, b.index(0))
        } else {
            let blocks = b.index(blocks);
            (b.binary("arith.divui", unit, blocks), b.binary("arith.remui", unit, blocks))
        };
        let first = b.binary("arith.muli", block, b.index(channels));
        let past = b.binary("arith.addi", first, b.index(channels));
        let all = b.index(c);
        let past = if c % channels == 0 { past } else { b.binary("arith.minsi", past, all) };
        let row = |b: &Builder<'c>, y: Value<'c>, rows: Option<&Group>| {
            for_groups(b, &xs, &mut |b, x, gx| {
                let tile = Tile { e: &e, kernel, n, y, x, gy: rows, gx };
                tile.channels(b, op, first, past, c, target.vector_lanes)
            })
        };
        outcome = for_groups(b, &ys, &mut |b, y, gy| row(b, y, Some(gy))).and_then(|()| {
            // The other rows, before and behind, in one loop: one copy of the code.
            let others = oh - (to - from);
            let mut outcome = Ok(());
            b.times(others, 1, |b, i| {
                let y = if to == from {
                    i
                } else {
                    let before = b.compare("slt", i, b.index(from));
                    let behind = b.binary("arith.addi", i, b.index(to - from));
                    b.select(before, i, behind)
                };
                outcome = row(b, y, None);
            });
            outcome
        });
        Vec::new()
    });
    outcome
}

fn for_groups<'c>(
    b: &Builder<'c>,
    groups: &[Group],
    body: &mut dyn FnMut(&Builder<'c>, Value<'c>, &Group) -> Result<(), OpError>,
) -> Result<(), OpError> {
    for g in groups {
        if g.count == 1 {
            body(b, b.index(g.start), g)?;
            continue;
        }
        let (lower, upper, step) = (b.index(g.start), b.index(g.start + g.count * g.size), b.index(g.size));
        let mut outcome = Ok(());
        b.for_loop(lower, upper, step, &[], |b, i, _| {
            outcome = body(b, i, g);
            Vec::new()
        });
        outcome?;
    }
    Ok(())
}

/// A tile of outputs at `(y, x)`.
struct Tile<'k, 'c> {
    e: &'k Extents,
    kernel: &'k Kernel<'c>,
    n: Value<'c>,
    y: Value<'c>,
    x: Value<'c>,
    /// The tile's rows, unrolled; `None` for one row that loops over the kernel rows inside the image.
    gy: Option<&'k Group>,
    gx: &'k Group,
}

impl<'c> Tile<'_, 'c> {
    /// The loop over channels `[first, past)`: vectors, then what is left one by one.
    fn channels(
        &self,
        b: &Builder<'c>,
        op: weft_dialects::ir::Op<'c>,
        first: Value<'c>,
        past: Value<'c>,
        c: i64,
        lanes: i64,
    ) -> Result<(), OpError> {
        let whole = c / lanes * lanes;
        let mut outcome = Ok(());
        if whole > 0 {
            let upper = if whole == c { past } else { b.binary("arith.minsi", past, b.index(whole)) };
            let step = b.index(lanes);
            b.for_loop(first, upper, step, &[], |b, ch, _| {
                outcome = self.outputs(b, op, ch, lanes);
                Vec::new()
            });
            outcome?;
        }
        let mut outcome = Ok(());
        if whole < c {
            let lower = b.binary("arith.maxsi", first, b.index(whole));
            let step = b.index(1);
            b.for_loop(lower, past, step, &[], |b, ch, _| {
                outcome = self.outputs(b, op, ch, 1);
                Vec::new()
            });
        }
        outcome
    }

    /// All outputs of the tile for `lanes` channels from `ch`.
    fn outputs(
        &self,
        b: &Builder<'c>,
        op: weft_dialects::ir::Op<'c>,
        ch: Value<'c>,
        lanes: i64,
    ) -> Result<(), OpError> {
        let cx = b.cx;
        let conv = DepthwiseConv2d(op);
        let err = || OpError::new(op, "an operand of a convolution must be a buffer of its own");
        let image = self.kernel.memref(conv.x()).ok_or_else(err)?;
        let weights = self.kernel.memref(conv.w()).ok_or_else(err)?;
        let ty: Type<'c> = if lanes == 1 { cx.f32() } else { VectorTy::new(Elem::F32, lanes).to_mlir(cx) };
        let w = &self.e.window;
        let kw = w.kernel[1];
        let zero = b.f32(0.0);
        let zero = if lanes == 1 { zero } else { splat(b, zero, lanes) };
        let rows = self.gy.map_or(1, |g| g.size);
        let mut sums = vec![zero; (rows * self.gx.size) as usize];
        // Input position 0 of the tile; offsets inside stay constants.
        let base = |v: Value<'c>, axis: usize| b.binary("arith.muli", v, b.index(w.strides[axis]));
        let (y0, x0) = (base(self.y, 0), base(self.x, 1));
        // Adds what one input row gives to the outputs: `served` are pairs of output row and kernel row.
        let add_row = |b: &Builder<'c>, y: Value<'c>, served: &[(i64, Value<'c>)], sums: &mut [Value<'c>]| {
            // Weights of the kernel rows that this input row serves: live for one input row only.
            let mut taps: Vec<Option<Value<'c>>> = vec![None; served.len() * kw as usize];
            let load = |at: &[Value<'c>]| b.value(if lanes == 1 { "memref.load" } else { "vector.load" }, at, ty, &[]);
            for (ix, _) in self.gx.inside.iter().enumerate().filter(|x| *x.1) {
                let columns = serves(w, ix as i64, 1, self.gx.size);
                if columns.is_empty() {
                    continue;
                }
                let x = b.binary("arith.addi", x0, b.index(ix as i64 - w.pads[1]));
                let value = load(&[image, self.n, y, x, ch]);
                for (row, &(oy, ky)) in served.iter().enumerate() {
                    for &(ox, kx) in &columns {
                        let tap = *taps[row * kw as usize + kx as usize]
                            .get_or_insert_with(|| load(&[weights, ky, b.index(kx), ch]));
                        let s = &mut sums[(oy * self.gx.size + ox) as usize];
                        let p = b.contract("arith.mulf", value, tap);
                        *s = b.contract("arith.addf", p, *s);
                    }
                }
            }
        };
        match self.gy {
            Some(gy) => {
                for (iy, _) in gy.inside.iter().enumerate().filter(|x| *x.1) {
                    let served: Vec<_> =
                        serves(w, iy as i64, 0, gy.size).into_iter().map(|(oy, ky)| (oy, b.index(ky))).collect();
                    if !served.is_empty() {
                        let y = b.binary("arith.addi", y0, b.index(iy as i64 - w.pads[0]));
                        add_row(b, y, &served, &mut sums);
                    }
                }
            }
            None => {
                let (lower, upper) = kernel_rows(b, w, y0, self.e.x.shape[1]);
                let one = b.index(1);
                sums = b.for_loop(lower, upper, one, &sums, |b, ky, carried| {
                    let mut sums = carried.to_vec();
                    let down = b.binary("arith.muli", ky, b.index(w.dilations[0]));
                    let y = b.binary("arith.addi", y0, down);
                    let y = b.binary("arith.addi", y, b.index(-w.pads[0]));
                    add_row(b, y, &[(0, ky)], &mut sums);
                    sums
                });
            }
        }
        let mut eval = PointEval::new(self.kernel, cx);
        for oy in 0..rows {
            let y = eval.offset(b, self.y, oy);
            for ox in 0..self.gx.size {
                let x = eval.offset(b, self.x, ox);
                let at = [self.n, y, x, ch];
                eval.set_known(op.res(0), sums[(oy * self.gx.size + ox) as usize]);
                let v = eval.value_at(b, self.kernel.result, &at, lanes)?;
                eval.store(b, v, &at);
            }
        }
        Ok(())
    }
}

/// Which outputs of a tile of `size` an input position `i` serves along an axis, and through which tap.
fn serves(w: &Window, i: i64, axis: usize, size: i64) -> Vec<(i64, i64)> {
    (0..w.kernel[axis])
        .filter_map(|k| {
            let d = i - k * w.dilations[axis];
            (d >= 0 && d % w.strides[axis] == 0 && d / w.strides[axis] < size).then(|| (d / w.strides[axis], k))
        })
        .collect()
}

/// The kernel rows `[lower, upper)` that lie inside the image for the output row that starts at input row `y0 - top`:
/// `lower = ceil((top - y0) / d)` and `upper = floor((h - 1 + top - y0) / d) + 1`, within `[0, kh]`.
fn kernel_rows<'c>(b: &Builder<'c>, w: &Window, y0: Value<'c>, h: i64) -> (Value<'c>, Value<'c>) {
    let d = w.dilations[0];
    let divided = |n: i64| {
        let from = b.index(n);
        let raw = b.binary("arith.subi", from, y0);
        let zero = b.index(0);
        let clamped = b.binary("arith.maxsi", raw, zero);
        if d == 1 { clamped } else { b.binary("arith.divui", clamped, b.index(d)) }
    };
    let lower = divided(w.pads[0] + d - 1);
    let upper = divided(h - 1 + w.pads[0] + d);
    let all = b.index(w.kernel[0]);
    (lower, b.binary("arith.minsi", upper, all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_told_apart_and_inner_tiles_merged() {
        let w = Window { kernel: [3, 3], strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1] };
        let g = groups(&w, 1, (0, 12), 4, 12);
        let inner: Vec<_> =
            g.iter().map(|g| (g.start, g.size, g.count, g.inside.iter().filter(|x| **x).count())).collect();
        assert_eq!(inner, [(0, 4, 1, 5), (4, 4, 1, 6), (8, 4, 1, 5)]);
        assert_eq!(groups(&w, 1, (0, 32), 4, 32)[1].count, 6);
        assert_eq!(inner_rows(&w, 12, 12), (1, 11));
        assert_eq!(inner_rows(&Window { kernel: [5, 5], pads: [2; 4], ..w }, 3, 3), (0, 0));
    }
}
