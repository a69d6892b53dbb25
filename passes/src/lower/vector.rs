//! Vectors: scalars in every lane, loads and stores, scalar ops on all lanes; of four lanes, transposes and horizontal
//! reductions by shuffles.

use weft_dialects::ir::{
    AttrExt, Builder, Cx, Elem, Op, OpExt, Scalar, Tensor, Type, Value, ValueExt, VectorTy, elem_of, is_index_type,
};

/// An index, if it is a constant.
pub fn constant_index(v: Value<'_>) -> Option<i64> {
    v.def().filter(|op| op.op_name() == "arith.constant")?.int("value")
}

/// One element.
pub fn load_element<'c>(b: &Builder<'c>, elem: Elem, memref: Value<'c>, at: &[Value<'c>]) -> Value<'c> {
    let mut operands = vec![memref];
    operands.extend(at);
    b.value("memref.load", &operands, b.cx.elem(elem), &[])
}

/// Neighbouring elements as a vector.
pub fn load_vector<'c>(b: &Builder<'c>, elem: Elem, memref: Value<'c>, at: &[Value<'c>], lanes: i64) -> Value<'c> {
    let mut operands = vec![memref];
    operands.extend(at);
    b.value("vector.load", &operands, VectorTy::new(elem, lanes).to_mlir(b.cx), &[])
}

/// The element type that a scalar type has in vectors: an index is an `i32` there.
fn lane_elem(ty: Type<'_>) -> Option<Elem> {
    if is_index_type(ty) { Some(Elem::I32) } else { elem_of(ty) }
}

/// The vector type of a scalar type.
fn lanes_ty<'c>(cx: Cx<'c>, ty: Type<'c>, lanes: i64) -> Type<'c> {
    lane_elem(ty).map_or_else(|| cx.vector_of(ty, lanes), |elem| VectorTy::new(elem, lanes).to_mlir(cx))
}

/// A scalar in every lane: a dense constant if it is one.
pub fn splat<'c>(b: &Builder<'c>, v: Value<'c>, lanes: i64) -> Value<'c> {
    let ty = lanes_ty(b.cx, v.ty(), lanes);
    let elem = lane_elem(v.ty());
    let constant = v.def().filter(|op| op.op_name() == "arith.constant").and_then(|op| op.attr("value"));
    if let (Some(elem), Some(attr)) = (elem, constant) {
        let x = if elem.is_float() { attr.as_f64().map(Scalar::F) } else { attr.as_i64().map(Scalar::I) };
        if let Some(x) = x {
            return vector_constant(b, &Tensor::from_scalars(elem, &[lanes], (0..lanes).map(|_| x)));
        }
    }
    let v = if v.ty() == b.cx.index() { b.value("arith.index_cast", &[v], b.cx.i32(), &[]) } else { v };
    b.value("vector.broadcast", &[v], ty, &[])
}

/// A constant vector.
pub fn vector_constant<'c>(b: &Builder<'c>, t: &Tensor) -> Value<'c> {
    let ty = VectorTy::new(t.elem, t.len() as i64).to_mlir(b.cx);
    b.constant(b.cx.vector_attr(t), ty)
}

/// A vector of scalars.
pub fn from_lanes<'c>(b: &Builder<'c>, elements: &[Value<'c>]) -> Value<'c> {
    let first = splat(b, elements[0], elements.len() as i64);
    elements.iter().enumerate().skip(1).fold(first, |v, (l, &x)| {
        b.value("vector.insert", &[x, v], v.ty(), &[("static_position", b.cx.i64s_attr(&[l as i64]))])
    })
}

/// One lane of a vector.
pub fn extract_lane<'c>(b: &Builder<'c>, v: Value<'c>, lane: i64) -> Value<'c> {
    let elem = VectorTy::of(v.ty()).map_or_else(|| b.cx.index(), |t| b.cx.elem(t.elem));
    b.value("vector.extract", &[v], elem, &[("static_position", b.cx.i64s_attr(&[lane]))])
}

/// Stores a scalar or a vector.
pub fn store<'c>(b: &Builder<'c>, value: Value<'c>, memref: Value<'c>, at: &[Value<'c>]) {
    let name = if VectorTy::of(value.ty()).is_some() { "vector.store" } else { "memref.store" };
    let mut operands = vec![value, memref];
    operands.extend(at);
    b.op(name, &operands, &[], &[]);
}

/// A scalar op with one result, on vectors instead: the operands are given.
pub fn widen<'c>(b: &Builder<'c>, op: Op<'c>, operands: &[Value<'c>], lanes: i64) -> Value<'c> {
    use weft_dialects::ir::OperationLike;
    let ty = lanes_ty(b.cx, op.res(0).ty(), lanes);
    // An index is an i32 already.
    if let ("arith.index_cast" | "arith.index_castui", [x]) = (op.op_name().as_str(), operands)
        && x.ty() == ty
    {
        return *x;
    }
    let attrs: Vec<_> =
        op.attributes().map(|(n, a)| (n.as_string_ref().as_str().unwrap_or_default().to_owned(), a)).collect();
    let attrs: Vec<_> = attrs.iter().map(|(n, a)| (n.as_str(), *a)).collect();
    b.value(&op.op_name(), operands, ty, &attrs)
}

/// `vector.shuffle`: lane `i` of the result is lane `mask[i]` of `a` and `b` in a row.
pub fn shuffle<'c>(b: &Builder<'c>, a: Value<'c>, c: Value<'c>, mask: &[i64]) -> Value<'c> {
    b.value("vector.shuffle", &[a, c], a.ty(), &[("mask", b.cx.i64s_attr(mask))])
}

/// The transpose of a 4x4 tile given by its rows: eight shuffles.
pub fn transpose4<'c>(b: &Builder<'c>, rows: [Value<'c>; 4]) -> [Value<'c>; 4] {
    let [r0, r1, r2, r3] = rows;
    let low01 = shuffle(b, r0, r1, &[0, 4, 1, 5]);
    let high01 = shuffle(b, r0, r1, &[2, 6, 3, 7]);
    let low23 = shuffle(b, r2, r3, &[0, 4, 1, 5]);
    let high23 = shuffle(b, r2, r3, &[2, 6, 3, 7]);
    [
        shuffle(b, low01, low23, &[0, 1, 4, 5]),
        shuffle(b, low01, low23, &[2, 3, 6, 7]),
        shuffle(b, high01, high23, &[0, 1, 4, 5]),
        shuffle(b, high01, high23, &[2, 3, 6, 7]),
    ]
}

/// All lanes of a vector of four combined into one scalar: two shuffles.
fn horizontal<'c>(
    b: &Builder<'c>,
    v: Value<'c>,
    mut combine: impl FnMut(&Builder<'c>, Value<'c>, Value<'c>) -> Value<'c>,
) -> Value<'c> {
    let swapped = shuffle(b, v, v, &[2, 3, 0, 1]);
    let half = combine(b, v, swapped);
    let swapped = shuffle(b, half, half, &[1, 0, 3, 2]);
    let all = combine(b, half, swapped);
    extract_lane(b, all, 0)
}

/// Vectors of four combined into one scalar.
pub fn fold<'c>(
    b: &Builder<'c>,
    mut vectors: Vec<Value<'c>>,
    combine: impl Fn(&Builder<'c>, Value<'c>, Value<'c>, i64) -> Value<'c>,
) -> Value<'c> {
    while vectors.len() > 1 {
        vectors = vectors.chunks(2).map(|p| if let [x, y] = p { combine(b, *x, *y, 4) } else { p[0] }).collect();
    }
    horizontal(b, vectors[0], |b, x, y| combine(b, x, y, 4))
}
