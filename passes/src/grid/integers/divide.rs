//! Division of 64-bit integers: by the 32-bit division where both numbers are small, which they nearly always are when the
//! network runs; else bit by bit.

use super::pair::{Pair, Words};
use weft_dialects::ir::{Builder, OpExt, Value};

/// Quotient and remainder.
struct Division<'c> {
    quotient: Pair<'c>,
    remainder: Pair<'c>,
}

impl<'c> Words<'c> {
    /// `divsi`, `divui`, `remsi` or `remui` of `arith`.
    pub(super) fn divide(&self, name: &str, x: Pair<'c>, y: Pair<'c>) -> Option<Pair<'c>> {
        Some(match name {
            "divui" => self.divide_unsigned(x, y).quotient,
            "remui" => self.divide_unsigned(x, y).remainder,
            "divsi" => self.divide_signed(x, y).quotient,
            "remsi" => self.divide_signed(x, y).remainder,
            _ => return None,
        })
    }

    fn divide_signed(&self, x: Pair<'c>, y: Pair<'c>) -> Division<'c> {
        let Division { quotient, remainder } = self.divide_unsigned(self.absolute(x), self.absolute(y));
        let differ = self.test("slt", self.op("xori", x.high, y.high), self.i(0));
        Division {
            quotient: self.choose(differ, self.negate(quotient), quotient),
            // A remainder has the sign of what is divided.
            remainder: self.choose(self.is_negative(x), self.negate(remainder), remainder),
        }
    }

    fn divide_unsigned(&self, x: Pair<'c>, y: Pair<'c>) -> Division<'c> {
        let small = self.test("eq", self.op("ori", x.high, y.high), self.i(0));
        let types = [self.b.cx.i32(); 4];
        let yields = |b: &Builder<'c>, d: Division<'c>| {
            let Division { quotient: q, remainder: r } = d;
            b.op("scf.yield", &[q.low, q.high, r.low, r.high], &[], &[]);
        };
        let words = self.b.region(&[], |&b, _| {
            let w = Words { b };
            let (quotient, remainder) = (w.op("divui", x.low, y.low), w.op("remui", x.low, y.low));
            yields(&b, Division { quotient: w.unsigned(quotient), remainder: w.unsigned(remainder) });
        });
        let long = self.b.region(&[], |&b, _| yields(&b, Words { b }.long_division(x, y)));
        let out = self.b.op_regions("scf.if", &[small], &types, &[], vec![words, long]);
        division(&out.ress())
    }

    /// Shift and subtract, a bit of the quotient at a time. What is left to divide moves out of the quotient's words to the left,
    /// and the quotient in from the right.
    fn long_division(&self, x: Pair<'c>, y: Pair<'c>) -> Division<'c> {
        let b = &self.b;
        let (from, to, step) = (b.index(0), b.index(64), b.index(1));
        let zero = self.i(0);
        let out = b.for_loop(from, to, step, &[x.low, x.high, zero, zero], |&b, _, carried| {
            let w = Words { b };
            let Division { quotient, remainder } = division(carried);
            let top = |v: Value<'c>| w.op("shrui", v, w.i(31));
            let twice = |v: Value<'c>, bit| w.op("ori", w.op("shli", v, w.i(1)), bit);
            // The remainder has a 65th bit for a moment.
            let beyond = w.test("ne", top(remainder.high), w.i(0));
            let remainder =
                Pair { high: twice(remainder.high, top(remainder.low)), low: twice(remainder.low, top(quotient.high)) };
            let goes = w.op("ori", beyond, w.compare("uge", remainder, y));
            let less = w.choose(goes, w.sub(remainder, y), remainder);
            let quotient =
                Pair { high: twice(quotient.high, top(quotient.low)), low: twice(quotient.low, w.bit(goes)) };
            vec![quotient.low, quotient.high, less.low, less.high]
        });
        division(&out)
    }
}

fn division<'c>(words: &[Value<'c>]) -> Division<'c> {
    Division { quotient: Pair { low: words[0], high: words[1] }, remainder: Pair { low: words[2], high: words[3] } }
}
