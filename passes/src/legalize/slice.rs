//! Slice and Split.

use super::node::{Ints, Node, Outputs, Reason, Typed, invalid, unsupported};
use weft_dialects::ir::{LinExpr, Map, OpExt, extent};

/// Positions `start, start + step, ...`, `len` of them, of one dim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub start: i64,
    pub step: i64,
    pub len: i64,
}

impl Span {
    /// All positions of a dim.
    pub fn all(n: i64) -> Self {
        Self { start: 0, step: 1, len: n }
    }
}

/// The sub-tensor at the given positions: a `tensor.extract_slice` of the dims whose steps are 1, and a generic that reads
/// the others with their strides. (One generic for both would read the first ones at its plain loop dims, from which
/// `linalg` takes the loops' extents: those of all positions.)
pub fn take<'c>(node: &Node<'c>, x: Typed<'c>, spans: &[Span]) -> Typed<'c> {
    let is_plain = |s: &Span| s.step == 1 || s.len <= 1;
    let plain: Vec<Span> = spans
        .iter()
        .zip(x.shape())
        .map(|(s, n)| match (is_plain(s), s.len) {
            (true, 0) => Span { len: 0, ..Span::all(n) },
            (true, _) => *s,
            (false, _) => Span::all(n),
        })
        .collect();
    let mut out = x;
    if plain.iter().zip(x.shape()).any(|(s, n)| *s != Span::all(n)) || spans.iter().all(is_plain) {
        let starts: Vec<i64> = plain.iter().map(|s| s.start).collect();
        let sizes: Vec<i64> = plain.iter().map(|s| s.len).collect();
        out = x.with(node.b.extract_slice(x.value, &starts, &sizes, &vec![1; spans.len()]));
    }
    if spans.iter().all(is_plain) {
        return out;
    }
    let read = |(d, s): (usize, &Span)| match is_plain(s) {
        true => LinExpr::dim(d),
        false => LinExpr::dim(d).times(s.step).plus(&LinExpr::constant(s.start)),
    };
    let map = Map { dims: spans.len(), results: spans.iter().enumerate().map(read).collect() };
    let sizes: Vec<i64> = spans.iter().map(|s| s.len).collect();
    out.with(node.b.elementwise(x.dtype.elem, &sizes, &[(out.value, map)], |_, v| v[0]))
}

/// The positions of `start:end:step` in a dim of `n`, clamped as ONNX says.
fn span(start: i64, end: i64, step: i64, n: i64) -> Span {
    let from_end = |v: i64| if v < 0 { v.saturating_add(n) } else { v };
    let (low, high) = if step > 0 { (0, n) } else { (-1, n - 1) };
    // Going down, a start below the dim is its first position (where numpy has nothing).
    let start = from_end(start).clamp(0, high.max(0));
    let end = from_end(end).clamp(low, high);
    let distance = if step > 0 { end - start } else { start - end };
    let step_size = step.unsigned_abs().min(i64::MAX as u64) as i64;
    let len = if n == 0 || distance <= 0 { 0 } else { (distance - 1) / step_size + 1 };
    // Nothing starts nowhere: a position behind the dim's end would be none of it.
    Span { start: if len > 0 { start } else { 0 }, step: if len > 1 { step } else { 1 }, len }
}

/// As [`span`], of step 1, where an end or the dim is an expression: which of them bounds the other must be known.
fn open_span(node: &Node<'_>, start: i64, end: i64, n: i64) -> Result<Span, Reason> {
    let symbols = &node.symbols;
    // A position in [0, n]: from the end if it is negative, whatever the symbols are.
    let within = |v: i64| -> Option<i64> {
        let (low, high) = symbols.range(v);
        let v = if extent::is_symbolic(v) { v } else { v.clamp(-(1 << 31), 1 << 31) };
        let v = match (low >= 0, high < 0) {
            (true, _) => v,
            (_, true) => extent::add(v, n),
            _ => return None,
        };
        match (symbols.range(v), symbols.range(extent::sub(n, v))) {
            ((_, high), _) if high <= 0 => Some(0),
            (_, (_, high)) if high <= 0 => Some(n),
            ((low, _), (room, _)) if low >= 0 && room >= 0 => Some(v),
            _ => None,
        }
    };
    let span = within(start).zip(within(end)).and_then(|(start, end)| {
        let len = extent::sub(end, start);
        match symbols.range(len) {
            (_, high) if high <= 0 => Some(Span { start: 0, step: 1, len: 0 }),
            (low, _) if low >= 0 => Some(Span { start, step: 1, len }),
            _ => None,
        }
    });
    span.ok_or_else(|| {
        Reason::Unsupported(format!(
            "which of the positions {start} to {end} a dim of {n:?} has depends on the dims that are left open; narrow \
             their range (--dim)"
        ))
    })
}

