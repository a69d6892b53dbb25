//! Resize whose scales, or the region to crop to, are known at run time only. The declared shape says how many positions there
//! are; where each lies is computed in the body, dim by dim, by the formulas of [`super::coordinates`].

use super::coordinates::{Coordinates, Method, Nearest};
use super::dtype::Dtype;
use super::grid::Float;
use super::node::{Node, Outputs, Reason, Typed, invalid, unsupported};
use super::pick::{clamp, from_index, generate};
use weft_dialects::ir::{Builder, Elem, LinExpr, Map, Scalar, Value};

const F64: Dtype = Dtype::of(Elem::F64);

/// Numbers of an operand: known now, or the data of a run.
#[derive(Clone)]
pub enum Floats<'c> {
    Known(Vec<f64>),
    Data(Typed<'c>),
}

impl<'c> Floats<'c> {
    pub fn len(&self) -> usize {
        match self {
            Floats::Known(v) => v.len(),
            Floats::Data(v) => v.len() as usize,
        }
    }

    /// Entry `i`: adds what isn't known to a generic's operands; the result gives it in the body, in f64.
    fn entry(
        &self,
        i: usize,
        dims: usize,
        ins: &mut Vec<(Value<'c>, Map)>,
    ) -> impl Fn(&Builder<'c>, &[Value<'c>]) -> Value<'c> + use<'c> {
        let place = match self {
            Floats::Known(v) => Err(v[i]),
            Floats::Data(v) => {
                ins.push((v.value, Map { dims, results: vec![LinExpr::constant(i as i64); v.rank()] }));
                Ok((ins.len() - 1, v.dtype))
            }
        };
        move |b, v| match place {
            Err(known) => b.scalar(Elem::F64, Scalar::F(known)),
            Ok((at, dtype)) => super::cast::scalar(b, v[at], dtype, F64),
        }
    }
}

/// What is done to each dim.
pub struct Resizing<'c> {
    /// The dims, and for each of them a scale.
    pub axes: Vec<usize>,
    pub scales: Floats<'c>,
    /// Starts, then ends, for `tf_crop_and_resize`.
    pub region: Option<Floats<'c>>,
    pub transform: Coordinates,
    pub method: Method,
    /// What lies outside of the region.
    pub outside: f64,
}

impl<'c> Resizing<'c> {
    /// Resizes to a shape.
    pub fn to(&self, node: &Node<'c>, x: Typed<'c>, to: &[i64]) -> Outputs<'c> {
        let shape = x.shape();
        let others = (0..shape.len()).filter(|d| !self.axes.contains(d));
        if to.len() != shape.len() || others.into_iter().any(|d| to[d] != shape[d]) || shape.contains(&0) {
            return invalid(format!("{shape:?} can't be resized to the declared {to:?}"));
        }
        if !matches!(self.method, Method::Nearest(_)) {
            node.float_only(x)?;
        }
        let mut y = x;
        for (i, &d) in self.axes.iter().enumerate() {
            // All positions of a dim of one are that one.
            let kept = shape[d] == 1 && self.region.is_none();
            y = if kept { repeated(node, y, d, to[d]) } else { self.along(node, y, i, to[d])? };
        }
        Ok(vec![y])
    }

    fn along(&self, node: &Node<'c>, x: Typed<'c>, i: usize, out: i64) -> Result<Typed<'c>, Reason> {
        let (d, mut shape) = (self.axes[i], x.shape());
        let n = shape[d];
        shape[d] = out;
        super::node::elements(&shape)?;
        let mut ins = Vec::new();
        let scale = self.scales.entry(i, shape.len(), &mut ins);
        let mut corner = |i: usize| self.region.as_ref().map(|r| r.entry(i, shape.len(), &mut ins));
        let (start, end) = (corner(i), corner(i + self.axes.len()));
        let elem = x.dtype.elem;
        Ok(generate(node, x.dtype, &shape, &ins, |b, v, at| {
            let f = Float { b, elem: Elem::F64 };
            let (from, to) = (start.as_ref().map(|s| s(b, v)), end.as_ref().map(|e| e(b, v)));
            let place = self.position(&f, from_index(b, at[d], F64), scale(b, v), (n, out), from.zip(to));
            let read = |p: Value<'c>| {
                let mut place = at.to_vec();
                place[d] = clamp(b, f.index(f.clamp(p, 0.0, (n - 1) as f64)), n);
                b.extract(x.value, &place)
            };
            let y = match self.method {
                Method::Nearest(mode) => read(nearest(&f, place, mode)),
                _ => {
                    let below = b.unary("math.floor", place);
                    let weights = self.weights(&f, below, f.sub(place, below), n);
                    let first = if weights.len() == 2 { 0.0 } else { -1.0 };
                    let terms = weights.into_iter().enumerate().map(|(t, w)| {
                        let w = super::cast::scalar(b, w, F64, x.dtype);
                        b.binary("arith.mulf", w, read(f.add(below, f.num(first + t as f64))))
                    });
                    terms.reduce(|s, t| b.binary("arith.addf", s, t)).unwrap_or(place)
                }
            };
            if self.region.is_none() {
                return y;
            }
            let inside = b.binary(
                "arith.andi",
                b.compare("oge", place, f.num(0.0)),
                b.compare("ole", place, f.num((n - 1) as f64)),
            );
            b.select(inside, y, b.scalar(elem, super::node::number(elem, self.outside)))
        }))
    }

    /// Where output position `o` of `out` lies in a dim of `n`.
    fn position(
        &self,
        f: &Float<'_, 'c>,
        o: Value<'c>,
        scale: Value<'c>,
        (n, out): (i64, i64),
        region: Option<(Value<'c>, Value<'c>)>,
    ) -> Value<'c> {
        let div = |x, y| f.b.binary("arith.divf", x, y);
        let (one, half, last) = (f.num(1.0), f.num(0.5), f.num((n - 1) as f64));
        let half_pixel = || f.sub(div(f.add(o, half), scale), half);
        // What the scale makes of the dim, with its fraction; by it minus one, unless that is nothing.
        let spread = |x: Value<'c>, none: Value<'c>| {
            let width = f.mul(scale, f.num(n as f64));
            f.b.select(f.b.compare("oeq", width, one), none, div(x, f.sub(width, one)))
        };
        match self.transform {
            Coordinates::HalfPixel => half_pixel(),
            Coordinates::HalfPixelSymmetric => {
                let ratio = div(f.num(out as f64), f.mul(scale, f.num(n as f64)));
                f.add(f.mul(f.num(n as f64 / 2.0), f.sub(one, ratio)), half_pixel())
            }
            Coordinates::PytorchHalfPixel if out > 1 => half_pixel(),
            Coordinates::PytorchHalfPixel => f.num(0.0),
            Coordinates::AlignCorners => spread(f.mul(o, last), f.num(0.0)),
            Coordinates::Asymmetric => div(o, scale),
            Coordinates::TfHalfPixelForNn => div(f.add(o, half), scale),
            Coordinates::Crop { start, end } => {
                let (start, end) = region.unwrap_or_else(|| (f.num(start), f.num(end)));
                let (size, middle) = (f.mul(f.sub(end, start), last), f.mul(f.sub(end, start), f.mul(last, half)));
                f.add(f.mul(start, last), spread(f.mul(o, size), middle))
            }
        }
    }

    /// The weights of the two or four positions around one that is `t` beyond a whole one.
    fn weights(&self, f: &Float<'_, 'c>, below: Value<'c>, t: Value<'c>, n: i64) -> Vec<Value<'c>> {
        let Method::Cubic { a, exclude_outside } = self.method else {
            return vec![f.sub(f.num(1.0), t), t];
        };
        let mut weights = f.cubic(t, a).to_vec();
        if exclude_outside {
            for (i, w) in weights.iter_mut().enumerate() {
                let at = f.add(below, f.num(i as f64 - 1.0));
                let low = f.b.compare("oge", at, f.num(0.0));
                let inside = f.b.binary("arith.andi", low, f.b.compare("ole", at, f.num((n - 1) as f64)));
                *w = f.b.select(inside, *w, f.num(0.0));
            }
            let sum = weights[1..].iter().fold(weights[0], |s, &w| f.add(s, w));
            weights.iter_mut().for_each(|w| *w = f.b.binary("arith.divf", *w, sum));
        }
        weights
    }
}

