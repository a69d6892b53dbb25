//! Which memory a kernel's tensors touch, as functions of loop dims: what decides merging of loops, vectors and
//! unrolling.

use super::kernel::Kernel;
use super::point::{Source, buffer_ty, slice_map};
use std::collections::HashMap;
use weft_dialects::ir::{Elem, Generic, LinExpr, Map, OpError, OpExt, Value, ValueExt};

/// A set of loop dims.
pub type Dims = u64;

/// One access, or all equal ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Access<'c> {
    /// The buffer.
    pub memref: Value<'c>,
    /// Per dim of the buffer, the index as an expression of loop dims; `None` if it depends on data.
    pub at: Vec<Option<LinExpr>>,
    /// The loop dims that the address depends on.
    pub deps: Dims,
}

impl Access<'_> {
    /// Elements between neighbours along a loop dim. Indices that depend on data don't count.
    pub fn stride(&self, dim: usize) -> i64 {
        let strides = buffer_ty(self.memref).strides;
        self.at.iter().zip(strides).map(|(e, s)| e.as_ref().map_or(0, |e| e.coefficient(dim)) * s).sum()
    }

    /// Whether no index depends on data.
    pub fn is_linear(&self) -> bool {
        self.at.iter().all(Option::is_some)
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
    /// About how many instructions a point takes.
    pub weight: i64,
}

/// A scalar, as far as loop dims are concerned.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Sym {
    lin: Option<LinExpr>,
    deps: Dims,
}

impl Sym {
    fn linear(e: LinExpr) -> Self {
        let deps = e.terms.iter().fold(0, |m, t| m | 1 << t.0);
        Self { lin: Some(e), deps }
    }
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
    let at: Vec<Sym> = map.results.iter().cloned().map(Sym::linear).collect();
    Tracer { kernel, source, known, acc, done: HashMap::new() }.tensor(tensor, &at).map(|_| ())
}

struct Tracer<'t, 'c> {
    kernel: &'t Kernel<'c>,
    source: Option<&'t Source<'c>>,
    known: Option<Value<'c>>,
    acc: &'t mut Accesses<'c>,
    done: HashMap<(usize, Vec<Sym>), Dims>,
}

impl<'c> Tracer<'_, 'c> {
    /// Returns the dims that the element depends on.
    fn tensor(&mut self, v: Value<'c>, at: &[Sym]) -> Result<Dims, OpError> {
        let key = (v.key(), at.to_vec());
        if let Some(&deps) = self.done.get(&key) {
            return Ok(deps);
        }
        let address = at.iter().fold(0, |m, s| m | s.deps);
        let deps = if self.known.is_some_and(|k| k == v) {
            address
        } else if let Some(memref) = self.kernel.memref(v) {
            let access = Access { memref, at: at.iter().map(|s| s.lin.clone()).collect(), deps: address };
            if !self.acc.loads.contains(&access) {
                self.acc.loads.push(access);
                self.acc.elems.push((buffer_ty(memref).elem, address));
                self.acc.weight += 1;
            }
            address
        } else {
            self.computed(v, at)?
        };
        self.done.insert(key, deps);
        Ok(deps)
    }

    fn computed(&mut self, v: Value<'c>, at: &[Sym]) -> Result<Dims, OpError> {
        let op = v.def().ok_or_else(|| OpError::new(self.kernel.func, "a tensor argument was not planned"))?;
        if let (Some(source), true) = (self.source, self.kernel.root.is_some_and(|r| r.key() == op.key())) {
            return match source {
                Source::Tensor(tensor, map) => self.tensor(*tensor, &compose(map, at)),
                Source::Constant(..) => Ok(0),
            };
        }
        match op.op_name().as_str() {
            "arith.constant" => Ok(0),
            "tensor.extract_slice" => self.tensor(op.arg(0), &compose(&slice_map(op)?, at)),
            "linalg.generic" => {
                let g = Generic::of(op)?;
                let at = loop_point(&g, v.number(), at)?;
                let mut args = self.inputs(&g, &at)?;
                for (i, &out) in g.outs.iter().enumerate() {
                    let scalar = g.scalar(g.ins.len() + i);
                    if !scalar.is_unused() {
                        let deps = self.tensor(out, &compose(g.out_map(i), &at))?;
                        args.insert(scalar.key(), Sym { lin: None, deps });
                    }
                }
                self.body(&g, &at, args, v.number())
            }
            other => Err(OpError::new(op, format!("{other} has no value at a point; it must be the kernel's root"))),
        }
    }

    fn inputs(&mut self, g: &Generic<'c>, at: &[Sym]) -> Result<HashMap<usize, Sym>, OpError> {
        let mut args = HashMap::new();
        for (i, &v) in g.ins.iter().enumerate() {
            if !g.scalar(i).is_unused() {
                let deps = self.tensor(v, &compose(g.in_map(i), at))?;
                args.insert(g.scalar(i).key(), Sym { lin: None, deps });
            }
        }
        Ok(args)
    }

    fn body(
        &mut self,
        g: &Generic<'c>,
        loops: &[Sym],
        mut args: HashMap<usize, Sym>,
        number: usize,
    ) -> Result<Dims, OpError> {
        let get = |args: &HashMap<usize, Sym>, v: &Value<'c>| {
            args.get(&v.key()).cloned().unwrap_or(Sym { lin: None, deps: 0 })
        };
        for op in g.body_ops() {
            let x: Vec<Sym> = op.args().iter().map(|v| get(&args, v)).collect();
            let deps = x.iter().fold(0, |m, s| m | s.deps);
            let sym = match op.op_name().as_str() {
                "linalg.yield" => return Ok(x[number].deps),
                "linalg.index" => {
                    let s = loops[op.int("dim").unwrap_or_default() as usize].clone();
                    self.acc.pinned |= s.deps;
                    s
                }
                "tensor.extract" => Sym { lin: None, deps: self.tensor(op.arg(0), &x[1..])? },
                "arith.addi" => Sym { lin: sum(&x[0], &x[1], 1), deps },
                "arith.subi" => Sym { lin: sum(&x[0], &x[1], -1), deps },
                "arith.constant" => {
                    use weft_dialects::ir::AttrExt;
                    let value = op.attr("value").and_then(AttrExt::as_i64).map(LinExpr::constant);
                    Sym { lin: value, deps: 0 }
                }
                name => {
                    self.acc.weight += weight(name);
                    Sym { lin: None, deps }
                }
            };
            let result = op.res(0);
            if let (Some(elem), true) = (weft_dialects::ir::elem_of(result.ty()), sym.deps != 0) {
                self.acc.elems.push((elem, sym.deps));
            }
            args.insert(result.key(), sym);
        }
        Err(OpError::new(g.op, "the body has no yield"))
    }
}

