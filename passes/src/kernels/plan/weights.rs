//! The bytes of the weights: what the plan's offsets are of.

use weft_dialects::ir::{AttrExt, Cx, Op, OpError, OpExt, Tensor};

/// As [`weight_bytes`], and frees the constants one by one: the weights are in memory once, and the module has lost them.
///
/// # Errors
/// As [`weight_bytes`].
pub fn take_weight_bytes<'c>(cx: Cx<'c>, module: Op<'c>) -> Result<Vec<u8>, OpError> {
    gather_weights(cx, module, |key| cx.blobs().remove(key))
}

/// The bytes of all weights at their offsets, zero between: what `weights.bin` holds.
///
/// # Errors
/// When a constant's bytes are missing.
pub fn weight_bytes<'c>(cx: Cx<'c>, module: Op<'c>) -> Result<Vec<u8>, OpError> {
    gather_weights(cx, module, |_| ())
}

fn gather_weights<'c>(cx: Cx<'c>, module: Op<'c>, done: impl Fn(&str)) -> Result<Vec<u8>, OpError> {
    let total = module.int("weft.weight_bytes").unwrap_or_default();
    let attrs = module.attr("weft.weights").and_then(AttrExt::as_array).unwrap_or_default();
    let offsets = module.ints("weft.weight_offsets").unwrap_or_default();
    let mut out = vec![0u8; total as usize];
    for (attr, offset) in attrs.into_iter().zip(offsets) {
        let t: Tensor = cx
            .tensor_of(attr)
            .ok_or_else(|| OpError::new(module, format!("no bytes for the weight at offset {offset}")))?;
        let at = offset as usize;
        let slot = out
            .get_mut(at..at + t.data.len())
            .ok_or_else(|| OpError::new(module, format!("the weight at offset {offset} exceeds weft.weight_bytes")))?;
        slot.copy_from_slice(&t.data);
        if let Some(key) = attr.as_resource_key() {
            done(&key);
        }
    }
    Ok(out)
}
