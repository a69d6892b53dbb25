//! Which places of a loop nest an invocation is at.

use super::{Dim, grid, linear_block_id, spread, thread_id};
use crate::lower::Schedule;
use crate::lower::kernel::Kernel;
use crate::lower::point::PointEval;
use crate::lower::space::LoopDim;
use weft_dialects::ir::{Builder, OpError, Value, extent};

/// Invocations of a workgroup that share nothing.
pub const BLOCK: i64 = 64;

/// Loops whose places are counted as one, outermost first. Places are counted at the extents' bounds, so that all divisors are
/// constants.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Loop dims, how often each runs, and how often at most.
    loops: Vec<(usize, i64, i64)>,
}

impl Places {
    /// Of loops, the last of which moves on by `lanes`. Its extent is a multiple of them.
    pub fn of(kernel: &Kernel<'_>, dims: &[LoopDim], lanes: i64) -> Self {
        let last = dims.len().wrapping_sub(1);
        let steps = |i: usize, n: i64| if i == last { extent::floor_div(n, lanes) } else { n };
        let loops = dims.iter().enumerate().map(|(i, d)| (d.dim, steps(i, d.extent)));
        Self { loops: loops.map(|(dim, n)| (dim, n, kernel.symbols.max(n))).collect() }
    }

    /// How many there are at most.
    pub fn count(&self) -> i64 {
        self.loops.iter().map(|l| l.2).product()
    }

    /// How many there are: a number, or an expression over the symbols. `None` if an inner loop's extent is left open: among the
    /// places that are counted at its bound are some that there aren't.
    pub fn extent(&self) -> Option<i64> {
        let inner = self.loops.iter().skip(1).any(|l| extent::is_symbolic(l.1));
        extent::product(&self.loops.iter().map(|l| l.1).collect::<Vec<_>>()).filter(|_| !inner)
    }

    /// An invocation for each, in workgroups of [`BLOCK`].
    pub fn schedule(&self) -> Schedule {
        grid(spread((self.count() + BLOCK - 1) / BLOCK), [BLOCK, 1, 1])
    }

    /// The steps of a number's loops, outermost first, with their dims.
    pub fn split<'c>(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        number: Value<'c>,
    ) -> Vec<(usize, Value<'c>)> {
        let mut rest = number;
        let mut out = Vec::new();
        for (i, &(dim, _, most)) in self.loops.iter().enumerate().rev() {
            if i == 0 {
                out.push((dim, rest));
            } else {
                let most = point.index(b, most);
                out.push((dim, b.binary("arith.remui", rest, most)));
                rest = b.binary("arith.divui", rest, most);
            }
        }
        out.reverse();
        out
    }

    /// Whether a number, and its steps, are of a place that there is; `None` if all below `among` are.
    pub fn inside<'c>(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        number: Value<'c>,
        steps: &[(usize, Value<'c>)],
        among: i64,
    ) -> Option<Value<'c>> {
        let mut found: Option<Value<'c>> = None;
        let mut also = |condition: Value<'c>| {
            found = Some(found.map_or(condition, |f| b.binary("arith.andi", f, condition)));
        };
        let open = |n: i64| extent::is_symbolic(n);
        if self.count() < among && !self.loops.first().is_some_and(|l| open(l.1)) {
            let count = point.index(b, self.count());
            also(b.compare("ult", number, count));
        }
        for (&(_, n, _), &(_, step)) in self.loops.iter().zip(steps) {
            if open(n) {
                let n = point.index(b, n);
                also(b.compare("ult", step, n));
            }
        }
        found
    }
}

/// The invocation's number among all, and how many there are.
///
/// # Errors
/// Before `schedule` has decided the grid.
pub fn number<'c>(b: &Builder<'c>, kernel: &Kernel<'c>) -> Result<(Value<'c>, i64), OpError> {
    let (workgroup, count) = workgroup(b, kernel)?;
    let block = kernel.setting("block_x")?;
    let first = b.binary("arith.muli", workgroup, b.index(block));
    Ok((b.binary("arith.addi", first, thread_id(b, Dim::X)), count * block))
}

/// The workgroup's number, and how many there are.
///
/// # Errors
/// Before `schedule` has decided the grid.
pub fn workgroup<'c>(b: &Builder<'c>, kernel: &Kernel<'c>) -> Result<(Value<'c>, i64), OpError> {
    let shape = [kernel.setting("grid_x")?, kernel.setting("grid_y")?, 1];
    Ok((linear_block_id(b, shape), shape[0] * shape[1]))
}

/// Builds what is only for places that there are.
pub fn when<'k, 'c>(
    b: &Builder<'c>,
    point: &mut PointEval<'k, 'c>,
    condition: Option<Value<'c>>,
    body: impl FnOnce(&Builder<'c>, &mut PointEval<'k, 'c>) -> Result<(), OpError>,
) -> Result<(), OpError> {
    let Some(condition) = condition else { return body(b, point) };
    let mut result = Ok(());
    b.when(condition, |b| result = point.scoped(|point| body(b, point)));
    result
}
