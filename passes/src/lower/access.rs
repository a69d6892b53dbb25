//! Which memory a kernel's tensors touch, as functions of loop dims: what decides merging of loops, vectors and
//! unrolling.

use super::kernel::Kernel;
use super::point::{Source, buffer_ty};
use super::slice::slice_map;
use std::collections::HashMap;
use weft_dialects::ir::{Elem, Generic, LinExpr, Map, Op, OpError, OpExt, Value, ValueExt, elem_of, extent};

/// A set of loop dims.
pub type Dims = u64;

/// One access, or all equal ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Access<'c> {
    /// The buffer.
    pub memref: Value<'c>,
    /// From loop dims to the buffer's indices.
    pub map: Map,
}

impl Access<'_> {
    /// Elements between neighbours along a loop dim.
    pub fn stride(&self, dim: usize) -> i64 {
        let strides = buffer_ty(self.memref).strides;
        self.map.results.iter().zip(strides).map(|(e, s)| e.coefficient(dim) * s).sum()
    }

    /// Whether the address depends on a loop dim.
    pub fn moves(&self, dim: usize) -> bool {
        self.map.results.iter().any(|e| e.coefficient(dim) != 0)
    }
}

/// Everything that evaluating a tensor touches.
#[derive(Debug, Default)]
pub struct Accesses<'c> {
    /// Loads, each once.
    pub loads: Vec<Access<'c>>,
    /// Element types of what is loaded or computed, with the loop dims that the values depend on.
    pub elems: Vec<(Elem, Dims)>,
    /// Loop dims whose own value is read (`linalg.index`): they can't be merged.
    pub pinned: Dims,
    /// Whether some load is moved by an extent that isn't a number, which its map doesn't show.
    pub shifted: bool,
    /// Loop dims along which some op has no vector form.
    pub scalar: Dims,
    /// Whether some position depends on data (`tensor.extract`).
    pub picks: bool,
    /// About how many instructions a point takes.
    pub weight: i64,
}

/// Follows `tensor` at the point `map` of the loop dims. The values of `known` tensors are taken as given.
///
/// # Errors
/// When the tensor depends on an op that has no value at a point.
pub fn trace<'c>(
    kernel: &Kernel<'c>,
    source: Option<&Source<'c>>,
    known: Option<Value<'c>>,
    tensor: Value<'c>,
    map: &Map,
    acc: &mut Accesses<'c>,
) -> Result<(), OpError> {
    Tracer { kernel, source, known, acc, done: HashMap::new() }.tensor(tensor, map).map(|_| ())
}

/// Follows the inputs and the body of a reduction over its own loop dims; accumulators are taken as given.
///
/// # Errors
/// As [`trace`].
pub fn trace_reduction<'c>(kernel: &Kernel<'c>, g: &Generic<'c>, acc: &mut Accesses<'c>) -> Result<(), OpError> {
    let at = Map::identity(g.dims());
    let mut tracer = Tracer { kernel, source: None, known: None, acc, done: HashMap::new() };
    let mut args = tracer.inputs(g, &at)?;
    for i in 0..g.outs.len() {
        // An accumulator lives across the reduced dims, and is one value per point of the others.
        args.insert(g.scalar(g.ins.len() + i).key(), used(g.out_map(i)));
    }
    tracer.body(g, &at, args, 0).map(|_| ())
}

struct Tracer<'t, 'c> {
    kernel: &'t Kernel<'c>,
    source: Option<&'t Source<'c>>,
    known: Option<Value<'c>>,
    acc: &'t mut Accesses<'c>,
    done: HashMap<(usize, Map), Dims>,
}

