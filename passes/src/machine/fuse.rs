//! Ops that become one instruction together: products with sums, comparisons with selects, loads with what widens or
//! spreads them. Found on the old ops; what is left over without uses is dropped at the end.

use super::addresses::constant_int;
use crate::target::Target;
use std::collections::HashMap;
use weft_dialects::ir::{AttrExt, Cx, Elem, Op, OpExt, Scalar, Value, ValueExt, VectorTy, walk_ops};

/// Which sums take their product in.
#[derive(Debug, Default)]
pub struct Fusion {
    /// By sum or difference, the operand that is a product.
    products: HashMap<usize, usize>,
}

impl Fusion {
    /// Of a function's ops. A product is taken in only if every use of it is: it would be computed twice otherwise.
    pub fn of(func: Op<'_>, target: &Target) -> Self {
        let mut out = Self::default();
        if !target.fma {
            return out;
        }
        let ops = walk_ops(func);
        for &op in &ops {
            let candidates: &[usize] = match op.op_name().as_str() {
                "arith.addf" => &[0, 1],
                "arith.subf" => &[1],
                _ => continue,
            };
            if !contracts(op) || !is_f32x4(op.res(0)) {
                continue;
            }
            let product = candidates
                .iter()
                .find(|&&i| op.arg(i).def().is_some_and(|m| m.op_name() == "arith.mulf" && contracts(m)));
            if let Some(&i) = product {
                out.products.insert(op.key(), i);
            }
        }
        for &op in &ops {
            if op.op_name() == "arith.mulf"
                && !op.res(0).uses().iter().all(|(user, i)| out.products.get(&user.key()) == Some(i))
            {
                for (user, i) in op.res(0).uses() {
                    if out.products.get(&user.key()) == Some(&i) {
                        out.products.remove(&user.key());
                    }
                }
            }
        }
        out
    }

    /// The operand of a sum that is a product to take in.
    pub fn product_of(&self, op: Op<'_>) -> Option<usize> {
        self.products.get(&op.key()).copied()
    }
}

/// Whether an op may be contracted with another.
fn contracts(op: Op<'_>) -> bool {
    op.attr("fastmath").is_some_and(|f| {
        let text = f.to_string();
        text.contains("contract") || text.contains("fast>")
    })
}

fn is_f32x4(v: Value<'_>) -> bool {
    VectorTy::of(v.ty()) == Some(VectorTy::new(Elem::F32, 4))
}

/// `pmax(a, b)` or `pmin(a, b)`, as Wasm defines them.
pub struct Pseudo<'c> {
    /// Whether it is the maximum.
    pub max: bool,
    /// The operand that is kept when nothing compares.
    pub a: Value<'c>,
    /// The other one.
    pub b: Value<'c>,
}

/// A select between what its comparison compares. `pmax(a, b)` is `a < b ? b : a`, `pmin(a, b)` is `b < a ? b : a`.
pub fn pseudo_min_max<'c>(select: Op<'c>) -> Option<Pseudo<'c>> {
    let compare = select.arg(0).def().filter(|c| c.op_name() == "arith.cmpf")?;
    let (less, more) = match compare.int("predicate")? {
        OLT => (compare.arg(0), compare.arg(1)),
        OGT => (compare.arg(1), compare.arg(0)),
        _ => return None,
    };
    let (then, otherwise) = (select.arg(1), select.arg(2));
    if same(then, more) && same(otherwise, less) {
        Some(Pseudo { max: true, a: less, b: more })
    } else if same(then, less) && same(otherwise, more) {
        Some(Pseudo { max: false, a: more, b: less })
    } else {
        None
    }
}

/// `arith.cmpf`'s numbers of `olt` and `ogt`.
const OLT: i64 = 4;
const OGT: i64 = 2;

fn same<'c>(a: Value<'c>, b: Value<'c>) -> bool {
    a.key() == b.key()
}

/// The only op that uses a value, possibly several times, in the same way: its name, and the type it gives.
pub fn common_use<'c>(v: Value<'c>, names: &[&str]) -> Option<(String, Op<'c>)> {
    let uses = v.uses();
    let first = uses.first()?.0;
    let name = first.op_name();
    let fits = names.contains(&name.as_str())
        && uses.iter().all(|(user, _)| user.op_name() == name && user.res(0).ty() == first.res(0).ty());
    fits.then_some((name, first))
}

/// The number that a value has in all lanes at compile time.
pub fn constant_splat(cx: Cx<'_>, v: Value<'_>) -> Option<Scalar> {
    let op = v.def()?;
    match op.op_name().as_str() {
        "arith.constant" => {
            let value = op.attr("value")?;
            if let Some(t) = cx.tensor_of(value) {
                return t.is_splat().then(|| t.get(0));
            }
            value.as_f64().map(Scalar::F).or_else(|| constant_int(v).map(Scalar::I))
        }
        "vector.broadcast" => constant_splat(cx, op.arg(0)),
        _ => None,
    }
}

/// Whether a value is a constant that is not NaN in any lane.
pub fn is_number(cx: Cx<'_>, v: Value<'_>) -> bool {
    let Some(op) = v.def() else { return false };
    if op.op_name() == "arith.constant"
        && let Some(t) = op.attr("value").and_then(|a| cx.tensor_of(a))
    {
        return t.scalars().all(|s| !s.f64().is_nan());
    }
    constant_splat(cx, v).is_some_and(|s| !s.f64().is_nan())
}
