//! From a machine-level module to an artifact: everything is read from the IR's attributes and nested modules.

use crate::package::{self, Layout, PackageError, PackageInput, WasmPart};
use crate::wasm::{self, EmitError, LinkOptions};
use std::collections::BTreeMap;
use std::path::Path;
use weft_artifact::open::{Atom, Expr, Extent, Open, Symbol, Term};
use weft_artifact::{Device, Dtype, Manifest, Stats, TensorSpec, Variant};
use weft_dialects::ir::{AttrExt, Cx, Op, OpError, OpExt, Symbols, block_ops, extent, extents_of, funcs, walk_ops};
use weft_passes::kernels::{plan, state};

/// Why a machine-level module became no artifact.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// An attribute that the planned level sets is missing or malformed.
    #[error("the module is no finished machine level: {0}")]
    Module(String),
    /// A constant's bytes are missing.
    #[error(transparent)]
    Op(#[from] OpError),
    /// A target's module can't be emitted.
    #[error("{target}: {source}")]
    Emit {
        /// The target.
        target: String,
        /// The reason.
        source: EmitError,
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
    /// Where everything lies.
    pub layout: Layout,
    /// The modules, the faster variant first.
    pub modules: Vec<(Variant, Vec<u8>)>,
    /// The packed weights.
    pub weights: Vec<u8>,
    /// Inputs, in order.
    pub inputs: Vec<TensorSpec>,
    /// Outputs, in order.
    pub outputs: Vec<TensorSpec>,
    /// Dims that are left open, if there are any.
    pub open: Option<Open>,
    /// What was counted.
    pub stats: Stats,
}

/// Emits every target's module of a machine-level module. `names` adds function names for profilers. The constants' bytes
/// move from the session into the result, so that a module is linked once.
///
/// # Errors
/// See [`LinkError`].
pub fn link<'c>(cx: Cx<'c>, module: Op<'c>, names: bool) -> Result<Linked, LinkError> {
    let inputs = specs(module, "weft.inputs")?;
    let outputs = specs(module, "weft.outputs")?;
    let number = |name: &str| {
        module.int(name).and_then(|n| u64::try_from(n).ok()).ok_or_else(|| LinkError::Module(format!("no {name}")))
    };
    let weights = plan::take_weight_bytes(cx, module)?;
    let number_of = |list: &[TensorSpec], name: &str| {
        let at = list.iter().position(|spec| spec.name == name);
        at.ok_or_else(|| LinkError::Module(format!("weft.states: there is no '{name}'")))
    };
    let states = state::names(module)
        .iter()
        .map(|(output, input)| Ok((number_of(&outputs, output)?, number_of(&inputs, input)?)))
        .collect::<Result<Vec<_>, LinkError>>()?;
    let mut layout = package::plan(&inputs, &outputs, &states, weights.len() as u64, number("weft.arena_bytes")?)?;
    let prepared = module.int("weft.prepared_bytes").unwrap_or_default();
    // Part of the arena, which has been found to fit.
    layout.prepared =
        u32::try_from(prepared).map_err(|_| LinkError::Module("weft.prepared_bytes is no size".into()))?;
    let nested: Vec<Op<'c>> =
        block_ops(module.body(0)).into_iter().filter(|o| o.op_name() == "builtin.module").collect();
    let mut modules = Vec::new();
    let mut kernels = 0;
    for inner in nested {
        let target = inner.string("weft.target").unwrap_or_default();
        let variant = match target.as_str() {
            "wasm-relaxed" => Variant::Relaxed,
            "wasm-simd" => Variant::Simd,
            other => return Err(LinkError::Module(format!("no artifact has a module for the target '{other}'"))),
        };
        let options = LinkOptions {
            pages: layout.map.pages,
            data: layout.data(&weights).map(|(at, bytes)| (at, bytes.to_vec())),
            names,
        };
        let bytes = wasm::emit(inner, &options).map_err(|source| LinkError::Emit { target, source })?;
        kernels = main_of(inner).map_or(0, |m| walk_ops(m).iter().filter(|o| o.op_name() == "func.call").count());
        modules.push((variant, bytes));
    }
    if modules.is_empty() {
        return Err(LinkError::Module("it has no nested module of a target".to_owned()));
    }
    modules.sort_by_key(|m| m.0 != Variant::Relaxed);
    let operators: BTreeMap<String, u64> = module
        .attr("weft.operators")
        .and_then(AttrExt::entries)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(name, n)| Some((name, u64::try_from(n.as_i64()?).ok()?)))
        .collect();
    let stats = Stats { operators, kernels: kernels as u64, flops: number("weft.flops")?, peak_bytes: 0 };
    let model = module.string("weft.model").unwrap_or_else(|| "model".to_owned());
    let open = open(module)?;
    Ok(Linked { model, layout, modules, weights, inputs, outputs, open, stats })
}

impl Linked {
    /// Writes the artifact.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn write(&self, out: &Path) -> Result<Manifest, PackageError> {
        let modules: Vec<(Variant, &[u8])> = self.modules.iter().map(|(v, b)| (*v, &b[..])).collect();
        let input = PackageInput {
            model_name: &self.model,
            devices: &[Device::Wasm],
            inputs: &self.inputs,
            outputs: &self.outputs,
            states: &self.layout.map.states,
            open: self.open.as_ref(),
            stats: self.stats.clone(),
            wasm: Some(WasmPart { layout: &self.layout, modules: &modules, weights: &self.weights }),
            webgpu: &[],
        };
        package::write(&input, out)
    }
}

fn main_of<'c>(module: Op<'c>) -> Option<Op<'c>> {
    funcs(module).into_iter().find(|f| f.string("sym_name").as_deref() == Some("main"))
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
            Ok(TensorSpec {
                name: text("name")?.to_owned(),
                dtype,
                shape: shape.into_iter().map(|d| d.max(0) as u64).collect(),
            })
        })
        .collect()
}
