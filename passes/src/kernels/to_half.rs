//! `to-half`: values between kernels are stored in f16, where the target does so (`Target::half_storage`).
//!
//! It stands behind `fuse`, because a kernel is what stores: within one everything is computed in f32. Bodies widen what they read
//! (`arith.extf`), products and convolutions sum in f32 and leave the sum to their tails, and what is stored is rounded once
//! (`arith.truncf` of what has been brought into f16's range: the masks of attention, -3.4e38, become -65504 and go on masking).
//!
//! What stays f32: the model's inputs and outputs, what a kernel adds to something of its size and the sum (the stream that residual
//! layers add to), the results of reductions (sums of squares leave f16's range, and are small), what
//! becomes a position (a body with `fptosi`) or goes through a logarithm, operands of recurrences and other ops whose steps build on one
//! another, everything about control flow, which runs elsewhere anyway, constants that f16 can't hold, and scalars in bodies. Any
//! kernel reads either, so nothing is converted by itself.

mod kernel;

use crate::pass::{PassCx, PassInfo};
use crate::target::Target;
use kernel::Profile;
use std::collections::{HashMap, HashSet};
use weft_dialects::ir::{
    AttrExt, BlockLike, Builder, Cx, Elem, Map, Op, OpError, OpExt, OperationLike, Tensor, TensorTy, Value, ValueExt,
    block_arg, block_ops, funcs,
};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "to-half",
    doc: "Stores what goes from kernel to kernel, and weights, in f16.",
    options: &[("few", "bytes up to which a constant stays f32; 65536 if absent")],
    run,
};

/// The largest finite f16.
const LARGEST: f64 = 65504.0;
/// Constants up to this size stay f32: biases, filters of depthwise convolutions, the first layers' weights.
const FEW_BYTES: i64 = 64 << 10;
/// A constant all of whose elements are below this would lose too much of them.
const SMALL: f64 = 1e-3;

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    if !Target::of(module).half_storage {
        return Ok(());
    }
    let named = |name: &str| funcs(module).into_iter().find(|f| f.string("sym_name").as_deref() == Some(name));
    let few = match pcx.option("few").map(str::parse) {
        None => FEW_BYTES,
        Some(Ok(few)) => few,
        Some(Err(_)) => return Err(vec![OpError::new(module, "the option 'few' is no number of bytes")]),
    };
    let mut pass = ToHalf { pcx, kernels: HashMap::new(), prepared: Vec::new(), halves: HashMap::new(), few };
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
    /// Constants in f16, by what they are of.
    halves: HashMap<usize, Value<'c>>,
    /// Bytes up to which a constant stays f32.
    few: i64,
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
fn retype<'c>(cx: Cx<'c>, v: Value<'c>, elem: Elem) {
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
        for &op in ops {
            match op.op_name().as_str() {
                "func.call" if callee(op) == "init" => {}
                "func.call" => {
                    let Some((_, profile)) = self.kernels.get(callee(op)) else { continue };
                    if profile.reads_single {
                        wide.extend(op.args().into_iter().map(|v| root(v).key()));
                    }
                    // What layer after layer adds to would be rounded once a layer: its error would grow with their number.
                    if !profile.summands.is_empty() {
                        wide.extend(profile.summands.iter().map(|&i| root(op.arg(i)).key()));
                        wide.insert(op.res(0).key());
                    }
                    // Sums are few, and may be large numbers.
                    if profile.makes_single {
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
        for i in 0..body.argument_count() {
            let v = call.arg(i);
            if is_single(v)
                && !profile.reads_single
                && root(v).def().is_some_and(|d| d.op_name() == "arith.constant")
                && let Some(new) = self.constant(v)?
            {
                call.set_arg(i, new);
            }
            block_arg(body, i).retype(call.arg(i).ty());
        }
        kernel::rewrite(cx, kernel, half);
        if half {
            retype(cx, call.res(0), Elem::F16);
        }
        Ok(())
    }

    /// A constant in f16; `None` if it is better left as it is.
    fn constant(&mut self, v: Value<'c>) -> Result<Option<Value<'c>>, OpError> {
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
        // Few bytes are read in no time, and all digits of them help.
        let few = ty.bytes().is_some_and(|n| n <= self.few);
        if few || largest > LARGEST || (largest > 0.0 && largest < SMALL) {
            return Ok(None);
        }
        let half = Tensor::from_scalars(Elem::F16, &ty.shape, data.scalars());
        let new = Builder::after(cx, def).with_loc(def.location()).tensor(&half);
        self.halves.insert(v.key(), new);
        Ok(Some(new))
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
