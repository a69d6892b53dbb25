//! Loops to the machine level: `to-wasm`.
//!
//! Every function is rewritten op by op, in its order. What is decided here is only where addresses are computed
//! ([`loops`]) and where vector constants stand ([`constants`]); everything else is a table ([`arith`], [`memory`],
//! [`vector`]).

mod addresses;
mod arith;
mod cleanup;
mod constants;
mod function;
mod fuse;
mod linear;
mod loops;
mod memory;
mod scalar;
mod types;
mod vector;

use crate::pass::{PassCx, PassInfo};
use crate::target::Target;
use weft_dialects::ir::{Op, OpError, OpExt, funcs};

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[PassInfo {
    name: "to-wasm",
    doc: "Turns loops on memrefs and vectors into Wasm instructions on addresses, in their order.",
    options: &[],
    run,
}];

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let target = Target::of(module);
    let mut errors = Vec::new();
    for func in funcs(module) {
        match function::lower(pcx.cx, target, func) {
            Ok(new) => {
                func.erase();
                cleanup::drop_unused(new);
                constants::place(pcx.cx, new, usize::try_from(target.vector_registers).unwrap_or_default());
                cleanup::share_scalars(new);
            }
            Err(more) => errors.extend(more),
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}
