//! Extents that are known at run time only: affine expressions over a module's symbols.
//!
//! An extent is an `i64` everywhere. What is known is its number; what isn't is a *handle*, far below zero, of an
//! expression that is interned per thread. Equal handles are equal expressions, so `==` compares extents of both kinds,
//! and everything else goes through this module. Handles never reach text, and no order follows from them: a type spells
//! the expressions out, `tensor<1x?x64xf32, affine_map<()[s0] -> (1, s0, 64)>>`.
//!
//! Expressions are sums of symbols and floored quotients with integer coefficients, in a normal form.

use super::{Attribute, Cx};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// The first handle; the others follow upwards. No number that a pass computes with is near.
const FIRST: i64 = -(1 << 62);
/// Handles lie below.
const LIMIT: i64 = -(1 << 61);

/// What a sum is made of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Atom {
    /// A symbol of the module, by number.
    Symbol(usize),
    /// The quotient by a number of at least 2, rounded down.
    Floor(Box<Expr>, i64),
}

/// `sum(coefficient * atom) + constant`, atoms ascending, no coefficient 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Expr {
    /// The atoms with their coefficients.
    pub terms: Vec<(Atom, i64)>,
    /// The constant.
    pub constant: i64,
}

#[derive(Default)]
struct Table {
    all: Vec<Rc<Expr>>,
    known: HashMap<Rc<Expr>, i64>,
}

thread_local! {
    static TABLE: RefCell<Table> = RefCell::default();
}

/// Whether an extent is a handle.
pub fn is_symbolic(n: i64) -> bool {
    (FIRST..LIMIT).contains(&n)
}

/// A number that a model says, as an extent or a position among extents. Those that would be taken for handles are moved
/// aside: they are far beyond any extent before and after.
pub fn number(n: i64) -> i64 {
    if is_symbolic(n) { LIMIT } else { n }
}

/// Whether a shape has an extent that is a handle.
pub fn any_symbolic(shape: &[i64]) -> bool {
    shape.iter().any(|&n| is_symbolic(n))
}

/// The extent that is symbol `i`.
pub fn symbol(i: usize) -> i64 {
    intern(Expr { terms: vec![(Atom::Symbol(i), 1)], constant: 0 })
}

/// The expression of an extent.
pub fn expr(n: i64) -> Expr {
    if !is_symbolic(n) {
        return Expr { terms: Vec::new(), constant: n };
    }
    TABLE.with_borrow(|t| {
        let at = usize::try_from(n - FIRST).ok();
        at.and_then(|i| t.all.get(i)).map(|e| Expr::clone(e)).unwrap_or_default()
    })
}

fn intern(e: Expr) -> i64 {
    if e.terms.is_empty() {
        return e.constant;
    }
    TABLE.with_borrow_mut(|t| {
        if let Some(&n) = t.known.get(&e) {
            return n;
        }
        let (n, e) = (FIRST + t.all.len() as i64, Rc::new(e));
        t.all.push(Rc::clone(&e));
        t.known.insert(e, n);
        n
    })
}

/// `a + b`.
pub fn add(a: i64, b: i64) -> i64 {
    if is_symbolic(a) || is_symbolic(b) { intern(expr(a).plus(&expr(b))) } else { a + b }
}

/// `a - b`.
pub fn sub(a: i64, b: i64) -> i64 {
    if is_symbolic(a) || is_symbolic(b) { intern(expr(a).plus(&expr(b).times(-1))) } else { a - b }
}

/// `a * b`; `None` if neither is a number.
pub fn mul(a: i64, b: i64) -> Option<i64> {
    match (is_symbolic(a), is_symbolic(b)) {
        (false, false) => a.checked_mul(b),
        (true, false) => Some(intern(expr(a).times(b))),
        (false, true) => Some(intern(expr(b).times(a))),
        (true, true) => None,
    }
}

/// `floor(a / by)`, `by` being a positive number.
pub fn floor_div(a: i64, by: i64) -> i64 {
    if is_symbolic(a) { intern(expr(a).floor_div(by)) } else { a.div_euclid(by) }
}

/// `ceil(a / by)`, `by` being a positive number.
pub fn ceil_div(a: i64, by: i64) -> i64 {
    floor_div(add(a, by - 1), by)
}

/// `a - by * floor(a / by)`, `by` being a positive number.
pub fn rem(a: i64, by: i64) -> i64 {
    mul(floor_div(a, by), by).map_or(0, |whole| sub(a, whole))
}

