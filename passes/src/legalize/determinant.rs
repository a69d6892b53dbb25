//! Det.

use super::node::{Node, Outputs, invalid, unsupported};
use std::collections::HashMap;
use weft_dialects::ir::{Builder, LinExpr, Map, Value};

/// The largest matrices: the expansion by minors has `n 2^n` products.
const LARGEST: usize = 6;

/// Det (11, 22) of a stack of small matrices: expanded by minors, each built once, all in one generic.
pub fn det<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    node.float_only(x)?;
    let shape = x.shape();
    let (stack, n) = match shape[..] {
        [.., rows, columns] if rows == columns => (&shape[..shape.len() - 2], rows as usize),
        _ => return invalid(format!("{shape:?} are no square matrices")),
    };
    if n == 0 || n > LARGEST {
        return unsupported(format!("matrices of {n} rows; 1 to {LARGEST} are"));
    }
    let element = |i: usize, j: usize| {
        let mut results: Vec<LinExpr> = (0..stack.len()).map(LinExpr::dim).collect();
        results.extend([i, j].map(|k| LinExpr::constant(k as i64)));
        (x.value, Map { dims: stack.len(), results })
    };
    let ins: Vec<_> = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| element(i, j)).collect();
    let y = node.b.elementwise(x.dtype.elem, stack, &ins, |b, v| minor(b, v, n, 0, (1 << n) - 1, &mut HashMap::new()));
    Ok(vec![x.with(y)])
}

/// The determinant of the rows from `row` on and the columns in the set.
fn minor<'c>(
    b: &Builder<'c>,
    v: &[Value<'c>],
    n: usize,
    row: usize,
    columns: u32,
    known: &mut HashMap<u32, Value<'c>>,
) -> Value<'c> {
    if let Some(&done) = known.get(&columns) {
        return done;
    }
    let mut sum: Option<Value<'c>> = None;
    for (sign, j) in (0..n).filter(|j| columns & 1 << j != 0).enumerate() {
        let rest = columns & !(1 << j);
        let factor = v[row * n + j];
        let term = if rest == 0 {
            factor
        } else {
            let inner = minor(b, v, n, row + 1, rest, known);
            b.binary("arith.mulf", factor, inner)
        };
        sum = Some(match sum {
            None => term,
            Some(s) => b.binary(if sign % 2 == 0 { "arith.addf" } else { "arith.subf" }, s, term),
        });
    }
    // The set has a column.
    let value = sum.unwrap_or(v[0]);
    known.insert(columns, value);
    value
}
