//! Shapes that the file declares for results, kept where ONNX lets a result's shape depend on data.
//!
//! Legalisation has to know every shape. Where an operand's data would decide one, it takes what the model declares, and
//! the data has to agree with it.

use super::resolve::Node;
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
