//! What every device offers: naga checks types, not sizes.

use super::kernel::Kernel;
use super::views::Space;
use weft_dialects::ir::{Op, OpError};

/// How much a kernel may use. The default is what a WebGPU device has without asking for more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Storage buffers of a kernel (`maxStorageBuffersPerShaderStage`).
    pub storage_buffers: usize,
    /// Bytes of workgroup memory (`maxComputeWorkgroupStorageSize`).
    pub workgroup_bytes: u32,
    /// Invocations of a workgroup (`maxComputeInvocationsPerWorkgroup`).
    pub invocations: i64,
    /// The same along x, y and z (`maxComputeWorkgroupSizeX`, ...).
    pub workgroup: [i64; 3],
}

impl Default for Limits {
    fn default() -> Self {
        Self { storage_buffers: 8, workgroup_bytes: 16384, invocations: 256, workgroup: [256, 256, 64] }
    }
}

impl Limits {
    /// Says what a kernel uses too much of.
    pub(super) fn check<'c>(&self, func: Op<'c>, kernel: &Kernel<'c>) -> Vec<OpError> {
        let mut out = Vec::new();
        let mut say = |message: String| out.push(OpError::new(func, message));
        let buffers = kernel.memory.buffers.iter().filter(|b| b.space == Space::Storage).count();
        if buffers > self.storage_buffers {
            say(format!("takes {buffers} buffers; a kernel can have {} of them", self.storage_buffers));
        }
        let bytes = workgroup_bytes(kernel);
        if bytes > self.workgroup_bytes {
            say(format!("takes {bytes} bytes of workgroup memory; there are {}", self.workgroup_bytes));
        }
        let [x, y, z] = kernel.block;
        if x * y * z > self.invocations {
            say(format!("has workgroups of {x} x {y} x {z} invocations; there can be {}", self.invocations));
        }
        for (name, (size, most)) in ["x", "y", "z"].iter().zip(kernel.block.iter().zip(&self.workgroup)) {
            if size > most {
                say(format!("has {size} invocations along {name}; there can be {most}"));
            }
        }
        out
    }
}

/// Workgroup memory, each variable at a multiple of 16 bytes, as WebGPU counts it.
pub(super) fn workgroup_bytes(kernel: &Kernel<'_>) -> u32 {
    let shared = kernel.memory.buffers.iter().filter(|b| b.space == Space::Workgroup);
    let bytes: i64 = shared.map(|b| (b.elements.max(1) * kernel.held_bytes(b.elem) + 15) / 16 * 16).sum();
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
