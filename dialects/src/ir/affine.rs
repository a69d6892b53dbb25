//! Affine maps as plain data: what indexing maps of `linalg.generic` are to our passes.
//!
//! Only linear results are represented (a sum of dims times coefficients plus a constant): that is all that
//! broadcasts, transposes, slices and windows need.

use super::{Attribute, Cx, DYNAMIC, extent};
use melior::ir::attribute::AttributeLike;
use mlir_sys as sys;

/// `sum(coefficient * dim) + constant`; terms sorted by dim, no zero coefficients.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct LinExpr {
    /// `(dim, coefficient)`.
    pub terms: Vec<(usize, i64)>,
    /// The constant.
    pub constant: i64,
}

impl LinExpr {
    /// The expression `d`.
    pub fn dim(d: usize) -> Self {
        Self { terms: vec![(d, 1)], constant: 0 }
    }

    /// A constant.
    pub fn constant(c: i64) -> Self {
        Self { terms: Vec::new(), constant: c }
    }

    /// The dim, if the expression is exactly one.
    pub fn as_dim(&self) -> Option<usize> {
        match self.terms[..] {
            [(d, 1)] if self.constant == 0 => Some(d),
            _ => None,
        }
    }

    /// Whether no dim occurs.
    pub fn is_constant(&self) -> bool {
        self.terms.is_empty()
    }

    /// The coefficient of a dim, 0 if absent.
    pub fn coefficient(&self, dim: usize) -> i64 {
        self.terms.iter().find(|t| t.0 == dim).map_or(0, |t| t.1)
    }

    /// `self + other`.
    pub fn plus(&self, other: &LinExpr) -> Self {
        let mut out = self.clone();
        out.constant += other.constant;
        for &(d, c) in &other.terms {
            match out.terms.iter_mut().find(|t| t.0 == d) {
                Some(t) => t.1 += c,
                None => out.terms.push((d, c)),
            }
        }
        out.terms.retain(|t| t.1 != 0);
        out.terms.sort_unstable();
        out
    }

    /// `self * factor`.
    pub fn times(&self, factor: i64) -> Self {
        if factor == 0 {
            return Self::constant(0);
        }
        Self { terms: self.terms.iter().map(|&(d, c)| (d, c * factor)).collect(), constant: self.constant * factor }
    }

    /// Replaces each dim by an expression.
    pub fn substitute(&self, dims: &[LinExpr]) -> Self {
        self.terms.iter().fold(LinExpr::constant(self.constant), |acc, &(d, c)| acc.plus(&dims[d].times(c)))
    }

    /// The value at a point.
    pub fn at(&self, point: &[i64]) -> i64 {
        self.terms.iter().map(|&(d, c)| point[d] * c).sum::<i64>() + self.constant
    }
}

/// An affine map `(d0, ..., dn) -> (results)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Map {
    /// Number of input dims.
    pub dims: usize,
    /// Result expressions.
    pub results: Vec<LinExpr>,
}

impl Map {
    /// `(d0, ..., dn) -> (d0, ..., dn)`.
    pub fn identity(dims: usize) -> Self {
        Self { dims, results: (0..dims).map(LinExpr::dim).collect() }
    }

    /// The map whose result `i` is `d[perm[i]]`.
    pub fn select(dims: usize, picked: &[usize]) -> Self {
        Self { dims, results: picked.iter().map(|&d| LinExpr::dim(d)).collect() }
    }

    /// The map that reads a value of shape `from` at the dims of `to`, by numpy's broadcasting: missing
    /// leading dims are dropped and extents of 1 are read at 0.
    pub fn broadcast(from: &[i64], to: &[i64]) -> Self {
        let skip = to.len() - from.len();
        let results = from
            .iter()
            .enumerate()
            .map(|(i, &n)| if n == 1 && to[i + skip] != 1 { LinExpr::constant(0) } else { LinExpr::dim(i + skip) })
            .collect();
        Self { dims: to.len(), results }
    }

    /// Whether it is the identity.
    pub fn is_identity(&self) -> bool {
        *self == Map::identity(self.dims)
    }

    /// The permutation, if every result is a distinct dim and all dims occur.
    pub fn as_permutation(&self) -> Option<Vec<usize>> {
        let picked: Option<Vec<usize>> = self.results.iter().map(LinExpr::as_dim).collect();
        let picked = picked?;
        let mut sorted = picked.clone();
        sorted.sort_unstable();
        (sorted == (0..self.dims).collect::<Vec<_>>()).then_some(picked)
    }

