//! Constant, ConstantOfShape, Range, Identity, Dropout.

use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, elements, invalid, unsupported};
use weft_dialects::ir::{AttrExt, Attribute, Elem, OpExt, Scalar, Tensor, TensorTy};

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
    let shape = node.const_ints(0, "the shape")?.unwrap_or_default();
    elements(&shape)?;
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

/// Range (11), of constants.
pub fn range<'c>(node: &Node<'c>) -> Outputs<'c> {
    let args = node.all_inputs()?;
    let dtype = node.same_dtype(&args)?;
    let bounds: Option<Vec<Scalar>> = args.iter().map(|&a| node.const_scalar(a)).collect();
    let Some([start, limit, delta]) = bounds.and_then(|v| <[Scalar; 3]>::try_from(v).ok()) else {
        return unsupported("start, limit and delta must be constants");
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
