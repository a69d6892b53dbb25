//! Attention: `softmax(scale * Q K' + bias) V`, by heads.
//!
//! Query heads that share a key head are rows of one product, so that keys and values are never repeated.

use super::cast::convert;
use super::conv::to_array;
use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, broadcast, invalid, unsupported};
use super::terms::{is_half, position};
use super::{reduce, softmax};
use weft_dialects::ir::{Elem, Scalar};

/// Extents of an attention, in ONNX's order of the dims.
#[derive(Clone, Copy)]
pub struct Extents {
    pub batch: i64,
    /// Heads of the query.
    pub heads: i64,
    /// Heads of key and value.
    pub shared: i64,
    /// Positions of the query.
    pub queries: i64,
    /// Positions of key and value.
    pub keys: i64,
    /// Elements of a query's head.
    pub size: i64,
    /// Elements of a value's head.
    pub value_size: i64,
}

impl Extents {
    /// Of query, key and value of four dims.
    ///
    /// # Errors
    /// When they don't fit each other.
    pub fn of(q: Typed<'_>, k: Typed<'_>, v: Typed<'_>) -> Result<Self, Reason> {
        let [batch, heads, queries, size] = to_array(&q.shape())?;
        let [kb, shared, keys, ks] = to_array(&k.shape())?;
        let [vb, vh, vk, value_size] = to_array(&v.shape())?;
        let fits = [kb, vb] == [batch; 2] && vh == shared && vk == keys && ks == size;
        if !fits || shared < 1 || heads % shared != 0 {
            return invalid(format!(
                "query {:?}, key {:?} and value {:?} don't fit each other",
                q.shape(),
                k.shape(),
                v.shape()
            ));
        }
        Ok(Self { batch, heads, shared, queries, keys, size, value_size })
    }

    /// The shape of the scores.
    pub fn scores(&self) -> [i64; 4] {
        [self.batch, self.heads, self.queries, self.keys]
    }

    /// `Q K'`, each scaled by the root of `scale` (so that half precision doesn't overflow).
    pub fn score<'c>(&self, node: &Node<'c>, q: Typed<'c>, k: Typed<'c>, scale: f64) -> Result<Typed<'c>, Reason> {
        let half = is_half(q.dtype);
        // Elsewhere the keys, of which there may be many, needn't be touched.
        let (q_factor, k_factor) = if half { (scale.sqrt(), scale.sqrt()) } else { (scale, 1.0) };
        let rows = self.heads / self.shared * self.queries;
        let stack = self.batch * self.shared;
        let q = node.reshaped(node.scaled(q, q_factor)?, &[stack, rows, self.size])?;
        let k = node.reshaped(node.scaled(k, k_factor)?, &[stack, self.keys, self.size])?;
        let scores = node.products(q, node.permuted(k, &[0, 2, 1]), q.dtype)?;
        node.reshaped(scores, &self.scores())
    }

    /// Softmax over the keys.
    pub fn normalize<'c>(&self, node: &Node<'c>, scores: Typed<'c>) -> Result<Typed<'c>, Reason> {
        let rows = self.batch * self.heads * self.queries;
        let y = softmax::of_rows(node, node.reshaped(scores, &[rows, self.keys])?)?;
        node.reshaped(y, &self.scores())
    }

    /// Probabilities times values.
    pub fn gather<'c>(&self, node: &Node<'c>, p: Typed<'c>, v: Typed<'c>) -> Result<Typed<'c>, Reason> {
        let rows = self.heads / self.shared * self.queries;
        let stack = self.batch * self.shared;
        let p = node.reshaped(p, &[stack, rows, self.keys])?;
        let v = node.reshaped(v, &[stack, self.keys, self.value_size])?;
        let y = node.products(p, convert(node, v, p.dtype)?, p.dtype)?;
        node.reshaped(y, &[self.batch, self.heads, self.queries, self.value_size])
    }
}

