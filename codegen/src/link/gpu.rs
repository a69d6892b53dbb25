//! A module for a GPU: buffers, kernels, steps and islands.

use super::steps::{Args, Scope, Walked};
use super::wasm::{self, WasmLinked};
use super::{LinkError, function, operators, specs, states};
use crate::package::{GpuPart, IslandPart, KernelsPart};
use crate::wgsl::{self, EmittedKernel};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use weft_artifact::{
    Access, Buffer, GPU_ALIGN, Limits, Pipeline, Precision, Role, Step, TensorSpec, Variant, open::Extent,
};
use weft_dialects::ir::{Cx, Op, OpExt, Symbols, block_ops};
use weft_passes::parts;
use weft_passes::target::{Device, Target};

/// A model for GPUs, in one precision.
#[derive(Debug, Clone)]
pub struct GpuLinked {
    /// What it computes with.
    pub precision: Precision,
    /// WebGPU features that all variants need.
    pub features: Vec<String>,
    /// WebGPU limits that it needs.
    pub limits: Limits,
    /// The packed weights.
    pub weights: Vec<u8>,
    /// The buffers.
    pub buffers: Vec<Buffer>,
    /// The kernels, the variant with most features first.
    pub variants: Vec<KernelsPart>,
    /// The parts that are Wasm.
    pub islands: Vec<IslandLinked>,
}

/// A part of the model that is Wasm.
#[derive(Debug, Clone)]
pub struct IslandLinked {
    /// Its name.
    pub name: String,
    /// Why it is no kernel.
    pub reason: String,
    /// Nodes of the source model, by operator.
    pub operators: BTreeMap<String, u64>,
    /// What it takes.
    pub inputs: Vec<TensorSpec>,
    /// What it gives.
    pub outputs: Vec<TensorSpec>,
    /// How many open dims its `main` takes.
    pub symbols: usize,
    /// Its modules.
    pub wasm: WasmLinked,
}

/// Links a loops-level module for a GPU.
pub(super) fn link<'c>(cx: Cx<'c>, module: Op<'c>, names: bool, take: bool) -> Result<GpuLinked, LinkError> {
    let precision = match Device::of(module) {
        Device::WebGpuF16 => Precision::Float16,
        _ => Precision::Float32,
    };
    let mut weights = super::weights(cx, module, take)?;
    weights.resize(weights.len().next_multiple_of(4), 0);
    let (buffers, args) = buffers(module, weights.len() as u64)?;
    let mut islands = Vec::new();
    for island in parts::nested(module) {
        islands.push(IslandLinked {
            name: island.string("weft.island").unwrap_or_default(),
            reason: island.string("weft.reason").unwrap_or_default(),
            operators: operators(island),
            inputs: specs(island, "weft.inputs")?,
            outputs: specs(island, "weft.outputs")?,
            symbols: Symbols::of(island).len(),
            wasm: wasm::link(cx, island, names, false)?,
        });
    }
    let mut variants: Vec<(BTreeSet<&'static str>, KernelsPart)> = Vec::new();
    let mut shared_bytes = 0;
    for inner in block_ops(module.body(0)) {
        let Some(target) = inner.string("weft.target") else { continue };
        let (needed, kernels, bytes) = variant(cx, inner, &target, &args, &islands)?;
        shared_bytes = bytes.max(shared_bytes);
        // Where no kernel uses what distinguishes targets, the first is for all devices.
        if variants.iter().all(|(features, _)| *features != needed) {
            variants.push((needed, kernels));
        }
    }
    let Some((first, _)) = variants.first() else {
        return Err(LinkError::Module("it has no nested module of a target".to_owned()));
    };
    let common: BTreeSet<&str> =
        variants.iter().fold(first.clone(), |common, (features, _)| common.intersection(features).copied().collect());
    let variants: Vec<KernelsPart> = variants
        .into_iter()
        .map(|(needed, kernels)| KernelsPart {
            features: needed.difference(&common).map(ToString::to_string).collect(),
            ..kernels
        })
        .collect();
    let limits = limits(&buffers, &specs(module, "weft.outputs")?, &variants, shared_bytes);
    let features = common.into_iter().map(str::to_owned).collect();
    Ok(GpuLinked { precision, features, limits, weights, buffers, variants, islands })
}

