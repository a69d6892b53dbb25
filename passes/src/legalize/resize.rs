//! Resize and Upsample by constant factors (by data: [`super::resize_by_data`]).
//!
//! Each dim is interpolated by itself. Along one, every output position is a weighted sum of input positions:
//! repetition where the nearest is taken by a whole factor, shifted reads where the weights recur (2 x linear: four
//! numbers), and a product with the matrix of weights otherwise.

use super::coordinates::{Axis, Coordinates, Method, Nearest, Row};
use super::matmul::product3;
use super::node::{Ints, Node, Outputs, Reason, Typed, elements, invalid, unsupported};
use super::pad::extend;
use super::resize_by_data::{Floats, Resizing, declared_sizes};
use super::slice::{Span, take};
use super::window::{channels_first, channels_last};
use weft_dialects::ir::{LinExpr, Map, Scalar, Tensor, TensorTy};

/// Resize (10; 11: coordinates, sizes, cubic; 18: axes, antialiasing, aspect ratio; 19: `half_pixel_symmetric`).
pub fn resize<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    if node.opset < 11 {
        let scales = floats(node, 1)?.ok_or_else(|| Reason::Invalid("'scales' is missing".into()))?;
        return simple(node, x, scales);
    }
    let rank = x.rank();
    let axes = match node.ints("axes")? {
        Some(axes) => axes.iter().map(|&a| node.axis(a, rank)).collect::<Result<Vec<_>, _>>()?,
        None => (0..rank).collect(),
    };
    let shape = x.shape();
    let extents: Vec<i64> = axes.iter().map(|&d| shape[d]).collect();
    let coordinates = node.string_or("coordinate_transformation_mode", "half_pixel")?;
    let crop = coordinates == "tf_crop_and_resize";
    let region = if crop { Some(region(node, axes.len())?) } else { None };
    let scales = floats(node, 2)?;
    let targets: Vec<(i64, f64)> = match (&scales, sizes(node, &axes, &extents)?) {
        (Some(s), None) if s.len() != axes.len() => {
            return invalid(format!("'scales' must have {} entries", axes.len()));
        }
        (Some(Floats::Known(s)), None) => scaled(&extents, s)?,
        // The scales are read in the body.
        (Some(Floats::Data(_)), None) => Vec::new(),
        (None, Some(sized)) => sized,
        _ => return invalid("it must have either 'scales' or 'sizes'"),
    };
    let method = match node.string_or("mode", "nearest")?.as_str() {
        "nearest" => Method::Nearest(match node.string_or("nearest_mode", "round_prefer_floor")?.as_str() {
            "round_prefer_floor" => Nearest::RoundPreferFloor,
            "round_prefer_ceil" => Nearest::RoundPreferCeil,
            "floor" => Nearest::Floor,
            "ceil" => Nearest::Ceil,
            other => return invalid(format!("nearest_mode = \"{other}\"")),
        }),
        "linear" => Method::Linear,
        "cubic" => Method::Cubic {
            a: node.float_or("cubic_coeff_a", -0.75)?,
            exclude_outside: node.flag("exclude_outside", false)?,
        },
        other => return invalid(format!("mode = \"{other}\"")),
    };
    let antialias = node.flag("antialias", false)? && !matches!(method, Method::Nearest(_));
    let outside = node.float_or("extrapolation_value", 0.0)?;
    let known = if let Some(Floats::Known(v)) = &region { v.clone() } else { vec![0.0; 2 * axes.len()] };
    let transform = |i: usize| {
        Ok(match coordinates.as_str() {
            "half_pixel" => Coordinates::HalfPixel,
            "half_pixel_symmetric" => Coordinates::HalfPixelSymmetric,
            "pytorch_half_pixel" => Coordinates::PytorchHalfPixel,
            "align_corners" => Coordinates::AlignCorners,
            "asymmetric" => Coordinates::Asymmetric,
            "tf_half_pixel_for_nn" => Coordinates::TfHalfPixelForNn,
            "tf_crop_and_resize" => Coordinates::Crop { start: known[i], end: known[i + axes.len()] },
            other => return invalid(format!("coordinate_transformation_mode = \"{other}\"")),
        })
    };
    let by_data = matches!(scales, Some(Floats::Data(_))) || matches!(region, Some(Floats::Data(_)));
    if by_data && !axes.is_empty() {
        if antialias {
            return unsupported("antialiasing by scales that depend on the data");
        }
        let mut to = shape.clone();
        match targets.is_empty() {
            true => to = node.shape_by_data(0, "'scales' (input 2)")?,
            false => axes.iter().zip(&targets).for_each(|(&d, t)| to[d] = t.0),
        }
        let scales = match scales {
            Some(scales) => scales,
            None => Floats::Known(targets.iter().map(|t| t.1).collect()),
        };
        let transform = transform(0)?;
        return Resizing { axes, scales, region, transform, method, outside }.to(node, x, &to);
    }
    let mut dims = Vec::new();
    for (i, &d) in axes.iter().enumerate() {
        let (output, scale) = targets[i];
        let axis = Axis { input: extents[i], output, scale, transform: transform(i)?, antialias };
        if axis.output != axis.input || scale != 1.0 || crop {
            dims.push((d, axis, method));
        }
    }
    all(node, x, &dims, outside)
}