/// Attention (23; 24: `nonpad_kv_seqlen`, shorter masks; 25: windows).
pub fn attention<'c>(node: &Node<'c>) -> Outputs<'c> {
    let q = node.input(0)?;
    node.float_only(q)?;
    node.same_dtype(&[q, node.input(1)?])?;
    node.float_only(node.input(2)?)?;
    let packed = q.rank() == 3;
    let q = heads(node, 0, "q_num_heads")?;
    let past = |i: usize, new: Typed<'c>| -> Result<Typed<'c>, Reason> {
        match node.optional(i) {
            None => Ok(new),
            Some(old) => {
                node.same_dtype(&[old, new])?;
                let (o, n) = (old.shape(), new.shape());
                if o.len() != 4 || [o[0], o[1], o[3]] != [n[0], n[1], n[3]] {
                    return invalid(format!("the past (input {i}) is {o:?}, and what is new {n:?}"));
                }
                // An empty past adds nothing.
                let parts: Vec<_> = [old, new].iter().filter(|t| t.len() > 0).map(|t| t.value).collect();
                Ok(if parts.is_empty() { new } else { new.with(node.b.concat(2, &parts)) })
            }
        }
    };
    let k = past(4, heads(node, 1, "kv_num_heads")?)?;
    let v = past(5, heads(node, 2, "kv_num_heads")?)?;
    let e = Extents::of(q, k, v)?;
    let scale = node.float("scale")?.unwrap_or(1.0 / (e.size as f64).sqrt());
    if scale < 0.0 {
        return invalid(format!("scale = {scale}, which has no root"));
    }
    let raw = e.score(node, q, k, scale)?;
    let softcap = node.float_or("softcap", 0.0)?;
    let capped = if softcap > 0.0 {
        let t = node.op1("math.tanh", node.op2("arith.divf", raw, node.number(q.dtype, softcap))?)?;
        node.scaled(t, softcap)?
    } else {
        raw
    };
    let bias = bias(node, &e, q.dtype)?;
    let biased = match bias {
        Some((bias, _)) => node.op2("arith.addf", capped, bias)?,
        None => capped,
    };
    let precision = match node.int("softmax_precision")? {
        None => q.dtype,
        Some(code) => match Dtype::coded(code).filter(|d| d.is_float()) {
            Some(d) => d,
            None => return invalid(format!("softmax_precision = {code}")),
        },
    };
    let mut p = e.normalize(node, convert(node, biased, precision)?)?;
    if let Some((bias, true)) = bias {
        // No key is left for a row whose bias is all -infinity: such a row is zero.
        let most = reduce::maximum(node, bias, &[3])?;
        p = node.map(&[most, p], precision, |b, v| {
            let none = b.compare("oeq", v[0], b.scalar(q.dtype.elem, Scalar::F(f64::NEG_INFINITY)));
            b.select(none, b.scalar(precision.elem, Scalar::F(0.0)), v[1])
        })?;
    }
    let p = convert(node, p, q.dtype)?;
    let y = e.gather(node, p, v)?;
    let y = if packed {
        node.reshaped(node.permuted(y, &[0, 2, 1, 3]), &[e.batch, e.queries, e.heads * e.value_size])?
    } else {
        y
    };
    let shown = match node.int_or("qk_matmul_output_mode", 0)? {
        0 => raw,
        1 => capped,
        2 => biased,
        3 => p,
        mode => return invalid(format!("qk_matmul_output_mode = {mode}")),
    };
    Ok(vec![y, k, v, shown])
}

/// Operand `i` as `batch x heads x positions x size`.
fn heads<'c>(node: &Node<'c>, i: usize, attribute: &str) -> Result<Typed<'c>, Reason> {
    let x = node.input(i)?;
    let shape = x.shape();
    match shape[..] {
        [_, _, _, _] => Ok(x),
        [batch, positions, hidden] => {
            let n = node.int(attribute)?.ok_or_else(|| Reason::Invalid(format!("'{attribute}' is missing")))?;
            if n < 1 || hidden % n != 0 {
                return invalid(format!("{n} heads don't divide input {i}, {shape:?}"));
            }
            let parts = node.reshaped(x, &[batch, positions, n, hidden / n])?;
            Ok(node.permuted(parts, &[0, 2, 1, 3]))
        }
        _ => invalid(format!("input {i} is {shape:?}, but needs 3 or 4 dims")),
    }
}

