//! `split-i64`: 64-bit integers, which WGSL doesn't have, become pairs of 32-bit words.
//!
//! A value of type `i64` becomes two of type `i32`. Where the operands' and the result's ranges ([`range`]) fit 32 bits, an op
//! becomes the same op on the low words, and the high word is the sign, which mostly nobody reads; else it is computed on both
//! ([`pair`], [`divide`], [`float`]), exactly: results wrap around at 64 bits, and conversions round once.
//!
//! In memory an `i64` stays what it is, 8 bytes: a buffer's type gets one more dim of two `i32`, the low word first ([`memory`]).
//!
//! A position (`arith.index_cast` of an `i64` to `index`, which has 32 bits) is the nearest 32-bit number, not the low word: the
//! legaliser clamps every position that data give, and clamping the nearest number gives what clamping the number itself does.

mod control;
mod divide;
mod float;
mod memory;
mod pair;
mod range;
#[cfg(test)]
mod tests;

use crate::pass::{PassCx, PassInfo};
use pair::{Pair, Words};
use range::Ranges;
use std::collections::{HashMap, HashSet};
use weft_dialects::ir::{
    BlockLike, Builder, Cx, Elem, Op, OpError, OpExt, OperationLike, RegionLike, Type, Value, ValueExt, VectorTy,
    block_arg, block_ops, elem_of, funcs, walk_ops,
};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "split-i64",
    doc: "Turns 64-bit integers into 32-bit ones where their ranges allow, else into pairs of 32-bit words.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    // Modules in this one are other devices' business.
    let kernels = block_ops(module.body(0)).into_iter().filter(|op| op.op_name() == "gpu.module");
    let kernels = kernels.flat_map(|m| block_ops(m.body(0))).filter(|op| op.op_name() == "gpu.func");
    let all: Vec<Op<'c>> = kernels.chain(funcs(module)).collect();
    let problems: Vec<OpError> = all.into_iter().filter_map(|f| Split::function(pcx.cx, f).err()).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Whether a type is `i64`.
fn is_wide(ty: Type<'_>) -> bool {
    elem_of(ty) == Some(Elem::I64)
}

/// Rewrites one function, in program order.
struct Split<'c> {
    cx: Cx<'c>,
    ranges: Ranges,
    /// What stands for `i64` values, by their keys.
    pairs: HashMap<usize, Pair<'c>>,
    /// The buffers of 64-bit integers, by their keys.
    buffers: HashSet<usize>,
    /// Ops that something else stands for, in program order.
    dead: Vec<Op<'c>>,
}

impl<'c> Split<'c> {
    fn function(cx: Cx<'c>, func: Op<'c>) -> Result<(), OpError> {
        if func.region(0).ok().and_then(|r| r.first_block()).is_none() {
            memory::retype_declaration(cx, func);
            return Ok(());
        }
        let ops = walk_ops(func);
        if !values(func, &ops).into_iter().any(|v| concerns(v.ty())) {
            return Ok(());
        }
        let ranges = Ranges::of(func);
        let buffers = memory::retype(cx, func, &ops);
        let mut split = Self { cx, ranges, pairs: HashMap::new(), buffers, dead: Vec::new() };
        for &op in &ops {
            split.rewrite(op)?;
        }
        for op in split.dead.into_iter().rev() {
            op.erase();
        }
        erase_unused(func);
        Ok(())
    }

