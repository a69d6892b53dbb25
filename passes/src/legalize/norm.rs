//! Normalisations: BatchNormalization, InstanceNormalization, LayerNormalization, GroupNormalization, RMSNormalization.

use super::cast::convert;
use super::dtype::Dtype;
use super::elementwise::{product, total};
use super::node::{Node, Outputs, Reason, Typed, invalid, unsupported};
use super::reduce;
use weft_dialects::ir::{Elem, Scalar};

/// BatchNormalization (7; 9: no `spatial`; 14: `training_mode`; 15: parameters of another type):
/// `x * (scale / sqrt(var + epsilon)) + (bias - mean * scale / sqrt(var + epsilon))`. What is per channel is computed by
/// itself, so that it folds.
pub fn batch_normalization<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let training = node.flag("training_mode", false)?;
    if !node.flag("spatial", true)? {
        return unsupported("spatial = 0");
    }
    if !training {
        for i in 1..5 {
            node.refuse_output(i, "statistics of training")?;
        }
    }
    let channels = x.shape().get(1).copied().unwrap_or(1);
    let mut params = Vec::new();
    for i in 1..5 {
        let p = node.input(i)?;
        if p.shape() != [channels] {
            return invalid(format!("input {i} is {:?}, but the input has {channels} channels", p.shape()));
        }
        params.push(convert(node, p, x.dtype)?);
    }
    let epsilon = node.float_or("epsilon", 1e-5)?;
    let (gamma, beta, mut mean, mut var) = (params[0], params[1], params[2], params[3]);
    let mut running = Vec::new();
    if training {
        // The running statistics move towards the batch's, with which it is normalised.
        let momentum = node.float_or("momentum", 0.9)?;
        let [own_mean, own_var] = super::norm_rows::statistics(node, x)?;
        for (i, old, new) in [(3, mean, own_mean), (4, var, own_var)] {
            let moved = node.op2("arith.addf", node.scaled(old, momentum)?, node.scaled(new, 1.0 - momentum)?)?;
            running.push(convert(node, moved, node.input(i)?.dtype)?);
        }
        (mean, var) = (own_mean, own_var);
    }
    let elem = x.dtype.elem;
    let scale = node.map(&[gamma, var], x.dtype, |b, v| {
        let sum = b.binary("arith.addf", v[1], b.scalar(elem, Scalar::F(epsilon)));
        b.binary("arith.divf", v[0], b.unary("math.sqrt", sum))
    })?;
    let shift = node
        .map(&[beta, mean, scale], x.dtype, |b, v| b.binary("arith.subf", v[0], b.binary("arith.mulf", v[1], v[2])))?;
    let dim = 1.min(x.rank().saturating_sub(1));
    let y = node.along(x, scale, dim, "arith.mulf");
    let mut out = vec![node.along(y, shift, dim, "arith.addf")];
    out.extend(running);
    Ok(out)
}

/// `(x - mean) / sqrt(variance + epsilon)` over `dims`; also the mean and the reciprocal of the deviation.
fn standardize<'c>(node: &Node<'c>, x: Typed<'c>, dims: &[usize], epsilon: f64) -> Result<[Typed<'c>; 3], Reason> {
    let mean = reduce::mean(node, x, dims)?;
    let centred = node.map(&[x, mean], x.dtype, |b, v| b.binary("arith.subf", v[0], v[1]))?;
    let inverse = inverse_root(node, centred, dims, epsilon)?;
    Ok([product(node, centred, inverse)?, mean, inverse])
}

/// `1 / sqrt(mean of squares + epsilon)` over `dims`.
fn inverse_root<'c>(node: &Node<'c>, x: Typed<'c>, dims: &[usize], epsilon: f64) -> Result<Typed<'c>, Reason> {
    let variance = reduce::mean(node, product(node, x, x)?, dims)?;
    let elem = x.dtype.elem;
    node.map(&[variance], x.dtype, |b, v| {
        let sum = b.binary("arith.addf", v[0], b.scalar(elem, Scalar::F(epsilon)));
        b.binary("arith.divf", b.scalar(elem, Scalar::F(1.0)), b.unary("math.sqrt", sum))
    })
}