/// The whole position nearest to one, rounded to f32 first: the precision of scales, so that a third of three is one.
fn nearest<'c>(f: &Float<'_, 'c>, x: Value<'c>, mode: Nearest) -> Value<'c> {
    let f32_type = Dtype::of(Elem::F32);
    let single = super::cast::scalar(f.b, x, F64, f32_type);
    let x = super::cast::scalar(f.b, single, f32_type, F64);
    match mode {
        Nearest::RoundPreferFloor => f.b.unary("math.ceil", f.sub(x, f.num(0.5))),
        Nearest::RoundPreferCeil => f.b.unary("math.floor", f.add(x, f.num(0.5))),
        Nearest::Floor => f.b.unary("math.floor", x),
        Nearest::Ceil => f.b.unary("math.ceil", x),
    }
}

/// A dim of one, repeated.
fn repeated<'c>(node: &Node<'c>, x: Typed<'c>, d: usize, n: i64) -> Typed<'c> {
    if n == 1 {
        return x;
    }
    let from = x.shape();
    let mut to = from.clone();
    to[d] = n;
    x.with(node.b.elementwise(x.dtype.elem, &to, &[(x.value, Map::broadcast(&from, &to))], |_, v| v[0]))
}

/// Sizes that are data, as the model declares them: the extents they give, and the scale of each. With an aspect ratio to keep,
/// the common scale is that of a dim whose size was taken as it is; it has to be plain which.
pub fn declared_sizes(extents: &[i64], to: &[i64], policy: &str) -> Result<Vec<(i64, f64)>, Reason> {
    let ratio = |i: usize| to[i] as f64 / extents[i] as f64;
    if policy == "stretch" {
        return Ok((0..to.len()).map(|i| (to[i], ratio(i))).collect());
    }
    let fits = |scale: f64| (0..to.len()).all(|i| (scale * extents[i] as f64 + 0.5).floor() as i64 == to[i]);
    let mut scales: Vec<f64> = (0..to.len()).map(ratio).filter(|&s| fits(s)).collect();
    scales.dedup();
    match scales[..] {
        [scale] => Ok(to.iter().map(|&t| (t, scale)).collect()),
        _ => unsupported(format!("sizes that are data, of which {to:?} doesn't tell the common scale")),
    }
}
