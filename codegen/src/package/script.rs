//! `index.js`: the model's description above the runtime, which is the same for every model.

use std::fmt::Write;
use weft_artifact::open::Open;
use weft_artifact::{Manifest, Region, TensorSpec, WasmProgram};

/// The runtime, built from `runtime/js/src`; `npm test` there holds the two together.
const RUNTIME: &str = include_str!("../../../runtime/js/dist/runtime.js");

/// The file's text.
pub(super) fn text(manifest: &Manifest) -> String {
    head(manifest) + RUNTIME
}

/// The constant `MODEL`, of the type `Description` in `runtime/js/src/description.ts`.
fn head(manifest: &Manifest) -> String {
    let pairs: Vec<_> = manifest.state_numbers().map(|(output, input)| format!("[{output}, {input}]")).collect();
    let states = if pairs.is_empty() { String::new() } else { format!("  states: [{}],\n", pairs.join(", ")) };
    let wasm = manifest.wasm.as_ref();
    format!(
        "// Made by {producer}. Don't edit: compile the model again.\n\
         const MODEL = {{\n  \
           name: {name},\n  \
           producer: {quoted_producer},\n\
         {memory}  \
           inputs: [\n{inputs}  ],\n  \
           outputs: [\n{outputs}  ],\n{states}{open}\
         {modules}\
         }};\n\n",
        producer = manifest.producer,
        name = quote(&manifest.model),
        quoted_producer = quote(&manifest.producer),
        memory = wasm.map_or_else(String::new, memory),
        inputs = slots(&manifest.inputs, wasm.map(|w| &w.inputs[..])),
        outputs = slots(&manifest.outputs, wasm.map(|w| &w.outputs[..])),
        states = states,
        open = manifest.open.as_ref().map_or_else(String::new, open),
        modules = wasm.map_or_else(String::new, modules),
    )
}

/// The modules' memory, and the weights.
fn memory(program: &WasmProgram) -> String {
    let WasmProgram { weights, memory, .. } = program;
    let weights_file = weights.file.as_deref().map_or_else(String::new, |name| format!(", file: {}", file(name)));
    let prepared = match memory.prepared {
        0 => String::new(),
        bytes => format!("  prepared: {bytes},\n"),
    };
    format!(
        "  pages: {},\n  weights: {{ offset: {}, bytes: {}{weights_file} }},\n  arena: {},\n{prepared}",
        memory.pages, weights.region.offset, weights.region.bytes, memory.arena.offset
    )
}

fn modules(program: &WasmProgram) -> String {
    let modules: String =
        program.variants.iter().map(|module| format!("    {}: {},\n", module.name, file(&module.file))).collect();
    format!("  modules: {{\n{modules}  }},\n")
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

/// Tensors, with their places in memory if there are modules.
fn slots(specs: &[TensorSpec], regions: Option<&[Region]>) -> String {
    specs.iter().enumerate().fold(String::new(), |mut text, (i, spec)| {
        let region = regions.and_then(|regions| regions.get(i));
        let offset = region.map_or_else(String::new, |region| format!(" offset: {},", region.offset));
        // Writing to a String can't fail.
        let _ = writeln!(
            text,
            "    {{ name: {}, dtype: \"{}\", array: {}, dims: {:?},{offset} length: {} }},",
            quote(&spec.name),
            spec.dtype,
            spec.dtype.typed_array(),
            spec.shape,
            spec.elements().unwrap_or_default(),
        );
        text
    })
}

/// A JavaScript string literal, which may stand in a line comment too.
pub(super) fn quote(text: &str) -> String {
    // JSON's escapes are JavaScript's; JSON leaves these two, which end a line in JavaScript.
    serde_json::Value::from(text).to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
