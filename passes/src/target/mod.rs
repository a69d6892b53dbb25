//! The target model: what layout, fusion, planning and scheduling ask instead of naming a target.
//!
//! A *device* is what an artifact is compiled for; the graph forks by device after legalisation (`weft.device` on the
//! module). A *target* is one set of instructions of a device: targets of a device share packing and plan, and fork after
//! planning (`weft.target` on the nested modules).

pub mod winograd;

use std::fmt;
use std::str::FromStr;
use weft_dialects::ir::{Op, OpExt};

/// What an artifact is compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Device {
    /// A processor, by WebAssembly SIMD.
    Wasm,
    /// A graphics processor, by WGSL, in f32.
    WebGpu,
    /// The same with f16 storage.
    WebGpuF16,
}

impl Device {
    /// All devices.
    pub const ALL: [Device; 3] = [Device::Wasm, Device::WebGpu, Device::WebGpuF16];

    /// The name in `weft.device` and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Device::Wasm => "wasm",
            Device::WebGpu => "webgpu",
            Device::WebGpuF16 => "webgpu-f16",
        }
    }

    /// The device of a module; Wasm if it doesn't say.
    pub fn of(module: Op<'_>) -> Device {
        module.string("weft.device").and_then(|name| name.parse().ok()).unwrap_or(Device::Wasm)
    }

    /// Its targets, the best first.
    pub fn targets(self) -> impl Iterator<Item = &'static Target> {
        TARGETS.into_iter().filter(move |t| t.device == self)
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Device {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        Device::ALL.into_iter().find(|d| d.name() == s).ok_or_else(|| {
            let names: Vec<_> = Device::ALL.iter().map(|d| d.name()).collect();
            format!("no device '{s}'; the devices are {}", names.join(", "))
        })
    }
}

/// How a kernel's work is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    /// A thread runs the units `[begin, end)` of the outermost loop, in vectors.
    Vectors,
    /// A grid of workgroups of invocations.
    Workgroups,
}

/// What a target can do, and how kernels should be shaped for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its name in `weft.target`.
    pub name: &'static str,
    /// Whose it is.
    pub device: Device,
    /// How kernels run.
    pub execution: Execution,
    /// f32 lanes of a vector.
    pub vector_lanes: i64,
    /// Vectors that may be live in a loop before they are spilled.
    pub vector_registers: i64,
    /// Whether a contracted product-sum is one instruction.
    pub fma: bool,
    /// Whether sums of floats are computed as they are written. WGSL's compilers may reorder them, and some do.
    pub sums_as_written: bool,
    /// Columns of a weight panel; 0 if kernels read weights row by row as they lie: neighbouring invocations then read
    /// neighbouring columns, which is what memory is fast at. Common to all targets of a device, so that they share one packing.
    pub panel: i64,
    /// Alignment of planned buffers, bytes.
    pub buffer_align: i64,
    /// Bytes of one binding that every device of this kind has.
    pub common_binding: i64,
    /// The most bytes of one binding that an artifact may ask a device for.
    pub max_binding: i64,
    /// L2 bytes that a GEMM's left side may fill before its rows are blocked.
    pub l2_bytes: i64,
    /// L1 bytes, which a panel of the right side should leave room in.
    pub l1_bytes: i64,
    /// Buffers that a kernel may take, its result included.
    pub storage_buffers: usize,
    /// Whether no kernel may write a buffer that it also reads, in whichever part, so that there are several arenas.
    pub exclusive_buffers: bool,
    /// Invocations of a workgroup, at most.
    pub workgroup_invocations: i64,
    /// Bytes of memory that a workgroup shares.
    pub workgroup_bytes: i64,
    /// Whether invocations of a subgroup can combine values without memory.
    pub subgroups: bool,
    /// Steps that one invocation may take one after the other, in kernels that can't be spread, before a processor is to run them.
    pub serial_steps: i64,
    /// Whether values between kernels are stored in f16.
    pub half_storage: bool,
    /// Whether 3x3 convolutions may be Winograd's.
    pub winograd: bool,
    /// Ops of `math` that need no expansion beyond those that none does.
    pub native_math: &'static [&'static str],
}

/// What WGSL has in an accuracy that serves: exp to 3 + 2|x| ulp, log to 3 ulp or 2^-21. Its sin and cos promise 2^-11 between -pi and
/// pi, its pow is made of exp2 and log2 without a care for negative bases: those are expanded.
const WGSL_MATH: &[&str] = &[
    "math.exp",
    "math.exp2",
    "math.log",
    "math.log2",
    "math.tanh",
    "math.rsqrt",
    "math.fma",
    "math.ctlz",
    "math.cttz",
    "math.ctpop",
];

