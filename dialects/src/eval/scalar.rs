//! Bodies of scalar ops, compiled to a list of instructions and run on columns: many points of the iteration space at
//! once, so that the cost of interpretation is paid once a block.

use super::scalar_fns::{Fun, compare_floats, compare_ints, find, signed, unsigned};
use crate::ir::{AttrExt, Block, BlockLike, Elem, Op, OpError, OpExt, OperationLike, Scalar, Tensor, Value, ValueExt};
use std::collections::HashMap;

/// Values of one scalar at each point of a block.
#[derive(Clone)]
pub(super) enum Col {
    /// Floats, rounded to their type.
    F(Vec<f64>),
    /// Integers, sign-extended.
    I(Vec<i64>),
}

impl Col {
    pub(super) fn new(elem: Elem) -> Self {
        if elem.is_float() { Col::F(Vec::new()) } else { Col::I(Vec::new()) }
    }

    fn floats(&self) -> &[f64] {
        match self {
            Col::F(v) => v,
            Col::I(_) => &[],
        }
    }

    fn ints(&self) -> &[i64] {
        match self {
            Col::I(v) => v,
            Col::F(_) => &[],
        }
    }

    /// The value at a point.
    pub(super) fn at(&self, i: usize) -> Scalar {
        match self {
            Col::F(v) => Scalar::F(v[i]),
            Col::I(v) => Scalar::I(v[i]),
        }
    }
}

/// Where an instruction's value comes from.
enum Source {
    Fun {
        fun: Fun,
        args: Vec<usize>,
        from: Elem,
    },
    Constant(Scalar),
    /// The element of a captured tensor at the position that the registers give.
    Extract {
        tensor: usize,
        at: Vec<usize>,
    },
    /// The point's coordinate along a dim.
    Index(usize),
}

struct Inst {
    source: Source,
    elem: Elem,
}

/// A compiled body: registers `0..args` hold the block's arguments, the instructions' results follow.
pub(super) struct Program {
    args: Vec<Elem>,
    /// Keys of the tensors from outside that the body reads by `tensor.extract`, as [`OpExt::captures`] lists them.
    captures: Vec<usize>,
    insts: Vec<Inst>,
    /// The registers that the terminator yields.
    pub(super) yields: Vec<usize>,
}

/// The element type of a scalar value; `index` is computed as i64.
pub(super) fn elem_of(v: Value<'_>) -> Option<Elem> {
    if crate::ir::is_index_type(v.ty()) { Some(Elem::I64) } else { crate::ir::elem_of(v.ty()) }
}

impl Program {
    /// Compiles a block whose ops are scalar and which ends in a terminator that yields scalars. `owner` is who the
    /// errors are about.
    pub(super) fn compile(owner: Op<'_>, block: Block<'_>) -> Result<Self, OpError> {
        let err = |m: String| OpError::new(owner, m);
        let captures = owner.captures().into_iter().filter(|v| v.tensor_ty().is_some()).map(ValueExt::key).collect();
        let mut program = Program { args: Vec::new(), captures, insts: Vec::new(), yields: Vec::new() };
        let mut regs: HashMap<usize, usize> = HashMap::new();
        for i in 0..block.argument_count() {
            let arg: Value<'_> = block.argument(i).map_err(|e| err(e.to_string()))?.into();
            program.args.push(elem_of(arg).ok_or_else(|| err(format!("{} is no scalar type", arg.ty())))?);
            regs.insert(arg.key(), i);
        }
        let mut next = block.first_operation();
        while let Some(op) = next {
            next = op.next_in_block();
            let mut args = Vec::new();
            let extract = op.op_name() == "tensor.extract";
            for v in op.args().into_iter().skip(usize::from(extract)) {
                args.push(program.register(owner, v, &mut regs)?);
            }
            if next.is_none() {
                program.yields = args;
                break;
            }
            let elem = elem_of(op.res(0)).ok_or_else(|| err(format!("{} is no scalar op", op.op_name())))?;
            let inst = if extract { program.extract(op, args, elem)? } else { program.inst(owner, op, args, elem)? };
            regs.insert(op.res(0).key(), program.push(inst));
        }
        Ok(program)
    }

    fn push(&mut self, inst: Inst) -> usize {
        self.insts.push(inst);
        self.args.len() + self.insts.len() - 1
    }

