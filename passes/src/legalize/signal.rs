//! Spectra: DFT and STFT as products with matrices of sines and cosines, windows, MelWeightMatrix.

use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, elements, invalid, unsupported};
use super::slice::{Span, take};
use std::f64::consts::PI;
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
    let axis = if node.opset < 20 {
        node.int_or("axis", 1)?
    } else {
        node.const_ints(2, "the axis")?.and_then(|a| a.first().copied()).unwrap_or(-2)
    };
    let axis = node.axis(axis, rank)?;
    if axis == rank - 1 {
        return invalid("the axis is that of the real and imaginary parts");
    }
    let (inverse, one_sided) = (node.flag("inverse", false)?, node.flag("onesided", false)?);
    let n = match node.const_ints(1, "the length")?.and_then(|n| n.first().copied()) {
        Some(n) => n,
        None if inverse && one_sided => 2 * (shape[axis] - 1),
        None => shape[axis],
    };
    if one_sided && !inverse && shape[rank - 1] == 2 {
        return invalid("only a real signal has half a spectrum");
    }
    let transform = Transform { n, inverse, one_sided };
    // The axis goes last but one, and back.
    let mut perm: Vec<usize> = (0..rank - 1).filter(|&d| d != axis).chain([axis]).collect();
    perm.push(rank - 1);
    let mut back = vec![0; rank];
    for (i, &p) in perm.iter().enumerate() {
        back[p] = i;
    }
    // What the signal lacks in length is zeros, which add nothing.
    let y = transform.apply(node, node.permuted(x, &perm))?;
    Ok(vec![node.permuted(y, &back)])
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
    let step = number(1, "the frames' distance")?.ok_or_else(|| Reason::Invalid("input 1 is missing".into()))?;
    let window = node.optional(2);
    let length = match (number(3, "the frames' length")?, window) {
        (Some(n), _) => n,
        (None, Some(w)) => w.len(),
        (None, None) => shape[1],
    };
    if step < 1 || length < 1 || length > shape[1] {
        return invalid(format!("frames of {length} positions, {step} apart, in a signal of {}", shape[1]));
    }
    let one_sided = node.flag("onesided", true)?;
    if one_sided && shape[2] == 2 {
        return invalid("only a real signal has half a spectrum");
    }
    let frames = (shape[1] - length) / step + 1;
    elements(&[shape[0], frames, length, shape[2]])?;
    let read = Map {
        dims: 4,
        results: vec![LinExpr::dim(0), LinExpr::dim(1).times(step).plus(&LinExpr::dim(2)), LinExpr::dim(3)],
    };
    let to = [shape[0], frames, length, shape[2]];
    let mut seen = x.with(node.b.elementwise(x.dtype.elem, &to, &[(x.value, read)], |_, v| v[0]));
    if let Some(w) = window {
        node.same_dtype(&[x, w])?;
        if w.shape() != [length] {
            return invalid(format!("the window is {:?}, but frames have {length} positions", w.shape()));
        }
        seen = node.op2("arith.mulf", seen, node.reshaped(w, &[length, 1])?)?;
    }
    Ok(vec![Transform { n: length, inverse: false, one_sided }.apply(node, seen)?])
}

/// HannWindow, HammingWindow, BlackmanWindow (17), of a size that is known at compile time.
pub fn window<'c>(node: &Node<'c>) -> Outputs<'c> {
    let size = node.const_ints(0, "the size")?.and_then(|v| v.first().copied());
    let size = size.ok_or_else(|| Reason::Invalid("input 0, the size, is missing".into()))?;
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

/// MelWeightMatrix (17), of numbers that are known at compile time.
pub fn mel_weights<'c>(node: &Node<'c>) -> Outputs<'c> {
    let mut args = [0.0; 5];
    for (i, arg) in args.iter_mut().enumerate() {
        let Some(v) = node.const_scalar(node.input(i)?) else {
            return unsupported(format!("input {i} depends on the data; it must be a constant"));
        };
        *arg = v.f64();
    }
    let [bins, length, rate, low, high] = args;
    let (bins, rows) = (bins as i64, (length / 2.0).floor() as i64 + 1);
    elements(&[rows, bins + 2])?;
    let mel = |f: f64| 2595.0 * (f / 700.0).ln_1p() / std::f64::consts::LN_10;
    let step = (mel(high) - mel(low)) / (bins + 2) as f64;
    let edges: Vec<i64> = (0..bins + 2)
        .map(|i| {
            let hertz = 700.0 * ((i as f64 * step + mel(low)) / 2595.0 * std::f64::consts::LN_10).exp_m1();
            ((length + 1.0) * hertz / rate).floor() as i64
        })
        .collect();
    let weight = |row: i64, bin: usize| {
        let (left, centre, right) = (edges[bin], edges[bin + 1], edges[bin + 2]);
        if row >= centre && row < right {
            (right - row) as f64 / (right - centre) as f64
        } else if centre == left {
            f64::from(row == centre)
        } else if (left..=centre).contains(&row) {
            (row - left) as f64 / (centre - left) as f64
        } else {
            0.0
        }
    };
    let code = node.int_or("output_datatype", 1)?;
    let Some(dtype) = Dtype::coded(code) else {
        return unsupported(format!("output_datatype: ONNX element type {code}"));
    };
    let values = (0..rows).flat_map(|r| (0..bins as usize).map(move |b| (r, b))).map(|(r, b)| Scalar::F(weight(r, b)));
    let values = values.map(|v| if dtype.is_float() { v } else { Scalar::I(v.i64()) });
    Ok(vec![Typed::new(node.b.tensor(&Tensor::from_scalars(dtype.elem, &[rows, bins], values)), dtype)])
}