/// What is added to the scores, of four dims that broadcast to theirs: the mask's numbers, and -infinity where the mask, the
/// order of positions, the window or the padding forbids a key. Also whether a row may have no key at all.
fn bias<'c>(node: &Node<'c>, e: &Extents, dtype: Dtype) -> Result<Option<(Typed<'c>, bool)>, Reason> {
    let causal = node.flag("is_causal", false)?;
    let side = |name: &str| match node.int_or(name, -1)? {
        -1 => Ok(None),
        n if (0..1 << 30).contains(&n) => Ok(Some(n)),
        n => invalid(format!("{name} = {n}")),
    };
    let (left, right) = (side("left_window_size")?, side("right_window_size")?);
    let mask = match node.optional(3) {
        Some(mask) => Some(full_mask(node, mask, e, dtype)?),
        None => None,
    };
    let valid = match node.optional(6) {
        Some(n) if n.shape() != [e.batch] || n.dtype != Dtype::INT64 => {
            return invalid(format!("nonpad_kv_seqlen is {} {:?}, not int64 [{}]", n.dtype.name(), n.shape(), e.batch));
        }
        Some(_) if node.optional(4).is_some() => {
            return invalid("nonpad_kv_seqlen and past_key exclude each other");
        }
        Some(n) => Some(node.reshaped(convert(node, n, Dtype::of(Elem::I32))?, &[e.batch, 1, 1, 1])?),
        None => None,
    };
    let ordered = causal || left.is_some() || right.is_some();
    if mask.is_none() && valid.is_none() && !ordered {
        return Ok(None);
    }
    let before = node.optional(4).map_or(0, |past| past.shape().get(2).copied().unwrap_or(0));
    let mut args = Vec::new();
    args.extend(mask);
    args.extend(valid);
    let mut shapes: Vec<_> = args.iter().map(Typed::shape).collect();
    shapes.push(vec![1, 1, if ordered { e.queries } else { 1 }, e.keys]);
    let shape = broadcast(&shapes)?;
    let out = node.map_to(&shape, &args, dtype, |b, v| {
        let mut v = v.iter().copied();
        let (mask, valid) = (mask.and_then(|_| v.next()), valid.and_then(|_| v.next()));
        let key = position(b, 3);
        let mut allowed = Vec::new();
        if let Some(n) = valid {
            allowed.push(b.compare("slt", key, n));
        }
        if ordered {
            // The query's own position among the keys.
            let offset = match valid {
                Some(n) => b.binary("arith.subi", n, b.i32(e.queries)),
                None => b.i32(before),
            };
            let query = b.binary("arith.addi", position(b, 2), offset);
            if causal {
                allowed.push(b.compare("sle", key, query));
            }
            if let Some(n) = left {
                allowed.push(b.compare("sle", b.binary("arith.subi", query, key), b.i32(n)));
            }
            if let Some(n) = right {
                allowed.push(b.compare("sle", b.binary("arith.subi", key, query), b.i32(n)));
            }
        }
        let number = mask.unwrap_or_else(|| b.scalar(dtype.elem, Scalar::F(0.0)));
        match allowed.into_iter().reduce(|x, y| b.binary("arith.andi", x, y)) {
            None => number,
            Some(allowed) => b.select(allowed, number, b.scalar(dtype.elem, Scalar::F(f64::NEG_INFINITY))),
        }
    })?;
    // With an upper bound alone every query sees the first key.
    Ok(Some((out, mask.is_some() || valid.is_some() || left.is_some())))
}

/// The mask as numbers, with four dims of which the last is the keys: missing keys are forbidden.
fn full_mask<'c>(node: &Node<'c>, mask: Typed<'c>, e: &Extents, dtype: Dtype) -> Result<Typed<'c>, Reason> {
    if !mask.dtype.is_bool() && !mask.dtype.is_float() {
        return unsupported(format!("a mask of {}; bool and floats are", mask.dtype.name()));
    }
    let mut shape = mask.shape();
    if shape.is_empty() || shape.len() > 4 {
        return invalid(format!("the mask is {shape:?}, but needs 1 to 4 dims"));
    }
    while shape.len() < 4 {
        shape.insert(0, 1);
    }
    let wide = node.reshaped(mask, &shape)?;
    let numbers = if mask.dtype.is_bool() {
        node.map(&[wide], dtype, |b, v| {
            let [yes, no] = [0.0, f64::NEG_INFINITY].map(|n| b.scalar(dtype.elem, Scalar::F(n)));
            b.select(v[0], yes, no)
        })?
    } else {
        convert(node, wide, dtype)?
    };
    let missing = e.keys - shape[3];
    // Before version 24 the mask broadcasts, but isn't extended.
    if missing <= 0 || (node.opset < 24 && shape[3] == 1) {
        return Ok(numbers);
    }
    if node.opset < 24 {
        return invalid(format!("the mask is {:?}, but there are {} keys", mask.shape(), e.keys));
    }
    let none = Scalar::F(f64::NEG_INFINITY);
    Ok(numbers.with(node.b.pad(numbers.value, &[0; 4], &[0, 0, 0, missing], none)))
}
