//! Pad.

use super::node::{Ints, Node, Outputs, Reason, Typed, invalid, number, unsupported};
use super::slice::{Span, take};
use weft_dialects::ir::{Map, Scalar, Value};

/// Pad (2: attributes; 11: operands; 13: any type; 18: axes; 19: wrap). Negative padding crops.
pub fn pad<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let rank = x.rank();
    let by_data = |i: usize, what: &str| -> Result<bool, Reason> {
        Ok(node.opset >= 11 && matches!(node.int_operand(i, what)?, Some(Ints::Data(_))))
    };
    if by_data(1, "pads")? || by_data(3, "axes")? {
        return super::box_by_data::pad(node, node.shape_by_data(0, "pads or axes")?);
    }
    let pads = node.ints_by_version("pads", 1, 11)?.ok_or_else(|| Reason::Invalid("'pads' is missing".into()))?;
    let axes = match node.const_ints(3, "axes")? {
        Some(axes) => axes.iter().map(|&a| node.axis(a, rank)).collect::<Result<Vec<_>, _>>()?,
        None => (0..rank).collect(),
    };
    if pads.len() != 2 * axes.len() || pads.iter().any(|p| p.unsigned_abs() >= 1 << 31) {
        return invalid(format!("pads {pads:?} should be {} numbers, each less than 2^31", 2 * axes.len()));
    }
    let (mut low, mut high) = (vec![0; rank], vec![0; rank]);
    for (i, &d) in axes.iter().enumerate() {
        (low[d], high[d]) = (pads[i], pads[i + axes.len()]);
    }
    let cropped: Vec<Span> = x
        .shape()
        .iter()
        .enumerate()
        .map(|(d, &n)| {
            let start = (-low[d]).max(0);
            Span { start, step: 1, len: n - start - (-high[d]).max(0) }
        })
        .collect();
    if cropped.iter().any(|s| s.len < 0) {
        return invalid(format!("pads {pads:?} take away more than the input {:?} has", x.shape()));
    }
    let y = take(node, x, &cropped);
    let (low, high): (Vec<i64>, Vec<i64>) = low.iter().zip(&high).map(|(&l, &h)| (l.max(0), h.max(0))).unzip();
    let mode = node.string_or("mode", "constant")?;
    if mode == "constant" {
        if node.opset >= 11 && node.optional(2).is_some_and(|v| node.const_scalar(v).is_none()) {
            let to = (0..rank).map(|d| y.shape()[d] + low[d] + high[d]).collect();
            return super::box_by_data::pad(node, to);
        }
        let value = value(node, y)?;
        return Ok(vec![y.with(node.b.pad(y.value, &low, &high, value))]);
    }
    (0..rank).try_fold(y, |y, d| extend(node, y, d, low[d], high[d], &mode)).map(|y| vec![y])
}

fn value<'c>(node: &Node<'c>, x: Typed<'c>) -> Result<Scalar, Reason> {
    if node.opset < 11 {
        return Ok(Scalar::F(node.float_or("value", 0.0)?).to(x.dtype.elem));
    }
    match node.optional(2) {
        None => Ok(number(x.dtype.elem, 0.0)),
        Some(v) => match node.const_scalar(v) {
            Some(s) => Ok(s),
            None => unsupported("a padding value that is not a constant number"),
        },
    }
}

/// Padding of one dim from the tensor itself.
pub fn extend<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    d: usize,
    low: i64,
    high: i64,
    mode: &str,
) -> Result<Typed<'c>, Reason> {
    if low == 0 && high == 0 {
        return Ok(x);
    }
    let shape = x.shape();
    let n = shape[d];
    let most = match mode {
        "edge" if n > 0 => i64::MAX,
        "reflect" => n - 1,
        "wrap" => n,
        "edge" => 0,
        other => return invalid(format!("mode = \"{other}\"")),
    };
    if low.max(high) > most {
        return unsupported(format!("mode \"{mode}\" by {} positions in a dim of {n}", low.max(high)));
    }
    let part = |start: i64, step: i64, len: i64| -> Value<'c> {
        let mut spans: Vec<Span> = shape.iter().map(|&n| Span::all(n)).collect();
        spans[d] = Span { start, step, len };
        take(node, x, &spans).value
    };
    let repeated = |at: i64, len: i64| -> Value<'c> {
        let one = part(at, 1, 1);
        let (mut from, mut to) = (shape.clone(), shape.clone());
        (from[d], to[d]) = (1, len);
        node.b.elementwise(x.dtype.elem, &to, &[(one, Map::broadcast(&from, &to))], |_, v| v[0])
    };
    let mut parts = Vec::new();
    if low > 0 {
        parts.push(match mode {
            "edge" => repeated(0, low),
            "reflect" => part(low, -1, low),
            _ => part(n - low, 1, low),
        });
    }
    parts.push(x.value);
    if high > 0 {
        parts.push(match mode {
            "edge" => repeated(n - 1, high),
            "reflect" => part(n - 2, -1, high),
            _ => part(0, 1, high),
        });
    }
    Ok(x.with(node.b.concat(d, &parts)))
}
