//! What running passes needs of the boundary.

use super::Op;
use melior::ir::operation::OperationRef;
use melior::pass::OperationPassManager;
use mlir_sys as sys;
use std::ffi::c_void;
use std::sync::Once;

/// Registers the upstream passes that pipelines may name: transforms (canonicalize, cse, ...), linalg's and memref's.
pub fn register_upstream_passes() {
    static ONCE: Once = Once::new();
    // SAFETY: registration is guarded against a second time.
    ONCE.call_once(|| unsafe {
        sys::mlirRegisterTransformsPasses();
        sys::mlirRegisterLinalgPasses();
    });
}

/// Adds an upstream pipeline element, e.g. `canonicalize{max-iterations=3}`, to a pass manager.
///
/// # Errors
/// MLIR's message when it knows no such pass or option.
pub fn add_upstream_pass(manager: &OperationPassManager<'_, '_>, text: &str) -> Result<(), String> {
    unsafe extern "C" fn collect(message: sys::MlirStringRef, out: *mut c_void) {
        // SAFETY: MLIR passes the pointer given below and a string valid for the call.
        let (out, bytes) = unsafe {
            (&mut *out.cast::<String>(), std::slice::from_raw_parts(message.data.cast::<u8>(), message.length))
        };
        out.push_str(&String::from_utf8_lossy(bytes));
    }
    let mut message = String::new();
    // SAFETY: the manager is alive, the text is valid for the call, and the callback matches its user data.
    let ok = unsafe {
        sys::mlirOpPassManagerAddPipeline(
            manager.to_raw(),
            sys::MlirStringRef { data: text.as_ptr().cast(), length: text.len() },
            Some(collect),
            (&raw mut message).cast(),
        )
    };
    if ok.value != 0 { Ok(()) } else { Err(message.trim().to_owned()) }
}

/// A handle to the op that a pass is run on.
pub fn handle<'c>(op: OperationRef<'c, '_>) -> Op<'c> {
    // SAFETY: MLIR keeps the op alive while the pass runs, which is as long as passes keep handles.
    unsafe { Op::from_raw(op.to_raw()) }
}
