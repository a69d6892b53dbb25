//! Element types of less than a byte's precision: float8, float4 and integers of 4 bits. Each element is stored in a byte of
//! its own: floats as their bits, integers extended to 8 bits. Nothing is computed in them; they are cast.

use weft_dialects::ir::{Builder, Elem, Scalar, Value};

/// A type of [`super::dtype::Dtype::narrow`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Narrow {
    Float8e4m3fn,
    Float8e4m3fnuz,
    Float8e5m2,
    Float8e5m2fnuz,
    Float4e2m1,
    Int4,
    Uint4,
}

/// What a small float's bits mean.
struct Format {
    /// Bits of the fraction.
    fraction: i64,
    bias: i32,
    /// Bits of exponent and fraction together.
    magnitude: i64,
    /// The bits of the largest finite magnitude.
    largest: i64,
    special: Special,
}

#[derive(Clone, Copy, PartialEq)]
enum Special {
    /// All ones are NaN; no infinities.
    OnesAreNan,
    /// As IEEE's: infinities, and NaN above them.
    Ieee,
    /// The bits of -0 are NaN; no infinities.
    MinusZeroIsNan,
    /// Numbers only.
    None,
}

impl Narrow {
    /// Bits of an element.
    pub fn bits(self) -> i64 {
        match self {
            Narrow::Float4e2m1 | Narrow::Int4 | Narrow::Uint4 => 4,
            _ => 8,
        }
    }

    /// Whether it is a float.
    pub fn is_float(self) -> bool {
        !matches!(self, Narrow::Int4 | Narrow::Uint4)
    }

    fn format(self) -> Format {
        let (fraction, bias, magnitude, largest, special) = match self {
            Narrow::Float8e4m3fn => (3, 7, 7, 0x7e, Special::OnesAreNan),
            Narrow::Float8e4m3fnuz => (3, 8, 7, 0x7f, Special::MinusZeroIsNan),
            Narrow::Float8e5m2 => (2, 15, 7, 0x7b, Special::Ieee),
            Narrow::Float8e5m2fnuz => (2, 16, 7, 0x7f, Special::MinusZeroIsNan),
            Narrow::Float4e2m1 | Narrow::Int4 | Narrow::Uint4 => (1, 1, 3, 7, Special::None),
        };
        Format { fraction, bias, magnitude, largest, special }
    }
}

fn bits_of<'c>(b: &Builder<'c>, x: Value<'c>) -> Value<'c> {
    b.value("arith.bitcast", &[x], b.cx.i32(), &[])
}

fn float_of<'c>(b: &Builder<'c>, x: Value<'c>) -> Value<'c> {
    b.value("arith.bitcast", &[x], b.cx.f32(), &[])
}

/// The `f32` of a stored small float.
pub fn decode<'c>(b: &Builder<'c>, stored: Value<'c>, from: Narrow) -> Value<'c> {
    let f = from.format();
    let op = |name: &str, x, y| b.binary(&format!("arith.{name}"), x, y);
    let bits = b.value("arith.extui", &[stored], b.cx.i32(), &[]);
    let magnitude = op("andi", bits, b.i32((1 << f.magnitude) - 1));
    // Exponent and fraction in their places, then the bias put right by a product, exact below the normal numbers too.
    let placed = float_of(b, op("shli", magnitude, b.i32(23 - f.fraction)));
    let value = op("mulf", placed, b.scalar(Elem::F32, Scalar::F(2f64.powi(127 - f.bias))));
    let nan = b.scalar(Elem::F32, Scalar::F(f64::NAN));
    let value = match f.special {
        Special::OnesAreNan => b.select(b.compare("eq", magnitude, b.i32(f.largest + 1)), nan, value),
        Special::Ieee => {
            let infinity = b.scalar(Elem::F32, Scalar::F(f64::INFINITY));
            let at = b.select(b.compare("eq", magnitude, b.i32(f.largest + 1)), infinity, value);
            b.select(b.compare("sgt", magnitude, b.i32(f.largest + 1)), nan, at)
        }
        Special::MinusZeroIsNan | Special::None => value,
    };
    let sign = op("shli", op("andi", bits, b.i32(1 << f.magnitude)), b.i32(31 - f.magnitude));
    let signed = float_of(b, op("ori", bits_of(b, value), sign));
    if f.special == Special::MinusZeroIsNan {
        return b.select(b.compare("eq", bits, b.i32(1 << f.magnitude)), nan, signed);
    }
    signed
}

