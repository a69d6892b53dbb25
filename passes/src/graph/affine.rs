//! Generics of the form `y = x * scale + shift` with constant scale and shift: what batch normalisation, bias and
//! dequantisation come down to.

use super::rewrite::{constant, is_constant, scalar_constant};
use std::collections::HashMap;
use weft_dialects::ir::{Builder, Cx, Generic, LinExpr, Map, Op, OpExt, Scalar, Tensor, Value, ValueExt};

/// A constant that varies along some loop dims only.
#[derive(Debug, Clone, PartialEq)]
pub struct Along {
    /// The dims, ascending.
    pub dims: Vec<usize>,
    /// Their extents.
    pub shape: Vec<i64>,
    /// Values, row-major.
    pub values: Vec<f64>,
}

/// Constants with more elements are not looked into.
const LARGEST: i64 = 1 << 20;

impl Along {
    /// The same everywhere.
    pub fn splat(v: f64) -> Self {
        Self { dims: Vec::new(), shape: Vec::new(), values: vec![v] }
    }

    /// A tensor read by a map of distinct dims, and of zeros where its extent is 1.
    fn of(t: &Tensor, map: &Map) -> Option<Self> {
        let (mut dims, mut shape) = (Vec::new(), Vec::new());
        for (e, &n) in map.results.iter().zip(&t.shape) {
            match e.as_dim() {
                _ if n == 1 => {}
                Some(d) => {
                    dims.push(d);
                    shape.push(n);
                }
                None => return None,
            }
        }
        let values: Vec<f64> = t.scalars().map(Scalar::f64).collect();
        if values.iter().all(|v| v.to_bits() == values[0].to_bits()) && !values.is_empty() {
            return Some(Self::splat(values[0]));
        }
        dims.is_sorted_by(|a, b| a < b).then_some(Self { dims, shape, values })
    }

    /// `f(self, other)`, element by element. `None` if that would have more elements than either.
    fn with(&self, other: &Self, f: impl Fn(f64, f64) -> f64) -> Option<Self> {
        let (big, small) = if self.values.len() >= other.values.len() { (self, other) } else { (other, self) };
        if !small.dims.iter().all(|d| big.dims.contains(d)) {
            return None;
        }
        let strides = |a: &Self| -> Vec<i64> {
            let own = weft_dialects::ir::row_major(&a.shape);
            big.dims.iter().map(|d| a.dims.iter().position(|x| x == d).map_or(0, |i| own[i])).collect()
        };
        let (sa, sb) = (strides(self), strides(other));
        let mut point = vec![0i64; big.dims.len()];
        let at = |s: &[i64], p: &[i64]| s.iter().zip(p).map(|(a, b)| a * b).sum::<i64>() as usize;
        let values = (0..big.values.len())
            .map(|_| {
                let v = f(self.values[at(&sa, &point)], other.values[at(&sb, &point)]);
                for d in (0..point.len()).rev() {
                    point[d] += 1;
                    if point[d] < big.shape[d] {
                        break;
                    }
                    point[d] = 0;
                }
                v
            })
            .collect();
        Some(Self { dims: big.dims.clone(), shape: big.shape.clone(), values })
    }
}

/// `x * scale + shift`; a missing part is no operation, not even one that would make -0 of 0.
#[derive(Debug, Clone, Default, PartialEq)]
struct Form {
    scale: Option<Along>,
    shift: Option<Along>,
}

impl Form {
    fn times(&self, by: &Along) -> Option<Self> {
        let mul = |a: &Along| a.with(by, |x, y| x * y);
        let scale = match &self.scale {
            Some(s) => mul(s)?,
            None => by.clone(),
        };
        let shift = match &self.shift {
            Some(s) => Some(mul(s)?),
            None => None,
        };
        Some(Self { scale: Some(scale), shift })
    }

    fn plus(&self, by: &Along) -> Option<Self> {
        let shift = match &self.shift {
            Some(s) => s.with(by, |x, y| x + y)?,
            None => by.clone(),
        };
        Some(Self { scale: self.scale.clone(), shift: Some(shift) })
    }
}

/// A generic of that form.
pub struct Affine<'c> {
    /// What is scaled and shifted; it has the shape of the loops.
    pub x: Value<'c>,
    /// The factor; `None` if there is none.
    pub scale: Option<Along>,
    /// The summand; `None` if there is none.
    pub shift: Option<Along>,
}

enum Term {
    X(Form),
    Constant(Along),
}

