//! Expansions in `f64`. There are no vectors of it, so these are scalars; the series are Taylor's, cut where the next term is
//! below the last bit.

use super::{Expand, Expansion};
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, FRAC_PI_4, LN_2, LOG2_E, LOG10_E, PI, SQRT_2};
use std::ops::Deref;
use weft_dialects::ir::{Elem, Scalar, Value};

/// ln(2) in two parts: products of the first with exponents are exact.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// pi / 2 in three parts: products of the first two with quadrant numbers below 2^20 are exact.
const HALF_PI: [f64; 3] = [1.570_796_326_734_125_6, 6.077_100_506_303_966e-11, 2.022_266_248_795_950_6e-21];

/// Terms of the series.
const EXP_TERMS: u32 = 14;
const LOG_TERMS: u32 = 11;
const WAVE_TERMS: u32 = 9;
const ATAN_TERMS: u32 = 13;
const ERF_TERMS: u32 = 52;
/// Levels of erfc's continued fraction.
const ERFC_LEVELS: u32 = 24;

/// The expansion of an op on `f64`.
pub(super) fn expansion(name: &str) -> Option<Expansion> {
    Some(match name {
        "math.exp" => |e, x| Double(e).exp(x[0]),
        "math.exp2" => |e, x| Double(e).exp(e.mul(x[0], Double(e).d(LN_2))),
        "math.expm1" => |e, x| Double(e).expm1(x[0]),
        "math.log" => |e, x| Double(e).log(x[0]),
        "math.log2" => |e, x| e.mul(Double(e).log(x[0]), Double(e).d(LOG2_E)),
        "math.log10" => |e, x| e.mul(Double(e).log(x[0]), Double(e).d(LOG10_E)),
        "math.log1p" => |e, x| Double(e).log1p(x[0]),
        "math.tanh" => |e, x| Double(e).tanh(x[0]),
        "math.sinh" => |e, x| Double(e).sinh(x[0]),
        "math.cosh" => |e, x| Double(e).cosh(x[0]),
        "math.asinh" => |e, x| Double(e).asinh(x[0]),
        "math.acosh" => |e, x| Double(e).acosh(x[0]),
        "math.atanh" => |e, x| Double(e).atanh(x[0]),
        "math.erf" => |e, x| Double(e).erf(x[0]),
        "math.sin" => |e, x| Double(e).wave(x[0], 0.0),
        "math.cos" => |e, x| Double(e).wave(x[0], 1.0),
        "math.tan" => |e, x| e.div(Double(e).wave(x[0], 0.0), Double(e).wave(x[0], 1.0)),
        "math.atan" => |e, x| Double(e).atan(x[0]),
        "math.asin" => |e, x| Double(e).asin(x[0]),
        "math.acos" => |e, x| Double(e).acos(x[0]),
        "math.powf" => |e, x| Double(e).powf(x[0], x[1]),
        "math.rsqrt" => |e, x| e.div(Double(e).d(1.0), e.sqrt(x[0])),
        "math.isnan" => |e, x| e.test("uno", x[0], x[0]),
        "math.isinf" => |e, x| e.test("oeq", e.abs(x[0]), Double(e).d(f64::INFINITY)),
        "math.isfinite" => |e, x| e.test("olt", e.abs(x[0]), Double(e).d(f64::INFINITY)),
        _ => return None,
    })
}

struct Double<'e, 'c>(&'e Expand<'c>);

impl<'c> Deref for Double<'_, 'c> {
    type Target = Expand<'c>;

    fn deref(&self) -> &Expand<'c> {
        self.0
    }
}

