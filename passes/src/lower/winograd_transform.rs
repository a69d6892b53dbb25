//! Winograd's transforms as straight-line code on vectors.
//!
//! Rows of the matrices come in pairs for points p and -p: they differ in the signs of their odd columns only, so that
//! both are the sum and the difference of an even and an odd part. Columns of the output's matrix come in the same pairs.

use super::vector::{splat, store};
use weft_dialects::ir::{Builder, Value};

/// Vectors that some ops are applied to: `matrix * x`.
pub fn apply<'c>(b: &Builder<'c>, matrix: &[&[f64]], x: &[Value<'c>], lanes: i64) -> Vec<Value<'c>> {
    let combine = Combine { b, lanes };
    // Pairs of columns, which an output's transform has: first their sums and differences.
    let n = x.len();
    if matrix.len() < n {
        return combine.paired_columns(matrix, x);
    }
    let mut out = Vec::new();
    let mut r = 0;
    while let Some(&row) = matrix.get(r) {
        let pair = matrix.get(r + 1).filter(|next| mirrored(row, next));
        let Some(_) = pair else {
            out.push(combine.sum(&terms(row, x, |_| true)));
            r += 1;
            continue;
        };
        let even = combine.sum(&terms(row, x, |i| i % 2 == 0));
        let odd = terms(row, x, |i| i % 2 == 1);
        // A factor that all of the odd part has is multiplied in when it is added.
        let factor = odd.iter().map(|t| t.0.abs()).reduce(|a, c| if a == c { a } else { 1.0 }).unwrap_or(1.0);
        let odd = combine.sum(&odd.iter().map(|&(c, v)| (c / factor, v)).collect::<Vec<_>>());
        out.push(combine.sum(&[(1.0, even), (factor, odd)]));
        out.push(combine.sum(&[(1.0, even), (-factor, odd)]));
        r += 2;
    }
    out
}

/// Whether two rows differ in the signs of odd columns only.
fn mirrored(a: &[f64], b: &[f64]) -> bool {
    let odd = |i: usize| i % 2 == 1;
    a.iter().zip(b).enumerate().all(|(i, (x, y))| if odd(i) { *x == -y } else { x == y })
        && a.iter().enumerate().any(|(i, x)| odd(i) && *x != 0.0)
        && a.iter().enumerate().any(|(i, x)| !odd(i) && *x != 0.0)
}

/// The terms of a row that count.
fn terms<'c>(row: &[f64], x: &[Value<'c>], keep: impl Fn(usize) -> bool) -> Vec<(f64, Value<'c>)> {
    let all = row.iter().zip(x).enumerate();
    all.filter(|&(i, (&c, _))| keep(i) && c != 0.0).map(|(_, (&c, &v))| (c, v)).collect()
}

struct Combine<'b, 'c> {
    b: &'b Builder<'c>,
    lanes: i64,
}

impl<'c> Combine<'_, 'c> {
    /// A transform whose columns come in pairs of equal magnitude.
    fn paired_columns(&self, matrix: &[&[f64]], x: &[Value<'c>]) -> Vec<Value<'c>> {
        let n = x.len();
        let paired = |j: usize| j + 1 < n && matrix.iter().all(|row| row[j].abs() == row[j + 1].abs());
        // Per column: the sum, and the difference, of the pair that it begins.
        let mut sums: Vec<Option<(Value<'c>, Value<'c>)>> = vec![None; n];
        let mut j = 0;
        while j < n {
            if paired(j) {
                sums[j] =
                    Some((self.b.binary("arith.addf", x[j], x[j + 1]), self.b.binary("arith.subf", x[j], x[j + 1])));
                j += 1;
            }
            j += 1;
        }
        let row_of = |row: &&[f64]| {
            let mut terms = Vec::new();
            let mut j = 0;
            while j < n {
                match sums[j] {
                    Some((sum, difference)) => {
                        terms.push((row[j], if row[j] == row[j + 1] { sum } else { difference }));
                        j += 1;
                    }
                    None => terms.push((row[j], x[j])),
                }
                j += 1;
            }
            terms.retain(|t| t.0 != 0.0);
            self.sum(&terms)
        };
        matrix.iter().map(row_of).collect()
    }

    /// A sum of multiples: additions where the factor is 1, and products that may be contracted.
    fn sum(&self, terms: &[(f64, Value<'c>)]) -> Value<'c> {
        let b = self.b;
        let factor = |c: f64| splat(b, b.f32(c as f32), self.lanes);
        // It starts from a term that needs no product, if there is one.
        let first = terms.iter().position(|t| t.0 == 1.0).or(terms.iter().position(|t| t.0 == -1.0)).unwrap_or(0);
        let (c, v) = terms[first];
        let mut negated = c == -1.0;
        let mut acc = if c.abs() == 1.0 { v } else { b.binary("arith.mulf", v, factor(c)) };
        for (i, &(c, v)) in terms.iter().enumerate() {
            if i == first {
                continue;
            }
            acc = match (c, negated) {
                (1.0, false) => b.binary("arith.addf", acc, v),
                (1.0, true) => b.binary("arith.subf", v, acc),
                (-1.0, false) => b.binary("arith.subf", acc, v),
                (c, negated) => {
                    let acc = if negated { b.unary("arith.negf", acc) } else { acc };
                    let product = b.contract("arith.mulf", v, factor(c.abs()));
                    // Few constants: a register each.
                    let (name, x, y) =
                        if c < 0.0 { ("arith.subf", acc, product) } else { ("arith.addf", product, acc) };
                    b.contract(name, x, y)
                }
            };
            negated = false;
        }
        if negated { b.unary("arith.negf", acc) } else { acc }
    }
}

/// `matrix * x * matrix^T` of a square whose column `j` is made by `column(j)`, given as rows: columns first, then rows, each
/// row handed on as soon as it is there.
pub fn both_sides<'c, E>(
    b: &Builder<'c>,
    matrix: &[&[f64]],
    lanes: i64,
    mut column: impl FnMut(&Builder<'c>, usize) -> Vec<Value<'c>>,
    mut row: impl FnMut(&Builder<'c>, usize, Vec<Value<'c>>) -> Result<(), E>,
) -> Result<(), E> {
    let columns: Vec<Vec<Value<'c>>> = (0..matrix[0].len())
        .map(|j| {
            let x = column(b, j);
            apply(b, matrix, &x, lanes)
        })
        .collect();
    for i in 0..matrix.len() {
        let x: Vec<_> = columns.iter().map(|c| c[i]).collect();
        row(b, i, apply(b, matrix, &x, lanes))?;
    }
    Ok(())
}

/// Stores a row of results, one a plane, plane `first` the first; `rest` is the place in a plane.
pub fn store_planes<'c>(b: &Builder<'c>, memref: Value<'c>, first: i64, values: &[Value<'c>], rest: &[Value<'c>]) {
    for (i, &v) in (first..).zip(values) {
        let at: Vec<_> = [b.index(i)].into_iter().chain(rest.iter().copied()).collect();
        store(b, v, memref, &at);
    }
}
