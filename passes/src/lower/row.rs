//! Kernels that sweep over each row several times: what softmax and normalisation share.

use super::Schedule;
use super::access::{Accesses, trace};
use super::kernel::Kernel;
use super::point::{PointEval, buffer_ty};
use super::space::{storable, vectorizes};
use super::sweep::{carry, sweep};
use super::vector::{fold, splat, vector_constant};
use crate::target::Target;
use weft_dialects::ir::{
    Builder, Cx, Elem, Map, Op, OpError, OpExt, Scalar, Tensor, Value, ValueExt, VectorTy, extent,
};

/// What is done with a row, whose place in the dims before the last is given.
type Row<'r, 'k, 'c> =
    dyn FnOnce(&Builder<'c>, &mut PointEval<'k, 'c>, &Rows<'c>, &[Value<'c>]) -> Result<(), OpError> + 'r;

/// A kernel of rows: of `R x N`, or of more dims if some are left open.
pub struct Rows<'c> {
    /// The root.
    pub root: Op<'c>,
    /// Extents of the dims before the last.
    pub lead: Vec<i64>,
    /// N: a number, or an expression over the symbols.
    pub columns: i64,
    /// What N is at most.
    longest: i64,
    /// Lanes of a vector.
    pub lanes: i64,
    /// Vectors at a time.
    pub block: i64,
    /// What the root's operand touches.
    pub inputs: Accesses<'c>,
    /// What the tail touches.
    pub tail: Accesses<'c>,
}

/// What an element, or a vector of them, adds to an accumulator: gets its first index in the row, lanes, and the accumulator.
pub type Step<'s, 'k, 'c> =
    &'s mut dyn FnMut(&Builder<'c>, &mut PointEval<'k, 'c>, Value<'c>, i64, Value<'c>) -> Result<Value<'c>, OpError>;

/// What is done with an element, or a vector of them.
pub type Each<'s, 'k, 'c> =
    &'s mut dyn FnMut(&Builder<'c>, &mut PointEval<'k, 'c>, Value<'c>, i64) -> Result<(), OpError>;

/// Combines accumulators of some lanes.
pub type Combine<'s, 'c> = &'s dyn Fn(&Builder<'c>, Value<'c>, Value<'c>, i64) -> Value<'c>;

/// Sweeps over a row.
pub trait Sweeps<'k, 'c> {
    /// Combines all elements to one scalar.
    ///
    /// # Errors
    /// The step's.
    fn fold(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'k, 'c>,
        start: f64,
        step: Step<'_, 'k, 'c>,
        combine: Combine<'_, 'c>,
    ) -> Result<Value<'c>, OpError>;

    /// Does something with each element.
    ///
    /// # Errors
    /// Those of what is done.
    fn each(&self, b: &Builder<'c>, point: &mut PointEval<'k, 'c>, f: Each<'_, 'k, 'c>) -> Result<(), OpError>;
}

impl<'k, 'c> Sweeps<'k, 'c> for Rows<'c> {
    fn fold(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'k, 'c>,
        start: f64,
        step: Step<'_, 'k, 'c>,
        combine: Combine<'_, 'c>,
    ) -> Result<Value<'c>, OpError> {
        let acc = sweep(b, point, self.shape(), 1, &self.start(b, start), &mut |b, point, i, lanes, acc| {
            Ok(vec![step(b, point, i, lanes, acc[0])?])
        })?;
        Ok(self.total(b, acc, combine))
    }

    fn each(&self, b: &Builder<'c>, point: &mut PointEval<'k, 'c>, f: Each<'_, 'k, 'c>) -> Result<(), OpError> {
        sweep(b, point, self.shape(), 0, &[], &mut |b, point, i, lanes, _| f(b, point, i, lanes).map(|()| Vec::new()))
            .map(|_| ())
    }
}

