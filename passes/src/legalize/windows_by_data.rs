//! Col2Im, MaxUnpool, the Indices of MaxPool, RoiAlign, DeformConv: windows whose places are data, or are results.

use super::dtype::Dtype;
use super::grid::{Along, Float, interpolate};
use super::node::{Ints, Node, Outputs, Reason, Typed, elements, invalid, unsupported};
use super::pick::{List, clamp, from_index, generate, number, wrap};
use super::scatter::{POSITION, rows};
use super::window::Window;
use weft_dialects::ir::{Elem, GenericSpec, LinExpr, Map, OpExt, Scalar, TensorTy, Value, row_major};

/// A reduction over the last `reduced.len()` loop dims, none of which is an operand's; the body gets the operands' values, the
/// positions, and the accumulator.
pub fn reduce_over<'c>(
    node: &Node<'c>,
    dtype: Dtype,
    (to, reduced): (&[i64], &[i64]),
    init: Scalar,
    ins: &[(Value<'c>, Map)],
    body: impl FnOnce(&weft_dialects::ir::Builder<'c>, &[Value<'c>], &[Value<'c>], Value<'c>) -> Value<'c>,
) -> Typed<'c> {
    let dims = to.len() + reduced.len();
    let n = ins.len();
    // Shows the extents; nothing is read from it.
    let window = node.b.empty(&TensorTy::new(Elem::I8, reduced));
    let mut ins = ins.to_vec();
    ins.push((window, Map::select(dims, &(to.len()..dims).collect::<Vec<_>>())));
    let init = node.b.splat(&TensorTy::new(dtype.elem, to), init);
    let outs = [(init, Map::select(dims, &(0..to.len()).collect::<Vec<_>>()))];
    let reduction: Vec<bool> = (0..dims).map(|d| d >= to.len()).collect();
    let y = node.b.generic(GenericSpec { ins: &ins, outs: &outs, reduction: &reduction }, |b, v| {
        let at: Vec<Value<'c>> = (0..dims).map(|d| b.loop_index(d)).collect();
        vec![body(b, &v[..n], &at, v[n + 1])]
    });
    Typed::new(y.res(0), dtype)
}

/// Col2Im (18): each image position is the sum of the columns' entries that lie there. The image's extents and the block's may
/// be data.
pub fn col2im<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let shape = x.shape();
    let [batch, columns, blocks] = shape[..] else { return invalid(format!("{shape:?} should have 3 dims")) };
    let missing = |what: &str| Reason::Invalid(format!("{what} is missing"));
    let image = node.int_operand(1, "the image's shape")?.ok_or_else(|| missing("the image's shape"))?;
    let block = node.int_operand(2, "the block's shape")?.ok_or_else(|| missing("the block's shape"))?;
    let spatial = block.len();
    let (to, taps) = match (&image, &block) {
        (Ints::Known(image), Ints::Known(block)) => {
            let taps: i64 = elements(block)?;
            ([&[batch, columns / taps.max(1)], &image[..]].concat(), taps)
        }
        _ => {
            let to = node.shape_by_data(0, "the image's or the block's shape")?;
            let channels = to.get(1).copied().unwrap_or_default().max(1);
            (to, columns / channels)
        }
    };
    elements(&to)?;
    if to.len() != spatial + 2 || image.len() != spatial || taps < 1 || to[1] * taps != columns || to[0] != batch {
        return invalid(format!("columns of {shape:?} don't fit an image of {to:?}"));
    }
    let window = Window::explicit(node, &vec![1; spatial])?;
    let dims = to.len() + 1;
    let mut ins = Vec::new();
    let block = List::new(&block, dims, &mut ins);
    let y = reduce_over(node, x.dtype, (&to, &[taps]), Scalar::F(0.0), &ins, |b, v, at, acc| {
        let (div, rem) = ("arith.divsi", "arith.remsi");
        let sizes: Vec<_> = (0..spatial).map(|i| b.binary("arith.maxsi", block.at(b, v, i), b.index(1))).collect();
        // The tap's place in the block, last dim first.
        let mut rest = at[dims - 1];
        let mut offsets = vec![rest; spatial];
        for i in (0..spatial).rev() {
            offsets[i] = b.binary(rem, rest, sizes[i]);
            rest = b.binary(div, rest, sizes[i]);
        }
        let mut inside: Option<Value<'c>> = None;
        let mut column = b.index(0);
        for i in 0..spatial {
            let stride = b.index(window.strides[i]);
            let reach = b.binary("arith.muli", offsets[i], b.index(window.dilations[i]));
            let from = b.binary("arith.addi", at[i + 2], b.index(window.begin[i]));
            let from = b.binary("arith.subi", from, reach);
            // How many blocks there are along the dim.
            let whole =
                b.binary("arith.muli", b.binary("arith.subi", sizes[i], b.index(1)), b.index(window.dilations[i]));
            let padded = b.index(to[i + 2] + window.begin[i] + window.end[i] - 1);
            let count = b.binary(div, b.binary("arith.subi", padded, whole), stride);
            let count = b.binary("arith.addi", count, b.index(1));
            let which = b.binary(div, from, stride);
            let even = b.compare("eq", b.binary(rem, from, stride), b.index(0));
            let low = b.compare("sge", from, b.index(0));
            let here = b.binary("arith.andi", even, low);
            let here = b.binary("arith.andi", here, b.compare("slt", which, count));
            inside = Some(inside.map_or(here, |all| b.binary("arith.andi", all, here)));
            column = b.binary("arith.addi", b.binary("arith.muli", column, count), which);
        }
        let row = b.binary("arith.addi", b.binary("arith.muli", at[1], b.index(taps)), at[dims - 1]);
        let entry = b.extract(x.value, &[at[0], row, clamp(b, column, blocks)]);
        let entry = inside.map_or(entry, |inside| b.select(inside, entry, number(b, x.dtype, 0)));
        b.binary("arith.addf", acc, entry)
    });
    Ok(vec![y])
}

