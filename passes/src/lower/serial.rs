//! Kernels that read their result again while they write it: a root on buffers, without prologue or tail.

use super::kernel::Kernel;
use super::point::buffer_ty;
use super::vector::{load_element, store};
use weft_dialects::ir::{Builder, Elem, Op, OpError, OpExt, Value, VectorTy};

/// The parts of such a kernel.
pub struct Serial<'c> {
    /// The op.
    pub root: Op<'c>,
    /// Where its operands lie.
    pub ins: Vec<Value<'c>>,
    /// Where its result goes.
    pub out: Value<'c>,
}

impl<'c> Serial<'c> {
    /// Takes a kernel apart.
    ///
    /// # Errors
    /// When it computes something before or behind its root.
    pub fn of(kernel: &Kernel<'c>) -> Result<Self, OpError> {
        let root = kernel.blame();
        let ins: Option<Vec<_>> = root.args().into_iter().map(|v| kernel.memref(v)).collect();
        match ins {
            Some(ins) if kernel.result == root.res(0) => Ok(Self { root, ins, out: kernel.out }),
            _ => Err(OpError::new(root, "what is computed before or behind it belongs into another kernel")),
        }
    }

    /// The extents of an operand.
    pub fn shape(&self, i: usize) -> Vec<i64> {
        buffer_ty(self.ins[i]).shape
    }

    /// The result's element type.
    pub fn elem(&self) -> Elem {
        buffer_ty(self.out).elem
    }
}

/// One element.
pub fn load<'c>(b: &Builder<'c>, memref: Value<'c>, at: &[Value<'c>]) -> Value<'c> {
    load_element(b, buffer_ty(memref).elem, memref, at)
}

/// One `i32` as an `index`.
pub fn load_index<'c>(b: &Builder<'c>, memref: Value<'c>, at: &[Value<'c>]) -> Value<'c> {
    b.value("arith.index_cast", &[load(b, memref, at)], b.cx.index(), &[])
}

/// Stores an `index` as an `i32`.
pub fn store_index<'c>(b: &Builder<'c>, v: Value<'c>, memref: Value<'c>, at: &[Value<'c>]) {
    store(b, b.value("arith.index_cast", &[v], b.cx.i32(), &[]), memref, at);
}

/// Lanes in which rows of `n` elements of a type are moved and combined: 4 if all are whole vectors of 32 bits, else 1.
pub fn lanes(elem: Elem, n: i64) -> i64 {
    if matches!(elem, Elem::F32 | Elem::I32) && n % 4 == 0 { 4 } else { 1 }
}

/// Neighbouring elements: a vector, or one scalar.
pub fn load_lanes<'c>(b: &Builder<'c>, memref: Value<'c>, at: &[Value<'c>], lanes: i64) -> Value<'c> {
    if lanes == 1 {
        return load(b, memref, at);
    }
    let ty = VectorTy::new(buffer_ty(memref).elem, lanes).to_mlir(b.cx);
    let operands = [&[memref], at].concat();
    b.value("vector.load", &operands, ty, &[])
}

/// A loop from `from` up to `to` by 1 that carries an `index`.
pub fn carry<'c>(
    b: &Builder<'c>,
    (from, to): (Value<'c>, Value<'c>),
    init: &[Value<'c>],
    body: impl FnOnce(&Builder<'c>, Value<'c>, &[Value<'c>]) -> Vec<Value<'c>>,
) -> Vec<Value<'c>> {
    let one = b.index(1);
    b.for_loop(from, to, one, init, body)
}

/// An `index` from data, clamped to `0..n`.
pub fn clamp<'c>(b: &Builder<'c>, at: Value<'c>, n: i64) -> Value<'c> {
    b.binary("arith.maxsi", b.binary("arith.minsi", at, b.index(n - 1)), b.index(0))
}
