//! What a legaliser sees of a source node: operands with their ONNX types, attributes with defaults, constants, and
//! helpers that build the graph level's common forms.

use super::dtype::Dtype;
use super::symbolic;
use std::fmt;
use weft_dialects::ir::{
    AttrExt, Builder, Count, Elem, Map, Op, OpError, OpExt, Scalar, Symbols, Tensor, Value, ValueExt, extent,
};
use weft_dialects::{eval, nn};

/// A value of the graph level with its ONNX element type.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'c> {
    /// The tensor.
    pub value: Value<'c>,
    /// Its element type.
    pub dtype: Dtype,
}

impl<'c> Typed<'c> {
    pub fn new(value: Value<'c>, dtype: Dtype) -> Self {
        Self { value, dtype }
    }

    /// Extents, outermost first.
    pub fn shape(&self) -> Vec<i64> {
        self.value.tensor_ty().map(|t| t.shape).unwrap_or_default()
    }

    pub fn rank(&self) -> usize {
        self.shape().len()
    }

    /// Number of elements.
    pub fn count(&self) -> Count {
        Count::of(&self.shape())
    }

    /// Number of elements; `i64::MAX` if an extent isn't a number.
    pub fn len(&self) -> i64 {
        self.value.tensor_ty().and_then(|t| t.len()).unwrap_or(i64::MAX)
    }

    /// Whether an extent is an expression over the module's symbols.
    pub fn is_symbolic(&self) -> bool {
        extent::any_symbolic(&self.shape())
    }

    /// The same type with another value.
    pub fn with(&self, value: Value<'c>) -> Self {
        Self { value, dtype: self.dtype }
    }
}

/// Why a node can't be legalised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// ONNX allows it, Weft doesn't do it yet.
    Unsupported(String),
    /// The model contradicts itself or ONNX.
    Invalid(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Unsupported(text) => write!(f, "not supported: {text}"),
            Reason::Invalid(text) => f.write_str(text),
        }
    }
}

impl From<OpError> for Reason {
    fn from(e: OpError) -> Self {
        Reason::Invalid(e.message)
    }
}

pub fn unsupported<T>(text: impl Into<String>) -> Result<T, Reason> {
    Err(Reason::Unsupported(text.into()))
}

pub fn invalid<T>(text: impl Into<String>) -> Result<T, Reason> {
    Err(Reason::Invalid(text.into()))
}

/// What a legaliser returns: one value a result of the node (trailing ones may be left out if unused).
pub type Outputs<'c> = Result<Vec<Typed<'c>>, Reason>;

/// Integers of an operand: known now, or the data of a run.
pub enum Ints<'c> {
    /// Known.
    Known(Vec<i64>),
    /// Known at run time.
    Data(Typed<'c>),
}

impl Ints<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Ints::Known(v) => v.len(),
            Ints::Data(v) => v.len() as usize,
        }
    }
}

/// A source node about to be legalised.
pub struct Node<'c> {
    /// The import-level op.
    pub op: Op<'c>,
    /// The operator's name, without `onnx.`.
    pub name: String,
    /// Version of the operator set of its domain.
    pub opset: i64,
    /// At the end of the new function, with the node's location.
    pub b: Builder<'c>,
    /// Operands; `None` for omitted ones.
    pub inputs: Vec<Option<Typed<'c>>>,
    /// The module's symbols.
    pub symbols: Symbols,
}

