//! `TensorProto` to constants of the IR.

use super::file::ModelFile;
use onnx_rs::ast::{DataLocation, DataType, TensorProto};
use weft_dialects::ir::{Attribute, Blob, Cx, Elem, Tensor, TensorTy};

/// A constant: its attribute, and its dtype if the signless element type doesn't tell it.
pub(super) struct Constant<'c> {
    /// `dense<...>` or `dense_resource<...>`.
    pub value: Attribute<'c>,
    /// `Some("uint8")` and so on for unsigned integers and types of less than a byte's precision.
    pub unsigned: Option<&'static str>,
}

/// The name of an element type: NumPy's where NumPy has it.
pub(super) fn dtype_name(ty: DataType) -> &'static str {
    match ty {
        DataType::Undefined => "undefined",
        DataType::Float => "float32",
        DataType::Uint8 => "uint8",
        DataType::Int8 => "int8",
        DataType::Uint16 => "uint16",
        DataType::Int16 => "int16",
        DataType::Int32 => "int32",
        DataType::Int64 => "int64",
        DataType::String => "string",
        DataType::Bool => "bool",
        DataType::Float16 => "float16",
        DataType::Double => "float64",
        DataType::Uint32 => "uint32",
        DataType::Uint64 => "uint64",
        DataType::Complex64 => "complex64",
        DataType::Complex128 => "complex128",
        DataType::Bfloat16 => "bfloat16",
        DataType::Float8e4m3fn => "float8e4m3fn",
        DataType::Float8e4m3fnuz => "float8e4m3fnuz",
        DataType::Float8e5m2 => "float8e5m2",
        DataType::Float8e5m2fnuz => "float8e5m2fnuz",
        DataType::Uint4 => "uint4",
        DataType::Int4 => "int4",
        DataType::Float4e2m1 => "float4e2m1",
    }
}

/// How an element type is held in the IR.
///
/// # Errors
/// A message for types that the IR has no elements for.
pub(super) fn elem(ty: DataType) -> Result<Elem, String> {
    Ok(match ty {
        DataType::Float => Elem::F32,
        DataType::Float16 => Elem::F16,
        DataType::Bfloat16 => Elem::BF16,
        DataType::Double => Elem::F64,
        DataType::Bool => Elem::I1,
        DataType::Int8 | DataType::Uint8 => Elem::I8,
        // An element of less than a byte's precision has a byte of its own.
        t if is_narrow(t) => Elem::I8,
        DataType::Int16 | DataType::Uint16 => Elem::I16,
        DataType::Int32 | DataType::Uint32 => Elem::I32,
        DataType::Int64 | DataType::Uint64 => Elem::I64,
        DataType::Undefined => return Err("the file gives no element type; it is damaged".to_owned()),
        other => return Err(format!("elements of type {} are not supported", dtype_name(other))),
    })
}

fn is_narrow(ty: DataType) -> bool {
    use DataType as T;
    matches!(ty, T::Float8e4m3fn | T::Float8e4m3fnuz | T::Float8e5m2 | T::Float8e5m2fnuz) || is_packed(ty)
}

/// Whether a file has two elements a byte, the first in the low bits.
fn is_packed(ty: DataType) -> bool {
    matches!(ty, DataType::Uint4 | DataType::Int4 | DataType::Float4e2m1)
}

/// The first `n` elements of packed bytes, one a byte; signed ones extended.
fn unpack(ty: DataType, packed: &[u8], n: usize) -> Vec<u8> {
    let extend = |v: u8| if ty == DataType::Int4 && v > 7 { v | 0xf0 } else { v };
    packed.iter().flat_map(|b| [extend(b & 15), extend(b >> 4)]).take(n).collect()
}

/// The dtype's name if the element type doesn't tell it.
pub(super) fn unsigned(ty: DataType) -> Option<&'static str> {
    let unsigned = matches!(ty, DataType::Uint8 | DataType::Uint16 | DataType::Uint32 | DataType::Uint64);
    (unsigned || is_narrow(ty)).then(|| dtype_name(ty))
}

