//! Powers and roots.

use super::Expand;
use weft_dialects::ir::{AttrExt, OpExt, Value, ValueExt};

impl<'c> Expand<'c> {
    /// The value of a constant, or of the constant that fills a vector.
    fn constant_of(&self, v: Value<'c>) -> Option<f32> {
        let attr = v.def().filter(|op| op.op_name() == "arith.constant")?.attr("value")?;
        let tensor = self.b.cx.tensor_of(attr).filter(|t| t.is_splat());
        let value = tensor.map(|t| t.get(0).f64()).or(attr.as_f64())?;
        Some(value as f32)
    }

    pub(super) fn powf(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        match self.constant_of(y) {
            Some(0.5) => return self.root(x),
            Some(n) if n.fract() == 0.0 && n.abs() <= 16.0 => return self.whole_power(x, n as i32),
            _ => {}
        }
        let magnitude = self.exp(self.mul(y, self.log(self.abs(x))));
        self.signed_power(x, y, magnitude, &|v| self.f(v as f32))
    }

    /// `x^y` from `|x|^y`, of either float type (`number` makes its constants).
    pub(super) fn signed_power(
        &self,
        x: Value<'c>,
        y: Value<'c>,
        magnitude: Value<'c>,
        number: &dyn Fn(f64) -> Value<'c>,
    ) -> Value<'c> {
        let (zero, one) = (number(0.0), number(1.0));
        // Negative bases have whole powers only, whose sign is that of the exponent's parity.
        let whole = self.test("oeq", self.b.unary("math.floor", y), y);
        let half = self.mul(y, number(0.5));
        let odd = self.test("une", self.b.unary("math.floor", half), half);
        let signed = self.select(odd, self.copysign(magnitude, x), magnitude);
        // Minus infinity has others too: those of infinity.
        let infinite_base = self.test("oeq", self.abs(x), number(f64::INFINITY));
        let other = self.select(infinite_base, magnitude, number(f64::NAN));
        let integral = self.select(whole, signed, other);
        // Of a positive base, of either zero, and of the infinite exponents (which count as whole) it is the magnitude.
        let negative = self.test("olt", x, zero);
        let zero_base = self.test("oeq", x, zero);
        let at_zero = self.select(whole, signed, magnitude);
        let power = self.select(negative, integral, self.select(zero_base, at_zero, magnitude));
        let finite = self.test("olt", self.abs(y), number(f64::INFINITY));
        let unit = self.test("oeq", self.abs(x), one);
        let power = self.select(finite, power, self.select(unit, one, magnitude));
        let power = self.select(self.test("oeq", x, one), one, power);
        self.select(self.test("oeq", y, zero), one, power)
    }

    /// `x^0.5`: the square root, but 0 of -0 and infinity of -infinity.
    fn root(&self, x: Value<'c>) -> Value<'c> {
        let infinite = self.f(f32::INFINITY);
        let root = self.sqrt(self.add(x, self.f(0.0)));
        self.select(self.test("oeq", self.abs(x), infinite), infinite, root)
    }

    fn whole_power(&self, x: Value<'c>, n: i32) -> Value<'c> {
        let mut left = n.unsigned_abs();
        let (mut base, mut product) = (x, None);
        while left > 0 {
            if left & 1 == 1 {
                product = Some(product.map_or(base, |p| self.mul(p, base)));
            }
            left >>= 1;
            if left > 0 {
                base = self.mul(base, base);
            }
        }
        match product {
            None => self.f(1.0),
            Some(p) if n < 0 => self.div(self.f(1.0), p),
            Some(p) => p,
        }
    }

    pub(super) fn cbrt(&self, x: Value<'c>) -> Value<'c> {
        let a = self.abs(x);
        let third = self.f(1.0 / 3.0);
        let y = self.exp(self.mul(self.log(a), third));
        // One step of Newton's method takes the exponential's error away.
        let better = self.sub(y, self.mul(self.sub(y, self.div(a, self.mul(y, y))), third));
        let ordinary = self.test("olt", self.abs(self.sub(a, a)), self.f(1.0));
        let nonzero = self.test("ogt", a, self.f(0.0));
        let y = self.select(ordinary, self.select(nonzero, better, a), a);
        self.copysign(y, x)
    }
}
