//! Between 64-bit integers and `f32`, rounded once.

use super::pair::{Pair, Words};
use weft_dialects::ir::{Elem, Scalar, Value};

/// 2^32 and 2^63.
const WORD: f64 = 4_294_967_296.0;
const TOP: f64 = 9_223_372_036_854_775_808.0;

impl<'c> Words<'c> {
    fn f(&self, v: f64) -> Value<'c> {
        self.b.scalar(Elem::F32, Scalar::F(v))
    }

    fn cast(&self, name: &str, x: Value<'c>, elem: Elem) -> Value<'c> {
        self.b.value(&format!("arith.{name}"), &[x], self.b.cx.elem(elem), &[])
    }

    /// Signed: as an `f32`, to nearest, ties to even.
    pub(super) fn to_float(&self, x: Pair<'c>) -> Value<'c> {
        let magnitude = self.unsigned_to_float(self.absolute(x));
        self.select(self.is_negative(x), self.b.unary("arith.negf", magnitude), magnitude)
    }

    /// The number is shifted to the left until its first bit is that of the upper word. Whether anything is left in the lower word
    /// is noted in the last bit of the upper one, so that its conversion rounds as that of the whole number would.
    pub(super) fn unsigned_to_float(&self, x: Pair<'c>) -> Value<'c> {
        let empty = self.test("eq", x.high, self.i(0));
        let zeros = |v| self.b.unary("math.ctlz", v);
        let lead = self.select(empty, self.op("addi", zeros(x.low), self.i(32)), zeros(x.high));
        let all = self.shift("shli", x, self.unsigned(lead));
        let rest = self.bit(self.test("ne", all.low, self.i(0)));
        let value = self.cast("uitofp", self.op("ori", all.high, rest), Elem::F32);
        // 2^(32 - lead).
        let exponent = self.op("shli", self.op("subi", self.i(127 + 32), lead), self.i(23));
        let scaled = self.b.binary("arith.mulf", value, self.cast("bitcast", exponent, Elem::F32));
        self.select(self.test("eq", self.op("ori", x.low, x.high), self.i(0)), self.f(0.0), scaled)
    }

    /// Towards zero; what is too large gives the nearest number, and NaN 0.
    pub(super) fn of_float(&self, x: Value<'c>) -> Pair<'c> {
        let magnitude = self.unsigned_of_float(self.b.unary("math.absf", x));
        let negative = self.b.compare("olt", x, self.f(0.0));
        let inside = self.choose(negative, self.negate(magnitude), magnitude);
        let above = self.choose(self.b.compare("oge", x, self.f(TOP)), self.constant(i64::MAX), inside);
        self.choose(self.b.compare("ole", x, self.f(-TOP)), self.constant(i64::MIN), above)
    }

    /// As [`Words::of_float`], unsigned.
    pub(super) fn unsigned_of_float(&self, x: Value<'c>) -> Pair<'c> {
        let fits = self.b.compare("olt", x, self.f(2.0 * TOP));
        let positive = self.op("andi", self.b.compare("ogt", x, self.f(0.0)), fits);
        let x = self.select(positive, x, self.f(0.0));
        // Scaling by powers of two is exact, and so is the difference, which has the lower digits of x.
        let upper = self.b.unary("math.floor", self.b.binary("arith.mulf", x, self.f(1.0 / WORD)));
        let lower = self.b.binary("arith.subf", x, self.b.binary("arith.mulf", upper, self.f(WORD)));
        let word = |v| self.cast("fptoui", v, Elem::I32);
        let inside = Pair { low: word(lower), high: word(upper) };
        // NaN compares with nothing.
        self.choose(self.b.compare("oge", x, self.f(2.0 * TOP)), self.constant(-1), inside)
    }
}
