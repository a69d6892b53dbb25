//! Operators of streaming and language models: CausalConvWithState, LinearAttention, RotaryEmbedding, SwiGLU.

use super::cast::convert;
use super::conv::{add_bias, convolve, to_array, weights_last};
use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, invalid, number, unsupported};
use super::slice::{Span, take};
use super::window::{Window, channels_first, channels_last};
use weft_dialects::ir::{Elem, Map, TensorTy};

const F32: Dtype = Dtype::F32;

/// Positions `start..start + len` of dim `d`.
fn part<'c>(node: &Node<'c>, x: Typed<'c>, d: usize, start: i64, len: i64) -> Typed<'c> {
    spaced(node, x, d, Span { start, step: 1, len })
}

fn spaced<'c>(node: &Node<'c>, x: Typed<'c>, d: usize, span: Span) -> Typed<'c> {
    let mut spans: Vec<Span> = x.shape().iter().map(|&n| Span::all(n)).collect();
    spans[d] = span;
    take(node, x, &spans)
}

/// Tensors joined along dim `d`; empty ones add nothing.
fn joined<'c>(node: &Node<'c>, d: usize, parts: &[Typed<'c>]) -> Typed<'c> {
    let filled: Vec<_> = parts.iter().filter(|p| p.len() > 0).map(|p| p.value).collect();
    if filled.is_empty() { parts[0] } else { parts[0].with(node.b.concat(d, &filled)) }
}

/// `x * sigmoid(alpha x)`.
fn swish<'c>(node: &Node<'c>, x: Typed<'c>, alpha: f64) -> Result<Typed<'c>, Reason> {
    node.map(&[x], x.dtype, |b, v| {
        let num = |n: f64| b.scalar(x.dtype.elem, number(x.dtype.elem, n));
        let scaled = if alpha == 1.0 { v[0] } else { b.binary("arith.mulf", v[0], num(alpha)) };
        let e = b.unary("math.exp", b.unary("arith.negf", scaled));
        let sigmoid = b.binary("arith.divf", num(1.0), b.binary("arith.addf", num(1.0), e));
        b.binary("arith.mulf", v[0], sigmoid)
    })
}

/// SwiGLU (28): `swish(a) * b`.
pub fn swiglu<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    node.same_dtype(&[a, b])?;
    node.float_only(a)?;
    if a.shape() != b.shape() {
        return invalid(format!("A is {:?} and B {:?}; they must be equal", a.shape(), b.shape()));
    }
    let gate = swish(node, a, node.float_or("alpha", 1.0)?)?;
    Ok(vec![node.op2("arith.mulf", gate, b)?])
}

/// CausalConvWithState (27): a depthwise convolution over the past and present positions, and the last of them.
pub fn causal_conv<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, w) = (node.input(0)?, node.input(1)?);
    node.same_dtype(&[x, w])?;
    node.float_only(x)?;
    let [batch, channels, length] = to_array(&x.shape())?;
    let [wc, one, k] = to_array(&w.shape())?;
    if wc != channels || one != 1 || k < 1 {
        return invalid(format!("weights {:?} don't fit {channels} channels", w.shape()));
    }
    let state = [batch, channels, k - 1];
    let past = match node.optional(3) {
        Some(p) if p.shape() != state => return invalid(format!("the past is {:?}, not {state:?}", p.shape())),
        Some(p) => p,
        None => x.with(node.b.splat(&TensorTy::new(x.dtype.elem, &state), number(x.dtype.elem, 0.0))),
    };
    let all = joined(node, 2, &[past, x]);
    let window = Window { kernel: vec![k], strides: vec![1], dilations: vec![1], begin: vec![0], end: vec![0] };
    let y = convolve(node, channels_last(&node.b, all), weights_last(node, w), &window, channels)?;
    let y = channels_first(&node.b, add_bias(node, y, 2)?);
    let y = match node.string_or("activation", "none")?.as_str() {
        "none" => y,
        "silu" | "swish" => swish(node, y, 1.0)?,
        other => return invalid(format!("activation = \"{other}\"")),
    };
    Ok(vec![y, part(node, all, 2, length, k - 1)])
}

