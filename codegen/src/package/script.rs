//! `index.js`: the model's description above the runtime, which is the same for every model.

use std::fmt::Write;
use weft_artifact::open::Open;
use weft_artifact::{Manifest, TensorEntry};

/// The runtime, built from `runtime/js/src`; `npm test` there holds the two together.
const RUNTIME: &str = include_str!("../../../runtime/js/dist/runtime.js");

/// The file's text.
pub(super) fn text(manifest: &Manifest) -> String {
    head(manifest) + RUNTIME
}

/// The constant `MODEL`, of the type `Description` in `runtime/js/src/description.ts`.
fn head(manifest: &Manifest) -> String {
    let weights = &manifest.weights;
    let weights_file = weights.file.as_deref().map_or_else(String::new, |name| format!(", file: {}", file(name)));
    let prepared = match manifest.memory.prepared {
        0 => String::new(),
        bytes => format!("  prepared: {bytes},\n"),
    };
    let pairs: Vec<_> = manifest.state_numbers().map(|(output, input)| format!("[{output}, {input}]")).collect();
    let states = if pairs.is_empty() { String::new() } else { format!("  states: [{}],\n", pairs.join(", ")) };
    let mut modules = String::new();
    for module in &manifest.variants {
        // Writing to a String can't fail.
        let _ = writeln!(modules, "    {}: {},", module.name, file(&module.file));
    }
    format!(
        "// Made by {producer}. Don't edit: compile the model again.\n\
         const MODEL = {{\n  \
           name: {name},\n  \
           producer: {quoted_producer},\n  \
           pages: {pages},\n  \
           weights: {{ offset: {weights_offset}, bytes: {weights_bytes}{weights_file} }},\n  \
           arena: {arena},\n{prepared}  \
           inputs: [\n{inputs}  ],\n  \
           outputs: [\n{outputs}  ],\n{states}{open}  \
           modules: {{\n{modules}  }},\n\
         }};\n\n",
        producer = manifest.producer,
        name = quote(&manifest.model),
        quoted_producer = quote(&manifest.producer),
        pages = manifest.memory.pages,
        weights_offset = weights.region.offset,
        weights_bytes = weights.region.bytes,
        arena = manifest.memory.arena.offset,
        prepared = prepared,
        inputs = slots(&manifest.inputs),
        outputs = slots(&manifest.outputs),
        states = states,
        open = manifest.open.as_ref().map_or_else(String::new, open),
    )
}

/// The open dims: names and bounds, where the inputs have them, and the outputs' dims as a function of them.
fn open(open: &Open) -> String {
    let symbols: Vec<String> = open
        .symbols
        .iter()
        .map(|s| format!("{{ name: {}, min: {}, max: {} }}", quote(&s.name), s.min, s.max))
        .collect();
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    let inputs = open.inputs.iter().map(|dims| {
        let own = dims.iter().enumerate().filter_map(|(d, e)| Some(format!("[{d}, {}]", e.symbol()?)));
        list(own.collect())
    });
    let outputs = open
        .outputs
        .iter()
        .map(|dims| list(dims.iter().map(|e| e.text(&|i| format!("s[{i}]"), "Math.floor")).collect()));
    format!(
        "  open: {{\n    symbols: {},\n    inputs: {},\n    outputs: (s) => {},\n  }},\n",
        list(symbols),
        list(inputs.collect()),
        list(outputs.collect())
    )
}

/// Name and address, which bundlers recognise by this form.
fn file(name: &str) -> String {
    format!("[{}, () => new URL({}, import.meta.url)]", quote(name), quote(&format!("./{name}")))
}

fn slots(entries: &[TensorEntry]) -> String {
    entries.iter().fold(String::new(), |mut text, TensorEntry { spec, region }| {
        let _ = writeln!(
            text,
            "    {{ name: {}, dtype: \"{}\", array: {}, dims: {:?}, offset: {}, length: {} }},",
            quote(&spec.name),
            spec.dtype,
            spec.dtype.typed_array(),
            spec.shape,
            region.offset,
            u64::from(region.bytes) / spec.dtype.size(),
        );
        text
    })
}

/// A JavaScript string literal, which may stand in a line comment too.
pub(super) fn quote(text: &str) -> String {
    // JSON's escapes are JavaScript's; JSON leaves these two, which end a line in JavaScript.
    serde_json::Value::from(text).to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
