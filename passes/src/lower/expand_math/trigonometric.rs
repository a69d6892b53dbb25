//! Trigonometric functions.

use super::Expand;
use std::f32::consts::{FRAC_2_PI, FRAC_PI_2, FRAC_PI_4};
use weft_dialects::ir::Value;

/// `(sin(r) - r) / r^3` in `r^2` on `|r| <= pi / 4`; relative error of the sine 4e-9.
const SIN: [f32; 3] = [-0.166_666_55, 0.008_332_16, -1.951_521_8e-4];
/// `(cos(r) - 1 + r^2 / 2) / r^4` in `r^2` on `|r| <= pi / 4`; absolute error of the cosine 1e-10.
const COS: [f32; 3] = [0.041_666_647, -0.001_388_736_7, 2.443_838e-5];
/// `(atan(x) - x) / x^3` in `x^2` on `|x| <= tan(pi / 8)`; relative error of the arc tangent 2e-8.
const ATAN: [f32; 4] = [-0.333_329_5, 0.199_776_98, -0.138_775_38, 0.080_532_34];

/// pi / 2 in three parts: products of the first two with quadrant numbers below 2^13 are exact.
const HALF_PI: [f32; 3] = [1.570_312_5, 4.835_129e-4, 3.138_555_7e-7];

impl<'c> Expand<'c> {
    /// Sine (`turn` 0) or cosine (1, a quarter turn ahead).
    fn wave(&self, x: Value<'c>, turn: i32) -> Value<'c> {
        let (n, rounded) = self.rounded(x, FRAC_2_PI);
        let r = HALF_PI.iter().fold(x, |r, &part| self.fma(n, self.f(-part), r));
        let quadrant = self.int("addi", self.whole(rounded), self.i(turn));
        let square = self.mul(r, r);
        let sine = self.fma(self.mul(square, r), self.polynomial(square, &SIN), r);
        let cosine = self.fma(self.mul(square, square), self.polynomial(square, &COS), self.f(1.0));
        let cosine = self.fma(square, self.f(-0.5), cosine);
        let odd = self.int("andi", quadrant, self.i(1));
        let y = self.select(self.b.compare("ne", odd, self.i(0)), cosine, sine);
        // The upper half turn has the other sign.
        let sign = self.int("shli", self.int("andi", quadrant, self.i(2)), self.i(30));
        self.float_of_bits(self.int("xori", self.bits(y), sign))
    }

    pub(super) fn sin(&self, x: Value<'c>) -> Value<'c> {
        self.wave(x, 0)
    }

    pub(super) fn cos(&self, x: Value<'c>) -> Value<'c> {
        self.wave(x, 1)
    }

    pub(super) fn tan(&self, x: Value<'c>) -> Value<'c> {
        self.div(self.sin(x), self.cos(x))
    }

    pub(super) fn atan(&self, x: Value<'c>) -> Value<'c> {
        // Above tan(3 pi / 8): pi / 2 - atan(1 / a); above tan(pi / 8): pi / 4 + atan((a - 1) / (a + 1)).
        let a = self.abs(x);
        let one = self.f(1.0);
        let large = self.test("ogt", a, self.f(2.414_213_7));
        let middle = self.test("ogt", a, self.f(0.414_213_57));
        let turned = self.div(self.sub(a, one), self.add(a, one));
        let t = self.select(large, self.div(self.f(-1.0), a), self.select(middle, turned, a));
        let base = self.select(large, self.f(FRAC_PI_2), self.select(middle, self.f(FRAC_PI_4), self.f(0.0)));
        let square = self.mul(t, t);
        let y = self.fma(self.mul(square, t), self.polynomial(square, &ATAN), t);
        self.copysign(self.add(base, y), x)
    }

    pub(super) fn asin(&self, x: Value<'c>) -> Value<'c> {
        let one = self.f(1.0);
        // (1 - x)(1 + x) rather than 1 - x^2, which loses its bits near 1.
        self.atan(self.div(x, self.sqrt(self.mul(self.sub(one, x), self.add(one, x)))))
    }

    pub(super) fn acos(&self, x: Value<'c>) -> Value<'c> {
        let one = self.f(1.0);
        let half = self.atan(self.sqrt(self.div(self.sub(one, x), self.add(one, x))));
        self.add(half, half)
    }
}
