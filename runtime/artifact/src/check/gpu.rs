//! GPU programs: numbers that lead somewhere, bindings inside their buffers and as WebGPU takes them, limits that suffice.

use super::{Problem, plain_name, problem, sha256, tensors, wasm};
use crate::open::{Atom, Expr, Extent};
use crate::{
    Access, Binding, GPU_ALIGN, GpuProgram, GpuVariant, Island, Limits, Manifest, Pipeline, Role, Step, TensorSpec,
};
use std::collections::HashSet;

/// Checks a program of this model; `at` is its field, `states` are pairs of an output and the input whose buffer it has.
pub(super) fn check(
    at: &str,
    program: &GpuProgram,
    model: &Manifest,
    states: &[(usize, usize)],
) -> Result<(), Problem> {
    buffers(at, program, model, states)?;
    for (i, island) in program.islands.iter().enumerate() {
        let at = format!("{at}.islands[{i}]");
        tensors(&format!("{at}.inputs"), &island.inputs)?;
        tensors(&format!("{at}.outputs"), &island.outputs)?;
        wasm::check(&format!("{at}.wasm"), &island.wasm, &island.inputs, &island.outputs, &[])?;
    }
    if program.variants.is_empty() {
        return problem(format!("{at}.variants"), "there must be at least one");
    }
    for (i, variant) in program.variants.iter().enumerate() {
        let at = format!("{at}.variants[{i}]");
        let same = |other: &GpuVariant| {
            other.features.iter().collect::<HashSet<_>>() == variant.features.iter().collect::<HashSet<_>>()
        };
        if program.variants[..i].iter().any(same) {
            return problem(format!("{at}.features"), "a variant before has the same");
        }
        plain_name(&variant.kernels.file).or_else(|p| problem(format!("{at}.kernels.file"), p))?;
        sha256(&variant.kernels.sha256).or_else(|p| problem(format!("{at}.kernels.sha256"), p))?;
        pipelines(&at, variant, &program.limits)?;
        let largest = model.open.iter().flat_map(|open| &open.symbols).map(|s| s.max).collect();
        let scope = Scope { program, variant, largest };
        for (list, steps) in [("init", &variant.init), ("main", &variant.main)] {
            for (i, step) in steps.iter().enumerate() {
                scope.step(&format!("{at}.{list}[{i}]"), step)?;
            }
        }
    }
    Ok(())
}

fn buffers(at: &str, program: &GpuProgram, model: &Manifest, states: &[(usize, usize)]) -> Result<(), Problem> {
    let mut seen = HashSet::new();
    for (i, buffer) in program.buffers.iter().enumerate() {
        let at = format!("{at}.buffers[{i}]");
        let image = buffer.role == Role::Image;
        if image != (buffer.bytes == 0) || !buffer.bytes.is_multiple_of(GPU_ALIGN) {
            return problem(format!("{at}.bytes"), format!("{} is no multiple of {GPU_ALIGN}", buffer.bytes));
        }
        let limit = program.limits.max_buffer_size;
        if buffer.bytes > limit {
            return problem(format!("{at}.bytes"), format!("{} is more than maxBufferSize, {limit}", buffer.bytes));
        }
        let spec = match (buffer.role, buffer.index) {
            (Role::Weights | Role::Scratch, None) => None,
            (Role::Input | Role::Image, Some(i)) if i < model.inputs.len() => Some(&model.inputs[i]),
            (Role::Output, Some(i)) if i < model.outputs.len() && states.iter().all(|s| s.0 != i) => {
                Some(&model.outputs[i])
            }
            _ => return problem(format!("{at}.index"), "it is no tensor of the buffer's role"),
        };
        if spec.is_some_and(|spec| !image && spec.bytes().is_none_or(|bytes| bytes > buffer.bytes)) {
            let spec = spec.map(ToString::to_string).unwrap_or_default();
            return problem(format!("{at}.bytes"), format!("{} don't hold {spec}", buffer.bytes));
        }
        let role = if image { Role::Input } else { buffer.role };
        if role != Role::Scratch && !seen.insert((role, buffer.index)) {
            return problem(at, "a buffer before is for the same");
        }
    }
    let all = |n: usize, find: &dyn Fn(usize) -> Option<usize>| (0..n).find(|&i| find(i).is_none());
    if let Some(i) = all(model.inputs.len(), &|i| program.input_buffer(i)) {
        return problem(format!("{at}.buffers"), format!("there is none for inputs[{i}]"));
    }
    if let Some(i) = all(model.outputs.len(), &|i| program.output_buffer(i, states)) {
        return problem(format!("{at}.buffers"), format!("there is none for outputs[{i}]"));
    }
    let room = program.weights_buffer().map_or(0, |i| program.buffers[i].bytes);
    if let Some(weights) = &program.weights {
        plain_name(&weights.file).or_else(|p| problem(format!("{at}.weights.file"), p))?;
        sha256(&weights.sha256).or_else(|p| problem(format!("{at}.weights.sha256"), p))?;
        if weights.bytes > room || !weights.bytes.is_multiple_of(4) {
            let what = format!("{} are no multiple of 4, or don't fit their buffer, {room}", weights.bytes);
            return problem(format!("{at}.weights.bytes"), what);
        }
    } else if room > 0 {
        return problem(format!("{at}.weights"), "there is a buffer for them, but no file");
    }
    Ok(())
}

