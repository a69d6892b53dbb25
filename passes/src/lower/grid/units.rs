//! The loops that a thread of a processor would run, spread over a grid: each invocation runs one unit of the outermost.

use super::{Dim, grid, linear_block_id, spread, thread_id};
use crate::lower::kernel::Kernel;
use crate::lower::{Schedule, lower_units, schedule_units};
use crate::target::Target;
use weft_dialects::ir::{Cx, OpError};

/// Invocations of a workgroup.
const BLOCK: i64 = 64;

/// The schedule of the loops, and a grid with an invocation for each unit.
///
/// # Errors
/// When no kernel family takes it.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let mut schedule = schedule_units(kernel, target)?;
    let units = schedule.iter().find(|e| e.0 == "units").map_or(1, |e| e.1);
    let most = kernel.symbols.max(units);
    let block = BLOCK.min(most).max(1);
    schedule.extend(grid(spread((most + block - 1) / block), [block, 1, 1]));
    Ok(schedule)
}

/// Builds the loops of one unit.
///
/// # Errors
/// When the family can't lower it.
pub fn lower<'c>(cx: Cx<'c>, kernel: &mut Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let b = kernel.builder(cx);
    let block = kernel.setting("block_x")?;
    let workgroups = [kernel.setting("grid_x")?, kernel.setting("grid_y")?, 1];
    let first = b.binary("arith.muli", linear_block_id(&b, workgroups), b.index(block));
    let unit = b.binary("arith.addi", first, thread_id(&b, Dim::X));
    let next = b.binary("arith.addi", unit, b.index(1));
    let units = kernel.symbols.value(&b, kernel.setting("units")?);
    kernel.begin = Some(unit);
    kernel.end = Some(b.binary("arith.minsi", next, units));
    lower_units(cx, kernel, target)
}
