//! Spectra: DFT and STFT as products with matrices of sines and cosines, windows, MelWeightMatrix.

use super::cast::convert;
use super::dtype::Dtype;
use super::node::{Ints, Node, Outputs, Reason, Typed, elements, invalid, unsupported};
use super::pick::{as_index, clamp, generate};
use super::slice::{Span, take};
use super::terms::position;
use std::f64::consts::{LN_10, PI};
use weft_dialects::ir::{Elem, LinExpr, Map, Scalar, Tensor};

/// The longest transform: its matrices have as many rows and columns.
const LONGEST: i64 = 4096;

/// What a transform is to do.
#[derive(Clone, Copy)]
struct Transform {
    /// Its length.
    n: i64,
    inverse: bool,
    /// Only half of a real signal's spectrum is given out, or taken in.
    one_sided: bool,
}

impl Transform {
    /// Positions that go in, and that come out.
    fn extents(&self, given: i64) -> (i64, i64) {
        let half = self.n / 2 + 1;
        match (self.one_sided, self.inverse) {
            (false, _) => (given.min(self.n), self.n),
            (true, false) => (given.min(self.n), half),
            (true, true) => (given.min(half), self.n),
        }
    }

    /// `rows x columns` of `f(angle)`, times a weight by row.
    fn matrix(&self, elem: Elem, rows: i64, columns: i64, f: fn(f64) -> f64) -> Tensor {
        let sign = if self.inverse { 1.0 } else { -1.0 };
        let scale = if self.inverse { 1.0 / self.n as f64 } else { 1.0 };
        let values = (0..rows).flat_map(|i| {
            // Of half a spectrum, what isn't its own mirror image counts twice.
            let twice = self.one_sided && self.inverse && i != 0 && 2 * i != self.n;
            let weight = scale * if twice { 2.0 } else { 1.0 };
            (0..columns).map(move |k| {
                let turn = (i * k).rem_euclid(self.n) as f64 / self.n as f64;
                Scalar::F(weight * f(sign * 2.0 * PI * turn))
            })
        });
        Tensor::from_scalars(elem, &[1, rows, columns], values)
    }

    /// Of any dim but the last.
    fn along<'c>(&self, node: &Node<'c>, x: Typed<'c>, axis: usize) -> Result<Typed<'c>, Reason> {
        // The axis goes last but one, and back.
        let rank = x.rank();
        let mut perm: Vec<usize> = (0..rank - 1).filter(|&d| d != axis).chain([axis]).collect();
        perm.push(rank - 1);
        let mut back = vec![0; rank];
        for (i, &p) in perm.iter().enumerate() {
            back[p] = i;
        }
        // What the signal lacks in length is zeros, which add nothing.
        let y = self.apply(node, node.permuted(x, &perm))?;
        Ok(node.permuted(y, &back))
    }

    /// Of the last dim but one, `... x positions x (1 or 2)`; the result has 2 there, or 1 if it is real.
    fn apply<'c>(&self, node: &Node<'c>, x: Typed<'c>) -> Result<Typed<'c>, Reason> {
        let shape = x.shape();
        let rank = shape.len();
        if !(1..=LONGEST).contains(&self.n) {
            return unsupported(format!("a transform of length {}; 1 to {LONGEST} are", self.n));
        }
        let (taken, given) = self.extents(shape[rank - 2]);
        let mut spans: Vec<Span> = shape.iter().map(|&n| Span::all(n)).collect();
        spans[rank - 2].len = taken;
        let x = take(node, x, &spans);
        let lead: i64 = shape[..rank - 2].iter().product();
        let part = |i: i64| -> Result<Typed<'c>, Reason> {
            let mut spans: Vec<Span> = x.shape().iter().map(|&n| Span::all(n)).collect();
            spans[rank - 1] = Span { start: i, step: 1, len: 1 };
            node.reshaped(take(node, x, &spans), &[1, lead, taken])
        };
        let times = |signal: Typed<'c>, f: fn(f64) -> f64| {
            let matrix = x.with(node.b.tensor(&self.matrix(x.dtype.elem, taken, given, f)));
            node.products(signal, matrix, x.dtype)
        };
        let complex = shape[rank - 1] == 2;
        let real = part(0)?;
        let imaginary = if complex { Some(part(1)?) } else { None };
        let mut re = times(real, f64::cos)?;
        if let Some(i) = imaginary {
            re = node.op2("arith.subf", re, times(i, f64::sin)?)?;
        }
        let mut to = shape[..rank - 2].to_vec();
        to.extend([given, 1]);
        let re = node.reshaped(re, &to)?;
        if self.inverse && self.one_sided {
            return Ok(re);
        }
        let mut im = times(real, f64::sin)?;
        if let Some(i) = imaginary {
            im = node.op2("arith.addf", im, times(i, f64::cos)?)?;
        }
        let im = node.reshaped(im, &to)?;
        Ok(x.with(node.b.concat(rank - 1, &[re.value, im.value])))
    }
}

