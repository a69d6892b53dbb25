//! Strength reduction: which pointers a loop carries.
//!
//! Seen from inside a loop, an address is a part that doesn't change in it, a multiple of its counter, and a part
//! that changes further in. All addresses that agree in the first two share one pointer, which starts at the
//! counter's lower bound and moves by a constant each iteration; what differs by a constant becomes immediates.
//! What a pointer starts from is in turn an address to the loop around, so that inner pointers start from outer ones.

use super::addresses::{Addresses, access, is_index, region_blocks};
use super::linear::{Atom, Linear, Terms};
use std::collections::{HashMap, HashSet};
use weft_dialects::ir::{Block, Op, OpExt, Value, ValueExt, block_ops};

/// A block: the op that holds it, and its region's number.
pub type Site = (usize, usize);

/// An address that a loop carries.
#[derive(Debug, Clone)]
pub struct Pointer {
    /// What it points to, in terms of the loop's counter and of values from outside.
    pub terms: Terms,
    /// What is added to the terms: the lowest constant that is read from it, if that can't be an immediate.
    pub constant: i64,
    /// Whether it lies in its buffer (or before it, but not below 0), so that immediates may be added.
    pub in_buffer: bool,
    /// Its first value.
    pub init: Linear,
    /// Bytes it moves by each iteration.
    pub step: i64,
}

/// How a loop counts.
#[derive(Debug, Clone)]
pub enum Counter {
    /// By its index.
    Index,
    /// By the pointer of this number, which moves up to `end`: the index has no other use.
    Pointer {
        /// The pointer.
        number: usize,
        /// Where the counter would reach its upper bound.
        end: Linear,
    },
}

/// What becomes of one `scf.for`.
#[derive(Debug, Clone)]
pub struct LoopPlan {
    /// The loop's step.
    pub step: i64,
    /// How it counts.
    pub counter: Counter,
    /// The pointers that it carries.
    pub pointers: Vec<Pointer>,
    /// Addresses that don't change in it: they are made before it.
    pub invariants: Vec<Terms>,
}

/// What becomes of a function's addresses.
#[derive(Debug, Default)]
pub struct Plan {
    loops: HashMap<usize, LoopPlan>,
    lowest: HashMap<(Site, Terms), i64>,
    needed: HashSet<Atom>,
}

impl Plan {
    /// Of a function.
    pub fn of<'c>(func: Op<'c>, addresses: &Addresses<'c>) -> Self {
        let mut planner = Planner { addresses, plan: Plan::default() };
        planner.roots(func);
        for (i, block) in region_blocks(func).into_iter().enumerate() {
            planner.block(block, (func.key(), i));
        }
        planner.plan
    }

    /// The plan of an `scf.for`; `None` when its step is no positive constant.
    pub fn of_loop(&self, op: Op<'_>) -> Option<&LoopPlan> {
        self.loops.get(&op.key())
    }

    /// Whether an index is used for more than addresses.
    pub fn is_needed(&self, atom: Atom) -> bool {
        self.needed.contains(&atom)
    }

    /// What a pointer in a block adds to its terms, and whether it then lies in its buffer. A constant may only be
    /// an immediate if the pointer does not go below 0 without it, because immediates don't wrap around. The
    /// lowest address that the block itself accesses never does.
    pub fn anchor<'c>(&self, site: Site, terms: &Terms, addresses: &Addresses<'c>) -> (i64, bool) {
        let lowest = self.lowest.get(&(site, terms.clone())).copied();
        if addresses.is_not_negative(terms) {
            (lowest.unwrap_or(0).min(0), true)
        } else {
            (lowest.unwrap_or(0), lowest.is_some())
        }
    }
}

struct Planner<'a, 'c> {
    addresses: &'a Addresses<'c>,
    plan: Plan,
}

/// Addresses in the order in which they appear, without repetition.
#[derive(Default)]
struct Demands {
    list: Vec<Terms>,
    seen: HashSet<Terms>,
}

impl Demands {
    fn add(&mut self, terms: Terms) {
        if !terms.is_empty() && self.seen.insert(terms.clone()) {
            self.list.push(terms);
        }
    }
}