impl<'c> Node<'c> {
    /// Required operand `i`.
    pub fn input(&self, i: usize) -> Result<Typed<'c>, Reason> {
        self.optional(i).ok_or_else(|| Reason::Invalid(format!("input {i} is missing")))
    }

    /// Operand `i`, if given.
    pub fn optional(&self, i: usize) -> Option<Typed<'c>> {
        self.inputs.get(i).copied().flatten()
    }

    /// All operands of a variadic operator.
    pub fn all_inputs(&self) -> Result<Vec<Typed<'c>>, Reason> {
        (0..self.inputs.len()).map(|i| self.input(i)).collect()
    }

    /// The two operands of an operator that broadcasts. Before version 7 the second one does, and only if `broadcast` is set:
    /// its dims are the first one's from `axis` on, or the last ones.
    pub fn pair(&self) -> Result<[Typed<'c>; 2], Reason> {
        let (a, b) = (self.input(0)?, self.input(1)?);
        if self.opset >= 7 {
            return Ok([a, b]);
        }
        let (sa, sb) = (a.shape(), b.shape());
        if !self.flag("broadcast", false)? {
            return if sa == sb { Ok([a, b]) } else { invalid(format!("shapes {sa:?} and {sb:?} differ")) };
        }
        let Some(axis) = self.int("axis")? else { return Ok([a, b]) };
        let axis = self.axis(axis, sa.len())?;
        let behind = sa.len().checked_sub(axis + sb.len());
        let Some(behind) = behind else { return invalid(format!("{sb:?} at dim {axis} doesn't fit {sa:?}")) };
        let wide = [&sb[..], &vec![1; behind]].concat();
        Ok([a, b.with(self.b.reshape(b.value, &wide))])
    }

    /// Whether result `i` exists and has a use.
    pub fn is_used(&self, i: usize) -> bool {
        self.op.ress().get(i).is_some_and(|r| !r.is_unused())
    }

    /// Refuses a node whose result `i` has a use.
    pub fn refuse_output(&self, i: usize, what: &str) -> Result<(), Reason> {
        if self.is_used(i) { unsupported(format!("the output '{what}' is used")) } else { Ok(()) }
    }

    fn attr<T>(
        &self,
        name: &str,
        kind: &str,
        read: impl FnOnce(weft_dialects::ir::Attribute<'c>) -> Option<T>,
    ) -> Result<Option<T>, Reason> {
        match self.op.attr(name) {
            None => Ok(None),
            Some(a) => match read(a) {
                Some(v) => Ok(Some(v)),
                None => invalid(format!("attribute '{name}' must be {kind}")),
            },
        }
    }

    /// An integer attribute.
    pub fn int(&self, name: &str) -> Result<Option<i64>, Reason> {
        self.attr(name, "an integer", AttrExt::as_i64)
    }

    /// An integer attribute, or its default.
    pub fn int_or(&self, name: &str, default: i64) -> Result<i64, Reason> {
        Ok(self.int(name)?.unwrap_or(default))
    }

    /// A flag, or its default.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool, Reason> {
        Ok(self.int_or(name, default.into())? != 0)
    }

    /// A list of integers.
    pub fn ints(&self, name: &str) -> Result<Option<Vec<i64>>, Reason> {
        self.attr(name, "a list of integers", AttrExt::as_i64s)
    }

    /// A float attribute.
    pub fn float(&self, name: &str) -> Result<Option<f64>, Reason> {
        self.attr(name, "a float", AttrExt::as_f64)
    }

    /// A float attribute, or its default. ONNX's attributes are f32, so the default is rounded to it.
    pub fn float_or(&self, name: &str, default: f32) -> Result<f64, Reason> {
        Ok(self.float(name)?.unwrap_or(default as f64))
    }

    /// A list of floats.
    pub fn floats(&self, name: &str) -> Result<Option<Vec<f64>>, Reason> {
        self.attr(name, "a list of floats", |a| a.as_array()?.into_iter().map(AttrExt::as_f64).collect())
    }

    /// A string attribute, or its default.
    pub fn string_or(&self, name: &str, default: &str) -> Result<String, Reason> {
        Ok(self.attr(name, "a string", |a| a.as_str().map(str::to_owned))?.unwrap_or_else(|| default.to_owned()))
    }

    /// Refuses a shape with an extent that may be negative, or with more elements than addresses reach.
    pub fn check_extents(&self, shape: &[i64]) -> Result<(), Reason> {
        if let Some(&n) = shape.iter().find(|&&n| extent::is_symbolic(n) && self.symbols.min(n) < 0) {
            return invalid(format!(
                "an extent of {shape:?} may be {}; raise the lower bound of the dims that are left open (--dim)",
                self.symbols.min(n)
            ));
        }
        elements(&self.symbols.bound(shape)).map(|_| ())
    }

    /// The contents of a value that is known at compile time.
    pub fn constant(&self, v: Typed<'c>) -> Option<Tensor> {
        eval::constant_of(self.b.cx, v.value)
    }

    /// The integers of operand `i`, which must be known at compile time; `None` if omitted. `what` says what they are.
    pub fn const_ints(&self, i: usize, what: &str) -> Result<Option<Vec<i64>>, Reason> {
        let Some(v) = self.optional(i) else { return Ok(None) };
        match self.constant(v) {
            Some(t) if !v.dtype.is_float() => Ok(Some(t.to_i64s())),
            Some(_) => invalid(format!("{what} (input {i}) must be integers, not {}", v.dtype.name())),
            None => unsupported(format!("{what} (input {i}) depends on the data; it must be a constant")),
        }
    }

    /// The integers of operand `i`, known or not; `None` if omitted. `what` says what they are.
    pub fn int_operand(&self, i: usize, what: &str) -> Result<Option<Ints<'c>>, Reason> {
        let Some(v) = self.optional(i) else { return Ok(None) };
        match self.constant(v) {
            _ if v.dtype.is_float() => invalid(format!("{what} (input {i}) must be integers, not {}", v.dtype.name())),
            Some(t) => Ok(Some(Ints::Known(t.to_i64s().into_iter().map(extent::number).collect()))),
            None if self.symbols.is_empty() || !symbolic::knows(&self.name) => Ok(Some(Ints::Data(v))),
            None => Ok(Some(symbolic::contents(self, v, what)?.map_or(Ints::Data(v), Ints::Known))),
        }
    }

    /// As [`Node::const_ints`], for integers that may be expressions over the module's symbols: shapes, and positions in one.
    pub fn const_extents(&self, i: usize, what: &str) -> Result<Option<Vec<i64>>, Reason> {
        match self.int_operand(i, what)? {
            Some(Ints::Known(v)) => Ok(Some(v)),
            Some(Ints::Data(_)) => {
                unsupported(format!("{what} (input {i}) depends on the data; it must be a constant"))
            }
            None => Ok(None),
        }
    }

    /// Start, limit and delta of a range, if they are known or expressions over the module's symbols.
    pub fn open_range(&self) -> Result<Option<[i64; 3]>, Reason> {
        let mut out = [0; 3];
        for (i, (n, what)) in out.iter_mut().zip(["start", "limit", "delta"]).enumerate() {
            match self.optional(i).filter(|v| !v.dtype.is_float()).and_then(|_| self.int_operand(i, what).transpose()) {
                Some(Ok(Ints::Known(v))) if v.len() == 1 => *n = v[0],
                Some(Err(reason)) => return Err(reason),
                _ => return Ok(None),
            }
        }
        Ok(Some(out))
    }

    /// The shape that the model declares for result `i` (`weft.declared`).
    pub fn declared(&self, i: usize) -> Option<Vec<i64>> {
        self.op.attr("weft.declared")?.as_array()?.get(i)?.as_i64s()
    }

    /// The shape of result `i` where an operand's data decides it: what the model declares, which the data has to agree with.
    pub fn shape_by_data(&self, i: usize, what: &str) -> Result<Vec<i64>, Reason> {
        match self.declared(i) {
            Some(shape) => {
                elements(&shape)?;
                Ok(shape)
            }
            None => unsupported(format!("{what} depends on the data, and the model declares no shape for the result")),
        }
    }

    /// The one element of a value that is known at compile time.
    pub fn const_scalar(&self, v: Typed<'c>) -> Option<Scalar> {
        if v.value.tensor_ty()?.len() != Some(1) {
            return None;
        }
        Some(self.constant(v)?.get(0))
    }

    /// As [`Node::ints_by_version`], of [`Node::const_extents`].
    pub fn extents_by_version(&self, name: &str, i: usize, since: i64) -> Result<Option<Vec<i64>>, Reason> {
        if self.opset < since {
            return Ok(self.ints(name)?.map(|all| all.into_iter().map(extent::number).collect()));
        }
        self.const_extents(i, name)
    }

    /// Integers that were an attribute before version `since` of the operator set and are operand `i` from then on.
    pub fn ints_by_version(&self, name: &str, i: usize, since: i64) -> Result<Option<Vec<i64>>, Reason> {
        if self.opset < since { self.ints(name) } else { self.const_ints(i, name) }
    }

    /// An axis of `rank` dims, negative ones counted from the end.
    pub fn axis(&self, axis: i64, rank: usize) -> Result<usize, Reason> {
        let rank = rank as i64;
        if (-rank..rank).contains(&axis) {
            Ok(if axis < 0 { axis + rank } else { axis } as usize)
        } else {
            invalid(format!("axis {axis} is out of range for {rank} dims"))
        }
    }

    /// Distinct axes, sorted.
    pub fn axes(&self, axes: &[i64], rank: usize) -> Result<Vec<usize>, Reason> {
        let mut out: Vec<usize> = axes.iter().map(|&a| self.axis(a, rank)).collect::<Result<_, _>>()?;
        out.sort_unstable();
        if out.windows(2).any(|w| w[0] == w[1]) {
            return invalid(format!("axes {axes:?} name a dim twice"));
        }
        Ok(out)
    }

    /// An elementwise generic of `args`, broadcast as in numpy; `body` gets a scalar of each. Constants of one element
    /// stand inside the body.
    pub fn map(
        &self,
        args: &[Typed<'c>],
        out: Dtype,
        body: impl FnOnce(&Builder<'c>, &[Value<'c>]) -> Value<'c>,
    ) -> Result<Typed<'c>, Reason> {
        let shape = broadcast(&args.iter().map(Typed::shape).collect::<Vec<_>>())?;
        let scalars: Vec<Option<Scalar>> = args.iter().map(|&a| self.const_scalar(a)).collect();
        let inline = scalars.iter().any(Option::is_none);
        let mut ins = Vec::new();
        for (a, s) in args.iter().zip(&scalars) {
            if !(inline && s.is_some()) {
                ins.push((a.value, Map::broadcast(&a.shape(), &shape)));
            }
        }
        let value = self.b.elementwise(out.elem, &shape, &ins, |b, v| {
            let mut v = v.iter().copied();
            let all: Vec<_> = args
                .iter()
                .zip(&scalars)
                .filter_map(|(a, s)| match s {
                    Some(s) if inline => Some(b.scalar(a.dtype.elem, *s)),
                    _ => v.next(),
                })
                .collect();
            body(b, &all)
        });
        Ok(Typed::new(value, out))
    }

    /// An elementwise generic whose second operand runs along dim `dim` of the first.
    pub fn along(&self, x: Typed<'c>, other: Typed<'c>, dim: usize, op: &str) -> Typed<'c> {
        let shape = x.shape();
        let maps = [(x.value, Map::identity(shape.len())), (other.value, Map::select(shape.len(), &[dim]))];
        x.with(self.b.elementwise(x.dtype.elem, &shape, &maps, |b, v| b.binary(op, v[0], v[1])))
    }

    /// The number of elements in some dims as a scalar of a float or integer type, inside a body.
    pub fn number_of(&self, b: &Builder<'c>, elem: Elem, count: &Count) -> Value<'c> {
        let Some(n) = count.extent().filter(|&n| !extent::is_symbolic(n)) else {
            let factors = count.factors().into_iter().map(|n| {
                let int = if elem.is_float() { Elem::I32 } else { elem };
                let n = b.value("arith.index_cast", &[b.extent(n)], b.cx.elem(int), &[]);
                if elem.is_float() { b.value("arith.sitofp", &[n], b.cx.elem(elem), &[]) } else { n }
            });
            let product = if elem.is_float() { "arith.mulf" } else { "arith.muli" };
            let all = factors.reduce(|x, y| b.binary(product, x, y));
            return all.unwrap_or_else(|| b.scalar(elem, number(elem, 1.0)));
        };
        b.scalar(elem, number(elem, n as f64))
    }

    /// Gives an `nn` op the result type of its shape rule.
    pub fn inferred(&self, op: Op<'c>) -> Result<Value<'c>, Reason> {
        let ty = nn::infer(op)?;
        op.res(0).retype(ty.to_mlir(self.b.cx));
        Ok(op.res(0))
    }

    /// A tensor constant of ONNX type int64.
    pub fn int64s(&self, shape: &[i64], values: &[i64]) -> Typed<'c> {
        Typed::new(self.b.tensor(&Tensor::i64(shape, values)), Dtype::INT64)
    }

    /// Refuses element types other than floats.
    pub fn float_only(&self, x: Typed<'c>) -> Result<(), Reason> {
        if x.dtype.is_float() { Ok(()) } else { unsupported(format!("element type {}", x.dtype.name())) }
    }

    /// Refuses operands of different element types.
    pub fn same_dtype(&self, args: &[Typed<'c>]) -> Result<Dtype, Reason> {
        let Some(first) = args.first() else { return invalid("it has no inputs") };
        match args.iter().find(|a| a.dtype != first.dtype) {
            None => Ok(first.dtype),
            Some(other) => {
                invalid(format!("its inputs are of different types, {} and {}", first.dtype.name(), other.dtype.name()))
            }
        }
    }
}

/// The shape that numpy's broadcasting gives.
pub fn broadcast(shapes: &[Vec<i64>]) -> Result<Vec<i64>, Reason> {
    let rank = shapes.iter().map(Vec::len).max().unwrap_or_default();
    let mut out = vec![1; rank];
    for s in shapes {
        for (o, &d) in out[rank - s.len()..].iter_mut().zip(s) {
            if *o == 1 {
                *o = d;
            } else if d != 1 && d != *o {
                let all: Vec<_> = shapes.iter().map(|s| format!("{s:?}")).collect();
                return invalid(format!("shapes {} don't broadcast", all.join(" and ")));
            }
        }
    }
    Ok(out)
}

/// The number of elements of a shape of numbers; an error if it is negative or more than addresses reach.
pub fn elements(shape: &[i64]) -> Result<i64, Reason> {
    const MOST: i64 = 1 << 31;
    match shape.iter().try_fold(1i64, |n, &d| if d < 0 { None } else { n.checked_mul(d) }) {
        Some(n) if n < MOST => Ok(n),
        _ => invalid(format!("the shape {shape:?} is negative or has 2^31 elements or more")),
    }
}

/// A scalar of a type, from a float.
pub fn number(elem: Elem, v: f64) -> Scalar {
    if elem.is_float() { Scalar::F(v) } else { Scalar::I(v as i64) }
}
