//! An interpreter of the loops level: the tests' proof that a lowering computes what its kernel says.
//!
//! Every access is checked against its buffer's extents. Kernels are called in pieces, the last units first, so that
//! units which depend on each other's order show.

use std::collections::HashMap;
use weft_dialects::eval;
use weft_dialects::ir::{
    AttrExt, BlockLike, Cx, Elem, MemRefTy, Op, OpExt, Scalar, Tensor, Value, ValueExt, VectorTy, block_arg, block_ops,
    funcs,
};

#[derive(Clone)]
enum Val {
    Lanes(Vec<Scalar>),
    /// Buffer, first byte, layout.
    Mem(usize, i64, MemRefTy),
}

/// Runs `main` of a module at the loops level; the outputs start as zeros.
pub fn run<'c>(cx: Cx<'c>, module: Op<'c>, weights: Vec<u8>, arena: usize, inputs: &[Tensor], outputs: &mut [Tensor]) {
    let all: HashMap<String, Op<'c>> =
        funcs(module).into_iter().map(|f| (f.string("sym_name").unwrap_or_default(), f)).collect();
    let main = all["main"];
    let mut buffers = vec![weights, vec![0xa5; arena]];
    buffers.extend(inputs.iter().map(|t| t.data.to_vec()));
    // Whatever a kernel doesn't write stays visible.
    buffers.extend(outputs.iter().map(|t| vec![0xa5; t.data.len()]));
    let mut machine = Machine { cx, funcs: all, buffers, values: HashMap::new() };
    let args = (0..main.body(0).argument_count())
        .map(|i| Val::Mem(i, 0, block_arg(main.body(0), i).memref_ty().unwrap()))
        .collect();
    machine.call(main, args);
    let first = machine.buffers.len() - outputs.len();
    for (t, data) in outputs.iter_mut().zip(machine.buffers.drain(first..)) {
        t.data = data.into();
    }
}

struct Machine<'c> {
    cx: Cx<'c>,
    funcs: HashMap<String, Op<'c>>,
    buffers: Vec<Vec<u8>>,
    values: HashMap<usize, Val>,
}

impl<'c> Machine<'c> {
    fn call(&mut self, func: Op<'c>, args: Vec<Val>) {
        let block = func.body(0);
        for (i, v) in args.into_iter().enumerate() {
            self.values.insert(block_arg(block, i).key(), v);
        }
        self.block(block);
    }

    /// Runs a block; returns its terminator's operands.
    fn block(&mut self, block: weft_dialects::ir::Block<'c>) -> Vec<Val> {
        for op in block_ops(block) {
            match op.op_name().as_str() {
                "func.return" | "scf.yield" => return op.args().iter().map(|v| self.get(*v)).collect(),
                "scf.for" => self.for_loop(op),
                "scf.if" => {
                    let region = usize::from(self.int(op.arg(0)) == 0);
                    let out = if region == 1 && op.ress().is_empty() && !has_block(op, 1) {
                        Vec::new()
                    } else {
                        self.block(op.body(region))
                    };
                    self.set(op, out);
                }
                "func.call" => self.func_call(op),
                _ => {
                    let out = self.op(op);
                    self.set(op, out);
                }
            }
        }
        Vec::new()
    }

    fn func_call(&mut self, op: Op<'c>) {
        let callee = self.funcs[op.attr("callee").and_then(AttrExt::as_symbol).unwrap()];
        let mut args: Vec<Val> = op.args().iter().map(|v| self.get(*v)).collect();
        let n = args.len();
        let (begin, end) = match (&args[n - 2], &args[n - 1]) {
            (Val::Lanes(b), Val::Lanes(e)) => (b[0].i64(), e[0].i64()),
            _ => panic!("a kernel takes a range"),
        };
        let mid = begin + (end - begin) * 2 / 3;
        for (from, to) in [(mid, end), (begin, mid), (end, end)] {
            args[n - 2] = Val::Lanes(vec![Scalar::I(from)]);
            args[n - 1] = Val::Lanes(vec![Scalar::I(to)]);
            self.call(callee, args.clone());
        }
    }

    fn for_loop(&mut self, op: Op<'c>) {
        let (lower, upper, step) = (self.int(op.arg(0)), self.int(op.arg(1)), self.int(op.arg(2)));
        let mut carried: Vec<Val> = op.args()[3..].iter().map(|v| self.get(*v)).collect();
        let block = op.body(0);
        let mut i = lower;
        while i < upper {
            self.values.insert(block_arg(block, 0).key(), Val::Lanes(vec![Scalar::I(i)]));
            for (k, v) in carried.into_iter().enumerate() {
                self.values.insert(block_arg(block, k + 1).key(), v);
            }
            carried = self.block(block);
            i += step;
        }
        self.set(op, carried);
    }

    fn get(&self, v: Value<'c>) -> Val {
        self.values.get(&v.key()).unwrap_or_else(|| panic!("no value for {v}")).clone()
    }