impl<'c> Double<'_, 'c> {
    fn d(&self, v: f64) -> Value<'c> {
        self.constant(Elem::F64, Scalar::F(v))
    }

    fn long(&self, v: i64) -> Value<'c> {
        self.constant(Elem::I64, Scalar::I(v))
    }

    fn to(&self, op: &str, x: Value<'c>, elem: Elem) -> Value<'c> {
        self.b.value(&format!("arith.{op}"), &[x], self.ty(elem), &[])
    }

    /// A polynomial, the coefficient of the constant term first.
    fn series(&self, x: Value<'c>, coefficients: impl DoubleEndedIterator<Item = f64>) -> Value<'c> {
        let mut terms = coefficients.rev();
        let first = self.d(terms.next().unwrap_or_default());
        terms.fold(first, |sum, c| self.fma(sum, x, self.d(c)))
    }

    fn bounded(&self, x: Value<'c>, least: f64, most: f64) -> Value<'c> {
        let (least, most) = (self.d(least), self.d(most));
        let x = self.select(self.test("olt", most, x), most, x);
        self.select(self.test("olt", x, least), least, x)
    }

    /// `2^n` of a whole `n` that gives a normal number.
    fn power_of_two(&self, n: Value<'c>) -> Value<'c> {
        let exponent = self.int("addi", self.to("fptosi", n, Elem::I64), self.long(1023));
        self.to("bitcast", self.int("shli", exponent, self.long(52)), Elem::F64)
    }

    /// `x = n ln(2) + r`: `n`, and `e^r - 1`.
    fn reduce(&self, x: Value<'c>) -> (Value<'c>, Value<'c>) {
        let n = self.b.unary("math.roundeven", self.mul(x, self.d(LOG2_E)));
        let r = self.sub(self.sub(x, self.mul(n, self.d(LN_2_HIGH))), self.mul(n, self.d(LN_2_LOW)));
        // 1/2! + r/3! + ...
        let tail = self.series(r, (2..=EXP_TERMS).map(|k| 1.0 / factorial(k)));
        (n, self.fma(self.mul(r, r), tail, r))
    }

    fn exp(&self, x: Value<'c>) -> Value<'c> {
        // The bounds give 0 and infinity by themselves.
        let (n, y) = self.reduce(self.bounded(x, -746.0, 710.0));
        let half = self.b.unary("math.floor", self.mul(n, self.d(0.5)));
        let y = self.mul(self.add(y, self.d(1.0)), self.power_of_two(half));
        self.mul(y, self.power_of_two(self.sub(n, half)))
    }

    fn expm1(&self, x: Value<'c>) -> Value<'c> {
        let (n, y) = self.reduce(self.bounded(x, -40.0, 709.0));
        // s (e^r - 1) + (s - 1), where both are small if x is.
        let s = self.power_of_two(n);
        let y = self.fma(s, y, self.sub(s, self.d(1.0)));
        let y = self.select(self.test("ogt", x, self.d(709.0)), self.exp(x), y);
        self.select(self.test("oeq", x, self.d(0.0)), x, y)
    }

    fn log(&self, x: Value<'c>) -> Value<'c> {
        // Numbers below the smallest normal one are scaled up by 2^54.
        let small = self.test("olt", x, self.d(f64::MIN_POSITIVE));
        let scaled = self.select(small, self.mul(x, self.d(2f64.powi(54))), x);
        let bias = self.select(small, self.d(-54.0), self.d(0.0));
        // Relative to sqrt(1/2), so that the mantissa lies between it and sqrt(2).
        let start = (SQRT_2 / 2.0).to_bits() as i64;
        let bits = self.int("subi", self.to("bitcast", scaled, Elem::I64), self.long(start));
        let n = self.add(self.to("sitofp", self.int("shrsi", bits, self.long(52)), Elem::F64), bias);
        let fraction = self.int("andi", bits, self.long((1 << 52) - 1));
        let m = self.to("bitcast", self.int("addi", fraction, self.long(start)), Elem::F64);
        // log(m) = 2 atanh(s) of s = (m - 1) / (m + 1) = 2s + 2s^3/3 + ..., where 2s = t - s t of t = m - 1.
        let t = self.sub(m, self.d(1.0));
        let s = self.div(t, self.add(m, self.d(1.0)));
        let square = self.mul(s, s);
        let tail = self.series(square, (1..=LOG_TERMS).map(|k| 2.0 / f64::from(2 * k + 1)));
        let tail = self.mul(square, tail);
        let log = self.sub(t, self.mul(s, self.sub(t, tail)));
        let y = self.add(self.mul(n, self.d(LN_2_HIGH)), self.add(log, self.mul(n, self.d(LN_2_LOW))));
        let infinite = self.d(f64::INFINITY);
        let y = self.select(self.test("oeq", x, infinite), infinite, y);
        let y = self.select(self.test("oeq", x, self.d(0.0)), self.d(f64::NEG_INFINITY), y);
        self.select(self.test("oge", x, self.d(0.0)), y, self.d(f64::NAN))
    }

    fn log1p(&self, x: Value<'c>) -> Value<'c> {
        let one = self.d(1.0);
        let u = self.add(x, one);
        // The error of u = 1 + x cancels against that of u - 1 (Kahan).
        let y = self.mul(self.log(u), self.div(x, self.sub(u, one)));
        let y = self.select(self.test("oeq", u, one), x, y);
        self.select(self.test("oeq", u, self.d(f64::INFINITY)), u, y)
    }

    fn tanh(&self, x: Value<'c>) -> Value<'c> {
        let a = self.bounded(self.abs(x), 0.0, 20.0);
        let t = self.expm1(self.add(a, a));
        self.copysign(self.div(t, self.add(t, self.d(2.0))), x)
    }

    /// `e^a / 2` of large `a`, which overflows later than twice it.
    fn half_exp(&self, a: Value<'c>) -> Value<'c> {
        let root = self.exp(self.mul(a, self.d(0.5)));
        self.mul(self.mul(root, self.d(0.5)), root)
    }

    fn sinh(&self, x: Value<'c>) -> Value<'c> {
        let a = self.abs(x);
        let t = self.expm1(self.bounded(a, 0.0, 30.0));
        let near = self.mul(self.add(t, self.div(t, self.add(t, self.d(1.0)))), self.d(0.5));
        let far = self.test("ogt", a, self.d(22.0));
        self.copysign(self.select(far, self.half_exp(a), near), x)
    }

    fn cosh(&self, x: Value<'c>) -> Value<'c> {
        let a = self.abs(x);
        let e = self.exp(self.bounded(a, 0.0, 30.0));
        let near = self.mul(self.add(e, self.div(self.d(1.0), e)), self.d(0.5));
        self.select(self.test("ogt", a, self.d(22.0)), self.half_exp(a), near)
    }

    fn asinh(&self, x: Value<'c>) -> Value<'c> {
        let a = self.abs(x);
        let one = self.d(1.0);
        let square = self.mul(a, a);
        let root = self.add(one, self.sqrt(self.add(square, one)));
        let near = self.log1p(self.add(a, self.div(square, root)));
        // Squares of larger numbers overflow, and 1 doesn't show in them.
        let far = self.add(self.log(a), self.d(LN_2));
        self.copysign(self.select(self.test("ogt", a, self.d(1e9)), far, near), x)
    }

    fn acosh(&self, x: Value<'c>) -> Value<'c> {
        let t = self.sub(x, self.d(1.0));
        let near = self.log1p(self.add(t, self.sqrt(self.fma(t, t, self.add(t, t)))));
        let far = self.add(self.log(x), self.d(LN_2));
        self.select(self.test("ogt", x, self.d(1e9)), far, near)
    }

    fn atanh(&self, x: Value<'c>) -> Value<'c> {
        let a = self.abs(x);
        let y = self.mul(self.log1p(self.div(self.add(a, a), self.sub(self.d(1.0), a))), self.d(0.5));
        self.copysign(y, x)
    }

    /// Up to 3 `2/sqrt(pi) e^(-x^2) (x + 2x^3/3 + 4x^5/15 + ...)`, whose terms are all positive; beyond, 1 less the
    /// complement's continued fraction.
    fn erf(&self, x: Value<'c>) -> Value<'c> {
        let one = self.d(1.0);
        let a = self.bounded(self.abs(x), 0.0, 7.0);
        let square = self.mul(a, a);
        let e = self.exp(self.b.unary("arith.negf", square));
        // Nested: 1 + 2z/3 (1 + 2z/5 (1 + ...)).
        let twice = self.add(square, square);
        let sum = (1..=ERF_TERMS)
            .rev()
            .fold(one, |sum, k| self.fma(self.mul(twice, self.d(1.0 / f64::from(2 * k + 1))), sum, one));
        let near = self.mul(self.mul(e, self.d(2.0 / PI.sqrt())), self.mul(a, sum));
        let fraction =
            (1..=ERFC_LEVELS).rev().fold(self.d(0.0), |f, k| self.div(self.d(f64::from(k) / 2.0), self.add(a, f)));
        let complement = self.div(self.mul(e, self.d(1.0 / PI.sqrt())), self.add(a, fraction));
        let y = self.select(self.test("olt", a, self.d(3.0)), near, self.sub(one, complement));
        let y = self.select(self.test("uno", x, x), x, y);
        self.copysign(y, x)
    }

    /// Sine, or with a quarter turn ahead cosine.
    fn wave(&self, x: Value<'c>, turn: f64) -> Value<'c> {
        let n = self.b.unary("math.roundeven", self.mul(x, self.d(FRAC_2_PI)));
        let r = HALF_PI.iter().fold(x, |r, &part| self.sub(r, self.mul(n, self.d(part))));
        let quadrant = self.to("fptosi", self.add(n, self.d(turn)), Elem::I64);
        let square = self.mul(r, r);
        let sign = |k: u32| if k.is_multiple_of(2) { 1.0 } else { -1.0 };
        let sine = self.series(square, (1..=WAVE_TERMS).map(|k| sign(k) / factorial(2 * k + 1)));
        let sine = self.fma(self.mul(square, r), sine, r);
        let cosine = self.series(square, (2..=WAVE_TERMS + 1).map(|k| sign(k) / factorial(2 * k)));
        let cosine = self.fma(self.mul(square, square), cosine, self.fma(square, self.d(-0.5), self.d(1.0)));
        let is = |bit: i64| self.test("ne", self.int("andi", quadrant, self.long(bit)), self.long(0));
        let y = self.select(is(1), cosine, sine);
        self.select(is(2), self.b.unary("arith.negf", y), y)
    }

    fn atan(&self, x: Value<'c>) -> Value<'c> {
        // Above 1 from pi/2 down; then by the nearest of 0, pi/8 and pi/4.
        let a = self.abs(x);
        let one = self.d(1.0);
        let above = self.test("ogt", a, one);
        let a = self.select(above, self.div(one, a), a);
        let eighth = (SQRT_2 - 1.0, FRAC_PI_4 / 2.0);
        let (low, high) = (self.test("olt", a, self.d(0.198_912_4)), self.test("ogt", a, self.d(0.668_178_6)));
        let pick =
            |middle: f64, top: f64| self.select(low, self.d(0.0), self.select(high, self.d(top), self.d(middle)));
        let (c, base) = (pick(eighth.0, 1.0), pick(eighth.1, FRAC_PI_4));
        let t = self.div(self.sub(a, c), self.fma(a, c, one));
        let square = self.mul(t, t);
        let sign = |k: u32| if k.is_multiple_of(2) { 1.0 } else { -1.0 };
        let tail = self.series(square, (1..=ATAN_TERMS).map(|k| sign(k) / f64::from(2 * k + 1)));
        let y = self.add(base, self.fma(self.mul(square, t), tail, t));
        self.copysign(self.select(above, self.sub(self.d(FRAC_PI_2), y), y), x)
    }

    fn asin(&self, x: Value<'c>) -> Value<'c> {
        let one = self.d(1.0);
        // (1 - x)(1 + x) rather than 1 - x^2, which loses its bits near 1.
        self.atan(self.div(x, self.sqrt(self.mul(self.sub(one, x), self.add(one, x)))))
    }

    fn acos(&self, x: Value<'c>) -> Value<'c> {
        let one = self.d(1.0);
        let half = self.atan(self.sqrt(self.div(self.sub(one, x), self.add(one, x))));
        self.add(half, half)
    }

    fn powf(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        let magnitude = self.exp(self.mul(y, self.log(self.abs(x))));
        self.signed_power(x, y, magnitude, &|v| self.d(v))
    }
}

fn factorial(n: u32) -> f64 {
    (1..=n).map(f64::from).product()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_split_exactly() {
        assert_eq!(LN_2_HIGH + LN_2_LOW, LN_2);
        assert_eq!(HALF_PI.iter().sum::<f64>(), FRAC_PI_2);
        assert!((std::f64::consts::LN_10 * LOG10_E - 1.0).abs() < 1e-15);
    }
}
