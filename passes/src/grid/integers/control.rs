//! Control flow that carries 64-bit integers: it carries two words instead.

use super::{Split, is_wide};
use crate::grid::integers::pair::Pair;
use weft_dialects::ir::{
    Block, BlockLike, Builder, Op, OpError, OpExt, OperationLike, RegionLike, Type, Value, ValueExt, block_arg,
    block_ops,
};

impl<'c> Split<'c> {
    /// Rewrites an op of `scf`, if it takes, gives or carries an `i64`.
    pub(super) fn control(&mut self, op: Op<'c>, name: &str) -> Result<(), OpError> {
        let blocks: Vec<Block<'c>> = op.regions().filter_map(|r| r.first_block()).collect();
        let arguments = |b: &Block<'c>| (0..b.argument_count()).map(|i| block_arg(*b, i)).collect::<Vec<_>>();
        let touched = op.args().into_iter().chain(op.ress()).chain(blocks.iter().flat_map(arguments));
        if !touched.into_iter().any(|v| is_wide(v.ty())) {
            return Ok(());
        }
        let b = Builder::before(self.cx, op);
        let operands = self.words(op, &op.args())?;
        let results: Vec<Type<'c>> = op.ress().iter().flat_map(|v| self.types(*v)).collect();
        let regions = blocks
            .iter()
            .map(|old| {
                let types: Vec<Type<'c>> = arguments(old).iter().flat_map(|v| self.types(*v)).collect();
                b.region(&types, |inner, new| self.take_over(inner, *old, new))
            })
            .collect();
        let new = b.op_regions(name, &operands, &results, &[], regions);
        self.bind(&op.ress(), &new.ress());
        self.dead.push(op);
        Ok(())
    }

    /// Moves a block's ops into a new one, which has words for arguments.
    fn take_over(&mut self, inner: &Builder<'c>, old: Block<'c>, new: &[Value<'c>]) {
        let arguments: Vec<_> = (0..old.argument_count()).map(|i| block_arg(old, i)).collect();
        self.bind(&arguments, new);
        // Ops move before others only: one that goes again.
        let end = inner.op("scf.yield", &[], &[], &[]);
        for op in block_ops(old) {
            op.move_to_before(end);
        }
        end.erase();
    }

    /// Lets words stand for `i64`s among values, and other values for themselves.
    fn bind(&mut self, old: &[Value<'c>], new: &[Value<'c>]) {
        let mut words = new.iter().copied();
        for v in old {
            match (is_wide(v.ty()), words.next()) {
                (true, Some(low)) => {
                    let Some(high) = words.next() else { return };
                    self.pairs.insert(v.key(), Pair { low, high });
                }
                (false, Some(word)) => {
                    self.ranges.copy(*v, word);
                    v.replace_with(word);
                }
                (_, None) => return,
            }
        }
    }

    /// Values with the words of each `i64` in its place.
    fn words(&self, user: Op<'c>, values: &[Value<'c>]) -> Result<Vec<Value<'c>>, OpError> {
        let mut out = Vec::new();
        for &v in values {
            if is_wide(v.ty()) {
                let Pair { low, high } = self.pair(user, v)?;
                out.extend([low, high]);
            } else {
                out.push(v);
            }
        }
        Ok(out)
    }

    fn types(&self, v: Value<'c>) -> Vec<Type<'c>> {
        if is_wide(v.ty()) { vec![self.cx.i32(); 2] } else { vec![v.ty()] }
    }
}
