//! QuantizeLinear, DequantizeLinear and DynamicQuantizeLinear.

use super::cast::{convert, narrowed, scalar};
use super::dtype::Dtype;
use super::narrow::Narrow;
use super::node::{Node, Outputs, Reason, Typed, invalid, unsupported};
use super::reduce;
use weft_dialects::ir::{Builder, Elem, LinExpr, Map, Scalar, Value};

const F32: Dtype = Dtype::F32;
const I32: Dtype = Dtype::INT32;
const UINT8: Dtype = Dtype::UINT8;

/// The range of a type that numbers are quantised to.
pub fn range(dtype: Dtype) -> Result<(i64, i64), Reason> {
    let bits = match dtype.elem {
        Elem::I8 | Elem::I16 => dtype.bits(),
        _ => return unsupported(format!("quantising to {}", dtype.name())),
    };
    Ok(if dtype.unsigned { (0, (1 << bits) - 1) } else { (-1 << (bits - 1), (1 << (bits - 1)) - 1) })
}

/// An `f32` rounded to the nearest whole number (ties to even), moved by a zero point, and brought into the range.
pub fn saturate<'c>(
    b: &Builder<'c>,
    x: Value<'c>,
    zero: Option<Value<'c>>,
    to: Dtype,
    (low, high): (i64, i64),
) -> Value<'c> {
    let num = |v: i64| b.scalar(Elem::F32, Scalar::F(v as f64));
    // Beyond twice the range a zero point changes nothing any more; NaN becomes 0.
    let bound = 2 * (high - low + 1);
    let rounded = b.unary("math.roundeven", x);
    let near = b.binary("arith.minimumf", b.binary("arith.maximumf", rounded, num(-bound)), num(bound));
    let whole = b.value("arith.fptosi", &[near], b.cx.i32(), &[]);
    let moved = zero.map_or(whole, |z| b.binary("arith.addi", whole, z));
    let inside = b.binary("arith.minsi", b.binary("arith.maxsi", moved, b.i32(low)), b.i32(high));
    scalar(b, inside, I32, to)
}

/// A scale or zero point that broadcasts to `x`: one for all, one a position along `axis`, or one a block of positions.
fn parameter<'c>(node: &Node<'c>, p: Typed<'c>, x: Typed<'c>, block: i64) -> Result<Typed<'c>, Reason> {
    let (ps, xs) = (p.shape(), x.shape());
    if p.len() == 1 && block == 0 {
        return node.reshaped(p, &[]);
    }
    let axis = node.axis(node.int_or("axis", 1)?, xs.len())?;
    let misfit = || Reason::Invalid(format!("a parameter of {ps:?} doesn't fit the input {xs:?} along axis {axis}"));
    if block == 0 {
        if ps != [xs[axis]] {
            return Err(misfit());
        }
        let mut wide = vec![1; xs.len()];
        wide[axis] = ps[0];
        return node.reshaped(p, &wide);
    }
    let fits = ps.len() == xs.len()
        && (0..xs.len()).all(|d| ps[d] == if d == axis { (xs[d] + block - 1) / block } else { xs[d] });
    if block < 1 || !fits {
        return Err(misfit());
    }
    // Every position of a block reads the block's number; the last block may be cut.
    let mut split = ps.clone();
    split.insert(axis + 1, block);
    let results = (0..split.len()).filter(|&d| d != axis + 1).map(LinExpr::dim).collect();
    let read = Map { dims: split.len(), results };
    let repeated = node.b.elementwise(p.dtype.elem, &split, &[(p.value, read)], |_, v| v[0]);
    let mut joined = ps.clone();
    joined[axis] *= block;
    let all = node.b.reshape(repeated, &joined);
    Ok(p.with(node.b.extract_slice(all, &vec![0; xs.len()], &xs, &vec![1; xs.len()])))
}

fn block_size<'c>(node: &Node<'c>) -> Result<i64, Reason> {
    match node.int_or("block_size", 0)? {
        n if n < 0 => invalid(format!("block_size = {n}")),
        n => Ok(n),
    }
}

fn coded<'c>(node: &Node<'c>, name: &str) -> Result<Option<Dtype>, Reason> {
    match node.int_or(name, 0)? {
        0 => Ok(None),
        code => match Dtype::coded(code) {
            Some(d) => Ok(Some(d)),
            None => unsupported(format!("{name}: ONNX element type {code}")),
        },
    }
}

