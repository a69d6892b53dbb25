//! Loops that carry accumulators.

use super::point::PointEval;
use weft_dialects::ir::{Builder, OpError, Value, extent};

/// A loop from 0 to `n` that carries values; a single iteration is built in line, none leaves the values as they are. `n`
/// may be an expression over the symbols.
pub fn carry<'k, 'c>(
    b: &Builder<'c>,
    point: &mut PointEval<'k, 'c>,
    n: i64,
    step: i64,
    acc: &[Value<'c>],
    body: impl FnOnce(&Builder<'c>, &mut PointEval<'k, 'c>, Value<'c>, &[Value<'c>]) -> Result<Vec<Value<'c>>, OpError>,
) -> Result<Vec<Value<'c>>, OpError> {
    if n <= 0 && !extent::is_symbolic(n) {
        return Ok(acc.to_vec());
    }
    if n <= step && !extent::is_symbolic(n) {
        let zero = point.index(b, 0);
        return body(b, point, zero, acc);
    }
    let zero = b.index(0);
    let n = if extent::is_symbolic(n) { point.index(b, n) } else { b.index(n) };
    between(b, point, (zero, n, step), acc, body)
}

/// As [`carry`], between two indices.
pub fn between<'k, 'c>(
    b: &Builder<'c>,
    point: &mut PointEval<'k, 'c>,
    (first, last, step): (Value<'c>, Value<'c>, i64),
    acc: &[Value<'c>],
    body: impl FnOnce(&Builder<'c>, &mut PointEval<'k, 'c>, Value<'c>, &[Value<'c>]) -> Result<Vec<Value<'c>>, OpError>,
) -> Result<Vec<Value<'c>>, OpError> {
    let mut problem = None;
    let step = b.index(step);
    let out = b.for_loop(first, last, step, acc, |b, i, acc| {
        point.scoped(|point| match body(b, point, i, acc) {
            Ok(next) => next,
            Err(e) => {
                problem = Some(e);
                acc.to_vec()
            }
        })
    });
    problem.map_or(Ok(out), Err)
}

/// What [`sweep`] does at index `i`: gets the lanes it works on there, and accumulators; returns the next ones.
pub type Step<'s, 'k, 'c> = &'s mut dyn FnMut(
    &Builder<'c>,
    &mut PointEval<'k, 'c>,
    Value<'c>,
    i64,
    &[Value<'c>],
) -> Result<Vec<Value<'c>>, OpError>;

/// Runs over a row of `n` elements: blocks of vectors in a loop, then single vectors, then single elements.
///
/// `acc` holds `width` accumulators for each vector of a block, then `width` scalar ones for the single elements; the
/// next ones are returned.
pub fn sweep<'k, 'c>(
    b: &Builder<'c>,
    point: &mut PointEval<'k, 'c>,
    (n, lanes, block): (i64, i64, i64),
    width: usize,
    acc: &[Value<'c>],
    step: Step<'_, 'k, 'c>,
) -> Result<Vec<Value<'c>>, OpError> {
    if extent::is_symbolic(n) {
        return open_sweep(b, point, (n, lanes, block), width, acc, step);
    }
    let vectors = n / lanes;
    let looped = vectors / block * block;
    let slot = |j: i64| j as usize * width..(j as usize + 1) * width;
    let mut acc = acc.to_vec();
    if looped > 0 {
        let carried = &acc[..block as usize * width];
        let next = carry(b, point, looped * lanes, block * lanes, carried, |b, point, i, acc| {
            let mut out = Vec::new();
            for j in 0..block {
                let i = point.offset(b, i, j * lanes);
                out.extend(step(b, point, i, lanes, &acc[slot(j)])?);
            }
            Ok(out)
        })?;
        acc[..next.len()].copy_from_slice(&next);
    }
    for j in looped..vectors {
        let i = point.index(b, j * lanes);
        let next = step(b, point, i, lanes, &acc[slot(j - looped)])?;
        acc[slot(j - looped)].copy_from_slice(&next);
    }
    let rest = if lanes == 1 { n } else { vectors * lanes };
    for j in rest..n {
        let i = point.index(b, j);
        let next = step(b, point, i, 1, &acc[slot(block)])?;
        acc[slot(block)].copy_from_slice(&next);
    }
    Ok(acc)
}

/// [`sweep`] over a row whose length is an expression over the symbols: what is left of blocks, and of vectors, is counted at
/// run time.
fn open_sweep<'k, 'c>(
    b: &Builder<'c>,
    point: &mut PointEval<'k, 'c>,
    (n, lanes, block): (i64, i64, i64),
    width: usize,
    acc: &[Value<'c>],
    step: Step<'_, 'k, 'c>,
) -> Result<Vec<Value<'c>>, OpError> {
    let slot = |j: i64| j as usize * width..(j as usize + 1) * width;
    let whole = |of: i64| extent::mul(extent::floor_div(n, of), of).unwrap_or(n);
    let (blocks, vectors) = (whole(lanes * block), whole(lanes));
    let mut acc = acc.to_vec();
    let zero = b.index(0);
    let ends = [zero, point.index(b, blocks), point.index(b, vectors), point.index(b, n)];
    let carried = acc[..block as usize * width].to_vec();
    let next = between(b, point, (ends[0], ends[1], lanes * block), &carried, |b, point, i, acc| {
        let mut out = Vec::new();
        for j in 0..block {
            let i = point.offset(b, i, j * lanes);
            out.extend(step(b, point, i, lanes, &acc[slot(j)])?);
        }
        Ok(out)
    })?;
    acc[..next.len()].copy_from_slice(&next);
    if block > 1 && blocks != vectors {
        let carried = acc[slot(0)].to_vec();
        let next =
            between(b, point, (ends[1], ends[2], lanes), &carried, |b, point, i, acc| step(b, point, i, lanes, acc))?;
        acc[slot(0)].copy_from_slice(&next);
    }
    if lanes > 1 && vectors != n {
        let carried = acc[slot(block)].to_vec();
        let next = between(b, point, (ends[2], ends[3], 1), &carried, |b, point, i, acc| step(b, point, i, 1, acc))?;
        acc[slot(block)].copy_from_slice(&next);
    }
    Ok(acc)
}