impl<'c> Rows<'c> {
    /// Plans the kernel, with at most `most` vectors at a time.
    ///
    /// # Errors
    /// When the root isn't rows of f32 or f16, or the tail moves them.
    pub fn plan(kernel: &Kernel<'c>, target: &Target, most: i64) -> Result<Self, OpError> {
        let root = kernel.blame();
        let float = |v: Value<'c>| v.tensor_ty().filter(|t| matches!(t.elem, Elem::F32 | Elem::F16));
        let Some(ty) = float(root.res(0)).filter(|t| !t.shape.is_empty() && float(root.arg(0)).is_some()) else {
            return Err(OpError::new(root, format!("{} is lowered for rows of f32 or f16 only", root.op_name())));
        };
        let rank = ty.shape.len();
        let last = rank - 1;
        if !kernel.result_dims()?.into_iter().eq(0..rank) {
            return Err(OpError::new(root, "a tail that transposes it belongs into another kernel"));
        }
        let mut inputs = Accesses::default();
        trace(kernel, None, None, root.arg(0), &Map::identity(rank), &mut inputs)?;
        let mut tail = Accesses::default();
        trace(kernel, None, Some(root.res(0)), kernel.result, &Map::identity(rank), &mut tail)?;
        let (lead, columns) = (ty.shape[..last].to_vec(), ty.shape[last]);
        let longest = kernel.symbols.max(columns);
        let vectors = longest >= target.vector_lanes
            && vectorizes(&inputs, last)
            && vectorizes(&tail, last)
            && storable(buffer_ty(kernel.out).elem);
        let lanes = if vectors { target.vector_lanes } else { 1 };
        let block = (longest / lanes).clamp(1, if vectors { most } else { 1 });
        Ok(Self { root, lead, columns, longest, lanes, block, inputs, tail })
    }

    /// The root's operand at a place, in f32.
    ///
    /// # Errors
    /// When what it is made of can't be evaluated.
    pub fn read(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'_, 'c>,
        at: &[Value<'c>],
        lanes: i64,
    ) -> Result<Value<'c>, OpError> {
        let x = self.root.arg(0);
        let v = point.value_at(b, x, at, lanes)?;
        let narrow = x.tensor_ty().is_some_and(|t| t.elem != Elem::F32);
        Ok(if narrow { convert(b, "arith.extf", v, Elem::F32, lanes) } else { v })
    }

    /// Says what the root's result is at the place in question, given in f32.
    pub fn found(&self, b: &Builder<'c>, point: &mut PointEval<'_, 'c>, y: Value<'c>, lanes: i64) {
        let result = self.root.res(0);
        let y = match result.tensor_ty() {
            Some(t) if t.elem != Elem::F32 => convert(b, "arith.truncf", y, t.elem, lanes),
            _ => y,
        };
        point.set_known(result, y);
    }

    /// The dim that the outermost loop runs over, and its extent.
    fn outer(&self) -> (usize, i64) {
        let at = self.lead.iter().position(|&n| n != 1).unwrap_or(0);
        (at, self.lead.get(at).copied().unwrap_or(1))
    }

    /// Units of the outermost loop (rows, or the dim before them), lanes, and vectors at a time.
    pub fn schedule(&self) -> Schedule {
        vec![("units", self.outer().1), ("lanes", self.lanes), ("unroll", self.block)]
    }