    /// The register of a value; constants from outside the block become instructions.
    fn register(&mut self, owner: Op<'_>, v: Value<'_>, regs: &mut HashMap<usize, usize>) -> Result<usize, OpError> {
        if let Some(&r) = regs.get(&v.key()) {
            return Ok(r);
        }
        let (Some(def), Some(elem)) = (v.def().filter(|d| d.op_name() == "arith.constant"), elem_of(v)) else {
            return Err(OpError::new(owner, "the body uses a value from outside that is no scalar constant"));
        };
        let inst = Inst { source: Source::Constant(constant(owner, def)?), elem };
        let r = self.push(inst);
        regs.insert(v.key(), r);
        Ok(r)
    }

    fn extract(&self, op: Op<'_>, at: Vec<usize>, elem: Elem) -> Result<Inst, OpError> {
        let tensor = self.captures.iter().position(|&k| k == op.arg(0).key());
        let tensor = tensor.ok_or_else(|| OpError::new(op, "picks from a tensor that is made inside the body"))?;
        Ok(Inst { source: Source::Extract { tensor, at }, elem })
    }

    fn inst(&self, owner: Op<'_>, op: Op<'_>, args: Vec<usize>, elem: Elem) -> Result<Inst, OpError> {
        let name = op.op_name();
        let fun = match name.as_str() {
            "arith.constant" => return Ok(Inst { source: Source::Constant(constant(owner, op)?), elem }),
            "linalg.index" => {
                let dim = op.int("dim").unwrap_or_default() as usize;
                return Ok(Inst { source: Source::Index(dim), elem });
            }
            "arith.cmpf" => compare_floats(op.int("predicate").unwrap_or(-1)),
            "arith.cmpi" => compare_ints(op.int("predicate").unwrap_or(-1)),
            other => find(other),
        };
        let fun = fun.ok_or_else(|| OpError::new(owner, format!("no reference evaluation for {name} in a body")))?;
        // A select's type is its values', not its condition's.
        let from = args.last().map_or(elem, |&r| self.elem(r));
        Ok(Inst { source: Source::Fun { fun, args, from }, elem })
    }

    fn elem(&self, reg: usize) -> Elem {
        if reg < self.args.len() { self.args[reg] } else { self.insts[reg - self.args.len()].elem }
    }

    /// Whether a register's value is used.
    pub(super) fn reads(&self, reg: usize) -> bool {
        self.yields.contains(&reg)
            || self.insts.iter().any(|i| match &i.source {
                Source::Fun { args, .. } | Source::Extract { at: args, .. } => args.contains(&reg),
                Source::Constant(_) | Source::Index(_) => false,
            })
    }

    /// The argument that is yielded as it is, if that is all the body does.
    pub(super) fn forwards(&self) -> Option<usize> {
        match self.yields[..] {
            [r] if r < self.args.len() => Some(r),
            _ => None,
        }
    }

    /// Empty registers.
    pub(super) fn registers(&self) -> Vec<Col> {
        (0..self.args.len() + self.insts.len()).map(|r| Col::new(self.elem(r))).collect()
    }

    /// Runs on `n` points. The argument registers must be filled; `captured` are the tensors that the body captures, and
    /// `index` gives the coordinates along a dim.
    pub(super) fn run(
        &self,
        owner: Op<'_>,
        captured: &[Tensor],
        regs: &mut [Col],
        n: usize,
        index: impl Fn(usize) -> Vec<i64>,
    ) -> Result<(), OpError> {
        for (i, inst) in self.insts.iter().enumerate() {
            let at = self.args.len() + i;
            let (before, rest) = regs.split_at_mut(at);
            let out = &mut rest[0];
            match &inst.source {
                Source::Constant(Scalar::F(x)) => fill(out, n, |_| *x),
                Source::Constant(Scalar::I(x)) => fill_int(out, n, |_| *x),
                Source::Index(dim) => *out = Col::I(index(*dim)),
                Source::Extract { tensor, at } => {
                    let at: Vec<&[i64]> = at.iter().map(|&r| before[r].ints()).collect();
                    *out = extract(&captured[*tensor], &at, n).map_err(|m| OpError::new(owner, m))?;
                }
                Source::Fun { fun, args, from } => {
                    apply(*fun, &args.iter().map(|&a| &before[a]).collect::<Vec<_>>(), *from, inst.elem, out, n)
                        .map_err(|m| OpError::new(owner, m))?;
                }
            }
        }
        Ok(())
    }
}

