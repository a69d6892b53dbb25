//! Constant, ConstantOfShape, Range, EyeLike, Identity, Dropout.

use super::dtype::Dtype;
use super::node::{Ints, Node, Outputs, Reason, Typed, elements, invalid, unsupported};
use super::pick::{from_index, generate};
use weft_dialects::ir::{AttrExt, Attribute, Elem, LinExpr, Map, OpExt, Scalar, Tensor, TensorTy, extent};

/// Constant (versions 1 to 23), and the initializers of the graph. Stored bytes are passed on by reference.
pub fn constant<'c>(node: &Node<'c>) -> Outputs<'c> {
    if let Some(attr) = node.op.attr("value") {
        return Ok(vec![tensor(node, attr, "value")?]);
    }
    let floats = |v: Vec<f64>, shape: &[i64]| Tensor::from_scalars(Elem::F32, shape, v.into_iter().map(Scalar::F));
    let t = if let Some(v) = node.float("value_float")? {
        floats(vec![v], &[])
    } else if let Some(v) = node.int("value_int")? {
        Tensor::i64(&[], &[v])
    } else if let Some(v) = node.ints("value_ints")? {
        Tensor::i64(&[v.len() as i64], &v)
    } else if let Some(v) = node.floats("value_floats")? {
        let n = v.len() as i64;
        floats(v, &[n])
    } else {
        return unsupported("a constant of strings, or a sparse one");
    };
    let dtype = Dtype::of(t.elem);
    Ok(vec![Typed::new(node.b.tensor(&t), dtype)])
}

/// A tensor attribute as a constant; its ONNX type stands in `dtype.<name>` or, for initializers, in `weft.dtype`.
fn tensor<'c>(node: &Node<'c>, attr: Attribute<'c>, name: &str) -> Result<Typed<'c>, Reason> {
    let Some(ty) = attr.tensor_ty() else {
        return unsupported(format!("the constant '{name}' is no tensor of numbers"));
    };
    let named = node.op.string(&format!("dtype.{name}")).or_else(|| node.op.string("weft.dtype"));
    let dtype = named.and_then(|n| Dtype::named(&n)).unwrap_or(Dtype::of(ty.elem));
    Ok(Typed::new(node.b.constant(attr, ty.to_mlir(node.b.cx)), dtype))
}

/// ConstantOfShape (9).
pub fn constant_of_shape<'c>(node: &Node<'c>) -> Outputs<'c> {
    let shape = match node.int_operand(0, "the shape")? {
        Some(Ints::Known(shape)) => shape,
        Some(Ints::Data(_)) => node.shape_by_data(0, "the shape (input 0)")?,
        None => Vec::new(),
    };
    node.check_extents(&shape)?;
    let (value, dtype) = match node.op.attr("value") {
        Some(attr) => {
            let v = tensor(node, attr, "value")?;
            let t = node.constant(v).filter(|t| t.len() == 1);
            let t = t.ok_or_else(|| Reason::Invalid("'value' must have one element".into()))?;
            (t.get(0), v.dtype)
        }
        None => (Scalar::F(0.0), Dtype::of(Elem::F32)),
    };
    Ok(vec![Typed::new(node.b.splat(&TensorTy::new(dtype.elem, &shape), value), dtype)])
}

/// Range (11); start and limit may depend on dims that are left open.
pub fn range<'c>(node: &Node<'c>) -> Outputs<'c> {
    let args = node.all_inputs()?;
    let dtype = node.same_dtype(&args)?;
    let bounds: Option<Vec<Scalar>> = args.iter().map(|&a| node.const_scalar(a)).collect();
    let Some([start, limit, delta]) = bounds.and_then(|v| <[Scalar; 3]>::try_from(v).ok()) else {
        return match node.open_range()? {
            Some(places) if !dtype.is_float() => open_range(node, dtype, places),
            _ => range_of_data(node, &args, dtype),
        };
    };
    if delta.f64() == 0.0 {
        return invalid("delta is 0");
    }
    let n = elements(&[((limit.f64() - start.f64()) / delta.f64()).ceil().max(0.0) as i64])?;
    let values = (0..n).map(|i| match (start, delta) {
        (Scalar::I(s), Scalar::I(d)) => Scalar::I(s.wrapping_add(i.wrapping_mul(d))),
        _ => Scalar::F(start.f64() + i as f64 * delta.f64()),
    });
    Ok(vec![Typed::new(node.b.tensor(&Tensor::from_scalars(dtype.elem, &[n], values)), dtype)])
}