fn pipelines(at: &str, variant: &GpuVariant, limits: &Limits) -> Result<(), Problem> {
    let mut seen = HashSet::new();
    for (i, Pipeline { name, workgroup, bindings, .. }) in variant.pipelines.iter().enumerate() {
        let at = format!("{at}.pipelines[{i}]");
        if name.is_empty() || name.contains(['\n', '\r']) || !seen.insert(name) {
            return problem(format!("{at}.name"), format!("`{name}` is no name, or there twice"));
        }
        let [x, y, z] = workgroup.map(u64::from);
        let sizes = [
            (x, limits.max_compute_workgroup_size_x, "maxComputeWorkgroupSizeX"),
            (y, limits.max_compute_workgroup_size_y, "maxComputeWorkgroupSizeY"),
            (z, limits.max_compute_workgroup_size_z, "maxComputeWorkgroupSizeZ"),
            (
                x.saturating_mul(y).saturating_mul(z),
                limits.max_compute_invocations_per_workgroup,
                "maxComputeInvocationsPerWorkgroup",
            ),
        ];
        for (n, limit, limit_name) in sizes {
            if n == 0 || n > limit {
                return problem(format!("{at}.workgroup"), format!("{n} is 0 or more than {limit_name}, {limit}"));
            }
        }
        let storage = bindings.iter().filter(|a| matches!(a, Access::Read | Access::ReadWrite)).count() as u64;
        let limit = limits.max_storage_buffers_per_shader_stage;
        if storage > limit {
            let what = format!("{storage} are more than maxStorageBuffersPerShaderStage, {limit}");
            return problem(format!("{at}.bindings"), what);
        }
    }
    Ok(())
}

/// What a step's numbers refer to.
struct Scope<'a> {
    program: &'a GpuProgram,
    variant: &'a GpuVariant,
    /// The open dims' largest values.
    largest: Vec<u64>,
}

