//! Structured control flow: values that cross a block's edge live in variables.

use super::build::H;
use super::kernel::{Done, Kernel, Val};
use super::types::Ty;
use naga::{BinaryOperator as Bin, Block, Expression, Scalar, Statement, UnaryOperator};
use weft_dialects::ir::{BlockLike, Elem, Op, OpError, OpExt, OperationLike, RegionLike, Value, ValueExt, block_arg};

/// What loops' counters are called, outermost first.
const COUNTERS: [&str; 6] = ["i", "j", "k", "l", "m", "n"];

/// Variables for one value: two for an i64.
#[derive(Clone, Copy)]
enum Slot {
    One(H),
    Pair(H, H),
}

fn slot<'c>(k: &mut Kernel<'c>, op: Op<'c>, v: Value<'c>, name: &str) -> Result<Slot, OpError> {
    let ty = k.ty(op, v)?;
    Ok(if ty.elem == Elem::I64 {
        let word = k.b.value_ty(Scalar::U32, ty.lanes);
        Slot::Pair(k.b.variable(name, word, None), k.b.variable(name, word, None))
    } else {
        let ty = k.variable_ty(ty);
        Slot::One(k.b.variable(name, ty, None))
    })
}

fn slots<'c>(k: &mut Kernel<'c>, op: Op<'c>, values: &[Value<'c>], name: &str) -> Result<Vec<Slot>, OpError> {
    values.iter().map(|&v| slot(k, op, v, name)).collect()
}

/// Writes values, all of which are known before, into variables.
fn write<'c>(k: &mut Kernel<'c>, op: Op<'c>, values: &[Value<'c>], slots: &[Slot]) -> Done {
    let values = values.iter().map(|&v| k.get(op, v)).collect::<Result<Vec<_>, _>>()?;
    write_values(k, &values, slots);
    Ok(())
}

fn write_values(k: &mut Kernel<'_>, values: &[Val], slots: &[Slot]) {
    for (&value, &slot) in values.iter().zip(slots) {
        match (value, slot) {
            (Val::One(h), Slot::One(to)) => k.b.store(to, h),
            (Val::Pair(low, high), Slot::Pair(to_low, to_high)) => {
                k.b.store(to_low, low);
                k.b.store(to_high, high);
            }
            // Only after an error that has been told.
            _ => {}
        }
    }
}

/// Reads variables, as the values that they stand for from here on.
fn read<'c>(k: &mut Kernel<'c>, values: &[Value<'c>], slots: &[Slot]) {
    for (&v, &slot) in values.iter().zip(slots) {
        if v.is_unused() {
            continue;
        }
        let val = match slot {
            Slot::One(from) => Val::One(k.b.load(from)),
            Slot::Pair(low, high) => Val::Pair(k.b.load(low), k.b.load(high)),
        };
        k.define(v, val);
    }
}

/// `if (condition) { break; }`
fn leave_if(k: &mut Kernel<'_>, condition: H) {
    k.b.begin(false);
    k.b.statement(Statement::Break, &[]);
    let accept = k.b.end();
    k.b.statement(Statement::If { condition, accept, reject: Block::default() }, &[condition]);
}

/// `scf.for`
pub(super) fn counted<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    let block = op.body(0);
    let counter = block_arg(block, 0);
    if k.ty(op, counter)? != (Ty { elem: Elem::I32, lanes: 1 }) {
        return Err(OpError::new(op, format!("a loop counts in index or i32, not in {}", counter.ty())));
    }
    if let Some(end) = end_of_one(k, op) {
        return once(k, op, end);
    }
    let (lower, upper, step) = (k.arg(op, 0)?, k.arg(op, 1)?, k.arg(op, 2)?);
    let carried: Vec<Value<'c>> = (1..block.argument_count()).map(|i| block_arg(block, i)).collect();
    let name = COUNTERS[k.loops % COUNTERS.len()];
    let i32 = k.b.value_ty(Scalar::I32, 1);
    let variable = k.b.variable(name, i32, None);
    let slots = slots(k, op, &carried, "acc")?;
    write(k, op, &op.args()[3..], &slots)?;
    k.b.store(variable, lower);

    k.b.begin(true);
    k.loops += 1;
    let i = k.b.load(variable);
    k.b.name(i, name);
    k.define(counter, Val::One(i));
    k.b.reach(upper, "end");
    let past = k.b.pure(Expression::Binary { op: Bin::GreaterEqual, left: i, right: upper });
    leave_if(k, past);
    read(k, &carried, &slots);
    let end = k.block(block);
    if let Some(end) = end {
        write(k, end, &end.args(), &slots)?;
    }
    k.loops -= 1;
    k.b.reach(step, "step");
    let body = k.b.end();
    k.b.begin(true);
    let next = k.b.binary(Bin::Add, i, step);
    k.b.store(variable, next);
    let continuing = k.b.end();
    k.b.statement(Statement::Loop { body, continuing, break_if: None }, &[]);
    read(k, &op.ress(), &slots);
    Ok(())
}

