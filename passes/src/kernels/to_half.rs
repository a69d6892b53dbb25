//! `to-half`: values between kernels are stored in f16, where the target does so (`Target::half_storage`).
//!
//! It stands behind `fuse`, because a kernel is what stores: within one everything elementwise, and every sum, stays f32.
//! Kernels read f16 and widen (`arith.extf` in the bodies that read), and round once, at the store (`arith.truncf` of what has been
//! brought into f16's range: the masks of attention, -3.4e38, become -65504 and go on masking). Products and
//! convolutions take f16 operands and leave f32 sums to their tails; pools, softmax and normalisation compute in f32 and round.
//!
//! What stays f32: the model's inputs and outputs, the results of reductions (sums of squares leave f16's range, and are small), what
//! becomes a position (a body with `fptosi`) or goes through a logarithm, operands of recurrences and other ops whose steps build on one
//! another, everything about control flow, which runs elsewhere anyway, constants that f16 can't hold, and scalars in bodies.
//! Where an f32 value meets a product, a kernel of its own converts it.

mod kernel;

use crate::pass::{PassCx, PassInfo};
use crate::target::Target;
use kernel::{Profile, Want};
use std::collections::{HashMap, HashSet};
use weft_dialects::ir::{
    AttrExt, BlockLike, Builder, Elem, Map, Op, OpError, OpExt, OperationLike, Scalar, Tensor, TensorTy, Value,
    ValueExt, block_arg, block_ops, funcs,
};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "to-half",
    doc: "Stores what goes from kernel to kernel, and weights, in f16.",
    options: &[],
    run,
};

/// The largest finite f16.
const LARGEST: f64 = 65504.0;
/// A constant all of whose elements are below this would lose too much of them.
const SMALL: f64 = 1e-3;

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    if !Target::of(module).half_storage {
        return Ok(());
    }
    let named = |name: &str| funcs(module).into_iter().find(|f| f.string("sym_name").as_deref() == Some(name));
    let mut pass = ToHalf { pcx, kernels: HashMap::new(), prepared: Vec::new(), halves: HashMap::new(), converted: 0 };
    for kernel in funcs(module).into_iter().filter(|f| f.attr("sym_visibility").is_some()) {
        pass.kernels.insert(kernel.string("sym_name").unwrap_or_default(), (kernel, Profile::of(kernel)));
    }
    // @main first: it says how it wants what @init prepares.
    for func in [named("main"), named("init")].into_iter().flatten() {
        pass.function(func).map_err(|e| vec![e])?;
    }
    Ok(())
}

struct ToHalf<'p, 'c> {
    pcx: &'p PassCx<'c>,
    kernels: HashMap<String, (Op<'c>, Profile)>,
    /// By result of `@init`: whether `@main` wants it in f16.
    prepared: Vec<bool>,
    /// Constants and values in f16, by what they are of.
    halves: HashMap<usize, Value<'c>>,
    /// Kernels made so far that convert a value.
    converted: usize,
}

fn callee<'c>(op: Op<'c>) -> &'c str {
    op.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default()
}

fn is_reshape(op: Op<'_>) -> bool {
    matches!(op.op_name().as_str(), "tensor.expand_shape" | "tensor.collapse_shape")
}

/// What a value is a reshape of.
fn root<'c>(v: Value<'c>) -> Value<'c> {
    match v.def().filter(|d| is_reshape(*d)) {
        Some(def) => root(def.arg(0)),
        None => v,
    }
}

/// A tensor of f32.
fn is_single(v: Value<'_>) -> bool {
    v.tensor_ty().is_some_and(|t| t.elem == Elem::F32)
}

/// Gives a value another element type.
fn retype<'c>(cx: weft_dialects::ir::Cx<'c>, v: Value<'c>, elem: Elem) {
    if let Some(ty) = v.tensor_ty() {
        v.retype(TensorTy::new(elem, &ty.shape).to_mlir(cx));
    }
}

