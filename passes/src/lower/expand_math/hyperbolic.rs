//! Hyperbolic functions and the error function.

use super::Expand;
use std::f32::consts::LN_2;
use weft_dialects::ir::Value;

/// `tanh(x) = x P(x^2) / Q(x^2)` on `|x| <= 9`; relative error 2e-8. Q's constant term is 1.
const TANH_P: [f32; 5] = [1.0, 0.133_810_22, 0.003_495_584_2, 2.060_902e-5, 1.335_458_3e-8];
const TANH_Q: [f32; 5] = [1.0, 0.467_143_4, 0.025_876_967, 3.285_628_5e-4, 7.776_525e-7];

/// `erf(x) = x P(x^2) / Q(x^2)` on `|x| <= 3.92`; relative error 2e-8.
const ERF_P: [f32; 6] =
    [std::f32::consts::FRAC_2_SQRT_PI, 0.190_407_98, 0.052_748_93, 0.003_765_684, 2.848_845_2e-4, 2.050_079_3e-6];
const ERF_Q: [f32; 6] = [1.0, 0.502_077_4, 0.114_109_75, 0.014_969_351, 0.001_162_552_3, 3.809_173e-5];

/// `(sinh(x) - x) / x^3` in `x^2` on `|x| <= 1`; relative error of sinh 2e-8.
const SINH: [f32; 3] = [0.166_667_16, 0.008_330_284, 2.037_219_4e-4];

impl<'c> Expand<'c> {
    fn rational(&self, x: Value<'c>, most: f32, p: &[f32], q: &[f32]) -> Value<'c> {
        let bounded = self.at_least(self.at_most(x, most), -most);
        let square = self.mul(bounded, bounded);
        let y = self.div(self.mul(bounded, self.polynomial(square, p)), self.polynomial(square, q));
        // Rounding may lead past 1 near the bounds.
        self.at_least(self.at_most(y, 1.0), -1.0)
    }

    pub(super) fn tanh(&self, x: Value<'c>) -> Value<'c> {
        self.rational(x, 9.0, &TANH_P, &TANH_Q)
    }

    pub(super) fn erf(&self, x: Value<'c>) -> Value<'c> {
        self.rational(x, 3.92, &ERF_P, &ERF_Q)
    }

    /// `e^a / 2` and `e^-a / 2` of `a >= 0`.
    fn half_exponentials(&self, a: Value<'c>) -> (Value<'c>, Value<'c>) {
        let high = self.half_exp(self.at_most(a, 89.4));
        (high, self.div(self.f(0.25), high))
    }

    pub(super) fn sinh(&self, x: Value<'c>) -> Value<'c> {
        let a = self.abs(x);
        let (high, low) = self.half_exponentials(a);
        let large = self.copysign(self.sub(high, low), x);
        let square = self.mul(x, x);
        let small = self.fma(self.mul(square, x), self.polynomial(square, &SINH), x);
        self.select(self.test("olt", a, self.f(1.0)), small, large)
    }

    pub(super) fn cosh(&self, x: Value<'c>) -> Value<'c> {
        let (high, low) = self.half_exponentials(self.abs(x));
        self.add(high, low)
    }

    pub(super) fn asinh(&self, x: Value<'c>) -> Value<'c> {
        let a = self.abs(x);
        let one = self.f(1.0);
        let square = self.mul(a, a);
        let root = self.add(one, self.sqrt(self.add(square, one)));
        let near = self.log1p(self.add(a, self.div(square, root)));
        // Squares of larger numbers overflow, and 1 doesn't show in them.
        let far = self.add(self.log(a), self.f(LN_2));
        self.copysign(self.select(self.test("ogt", a, self.f(1e9)), far, near), x)
    }

    pub(super) fn acosh(&self, x: Value<'c>) -> Value<'c> {
        let t = self.sub(x, self.f(1.0));
        let near = self.log1p(self.add(t, self.sqrt(self.fma(t, t, self.add(t, t)))));
        let far = self.add(self.log(x), self.f(LN_2));
        self.select(self.test("ogt", x, self.f(1e9)), far, near)
    }

    pub(super) fn atanh(&self, x: Value<'c>) -> Value<'c> {
        let a = self.abs(x);
        let twice = self.add(a, a);
        let y = self.mul(self.log1p(self.div(twice, self.sub(self.f(1.0), a))), self.f(0.5));
        self.copysign(y, x)
    }
}