impl<'c> Affine<'c> {
    /// The form of an op; `None` for all else.
    pub fn of(cx: Cx<'c>, op: Op<'c>) -> Option<Self> {
        let g = Generic::of(op).ok()?;
        let [out] = g.outs[..] else { return None };
        let elem = out.tensor_ty()?.elem;
        if !g.is_parallel() || !g.out_map(0).is_identity() || !elem.is_float() {
            return None;
        }
        let mut x = None;
        let mut terms: HashMap<usize, Term> = HashMap::new();
        for (i, &v) in g.ins.iter().enumerate() {
            let ty = v.tensor_ty()?;
            let term = if is_constant(v) && ty.len()? <= LARGEST {
                Term::Constant(Along::of(&constant(cx, v)?, g.in_map(i))?)
            } else if x.is_none() && g.in_map(i).is_identity() && ty.elem == elem {
                x = Some(v);
                Term::X(Form::default())
            } else {
                return None;
            };
            terms.insert(g.scalar(i).key(), term);
        }
        for inner in g.body_ops() {
            let args = inner.args();
            let get = |i: usize| terms.get(&args[i].key());
            let name = inner.op_name();
            let term = match (name.as_str(), args.len()) {
                ("arith.constant", _) => Term::Constant(Along::splat(scalar_constant(inner.res(0))?)),
                ("linalg.yield", 1) => break,
                ("arith.negf", _) => match get(0)? {
                    Term::X(f) => Term::X(f.times(&Along::splat(-1.0))?),
                    Term::Constant(_) => return None,
                },
                (name, 2) => binary(name, get(0)?, get(1)?)?,
                _ => return None,
            };
            terms.insert(inner.res(0).key(), term);
        }
        match terms.remove(&g.yields().first()?.key())? {
            Term::X(Form { scale, shift }) if scale.is_some() || shift.is_some() => Some(Self { x: x?, scale, shift }),
            _ => None,
        }
    }

    /// `outer` applied to this. `None` if its constants would have more elements than the parts'.
    pub fn then(&self, outer: &Affine<'c>) -> Option<Self> {
        let mut form = Form { scale: self.scale.clone(), shift: self.shift.clone() };
        if let Some(s) = &outer.scale {
            form = form.times(s)?;
        }
        if let Some(s) = &outer.shift {
            form = form.plus(s)?;
        }
        Some(Self { x: self.x, scale: form.scale, shift: form.shift })
    }

    /// Builds the generic. Values that are the same everywhere stand in its body.
    pub fn build(&self, b: &Builder<'c>) -> Option<Value<'c>> {
        let ty = self.x.tensor_ty()?;
        let rank = ty.shape.len();
        let mut ins = vec![(self.x, Map::identity(rank))];
        for part in [&self.scale, &self.shift].into_iter().flatten().filter(|p| !p.dims.is_empty()) {
            let t = Tensor::from_scalars(ty.elem, &part.shape, part.values.iter().map(|&v| Scalar::F(v)));
            let map = Map { dims: rank, results: part.dims.iter().map(|&d| LinExpr::dim(d)).collect() };
            ins.push((b.tensor(&t), map));
        }
        Some(b.elementwise(ty.elem, &ty.shape, &ins, |b, v| {
            let mut operands = v[1..].iter().copied();
            let mut y = v[0];
            for (part, name) in [(&self.scale, "arith.mulf"), (&self.shift, "arith.addf")] {
                let by = match part {
                    Some(p) if p.dims.is_empty() => Some(b.scalar(ty.elem, Scalar::F(p.values[0]))),
                    Some(_) => operands.next(),
                    None => None,
                };
                if let Some(by) = by {
                    y = b.binary(name, y, by);
                }
            }
            y
        }))
    }
}

fn binary(name: &str, a: &Term, b: &Term) -> Option<Term> {
    let minus = |c: &Along| Along { values: c.values.iter().map(|v| -v).collect(), ..c.clone() };
    let over = |c: &Along| Along { values: c.values.iter().map(|v| 1.0 / v).collect(), ..c.clone() };
    Some(Term::X(match (name, a, b) {
        ("arith.addf", Term::X(f), Term::Constant(c)) | ("arith.addf", Term::Constant(c), Term::X(f)) => f.plus(c)?,
        ("arith.subf", Term::X(f), Term::Constant(c)) => f.plus(&minus(c))?,
        ("arith.subf", Term::Constant(c), Term::X(f)) => f.times(&Along::splat(-1.0))?.plus(c)?,
        ("arith.mulf", Term::X(f), Term::Constant(c)) | ("arith.mulf", Term::Constant(c), Term::X(f)) => f.times(c)?,
        ("arith.divf", Term::X(f), Term::Constant(c)) => f.times(&over(c))?,
        _ => return None,
    }))
}
