//! `@main` and `@init` of a GPU's module as lists of steps.
//!
//! A buffer that a kernel is launched with is an argument of the function, or a `memref.view` of one, whose constant is the offset.
//! What else is done to a memref (`cast`, `reinterpret_cast`, `subview`) changes only its type, which kernels know. Scalars are
//! expressions of the trailing arguments, the model's symbols.

use super::{LinkError, dim};
use std::collections::HashMap;
use weft_artifact::open::{Expr, Extent};
use weft_artifact::{Binding, Step};
use weft_dialects::ir::{AttrExt, Op, OpError, OpExt, Value, ValueExt, block_ops, extent};

/// Bytes that a binding is rounded up to: a `vec4`, so that kernels may see their buffer as an array of such.
const ROUND: u64 = 16;

/// Which buffer each memref argument of `@main` is; `None` where it is empty. Behind them come the symbols.
pub(super) struct Args {
    pub buffers: Vec<Option<usize>>,
    /// By buffer: whether it is an image, which has no parts.
    pub images: Vec<bool>,
}

/// What names in a function refer to.
pub(super) struct Scope<'a> {
    pub args: &'a Args,
    /// Numbers of pipelines, by the kernels' names.
    pub pipelines: &'a HashMap<String, usize>,
    /// Numbers of the pipelines that take their places where an image is an external texture.
    pub external: &'a HashMap<String, usize>,
    /// An island's number, and how many inputs it has.
    pub island: &'a dyn Fn(&str) -> Option<(usize, usize)>,
}

/// A function's steps.
#[derive(Default)]
pub(super) struct Walked {
    pub steps: Vec<Step>,
}

