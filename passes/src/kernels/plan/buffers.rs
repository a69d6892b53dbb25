//! Kernels on buffers: memref arguments around tensor bodies.

use super::tensor_ty;
use crate::kernels::outline;
use crate::target::Target;
use std::collections::HashMap;
use weft_dialects::ir::{
    AttrExt, BlockLike, Builder, Cx, MemRefTy, Op, OpError, OpExt, Symbols, TensorTy, Type, Value, ValueExt, block_arg,
    block_ops, is_index_type, row_major, walk_ops,
};

/// `memref.reinterpret_cast` of a dense memref to a dense one of another shape.
pub(super) fn reinterpret<'c>(b: &Builder<'c>, base: Value<'c>, to: &TensorTy) -> Value<'c> {
    let cx = b.cx;
    let dense = MemRefTy::dense(to.elem, &to.shape);
    // The op always has a strided layout in its result type.
    let strides: Vec<String> = dense.strides.iter().map(ToString::to_string).collect();
    let dims: String = to.shape.iter().map(|d| format!("{d}x")).collect();
    let text = format!("memref<{dims}{}, strided<[{}]>>", to.elem.mlir(), strides.join(", "));
    let strided = cx.parse_type(&text).unwrap_or_else(|| dense.to_mlir(cx));
    let segments = cx.parse_attr("array<i32: 1, 0, 0, 0>").unwrap_or_else(|| cx.unit_attr());
    let cast = b.value(
        "memref.reinterpret_cast",
        &[base],
        strided,
        &[
            ("static_offsets", cx.i64s_attr(&[0])),
            ("static_sizes", cx.i64s_attr(&to.shape)),
            ("static_strides", cx.i64s_attr(&dense.strides)),
            ("operandSegmentSizes", segments),
        ],
    );
    b.value("memref.cast", &[cast], dense.to_mlir(cx), &[])
}

/// A private kernel that copies a tensor: for results that are inputs, constants, or returned twice.
pub(super) fn copy_kernel<'c>(b: &Builder<'c>, name: &str, ty: &TensorTy, symbols: &Symbols) {
    let mut types = vec![buffer(b.cx, ty, symbols); 2];
    types.extend(vec![b.cx.index(); if ty.is_symbolic() { symbols.len() } else { 0 }]);
    b.func(name, true, &types, &[], |b, v| {
        let from = to_tensor(b, v[0], ty, symbols);
        let map = weft_dialects::ir::Map::identity(ty.shape.len());
        let copied = b.elementwise(ty.elem, &ty.shape, &[(from, map)], |_, x| x[0]);
        materialize(b, copied, v[1], symbols);
        Vec::new()
    });
}

/// The symbols' values among a function's arguments.
pub(super) fn symbols_of<'c>(args: &[Value<'c>]) -> Vec<Value<'c>> {
    args.iter().copied().filter(|v| is_index_type(v.ty())).collect()
}

/// The buffer of a tensor: of its largest shape, dense.
pub(super) fn buffer<'c>(cx: Cx<'c>, ty: &TensorTy, symbols: &Symbols) -> Type<'c> {
    MemRefTy::dense(ty.elem, &symbols.bound(&ty.shape)).to_mlir(cx)
}

/// The part of a tensor's buffer that is in use.
fn in_use<'c>(b: &Builder<'c>, memref: Value<'c>, ty: &TensorTy, symbols: &Symbols) -> Value<'c> {
    if !ty.is_symbolic() {
        return memref;
    }
    let strides = row_major(&symbols.bound(&ty.shape));
    b.subview(memref, &MemRefTy { shape: ty.shape.clone(), elem: ty.elem, strides, offset: 0 })
}

fn to_tensor<'c>(b: &Builder<'c>, memref: Value<'c>, ty: &TensorTy, symbols: &Symbols) -> Value<'c> {
    let memref = in_use(b, memref, ty, symbols);
    b.value("bufferization.to_tensor", &[memref], ty.to_mlir(b.cx), &[("restrict", b.cx.unit_attr())])
}

/// Whether a kernel depends on the symbols' values.
pub(super) fn is_open(kernel: Op<'_>) -> bool {
    let body = kernel.body(0);
    let args = (0..body.argument_count()).map(|i| block_arg(body, i));
    let values = walk_ops(kernel).into_iter().flat_map(|op| op.ress());
    args.chain(values).any(|v| v.tensor_ty().is_some_and(|t| t.is_symbolic()))
        || walk_ops(kernel).iter().any(|op| op.op_name() == "nn.extent")
}

fn materialize<'c>(b: &Builder<'c>, value: Value<'c>, dest: Value<'c>, symbols: &Symbols) {
    let dest = value.tensor_ty().map_or(dest, |ty| in_use(b, dest, &ty, symbols));
    let unit = b.cx.unit_attr();
    b.op("bufferization.materialize_in_destination", &[value, dest], &[], &[("restrict", unit), ("writable", unit)]);
}

/// Gives the declaration of an island memref arguments, the results last; the symbols follow, as for any `@main`.
pub(super) fn bufferize_declaration<'c>(cx: Cx<'c>, island: Op<'c>, symbols: &Symbols) {
    let Some((ins, outs)) = island.attr("function_type").and_then(AttrExt::as_function_type) else { return };
    let all = ins.into_iter().chain(outs);
    let mut types: Vec<_> = all.map(|t| TensorTy::of(t).map_or(t, |t| buffer(cx, &t, symbols))).collect();
    types.extend(vec![cx.index(); symbols.len()]);
    island.set_attr("function_type", cx.type_attr(cx.fn_type(&types, &[])));
}

/// Gives a kernel memref arguments, the result last.
pub(super) fn bufferize_kernel<'c>(
    cx: Cx<'c>,
    kernel: Op<'c>,
    symbols: &Symbols,
    target: &Target,
) -> Result<Op<'c>, OpError> {
    let body = kernel.body(0);
    let ops = block_ops(body);
    let Some(ret) = ops.last().filter(|o| o.op_name() == "func.return") else {
        return Err(OpError::new(kernel, "a kernel must end in func.return"));
    };
    let n = body.argument_count();
    let ins: Vec<TensorTy> = (0..n).map(|i| tensor_ty(target, kernel, block_arg(body, i))).collect::<Result<_, _>>()?;
    let outs: Vec<TensorTy> = ret.args().into_iter().map(|v| tensor_ty(target, kernel, v)).collect::<Result<_, _>>()?;
    let mut types: Vec<_> = ins.iter().chain(&outs).map(|t| buffer(cx, t, symbols)).collect();
    types.extend(vec![cx.index(); if is_open(kernel) { symbols.len() } else { 0 }]);
    let name = kernel.string("sym_name").unwrap_or_default();
    let planned = Builder::before(cx, kernel).func(&name, true, &types, &[], |b, args| {
        let mut map: outline::ValueMap<'c> = HashMap::new();
        for (i, ty) in ins.iter().enumerate() {
            let t = to_tensor(b, args[i], ty, symbols);
            map.insert(block_arg(body, i).key(), t);
        }
        let results = outline::clone_body(b, body, &mut map);
        for (i, r) in results.into_iter().enumerate() {
            materialize(b, r, args[ins.len() + i], symbols);
        }
        Vec::new()
    });
    kernel.erase();
    Ok(planned)
}