impl<'c> ToHalf<'_, 'c> {
    fn function(&mut self, func: Op<'c>) -> Result<(), OpError> {
        let cx = self.pcx.cx;
        let is_init = func.string("sym_name").as_deref() == Some("init");
        let ops = block_ops(func.body(0));
        let wide = self.wide(func, &ops, is_init);
        let is_half = |v: Value<'c>| is_single(v) && !wide.contains(&root(v).key());
        for &op in &ops {
            match op.op_name().as_str() {
                "func.call" if callee(op) == "init" => {
                    let half: Vec<bool> = op.ress().into_iter().map(is_half).collect();
                    op.ress().into_iter().zip(&half).filter(|x| *x.1).for_each(|(r, _)| retype(cx, r, Elem::F16));
                    self.prepared = half;
                }
                "func.call" => {
                    let half = is_half(op.res(0));
                    self.call(op, half)?;
                }
                _ if is_reshape(op) => {
                    let elem = op.arg(0).tensor_ty().map(|t| t.elem).filter(|&e| e == Elem::F16);
                    elem.filter(|_| is_single(op.res(0))).into_iter().for_each(|e| retype(cx, op.res(0), e));
                }
                "func.return" if is_init => {
                    let inputs: Vec<_> = Vec::new();
                    let results: Vec<_> = op.args().into_iter().map(ValueExt::ty).collect();
                    func.set_attr("function_type", cx.type_attr(cx.fn_type(&inputs, &results)));
                }
                _ => {}
            }
        }
        for op in ops.into_iter().rev() {
            if op.op_name() == "arith.constant" && op.is_unused() {
                op.erase();
            }
        }
        Ok(())
    }

    /// Values that stay f32, by key of what they are reshapes of. Constants are decided use by use.
    fn wide(&self, func: Op<'c>, ops: &[Op<'c>], is_init: bool) -> HashSet<usize> {
        let mut wide: HashSet<usize> = HashSet::new();
        let body = func.body(0);
        wide.extend((0..body.argument_count()).map(|i| block_arg(body, i).key()));
        let mut halved: HashSet<usize> = HashSet::new();
        for &op in ops {
            match op.op_name().as_str() {
                "func.call" if callee(op) == "init" => {}
                "func.call" => {
                    let Some((_, profile)) = self.kernels.get(callee(op)) else { continue };
                    for (v, want) in op.args().into_iter().zip(&profile.wants) {
                        match want {
                            Want::Full => _ = wide.insert(root(v).key()),
                            Want::Half => _ = halved.insert(root(v).key()),
                            Want::Any => {}
                        }
                    }
                    if profile.result == Want::Full {
                        wide.insert(op.res(0).key());
                    }
                }
                "func.return" if is_init => {
                    let single = op.args().into_iter().zip(&self.prepared).filter(|x| !*x.1);
                    wide.extend(single.map(|(v, _)| root(v).key()));
                }
                "arith.constant" | "tensor.empty" | "nn.extent" => {}
                _ if is_reshape(op) => {}
                _ => wide.extend(op.reads().into_iter().chain(op.ress()).map(|v| root(v).key())),
            }
        }
        // Sums that no product reads are small, and may be large numbers.
        let sums = ops.iter().filter(|o| self.kernels.get(callee(**o)).is_some_and(|k| k.1.sums));
        wide.extend(sums.map(|o| o.res(0).key()).filter(|k| !halved.contains(k)).collect::<Vec<_>>());
        wide
    }

    /// Converts a call's constants, and the kernel to what it is given now.
    fn call(&mut self, call: Op<'c>, half: bool) -> Result<(), OpError> {
        let cx = self.pcx.cx;
        let Some((kernel, profile)) = self.kernels.remove(callee(call)) else {
            let message =
                format!("@{} has several calls or none: 'to-half' stands before 'share-kernels'", callee(call));
            return Err(OpError::new(call, message));
        };
        let body = kernel.body(0);
        for (i, want) in profile.wants.iter().enumerate() {
            let v = call.arg(i);
            if is_single(v) && *want != Want::Full {
                let constant = root(v).def().is_some_and(|d| d.op_name() == "arith.constant");
                let scratch = root(v).def().is_some_and(|d| d.op_name() == "tensor.empty");
                let new = match want {
                    _ if scratch => None,
                    _ if constant => self.constant(v, *want == Want::Half)?,
                    Want::Half => Some(self.converted(call, v)),
                    _ => None,
                };
                new.into_iter().for_each(|new| call.set_arg(i, new));
            }
            let ty = call.arg(i).ty();
            if block_arg(body, i).ty() != ty {
                block_arg(body, i).retype(ty);
            }
        }
        kernel::rewrite(cx, kernel, half);
        if half {
            retype(cx, call.res(0), Elem::F16);
        }
        Ok(())
    }

    /// A constant in f16; `None` if it is better left as it is.
    fn constant(&mut self, v: Value<'c>, forced: bool) -> Result<Option<Value<'c>>, OpError> {
        if let Some(&known) = self.halves.get(&v.key()) {
            return Ok(Some(known));
        }
        let cx = self.pcx.cx;
        let Some(def) = root(v).def() else { return Ok(None) };
        let (Some(data), Some(ty)) = (def.attr("value").and_then(|a| cx.tensor_of(a)), v.tensor_ty()) else {
            return Err(OpError::new(def, "a constant without value"));
        };
        let finite = || data.scalars().map(|s| s.f64().abs()).filter(|x| x.is_finite());
        let largest = finite().fold(0.0, f64::max);
        if !forced && (largest > LARGEST || (largest > 0.0 && largest < SMALL)) {
            return Ok(None);
        }
        let values = data.scalars().map(|s| match s.f64() {
            x if x.is_finite() => Scalar::F(x.clamp(-LARGEST, LARGEST)),
            x => Scalar::F(x),
        });
        let half = Tensor::from_scalars(Elem::F16, &ty.shape, values);
        let new = Builder::after(cx, def).with_loc(def.location()).tensor(&half);
        self.halves.insert(v.key(), new);
        Ok(Some(new))
    }

    /// A value in f16, by a kernel that only converts.
    fn converted(&mut self, call: Op<'c>, v: Value<'c>) -> Value<'c> {
        if let Some(&known) = self.halves.get(&v.key()) {
            return known;
        }
        let cx = self.pcx.cx;
        let Some(ty) = v.tensor_ty() else { return v };
        let half = TensorTy::new(Elem::F16, &ty.shape).to_mlir(cx);
        let name = if self.converted == 0 { "to_half".to_owned() } else { format!("to_half_{}", self.converted) };
        self.converted += 1;
        if let Some(func) = call.parent() {
            Builder::before(cx, func)
                .with_loc(call.location())
                .func(&name, true, &[v.ty()], &[half], |b, args| vec![convert(b, args[0], Elem::F16)]);
        }
        let new = Builder::before(cx, call).call(&name, &[v], &[half]).res(0);
        self.halves.insert(v.key(), new);
        new
    }
}

/// A generic that widens to f32, or rounds to f16.
fn convert<'c>(b: &Builder<'c>, v: Value<'c>, to: Elem) -> Value<'c> {
    let Some(ty) = v.tensor_ty() else { return v };
    let id = Map::identity(ty.shape.len());
    b.elementwise(to, &ty.shape, &[(v, id)], |b, x| match to {
        Elem::F16 => {
            // What is beyond f16's range is the largest number there: rounding alone would make it infinite.
            let below = b.binary("arith.minimumf", x[0], b.f32(LARGEST as f32));
            let bounded = b.binary("arith.maximumf", below, b.f32(-LARGEST as f32));
            b.value("arith.truncf", &[bounded], b.cx.elem(to), &[])
        }
        _ => b.value("arith.extf", &[x[0]], b.cx.elem(to), &[]),
    })
}