/// RotaryEmbedding (23): pairs of elements of a head are turned by an angle that depends on the position.
pub fn rotary<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let shape = x.shape();
    // As batch x positions x heads x size.
    let heads = match shape[..] {
        [_, _, _, _] => node.permuted(x, &[0, 2, 1, 3]),
        [batch, positions, hidden] => {
            let n = node.int_or("num_heads", 0)?;
            if n < 1 || hidden % n != 0 {
                return invalid(format!("num_heads = {n} doesn't divide the input {shape:?}"));
            }
            node.reshaped(x, &[batch, positions, n, hidden / n])?
        }
        _ => return invalid(format!("the input is {shape:?}, but needs 3 or 4 dims")),
    };
    let [batch, positions, _, size] = to_array(&heads.shape())?;
    let turned = match node.int_or("rotary_embedding_dim", 0)? {
        0 if size % 2 == 0 => size,
        n if n > 0 && n % 2 == 0 && n <= size => n,
        n => return invalid(format!("rotary_embedding_dim = {n} of heads of {size}")),
    };
    let half = turned / 2;
    let cache = |i: usize| -> Result<Typed<'c>, Reason> {
        let c = node.input(i)?;
        let wide = match node.optional(3) {
            Some(ids) if c.rank() == 2 && ids.shape() == [batch, positions] => {
                super::gather::rows(node, c, ids, 0, &[batch, positions, c.shape()[1]])?
            }
            Some(ids) => return invalid(format!("position_ids are {:?}, and input {i} {:?}", ids.shape(), c.shape())),
            None => c,
        };
        if wide.shape() != [batch, positions, half] {
            return invalid(format!("input {i} is {:?}, which gives no [{batch}, {positions}, {half}]", c.shape()));
        }
        node.reshaped(convert(node, wide, x.dtype)?, &[batch, positions, 1, half])
    };
    let (cos, sin) = (cache(1)?, cache(2)?);
    let interleaved = node.flag("interleaved", false)?;
    let pair = |i: i64| {
        let span = if interleaved {
            Span { start: i, step: 2, len: half }
        } else {
            Span { start: i * half, step: 1, len: half }
        };
        spaced(node, heads, 3, span)
    };
    let (a, b) = (pair(0), pair(1));
    let mix = |op: &str, p: Typed<'c>, q: Typed<'c>| {
        node.op2(op, node.op2("arith.mulf", p, a)?, node.op2("arith.mulf", q, b)?)
    };
    let (real, imaginary) = (mix("arith.subf", cos, sin)?, mix("arith.addf", sin, cos)?);
    let mut wide = real.shape();
    let both = if interleaved {
        wide.push(1);
        let column = |t: Typed<'c>| node.reshaped(t, &wide);
        let both = joined(node, 4, &[column(real)?, column(imaginary)?]);
        wide.pop();
        wide[3] = turned;
        node.reshaped(both, &wide)?
    } else {
        joined(node, 3, &[real, imaginary])
    };
    let y = joined(node, 3, &[both, part(node, heads, 3, turned, size - turned)]);
    Ok(vec![if shape.len() == 4 { node.permuted(y, &[0, 2, 1, 3]) } else { node.reshaped(y, &shape)? }])
}

/// The most positions that LinearAttention's recurrence is unrolled over.
const MOST_STEPS: i64 = 64;

