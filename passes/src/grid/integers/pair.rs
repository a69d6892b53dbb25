//! Arithmetic on 64-bit integers that are two 32-bit words.

use super::range::Range;
use weft_dialects::ir::{Builder, Elem, Scalar, Value};

/// A 64-bit integer: `high * 2^32 + low`, `low` without a sign.
#[derive(Clone, Copy)]
pub(super) struct Pair<'c> {
    pub(super) low: Value<'c>,
    pub(super) high: Value<'c>,
}

/// Builds arithmetic on pairs.
pub(super) struct Words<'c> {
    pub(super) b: Builder<'c>,
}

impl<'c> Words<'c> {
    pub(super) fn i(&self, v: i64) -> Value<'c> {
        self.b.scalar(Elem::I32, Scalar::I(v))
    }

    pub(super) fn op(&self, name: &str, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.binary(&format!("arith.{name}"), x, y)
    }

    pub(super) fn test(&self, predicate: &str, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.compare(predicate, x, y)
    }

    pub(super) fn select(&self, c: Value<'c>, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        self.b.select(c, x, y)
    }

    /// 1 or 0.
    pub(super) fn bit(&self, c: Value<'c>) -> Value<'c> {
        self.b.value("arith.extui", &[c], self.b.cx.i32(), &[])
    }

    /// All bits those of the sign.
    pub(super) fn sign(&self, x: Value<'c>) -> Value<'c> {
        self.op("shrsi", x, self.i(31))
    }

    /// A constant.
    pub(super) fn constant(&self, v: i64) -> Pair<'c> {
        // Both as signed numbers, as attributes of i32 are.
        Pair { low: self.i(i64::from(v as i32)), high: self.i(v >> 32) }
    }

    /// The signed value of one word.
    pub(super) fn signed(&self, low: Value<'c>) -> Pair<'c> {
        Pair { low, high: self.sign(low) }
    }

    /// The unsigned value of one word.
    pub(super) fn unsigned(&self, low: Value<'c>) -> Pair<'c> {
        Pair { low, high: self.i(0) }
    }

    pub(super) fn choose(&self, c: Value<'c>, x: Pair<'c>, y: Pair<'c>) -> Pair<'c> {
        Pair { low: self.select(c, x.low, y.low), high: self.select(c, x.high, y.high) }
    }

    /// Word by word.
    pub(super) fn bitwise(&self, name: &str, x: Pair<'c>, y: Pair<'c>) -> Pair<'c> {
        Pair { low: self.op(name, x.low, y.low), high: self.op(name, x.high, y.high) }
    }

    pub(super) fn add(&self, x: Pair<'c>, y: Pair<'c>) -> Pair<'c> {
        let low = self.op("addi", x.low, y.low);
        let carry = self.bit(self.test("ult", low, x.low));
        Pair { low, high: self.op("addi", self.op("addi", x.high, y.high), carry) }
    }

    pub(super) fn sub(&self, x: Pair<'c>, y: Pair<'c>) -> Pair<'c> {
        let low = self.op("subi", x.low, y.low);
        let borrow = self.bit(self.test("ult", x.low, y.low));
        Pair { low, high: self.op("subi", self.op("subi", x.high, y.high), borrow) }
    }

    pub(super) fn negate(&self, x: Pair<'c>) -> Pair<'c> {
        self.sub(self.constant(0), x)
    }

    pub(super) fn mul(&self, x: Pair<'c>, y: Pair<'c>) -> Pair<'c> {
        let low = self.op("muli", x.low, y.low);
        let crossed = self.op("addi", self.op("muli", x.low, y.high), self.op("muli", x.high, y.low));
        Pair { low, high: self.op("addi", self.mul_high(x.low, y.low), crossed) }
    }

    /// The upper word of the product of two unsigned words, from products of their halves.
    fn mul_high(&self, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        let (mask, half) = (self.i(0xffff), self.i(16));
        let lower = |v| self.op("andi", v, mask);
        let upper = |v| self.op("shrui", v, half);
        let (x0, x1, y0, y1) = (lower(x), upper(x), lower(y), upper(y));
        let mixed = self.op("addi", self.op("muli", x1, y0), upper(self.op("muli", x0, y0)));
        let other = self.op("addi", self.op("muli", x0, y1), lower(mixed));
        self.op("addi", self.op("addi", self.op("muli", x1, y1), upper(mixed)), upper(other))
    }

    /// By one word's signed or unsigned number of bits; beyond 63 everything is shifted out.
    pub(super) fn shift(&self, name: &str, x: Pair<'c>, by: Pair<'c>) -> Pair<'c> {
        let (word, zero) = (self.i(31), self.i(0));
        let within = self.op("andi", by.low, word);
        // By 32 less `within`, in two steps, as a shift by 32 is undefined.
        let rest = self.op("subi", word, within);
        let far = self.test("ugt", by.low, word);
        let out = self.op("ori", self.test("ugt", by.low, self.i(63)), self.test("ne", by.high, zero));
        let one = self.i(1);
        let (near, moved, gone) = if name == "shli" {
            let low = self.op("shli", x.low, within);
            let carried = self.op("shrui", self.op("shrui", x.low, one), rest);
            let high = self.op("ori", self.op("shli", x.high, within), carried);
            (Pair { low, high }, Pair { low: zero, high: low }, zero)
        } else {
            let fill = if name == "shrsi" { self.sign(x.high) } else { zero };
            let high = self.op(name, x.high, within);
            let carried = self.op("shli", self.op("shli", x.high, one), rest);
            let low = self.op("ori", self.op("shrui", x.low, within), carried);
            (Pair { low, high }, Pair { low: high, high: fill }, fill)
        };
        self.choose(out, Pair { low: gone, high: gone }, self.choose(far, moved, near))
    }

    /// By the name of `arith.cmpi`'s predicate.
    pub(super) fn compare(&self, predicate: &str, x: Pair<'c>, y: Pair<'c>) -> Value<'c> {
        if let "eq" | "ne" = predicate {
            let differs = self.bitwise("xori", x, y);
            return self.test(predicate, self.op("ori", differs.low, differs.high), self.i(0));
        }
        // The high words decide unless they are equal; they alone have a sign.
        let strict = format!("{}t", &predicate[..2]);
        let unsigned = format!("u{}", &predicate[1..]);
        let high = self.test(&strict, x.high, y.high);
        let low = self.test(&unsigned, x.low, y.low);
        self.select(self.test("eq", x.high, y.high), low, high)
    }

    pub(super) fn is_negative(&self, x: Pair<'c>) -> Value<'c> {
        self.test("slt", x.high, self.i(0))
    }

    pub(super) fn absolute(&self, x: Pair<'c>) -> Pair<'c> {
        self.choose(self.is_negative(x), self.negate(x), x)
    }

    /// The nearest number of one signed word: what a position is narrowed to before it is clamped.
    pub(super) fn saturated(&self, x: Pair<'c>, range: Range) -> Value<'c> {
        if range.fits_word() {
            return x.low;
        }
        let most = self.op("xori", self.sign(x.high), self.i(i64::from(i32::MAX)));
        self.select(self.test("eq", x.high, self.sign(x.low)), x.low, most)
    }
}
