//! A kernel whose arguments, or result, are f16 now.

use super::{convert, is_single, retype};
use weft_dialects::ir::{
    AttrExt, BlockLike, Builder, Cx, Elem, Generic, Op, OpExt, Value, ValueExt, block_arg, block_ops, walk_ops,
};

/// What is to know of a kernel.
#[derive(Debug)]
pub struct Profile {
    /// Whether it wants its operands in f32.
    pub reads_single: bool,
    /// Whether its result had better be f32.
    pub makes_single: bool,
    /// Arguments that the result is a sum with, element by element.
    pub summands: Vec<usize>,
}

/// Roots that take operands of f16 and leave their sums in f32: what is added to them may cancel most of them.
fn is_product(op: Op<'_>) -> bool {
    matches!(op.op_name().as_str(), "nn.matmul" | "nn.conv2d" | "nn.depthwise_conv2d")
}

/// Roots whose operand is evaluated point by point, so that it can be widened on the way.
fn reads_points(op: Op<'_>) -> bool {
    matches!(op.op_name().as_str(), "nn.max_pool2d" | "nn.avg_pool2d" | "nn.softmax" | "nn.layer_norm")
}

/// Other roots with an algorithm of their own.
fn needs_single(op: Op<'_>) -> bool {
    let name = op.op_name();
    name.starts_with("nn.") && name != "nn.extent" && !(is_product(op) || reads_points(op) || moves(op))
}

/// Scalar arithmetic whose result says more than its operand has digits: positions, logarithms, and whatever is f64.
fn is_sensitive(op: Op<'_>) -> bool {
    let name = op.op_name();
    let positions = matches!(name.as_str(), "arith.fptosi" | "arith.fptoui");
    positions || name.starts_with("math.log") || op.ress().into_iter().any(|r| r.ty().to_string().ends_with("f64"))
}

/// Roots that move elements and leave them as they are.
fn moves(op: Op<'_>) -> bool {
    let name = op.op_name();
    name == "nn.pack"
        || matches!(name.as_str(), "tensor.pad" | "tensor.concat" | "tensor.extract_slice" | "tensor.insert_slice")
}

impl Profile {
    pub fn of(kernel: Op<'_>) -> Self {
        let all = walk_ops(kernel);
        let single = all.iter().any(|&o| needs_single(o));
        let reduces = |o: &Op<'_>| Generic::of(*o).is_ok_and(|g| !g.is_parallel());
        Self {
            reads_single: single || all.iter().any(|&o| is_sensitive(o)),
            makes_single: single || block_ops(kernel.body(0)).iter().any(|o| Generic::is(*o) && reduces(o)),
            summands: summands(kernel),
        }
    }
}

/// Arguments of the result's shape that a body adds to something else, where they are read as they lie.
fn summands(kernel: Op<'_>) -> Vec<usize> {
    let body = kernel.body(0);
    let shape = |v: Value<'_>| v.tensor_ty().map(|t| t.shape);
    let ops = block_ops(body);
    let result = ops.last().and_then(|end| end.args().first().copied()).and_then(shape);
    let mut found = Vec::new();
    for g in ops.into_iter().filter(|&o| Generic::is(o)).filter_map(|o| Generic::of(o).ok()) {
        for (i, (&v, map)) in g.ins.iter().zip(&g.maps).enumerate() {
            let argument = (0..body.argument_count()).find(|&a| block_arg(body, a) == v);
            let added = || {
                let ops = block_ops(g.block());
                ops.iter().any(|o| o.op_name() == "arith.addf" && o.args().contains(&g.scalar(i)))
            };
            if let Some(argument) = argument
                && map.is_identity()
                && shape(v) == result
                && added()
            {
                found.push(argument);
            }
        }
    }
    found
}

/// Makes the body fit what the arguments have become, and the result what it shall be.
pub fn rewrite<'c>(cx: Cx<'c>, kernel: Op<'c>, half: bool) {
    let body = kernel.body(0);
    for op in block_ops(body) {
        match op.op_name().as_str() {
            "linalg.generic" => generic(cx, op),
            "tensor.expand_shape" | "tensor.collapse_shape" if is_half(op.arg(0)) => retype(cx, op.res(0), Elem::F16),
            _ if reads_points(op) && is_single(op.res(0)) && is_half(op.arg(0)) => {
                op.set_arg(0, convert(&Builder::before(cx, op), op.arg(0), Elem::F32));
            }
            _ if moves(op) && is_single(op.res(0)) && op.args().into_iter().any(is_half) => as_half(cx, op),
            "func.return" => {
                let b = Builder::before(cx, op);
                let v = op.arg(0);
                match (is_single(v), is_half(v)) {
                    (true, _) if half => op.set_arg(0, convert(&b, v, Elem::F16)),
                    (_, true) if !half => op.set_arg(0, convert(&b, v, Elem::F32)),
                    _ => {}
                }
                let ins: Vec<_> = (0..body.argument_count()).map(|i| block_arg(body, i).ty()).collect();
                let outs: Vec<_> = op.args().into_iter().map(ValueExt::ty).collect();
                kernel.set_attr("function_type", cx.type_attr(cx.fn_type(&ins, &outs)));
            }
            _ => {}
        }
    }
}

