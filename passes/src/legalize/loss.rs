//! NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss. The target's class is picked by comparing it with the position
//! along the classes, in one reduction: no element is read by a number from the data.

use super::cast::convert;
use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, invalid};
use super::reduce;
use super::terms::position;
use weft_dialects::ir::{Elem, Scalar};

/// NegativeLogLikelihoodLoss (12, 13, 22).
pub fn negative_log_likelihood<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    Ok(vec![loss(node, x)?])
}

/// SoftmaxCrossEntropyLoss (12, 13): of the logarithms of the softmax over the classes, which are the second result.
pub fn softmax_cross_entropy<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    if x.rank() < 2 {
        return invalid(format!("the scores are {:?}, but need N and C", x.shape()));
    }
    let top = reduce::maximum(node, x, &[1])?;
    let shifted = node.op2("arith.subf", x, top)?;
    let sum = reduce::sum(node, node.op1("math.exp", shifted)?, &[1])?;
    let logs = node.op2("arith.subf", shifted, node.op1("math.log", sum)?)?;
    Ok(vec![loss(node, logs)?, logs])
}

/// `-w[t] x[n, t, ...]` for the target `t` at each position, 0 where it is `ignore_index`; then its sum, or its sum over
/// that of the weights.
fn loss<'c>(node: &Node<'c>, x: Typed<'c>) -> Result<Typed<'c>, Reason> {
    let (target, shape) = (node.input(1)?, x.shape());
    let expected: Vec<i64> = shape.iter().enumerate().filter(|(d, _)| *d != 1).map(|(_, &n)| n).collect();
    if shape.len() < 2 || target.shape() != expected {
        return invalid(format!("the target is {:?}, but the scores are {shape:?}", target.shape()));
    }
    let int = |d: Dtype| !d.unsigned && matches!(d.elem, Elem::I32 | Elem::I64);
    if !int(target.dtype) {
        return invalid(format!("the target is {}, not int32 or int64", target.dtype.name()));
    }
    let ignored = node.int("ignore_index")?;
    let classes = shape[1];
    let mut ones = shape.clone();
    ones[1] = 1;
    // Numbers that are no class, which may be the ignored one, become -1 before they are shortened.
    let in_range = node.map(&[target], Dtype::of(Elem::I32), |b, v| {
        let elem = target.dtype.elem;
        let [zero, end, none] = [0, classes, -1].map(|n| b.scalar(elem, Scalar::I(n)));
        let mut is = b.binary("arith.andi", b.compare("sge", v[0], zero), b.compare("slt", v[0], end));
        if let Some(i) = ignored {
            is = b.binary("arith.andi", is, b.compare("ne", v[0], b.scalar(elem, Scalar::I(i))));
        }
        super::cast::scalar(b, b.select(is, v[0], none), target.dtype, Dtype::of(Elem::I32))
    })?;
    let index = node.reshaped(in_range, &ones)?;
    let picked = |value: Typed<'c>| -> Result<Typed<'c>, Reason> {
        let selected = node.map_to(&shape, &[value, index], x.dtype, |b, v| {
            b.select(b.compare("eq", position(b, 1), v[1]), v[0], b.scalar(x.dtype.elem, Scalar::F(0.0)))
        })?;
        reduce::sum(node, selected, &[1])
    };
    let negated = node.op1("arith.negf", picked(x)?)?;
    let weight = match node.optional(2) {
        Some(w) => {
            if w.shape() != [classes] {
                return invalid(format!("the weight is {:?}, but there are {classes} classes", w.shape()));
            }
            let mut wide = vec![1; shape.len()];
            wide[1] = classes;
            Some(picked(convert(node, node.reshaped(w, &wide)?, x.dtype)?)?)
        }
        None if ignored.is_some() => Some(node.map(&[index], x.dtype, |b, v| {
            let [none, yes] = [0.0, 1.0].map(|n| b.scalar(x.dtype.elem, Scalar::F(n)));
            b.select(b.compare("slt", v[0], b.i32(0)), none, yes)
        })?),
        None => None,
    };
    let each = match weight {
        Some(w) => node.op2("arith.mulf", negated, w)?,
        None => negated,
    };
    let all: Vec<usize> = (0..shape.len()).collect();
    let total = |t: Typed<'c>| node.reshaped(reduce::sum(node, t, &all)?, &[]);
    match (node.string_or("reduction", "mean")?.as_str(), weight) {
        ("none", _) => node.reshaped(each, &expected),
        ("sum", _) => total(each),
        ("mean", None) => node.reshaped(reduce::mean(node, each, &all)?, &[]),
        ("mean", Some(w)) => node.op2("arith.divf", total(each)?, total(w)?),
        (other, _) => invalid(format!("reduction = \"{other}\"")),
    }
}