/// DFT (17: `axis` is an attribute; 20: an operand, and half spectra can be inverted).
pub fn dft<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let shape = x.shape();
    let rank = shape.len();
    if rank < 2 || !matches!(shape[rank - 1], 1 | 2) {
        return invalid(format!("the signal is {shape:?}, but needs a last dim of 1 or 2"));
    }
    let (inverse, one_sided) = (node.flag("inverse", false)?, node.flag("onesided", false)?);
    if one_sided && !inverse && shape[rank - 1] == 2 {
        return invalid("only a real signal has half a spectrum");
    }
    let length = node.const_ints(1, "the length")?.and_then(|n| n.first().copied());
    let along = |axis: usize| {
        let n = match length {
            Some(n) => n,
            None if inverse && one_sided => 2 * (shape[axis] - 1),
            None => shape[axis],
        };
        Transform { n, inverse, one_sided }
    };
    let given = if node.opset < 20 { None } else { node.int_operand(2, "the axis")? };
    let axis = match given {
        None => node.int_or("axis", if node.opset < 20 { 1 } else { -2 })?,
        Some(Ints::Known(a)) => a.first().copied().unwrap_or(-2),
        Some(Ints::Data(a)) => return Ok(vec![by_axis(node, x, node.reshaped(a, &[])?, &along)?]),
    };
    let axis = node.axis(axis, rank)?;
    if axis == rank - 1 {
        return invalid("the axis is that of the real and imaginary parts");
    }
    Ok(vec![along(axis).along(node, x, axis)?])
}

/// The transform along an axis that is known at run time only: of those that give the declared shape, the one that is asked for.
fn by_axis<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    axis: Typed<'c>,
    along: &dyn Fn(usize) -> Transform,
) -> Result<Typed<'c>, Reason> {
    let (shape, to) = (x.shape(), node.shape_by_data(0, "the axis (input 2)")?);
    let rank = shape.len();
    let mut out: Option<Typed<'c>> = None;
    for d in 0..rank - 1 {
        let t = along(d);
        let mut own = shape.clone();
        own[d] = t.extents(shape[d]).1;
        own[rank - 1] = if t.inverse && t.one_sided { 1 } else { 2 };
        if own != to {
            continue;
        }
        let y = t.along(node, x, d)?;
        out = Some(match out {
            None => y,
            Some(other) => node.map(&[axis, y, other], x.dtype, |b, v| {
                let is = |k: i64| b.compare("eq", v[0], b.scalar(axis.dtype.elem, Scalar::I(k)));
                b.select(b.binary("arith.ori", is(d as i64), is(d as i64 - rank as i64)), v[1], v[2])
            })?,
        });
    }
    out.ok_or_else(|| Reason::Invalid(format!("along no axis does {shape:?} become the declared {to:?}")))
}

