//! What values integers can have, as far as the ops tell: the proof that 32 bits are enough.

use std::collections::HashMap;
use weft_dialects::ir::{Elem, Op, OpExt, Type, Value, ValueExt, elem_of, is_index_type, walk_ops};

/// All integers from `low` to `high`, as signed numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    low: i64,
    high: i64,
}

/// An `index` has 32 bits on this kind of target.
const WORD: Range = Range { low: i32::MIN as i64, high: i32::MAX as i64 };
/// The most workgroups along a dim that any WebGPU device takes.
const MOST_GROUPS: i64 = 65535;
/// The most invocations of a workgroup along a dim.
const MOST_THREADS: i64 = 1024;

impl Range {
    fn new(low: i64, high: i64) -> Self {
        Self { low, high }
    }

    /// All values of an integer type; `None` for other types.
    fn of(ty: Type<'_>) -> Option<Self> {
        if is_index_type(ty) {
            return Some(WORD);
        }
        Some(match elem_of(ty)? {
            // A set `i1` is -1 or 1, whoever asks.
            Elem::I1 => Self::new(-1, 1),
            Elem::I8 => Self::new(i8::MIN.into(), i8::MAX.into()),
            Elem::I16 => Self::new(i16::MIN.into(), i16::MAX.into()),
            Elem::I32 => WORD,
            Elem::I64 => Self::new(i64::MIN, i64::MAX),
            _ => return None,
        })
    }

    /// Whether a signed 32-bit number holds every value.
    pub(super) fn fits_word(self) -> bool {
        self.within(WORD)
    }

    /// Whether no value is negative.
    pub(super) fn is_natural(self) -> bool {
        self.low >= 0
    }

    /// Whether 0 is not among the values.
    pub(super) fn excludes_zero(self) -> bool {
        self.low > 0 || self.high < 0
    }

    fn within(self, other: Self) -> bool {
        self.low >= other.low && self.high <= other.high
    }

    fn union(self, other: Self) -> Self {
        Self::new(self.low.min(other.low), self.high.max(other.high))
    }

    /// The hull of an operation on the bounds; `None` if it leaves 64 bits.
    fn corners(self, other: Self, f: impl Fn(i128, i128) -> i128) -> Option<Self> {
        let (a, b) = ([self.low, self.high], [other.low, other.high]);
        let all = a.iter().flat_map(|&x| b.iter().map(move |&y| (x, y))).map(|(x, y)| f(x.into(), y.into()));
        let (low, high) = all.fold((i128::MAX, i128::MIN), |(l, h), v| (l.min(v), h.max(v)));
        Some(Self::new(i64::try_from(low).ok()?, i64::try_from(high).ok()?))
    }
}

/// The ranges of all integers of a function.
#[derive(Default)]
pub(super) struct Ranges(HashMap<usize, Range>);

impl Ranges {
    /// Finds them. What loops carry has the range of its type.
    pub(super) fn of(func: Op<'_>) -> Self {
        let mut ranges = Self::default();
        for op in walk_ops(func) {
            if op.op_name() == "scf.for" {
                let (from, to) = (ranges.get(op.arg(0)), ranges.get(op.arg(1)));
                let iv = weft_dialects::ir::block_arg(op.body(0), 0);
                ranges.0.insert(iv.key(), Range::new(from.low, (to.high - 1).max(from.low)));
            }
            let [result] = op.ress()[..] else { continue };
            let Some(whole) = Range::of(result.ty()) else { continue };
            // An operation that may leave its type wraps around to anything.
            if let Some(range) = ranges.computed(op).filter(|r| r.within(whole)) {
                ranges.0.insert(result.key(), range);
            }
        }
        ranges
    }

    /// The range of a value.
    pub(super) fn get(&self, v: Value<'_>) -> Range {
        let known = self.0.get(&v.key()).copied();
        known.or_else(|| Range::of(v.ty())).unwrap_or(Range { low: i64::MIN, high: i64::MAX })
    }

    /// Lets a value have the range of another.
    pub(super) fn copy(&mut self, from: Value<'_>, to: Value<'_>) {
        if let Some(&range) = self.0.get(&from.key()) {
            self.0.insert(to.key(), range);
        }
    }

    fn computed(&self, op: Op<'_>) -> Option<Range> {
        let x = |i: usize| self.get(op.arg(i));
        Some(match op.op_name().as_str() {
            "arith.constant" => {
                let n = op.int("value")?;
                Range::new(n, n)
            }
            "arith.index_cast" | "arith.trunci" => x(0),
            "arith.extsi" if elem_of(op.arg(0).ty()) == Some(Elem::I1) => Range::new(-1, 0),
            "arith.extsi" => x(0),
            "arith.extui" | "arith.index_castui" if x(0).is_natural() => x(0),
            "arith.extui" => match elem_of(op.arg(0).ty())? {
                Elem::I1 => Range::new(0, 1),
                elem => Range::new(0, (1i64 << (8 * elem.bytes().min(4))) - 1),
            },
            "arith.addi" => x(0).corners(x(1), |a, b| a + b)?,
            "arith.subi" => x(0).corners(x(1), |a, b| a - b)?,
            "arith.muli" => x(0).corners(x(1), |a, b| a * b)?,
            "arith.minsi" => Range::new(x(0).low.min(x(1).low), x(0).high.min(x(1).high)),
            "arith.maxsi" => Range::new(x(0).low.max(x(1).low), x(0).high.max(x(1).high)),
            "arith.select" => x(1).union(x(2)),
            "arith.andi" if x(1).is_natural() => Range::new(0, x(1).high),
            "arith.andi" if x(0).is_natural() => Range::new(0, x(0).high),
            "arith.divsi" if x(1).low > 0 => x(0).corners(x(1), |a, b| a / b)?,
            "arith.remsi" if x(1).low > 0 => {
                let most = x(1).high - 1;
                let low = if x(0).is_natural() { 0 } else { -most };
                Range::new(low, most.min(if x(0).is_natural() { x(0).high } else { most }))
            }
            "gpu.thread_id" => Range::new(0, self.along(op, "known_block_size").unwrap_or(MOST_THREADS) - 1),
            "gpu.block_dim" => Range::new(1, MOST_THREADS),
            "gpu.block_id" => Range::new(0, self.along(op, "known_grid_size").unwrap_or(MOST_GROUPS) - 1),
            "gpu.grid_dim" => Range::new(1, MOST_GROUPS),
            "gpu.global_id" => Range::new(0, MOST_GROUPS * MOST_THREADS - 1),
            "gpu.subgroup_size" | "gpu.lane_id" => Range::new(0, 128),
            _ => return None,
        })
    }

    /// What a kernel's attribute, `array<i32: x, y, z>`, says of the dim that an id is along.
    fn along(&self, op: Op<'_>, name: &str) -> Option<i64> {
        let mut at = op.parent();
        while let Some(f) = at.filter(|f| f.op_name() != "gpu.func") {
            at = f.parent();
        }
        let text = at?.attr(name)?.to_string();
        let numbers = text.strip_prefix("array<i32: ")?.trim_end_matches('>').split(", ");
        let numbers: Vec<i64> = numbers.map_while(|n| n.parse().ok()).collect();
        let along = op.attr("dimension")?.to_string();
        let dim = ["dim x", "dim y", "dim z"].iter().position(|d| along.contains(d))?;
        numbers.get(dim).copied()
    }
}