/// Upsample (7: attribute; 9: operand), which Resize has replaced.
pub fn upsample<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let scales = if node.opset < 9 { node.floats("scales")?.map(Floats::Known) } else { floats(node, 1)? };
    simple(node, x, scales.ok_or_else(|| Reason::Invalid("'scales' is missing".into()))?)
}

/// As before version 11: position `i` is `i / scale` in the input; the nearest is the one before, or, where the result is
/// smaller, the one behind (which the standard leaves open; onnxruntime's choice).
fn simple<'c>(node: &Node<'c>, x: Typed<'c>, scales: Floats<'c>) -> Outputs<'c> {
    let shape = x.shape();
    if scales.len() != shape.len() {
        return invalid(format!("'scales' must have {} entries", shape.len()));
    }
    let linear = match node.string_or("mode", "nearest")?.as_str() {
        "nearest" => false,
        "linear" | "bilinear" => true,
        other => return invalid(format!("mode = \"{other}\"")),
    };
    let Floats::Known(scales) = scales else {
        let to = node.shape_by_data(0, "'scales'")?;
        let smaller = to.iter().zip(&shape).any(|(t, n)| t < n);
        let nearest = if smaller { Nearest::Ceil } else { Nearest::Floor };
        let method = if linear { Method::Linear } else { Method::Nearest(nearest) };
        let (axes, transform) = ((0..shape.len()).collect(), Coordinates::Asymmetric);
        return Resizing { axes, scales, region: None, transform, method, outside: 0.0 }.to(node, x, &to);
    };
    let mut dims = Vec::new();
    for (d, (output, scale)) in scaled(&shape, &scales)?.into_iter().enumerate() {
        if scale == 1.0 {
            continue;
        }
        let axis = Axis { input: shape[d], output, scale, transform: Coordinates::Asymmetric, antialias: false };
        let nearest = if scale < 1.0 { Nearest::Ceil } else { Nearest::Floor };
        let method = if linear { Method::Linear } else { Method::Nearest(nearest) };
        dims.push((d, axis, method));
    }
    all(node, x, &dims, 0.0)
}

/// Numbers of an operand; an empty tensor is an omitted one.
fn floats<'c>(node: &Node<'c>, i: usize) -> Result<Option<Floats<'c>>, Reason> {
    let Some(v) = node.optional(i).filter(|v| v.len() != 0) else { return Ok(None) };
    node.float_only(v)?;
    Ok(Some(match node.constant(v) {
        Some(t) => Floats::Known(t.scalars().map(Scalar::f64).collect()),
        None => Floats::Data(v),
    }))
}

