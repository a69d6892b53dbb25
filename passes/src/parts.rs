//! The parts of a module that are lowered each by itself: nested modules that say their device (`weft.device`), which are the
//! devices of an artifact, and what a device leaves to another one.

use crate::level::Level;
use weft_dialects::ir::{Cx, Module, Op, OpExt, attach_module, block_ops, detach_module, module_op, pin_blobs};

/// What runs on one part.
pub type OnPart<'f, 'c, E> = dyn FnMut(&mut Module<'c>) -> Result<(), E> + 'f;

/// The nested modules that are parts.
pub fn nested<'c>(module: Op<'c>) -> Vec<Op<'c>> {
    let is_part = |o: &Op<'c>| o.op_name() == "builtin.module" && o.attr("weft.device").is_some();
    block_ops(module.body(0)).into_iter().filter(is_part).collect()
}

/// Whether a module only holds those of several devices.
pub fn is_joined(module: Op<'_>) -> bool {
    module.attr("weft.devices").is_some() && !nested(module).is_empty()
}

/// Runs `f` on every part, innermost first: on nested ones taken out of their module, and on the module itself without them,
/// unless it only holds those of several devices. Such a module is then said to be at level `to`. What the other parts'
/// constants name stays in the session meanwhile.
///
/// # Errors
/// The first error of `f`; the module is then incomplete.
pub fn for_each<'c, E>(cx: Cx<'c>, module: &mut Module<'c>, to: Level, f: &mut OnPart<'_, 'c, E>) -> Result<(), E> {
    visit(cx, module, to, &mut Vec::new(), f)
}

fn visit<'c, E>(
    cx: Cx<'c>,
    module: &mut Module<'c>,
    to: Level,
    alive: &mut Vec<Op<'c>>,
    f: &mut OnPart<'_, 'c, E>,
) -> Result<(), E> {
    let op = module_op(module);
    let joined = is_joined(op);
    let mut waiting = Vec::new();
    for child in nested(op) {
        if let Some(part) = detach_module(child) {
            waiting.push(part);
        }
    }
    let before = alive.len();
    alive.push(op);
    for i in 0..waiting.len() {
        let others: Vec<Op<'c>> =
            waiting.iter().enumerate().filter(|&(j, _)| j != i).map(|(_, part)| module_op(part)).collect();
        let mark = alive.len();
        alive.extend(others);
        visit(cx, &mut waiting[i], to, alive, f)?;
        alive.truncate(mark);
    }
    alive.truncate(before);
    if joined {
        op.set_attr("weft.level", cx.str_attr(to.name()));
    } else {
        let others: Vec<Op<'c>> = alive.iter().copied().chain(waiting.iter().map(module_op)).collect();
        pin_blobs(cx, &others);
        let outcome = f(module);
        pin_blobs(cx, &[]);
        outcome?;
    }
    // A pass may have replaced the module's contents, not the module.
    for part in waiting {
        attach_module(module_op(module).body(0), part, None);
    }
    Ok(())
}
