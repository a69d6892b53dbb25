//! AffineGrid and GridSample: images read at coordinates that are data.

use super::node::{Ints, Node, Outputs, Reason, Typed, elements, invalid, unsupported};
use super::pick::{clamp, from_index, generate};
use weft_dialects::ir::{Builder, Elem, LinExpr, Map, Scalar, Value};

/// AffineGrid (20): `theta` times the homogeneous coordinates of the pixels' centres, each from -1 to 1; x first.
pub fn affine_grid<'c>(node: &Node<'c>) -> Outputs<'c> {
    let theta = node.input(0)?;
    node.float_only(theta)?;
    let dtype = theta.dtype;
    let align = node.flag("align_corners", false)?;
    let to = match node.int_operand(1, "the size")? {
        Some(Ints::Known(size)) if size.len() > 2 => [&size[..1], &size[2..], &[size.len() as i64 - 2]].concat(),
        Some(Ints::Data(_)) => node.shape_by_data(0, "the size (input 1)")?,
        _ => return invalid("the size (input 1) must be N, C and the image's extents"),
    };
    elements(&to)?;
    let dims = to.len().saturating_sub(2);
    if !(2..=3).contains(&dims) || theta.shape() != [to[0], dims as i64, dims as i64 + 1] {
        return invalid(format!("theta of {:?} doesn't fit a grid of {to:?}", theta.shape()));
    }
    // Entry `k` of the row of theta that belongs to the result's coordinate.
    let ins: Vec<_> = (0..=dims as i64)
        .map(|k| {
            let results = vec![LinExpr::dim(0), LinExpr::dim(dims + 1), LinExpr::constant(k)];
            (theta.value, Map { dims: dims + 2, results })
        })
        .collect();
    Ok(vec![generate(node, dtype, &to, &ins, |b, v, at| {
        let f = Float { b, elem: dtype.elem };
        let coordinate = |d: usize| {
            let i = from_index(b, at[d + 1], dtype);
            let n = to[d + 1] as f64;
            let (start, step) = match align {
                true if n > 1.0 => (-1.0, 2.0 / (n - 1.0)),
                true => (-1.0, 0.0),
                false => (1.0 / n - 1.0, 2.0 / n),
            };
            f.add(f.mul(i, f.num(step)), f.num(start))
        };
        // Rows of theta are for x, y, z; dims of the image are z, y, x.
        (0..dims).fold(v[dims], |sum, k| f.add(f.mul(v[k], coordinate(dims - 1 - k)), sum))
    })])
}

/// Float arithmetic in a body.
pub struct Float<'a, 'c> {
    pub b: &'a Builder<'c>,
    pub elem: Elem,
}