/// The buffers that a host makes, and which of them the arguments of `@main` are; those of `@init` are the first.
fn buffers(module: Op<'_>, weight_bytes: u64) -> Result<(Vec<Buffer>, Args), LinkError> {
    let arenas = module.ints("weft.arena_bytes").ok_or_else(|| LinkError::Module("no weft.arena_bytes".into()))?;
    let states = states(module)?;
    let mut buffers = Vec::new();
    let mut args = Vec::new();
    // What is empty has no buffer, and nothing is bound to it.
    let mut add = |role, index, bytes: u64| {
        let bytes = bytes.next_multiple_of(GPU_ALIGN);
        let there = bytes > 0 || role == Role::Image;
        args.push(there.then_some(buffers.len()));
        if there {
            buffers.push(Buffer { role, index, bytes });
        }
    };
    add(Role::Weights, None, weight_bytes);
    for bytes in arenas {
        add(Role::Scratch, None, bytes.max(0) as u64);
    }
    // Signature tensors always have one, so that hosts find it.
    let bytes_of = |spec: &TensorSpec| spec.bytes().unwrap_or(u64::MAX / 2).max(1);
    for (i, spec) in specs(module, "weft.inputs")?.iter().enumerate() {
        match spec.image {
            Some(_) => add(Role::Image, Some(i), 0),
            None => add(Role::Input, Some(i), bytes_of(spec)),
        }
    }
    for (i, spec) in specs(module, "weft.outputs")?.iter().enumerate() {
        if states.iter().all(|s| s.0 != i) {
            add(Role::Output, Some(i), bytes_of(spec));
        }
    }
    let images = buffers.iter().map(|b: &Buffer| b.role == Role::Image).collect();
    Ok((buffers, Args { buffers: args, images }))
}

/// What a target's module needs, its kernels and steps, and the bytes of shared memory of its largest workgroup.
fn variant<'c>(
    cx: Cx<'c>,
    module: Op<'c>,
    name: &str,
    args: &Args,
    islands: &[IslandLinked],
) -> Result<(BTreeSet<&'static str>, KernelsPart, u32), LinkError> {
    let target = Target::find(name)
        .ok_or_else(|| LinkError::Module(format!("no artifact has kernels for the target '{name}'")))?;
    let gpu_module = block_ops(module.body(0)).into_iter().find(|o| o.op_name() == "gpu.module");
    let kernels = match gpu_module {
        Some(gpu_module) => wgsl::emit(cx, gpu_module, target)
            .map_err(|source| LinkError::EmitKernels { target: name.to_owned(), source })?,
        None => Vec::new(),
    };
    let mut pipelines: Vec<Pipeline> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    // Kernels whose text is the same are one pipeline, under the first one's name.
    let (mut numbers, mut external): (HashMap<String, usize>, HashMap<String, usize>) = Default::default();
    for kernel in &kernels {
        let at = texts.iter().position(|text| *text == kernel.wgsl).unwrap_or(texts.len());
        if at == texts.len() {
            pipelines.push(pipeline(kernel));
            texts.push(kernel.wgsl.clone());
        }
        match &kernel.external_of {
            Some(of) => external.insert(of.clone(), at),
            None => numbers.insert(kernel.name.clone(), at),
        };
    }
    let island_of = |name: &str| {
        let at = islands.iter().position(|island| island.name == name)?;
        Some((at, islands[at].inputs.len()))
    };
    let scope = Scope { args, pipelines: &numbers, external: &external, island: &island_of };
    let walk = |name: &str| function(module, name).map_or(Ok(Walked::default()), |func| scope.walk(func));
    let (init, main) = (walk("init")?, walk("main")?);
    let part = KernelsPart { features: Vec::new(), kernels: texts, pipelines, init: init.steps, main: main.steps };
    let needed = kernels.iter().flat_map(|k| k.features.iter().copied()).collect();
    Ok((needed, part, kernels.iter().map(|k| k.workgroup_bytes).max().unwrap_or_default()))
}