impl<'c> Tracer<'_, 'c> {
    /// Returns the dims that the element depends on.
    fn tensor(&mut self, v: Value<'c>, at: &Map) -> Result<Dims, OpError> {
        let key = (v.key(), at.clone());
        if let Some(&deps) = self.done.get(&key) {
            return Ok(deps);
        }
        let deps = if self.known.is_some_and(|k| k == v) {
            used(at)
        } else if let Some(memref) = self.kernel.memref(v) {
            let access = Access { memref, map: at.clone() };
            if !self.acc.loads.contains(&access) {
                self.acc.loads.push(access);
                self.acc.elems.push((buffer_ty(memref).elem, used(at)));
                self.acc.weight += 1;
            }
            used(at)
        } else {
            self.computed(v, at)?
        };
        self.done.insert(key, deps);
        Ok(deps)
    }

    fn computed(&mut self, v: Value<'c>, at: &Map) -> Result<Dims, OpError> {
        let op = v.def().ok_or_else(|| OpError::new(self.kernel.func, "a tensor argument was not planned"))?;
        if let (Some(source), true) = (self.source, self.kernel.root.is_some_and(|r| r.key() == op.key())) {
            return match source {
                Source::Tensor(tensor, map, shift) => {
                    self.acc.shifted |= extent::any_symbolic(shift);
                    self.tensor(*tensor, &map.compose(at))
                }
                Source::Constant(..) => Ok(0),
            };
        }
        match op.op_name().as_str() {
            "arith.constant" => Ok(0),
            "tensor.extract_slice" => {
                let (map, shift) = slice_map(op)?;
                self.acc.shifted |= extent::any_symbolic(&shift);
                self.tensor(op.arg(0), &map.compose(at))
            }
            "linalg.generic" => {
                let g = Generic::of(op)?;
                let picked = loop_positions(&g, v.number())?;
                let at = Map { dims: at.dims, results: picked.iter().map(|&i| at.results[i].clone()).collect() };
                let mut args = self.inputs(&g, &at)?;
                for (i, &out) in g.outs.iter().enumerate() {
                    let scalar = g.scalar(g.ins.len() + i);
                    if !scalar.is_unused() {
                        args.insert(scalar.key(), self.tensor(out, &g.out_map(i).compose(&at))?);
                    }
                }
                self.body(&g, &at, args, v.number())
            }
            other => Err(OpError::new(op, format!("{other} has no value at a point; it must be the kernel's root"))),
        }
    }

    fn inputs(&mut self, g: &Generic<'c>, at: &Map) -> Result<HashMap<usize, Dims>, OpError> {
        let mut args = HashMap::new();
        for (i, &v) in g.ins.iter().enumerate() {
            if !g.scalar(i).is_unused() {
                args.insert(g.scalar(i).key(), self.tensor(v, &g.in_map(i).compose(at))?);
            }
        }
        Ok(args)
    }

    fn body(
        &mut self,
        g: &Generic<'c>,
        loops: &Map,
        mut args: HashMap<usize, Dims>,
        number: usize,
    ) -> Result<Dims, OpError> {
        for op in g.body_ops() {
            let x: Vec<Dims> = op.args().iter().map(|v| args.get(&v.key()).copied().unwrap_or(0)).collect();
            let deps = match op.op_name().as_str() {
                "linalg.yield" => return Ok(x[number]),
                "linalg.index" => {
                    let deps = used_by(&loops.results[op.int("dim").unwrap_or_default() as usize]);
                    self.acc.pinned |= deps;
                    deps
                }
                "arith.constant" | "nn.extent" => 0,
                "tensor.extract" => {
                    self.acc.weight += 2;
                    self.acc.scalar |= self.scattered(op, loops, &x);
                    self.acc.picks = true;
                    union(&x)
                }
                name => {
                    self.acc.weight += weight(name);
                    self.acc.scalar |= scalar_dims(op, name, &x);
                    union(&x)
                }
            };
            let result = op.res(0);
            if let (Some(elem), true) = (elem_of(result.ty()), deps != 0) {
                self.acc.elems.push((elem, deps));
            }
            args.insert(result.key(), deps);
        }
        Err(OpError::new(g.op, "the body has no yield"))
    }
}

impl<'c> Tracer<'_, 'c> {
    /// The dims along which a `tensor.extract` finds no neighbours: all that its positions depend on, but those that its last
    /// position simply counts along. `x` are its operands' dims.
    fn scattered(&self, op: Op<'c>, loops: &Map, x: &[Dims]) -> Dims {
        let contiguous = self.kernel.memref(op.arg(0)).is_some_and(|m| buffer_ty(m).strides.last() == Some(&1));
        let [_, outer @ .., last] = x else { return 0 };
        let index = op.args().last().and_then(|v| v.def()).filter(|d| d.op_name() == "linalg.index" && contiguous);
        let counted = index.map_or(0, |d| {
            let e = &loops.results[d.int("dim").unwrap_or_default() as usize];
            e.terms.iter().filter(|t| t.1 == 1).fold(0, |all, t| all | 1 << t.0)
        });
        union(outer) | last & !counted
    }
}

