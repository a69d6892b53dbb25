//! Reductions: ReduceSum, Mean, Max, Min, Prod, SumSquare, L1, L2, LogSum, LogSumExp.

use super::dtype::Dtype;
use super::elementwise::{pick, product};
use super::node::{Node, Outputs, Reason, Typed, number, unsupported};
use weft_dialects::ir::{Count, Elem, Scalar, extent};

/// The least number of a type.
pub fn lowest(dtype: Dtype) -> Scalar {
    extreme(dtype, f64::NEG_INFINITY, if dtype.unsigned { 0 } else { i64::MIN })
}

/// The greatest number of a type.
pub fn highest(dtype: Dtype) -> Scalar {
    extreme(dtype, f64::INFINITY, if dtype.unsigned { -1 } else { i64::MAX })
}

fn extreme(dtype: Dtype, float: f64, bits: i64) -> Scalar {
    let width = 8 * dtype.elem.bytes();
    match dtype.elem {
        e if e.is_float() => Scalar::F(float),
        Elem::I1 => Scalar::I(i64::from(float > 0.0)),
        _ if dtype.unsigned => Scalar::I(bits),
        _ => Scalar::I(bits >> (64 - width)),
    }
}

/// What a reduction does to each element first, how it combines, and what it does to the result.
struct Kind {
    before: Option<Step>,
    combine: (&'static str, &'static str, &'static str),
    after: Option<Step>,
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    Square,
    Abs,
    Mean,
    Sqrt,
    Log,
}

const SUM: (&str, &str, &str) = ("arith.addf", "arith.addi", "arith.addi");

/// All but LogSumExp. Axes are an attribute until version 12 (Sum) or 17, then an operand.
pub fn reduce<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (before, combine, after) = match node.name.as_str() {
        "ReduceSum" => (None, SUM, None),
        "ReduceMean" => (None, SUM, Some(Step::Mean)),
        "ReduceMax" => (None, ("arith.maximumf", "arith.maxsi", "arith.maxui"), None),
        "ReduceMin" => (None, ("arith.minimumf", "arith.minsi", "arith.minui"), None),
        "ReduceProd" => (None, ("arith.mulf", "arith.muli", "arith.muli"), None),
        "ReduceSumSquare" => (Some(Step::Square), SUM, None),
        "ReduceL1" => (Some(Step::Abs), SUM, None),
        "ReduceL2" => (Some(Step::Square), SUM, Some(Step::Sqrt)),
        "ReduceLogSum" => (None, SUM, Some(Step::Log)),
        other => return unsupported(other),
    };
    let x = node.input(0)?;
    let keep = node.flag("keepdims", true)?;
    super::reduce_axes::over(node, x, keep, |dims| apply(node, x, dims, keep, &Kind { before, combine, after }))
}

/// ReduceLogSumExp: `max + log(sum(exp(x - max)))`.
pub fn log_sum_exp<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let keep = node.flag("keepdims", true)?;
    super::reduce_axes::over(node, x, keep, |dims| {
        let top = maximum(node, x, dims)?;
        // A row of infinities has no finite distance to its maximum.
        let top = node.map(&[top], x.dtype, |b, v| {
            let infinite =
                b.compare("oeq", b.unary("math.absf", v[0]), b.scalar(x.dtype.elem, Scalar::F(f64::INFINITY)));
            b.select(infinite, b.scalar(x.dtype.elem, Scalar::F(0.0)), v[0])
        })?;
        let e = node.map(&[x, top], x.dtype, |b, v| b.unary("math.exp", b.binary("arith.subf", v[0], v[1])))?;
        let sum = sum(node, e, dims)?;
        let y = node.map(&[sum, top], x.dtype, |b, v| b.binary("arith.addf", b.unary("math.log", v[0]), v[1]))?;
        Ok(y.with(node.b.reshape(y.value, &reduced_shape(&x.shape(), dims, keep))))
    })
}