impl<'c> Float<'_, 'c> {
    pub fn num(&self, v: f64) -> Value<'c> {
        self.b.scalar(self.elem, Scalar::F(v))
    }

    pub fn add(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary("arith.addf", x, y)
    }

    pub fn sub(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary("arith.subf", x, y)
    }

    pub fn mul(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary("arith.mulf", x, y)
    }

    /// `low` to `high`.
    pub fn clamp(&self, x: Value<'c>, low: f64, high: f64) -> Value<'c> {
        let top = self.b.binary("arith.minnumf", x, self.num(high));
        self.b.binary("arith.maxnumf", top, self.num(low))
    }

    /// As an `index`, rounded towards zero.
    pub fn index(&self, x: Value<'c>) -> Value<'c> {
        let word = self.b.value("arith.fptosi", &[x], self.b.cx.i32(), &[]);
        self.b.value("arith.index_cast", &[word], self.b.cx.index(), &[])
    }

    /// The weights of Keys' cubic convolution for the positions -1 to 2, at `t` between 0 and 1.
    pub fn cubic(&self, t: Value<'c>, a: f64) -> [Value<'c>; 4] {
        let near = |t: Value<'c>| {
            let inner = self.sub(self.mul(self.num(a + 2.0), t), self.num(a + 3.0));
            self.add(self.mul(self.mul(inner, t), t), self.num(1.0))
        };
        let far = |t: Value<'c>| {
            let inner = self.sub(self.mul(self.num(a), t), self.num(5.0 * a));
            let inner = self.add(self.mul(inner, t), self.num(8.0 * a));
            self.sub(self.mul(inner, t), self.num(4.0 * a))
        };
        let one = self.num(1.0);
        let (up, down) = (self.add(one, t), self.sub(one, t));
        [far(up), near(t), near(down), far(self.sub(self.num(2.0), t))]
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Padding {
    Zeros,
    Border,
    Reflection,
}

/// How one dim of the image is read.
pub struct Along {
    n: i64,
    padding: Padding,
    /// What the coordinates are reflected at.
    low: f64,
    high: f64,
}

impl Along {
    /// The two pixels around a coordinate, of which those outside of the image are none.
    pub fn within<'c>(f: &Float<'_, 'c>, x: Value<'c>, n: i64) -> Vec<Tap<'c>> {
        let along = Along { n, padding: Padding::Zeros, low: 0.0, high: (n - 1) as f64 };
        along.taps(f, x, Mode::Linear)
    }

    /// The two pixels around a coordinate that is moved into the image; none, if it is more than a pixel outside.
    pub fn clipped<'c>(f: &Float<'_, 'c>, x: Value<'c>, n: i64) -> Vec<Tap<'c>> {
        let low = f.b.compare("oge", x, f.num(-1.0));
        let inside = f.b.binary("arith.andi", low, f.b.compare("ole", x, f.num(n as f64)));
        let along = Along { n, padding: Padding::Border, low: 0.0, high: (n - 1) as f64 };
        let mut taps = along.taps(f, x, Mode::Linear);
        taps.iter_mut().for_each(|t| t.inside = Some(inside));
        taps
    }

    /// A coordinate from -1 to 1 in pixels.
    fn pixels<'c>(&self, f: &Float<'_, 'c>, x: Value<'c>, align: bool) -> Value<'c> {
        let n = self.n as f64;
        let up = f.add(x, f.num(1.0));
        if align {
            f.mul(f.mul(up, f.num(0.5)), f.num(n - 1.0))
        } else {
            f.mul(f.sub(f.mul(up, f.num(n)), f.num(1.0)), f.num(0.5))
        }
    }

    /// Reflected at the borders until it lies between them.
    fn reflect<'c>(&self, f: &Float<'_, 'c>, x: Value<'c>) -> Value<'c> {
        let range = self.high - self.low;
        if range <= 0.0 {
            return f.num(self.low);
        }
        // Distance from the lower border, modulo a way there and back.
        let from = f.sub(x, f.num(self.low));
        let turns = f.b.unary("math.floor", f.mul(from, f.num(0.5 / range)));
        let rest = f.sub(from, f.mul(turns, f.num(2.0 * range)));
        let back = f.sub(f.num(2.0 * range), rest);
        f.add(f.b.binary("arith.minnumf", rest, back), f.num(self.low))
    }

    /// A coordinate by the padding; whole pixels are looked at again by [`Along::pixel`].
    fn pad<'c>(&self, f: &Float<'_, 'c>, x: Value<'c>) -> Value<'c> {
        match self.padding {
            Padding::Zeros => x,
            Padding::Border => f.clamp(x, 0.0, (self.n - 1) as f64),
            Padding::Reflection => self.reflect(f, x),
        }
    }

    /// The pixel at a whole coordinate, and whether it is inside.
    fn pixel<'c>(&self, f: &Float<'_, 'c>, x: Value<'c>) -> (Value<'c>, Option<Value<'c>>) {
        match self.padding {
            Padding::Zeros => {
                let low = f.b.compare("oge", x, f.num(0.0));
                let high = f.b.compare("ole", x, f.num((self.n - 1) as f64));
                let at = clamp(f.b, f.index(f.clamp(x, 0.0, (self.n - 1) as f64)), self.n);
                (at, Some(f.b.binary("arith.andi", low, high)))
            }
            Padding::Border => (clamp(f.b, f.index(self.pad(f, x)), self.n), None),
            Padding::Reflection => {
                let inside = f.clamp(self.reflect(f, x), 0.0, (self.n - 1) as f64);
                (clamp(f.b, f.index(inside), self.n), None)
            }
        }
    }

    /// The pixels around a coordinate, and their weights.
    fn taps<'c>(&self, f: &Float<'_, 'c>, x: Value<'c>, mode: Mode) -> Vec<Tap<'c>> {
        let tap = |x: Value<'c>, weight: Option<Value<'c>>| {
            let (at, inside) = self.pixel(f, x);
            Tap { at, inside, weight }
        };
        match mode {
            // The nearest is rounded before it is padded.
            Mode::Nearest => vec![tap(self.pad(f, f.b.unary("math.roundeven", x)), None)],
            Mode::Linear => {
                let x = self.pad(f, x);
                let below = f.b.unary("math.floor", x);
                let t = f.sub(x, below);
                let one = f.num(1.0);
                vec![tap(below, Some(f.sub(one, t))), tap(f.add(below, one), Some(t))]
            }
            Mode::Cubic => {
                let x = self.pad(f, x);
                let below = f.b.unary("math.floor", x);
                let weights = f.cubic(f.sub(x, below), -0.75);
                let places = [-1.0, 0.0, 1.0, 2.0].map(|d| f.add(below, f.num(d)));
                places.into_iter().zip(weights).map(|(x, w)| tap(x, Some(w))).collect()
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Mode {
    Nearest,
    Linear,
    Cubic,
}

/// A pixel of one dim: its place, whether it is one of the image's, and its weight.
pub struct Tap<'c> {
    pub at: Value<'c>,
    pub inside: Option<Value<'c>>,
    pub weight: Option<Value<'c>>,
}

/// The sum over all combinations of the dims' taps, dims outermost first: `read` gets the places.
pub fn interpolate<'c>(
    f: &Float<'_, 'c>,
    taps: &[Vec<Tap<'c>>],
    place: &mut Vec<Value<'c>>,
    read: &dyn Fn(&[Value<'c>]) -> Value<'c>,
) -> Value<'c> {
    let Some((first, rest)) = taps.split_first() else { return read(place) };
    let mut sum: Option<Value<'c>> = None;
    for tap in first {
        place.push(tap.at);
        let mut x = interpolate(f, rest, place, read);
        place.pop();
        if let Some(inside) = tap.inside {
            x = f.b.select(inside, x, f.num(0.0));
        }
        if let Some(weight) = tap.weight {
            x = f.mul(weight, x);
        }
        sum = Some(sum.map_or(x, |s| f.add(s, x)));
    }
    sum.unwrap_or_else(|| f.num(0.0))
}

/// GridSample (16: images; 20: any number of dims, new names of modes): the image at the grid's coordinates, x first.
pub fn grid_sample<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, grid) = (node.input(0)?, node.input(1)?);
    node.float_only(x)?;
    let (shape, points) = (x.shape(), grid.shape());
    let rank = shape.len();
    if rank < 3 || points.len() != rank || points[0] != shape[0] || points[rank - 1] != rank as i64 - 2 {
        return invalid(format!("a grid of {points:?} doesn't fit {shape:?}"));
    }
    if grid.dtype != x.dtype {
        return unsupported(format!("a grid of {} for {}", grid.dtype.name(), x.dtype.name()));
    }
    let mode = match node.string_or("mode", "linear")?.as_str() {
        "nearest" => Mode::Nearest,
        "linear" | "bilinear" => Mode::Linear,
        "cubic" | "bicubic" => Mode::Cubic,
        other => return invalid(format!("mode = \"{other}\"")),
    };
    let padding = match node.string_or("padding_mode", "zeros")?.as_str() {
        "zeros" => Padding::Zeros,
        "border" => Padding::Border,
        "reflection" => Padding::Reflection,
        other => return invalid(format!("padding_mode = \"{other}\"")),
    };
    let align = node.flag("align_corners", false)?;
    let dims: Vec<Along> = shape[2..]
        .iter()
        .map(|&n| {
            let (low, high) = if align { (0.0, (n - 1) as f64) } else { (-0.5, n as f64 - 0.5) };
            Along { n, padding, low, high }
        })
        .collect();
    let to = [&shape[..2], &points[1..rank - 1]].concat();
    elements(&to)?;
    super::pick::nothing_from_nothing(&shape, &to)?;
    Ok(vec![sampled(node, x, grid, &to, &dims, mode, align)?])
}

fn sampled<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    grid: Typed<'c>,
    to: &[i64],
    dims: &[Along],
    mode: Mode,
    align: bool,
) -> Result<Typed<'c>, Reason> {
    let rank = to.len();
    // Coordinates of a dim: the last one's come first.
    let ins: Vec<_> = (0..dims.len())
        .map(|d| {
            let mut results = vec![LinExpr::dim(0)];
            results.extend((2..rank).map(LinExpr::dim));
            results.push(LinExpr::constant((dims.len() - 1 - d) as i64));
            (grid.value, Map { dims: rank, results })
        })
        .collect();
    Ok(generate(node, x.dtype, to, &ins, |b, v, at| {
        let f = Float { b, elem: x.dtype.elem };
        let taps: Vec<_> = dims.iter().zip(v).map(|(d, &x)| d.taps(&f, d.pixels(&f, x, align), mode)).collect();
        interpolate(&f, &taps, &mut Vec::new(), &|place| b.extract(x.value, &[&at[..2], place].concat()))
    }))
}
