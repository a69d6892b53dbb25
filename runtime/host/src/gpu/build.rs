//! A program on a device: buffers, pipelines, and what the steps bind, made once.

use crate::{Artifact, HostError};
use std::collections::HashMap;
use weft_artifact::open::Expr;
use weft_artifact::{Access, Buffer, GPU_ALIGN, GpuVariant, Kernels, Pipeline, Role, Step};
use wgpu::{
    BindGroupLayout, BindGroupLayoutDescriptor, BindGroupLayoutEntry, BindingType, BufferBindingType, BufferDescriptor,
    BufferUsages, ComputePipeline, ComputePipelineDescriptor, Device, ErrorFilter, PipelineLayoutDescriptor,
    ShaderModuleDescriptor, ShaderSource, ShaderStages, TextureSampleType, TextureViewDimension,
};

/// Runs `make`, and returns what the device has against it.
pub(super) fn checked<T>(device: &Device, what: &str, make: impl FnOnce() -> T) -> Result<T, HostError> {
    let memory = device.push_error_scope(ErrorFilter::OutOfMemory);
    let validation = device.push_error_scope(ErrorFilter::Validation);
    let made = make();
    let invalid = pollster::block_on(validation.pop());
    let short = pollster::block_on(memory.pop());
    if let Some(source) = short {
        return Err(HostError::GpuMemory { what: what.to_owned(), source: source.into() });
    }
    match invalid {
        Some(source) => Err(HostError::Refused { what: what.to_owned(), source: source.into() }),
        None => Ok(made),
    }
}

/// A buffer of the program; none for an image, which is a texture.
pub(super) fn buffer(device: &Device, buffer: &Buffer) -> Option<wgpu::Buffer> {
    let label = match buffer.role {
        Role::Image => return None,
        Role::Weights => "weights",
        Role::Scratch => "scratch",
        Role::Input => "input",
        Role::Output => "output",
    };
    Some(device.create_buffer(&BufferDescriptor {
        label: Some(label),
        size: buffer.bytes.max(GPU_ALIGN),
        usage: BufferUsages::STORAGE | BufferUsages::COPY_DST | BufferUsages::COPY_SRC,
        mapped_at_creation: false,
    }))
}