fn is_half(v: Value<'_>) -> bool {
    v.tensor_ty().is_some_and(|t| t.elem == Elem::F16)
}

/// What moves elements of f16, of which some may still be f32.
fn as_half<'c>(cx: Cx<'c>, op: Op<'c>) {
    let b = Builder::before(cx, op);
    for (i, v) in op.args().into_iter().enumerate().filter(|(_, v)| is_single(*v)) {
        let empty = v.def().filter(|d| d.op_name() == "tensor.empty");
        let new = match empty.and_then(|_| v.tensor_ty()) {
            Some(mut ty) => {
                ty.elem = Elem::F16;
                b.empty(&ty)
            }
            None => convert(&b, v, Elem::F16),
        };
        op.set_arg(i, new);
    }
    retype(cx, op.res(0), Elem::F16);
    // What a pad fills with.
    for end in walk_ops(op).into_iter().filter(|o| o.op_name() == "tensor.yield") {
        let v = end.arg(0);
        let constant = v.def().filter(|d| d.op_name() == "arith.constant").and_then(|d| d.attr("value")?.as_f64());
        let b = Builder::before(cx, end);
        end.set_arg(
            0,
            match constant {
                Some(x) => b.scalar(Elem::F16, weft_dialects::ir::Scalar::F(bounded(x))),
                None => b.value("arith.truncf", &[v], cx.elem(Elem::F16), &[]),
            },
        );
    }
}

/// A finite number within f16's range.
fn bounded(x: f64) -> f64 {
    if x.is_finite() { x.clamp(-super::LARGEST, super::LARGEST) } else { x }
}

/// Widens what a body reads; one that only copies stays as narrow as its operand.
fn generic<'c>(cx: Cx<'c>, op: Op<'c>) {
    let Ok(g) = Generic::of(op) else { return };
    let inner = block_ops(op.body(0));
    let Some((&end, rest)) = inner.split_last() else { return };
    let (f16, f32) = (cx.elem(Elem::F16), cx.elem(Elem::F32));
    let copied = match end.args()[..] {
        [v] if rest.is_empty() && g.is_parallel() && v.def().is_none() => op.args().get(v.number()).copied(),
        _ => None,
    };
    if let Some(source) = copied.filter(|v| is_half(*v) && is_single(op.res(0))) {
        let out = g.ins.len();
        for (i, v) in op.args().into_iter().enumerate() {
            if v.key() == source.key() || i == out {
                g.scalar(i).retype(f16);
            }
        }
        if let Some(mut ty) = op.res(0).tensor_ty() {
            ty.elem = Elem::F16;
            op.set_arg(out, Builder::before(cx, op).empty(&ty));
        }
        retype(cx, op.res(0), Elem::F16);
        return;
    }
    let first = Builder::before(cx, inner[0]);
    for (i, _) in op.args().into_iter().enumerate().take(g.ins.len()).filter(|(_, v)| is_half(*v)) {
        let scalar = g.scalar(i);
        if scalar.ty() == f32 {
            scalar.retype(f16);
            widen(&first, scalar, f32);
        }
    }
    for inner in walk_ops(op).into_iter().filter(|o| o.op_name() == "tensor.extract") {
        if is_half(inner.arg(0)) && inner.res(0).ty() == f32 {
            inner.res(0).retype(f16);
            widen(&Builder::after(cx, inner), inner.res(0), f32);
        }
    }
}

/// Makes all that uses a scalar use it widened.
fn widen<'c>(b: &Builder<'c>, scalar: Value<'c>, f32: weft_dialects::ir::Type<'c>) {
    let uses = scalar.uses();
    let wide = b.value("arith.extf", &[scalar], f32, &[]);
    uses.into_iter().for_each(|(user, i)| user.set_arg(i, wide));
}
