//! Operations of a subgroup: invocations that run together.

use super::kernel::{Done, Kernel, Val, unknown};
use super::types::is_float;
use naga::{BuiltIn, CollectiveOperation, Expression, GatherMode, Scalar, Statement, SubgroupOperation};
use weft_dialects::ir::{Op, OpError, OpExt, ValueExt};

/// Whether an op looks at the invocations of a subgroup. Which those are of a workgroup of several dims is nobody's
/// promise, and some of WebGPU's implementations refuse to number them there.
pub(super) fn concerns(name: &str) -> bool {
    matches!(name, "gpu.lane_id" | "gpu.subgroup_reduce" | "gpu.shuffle")
}

/// Translates an op of `gpu` that concerns subgroups.
pub(super) fn translate<'c>(k: &mut Kernel<'c>, op: Op<'c>, name: &str) -> Done {
    match name {
        "gpu.subgroup_size" => place(k, op, BuiltIn::SubgroupSize, "subgroup_size"),
        "gpu.lane_id" => place(k, op, BuiltIn::SubgroupInvocationId, "lane"),
        "gpu.subgroup_reduce" => reduce(k, op),
        "gpu.shuffle" => shuffle(k, op),
        _ => Err(unknown(op)),
    }
}

fn place<'c>(k: &mut Kernel<'c>, op: Op<'c>, builtin: BuiltIn, name: &str) -> Done {
    k.uses_subgroups = true;
    let h = k.builtin(builtin, name, 1);
    let h = k.b.convert_position(h, Scalar::I32);
    k.set(op, h)
}

/// The last word of an enumeration's attribute: `#gpu<shuffle_mode xor>` or `#gpu<all_reduce_op add>`.
fn keyword(op: Op<'_>, name: &str) -> String {
    let text = op.attr(name).map(|a| a.to_string()).unwrap_or_default();
    text.trim_end_matches('>').rsplit([' ', '<']).next().unwrap_or_default().to_owned()
}

fn reduce<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    k.uses_subgroups = true;
    if op.attr("cluster_size").is_some() {
        return Err(OpError::new(op, "WGSL reduces whole subgroups only, not clusters"));
    }
    let ty = k.ty(op, op.res(0))?;
    let value = k.arg(op, 0)?;
    let scalar = k.scalar(ty.elem);
    let kind = keyword(op, "op");
    let (operation, word) = match (kind.as_str(), is_float(scalar)) {
        _ if ty.is_narrow() || scalar == Scalar::BOOL => return Err(unknown(op)),
        ("add", _) => (SubgroupOperation::Add, false),
        ("mul", _) => (SubgroupOperation::Mul, false),
        ("minsi", _) | ("minnumf" | "minimumf", true) => (SubgroupOperation::Min, false),
        ("maxsi", _) | ("maxnumf" | "maximumf", true) => (SubgroupOperation::Max, false),
        ("minui", _) => (SubgroupOperation::Min, true),
        ("maxui", _) => (SubgroupOperation::Max, true),
        ("and", _) => (SubgroupOperation::And, false),
        ("or", _) => (SubgroupOperation::Or, false),
        ("xor", _) => (SubgroupOperation::Xor, false),
        _ => return Err(unknown(op)),
    };
    let scalar = if word { Scalar::U32 } else { scalar };
    let argument = if word { k.b.convert(value, Scalar::U32) } else { value };
    let result_ty = k.b.value_ty(scalar, ty.lanes);
    let result = k.b.defined(Expression::SubgroupOperationResult { ty: result_ty });
    let statement = Statement::SubgroupCollectiveOperation {
        op: operation,
        collective_op: CollectiveOperation::Reduce,
        argument,
        result,
    };
    k.b.statement(statement, &[argument, result]);
    let h = if word { k.b.convert(result, Scalar::I32) } else { result };
    k.set(op, h)
}

fn shuffle<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    k.uses_subgroups = true;
    if !op.res(1).is_unused() {
        return Err(OpError::new(
            op,
            "WGSL doesn't say whether the other invocation was active; leave the second result unused",
        ));
    }
    let ty = k.ty(op, op.res(0))?;
    let (value, offset) = (k.arg(op, 0)?, k.arg(op, 1)?);
    let offset = k.b.convert(offset, Scalar::U32);
    let mode = match keyword(op, "mode").as_str() {
        "xor" => GatherMode::ShuffleXor(offset),
        "up" => GatherMode::ShuffleUp(offset),
        "down" => GatherMode::ShuffleDown(offset),
        // All read the same lane: that needs no permutation.
        "idx" if k.b.literal_of(offset).is_some() => GatherMode::Broadcast(offset),
        "idx" => GatherMode::Shuffle(offset),
        _ => return Err(unknown(op)),
    };
    let scalar = k.scalar(ty.elem);
    let result_ty = k.b.value_ty(scalar, ty.lanes);
    let result = k.b.defined(Expression::SubgroupOperationResult { ty: result_ty });
    k.b.statement(Statement::SubgroupGather { mode, argument: value, result }, &[value, offset, result]);
    k.define(op.res(0), Val::One(result));
    Ok(())
}
