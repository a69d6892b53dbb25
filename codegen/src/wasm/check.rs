//! The validator's word on a finished module, with exactly the features that its target promises.

use super::EmitError;
use wasmparser::{Parser, Payload, Validator, WasmFeatures};

/// Validates `binary`. `names` are its functions', in order.
///
/// # Errors
/// [`EmitError::Invalid`], which is always a mistake of the compiler.
pub(super) fn check(binary: &[u8], relaxed: bool, names: &[String]) -> Result<(), EmitError> {
    let features = if relaxed { WasmFeatures::WASM2.union(WasmFeatures::RELAXED_SIMD) } else { WasmFeatures::WASM2 };
    match Validator::new_with_features(features).validate_all(binary) {
        Ok(_) => Ok(()),
        Err(e) => Err(EmitError::Invalid {
            message: e.message().to_owned(),
            offset: e.offset() as usize,
            place: place(binary, e.offset() as usize, names),
        }),
    }
}

fn place(binary: &[u8], offset: usize, names: &[String]) -> String {
    let bodies = Parser::new(0).parse_all(binary).filter_map(|p| match p {
        Ok(Payload::CodeSectionEntry(body)) => Some(body.range()),
        _ => None,
    });
    let index = bodies.enumerate().find(|(_, range)| (range.start as usize..range.end as usize).contains(&offset));
    match index.and_then(|(i, _)| names.get(i)) {
        Some(name) => format!("@{name}"),
        None => "its sections".to_owned(),
    }
}
