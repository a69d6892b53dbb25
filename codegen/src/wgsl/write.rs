//! The end: naga's module is cleaned, validated and written.

use super::kernel::Kernel;
use super::limits::workgroup_bytes;
use super::views::{Buffer, Space};
use super::{Access, ENTRY_POINT, EmitError, EmittedKernel};
use naga::back::wgsl::WriterFlags;
use naga::compact::{KeepUnused, compact};
use naga::valid::{Capabilities, ValidationFlags, Validator};
use naga::{EntryPoint, Scalar, ShaderStage};
use std::collections::BTreeSet;

/// What shaders may use of naga's IR: nothing that WebGPU hasn't.
fn capabilities() -> Capabilities {
    Capabilities::SHADER_FLOAT16
        | Capabilities::SHADER_FLOAT16_IN_FLOAT32
        | Capabilities::SUBGROUP
        | Capabilities::TEXTURE_EXTERNAL
}

/// Checks and writes a translated kernel.
pub(super) fn finish(kernel: Kernel<'_>, name: String) -> Result<EmittedKernel, EmitError> {
    let block = if kernel.flat { [kernel.block.iter().product(), 1, 1] } else { kernel.block };
    let workgroup = block.map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    let workgroup_bytes = workgroup_bytes(&kernel);
    let access = |b: &Buffer<'_>| match b.space {
        Space::Storage if b.stored => Some(Access::ReadWrite),
        Space::Storage => Some(Access::Read),
        Space::Texture if kernel.external => Some(Access::ExternalTexture),
        Space::Texture => Some(Access::Texture),
        Space::Workgroup | Space::Private => None,
    };
    let bindings = kernel.memory.buffers.iter().filter_map(access).collect();
    let uniform = kernel.uniform;
    let uses_subgroups = kernel.uses_subgroups;
    let mut module = kernel.b.module;
    module.entry_points.push(EntryPoint {
        name: ENTRY_POINT.to_owned(),
        stage: ShaderStage::Compute,
        early_depth_test: None,
        workgroup_size: workgroup,
        workgroup_size_overrides: None,
        function: kernel.b.function,
        mesh_info: None,
        task_payload: None,
        incoming_ray_payload: None,
    });
    compact(&mut module, KeepUnused::Yes);
    let mut features = BTreeSet::new();
    if module.types.iter().any(|(_, t)| t.inner.scalar() == Some(Scalar::F16)) {
        features.insert("shader-f16");
    }
    if uses_subgroups {
        features.insert("subgroups");
    }
    let invalid = |message: String| EmitError::Invalid { kernel: name.clone(), message };
    let mut validator = Validator::new(ValidationFlags::all(), capabilities());
    let info = validator.validate(&module).map_err(|e| invalid(chain(&e.into_inner())))?;
    let text = naga::back::wgsl::write_string(&module, &info, WriterFlags::empty()).map_err(|e| invalid(chain(&e)))?;
    // naga writes no line for subgroups.
    let enable = if features.contains("subgroups") { "enable subgroups;\n" } else { "" };
    let wgsl = format!("{enable}{text}");
    Ok(EmittedKernel { name, wgsl, workgroup, bindings, uniform, external_of: None, features, workgroup_bytes, module })
}

/// An error with its causes.
fn chain(e: &dyn std::error::Error) -> String {
    let mut out = e.to_string();
    let mut source = e.source();
    while let Some(e) = source {
        out.push_str(": ");
        out.push_str(&e.to_string());
        source = e.source();
    }
    out
}
