//! Gather with indices known at compile time.

use super::node::{Node, Outputs, Reason, invalid, unsupported};
use super::slice::{Span, take};
use weft_dialects::ir::Value;

/// The most runs of positions that are taken apart and joined again.
const MOST_RUNS: usize = 64;

/// Gather (1; 11: negative indices). Runs of evenly spaced indices are slices.
pub fn gather<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let indices = node.input(1)?;
    let shape = x.shape();
    let axis = node.axis(node.int_or("axis", 0)?, shape.len())?;
    let n = shape[axis];
    let Some(at) = node.const_ints(1, "the indices")? else { return invalid("input 1, the indices, is missing") };
    let at: Vec<i64> = at
        .into_iter()
        .map(|i| if (-n..n).contains(&i) { Ok(if i < 0 { i + n } else { i }) } else { Err(i) })
        .collect::<Result<_, _>>()
        .map_err(|i| Reason::Invalid(format!("index {i} is out of range for dim {axis} of {shape:?}")))?;
    let runs = runs(&at);
    if runs.len() > MOST_RUNS {
        return unsupported(format!("{} indices without order; at most {MOST_RUNS} even runs are", at.len()));
    }
    let slice = |span: Span| -> Value<'c> {
        let mut spans: Vec<Span> = shape.iter().map(|&n| Span::all(n)).collect();
        spans[axis] = span;
        take(node, x, &spans).value
    };
    let parts: Vec<_> = if runs.is_empty() {
        vec![slice(Span { start: 0, step: 1, len: 0 })]
    } else {
        runs.into_iter().map(slice).collect()
    };
    let joined = node.b.concat(axis, &parts);
    let to = [&shape[..axis], &indices.shape(), &shape[axis + 1..]].concat();
    Ok(vec![x.with(node.b.reshape(joined, &to))])
}

/// Maximal evenly spaced runs, in order.
fn runs(at: &[i64]) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for &i in at {
        match out.last_mut() {
            Some(s) if s.len == 1 && i != s.start => {
                s.step = i - s.start;
                s.len = 2;
            }
            Some(s) if s.len > 1 && i == s.start + s.len * s.step => s.len += 1,
            _ => out.push(Span { start: i, step: 1, len: 1 }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_even() {
        let s = |start, step, len| Span { start, step, len };
        assert_eq!(runs(&[0, 1, 2, 7]), [s(0, 1, 3), s(7, 1, 1)]);
        assert_eq!(runs(&[4, 2, 0]), [s(4, -2, 3)]);
        assert_eq!(runs(&[3, 3]), [s(3, 1, 1), s(3, 1, 1)]);
        assert_eq!(runs(&[]), []);
    }
}