    /// `self` after replacing its dims by the results of `inner`.
    pub fn compose(&self, inner: &Map) -> Self {
        Self { dims: inner.dims, results: self.results.iter().map(|e| e.substitute(&inner.results)).collect() }
    }

    /// Renames dims: dim `d` becomes `to[d]`.
    pub fn rename_dims(&self, to: &[usize]) -> Self {
        self.compose(&Map::select(self.dims, to))
    }

    /// The point a map reads at.
    pub fn at(&self, point: &[i64]) -> Vec<i64> {
        self.results.iter().map(|e| e.at(point)).collect()
    }

    /// As an MLIR attribute.
    pub fn to_attr<'c>(&self, cx: Cx<'c>) -> Attribute<'c> {
        let raw = cx.context().to_raw();
        // SAFETY: the context is alive; every affine handle made here is owned by it.
        unsafe {
            let exprs: Vec<_> = self
                .results
                .iter()
                .map(|e| {
                    let mut acc: Option<sys::MlirAffineExpr> = None;
                    for &(d, c) in &e.terms {
                        let mut t = sys::mlirAffineDimExprGet(raw, d as isize);
                        if c != 1 {
                            t = sys::mlirAffineMulExprGet(t, sys::mlirAffineConstantExprGet(raw, c));
                        }
                        acc = Some(match acc {
                            Some(a) => sys::mlirAffineAddExprGet(a, t),
                            None => t,
                        });
                    }
                    match acc {
                        Some(a) if e.constant == 0 => a,
                        Some(a) => sys::mlirAffineAddExprGet(a, sys::mlirAffineConstantExprGet(raw, e.constant)),
                        None => sys::mlirAffineConstantExprGet(raw, e.constant),
                    }
                })
                .collect();
            let map =
                sys::mlirAffineMapGet(raw, self.dims as isize, 0, exprs.len() as isize, exprs.as_ptr().cast_mut());
            Attribute::from_raw(sys::mlirAffineMapAttrGet(map))
        }
    }

    /// From an MLIR attribute; `None` if it isn't a map or has a result that isn't linear.
    pub fn from_attr(attr: Attribute<'_>) -> Option<Self> {
        // SAFETY: the attribute is alive, and its kind is checked before its map is read.
        unsafe {
            let raw = attr.to_raw();
            if !sys::mlirAttributeIsAAffineMap(raw) {
                return None;
            }
            let map = sys::mlirAffineMapAttrGetValue(raw);
            let dims = sys::mlirAffineMapGetNumDims(map) as usize;
            let n = sys::mlirAffineMapGetNumResults(map);
            let results: Option<Vec<_>> = (0..n).map(|i| linear(sys::mlirAffineMapGetResult(map, i))).collect();
            Some(Self { dims, results: results? })
        }
    }
}

/// # Safety
/// `e` must be a live expression.
unsafe fn linear(e: sys::MlirAffineExpr) -> Option<LinExpr> {
    // SAFETY: the kind is checked before each kind-specific accessor.
    unsafe {
        if sys::mlirAffineExprIsADim(e) {
            Some(LinExpr::dim(sys::mlirAffineDimExprGetPosition(e) as usize))
        } else if sys::mlirAffineExprIsAConstant(e) {
            Some(LinExpr::constant(sys::mlirAffineConstantExprGetValue(e)))
        } else if sys::mlirAffineExprIsAAdd(e) {
            let (a, b) = (sys::mlirAffineBinaryOpExprGetLHS(e), sys::mlirAffineBinaryOpExprGetRHS(e));
            Some(linear(a)?.plus(&linear(b)?))
        } else if sys::mlirAffineExprIsAMul(e) {
            let (a, b) = (sys::mlirAffineBinaryOpExprGetLHS(e), sys::mlirAffineBinaryOpExprGetRHS(e));
            let (a, b) = (linear(a)?, linear(b)?);
            if b.is_constant() {
                Some(a.times(b.constant))
            } else if a.is_constant() {
                Some(b.times(a.constant))
            } else {
                None
            }
        } else {
            None
        }
    }
}

