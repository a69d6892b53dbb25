//! Kernels that sweep over each row several times: what softmax and normalisation share.

use super::Schedule;
use super::access::{Accesses, trace};
use super::kernel::Kernel;
use super::point::{PointEval, buffer_ty};
use super::space::{storable, vectorizes};
use super::vector::{fold, splat, vector_constant};
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, Map, Op, OpError, OpExt, Scalar, Tensor, Value, ValueExt};

/// A kernel of rows `R x N`.
pub struct Rows<'c> {
    /// The root.
    pub root: Op<'c>,
    /// R.
    pub rows: i64,
    /// N.
    pub columns: i64,
    /// Lanes of a vector.
    pub lanes: i64,
    /// Vectors at a time.
    pub block: i64,
    /// Whether the tail reads other tensors.
    pub tail_loads: bool,
}

impl<'c> Rows<'c> {
    /// Plans the kernel.
    ///
    /// # Errors
    /// When the root isn't f32 rows, or the tail moves them.
    pub fn plan(kernel: &Kernel<'c>, target: &Target) -> Result<Self, OpError> {
        let root = kernel.blame();
        let Some(ty) = root.res(0).tensor_ty().filter(|t| t.shape.len() == 2 && t.elem == Elem::F32) else {
            return Err(OpError::new(root, format!("{} is lowered for f32 rows only", root.op_name())));
        };
        if kernel.result_dims()? != [0, 1] {
            return Err(OpError::new(root, "a tail that transposes it belongs into another kernel"));
        }
        let mut inputs = Accesses::default();
        trace(kernel, None, None, root.arg(0), &Map::identity(2), &mut inputs)?;
        let mut tail = Accesses::default();
        trace(kernel, None, Some(root.res(0)), kernel.result, &Map::identity(2), &mut tail)?;
        let (rows, columns) = (ty.shape[0], ty.shape[1]);
        let vectors = columns >= target.vector_lanes
            && vectorizes(&inputs, 1)
            && vectorizes(&tail, 1)
            && storable(buffer_ty(kernel.out).elem);
        let lanes = if vectors { target.vector_lanes } else { 1 };
        let block = (columns / lanes).clamp(1, if vectors { 4 } else { 1 });
        Ok(Self { root, rows, columns, lanes, block, tail_loads: !tail.loads.is_empty() })
    }

    /// Units of the outermost loop (rows), lanes, and vectors at a time.
    pub fn schedule(&self) -> Schedule {
        vec![("units", self.rows), ("lanes", self.lanes), ("unroll", self.block)]
    }

    /// Takes the kernel's schedule, and runs `row` for each row.
    ///
    /// # Errors
    /// When the schedule doesn't fit, and the row's.
    pub fn emit<'k>(
        mut self,
        cx: Cx<'c>,
        kernel: &'k Kernel<'c>,
        row: impl FnOnce(&Builder<'c>, &mut PointEval<'k, 'c>, &Rows<'c>, Value<'c>) -> Result<(), OpError>,
    ) -> Result<(), OpError> {
        self.lanes = kernel.lanes(self.lanes)?;
        self.block = kernel.vectors("unroll", self.columns / self.lanes)?;
        let b = kernel.builder(cx);
        let (begin, end) = kernel.range()?;
        let mut point = PointEval::new(kernel, cx);
        let one = b.index(1);
        let mut result = Ok(());
        b.for_loop(begin, end, one, &[], |b, r, _| {
            result = point.scoped(|point| row(b, point, &self, r));
            Vec::new()
        });
        result
    }

    /// What [`sweep`](super::sweep::sweep) takes: elements of a row, lanes, vectors at a time.
    pub fn shape(&self) -> (i64, i64, i64) {
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
    pub fn start(&self, b: &Builder<'c>, v: f64) -> Vec<Value<'c>> {
        let mut acc = vec![self.constant(b, v, self.lanes); self.block as usize];
        acc.push(self.constant(b, v, 1));
        acc
    }

    /// All accumulators of a sweep as one scalar.
    pub fn total(
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
            Some(single) if self.columns % self.lanes != 0 => combine(b, single, all, 1),
            _ => all,
        }
    }

    /// A scalar in every lane of the row's vectors.
    pub fn wide(&self, b: &Builder<'c>, v: Value<'c>) -> Value<'c> {
        if self.lanes > 1 { splat(b, v, self.lanes) } else { v }
    }
}
