//! Comparisons and selection: Equal, Less, LessOrEqual, Greater, GreaterOrEqual, Where, IsNaN, IsInf.

use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason};
use weft_dialects::ir::Scalar;

/// Equal (7), Less, Greater (7), LessOrEqual, GreaterOrEqual (12). A comparison with NaN is false.
pub fn compare<'c>(node: &Node<'c>) -> Outputs<'c> {
    let args = node.pair()?;
    let dtype = node.same_dtype(&args)?;
    let (float, signed, unsigned) = match node.name.as_str() {
        "Equal" => ("oeq", "eq", "eq"),
        "Less" => ("olt", "slt", "ult"),
        "LessOrEqual" => ("ole", "sle", "ule"),
        "Greater" => ("ogt", "sgt", "ugt"),
        _ => ("oge", "sge", "uge"),
    };
    let predicate = match (dtype.is_float(), dtype.unsigned) {
        (true, _) => float,
        (false, false) => signed,
        (false, true) => unsigned,
    };
    Ok(vec![node.map(&args, Dtype::BOOL, |b, v| b.compare(predicate, v[0], v[1]))?])
}

/// Where (9).
pub fn select<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (cond, x, y) = (node.input(0)?, node.input(1)?, node.input(2)?);
    if !cond.dtype.is_bool() {
        return Err(Reason::Invalid(format!("the condition must be bool, not {}", cond.dtype.name())));
    }
    let dtype = node.same_dtype(&[x, y])?;
    Ok(vec![node.map(&[cond, x, y], dtype, |b, v| b.select(v[0], v[1], v[2]))?])
}

/// IsNaN (9).
pub fn is_nan<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    Ok(vec![node.map(&[x], Dtype::BOOL, |b, v| b.compare("uno", v[0], v[0]))?])
}

/// IsInf (10).
pub fn is_inf<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let (negative, positive) = (node.flag("detect_negative", true)?, node.flag("detect_positive", true)?);
    let y = node.map(&[x], Dtype::BOOL, |b, v| {
        let is = |bound: f64| b.compare("oeq", v[0], b.scalar(x.dtype.elem, Scalar::F(bound)));
        match (negative, positive) {
            (true, true) => b.binary("arith.ori", is(f64::NEG_INFINITY), is(f64::INFINITY)),
            (true, false) => is(f64::NEG_INFINITY),
            (false, true) => is(f64::INFINITY),
            (false, false) => b.scalar(weft_dialects::ir::Elem::I1, Scalar::I(0)),
        }
    })?;
    Ok(vec![y])
}
