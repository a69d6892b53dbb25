//! Shapes that the file declares for results, kept where ONNX lets a result's shape depend on data.
//!
//! Legalisation has to know every shape. Where an operand's data would decide one, it takes what the model declares, and
//! the data has to agree with it.

use super::resolve::Node;
use onnx_rs::ast::Node as SourceNode;
use std::collections::HashMap;
use weft_dialects::ir::Cx;

/// Operators whose results' shapes may depend on data. All reductions and window functions are among them.
const OPERATORS: [&str; 26] = [
    "CenterCropPad",
    "Col2Im",
    "Compress",
    "ConstantOfShape",
    "DFT",
    "Expand",
    "If",
    "Loop",
    "MaxUnpool",
    "MelWeightMatrix",
    "NonMaxSuppression",
    "NonZero",
    "OneHot",
    "Pad",
    "Range",
    "Reshape",
    "Resize",
    "STFT",
    "Slice",
    "Split",
    "Squeeze",
    "Tile",
    "TopK",
    "Unique",
    "Unsqueeze",
    "Upsample",
];

/// Operators whose result has the shape of their first input.
const KEEP_SHAPE: [&str; 20] = [
    "Abs",
    "Cast",
    "CastLike",
    "Ceil",
    "Clip",
    "Erf",
    "Exp",
    "Floor",
    "Identity",
    "LeakyRelu",
    "Log",
    "Neg",
    "Not",
    "Reciprocal",
    "Relu",
    "Round",
    "Sigmoid",
    "Sign",
    "Sqrt",
    "Tanh",
];

/// Takes declared shapes from results to inputs, through operators that keep them: often only the graph's outputs have one.
pub(super) fn spread<'m>(nodes: &'m [SourceNode<'m>], shapes: &mut HashMap<&'m str, Vec<i64>>) {
    for node in nodes.iter().rev().filter(|n| n.domain.is_empty() && KEEP_SHAPE.contains(&n.op_type.as_str())) {
        if let (Some(&input), Some(output)) = (node.input.first(), node.output.first())
            && let Some(shape) = shapes.get(output).cloned()
        {
            shapes.entry(input).or_insert(shape);
        }
    }
}

/// Notes the results' shapes as `weft.declared`: a list of extents for each result, or unit for one that isn't declared.
pub(super) fn note<'c>(cx: Cx<'c>, results: &[&str], shapes: &HashMap<&str, Vec<i64>>, node: &mut Node<'c>) {
    let operator = node.op.strip_prefix("onnx.").unwrap_or_default();
    let depends = OPERATORS.binary_search(&operator).is_ok()
        || operator.starts_with("Reduce")
        || operator.ends_with("Window")
        || operator == "AffineGrid";
    let known: Vec<_> = results.iter().map(|name| shapes.get(name)).collect();
    if !depends || known.iter().all(Option::is_none) {
        return;
    }
    let entries: Vec<_> =
        known.into_iter().map(|shape| shape.map_or_else(|| cx.unit_attr(), |shape| cx.i64s_attr(shape))).collect();
    node.attributes.push(("weft.declared".to_owned(), cx.array_attr(&entries)));
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_operators_are_sorted() {
        assert!(super::OPERATORS.is_sorted());
    }
}
