//! ONNX files (`ModelProto`) to the import level.
//!
//! 1. `wire` walks the protobuf bytes: nesting, wire types, lengths. Only then does the parser crate see them.
//! 2. `signature` gives every graph input a shape, from the file and the options; dims with a range are symbols.
//! 3. `resolve` turns names into values, sorts nodes, inlines model-local functions, and checks every node
//!    against [`schema`]; it collects problems instead of stopping at the first.
//! 4. `emit` writes the IR. It can't fail.

mod attribute;
mod check;
mod declared;
mod emit;
mod error;
mod file;
mod functions;
mod order;
mod resolve;
pub mod schema;
mod signature;
mod tensor;
#[cfg(test)]
mod tests;
mod wire;

pub use error::{ImportError, Problem, Problems};

use file::ModelFile;
use std::path::Path;
use weft_dialects::ir::{Cx, Module};

/// What the user says about a model beyond its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Shapes of graph inputs, by input name: `--shape x=1x3x48x192`.
    pub shapes: Vec<(String, Vec<i64>)>,
    /// Values of named dims, wherever they stand in the inputs' shapes: `--dim batch=1`.
    pub dims: Vec<(String, i64)>,
    /// Named dims that are left open, with what they are at least and at most: `--dim sequence=1..128`.
    pub ranges: Vec<(String, (i64, i64))>,
}

/// Reads an ONNX model, opset 7 to the newest in [`schema`] and older ones as far as their operators haven't changed much, as a
/// module at the import level.
///
/// The file stays mapped while a constant of the session refers to it, and must not change meanwhile.
///
/// # Errors
/// When the file can't be read or is no ONNX model; else all problems of the model and the options together.
pub fn import<'c>(cx: Cx<'c>, path: &Path, options: &ImportOptions) -> Result<Module<'c>, ImportError> {
    let file = ModelFile::open(path)?;
    let bytes = file.map();
    let model = parse(&file, &bytes)?;
    let graph = model.graph.as_ref().ok_or_else(|| file.not_onnx("it has no graph".to_owned()))?;
    if model.ir_version < 1 {
        return Err(file.not_onnx("it has no IR version".to_owned()));
    }
    let mut problems = Vec::new();
    let signature = signature::Signature::new(graph, options, &mut problems);
    let program = resolve::resolve(cx, &file, &model, graph, &signature.shapes, &mut problems);
    if !problems.is_empty() {
        return Err(ImportError::Model { path: path.to_owned(), problems: Problems::new(problems) });
    }
    Ok(emit::emit(cx, file.stem(), &signature, &program))
}

/// The model's `metadata_props`, in the file's order: what its author wants to travel with it, such as the labels of
/// its classes. They are no part of the computation, and so not of the IR.
///
/// # Errors
/// When the file can't be read or is no ONNX model.
pub fn metadata(path: &Path) -> Result<Vec<(String, String)>, ImportError> {
    let file = ModelFile::open(path)?;
    let bytes = file.map();
    let model = parse(&file, &bytes)?;
    Ok(model.metadata_props.iter().map(|entry| (entry.key.to_string(), entry.value.to_string())).collect())
}

fn parse<'m>(file: &ModelFile, bytes: &'m [u8]) -> Result<onnx_rs::ast::Model<'m>, ImportError> {
    wire::check(bytes).map_err(|reason| file.not_onnx(reason))?;
    onnx_rs::parse(bytes).map_err(|e| file.not_onnx(e.to_string()))
}
