//! Partial results of a workgroup's invocations, combined through its memory.

use super::{barrier, shared};
use crate::lower::point::PointEval;
use crate::lower::vector::{load_element, load_vector, store};
use weft_dialects::ir::{Builder, Elem, LinExpr, Value, VectorTy};

/// Invocations that share the work of several results.
pub(super) struct Parts<'c> {
    /// Which part of its result's work an invocation does.
    pub(super) part: Value<'c>,
    /// How many parts there are: a power of two.
    pub(super) parts: i64,
    /// Which of the workgroup's results it works for.
    pub(super) result: Value<'c>,
    /// How many results the workgroup has.
    pub(super) results: i64,
    /// Whether neighbouring invocations are parts of one result, or the same part of neighbouring ones.
    pub(super) along: bool,
}

impl<'c> Parts<'c> {
    /// Combines the parts of each result. What is returned is the total in the first part, and in all if `all` says so. All
    /// invocations of the workgroup must come by.
    pub(super) fn total(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        (value, elem, lanes): (Value<'c>, Elem, i64),
        all: bool,
        combine: &dyn Fn(&Builder<'c>, Value<'c>, Value<'c>) -> Value<'c>,
    ) -> Value<'c> {
        if self.parts == 1 {
            return value;
        }
        let memory = shared(b, word(elem), &[self.parts * self.results * lanes]);
        let (by_part, by_result) = if self.along { (1, self.parts) } else { (self.results, 1) };
        let place = LinExpr { terms: vec![(0, by_part * lanes), (1, by_result * lanes)], constant: 0 };
        let load = |b: &Builder<'c>, at: Value<'c>| {
            let v = match lanes {
                1 => load_element(b, word(elem), memory, &[at]),
                _ => load_vector(b, word(elem), memory, &[at], lanes),
            };
            narrowed(b, v, elem, lanes)
        };
        let mine = point.linear(b, &place, &[self.part, self.result]);
        store(b, widened(b, value, elem, lanes), memory, &[mine]);
        let mut half = self.parts / 2;
        while half > 0 {
            barrier(b);
            let works = b.compare("ult", self.part, point.index(b, half));
            b.when(works, |b| {
                point.scoped(|point| {
                    let other = point.offset(b, mine, half * by_part * lanes);
                    let v = combine(b, load(b, mine), load(b, other));
                    store(b, widened(b, v, elem, lanes), memory, &[mine]);
                });
            });
            half /= 2;
        }
        if !all {
            return load(b, mine);
        }
        barrier(b);
        let first = point.index(b, 0);
        let first = point.linear(b, &place, &[first, self.result]);
        load(b, first)
    }
}

/// What elements of a type are in the workgroup's memory: words.
fn word(elem: Elem) -> Elem {
    match elem {
        Elem::I1 | Elem::I8 | Elem::I16 => Elem::I32,
        Elem::F16 | Elem::BF16 => Elem::F32,
        other => other,
    }
}

fn widened<'c>(b: &Builder<'c>, v: Value<'c>, elem: Elem, lanes: i64) -> Value<'c> {
    match elem {
        Elem::I1 => cast(b, "arith.extui", v, word(elem), lanes),
        Elem::I8 | Elem::I16 => cast(b, "arith.extsi", v, word(elem), lanes),
        Elem::F16 | Elem::BF16 => cast(b, "arith.extf", v, word(elem), lanes),
        _ => v,
    }
}

fn narrowed<'c>(b: &Builder<'c>, v: Value<'c>, elem: Elem, lanes: i64) -> Value<'c> {
    match elem {
        Elem::I1 | Elem::I8 | Elem::I16 => cast(b, "arith.trunci", v, elem, lanes),
        Elem::F16 | Elem::BF16 => cast(b, "arith.truncf", v, elem, lanes),
        _ => v,
    }
}

fn cast<'c>(b: &Builder<'c>, op: &str, v: Value<'c>, to: Elem, lanes: i64) -> Value<'c> {
    let ty = if lanes > 1 { VectorTy::new(to, lanes).to_mlir(b.cx) } else { b.cx.elem(to) };
    b.value(op, &[v], ty, &[])
}
