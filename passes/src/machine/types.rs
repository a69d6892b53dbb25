//! Types of the machine level.

use weft_dialects::ir::{Cx, Elem, Type, VectorTy};

/// The machine type of a type of the loops level; `None` if there is none. Addresses, indices and narrow integers
/// are `i32`, masks are full-width vectors, and short vectors stand in the low lanes of a whole one.
pub fn machine<'c>(cx: Cx<'c>, ty: Type<'c>) -> Option<Type<'c>> {
    if let Some(v) = VectorTy::of(ty) {
        return Some(vector(&v)?.to_mlir(cx));
    }
    if weft_dialects::ir::is_index_type(ty) || weft_dialects::ir::is_memref_type(ty) {
        return Some(cx.i32());
    }
    match weft_dialects::ir::elem_of(ty)? {
        Elem::I8 | Elem::I16 => Some(cx.i32()),
        Elem::F16 | Elem::BF16 => None,
        elem => Some(cx.elem(elem)),
    }
}

/// The 128-bit vector that stands for a vector.
pub fn vector(v: &VectorTy) -> Option<VectorTy> {
    let &[n] = v.shape.as_slice() else { return None };
    let elem = match (v.elem, n) {
        (Elem::I1, 2) => Elem::I64,
        (Elem::I1, 4) => Elem::I32,
        (Elem::I1, 8) => Elem::I16,
        (Elem::I1, 16) => Elem::I8,
        (Elem::I1 | Elem::F16 | Elem::BF16, _) => return None,
        (elem, _) => elem,
    };
    let lanes = 16 / elem.bytes() as i64;
    (1..=lanes).contains(&n).then(|| VectorTy::new(elem, lanes))
}

/// The types of a function's inputs, and of its results.
pub type Signature<'c> = (Vec<Type<'c>>, Vec<Type<'c>>);

/// The machine types for a function type's text, or the type that has none.
pub fn signature<'c>(cx: Cx<'c>, text: &str) -> Result<Signature<'c>, String> {
    use melior::ir::r#type::FunctionType;
    let bad = || text.to_owned();
    let ty = FunctionType::try_from(cx.parse_type(text).ok_or_else(bad)?).map_err(|_| bad())?;
    let convert = |t: Type<'c>| machine(cx, t).ok_or_else(|| t.to_string());
    let inputs = (0..ty.input_count()).filter_map(|i| ty.input(i).ok()).map(convert).collect::<Result<_, _>>()?;
    let results = (0..ty.result_count()).filter_map(|i| ty.result(i).ok()).map(convert).collect::<Result<_, _>>()?;
    Ok((inputs, results))
}
