//! The part of an artifact that is Wasm: modules and weights as files, and what the manifest says of them.

use super::{File, Layout, PackageError, interface};
use weft_artifact::{Memory, Module, TensorSpec, Variant, WasmProgram, Weights, file, sha256_hex};

/// A model, or a part of one, as Wasm.
#[derive(Clone, Copy, Debug)]
pub struct WasmPart<'a> {
    /// What [`plan`](super::plan) decided, and the modules were made for.
    pub layout: &'a Layout,
    /// The modules, one a variant.
    pub modules: &'a [(Variant, &'a [u8])],
    /// The packed weights.
    pub weights: &'a [u8],
}

/// What the modules' `main` takes behind weights and arena.
pub(super) struct Signature<'a> {
    pub inputs: &'a [TensorSpec],
    pub outputs: &'a [TensorSpec],
    pub symbols: usize,
}

/// Names of its files.
pub(super) struct Names<'a> {
    pub module: &'a dyn Fn(Variant) -> String,
    pub weights: &'a dyn Fn() -> String,
}

/// Those of a whole model.
pub(super) const MODEL: Names<'static> =
    Names { module: &|variant| variant.file().to_owned(), weights: &|| file::WEIGHTS.to_owned() };

/// Checks the modules, adds the files, and gives what the manifest says.
pub(super) fn program(
    part: &WasmPart<'_>,
    signature: &Signature<'_>,
    names: &Names<'_>,
    files: &mut Vec<File>,
) -> Result<WasmProgram, PackageError> {
    let map = &part.layout.map;
    let planned = |what: &str, found: usize, planned: usize| {
        let message = || PackageError::Contradiction(format!("there are {found} {what}, but {planned} were planned"));
        if found == planned { Ok(()) } else { Err(message()) }
    };
    planned("bytes of weights", part.weights.len(), map.weights.bytes as usize)?;
    planned("inputs", signature.inputs.len(), map.inputs.len())?;
    planned("outputs", signature.outputs.len(), map.outputs.len())?;
    let mut variants = Vec::new();
    for &(name, bytes) in part.modules {
        interface::check(bytes, part.layout, signature.symbols, part.weights)
            .map_err(|source| PackageError::Interface { variant: name, source })?;
        let file = (names.module)(name);
        variants.push(Module { name, file: file.clone(), bytes: bytes.len() as u64, sha256: sha256_hex(bytes) });
        files.push((file, bytes.to_vec()));
    }
    variants.sort_by_key(|module| module.name);
    let file = (!part.layout.embed_weights).then(|| (names.weights)());
    if let Some(file) = &file {
        files.push((file.clone(), part.weights.to_vec()));
    }
    Ok(WasmProgram {
        variants,
        weights: Weights { file, region: map.weights, sha256: sha256_hex(part.weights) },
        memory: Memory { pages: map.pages, arena: map.arena, prepared: part.layout.prepared },
        inputs: map.inputs.clone(),
        outputs: map.outputs.clone(),
    })
}
