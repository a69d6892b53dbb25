//! `index.d.ts`: this model's inputs and outputs, above the types that every model shares.

use super::script::quote;
use weft_artifact::{Manifest, TensorEntry, TensorSpec};

/// The shared types; the runtime is checked against the same file.
const SHARED: &str = include_str!("../../../runtime/js/src/types.d.ts");

/// The file's text.
pub(super) fn text(manifest: &Manifest) -> String {
    let input = |spec: &TensorSpec| {
        let array = spec.dtype.typed_array();
        let optional = if manifest.is_state(&spec.name) { "?" } else { "" };
        format!("{}{optional}: {array} | Tensor<{array}>", key(&spec.name))
    };
    let output = |spec: &TensorSpec| {
        format!("{}: Tensor<{}, readonly {:?}>", key(&spec.name), spec.dtype.typed_array(), spec.shape)
    };
    let view = |spec: &TensorSpec| format!("readonly {}: {}", key(&spec.name), spec.dtype.typed_array());
    format!(
        "// Types of the model {name}. Made by {producer}. Don't edit: compile the model again.\n\n\
         /** Loads the model. Each call gives one with a memory of its own. */\n\
         export declare function load(options?: LoadOptions): Promise<Model>;\n\n\
         export type Model = LoadedModel<Inputs, Outputs, InputViews, OutputViews>;\n\n\
         /** What `run` takes: arrays, or tensors of exactly this shape. */\n{inputs}\n\
         /** What `run` gives. */\n{outputs}\n\
         /** The inputs' place in the model's memory. */\n{input_views}\n\
         /** The outputs' place in the model's memory. */\n{output_views}\n{SHARED}",
        name = quote(&manifest.model),
        producer = manifest.producer,
        inputs = interface("Inputs", &manifest.inputs, input),
        outputs = interface("Outputs", &manifest.outputs, output),
        input_views = interface("InputViews", &manifest.inputs, view),
        output_views = interface("OutputViews", &manifest.outputs, view),
    )
}

fn interface(name: &str, entries: &[TensorEntry], property: impl Fn(&TensorSpec) -> String) -> String {
    let lines: String =
        entries.iter().map(|TensorEntry { spec, .. }| format!("  /** {spec} */\n  {};\n", property(spec))).collect();
    format!("export interface {name} {{\n{lines}}}\n")
}

/// A property's name, quoted unless it is an identifier.
fn key(name: &str) -> String {
    let mut characters = name.chars();
    let start = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '$';
    if characters.next().is_some_and(start) && characters.all(|c| start(c) || c.is_ascii_digit()) {
        name.to_owned()
    } else {
        quote(name)
    }
}