/// LinearAttention (27): a state per head, of keys by values, that decays and takes in each position's key and value; read by its
/// query. Computed in `f32`, position after position.
pub fn linear_attention<'c>(node: &Node<'c>) -> Outputs<'c> {
    let q = node.input(0)?;
    let rule = node.string_or("update_rule", "gated_delta")?;
    let (gated, corrected) = match rule.as_str() {
        "linear" => (false, false),
        "gated" => (true, false),
        "delta" => (false, true),
        "gated_delta" => (true, true),
        other => return invalid(format!("update_rule = \"{other}\"")),
    };
    for (i, what, wanted) in [(4, "decay", gated), (5, "beta", corrected)] {
        if node.optional(i).is_some() != wanted {
            return invalid(format!("update_rule \"{rule}\" {} {what}", if wanted { "needs" } else { "has no" }));
        }
    }
    let count = |name: &str| node.int(name)?.ok_or_else(|| Reason::Invalid(format!("'{name}' is missing")));
    let (heads, shared) = (count("q_num_heads")?, count("kv_num_heads")?);
    if shared < 1 || heads < 1 || heads % shared != 0 {
        return invalid(format!("{heads} query heads can't share {shared} key heads"));
    }
    let [batch, steps, _] = to_array(&q.shape())?;
    if steps > MOST_STEPS {
        return unsupported(format!("{steps} positions; at most {MOST_STEPS} are"));
    }
    // batch x positions x heads x size, in f32.
    let split = |i: usize, n: i64| -> Result<Typed<'c>, Reason> {
        let x = node.input(i)?;
        let shape = x.shape();
        if shape.len() != 3 || shape[..2] != [batch, steps] || shape[2] % n != 0 {
            return invalid(format!("input {i} is {shape:?}, which {n} heads don't fit"));
        }
        node.reshaped(convert(node, x, F32)?, &[batch, steps, n, shape[2] / n])
    };
    let (query, key, value) = (split(0, heads)?, split(1, shared)?, split(2, shared)?);
    let (keys, values) = (key.shape()[3], value.shape()[3]);
    if query.shape()[3] != keys {
        return invalid(format!("queries of {} elements meet keys of {keys}", query.shape()[3]));
    }
    let decay = if gated { Some(split(4, shared)?) } else { None };
    let beta = match node.optional(5) {
        Some(b) => Some(split(5, if b.shape().last() == Some(&1) { 1 } else { shared })?),
        None => None,
    };
    let state_shape = [batch, shared, keys, values];
    let state_type = node.optional(3).map_or(q.dtype, |s| s.dtype);
    let mut state = match node.optional(3) {
        Some(s) if s.shape() != state_shape => {
            return invalid(format!("the past is {:?}, not {state_shape:?}", s.shape()));
        }
        Some(s) => convert(node, s, F32)?,
        None => Typed::new(node.b.splat(&TensorTy::new(Elem::F32, &state_shape), number(Elem::F32, 0.0)), F32),
    };
    let scale = match node.float_or("scale", 0.0)? {
        0.0 => 1.0 / (keys as f64).sqrt(),
        s => s,
    };
    let group = heads / shared;
    let mut outputs = Vec::new();
    for t in 0..steps {
        // One position: batch x heads x 1 x size.
        let at = |x: Typed<'c>| -> Result<Typed<'c>, Reason> {
            let [b, _, h, size] = to_array(&x.shape())?;
            node.reshaped(part(node, x, 1, t, 1), &[b, h, 1, size])
        };
        let column = |x: Typed<'c>| -> Result<Typed<'c>, Reason> {
            let [b, h, _, size] = to_array(&x.shape())?;
            node.reshaped(x, &[b, h, size, 1])
        };
        let k = column(at(key)?)?;
        let mut v = at(value)?;
        if let Some(g) = decay {
            state = node.op2("arith.mulf", state, node.op1("math.exp", column(at(g)?)?)?)?;
        }
        if let Some(beta) = beta {
            let held = retrieve(node, k, state, [batch, shared, keys, values])?;
            v = node.op2("arith.mulf", node.op2("arith.subf", v, held)?, at(beta)?)?;
        }
        state = node.op2("arith.addf", state, node.op2("arith.mulf", k, v)?)?;
        let stack = batch * shared;
        let rows = node.reshaped(at(query)?, &[stack, group, keys])?;
        let read = node.products(rows, node.reshaped(state, &[stack, keys, values])?, F32)?;
        outputs.push(node.reshaped(node.scaled(read, scale)?, &[batch, 1, heads * values])?);
    }
    let y = if outputs.is_empty() {
        Typed::new(node.b.splat(&TensorTy::new(Elem::F32, &[batch, 0, heads * values]), number(Elem::F32, 0.0)), F32)
    } else {
        joined(node, 1, &outputs)
    };
    Ok(vec![convert(node, y, q.dtype)?, convert(node, state, state_type)?])
}

/// What the state holds for a key: the sum over its elements of `k * state`, as `batch x heads x 1 x values`.
fn retrieve<'c>(node: &Node<'c>, k: Typed<'c>, state: Typed<'c>, shape: [i64; 4]) -> Result<Typed<'c>, Reason> {
    let [batch, heads, keys, values] = shape;
    let k = node.reshaped(k, &[batch, heads, keys])?;
    let maps = [Map::select(4, &[0, 1, 3]), Map::select(4, &[0, 1, 3, 2])];
    let sum = node.contract(
        &[(k, maps[0].clone()), (state, maps[1].clone())],
        &[batch, heads, values, keys],
        &[false, false, false, true],
        F32,
    )?;
    node.reshaped(sum, &[batch, heads, 1, values])
}
