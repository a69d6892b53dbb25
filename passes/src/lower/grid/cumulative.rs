//! `nn.cumulative`: an invocation runs along one line, neighbours along neighbouring ones. Where there are few lines and they are long, a
//! workgroup shares one: each invocation combines a part of it, learns what comes before its part, and runs along it again.

use super::places::{BLOCK, Places, number, when, workgroup};
use super::{Dim, barrier, grid, shared, spread, thread_id};
use crate::lower::Schedule;
use crate::lower::kernel::Kernel;
use crate::lower::point::PointEval;
use crate::lower::serial::{Serial, lanes, load_lanes};
use crate::lower::space::LoopDim;
use crate::lower::sweep::between;
use crate::lower::vector::{load_element, splat, store};
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, LinExpr, OpError, Scalar, Value};
use weft_dialects::nn::Combine;
use weft_dialects::nn::cumulative::Cumulative;

/// Lines that keep the machine busy.
const MANY: i64 = 1024;
/// Elements of a line that an invocation should combine at least.
const ALONE: i64 = 4;

struct Plan<'c> {
    k: Serial<'c>,
    /// Elements of a line.
    n: i64,
    lanes: i64,
    /// Invocations of a line.
    parts: i64,
    op: &'static str,
    identity: Scalar,
    reverse: bool,
    exclusive: bool,
}

/// The grid, and lanes along the inner dim.
///
/// # Errors
/// When the kernel has a prologue or tail.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let plan = Plan::of(kernel, target)?;
    let lines = plan.lines(kernel);
    let mut schedule = match plan.parts {
        1 => lines.schedule(),
        parts => grid(spread(lines.count()), [parts, 1, 1]),
    };
    schedule.extend([("lanes", plan.lanes), ("parts", plan.parts)]);
    Ok(schedule)
}

/// Builds what an invocation runs.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let mut plan = Plan::of(kernel, target)?;
    plan.lanes = kernel.lanes(plan.lanes)?;
    plan.parts = kernel.setting("parts")?;
    let b = kernel.builder(cx);
    let mut point = PointEval::new(kernel, cx);
    let places = plan.lines(kernel);
    let (id, among) = if plan.parts == 1 { number(&b, kernel)? } else { workgroup(&b, kernel)? };
    let steps = places.split(&b, &mut point, id);
    let inside = places.inside(&b, &mut point, id, &steps, among);
    when(&b, &mut point, inside, |b, point| {
        let zero = point.index(b, 0);
        let mut line = [zero; 2];
        for &(dim, step) in &steps {
            line[usize::from(dim == 2)] = step;
        }
        line[1] = point.linear(b, &LinExpr::dim(0).times(plan.lanes), &[line[1]]);
        if plan.parts > 1 {
            return plan.share(b, point, line);
        }
        let end = point.index(b, plan.n);
        let start = plan.start(b);
        plan.run(b, point, line, (zero, end), start)
    })
}

impl<'c> Plan<'c> {
    fn of(kernel: &Kernel<'c>, target: &Target) -> Result<Self, OpError> {
        let k = Serial::of(kernel)?;
        let (view, elem, x) = (Cumulative(k.root), k.elem(), k.shape(0));
        let combine = Combine::of(k.root, &view.combine())?;
        let unknown = || OpError::new(k.root, "combines by a sum or a product");
        let (op, identity) = combine.scalar_op(elem).zip(combine.identity(elem)).ok_or_else(unknown)?;
        let (reverse, exclusive) = (view.reverse() != 0, view.exclusive() != 0);
        let lanes = lanes(elem, x[2]);
        let mut plan = Self { k, n: x[1], lanes, parts: 1, op, identity, reverse, exclusive };
        let wide = matches!(elem, Elem::F32 | Elem::I32);
        let parts = 1 << (63 - (plan.n / ALONE).max(1).leading_zeros());
        if wide && lanes == 1 && plan.lines(kernel).count() < MANY && parts >= BLOCK {
            plan.parts = parts.min(target.workgroup_invocations);
        }
        Ok(plan)
    }

    /// Lines: the outer dim, and vectors of the inner one.
    fn lines(&self, kernel: &Kernel<'_>) -> Places {
        let x = self.k.shape(0);
        let dims = [0, 2].map(|dim| LoopDim { dim, extent: x[dim], reduced: false, merged: false });
        Places::of(kernel, &dims, self.lanes)
    }

    fn start(&self, b: &Builder<'c>) -> Value<'c> {
        let start = b.scalar(self.k.elem(), self.identity);
        if self.lanes > 1 { splat(b, start, self.lanes) } else { start }
    }

    /// The element at a place of a line, counted from where it starts.
    fn at(&self, b: &Builder<'c>, [a, j]: [Value<'c>; 2], i: Value<'c>) -> [Value<'c>; 3] {
        let i = if self.reverse { b.binary("arith.subi", b.index(self.n - 1), i) } else { i };
        [a, i, j]
    }

    /// Runs along a part of a line, from what comes before it.
    fn run(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        line: [Value<'c>; 2],
        (from, to): (Value<'c>, Value<'c>),
        before: Value<'c>,
    ) -> Result<(), OpError> {
        between(b, point, (from, to, 1), &[before], |b, _, i, acc| {
            let at = self.at(b, line, i);
            let next = b.binary(self.op, acc[0], load_lanes(b, self.k.ins[0], &at, self.lanes));
            store(b, if self.exclusive { acc[0] } else { next }, self.k.out, &at);
            Ok(vec![next])
        })
        .map(|_| ())
    }

    /// An invocation's part of a line that the workgroup shares.
    fn share(&self, b: &Builder<'c>, point: &mut PointEval<'_, 'c>, line: [Value<'c>; 2]) -> Result<(), OpError> {
        let elem = self.k.elem();
        let part = thread_id(b, Dim::X);
        let each = (self.n + self.parts - 1) / self.parts;
        let (each, n) = (point.index(b, each), point.index(b, self.n));
        let from = b.binary("arith.minui", b.binary("arith.muli", part, each), n);
        let to = b.binary("arith.minui", b.binary("arith.addi", from, each), n);
        let start = self.start(b);
        let mine = between(b, point, (from, to, 1), &[start], |b, _, i, acc| {
            let v = load_lanes(b, self.k.ins[0], &self.at(b, line, i), 1);
            Ok(vec![b.binary(self.op, acc[0], v)])
        })?[0];
        // What all parts up to a place make, from twice as many at each step.
        let memory = shared(b, elem, &[self.parts]);
        store(b, mine, memory, &[part]);
        let mut sum = mine;
        let mut reach = 1;
        while reach < self.parts {
            barrier(b);
            let back = point.index(b, reach);
            let has = b.compare("uge", part, back);
            sum = b.either(has, &[b.cx.elem(elem)], |b, has| {
                if !has {
                    return vec![sum];
                }
                let other = load_element(b, elem, memory, &[b.binary("arith.subi", part, back)]);
                vec![b.binary(self.op, other, sum)]
            })[0];
            barrier(b);
            store(b, sum, memory, &[part]);
            reach *= 2;
        }
        barrier(b);
        let one = point.index(b, 1);
        let has = b.compare("uge", part, one);
        let before = b.either(has, &[b.cx.elem(elem)], |b, has| {
            if !has {
                return vec![start];
            }
            vec![load_element(b, elem, memory, &[b.binary("arith.subi", part, one)])]
        })[0];
        self.run(b, point, line, (from, to), before)
    }
}
