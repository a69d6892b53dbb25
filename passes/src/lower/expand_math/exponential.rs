//! Exponentials and logarithms.

use super::Expand;
use std::f32::consts::{LN_2, LOG2_E, LOG10_E};
use weft_dialects::ir::Value;

/// `(e^r - 1 - r) / r^2` on `|r| <= ln(2) / 2`; relative error of `e^r` 3e-9.
const EXP: [f32; 5] = [0.499_999_93, 0.166_665_21, 0.041_668_387, 0.008_368_71, 0.001_381_461_3];

/// `(log(1 + t) - t + t^2 / 2) / t^3` for `1 + t` from `sqrt(1/2)` to `sqrt(2)`; relative error of the logarithm 4e-8.
const LOG: [f32; 7] = [0.333_340_4, -0.250_007_7, 0.199_571_4, -0.165_947_9, 0.150_025_28, -0.141_464_97, 0.082_621_25];

/// ln(2) in two parts: the first has so few bits that its products with exponents are exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// `x = n ln(2) + r`: what exponentials are made of.
struct Reduced<'c> {
    /// `r`, at most `ln(2) / 2` in magnitude.
    rest: Value<'c>,
    /// `2^(n - 1)`; 0 for `n = -126`.
    half_scale: Value<'c>,
}

impl<'c> Expand<'c> {
    /// For `x` from `-126 ln(2)` to `129 ln(2)`.
    fn reduce(&self, x: Value<'c>) -> Reduced<'c> {
        let (n, rounded) = self.rounded(x, LOG2_E);
        let rest = self.fma(n, self.f(-LN_2_HIGH), x);
        let rest = self.fma(n, self.f(-LN_2_LOW), rest);
        Reduced { rest, half_scale: self.half_scale(rounded) }
    }

    /// `2^(n - 1)` from a rounded number.
    fn half_scale(&self, rounded: Value<'c>) -> Value<'c> {
        let exponent = self.int("shli", self.whole(rounded), self.i(23));
        self.float_of_bits(self.int("addi", exponent, self.i(126 << 23)))
    }

    /// `e^r - 1` for a reduced argument.
    fn expm1_reduced(&self, r: Value<'c>) -> Value<'c> {
        let p = self.polynomial(r, &EXP);
        self.fma(self.mul(r, r), p, r)
    }

    /// The scale is applied in halves, because `2^128` is no number while results just below it are.
    fn scaled(&self, y: Value<'c>, half_scale: Value<'c>) -> Value<'c> {
        self.mul(self.add(y, y), half_scale)
    }

    pub(super) fn exp(&self, x: Value<'c>) -> Value<'c> {
        // The bounds give 0 and infinity by themselves.
        let x = self.at_least(self.at_most(x, 89.0), -87.33);
        let Reduced { rest, half_scale } = self.reduce(x);
        self.scaled(self.add(self.expm1_reduced(rest), self.f(1.0)), half_scale)
    }

    /// `e^x / 2`, of `x` from 0 to 89.4: it overflows later than twice it.
    pub(super) fn half_exp(&self, x: Value<'c>) -> Value<'c> {
        let Reduced { rest, half_scale } = self.reduce(x);
        self.mul(self.add(self.expm1_reduced(rest), self.f(1.0)), half_scale)
    }

    pub(super) fn exp2(&self, x: Value<'c>) -> Value<'c> {
        let x = self.at_least(self.at_most(x, 128.4), -126.0);
        let (n, rounded) = self.rounded(x, 1.0);
        let rest = self.mul(self.sub(x, n), self.f(LN_2));
        self.scaled(self.add(self.expm1_reduced(rest), self.f(1.0)), self.half_scale(rounded))
    }

    pub(super) fn expm1(&self, x: Value<'c>) -> Value<'c> {
        let bounded = self.at_least(self.at_most(x, 89.0), -87.0);
        let Reduced { rest, half_scale } = self.reduce(bounded);
        // s (e^r - 1) + (s - 1), where both summands are small if x is.
        let y = self.fma(half_scale, self.expm1_reduced(rest), self.sub(half_scale, self.f(0.5)));
        let y = self.add(y, y);
        // Keeps the sign of zero.
        self.select(self.test("oeq", x, self.f(0.0)), x, y)
    }

    /// `x = 2^n (1 + t)`: `n` as a float, and `log(1 + t)`.
    fn log_parts(&self, x: Value<'c>) -> (Value<'c>, Value<'c>) {
        // Numbers below the smallest normal one are scaled up by 2^23.
        let small = self.test("olt", x, self.f(f32::MIN_POSITIVE));
        let scaled = self.select(small, self.mul(x, self.f(8_388_608.0)), x);
        let bias = self.select(small, self.f(-23.0), self.f(0.0));
        // Relative to sqrt(1/2), so that 1 + t lies between it and sqrt(2).
        let start = std::f32::consts::FRAC_1_SQRT_2.to_bits() as i32;
        let bits = self.int("subi", self.bits(scaled), self.i(start));
        let exponent = self.int("shrsi", bits, self.i(23));
        let mantissa = self.int("addi", self.int("andi", bits, self.i(0x007f_ffff)), self.i(start));
        let n = self.add(self.float_of_int(exponent), bias);
        let t = self.sub(self.float_of_bits(mantissa), self.f(1.0));
        let square = self.mul(t, t);
        let p = self.mul(self.mul(square, t), self.polynomial(t, &LOG));
        (n, self.add(self.fma(square, self.f(-0.5), p), t))
    }

    /// What a logarithm is where there is none in numbers: of 0, infinity, NaN and negative numbers.
    fn log_limits(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        let infinite = self.f(f32::INFINITY);
        let y = self.select(self.test("oeq", x, infinite), infinite, y);
        let y = self.select(self.test("oeq", x, self.f(0.0)), self.f(f32::NEG_INFINITY), y);
        self.select(self.test("oge", x, self.f(0.0)), y, self.f(f32::NAN))
    }

    pub(super) fn log(&self, x: Value<'c>) -> Value<'c> {
        let (n, log) = self.log_parts(x);
        let y = self.fma(n, self.f(LN_2_HIGH), self.fma(n, self.f(LN_2_LOW), log));
        self.log_limits(x, y)
    }

    pub(super) fn log2(&self, x: Value<'c>) -> Value<'c> {
        let (n, log) = self.log_parts(x);
        self.log_limits(x, self.fma(log, self.f(LOG2_E), n))
    }

    pub(super) fn log10(&self, x: Value<'c>) -> Value<'c> {
        let (n, log) = self.log_parts(x);
        let low = self.fma(n, self.f(-1.116_331_5e-6), self.mul(log, self.f(LOG10_E)));
        // log10(2) in two parts, as ln(2).
        self.log_limits(x, self.fma(n, self.f(0.301_031_1), low))
    }

    pub(super) fn log1p(&self, x: Value<'c>) -> Value<'c> {
        let one = self.f(1.0);
        let u = self.add(x, one);
        // The error of u = 1 + x cancels against that of u - 1 (Kahan).
        let y = self.mul(self.log(u), self.div(x, self.sub(u, one)));
        let y = self.select(self.test("oeq", u, one), x, y);
        self.select(self.test("oeq", u, self.f(f32::INFINITY)), u, y)
    }
}
