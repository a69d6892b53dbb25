//! Arithmetic with numpy's broadcasting: Add, Sub, Mul, Min, Max, Sum, Mean, bitwise operators.

use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, number, unsupported};
use weft_dialects::ir::{Builder, Elem, Scalar, Value};

/// Names of a binary scalar op for floats, signed and unsigned integers.
pub type Names = (&'static str, &'static str, &'static str);

/// Addition.
pub const ADD: Names = ("arith.addf", "arith.addi", "arith.addi");
const MUL: Names = ("arith.mulf", "arith.muli", "arith.muli");
const MAX: Names = ("arith.maximumf", "arith.maxsi", "arith.maxui");
const MIN: Names = ("arith.minimumf", "arith.minsi", "arith.minui");

/// The scalar op of a type.
pub fn pick(names: Names, dtype: Dtype) -> &'static str {
    match (dtype.is_float(), dtype.unsigned) {
        (true, _) => names.0,
        (false, false) => names.1,
        (false, true) => names.2,
    }
}

fn binary<'c>(node: &Node<'c>, names: Names) -> Outputs<'c> {
    let args = node.pair()?;
    let dtype = node.same_dtype(&args)?;
    if dtype.is_bool() {
        return unsupported("element type bool");
    }
    Ok(vec![node.map(&args, dtype, |b, v| b.binary(pick(names, dtype), v[0], v[1]))?])
}

/// Add (7).
pub fn add<'c>(node: &Node<'c>) -> Outputs<'c> {
    binary(node, ADD)
}

/// Sub (7).
pub fn sub<'c>(node: &Node<'c>) -> Outputs<'c> {
    binary(node, ("arith.subf", "arith.subi", "arith.subi"))
}

/// Mul (7).
pub fn mul<'c>(node: &Node<'c>) -> Outputs<'c> {
    binary(node, MUL)
}

/// Max (8 on: broadcasts, any number of inputs). A NaN wins.
pub fn max<'c>(node: &Node<'c>) -> Outputs<'c> {
    variadic(node, MAX)
}

/// Min (8 on). A NaN wins.
pub fn min<'c>(node: &Node<'c>) -> Outputs<'c> {
    variadic(node, MIN)
}

/// Sum (8 on).
pub fn sum<'c>(node: &Node<'c>) -> Outputs<'c> {
    variadic(node, ADD)
}

/// Mean (8 on) of its inputs.
pub fn mean<'c>(node: &Node<'c>) -> Outputs<'c> {
    let args = node.all_inputs()?;
    let dtype = node.same_dtype(&args)?;
    node.float_only(args[0])?;
    let y = node.map(&args, dtype, |b, v| {
        let n = b.scalar(dtype.elem, Scalar::F(v.len() as f64));
        b.binary("arith.divf", fold(b, "arith.addf", v), n)
    })?;
    Ok(vec![y])
}

fn variadic<'c>(node: &Node<'c>, names: Names) -> Outputs<'c> {
    let args = node.all_inputs()?;
    let dtype = node.same_dtype(&args)?;
    if let [one] = args[..] {
        return Ok(vec![one]);
    }
    Ok(vec![node.map(&args, dtype, |b, v| fold(b, pick(names, dtype), v))?])
}

fn fold<'c>(b: &Builder<'c>, op: &str, v: &[Value<'c>]) -> Value<'c> {
    v[1..].iter().fold(v[0], |a, &x| b.binary(op, a, x))
}

/// BitwiseAnd, BitwiseOr, BitwiseXor (18); And, Or, Xor (7) of booleans.
pub fn bitwise<'c>(node: &Node<'c>) -> Outputs<'c> {
    let args = node.pair()?;
    let dtype = node.same_dtype(&args)?;
    if dtype.is_float() {
        return Err(Reason::Invalid(format!("element type {}", dtype.name())));
    }
    let op = match node.name.trim_start_matches("Bitwise") {
        "And" => "arith.andi",
        "Or" => "arith.ori",
        _ => "arith.xori",
    };
    Ok(vec![node.map(&args, dtype, |b, v| b.binary(op, v[0], v[1]))?])
}

