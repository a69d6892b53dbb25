//! Control flow on tensors, and the scalars beside it.

use super::function::{Env, run as run_block};
use super::scalar::elementwise;
use crate::ir::{
    Block, BlockLike, Cx, DYNAMIC, Elem, Op, OpError, OpExt, OperationLike, RegionLike, Scalar, Tensor, Value,
    ValueExt, block_arg, elem_of,
};
use std::collections::HashMap;

/// Whether an op stands outside of bodies and works on scalars, or is a slice at a position that is known at run time.
pub(super) fn is_scalar(op: Op<'_>) -> bool {
    let slice = || op.ints("static_offsets").is_some_and(|o| o.contains(&DYNAMIC));
    match op.op_name().as_str() {
        "tensor.extract" | "tensor.from_elements" => true,
        "tensor.extract_slice" | "tensor.insert_slice" => slice(),
        name => name.starts_with("arith.") && op.ress().iter().all(|r| r.tensor_ty().is_none()),
    }
}

/// Evaluates such an op; scalars are tensors of no dims.
pub(super) fn scalar(op: Op<'_>, args: &[Tensor]) -> Result<Vec<Tensor>, OpError> {
    let elem = |v: Value<'_>| elem_of(v.ty()).unwrap_or(Elem::I64);
    let single = |x: Scalar| vec![Tensor::from_scalars(elem(op.res(0)), &[], [x])];
    match op.op_name().as_str() {
        "arith.constant" => {
            let value = op.attr("value").ok_or_else(|| OpError::new(op, "lacks its value"))?;
            use crate::ir::AttrExt;
            let int = || value.as_i64().map(Scalar::I);
            let number = if elem(op.res(0)).is_float() { value.as_f64().map(Scalar::F) } else { int() };
            number.map(single).ok_or_else(|| OpError::new(op, "is no number"))
        }
        "tensor.extract" => {
            let mut at = 0;
            for (i, n) in args[1..].iter().zip(&args[0].shape) {
                at = at * n + i.get(0).i64();
            }
            Ok(single(args[0].get(at as usize)))
        }
        "tensor.from_elements" => {
            let ty = op.res(0).tensor_ty().ok_or_else(|| OpError::new(op, "makes no tensor"))?;
            Ok(vec![Tensor::from_scalars(ty.elem, &ty.shape, args.iter().map(|t| t.get(0)))])
        }
        "tensor.extract_slice" => {
            let ty = op.res(0).tensor_ty().ok_or_else(|| OpError::new(op, "makes no tensor"))?;
            let bytes = ty.bytes().unwrap_or_default() as usize;
            let from = position(op, &args[1], &args[0], bytes)?;
            Ok(vec![Tensor { elem: ty.elem, shape: ty.shape, data: args[0].data[from..from + bytes].to_vec().into() }])
        }
        "tensor.insert_slice" => {
            let mut whole = args[1].clone();
            let from = position(op, &args[2], &whole, args[0].data.len())?;
            whole.data.to_mut()[from..from + args[0].data.len()].copy_from_slice(&args[0].data);
            Ok(vec![whole])
        }
        _ => {
            let lanes: Vec<Vec<Scalar>> = args.iter().map(|t| vec![t.get(0)]).collect();
            Ok(single(elementwise(op, &lanes)?[0]))
        }
    }
}

/// The first byte of a slice of `bytes` bytes along the outermost dim.
fn position(op: Op<'_>, at: &Tensor, whole: &Tensor, bytes: usize) -> Result<usize, OpError> {
    let i = at.get(0).i64();
    let from = usize::try_from(i).ok().map(|i| i * bytes).filter(|from| from + bytes <= whole.data.len());
    from.ok_or_else(|| OpError::new(op, format!("position {i} of {:?}", whole.shape)))
}

/// Evaluates `scf.if`, `scf.for` or `scf.while`.
pub(super) fn run<'c>(cx: Cx<'c>, func: Op<'c>, op: Op<'c>, env: &mut Env) -> Result<Vec<Tensor>, OpError> {
    let args = op.args().into_iter().map(|v| env.get(op, v)).collect::<Result<Vec<_>, _>>()?;
    let mut kept = HashMap::new();
    for v in op.captures() {
        kept.insert(v.key(), env.get(op, v)?);
    }
    let block = |i: usize| op.region(i).ok().and_then(|r| r.first_block());
    let enter = |block: Option<Block<'c>>, given: &[Tensor]| -> Result<Vec<Tensor>, OpError> {
        let Some(block) = block else { return Ok(Vec::new()) };
        let mut inner = Env::inside(kept.clone());
        for (i, t) in given.iter().enumerate().take(block.argument_count()) {
            inner.set(block_arg(block, i), t.clone());
        }
        run_block(cx, func, block, &mut inner)?.ok_or_else(|| OpError::new(op, "a block has no end"))
    };
    match op.op_name().as_str() {
        "scf.if" => enter(block(usize::from(args[0].get(0).i64() == 0)), &[]),
        "scf.for" => {
            let [lower, upper, step] = [0, 1, 2].map(|i| args[i].get(0).i64());
            let mut carried = args[3..].to_vec();
            let mut i = lower;
            while i < upper {
                let counter = Tensor::from_scalars(Elem::I64, &[], [Scalar::I(i)]);
                carried = enter(block(0), &[&[counter], &carried[..]].concat())?;
                i += step;
            }
            Ok(carried)
        }
        _ => {
            let mut carried = args;
            loop {
                let mut tested = enter(block(0), &carried)?;
                let go = tested.remove(0).get(0).i64() != 0;
                if !go {
                    return Ok(tested);
                }
                carried = enter(block(1), &tested)?;
            }
        }
    }
}