/// MaxUnpool (9; 11): values at the positions that they were taken from, zeros elsewhere.
pub fn max_unpool<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, indices) = (node.input(0)?, node.input(1)?);
    let shape = x.shape();
    let kernel = node.ints("kernel_shape")?.ok_or_else(|| Reason::Invalid("'kernel_shape' is missing".into()))?;
    if shape.len() != kernel.len() + 2 || indices.shape() != shape {
        return invalid(format!("{shape:?} doesn't fit a window of {kernel:?} and indices of {:?}", indices.shape()));
    }
    let w = Window::explicit(node, &kernel)?;
    // The positions count in the smallest image that the windows fit.
    let mut own = shape.clone();
    for i in 0..kernel.len() {
        own[i + 2] = (shape[i + 2] - 1) * w.strides[i] - w.begin[i] - w.end[i] + kernel[i];
    }
    let total = elements(&own)?;
    let to = match node.int_operand(2, "the shape")? {
        None => own.clone(),
        Some(Ints::Known(to)) => to,
        Some(Ints::Data(_)) => node.shape_by_data(0, "the shape (input 2)")?,
    };
    if to.len() != own.len() || to.iter().zip(&own).any(|(t, o)| t < o) || x.len() == 0 {
        return invalid(format!("{own:?} doesn't fit into {to:?}"));
    }
    let m = x.len();
    let flat = |t: Typed<'c>, to: &[i64]| t.with(node.b.reshape(t.value, to));
    let at = generate(node, POSITION, &[m], &[(flat(indices, &[m]).value, Map::identity(1))], |b, v, _| {
        from_index(b, wrap(b, v[0], indices.dtype, total), POSITION)
    });
    let zero = super::node::number(x.dtype.elem, 0.0);
    let zeros = x.with(node.b.splat(&TensorTy::new(x.dtype.elem, &[total, 1]), zero));
    let y = flat(rows(node, zeros, at, flat(x, &[m, 1]), "set")?, &own);
    let high: Vec<i64> = to.iter().zip(&own).map(|(t, o)| t - o).collect();
    Ok(vec![y.with(node.b.pad(y.value, &vec![0; to.len()], &high, zero))])
}