/// A per-channel parameter of `C` elements, to broadcast against `N x C x spatial`.
fn per_channel<'c>(node: &Node<'c>, i: usize, x: Typed<'c>) -> Result<Typed<'c>, Reason> {
    let (p, shape) = (node.input(i)?, x.shape());
    if p.shape() != [shape[1]] {
        return invalid(format!("input {i} is {:?}, but the input has {} channels", p.shape(), shape[1]));
    }
    let mut wide = vec![1; shape.len() - 1];
    wide[0] = shape[1];
    Ok(p.with(node.b.reshape(p.value, &wide)))
}

fn needs_channels(x: Typed<'_>) -> Result<(), Reason> {
    if x.rank() < 2 { invalid(format!("the input is {:?}, but needs N and C", x.shape())) } else { Ok(()) }
}

/// InstanceNormalization (6): over the spatial dims of every channel.
pub fn instance_normalization<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    needs_channels(x)?;
    let dims: Vec<usize> = (2..x.rank()).collect();
    let [y, ..] = standardize(node, x, &dims, node.float_or("epsilon", 1e-5)?)?;
    let scaled = product(node, y, per_channel(node, 1, x)?)?;
    Ok(vec![total(node, scaled, per_channel(node, 2, x)?)?])
}

/// GroupNormalization (18: scale and bias are one a group; 21: one a channel, and `stash_type`): over the channels of a group
/// and the spatial dims.
pub fn group_normalization<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    needs_channels(x)?;
    let shape = x.shape();
    let groups = node.int("num_groups")?.ok_or_else(|| Reason::Invalid("'num_groups' is missing".into()))?;
    if groups < 1 || shape[1] % groups != 0 {
        return invalid(format!("{groups} groups don't divide {} channels", shape[1]));
    }
    let by_group = node.opset < 21;
    let wide = if by_group { x } else { stash(node, x)? };
    // N x groups x the rest.
    let rest: i64 = shape[1..].iter().product::<i64>() / groups;
    let grouped = node.reshaped(wide, &[shape[0], groups, rest])?;
    let [y, ..] = standardize(node, grouped, &[2], node.float_or("epsilon", 1e-5)?)?;
    if by_group {
        let param = |i: usize| -> Result<Typed<'c>, Reason> {
            let p = node.input(i)?;
            if p.shape() != [groups] {
                return invalid(format!("input {i} is {:?}, but there are {groups} groups", p.shape()));
            }
            node.reshaped(p, &[groups, 1])
        };
        let y = total(node, product(node, y, param(1)?)?, param(2)?)?;
        return Ok(vec![node.reshaped(y, &shape)?]);
    }
    let y = convert(node, node.reshaped(y, &shape)?, x.dtype)?;
    let scaled = product(node, y, per_channel(node, 1, x)?)?;
    Ok(vec![total(node, scaled, per_channel(node, 2, x)?)?])
}

/// The float type that `stash_type` asks to compute in.
fn stash<'c>(node: &Node<'c>, x: Typed<'c>) -> Result<Typed<'c>, Reason> {
    let code = node.int_or("stash_type", 1)?;
    match Dtype::coded(code).filter(|d| d.is_float()) {
        // f64 is not narrowed: onnxruntime's doesn't either.
        Some(d) if d.elem == Elem::F32 && x.dtype.elem == Elem::F64 => Ok(x),
        Some(d) => convert(node, x, d),
        None => invalid(format!("stash_type = {code}")),
    }
}

/// LayerNormalization (17): over the dims from `axis` on.
pub fn layer_normalization<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let axis = node.axis(node.int_or("axis", -1)?, x.rank())?;
    let dims: Vec<usize> = (axis..x.rank()).collect();
    let [y, mean, inverse] = standardize(node, stash(node, x)?, &dims, node.float_or("epsilon", 1e-5)?)?;
    let mut y = product(node, convert(node, y, x.dtype)?, node.input(1)?)?;
    if let Some(bias) = node.optional(2) {
        y = total(node, y, bias)?;
    }
    Ok(vec![y, mean, inverse])
}

/// RMSNormalization (23): as LayerNormalization without the mean.
pub fn rms_normalization<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let axis = node.axis(node.int_or("axis", -1)?, x.rank())?;
    let dims: Vec<usize> = (axis..x.rank()).collect();
    let wide = stash(node, x)?;
    let inverse = inverse_root(node, wide, &dims, node.float_or("epsilon", 1e-5)?)?;
    let y = convert(node, product(node, wide, inverse)?, x.dtype)?;
    Ok(vec![product(node, y, node.input(1)?)?])
}
