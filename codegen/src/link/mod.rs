//! From a finished module to an artifact: everything is read from the IR's attributes and nested modules.
//!
//! A module is for one device, or holds one for each ([`parts`]). For the processor the last level is the machine's, with a nested
//! module a target ([`wasm`]); for a GPU it is the loops level, whose `@main` and `@init` become lists of dispatches ([`gpu`]).

mod gpu;
mod steps;
mod wasm;

use crate::package::{self, PackageError, PackageInput};
use std::collections::BTreeMap;
use std::path::Path;
use weft_artifact::open::{Atom, Expr, Extent, Open, Symbol, Term};
use weft_artifact::{Device, Dtype, Image, Manifest, Stats, TensorSpec};
use weft_dialects::ir::{AttrExt, Attribute, Cx, Op, OpError, OpExt, Symbols, extent, extents_of, funcs};
use weft_passes::kernels::{plan, state};
use weft_passes::{parts, target};

pub use gpu::{GpuLinked, IslandLinked};
pub use wasm::WasmLinked;

/// Why a module became no artifact.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// An attribute that an earlier level sets is missing or malformed.
    #[error("the module is not finished: {0}")]
    Module(String),
    /// A constant's bytes are missing, or an op has no place in an artifact.
    #[error(transparent)]
    Op(#[from] OpError),
    /// A target's module can't be emitted.
    #[error("{target}: {source}")]
    Emit {
        /// The target.
        target: String,
        /// The reason.
        source: crate::wasm::EmitError,
    },
    /// A target's kernels can't be emitted.
    #[error("{target}: {source}")]
    EmitKernels {
        /// The target.
        target: String,
        /// The reason.
        source: crate::wgsl::EmitError,
    },
    /// The artifact can't be laid out or written.
    #[error(transparent)]
    Package(#[from] PackageError),
}

/// All parts of an artifact, in memory.
#[derive(Debug, Clone)]
pub struct Linked {
    /// The model's name.
    pub model: String,
    /// What it was compiled for, the preferred first.
    pub devices: Vec<Device>,
    /// Inputs, in order.
    pub inputs: Vec<TensorSpec>,
    /// Outputs, in order.
    pub outputs: Vec<TensorSpec>,
    /// Outputs that are the next run's inputs, by their numbers.
    pub states: Vec<(usize, usize)>,
    /// Dims that are left open, if there are any.
    pub open: Option<Open>,
    /// What was counted.
    pub stats: Stats,
    /// The model as Wasm.
    pub wasm: Option<WasmLinked>,
    /// The model for GPUs, the preferred precision first.
    pub webgpu: Vec<GpuLinked>,
}

/// Emits every target's module or kernels. `names` adds function names to Wasm modules, for profilers. The constants' bytes move from
/// the session into the result, so that a module is linked once.
///
/// # Errors
/// See [`LinkError`].
pub fn link<'c>(cx: Cx<'c>, module: Op<'c>, names: bool) -> Result<Linked, LinkError> {
    let modules = if parts::is_joined(module) { parts::nested(module) } else { vec![module] };
    let Some(&first) = modules.first() else { return Err(LinkError::Module("it is for no device".to_owned())) };
    // What several parts have in common can't be taken away from one of them.
    let take = modules.len() == 1 && parts::nested(first).is_empty();
    let mut linked = Linked {
        model: first.string("weft.model").unwrap_or_else(|| "model".to_owned()),
        devices: Vec::new(),
        inputs: specs(first, "weft.inputs")?,
        outputs: specs(first, "weft.outputs")?,
        states: states(first)?,
        open: open(first)?,
        stats: Stats { operators: operators(first), kernels: 0, flops: number(first, "weft.flops")?, peak_bytes: 0 },
        wasm: None,
        webgpu: Vec::new(),
    };
    for part in modules {
        let signature = |which: &str| specs(part, which);
        // Passes of a device may not change what the model takes and gives.
        if (signature("weft.inputs")?, signature("weft.outputs")?) != (linked.inputs.clone(), linked.outputs.clone()) {
            return Err(LinkError::Module("its devices' modules differ in inputs or outputs".to_owned()));
        }
        let (device, kernels) = match target::Device::of(part) {
            target::Device::Wasm => {
                let wasm = wasm::link(cx, part, names, take)?;
                (Device::Wasm, linked.wasm.insert(wasm).kernels)
            }
            target::Device::WebGpu | target::Device::WebGpuF16 => {
                let gpu = gpu::link(cx, part, names, take)?;
                let kernels = gpu.kernels();
                linked.webgpu.push(gpu);
                (Device::Webgpu, kernels)
            }
        };
        if linked.devices.is_empty() {
            linked.stats.kernels = kernels as u64;
        }
        if !linked.devices.contains(&device) {
            linked.devices.push(device);
        }
    }
    Ok(linked)
}

impl Linked {
    /// Writes the artifact.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn write(&self, out: &Path) -> Result<Manifest, PackageError> {
        let modules = self.wasm.as_ref().map(WasmLinked::modules).unwrap_or_default();
        let islands: Vec<_> = self.webgpu.iter().map(GpuLinked::island_modules).collect();
        let webgpu: Vec<_> = self.webgpu.iter().zip(&islands).map(|(gpu, modules)| gpu.part(modules)).collect();
        let input = PackageInput {
            model_name: &self.model,
            devices: &self.devices,
            inputs: &self.inputs,
            outputs: &self.outputs,
            states: &self.states,
            open: self.open.as_ref(),
            stats: self.stats.clone(),
            wasm: self.wasm.as_ref().map(|wasm| wasm.part(&modules)),
            webgpu: &webgpu,
        };
        package::write(&input, out)
    }
}

