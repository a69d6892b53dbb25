//! Reading attributes as plain data.

use super::{Attribute, Map, TensorTy, Type};
use melior::ir::attribute::{
    ArrayAttribute, AttributeLike, BoolAttribute, DenseI32ArrayAttribute, DenseI64ArrayAttribute, DictionaryAttribute,
    FlatSymbolRefAttribute, FloatAttribute, IntegerAttribute, StringAttribute, TypeAttribute,
};
use melior::ir::r#type::FunctionType;

/// Conversions of an attribute; each is `None` when the attribute is of another kind.
#[allow(clippy::wrong_self_convention)] // Attributes are handles: taking them by value is what is cheap.
pub trait AttrExt<'c> {
    /// A signed integer (a boolean counts as 0 or 1).
    fn as_i64(self) -> Option<i64>;
    /// A float.
    fn as_f64(self) -> Option<f64>;
    /// A boolean.
    fn as_bool(self) -> Option<bool>;
    /// A string.
    fn as_str(self) -> Option<&'c str>;
    /// A symbol reference's name.
    fn as_symbol(self) -> Option<&'c str>;
    /// Integers: `array<i64: ...>`, `array<i32: ...>` or `[1, 2]`.
    fn as_i64s(self) -> Option<Vec<i64>>;
    /// Elements of an array.
    fn as_array(self) -> Option<Vec<Attribute<'c>>>;
    /// Affine maps of an array.
    fn as_maps(self) -> Option<Vec<Map>>;
    /// An entry of a dictionary.
    fn get(self, key: &str) -> Option<Attribute<'c>>;
    /// All entries of a dictionary.
    fn entries(self) -> Option<Vec<(String, Attribute<'c>)>>;
    /// The key of a `dense_resource`.
    fn as_resource_key(self) -> Option<String>;
    /// The little-endian bytes of an inline dense vector (a boolean takes a byte).
    fn as_vector_bytes(self) -> Option<Vec<u8>>;
    /// The tensor type of a `dense` or `dense_resource` attribute.
    fn tensor_ty(self) -> Option<TensorTy>;
    /// Inputs and results of a function type.
    fn as_function_type(self) -> Option<(Vec<Type<'c>>, Vec<Type<'c>>)>;
}

impl<'c> AttrExt<'c> for Attribute<'c> {
    fn as_i64(self) -> Option<i64> {
        if let Ok(b) = BoolAttribute::try_from(self) {
            return Some(b.value() as i64);
        }
        IntegerAttribute::try_from(self).ok().map(|a| a.value())
    }

    fn as_f64(self) -> Option<f64> {
        FloatAttribute::try_from(self).ok().map(|a| a.value())
    }

    fn as_bool(self) -> Option<bool> {
        BoolAttribute::try_from(self).ok().map(|a| a.value())
    }

    fn as_str(self) -> Option<&'c str> {
        StringAttribute::try_from(self).ok().map(|a| a.value())
    }

    fn as_symbol(self) -> Option<&'c str> {
        FlatSymbolRefAttribute::try_from(self).ok().map(|a| a.value())
    }

    fn as_i64s(self) -> Option<Vec<i64>> {
        if let Ok(a) = DenseI64ArrayAttribute::try_from(self) {
            return (0..a.len()).map(|i| a.element(i).ok()).collect();
        }
        if let Ok(a) = DenseI32ArrayAttribute::try_from(self) {
            return (0..a.len()).map(|i| a.element(i).ok().map(i64::from)).collect();
        }
        self.as_array()?.into_iter().map(AttrExt::as_i64).collect()
    }

    fn as_array(self) -> Option<Vec<Attribute<'c>>> {
        let a = ArrayAttribute::try_from(self).ok()?;
        (0..a.len()).map(|i| a.element(i).ok()).collect()
    }

    fn as_maps(self) -> Option<Vec<Map>> {
        self.as_array()?.into_iter().map(Map::from_attr).collect()
    }

    fn get(self, key: &str) -> Option<Attribute<'c>> {
        DictionaryAttribute::try_from(self).ok()?.element_by_name(key)
    }

    fn entries(self) -> Option<Vec<(String, Attribute<'c>)>> {
        let d = DictionaryAttribute::try_from(self).ok()?;
        (0..d.len())
            .map(|i| {
                let (name, value) = d.element(i).ok()?;
                Some((name.as_string_ref().as_str().ok()?.to_owned(), value))
            })
            .collect()
    }

    fn as_resource_key(self) -> Option<String> {
        if self.to_raw().ptr.is_null() {
            return None;
        }
        super::context::resource_key(self)
    }

    fn as_vector_bytes(self) -> Option<Vec<u8>> {
        super::context::vector_bytes(self)
    }

    fn tensor_ty(self) -> Option<TensorTy> {
        TensorTy::of(super::context::attr_type(self))
    }

    fn as_function_type(self) -> Option<(Vec<Type<'c>>, Vec<Type<'c>>)> {
        let ty = FunctionType::try_from(TypeAttribute::try_from(self).ok()?.value()).ok()?;
        let ins = (0..ty.input_count()).map(|i| ty.input(i)).collect::<Result<_, _>>().ok()?;
        let outs = (0..ty.result_count()).map(|i| ty.result(i)).collect::<Result<_, _>>().ok()?;
        Some((ins, outs))
    }
}