/// Not (1) of booleans, BitwiseNot (18).
pub fn not<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    if x.dtype.is_float() {
        return Err(Reason::Invalid(format!("element type {}", x.dtype.name())));
    }
    let ones = Scalar::I(-1).to(x.dtype.elem);
    let y = node.map(&[x], x.dtype, |b, v| {
        let ones = b.scalar(x.dtype.elem, ones);
        b.binary("arith.xori", v[0], ones)
    })?;
    Ok(vec![y])
}

/// PRelu (7; 9: integers): `x < 0 ? slope * x : x`; slope broadcasts to x.
pub fn prelu<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, slope) = (node.input(0)?, node.input(1)?);
    let dtype = node.same_dtype(&[x, slope])?;
    if dtype.unsigned {
        return Ok(vec![x]);
    }
    let y = node.map(&[x, slope], dtype, |b, v| {
        let zero = b.scalar(dtype.elem, number(dtype.elem, 0.0));
        let below = b.compare(if dtype.is_float() { "olt" } else { "slt" }, v[0], zero);
        b.select(below, b.binary(pick(MUL, dtype), v[1], v[0]), v[0])
    })?;
    Ok(vec![y])
}

/// Clip: bounds are attributes until version 10, then operands; by default they are the type's finite range, so that
/// infinities are clipped. `min(max(x, low), high)`; a NaN stays.
pub fn clip<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let (dtype, elem) = (x.dtype, x.dtype.elem);
    let mut args = vec![x];
    // Per bound: its op, and its value unless it is the next operand.
    let mut bounds = Vec::new();
    for (i, name, names, sign) in [(1, "min", MAX, -1.0), (2, "max", MIN, 1.0)] {
        let op = pick(names, dtype);
        if node.opset < 11 {
            node.float_only(x)?;
            bounds.push((op, Some(node.float(name)?.unwrap_or(sign * f64::from(f32::MAX)))));
        } else if let Some(bound) = node.optional(i) {
            if bound.len() != 1 {
                return Err(Reason::Invalid(format!("input {i}, a bound, must be one number")));
            }
            // A bound of one element doesn't add dims.
            args.push(bound.with(node.b.reshape(bound.value, &[])));
            bounds.push((op, None));
        } else if dtype.is_float() {
            bounds.push((op, Some(sign * largest(elem))));
        }
    }
    node.same_dtype(&args)?;
    if bounds.is_empty() {
        return Ok(vec![x]);
    }
    let y = node.map(&args, dtype, |b, v| {
        let mut operands = v[1..].iter().copied();
        bounds.iter().fold(v[0], |acc, &(op, fixed)| {
            let bound = match fixed {
                Some(f) => Some(b.scalar(elem, Scalar::F(f))),
                None => operands.next(),
            };
            bound.map_or(acc, |bound| b.binary(op, acc, bound))
        })
    })?;
    Ok(vec![y])
}

/// The largest finite number of a float type.
fn largest(elem: Elem) -> f64 {
    match elem {
        Elem::F16 => 65504.0,
        // Its exponent is f32's, its fraction 7 bits.
        Elem::BF16 => f64::from(f32::from_bits(0x7f7f_0000)),
        Elem::F64 => f64::MAX,
        _ => f64::from(f32::MAX),
    }
}

/// `x` and `y`, broadcast, as products: used where an operator is defined by several steps.
pub fn product<'c>(node: &Node<'c>, x: Typed<'c>, y: Typed<'c>) -> Result<Typed<'c>, Reason> {
    node.map(&[x, y], x.dtype, |b, v| b.binary(pick(MUL, x.dtype), v[0], v[1]))
}

/// As [`product`], the sum.
pub fn total<'c>(node: &Node<'c>, x: Typed<'c>, y: Typed<'c>) -> Result<Typed<'c>, Reason> {
    node.map(&[x, y], x.dtype, |b, v| b.binary(pick(ADD, x.dtype), v[0], v[1]))
}