/// A small float's stored bits for an `f32`, rounded to nearest, ties to even. What is beyond the largest number becomes it
/// with `saturate`, else infinity or, without one, NaN. A float4 has neither: NaN becomes 0.
pub fn encode<'c>(b: &Builder<'c>, x: Value<'c>, to: Narrow, saturate: bool) -> Value<'c> {
    let f = to.format();
    let op = |name: &str, x, y| b.binary(&format!("arith.{name}"), x, y);
    let num = |v: f64| b.scalar(Elem::F32, Scalar::F(v));
    let bits = bits_of(b, x);
    let start = op("andi", bits, b.i32(i64::from(i32::MAX)));
    let dropped = 23 - f.fraction;
    // Half of the last kept digit, less one if that digit is even.
    let last = op("andi", op("shrui", start, b.i32(dropped)), b.i32(1));
    let up = op("addi", last, b.i32((1 << (dropped - 1)) - 1));
    let normal = op("andi", op("addi", start, up), b.i32(-(1 << dropped)));
    // Below the smallest normal number the digits' distance is fixed: that of the f32 around this one.
    let magic = num(2f64.powi(24 - f.bias - f.fraction as i32));
    let magnitude = float_of(b, start);
    let small = bits_of(b, op("subf", op("addf", magnitude, magic), magic));
    let below = b.compare("olt", magnitude, num(2f64.powi(1 - f.bias)));
    let rounded = float_of(b, b.select(below, small, normal));
    let scaled = op("mulf", rounded, num(2f64.powi(f.bias - 127)));
    let finite = op("shrui", bits_of(b, scaled), b.i32(dropped));
    let nan = match f.special {
        Special::OnesAreNan | Special::Ieee => (1 << f.magnitude) - 1,
        Special::MinusZeroIsNan => 1 << f.magnitude,
        // There is none.
        Special::None => 0,
    };
    let beyond = match (saturate, f.special) {
        (true, _) | (_, Special::None) => f.largest,
        (false, Special::Ieee) => f.largest + 1,
        (false, _) => nan,
    };
    let largest = num(f.largest_value());
    let fits = b.select(b.compare("ogt", rounded, largest), b.i32(beyond), finite);
    let sign = op("shli", op("shrui", bits, b.i32(31)), b.i32(f.magnitude));
    let signed = op("ori", fits, sign);
    let signed = if f.special == Special::MinusZeroIsNan {
        b.select(b.compare("eq", fits, b.i32(0)), fits, signed)
    } else {
        signed
    };
    let not_a_number = match f.special {
        Special::MinusZeroIsNan | Special::None => b.i32(nan),
        _ => op("ori", b.i32(nan), sign),
    };
    let out = b.select(b.compare("uno", x, x), not_a_number, signed);
    b.value("arith.trunci", &[out], b.cx.elem(Elem::I8), &[])
}

impl Format {
    fn largest_value(&self) -> f64 {
        let (exponent, fraction) = (self.largest >> self.fraction, self.largest & ((1 << self.fraction) - 1));
        let digits = 1.0 + fraction as f64 / f64::from(1 << self.fraction);
        2f64.powi(exponent as i32 - self.bias) * digits
    }
}

/// The low bits of an integer of 8 bits, extended again.
pub fn wrap<'c>(b: &Builder<'c>, x: Value<'c>, to: Narrow) -> Value<'c> {
    let shift = b.scalar(Elem::I8, Scalar::I(8 - to.bits()));
    let up = b.binary("arith.shli", x, shift);
    b.binary(if to == Narrow::Uint4 { "arith.shrui" } else { "arith.shrsi" }, up, shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_numbers() {
        let largest = |n: Narrow| n.format().largest_value();
        assert_eq!(largest(Narrow::Float8e4m3fn), 448.0);
        assert_eq!(largest(Narrow::Float8e4m3fnuz), 240.0);
        assert_eq!(largest(Narrow::Float8e5m2), 57344.0);
        assert_eq!(largest(Narrow::Float8e5m2fnuz), 57344.0);
        assert_eq!(largest(Narrow::Float4e2m1), 6.0);
    }
}
