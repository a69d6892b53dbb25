//! `index.d.ts`: this model's inputs and outputs, above the types that every model shares.

use super::script::quote;
use weft_artifact::open::Extent;
use weft_artifact::{Manifest, TensorSpec};

/// The shared types, and those of models that were compiled for a GPU; the runtime is checked against the same files.
const SHARED: &str = include_str!("../../../runtime/js/src/types.d.ts");
const GPU: &str = include_str!("../../../runtime/js/src/types.gpu.d.ts");

/// What an image is, where a model has one as an input.
const IMAGE: &str = include_str!("../../../runtime/js/src/image-source.d.ts");

/// The file's text.
pub(super) fn text(manifest: &Manifest) -> String {
    let gpu = !manifest.webgpu.is_empty();
    let input = |spec: &TensorSpec| {
        let of = spec.dtype.typed_array();
        let optional = if manifest.is_state(&spec.name) { "?" } else { "" };
        let buffers = if gpu && spec.image.is_none() { " | GpuBuffer | GpuTensor" } else { "" };
        let array = if spec.image.is_some() { "ImageSource" } else { of };
        format!("{}{optional}: {array} | Tensor<{of}>{buffers}", key(&spec.name))
    };
    let output = |spec: &TensorSpec| {
        format!("{}: Tensor<{}, {}>", key(&spec.name), spec.dtype.typed_array(), dims(manifest, spec))
    };
    let gpu_output = |spec: &TensorSpec| format!("{}: GpuTensor<{}>", key(&spec.name), dims(manifest, spec));
    let view = |spec: &TensorSpec| format!("readonly {}: {}", key(&spec.name), spec.dtype.typed_array());
    let mut text = format!(
        "// Types of the model {}. Made by {}. Don't edit: compile the model again.\n\n{}\n\
         /** What `run` takes: arrays{}, or tensors of exactly this shape. */\n{}\n\
         /** What `run` gives. */\n{}\n",
        quote(&manifest.model),
        manifest.producer,
        if gpu { gpu_entry(manifest) } else { ENTRY.to_owned() },
        if gpu { ", GPU buffers" } else { "" },
        interface("Inputs", manifest, &manifest.inputs, input),
        interface("Outputs", manifest, &manifest.outputs, output),
    );
    if gpu {
        text += "/** What `run` gives with `outputs: 'gpu'`. */\n";
        text += &interface("GpuOutputs", manifest, &manifest.outputs, gpu_output);
        text += "\n";
    }
    if manifest.wasm.is_some() {
        text += "/** The inputs' place in the model's memory. */\n";
        text += &interface("InputViews", manifest, &manifest.inputs, view);
        text += "\n/** The outputs' place in the model's memory. */\n";
        text += &interface("OutputViews", manifest, &manifest.outputs, view);
        text += "\n";
    }
    if manifest.has_image() {
        text += IMAGE;
        text += "\n";
    }
    text += SHARED;
    if gpu {
        // Without the import, which the types above stand for.
        text += GPU.split_once("\n\n").map_or(GPU, |(_, rest)| rest);
    }
    text
}

/// How a model that was compiled for the processor only is loaded.
const ENTRY: &str = "/** Loads the model. Each call gives one with a memory of its own. */
export declare function load(options?: LoadOptions): Promise<Model>;

export type Model = LoadedModel<Inputs, Outputs, InputViews, OutputViews>;
";

/// How one that was compiled for a GPU is loaded.
fn gpu_entry(manifest: &Manifest) -> String {
    let devices: Vec<_> = manifest.devices.iter().map(|device| device.name()).collect();
    let mut text = format!(
        "/** Loads the model, which was compiled for {}. Each call gives one with memory of its own. */\n",
        devices.join(", ")
    );
    if manifest.wasm.is_some() {
        text += "export declare function load(options: LoadOptions & DeviceOptions & { device: 'wasm' }): Promise<WasmModel>;\n";
    }
    text += "export declare function load(options?: LoadOptions & DeviceOptions): Promise<Model>;

export type Model = DeviceModel<Inputs, Outputs, GpuOutputs>;
";
    if manifest.wasm.is_some() {
        text += "
/** The model on the processor: its memory can be worked on in place. */
export type WasmModel = Model & LoadedModel<Inputs, Outputs, InputViews, OutputViews>;
";
    }
    text
}

/// An output's dims as a type; one that is left open is some number.
fn dims(manifest: &Manifest, spec: &TensorSpec) -> String {
    let dims: Vec<String> = match extents(manifest, spec) {
        Some(extents) => {
            extents.iter().map(|e| if let Extent::Known(n) = e { n.to_string() } else { "number".to_owned() }).collect()
        }
        None => spec.shape.iter().map(ToString::to_string).collect(),
    };
    format!("readonly [{}]", dims.join(", "))
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