/// A map from symbols to extents, `affine_map<()[s0] -> (1, s0, 64)>`: what a type's encoding says of its `?`s.
///
/// It has as many symbols as the highest that occurs needs.
pub fn extents_attr<'c>(cx: Cx<'c>, shape: &[i64]) -> Attribute<'c> {
    let exprs: Vec<extent::Expr> = shape.iter().map(|&n| extent::expr(n)).collect();
    let symbols = exprs.iter().filter_map(|e| e.symbols().last().map(|s| s + 1)).max().unwrap_or(0);
    let raw = cx.context().to_raw();
    // SAFETY: the context is alive; every affine handle made here is owned by it.
    unsafe {
        let exprs: Vec<_> = exprs.iter().map(|e| of_expr(raw, e)).collect();
        let map = sys::mlirAffineMapGet(raw, 0, symbols as isize, exprs.len() as isize, exprs.as_ptr().cast_mut());
        Attribute::from_raw(sys::mlirAffineMapAttrGet(map))
    }
}

/// The extents of such a map; [`DYNAMIC`] where an expression isn't one that [`extent`] knows. `None` if the attribute is no
/// map from symbols alone.
pub fn extents_of(attr: Attribute<'_>) -> Option<Vec<i64>> {
    // SAFETY: the attribute is alive, and its kind is checked before its map is read.
    unsafe {
        let raw = attr.to_raw();
        if raw.ptr.is_null() || !sys::mlirAttributeIsAAffineMap(raw) {
            return None;
        }
        let map = sys::mlirAffineMapAttrGetValue(raw);
        if sys::mlirAffineMapGetNumDims(map) != 0 {
            return None;
        }
        let n = sys::mlirAffineMapGetNumResults(map);
        Some((0..n).map(|i| to_extent(sys::mlirAffineMapGetResult(map, i)).unwrap_or(DYNAMIC)).collect())
    }
}

/// # Safety
/// `raw` must be a live context.
unsafe fn of_expr(raw: sys::MlirContext, e: &extent::Expr) -> sys::MlirAffineExpr {
    // SAFETY: expressions are owned by the context.
    unsafe {
        let mut acc: Option<sys::MlirAffineExpr> = None;
        for (atom, c) in &e.terms {
            let mut t = match atom {
                extent::Atom::Symbol(i) => sys::mlirAffineSymbolExprGet(raw, *i as isize),
                extent::Atom::Floor(inner, by) => {
                    let by = sys::mlirAffineConstantExprGet(raw, *by);
                    sys::mlirAffineFloorDivExprGet(of_expr(raw, inner), by)
                }
            };
            if *c != 1 {
                t = sys::mlirAffineMulExprGet(t, sys::mlirAffineConstantExprGet(raw, *c));
            }
            acc = Some(match acc {
                Some(a) => sys::mlirAffineAddExprGet(a, t),
                None => t,
            });
        }
        match acc {
            Some(a) if e.constant == 0 => a,
            Some(a) => sys::mlirAffineAddExprGet(a, sys::mlirAffineConstantExprGet(raw, e.constant)),
            None => sys::mlirAffineConstantExprGet(raw, e.constant),
        }
    }
}

/// # Safety
/// `e` must be a live expression.
unsafe fn to_extent(e: sys::MlirAffineExpr) -> Option<i64> {
    // SAFETY: the kind is checked before each kind-specific accessor.
    unsafe {
        if sys::mlirAffineExprIsASymbol(e) {
            return Some(extent::symbol(sys::mlirAffineSymbolExprGetPosition(e) as usize));
        }
        if sys::mlirAffineExprIsAConstant(e) {
            return Some(sys::mlirAffineConstantExprGetValue(e));
        }
        if !sys::mlirAffineExprIsABinary(e) {
            return None;
        }
        let a = to_extent(sys::mlirAffineBinaryOpExprGetLHS(e))?;
        let b = to_extent(sys::mlirAffineBinaryOpExprGetRHS(e))?;
        let divisor = || (!extent::is_symbolic(b) && b > 0).then_some(b);
        if sys::mlirAffineExprIsAAdd(e) {
            Some(extent::add(a, b))
        } else if sys::mlirAffineExprIsAMul(e) {
            extent::mul(a, b)
        } else if sys::mlirAffineExprIsAFloorDiv(e) {
            Some(extent::floor_div(a, divisor()?))
        } else if sys::mlirAffineExprIsACeilDiv(e) {
            Some(extent::ceil_div(a, divisor()?))
        } else if sys::mlirAffineExprIsAMod(e) {
            Some(extent::rem(a, divisor()?))
        } else {
            None
        }
    }
}