impl Scope<'_> {
    fn step(&self, at: &str, step: &Step) -> Result<(), Problem> {
        match step {
            Step::Dispatch { pipeline, external, workgroups, bindings, symbols } => {
                let numbers = [("pipeline", Some(*pipeline)), ("external", *external)];
                for (field, number) in numbers.into_iter().filter_map(|(field, n)| Some((field, n?))) {
                    let Some(pipeline) = self.variant.pipelines.get(number) else {
                        return problem(format!("{at}.{field}"), format!("there is no pipeline {number}"));
                    };
                    self.dispatch(at, pipeline, bindings, symbols.len())?;
                }
                for (i, extent) in workgroups.iter().enumerate() {
                    let at = format!("{at}.workgroups[{i}]");
                    if let Extent::Open(expr) = extent {
                        self.expr(&at, expr)?;
                    }
                    let (n, limit) =
                        (extent.at(&self.largest), self.program.limits.max_compute_workgroups_per_dimension);
                    if n > limit {
                        return problem(at, format!("{n} is more than maxComputeWorkgroupsPerDimension, {limit}"));
                    }
                }
                self.exprs(at, symbols)
            }
            Step::Island { island, inputs, outputs, symbols } => {
                let Some(Island { inputs: ins, outputs: outs, .. }) = self.program.islands.get(*island) else {
                    return problem(format!("{at}.island"), format!("there is no island {island}"));
                };
                self.tensors(&format!("{at}.inputs"), inputs, ins)?;
                self.tensors(&format!("{at}.outputs"), outputs, outs)?;
                self.exprs(at, symbols)
            }
        }
    }

    fn dispatch(&self, at: &str, pipeline: &Pipeline, bindings: &[Binding], uniform: usize) -> Result<(), Problem> {
        if bindings.len() != pipeline.bindings.len() || uniform != pipeline.uniform {
            let (found, wanted) = (bindings.len(), pipeline.bindings.len());
            let symbols = format!("{uniform} symbols, not {}", pipeline.uniform);
            return problem(at, format!("`{}` gets {found} bindings, not {wanted}, or {symbols}", pipeline.name));
        }
        for (i, (binding, access)) in bindings.iter().zip(&pipeline.bindings).enumerate() {
            let at = format!("{at}.bindings[{i}]");
            let image = matches!(access, Access::Texture | Access::ExternalTexture);
            self.binding(&at, *binding, image)?;
            let limit = self.program.limits.max_storage_buffer_binding_size;
            if binding.bytes > limit {
                let what = format!("{} bytes are more than maxStorageBufferBindingSize, {limit}", binding.bytes);
                return problem(at, what);
            }
            let writes = *access == Access::ReadWrite;
            if writes && self.program.buffers[binding.buffer].role == Role::Weights {
                return problem(at, "the weights are written");
            }
            // WebGPU takes no buffer that one dispatch both reads and writes, nor two bindings that are written where they overlap.
            for (other, used) in bindings[..i].iter().zip(&pipeline.bindings) {
                let overlap =
                    other.offset < binding.offset + binding.bytes && binding.offset < other.offset + other.bytes;
                if other.buffer == binding.buffer && (used != access || writes && overlap) {
                    return problem(at, format!("buffer {} is bound before, and written", binding.buffer));
                }
            }
        }
        Ok(())
    }

    fn tensors(&self, list: &str, bindings: &[Binding], specs: &[TensorSpec]) -> Result<(), Problem> {
        if bindings.len() != specs.len() {
            return problem(list, format!("there are {}, but {} tensors", bindings.len(), specs.len()));
        }
        for (i, (binding, spec)) in bindings.iter().zip(specs).enumerate() {
            self.binding(&format!("{list}[{i}]"), *binding, false)?;
            if spec.bytes().is_none_or(|bytes| bytes > binding.bytes) {
                return problem(format!("{list}[{i}]"), format!("{} bytes don't hold {spec}", binding.bytes));
            }
        }
        Ok(())
    }

    fn binding(&self, at: &str, Binding { buffer, offset, bytes }: Binding, image: bool) -> Result<(), Problem> {
        let Some(found) = self.program.buffers.get(buffer) else {
            return problem(at, format!("there is no buffer {buffer}"));
        };
        if image != (found.role == Role::Image) {
            return problem(at, format!("buffer {buffer} is one, and the binding another, of an image and a buffer"));
        }
        if image && (offset, bytes) == (0, 0) {
            return Ok(());
        }
        if !offset.is_multiple_of(GPU_ALIGN) || !bytes.is_multiple_of(4) || bytes == 0 {
            return problem(at, format!("{bytes} bytes at {offset} are not aligned"));
        }
        match offset.checked_add(bytes) {
            Some(end) if end <= found.bytes => Ok(()),
            _ => {
                problem(at, format!("{bytes} bytes at {offset} are not in buffer {buffer}, which has {}", found.bytes))
            }
        }
    }

    fn exprs(&self, at: &str, exprs: &[Expr]) -> Result<(), Problem> {
        exprs.iter().enumerate().try_for_each(|(i, e)| self.expr(&format!("{at}.symbols[{i}]"), e))
    }

    fn expr(&self, at: &str, expr: &Expr) -> Result<(), Problem> {
        for term in &expr.terms {
            match &term.atom {
                Atom::Symbol(i) if *i < self.largest.len() => {}
                Atom::Symbol(i) => return problem(at, format!("there is no open dim {i}")),
                Atom::Floor { by, .. } if *by <= 0 => return problem(at, format!("it divides by {by}")),
                Atom::Floor { of, .. } => self.expr(at, of)?,
            }
        }
        Ok(())
    }
}