fn union(x: &[Dims]) -> Dims {
    x.iter().fold(0, |all, d| all | d)
}

/// The dims that an expression depends on.
fn used_by(e: &LinExpr) -> Dims {
    e.terms.iter().fold(0, |all, t| all | 1 << t.0)
}

/// The dims that a map depends on.
fn used(map: &Map) -> Dims {
    map.results.iter().fold(0, |all, e| all | used_by(e))
}

/// Per loop dim of an all-parallel generic: the dim of result `number` that is it.
///
/// # Errors
/// When the generic reduces, or its result doesn't show every loop dim.
pub fn loop_positions(g: &Generic<'_>, number: usize) -> Result<Vec<usize>, OpError> {
    if !g.is_parallel() {
        return Err(OpError::new(g.op, "a reduction has no value at a point; it must be the kernel's root"));
    }
    (0..g.dims())
        .map(|d| {
            let at = g.out_map(number).results.iter().position(|e| e.as_dim() == Some(d));
            at.ok_or_else(|| OpError::new(g.op, "its result's map must pick every loop dim"))
        })
        .collect()
}

/// The dims along which an op has to be done lane by lane.
fn scalar_dims(op: Op<'_>, name: &str, x: &[Dims]) -> Dims {
    let all = union(x);
    // An index is an i32 in vectors.
    let elem = |v: Value<'_>| elem_of(v.ty()).unwrap_or(Elem::I32);
    let (from, to) = (elem(op.arg(op.args().len() - 1)), elem(op.res(0)));
    // Half precision is computed in f32.
    let single = |e: Elem| matches!(e, Elem::F32 | Elem::F16 | Elem::BF16);
    let int = |e: Elem| matches!(e, Elem::I8 | Elem::I16 | Elem::I32);
    let vector = match name {
        "arith.addf" | "arith.subf" | "arith.mulf" | "arith.divf" | "arith.negf" | "arith.cmpf" => single(from),
        "arith.maximumf" | "arith.minimumf" | "arith.maxnumf" | "arith.minnumf" => single(from),
        "arith.addi" | "arith.subi" => int(from),
        "arith.muli" => matches!(from, Elem::I16 | Elem::I32),
        "arith.minsi" | "arith.maxsi" | "arith.minui" | "arith.maxui" => from == Elem::I32,
        "arith.andi" | "arith.ori" | "arith.xori" => true,
        "arith.select" => int(to) || single(to) || to == Elem::I1,
        // Masks of the two have to be as wide.
        "arith.cmpi" => matches!(from, Elem::I32 | Elem::I1),
        // All lanes are shifted by the same number.
        "arith.shli" | "arith.shrsi" | "arith.shrui" if matches!(from, Elem::I16 | Elem::I32) => return x[1],
        "arith.extsi" | "arith.extui" => int(from) || (from, to) == (Elem::I1, Elem::I32),
        "arith.trunci" => from == Elem::I32 || from == Elem::I16,
        "arith.sitofp" => int(from) && single(to),
        "arith.uitofp" => (int(from) || from == Elem::I1) && single(to),
        "arith.fptosi" | "arith.fptoui" => single(from) && int(to),
        "arith.bitcast" => true,
        "arith.index_cast" | "arith.index_castui" => from == Elem::I32 && to == Elem::I32,
        "math.absi" => from == Elem::I32,
        "math.ipowi" | "math.fpowi" => false,
        "arith.extf" | "arith.truncf" => single(from) && single(to),
        _ => name.starts_with("math.") && single(from),
    };
    if vector { 0 } else { all }
}

/// About how many instructions an op becomes.
fn weight(name: &str) -> i64 {
    match name {
        "math.sqrt" | "math.rsqrt" | "math.floor" | "math.ceil" | "math.trunc" | "math.roundeven" | "math.absf"
        | "math.copysign" | "math.fma" => 1,
        _ if name.starts_with("math.") => 20,
        _ => 1,
    }
}
