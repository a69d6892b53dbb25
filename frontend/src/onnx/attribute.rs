//! Node attributes to attributes of the IR.

use super::file::ModelFile;
use super::schema::AttributeKind;
use super::tensor::{self, Constant};
use onnx_rs::ast::{Attribute as Source, AttributeType};
use weft_dialects::ir::{Attribute, Cx, Elem};

/// What an attribute holds. Old files don't say it: then it is what the attribute has.
pub(super) fn kind(a: &Source<'_>) -> Option<AttributeKind> {
    use AttributeKind as K;
    Some(match a.r#type {
        AttributeType::Float => K::Float,
        AttributeType::Int => K::Int,
        AttributeType::String => K::Str,
        AttributeType::Tensor => K::Tensor,
        AttributeType::Graph => K::Graph,
        AttributeType::Floats => K::Floats,
        AttributeType::Ints => K::Ints,
        AttributeType::Strings => K::Strings,
        AttributeType::Tensors => K::Tensors,
        AttributeType::Graphs => K::Graphs,
        AttributeType::SparseTensor => K::SparseTensor,
        AttributeType::SparseTensors => K::SparseTensors,
        AttributeType::TypeProto => K::Type,
        AttributeType::TypeProtos => K::Types,
        AttributeType::Undefined if a.t.is_some() => K::Tensor,
        AttributeType::Undefined if a.g.is_some() => K::Graph,
        AttributeType::Undefined if !a.floats.is_empty() => K::Floats,
        AttributeType::Undefined if !a.ints.is_empty() => K::Ints,
        AttributeType::Undefined if !a.strings.is_empty() => K::Strings,
        AttributeType::Undefined if !a.s.is_empty() => K::Str,
        AttributeType::Undefined if a.f != 0.0 => K::Float,
        AttributeType::Undefined if a.i != 0 => K::Int,
        AttributeType::Undefined => return None,
    })
}

/// The ONNX name of a kind.
pub(super) fn kind_name(kind: AttributeKind) -> &'static str {
    match kind {
        AttributeKind::Float => "a float",
        AttributeKind::Int => "an int",
        AttributeKind::Str => "a string",
        AttributeKind::Tensor => "a tensor",
        AttributeKind::Graph => "a graph",
        AttributeKind::SparseTensor => "a sparse tensor",
        AttributeKind::Type => "a type",
        AttributeKind::Floats => "floats",
        AttributeKind::Ints => "ints",
        AttributeKind::Strings => "strings",
        AttributeKind::Tensors => "tensors",
        AttributeKind::Graphs => "graphs",
        AttributeKind::SparseTensors => "sparse tensors",
        AttributeKind::Types => "types",
    }
}

/// An attribute that is no graph, under `name`, appended to `out`; unsigned tensors with their dtype beside.
///
/// # Errors
/// What is wrong with its contents, or that its kind is not supported.
pub(super) fn convert<'c>(
    cx: Cx<'c>,
    file: &ModelFile,
    name: &str,
    kind: AttributeKind,
    a: &Source<'_>,
    out: &mut Vec<(String, Attribute<'c>)>,
) -> Result<(), String> {
    let float = |v: f32| cx.float_attr(cx.f32(), f64::from(v));
    let value = match kind {
        AttributeKind::Float => float(a.f),
        AttributeKind::Int => cx.i64_attr(a.i),
        AttributeKind::Str => cx.str_attr(text(a.s)?),
        AttributeKind::Floats => cx.array_attr(&a.floats.iter().map(|&v| float(v)).collect::<Vec<_>>()),
        AttributeKind::Ints => cx.array_attr(&a.ints.iter().map(|&v| cx.i64_attr(v)).collect::<Vec<_>>()),
        AttributeKind::Strings => {
            let texts = a.strings.iter().map(|s| text(s).map(|s| cx.str_attr(s)));
            cx.array_attr(&texts.collect::<Result<Vec<_>, _>>()?)
        }
        AttributeKind::Tensor => {
            let t = a.t.as_ref().ok_or("says that it holds a tensor, but has none; the file is damaged")?;
            let constant = tensor::constant(cx, file, t).map_err(|e| format!("can't be read: {e}"))?;
            if let Some(dtype) = constant.unsigned {
                out.push((format!("dtype.{name}"), cx.str_attr(dtype)));
            }
            constant.value
        }
        _ => return Err(format!("holds {}, which is not supported", kind_name(kind))),
    };
    out.push((name.to_owned(), value));
    Ok(())
}

/// The tensor that a `Constant` node holds in one of its value attributes.
///
/// # Errors
/// What is wrong with its contents, or that its kind is not supported.
pub(super) fn constant_value<'c>(
    cx: Cx<'c>,
    file: &ModelFile,
    kind: AttributeKind,
    a: &Source<'_>,
) -> Result<Constant<'c>, String> {
    let bytes = |v: &[i64]| v.iter().flat_map(|v| v.to_le_bytes()).collect();
    let floats = |v: &[f32]| v.iter().flat_map(|v| v.to_le_bytes()).collect();
    let value = match kind {
        AttributeKind::Tensor => {
            let t = a.t.as_ref().ok_or("says that it holds a tensor, but has none; the file is damaged")?;
            return tensor::constant(cx, file, t).map_err(|e| format!("can't be read: {e}"));
        }
        AttributeKind::Float => tensor::inline(cx, Elem::F32, &[], floats(&[a.f])),
        AttributeKind::Floats => tensor::inline(cx, Elem::F32, &[a.floats.len() as i64], floats(&a.floats)),
        AttributeKind::Int => tensor::inline(cx, Elem::I64, &[], bytes(&[a.i])),
        AttributeKind::Ints => tensor::inline(cx, Elem::I64, &[a.ints.len() as i64], bytes(&a.ints)),
        _ => return Err(format!("holds {}, which is not supported as a constant", kind_name(kind))),
    };
    Ok(Constant { value, unsigned: None })
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|_| "is not UTF-8 text".to_owned())
}
