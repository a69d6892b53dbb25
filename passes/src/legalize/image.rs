//! A picture as a network's input: `weft.Image`, which the pass `preprocess` puts before it.
//!
//! Pixels are at the middle of their squares, as in ONNX's Resize with `half_pixel`, and what lies outside is the edge. Positions
//! are fractions of integers, so that they are exact on every device. Each element of the result is computed by itself from
//! at most four pixels; becoming smaller means leaving pixels out, not averaging.

use super::dtype::Dtype;
use super::grid::Float;
use super::node::{Node, Outputs, Reason, Typed, invalid};
use super::pick::{from_index, generate};
use super::preprocess::{Fit, Resize};
use super::window::channels_first;
use weft_dialects::ir::{Builder, Elem, Map, Scalar, Tensor, Value};

/// How much red, green and blue add to brightness (ITU-R BT.601).
const LUMA: [f64; 3] = [0.299, 0.587, 0.114];

/// `weft.Image`: from `height x width x 4` (RGBA, 8 bits a channel; alpha doesn't count) to `(level * scale - mean) / std`
/// in the network's form.
pub fn image<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let source = x.shape();
    let missing = |name: &str| Reason::Invalid(format!("attribute '{name}' is missing or unknown"));
    let shape = node.ints("shape")?.ok_or_else(|| missing("shape"))?;
    let dtype = Dtype::named(&node.string_or("dtype", "float32")?).ok_or_else(|| missing("dtype"))?;
    let resize = Resize::named(&node.string_or("resize", "bilinear")?).ok_or_else(|| missing("resize"))?;
    let fit = Fit::named(&node.string_or("fit", "stretch")?).ok_or_else(|| missing("fit"))?;
    let last = node.string_or("layout", "nchw")? == "nhwc";
    let bgr = node.string_or("order", "rgb")? == "bgr";
    let ([height, width, 4], [1, a, b, c]) = (&source[..], &shape[..]) else {
        return invalid(format!("{source:?} can't become {shape:?}"));
    };
    let (rows, columns, channels) = if last { (*a, *b, *c) } else { (*b, *c, *a) };
    if x.dtype != Dtype::UINT8 || !(channels == 1 || channels == 3) || rows < 1 || columns < 1 {
        return invalid(format!("{} {source:?} can't become {shape:?}", x.dtype.name()));
    }
    let scale = node.float_or("scale", 1.0)?;
    let list = |name: &str, default: f64| -> Result<Vec<f64>, Reason> {
        let given = node.floats(name)?.unwrap_or_else(|| vec![default]);
        match given.len() as i64 {
            1 => Ok(vec![given[0]; channels as usize]),
            n if n == channels => Ok(given),
            n => invalid(format!("'{name}' has {n} numbers for {channels} channels")),
        }
    };
    let (mean, std) = (list("mean", 0.0)?, list("std", 1.0)?);
    if std.contains(&0.0) {
        return invalid("'std' is 0");
    }
    let normal = Normal {
        factor: std.iter().map(|s| scale / s).collect(),
        offset: mean.iter().zip(&std).map(|(m, s)| -m / s).collect(),
    };
    let fill = node.float_or("fill", 0.0)?;
    let mut ins = Vec::new();
    normal.operands(node, &mut ins);
    let y = generate(node, dtype, &[1, rows, columns, channels], &ins, |b, v, at| {
        let f = Float { b, elem: Elem::F32 };
        let [down, across] = axes(b, fit, [*height, *width], [rows, columns]);
        let (down, across) = (down.at(b, at[1], resize), across.at(b, at[2], resize));
        let read = |c: Value<'c>| sample(&f, x, [&down, &across], c);
        let level = if channels == 1 {
            let terms = (0..3).zip(LUMA).map(|(c, w)| f.mul(read(b.index(c)), f.num(w)));
            terms.reduce(|sum, t| f.add(sum, t)).unwrap_or_else(|| f.num(0.0))
        } else if bgr {
            read(b.binary("arith.subi", b.index(2), at[3]))
        } else {
            read(at[3])
        };
        let level = match (down.inside, across.inside) {
            (Some(rows), Some(columns)) => b.select(b.binary("arith.andi", rows, columns), level, f.num(fill)),
            _ => level,
        };
        stored(&f, normal.apply(&f, v, level), dtype)
    });
    Ok(vec![if last { y } else { channels_first(&node.b, y) }])
}

