//! Kernels in MLIR's text in, WGSL out.

mod cases;
mod images;
mod messages;
mod random;
mod samples;

use super::{EmitError, EmittedKernel, emit};
use weft_dialects::ir::{OpExt, Session, block_ops, module_op, parse};
use weft_passes::target::Target;

/// The shaders of a module's text: the first `gpu.module` in it.
fn try_emit(text: &str) -> Result<Vec<EmittedKernel>, EmitError> {
    let session = Session::new();
    let module = parse(session.cx(), text).unwrap_or_else(|e| panic!("{e}"));
    let inner = block_ops(module_op(&module).body(0)).into_iter().find(|op| op.op_name() == "gpu.module");
    emit(session.cx(), inner.expect("a gpu.module"), Target::of(module_op(&module)))
}