/// The product of extents; `None` if more than one isn't a number, or it overflows.
pub fn product(extents: &[i64]) -> Option<i64> {
    extents.iter().try_fold(1, |a, &n| mul(a, n))
}

/// An extent in which symbol `i` is symbol `to[i]`.
pub fn renumbered(n: i64, to: &[usize]) -> i64 {
    if !is_symbolic(n) {
        return n;
    }
    let e = expr(n);
    let atom = |a: &Atom| match a {
        Atom::Symbol(i) => symbol(to.get(*i).copied().unwrap_or(*i)),
        Atom::Floor(of, by) => floor_div(renumbered(intern(Expr::clone(of)), to), *by),
    };
    e.terms.iter().fold(e.constant, |sum, (a, c)| mul(atom(a), *c).map_or(sum, |term| add(sum, term)))
}

/// The extent that an index is: a constant's, or an `nn.extent`'s. `None` for other values.
pub fn of_value(v: super::Value<'_>) -> Option<i64> {
    use super::{OpExt, ValueExt, extents_of};
    let op = v.def()?;
    match op.op_name().as_str() {
        "arith.constant" => op.int("value"),
        "nn.extent" => extents_of(op.attr("value")?)?.first().copied(),
        _ => None,
    }
}

/// As text, with symbols as `s0`, `s1`, ...
pub fn text(n: i64) -> String {
    named(n, &|i| format!("s{i}"))
}

/// As text, given the symbols' names.
pub(super) fn named(n: i64, name: &dyn Fn(usize) -> String) -> String {
    expr(n).text(name)
}

impl Expr {
    fn plus(&self, other: &Expr) -> Self {
        let mut out = self.clone();
        out.constant += other.constant;
        for (atom, c) in &other.terms {
            match out.terms.iter_mut().find(|t| t.0 == *atom) {
                Some(t) => t.1 += c,
                None => out.terms.push((atom.clone(), *c)),
            }
        }
        out.terms.retain(|t| t.1 != 0);
        out.terms.sort();
        out
    }

    fn times(&self, by: i64) -> Self {
        if by == 0 {
            return Self::default();
        }
        let terms = self.terms.iter().map(|(a, c)| (a.clone(), c.saturating_mul(by))).collect();
        Self { terms, constant: self.constant.saturating_mul(by) }
    }

    /// Coefficients and constant divided, where all are multiples.
    fn over(&self, by: i64) -> Option<Self> {
        let fits = by != 0 && self.constant % by == 0 && self.terms.iter().all(|t| t.1 % by == 0);
        fits.then(|| Self {
            terms: self.terms.iter().map(|(a, c)| (a.clone(), c / by)).collect(),
            constant: self.constant / by,
        })
    }

    fn floor_div(&self, by: i64) -> Self {
        if by <= 1 {
            return self.clone();
        }
        // Whole multiples leave the quotient.
        let mut whole = Self { terms: Vec::new(), constant: self.constant.div_euclid(by) };
        let mut rest = Self { terms: Vec::new(), constant: self.constant.rem_euclid(by) };
        for (atom, c) in &self.terms {
            let (q, r) = (c.div_euclid(by), c.rem_euclid(by));
            whole.terms.extend((q != 0).then(|| (atom.clone(), q)));
            rest.terms.extend((r != 0).then(|| (atom.clone(), r)));
        }
        if rest.terms.is_empty() {
            return whole;
        }
        // floor((g*a + c) / (g*b)) = floor((a + floor(c/g)) / b).
        let g = rest.terms.iter().fold(by, |g, t| gcd(g, t.1));
        let by = by / g;
        rest.terms.iter_mut().for_each(|t| t.1 /= g);
        rest.constant = rest.constant.div_euclid(g);
        if by == 1 {
            return whole.plus(&rest);
        }
        // floor((floor(a/m) + c) / n) = floor((a + c*m) / (m*n)).
        if let [(Atom::Floor(inner, m), 1)] = &rest.terms[..] {
            let moved = Self { terms: Vec::new(), constant: rest.constant.saturating_mul(*m) };
            return whole.plus(&inner.plus(&moved).floor_div(m.saturating_mul(by)));
        }
        whole.plus(&Self { terms: vec![(Atom::Floor(Box::new(rest), by), 1)], constant: 0 })
    }

