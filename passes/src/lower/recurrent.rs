//! What the recurrent cells' lowerings share: loops over rows, time and panels, the product of a state with the recurrent
//! weights, activations.
//!
//! A step is a product of one row with a matrix that is larger than L1, so the weights stream from L2: they are packed in the
//! order in which they are read, the gates of eight neighbouring units side by side. Their sums stay in vectors until the
//! gates are computed, right behind. Rows of the batch are the parallel units. On a grid a workgroup shares a row
//! ([`Team`]).

use super::Schedule;
use super::gemm::when;
use super::grid::recurrent::{self as team, Team};
use super::kernel::Kernel;
use super::vector::{extract_lane, load_element, load_vector, splat, store};
use crate::target::Target;
use weft_dialects::ir::{Builder, Elem, OpError, OpExt, Scalar, Value, ValueExt, VectorTy, extent};
use weft_dialects::nn::recurrent::{Activation, Extents, Function};

/// A cell kernel's buffers and extents.
pub struct Cell<'c> {
    pub e: Extents,
    pub x: Value<'c>,
    pub weights: Value<'c>,
    lengths: Value<'c>,
    pub out: Value<'c>,
    reverse: bool,
    pub lanes: i64,
    /// The invocations that share a row's units, on a grid.
    team: Option<Team>,
}

/// A time step of a row, and the slots of the states before and behind it.
#[derive(Clone, Copy)]
pub struct Step<'c> {
    pub row: Value<'c>,
    pub t: Value<'c>,
    pub from: Value<'c>,
    pub to: Value<'c>,
}

/// Some units at once: the first one, and how many (a vector, or one).
#[derive(Clone, Copy)]
pub struct Units<'c> {
    pub first: Value<'c>,
    pub lanes: i64,
}

/// Refuses what the loops can't be built for.
fn check(kernel: &Kernel<'_>, e: &Extents, target: &Target) -> Result<(), OpError> {
    let op = kernel.blame();
    if op.res(0).tensor_ty().is_none_or(|t| t.elem != Elem::F32) {
        return Err(OpError::new(op, "recurrent cells are lowered for f32 only"));
    }
    if e.panel == 0 || e.panel % target.vector_lanes != 0 {
        return Err(OpError::new(op, "the recurrent weights must be packed: run 'pack-weights' first"));
    }
    if kernel.result.key() != op.res(0).key() {
        return Err(OpError::new(op, "it reads its own result, so that a tail belongs into another kernel"));
    }
    Ok(())
}