/// Wasm with relaxed SIMD. Measured on V8: 15 vectors are usable; 12 accumulators, 2 of B and one splat make 6x8.
pub const WASM_RELAXED: Target = Target {
    name: "wasm-relaxed",
    device: Device::Wasm,
    execution: Execution::Vectors,
    vector_lanes: 4,
    vector_registers: 15,
    fma: true,
    sums_as_written: true,
    panel: 8,
    buffer_align: 64,
    common_binding: i64::MAX,
    max_binding: i64::MAX,
    l2_bytes: 512 * 1024,
    l1_bytes: 32 * 1024,
    storage_buffers: usize::MAX,
    exclusive_buffers: false,
    workgroup_invocations: 1,
    workgroup_bytes: 0,
    subgroups: false,
    serial_steps: i64::MAX,
    half_storage: false,
    winograd: true,
    native_math: &[],
};

/// Wasm with plain SIMD: the product needs a register of its own, so tiles have a row less.
pub const WASM_SIMD: Target = Target { name: "wasm-simd", fma: false, ..WASM_RELAXED };

/// WebGPU with its default limits: 8 storage buffers a stage, 256 invocations and 16 KiB of shared memory a workgroup, and
/// bindings at multiples of 256 bytes.
pub const WEBGPU: Target = Target {
    name: "webgpu",
    device: Device::WebGpu,
    execution: Execution::Workgroups,
    vector_lanes: 4,
    vector_registers: 40,
    fma: true,
    sums_as_written: false,
    panel: 0,
    buffer_align: 256,
    common_binding: 128 << 20,
    max_binding: (2 << 30) - 4,
    l2_bytes: 4 * 1024 * 1024,
    l1_bytes: 16 * 1024,
    storage_buffers: 8,
    exclusive_buffers: true,
    workgroup_invocations: 256,
    workgroup_bytes: 16 * 1024,
    subgroups: false,
    serial_steps: 1 << 18,
    half_storage: false,
    winograd: false,
    native_math: WGSL_MATH,
};

/// The same where the adapter has subgroups.
pub const WEBGPU_SUBGROUPS: Target = Target { name: "webgpu-subgroups", subgroups: true, ..WEBGPU };

/// WebGPU with f16 storage, where the adapter has `shader-f16`.
pub const WEBGPU_F16: Target = Target { name: "webgpu-f16", device: Device::WebGpuF16, half_storage: true, ..WEBGPU };

/// The same where the adapter has subgroups.
pub const WEBGPU_F16_SUBGROUPS: Target = Target { name: "webgpu-f16-subgroups", subgroups: true, ..WEBGPU_F16 };

/// All targets; those of a device one after the other, the best first.
pub const TARGETS: [&Target; 6] =
    [&WASM_RELAXED, &WASM_SIMD, &WEBGPU_SUBGROUPS, &WEBGPU, &WEBGPU_F16_SUBGROUPS, &WEBGPU_F16];

impl Target {
    /// By name.
    pub fn find(name: &str) -> Option<&'static Target> {
        TARGETS.into_iter().find(|t| t.name == name)
    }

    /// The target of a module (`weft.target`); before the fork, what all targets of its device share.
    pub fn of(module: Op<'_>) -> &'static Target {
        let named = module.string("weft.target").and_then(|n| Target::find(&n));
        named.unwrap_or_else(|| match Device::of(module) {
            Device::Wasm => &WASM_RELAXED,
            Device::WebGpu => &WEBGPU,
            Device::WebGpuF16 => &WEBGPU_F16,
        })
    }

    /// The most rows of a GEMM tile whose width is one panel: accumulators, one row of B, one of A and, without
    /// FMA, a product must be live at once.
    pub fn gemm_rows(&self) -> i64 {
        let wide = self.panel.max(self.vector_lanes) / self.vector_lanes;
        (self.vector_registers - wide - 1 - i64::from(!self.fma)) / wide
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_fit_the_registers() {
        assert_eq!(WASM_RELAXED.gemm_rows(), 6);
        assert_eq!(WASM_SIMD.gemm_rows(), 5);
    }

    #[test]
    fn names_are_found_again() {
        for target in TARGETS {
            assert_eq!(Target::find(target.name), Some(target));
            assert_eq!(target.device.name().parse(), Ok(target.device));
        }
    }
}