/// The extents that 'sizes' gives, and the scales that follow; `None` without sizes.
fn sizes<'c>(node: &Node<'c>, axes: &[usize], extents: &[i64]) -> Result<Option<Vec<(i64, f64)>>, Reason> {
    let sizes = match node.int_operand(3, "sizes")?.filter(|s| s.len() != 0) {
        None => return Ok(None),
        Some(s) if s.len() != axes.len() => return invalid(format!("'sizes' must have {} entries", axes.len())),
        Some(s) => s,
    };
    let Ints::Known(sizes) = sizes else {
        let to = node.shape_by_data(0, "'sizes' (input 3)")?;
        let fits = axes.iter().all(|&d| d < to.len()) && !extents.contains(&0);
        if !fits || to.contains(&0) {
            return invalid(format!("{extents:?} can't be resized to the declared {to:?}"));
        }
        let targets: Vec<i64> = axes.iter().map(|&d| to[d]).collect();
        return declared_sizes(extents, &targets, &node.string_or("keep_aspect_ratio_policy", "stretch")?).map(Some);
    };
    sized(node, extents, &sizes).map(Some)
}

/// The corners to crop to, in parts of each dim: starts, then ends.
fn region<'c>(node: &Node<'c>, axes: usize) -> Result<Floats<'c>, Reason> {
    match floats(node, 1)? {
        None => invalid("'roi' is missing"),
        Some(v) if v.len() == 2 * axes => Ok(v),
        Some(_) => invalid(format!("'roi' must have {} entries", 2 * axes)),
    }
}

fn scaled(extents: &[i64], scales: &[f64]) -> Result<Vec<(i64, f64)>, Reason> {
    if !scales.iter().all(|s| s.is_finite() && *s > 0.0) {
        return invalid(format!("the scales {scales:?} must be positive"));
    }
    // Scales are f32, so extents are computed in f32.
    let targets: Vec<_> =
        extents.iter().zip(scales).map(|(&n, &s)| ((n as f32 * s as f32).floor() as i64, s)).collect();
    check(targets)
}

fn check(targets: Vec<(i64, f64)>) -> Result<Vec<(i64, f64)>, Reason> {
    let shape: Vec<i64> = targets.iter().map(|t| t.0).collect();
    elements(&shape)?;
    if shape.contains(&0) { unsupported("a result without elements") } else { Ok(targets) }
}

fn sized<'c>(node: &Node<'c>, extents: &[i64], sizes: &[i64]) -> Result<Vec<(i64, f64)>, Reason> {
    if extents.contains(&0) {
        return unsupported("an input without elements");
    }
    let ratios = extents.iter().zip(sizes).map(|(&n, &s)| s as f64 / n as f64);
    let common = match node.string_or("keep_aspect_ratio_policy", "stretch")?.as_str() {
        "stretch" => None,
        "not_larger" => Some(ratios.clone().fold(f64::INFINITY, f64::min)),
        "not_smaller" => Some(ratios.clone().fold(0.0, f64::max)),
        other => return invalid(format!("keep_aspect_ratio_policy = \"{other}\"")),
    };
    check(match common {
        None => sizes.iter().copied().zip(ratios).collect(),
        Some(scale) => extents.iter().map(|&n| ((scale * n as f64 + 0.5).floor() as i64, scale)).collect(),
    })
}

/// Resizes dims one by one, repetition in several of them at once. Images are resized with their channels last, as the
/// convolutions around them see them.
fn all<'c>(node: &Node<'c>, x: Typed<'c>, dims: &[(usize, Axis, Method)], outside: f64) -> Outputs<'c> {
    let image = x.rank() >= 3 && dims.iter().all(|d| d.0 >= 2);
    let mut y = if image { channels_last(&node.b, x) } else { x };
    let mut repeats = vec![1; x.rank()];
    for (d, axis, method) in dims {
        let d = if image { d - 1 } else { *d };
        match repetition(axis, method) {
            Some(factor) => repeats[d] = factor,
            None => y = along(node, y, d, axis, method, outside)?,
        }
    }
    let y = repeat(node, y, &repeats)?;
    Ok(vec![if image { channels_first(&node.b, y) } else { y }])
}

/// How often each position occurs in turn, if that is all.
fn repetition(axis: &Axis, method: &Method) -> Option<i64> {
    let Method::Nearest(mode) = method else { return None };
    let factor = axis.output / axis.input;
    let whole = factor * axis.input == axis.output && axis.inside() == (0..axis.output);
    (whole && (0..axis.output).all(|o| axis.nearest(o, *mode) == o / factor)).then_some(factor)
}

