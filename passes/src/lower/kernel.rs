//! A kernel function of the planned level, taken apart for its lowering.

use super::access::loop_positions;
use super::symbols::SymbolValues;
use std::collections::HashMap;
use weft_dialects::ir::{
    AttrExt, Attribute, BlockLike, Builder, Cx, Generic, Map, Op, OpError, OpExt, OperationLike, Value, ValueExt,
    block_arg, block_ops, extents_of,
};

/// A kernel function: `bufferization.to_tensor` of its inputs, prologue generics, at most one root, tail generics, and
/// `bufferization.materialize_in_destination` of the result.
pub struct Kernel<'c> {
    /// The function.
    pub func: Op<'c>,
    /// The op that decides the algorithm: an `nn` op, a reducing `linalg.generic`, or a `tensor.pad`, `concat`,
    /// `extract_slice` or `insert_slice`. `None` if the kernel is made of all-parallel generics only.
    pub root: Option<Op<'c>>,
    /// The memref that the result goes to.
    pub out: Value<'c>,
    /// The tensor that is materialised there.
    pub result: Value<'c>,
    /// The first unit of the outermost parallel loop to run; `None` before `schedule`.
    pub begin: Option<Value<'c>>,
    /// The unit to stop before; `None` before `schedule`.
    pub end: Option<Value<'c>>,
    /// The module's symbols, and their values here.
    pub symbols: SymbolValues<'c>,
    memrefs: HashMap<usize, Value<'c>>,
    ops: Vec<Op<'c>>,
    ret: Op<'c>,
}

impl<'c> Kernel<'c> {
    /// Whether a function is a planned kernel: it returns nothing and materialises a tensor.
    pub fn is(func: Op<'c>) -> bool {
        use weft_dialects::ir::RegionLike;
        let block = func.region(0).ok().and_then(|r| r.first_block());
        block.is_some_and(|b| block_ops(b).iter().any(|op| op.op_name() == MATERIALIZE))
    }

    /// Takes a function apart.
    ///
    /// # Errors
    /// When it isn't of the form that the planned level prescribes.
    pub fn parse(func: Op<'c>) -> Result<Self, OpError> {
        let name = func.string("sym_name").unwrap_or_default();
        let err = |op: Op<'c>, what: &str| OpError::new(op, format!("in kernel @{name}: {what}"));
        let mut ops = block_ops(func.body(0));
        let ret = ops.pop().ok_or_else(|| err(func, "the body is empty"))?;
        let mut memrefs = HashMap::new();
        let mut root: Option<Op<'c>> = None;
        let mut stored = None;
        for &op in &ops {
            match op.op_name().as_str() {
                "bufferization.to_tensor" => {
                    memrefs.insert(op.res(0).key(), whole(op.arg(0)));
                }
                MATERIALIZE if stored.is_some() => return Err(err(op, "a second result")),
                MATERIALIZE => stored = Some((op.arg(0), whole(op.arg(1)))),
                _ if is_root(op)? => {
                    if let Some(first) = root.replace(op) {
                        return Err(err(op, &format!("a second root beside {}", first.op_name())));
                    }
                }
                _ => {}
            }
        }
        let (result, out) = stored.ok_or_else(|| err(func, "no result is materialised"))?;
        let block = func.body(0);
        let args = (0..block.argument_count()).map(|i| block_arg(block, i));
        let ranges: Vec<Value<'c>> = args.filter(|v| v.memref_ty().is_none()).collect();
        let symbols = SymbolValues::of(func);
        let (begin, end) = match ranges[symbols.values.len()..] {
            [] => (None, None),
            [begin, end] => (Some(begin), Some(end)),
            _ => return Err(err(func, "the arguments behind the buffers must be the symbols, then 'begin' and 'end'")),
        };
        Ok(Self { func, root, out, result, begin, end, symbols, memrefs, ops, ret })
    }

    /// The function's symbol.
    pub fn name(&self) -> String {
        self.func.string("sym_name").unwrap_or_default()
    }

