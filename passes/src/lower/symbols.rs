//! The symbols' values inside a function: what extents that are expressions come from, once there are loops.

use weft_dialects::ir::extent::{self, Atom, Expr};
use weft_dialects::ir::{AttrExt, BlockLike, Builder, Op, OpExt, Symbols, Value, ValueExt, block_arg, is_index_type};

/// A module's symbols, and the arguments of a function that hold their values.
#[derive(Debug, Clone, Default)]
pub struct SymbolValues<'c> {
    /// Names and bounds.
    pub symbols: Symbols,
    /// One a symbol; empty if the function takes none.
    pub values: Vec<Value<'c>>,
}

impl<'c> SymbolValues<'c> {
    /// Of the function that an op stands in, or is. They are the index arguments behind the buffers; a scheduled kernel has
    /// `begin` and `end` behind them.
    pub fn of(op: Op<'c>) -> Self {
        let symbols = Symbols::of(op);
        let mut at = Some(op);
        while let Some(op) = at.filter(|op| op.op_name() != "func.func") {
            at = op.parent();
        }
        let Some(func) = at.filter(|_| !symbols.is_empty()) else { return Self { symbols, values: Vec::new() } };
        let block = func.body(0);
        let indices: Vec<Value<'c>> =
            (0..block.argument_count()).map(|i| block_arg(block, i)).filter(|v| is_index_type(v.ty())).collect();
        let values = indices.get(..symbols.len()).map(<[_]>::to_vec).unwrap_or_default();
        // A kernel without symbols has the two alone.
        // One of a grid never has them.
        let range = func.attr("weft.schedule").filter(|s| s.get("grid_x").is_none()).map_or(0, |_| 2);
        Self { values: if indices.len() == symbols.len() + range { values } else { Vec::new() }, symbols }
    }

    /// An extent as an index: a constant, or arithmetic on the symbols' values.
    pub fn value(&self, b: &Builder<'c>, n: i64) -> Value<'c> {
        if !extent::is_symbolic(n) {
            return b.index(n);
        }
        self.of_expr(b, &extent::expr(n))
    }

    /// `scf.for` over an extent by one, without carried values; a single iteration is built in line.
    pub fn times(&self, b: &Builder<'c>, n: i64, body: impl FnOnce(&Builder<'c>, Value<'c>)) {
        if !extent::is_symbolic(n) {
            return b.times(n, 1, body);
        }
        let (zero, end, one) = (b.index(0), self.value(b, n), b.index(1));
        b.for_loop(zero, end, one, &[], |b, i, _| {
            body(b, i);
            Vec::new()
        });
    }

    /// What an extent is at most.
    pub fn max(&self, n: i64) -> i64 {
        self.symbols.max(n)
    }

    /// What an extent is at least.
    pub fn min(&self, n: i64) -> i64 {
        self.symbols.min(n)
    }

    /// Places along a dim, ascending whatever the symbols are.
    ///
    /// # Errors
    /// The two of them whose order depends on the symbols.
    pub fn sorted(&self, mut places: Vec<i64>) -> Result<Vec<i64>, (i64, i64)> {
        places.sort_by_key(|&n| (self.max(n), self.min(n)));
        places.dedup();
        match places.windows(2).find(|w| self.min(extent::sub(w[1], w[0])) < 0) {
            Some(w) => Err((w[0], w[1])),
            None => Ok(places),
        }
    }

    fn of_expr(&self, b: &Builder<'c>, e: &Expr) -> Value<'c> {
        let mut sum: Option<Value<'c>> = None;
        for (atom, c) in &e.terms {
            let v = match atom {
                Atom::Symbol(i) => self.values[*i],
                Atom::Floor(inner, by) => self.floor(b, inner, *by),
            };
            let term = if *c == 1 { v } else { b.binary("arith.muli", v, b.index(*c)) };
            sum = Some(sum.map_or(term, |s| b.binary("arith.addi", s, term)));
        }
        match sum {
            Some(s) if e.constant == 0 => s,
            Some(s) => b.binary("arith.addi", s, b.index(e.constant)),
            None => b.index(e.constant),
        }
    }

    /// `floor(e / by)`: the division of machines rounds towards zero, so what may be negative is moved above it.
    fn floor(&self, b: &Builder<'c>, e: &Expr, by: i64) -> Value<'c> {
        let least = self.symbols.range_of(e).0;
        let up = if least < 0 { (-least + by - 1) / by } else { 0 };
        let moved = Expr { terms: e.terms.clone(), constant: e.constant + up * by };
        let x = self.of_expr(b, &moved);
        let quotient = b.binary("arith.divui", x, b.index(by));
        if up == 0 { quotient } else { b.binary("arith.addi", quotient, b.index(-up)) }
    }
}
