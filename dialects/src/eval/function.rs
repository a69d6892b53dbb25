//! Evaluation of functions, and of constant subgraphs.

use super::{control, ops};
use crate::ir::{
    AttrExt, Block, BlockLike, Cx, Generic, Op, OpError, OpExt, OperationLike, Tensor, TensorTy, Value, ValueExt,
    block_ops, funcs,
};
use std::collections::HashMap;

/// Evaluates a function for the values of its arguments; calls are followed into the other functions of its module.
///
/// # Errors
/// When an op has no reference evaluation, an argument has another type than declared, or a callee is missing.
pub fn function<'c>(cx: Cx<'c>, func: Op<'c>, inputs: &[Tensor]) -> Result<Vec<Tensor>, OpError> {
    let block = func.body(0);
    let mut env = Env::default();
    if block.argument_count() != inputs.len() {
        let message = format!("takes {} arguments, not {}", block.argument_count(), inputs.len());
        return Err(OpError::new(func, message));
    }
    for (i, x) in inputs.iter().enumerate() {
        let arg: Value<'c> = block.argument(i).map_err(|e| OpError::new(func, e.to_string()))?.into();
        if arg.tensor_ty() != Some(TensorTy::new(x.elem, &x.shape)) {
            let message = format!("argument {i} is {}, not {:?} of shape {:?}", arg.ty(), x.elem, x.shape);
            return Err(OpError::new(func, message));
        }
        env.set(arg, x.clone());
    }
    run(cx, func, block, &mut env)?.ok_or_else(|| OpError::new(func, "does not end in func.return"))
}

/// Evaluates a block; the values that its terminator takes. Scalars are tensors of no dims here.
pub(super) fn run<'c>(
    cx: Cx<'c>,
    func: Op<'c>,
    block: Block<'c>,
    env: &mut Env,
) -> Result<Option<Vec<Tensor>>, OpError> {
    let mut next = block.first_operation();
    while let Some(op) = next {
        next = op.next_in_block();
        match op.op_name().as_str() {
            "func.return" | "scf.yield" | "scf.condition" => {
                return op.args().into_iter().map(|v| env.get(op, v)).collect::<Result<_, _>>().map(Some);
            }
            "scf.if" | "scf.for" | "scf.while" => {
                let outs = control::run(cx, func, op, env)?;
                op.ress().into_iter().zip(outs).for_each(|(v, t)| env.set(v, t));
            }
            _ if control::is_scalar(op) => {
                let args = op.args().into_iter().map(|v| env.get(op, v)).collect::<Result<Vec<_>, _>>()?;
                let outs = control::scalar(op, &args)?;
                op.ress().into_iter().zip(outs).for_each(|(v, t)| env.set(v, t));
            }
            "func.call" => {
                let args = op.args().into_iter().map(|v| env.get(op, v)).collect::<Result<Vec<_>, _>>()?;
                let outs = function(cx, callee(func, op)?, &args)?;
                op.ress().into_iter().zip(outs).for_each(|(v, t)| env.set(v, t));
            }
            _ => {
                let args = tensors(op).into_iter().map(|v| env.get(op, v)).collect::<Result<Vec<_>, _>>()?;
                let outs = ops::op(cx, op, &args)?;
                op.ress().into_iter().zip(outs).for_each(|(v, t)| env.set(v, t));
            }
        }
    }
    Ok(None)
}

/// What an op is evaluated from: its operands, and the tensors that its regions capture.
fn tensors<'c>(op: Op<'c>) -> Vec<Value<'c>> {
    let mut out = op.args();
    out.extend(op.captures().into_iter().filter(|v| v.tensor_ty().is_some()));
    out
}

/// In how many evaluations of ops a value is used.
fn uses(v: Value<'_>) -> usize {
    let direct = v.uses();
    // Several places in one op's regions are one use.
    let (nested, plain): (Vec<_>, Vec<_>) = direct.into_iter().partition(|(user, _)| user.in_block() != home(v));
    let mut owners: Vec<usize> = nested.into_iter().map(|(user, _)| owner(user, v).key()).collect();
    owners.sort_unstable();
    owners.dedup();
    plain.len() + owners.len()
}

