//! A typed view of `linalg.generic`.

use super::{AttrExt, Block, Map, Op, OpError, OpExt, Value};
use melior::ir::operation::OperationLike;

/// A `linalg.generic`, its attributes as plain data.
#[derive(Debug, Clone)]
pub struct Generic<'c> {
    /// The op.
    pub op: Op<'c>,
    /// Inputs.
    pub ins: Vec<Value<'c>>,
    /// Initial values, or buffers.
    pub outs: Vec<Value<'c>>,
    /// Indexing maps of inputs then outputs.
    pub maps: Vec<Map>,
    /// Per dim: true if it is reduced.
    pub reduction: Vec<bool>,
}

impl<'c> Generic<'c> {
    /// Whether an op is a `linalg.generic`.
    pub fn is(op: Op<'c>) -> bool {
        op.op_name() == "linalg.generic"
    }

    /// The view.
    ///
    /// # Errors
    /// When the op is no `linalg.generic`, or one of its maps isn't linear.
    pub fn of(op: Op<'c>) -> Result<Self, OpError> {
        if !Self::is(op) {
            return Err(OpError::new(op, "is no linalg.generic"));
        }
        let maps = op
            .attr("indexing_maps")
            .and_then(AttrExt::as_maps)
            .ok_or_else(|| OpError::new(op, "has an indexing map that isn't linear"))?;
        let reduction = op
            .attr("iterator_types")
            .and_then(AttrExt::as_array)
            .unwrap_or_default()
            .into_iter()
            .map(|kind| kind.to_string().contains("reduction"))
            .collect();
        let args = op.args();
        // The body yields one value an output.
        let yielded = super::walk::block_ops(op.body(0)).last().map_or(0, |y| y.operand_count());
        let (ins, outs) = args.split_at(args.len() - yielded);
        Ok(Self { op, ins: ins.to_vec(), outs: outs.to_vec(), maps, reduction })
    }

    /// The map of input `i`.
    pub fn in_map(&self, i: usize) -> &Map {
        &self.maps[i]
    }

    /// The map of output `i`.
    pub fn out_map(&self, i: usize) -> &Map {
        &self.maps[self.ins.len() + i]
    }

    /// The number of loop dims.
    pub fn dims(&self) -> usize {
        self.reduction.len()
    }

    /// Whether no dim is reduced.
    pub fn is_parallel(&self) -> bool {
        !self.reduction.contains(&true)
    }

    /// The body's block.
    pub fn block(&self) -> Block<'c> {
        self.op.body(0)
    }

    /// The body's argument for operand `i` (inputs, then outputs).
    pub fn scalar(&self, i: usize) -> Value<'c> {
        super::block_arg(self.block(), i)
    }

    /// The body's ops, the last being `linalg.yield`.
    pub fn body_ops(&self) -> Vec<Op<'c>> {
        super::walk::block_ops(self.block())
    }

    /// What the body yields.
    pub fn yields(&self) -> Vec<Value<'c>> {
        self.body_ops().last().map(|y| y.args()).unwrap_or_default()
    }

    /// The extents of the loop dims, read off the operands' shapes through maps that pick single dims; `None` for a dim
    /// that occurs in no operand by itself.
    pub fn extents(&self) -> Vec<Option<i64>> {
        use super::ValueExt;
        let mut out = vec![None; self.dims()];
        for (v, map) in self.ins.iter().chain(&self.outs).zip(&self.maps) {
            let shape = v.tensor_ty().map(|t| t.shape).or(v.memref_ty().map(|t| t.shape)).unwrap_or_default();
            for (e, n) in map.results.iter().zip(shape) {
                if let Some(d) = e.as_dim() {
                    out[d] = Some(n);
                }
            }
        }
        out
    }
}