/// `level * factor + offset`, one of each a channel.
struct Normal {
    factor: Vec<f64>,
    offset: Vec<f64>,
}

impl Normal {
    fn same(list: &[f64]) -> Option<f64> {
        list.iter().all(|v| *v == list[0]).then(|| list[0])
    }

    /// What differs from channel to channel is an operand; `ins` are those of a generic whose last dim is the channel.
    fn operands<'c>(&self, node: &Node<'c>, ins: &mut Vec<(Value<'c>, Map)>) {
        for list in [&self.factor, &self.offset] {
            if Self::same(list).is_none() {
                let t = Tensor::from_scalars(Elem::F32, &[list.len() as i64], list.iter().map(|&v| Scalar::F(v)));
                ins.push((node.b.tensor(&t), Map::select(4, &[3])));
            }
        }
    }

    fn apply<'c>(&self, f: &Float<'_, 'c>, v: &[Value<'c>], level: Value<'c>) -> Value<'c> {
        let mut operands = v.iter().copied();
        let mut number = |list: &[f64]| match Self::same(list) {
            Some(n) => Some(f.num(n)),
            None => operands.next(),
        };
        let scaled = match (Self::same(&self.factor), number(&self.factor)) {
            (Some(1.0), _) | (_, None) => level,
            (_, Some(factor)) => f.mul(level, factor),
        };
        match (Self::same(&self.offset), number(&self.offset)) {
            (Some(0.0), _) | (_, None) => scaled,
            (_, Some(offset)) => f.add(scaled, offset),
        }
    }
}

/// A number as an element of the network's input; integers are rounded to the nearest, halves to even.
fn stored<'c>(f: &Float<'_, 'c>, x: Value<'c>, dtype: Dtype) -> Value<'c> {
    let x = if dtype.is_float() { x } else { f.clamp(f.b.unary("math.roundeven", x), 0.0, 255.0) };
    super::cast::scalar(f.b, x, Dtype::F32, dtype)
}

/// Which part of the image lands on which part of the result, along one dim.
struct Axis<'c> {
    /// Where the part of the image begins, unless at 0, and how long it is.
    from: Option<Value<'c>>,
    extent: Value<'c>,
    /// Where it lands, if it leaves margins, and how long it is there.
    to: Option<Value<'c>>,
    out: Value<'c>,
}

/// The pixels that a position of the result is made of, along one dim.
struct Position<'c> {
    /// The pixel that it lies in, or the two whose middles are around it, which are the same one at an edge.
    pixels: Vec<Value<'c>>,
    /// How far it is from the first towards the second, 0 to 1; `None` if there is one.
    t: Option<Value<'c>>,
    /// Whether it is no position of a margin; `None` without margins.
    inside: Option<Value<'c>>,
}