    fn lanes(&self, v: Value<'c>) -> Vec<Scalar> {
        match self.get(v) {
            Val::Lanes(x) => x,
            Val::Mem(..) => panic!("{v} is a buffer"),
        }
    }

    fn int(&self, v: Value<'c>) -> i64 {
        self.lanes(v)[0].i64()
    }

    fn set(&mut self, op: Op<'c>, out: Vec<Val>) {
        for (v, x) in op.ress().into_iter().zip(out) {
            self.values.insert(v.key(), x);
        }
    }

    /// The byte address of `n` elements.
    fn address(&self, op: Op<'c>, memref: Value<'c>, index: &[Value<'c>], n: i64) -> (usize, usize, Elem) {
        let Val::Mem(buffer, base, ty) = self.get(memref) else { panic!("{memref} is no buffer") };
        let mut at = ty.offset;
        for (d, (&v, (&extent, stride))) in index.iter().zip(ty.shape.iter().zip(&ty.strides)).enumerate() {
            let i = self.int(v);
            let span = if d + 1 == index.len() { n } else { 1 };
            assert!(i >= 0 && i + span <= extent, "index {i} (+{span}) of dim {d} of {extent}: {}", op.bare_text());
            at += i * stride;
        }
        let byte = base + at * ty.elem.bytes() as i64;
        assert!(byte >= 0 && byte as usize + n as usize * ty.elem.bytes() <= self.buffers[buffer].len());
        (buffer, byte as usize, ty.elem)
    }

    fn op(&mut self, op: Op<'c>) -> Vec<Val> {
        let name = op.op_name();
        let lanes = |v: Value<'c>| VectorTy::of(v.ty()).map_or(1, |t| t.shape[0]);
        let out = match name.as_str() {
            "arith.constant" => {
                let attr = op.attr("value").unwrap();
                match self.cx.tensor_of(attr) {
                    Some(t) => t.scalars().collect(),
                    None => vec![scalar(op, attr)],
                }
            }
            "memref.view" => {
                let Val::Mem(buffer, base, _) = self.get(op.arg(0)) else { panic!("{name}") };
                let shift = self.int(op.arg(1));
                return vec![Val::Mem(buffer, base + shift, op.res(0).memref_ty().unwrap())];
            }
            "memref.subview" | "memref.reinterpret_cast" | "memref.cast" => {
                let Val::Mem(buffer, base, _) = self.get(op.arg(0)) else { panic!("{name}") };
                return vec![Val::Mem(buffer, base, op.res(0).memref_ty().unwrap())];
            }
            "memref.load" | "vector.load" => {
                let n = lanes(op.res(0));
                let (buffer, byte, elem) = self.address(op, op.arg(0), &op.args()[1..], n);
                let bytes = self.buffers[buffer][byte..byte + n as usize * elem.bytes()].to_vec();
                Tensor { elem, shape: vec![n], data: bytes.into() }.scalars().collect()
            }
            "memref.store" | "vector.store" => {
                let values = self.lanes(op.arg(0));
                let (buffer, byte, elem) = self.address(op, op.arg(1), &op.args()[2..], values.len() as i64);
                let t = Tensor::from_scalars(elem, &[values.len() as i64], values);
                self.buffers[buffer][byte..byte + t.data.len()].copy_from_slice(&t.data);
                return Vec::new();
            }
            "vector.broadcast" => vec![self.lanes(op.arg(0))[0]; lanes(op.res(0)) as usize],
            "vector.extract" => vec![self.lanes(op.arg(0))[op.ints("static_position").unwrap()[0] as usize]],
            "vector.insert" => {
                let mut v = self.lanes(op.arg(1));
                v[op.ints("static_position").unwrap()[0] as usize] = self.lanes(op.arg(0))[0];
                v
            }
            "vector.shuffle" => {
                let both = [self.lanes(op.arg(0)), self.lanes(op.arg(1))].concat();
                op.ints("mask").unwrap().into_iter().map(|i| both[i as usize]).collect()
            }
            _ => {
                let args: Vec<Vec<Scalar>> = op.args().into_iter().map(|v| self.lanes(v)).collect();
                eval::elementwise(op, &args).unwrap_or_else(|e| panic!("{e}"))
            }
        };
        vec![Val::Lanes(out)]
    }
}

fn has_block(op: Op<'_>, region: usize) -> bool {
    use weft_dialects::ir::{OperationLike, RegionLike};
    op.region(region).ok().and_then(|r| r.first_block()).is_some()
}

fn scalar<'c>(op: Op<'c>, attr: weft_dialects::ir::Attribute<'c>) -> Scalar {
    let elem = weft_dialects::ir::elem_of(op.res(0).ty());
    match attr.as_i64() {
        Some(x) => Scalar::I(x).to(elem.unwrap_or(Elem::I64)),
        None => Scalar::F(attr.as_f64().unwrap()),
    }
}