impl Scope<'_> {
    /// The steps of a function.
    pub(super) fn walk<'c>(&self, func: Op<'c>) -> Result<Walked, LinkError> {
        let mut steps = Vec::new();
        for op in block_ops(func.body(0)) {
            match op.op_name().as_str() {
                "gpu.launch_func" => steps.push(self.launch(op)?),
                "func.call" => steps.push(self.call(op)?),
                // What these are is asked where it is used.
                name if name.starts_with("memref.") || name.starts_with("arith.") => {}
                "func.return" | "nn.extent" => {}
                name => return Err(OpError::new(op, format!("'{name}' is no step of a GPU's program")).into()),
            }
        }
        Ok(Walked { steps })
    }

    fn launch<'c>(&self, op: Op<'c>) -> Result<Step, LinkError> {
        let kernel = op.attr("kernel").map(|k| k.to_string()).unwrap_or_default();
        let name = kernel.rsplit("::@").next().unwrap_or_default().trim_matches('"').to_owned();
        let pipeline = *self
            .pipelines
            .get(&name)
            .ok_or_else(|| OpError::new(op, format!("launches @{name}, which is no kernel of this module")))?;
        // The grid, the block's size, which is the kernel's own, and the kernel's arguments: `to-grid` makes no other operands.
        let args = op.args();
        let [x, y, z, _, _, _, kernel_args @ ..] = &args[..] else {
            return Err(OpError::new(op, "has no grid").into());
        };
        let workgroup = |size: &Value<'c>| self.scalar(op, *size).map(dim);
        let workgroups: [Extent; 3] = [workgroup(x)?, workgroup(y)?, workgroup(z)?];
        let (bindings, symbols) = self.operands(op, kernel_args)?;
        let external = self.external.get(&name).copied();
        Ok(Step::Dispatch { pipeline, external, workgroups, bindings, symbols })
    }

    fn call<'c>(&self, op: Op<'c>) -> Result<Step, LinkError> {
        let name = op.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default();
        let (island, inputs) = (self.island)(name)
            .ok_or_else(|| OpError::new(op, format!("calls @{name}, which is neither kernel nor island")))?;
        let (mut inputs_and_outputs, symbols) = self.operands(op, &op.args())?;
        let is_image = |b: &Binding| self.args.images.get(b.buffer) == Some(&true);
        if inputs_and_outputs.iter().any(is_image) {
            let problem = "reads an image in a part that runs as Wasm, where a GPU's textures can't be read; compile for wasm instead";
            return Err(OpError::new(op, problem).into());
        }
        let outputs = inputs_and_outputs.split_off(inputs.min(inputs_and_outputs.len()));
        Ok(Step::Island { island, inputs: inputs_and_outputs, outputs, symbols })
    }

    /// The memrefs and the scalars among operands.
    fn operands<'c>(&self, op: Op<'c>, operands: &[Value<'c>]) -> Result<(Vec<Binding>, Vec<Expr>), LinkError> {
        let (mut bindings, mut scalars) = (Vec::new(), Vec::new());
        for &operand in operands {
            if operand.memref_ty().is_some() {
                bindings.push(self.binding(op, operand)?);
            } else {
                scalars.push(match dim(self.scalar(op, operand)?) {
                    Extent::Known(n) => Expr { terms: Vec::new(), constant: n as i64 },
                    Extent::Open(expr) => expr,
                });
            }
        }
        Ok((bindings, scalars))
    }

    /// The part of a buffer that an operand is.
    fn binding<'c>(&self, op: Op<'c>, operand: Value<'c>) -> Result<Binding, LinkError> {
        let problem = |what: &str| LinkError::from(OpError::new(op, format!("an operand {what}")));
        let bytes = operand.memref_ty().map(|ty| ty.span_bytes()).and_then(|n| u64::try_from(n).ok());
        let bytes = bytes.ok_or_else(|| problem("has no static size"))?;
        let (mut at, mut offset) = (operand, 0);
        while let Some(def) = at.def() {
            match def.op_name().as_str() {
                "memref.view" => {
                    let shift = extent::of_value(def.arg(1)).and_then(|n| u64::try_from(n).ok());
                    offset += shift.ok_or_else(|| problem("lies at an offset that isn't constant"))?;
                }
                "memref.cast"
                | "memref.reinterpret_cast"
                | "memref.subview"
                | "memref.collapse_shape"
                | "memref.expand_shape" => {}
                name => return Err(problem(&format!("is the result of '{name}'"))),
            }
            at = def.arg(0);
        }
        let buffer = self.args.buffers.get(at.number()).copied();
        let buffer = buffer.ok_or_else(|| problem("is no buffer of the program"))?;
        let buffer = buffer.ok_or_else(|| problem("lies in an empty buffer"))?;
        if self.args.images.get(buffer) == Some(&true) {
            return Ok(Binding { buffer, offset: 0, bytes: 0 });
        }
        // An empty tensor has a place, perhaps at the very end, but no bytes there; something has to be bound all the same.
        if bytes == 0 {
            offset = 0;
        }
        // Planned places are multiples of 256, so what is behind a tensor is its own.
        Ok(Binding { buffer, offset, bytes: bytes.max(1).next_multiple_of(ROUND) })
    }

    /// An index as an extent: a number, or a handle of an expression of the symbols.
    fn scalar<'c>(&self, op: Op<'c>, value: Value<'c>) -> Result<i64, LinkError> {
        let problem = || LinkError::from(OpError::new(op, "a scalar is no expression of the model's symbols"));
        if let Some(n) = extent::of_value(value) {
            return Ok(n);
        }
        let Some(def) = value.def() else {
            let symbol = value.number().checked_sub(self.args.buffers.len());
            return symbol.map(extent::symbol).ok_or_else(problem);
        };
        let operand = |i: usize| self.scalar(op, def.arg(i));
        let divisor = || Ok::<_, LinkError>(operand(1)?).and_then(|n| if n > 0 { Ok(n) } else { Err(problem()) });
        Ok(match def.op_name().as_str() {
            "arith.addi" => extent::add(operand(0)?, operand(1)?),
            "arith.subi" => extent::sub(operand(0)?, operand(1)?),
            "arith.muli" => extent::mul(operand(0)?, operand(1)?).ok_or_else(problem)?,
            // Sizes are never negative, so that signs make no difference.
            "arith.divui" | "arith.divsi" | "arith.floordivsi" => extent::floor_div(operand(0)?, divisor()?),
            "arith.ceildivui" | "arith.ceildivsi" => extent::ceil_div(operand(0)?, divisor()?),
            "arith.index_cast" | "arith.index_castui" => operand(0)?,
            _ => return Err(problem()),
        })
    }
}
