//! `index.d.ts`: this model's inputs and outputs, above the types that every model shares.

use super::script::quote;
use weft_artifact::open::Extent;
use weft_artifact::{Manifest, TensorSpec};

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
        // A dim that is left open is some number.
        let dims: Vec<String> = match extents(manifest, spec) {
            Some(extents) => extents
                .iter()
                .map(|e| if let Extent::Known(n) = e { n.to_string() } else { "number".to_owned() })
                .collect(),
            None => spec.shape.iter().map(ToString::to_string).collect(),
        };
        format!("{}: Tensor<{}, readonly [{}]>", key(&spec.name), spec.dtype.typed_array(), dims.join(", "))
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
        inputs = interface("Inputs", manifest, &manifest.inputs, input),
        outputs = interface("Outputs", manifest, &manifest.outputs, output),
        input_views = interface("InputViews", manifest, &manifest.inputs, view),
        output_views = interface("OutputViews", manifest, &manifest.outputs, view),
    )
}

/// The dims of an input or output in terms of the model's open dims; `None` if the model has none.
fn extents<'m>(manifest: &'m Manifest, spec: &TensorSpec) -> Option<&'m [Extent]> {
    let open = manifest.open.as_ref()?;
    let find = |specs: &[TensorSpec], extents: &'m [Vec<Extent>]| {
        let at = specs.iter().position(|s| std::ptr::eq(s, spec))?;
        extents.get(at).map(Vec::as_slice)
    };
    find(&manifest.inputs, &open.inputs).or_else(|| find(&manifest.outputs, &open.outputs))
}

/// `float32 [1, sequence, 384]`, and what an open dim may be.
fn describe(manifest: &Manifest, spec: &TensorSpec) -> String {
    let (Some(extents), Some(open)) = (extents(manifest, spec), &manifest.open) else { return spec.to_string() };
    let name = |i: usize| open.symbols.get(i).map(|s| s.name.clone()).unwrap_or_default();
    let dims: Vec<String> = extents.iter().map(|e| e.text(&name, "floor")).collect();
    let bounds = extents.iter().filter_map(|e| open.symbols.get(e.symbol()?));
    let bounds: String = bounds.map(|s| format!(", {} from {} to {}", s.name, s.min, s.max)).collect();
    format!("{} [{}]{bounds}", spec.dtype, dims.join(", ")).replace("*/", "* /")
}

fn interface(
    name: &str,
    manifest: &Manifest,
    specs: &[TensorSpec],
    property: impl Fn(&TensorSpec) -> String,
) -> String {
    let lines: String =
        specs.iter().map(|spec| format!("  /** {} */\n  {};\n", describe(manifest, spec), property(spec))).collect();
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