/// The Indices of MaxPool (8): for each maximum the first position in its window that has it, counted over the whole input, by
/// rows or (`storage_order`) by columns. `y` is the maximum, both channels first.
pub fn max_pool_indices<'c>(node: &Node<'c>, x: Typed<'c>, y: Typed<'c>, window: &Window) -> Result<Typed<'c>, Reason> {
    let (shape, to) = (x.shape(), y.shape());
    let spatial = window.kernel.len();
    let columns_first = node.flag("storage_order", false)?;
    elements(&shape)?;
    // What a step along each dim counts.
    let mut steps = row_major(&shape);
    if columns_first {
        let mut step = 1;
        for i in 0..spatial {
            steps[i + 2] = step;
            step *= shape[i + 2];
        }
    }
    let dims = to.len() + spatial;
    let ins = [(y.value, Map::select(dims, &(0..to.len()).collect::<Vec<_>>()))];
    let none = i64::from(i32::MAX);
    let found = reduce_over(node, POSITION, (&to, &window.kernel), Scalar::I(none), &ins, |b, v, at, acc| {
        let mut place = at[..2].to_vec();
        let mut inside: Option<Value<'c>> = None;
        let sum = |terms: &[Value<'c>]| {
            let products = terms.iter().zip(&steps).map(|(&p, &s)| b.binary("arith.muli", p, b.index(s)));
            products.reduce(|x, y| b.binary("arith.addi", x, y)).unwrap_or_else(|| b.index(0))
        };
        for i in 0..spatial {
            let tap = b.binary("arith.muli", at[to.len() + i], b.index(window.dilations[i]));
            let first = b.binary("arith.muli", at[i + 2], b.index(window.strides[i]));
            let p = b.binary("arith.subi", b.binary("arith.addi", first, tap), b.index(window.begin[i]));
            let here = b.compare("ult", p, b.index(shape[i + 2]));
            inside = Some(inside.map_or(here, |all| b.binary("arith.andi", all, here)));
            place.push(clamp(b, p, shape[i + 2]));
        }
        let value = b.extract(x.value, &place);
        let mut hit = b.compare(if x.dtype.is_float() { "oeq" } else { "eq" }, value, v[0]);
        if x.dtype.is_float() {
            hit = b.binary("arith.ori", hit, b.compare("uno", value, value));
        }
        let hit = inside.map_or(hit, |inside| b.binary("arith.andi", inside, hit));
        let position = from_index(b, sum(&place), POSITION);
        b.binary("arith.minsi", acc, b.select(hit, position, number(b, POSITION, none)))
    });
    super::cast::convert(node, found, Dtype::INT64)
}

/// RoiAlign (10; 16: half pixels; 22): means, or maxima, of interpolated samples of regions.
pub fn roi_align<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, regions, images) = (node.input(0)?, node.input(1)?, node.input(2)?);
    node.float_only(x)?;
    node.same_dtype(&[x, regions])?;
    let shape = x.shape();
    let ([n, c, h, w], [r, 4]) = (super::conv::to_array(&shape)?, super::conv::to_array(&regions.shape())?) else {
        return invalid(format!("regions of {:?} should have 4 columns", regions.shape()));
    };
    if images.shape() != [r] || x.len() == 0 {
        return invalid(format!("{r} regions, and batch indices of {:?}", images.shape()));
    }
    let (height, width) = (node.int_or("output_height", 1)?, node.int_or("output_width", 1)?);
    let samples = node.int_or("sampling_ratio", 0)?;
    if samples < 1 {
        return unsupported("a sampling_ratio of 0, by which each region has its own number of samples");
    }
    let by_default = if node.opset < 16 { "output_half_pixel" } else { "half_pixel" };
    let half = node.string_or("coordinate_transformation_mode", by_default)? == "half_pixel";
    let mean = match node.string_or("mode", "avg")?.as_str() {
        "avg" => true,
        "max" => false,
        other => return invalid(format!("mode = \"{other}\"")),
    };
    let spatial_scale = node.float_or("spatial_scale", 1.0)?;
    let to = [r, c, height, width];
    elements(&to)?;
    let entry = |k: i64| (regions.value, Map { dims: 6, results: vec![LinExpr::dim(0), LinExpr::constant(k)] });
    let ins = [entry(0), entry(1), entry(2), entry(3), (images.value, Map::select(6, &[0]))];
    let init = Scalar::F(if mean { 0.0 } else { f64::NEG_INFINITY });
    let pooled = reduce_over(node, x.dtype, (&to, &[samples, samples]), init, &ins, |b, v, at, acc| {
        let f = Float { b, elem: x.dtype.elem };
        let image = wrap(b, v[4], images.dtype, n);
        // x and y of the corners stand side by side; rows come first in the image.
        let axis = |i: usize, extent: i64, bins: i64| {
            let corner = |v: Value<'c>| f.sub(f.mul(v, f.num(spatial_scale)), f.num(if half { 0.5 } else { 0.0 }));
            let (start, end) = (corner(v[1 - i]), corner(v[3 - i]));
            let mut size = f.sub(end, start);
            if !half {
                // Malformed regions are of one pixel.
                size = b.binary("arith.maxnumf", size, f.num(1.0));
            }
            let bin = f.mul(size, f.num(1.0 / bins as f64));
            let (o, s) = (from_index(b, at[i + 2], x.dtype), from_index(b, at[i + 4], x.dtype));
            let within = f.mul(f.add(s, f.num(0.5)), f.num(1.0 / samples as f64));
            Along::clipped(&f, f.add(start, f.mul(f.add(o, within), bin)), extent)
        };
        let (rows, columns) = (axis(0, h, height), axis(1, w, width));
        let read = |place: &[Value<'c>]| b.extract(x.value, &[image, at[1], place[0], place[1]]);
        if mean {
            return f.add(acc, interpolate(&f, &[rows, columns], &mut Vec::new(), &read));
        }
        // The maximum is of the weighted corners, not of their sum.
        let mut top = acc;
        for row in &rows {
            for column in &columns {
                let mut value = read(&[row.at, column.at]);
                for tap in [row, column] {
                    value = tap.weight.map_or(value, |w| f.mul(w, value));
                    value = tap.inside.map_or(value, |inside| b.select(inside, value, f.num(0.0)));
                }
                top = b.binary("arith.maximumf", top, value);
            }
        }
        top
    });
    if !mean {
        return Ok(vec![pooled]);
    }
    let count = (samples * samples) as f64;
    Ok(vec![node.map(&[pooled], x.dtype, |b, v| {
        b.binary("arith.mulf", v[0], b.scalar(x.dtype.elem, Scalar::F(1.0 / count)))
    })?])
}