    /// The value for the symbols' values.
    pub fn at(&self, symbols: &[i64]) -> i64 {
        let atom = |a: &Atom| match a {
            Atom::Symbol(i) => symbols.get(*i).copied().unwrap_or_default(),
            Atom::Floor(e, by) => e.at(symbols).div_euclid(*by),
        };
        self.terms.iter().map(|(a, c)| atom(a) * c).sum::<i64>() + self.constant
    }

    /// The symbols that occur, ascending.
    pub fn symbols(&self) -> BTreeSet<usize> {
        let mut out = BTreeSet::new();
        for (atom, _) in &self.terms {
            match atom {
                Atom::Symbol(i) => _ = out.insert(*i),
                Atom::Floor(e, _) => out.extend(e.symbols()),
            }
        }
        out
    }

    /// Whether it never falls when a symbol grows.
    fn grows(&self) -> bool {
        self.terms.iter().all(|(a, c)| *c > 0 && if let Atom::Floor(e, _) = a { e.grows() } else { true })
    }

    /// Bounds of the value that hold whatever the symbols' dependence: each atom by itself.
    fn interval(&self, bounds: &[(i64, i64)]) -> (i64, i64) {
        self.terms.iter().fold((self.constant, self.constant), |(low, high), (atom, c)| {
            let (l, h) = match atom {
                Atom::Symbol(i) => bounds.get(*i).copied().unwrap_or_default(),
                Atom::Floor(e, by) => {
                    let (l, h) = e.interval(bounds);
                    (l.div_euclid(*by), h.div_euclid(*by))
                }
            };
            let (l, h) = if *c < 0 { (h * c, l * c) } else { (l * c, h * c) };
            (low + l, high + h)
        })
    }

    fn text(&self, name: &dyn Fn(usize) -> String) -> String {
        let mut out = String::new();
        for (atom, c) in &self.terms {
            let atom = match atom {
                Atom::Symbol(i) => name(*i),
                Atom::Floor(e, by) => format!("floor(({}) / {by})", e.text(name)),
            };
            let sign = match (out.is_empty(), *c < 0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            };
            let factor = if c.abs() == 1 { String::new() } else { format!("{} * ", c.abs()) };
            out += &format!("{sign}{factor}{atom}");
        }
        match (out.is_empty(), self.constant) {
            (true, n) => n.to_string(),
            (false, 0) => out,
            (false, n) => format!("{out} {} {}", if n < 0 { '-' } else { '+' }, n.abs()),
        }
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

/// A product of extents: how many elements a shape has, whatever its symbols are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The factor that is a number.
    pub factor: i64,
    /// The other factors, none of them with a common divisor, in a fixed order.
    symbolic: Vec<i64>,
}

impl Count {
    /// Of a shape.
    pub fn of(shape: &[i64]) -> Self {
        shape.iter().fold(Self { factor: 1, symbolic: Vec::new() }, |count, &n| count.times(n))
    }

    /// Times an extent.
    pub fn times(mut self, n: i64) -> Self {
        if !is_symbolic(n) {
            self.factor = self.factor.saturating_mul(n);
        } else {
            let e = expr(n);
            let g = e.terms.iter().fold(e.constant, |g, t| gcd(g, t.1)).max(1);
            self.factor = self.factor.saturating_mul(g);
            self.symbolic.push(e.over(g).map_or(n, intern));
            self.symbolic.sort_unstable();
        }
        if self.factor == 0 {
            self.symbolic.clear();
        }
        self
    }

    /// The quotient, if it is one whatever the symbols are.
    pub fn over(&self, other: &Count) -> Option<Self> {
        if other.factor == 0 || self.factor % other.factor != 0 {
            return None;
        }
        let mut symbolic = self.symbolic.clone();
        for n in &other.symbolic {
            let at = symbolic.iter().position(|m| m == n)?;
            symbolic.remove(at);
        }
        Some(Self { factor: self.factor / other.factor, symbolic })
    }

    /// Extents whose product it is.
    pub fn factors(&self) -> Vec<i64> {
        let first = self.symbolic.first().and_then(|&n| mul(n, self.factor)).unwrap_or(self.factor);
        [first].into_iter().chain(self.symbolic.iter().skip(1).copied()).collect()
    }

    /// As one extent; `None` if it isn't affine.
    pub fn extent(&self) -> Option<i64> {
        self.symbolic.iter().try_fold(self.factor, |a, &n| mul(a, n))
    }
}

/// As a product, `12 * s0 * s0`.
impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.factor)?;
        self.symbolic.iter().try_for_each(|n| write!(f, " * {n}"))
    }
}