/// STFT (17): the spectra of windows that start `frame_step` apart.
pub fn stft<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let shape = match x.shape()[..] {
        [batch, n] => [batch, n, 1],
        [batch, n, parts @ (1 | 2)] => [batch, n, parts],
        _ => return invalid(format!("the signal is {:?}, but needs 3 dims, the last of 1 or 2", x.shape())),
    };
    let x = node.reshaped(x, &shape)?;
    let number = |i: usize, what: &str| -> Result<Option<i64>, Reason> {
        Ok(node.const_ints(i, what)?.and_then(|v| v.first().copied()))
    };
    let step = node.input(1)?;
    let known_step = node.const_scalar(step).map(Scalar::i64);
    let window = node.optional(2);
    let length = match (number(3, "the frames' length")?, window) {
        (Some(n), _) => n,
        (None, Some(w)) => w.len(),
        (None, None) => shape[1],
    };
    if known_step.is_some_and(|s| s < 1) || length < 1 || length > shape[1] {
        return invalid(format!("frames of {length} positions, {known_step:?} apart, in a signal of {}", shape[1]));
    }
    let one_sided = node.flag("onesided", true)?;
    if one_sided && shape[2] == 2 {
        return invalid("only a real signal has half a spectrum");
    }
    let frames = match known_step {
        Some(step) => (shape[1] - length) / step + 1,
        None => node.shape_by_data(0, "the frames' distance (input 1)")?.get(1).copied().unwrap_or(1),
    };
    let to = [shape[0], frames, length, shape[2]];
    elements(&to)?;
    let mut seen = match known_step {
        Some(step) => {
            let start = LinExpr::dim(1).times(step).plus(&LinExpr::dim(2));
            let read = Map { dims: 4, results: vec![LinExpr::dim(0), start, LinExpr::dim(3)] };
            x.with(node.b.elementwise(x.dtype.elem, &to, &[(x.value, read)], |_, v| v[0]))
        }
        None => {
            let one = node.reshaped(step, &[1])?;
            let read = Map { dims: 4, results: vec![LinExpr::constant(0)] };
            generate(node, x.dtype, &to, &[(one.value, read)], |b, v, at| {
                let start = b.binary("arith.muli", at[1], as_index(b, v[0], step.dtype));
                let position = clamp(b, b.binary("arith.addi", start, at[2]), shape[1]);
                b.extract(x.value, &[at[0], position, at[3]])
            })
        }
    };
    if let Some(w) = window {
        node.same_dtype(&[x, w])?;
        if w.shape() != [length] {
            return invalid(format!("the window is {:?}, but frames have {length} positions", w.shape()));
        }
        seen = node.op2("arith.mulf", seen, node.reshaped(w, &[length, 1])?)?;
    }
    Ok(vec![Transform { n: length, inverse: false, one_sided }.apply(node, seen)?])
}

/// HannWindow, HammingWindow, BlackmanWindow (17): the size is known, or the declared shape says it.
pub fn window<'c>(node: &Node<'c>) -> Outputs<'c> {
    let size = match node.const_scalar(node.input(0)?) {
        Some(n) => n.i64(),
        None => match node.shape_by_data(0, "the size (input 0)")?[..] {
            [n] => n,
            ref shape => return invalid(format!("a window is no {shape:?}")),
        },
    };
    let n = elements(&[size])?;
    let terms: &[f64] = match node.name.as_str() {
        "HannWindow" => &[0.5, -0.5],
        "HammingWindow" => &[25.0 / 46.0, -21.0 / 46.0],
        _ => &[0.42, -0.5, 0.08],
    };
    let period = if node.flag("periodic", true)? { n } else { n - 1 };
    let code = node.int_or("output_datatype", 1)?;
    let Some(dtype) = Dtype::coded(code) else {
        return unsupported(format!("output_datatype: ONNX element type {code}"));
    };
    let values = (0..n).map(|i| {
        let angle = 2.0 * PI * i as f64 / period.max(1) as f64;
        let v: f64 = terms.iter().enumerate().map(|(k, t)| t * (k as f64 * angle).cos()).sum();
        if dtype.is_float() { Scalar::F(v) } else { Scalar::I(v as i64) }
    });
    Ok(vec![Typed::new(node.b.tensor(&Tensor::from_scalars(dtype.elem, &[n], values)), dtype)])
}

