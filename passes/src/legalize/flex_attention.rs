//! FlexAttention of ai.onnx.preview: attention whose scores and probabilities pass through subgraphs of the model's own.

use super::attention::Extents;
use super::cast::convert;
use super::control::subgraph;
use super::dtype::Dtype;
use super::node::{Node, Reason, Typed, invalid};
use super::{Legalized, Walk};
use weft_dialects::ir::{AttrExt, BlockLike, Elem, OpExt, block_arg};

/// FlexAttention (1).
pub(super) fn flex_attention<'c>(walk: &mut Walk<'c>, node: &Node<'c>) -> Legalized<'c> {
    let (q, k, v) = (node.input(0)?, node.input(1)?, node.input(2)?);
    node.same_dtype(&[q, k, v])?;
    node.float_only(q)?;
    let e = Extents::of(q, k, v)?;
    let scale = node.float("scale")?.unwrap_or(1.0 / (e.size as f64).sqrt());
    if scale < 0.0 {
        return Ok(invalid(format!("scale = {scale}, which has no root"))?);
    }
    let precision = match node.int("softmax_precision")? {
        None if q.dtype.elem == Elem::F64 => q.dtype,
        None => Dtype::F32,
        Some(code) => match Dtype::coded(code).filter(|d| d.is_float()) {
            Some(d) => d,
            None => return Ok(invalid(format!("softmax_precision = {code}"))?),
        },
    };
    let scores = convert(node, e.score(node, q, k, scale)?, precision)?;
    let scores = modified(walk, node, scores, "score_mod")?;
    let p = modified(walk, node, e.normalize(node, scores)?, "prob_mod")?;
    Ok(vec![convert(node, e.gather(node, p, v)?, v.dtype)?])
}

/// What the subgraph of that name, if there is one, makes of `x`.
fn modified<'c>(walk: &mut Walk<'c>, node: &Node<'c>, x: Typed<'c>, name: &str) -> Result<Typed<'c>, Option<Reason>> {
    let names = node.op.attr("onnx.regions").and_then(AttrExt::as_array).unwrap_or_default();
    if !names.iter().any(|n| n.as_str() == Some(name)) {
        return Ok(x);
    }
    let block = subgraph(node.op, name)?;
    if block.argument_count() != 1 {
        return Ok(invalid(format!("'{name}' has {} inputs, not one", block.argument_count()))?);
    }
    walk.bind(block_arg(block, 0), x);
    match walk.graph(&node.b, block).ok_or(None)?[..] {
        [y] if y.dtype == x.dtype && y.shape() == x.shape() => Ok(y),
        ref other => {
            let types: Vec<_> = other.iter().map(|t| format!("{} {:?}", t.dtype.name(), t.shape())).collect();
            let wanted = format!("{} {:?}", x.dtype.name(), x.shape());
            Ok(invalid(format!("'{name}' makes {} of {wanted}", types.join(" and ")))?)
        }
    }
}
