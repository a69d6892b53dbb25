//! Evaluation of the loops level: what proves that a lowering computes what its kernel says.
//!
//! Every access is checked against its buffer's extents. A call with a range of units runs it in pieces, the last units
//! first: results that depend on the order of units differ from the reference.
//!
//! The invocations of a workgroup run in lockstep, op by op ([`super::grid`]); a kernel of one thread is a workgroup of one.

use super::grid::Group;
use super::scalar::elementwise;
use crate::ir::{
    AttrExt, Block, BlockLike, Cx, Elem, MemRefTy, Op, OpError, OpExt, OperationLike, RegionLike, Scalar, Tensor,
    Value, ValueExt, VectorTy, block_arg, block_ops, elem_of, funcs,
};
use std::collections::HashMap;

/// Runs `@main` of a module at the loops level, after `@init` if there is one. `buffers` are the bytes behind `@main`'s
/// arguments, in their order; the first ones are also those of `@init`.
///
/// # Errors
/// When an op has no evaluation, an access lies outside of its buffer, or invocations of a grid race for an element.
pub fn loops<'c>(cx: Cx<'c>, module: Op<'c>, buffers: &mut [Vec<u8>]) -> Result<(), OpError> {
    let mut all: HashMap<String, Op<'c>> =
        funcs(module).into_iter().map(|f| (f.string("sym_name").unwrap_or_default(), f)).collect();
    all.extend(super::grid::kernels(module));
    let main = *all.get("main").ok_or_else(|| OpError::new(module, "no function @main"))?;
    let args = (0..main.body(0).argument_count())
        .map(|i| {
            let ty = block_arg(main.body(0), i).memref_ty();
            let memory = |ty| Val::Memory(Place::Global(i), 0, ty);
            ty.map(memory).ok_or_else(|| OpError::new(main, format!("argument {i} is no memref")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    if args.len() != buffers.len() {
        return Err(OpError::new(main, format!("takes {} buffers, not {}", args.len(), buffers.len())));
    }
    let init = all.get("init").copied();
    let mut machine = Machine {
        cx,
        funcs: all,
        buffers,
        local: Vec::new(),
        private: HashMap::new(),
        values: HashMap::new(),
        group: Group::single(),
    };
    if let Some(init) = init {
        machine.call(init, args[..init.body(0).argument_count().min(args.len())].to_vec())?;
    }
    machine.call(main, args)
}

/// What a buffer belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// All invocations: number.
    Global(usize),
    /// A workgroup: number.
    Workgroup(usize),
    /// An invocation: the key of the op that makes it.
    Private(usize),
}

/// Numbers: a scalar, or a vector's lanes; for all invocations together, or for each of them in a row.
#[derive(Debug, Clone)]
pub(super) struct Lanes {
    pub(super) width: usize,
    pub(super) each: bool,
    pub(super) data: Vec<Scalar>,
}

impl Lanes {
    /// The same for all invocations.
    pub(super) fn same(data: Vec<Scalar>) -> Self {
        Self { width: data.len(), each: false, data }
    }

    /// Those of an invocation.
    pub(super) fn of(&self, invocation: usize) -> &[Scalar] {
        if self.each { &self.data[invocation * self.width..(invocation + 1) * self.width] } else { &self.data }
    }
}

#[derive(Debug, Clone)]
pub(super) enum Val {
    Lanes(Lanes),
    /// Buffer, first byte, layout.
    Memory(Place, i64, MemRefTy),
}

pub(super) struct Machine<'b, 'c> {
    pub(super) cx: Cx<'c>,
    pub(super) funcs: HashMap<String, Op<'c>>,
    buffers: &'b mut [Vec<u8>],
    /// The workgroup's memory.
    pub(super) local: Vec<Vec<u8>>,
    /// Each invocation's memory, by the op that makes it.
    private: HashMap<usize, Vec<u8>>,
    pub(super) values: HashMap<usize, Val>,
    pub(super) group: Group,
}

impl<'c> Machine<'_, 'c> {
    pub(super) fn call(&mut self, func: Op<'c>, args: Vec<Val>) -> Result<(), OpError> {
        let block = func.body(0);
        for (i, v) in args.into_iter().enumerate() {
            self.values.insert(block_arg(block, i).key(), v);
        }
        self.block(block).map(|_| ())
    }

    /// Runs a block for the active invocations; returns its terminator's operands.
    fn block(&mut self, block: Block<'c>) -> Result<Vec<Val>, OpError> {
        for op in block_ops(block) {
            let out = match op.op_name().as_str() {
                "func.return" | "gpu.return" | "scf.yield" | "scf.condition" => {
                    return op.args().iter().map(|v| self.get(op, *v)).collect();
                }
                "scf.for" => self.for_loop(op)?,
                "scf.while" => self.while_loop(op)?,
                "scf.if" => self.branch(op)?,
                "func.call" => {
                    self.func_call(op)?;
                    Vec::new()
                }
                "gpu.launch_func" => {
                    self.launch(op)?;
                    Vec::new()
                }
                name if name.starts_with("gpu.") => self.gpu_op(op)?,
                _ => self.op(op)?,
            };
            for (v, x) in op.ress().into_iter().zip(out) {
                self.values.insert(v.key(), x);
            }
        }
        Ok(Vec::new())
    }

    /// Runs a block for some of the active invocations.
    fn block_for(&mut self, active: Vec<usize>, block: Block<'c>) -> Result<Vec<Val>, OpError> {
        let all = std::mem::replace(&mut self.group.active, active);
        let out = self.block(block);
        self.group.active = all;
        out
    }

    fn func_call(&mut self, op: Op<'c>) -> Result<(), OpError> {
        let name = op.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default();
        let callee = *self.funcs.get(name).ok_or_else(|| OpError::new(op, format!("no function @{name}")))?;
        let mut args = op.args().iter().map(|v| self.get(op, *v)).collect::<Result<Vec<_>, _>>()?;
        let n = args.len();
        let range = match args.get(n.wrapping_sub(2)..) {
            Some([Val::Lanes(begin), Val::Lanes(end)]) => Some((begin.data[0].i64(), end.data[0].i64())),
            _ => None,
        };
        let Some((begin, end)) = range else { return self.call(callee, args) };
        let middle = begin + (end - begin) * 2 / 3;
        for (from, to) in [(middle, end), (begin, middle), (end, end)] {
            args[n - 2] = Val::Lanes(Lanes::same(vec![Scalar::I(from)]));
            args[n - 1] = Val::Lanes(Lanes::same(vec![Scalar::I(to)]));
            self.call(callee, args.clone())?;
        }
        Ok(())
    }

    /// The active invocations for which a condition holds; all or none if it is the same for all.
    fn holding(&self, condition: &Lanes) -> Vec<usize> {
        self.group.active.iter().copied().filter(|&i| condition.of(i)[0].i64() != 0).collect()
    }

    fn branch(&mut self, op: Op<'c>) -> Result<Vec<Val>, OpError> {
        let condition = self.lanes(op, op.arg(0))?;
        let yes = self.holding(&condition);
        let no: Vec<usize> = self.group.active.iter().copied().filter(|i| yes.binary_search(i).is_err()).collect();
        let mut out: Option<Vec<Val>> = None;
        for (region, active) in [yes, no].into_iter().enumerate() {
            if active.is_empty() {
                continue;
            }
            let block = op.region(region).ok().and_then(|r| r.first_block());
            let Some(block) = block else { continue };
            let values = self.block_for(active.clone(), block)?;
            out = Some(match out {
                Some(before) => self.merged(op, &active, before, values)?,
                None => values,
            });
        }
        Ok(out.unwrap_or_default())
    }

    /// `before`, with the values of some invocations replaced.
    fn merged(&self, op: Op<'c>, of: &[usize], before: Vec<Val>, values: Vec<Val>) -> Result<Vec<Val>, OpError> {
        before
            .into_iter()
            .zip(values)
            .map(|pair| match pair {
                (Val::Lanes(old), Val::Lanes(new)) => {
                    let mut data = self.spread(&old);
                    for &i in of {
                        data[i * new.width..(i + 1) * new.width].copy_from_slice(new.of(i));
                    }
                    Ok(Val::Lanes(Lanes { width: new.width, each: true, data }))
                }
                _ => Err(OpError::new(op, "which buffer it gives depends on the invocation")),
            })
            .collect()
    }

    /// Numbers for each invocation in a row.
    fn spread(&self, lanes: &Lanes) -> Vec<Scalar> {
        if lanes.each { lanes.data.clone() } else { lanes.data.repeat(self.group.size) }
    }

    fn for_loop(&mut self, op: Op<'c>) -> Result<Vec<Val>, OpError> {
        let bound = |i| self.lanes(op, op.arg(i));
        let [lower, upper, step] = [bound(0)?, bound(1)?, bound(2)?];
        let mut carried = op.args()[3..].iter().map(|v| self.get(op, *v)).collect::<Result<Vec<_>, _>>()?;
        let block = op.body(0);
        let mut i = lower;
        loop {
            let below = |&k: &usize| i.of(k)[0].i64() < upper.of(k)[0].i64();
            let running: Vec<usize> = self.group.active.iter().copied().filter(below).collect();
            if running.is_empty() {
                return Ok(carried);
            }
            self.values.insert(block_arg(block, 0).key(), Val::Lanes(i.clone()));
            for (k, v) in carried.iter().enumerate() {
                self.values.insert(block_arg(block, k + 1).key(), v.clone());
            }
            let next = self.block_for(running.clone(), block)?;
            carried =
                if running.len() < self.group.active.len() { self.merged(op, &running, carried, next)? } else { next };
            let add = |x: &Scalar, s: &Scalar| Scalar::I(x.i64() + s.i64());
            i = if i.each || step.each {
                let (i, step) = (self.spread(&i), self.spread(&step));
                Lanes { width: 1, each: true, data: i.iter().zip(&step).map(|(x, s)| add(x, s)).collect() }
            } else {
                Lanes::same(vec![add(&i.data[0], &step.data[0])])
            };
        }
    }

    fn while_loop(&mut self, op: Op<'c>) -> Result<Vec<Val>, OpError> {
        let mut carried = op.args().iter().map(|v| self.get(op, *v)).collect::<Result<Vec<_>, _>>()?;
        let mut running = self.group.active.clone();
        let mut out: Option<Vec<Val>> = None;
        while !running.is_empty() {
            for (k, v) in carried.into_iter().enumerate() {
                self.values.insert(block_arg(op.body(0), k).key(), v);
            }
            let mut tested = self.block_for(running.clone(), op.body(0))?;
            let Some(Val::Lanes(go)) = tested.first().cloned() else {
                return Err(OpError::new(op, "its condition is no number"));
            };
            tested.remove(0);
            out = Some(match out {
                Some(before) => self.merged(op, &running, before, tested.clone())?,
                None => tested.clone(),
            });
            running.retain(|&i| go.of(i)[0].i64() != 0);
            for (k, v) in tested.into_iter().enumerate() {
                self.values.insert(block_arg(op.body(1), k).key(), v);
            }
            if running.is_empty() {
                break;
            }
            carried = self.block_for(running.clone(), op.body(1))?;
        }
        Ok(out.unwrap_or_default())
    }

    pub(super) fn get(&self, user: Op<'c>, v: Value<'c>) -> Result<Val, OpError> {
        let value = self.values.get(&v.key()).cloned();
        value.ok_or_else(|| OpError::new(user, format!("an operand of type {} has no value here", v.ty())))
    }

    pub(super) fn lanes(&self, user: Op<'c>, v: Value<'c>) -> Result<Lanes, OpError> {
        match self.get(user, v)? {
            Val::Lanes(x) => Ok(x),
            Val::Memory(..) => Err(OpError::new(user, "a buffer stands where a number is expected")),
        }
    }

    /// A number that is the same for all invocations.
    pub(super) fn int(&self, user: Op<'c>, v: Value<'c>) -> Result<i64, OpError> {
        let lanes = self.lanes(user, v)?;
        if lanes.each {
            return Err(OpError::new(user, "an operand depends on the invocation"));
        }
        Ok(lanes.data[0].i64())
    }

    fn memory(&self, user: Op<'c>, v: Value<'c>) -> Result<(Place, i64, MemRefTy), OpError> {
        match self.get(user, v)? {
            Val::Memory(place, base, ty) => Ok((place, base, ty)),
            Val::Lanes(_) => Err(OpError::new(user, "a number stands where a buffer is expected")),
        }
    }

    /// The bytes of `n` neighbouring elements, as an invocation sees them.
    fn bytes(
        &mut self,
        op: Op<'c>,
        (place, base, ty): &(Place, i64, MemRefTy),
        index: &[Lanes],
        n: usize,
        (invocation, write): (usize, bool),
    ) -> Result<&mut [u8], OpError> {
        let mut at = ty.offset;
        for (d, (v, (&extent, stride))) in index.iter().zip(ty.shape.iter().zip(&ty.strides)).enumerate() {
            let i = v.of(invocation)[0].i64();
            let span = if d + 1 == index.len() { n as i64 } else { 1 };
            if i < 0 || i + span > extent {
                return Err(OpError::new(op, format!("index {i} and {span} elements of dim {d} of extent {extent}")));
            }
            at += i * stride;
        }
        let size = ty.elem.bytes();
        let first = usize::try_from(base + at * size as i64).map_err(|_| OpError::new(op, "lies before its buffer"))?;
        for element in 0..n {
            let touched = self.group.touch(*place, first + element * size, invocation, write);
            touched.map_err(|m| OpError::new(op, format!("{m} (element {} of the buffer)", at + element as i64)))?;
        }
        let (memory, first) = match place {
            Place::Global(i) => (self.buffers.get_mut(*i), first),
            Place::Workgroup(i) => (self.local.get_mut(*i), first),
            Place::Private(key) => {
                let memory = self.private.get_mut(key);
                let room = memory.as_ref().map_or(0, |m| m.len() / self.group.size);
                (memory.filter(|_| first + n * size <= room), first + invocation * room)
            }
        };
        let range = memory.and_then(|m| m.get_mut(first..first + n * size));
        range.ok_or_else(|| OpError::new(op, "lies outside of its buffer"))
    }

    fn load(&mut self, op: Op<'c>, n: usize) -> Result<Lanes, OpError> {
        let memory = self.memory(op, op.arg(0))?;
        let index = op.args()[1..].iter().map(|v| self.lanes(op, *v)).collect::<Result<Vec<_>, _>>()?;
        let elem = memory.2.elem;
        let private = matches!(memory.0, Place::Private(_)) && self.group.size > 1;
        let each = private || index.iter().any(|i| i.each);
        let mut data = vec![Scalar::I(0); if each { n * self.group.size } else { 0 }];
        for k in self.group.active.clone() {
            let bytes = self.bytes(op, &memory, &index, n, (k, false))?.to_vec();
            if each || data.is_empty() {
                let read: Vec<Scalar> = Tensor { elem, shape: vec![n as i64], data: bytes.into() }.scalars().collect();
                match each {
                    true => data[k * n..(k + 1) * n].copy_from_slice(&read),
                    false => data = read,
                }
            }
        }
        Ok(Lanes { width: n, each, data })
    }

    fn store(&mut self, op: Op<'c>) -> Result<(), OpError> {
        let values = self.lanes(op, op.arg(0))?;
        let memory = self.memory(op, op.arg(1))?;
        let index = op.args()[2..].iter().map(|v| self.lanes(op, *v)).collect::<Result<Vec<_>, _>>()?;
        for k in self.group.active.clone() {
            let bytes = self.bytes(op, &memory, &index, values.width, (k, true))?;
            let lanes = values.of(k).iter().copied();
            bytes.copy_from_slice(&Tensor::from_scalars(memory.2.elem, &[values.width as i64], lanes).data);
        }
        Ok(())
    }

    /// An op that each invocation does on its own numbers.
    fn each(&self, op: Op<'c>, f: impl Fn(&[&[Scalar]]) -> Vec<Scalar>) -> Result<Lanes, OpError> {
        let args = op.args().iter().map(|v| self.lanes(op, *v)).collect::<Result<Vec<_>, _>>()?;
        let of = |k: usize| f(&args.iter().map(|a| a.of(k)).collect::<Vec<_>>());
        if !args.iter().any(|a| a.each) {
            return Ok(Lanes::same(of(0)));
        }
        let made: Vec<(usize, Vec<Scalar>)> = self.group.active.iter().map(|&k| (k, of(k))).collect();
        Ok(self.group.scatter(made))
    }

    /// An op of `arith` or `math`: lanes of all active invocations at once.
    fn elementwise(&self, op: Op<'c>) -> Result<Lanes, OpError> {
        let args = op.args().iter().map(|v| self.lanes(op, *v)).collect::<Result<Vec<_>, _>>()?;
        let active = &self.group.active;
        if !args.iter().any(|a| a.each) {
            let plain: Vec<_> = args.into_iter().map(|a| a.data).collect();
            return elementwise(op, &plain).map(Lanes::same);
        }
        let width = args.iter().map(|a| a.width).max().unwrap_or(1);
        let columns: Vec<Vec<Scalar>> = args
            .iter()
            .map(|a| {
                let wide = |&k: &usize| (0..width).map(move |l| a.of(k)[if a.width == 1 { 0 } else { l }]);
                active.iter().flat_map(wide).collect()
            })
            .collect();
        let out = elementwise(op, &columns)?;
        Ok(self.group.scatter(active.iter().copied().zip(out.chunks(width).map(<[_]>::to_vec))))
    }

    fn op(&mut self, op: Op<'c>) -> Result<Vec<Val>, OpError> {
        let count = |v: Value<'c>| VectorTy::of(v.ty()).map_or(1, |t| t.shape[0]) as usize;
        let position = || op.ints("static_position").and_then(|p| usize::try_from(*p.first()?).ok()).unwrap_or(0);
        let layout = || op.res(0).memref_ty().ok_or_else(|| OpError::new(op, "the layout isn't static"));
        let out = match op.op_name().as_str() {
            "arith.constant" => {
                let attr = op.attr("value").ok_or_else(|| OpError::new(op, "lacks its value"))?;
                let elem = elem_of(op.res(0).ty()).unwrap_or(Elem::I64);
                Lanes::same(match (self.cx.tensor_of(attr), attr.as_i64(), attr.as_f64()) {
                    (Some(t), ..) => t.scalars().collect(),
                    (_, Some(x), _) => vec![Scalar::I(x).to(elem)],
                    (.., Some(x)) => vec![Scalar::F(x)],
                    _ => return Err(OpError::new(op, "is neither number nor vector")),
                })
            }
            "memref.view" => {
                let (place, base, _) = self.memory(op, op.arg(0))?;
                let shift = self.int(op, op.arg(1))?;
                return Ok(vec![Val::Memory(place, base + shift, layout()?)]);
            }
            "memref.subview"
            | "memref.reinterpret_cast"
            | "memref.cast"
            | "memref.collapse_shape"
            | "memref.expand_shape" => {
                let (place, base, _) = self.memory(op, op.arg(0))?;
                return Ok(vec![Val::Memory(place, base, layout()?)]);
            }
            "memref.alloca" => {
                let ty = layout()?;
                // What isn't written stays visible.
                self.private.insert(op.key(), vec![0xa5; ty.span_bytes() as usize * self.group.size]);
                return Ok(vec![Val::Memory(Place::Private(op.key()), 0, ty)]);
            }
            "memref.load" | "vector.load" => self.load(op, count(op.res(0)))?,
            "memref.store" | "vector.store" => {
                self.store(op)?;
                return Ok(Vec::new());
            }
            "vector.broadcast" => {
                let n = count(op.res(0));
                self.each(op, |x| x[0].repeat(n / x[0].len()))?
            }
            "vector.extract" => self.each(op, |x| vec![x[0][position()]])?,
            "vector.insert" => self.each(op, |x| {
                let mut v = x[1].to_vec();
                v[position()] = x[0][0];
                v
            })?,
            "vector.shuffle" => {
                let mask = op.ints("mask").unwrap_or_default();
                self.each(op, |x| {
                    let both = [x[0], x[1]].concat();
                    mask.iter().map(|&i| both[i as usize]).collect()
                })?
            }
            "vector.from_elements" => self.each(op, |x| x.concat())?,
            _ => self.elementwise(op)?,
        };
        Ok(vec![Val::Lanes(out)])
    }
}