/// A buffer that is read here.
pub(super) fn staging(device: &Device, bytes: u64) -> wgpu::Buffer {
    device.create_buffer(&BufferDescriptor {
        label: Some("staging"),
        size: bytes.next_multiple_of(4).max(4),
        usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// A compiled kernel, and how what it binds is laid out.
pub(super) struct Kernel {
    pub(super) pipeline: ComputePipeline,
    pub(super) layout: BindGroupLayout,
}

/// Compiles the kernels of a variant, but those that read frames of videos: only browsers have them.
pub(super) fn kernels(
    artifact: &Artifact,
    device: &Device,
    variant: &GpuVariant,
) -> Result<Vec<Option<Kernel>>, HostError> {
    let Kernels { file, bytes, sha256, .. } = &variant.kernels;
    let path = artifact.path(file);
    let text = String::from_utf8(artifact.file(file, *bytes, sha256)?);
    let text = text.map_err(|_| HostError::Interface { path: path.clone(), what: "text in UTF-8".to_owned() })?;
    let sources: HashMap<&str, &str> = Kernels::split(&text).collect();
    variant
        .pipelines
        .iter()
        .map(|pipeline| {
            if pipeline.bindings.contains(&Access::ExternalTexture) {
                return Ok(None);
            }
            let source = sources.get(pipeline.name.as_str()).ok_or_else(|| HostError::Interface {
                path: path.clone(),
                what: format!("kernel `{}`", pipeline.name),
            })?;
            let what = format!("the kernel `{}` of {}", pipeline.name, path.display());
            checked(device, &what, || kernel(device, pipeline, source)).map(Some)
        })
        .collect()
}

fn kernel(device: &Device, pipeline: &Pipeline, source: &str) -> Kernel {
    let label = Some(pipeline.name.as_str());
    let layout = device.create_bind_group_layout(&BindGroupLayoutDescriptor { label, entries: &entries(pipeline) });
    let pipeline_layout = device.create_pipeline_layout(&PipelineLayoutDescriptor {
        label,
        bind_group_layouts: &[Some(&layout)],
        immediate_size: 0,
    });
    let source = ShaderSource::Wgsl(without_subgroups(source).into());
    let module = device.create_shader_module(ShaderModuleDescriptor { label, source });
    let pipeline = device.create_compute_pipeline(&ComputePipelineDescriptor {
        label,
        layout: Some(&pipeline_layout),
        module: &module,
        entry_point: None,
        compilation_options: Default::default(),
        cache: None,
    });
    Kernel { pipeline, layout }
}

/// WGSL without the directive that enables subgroups: wgpu knows the operations, and enables them by the device's feature, but not
/// the directive.
fn without_subgroups(source: &str) -> String {
    let line = |line: &str| {
        let Some(list) = line.trim().strip_prefix("enable ").and_then(|l| l.strip_suffix(';')) else {
            return Some(line.to_owned());
        };
        let kept: Vec<_> = list.split(',').map(str::trim).filter(|&name| name != "subgroups").collect();
        // An empty line in its place keeps the numbers of the others in messages.
        Some(if kept.is_empty() { String::new() } else { format!("enable {};", kept.join(", ")) })
    };
    source.lines().filter_map(line).collect::<Vec<_>>().join("\n")
}

fn entries(pipeline: &Pipeline) -> Vec<BindGroupLayoutEntry> {
    let storage = |read_only| buffer_type(BufferBindingType::Storage { read_only });
    let types = pipeline.bindings.iter().map(|access| match access {
        Access::Read => storage(true),
        Access::ReadWrite => storage(false),
        Access::Texture | Access::ExternalTexture => BindingType::Texture {
            sample_type: TextureSampleType::Float { filterable: false },
            view_dimension: TextureViewDimension::D2,
            multisampled: false,
        },
    });
    let uniform = (pipeline.uniform > 0).then(|| buffer_type(BufferBindingType::Uniform));
    types
        .chain(uniform)
        .enumerate()
        .map(|(i, ty)| BindGroupLayoutEntry { binding: i as u32, visibility: ShaderStages::COMPUTE, ty, count: None })
        .collect()
}

fn buffer_type(ty: BufferBindingType) -> BindingType {
    BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None }
}

/// The open dims' values that kernels take: one uniform buffer, with a part for each list of expressions.
pub(super) struct Uniforms {
    parts: Vec<Vec<Expr>>,
    pub(super) buffer: Option<wgpu::Buffer>,
}

impl Uniforms {
    pub(super) fn new(device: &Device, variant: &GpuVariant) -> Self {
        let mut parts: Vec<Vec<Expr>> = Vec::new();
        for step in variant.init.iter().chain(&variant.main) {
            if let Step::Dispatch { symbols, .. } = step
                && !symbols.is_empty()
                && !parts.contains(symbols)
            {
                parts.push(symbols.clone());
            }
        }
        let buffer = (!parts.is_empty()).then(|| {
            device.create_buffer(&BufferDescriptor {
                label: Some("symbols"),
                size: parts.len() as u64 * GPU_ALIGN,
                usage: BufferUsages::UNIFORM | BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        });
        Uniforms { parts, buffer }
    }

    /// Where a step's part is.
    pub(super) fn at(&self, symbols: &[Expr]) -> u64 {
        self.parts.iter().position(|part| part == symbols).unwrap_or_default() as u64 * GPU_ALIGN
    }

    /// What the buffer holds.
    pub(super) fn content(&self, values: &[u64]) -> Vec<u8> {
        let mut content = vec![0; self.parts.len() * GPU_ALIGN as usize];
        for (part, room) in self.parts.iter().zip(content.chunks_exact_mut(GPU_ALIGN as usize)) {
            for (expr, word) in part.iter().zip(room.chunks_exact_mut(4)) {
                word.copy_from_slice(&(expr.at(values) as i32).to_le_bytes());
            }
        }
        content
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_the_directive_for_subgroups_goes() {
        let text = "enable subgroups;\nenable f16, subgroups;\nenable f16;\nfn f() {}";
        assert_eq!(super::without_subgroups(text), "\nenable f16;\nenable f16;\nfn f() {}");
    }
}