/// Every position of dim `d` `repeats[d]` times in turn.
fn repeat<'c>(node: &Node<'c>, x: Typed<'c>, repeats: &[i64]) -> Result<Typed<'c>, Reason> {
    if repeats.iter().all(|&r| r == 1) {
        return Ok(x);
    }
    let (mut wide, mut read, mut to) = (Vec::new(), Vec::new(), Vec::new());
    for (n, &r) in x.shape().into_iter().zip(repeats) {
        read.push(wide.len());
        wide.push(n);
        if r > 1 {
            wide.push(r);
        }
        to.push(n * r);
    }
    elements(&to)?;
    let read = Map::select(wide.len(), &read);
    let y = node.b.elementwise(x.dtype.elem, &wide, &[(x.value, read)], |_, v| v[0]);
    Ok(x.with(node.b.reshape(y, &to)))
}

/// Resizes dim `d`. What lies outside of a cropped region is `outside`.
fn along<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    d: usize,
    axis: &Axis,
    method: &Method,
    outside: f64,
) -> Result<Typed<'c>, Reason> {
    let inside = axis.inside();
    let mut shape = x.shape();
    shape[d] = axis.output;
    elements(&shape)?;
    if inside.is_empty() {
        return Ok(x.with(node.b.splat(&TensorTy::new(x.dtype.elem, &shape), number(x, outside))));
    }
    let (mut low, mut high) = (vec![0; shape.len()], vec![0; shape.len()]);
    (low[d], high[d]) = (inside.start, axis.output - inside.end);
    let y = match method {
        Method::Nearest(mode) => {
            let at: Vec<i64> = inside.map(|o| axis.nearest(o, *mode)).collect();
            pick(node, x, d, &at)?
        }
        Method::Linear | Method::Cubic { .. } => {
            node.float_only(x)?;
            let rows: Vec<Row> = inside.map(|o| axis.row(o, method)).collect();
            weigh(node, x, d, &rows)?
        }
    };
    Ok(y.with(node.b.pad(y.value, &low, &high, number(x, outside))))
}

fn number(x: Typed<'_>, v: f64) -> Scalar {
    super::node::number(x.dtype.elem, v)
}

/// Positions `at` of dim `d`.
fn pick<'c>(node: &Node<'c>, x: Typed<'c>, d: usize, at: &[i64]) -> Result<Typed<'c>, Reason> {
    let shape = x.shape();
    let n = at.len() as i64;
    let step = at.get(1).map_or(1, |&second| second - at[0]);
    if step != 0 && at.windows(2).all(|w| w[1] - w[0] == step) {
        let mut spans: Vec<Span> = shape.iter().map(|&n| Span::all(n)).collect();
        spans[d] = Span { start: at[0], step, len: n };
        return Ok(take(node, x, &spans));
    }
    if x.dtype.is_float() {
        let rows: Vec<Row> = at.iter().map(|&i| Row { first: i, weights: vec![1.0] }).collect();
        return weigh(node, x, d, &rows);
    }
    unsupported(format!("nearest positions without a whole factor, of element type {}", x.dtype.name()))
}

/// At most as many neighbours are read one by one.
const MOST_TAPS: i64 = 8;