    fn pair(&self, user: Op<'c>, v: Value<'c>) -> Result<Pair<'c>, OpError> {
        let known = self.pairs.get(&v.key()).copied();
        known.ok_or_else(|| OpError::new(user, "gets a 64-bit integer from outside, where it can't be two words"))
    }

    /// Lets a pair stand for the result of an op.
    fn stands_for(&mut self, op: Op<'c>, pair: Pair<'c>) {
        self.pairs.insert(op.res(0).key(), pair);
        self.dead.push(op);
    }

    /// Lets a value stand for the result of an op.
    fn replaces(&mut self, op: Op<'c>, value: Value<'c>) {
        op.res(0).replace_with(value);
        self.dead.push(op);
    }

    fn rewrite(&mut self, op: Op<'c>) -> Result<(), OpError> {
        let name = op.op_name();
        let wide = |values: Vec<Value<'c>>| values.into_iter().any(|v| is_wide(v.ty()));
        if op.ress().first().is_some_and(|v| self.buffers.contains(&v.key())) {
            return memory::extend_view(self.cx, op, &name);
        }
        if let "scf.for" | "scf.if" | "scf.while" | "scf.yield" | "scf.condition" = name.as_str() {
            return self.control(op, &name);
        }
        let vectors =
            op.args().into_iter().chain(op.ress()).any(|v| VectorTy::of(v.ty()).is_some_and(|t| t.elem == Elem::I64));
        if vectors {
            return Err(OpError::new(op, "has no form for vectors of 64-bit integers"));
        }
        if !wide(op.args()) && !wide(op.ress()) {
            return Ok(());
        }
        let w = Words { b: Builder::before(self.cx, op) };
        match name.as_str() {
            "memref.load" => {
                let pair = memory::load(&w, op);
                self.stands_for(op, pair);
            }
            "memref.store" => {
                let pair = self.pair(op, op.arg(0))?;
                memory::store(&w, op, pair);
                self.dead.push(op);
            }
            "arith.cmpi" => {
                let (x, y) = (self.pair(op, op.arg(0))?, self.pair(op, op.arg(1))?);
                let predicate = PREDICATES.get(op.int("predicate").unwrap_or(-1) as usize);
                let predicate = predicate.ok_or_else(|| OpError::new(op, "has no known predicate"))?;
                let words = if predicate.starts_with('u') { self.natural(op) } else { self.small(op) };
                let c = if words { w.test(predicate, x.low, y.low) } else { w.compare(predicate, x, y) };
                self.replaces(op, c);
            }
            _ if is_wide(op.res(0).ty()) => {
                let pair = self.arithmetic(&w, op, &name)?;
                self.stands_for(op, pair);
            }
            _ => {
                let value = self.narrowing(&w, op, &name)?;
                self.replaces(op, value);
            }
        }
        Ok(())
    }

    /// Whether all operands fit a signed word.
    fn small(&self, op: Op<'c>) -> bool {
        op.args().into_iter().all(|v| self.ranges.get(v).fits_word())
    }

    /// Whether all operands fit a word with and without sign.
    fn natural(&self, op: Op<'c>) -> bool {
        self.small(op) && op.args().into_iter().all(|v| self.ranges.get(v).is_natural())
    }

    /// An op that gives an `i64`.
    fn arithmetic(&self, w: &Words<'c>, op: Op<'c>, name: &str) -> Result<Pair<'c>, OpError> {
        let unknown = || OpError::new(op, format!("{name} has no form on pairs of 32-bit words"));
        let x = |i: usize| self.pair(op, op.arg(i));
        let kind = name.strip_prefix("arith.").unwrap_or(name);
        // Words suffice for what neither starts nor ends outside of them.
        let small = self.ranges.get(op.res(0)).fits_word();
        let from = op.args().first().and_then(|v| elem_of(v.ty()));
        let word = |name: &str| match from {
            Some(Elem::I32) => op.arg(0),
            _ => w.b.value(name, &[op.arg(0)], self.cx.i32(), &[]),
        };
        Ok(match kind {
            "constant" => w.constant(op.int("value").ok_or_else(unknown)?),
            "addi" | "subi" | "muli" if small && self.small(op) => {
                let (x, y) = (x(0)?, x(1)?);
                w.signed(w.op(kind, x.low, y.low))
            }
            "addi" => w.add(x(0)?, x(1)?),
            "subi" => w.sub(x(0)?, x(1)?),
            "muli" => w.mul(x(0)?, x(1)?),
            "andi" | "ori" | "xori" => w.bitwise(kind, x(0)?, x(1)?),
            "shli" | "shrsi" | "shrui" => w.shift(kind, x(0)?, x(1)?),
            "divsi" | "remsi" if small && self.small(op) && self.ranges.get(op.arg(1)).excludes_zero() => {
                let (x, y) = (x(0)?, x(1)?);
                w.signed(w.op(kind, x.low, y.low))
            }
            "divsi" | "divui" | "remsi" | "remui" => w.divide(kind, x(0)?, x(1)?).ok_or_else(unknown)?,
            "maxsi" | "minsi" | "maxui" | "minui" => {
                let (a, b) = (x(0)?, x(1)?);
                let small = if kind.ends_with("ui") { self.natural(op) } else { self.small(op) };
                if small {
                    w.signed(w.op(kind, a.low, b.low))
                } else {
                    let predicate = match &kind[..4] {
                        "maxs" => "sgt",
                        "mins" => "slt",
                        "maxu" => "ugt",
                        _ => "ult",
                    };
                    w.choose(w.compare(predicate, a, b), a, b)
                }
            }
            "select" => w.choose(op.arg(0), x(1)?, x(2)?),
            "extsi" => w.signed(word(name)),
            "extui" => w.unsigned(word(name)),
            "index_cast" => w.signed(w.b.value(name, &[op.arg(0)], self.cx.i32(), &[])),
            "index_castui" => w.unsigned(w.b.value(name, &[op.arg(0)], self.cx.i32(), &[])),
            "fptosi" | "fptoui" => {
                let x = match elem_of(op.arg(0).ty()) {
                    Some(Elem::F32) => op.arg(0),
                    Some(Elem::F16 | Elem::BF16) => w.b.value("arith.extf", &[op.arg(0)], self.cx.f32(), &[]),
                    _ => return Err(unknown()),
                };
                if kind == "fptosi" { w.of_float(x) } else { w.unsigned_of_float(x) }
            }
            "math.absi" => w.absolute(x(0)?),
            _ => return Err(unknown()),
        })
    }

    /// An op that takes `i64`s and gives something else.
    fn narrowing(&self, w: &Words<'c>, op: Op<'c>, name: &str) -> Result<Value<'c>, OpError> {
        let x = self.pair(op, op.arg(0))?;
        let range = self.ranges.get(op.arg(0));
        let ty = op.res(0).ty();
        let to = |name: &str, v: Value<'c>| if v.ty() == ty { v } else { w.b.value(name, &[v], ty, &[]) };
        Ok(match name {
            "arith.trunci" => to(name, x.low),
            "arith.index_cast" => to(name, w.saturated(x, range)),
            "arith.index_castui" if range.is_natural() => to("arith.index_cast", w.saturated(x, range)),
            "arith.sitofp" if range.fits_word() => to(name, x.low),
            "arith.uitofp" if range.fits_word() && range.is_natural() => to(name, x.low),
            "arith.sitofp" | "arith.uitofp" if elem_of(ty).is_some_and(|e| e.is_float() && e != Elem::F64) => {
                let value = if name == "arith.sitofp" { w.to_float(x) } else { w.unsigned_to_float(x) };
                // Numbers that an f32 doesn't hold are infinite as an f16.
                to("arith.truncf", value)
            }
            _ => return Err(OpError::new(op, format!("{name} has no form on pairs of 32-bit words that gives {ty}"))),
        })
    }
}

const PREDICATES: [&str; 10] = ["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"];

/// Whether values of a type have to change: an `i64`, or a buffer or vector of them.
fn concerns(ty: Type<'_>) -> bool {
    is_wide(ty) || memory::is_wide(ty) || VectorTy::of(ty).is_some_and(|t| t.elem == Elem::I64)
}

/// Every value of a function: arguments of blocks, and results.
fn values<'c>(func: Op<'c>, ops: &[Op<'c>]) -> Vec<Value<'c>> {
    let mut out = Vec::new();
    for op in std::iter::once(&func).chain(ops) {
        out.extend(op.ress());
        for region in op.regions() {
            let mut block = region.first_block();
            while let Some(b) = block {
                out.extend((0..b.argument_count()).map(|i| block_arg(b, i)));
                block = b.next_in_region();
            }
        }
    }
    out
}

/// Erases words that nobody reads.
fn erase_unused(func: Op<'_>) {
    for op in walk_ops(func).into_iter().rev() {
        let name = op.op_name();
        let removable = weft_dialects::is_pure(&name) || name == "memref.load";
        if removable && op.is_unused() && op.result_count() > 0 {
            op.erase();
        }
    }
}
