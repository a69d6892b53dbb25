//! What the target offers: naga checks types, not sizes.

use super::kernel::Kernel;
use super::views::Space;
use weft_dialects::ir::{Op, OpError};
use weft_passes::target::Target;

/// The most invocations of a workgroup along x, y and z (`maxComputeWorkgroupSizeX`, ...): WebGPU's defaults.
const ALONG: [i64; 3] = [256, 256, 64];

/// Says what a kernel uses too much of.
pub(super) fn check<'c>(func: Op<'c>, kernel: &Kernel<'c>, target: &Target) -> Vec<OpError> {
    let mut out = Vec::new();
    let mut say = |message: String| out.push(OpError::new(func, message));
    let buffers = kernel.memory.buffers.iter().filter(|b| b.space == Space::Storage).count();
    if buffers > target.storage_buffers {
        say(format!("takes {buffers} buffers; a kernel can have {} of them", target.storage_buffers));
    }
    let bytes = workgroup_bytes(kernel);
    if i64::from(bytes) > target.workgroup_bytes {
        say(format!("takes {bytes} bytes of workgroup memory; there are {}", target.workgroup_bytes));
    }
    let [x, y, z] = kernel.block;
    if x * y * z > target.workgroup_invocations {
        say(format!("has workgroups of {x} x {y} x {z} invocations; there can be {}", target.workgroup_invocations));
    }
    for (name, (size, most)) in ["x", "y", "z"].iter().zip(kernel.block.iter().zip(ALONG)) {
        if *size > most {
            say(format!("has {size} invocations along {name}; there can be {most}"));
        }
    }
    if kernel.uses_subgroups && !target.subgroups {
        say(format!("uses subgroup operations, which the target '{}' hasn't", target.name));
    }
    out
}

/// Workgroup memory, each variable at a multiple of 16 bytes, as WebGPU counts it.
pub(super) fn workgroup_bytes(kernel: &Kernel<'_>) -> u32 {
    let shared = kernel.memory.buffers.iter().filter(|b| b.space == Space::Workgroup);
    let bytes: i64 = shared.map(|b| (b.elements.max(1) * kernel.held_bytes(b.elem) + 15) / 16 * 16).sum();
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
