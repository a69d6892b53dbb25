//! A kernel's tensors at a point: what prologues and tails become inside the loops of a root.

use super::access::loop_positions;
use super::kernel::Kernel;
use super::slice::slice_map;
use super::vector::{
    constant_index, extract_lane, from_lanes, load_element, load_vector, splat, store, vector_constant, widen,
};
use std::collections::HashMap;
use weft_dialects::ir::{
    Builder, Cx, Elem, Generic, LinExpr, Map, MemRefTy, Op, OpError, OpExt, Scalar, Tensor, Value, ValueExt, VectorTy,
    extent, extents_of,
};

/// A scalar of a generic's body, for all lanes at once.
#[derive(Clone, Copy)]
enum Lanes<'c> {
    /// The same in every lane.
    Uniform(Value<'c>),
    /// A vector.
    Vector(Value<'c>),
    /// An `index` that grows by a constant from lane to lane.
    Ramp(Value<'c>, i64),
}

/// A point, or a vector of points along a line.
struct Point<'c> {
    /// The index of lane 0, per dim.
    at: Vec<Value<'c>>,
    /// What it grows by from lane to lane, per dim.
    step: Vec<i64>,
}

impl<'c> Point<'c> {
    /// A line of `lanes` points; one point alone leads nowhere.
    fn line(at: &[Value<'c>], step: &[i64], lanes: i64) -> Self {
        Self { at: at.to_vec(), step: if lanes > 1 { step.to_vec() } else { vec![0; step.len()] } }
    }

    fn key(&self) -> Vec<(usize, i64)> {
        self.at.iter().zip(&self.step).map(|(v, &s)| (v.key(), s)).collect()
    }
}

type PointKey = (usize, i64, Vec<(usize, i64)>);

/// What was built, by what it is.
#[derive(Clone, Default)]
struct Built<'c> {
    loads: HashMap<PointKey, Lanes<'c>>,
    values: HashMap<PointKey, Lanes<'c>>,
    indices: HashMap<(usize, usize, bool), Value<'c>>,
    constants: HashMap<i64, Value<'c>>,
    body_constants: HashMap<usize, Value<'c>>,
    /// Scalar ops of bodies, by op and operands.
    scalars: HashMap<(usize, Vec<usize>), Value<'c>>,
    splats: HashMap<(usize, i64), Value<'c>>,
}

/// Where the elements of a copying root's result come from, in a part of it.
#[derive(Clone, PartialEq)]
pub enum Source<'c> {
    /// A tensor, read through a map of the result's dims; per dim of the tensor an expression over the symbols is added (or 0;
    /// none if empty).
    Tensor(Value<'c>, Map, Vec<i64>),
    /// One constant.
    Constant(Elem, Scalar),
}

/// Evaluates tensors of a kernel at points, through any chain of all-parallel generics.
///
/// Loads, index arithmetic, constants and intermediate values are built once a scope: open one
/// ([`PointEval::begin_scope`]) whenever what was built may not dominate what comes, that is on entering or leaving a loop's body.
pub struct PointEval<'k, 'c> {
    kernel: &'k Kernel<'c>,
    cx: Cx<'c>,
    known: HashMap<usize, Value<'c>>,
    source: Option<Source<'c>>,
    flat: HashMap<usize, Value<'c>>,
    built: Built<'c>,
}

impl<'k, 'c> PointEval<'k, 'c> {
    /// An evaluator that knows nothing yet.
    pub fn new(kernel: &'k Kernel<'c>, cx: Cx<'c>) -> Self {
        Self { kernel, cx, known: HashMap::new(), source: None, flat: HashMap::new(), built: Built::default() }
    }

    /// Forgets what was built, but not what is known.
    pub fn begin_scope(&mut self) {
        self.built = Built::default();
    }

    /// Runs `f`, which builds into an inner block: it sees what was built so far, and what it builds is forgotten.
    pub fn scoped<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.built.clone();
        let out = f(self);
        self.built = outer;
        out
    }

    /// Addresses all buffers as one-dimensional ones from now on, by views built here. Needed where loop dims were
    /// merged: an index then runs over several dims.
    pub fn flatten(&mut self, b: &Builder<'c>) {
        let mut buffers: Vec<Value<'c>> = self.kernel.buffers();
        buffers.push(self.kernel.out);
        for memref in buffers {
            self.flat.entry(memref.key()).or_insert_with(|| flat_view(b, memref));
        }
    }

    /// Says where the root's elements come from, at the points that are asked for next.
    pub fn set_source(&mut self, source: Source<'c>) {
        self.source = Some(source);
        self.built.values.clear();
        if let Some(root) = self.kernel.root {
            self.built.body_constants.remove(&root.key());
        }
    }

    /// Says what a tensor's value is at the points that are asked for next: a scalar, or a vector of as many lanes.
    pub fn set_known(&mut self, tensor: Value<'c>, value: Value<'c>) {
        self.known.insert(tensor.key(), value);
        self.built.values.clear();
    }

    /// Takes back what [`PointEval::set_known`] said.
    pub fn forget(&mut self, tensor: Value<'c>) {
        self.known.remove(&tensor.key());
        self.built.values.clear();
    }

    /// A tensor's value at a point: `at` has an index for each of its dims. With `lanes > 1` the result is a vector along
    /// the last dim, starting at the point; the caller sees to it that all lanes are inside the tensor.
    ///
    /// # Errors
    /// When the tensor depends on an op that has no value at a point.
    pub fn value_at(
        &mut self,
        b: &Builder<'c>,
        tensor: Value<'c>,
        at: &[Value<'c>],
        lanes: i64,
    ) -> Result<Value<'c>, OpError> {
        let mut step = vec![0; at.len()];
        if let (Some(last), true) = (step.last_mut(), lanes > 1) {
            *last = 1;
        }
        self.value_along(b, tensor, at, &step, lanes)
    }

    /// As [`PointEval::value_at`], for lanes along any line: lane `l` is at `at + l * step`.
    ///
    /// # Errors
    /// As [`PointEval::value_at`].
    pub fn value_along(
        &mut self,
        b: &Builder<'c>,
        tensor: Value<'c>,
        at: &[Value<'c>],
        step: &[i64],
        lanes: i64,
    ) -> Result<Value<'c>, OpError> {
        let point = Point::line(at, step, lanes);
        let v = self.eval(b, tensor, &point, lanes)?;
        Ok(if lanes > 1 { self.vector(b, v, lanes) } else { self.scalar(b, v) })
    }

    /// Builds a tensor's value along a line, for what is the same all along it: it will be found again in the scope, while a
    /// loop's own values are built anew. What remains unused is erased at the end.
    ///
    /// # Errors
    /// As [`PointEval::value_at`].
    pub fn warm(
        &mut self,
        b: &Builder<'c>,
        tensor: Value<'c>,
        at: &[Value<'c>],
        step: &[i64],
        lanes: i64,
    ) -> Result<(), OpError> {
        self.value_along(b, tensor, at, step, lanes).map(|_| ())
    }

    /// Stores a scalar or vector into the kernel's output at a point (a vector along its last dim).
    pub fn store(&mut self, b: &Builder<'c>, value: Value<'c>, at: &[Value<'c>]) {
        let (memref, at) = self.address(b, self.kernel.out, at);
        store(b, value, memref, &at);
    }

    /// As [`PointEval::store`], at a place of the output as a one-dimensional buffer. Buffers are flat.
    pub fn store_flat(&mut self, b: &Builder<'c>, value: Value<'c>, at: Value<'c>) {
        let memref = self.flat.get(&self.kernel.out.key()).copied().unwrap_or(self.kernel.out);
        store(b, value, memref, &[at]);
    }

    /// What was stored into the kernel's output at a point.
    pub fn reload(&mut self, b: &Builder<'c>, at: &[Value<'c>], lanes: i64) -> Value<'c> {
        let elem = buffer_ty(self.kernel.out).elem;
        let (memref, at) = self.address(b, self.kernel.out, at);
        if lanes > 1 { load_vector(b, elem, memref, &at, lanes) } else { load_element(b, elem, memref, &at) }
    }

    /// Builds a load along a line, and its splat, ahead of their use, so that inner scopes find them.
    pub fn load_line(
        &mut self,
        b: &Builder<'c>,
        memref: Value<'c>,
        at: &[Value<'c>],
        step: &[i64],
        lanes: i64,
    ) -> Value<'c> {
        let point = Point { at: at.to_vec(), step: step.to_vec() };
        let v = self.load(b, memref, &point, lanes);
        if lanes > 1 { self.vector(b, v, lanes) } else { self.scalar(b, v) }
    }

    /// Gives what a load along a line would build, so that it isn't built: a vector, or of one lane a scalar.
    pub fn set_loaded(&mut self, memref: Value<'c>, at: &[Value<'c>], step: &[i64], value: Value<'c>, lanes: i64) {
        let point = Point { at: at.to_vec(), step: step.to_vec() };
        let value = if lanes > 1 { Lanes::Vector(value) } else { Lanes::Uniform(value) };
        self.built.loads.insert((memref.key(), lanes, point.key()), value);
    }

    /// One step of a reduction: the body of `g` at a point of its loop dims, given its accumulators. Lanes as in
    /// [`PointEval::value_along`].
    ///
    /// # Errors
    /// As [`PointEval::value_at`].
    pub fn reduce_at(
        &mut self,
        b: &Builder<'c>,
        g: &Generic<'c>,
        at: &[Value<'c>],
        step: &[i64],
        accumulators: &[Value<'c>],
        lanes: i64,
    ) -> Result<Vec<Value<'c>>, OpError> {
        let loops = Point::line(at, step, lanes);
        let mut args = self.inputs(b, g, &loops, lanes)?;
        for (i, &acc) in accumulators.iter().enumerate() {
            let v = if lanes > 1 { Lanes::Vector(acc) } else { Lanes::Uniform(acc) };
            args.insert(g.scalar(g.ins.len() + i).key(), v);
        }
        let out = self.body(b, g, &loops, args, lanes)?;
        Ok(out.into_iter().map(|v| if lanes > 1 { self.vector(b, v, lanes) } else { self.scalar(b, v) }).collect())
    }

    fn address(&mut self, b: &Builder<'c>, memref: Value<'c>, at: &[Value<'c>]) -> (Value<'c>, Vec<Value<'c>>) {
        let Some(&flat) = self.flat.get(&memref.key()) else {
            return (memref, at.to_vec());
        };
        let strides = buffer_ty(memref).strides;
        let mut e = LinExpr::default();
        for (d, (v, &s)) in at.iter().zip(&strides).enumerate() {
            e = match constant_index(*v) {
                Some(c) => e.plus(&LinExpr::constant(c * s)),
                None => e.plus(&LinExpr::dim(d).times(s)),
            };
        }
        (flat, vec![self.linear(b, &e, at)])
    }

    /// An extent or another number as an `index`, built once a scope.
    pub fn index(&mut self, b: &Builder<'c>, v: i64) -> Value<'c> {
        let symbols = &self.kernel.symbols;
        *self.built.constants.entry(v).or_insert_with(|| symbols.value(b, v))
    }

    /// `a + v`, built once a scope.
    pub fn offset(&mut self, b: &Builder<'c>, a: Value<'c>, v: i64) -> Value<'c> {
        if v == 0 {
            return a;
        }
        if let Some(c) = constant_index(a) {
            return self.index(b, extent::add(c, v));
        }
        let v = self.index(b, v);
        self.add(b, a, v)
    }

    fn add(&mut self, b: &Builder<'c>, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        *self.built.indices.entry((x.key(), y.key(), true)).or_insert_with(|| b.binary("arith.addi", x, y))
    }

    fn mul(&mut self, b: &Builder<'c>, x: Value<'c>, y: Value<'c>) -> Value<'c> {
        *self.built.indices.entry((x.key(), y.key(), false)).or_insert_with(|| b.binary("arith.muli", x, y))
    }

    /// A linear expression of indices.
    pub fn linear(&mut self, b: &Builder<'c>, e: &LinExpr, dims: &[Value<'c>]) -> Value<'c> {
        let mut sum: Option<Value<'c>> = None;
        let mut constant = e.constant;
        for &(d, c) in &e.terms {
            if let Some(k) = constant_index(dims[d]) {
                constant += k * c;
                continue;
            }
            let term = if c == 1 {
                dims[d]
            } else {
                let c = self.index(b, c);
                self.mul(b, dims[d], c)
            };
            sum = Some(match sum {
                Some(s) => self.add(b, s, term),
                None => term,
            });
        }
        match sum {
            Some(s) => self.offset(b, s, constant),
            None => self.index(b, constant),
        }
    }

    fn through(&mut self, b: &Builder<'c>, map: &Map, p: &Point<'c>) -> Point<'c> {
        let at = map.results.iter().map(|e| self.linear(b, e, &p.at)).collect();
        let step = map.results.iter().map(|e| e.at(&p.step) - e.constant).collect();
        Point { at, step }
    }

    fn shifted(&mut self, b: &Builder<'c>, mut p: Point<'c>, shift: &[i64]) -> Point<'c> {
        for (at, &by) in p.at.iter_mut().zip(shift) {
            *at = self.offset(b, *at, by);
        }
        p
    }

    fn eval(&mut self, b: &Builder<'c>, v: Value<'c>, p: &Point<'c>, lanes: i64) -> Result<Lanes<'c>, OpError> {
        if let Some(&known) = self.known.get(&v.key()) {
            let vector = VectorTy::of(known.ty()).is_some();
            return Ok(if vector { Lanes::Vector(known) } else { Lanes::Uniform(known) });
        }
        if let Some(memref) = self.kernel.memref(v) {
            return Ok(self.load(b, memref, p, lanes));
        }
        if let (Some(source), Some(root)) = (self.source.clone(), self.kernel.root.filter(|r| r.res(0) == v)) {
            return match source {
                Source::Tensor(tensor, map, shift) => {
                    let inner = self.through(b, &map, p);
                    let inner = self.shifted(b, inner, &shift);
                    self.eval(b, tensor, &inner, lanes)
                }
                Source::Constant(elem, x) => {
                    let made = self.built.body_constants.entry(root.key());
                    Ok(Lanes::Uniform(*made.or_insert_with(|| b.scalar(elem, x))))
                }
            };
        }
        let key = (v.key(), lanes, p.key());
        if let Some(&done) = self.built.values.get(&key) {
            return Ok(done);
        }
        let op = v.def().ok_or_else(|| OpError::new(self.kernel.func, "a tensor argument was not planned"))?;
        let out = match op.op_name().as_str() {
            "linalg.generic" => self.generic(b, op, v.number(), p, lanes)?,
            "arith.constant" => self.constant(b, op)?,
            "tensor.extract_slice" => {
                let (map, shift) = slice_map(op)?;
                let inner = self.through(b, &map, p);
                let inner = self.shifted(b, inner, &shift);
                self.eval(b, op.arg(0), &inner, lanes)?
            }
            other => {
                return Err(OpError::new(op, format!("{other} has no value at a point; it must be the kernel's root")));
            }
        };
        self.built.values.insert(key, out);
        Ok(out)
    }

    /// A generic's result: its operands at their points, then its body.
    fn generic(
        &mut self,
        b: &Builder<'c>,
        op: Op<'c>,
        number: usize,
        p: &Point<'c>,
        lanes: i64,
    ) -> Result<Lanes<'c>, OpError> {
        let g = Generic::of(op)?;
        let at = loop_positions(&g, number)?;
        let loops = Point { at: at.iter().map(|&i| p.at[i]).collect(), step: at.iter().map(|&i| p.step[i]).collect() };
        let mut args = self.inputs(b, &g, &loops, lanes)?;
        for (i, &v) in g.outs.iter().enumerate() {
            let scalar = g.scalar(g.ins.len() + i);
            if !scalar.is_unused() {
                let inner = self.through(b, g.out_map(i), &loops);
                args.insert(scalar.key(), self.eval(b, v, &inner, lanes)?);
            }
        }
        Ok(self.body(b, &g, &loops, args, lanes)?[number])
    }

    /// The values of a generic's inputs at a point of its loop dims, by the body's arguments.
    fn inputs(
        &mut self,
        b: &Builder<'c>,
        g: &Generic<'c>,
        loops: &Point<'c>,
        lanes: i64,
    ) -> Result<HashMap<usize, Lanes<'c>>, OpError> {
        let mut args = HashMap::new();
        for (i, &v) in g.ins.iter().enumerate() {
            if !g.scalar(i).is_unused() {
                let inner = self.through(b, g.in_map(i), loops);
                args.insert(g.scalar(i).key(), self.eval(b, v, &inner, lanes)?);
            }
        }
        Ok(args)
    }

    /// Clones a generic's body for all lanes; `args` says what the block's arguments are. Returns what it yields.
    fn body(
        &mut self,
        b: &Builder<'c>,
        g: &Generic<'c>,
        loops: &Point<'c>,
        mut args: HashMap<usize, Lanes<'c>>,
        lanes: i64,
    ) -> Result<Vec<Lanes<'c>>, OpError> {
        for op in g.body_ops() {
            let name = op.op_name();
            let operand = |args: &HashMap<usize, Lanes<'c>>, v: Value<'c>| args.get(&v.key()).copied();
            let result = match name.as_str() {
                "linalg.yield" => {
                    return op
                        .args()
                        .into_iter()
                        .map(|v| match operand(&args, v) {
                            Some(x) => Ok(x),
                            None => self.outer(b, v),
                        })
                        .collect();
                }
                "linalg.index" => {
                    let d = op.int("dim").unwrap_or_default() as usize;
                    if loops.step[d] == 0 || lanes == 1 {
                        Lanes::Uniform(loops.at[d])
                    } else {
                        Lanes::Ramp(loops.at[d], loops.step[d])
                    }
                }
                "tensor.extract" => {
                    let at: Vec<Lanes<'c>> = op.args()[1..]
                        .iter()
                        .map(|&v| operand(&args, v).map_or_else(|| self.outer(b, v), Ok))
                        .collect::<Result<_, _>>()?;
                    self.pick(b, op, &at, lanes)?
                }
                _ => {
                    let operands: Vec<Lanes<'c>> = op
                        .args()
                        .into_iter()
                        .map(|v| operand(&args, v).map_or_else(|| self.outer(b, v), Ok))
                        .collect::<Result<_, _>>()?;
                    self.scalar_op(b, op, &name, &operands, lanes)
                }
            };
            args.insert(op.res(0).key(), result);
        }
        Err(OpError::new(g.op, "the body has no yield"))
    }

    /// The element of a captured tensor at a position that the body computes; a vector where only the last dim is counted
    /// along.
    fn pick(&mut self, b: &Builder<'c>, op: Op<'c>, at: &[Lanes<'c>], lanes: i64) -> Result<Lanes<'c>, OpError> {
        let memref = self.kernel.memref(op.arg(0)).ok_or_else(|| {
            OpError::new(self.kernel.blame(), "a body picks from a tensor that is computed in the same kernel")
        })?;
        let mut p = Point { at: Vec::new(), step: Vec::new() };
        for &v in at {
            let (first, step) = match v {
                Lanes::Uniform(v) => (v, 0),
                Lanes::Ramp(v, step) => (v, step),
                Lanes::Vector(_) => {
                    return Err(OpError::new(self.kernel.blame(), "a vector of positions that depend on data"));
                }
            };
            p.at.push(first);
            p.step.push(step);
        }
        Ok(self.load(b, memref, &p, lanes))
    }

    /// A value from outside a body: only constants may stand there.
    fn outer(&mut self, b: &Builder<'c>, v: Value<'c>) -> Result<Lanes<'c>, OpError> {
        match v.def() {
            Some(op) if op.op_name() == "arith.constant" => Ok(Lanes::Uniform(b.clone_op(op, &[]).res(0))),
            _ => {
                Err(OpError::new(self.kernel.blame(), "a generic's body uses a value from outside that is no constant"))
            }
        }
    }

    /// One op of a body. Uniform operands keep it scalar.
    fn scalar_op(&mut self, b: &Builder<'c>, op: Op<'c>, name: &str, x: &[Lanes<'c>], lanes: i64) -> Lanes<'c> {
        let uniform: Option<Vec<Value<'c>>> =
            x.iter().map(|v| if let Lanes::Uniform(v) = v { Some(*v) } else { None }).collect();
        if name == "nn.extent" {
            let n = op.attr("value").and_then(extents_of).and_then(|e| e.first().copied()).unwrap_or_default();
            return Lanes::Uniform(self.index(b, n));
        }
        if let (Some(_), "arith.constant") = (&uniform, name) {
            let v = *self.built.body_constants.entry(op.key()).or_insert_with(|| b.clone_op(op, &[]).res(0));
            return Lanes::Uniform(v);
        }
        if let Some(operands) = uniform {
            let key = (op.key(), operands.iter().map(|v| v.key()).collect());
            let made = self.built.scalars.entry(key);
            return Lanes::Uniform(*made.or_insert_with(|| b.clone_op(op, &operands).res(0)));
        }
        let operands: Vec<Value<'c>> = x
            .iter()
            .enumerate()
            .map(|(i, &v)| match v {
                // `select` takes one condition for all lanes.
                Lanes::Uniform(u) if i == 0 && name == "arith.select" => u,
                v => self.vector(b, v, lanes),
            })
            .collect();
        Lanes::Vector(widen(b, op, &operands, lanes))
    }

    /// Loads at a point: one vector if lanes are neighbours, one scalar if they are the same, else lane by lane.
    fn load(&mut self, b: &Builder<'c>, memref: Value<'c>, p: &Point<'c>, lanes: i64) -> Lanes<'c> {
        let key = (memref.key(), lanes, p.key());
        if let Some(&done) = self.built.loads.get(&key) {
            return done;
        }
        let ty = buffer_ty(memref);
        let stride: i64 = p.step.iter().zip(&ty.strides).map(|(s, t)| s * t).sum();
        // Unless buffers are flat, a vector may only run along the innermost dim.
        let inner =
            ty.strides.last() == Some(&1) && p.step.split_last().is_some_and(|(_, o)| o.iter().all(|&s| s == 0));
        let flat = self.flat.contains_key(&memref.key());
        let out = if lanes == 1 || p.step.iter().all(|&s| s == 0) {
            Lanes::Uniform(self.load_scalar(b, memref, &p.at))
        } else if stride == 1 && (inner || flat) {
            let (memref, at) = self.address(b, memref, &p.at);
            Lanes::Vector(load_vector(b, ty.elem, memref, &at, lanes))
        } else {
            let elements: Vec<Value<'c>> = (0..lanes)
                .map(|l| {
                    let at: Vec<_> = p.at.iter().zip(&p.step).map(|(&v, &s)| self.offset(b, v, s * l)).collect();
                    self.load_scalar(b, memref, &at)
                })
                .collect();
            Lanes::Vector(from_lanes(b, &elements))
        };
        self.built.loads.insert(key, out);
        out
    }

    fn load_scalar(&mut self, b: &Builder<'c>, memref: Value<'c>, at: &[Value<'c>]) -> Value<'c> {
        let elem = buffer_ty(memref).elem;
        let (memref, at) = self.address(b, memref, at);
        load_element(b, elem, memref, &at)
    }

    /// A constant tensor at a point; only splats stand inside kernels.
    fn constant(&mut self, b: &Builder<'c>, op: Op<'c>) -> Result<Lanes<'c>, OpError> {
        let t = op.attr("value").and_then(|a| self.cx.tensor_of(a));
        match t {
            Some(t) if t.is_splat() => Ok(Lanes::Uniform(b.scalar(t.elem, t.get(0)))),
            _ => Err(OpError::new(op, "a constant inside a kernel must be a splat; others are the kernel's arguments")),
        }
    }

    fn scalar(&mut self, b: &Builder<'c>, v: Lanes<'c>) -> Value<'c> {
        self.lane(b, v, 0)
    }

    fn lane(&mut self, b: &Builder<'c>, v: Lanes<'c>, lane: i64) -> Value<'c> {
        match v {
            Lanes::Uniform(v) => v,
            Lanes::Ramp(v, s) => self.offset(b, v, s * lane),
            Lanes::Vector(v) => extract_lane(b, v, lane),
        }
    }

    /// As a vector; splats are built once a scope.
    fn vector(&mut self, b: &Builder<'c>, v: Lanes<'c>, lanes: i64) -> Value<'c> {
        match v {
            Lanes::Vector(v) => v,
            Lanes::Uniform(v) => {
                if let Some(&done) = self.built.splats.get(&(v.key(), lanes)) {
                    return done;
                }
                let out = splat(b, v, lanes);
                self.built.splats.insert((v.key(), lanes), out);
                out
            }
            Lanes::Ramp(v, s) => {
                let first = constant_index(v);
                let ramp = (0..lanes).map(|l| Scalar::I(first.unwrap_or(0) + l * s));
                let ramp = vector_constant(b, &Tensor::from_scalars(Elem::I32, &[lanes], ramp));
                if first.is_some() { ramp } else { b.binary("arith.addi", splat(b, v, lanes), ramp) }
            }
        }
    }
}

/// A planned buffer's type.
pub fn buffer_ty(memref: Value<'_>) -> MemRefTy {
    memref.memref_ty().unwrap_or_else(|| panic!("a planned buffer is a memref, not {}", memref.ty()))
}

/// A buffer as a one-dimensional one.
pub fn flat_view<'c>(b: &Builder<'c>, memref: Value<'c>) -> Value<'c> {
    let ty = buffer_ty(memref);
    if ty.shape.len() == 1 && ty.strides == [1] {
        return memref;
    }
    let n = ty.span_bytes() / ty.elem.bytes() as i64;
    let flat = MemRefTy { shape: vec![n], elem: ty.elem, strides: vec![1], offset: ty.offset };
    b.reinterpret(memref, &flat)
}
