//! Buffers of 64-bit integers: of pairs of `i32`, in one more dim.

use super::pair::{Pair, Words};
use std::collections::HashSet;
use weft_dialects::ir::{AttrExt, Builder, Cx, DYNAMIC, Elem, MemRefTy, Op, OpError, OpExt, Type, ValueExt, block_arg};

/// Whether a type is a buffer of `i64`.
pub(super) fn is_wide(ty: Type<'_>) -> bool {
    MemRefTy::of(ty).is_some_and(|t| t.elem == Elem::I64)
}

/// The same buffer by words.
fn words<'c>(cx: Cx<'c>, ty: Type<'c>) -> Option<Type<'c>> {
    let wide = MemRefTy::of(ty).filter(|t| t.elem == Elem::I64)?;
    let twice = |n: i64| if n == DYNAMIC { n } else { 2 * n };
    let split = MemRefTy {
        elem: Elem::I32,
        shape: [&wide.shape[..], &[2]].concat(),
        strides: wide.strides.iter().map(|&s| twice(s)).chain([1]).collect(),
        offset: twice(wide.offset),
    };
    let text = ty.to_string();
    let plain = if text.contains("strided") { split.to_mlir_strided(cx) } else { split.to_mlir(cx) };
    // What memory it is in stands behind the layout, and is part of the text only.
    let Some(space) = text.find("#gpu.address_space") else { return Some(plain) };
    let inner = plain.to_string();
    cx.parse_type(&format!("{}, {}", inner.strip_suffix('>')?, &text[space..]))
}

/// Gives all buffers of a function their new types; returns the buffers' keys.
pub(super) fn retype<'c>(cx: Cx<'c>, func: Op<'c>, ops: &[Op<'c>]) -> HashSet<usize> {
    let mut buffers = HashSet::new();
    for v in super::values(func, ops) {
        if let Some(ty) = words(cx, v.ty()) {
            v.retype(ty);
            buffers.insert(v.key());
        }
    }
    // A kernel's block has workgroup memory behind its arguments.
    if let Some((inputs, results)) = func.attr("function_type").and_then(AttrExt::as_function_type) {
        let inputs: Vec<_> = (0..inputs.len()).map(|i| block_arg(func.body(0), i).ty()).collect();
        func.set_attr("function_type", cx.type_attr(cx.fn_type(&inputs, &results)));
    }
    buffers
}

/// Gives the buffers that a function elsewhere takes their new types.
pub(super) fn retype_declaration<'c>(cx: Cx<'c>, func: Op<'c>) {
    if let Some((inputs, results)) = func.attr("function_type").and_then(AttrExt::as_function_type) {
        let inputs: Vec<_> = inputs.into_iter().map(|ty| words(cx, ty).unwrap_or(ty)).collect();
        func.set_attr("function_type", cx.type_attr(cx.fn_type(&inputs, &results)));
    }
}

/// Both words of an element.
pub(super) fn load<'c>(w: &Words<'c>, op: Op<'c>) -> Pair<'c> {
    let word = |i: i64| {
        let at = [op.args(), vec![w.b.index(i)]].concat();
        w.b.value("memref.load", &at, w.b.cx.i32(), &[])
    };
    Pair { low: word(0), high: word(1) }
}

/// Both words of an element.
pub(super) fn store<'c>(w: &Words<'c>, op: Op<'c>, pair: Pair<'c>) {
    for (i, v) in [pair.low, pair.high].into_iter().enumerate() {
        let at = [vec![v], op.args()[1..].to_vec(), vec![w.b.index(i as i64)]].concat();
        w.b.op("memref.store", &at, &[], &[]);
    }
}

/// Gives a view of such a buffer, whose type has been changed, the last dim.
pub(super) fn extend_view<'c>(cx: Cx<'c>, op: Op<'c>, name: &str) -> Result<(), OpError> {
    let list = |attr: &str| op.ints(attr).unwrap_or_default();
    let set = |attr: &str, numbers: &[i64]| op.set_attr(attr, cx.i64s_attr(numbers));
    let extend = |attr: &str, last: i64| set(attr, &[list(attr), vec![last]].concat());
    match name {
        "memref.subview" => {
            extend("static_offsets", 0);
            extend("static_sizes", 2);
            extend("static_strides", 1);
        }
        "memref.reinterpret_cast" => {
            let (offsets, strides) = (list("static_offsets"), list("static_strides"));
            if strides.contains(&DYNAMIC) {
                return Err(OpError::new(op, "has strides that are no numbers, on a buffer of 64-bit integers"));
            }
            if offsets == [DYNAMIC] {
                // The first operand behind the buffer.
                let b = Builder::before(cx, op);
                op.set_arg(1, b.binary("arith.muli", op.arg(1), b.index(2)));
            } else {
                set("static_offsets", &offsets.iter().map(|n| 2 * n).collect::<Vec<_>>());
            }
            extend("static_sizes", 2);
            set("static_strides", &strides.iter().map(|n| 2 * n).chain([1]).collect::<Vec<_>>());
        }
        "memref.collapse_shape" | "memref.expand_shape" => {
            let groups = op.attr("reassociation").and_then(AttrExt::as_array).unwrap_or_default();
            let dims: usize = groups.iter().filter_map(|g| g.as_array()).map(|g| g.len()).sum();
            let last = cx.array_attr(&[cx.i64_attr(dims as i64)]);
            op.set_attr("reassociation", cx.array_attr(&[groups, vec![last]].concat()));
            if name == "memref.expand_shape" {
                extend("static_output_shape", 2);
            }
        }
        _ => {}
    }
    Ok(())
}
