//! Modules in modules: taking one out, to work on it alone, and putting it back.

use super::{Block, Module, Op, OpExt};
use mlir_sys as sys;

/// Takes a nested module out of its block. `None` if the op is no module.
pub fn detach_module<'c>(op: Op<'c>) -> Option<Module<'c>> {
    if op.op_name() != "builtin.module" {
        return None;
    }
    // SAFETY: the op is alive and a module; removed from its block it is owned by the handle that is made of it.
    unsafe {
        sys::mlirOperationRemoveFromParent(op.to_raw());
        Some(Module::from_raw(sys::mlirModuleFromOperation(op.to_raw())))
    }
}

/// Puts a module at the end of a block (before `next`, if there is one).
pub fn attach_module<'c>(block: Block<'c>, module: Module<'c>, next: Option<Op<'c>>) -> Op<'c> {
    // SAFETY: the block takes the op over from the handle, which is forgotten.
    unsafe {
        let raw = sys::mlirModuleGetOperation(module.to_raw());
        std::mem::forget(module);
        match next {
            Some(next) => sys::mlirBlockInsertOwnedOperationBefore(block.to_raw(), next.to_raw(), raw),
            None => sys::mlirBlockAppendOwnedOperation(block.to_raw(), raw),
        }
        Op::from_raw(raw)
    }
}

/// A deep copy of a module.
pub fn clone_module<'c>(op: Op<'c>) -> Option<Module<'c>> {
    if op.op_name() != "builtin.module" {
        return None;
    }
    // SAFETY: the clone is in no block; the handle that is made of it owns it.
    unsafe { Some(Module::from_raw(sys::mlirModuleFromOperation(sys::mlirOperationClone(op.to_raw())))) }
}