fn apply<'c>(node: &Node<'c>, x: Typed<'c>, dims: &[usize], keep: bool, kind: &Kind) -> Result<Typed<'c>, Reason> {
    let mut dtype = x.dtype;
    let mut combine = kind.combine;
    let mut x = x;
    if dtype.is_bool() {
        // Booleans (20 on, Max and Min): any and all.
        combine = match combine.0 {
            "arith.maximumf" => ("", "arith.ori", ""),
            "arith.minimumf" => ("", "arith.andi", ""),
            _ => return unsupported("element type bool"),
        };
    }
    let init = match kind.combine.0 {
        "arith.maximumf" => lowest(dtype),
        "arith.minimumf" => highest(dtype),
        "arith.mulf" => number(dtype.elem, 1.0),
        _ => number(dtype.elem, 0.0),
    };
    if matches!(kind.after, Some(Step::Sqrt | Step::Log)) {
        // Their integer versions are defined by rounding, which no implementation agrees on.
        node.float_only(x)?;
    }
    // Sums and products of half precision are rounded once.
    let half = super::terms::is_half(dtype) && !dims.is_empty();
    if half && matches!(kind.combine.0, "arith.addf" | "arith.mulf") {
        let wide = super::cast::convert(node, x, Dtype::of(Elem::F32))?;
        return super::cast::convert(node, apply(node, wide, dims, keep, kind)?, dtype);
    }
    match kind.before {
        Some(Step::Square) => x = product(node, x, x)?,
        Some(_) => x = super::activation::magnitude(node, x)?,
        None => {}
    }
    let op = pick(combine, dtype);
    let shape = x.shape();
    let count = Count::of(&dims.iter().map(|&d| shape[d]).collect::<Vec<_>>());
    let known = count.extent().filter(|&n| !extent::is_symbolic(n));
    let y = match dims {
        [] => x,
        _ => x.with(node.b.reduce(x.value, dims, init, |b, v, acc| b.binary(op, acc, v))),
    };
    dtype = y.dtype;
    let y = match kind.after {
        Some(Step::Mean) if known == Some(1) => y,
        Some(Step::Mean) if dtype.is_float() => node.map(&[y], dtype, |b, v| match known {
            Some(n) => b.binary("arith.mulf", v[0], b.scalar(dtype.elem, Scalar::F(1.0 / n as f64))),
            None => b.binary("arith.divf", v[0], node.number_of(b, dtype.elem, &count)),
        })?,
        Some(Step::Mean) => node.map(&[y], dtype, |b, v| {
            b.binary(pick(("", "arith.divsi", "arith.divui"), dtype), v[0], node.number_of(b, dtype.elem, &count))
        })?,
        Some(Step::Sqrt) => node.map(&[y], dtype, |b, v| b.unary("math.sqrt", v[0]))?,
        Some(Step::Log) => node.map(&[y], dtype, |b, v| b.unary("math.log", v[0]))?,
        _ => y,
    };
    Ok(y.with(node.b.reshape(y.value, &reduced_shape(&shape, dims, keep))))
}

/// The shape that a reduction leaves.
pub fn reduced_shape(shape: &[i64], dims: &[usize], keep: bool) -> Vec<i64> {
    let one = |d: usize| if dims.contains(&d) { keep.then_some(1) } else { Some(shape[d]) };
    (0..shape.len()).filter_map(one).collect()
}

/// The sum over `dims`, which stay as extents of 1.
pub fn sum<'c>(node: &Node<'c>, x: Typed<'c>, dims: &[usize]) -> Result<Typed<'c>, Reason> {
    apply(node, x, dims, true, &Kind { before: None, combine: SUM, after: None })
}

/// The mean over `dims`, which stay as extents of 1.
pub fn mean<'c>(node: &Node<'c>, x: Typed<'c>, dims: &[usize]) -> Result<Typed<'c>, Reason> {
    apply(node, x, dims, true, &Kind { before: None, combine: SUM, after: Some(Step::Mean) })
}

/// The maximum over `dims`, which stay as extents of 1.
pub fn maximum<'c>(node: &Node<'c>, x: Typed<'c>, dims: &[usize]) -> Result<Typed<'c>, Reason> {
    let combine = ("arith.maximumf", "arith.maxsi", "arith.maxui");
    apply(node, x, dims, true, &Kind { before: None, combine, after: None })
}

/// The minimum over `dims`, which stay as extents of 1.
pub fn minimum<'c>(node: &Node<'c>, x: Typed<'c>, dims: &[usize]) -> Result<Typed<'c>, Reason> {
    let combine = ("arith.minimumf", "arith.minsi", "arith.minui");
    apply(node, x, dims, true, &Kind { before: None, combine, after: None })
}