/// Follows the inputs and the body of a reduction over its own loop dims; accumulators are taken as given.
///
/// # Errors
/// As [`trace`].
pub fn trace_reduction<'c>(kernel: &Kernel<'c>, g: &Generic<'c>, acc: &mut Accesses<'c>) -> Result<(), OpError> {
    let at: Vec<Sym> = (0..g.dims()).map(|d| Sym::linear(LinExpr::dim(d))).collect();
    let mut tracer = Tracer { kernel, source: None, known: None, acc, done: HashMap::new() };
    let mut args = tracer.inputs(g, &at)?;
    for i in 0..g.outs.len() {
        // An accumulator lives across the reduced dims, and is one value per point of the others.
        let deps = g.out_map(i).results.iter().flat_map(|e| &e.terms).fold(0, |m, t| m | 1 << t.0);
        args.insert(g.scalar(g.ins.len() + i).key(), Sym { lin: None, deps });
    }
    tracer.body(g, &at, args, 0).map(|_| ())
}

fn sum(a: &Sym, b: &Sym, factor: i64) -> Option<LinExpr> {
    Some(a.lin.as_ref()?.plus(&b.lin.as_ref()?.times(factor)))
}

fn compose(map: &Map, at: &[Sym]) -> Vec<Sym> {
    map.results
        .iter()
        .map(|e| {
            let deps = e.terms.iter().fold(0, |m, t| m | at[t.0].deps);
            let lin = e.terms.iter().try_fold(LinExpr::constant(e.constant), |acc, &(d, c)| {
                Some(acc.plus(&at[d].lin.as_ref()?.times(c)))
            });
            Sym { lin, deps }
        })
        .collect()
}

/// The point of an all-parallel generic's loop dims at which its result `number` is at `at`.
fn loop_point(g: &Generic<'_>, number: usize, at: &[Sym]) -> Result<Vec<Sym>, OpError> {
    loop_positions(g, number)?.into_iter().map(|i| Ok(at[i].clone())).collect()
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

/// About how many instructions an op becomes.
fn weight(name: &str) -> i64 {
    match name {
        "math.sqrt" | "math.rsqrt" | "math.floor" | "math.ceil" | "math.trunc" | "math.roundeven" | "math.absf"
        | "math.copysign" | "math.fma" => 1,
        _ if name.starts_with("math.") => 20,
        _ => 1,
    }
}