/// The axes for rows and columns: `image` are the image's extents, `frame` the result's.
fn axes<'c>(b: &Builder<'c>, fit: Fit, image: [i64; 2], frame: [i64; 2]) -> [Axis<'c>; 2] {
    let (size, room) = (image.map(|n| b.extent(n)), frame.map(|n| b.index(n)));
    if fit == Fit::Stretch {
        return [0, 1].map(|d| Axis { from: None, extent: size[d], to: None, out: room[d] });
    }
    let mul = |x, y| b.binary("arith.muli", x, y);
    // x * y / by, rounded to the nearest, at least 1.
    let share = |x, y, by| {
        let twice = b.binary("arith.addi", mul(b.index(2), mul(x, y)), by);
        b.binary("arith.maxsi", b.binary("arith.divui", twice, mul(b.index(2), by)), b.index(1))
    };
    let middle = |whole, part| b.binary("arith.divui", b.binary("arith.subi", whole, part), b.index(2));
    // Whether the image is wider than the frame, in proportion.
    let wider = b.compare("sgt", mul(size[1], room[0]), mul(size[0], room[1]));
    [0, 1].map(|d| {
        let other = 1 - d;
        let first = if d == 0 { [room[1], size[1]] } else { [room[0], size[0]] };
        match fit {
            // What is wider than the frame is as wide as it, and less high.
            Fit::Contain => {
                let shorter = share(size[d], first[0], first[1]);
                let shorter = b.binary("arith.minsi", shorter, room[d]);
                let whole = if d == 0 { b.select(wider, shorter, room[d]) } else { b.select(wider, room[d], shorter) };
                Axis { from: None, extent: size[d], to: Some(middle(room[d], whole)), out: whole }
            }
            // What is wider than the frame is cut at its sides.
            _ => {
                let part = share(room[d], size[other], room[other]);
                let part = b.binary("arith.minsi", part, size[d]);
                let part = if d == 0 { b.select(wider, size[d], part) } else { b.select(wider, part, size[d]) };
                Axis { from: Some(middle(size[d], part)), extent: part, to: None, out: room[d] }
            }
        }
    })
}

impl<'c> Axis<'c> {
    /// What the result's position `o` is made of. Its middle is at `(o + 1/2) * extent / out` in the image, a fraction with the
    /// denominator `2 * out`, and the middle of the image's first pixel at 1/2; what lies before it is the edge, as it is.
    fn at(&self, b: &Builder<'c>, o: Value<'c>, resize: Resize) -> Position<'c> {
        let (add, sub) = (|x, y| b.binary("arith.addi", x, y), |x, y| b.binary("arith.subi", x, y));
        let (mul, div) = (|x, y| b.binary("arith.muli", x, y), |x, y| b.binary("arith.divui", x, y));
        let not_negative = |x| b.binary("arith.maxsi", x, b.index(0));
        let local = self.to.map_or(o, |to| sub(o, to));
        let middle = mul(add(mul(local, b.index(2)), b.index(1)), self.extent);
        let whole = mul(self.out, b.index(2));
        let last = sub(self.extent, b.index(1));
        // The maximum changes nothing, but an address that ends in one is known not to be negative.
        let pixel = |v| {
            let inside = b.binary("arith.minsi", v, last);
            not_negative(self.from.map_or(inside, |from| add(inside, from)))
        };
        let inside = self.to.map(|to| {
            let (first, behind) = (b.compare("sge", o, to), b.compare("slt", local, self.out));
            b.binary("arith.andi", first, behind)
        });
        if resize == Resize::Nearest {
            // Negative in the margin before the image.
            let middle = if self.to.is_some() { not_negative(middle) } else { middle };
            return Position { pixels: vec![pixel(div(middle, whole))], t: None, inside };
        }
        let from_first = not_negative(sub(middle, self.out));
        let below = div(from_first, whole);
        let rest = sub(from_first, mul(below, whole));
        let number = |v| from_index(b, v, Dtype::F32);
        let t = b.binary("arith.divf", number(rest), number(whole));
        Position { pixels: vec![pixel(below), pixel(add(below, b.index(1)))], t: Some(t), inside }
    }
}

/// The level of a channel at a position, 0 to 255.
fn sample<'c>(f: &Float<'_, 'c>, x: Typed<'c>, [y, across]: [&Position<'c>; 2], channel: Value<'c>) -> Value<'c> {
    let b = f.b;
    let between = |levels: Vec<Value<'c>>, t: Option<Value<'c>>| match (&levels[..], t) {
        (&[p, q], Some(t)) => f.add(p, f.mul(f.sub(q, p), t)),
        _ => levels[0],
    };
    let read = |row: Value<'c>, column: Value<'c>| {
        super::cast::scalar(b, b.extract(x.value, &[row, column, channel]), Dtype::UINT8, Dtype::F32)
    };
    let line = |row: Value<'c>| between(across.pixels.iter().map(|&c| read(row, c)).collect(), across.t);
    between(y.pixels.iter().map(|&row| line(row)).collect(), y.t)
}