/// MelWeightMatrix (17): triangles over the frequencies of a spectrum, of equal widths on the mel scale. Extents are known, or
/// the declared shape says them.
pub fn mel_weights<'c>(node: &Node<'c>) -> Outputs<'c> {
    let known = |i: usize| -> Result<_, Reason> { Ok(node.const_scalar(node.input(i)?).map(Scalar::i64)) };
    let [rows, bins] = match (known(0)?, known(1)?) {
        (Some(bins), Some(length)) => [length / 2 + 1, bins],
        _ => super::conv::to_array(&node.shape_by_data(0, "the number of bins, or the length,")?)?,
    };
    elements(&[rows, bins + 2])?;
    let (double, whole) = (Dtype::of(Elem::F64), Dtype::INT32);
    let number = |i: usize| convert(node, node.reshaped(node.input(i)?, &[])?, double);
    let args = [number(1)?, number(2)?, number(3)?, number(4)?];
    // The triangles' corners, as positions in the spectrum.
    let edges = node.map_to(&[bins + 2], &args, whole, |b, v| {
        let num = |v: f64| b.scalar(Elem::F64, Scalar::F(v));
        let (mul, add) = (|x, y| b.binary("arith.mulf", x, y), |x, y| b.binary("arith.addf", x, y));
        let mel = |f| mul(b.unary("math.log1p", mul(f, num(1.0 / 700.0))), num(2595.0 / LN_10));
        let (low, high) = (mel(v[2]), mel(v[3]));
        let step = b.binary("arith.divf", b.binary("arith.subf", high, low), num((bins + 2) as f64));
        let at = b.value("arith.sitofp", &[position(b, 0)], b.cx.elem(Elem::F64), &[]);
        let here = add(mul(at, step), low);
        let hertz = mul(b.unary("math.expm1", mul(here, num(LN_10 / 2595.0))), num(700.0));
        let bin = b.binary("arith.divf", mul(add(v[0], num(1.0)), hertz), v[1]);
        b.value("arith.fptosi", &[b.unary("math.floor", bin)], b.cx.i32(), &[])
    })?;
    let code = node.int_or("output_datatype", 1)?;
    let Some(dtype) = Dtype::coded(code).filter(|d| d.narrow.is_none() && !d.is_bool()) else {
        return unsupported(format!("output_datatype: ONNX element type {code}"));
    };
    let corner = |i: i64| take(node, edges, &[Span { start: i, step: 1, len: bins }]);
    let y = node.map_to(&[rows, bins], &[corner(0), corner(1), corner(2)], double, |b, v| {
        let (left, centre, right) = (v[0], v[1], v[2]);
        let row = position(b, 0);
        let ratio = |x, y, z, w| {
            let float = |v| b.value("arith.sitofp", &[v], b.cx.elem(Elem::F64), &[]);
            b.binary("arith.divf", float(b.binary("arith.subi", x, y)), float(b.binary("arith.subi", z, w)))
        };
        let both = |p, x, y, q, z, w| b.binary("arith.andi", b.compare(p, x, y), b.compare(q, z, w));
        let [zero, one] = [0.0, 1.0].map(|n| b.scalar(Elem::F64, Scalar::F(n)));
        let rising = b.select(both("sge", row, left, "sle", row, centre), ratio(row, left, centre, left), zero);
        // A side without width has its corner alone.
        let alone = b.select(b.compare("eq", row, centre), one, zero);
        let rising = b.select(b.compare("eq", centre, left), alone, rising);
        b.select(both("sge", row, centre, "slt", row, right), ratio(right, row, right, centre), rising)
    })?;
    Ok(vec![convert(node, y, dtype)?])
}
