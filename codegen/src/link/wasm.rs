//! A module for the processor, or an island of one for a GPU, as Wasm modules.

use super::{LinkError, function, number, specs, states};
use crate::package::{self, Layout, WasmPart};
use crate::wasm::{self, LinkOptions};
use weft_artifact::Variant;
use weft_dialects::ir::{Cx, Op, OpExt, block_ops, walk_ops};

/// A model, or a part of one, as Wasm.
#[derive(Debug, Clone)]
pub struct WasmLinked {
    /// Where everything lies.
    pub layout: Layout,
    /// The modules, the faster variant first.
    pub modules: Vec<(Variant, Vec<u8>)>,
    /// The packed weights.
    pub weights: Vec<u8>,
    /// Kernel calls of one run.
    pub kernels: usize,
}

/// Emits the modules of a machine-level module.
pub(super) fn link<'c>(cx: Cx<'c>, module: Op<'c>, names: bool, take: bool) -> Result<WasmLinked, LinkError> {
    let (inputs, outputs) = (specs(module, "weft.inputs")?, specs(module, "weft.outputs")?);
    let weights = super::weights(cx, module, take)?;
    let arena = number(module, "weft.arena_bytes")?;
    let mut layout = package::plan(&inputs, &outputs, &states(module)?, weights.len() as u64, arena)?;
    let prepared = module.int("weft.prepared_bytes").unwrap_or_default();
    // Part of the arena, which has been found to fit.
    layout.prepared =
        u32::try_from(prepared).map_err(|_| LinkError::Module("weft.prepared_bytes is no size".into()))?;
    let mut modules = Vec::new();
    let mut kernels = 0;
    for inner in block_ops(module.body(0)).into_iter().filter(|o| o.op_name() == "builtin.module") {
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
        let calls = |main| walk_ops(main).iter().filter(|o| o.op_name() == "func.call").count();
        kernels = function(inner, "main").map_or(0, calls);
        modules.push((variant, bytes));
    }
    if modules.is_empty() {
        return Err(LinkError::Module("it has no nested module of a target".to_owned()));
    }
    modules.sort_by_key(|m| m.0 != Variant::Relaxed);
    Ok(WasmLinked { layout, modules, weights, kernels })
}

impl WasmLinked {
    /// The modules as a package takes them.
    pub(super) fn modules(&self) -> Vec<(Variant, &[u8])> {
        self.modules.iter().map(|(variant, bytes)| (*variant, &bytes[..])).collect()
    }

    /// What is packaged; `modules` are [`WasmLinked::modules`].
    pub(super) fn part<'a>(&'a self, modules: &'a [(Variant, &'a [u8])]) -> WasmPart<'a> {
        WasmPart { layout: &self.layout, modules, weights: &self.weights }
    }
}
