//! `index.js`: the model's description above the runtime, which is the same for every model.

use std::fmt::Write;
use weft_artifact::open::Open;
use weft_artifact::{GpuProgram, Island, Manifest, Region, TensorSpec, WasmProgram, file as names};

/// The runtimes, built from `runtime/js/src`; `npm test` there holds the two together.
const RUNTIME: &str = include_str!("../../../runtime/js/dist/runtime.js");
const GPU_RUNTIME: &str = include_str!("../../../runtime/js/dist/runtime.gpu.js");

/// What reads images, where a model has one as an input; beside the runtime, and built with it.
const IMAGE: &str = include_str!("../../../runtime/js/dist/image.js");
const GPU_IMAGE: &str = include_str!("../../../runtime/js/dist/image.gpu.js");

/// The file's text.
pub(super) fn text(manifest: &Manifest) -> String {
    let gpu = !manifest.webgpu.is_empty();
    let beside = match (manifest.has_image(), gpu) {
        (false, _) => String::new(),
        (true, false) => IMAGE.to_owned(),
        (true, true) => format!("{IMAGE}{GPU_IMAGE}"),
    };
    head(manifest, &beside) + if gpu { GPU_RUNTIME } else { RUNTIME }
}

/// The constant `MODEL`, of the type `Description` in `runtime/js/src/description.ts`, and if there is a program for the GPU of the
/// type `GpuDescription` in `gpu/description.ts` beside it.
/// `beside` is what the description names.
fn head(manifest: &Manifest, beside: &str) -> String {
    let pairs: Vec<_> = manifest.state_numbers().map(|(output, input)| format!("[{output}, {input}]")).collect();
    let states = if pairs.is_empty() { String::new() } else { format!("  states: [{}],\n", pairs.join(", ")) };
    let wasm = manifest.wasm.as_ref();
    format!(
        "// Made by {producer}. Don't edit: compile the model again.\n{beside}\
         const MODEL = {{\n{devices}{body}{states}{open}{modules}{images}{webgpu}}};\n\n",
        producer = manifest.producer,
        devices = if manifest.webgpu.is_empty() { String::new() } else { devices(manifest) },
        body = body(&manifest.model, &manifest.producer, wasm, &manifest.inputs, &manifest.outputs),
        open = manifest.open.as_ref().map_or_else(String::new, open),
        modules = wasm.map_or_else(String::new, modules),
        images = if beside.contains(GPU_IMAGE) { "  images: Images,\n" } else { "" },
        webgpu = if manifest.webgpu.is_empty() { String::new() } else { webgpu(manifest) },
    )
}

/// Names, memory and tensors of a model or an island.
fn body(
    name: &str,
    producer: &str,
    wasm: Option<&WasmProgram>,
    inputs: &[TensorSpec],
    outputs: &[TensorSpec],
) -> String {
    format!(
        "  name: {},\n  producer: {},\n{}  inputs: [\n{}  ],\n  outputs: [\n{}  ],\n",
        quote(name),
        quote(producer),
        wasm.map_or_else(String::new, memory),
        slots(inputs, wasm.map(|w| &w.inputs[..])),
        slots(outputs, wasm.map(|w| &w.outputs[..])),
    )
}

fn devices(manifest: &Manifest) -> String {
    format!("  devices: [{}],\n", list(manifest.devices.iter().map(|device| device.name())))
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(quote).collect::<Vec<_>>().join(", ")
}

/// The programs for GPUs: what must be known of them before their files are there.
fn webgpu(manifest: &Manifest) -> String {
    let programs: String = manifest.webgpu.iter().map(|program| gpu_program(manifest, program)).collect();
    format!("  webgpu: [\n{programs}  ],\n")
}

fn gpu_program(manifest: &Manifest, program: &GpuProgram) -> String {
    let limits: Vec<_> = program.limits.list().iter().map(|(name, n)| format!("{name}: {n}")).collect();
    let weights = program.weights.as_ref().map_or_else(String::new, |w| format!("      weights: {},\n", file(&w.file)));
    let variants: String = program
        .variants
        .iter()
        .map(|v| {
            let features = list(v.features.iter().map(String::as_str));
            format!("        {{ features: [{features}], kernels: {} }},\n", file(&v.kernels.file))
        })
        .collect();
    let islands: String = program.islands.iter().map(|island| gpu_island(manifest, program, island)).collect();
    let islands = if islands.is_empty() { islands } else { format!("      islands: [\n{islands}      ],\n") };
    format!(
        "    {{\n      precision: \"{}\",\n      features: [{}],\n      limits: {{ {} }},\n      program: {},\n{weights}      \
           variants: [\n{variants}      ],\n{islands}    }},\n",
        program.precision,
        list(program.features.iter().map(String::as_str)),
        limits.join(", "),
        file(&names::program(program.precision)),
    )
}

fn gpu_island(manifest: &Manifest, program: &GpuProgram, island: &Island) -> String {
    let symbols = match program.island_symbols(&island.name) {
        0 => String::new(),
        n => format!("  symbols: {n},\n"),
    };
    let body = body(&island.name, &manifest.producer, Some(&island.wasm), &island.inputs, &island.outputs);
    format!("{{\n{body}{symbols}{}}},\n", modules(&island.wasm))
        .lines()
        .map(|line| format!("        {line}\n"))
        .collect()
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
        let image = spec.image.as_ref().map_or("", |_| ", read: pixels, takes: \"an image or its pixels\"");
        // Writing to a String can't fail.
        let _ = writeln!(
            text,
            "    {{ name: {}, dtype: \"{}\", array: {}, dims: {:?},{offset} length: {}{image} }},",
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