/// As many numbers as the model declares.
fn range_of_data<'c>(node: &Node<'c>, args: &[Typed<'c>], dtype: Dtype) -> Outputs<'c> {
    let shape = node.shape_by_data(0, "the range (inputs 0 to 2)")?;
    if shape.len() != 1 || args.iter().any(|a| a.len() != 1) {
        return invalid("start, limit and delta must be scalars, and the result has one dim");
    }
    let scalar = |x: Typed<'c>| (x.value, Map { dims: 1, results: vec![LinExpr::constant(0); x.rank()] });
    let names = |float, int| if dtype.is_float() { float } else { int };
    let y = generate(node, dtype, &shape, &[scalar(args[0]), scalar(args[2])], |b, v, at| {
        let steps = from_index(b, at[0], dtype);
        b.binary(names("arith.addf", "arith.addi"), v[0], b.binary(names("arith.mulf", "arith.muli"), steps, v[1]))
    });
    Ok(vec![y])
}

/// EyeLike (9): ones where the column is the row and `k` more.
pub fn eye_like<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let (shape, k) = (x.shape(), node.int_or("k", 0)?);
    let dtype = match node.int("dtype")? {
        None => x.dtype,
        Some(code) => match Dtype::coded(code) {
            Some(dtype) => dtype,
            None => return unsupported(format!("ONNX element type {code}")),
        },
    };
    let [_, columns] = shape[..] else { return invalid(format!("{shape:?} is no matrix")) };
    elements(&shape)?;
    let value = |i: i64| if i % columns - i / columns == k { 1.0 } else { 0.0 };
    let values = (0..x.len()).map(|i| super::node::number(dtype.elem, value(i)));
    Ok(vec![Typed::new(node.b.tensor(&Tensor::from_scalars(dtype.elem, &shape, values)), dtype)])
}

/// `start + i * delta` for each position, as many as the symbols say.
fn open_range<'c>(node: &Node<'c>, dtype: Dtype, [start, limit, delta]: [i64; 3]) -> Outputs<'c> {
    if extent::is_symbolic(delta) || delta <= 0 {
        return unsupported(
            "a delta that is not a positive number, while start or limit depend on dims that are left open",
        );
    }
    let n = extent::ceil_div(extent::sub(limit, start), delta);
    node.check_extents(&[n])?;
    let y = node.b.elementwise(dtype.elem, &[n], &[], |b, _| {
        let at = b.loop_index(0);
        let scaled = if delta == 1 { at } else { b.binary("arith.muli", at, b.index(delta)) };
        let i = if start == 0 { scaled } else { b.binary("arith.addi", scaled, b.extent(start)) };
        b.value("arith.index_cast", &[i], b.cx.elem(dtype.elem), &[])
    });
    Ok(vec![Typed::new(y, dtype)])
}

/// Identity.
pub fn identity<'c>(node: &Node<'c>) -> Outputs<'c> {
    Ok(vec![node.input(0)?])
}

/// Dropout: at inference its input, and a mask of true.
pub fn dropout<'c>(node: &Node<'c>) -> Outputs<'c> {
    if let Some(training) = node.optional(2) {
        match node.const_scalar(training) {
            Some(t) if t.i64() == 0 => {}
            _ => return unsupported("training_mode"),
        }
    }
    let x = node.input(0)?;
    let mut out = vec![x];
    if node.is_used(1) {
        out.push(Typed::new(node.b.splat(&TensorTy::new(Elem::I1, &x.shape()), Scalar::I(1)), Dtype::BOOL));
    }
    Ok(out)
}
