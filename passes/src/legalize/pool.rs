//! MaxPool, AveragePool and the global ones.

use super::conv::to_array;
use super::node::{Node, Outputs, Reason, Typed, invalid, number};
use super::reduce;
use super::window::{Window, channels_first, channels_last};
use weft_dialects::ir::{Builder, Count, Scalar, ValueExt, extent};
use weft_dialects::nn::avg_pool2d::AvgPool2d;
use weft_dialects::nn::max_pool2d::MaxPool2d;

/// MaxPool (8: indices; 10: `ceil_mode`, `dilations`; 12: 8-bit integers).
pub fn max_pool<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let (window, _) = read(node, x)?;
    let source = x;
    // The op compares signed numbers: unsigned ones are shifted by half their range.
    let flip = |x: Typed<'c>| -> Result<Typed<'c>, Reason> {
        let top = Scalar::I(1 << (8 * x.dtype.elem.bytes() - 1)).to(x.dtype.elem);
        node.map(&[x], x.dtype, |b, v| b.binary("arith.xori", v[0], b.scalar(x.dtype.elem, top)))
    };
    let x = if x.dtype.unsigned { flip(x)? } else { x };
    let y = separable(node, channels_last(&node.b, x), &window, &|x, w| {
        let op = MaxPool2d::build(&node.b, x.value, &w.kernel, &w.strides, &w.dilations, &w.pads(), &[x.value.ty()]);
        Ok(x.with(node.inferred(op)?))
    })?;
    let y = channels_first(&node.b, y);
    let y = if x.dtype.unsigned { flip(y)? } else { y };
    if !node.is_used(1) {
        return Ok(vec![y]);
    }
    Ok(vec![y, super::windows_by_data::max_pool_indices(node, source, y, &window)?])
}

/// AveragePool (7: `count_include_pad`; 10: `ceil_mode`; 19: `dilations`).
pub fn average_pool<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let (window, own) = read(node, x)?;
    // Only the model's own padding counts, not what `ceil_mode` adds.
    let counted = if node.flag("count_include_pad", false)? { Some(&own) } else { None };
    let y = means(node, channels_last(&node.b, x), &window, counted)?;
    Ok(vec![channels_first(&node.b, y)])
}

/// LpPool (2: whole `p`; 18: `ceil_mode`, `dilations`): `(sum of |x|^p)^(1/p)`, the sum being the mean of as many positions
/// as the window has.
pub fn lp_pool<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let (window, _) = read(node, x)?;
    let p = node.int_or("p", 2)?;
    if p < 1 {
        return invalid(format!("p = {p}"));
    }
    let elem = x.dtype.elem;
    let num = move |b: &Builder<'c>, v: f64| b.scalar(elem, Scalar::F(v));
    let powers = node.map(&[channels_last(&node.b, x)], x.dtype, |b, v| match p {
        1 => b.unary("math.absf", v[0]),
        2 => b.binary("arith.mulf", v[0], v[0]),
        p => b.binary("math.powf", b.unary("math.absf", v[0]), num(b, p as f64)),
    })?;
    let mean = means(node, powers, &window, Some(&window))?;
    let count: i64 = window.kernel.iter().product();
    let y = node.map(&[mean], x.dtype, |b, v| {
        let sum = b.binary("arith.mulf", v[0], num(b, count as f64));
        match p {
            1 => sum,
            2 => b.unary("math.sqrt", sum),
            p => b.binary("math.powf", sum, num(b, 1.0 / p as f64)),
        }
    })?;
    Ok(vec![channels_first(&node.b, y)])
}

/// Means over windows, channels last; positions of `counted`'s padding are in the divisor.
fn means<'c>(node: &Node<'c>, x: Typed<'c>, window: &Window, counted: Option<&Window>) -> Result<Typed<'c>, Reason> {
    let spatial = window.kernel.len();
    let counts = |range: std::ops::Range<usize>| -> Vec<i64> {
        counted.map_or(vec![0; 4], |own| own.dims(range).as_2d().pads())
    };
    let mean = |x: Typed<'c>, w: &Window, count: &[i64]| {
        let ty = [x.value.ty()];
        let op = AvgPool2d::build(&node.b, x.value, &w.kernel, &w.strides, &w.dilations, &w.pads(), count, &ty);
        Ok(x.with(node.inferred(op)?))
    };
    if spatial == 3 {
        // The count of a window is the product of the counts along its dims, so means can be taken in turn.
        let depth = counts(0..1);
        let plane = counts(1..3);
        return pool3d(node, x, window, &|x, w| mean(x, w, &plane), &|x, w| {
            mean(x, w, &[depth[1], depth[0], depth[3], depth[2]])
        });
    }
    let count = counts(0..spatial);
    separable(node, x, window, &|x, w| mean(x, w, &count))
}