/// The block that a value is defined in.
fn home(v: Value<'_>) -> Option<crate::ir::Block<'_>> {
    v.def().map_or_else(|| v.owner_block(), OpExt::in_block)
}

/// The op of a value's own block in which a user stands.
fn owner<'c>(user: Op<'c>, v: Value<'c>) -> Op<'c> {
    let mut op = user;
    while let Some(parent) = op.parent().filter(|_| op.in_block() != home(v)) {
        op = parent;
    }
    op
}

/// The function that a call is of: one of the module, or `@main` of the nested module that the function stands for (`weft.island`).
fn callee<'c>(func: Op<'c>, call: Op<'c>) -> Result<Op<'c>, OpError> {
    let name = call.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default();
    let named =
        |module: Op<'c>, name: &str| funcs(module).into_iter().find(|f| f.string("sym_name").as_deref() == Some(name));
    let island = |module: Op<'c>| {
        block_ops(module.body(0)).into_iter().find(|o| o.string("weft.island").as_deref() == Some(name))
    };
    func.parent()
        .and_then(|m| island(m).map_or_else(|| named(m, name), |i| named(i, "main")))
        .ok_or_else(|| OpError::new(call, format!("no function @{name} in the module")))
}

/// Values by key, dropped after their last use.
#[derive(Default)]
pub(super) struct Env {
    values: HashMap<usize, (Tensor, usize)>,
    /// What stands around a nested block, which may run again.
    kept: HashMap<usize, Tensor>,
}

impl Env {
    /// For a block inside control flow.
    pub(super) fn inside(kept: HashMap<usize, Tensor>) -> Self {
        Self { values: HashMap::new(), kept }
    }

    pub(super) fn set(&mut self, v: Value<'_>, t: Tensor) {
        let uses = uses(v);
        if uses > 0 {
            self.values.insert(v.key(), (t, uses));
        }
    }

    pub(super) fn get(&mut self, user: Op<'_>, v: Value<'_>) -> Result<Tensor, OpError> {
        if let Some(t) = self.kept.get(&v.key()) {
            return Ok(t.clone());
        }
        let missing = || OpError::new(user, format!("an operand of type {} has no value here", v.ty()));
        let (t, uses) = self.values.get_mut(&v.key()).ok_or_else(missing)?;
        *uses -= 1;
        if *uses > 0 {
            return Ok(t.clone());
        }
        self.values.remove(&v.key()).map(|(t, _)| t).ok_or_else(missing)
    }
}

/// The most scalar steps that folding one value may take. Enough for every weight tensor that is only moved or scaled;
/// too little for running whole branches of a network at compile time.
const FOLD_STEPS: i64 = 1 << 28;

/// The value, if all that it is computed from are constants and computing it is cheap enough; else `None`.
pub fn constant_of<'c>(cx: Cx<'c>, value: Value<'c>) -> Option<Tensor> {
    let op = value.def()?;
    if op.op_name() == "tensor.empty" {
        return None;
    }
    let mut steps = FOLD_STEPS;
    // The subgraph is looked at before anything is computed.
    is_constant(value, &mut steps, &mut HashMap::new()).then_some(())?;
    let mut env = HashMap::new();
    compute(cx, value, &mut env)?;
    env.remove(&value.key())
}

fn is_constant(value: Value<'_>, steps: &mut i64, seen: &mut HashMap<usize, bool>) -> bool {
    if let Some(&known) = seen.get(&value.key()) {
        return known;
    }
    let known = value.def().is_some_and(|op| {
        *steps -= cost(op).unwrap_or(FOLD_STEPS);
        *steps > 0 && crate::is_pure(&op.op_name()) && op.reads().into_iter().all(|v| is_constant(v, steps, seen))
    });
    seen.insert(value.key(), known);
    known
}

/// About how many scalar steps an op takes; `None` if not known.
fn cost(op: Op<'_>) -> Option<i64> {
    let elements = op.res(0).tensor_ty()?.len()?;
    match op.op_name().as_str() {
        "arith.constant" | "tensor.empty" | "tensor.expand_shape" | "tensor.collapse_shape" => Some(0),
        "linalg.generic" => {
            let domain = super::generic::domain(&Generic::of(op).ok()?).ok()?;
            Some(domain.iter().product())
        }
        // Each output of these reads a window or a row of its operands.
        "nn.conv2d" | "nn.depthwise_conv2d" | "nn.matmul" | "nn.avg_pool2d" | "nn.max_pool2d" => {
            elements.checked_mul(op.arg(op.args().len() - 1).tensor_ty()?.len()?)
        }
        _ => Some(elements),
    }
}

fn compute<'c>(cx: Cx<'c>, value: Value<'c>, env: &mut HashMap<usize, Tensor>) -> Option<()> {
    if env.contains_key(&value.key()) {
        return Some(());
    }
    let op = value.def()?;
    let mut args = Vec::new();
    for v in tensors(op) {
        compute(cx, v, env)?;
        args.push(env.get(&v.key())?.clone());
    }
    let outs = ops::op(cx, op, &args).ok()?;
    for (v, t) in op.ress().into_iter().zip(outs) {
        env.insert(v.key(), t);
    }
    Some(())
}