    /// Takes the kernel's schedule, and runs `row` for each row.
    ///
    /// # Errors
    /// When the schedule doesn't fit, and the row's.
    pub fn emit<'k>(
        mut self,
        cx: Cx<'c>,
        kernel: &'k Kernel<'c>,
        row: impl FnOnce(&Builder<'c>, &mut PointEval<'k, 'c>, &Rows<'c>, &[Value<'c>]) -> Result<(), OpError>,
    ) -> Result<(), OpError> {
        self.lanes = kernel.lanes(self.lanes)?;
        self.block = kernel.vectors("unroll", self.longest / self.lanes)?;
        let b = kernel.builder(cx);
        let (begin, end) = kernel.range()?;
        let mut point = PointEval::new(kernel, cx);
        let one = b.index(1);
        let mut result = Ok(());
        b.for_loop(begin, end, one, &[], |b, r, _| {
            result = point.scoped(|point| {
                let (outer, _) = self.outer();
                let mut at: Vec<_> =
                    (0..self.lead.len()).map(|d| if d == outer { r } else { point.index(b, 0) }).collect();
                self.inner(b, point, &mut at, outer + 1, row)
            });
            Vec::new()
        });
        result
    }

    /// Runs `row` for the rows behind the outer dims whose places are in `at`.
    fn inner<'k>(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'k, 'c>,
        at: &mut Vec<Value<'c>>,
        depth: usize,
        row: impl FnOnce(&Builder<'c>, &mut PointEval<'k, 'c>, &Rows<'c>, &[Value<'c>]) -> Result<(), OpError>,
    ) -> Result<(), OpError> {
        // Recursion would make a type of each depth.
        let row: Box<Row<'_, 'k, 'c>> = Box::new(row);
        self.behind(b, point, at, depth, row)
    }

    fn behind<'k>(
        &self,
        b: &Builder<'c>,
        point: &mut PointEval<'k, 'c>,
        at: &mut Vec<Value<'c>>,
        depth: usize,
        row: Box<Row<'_, 'k, 'c>>,
    ) -> Result<(), OpError> {
        let Some(&n) = self.lead.get(depth) else { return row(b, point, self, at) };
        let loops = carry(b, point, n, 1, &[], |b, point, i, _| {
            at[depth] = i;
            self.behind(b, point, at, depth + 1, row).map(|()| Vec::new())
        });
        loops.map(|_| ())
    }

    /// What [`sweep`] takes: elements of a row, lanes, vectors at a time.
    fn shape(&self) -> (i64, i64, i64) {
        (self.columns, self.lanes, self.block)
    }

    /// A constant in `lanes` lanes.
    pub fn constant(&self, b: &Builder<'c>, v: f64, lanes: i64) -> Value<'c> {
        if lanes == 1 {
            return b.scalar(Elem::F32, Scalar::F(v));
        }
        vector_constant(b, &Tensor::from_scalars(Elem::F32, &[lanes], (0..lanes).map(|_| Scalar::F(v))))
    }

    /// Accumulators of a sweep: one a vector, and one for single elements.
    fn start(&self, b: &Builder<'c>, v: f64) -> Vec<Value<'c>> {
        let mut acc = vec![self.constant(b, v, self.lanes); self.block as usize];
        acc.push(self.constant(b, v, 1));
        acc
    }

    /// All accumulators of a sweep as one scalar.
    fn total(
        &self,
        b: &Builder<'c>,
        mut acc: Vec<Value<'c>>,
        combine: impl Fn(&Builder<'c>, Value<'c>, Value<'c>, i64) -> Value<'c>,
    ) -> Value<'c> {
        let single = acc.pop();
        if self.lanes == 1 {
            return acc[0];
        }
        let all = fold(b, acc, &combine);
        match single {
            Some(single) if extent::rem(self.columns, self.lanes) != 0 => combine(b, single, all, 1),
            _ => all,
        }
    }

    /// A scalar in every lane of the row's vectors.
    pub fn wide(&self, b: &Builder<'c>, v: Value<'c>) -> Value<'c> {
        if self.lanes > 1 { splat(b, v, self.lanes) } else { v }
    }
}

/// A value, or a vector of them, as of another type.
fn convert<'c>(b: &Builder<'c>, op: &str, v: Value<'c>, elem: Elem, lanes: i64) -> Value<'c> {
    let ty = if lanes > 1 { VectorTy::new(elem, lanes).to_mlir(b.cx) } else { b.cx.elem(elem) };
    b.value(op, &[v], ty, &[])
}
