//! Kernels of all-parallel generics: elementwise, broadcasts, transposes, gathers.

use super::Schedule;
use super::kernel::Kernel;
use super::nest::{Nest, Region};
use super::point::PointEval;
use crate::target::Target;
use weft_dialects::ir::{Cx, OpError, ValueExt};

/// Units of the outermost loop, lanes, and vectors an iteration.
///
/// # Errors
/// When the result depends on an op that has no value at a point.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    Ok(plan(kernel, target)?.schedule())
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let nest = plan(kernel, target)?.obey(kernel)?;
    let b = kernel.builder(cx);
    let mut point = PointEval::new(kernel, cx);
    if nest.needs_flat(kernel) {
        point.flatten(&b);
    }
    nest.emit(&b, &mut point, kernel, kernel.range()?)
}

fn plan<'c>(kernel: &Kernel<'c>, target: &Target) -> Result<Nest<'c>, OpError> {
    let shape = kernel.result.tensor_ty().map(|t| t.shape).unwrap_or_default();
    Nest::plan(kernel, target, Region { lower: vec![0; shape.len()], extents: shape }, None)
}