fn pipeline(kernel: &EmittedKernel) -> Pipeline {
    let access = |a: &wgsl::Access| match a {
        wgsl::Access::Read => Access::Read,
        wgsl::Access::ReadWrite => Access::ReadWrite,
        wgsl::Access::Texture => Access::Texture,
        wgsl::Access::ExternalTexture => Access::ExternalTexture,
    };
    Pipeline {
        name: kernel.name.clone(),
        workgroup: kernel.workgroup,
        bindings: kernel.bindings.iter().map(access).collect(),
        uniform: kernel.uniform,
    }
}

/// What a device must have at least.
fn limits(buffers: &[Buffer], outputs: &[TensorSpec], variants: &[KernelsPart], shared_bytes: u32) -> Limits {
    let pipelines = || variants.iter().flat_map(|v| &v.pipelines);
    let steps = || variants.iter().flat_map(|v| v.init.iter().chain(&v.main));
    let most = |numbers: &mut dyn Iterator<Item = u64>| numbers.max().unwrap_or_default();
    let size = |dim: usize| most(&mut pipelines().map(|p| p.workgroup[dim].into()));
    // Results are read back through one buffer.
    let staging = outputs.iter().filter_map(|o| Some(o.bytes()?.next_multiple_of(8))).sum::<u64>();
    Limits {
        max_buffer_size: most(&mut buffers.iter().map(|b| b.bytes).chain([staging])),
        max_storage_buffer_binding_size: most(&mut steps().flat_map(|step| match step {
            Step::Dispatch { bindings, .. } => bindings.iter().map(|b| b.bytes).collect(),
            Step::Island { .. } => Vec::new(),
        })),
        max_storage_buffers_per_shader_stage: most(
            &mut pipelines()
                .map(|p| p.bindings.iter().filter(|b| matches!(b, Access::Read | Access::ReadWrite)).count() as u64),
        ),
        max_compute_workgroup_storage_size: shared_bytes.into(),
        max_compute_invocations_per_workgroup: most(
            &mut pipelines().map(|p| p.workgroup.iter().map(|&n| u64::from(n)).product()),
        ),
        max_compute_workgroup_size_x: size(0),
        max_compute_workgroup_size_y: size(1),
        max_compute_workgroup_size_z: size(2),
        max_compute_workgroups_per_dimension: most(&mut steps().flat_map(|step| {
            match step {
                Step::Dispatch { workgroups, .. } => workgroups
                    .iter()
                    .map(|n| match n {
                        Extent::Known(n) => *n,
                        // The portable limit; what is open stays below it.
                        Extent::Open(_) => 65535,
                    })
                    .collect(),
                Step::Island { .. } => Vec::new(),
            }
        })),
    }
}

impl GpuLinked {
    /// Dispatches of one run of the first variant.
    pub(super) fn kernels(&self) -> usize {
        self.variants.first().map_or(0, |v| v.main.iter().filter(|s| matches!(s, Step::Dispatch { .. })).count())
    }

    /// The islands' modules as a package takes them.
    pub(super) fn island_modules(&self) -> Vec<Vec<(Variant, &[u8])>> {
        self.islands.iter().map(|island| island.wasm.modules()).collect()
    }

    /// What is packaged; `modules` are [`GpuLinked::island_modules`].
    pub(super) fn part<'a>(&'a self, modules: &'a [Vec<(Variant, &'a [u8])>]) -> GpuPart<'a> {
        let island = |(island, modules): (&'a IslandLinked, &'a Vec<(Variant, &'a [u8])>)| IslandPart {
            name: island.name.clone(),
            reason: island.reason.clone(),
            operators: island.operators.clone(),
            inputs: &island.inputs,
            outputs: &island.outputs,
            symbols: island.symbols,
            wasm: island.wasm.part(modules),
        };
        GpuPart {
            precision: self.precision,
            features: self.features.clone(),
            limits: self.limits,
            weights: &self.weights,
            buffers: self.buffers.clone(),
            variants: self.variants.clone(),
            islands: self.islands.iter().zip(modules).map(island).collect(),
        }
    }
}