/// The window, and the same before `ceil_mode`.
fn read<'c>(node: &Node<'c>, x: Typed<'c>) -> Result<(Window, Window), Reason> {
    let shape = x.shape();
    if shape.len() < 3 {
        return invalid(format!("the input is {shape:?}, but needs N, C and spatial dims"));
    }
    let kernel = node.ints("kernel_shape")?.ok_or_else(|| Reason::Invalid("'kernel_shape' is missing".into()))?;
    let own = Window::read(node, &kernel, &shape[2..])?;
    let mut window = own.clone();
    let same = node.string_or("auto_pad", "NOTSET")?.starts_with("SAME");
    if node.flag("ceil_mode", false)? && !same {
        window.round_up(&shape[2..]);
    }
    Ok((window, own))
}

type Pool2d<'a, 'c> = &'a dyn Fn(Typed<'c>, &Window) -> Result<Typed<'c>, Reason>;

/// A pooling in 1 to 3 spatial dims, channels last, by two-dimensional ones.
fn separable<'c>(node: &Node<'c>, x: Typed<'c>, window: &Window, pool: Pool2d<'_, 'c>) -> Result<Typed<'c>, Reason> {
    match window.kernel.len() {
        1 => {
            let [n, l, c] = to_array(&x.shape())?;
            let y = pool(x.with(node.b.reshape(x.value, &[n, 1, l, c])), &window.as_2d())?;
            let [n, _, l, c] = to_array(&y.shape())?;
            Ok(y.with(node.b.reshape(y.value, &[n, l, c])))
        }
        2 => pool(x, window),
        _ => pool3d(node, x, window, pool, pool),
    }
}

/// First over rows and columns of every depth, then over depth alone (as rows of a window one column wide).
fn pool3d<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    window: &Window,
    plane: Pool2d<'_, 'c>,
    depth: Pool2d<'_, 'c>,
) -> Result<Typed<'c>, Reason> {
    let b = &node.b;
    let [n, d, h, w, c] = to_array(&x.shape())?;
    let y = plane(x.with(b.reshape(x.value, &[n * d, h, w, c])), &window.dims(1..3))?;
    let [_, oh, ow, _] = to_array(&y.shape())?;
    let mut rows = window.dims(0..1);
    for (list, unit) in [
        (&mut rows.kernel, 1),
        (&mut rows.strides, 1),
        (&mut rows.dilations, 1),
        (&mut rows.begin, 0),
        (&mut rows.end, 0),
    ] {
        list.push(unit);
    }
    let y = depth(y.with(b.reshape(y.value, &[n, d, oh * ow, c])), &rows)?;
    let [_, od, _, _] = to_array(&y.shape())?;
    Ok(y.with(b.reshape(y.value, &[n, od, oh, ow, c])))
}

/// GlobalAveragePool: the sum over all positions times 1 / their number.
pub fn global_average_pool<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    global(node, x, |x, dims| {
        let count = Count::of(&dims.iter().map(|&d| x.shape()[d]).collect::<Vec<_>>());
        let sum =
            x.with(node.b.reduce(x.value, dims, number(x.dtype.elem, 0.0), |b, v, acc| b.binary("arith.addf", acc, v)));
        node.map(&[sum], x.dtype, |b, v| match count.extent().filter(|&n| !extent::is_symbolic(n)) {
            Some(n) => b.binary("arith.mulf", v[0], b.scalar(x.dtype.elem, Scalar::F(1.0 / n as f64))),
            None => b.binary("arith.divf", v[0], node.number_of(b, x.dtype.elem, &count)),
        })
    })
}

/// GlobalMaxPool.
pub fn global_max_pool<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let op = super::elementwise::pick(("arith.maximumf", "arith.maxsi", "arith.maxui"), x.dtype);
    let lowest = reduce::lowest(x.dtype);
    global(node, x, |x, dims| Ok(x.with(node.b.reduce(x.value, dims, lowest, |b, v, acc| b.binary(op, acc, v)))))
}

/// Reduces the spatial dims, channels last, and puts ones in their place.
fn global<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    reduce: impl FnOnce(Typed<'c>, &[usize]) -> Result<Typed<'c>, Reason>,
) -> Outputs<'c> {
    let shape = x.shape();
    if shape.len() < 3 {
        return invalid(format!("the input is {shape:?}, but needs N, C and spatial dims"));
    }
    let last = channels_last(&node.b, x);
    let spatial: Vec<usize> = (1..shape.len() - 1).collect();
    let y = reduce(last, &spatial)?;
    let mut ones = shape.clone();
    ones[2..].fill(1);
    Ok(vec![y.with(node.b.reshape(y.value, &ones))])
}
