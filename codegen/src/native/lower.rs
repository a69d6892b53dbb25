//! From the loops level to LLVM IR: upstream's conversions and translation.

use super::{NativeError, text};
use inkwell::context::{AsContextRef, Context};
use inkwell::module::Module;
use melior::pass::PassManager;
use mlir_sys as sys;
use std::sync::Once;
use weft_dialects::ir::{self, Cx, Op, add_upstream_pass};

/// In this order: views and structured control flow first, then each dialect.
const PIPELINE: &str = "expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-vector-to-llvm,\
    convert-math-to-llvm,convert-arith-to-llvm,convert-index-to-llvm,finalize-memref-to-llvm,\
    convert-func-to-llvm{use-bare-ptr-memref-call-conv=true},convert-cf-to-llvm,reconcile-unrealized-casts";

/// A copy of `module` as LLVM IR.
pub(super) fn to_llvm<'l>(cx: Cx<'_>, module: Op<'_>, context: &'l Context) -> Result<Module<'l>, NativeError> {
    register(cx);
    let refused = |messages: Vec<String>| {
        let silent = messages.is_empty();
        NativeError::Lower(if silent { vec!["LLVM's translation gave no reason".to_owned()] } else { messages })
    };
    cx.take_diagnostics();
    let copy = ir::Module::from_operation((*module).clone());
    let mut copy = copy.ok_or_else(|| refused(vec!["the op is no module".to_owned()]))?;
    let manager = PassManager::new(cx.context());
    add_upstream_pass(&manager.as_operation_pass_manager(), PIPELINE).map_err(text)?;
    manager.run(&mut copy).map_err(|_| refused(cx.take_diagnostics()))?;
    // SAFETY: both handles are alive. The binding of each library declares LLVM's context and module as its own opaque
    // types; the library behind them is one.
    let module = unsafe { sys::mlirTranslateModuleToLLVMIR(copy.as_operation().to_raw(), context.as_ctx_ref().cast()) };
    if module.is_null() {
        return Err(refused(cx.take_diagnostics()));
    }
    // SAFETY: the module was made in `context`, which outlives it by its lifetime, and nobody else owns it.
    Ok(unsafe { Module::new(module.cast()) })
}

fn register(cx: Cx<'_>) {
    static PASSES: Once = Once::new();
    // SAFETY: registering passes is guarded against a second time; translations may be registered again for the
    // context, which is alive.
    unsafe {
        PASSES.call_once(|| sys::mlirRegisterAllPasses());
        sys::mlirRegisterAllLLVMTranslations(cx.context().to_raw());
    }
}
