//! Elements at positions that depend on data: generics whose bodies read a tensor from outside by `tensor.extract`.
//!
//! Positions are clamped into the tensor, so that no data makes a model read what isn't its own.

use super::dtype::Dtype;
use super::node::{Ints, Node, Reason, Typed, invalid};
use weft_dialects::ir::{Builder, Elem, LinExpr, Map, Scalar, Value, extent};

/// An integer of a body as an `index`.
pub fn as_index<'c>(b: &Builder<'c>, v: Value<'c>, dtype: Dtype) -> Value<'c> {
    let cast = if dtype.unsigned { "arith.index_castui" } else { "arith.index_cast" };
    b.value(cast, &[v], b.cx.index(), &[])
}

/// An `index` clamped to `0..n`.
pub fn clamp<'c>(b: &Builder<'c>, at: Value<'c>, n: i64) -> Value<'c> {
    if n == 1 {
        return b.index(0);
    }
    // The maximum comes last: an address of which nothing else is known is not negative.
    b.binary("arith.maxsi", b.binary("arith.minsi", at, b.extent(extent::sub(n, 1))), b.index(0))
}

/// An ONNX index into `n` positions: negative ones count from the end, and what is out of range is clamped.
pub fn wrap<'c>(b: &Builder<'c>, v: Value<'c>, dtype: Dtype, n: i64) -> Value<'c> {
    if n == 1 {
        return b.index(0);
    }
    let at = as_index(b, v, dtype);
    let at = if dtype.unsigned {
        at
    } else {
        b.select(b.compare("slt", at, b.index(0)), b.binary("arith.addi", at, b.extent(n)), at)
    };
    clamp(b, at, n)
}

/// A generic over `shape` whose body computes each element from its position and from `ins`, read through their maps.
/// No element of an empty tensor may be asked for.
pub fn generate<'c>(
    node: &Node<'c>,
    dtype: Dtype,
    shape: &[i64],
    ins: &[(Value<'c>, Map)],
    body: impl FnOnce(&Builder<'c>, &[Value<'c>], &[Value<'c>]) -> Value<'c>,
) -> Typed<'c> {
    let value = node.b.elementwise(dtype.elem, shape, ins, |b, v| {
        let at: Vec<Value<'c>> = (0..shape.len()).map(|d| b.loop_index(d)).collect();
        body(b, v, &at)
    });
    Typed::new(value, dtype)
}

/// Refuses a result with elements that would come from an empty tensor.
pub fn nothing_from_nothing(from: &[i64], to: &[i64]) -> Result<(), Reason> {
    if from.contains(&0) && !to.contains(&0) {
        return invalid(format!("there is nothing to pick from in {from:?}"));
    }
    Ok(())
}

/// The largest distance that addresses reach.
const FAR: i64 = i32::MAX as i64;

/// Integers that a generic's body may ask for one by one: known ones are constants there, the others are read from an
/// operand.
pub struct List {
    known: Option<Vec<i64>>,
    first: usize,
    len: usize,
    dtype: Dtype,
}

impl List {
    /// Adds what isn't known to the operands of a generic of `dims` loop dims.
    pub fn new<'c>(ints: &Ints<'c>, dims: usize, ins: &mut Vec<(Value<'c>, Map)>) -> Self {
        match ints {
            Ints::Known(v) => Self { known: Some(v.clone()), first: 0, len: v.len(), dtype: Dtype::INT64 },
            Ints::Data(v) => {
                let (first, len) = (ins.len(), v.len() as usize);
                for i in 0..len {
                    let results = v.shape().iter().map(|_| LinExpr::constant(i as i64)).collect();
                    ins.push((v.value, Map { dims, results }));
                }
                Self { known: None, first, len, dtype: v.dtype }
            }
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Entry `i` as an `index`, no farther from 0 than addresses reach; `v` are the values of the generic's operands.
    pub fn at<'c>(&self, b: &Builder<'c>, v: &[Value<'c>], i: usize) -> Value<'c> {
        if let Some(known) = &self.known {
            return b.index(known[i].clamp(-FAR, FAR));
        }
        let mut x = v[self.first + i];
        if self.dtype.elem == Elem::I64 {
            let bound = |n: i64| b.scalar(Elem::I64, Scalar::I(n));
            x = b.binary("arith.maxsi", b.binary("arith.minsi", x, bound(FAR)), bound(-FAR));
        }
        as_index(b, x, self.dtype)
    }

    /// Among pairs of an axis and a value, the value for dim `d`; `otherwise` if no axis is `d`.
    pub fn of_axis<'c>(
        &self,
        b: &Builder<'c>,
        v: &[Value<'c>],
        axes: &Axes,
        (d, rank): (usize, usize),
        offset: usize,
        otherwise: i64,
    ) -> Value<'c> {
        match axes {
            Axes::Known(axes) => match axes.iter().position(|&a| a == d) {
                Some(i) => self.at(b, v, i + offset),
                None => b.index(otherwise),
            },
            Axes::Data(list) => (0..list.len()).fold(b.index(otherwise), |found, i| {
                let axis = list.at(b, v, i);
                let is = |n: usize| b.compare("eq", axis, b.index(n as i64));
                let here = b.binary("arith.ori", is(d), b.compare("eq", axis, b.index(d as i64 - rank as i64)));
                b.select(here, self.at(b, v, i + offset), found)
            }),
        }
    }
}

/// Axes that a generic's body may ask for.
pub enum Axes {
    /// Known, none negative.
    Known(Vec<usize>),
    /// Read at run time; negative ones count from the end.
    Data(List),
}

impl Axes {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Axes::Known(axes) => axes.len(),
            Axes::Data(list) => list.len(),
        }
    }
}

/// `from` as an integer or float of a type; `from` is an `index`.
pub fn from_index<'c>(b: &Builder<'c>, at: Value<'c>, dtype: Dtype) -> Value<'c> {
    let word = b.value("arith.index_cast", &[at], b.cx.i32(), &[]);
    super::cast::scalar(b, word, Dtype::of(Elem::I32), dtype)
}

/// A constant of a type.
pub fn number<'c>(b: &Builder<'c>, dtype: Dtype, v: i64) -> Value<'c> {
    b.scalar(dtype.elem, if dtype.is_float() { Scalar::F(v as f64) } else { Scalar::I(v) })
}