fn function<'c>(module: Op<'c>, name: &str) -> Option<Op<'c>> {
    funcs(module).into_iter().find(|f| f.string("sym_name").as_deref() == Some(name))
}

fn number(module: Op<'_>, name: &str) -> Result<u64, LinkError> {
    module.int(name).and_then(|n| u64::try_from(n).ok()).ok_or_else(|| LinkError::Module(format!("no {name}")))
}

/// The packed weights' bytes, which leave the session if `take`.
fn weights<'c>(cx: Cx<'c>, module: Op<'c>, take: bool) -> Result<Vec<u8>, OpError> {
    if take { plan::take_weight_bytes(cx, module) } else { plan::weight_bytes(cx, module) }
}

fn operators(module: Op<'_>) -> BTreeMap<String, u64> {
    let entries = module.attr("weft.operators").and_then(AttrExt::entries).unwrap_or_default();
    entries.into_iter().filter_map(|(name, n)| Some((name, u64::try_from(n.as_i64()?).ok()?))).collect()
}

/// States, by the numbers of their output and input.
fn states(module: Op<'_>) -> Result<Vec<(usize, usize)>, LinkError> {
    let (inputs, outputs) = (specs(module, "weft.inputs")?, specs(module, "weft.outputs")?);
    let number_of = |list: &[TensorSpec], name: &str| {
        let at = list.iter().position(|spec| spec.name == name);
        at.ok_or_else(|| LinkError::Module(format!("weft.states: there is no '{name}'")))
    };
    let names = state::names(module);
    names.iter().map(|(output, input)| Ok((number_of(&outputs, output)?, number_of(&inputs, input)?))).collect()
}

/// The module's symbols, and the dims of inputs and outputs in terms of them.
fn open(module: Op<'_>) -> Result<Option<Open>, LinkError> {
    let symbols = Symbols::of(module);
    if symbols.is_empty() {
        return Ok(None);
    }
    let dims = |which: &str| -> Result<Vec<Vec<Extent>>, LinkError> {
        let entries = module.attr(which).and_then(AttrExt::as_array).unwrap_or_default();
        entries
            .into_iter()
            .map(|entry| {
                let extents = entry.get("extents").and_then(extents_of);
                let extents = extents.or_else(|| entry.get("shape").and_then(AttrExt::as_i64s));
                let extents = extents.ok_or_else(|| LinkError::Module(format!("{which}: no 'shape'")))?;
                Ok(extents.into_iter().map(dim).collect())
            })
            .collect()
    };
    let list = symbols.names.iter().zip(&symbols.bounds);
    Ok(Some(Open {
        symbols: list
            .map(|(name, &(min, max))| Symbol { name: name.clone(), min: min.max(0) as u64, max: max.max(0) as u64 })
            .collect(),
        inputs: dims("weft.inputs")?,
        outputs: dims("weft.outputs")?,
    }))
}

/// An extent of the compiler as one of the artifact.
fn dim(n: i64) -> Extent {
    if extent::is_symbolic(n) { Extent::Open(expr(&extent::expr(n))) } else { Extent::Known(n.max(0) as u64) }
}

fn expr(e: &extent::Expr) -> Expr {
    let atom = |a: &extent::Atom| match a {
        extent::Atom::Symbol(i) => Atom::Symbol(*i),
        extent::Atom::Floor(of, by) => Atom::Floor { of: Box::new(expr(of)), by: *by },
    };
    Expr {
        terms: e.terms.iter().map(|(a, factor)| Term { factor: *factor, atom: atom(a) }).collect(),
        constant: e.constant,
    }
}

fn specs(module: Op<'_>, which: &str) -> Result<Vec<TensorSpec>, LinkError> {
    let err = |what: &str| LinkError::Module(format!("{which}: {what}"));
    let entries = module.attr(which).and_then(AttrExt::as_array).ok_or_else(|| err("missing"))?;
    entries
        .into_iter()
        .map(|entry| {
            let text = |key: &str| entry.get(key).and_then(AttrExt::as_str).ok_or_else(|| err(&format!("no '{key}'")));
            let shape = entry.get("shape").and_then(AttrExt::as_i64s).ok_or_else(|| err("no 'shape'"))?;
            let dtype: Dtype = text("dtype")?.parse().map_err(|e| err(&format!("{e}")))?;
            let shape: Vec<u64> = shape.into_iter().map(|d| d.max(0) as u64).collect();
            let image = match entry.get("image") {
                Some(about) => Some(image(about, &shape).ok_or_else(|| err("an incomplete 'image'"))?),
                None => None,
            };
            Ok(TensorSpec { name: text("name")?.to_owned(), dtype, shape, image })
        })
        .collect()
}

fn image(about: Attribute<'_>, shape: &[u64]) -> Option<Image> {
    let [max_height, max_width, _] = shape[..] else { return None };
    let number = |key: &str| u64::try_from(about.get(key)?.as_i64()?).ok();
    let text = |key: &str| Some(about.get(key)?.as_str()?.to_owned());
    let (height, width) = (number("height")?, number("width")?);
    Some(Image { max_height, max_width, height, width, resize: text("resize")?, fit: text("fit")? })
}