/// Reads a tensor. Data in the file or beside it is not copied, unless it is to be printed inline.
///
/// # Errors
/// What is wrong with the tensor. Nothing is allocated for elements that the file doesn't hold.
pub(super) fn constant<'c>(cx: Cx<'c>, file: &ModelFile, t: &TensorProto<'_>) -> Result<Constant<'c>, String> {
    let elem = elem(t.data_type())?;
    if let Some(at) = t.dims().iter().position(|&d| d < 0) {
        return Err(format!("dim {at} is {}; the dims of a constant can't be negative", t.dims()[at]));
    }
    if t.segment().is_some() {
        return Err("it is stored in segments, which ONNX runtimes don't read; save the model again".to_owned());
    }
    let ty = TensorTy::new(elem, t.dims());
    let (Some(len), Some(bytes)) = (ty.len(), ty.bytes()) else {
        return Err(format!("its dims {} claim more elements than any file can hold", dims_text(t.dims())));
    };
    let misfit = |claimed: i64, found: usize, what: &str| {
        format!("its dims {} claim {claimed} {what}, but it holds {found}; the file is damaged", dims_text(t.dims()))
    };
    let packed = is_packed(t.data_type());
    let bytes = if packed { (len + 1) / 2 } else { bytes };
    let blob = if t.data_location() == DataLocation::External {
        let blob = external(file, t)?;
        if blob.bytes().len() as i64 != bytes {
            return Err(misfit(bytes, blob.bytes().len(), "bytes of external data"));
        }
        blob
    } else if let Some(raw) = t.as_raw() {
        if raw.len() as i64 != bytes {
            return Err(misfit(bytes, raw.len(), "bytes"));
        }
        file.blob(raw)
    } else {
        let (n, data) = typed_data(t, if packed { bytes } else { len });
        Blob::Owned(data.ok_or_else(|| misfit(len, n, "elements"))?.into())
    };
    let blob = if packed { Blob::Owned(unpack(t.data_type(), blob.bytes(), len as usize).into()) } else { blob };
    // Any byte but 0 is true in ONNX, and 1 is true in the IR.
    let blob = if elem == Elem::I1 && blob.bytes().iter().any(|&b| b > 1) {
        Blob::Owned(blob.bytes().iter().map(|&b| u8::from(b != 0)).collect())
    } else {
        blob
    };
    let value = if len <= 16 || is_splat(blob.bytes(), elem.bytes()) {
        cx.tensor_attr(&Tensor { elem, shape: t.dims().to_vec(), data: blob.bytes().to_vec().into() })
    } else {
        cx.resource_attr(&cx.blobs().insert(blob), &ty)
    };
    Ok(Constant { value, unsigned: unsigned(t.data_type()) })
}

fn is_splat(bytes: &[u8], size: usize) -> bool {
    bytes.len() >= size && bytes.chunks_exact(size).all(|c| c == &bytes[..size])
}

/// `2x3`, or `(scalar)`.
pub(super) fn dims_text(dims: &[i64]) -> String {
    if dims.is_empty() {
        return "(scalar)".to_owned();
    }
    dims.iter().map(ToString::to_string).collect::<Vec<_>>().join("x")
}

/// The values in the field that the type prescribes: how many there are, and, if as many as wanted, their bytes.
fn typed_data(t: &TensorProto<'_>, wanted: i64) -> (usize, Option<Vec<u8>>) {
    fn pack<T: Copy, const N: usize>(values: &[T], wanted: i64, f: fn(T) -> [u8; N]) -> (usize, Option<Vec<u8>>) {
        let fits = values.len() as i64 == wanted;
        (values.len(), fits.then(|| values.iter().flat_map(|&v| f(v)).collect()))
    }
    let i32s = || t.as_i32().unwrap_or_default();
    let u64s = || t.as_u64().unwrap_or_default();
    match t.data_type() {
        DataType::Float => pack(&t.as_f32().unwrap_or_default(), wanted, f32::to_le_bytes),
        DataType::Double => pack(&t.as_f64().unwrap_or_default(), wanted, f64::to_le_bytes),
        DataType::Int64 => pack(&t.as_i64().unwrap_or_default(), wanted, i64::to_le_bytes),
        DataType::Uint64 => pack(&u64s(), wanted, u64::to_le_bytes),
        DataType::Uint32 => pack(&u64s(), wanted, |v| (v as u32).to_le_bytes()),
        DataType::Int32 => pack(&i32s(), wanted, i32::to_le_bytes),
        DataType::Bool => pack(&i32s(), wanted, |v| [u8::from(v != 0)]),
        DataType::Int8 | DataType::Uint8 => pack(&i32s(), wanted, |v| [v as u8]),
        ty if is_narrow(ty) => pack(&i32s(), wanted, |v| [v as u8]),
        // The floats of 16 bits are stored as their bits.
        _ => pack(&i32s(), wanted, |v| (v as u16).to_le_bytes()),
    }
}

fn external(file: &ModelFile, t: &TensorProto<'_>) -> Result<Blob, String> {
    let entry = |key| t.external_data().iter().find(|e| e.key == key).map(|e| e.value);
    let number = |key| match entry(key) {
        None => Ok(None),
        Some(text) => text
            .parse::<u64>()
            .map(Some)
            .map_err(|_| format!("the {key} of its external data is '{text}', not a number of bytes")),
    };
    let location = entry("location").ok_or("its data is external, but the file doesn't say where")?;
    file.external(location, number("offset")?.unwrap_or(0), number("length")?)
}

/// A constant from values that an attribute holds.
pub(super) fn inline<'c>(cx: Cx<'c>, elem: Elem, shape: &[i64], bytes: Vec<u8>) -> Attribute<'c> {
    cx.tensor_attr(&Tensor { elem, shape: shape.to_vec(), data: bytes.into() })
}
