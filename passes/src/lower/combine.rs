//! Reductions that may be split into partial results: the op that combines two of them, and its neutral element.

use super::vector::{vector_constant, widen};
use weft_dialects::ir::{Builder, Elem, Generic, Op, OpExt, Scalar, Tensor, Value, ValueExt, VectorTy};

/// The combining op of an associative reduction.
pub struct Combiner<'c> {
    /// The body's ops that depend on the accumulator: one binary op, or a comparison and a select.
    ops: Vec<Op<'c>>,
    acc: Value<'c>,
    value: Value<'c>,
    elem: Elem,
    neutral: Scalar,
}

impl<'c> Combiner<'c> {
    /// Finds it in a reduction of one output; `None` if there is none.
    pub fn of(g: &Generic<'c>) -> Option<Self> {
        let [yielded] = g.yields()[..] else { return None };
        let acc = g.scalar(g.ins.len());
        let elem = weft_dialects::ir::elem_of(acc.ty())?;
        let last = yielded.def()?;
        let other = |op: Op<'c>, at: usize| -> Option<Value<'c>> {
            let (x, y) = (op.arg(at), op.arg(at + 1));
            match (x == acc, y == acc) {
                (true, false) => Some(y),
                (false, true) => Some(x),
                _ => None,
            }
        };
        if last.op_name() == "arith.select" {
            let compare = last.arg(0).def()?;
            let value = other(last, 1)?;
            let neutral = extremum(compare, last, elem)?;
            (other(compare, 0)? == value && acc.uses().len() == 2 && last.arg(0).has_one_use()).then_some(())?;
            return Some(Self { ops: vec![compare, last], acc, value, elem, neutral });
        }
        let neutral = neutral(&last.op_name(), elem)?;
        let value = other(last, 0)?;
        acc.has_one_use().then_some(Self { ops: vec![last], acc, value, elem, neutral })
    }

    /// The neutral element: a scalar, or a vector of it.
    pub fn neutral(&self, b: &Builder<'c>, lanes: i64) -> Value<'c> {
        if lanes > 1 { self.identity(b, lanes) } else { b.scalar(self.elem, self.neutral) }
    }

    /// The type that is reduced.
    pub fn elem(&self) -> Elem {
        self.elem
    }

    /// The neutral element in every lane.
    pub fn identity(&self, b: &Builder<'c>, lanes: i64) -> Value<'c> {
        vector_constant(b, &Tensor::from_scalars(self.elem, &[lanes], (0..lanes).map(|_| self.neutral)))
    }

    /// Combines two partial results, vectors or scalars.
    pub fn combine(&self, b: &Builder<'c>, x: Value<'c>, y: Value<'c>, lanes: i64) -> Value<'c> {
        let mut last = x;
        let mut made: Vec<(Value<'c>, Value<'c>)> = vec![(self.acc, x), (self.value, y)];
        for &op in &self.ops {
            let operands: Vec<_> =
                op.args().into_iter().map(|v| made.iter().rev().find(|m| m.0 == v).map_or(v, |m| m.1)).collect();
            last = if VectorTy::of(x.ty()).is_some() {
                widen(b, op, &operands, lanes)
            } else {
                b.clone_op(op, &operands).res(0)
            };
            made.push((op.res(0), last));
        }
        last
    }
}

/// What any element is at least.
pub(super) fn lowest(elem: Elem) -> Scalar {
    if elem.is_float() { Scalar::F(f64::NEG_INFINITY) } else { Scalar::I(i64::MIN >> (64 - 8 * elem.bytes())) }
}

fn highest(elem: Elem) -> Scalar {
    if elem.is_float() { Scalar::F(f64::INFINITY) } else { Scalar::I(i64::MAX >> (64 - 8 * elem.bytes())) }
}

/// The neutral element of a binary op.
fn neutral(name: &str, elem: Elem) -> Option<Scalar> {
    Some(match name {
        "arith.addf" => Scalar::F(0.0),
        "arith.mulf" => Scalar::F(1.0),
        "arith.maximumf" | "arith.maxnumf" | "arith.maxsi" => lowest(elem),
        "arith.minimumf" | "arith.minnumf" | "arith.minsi" => highest(elem),
        "arith.addi" | "arith.ori" | "arith.xori" | "arith.maxui" => Scalar::I(0),
        "arith.muli" => Scalar::I(1),
        "arith.andi" | "arith.minui" => Scalar::I(-1),
        _ => return None,
    })
}

/// The neutral element of `select(compare(x, y), ...)` as a maximum or minimum.
fn extremum(compare: Op<'_>, select: Op<'_>, elem: Elem) -> Option<Scalar> {
    let predicate = compare.int("predicate")?;
    let greater = match compare.op_name().as_str() {
        "arith.cmpf" => match predicate {
            2 | 3 | 9 | 10 => true,
            4 | 5 | 11 | 12 => false,
            _ => return None,
        },
        "arith.cmpi" => match predicate {
            4 | 5 => true,
            2 | 3 => false,
            _ => return None,
        },
        _ => return None,
    };
    let keeps_left = select.arg(1) == compare.arg(0) && select.arg(2) == compare.arg(1);
    let keeps_right = select.arg(1) == compare.arg(1) && select.arg(2) == compare.arg(0);
    (keeps_left || keeps_right).then(|| if greater == keeps_left { lowest(elem) } else { highest(elem) })
}