/// Every output position as a weighted sum of positions of dim `d`; those outside are the edge's.
fn weigh<'c>(node: &Node<'c>, x: Typed<'c>, d: usize, rows: &[Row]) -> Result<Typed<'c>, Reason> {
    let n = x.shape()[d];
    let outputs = rows.len() as i64;
    let common = gcd(n, outputs);
    let (period, advance) = (outputs / common, n / common);
    match recurring(rows, period, advance) {
        Some((first, weights)) => shifted(node, x, d, first, &weights, period, advance, common),
        None => dense(node, x, d, rows),
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The weights of one period, by tap and phase, and the position of the first tap; `None` if they don't recur or are many.
fn recurring(rows: &[Row], period: i64, advance: i64) -> Option<(i64, Vec<Vec<f64>>)> {
    let phases = &rows[..period as usize];
    let first = phases.iter().map(|r| r.first).min()?;
    let last = phases.iter().map(|r| r.first + r.weights.len() as i64).max()?;
    if last - first > MOST_TAPS {
        return None;
    }
    let recurs = rows.iter().enumerate().all(|(o, row)| {
        let (phase, moved) = (&phases[o % period as usize], o as i64 / period * advance);
        let low = phase.first.min(row.first - moved);
        (low..low + MOST_TAPS).all(|i| (phase.at(i) - row.at(i + moved)).abs() < 1e-6)
    });
    recurs.then(|| (first, (first..last).map(|i| phases.iter().map(|r| r.at(i)).collect()).collect()))
}

/// Reads dim `d` once a tap: output `period * j + r` is the sum of `weights[t][r]` times position `advance * j + first + t`.
#[allow(clippy::too_many_arguments)] // one number each, all of this sum
fn shifted<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    d: usize,
    first: i64,
    weights: &[Vec<f64>],
    period: i64,
    advance: i64,
    count: i64,
) -> Result<Typed<'c>, Reason> {
    let (b, elem, n) = (&node.b, x.dtype.elem, x.shape()[d]);
    let taps = weights.len() as i64;
    let end = advance * (count - 1) + first + taps;
    // A dim that is read as it is gives a generic its extent: one that has neighbours must not start at 0.
    let ahead = i64::from(advance == 1 && taps > 1 && first <= 0);
    let x = extend(node, x, d, (-first).max(0) + ahead, (end - n).max(0), "edge")?;
    let start = first.max(0) + ahead;
    let mut wide = x.shape();
    wide[d] = count;
    wide.insert(d + 1, period);
    let mut ins = Vec::new();
    for (t, of_phase) in weights.iter().enumerate() {
        let results = (0..x.rank())
            .map(|i| match i {
                i if i == d => LinExpr::dim(d).times(advance).plus(&LinExpr::constant(start + t as i64)),
                i if i > d => LinExpr::dim(i + 1),
                i => LinExpr::dim(i),
            })
            .collect();
        ins.push((x.value, Map { dims: wide.len(), results }));
        let w = Tensor::from_scalars(elem, &[period], of_phase.iter().map(|&w| Scalar::F(w)));
        ins.push((b.tensor(&w), Map::select(wide.len(), &[d + 1])));
    }
    let y = b.elementwise(elem, &wide, &ins, |b, v| {
        let products = v.chunks_exact(2).map(|p| b.binary("arith.mulf", p[0], p[1]));
        products.reduce(|sum, p| b.binary("arith.addf", sum, p)).unwrap_or(v[0])
    });
    let mut to = x.shape();
    to[d] = count * period;
    Ok(x.with(b.reshape(y, &to)))
}

/// A product with the matrix of weights, along dim `d`.
fn dense<'c>(node: &Node<'c>, x: Typed<'c>, d: usize, rows: &[Row]) -> Result<Typed<'c>, Reason> {
    let shape = x.shape();
    let (n, outputs) = (shape[d], rows.len() as i64);
    elements(&[n, outputs])?;
    let mut matrix = vec![0.0; (n * outputs) as usize];
    for (o, row) in rows.iter().enumerate() {
        for (i, w) in row.weights.iter().enumerate() {
            let at = (row.first + i as i64).clamp(0, n - 1);
            matrix[at as usize * outputs as usize + o] += w;
        }
    }
    let matrix = Tensor::from_scalars(x.dtype.elem, &[1, n, outputs], matrix.into_iter().map(Scalar::F));
    let rank = shape.len();
    let last: Vec<usize> = (0..rank).filter(|&i| i != d).chain([d]).collect();
    let moved = node.b.permute(x.value, &last);
    let lines = node.b.reshape(moved, &[1, x.len() / n, n]);
    let y = product3(node, x.with(lines), x.with(node.b.tensor(&matrix)), outputs)?;
    let mut to: Vec<i64> = last.iter().map(|&i| shape[i]).collect();
    to[rank - 1] = outputs;
    let back: Vec<usize> = (0..d).chain([rank - 1]).chain(d..rank - 1).collect();
    Ok(x.with(node.b.permute(node.b.reshape(y.value, &to), &back)))
}