/// DeformConv (19; 22) of images: the window's taps are moved by offsets, interpolated, weighted by a mask; then a product with the
/// weights.
pub fn deform_conv<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, weights, offset) = (node.input(0)?, node.input(1)?, node.input(2)?);
    node.float_only(x)?;
    node.same_dtype(&[x, weights, offset])?;
    let (shape, kernel) = (x.shape(), weights.shape());
    let ([n, c, h, w], [oc, per_group, kh, kw]) = (super::conv::to_array(&shape)?, super::conv::to_array(&kernel)?);
    let window = Window::read(node, &[kh, kw], &[h, w])?;
    let (groups, offset_groups) = (node.int_or("group", 1)?, node.int_or("offset_group", 1)?);
    let places = offset.shape();
    let [n2, moves, oh, ow] = super::conv::to_array(&places)?;
    let fits = groups > 0 && offset_groups > 0 && per_group * groups == c && oc % groups == 0 && c % offset_groups == 0;
    if !fits || n2 != n || moves != offset_groups * kh * kw * 2 {
        return invalid(format!("{shape:?}, weights of {kernel:?} and offsets of {places:?} don't fit each other"));
    }
    let mask = node.optional(4);
    if let Some(mask) = mask
        && (mask.dtype != x.dtype || mask.shape() != [n, moves / 2, oh, ow])
    {
        return invalid(format!("a mask of {:?} doesn't fit offsets of {places:?}", mask.shape()));
    }
    let (taps, points) = (per_group * kh * kw, n * oh * ow);
    let wide = [groups, n, oh, ow, per_group, kh, kw];
    elements(&wide)?;
    let columns = generate(node, x.dtype, &wide, &[], |b, _, at| {
        let f = Float { b, elem: x.dtype.elem };
        let [g, image, i, j, channel, ki, kj] = at[..] else { return f.num(0.0) };
        let (add, mul) = ("arith.addi", "arith.muli");
        let channel = b.binary(add, b.binary(mul, g, b.index(per_group)), channel);
        let set = b.binary("arith.divui", channel, b.index(c / offset_groups));
        let tap = b.binary(add, b.binary(mul, b.binary(add, b.binary(mul, set, b.index(kh)), ki), b.index(kw)), kj);
        let axis = |d: usize, o: Value<'c>, k: Value<'c>, extent: i64| {
            let move_at = b.binary(add, b.binary(mul, tap, b.index(2)), b.index(d as i64));
            let moved = b.extract(offset.value, &[image, move_at, i, j]);
            let first = b.binary(mul, o, b.index(window.strides[d]));
            let place = b.binary(add, first, b.binary(mul, k, b.index(window.dilations[d])));
            let place = b.binary("arith.subi", place, b.index(window.begin[d]));
            Along::within(&f, f.add(from_index(b, place, x.dtype), moved), extent)
        };
        let around = [axis(0, i, ki, h), axis(1, j, kj, w)];
        let value = interpolate(&f, &around, &mut Vec::new(), &|place| {
            b.extract(x.value, &[image, channel, place[0], place[1]])
        });
        mask.map_or(value, |mask| f.mul(value, b.extract(mask.value, &[image, tap, i, j])))
    });
    let columns = columns.with(node.b.reshape(columns.value, &[groups, points, taps]));
    let right = node.b.permute(node.b.reshape(weights.value, &[groups, oc / groups, taps]), &[0, 2, 1]);
    let y = super::matmul::product3(node, columns, weights.with(right), oc / groups)?;
    let y = node.b.reshape(y.value, &[groups, n, oh, ow, oc / groups]);
    let y = x.with(node.b.reshape(node.b.permute(y, &[1, 0, 4, 2, 3]), &[n, oc, oh, ow]));
    match node.optional(3) {
        Some(bias) => Ok(vec![node.along(y, bias, 1, "arith.addf")]),
        None => Ok(vec![y]),
    }
}