/// Slice (1: attributes; 10: operands, with steps).
pub fn slice<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let shape = x.shape();
    for i in 1..node.inputs.len() {
        if node.opset >= 10 && matches!(node.int_operand(i, "a parameter")?, Some(Ints::Data(_))) {
            return super::box_by_data::slice(node);
        }
    }
    let missing = |what: &str| Reason::Invalid(format!("'{what}' is missing"));
    let starts = node.extents_by_version("starts", 1, 10)?.ok_or_else(|| missing("starts"))?;
    let ends = node.extents_by_version("ends", 2, 10)?.ok_or_else(|| missing("ends"))?;
    let axes = node.ints_by_version("axes", 3, 10)?.unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = if node.opset < 10 { None } else { node.const_ints(4, "steps")? };
    let steps = steps.unwrap_or_else(|| vec![1; starts.len()]);
    if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] {
        return invalid("starts, ends, axes and steps must be equally many");
    }
    node.axes(&axes, shape.len())?;
    let mut spans: Vec<Span> = shape.iter().map(|&n| Span::all(n)).collect();
    for i in 0..starts.len() {
        if steps[i] == 0 {
            return invalid("a step is 0");
        }
        let d = node.axis(axes[i], shape.len())?;
        spans[d] = if !extent::any_symbolic(&[starts[i], ends[i], shape[d]]) {
            span(starts[i], ends[i], steps[i], shape[d])
        } else if steps[i] == 1 {
            open_span(node, starts[i], ends[i], shape[d])?
        } else {
            return unsupported(format!("a step of {} along a dim that is left open", steps[i]));
        };
    }
    Ok(vec![take(node, x, &spans)])
}

/// Split (2, 11; 13: `split` is an operand; 18: `num_outputs`, the last part may be smaller).
pub fn split<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let shape = x.shape();
    let axis = node.axis(node.int_or("axis", 0)?, shape.len())?;
    let n = shape[axis];
    let parts = node.op.ress().len() as i64;
    if node.opset >= 13 && matches!(node.int_operand(1, "split")?, Some(Ints::Data(_))) {
        return super::box_by_data::split(node, x, axis, parts as usize);
    }
    let sizes = match node.ints_by_version("split", 1, 13)? {
        Some(sizes) => sizes,
        None => {
            if node.int_or("num_outputs", parts)? != parts || (node.opset < 18 && n % parts.max(1) != 0) {
                return invalid(format!("{n} positions of dim {axis} can't be split into {parts} outputs"));
            }
            let each = (n + parts - 1) / parts;
            (0..parts).map(|i| each.min(n - i * each).max(0)).collect()
        }
    };
    let fits = sizes.iter().all(|s| (0..=n).contains(s)) && sizes.iter().sum::<i64>() == n;
    if !fits || sizes.len() as i64 != parts {
        return invalid(format!("the parts {sizes:?} of dim {axis} must make {n}, one for each of {parts} outputs"));
    }
    let mut start = 0;
    let mut out = Vec::new();
    for len in sizes {
        let mut spans: Vec<Span> = shape.iter().map(|&n| Span::all(n)).collect();
        spans[axis] = Span { start, step: 1, len };
        out.push(take(node, x, &spans));
        start += len;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_clamped() {
        let s = |start, step, len| Span { start, step, len };
        assert_eq!(span(1, 4, 1, 10), s(1, 1, 3));
        assert_eq!(span(-3, i64::MAX, 1, 10), s(7, 1, 3));
        assert_eq!(span(0, i64::MAX, 3, 10), s(0, 3, 4));
        assert_eq!(span(-1, i64::MIN, -1, 4), s(3, -1, 4));
        assert_eq!(span(20, -20, -2, 5), s(4, -2, 3));
        assert_eq!(span(3, 1, 1, 5), s(0, 1, 0));
        assert_eq!(span(-20, -30, -1, 5), s(0, 1, 1));
        assert_eq!(span(0, 5, 1, 0).len, 0);
    }
}
