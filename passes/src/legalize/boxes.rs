//! NonMaxSuppression.

use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, invalid, unsupported};
use super::order::top_k;
use super::scatter::POSITION;
use weft_dialects::ir::{Elem, Scalar, TensorTy, ValueExt};

/// NonMaxSuppression (10; 11), of as many boxes as the model declares.
pub fn non_max_suppression<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (boxes, scores) = (node.input(0)?, node.input(1)?);
    let (shape, marks) = (boxes.shape(), scores.shape());
    let dtype = node.same_dtype(&[boxes, scores])?;
    let (&[batch, n, 4], &[batch2, classes, n2]) = (&shape[..], &marks[..]) else {
        return invalid(format!("boxes of {shape:?} and scores of {marks:?}"));
    };
    if batch != batch2 || n != n2 || boxes.len() == 0 || dtype.elem != Elem::F32 {
        return invalid(format!("boxes of {shape:?} and scores of {marks:?}, {}", dtype.name()));
    }
    let to = node.shape_by_data(0, "how many boxes are selected")?;
    let &[rows, 3] = &to[..] else { return invalid(format!("the declared {to:?} should have three columns")) };
    let number = |i: usize, by_default: f64| -> Result<_, Reason> {
        match node.optional(i) {
            None => Ok(node.b.splat(&TensorTy::new(Elem::F32, &[1]), Scalar::F(by_default))),
            Some(v) if v.len() == 1 && v.dtype.elem == Elem::F32 => Ok(node.b.reshape(v.value, &[1])),
            Some(v) => invalid(format!("input {i} must be one float32, not {:?} {}", v.shape(), v.dtype.name())),
        }
    };
    let limits = node.b.concat(0, &[number(3, 0.0)?, number(4, f64::NEG_INFINITY)?]);
    let most = match node.optional(2) {
        None => return unsupported("no max_output_boxes_per_class, which selects nothing"),
        Some(v) if v.len() == 1 && v.dtype == Dtype::INT64 => {
            let v = v.with(node.b.reshape(v.value, &[1]));
            let bounded = node.map(&[v], Dtype::INT64, |b, v| {
                b.binary("arith.minsi", v[0], b.scalar(Elem::I64, Scalar::I(i32::MAX.into())))
            })?;
            super::cast::convert(node, bounded, POSITION)?
        }
        Some(_) => return invalid("max_output_boxes_per_class must be one int64"),
    };
    let lines = scores.with(node.b.reshape(scores.value, &[batch * classes, n]));
    let order = top_k(node, lines, n, true)?;
    let attrs =
        [("rows", node.b.cx.i64_attr(rows)), ("center", node.b.cx.i64_attr(node.int_or("center_point_box", 0)?))];
    let operands = [boxes.value, scores.value, order.value, limits, most.value];
    let op = node.b.op("nn.non_max_suppression", &operands, &[order.value.ty()], &attrs);
    let selected = Typed::new(node.inferred(op)?, POSITION);
    Ok(vec![super::cast::convert(node, selected, Dtype::INT64)?])
}