/// A module's symbols: names and inclusive bounds, in the order of their numbers, which is that of the names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Symbols {
    /// Names.
    pub names: Vec<String>,
    /// What each is at least and at most.
    pub bounds: Vec<(i64, i64)>,
}

/// Values that are tried one by one to find an expression's bounds.
const TRIED: i64 = 1 << 16;

impl Symbols {
    /// The module attribute that lists them.
    pub const ATTR: &'static str = "weft.symbols";

    /// Those of the module that an op stands in, or is.
    pub fn of(op: super::Op<'_>) -> Self {
        use super::{AttrExt, OpExt};
        let mut at = Some(op);
        while let Some(op) = at {
            if let Some(entries) = op.attr(Self::ATTR).and_then(AttrExt::entries) {
                let bounds = |a: Attribute<'_>| match a.as_i64s().unwrap_or_default()[..] {
                    [low, high] => (low, high),
                    _ => (0, 0),
                };
                let (names, bounds) = entries.into_iter().map(|(name, a)| (name, bounds(a))).unzip();
                return Self { names, bounds };
            }
            at = op.parent();
        }
        Self::default()
    }

    /// As the module attribute's value.
    pub fn to_attr<'c>(&self, cx: Cx<'c>) -> Attribute<'c> {
        let pair = |&(low, high): &(i64, i64)| cx.array_attr(&[cx.i64_attr(low), cx.i64_attr(high)]);
        let entries: Vec<_> = self.names.iter().zip(&self.bounds).map(|(name, b)| (name.as_str(), pair(b))).collect();
        cx.dict_attr(&entries)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether all extents are numbers or expressions over these symbols.
    pub fn cover(&self, shape: &[i64]) -> bool {
        shape.iter().all(|&n| n >= 0 || (is_symbolic(n) && expr(n).symbols().last().is_some_and(|&i| i < self.len())))
    }

    /// What an extent is at least and at most. Exact where it grows with every symbol or few values are possible; else
    /// the interval may be wider than the truth.
    pub fn range(&self, n: i64) -> (i64, i64) {
        if is_symbolic(n) { self.range_of(&expr(n)) } else { (n, n) }
    }

    /// As [`Symbols::range`], of an expression.
    pub fn range_of(&self, e: &Expr) -> (i64, i64) {
        if e.terms.is_empty() {
            return (e.constant, e.constant);
        }
        if e.grows() {
            let ends = |pick: fn(&(i64, i64)) -> i64| e.at(&self.bounds.iter().map(pick).collect::<Vec<_>>());
            return (ends(|b| b.0), ends(|b| b.1));
        }
        match e.symbols().into_iter().collect::<Vec<_>>()[..] {
            [i] if self.bounds.get(i).is_some_and(|b| b.1 - b.0 < TRIED) => {
                let (low, high) = self.bounds[i];
                let mut values = vec![0; i + 1];
                let mut out = (i64::MAX, i64::MIN);
                for v in low..=high {
                    values[i] = v;
                    let x = e.at(&values);
                    out = (out.0.min(x), out.1.max(x));
                }
                out
            }
            _ => e.interval(&self.bounds),
        }
    }

    /// What an extent is at most.
    pub fn max(&self, n: i64) -> i64 {
        self.range(n).1
    }

    /// What an extent is at least.
    pub fn min(&self, n: i64) -> i64 {
        self.range(n).0
    }

    /// The extents at their largest.
    pub fn bound(&self, shape: &[i64]) -> Vec<i64> {
        shape.iter().map(|&n| self.max(n)).collect()
    }

    /// An extent as text, with the symbols' names.
    pub fn text(&self, n: i64) -> String {
        named(n, &|i| self.names.get(i).cloned().unwrap_or_else(|| format!("s{i}")))
    }

    /// A message in which handles, as `{:?}` of a shape writes them, are replaced by their expressions.
    pub fn readable(&self, message: &str) -> String {
        if !message.contains('-') {
            return message.to_owned();
        }
        let mut out = String::new();
        let mut rest = message;
        while let Some(at) = rest.find('-') {
            let digits = rest[at + 1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - at - 1);
            let end = at + 1 + digits;
            out += &rest[..at];
            match rest[at..end].parse::<i64>() {
                Ok(n) if is_symbolic(n) => out += &self.text(n),
                _ => out += &rest[at..end],
            }
            rest = &rest[end..];
        }
        out + rest
    }
}
