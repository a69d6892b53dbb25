//! Evaluation of the loops level: what proves that a lowering computes what its kernel says.
//!
//! Every access is checked against its buffer's extents. A call with a range of units runs it in pieces, the last units
//! first: results that depend on the order of units differ from the reference.

use super::scalar::elementwise;
use crate::ir::{
    AttrExt, Block, BlockLike, Cx, Elem, MemRefTy, Op, OpError, OpExt, OperationLike, RegionLike, Scalar, Tensor,
    Value, ValueExt, VectorTy, block_arg, block_ops, elem_of, funcs,
};
use std::collections::HashMap;

/// Runs `@main` of a module at the loops level, after `@init` if there is one. `buffers` are the bytes behind `@main`'s
/// arguments, in their order; the first two are also those of `@init`.
///
/// # Errors
/// When an op has no evaluation, or an access lies outside of its buffer.
pub fn loops<'c>(cx: Cx<'c>, module: Op<'c>, buffers: &mut [Vec<u8>]) -> Result<(), OpError> {
    let all: HashMap<String, Op<'c>> =
        funcs(module).into_iter().map(|f| (f.string("sym_name").unwrap_or_default(), f)).collect();
    let main = *all.get("main").ok_or_else(|| OpError::new(module, "no function @main"))?;
    let args = (0..main.body(0).argument_count())
        .map(|i| {
            let ty = block_arg(main.body(0), i).memref_ty();
            ty.map(|ty| Val::Memory(i, 0, ty)).ok_or_else(|| OpError::new(main, format!("argument {i} is no memref")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    if args.len() != buffers.len() {
        return Err(OpError::new(main, format!("takes {} buffers, not {}", args.len(), buffers.len())));
    }
    let init = all.get("init").copied();
    let mut machine = Machine { cx, funcs: all, buffers, values: HashMap::new() };
    if let Some(init) = init {
        machine.call(init, args[..2.min(args.len())].to_vec())?;
    }
    machine.call(main, args)
}

#[derive(Clone)]
enum Val {
    /// A scalar, or a vector's lanes.
    Lanes(Vec<Scalar>),
    /// Buffer, first byte, layout.
    Memory(usize, i64, MemRefTy),
}

struct Machine<'b, 'c> {
    cx: Cx<'c>,
    funcs: HashMap<String, Op<'c>>,
    buffers: &'b mut [Vec<u8>],
    values: HashMap<usize, Val>,
}

impl<'c> Machine<'_, 'c> {
    fn call(&mut self, func: Op<'c>, args: Vec<Val>) -> Result<(), OpError> {
        let block = func.body(0);
        for (i, v) in args.into_iter().enumerate() {
            self.values.insert(block_arg(block, i).key(), v);
        }
        self.block(block).map(|_| ())
    }

    /// Runs a block; returns its terminator's operands.
    fn block(&mut self, block: Block<'c>) -> Result<Vec<Val>, OpError> {
        for op in block_ops(block) {
            let out = match op.op_name().as_str() {
                "func.return" | "scf.yield" | "scf.condition" => {
                    return op.args().iter().map(|v| self.get(op, *v)).collect();
                }
                "scf.for" => self.for_loop(op)?,
                "scf.while" => self.while_loop(op)?,
                "scf.if" => {
                    let region = usize::from(self.int(op, op.arg(0))? == 0);
                    let block = op.region(region).ok().and_then(|r| r.first_block());
                    block.map_or(Ok(Vec::new()), |b| self.block(b))?
                }
                "func.call" => {
                    self.func_call(op)?;
                    Vec::new()
                }
                _ => self.op(op)?,
            };
            for (v, x) in op.ress().into_iter().zip(out) {
                self.values.insert(v.key(), x);
            }
        }
        Ok(Vec::new())
    }

    fn func_call(&mut self, op: Op<'c>) -> Result<(), OpError> {
        let name = op.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default();
        let callee = *self.funcs.get(name).ok_or_else(|| OpError::new(op, format!("no function @{name}")))?;
        let mut args = op.args().iter().map(|v| self.get(op, *v)).collect::<Result<Vec<_>, _>>()?;
        let n = args.len();
        let range = match args.get(n.wrapping_sub(2)..) {
            Some([Val::Lanes(begin), Val::Lanes(end)]) => Some((begin[0].i64(), end[0].i64())),
            _ => None,
        };
        let Some((begin, end)) = range else { return self.call(callee, args) };
        let middle = begin + (end - begin) * 2 / 3;
        for (from, to) in [(middle, end), (begin, middle), (end, end)] {
            args[n - 2] = Val::Lanes(vec![Scalar::I(from)]);
            args[n - 1] = Val::Lanes(vec![Scalar::I(to)]);
            self.call(callee, args.clone())?;
        }
        Ok(())
    }

    fn for_loop(&mut self, op: Op<'c>) -> Result<Vec<Val>, OpError> {
        let bound = |i| self.int(op, op.arg(i));
        let (mut i, upper, step) = (bound(0)?, bound(1)?, bound(2)?);
        let mut carried = op.args()[3..].iter().map(|v| self.get(op, *v)).collect::<Result<Vec<_>, _>>()?;
        let block = op.body(0);
        while i < upper {
            self.values.insert(block_arg(block, 0).key(), Val::Lanes(vec![Scalar::I(i)]));
            for (k, v) in carried.into_iter().enumerate() {
                self.values.insert(block_arg(block, k + 1).key(), v);
            }
            carried = self.block(block)?;
            i += step;
        }
        Ok(carried)
    }

    fn while_loop(&mut self, op: Op<'c>) -> Result<Vec<Val>, OpError> {
        let mut carried = op.args().iter().map(|v| self.get(op, *v)).collect::<Result<Vec<_>, _>>()?;
        loop {
            for (k, v) in carried.into_iter().enumerate() {
                self.values.insert(block_arg(op.body(0), k).key(), v);
            }
            let mut tested = self.block(op.body(0))?;
            let go = match tested.first() {
                Some(Val::Lanes(x)) => x[0].i64() != 0,
                _ => return Err(OpError::new(op, "its condition is no number")),
            };
            tested.remove(0);
            if !go {
                return Ok(tested);
            }
            for (k, v) in tested.into_iter().enumerate() {
                self.values.insert(block_arg(op.body(1), k).key(), v);
            }
            carried = self.block(op.body(1))?;
        }
    }

    fn get(&self, user: Op<'c>, v: Value<'c>) -> Result<Val, OpError> {
        let value = self.values.get(&v.key()).cloned();
        value.ok_or_else(|| OpError::new(user, format!("an operand of type {} has no value here", v.ty())))
    }

    fn lanes(&self, user: Op<'c>, v: Value<'c>) -> Result<Vec<Scalar>, OpError> {
        match self.get(user, v)? {
            Val::Lanes(x) => Ok(x),
            Val::Memory(..) => Err(OpError::new(user, "a buffer stands where a number is expected")),
        }
    }

    fn int(&self, user: Op<'c>, v: Value<'c>) -> Result<i64, OpError> {
        Ok(self.lanes(user, v)?[0].i64())
    }

    fn memory(&self, user: Op<'c>, v: Value<'c>) -> Result<(usize, i64, MemRefTy), OpError> {
        match self.get(user, v)? {
            Val::Memory(buffer, base, ty) => Ok((buffer, base, ty)),
            Val::Lanes(_) => Err(OpError::new(user, "a number stands where a buffer is expected")),
        }
    }

    /// The bytes of `n` neighbouring elements.
    fn bytes(
        &mut self,
        op: Op<'c>,
        memref: Value<'c>,
        index: &[Value<'c>],
        n: usize,
    ) -> Result<(Elem, &mut [u8]), OpError> {
        let (buffer, base, ty) = self.memory(op, memref)?;
        let mut at = ty.offset;
        for (d, (&v, (&extent, stride))) in index.iter().zip(ty.shape.iter().zip(&ty.strides)).enumerate() {
            let i = self.int(op, v)?;
            let span = if d + 1 == index.len() { n as i64 } else { 1 };
            if i < 0 || i + span > extent {
                return Err(OpError::new(op, format!("index {i} and {span} elements of dim {d} of extent {extent}")));
            }
            at += i * stride;
        }
        let size = ty.elem.bytes();
        let first = base + at * size as i64;
        let range = usize::try_from(first).ok().and_then(|first| self.buffers[buffer].get_mut(first..first + n * size));
        range.map(|bytes| (ty.elem, bytes)).ok_or_else(|| OpError::new(op, "lies outside of its buffer"))
    }

    fn op(&mut self, op: Op<'c>) -> Result<Vec<Val>, OpError> {
        let count = |v: Value<'c>| VectorTy::of(v.ty()).map_or(1, |t| t.shape[0]) as usize;
        let position = || op.ints("static_position").and_then(|p| usize::try_from(*p.first()?).ok()).unwrap_or(0);
        let layout = || op.res(0).memref_ty().ok_or_else(|| OpError::new(op, "the layout isn't static"));
        let out = match op.op_name().as_str() {
            "arith.constant" => {
                let attr = op.attr("value").ok_or_else(|| OpError::new(op, "lacks its value"))?;
                let elem = elem_of(op.res(0).ty()).unwrap_or(Elem::I64);
                match (self.cx.tensor_of(attr), attr.as_i64(), attr.as_f64()) {
                    (Some(t), ..) => t.scalars().collect(),
                    (_, Some(x), _) => vec![Scalar::I(x).to(elem)],
                    (.., Some(x)) => vec![Scalar::F(x)],
                    _ => return Err(OpError::new(op, "is neither number nor vector")),
                }
            }
            "memref.view" => {
                let (buffer, base, _) = self.memory(op, op.arg(0))?;
                let shift = self.int(op, op.arg(1))?;
                return Ok(vec![Val::Memory(buffer, base + shift, layout()?)]);
            }
            "memref.subview"
            | "memref.reinterpret_cast"
            | "memref.cast"
            | "memref.collapse_shape"
            | "memref.expand_shape" => {
                let (buffer, base, _) = self.memory(op, op.arg(0))?;
                return Ok(vec![Val::Memory(buffer, base, layout()?)]);
            }
            "memref.load" | "vector.load" => {
                let n = count(op.res(0));
                let (elem, bytes) = self.bytes(op, op.arg(0), &op.args()[1..], n)?;
                Tensor { elem, shape: vec![n as i64], data: bytes.to_vec().into() }.scalars().collect()
            }
            "memref.store" | "vector.store" => {
                let values = self.lanes(op, op.arg(0))?;
                let (elem, bytes) = self.bytes(op, op.arg(1), &op.args()[2..], values.len())?;
                bytes.copy_from_slice(&Tensor::from_scalars(elem, &[values.len() as i64], values).data);
                return Ok(Vec::new());
            }
            "vector.broadcast" => vec![self.lanes(op, op.arg(0))?[0]; count(op.res(0))],
            "vector.extract" => vec![self.lanes(op, op.arg(0))?[position()]],
            "vector.insert" => {
                let mut v = self.lanes(op, op.arg(1))?;
                v[position()] = self.lanes(op, op.arg(0))?[0];
                v
            }
            "vector.shuffle" => {
                let both = [self.lanes(op, op.arg(0))?, self.lanes(op, op.arg(1))?].concat();
                op.ints("mask").unwrap_or_default().into_iter().map(|i| both[i as usize]).collect()
            }
            _ => {
                let args = op.args().into_iter().map(|v| self.lanes(op, v)).collect::<Result<Vec<_>, _>>()?;
                elementwise(op, &args)?
            }
        };
        Ok(vec![Val::Lanes(out)])
    }
}