/// Units of the outermost loop (rows), and for each entry of `products` (name and gates) how many independent sums a gate's
/// vector has: enough to hide the multiply-add's latency, as in a GEMM.
pub fn schedule(
    kernel: &Kernel<'_>,
    e: &Extents,
    target: &Target,
    products: &[(&'static str, i64)],
) -> Result<Schedule, OpError> {
    check(kernel, e, target)?;
    let vectors = e.panel / target.vector_lanes;
    let ways = |gates: i64| {
        let most = ((target.vector_registers - 3) / (gates * vectors)).clamp(1, 4);
        let wanted = (8 + gates * vectors - 1) / (gates * vectors);
        (1..=most.min(wanted)).rev().find(|w| e.hidden % w == 0).unwrap_or(1)
    };
    Ok([("units", e.rows)].into_iter().chain(products.iter().map(|&(name, gates)| (name, ways(gates)))).collect())
}

impl<'c> Cell<'c> {
    /// The cell of a kernel, whose operands are x, r, the initial states and others, and lengths.
    pub fn of(kernel: &Kernel<'c>, e: Extents, reverse: bool, target: &Target) -> Result<Self, OpError> {
        check(kernel, &e, target)?;
        let op = kernel.blame();
        let last = op.args().len() - 1;
        let (x, weights) = (buffer(kernel, 0)?, buffer(kernel, 1)?);
        let lengths = buffer(kernel, last)?;
        let team = Team::of(kernel)?;
        Ok(Self { e, x, weights, lengths, out: kernel.out, reverse, lanes: target.vector_lanes, team })
    }

    /// Builds the loops over rows and time. `initial` holds, state by state, where it starts from: a buffer `B x H`, or 0.
    /// `step` builds a step.
    pub fn build(
        &self,
        kernel: &Kernel<'c>,
        b: &Builder<'c>,
        initial: &[Option<Value<'c>>],
        mut step: impl FnMut(&Builder<'c>, Step<'c>),
    ) -> Result<(), OpError> {
        let (begin, end) = kernel.range()?;
        let symbols = &kernel.symbols;
        let one = b.index(1);
        b.for_loop(begin, end, one, &[], |b, row, _| {
            let first = symbols.value(b, self.e.first_slot(self.reverse));
            for (s, source) in initial.iter().enumerate() {
                self.every_unit(b, |b, u| {
                    let v = match *source {
                        Some(memref) => self.load(b, memref, &[row], u),
                        None => self.number(b, 0.0, u.lanes),
                    };
                    self.store_state(b, v, s, first, row, u);
                });
            }
            if let Some(team) = &self.team {
                team.meet(b);
            }
            symbols.times(b, self.e.steps, |b, s| {
                let next = |b: &Builder<'c>| b.binary("arith.addi", s, b.index(1));
                let now = if self.reverse {
                    let t = b.binary("arith.subi", symbols.value(b, extent::sub(self.e.steps, 1)), s);
                    Step { row, t, from: b.binary("arith.subi", symbols.value(b, self.e.steps), s), to: t }
                } else {
                    Step { row, t: s, from: s, to: next(b) }
                };
                if !self.e.lengths {
                    return step(b, now);
                }
                let length = b.value("memref.load", &[self.lengths, row], b.cx.i32(), &[]);
                let t = b.value("arith.index_cast", &[now.t], b.cx.i32(), &[]);
                when(b, b.compare("slt", t, length), |b| step(b, now));
                when(b, b.compare("sge", t, length), |b| self.hold(b, initial.len(), now));
            });
            Vec::new()
        });
        Ok(())
    }

    /// The states stay as they are.
    fn hold(&self, b: &Builder<'c>, states: usize, now: Step<'c>) {
        for s in 0..states {
            self.every_unit(b, |b, u| {
                let v = self.state(b, s, now.from, now.row, u);
                self.store_state(b, v, s, now.to, now.row, u);
            });
        }
    }

    /// The first units of a vector: all at once, or one by one where it isn't full.
    fn some_units(&self, b: &Builder<'c>, first: Value<'c>, present: i64) -> Vec<Units<'c>> {
        if present == self.lanes {
            return vec![Units { first, lanes: self.lanes }];
        }
        (0..present).map(|l| Units { first: b.binary("arith.addi", first, b.index(l)), lanes: 1 }).collect()
    }

    /// Runs over all units, as vectors and then one by one.
    fn every_unit(&self, b: &Builder<'c>, mut body: impl FnMut(&Builder<'c>, Units<'c>)) {
        if let Some(team) = &self.team {
            return team.share(b, self, |b, first, present| {
                for u in self.some_units(b, first, present) {
                    body(b, u);
                }
            });
        }
        let whole = self.e.hidden / self.lanes * self.lanes;
        b.times(whole, self.lanes, |b, first| body(b, Units { first, lanes: self.lanes }));
        for j in whole..self.e.hidden {
            body(b, Units { first: b.index(j), lanes: 1 });
        }
    }

    /// Runs over all panels: with the sums of products of `source`'s states with the recurrent weights, for each of
    /// `gates`, `body` computes some units at once.
    pub fn panels(
        &self,
        b: &Builder<'c>,
        now: Step<'c>,
        (state, slot): (usize, Value<'c>),
        gates: std::ops::Range<i64>,
        ways: i64,
        mut body: impl FnMut(&Builder<'c>, Units<'c>, &[Value<'c>]),
    ) {
        if let Some(team) = &self.team {
            team.share(b, self, |b, first, present| {
                let sums = team::product(self, b, now.row, (state, slot), first, gates.clone());
                for (l, u) in self.some_units(b, first, present).into_iter().enumerate() {
                    let own: Vec<_> = match u.lanes {
                        1 => sums.iter().map(|&s| extract_lane(b, s, l as i64)).collect(),
                        _ => sums.clone(),
                    };
                    body(b, u, &own);
                }
            });
            return team.meet(b);
        }
        let (full, rest) = (self.e.hidden / self.e.panel, self.e.hidden % self.e.panel);
        let mut panel = |b: &Builder<'c>, p: Value<'c>, present: i64| {
            let vectors = (present + self.lanes - 1) / self.lanes;
            let sums = self.product(b, now.row, (state, slot), p, gates.clone(), vectors, ways);
            let base = b.binary("arith.muli", p, b.index(self.e.panel));
            let at = |b: &Builder<'c>, j: i64| if j == 0 { base } else { b.binary("arith.addi", base, b.index(j)) };
            for v in 0..vectors {
                let own: Vec<_> = sums.chunks(vectors as usize).map(|gate| gate[v as usize]).collect();
                let first = v * self.lanes;
                if present - first >= self.lanes {
                    body(b, Units { first: at(b, first), lanes: self.lanes }, &own);
                    continue;
                }
                for l in 0..present - first {
                    let scalars: Vec<_> = own.iter().map(|&s| extract_lane(b, s, l)).collect();
                    body(b, Units { first: at(b, first + l), lanes: 1 }, &scalars);
                }
            }
        };
        b.times(full, 1, |b, p| panel(b, p, self.e.panel));
        if rest > 0 {
            panel(b, b.index(full), rest);
        }
    }

    /// The sums over all units of a panel's first vectors, gate by gate.
    #[allow(clippy::too_many_arguments)]
    fn product(
        &self,
        b: &Builder<'c>,
        row: Value<'c>,
        (state, slot): (usize, Value<'c>),
        panel: Value<'c>,
        gates: std::ops::Range<i64>,
        vectors: i64,
        ways: i64,
    ) -> Vec<Value<'c>> {
        let ty = VectorTy::new(Elem::F32, self.lanes).to_mlir(b.cx);
        let count = ((gates.end - gates.start) * vectors) as usize;
        let zero = self.number(b, 0.0, self.lanes);
        let (begin, end, step) = (b.index(0), b.index(self.e.hidden), b.index(ways));
        let lead = b.index(0);
        let sums = b.for_loop(begin, end, step, &vec![zero; count * ways as usize], |b, first, sums| {
            let mut sums = sums.to_vec();
            for (way, sums) in sums.chunks_mut(count).enumerate() {
                let k = if way == 0 { first } else { b.binary("arith.addi", first, b.index(way as i64)) };
                let h = load_element(b, Elem::F32, self.out, &[b.index(state as i64), slot, row, k]);
                let h = b.value("vector.broadcast", &[h], ty, &[]);
                let mut sums = sums.iter_mut();
                for g in gates.clone() {
                    for v in 0..vectors {
                        let column = b.index(g * self.e.panel + v * self.lanes);
                        let w = load_vector(b, Elem::F32, self.weights, &[lead, panel, k, column], self.lanes);
                        if let Some(sum) = sums.next() {
                            *sum = b.contract("arith.addf", b.contract("arith.mulf", h, w), *sum);
                        }
                    }
                }
            }
            sums
        });
        let mut ways = sums.chunks(count);
        let mut total = ways.next().unwrap_or_default().to_vec();
        for way in ways {
            for (t, &w) in total.iter_mut().zip(way) {
                *t = b.binary("arith.addf", *t, w);
            }
        }
        total
    }

    /// Units of a row of any buffer, its indices before the unit being `lead`.
    pub fn load(&self, b: &Builder<'c>, memref: Value<'c>, lead: &[Value<'c>], u: Units<'c>) -> Value<'c> {
        let at: Vec<_> = lead.iter().copied().chain([u.first]).collect();
        if u.lanes == 1 {
            load_element(b, Elem::F32, memref, &at)
        } else {
            load_vector(b, Elem::F32, memref, &at, u.lanes)
        }
    }

    /// A gate's input.
    pub fn input(&self, b: &Builder<'c>, now: Step<'c>, gate: i64, u: Units<'c>) -> Value<'c> {
        let first = b.binary("arith.addi", u.first, b.index(gate * self.e.hidden));
        self.load(b, self.x, &[now.t, now.row], Units { first, ..u })
    }

    /// A state in a slot.
    pub fn state(&self, b: &Builder<'c>, state: usize, slot: Value<'c>, row: Value<'c>, u: Units<'c>) -> Value<'c> {
        self.load(b, self.out, &[b.index(state as i64), slot, row], u)
    }

    /// Stores a state into a slot.
    pub fn store_state(
        &self,
        b: &Builder<'c>,
        v: Value<'c>,
        state: usize,
        slot: Value<'c>,
        row: Value<'c>,
        u: Units<'c>,
    ) {
        store(b, v, self.out, &[b.index(state as i64), slot, row, u.first]);
    }

    /// A number in every lane.
    pub fn number(&self, b: &Builder<'c>, v: f64, lanes: i64) -> Value<'c> {
        let v = b.scalar(Elem::F32, Scalar::F(v));
        if lanes == 1 { v } else { splat(b, v, lanes) }
    }

    /// `v` within `[-limit, limit]`; any `v` if the limit is 0.
    pub fn clip(&self, b: &Builder<'c>, v: Value<'c>, limit: f64, lanes: i64) -> Value<'c> {
        if limit <= 0.0 {
            return v;
        }
        let v = at_least(b, v, self.number(b, -limit, lanes));
        at_most(b, v, self.number(b, limit, lanes))
    }

    /// An activation.
    pub fn activate(&self, b: &Builder<'c>, a: Activation, x: Value<'c>, lanes: i64) -> Value<'c> {
        let n = |v: f64| self.number(b, v, lanes);
        let (add, mul) = (|x, y| b.binary("arith.addf", x, y), |x, y| b.binary("arith.mulf", x, y));
        let line = |x| add(mul(n(a.alpha), x), n(a.beta));
        let below_zero = |low, high| b.select(b.compare("olt", x, n(0.0)), low, high);
        match a.function {
            Function::Affine => line(x),
            Function::Elu => below_zero(mul(n(a.alpha), b.unary("math.expm1", x)), x),
            Function::HardSigmoid => at_most(b, at_least(b, line(x), n(0.0)), n(1.0)),
            Function::LeakyRelu => below_zero(mul(n(a.alpha), x), x),
            Function::Relu => below_zero(n(0.0), x),
            Function::ScaledTanh => mul(n(a.alpha), b.unary("math.tanh", mul(n(a.beta), x))),
            Function::Sigmoid => {
                let e = b.unary("math.exp", b.unary("arith.negf", x));
                b.binary("arith.divf", n(1.0), add(n(1.0), e))
            }
            Function::Softplus => {
                let e = b.unary("math.exp", b.unary("arith.negf", b.unary("math.absf", x)));
                add(at_least(b, x, n(0.0)), b.unary("math.log", add(n(1.0), e)))
            }
            Function::Softsign => b.binary("arith.divf", x, add(n(1.0), b.unary("math.absf", x))),
            Function::Tanh => b.unary("math.tanh", x),
            Function::ThresholdedRelu => b.select(b.compare("oge", x, n(a.alpha)), x, n(0.0)),
        }
    }
}

/// The buffer of operand `i` of a kernel's root.
pub fn buffer<'c>(kernel: &Kernel<'c>, i: usize) -> Result<Value<'c>, OpError> {
    let op = kernel.blame();
    kernel.memref(op.arg(i)).ok_or_else(|| OpError::new(op, format!("operand {i} must be a buffer of its own")))
}

/// At least `bound`; a NaN stays.
fn at_least<'c>(b: &Builder<'c>, x: Value<'c>, bound: Value<'c>) -> Value<'c> {
    b.select(b.compare("olt", x, bound), bound, x)
}

/// At most `bound`; a NaN stays.
fn at_most<'c>(b: &Builder<'c>, x: Value<'c>, bound: Value<'c>) -> Value<'c> {
    b.select(b.compare("olt", bound, x), bound, x)
}