/// QuantizeLinear (10; 13: `axis`; 19: half precision, float8; 21: `block_size`, `output_dtype`, 4 and 16 bits; 23: `precision`):
/// `saturate(round(x / scale) + zero_point)`.
pub fn quantize<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, scale) = (node.input(0)?, node.input(1)?);
    node.float_only(scale)?;
    let block = block_size(node)?;
    let zero = node.optional(2);
    let to = match (zero, coded(node, "output_dtype")?) {
        (Some(z), Some(asked)) if z.dtype != asked => {
            return invalid(format!("output_dtype is {}, but the zero point {}", asked.name(), z.dtype.name()));
        }
        (Some(z), _) => z.dtype,
        (None, Some(asked)) => asked,
        (None, None) => UINT8,
    };
    let float = to.narrow.is_some_and(Narrow::is_float);
    let ends = range(to)?;
    let precision = match coded(node, "precision")? {
        Some(p) if p.is_float() => p,
        Some(p) => return invalid(format!("precision is {}", p.name())),
        None if x.dtype == scale.dtype => x.dtype,
        None => F32,
    };
    let mut args = vec![convert(node, x, precision)?];
    args.push(convert(node, parameter(node, scale, x, block)?, precision)?);
    if let Some(z) = zero {
        args.push(convert(node, parameter(node, z, x, block)?, if float { F32 } else { I32 })?);
    }
    let saturating = node.flag("saturate", true)?;
    let y = node.map(&args, to, |b, v| {
        let quotient = scalar(b, b.binary("arith.divf", v[0], v[1]), precision, F32);
        if float {
            // The zero point of a float type is 0.
            let moved = v.get(2).map_or(quotient, |&z| b.binary("arith.addf", quotient, z));
            return narrowed(b, moved, F32, to, saturating);
        }
        saturate(b, quotient, v.get(2).copied(), to, ends)
    })?;
    Ok(vec![y])
}

/// DequantizeLinear (10; 13: `axis`; 19: half precision; 21: `block_size`, 16 bits; 23: `output_dtype`):
/// `(x - zero_point) * scale`, in `f32`.
pub fn dequantize<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, scale) = (node.input(0)?, node.input(1)?);
    node.float_only(scale)?;
    if x.dtype.is_float() || x.dtype.is_bool() || x.dtype.elem == Elem::I64 {
        return unsupported(format!("dequantising {}", x.dtype.name()));
    }
    let block = block_size(node)?;
    let to = coded(node, "output_dtype")?.unwrap_or(scale.dtype);
    if !to.is_float() {
        return invalid(format!("output_dtype is {}", to.name()));
    }
    let mut args = vec![x, convert(node, parameter(node, scale, x, block)?, F32)?];
    if let Some(z) = node.optional(2) {
        node.same_dtype(&[x, z])?;
        args.push(parameter(node, z, x, block)?);
    }
    let y = node.map(&args, to, |b, v| {
        // Differences of 8 and 16 bits are exact in 32; those of 32 are rounded, as numpy's.
        let exact = x.dtype.elem != Elem::I32 && !x.dtype.narrow.is_some_and(Narrow::is_float);
        let between = if exact { I32 } else { F32 };
        let wide = |v: Value<'c>| narrowed(b, v, x.dtype, between, true);
        let sub = if exact { "arith.subi" } else { "arith.subf" };
        let difference = v.get(2).map_or_else(|| wide(v[0]), |&z| b.binary(sub, wide(v[0]), wide(z)));
        let number = scalar(b, difference, between, F32);
        scalar(b, b.binary("arith.mulf", number, v[1]), F32, to)
    })?;
    Ok(vec![y])
}

/// DynamicQuantizeLinear (11): to uint8, so that the range from the least to the greatest number, 0 included, fits. The
/// scale of all zeros is 1/255.
pub fn dynamic<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    if x.dtype != F32 {
        return invalid(format!("element type {}", x.dtype.name()));
    }
    let all: Vec<usize> = (0..x.rank()).collect();
    let zero = node.number(F32, 0.0);
    let end = |op: &str, t: Typed<'c>| node.op2(op, node.reshaped(t, &[])?, zero);
    let top = end("arith.maximumf", reduce::maximum(node, x, &all)?)?;
    let negated = reduce::maximum(node, node.op1("arith.negf", x)?, &all)?;
    let low = node.op1("arith.negf", end("arith.maximumf", negated)?)?;
    let num = |b: &Builder<'c>, v: f64| b.scalar(Elem::F32, Scalar::F(v));
    let scale = node.map(&[top, low], F32, |b, v| {
        let width = b.select(b.compare("oeq", v[0], v[1]), num(b, 1.0), b.binary("arith.subf", v[0], v[1]));
        b.binary("arith.divf", width, num(b, 255.0))
    })?;
    let point = node.map(&[low, scale], F32, |b, v| {
        let at = b.binary("arith.subf", num(b, 0.0), b.binary("arith.divf", v[0], v[1]));
        let inside = b.binary("arith.minimumf", b.binary("arith.maximumf", at, num(b, 0.0)), num(b, 255.0));
        b.unary("math.roundeven", inside)
    })?;
    let y = node.map(&[x, scale, point], UINT8, |b, v| {
        let steps = b.unary("math.roundeven", b.binary("arith.divf", v[0], v[1]));
        let moved = b.binary("arith.addf", steps, v[2]);
        let inside = b.binary("arith.minimumf", b.binary("arith.maximumf", moved, num(b, 0.0)), num(b, 255.0));
        scalar(b, inside, F32, UINT8)
    })?;
    Ok(vec![y, scale, convert(node, point, UINT8)?])
}
