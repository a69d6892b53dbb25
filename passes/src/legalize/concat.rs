//! Concat.

use super::node::{Node, Outputs, Reason, invalid};
use weft_dialects::ir::Value;

/// Concat (4; 11: negative axes). Empty parts add nothing.
pub fn concat<'c>(node: &Node<'c>) -> Outputs<'c> {
    let args = node.all_inputs()?;
    let dtype = node.same_dtype(&args)?;
    let first = args[0].shape();
    let axis = node.int("axis")?.ok_or_else(|| Reason::Invalid("'axis' is missing".into()))?;
    let axis = node.axis(axis, first.len())?;
    for a in &args {
        let shape = a.shape();
        let same = shape.len() == first.len() && (0..first.len()).all(|d| d == axis || shape[d] == first[d]);
        if !same {
            return invalid(format!("{first:?} and {shape:?} differ in other dims than {axis}"));
        }
    }
    let filled: Vec<Value<'c>> = args.iter().filter(|a| a.shape()[axis] != 0).map(|a| a.value).collect();
    let parts = if filled.is_empty() { vec![args[0].value] } else { filled };
    Ok(vec![super::node::Typed::new(node.b.concat(axis, &parts), dtype)])
}
