//! What is known of integer values before any text is written: as sums of products with constants, what divides them,
//! and where they lie.

use std::collections::HashMap;
use weft_dialects::ir::{
    BlockLike, Op, OpExt, OperationLike, RegionLike, Value, ValueExt, block_arg, block_ops, elem_of, is_index_type,
};

/// `constant + sum of atom * coefficient`, modulo 2^32. Atoms are keys of values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Linear {
    /// Atoms in the order in which they were met, with coefficients that aren't 0.
    pub(super) terms: Vec<(usize, i64)>,
    pub(super) constant: i64,
}

impl Linear {
    pub(super) fn constant(constant: i64) -> Self {
        Self { terms: Vec::new(), constant }
    }

    /// Adds `other * factor`.
    pub(super) fn add(&mut self, other: &Self, factor: i64) {
        self.constant = self.constant.wrapping_add(other.constant.wrapping_mul(factor));
        for &(atom, coefficient) in &other.terms {
            let more = coefficient.wrapping_mul(factor);
            match self.terms.iter_mut().find(|(a, _)| *a == atom) {
                Some((_, c)) => *c = c.wrapping_add(more),
                None => self.terms.push((atom, more)),
            }
        }
        self.terms.retain(|&(_, c)| c != 0);
    }
}

/// What is known of a kernel's integers. Answers are kept.
#[derive(Default)]
pub(super) struct Facts<'c> {
    /// Invocations of a workgroup.
    pub(super) block: [i64; 3],
    linear: HashMap<usize, Linear>,
    divisors: HashMap<usize, i64>,
    ranges: HashMap<usize, (i64, i64)>,
    atoms: HashMap<usize, Value<'c>>,
}

/// No more is known than that it is a 32-bit integer.
const ANY: (i64, i64) = (i32::MIN as i64, i32::MAX as i64);

/// The most workgroups along a dim (`maxComputeWorkgroupsPerDimension`).
const WORKGROUPS: i64 = 65535;

/// The most invocations of a subgroup.
const SUBGROUP: i64 = 128;

/// The dimension that an op of `gpu` asks for: 0 to 2.
pub(super) fn dimension(op: Op<'_>) -> usize {
    let text = op.attr("dimension").map(|a| a.to_string()).unwrap_or_default();
    match text.trim_end_matches('>').trim_end() {
        t if t.ends_with('y') => 1,
        t if t.ends_with('z') => 2,
        _ => 0,
    }
}

/// Whether the value is an `index` or an `i32`.
fn is_word(v: Value<'_>) -> bool {
    is_index_type(v.ty()) || elem_of(v.ty()) == Some(weft_dialects::ir::Elem::I32)
}

impl<'c> Facts<'c> {
    pub(super) fn new(block: [i64; 3]) -> Self {
        Self { block, ..Self::default() }
    }

