//! Finding an adapter that can run the model: what it needs is known beforehand, and checked before a device is asked for.

use super::{GpuInfo, GpuOptions};
use crate::{Artifact, HostError};
use std::sync::{Arc, Mutex};
use weft_artifact::{GpuProgram, GpuVariant, Limits};
use wgpu::{Adapter, Backends, DeviceType, Features, Instance, InstanceDescriptor};

/// A device, and what of the model it runs.
pub(super) struct Acquired {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    /// Why the device was lost, once it is.
    pub(super) lost: Arc<Mutex<Option<String>>>,
    pub(super) program: GpuProgram,
    pub(super) variant: GpuVariant,
    pub(super) info: GpuInfo,
}

pub(super) fn acquire(artifact: &Artifact, options: &GpuOptions) -> Result<Acquired, HostError> {
    let manifest = artifact.manifest();
    let programs: Vec<&GpuProgram> =
        manifest.webgpu.iter().filter(|p| options.precision.is_none_or(|wanted| wanted == p.precision)).collect();
    if programs.is_empty() {
        let devices: Vec<_> = manifest.devices.iter().map(|device| device.name()).collect();
        let precisions: Vec<_> = manifest.webgpu.iter().map(|p| p.precision.name()).collect();
        let available = if precisions.is_empty() { devices.join(", ") } else { precisions.join(", ") };
        return Err(HostError::NoKernels { model: manifest.model.clone(), available });
    }
    let adapter = find(options)?;
    let name = describe(&adapter);
    let (program, variant) = choose(&manifest.model, &programs, &adapter, &name)?;
    let used: Vec<String> = program.features.iter().chain(&variant.features).cloned().collect();
    let required = used.iter().filter_map(|f| feature(f)).fold(Features::empty(), |all, f| all | f);
    let descriptor = wgpu::DeviceDescriptor {
        label: Some(&manifest.model),
        required_features: required,
        required_limits: adapter.limits(),
        ..Default::default()
    };
    let (device, queue) = pollster::block_on(adapter.request_device(&descriptor))
        .map_err(|source| HostError::NoDevice { adapter: name.clone(), source: source.into() })?;
    let lost = Arc::new(Mutex::new(None));
    let note = Arc::clone(&lost);
    device.set_device_lost_callback(move |reason, message| {
        if let Ok(mut note) = note.lock() {
            note.get_or_insert(if message.is_empty() { format!("{reason:?}") } else { message });
        }
    });
    let islands = program.islands.iter().map(|i| (i.name.clone(), i.reason.clone())).collect();
    let info = GpuInfo { adapter: name, precision: program.precision, features: used, islands };
    Ok(Acquired { device, queue, lost, program: program.clone(), variant: variant.clone(), info })
}

/// `llvmpipe (LLVM 19.1.7, 256 bits), llvmpipe, Vulkan`
fn describe(adapter: &Adapter) -> String {
    let info = adapter.get_info();
    let words = [info.name, info.driver, format!("{:?}", info.backend)];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

fn find(options: &GpuOptions) -> Result<Adapter, HostError> {
    let instance = Instance::new(InstanceDescriptor::new_without_display_handle_from_env());
    let mut all = pollster::block_on(instance.enumerate_adapters(Backends::all()));
    all.sort_by_key(|adapter| match adapter.get_info().device_type {
        DeviceType::DiscreteGpu => 0,
        DeviceType::IntegratedGpu => 1,
        DeviceType::VirtualGpu => 2,
        DeviceType::Other => 3,
        DeviceType::Cpu => 4,
    });
    let names: Vec<String> = all.iter().map(describe).collect();
    let wanted = options.adapter.as_deref().unwrap_or_default().to_lowercase();
    match all.into_iter().zip(&names).find(|(_, name)| name.to_lowercase().contains(&wanted)) {
        Some((adapter, _)) => Ok(adapter),
        None => Err(HostError::NoAdapter { wanted: options.adapter.clone(), found: names }),
    }
}

/// The first program that the adapter can run, in its best variant.
fn choose<'p>(
    model: &str,
    programs: &[&'p GpuProgram],
    adapter: &Adapter,
    name: &str,
) -> Result<(&'p GpuProgram, &'p GpuVariant), HostError> {
    let has = |f: &str| feature(f).is_some_and(|f| adapter.features().contains(f));
    let mut problem = None;
    for program in programs {
        let Some(variant) = program.variant(has) else {
            let last = program.variants.last().map(|v| &v.features);
            let lacking = program.features.iter().chain(last.into_iter().flatten()).find(|f| !has(f));
            problem = Some(HostError::Feature {
                model: model.to_owned(),
                feature: lacking.cloned().unwrap_or_default(),
                adapter: name.to_owned(),
            });
            continue;
        };
        let limits = limits_of(&adapter.limits());
        let small = program.limits.list().into_iter().zip(limits.list()).find(|(need, has)| need.1 > has.1);
        match small {
            None => return Ok((program, variant)),
            Some(((limit, needed), (_, has))) => {
                let (model, adapter) = (model.to_owned(), name.to_owned());
                problem = Some(HostError::Limit { model, limit, needed, has, adapter });
            }
        }
    }
    Err(problem.unwrap_or_else(|| HostError::NoKernels { model: model.to_owned(), available: "none".to_owned() }))
}

/// A feature by WebGPU's name; `None` if wgpu doesn't know it.
fn feature(name: &str) -> Option<Features> {
    match name {
        "shader-f16" => Some(Features::SHADER_F16),
        "subgroups" => Some(Features::SUBGROUP),
        _ => None,
    }
}

fn limits_of(limits: &wgpu::Limits) -> Limits {
    Limits {
        max_buffer_size: limits.max_buffer_size,
        max_storage_buffer_binding_size: limits.max_storage_buffer_binding_size,
        max_storage_buffers_per_shader_stage: limits.max_storage_buffers_per_shader_stage.into(),
        max_compute_workgroup_storage_size: limits.max_compute_workgroup_storage_size.into(),
        max_compute_invocations_per_workgroup: limits.max_compute_invocations_per_workgroup.into(),
        max_compute_workgroup_size_x: limits.max_compute_workgroup_size_x.into(),
        max_compute_workgroup_size_y: limits.max_compute_workgroup_size_y.into(),
        max_compute_workgroup_size_z: limits.max_compute_workgroup_size_z.into(),
        max_compute_workgroups_per_dimension: limits.max_compute_workgroups_per_dimension.into(),
    }
}
