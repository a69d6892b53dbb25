//! Loops that carry accumulators.

use super::point::PointEval;
use weft_dialects::ir::{Builder, OpError, Value};

/// A loop from 0 to `n` that carries values; a single iteration is built in line, none leaves the values as they are.
pub fn carry<'k, 'c>(
    b: &Builder<'c>,
    point: &mut PointEval<'k, 'c>,
    n: i64,
    step: i64,
    acc: &[Value<'c>],
    body: impl FnOnce(&Builder<'c>, &mut PointEval<'k, 'c>, Value<'c>, &[Value<'c>]) -> Result<Vec<Value<'c>>, OpError>,
) -> Result<Vec<Value<'c>>, OpError> {
    if n <= 0 {
        return Ok(acc.to_vec());
    }
    if n <= step {
        let zero = point.index(b, 0);
        return body(b, point, zero, acc);
    }
    let mut problem = None;
    let (zero, n, step) = (b.index(0), b.index(n), b.index(step));
    let out = b.for_loop(zero, n, step, acc, |b, i, acc| {
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