impl<'c> Planner<'_, 'c> {
    /// Marks the indices that ops need which are not addresses; bounds of loops are decided later.
    fn roots(&mut self, func: Op<'c>) {
        for op in weft_dialects::ir::walk_ops(func) {
            let name = op.op_name();
            if is_lazy(op, &name) || weft_dialects::is_memref_view(&name) {
                continue;
            }
            let args = op.args();
            let direct = match name.as_str() {
                "scf.for" => &args[3.min(args.len())..],
                "memref.load" | "vector.load" => &[],
                "memref.store" | "vector.store" => &args[..1],
                _ => &args[..],
            };
            direct.iter().for_each(|&v| self.need(v));
        }
    }

    fn need(&mut self, v: Value<'c>) {
        if !is_index(v) || !self.plan.needed.insert(self.addresses.atom(v)) {
            return;
        }
        if let Some(op) = v.def()
            && is_lazy(op, &op.op_name())
        {
            op.args().into_iter().for_each(|a| self.need(a));
        }
    }

    /// Marks the values that a form is made of. Counters of loops are not marked: pointers stand for them.
    fn need_atoms(&mut self, form: &Terms) {
        for (atom, _) in form.iter() {
            let v = self.addresses.value(atom);
            if v.def().is_some() {
                self.need(v);
            }
        }
    }

    /// The addresses that a block needs, and those its nested blocks need from outside.
    fn block(&mut self, block: Block<'c>, site: Site) -> Demands {
        let mut demands = Demands::default();
        for op in block_ops(block) {
            let name = op.op_name();
            if name == "scf.for" {
                if let Some(inner) = self.for_loop(op) {
                    inner.list.into_iter().for_each(|t| demands.add(t));
                }
                continue;
            }
            if let Some((memref, indices)) = access(op, &name) {
                if let Some(at) = self.addresses.element(memref, &indices) {
                    self.need_atoms(&at.terms);
                    let lowest = self.plan.lowest.entry((site, at.terms.clone())).or_insert(at.constant);
                    *lowest = (*lowest).min(at.constant);
                    demands.add(at.terms);
                }
            } else if !weft_dialects::is_memref_view(&name) {
                self.passed_on(op, &mut demands);
            }
            for (i, inner) in region_blocks(op).into_iter().enumerate() {
                for terms in self.block(inner, (op.key(), i)).list {
                    demands.add(terms.restrict(|a| !self.addresses.is_inside(op, a)));
                }
            }
        }
        demands
    }

    /// Buffers that are operands: of calls, yields, selects.
    fn passed_on(&mut self, op: Op<'c>, demands: &mut Demands) {
        for v in op.args() {
            if v.memref_ty().is_some()
                && let Some(at) = self.addresses.form(v).cloned()
            {
                self.need_atoms(&at.terms);
                demands.add(at.terms);
            }
        }
    }

    /// Plans a loop, and returns what it needs from outside.
    fn for_loop(&mut self, op: Op<'c>) -> Option<Demands> {
        let addresses = self.addresses;
        let step = addresses.form(op.arg(2))?.as_constant().filter(|&s| s > 0)?;
        let body = op.body(0);
        let counter: Value<'c> = super::addresses::block_args(body).into_iter().next()?;
        let atom = addresses.atom(counter);
        let (lower, upper) = (addresses.form(op.arg(0))?, addresses.form(op.arg(1))?);
        let site = (op.key(), 0);
        let mut keys = Demands::default();
        for terms in self.block(body, site).list {
            keys.add(terms.restrict(|a| a == atom || !addresses.is_inside(op, a)));
        }
        let mut outside = Demands::default();
        self.passed_on(op, &mut outside);
        let (mut pointers, mut invariants) = (Vec::new(), Vec::new());
        for terms in keys.list {
            let stride = terms.coefficient(atom);
            if stride == 0 {
                outside.add(terms.clone());
                invariants.push(terms);
                continue;
            }
            let (constant, in_buffer) = self.plan.anchor(site, &terms, addresses);
            let init = Linear { terms: terms.clone(), constant }.substitute(atom, lower);
            self.need_atoms(&lower.terms);
            outside.add(init.terms.clone());
            pointers.push(Pointer { terms, constant, in_buffer, init, step: stride * step });
        }
        let rising = pointers.iter().position(|p| p.step > 0);
        let counter = match rising {
            Some(number) if !self.plan.is_needed(atom) => {
                // The counter is below its bound exactly when the pointer is below its own: both grow in proportion.
                let Pointer { terms, constant, .. } = pointers[number].clone();
                let end = Linear { terms, constant }.substitute(atom, upper);
                self.need_atoms(&upper.terms);
                outside.add(end.terms.clone());
                Counter::Pointer { number, end }
            }
            _ => {
                self.need(counter);
                self.need(op.arg(0));
                self.need(op.arg(1));
                Counter::Index
            }
        };
        self.plan.loops.insert(op.key(), LoopPlan { step, counter, pointers, invariants });
        Some(outside)
    }
}

/// Index arithmetic: it becomes code only where something other than an address needs it.
pub fn is_lazy(op: Op<'_>, name: &str) -> bool {
    name.starts_with("arith.") && op.ress().first().is_some_and(|&v| is_index(v))
}
