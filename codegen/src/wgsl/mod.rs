//! WGSL: from the kernels of a `gpu.module` to compute shaders.
//!
//! The loops level has decided everything: this is a table from ops to WGSL's operators and functions ([`arith`],
//! [`compare`], [`convert`], [`math`], [`vector`], [`subgroup`]), plus what MLIR has and WGSL hasn't: values that cross
//! blocks ([`control`]), views of memory ([`views`], [`memory`], [`narrow`]) and index arithmetic ([`linear`]). It knows no
//! graph op, no tile, no model. The shaders are built as naga's IR ([`build`]), validated, and written as text.
//!
//! ```text
//! gpu.func --views--> buffers and their accesses --kernel--> naga::Module --validate, write--> text
//! ```
//!
//! - **Arguments.** Memrefs are the bindings of group 0 in their order; `read_write` where the kernel stores. Scalars are members of one
//!   uniform struct of i32 in the binding behind them. Workgroup attributions are `var<workgroup>`.
//! - **Values.** An op's expression is evaluated where the op stands: loads never move across stores and barriers. Pure
//!   expressions that occur again are written once, and those that compute a position are computed as far outside of loops
//!   as their operands are known.
//! - **Types.** `index` is an `i32`. Integers below 32 bits are held sign-extended in an `i32`; an i64 is two `u32`, and can be loaded,
//!   stored, cut, extended, selected and tested for equality only. f16 is `f16` where the target has it; else it and bf16 are f32
//!   rounded to their precision. There is no f64.
//! - **Storage.** A buffer is an array of vectors when all vector accesses to it are of as many lanes, at multiples of them, and nothing is
//!   stored element by element; else of scalars. Elements below 32 bits lie in `u32` words; a single one is stored with two
//!   atomic operations, as its neighbours may be stored by other invocations.
//! - **Images.** An argument that `weft.image` marks is a texture, `texture_2d<f32>` in one shader and `texture_external` in a second
//!   one, for frames of videos; its elements are levels from 0 to 255 ([`texture`]).
//! - **NaN.** WGSL lets compilers assume that there is none. Tests for NaN look at the bits, and infinities come out of
//!   variables, which is as far as a shader can go.
//! - **Uniformity.** A barrier must be reached by all invocations of a workgroup, and WGSL's compilers prove it: the bounds of loops and
//!   the conditions around one may depend on constants, workgroup ids, scalar arguments and buffers that are only read, not on
//!   which invocation it is ([`uniform`]). Subgroup operations have the same rule.
//! - **Limits.** What a kernel needs is in [`EmittedKernel`]; more than the target has is an error.

mod arith;
mod build;
mod compare;
mod control;
mod convert;
mod kernel;
mod limits;
mod linear;
mod math;
mod memory;
mod narrow;
mod subgroup;
#[cfg(test)]
mod tests;
mod texture;
mod types;
mod uniform;
mod vector;
mod views;
mod write;

use kernel::Kernel;
use std::collections::BTreeSet;
use weft_dialects::ir::{Cx, Op, OpError, OpExt, block_ops};
use weft_passes::target::{Device, Target};

/// How a kernel accesses a binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Loads only.
    Read,
    /// Stores, and perhaps loads.
    ReadWrite,
    /// An image, as a `texture_2d<f32>`.
    Texture,
    /// An image, as a `texture_external`.
    ExternalTexture,
}

impl Access {
    /// Its name in WGSL and in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Access::Read => "read",
            Access::ReadWrite => "read_write",
            Access::Texture => "texture",
            Access::ExternalTexture => "external_texture",
        }
    }
}

/// What every shader's entry point is called: a symbol may be what WGSL can't spell.
pub const ENTRY_POINT: &str = "main";

/// A compute shader.
#[derive(Debug, Clone)]
pub struct EmittedKernel {
    /// The kernel's symbol. The entry point is [`ENTRY_POINT`].
    pub name: String,
    /// The text, with the `enable` lines that it needs.
    pub wgsl: String,
    /// Invocations of a workgroup: as the kernel has them, or all in a row if it uses subgroups.
    pub workgroup: [u32; 3],
    /// The storage buffers and images: bindings 0, 1, ... of group 0.
    pub bindings: Vec<Access>,
    /// The kernel that it takes the place of where images are external textures.
    pub external_of: Option<String>,
    /// How many i32 the uniform buffer behind them holds; 0 if there is none.
    pub uniform: usize,
    /// WebGPU features that it needs: `shader-f16`, `subgroups`.
    pub features: BTreeSet<&'static str>,
    /// Bytes of workgroup memory.
    pub workgroup_bytes: u32,
    /// The same shader as naga's IR, validated.
    pub module: naga::Module,
}

/// Why no shaders came out.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// What has no WGSL, with kernels: all there is.
    #[error("no WGSL can be made:{}", .0.iter().map(|(f, e)| format!("\n  in @{f}: {e}")).collect::<String>())]
    Unsupported(Vec<(String, OpError)>),
    /// The shader is not valid: a mistake of the compiler.
    #[error("internal error: the shader of @{kernel} is not valid: {message}; please report it")]
    Invalid {
        /// The kernel's symbol.
        kernel: String,
        /// What the validator said.
        message: String,
    },
}

/// Makes a compute shader of each kernel of a `gpu.module`, in their order.
///
/// # Errors
/// See [`EmitError`]; all ops without a WGSL form and all that the target hasn't enough of are reported at once.
pub fn emit<'c>(cx: Cx<'c>, gpu_module: Op<'c>, target: &Target) -> Result<Vec<EmittedKernel>, EmitError> {
    let half = target.device == Device::WebGpuF16;
    let mut out = Vec::new();
    let mut problems = Vec::new();
    for func in block_ops(gpu_module.body(0)).into_iter().filter(|op| op.op_name() == "gpu.func") {
        let name = func.string("sym_name").unwrap_or_default();
        let mut kernel = Kernel::translate(cx, func, half, false);
        kernel.problems.extend(limits::check(func, &kernel, target));
        // Memory is looked at twice: first all accesses, then each op.
        for problem in std::mem::take(&mut kernel.problems) {
            let problem = (name.clone(), problem);
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        if problems.is_empty() {
            let images = kernel.memory.buffers.iter().any(|b| b.space == views::Space::Texture);
            out.push(write::finish(kernel, name.clone())?);
            if images {
                let kernel = write::finish(Kernel::translate(cx, func, half, true), format!("{name}.external"))?;
                out.push(EmittedKernel { external_of: Some(name), ..kernel });
            }
        }
    }
    if problems.is_empty() { Ok(out) } else { Err(EmitError::Unsupported(problems)) }
}