/// The end of a loop of one pass at most, `[i, min(i + 1, end))`: how the units of a grid are spread over invocations.
fn end_of_one<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Option<Value<'c>> {
    let (lower, step) = (k.facts.linear(op.arg(0)), k.facts.known(op.arg(2))?);
    let min = op.arg(1).def().filter(|d| d.op_name() == "arith.minsi")?;
    [(0, 1), (1, 0)].into_iter().find_map(|(near, far)| {
        let near = k.facts.linear(min.arg(near));
        let room = near.constant.checked_sub(lower.constant)?;
        (near.terms == lower.terms && (1..=step).contains(&room)).then(|| min.arg(far))
    })
}

/// A loop whose body runs if its lower bound is below `end`, and not again.
fn once<'c>(k: &mut Kernel<'c>, op: Op<'c>, end: Value<'c>) -> Done {
    let block = op.body(0);
    let (lower, end) = (k.arg(op, 0)?, k.one(op, end)?);
    let results = op.ress();
    let slots = slots(k, op, &results, "r")?;
    write(k, op, &op.args()[3..], &slots)?;
    let condition = k.b.binary(Bin::Less, lower, end);
    k.b.begin(false);
    k.define(block_arg(block, 0), Val::One(lower));
    for i in 1..block.argument_count() {
        let first = k.get(op, op.arg(2 + i))?;
        k.define(block_arg(block, i), first);
    }
    if let Some(end) = k.block(block) {
        write(k, end, &end.args(), &slots)?;
    }
    let accept = k.b.end();
    k.b.statement(Statement::If { condition, accept, reject: Block::default() }, &[condition]);
    read(k, &results, &slots);
    Ok(())
}

/// `scf.if`
pub(super) fn conditional<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    let condition = k.arg(op, 0)?;
    let results = op.ress();
    let slots = slots(k, op, &results, "r")?;
    let mut sides = [Block::default(), Block::default()];
    for (i, side) in sides.iter_mut().enumerate() {
        let Some(block) = op.region(i).ok().and_then(|r| r.first_block()) else { continue };
        k.b.begin(false);
        if let Some(end) = k.block(block) {
            write(k, end, &end.args(), &slots)?;
        }
        *side = k.b.end();
    }
    let [accept, reject] = sides;
    k.b.statement(Statement::If { condition, accept, reject }, &[condition]);
    read(k, &results, &slots);
    Ok(())
}

/// `scf.while`
pub(super) fn tested<'c>(k: &mut Kernel<'c>, op: Op<'c>) -> Done {
    let (before, after) = (op.body(0), op.body(1));
    let carried: Vec<Value<'c>> = (0..before.argument_count()).map(|i| block_arg(before, i)).collect();
    let forwarded: Vec<Value<'c>> = (0..after.argument_count()).map(|i| block_arg(after, i)).collect();
    let results = op.ress();
    let slots_in = slots(k, op, &carried, "acc")?;
    write(k, op, &op.args(), &slots_in)?;
    let used = results.iter().any(|r| !r.is_unused());
    let slots_out = if used { slots(k, op, &results, "r")? } else { Vec::new() };

    k.b.begin(true);
    k.loops += 1;
    read(k, &carried, &slots_in);
    if let Some(end) = k.block(before) {
        let values = end.args()[1..].iter().map(|&v| k.get(end, v)).collect::<Result<Vec<_>, _>>()?;
        write_values(k, &values, &slots_out);
        let go = k.arg(end, 0)?;
        let stop = k.b.unary(UnaryOperator::LogicalNot, go);
        leave_if(k, stop);
        for (&v, val) in forwarded.iter().zip(values) {
            k.define(v, val);
        }
    }
    if let Some(end) = k.block(after) {
        write(k, end, &end.args(), &slots_in)?;
    }
    k.loops -= 1;
    let body = k.b.end();
    k.b.statement(Statement::Loop { body, continuing: Block::default(), break_if: None }, &[]);
    read(k, &results, &slots_out);
    Ok(())
}