/// The elements of a tensor at `n` positions, given by dim.
fn extract(t: &Tensor, at: &[&[i64]], n: usize) -> Result<Col, String> {
    let strides = crate::ir::row_major(&t.shape);
    let mut out = Col::new(t.elem);
    for p in 0..n {
        let mut offset = 0;
        for ((index, &extent), stride) in at.iter().zip(&t.shape).zip(&strides) {
            if !(0..extent).contains(&index[p]) {
                return Err(format!("position {} is out of range for an extent of {extent}", index[p]));
            }
            offset += index[p] * stride;
        }
        match (&mut out, t.get(offset as usize)) {
            (Col::F(v), x) => v.push(x.f64()),
            (Col::I(v), x) => v.push(x.i64()),
        }
    }
    Ok(out)
}

/// The element type of a scalar or of a vector's lanes; `index` is computed as i64.
fn lane_elem(v: Value<'_>) -> Option<Elem> {
    let text = v.ty().to_string();
    let elem = text.strip_prefix("vector<").and_then(|t| t.split_once('x')).map_or(text.as_str(), |t| t.1);
    let elem = elem.trim_end_matches('>');
    if elem == "index" { Some(Elem::I64) } else { Elem::from_mlir(elem) }
}

/// Evaluates one scalar op, or the same op on vectors lane by lane: an elementwise op of `arith` or `math`, not a
/// constant. A single scalar among vectors counts for every lane.
///
/// # Errors
/// When the op has no reference evaluation, or an integer is divided by zero.
pub fn elementwise(op: Op<'_>, args: &[Vec<Scalar>]) -> Result<Vec<Scalar>, OpError> {
    let program = Program {
        args: op.args().into_iter().map_while(lane_elem).collect(),
        captures: Vec::new(),
        insts: Vec::new(),
        yields: Vec::new(),
    };
    let elem = lane_elem(op.res(0)).filter(|_| program.args.len() == args.len());
    let elem = elem.ok_or_else(|| OpError::new(op, "is no op on scalars or vectors"))?;
    let inst = program.inst(op, op, (0..args.len()).collect(), elem)?;
    let Source::Fun { fun, from, .. } = inst.source else {
        return Err(OpError::new(op, "is no op on scalars or vectors"));
    };
    let n = args.iter().map(Vec::len).max().unwrap_or(1);
    let cols: Vec<Col> = args
        .iter()
        .zip(&program.args)
        .map(|(lanes, e)| {
            let lane = |i: usize| lanes[if lanes.len() == 1 { 0 } else { i }];
            if e.is_float() {
                Col::F((0..n).map(|i| lane(i).f64()).collect())
            } else {
                Col::I((0..n).map(|i| lane(i).i64()).collect())
            }
        })
        .collect();
    let mut out = Col::new(elem);
    apply(fun, &cols.iter().collect::<Vec<_>>(), from, elem, &mut out, n).map_err(|m| OpError::new(op, m))?;
    Ok((0..n).map(|i| out.at(i)).collect())
}

/// Evaluates a binary op on two scalars of a type.
pub(super) fn elementwise_named(owner: Op<'_>, name: &str, elem: Elem, args: &[Scalar; 2]) -> Result<Scalar, OpError> {
    let fun = find(name).ok_or_else(|| OpError::new(owner, format!("no reference evaluation for {name}")))?;
    let col = |x: Scalar| if elem.is_float() { Col::F(vec![x.f64()]) } else { Col::I(vec![x.i64()]) };
    let (a, b) = (col(args[0]), col(args[1]));
    let mut out = Col::new(elem);
    apply(fun, &[&a, &b], elem, elem, &mut out, 1).map_err(|m| OpError::new(owner, m))?;
    Ok(out.at(0))
}

fn constant(owner: Op<'_>, op: Op<'_>) -> Result<Scalar, OpError> {
    let value = op.attr("value").ok_or_else(|| OpError::new(owner, "a constant has no value"))?;
    let int = value.as_i64().map(Scalar::I);
    // A boolean attribute of -1 is `true`.
    let int = if elem_of(op.res(0)) == Some(Elem::I1) { int.map(|s| s.to(Elem::I1)) } else { int };
    int.or_else(|| value.as_f64().map(Scalar::F))
        .ok_or_else(|| OpError::new(owner, "a constant is neither float nor integer"))
}

fn fill(out: &mut Col, n: usize, f: impl Fn(usize) -> f64) {
    if let Col::F(v) = out {
        v.clear();
        v.extend((0..n).map(f));
    }
}