    /// Whether the result has no elements, so that there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.result.tensor_ty().is_some_and(|t| t.is_empty())
    }

    /// The memref argument behind a tensor value; `None` if the kernel computes the tensor.
    pub fn memref(&self, tensor: Value<'c>) -> Option<Value<'c>> {
        self.memrefs.get(&tensor.key()).copied()
    }

    /// The buffers that inputs lie in, in order.
    pub fn buffers(&self) -> Vec<Value<'c>> {
        self.ops.iter().filter_map(|op| op.result_count().gt(&0).then(|| self.memref(op.res(0))).flatten()).collect()
    }

    /// The range of units to run.
    ///
    /// # Errors
    /// Before `schedule` has added the arguments.
    pub fn range(&self) -> Result<(Value<'c>, Value<'c>), OpError> {
        self.begin.zip(self.end).ok_or_else(|| {
            OpError::new(
                self.func,
                format!("kernel @{} has no 'begin' and 'end' yet: run 'schedule' first", self.name()),
            )
        })
    }

    /// An entry of `weft.schedule`.
    ///
    /// # Errors
    /// When `schedule` has not made it.
    pub fn setting(&self, name: &str) -> Result<i64, OpError> {
        let number = |a: Attribute<'c>| a.as_i64().or_else(|| extents_of(a)?.first().copied());
        self.func.attr("weft.schedule").and_then(|s| s.get(name)).and_then(number).ok_or_else(|| {
            OpError::new(self.blame(), format!("the schedule of @{} lacks '{name}': run 'schedule' first", self.name()))
        })
    }

    /// The scheduled lanes: as many as the kernel could have, or 1.
    ///
    /// # Errors
    /// When `schedule` has not said, or said something else.
    pub fn lanes(&self, most: i64) -> Result<i64, OpError> {
        match self.setting("lanes")? {
            n if n == 1 || n == most => Ok(n),
            n => Err(self.misfit(format!("'lanes' is {n}, and must be 1 or {most}"))),
        }
    }

    /// A scheduled number of vectors at a time, from 1 to `most`.
    ///
    /// # Errors
    /// When `schedule` has not said, or said something else.
    pub fn vectors(&self, name: &str, most: i64) -> Result<i64, OpError> {
        match self.setting(name)? {
            n if (1..=most.max(1)).contains(&n) => Ok(n),
            n => Err(self.misfit(format!("'{name}' is {n}, and must be from 1 to {}", most.max(1)))),
        }
    }

    /// Checks that the scheduled units are those that follow from the rest of the schedule: the calls run that many.
    ///
    /// # Errors
    /// When they are not.
    pub fn check_units(&self, units: i64) -> Result<(), OpError> {
        match self.setting("units")? {
            n if n == units => Ok(()),
            n => Err(self.misfit(format!("'units' is {n}, and follows from the rest to be {units}"))),
        }
    }

    fn misfit(&self, what: String) -> OpError {
        OpError::new(self.blame(), format!("the schedule of @{} doesn't fit: {what}", self.name()))
    }

    /// The op whose node's name tells the user where a problem is: the root, else the result's, else the function.
    pub fn blame(&self) -> Op<'c> {
        self.root.or(self.result.def()).unwrap_or(self.func)
    }

    /// The point of the root's result that a point of the kernel's result is computed from.
    ///
    /// # Errors
    /// When there is no root, or a tail reads it at several points.
    pub fn root_map(&self) -> Result<Map, OpError> {
        let rank = |v: Value<'c>| v.tensor_ty().map_or(0, |t| t.shape.len());
        let mut found: Option<Map> = None;
        let mut todo = vec![(self.result, Map::identity(rank(self.result)))];
        while let Some((v, at)) = todo.pop() {
            let Some(op) = v.def() else { continue };
            if self.root.is_some_and(|r| r.key() == op.key()) {
                if found.replace(at.clone()).is_some_and(|other| other != at) {
                    return Err(OpError::new(
                        self.blame(),
                        "a tail reads it at several points; it belongs into another kernel",
                    ));
                }
            } else if Generic::is(op) {
                let g = Generic::of(op)?;
                let picked = loop_positions(&g, v.number())?;
                let loops = Map { dims: at.dims, results: picked.iter().map(|&i| at.results[i].clone()).collect() };
                todo.extend(g.ins.iter().zip(&g.maps).map(|(&x, m)| (x, m.compose(&loops))));
            }
        }
        found.ok_or_else(|| OpError::new(self.blame(), "the kernel's result doesn't depend on its root"))
    }

    /// Per dim of the kernel's result: the dim of the root's result that it is.
    ///
    /// # Errors
    /// When a tail repeats the root's result, or reads it elsewhere than at its own point.
    pub fn result_dims(&self) -> Result<Vec<usize>, OpError> {
        let map = self.root_map()?;
        let plain = map.results.iter().all(|e| e.as_dim().is_some() || e.is_constant());
        (0..map.dims)
            .map(|d| map.results.iter().position(|e| e.as_dim() == Some(d)))
            .collect::<Option<Vec<_>>>()
            .filter(|_| plain)
            .ok_or_else(|| OpError::new(self.blame(), "a tail that repeats its result belongs into another kernel"))
    }

    /// Where loops go: before the return, with the location of [`Kernel::blame`].
    pub fn builder(&self, cx: Cx<'c>) -> Builder<'c> {
        Builder::before(cx, self.ret).with_loc(self.blame().location())
    }

    /// The all-parallel generics, in order: prologue and tail.
    pub fn generics(&self) -> Vec<Op<'c>> {
        let root = self.root.map(|r| r.key());
        self.ops.iter().copied().filter(|&op| Generic::is(op) && Some(op.key()) != root).collect()
    }

    /// Every op of the body but the return, in order.
    pub fn ops(&self) -> &[Op<'c>] {
        &self.ops
    }

    /// Erases the tensor ops, once loops stand in their place.
    pub fn erase_tensors(self) {
        for op in self.ops.into_iter().rev() {
            op.erase();
        }
    }
}

/// The buffer that a view of its part in use is of.
fn whole(memref: Value<'_>) -> Value<'_> {
    memref.def().filter(|d| d.op_name() == "memref.subview").map_or(memref, |d| d.arg(0))
}

const MATERIALIZE: &str = "bufferization.materialize_in_destination";

fn is_root(op: Op<'_>) -> Result<bool, OpError> {
    let name = op.op_name();
    Ok(match name.as_str() {
        "tensor.pad" | "tensor.concat" | "tensor.extract_slice" | "tensor.insert_slice" => true,
        "linalg.generic" => !Generic::of(op)?.is_parallel(),
        _ => name.starts_with("nn.") && name != "nn.extent",
    })
}
