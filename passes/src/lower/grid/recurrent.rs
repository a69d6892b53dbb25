//! Recurrent cells: a workgroup runs all time steps of a row, an invocation the same units in each. The states go from step to
//! step through the kernel's result, behind a barrier.
//!
//! Where rows end at different times, the steps of a row depend on data, which no barrier may stand behind: such a row is run by one
//! invocation.

use super::{Dim, barrier, grid, linear_block_id, spread, thread_id, units};
use crate::lower::gemm::when;
use crate::lower::kernel::Kernel;
use crate::lower::recurrent::Cell;
use crate::lower::vector::{load_element, load_vector};
use crate::lower::{Schedule, lower_units, schedule_units};
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, OpError, OpExt, Value, ValueExt, VectorTy};

/// Units of an invocation.
const LANES: i64 = 4;
/// Invocations of a workgroup, at most: more would wait for each other longer than they compute.
const MOST: i64 = 128;

/// Invocations that share the units of a row.
#[derive(Debug, Clone, Copy)]
pub struct Team {
    /// How many.
    size: i64,
}

/// Whether all rows have all steps.
fn is_even(kernel: &Kernel<'_>) -> bool {
    let op = kernel.blame();
    op.args().last().and_then(|v| v.tensor_ty()).is_some_and(|t| t.is_empty())
}

/// A workgroup a row.
///
/// # Errors
/// When the kernel is no cell that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    if !is_even(kernel) {
        return units::schedule(kernel, target);
    }
    let mut schedule = schedule_units(kernel, target)?;
    let rows = schedule.iter().find(|e| e.0 == "units").map_or(1, |e| e.1);
    let hidden = kernel.blame().res(0).tensor_ty().and_then(|t| t.shape.last().copied()).unwrap_or(1);
    let team = ((hidden + LANES - 1) / LANES).clamp(1, MOST);
    schedule.extend(grid(spread(kernel.symbols.max(rows)), [team, 1, 1]));
    schedule.push(("team", team));
    Ok(schedule)
}

/// Builds the steps of a row.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &mut Kernel<'c>, target: &Target) -> Result<(), OpError> {
    if !is_even(kernel) {
        return units::lower(cx, kernel, target);
    }
    let b = kernel.builder(cx);
    let row = linear_block_id(&b, [kernel.setting("grid_x")?, kernel.setting("grid_y")?, 1]);
    let next = b.binary("arith.addi", row, b.index(1));
    let rows = kernel.symbols.value(&b, kernel.setting("units")?);
    kernel.begin = Some(row);
    kernel.end = Some(b.binary("arith.minsi", next, rows));
    lower_units(cx, kernel, target)
}

impl Team {
    /// The team of a scheduled kernel; `None` if a row is one invocation's, or a thread's.
    ///
    /// # Errors
    /// When its size isn't the workgroup's.
    pub fn of(kernel: &Kernel<'_>) -> Result<Option<Self>, OpError> {
        let Ok(size) = kernel.setting("team") else { return Ok(None) };
        match kernel.setting("block_x")? == size {
            true => Ok(Some(Self { size })),
            false => Err(OpError::new(kernel.blame(), "the schedule doesn't fit: 'team' isn't the workgroup's size")),
        }
    }

    /// Waits until the states that others have computed are there.
    pub fn meet(&self, b: &Builder<'_>) {
        barrier(b);
    }

    /// Runs `body` for this invocation's vectors of units: with the first unit, and how many of the vector there are.
    pub fn share<'c>(&self, b: &Builder<'c>, cell: &Cell<'c>, mut body: impl FnMut(&Builder<'c>, Value<'c>, i64)) {
        let me = thread_id(b, Dim::X);
        let (full, rest) = (cell.e.hidden / LANES, cell.e.hidden % LANES);
        b.for_loop(me, b.index(full), b.index(self.size), &[], |b, v, _| {
            let first = b.binary("arith.muli", v, b.index(LANES));
            body(b, first, LANES);
            Vec::new()
        });
        if rest > 0 {
            let last = b.compare("eq", me, b.index(full % self.size));
            when(b, last, |b| body(b, b.index(full * LANES), rest));
        }
    }
}

/// The sums over all units of a row's `state` in `slot`, for a vector of units' gates: a vector each.
pub fn product<'c>(
    cell: &Cell<'c>,
    b: &Builder<'c>,
    row: Value<'c>,
    (state, slot): (usize, Value<'c>),
    first: Value<'c>,
    gates: std::ops::Range<i64>,
) -> Vec<Value<'c>> {
    let width = b.index(cell.e.panel);
    let (panel, place) = match cell.e.panel >= cell.e.hidden {
        true => (b.index(0), first),
        false => (b.binary("arith.divui", first, width), b.binary("arith.remui", first, width)),
    };
    let ty = VectorTy::new(Elem::F32, LANES).to_mlir(b.cx);
    let zero = cell.number(b, 0.0, LANES);
    let lead = b.index(0);
    let start = vec![zero; (gates.end - gates.start) as usize];
    b.for_loop(b.index(0), b.index(cell.e.hidden), b.index(1), &start, |b, k, sums| {
        let h = load_element(b, Elem::F32, cell.out, &[b.index(state as i64), slot, row, k]);
        let h = b.value("vector.broadcast", &[h], ty, &[]);
        let column = |g: i64| if g == 0 { place } else { b.binary("arith.addi", place, b.index(g * cell.e.panel)) };
        let gate = |(g, &sum): (i64, &Value<'c>)| {
            let w = load_vector(b, Elem::F32, cell.weights, &[lead, panel, k, column(g)], LANES);
            b.contract("arith.addf", b.contract("arith.mulf", h, w), sum)
        };
        gates.clone().zip(sums).map(gate).collect()
    })
}