    /// The value that an atom is.
    pub(super) fn atom(&self, key: usize) -> Option<Value<'c>> {
        self.atoms.get(&key).copied()
    }

    /// A value as a sum.
    pub(super) fn linear(&mut self, v: Value<'c>) -> Linear {
        if let Some(known) = self.linear.get(&v.key()) {
            return known.clone();
        }
        let out = self.sum(v).unwrap_or_else(|| {
            self.atoms.insert(v.key(), v);
            Linear { terms: vec![(v.key(), 1)], constant: 0 }
        });
        self.linear.insert(v.key(), out.clone());
        out
    }

    fn sum(&mut self, v: Value<'c>) -> Option<Linear> {
        let op = v.def().filter(|_| is_word(v))?;
        let two = |s: &mut Self, factor| {
            let mut out = s.linear(op.arg(0));
            let right = s.linear(op.arg(1));
            out.add(&right, factor);
            Some(out)
        };
        let scaled = |l: Linear, factor| {
            let mut out = Linear::default();
            out.add(&l, factor);
            Some(out)
        };
        match op.op_name().as_str() {
            "arith.constant" => Some(Linear::constant(op.int("value")?)),
            "arith.addi" => two(self, 1),
            "arith.subi" => two(self, -1),
            "arith.muli" => {
                let (a, b) = (self.linear(op.arg(0)), self.linear(op.arg(1)));
                if b.terms.is_empty() {
                    scaled(a, b.constant)
                } else if a.terms.is_empty() {
                    scaled(b, a.constant)
                } else {
                    None
                }
            }
            "arith.shli" => {
                let (a, b) = (self.linear(op.arg(0)), self.linear(op.arg(1)));
                let by = u32::try_from(b.constant).ok().filter(|&n| b.terms.is_empty() && n < 31)?;
                scaled(a, 1 << by)
            }
            "arith.index_cast" | "arith.index_castui" if is_word(op.arg(0)) => Some(self.linear(op.arg(0))),
            "gpu.block_dim" => Some(Linear::constant(self.block[dimension(op)])),
            "gpu.thread_id" if self.block[dimension(op)] == 1 => Some(Linear::constant(0)),
            "memref.dim" => {
                let dim = usize::try_from(self.linear(op.arg(1)).constant).ok()?;
                let extent = *op.arg(0).memref_ty()?.shape.get(dim)?;
                (extent >= 0).then(|| Linear::constant(extent))
            }
            _ => None,
        }
    }

    /// The integer that a value is.
    pub(super) fn known(&mut self, v: Value<'c>) -> Option<i64> {
        let l = self.linear(v);
        l.terms.is_empty().then_some(l.constant)
    }

    /// The largest known divisor of a sum; 0 for the sum 0.
    pub(super) fn divisor(&mut self, l: &Linear) -> i64 {
        let mut out = l.constant.saturating_abs();
        for &(atom, coefficient) in &l.terms {
            let of = self.atom(atom).map_or(1, |v| self.atom_divisor(v));
            out = gcd(out, of.saturating_mul(coefficient));
        }
        out
    }

    fn divisor_of(&mut self, v: Value<'c>) -> i64 {
        let l = self.linear(v);
        self.divisor(&l)
    }

    /// What divides an atom.
    pub(super) fn atom_divisor(&mut self, v: Value<'c>) -> i64 {
        if let Some(&known) = self.divisors.get(&v.key()) {
            return known;
        }
        self.divisors.insert(v.key(), 1);
        let out = self.find_divisor(v).max(1);
        self.divisors.insert(v.key(), out);
        out
    }

    fn find_divisor(&mut self, v: Value<'c>) -> i64 {
        let Some(op) = v.def() else {
            // A loop's counter.
            return match loop_of(v) {
                Some(op) => {
                    let (first, step) = (self.divisor_of(op.arg(0)), self.divisor_of(op.arg(2)));
                    gcd(first, step)
                }
                None => 1,
            };
        };
        match op.op_name().as_str() {
            "arith.muli" => {
                let (a, b) = (self.divisor_of(op.arg(0)), self.divisor_of(op.arg(1)));
                // As far as 2^32 divides the wrapped product.
                a.saturating_mul(b).min(1 << 30)
            }
            "arith.minsi" | "arith.maxsi" | "arith.minui" | "arith.maxui" => {
                let (a, b) = (self.divisor_of(op.arg(0)), self.divisor_of(op.arg(1)));
                gcd(a, b)
            }
            "arith.select" => {
                let (a, b) = (self.divisor_of(op.arg(1)), self.divisor_of(op.arg(2)));
                gcd(a, b)
            }
            "arith.remui" | "arith.remsi" => match self.known(op.arg(1)) {
                Some(by) => gcd(self.divisor_of(op.arg(0)), by),
                None => 1,
            },
            "arith.divui" | "arith.divsi" => match (self.known(op.arg(1)), self.divisor_of(op.arg(0))) {
                (Some(by), of) if by > 0 && of % by == 0 => of / by,
                _ => 1,
            },
            "arith.andi" => match self.known(op.arg(1)) {
                Some(mask) if mask != 0 => 1 << mask.trailing_zeros().min(30),
                _ => 1,
            },
            "scf.if" => {
                let yields = (0..2).map(|i| op.region(i).ok().and_then(|r| r.first_block()));
                let mut out = 0;
                for block in yields {
                    let value = block.and_then(|b| block_ops(b).pop()).map(|end| end.arg(v.number()));
                    out = gcd(out, value.map_or(1, |v| self.divisor_of(v)));
                }
                out
            }
            _ => 1,
        }
    }

    /// Bounds of a value, both included.
    pub(super) fn range(&mut self, v: Value<'c>) -> (i64, i64) {
        if let Some(&known) = self.ranges.get(&v.key()) {
            return known;
        }
        self.ranges.insert(v.key(), ANY);
        let out = self.find_range(v).filter(|&(a, b)| a >= ANY.0 && b <= ANY.1 && a <= b).unwrap_or(ANY);
        self.ranges.insert(v.key(), out);
        out
    }

    /// Whether a value is known to be 0 or more.
    pub(super) fn is_natural(&mut self, v: Value<'c>) -> bool {
        self.range(v).0 >= 0
    }

    fn find_range(&mut self, v: Value<'c>) -> Option<(i64, i64)> {
        if let Some(n) = self.known(v) {
            return Some((n, n));
        }
        let Some(op) = v.def() else {
            let op = loop_of(v)?;
            let ((first, _), (_, end)) = (self.range(op.arg(0)), self.range(op.arg(1)));
            return Some((first, (end - 1).max(first)));
        };
        let ends = |s: &mut Self| (s.range(op.arg(0)), s.range(op.arg(1)));
        Some(match op.op_name().as_str() {
            "gpu.thread_id" => (0, self.block[dimension(op)] - 1),
            "gpu.block_id" => (0, WORKGROUPS - 1),
            "gpu.grid_dim" => (1, WORKGROUPS),
            "gpu.global_id" => (0, WORKGROUPS * self.block[dimension(op)] - 1),
            "gpu.subgroup_size" => (1, SUBGROUP),
            "gpu.lane_id" => (0, SUBGROUP - 1),
            "arith.addi" => {
                let (a, b) = ends(self);
                (a.0 + b.0, a.1 + b.1)
            }
            "arith.subi" => {
                let (a, b) = ends(self);
                (a.0 - b.1, a.1 - b.0)
            }
            "arith.muli" => {
                let (a, b) = ends(self);
                let all = [a.0 * b.0, a.0 * b.1, a.1 * b.0, a.1 * b.1];
                (all.into_iter().min()?, all.into_iter().max()?)
            }
            "arith.minsi" | "arith.maxsi" | "arith.minui" | "arith.maxui" => {
                let (a, b) = ends(self);
                let (natural, min) = (a.0 >= 0 && b.0 >= 0, op.op_name().starts_with("arith.min"));
                match (op.op_name().ends_with("ui"), min) {
                    // Of words, the smaller one is at most the one that isn't negative.
                    (true, true) if !natural && a.0 >= 0 => (0, a.1),
                    (true, true) if !natural && b.0 >= 0 => (0, b.1),
                    (true, _) if !natural => return None,
                    (_, true) => (a.0.min(b.0), a.1.min(b.1)),
                    (_, false) => (a.0.max(b.0), a.1.max(b.1)),
                }
            }
            "arith.divsi" | "arith.divui" | "arith.floordivsi" => {
                let (a, b) = ends(self);
                if a.0 < 0 || b.0 < 1 {
                    return None;
                }
                (a.0 / b.1, a.1 / b.0)
            }
            "arith.ceildivsi" | "arith.ceildivui" => {
                let (a, b) = ends(self);
                if a.0 < 0 || b.0 < 1 {
                    return None;
                }
                (0, a.1.div_euclid(b.0) + 1)
            }
            "arith.remsi" | "arith.remui" => {
                let (a, b) = ends(self);
                if a.0 < 0 || b.0 < 1 {
                    return None;
                }
                (0, a.1.min(b.1 - 1))
            }
            "arith.select" => {
                let (a, b) = (self.range(op.arg(1)), self.range(op.arg(2)));
                (a.0.min(b.0), a.1.max(b.1))
            }
            "arith.index_cast" if is_word(op.arg(0)) => self.range(op.arg(0)),
            "arith.andi" => {
                let (a, b) = ends(self);
                match (a.0 >= 0, b.0 >= 0) {
                    (true, true) => (0, a.1.min(b.1)),
                    (true, false) => (0, a.1),
                    (false, true) => (0, b.1),
                    (false, false) => return None,
                }
            }
            _ => return None,
        })
    }
}

/// The loop whose counter a block argument is.
fn loop_of<'c>(v: Value<'c>) -> Option<Op<'c>> {
    let block = v.owner_block()?;
    let op = block.parent_operation()?;
    (op.op_name() == "scf.for" && v.key() == block_arg(block, 0).key()).then_some(op)
}

fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.saturating_abs(), b.saturating_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
