//! Where values live, and which of them share a variable.
//!
//! The code is structured and its values are assigned once, so a value lives in one range of positions: from its
//! definition to its last use, or to the end of the outermost loop that it is used in but not defined in. Positions
//! come in halves: an item reads at `2p` and writes at `2p + 1`, so a value that dies in an item leaves its local to
//! that item's result.
//!
//! A *variable* is a set of values that are kept in one local. A loop's result and its carried argument must share
//! one; beyond that, source and destination of a move are joined when their ranges don't overlap, which makes the
//! move disappear: a yielded sum is then computed straight into its accumulator.

use super::code::{Arg, Block, Function, Item, Move, Val};

/// Inclusive range of half positions.
pub(super) type Range = (u32, u32);

/// Uses, and the variables with their ranges.
pub(super) struct Liveness {
    /// How often each value is read, moves included.
    pub(super) uses: Vec<u32>,
    parent: Vec<Val>,
    ranges: Vec<Vec<Range>>,
}

impl Liveness {
    pub(super) fn of(function: &Function) -> Self {
        let n = function.types.len();
        let mut walk = Walk {
            position: 0,
            loops: Vec::new(),
            start: vec![0; n],
            end: vec![0; n],
            extra: vec![Vec::new(); n],
            uses: vec![0; n],
            same: Vec::new(),
            moves: Vec::new(),
        };
        walk.block(&function.body);
        let ranges = (0..n)
            .map(|v| {
                let mut ranges = std::mem::take(&mut walk.extra[v]);
                ranges.push((walk.start[v], walk.end[v].max(walk.start[v])));
                ranges.sort_unstable();
                ranges
            })
            .collect();
        let mut live = Self { uses: walk.uses, parent: (0..n as Val).collect(), ranges };
        for (a, b) in walk.same {
            live.join(a, b);
        }
        // The moves that run most often first; the order of the program among equals.
        walk.moves.sort_by_key(|m| std::cmp::Reverse(m.0));
        for (_, from, to) in walk.moves {
            if function.types[from as usize] == function.types[to as usize] {
                let (a, b) = (live.variable(from), live.variable(to));
                if a != b && !overlap(&live.ranges[a as usize], &live.ranges[b as usize]) {
                    live.join(a, b);
                }
            }
        }
        live
    }

    /// The value that stands for all values in `v`'s variable.
    pub(super) fn variable(&self, mut v: Val) -> Val {
        while self.parent[v as usize] != v {
            v = self.parent[v as usize];
        }
        v
    }

    /// Where a variable (as [`Self::variable`] gives it) lives, sorted.
    pub(super) fn ranges(&self, variable: Val) -> &[Range] {
        &self.ranges[variable as usize]
    }

    /// Whether a move needs no code.
    pub(super) fn joined(&self, from: Arg, to: Val) -> bool {
        matches!(from, Arg::Val(v) if self.variable(v) == self.variable(to))
    }

    fn join(&mut self, a: Val, b: Val) {
        let (a, b) = (self.variable(a), self.variable(b));
        if a == b {
            return;
        }
        // Parameters have the lowest numbers, and stay the representatives: their local is given.
        let (root, child) = (a.min(b), a.max(b));
        self.parent[child as usize] = root;
        let moved = std::mem::take(&mut self.ranges[child as usize]);
        self.ranges[root as usize].extend(moved);
        self.ranges[root as usize].sort_unstable();
    }
}

/// Whether two sorted lists of disjoint ranges have a position in common.
pub(super) fn overlap(a: &[Range], b: &[Range]) -> bool {
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i].0 <= b[j].1 && b[j].0 <= a[i].1 {
            return true;
        }
        if a[i].1 < b[j].1 { i += 1 } else { j += 1 }
    }
    false
}

struct OpenLoop {
    start: u32,
    used: Vec<Val>,
}

struct Walk {
    position: u32,
    loops: Vec<OpenLoop>,
    start: Vec<u32>,
    end: Vec<u32>,
    extra: Vec<Vec<Range>>,
    uses: Vec<u32>,
    same: Vec<(Val, Val)>,
    /// Depth, source, destination.
    moves: Vec<(usize, Val, Val)>,
}

impl Walk {
    fn step(&mut self) -> u32 {
        self.position += 1;
        2 * self.position
    }

    fn read(&mut self, arg: Arg, at: u32) {
        let Arg::Val(v) = arg else { return };
        let i = v as usize;
        self.uses[i] += 1;
        self.end[i] = self.end[i].max(at);
        // Every iteration reads it: it must outlive the outermost loop that began after its definition.
        let start = self.start[i];
        if let Some(outer) = self.loops.iter_mut().find(|l| start < l.start) {
            outer.used.push(v);
        }
    }

    fn write(&mut self, v: Val, at: u32) {
        self.start[v as usize] = at;
        self.end[v as usize] = at;
    }

    /// Reads the sources of a move that happens at `at`.
    fn read_move(&mut self, m: &Move, at: u32) {
        for (&from, &to) in m.from.iter().zip(&m.to) {
            self.read(from, at);
            if let Arg::Val(from) = from {
                self.moves.push((self.loops.len(), from, to));
            }
        }
    }

    /// Returns the position of the block's tail.
    fn block(&mut self, block: &Block) -> u32 {
        for item in &block.items {
            self.item(item);
        }
        let at = self.step();
        for &arg in &block.keep {
            self.read(arg, at);
        }
        self.read_move(&block.tail, at);
        at
    }

    fn open(&mut self, init: &Move) {
        let at = self.step();
        self.read_move(init, at);
        for &v in &init.to {
            self.write(v, at + 1);
        }
        self.loops.push(OpenLoop { start: at + 1, used: Vec::new() });
    }

    fn close(&mut self, at: u32) {
        if let Some(closed) = self.loops.pop() {
            for v in closed.used {
                self.end[v as usize] = self.end[v as usize].max(at);
            }
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Plain(plain) => {
                let at = self.step();
                for &arg in &plain.args {
                    self.read(arg, at);
                }
                for &v in &plain.results {
                    self.write(v, at + 1);
                }
            }
            Item::For(f) => {
                self.open(&f.init);
                let tail = self.block(&f.body);
                let end = self.step();
                for arg in [Arg::Val(f.counter), f.upper, f.step] {
                    self.read(arg, end);
                }
                self.close(end);
                for (&carried, &result) in f.carried.iter().zip(&f.results) {
                    self.extra[carried as usize].push((tail + 1, end));
                    self.write(result, end + 1);
                    self.same.push((carried, result));
                }
            }
            Item::If(i) => {
                let at = self.step();
                self.read(i.condition, at);
                let then = self.block(&i.then);
                let otherwise = i.otherwise.as_ref().map(|b| self.block(b));
                let end = self.step();
                for &result in &i.results {
                    self.write(result, end + 1);
                    for tail in [Some(then), otherwise].into_iter().flatten() {
                        self.extra[result as usize].push((tail + 1, tail + 1));
                    }
                    // From the last branch, control falls through to the end.
                    self.extra[result as usize].push((end, end));
                }
            }
            Item::While(w) => {
                self.open(&w.init);
                let test = self.block(&w.before);
                for &v in &w.forwarded {
                    self.write(v, test + 1);
                }
                let tail = self.block(&w.after);
                let end = self.step();
                self.close(end);
                for &carried in &w.carried {
                    self.extra[carried as usize].push((tail + 1, end));
                }
                for (&forwarded, &result) in w.forwarded.iter().zip(&w.results) {
                    self.write(result, end + 1);
                    self.same.push((forwarded, result));
                }
            }
        }
    }
}
