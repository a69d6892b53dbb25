//! Pow (7; 12: integers; 13: another type for the exponent).

use super::cast::scalar;
use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, broadcast, number};
use weft_dialects::ir::{Builder, Elem, Scalar, Value};

/// The largest constant exponent that becomes products.
const LARGEST: f64 = 64.0;

/// Pow: a constant exponent that is whole and small, or 1/2, is products or a root; else the power of floats
/// is `math.powf`, in the base's type, and that of integers repeated squaring, which wraps.
pub fn pow<'c>(node: &Node<'c>) -> Outputs<'c> {
    let [x, y] = node.pair()?;
    if x.dtype.is_bool() || y.dtype.is_bool() {
        return Err(Reason::Invalid("element type bool".into()));
    }
    if let Some(exponent) = node.const_scalar(y).map(|e| e.f64()) {
        let whole = exponent.fract() == 0.0 && exponent.abs() <= LARGEST;
        let half = exponent.abs() == 0.5;
        if if x.dtype.is_float() { whole || half } else { whole && exponent >= 0.0 } {
            return Ok(vec![constant_power(node, x, y, exponent)?]);
        }
    }
    let out = node.map(&[x, y], x.dtype, |b, v| match (x.dtype.is_float(), y.dtype.is_float()) {
        (true, _) => {
            let exponent = if y.dtype == x.dtype { v[1] } else { scalar(b, v[1], y.dtype, x.dtype) };
            b.binary("math.powf", v[0], exponent)
        }
        (false, false) => integer_power(b, x.dtype, v[0], y.dtype, v[1]),
        (false, true) => mixed_power(b, x.dtype, v[0], y.dtype, v[1]),
    })?;
    Ok(vec![out])
}

fn constant_power<'c>(node: &Node<'c>, x: Typed<'c>, y: Typed<'c>, exponent: f64) -> Result<Typed<'c>, Reason> {
    // A scalar exponent of higher rank adds leading dims.
    let shape = broadcast(&[x.shape(), y.shape()])?;
    let x = x.with(node.b.reshape(x.value, &shape));
    let elem = x.dtype.elem;
    node.map(&[x], x.dtype, |b, v| {
        let half = exponent.abs() == 0.5;
        let magnitude = if half { b.unary("math.sqrt", v[0]) } else { power(b, elem, v[0], exponent.abs() as u32) };
        if exponent < 0.0 { b.binary("arith.divf", b.scalar(elem, Scalar::F(1.0)), magnitude) } else { magnitude }
    })
}

/// `x` to the `n`th by squaring.
fn power<'c>(b: &Builder<'c>, elem: Elem, x: Value<'c>, n: u32) -> Value<'c> {
    let mul = if elem.is_float() { "arith.mulf" } else { "arith.muli" };
    match n {
        0 => b.scalar(elem, number(elem, 1.0)),
        1 => x,
        n => {
            let root = power(b, elem, x, n / 2);
            let square = b.binary(mul, root, root);
            if n % 2 == 0 { square } else { b.binary(mul, square, x) }
        }
    }
}

/// An integer to an integer's power. Exponents above 63 count as 64 or 65: what is neither 0 nor 1 nor -1 has overflowed by
/// then. Of negative exponents the result is the reciprocal, truncated: 0 but for 1 and -1.
fn integer_power<'c>(b: &Builder<'c>, xt: Dtype, x: Value<'c>, yt: Dtype, y: Value<'c>) -> Value<'c> {
    let of_y = |n: i64| b.scalar(yt.elem, Scalar::I(n));
    let of_x = |n: i64| b.scalar(xt.elem, Scalar::I(n));
    let (zero, one) = (of_x(0), of_x(1));
    let odd = b.binary("arith.andi", y, of_y(1));
    // Bits 0 to 6 of it are looked at. Of a negative number the parity alone matters.
    let large = b.compare("ugt", y, of_y(63));
    let bounded = b.select(large, b.binary("arith.ori", odd, of_y(64)), y);
    let mut base = x;
    let mut product = one;
    for bit in 0..7 {
        let set = b.compare("ne", b.binary("arith.andi", bounded, of_y(1 << bit)), of_y(0));
        product = b.select(set, b.binary("arith.muli", product, base), product);
        if bit < 6 {
            base = b.binary("arith.muli", base, base);
        }
    }
    if yt.unsigned {
        return product;
    }
    let unit = b.binary("arith.ori", b.compare("eq", x, one), b.compare("eq", x, of_x(-1)));
    let negative = b.compare("slt", y, of_y(0));
    b.select(negative, b.select(unit, product, zero), product)
}

/// An integer to a float's power: whole exponents as integers, others in f64, truncated.
fn mixed_power<'c>(b: &Builder<'c>, xt: Dtype, x: Value<'c>, yt: Dtype, y: Value<'c>) -> Value<'c> {
    let (f64_type, i32_type) = (Dtype::of(Elem::F64), Dtype::of(Elem::I32));
    let whole = b.compare("oeq", b.unary("math.floor", y), y);
    let exact = integer_power(b, xt, x, i32_type, scalar(b, y, yt, i32_type));
    let real = b.binary("math.powf", scalar(b, x, xt, f64_type), scalar(b, y, yt, f64_type));
    b.select(whole, exact, scalar(b, real, f64_type, xt))
}