fn fill_int(out: &mut Col, n: usize, f: impl Fn(usize) -> i64) {
    if let Col::I(v) = out {
        v.clear();
        v.extend((0..n).map(f));
    }
}

fn round_all(out: &mut Col, elem: Elem) {
    match out {
        Col::F(v) => match elem {
            Elem::F64 => {}
            Elem::F32 => v.iter_mut().for_each(|x| *x = *x as f32 as f64),
            _ => v.iter_mut().for_each(|x| *x = Scalar::F(*x).to(elem).f64()),
        },
        Col::I(v) => match elem {
            Elem::I64 => {}
            _ => v.iter_mut().for_each(|x| *x = Scalar::I(*x).to(elem).i64()),
        },
    }
}

fn apply(fun: Fun, args: &[&Col], from: Elem, elem: Elem, out: &mut Col, n: usize) -> Result<(), String> {
    let f = |k: usize| args[k].floats();
    let i = |k: usize| args[k].ints();
    match fun {
        Fun::F1(g) => fill(out, n, |p| g(f(0)[p])),
        Fun::F2(g) => fill(out, n, |p| g(f(0)[p], f(1)[p])),
        Fun::Fma if elem == Elem::F32 => {
            fill(out, n, |p| f64::from((f(0)[p] as f32).mul_add(f(1)[p] as f32, f(2)[p] as f32)));
        }
        Fun::Fma => fill(out, n, |p| f(0)[p].mul_add(f(1)[p], f(2)[p])),
        Fun::PowI => fill(out, n, |p| f(0)[p].powf(i(1)[p] as f64)),
        Fun::I1(g) => fill_int(out, n, |p| g(i(0)[p], from)),
        Fun::Div(_) if i(1)[..n].contains(&0) => return Err("an integer is divided by zero".to_owned()),
        Fun::I2(g) | Fun::Div(g) => fill_int(out, n, |p| g(i(0)[p], i(1)[p], from)),
        Fun::CmpF(g) => fill_int(out, n, |p| i64::from(g(f(0)[p], f(1)[p]))),
        Fun::CmpI(g) => fill_int(out, n, |p| i64::from(g(i(0)[p], i(1)[p], from))),
        Fun::TestF(g) => fill_int(out, n, |p| i64::from(g(f(0)[p]))),
        Fun::Select if elem.is_float() => fill(out, n, |p| if i(0)[p] != 0 { f(1)[p] } else { f(2)[p] }),
        Fun::Select => fill_int(out, n, |p| if i(0)[p] != 0 { i(1)[p] } else { i(2)[p] }),
        Fun::FtoI(true) => fill_int(out, n, |p| saturate(f(0)[p], elem)),
        Fun::FtoI(false) => fill_int(out, n, |p| {
            let top = unsigned(-1, elem);
            (f(0)[p] as u64).min(top) as i64
        }),
        // From i64, one rounding only: through f64 there would be two.
        Fun::ItoF(true) if elem == Elem::F32 => fill(out, n, |p| f64::from(signed(i(0)[p], from) as f32)),
        Fun::ItoF(true) => fill(out, n, |p| signed(i(0)[p], from) as f64),
        Fun::ItoF(false) if elem == Elem::F32 => fill(out, n, |p| f64::from(unsigned(i(0)[p], from) as f32)),
        Fun::ItoF(false) => fill(out, n, |p| unsigned(i(0)[p], from) as f64),
        Fun::ItoI(true) => fill_int(out, n, |p| signed(i(0)[p], from)),
        Fun::ItoI(false) => fill_int(out, n, |p| unsigned(i(0)[p], from) as i64),
        Fun::Bitcast => {
            let cast: Vec<Scalar> = (0..n).map(|p| bitcast(args[0].at(p), from, elem)).collect();
            fill(out, n, |p| cast[p].f64());
            fill_int(out, n, |p| cast[p].i64());
        }
    }
    round_all(out, elem);
    Ok(())
}

fn saturate(x: f64, elem: Elem) -> i64 {
    let bits = 8 * elem.bytes() as u32;
    let (low, high) = (i64::MIN >> (64 - bits), i64::MAX >> (64 - bits));
    (x as i64).clamp(low, high)
}

fn bitcast(x: Scalar, from: Elem, to: Elem) -> Scalar {
    let mut t = crate::ir::Tensor::from_scalars(from, &[1], [x]);
    t.elem = to;
    t.get(0)
}
