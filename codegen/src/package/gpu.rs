//! The part of an artifact that runs on a GPU: kernels, weights and program as files, and what the manifest says of them.

use super::wasm::{self, Names, Signature};
use super::{File, PackageError, WasmPart};
use flate2::{Compression, write::GzEncoder};
use std::collections::BTreeMap;
use std::io::Write;
use weft_artifact::{
    Buffer, GpuProgram, GpuVariant, GpuWeights, Island, Kernels, Limits, Pipeline, Precision, Step, TensorSpec, file,
    sha256_hex,
};

/// A model for GPUs, in one precision.
#[derive(Clone, Debug)]
pub struct GpuPart<'a> {
    /// What it computes with.
    pub precision: Precision,
    /// WebGPU features that all variants need.
    pub features: Vec<String>,
    /// WebGPU limits that it needs.
    pub limits: Limits,
    /// The packed weights.
    pub weights: &'a [u8],
    /// The buffers.
    pub buffers: Vec<Buffer>,
    /// The kernels, the variant with most features first.
    pub variants: Vec<KernelsPart>,
    /// The parts that are Wasm.
    pub islands: Vec<IslandPart<'a>>,
}

/// The kernels for devices with some features.
#[derive(Clone, Debug)]
pub struct KernelsPart {
    /// Features that it needs beside the program's.
    pub features: Vec<String>,
    /// The kernels' WGSL, one a pipeline.
    pub kernels: Vec<String>,
    /// The pipelines.
    pub pipelines: Vec<Pipeline>,
    /// What prepares weights.
    pub init: Vec<Step>,
    /// A run.
    pub main: Vec<Step>,
}

/// A part of the model that is Wasm.
#[derive(Clone, Debug)]
pub struct IslandPart<'a> {
    /// Its name in the IR.
    pub name: String,
    /// Why it is no kernel.
    pub reason: String,
    /// Nodes of the source model, by operator.
    pub operators: BTreeMap<String, u64>,
    /// What it takes.
    pub inputs: &'a [TensorSpec],
    /// What it gives.
    pub outputs: &'a [TensorSpec],
    /// How many open dims its `main` takes.
    pub symbols: usize,
    /// Its modules.
    pub wasm: WasmPart<'a>,
}

/// Adds the files, and gives what the manifest says.
pub(super) fn program(part: &GpuPart<'_>, files: &mut Vec<File>) -> Result<GpuProgram, PackageError> {
    let precision = part.precision;
    let mut variants = Vec::new();
    for variant in &part.variants {
        let texts = variant.pipelines.iter().zip(&variant.kernels);
        let text: String = texts.map(|(pipeline, wgsl)| section(&pipeline.name, wgsl)).collect();
        let name = file::kernels(precision, &variant.features);
        variants.push(GpuVariant {
            features: variant.features.clone(),
            kernels: Kernels {
                file: name.clone(),
                bytes: text.len() as u64,
                gzip: gzip(text.as_bytes())?,
                sha256: sha256_hex(text.as_bytes()),
            },
            pipelines: variant.pipelines.clone(),
            init: variant.init.clone(),
            main: variant.main.clone(),
        });
        files.push((name, text.into_bytes()));
    }
    let mut islands = Vec::new();
    for (i, island) in part.islands.iter().enumerate() {
        let IslandPart { inputs, outputs, symbols, .. } = *island;
        let names = Names {
            module: &|variant| file::island(precision, i, variant),
            weights: &|| file::island_weights(precision, i),
        };
        islands.push(Island {
            name: island.name.clone(),
            reason: island.reason.clone(),
            operators: island.operators.clone(),
            inputs: inputs.to_vec(),
            outputs: outputs.to_vec(),
            wasm: wasm::program(&island.wasm, &Signature { inputs, outputs, symbols }, &names, files)?,
        });
    }
    let weights = (!part.weights.is_empty()).then(|| {
        let name = file::gpu_weights(precision);
        files.push((name.clone(), part.weights.to_vec()));
        GpuWeights { file: name, bytes: part.weights.len() as u64, sha256: sha256_hex(part.weights) }
    });
    let program = GpuProgram {
        precision,
        features: part.features.clone(),
        limits: part.limits,
        weights,
        buffers: part.buffers.clone(),
        variants,
        islands,
    };
    let json = serde_json::to_vec(&program).map_err(|error| PackageError::Contradiction(error.to_string()))?;
    files.push((file::program(precision), json));
    Ok(program)
}

/// A kernel's part of a file.
fn section(name: &str, wgsl: &str) -> String {
    format!("//// {name}\n{}\n", wgsl.trim_end())
}

/// Bytes when compressed as servers do.
fn gzip(text: &[u8]) -> Result<u64, PackageError> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(text)
        .and_then(|()| encoder.finish())
        .map(|bytes| bytes.len() as u64)
        .map_err(|error| PackageError::Contradiction(error.to_string()))
}
