//! The session (context, dialects, blobs, diagnostics) and its handle.

use super::{Attribute, Blob, BlobStore, Elem, Location, Tensor, Type};
use crate::decl;
use melior::Context;
use melior::dialect::{DialectHandle, DialectRegistry};
use melior::ir::attribute::AttributeLike;
use melior::ir::{Identifier, Module};
use mlir_sys as sys;
use std::cell::RefCell;
use std::sync::{Arc, Mutex};

/// Owns the MLIR context, the blobs and what MLIR's diagnostics said.
pub struct Session {
    context: Context,
    blobs: BlobStore,
    diagnostics: Arc<Mutex<Vec<String>>>,
    names: RefCell<u64>,
}

impl Session {
    /// A context with the upstream dialects that Weft uses and its own ones, MLIR's threading off (passes
    /// written in Rust are not `Send`; we parallelise over kernels ourselves).
    pub fn new() -> Self {
        let registry = DialectRegistry::new();
        for handle in [
            DialectHandle::func(),
            DialectHandle::arith(),
            DialectHandle::scf(),
            DialectHandle::memref(),
            DialectHandle::tensor(),
            DialectHandle::linalg(),
            DialectHandle::affine(),
            DialectHandle::cf(),
            DialectHandle::gpu(),
            DialectHandle::llvm(),
        ] {
            handle.insert_dialect(&registry);
        }
        // SAFETY: the handles are static objects of the library; melior has no constructor for these.
        unsafe {
            for raw in [
                sys::mlirGetDialectHandle__vector__(),
                sys::mlirGetDialectHandle__math__(),
                sys::mlirGetDialectHandle__irdl__(),
                sys::mlirGetDialectHandle__ub__(),
                sys::mlirGetDialectHandle__bufferization__(),
            ] {
                DialectHandle::from_raw(raw).insert_dialect(&registry);
            }
        }
        let context = Context::new_with_registry(&registry, false);
        context.load_all_available_dialects();
        // Import-level ops are unregistered on purpose: they are checked against the frontend's schema table.
        context.set_allow_unregistered_dialects(true);
        let diagnostics = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&diagnostics);
        context.attach_diagnostic_handler(move |d| {
            // A place in text that was read is `loc("-":line:column)`; a node's is `loc("name")`.
            let place = d.location().to_string();
            let place = place.strip_prefix("loc(\"-\":").and_then(|p| p.strip_suffix(')')).unwrap_or(&place);
            let text = format!("{place}: {d}");
            if let Ok(mut sink) = sink.lock() {
                sink.push(text);
            }
            true
        });
        let irdl = decl::irdl_text();
        let loaded = Module::parse(&context, &irdl).is_some_and(|m| melior::utility::load_irdl_dialects(&m));
        assert!(loaded, "Weft's own dialect declarations must load: {:?}", diagnostics.lock());
        Self { context, blobs: BlobStore::default(), diagnostics, names: RefCell::new(0) }
    }

    /// The handle that everything else takes.
    pub fn cx(&self) -> Cx<'_> {
        Cx { session: self }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

/// A copyable handle to a [`Session`]: makes types and attributes, and reaches the blobs.
#[derive(Clone, Copy)]
pub struct Cx<'c> {
    session: &'c Session,
}

impl<'c> Cx<'c> {
    /// MLIR's context.
    pub fn context(self) -> &'c Context {
        &self.session.context
    }

    /// The constants' bytes.
    pub fn blobs(self) -> &'c BlobStore {
        &self.session.blobs
    }

    /// What MLIR reported since the last call.
    pub fn take_diagnostics(self) -> Vec<String> {
        self.session.diagnostics.lock().map(|mut d| std::mem::take(&mut *d)).unwrap_or_default()
    }

    /// A number that is fresh in this session. For names that don't reach printed text.
    pub fn fresh(self) -> u64 {
        let mut n = self.session.names.borrow_mut();
        *n += 1;
        *n
    }

    /// `loc(unknown)`.
    pub fn unknown_loc(self) -> Location<'c> {
        Location::unknown(self.context())
    }

    /// `loc("name")`: how a source node's name travels.
    pub fn name_loc(self, name: &str) -> Location<'c> {
        Location::name(self.context(), name, self.unknown_loc())
    }

    /// A type from its text; `None` if it doesn't parse.
    pub fn parse_type(self, text: &str) -> Option<Type<'c>> {
        Type::parse(self.context(), text)
    }

    /// An attribute from its text; `None` if it doesn't parse.
    pub fn parse_attr(self, text: &str) -> Option<Attribute<'c>> {
        Attribute::parse(self.context(), text)
    }

    /// An identifier.
    pub fn id(self, name: &str) -> Identifier<'c> {
        Identifier::new(self.context(), name)
    }

    /// The scalar type of an element type.
    pub fn elem(self, elem: Elem) -> Type<'c> {
        let raw = self.context().to_raw();
        // SAFETY: the context is alive; types are owned by it.
        unsafe {
            Type::from_raw(match elem {
                Elem::F16 => sys::mlirF16TypeGet(raw),
                Elem::BF16 => sys::mlirBF16TypeGet(raw),
                Elem::F32 => sys::mlirF32TypeGet(raw),
                Elem::F64 => sys::mlirF64TypeGet(raw),
                Elem::I1 => sys::mlirIntegerTypeGet(raw, 1),
                Elem::I8 => sys::mlirIntegerTypeGet(raw, 8),
                Elem::I16 => sys::mlirIntegerTypeGet(raw, 16),
                Elem::I32 => sys::mlirIntegerTypeGet(raw, 32),
                Elem::I64 => sys::mlirIntegerTypeGet(raw, 64),
            })
        }
    }

    /// `index`.
    pub fn index(self) -> Type<'c> {
        Type::index(self.context())
    }

    /// `i32`.
    pub fn i32(self) -> Type<'c> {
        self.elem(Elem::I32)
    }

    /// `f32`.
    pub fn f32(self) -> Type<'c> {
        self.elem(Elem::F32)
    }

    /// `v : i64`.
    pub fn i64_attr(self, v: i64) -> Attribute<'c> {
        self.int_attr(self.elem(Elem::I64), v)
    }

    /// An integer (or index) attribute of a type.
    pub fn int_attr(self, ty: Type<'c>, v: i64) -> Attribute<'c> {
        melior::ir::attribute::IntegerAttribute::new(ty, v).into()
    }

    /// A float attribute of a scalar type.
    pub fn float_attr(self, ty: Type<'c>, v: f64) -> Attribute<'c> {
        melior::ir::attribute::FloatAttribute::new(self.context(), ty, v).into()
    }

    /// A scalar attribute of an element type, as `arith.constant` wants it.
    pub fn scalar_attr(self, elem: Elem, v: super::Scalar) -> Attribute<'c> {
        let ty = self.elem(elem);
        if elem.is_float() { self.float_attr(ty, v.f64()) } else { self.int_attr(ty, v.i64()) }
    }

    /// A string attribute.
    pub fn str_attr(self, s: &str) -> Attribute<'c> {
        melior::ir::attribute::StringAttribute::new(self.context(), s).into()
    }

    /// `true` or `false`.
    pub fn bool_attr(self, b: bool) -> Attribute<'c> {
        melior::ir::attribute::BoolAttribute::new(self.context(), b).into()
    }

    /// `unit`.
    pub fn unit_attr(self) -> Attribute<'c> {
        Attribute::unit(self.context())
    }

    /// `array<i64: ...>`.
    pub fn i64s_attr(self, v: &[i64]) -> Attribute<'c> {
        melior::ir::attribute::DenseI64ArrayAttribute::new(self.context(), v).into()
    }

    /// `[...]`.
    pub fn array_attr(self, v: &[Attribute<'c>]) -> Attribute<'c> {
        melior::ir::attribute::ArrayAttribute::new(self.context(), v).into()
    }

    /// `{name = value, ...}`.
    pub fn dict_attr(self, entries: &[(&str, Attribute<'c>)]) -> Attribute<'c> {
        let named: Vec<_> = entries.iter().map(|&(n, a)| (self.id(n), a)).collect();
        melior::ir::attribute::DictionaryAttribute::new(self.context(), &named).into()
    }

    /// A type as an attribute.
    pub fn type_attr(self, ty: Type<'c>) -> Attribute<'c> {
        melior::ir::attribute::TypeAttribute::new(ty).into()
    }

    /// `@name`.
    pub fn symbol_attr(self, name: &str) -> Attribute<'c> {
        melior::ir::attribute::FlatSymbolRefAttribute::new(self.context(), name).into()
    }

    /// A function type.
    pub fn fn_type(self, inputs: &[Type<'c>], results: &[Type<'c>]) -> Type<'c> {
        melior::ir::r#type::FunctionType::new(self.context(), inputs, results).into()
    }

    /// A tensor constant: inline `dense<...>` when small or a splat, else a blob named by `dense_resource`.
    pub fn tensor_attr(self, t: &Tensor) -> Attribute<'c> {
        if t.len() <= 16 || t.is_splat() {
            self.dense_attr(t)
        } else {
            let key = self.blobs().insert(Blob::Owned(Arc::from(&t.data[..])));
            self.resource_attr(&key, &super::TensorTy::new(t.elem, &t.shape))
        }
    }

    /// `dense_resource<key> : type` for bytes already stored.
    pub fn resource_attr(self, key: &str, ty: &super::TensorTy) -> Attribute<'c> {
        let text = format!("dense_resource<{key}> : {}", ty.to_mlir(self));
        self.parse_attr(&text).expect("a resource attribute of a valid type parses")
    }

    /// `dense<value> : type`, of a static type.
    pub fn splat_attr(self, ty: &super::TensorTy, value: super::Scalar) -> Attribute<'c> {
        use melior::ir::r#type::TypeLike;
        let value = self.scalar_attr(ty.elem, value);
        // SAFETY: type and attribute are alive, and the attribute is of the type's element type.
        unsafe { Attribute::from_raw(sys::mlirDenseElementsAttrSplatGet(ty.to_mlir(self).to_raw(), value.to_raw())) }
    }

    fn dense_attr(self, t: &Tensor) -> Attribute<'c> {
        self.dense_of(t, super::TensorTy::new(t.elem, &t.shape).to_mlir(self))
    }

    fn dense_of(self, t: &Tensor, ty: Type<'c>) -> Attribute<'c> {
        use melior::ir::r#type::TypeLike;
        // SAFETY: `ty` is a static shaped type of the tensor's length, and the buffer holds exactly its elements (booleans go through
        // an int array, because MLIR packs their bits).
        unsafe {
            let raw = if t.elem == Elem::I1 {
                let bits: Vec<i32> = t.scalars().map(|s| s.i64() as i32).collect();
                sys::mlirDenseElementsAttrBoolGet(ty.to_raw(), bits.len() as isize, bits.as_ptr())
            } else if t.is_splat() {
                let n = t.elem.bytes();
                sys::mlirDenseElementsAttrRawBufferGet(ty.to_raw(), n, t.data[..n].as_ptr().cast())
            } else {
                sys::mlirDenseElementsAttrRawBufferGet(ty.to_raw(), t.data.len(), t.data.as_ptr().cast())
            };
            Attribute::from_raw(raw)
        }
    }

    /// `vector<lanes x ty>` of a scalar type (`index` included).
    pub fn vector_of(self, ty: Type<'c>, lanes: i64) -> Type<'c> {
        // SAFETY: the type is alive; MLIR checks that it may be a vector's element.
        unsafe { Type::from_raw(sys::mlirVectorTypeGet(1, &lanes, melior::ir::r#type::TypeLike::to_raw(&ty))) }
    }

    /// A one-dimensional tensor as the value of a vector constant.
    pub fn vector_attr(self, t: &Tensor) -> Attribute<'c> {
        self.dense_of(t, super::VectorTy::new(t.elem, t.len() as i64).to_mlir(self))
    }

    /// The tensor (or vector) that an attribute holds, inline or by blob; `None` for other attributes, or when the
    /// blob is missing or of another size.
    pub fn tensor_of(self, attr: Attribute<'c>) -> Option<Tensor> {
        let ty = attr_type(attr);
        let ty = super::TensorTy::of(ty)
            .or_else(|| super::VectorTy::of(ty).map(|v| super::TensorTy { shape: v.shape, elem: v.elem }))?;
        let len = ty.len()? as usize;
        let bytes = len * ty.elem.bytes();
        if let Some(key) = resource_key(attr) {
            let blob = self.blobs().get(&key)?;
            let data = blob.bytes();
            return (data.len() == bytes).then(|| Tensor {
                elem: ty.elem,
                shape: ty.shape.clone(),
                data: data.to_vec().into(),
            });
        }
        let data = dense_bytes(attr, ty.elem, len)?;
        Some(Tensor { elem: ty.elem, shape: ty.shape, data: data.into() })
    }
}

/// The bytes of an inline dense attribute of `len` elements; splats are written out. `None` for other attributes.
fn dense_bytes(attr: Attribute<'_>, elem: Elem, len: usize) -> Option<Vec<u8>> {
    let raw = attr.to_raw();
    // SAFETY: the attribute is a dense elements attribute (checked) of `len` elements of the type read.
    unsafe {
        if !sys::mlirAttributeIsADenseElements(raw) {
            return None;
        }
        let splat = sys::mlirDenseElementsAttrIsSplat(raw);
        Some(if elem == Elem::I1 {
            (0..len).map(|i| sys::mlirDenseElementsAttrGetBoolValue(raw, i as isize) as u8).collect()
        } else {
            let p = sys::mlirDenseElementsAttrGetRawData(raw).cast::<u8>();
            if len == 0 {
                Vec::new()
            } else if splat {
                std::slice::from_raw_parts(p, elem.bytes()).repeat(len)
            } else {
                std::slice::from_raw_parts(p, len * elem.bytes()).to_vec()
            }
        })
    }
}

/// The bytes of an inline dense vector constant; `None` for other attributes.
pub(crate) fn vector_bytes(attr: Attribute<'_>) -> Option<Vec<u8>> {
    let ty = super::VectorTy::of(attr_type(attr))?;
    dense_bytes(attr, ty.elem, ty.shape.iter().product::<i64>() as usize)
}

/// The type of a typed attribute.
pub(super) fn attr_type(attr: Attribute<'_>) -> Type<'_> {
    // SAFETY: the attribute is alive; every attribute has a type handle (none for untyped ones).
    unsafe { Type::from_raw(sys::mlirAttributeGetType(attr.to_raw())) }
}

/// The canonical key of a `dense_resource` attribute.
pub(crate) fn resource_key(attr: Attribute<'_>) -> Option<String> {
    // SAFETY: the attribute is alive. The C API names no kind test for all resources, so the text decides; it
    // is asked of non-dense elements only, whose text is short.
    let candidate = unsafe {
        let raw = attr.to_raw();
        sys::mlirAttributeIsAElements(raw) && !sys::mlirAttributeIsADenseElements(raw)
    };
    if !candidate {
        return None;
    }
    let text = attr.to_string();
    let key = text.strip_prefix("dense_resource<")?.split('>').next()?;
    Some(super::blob::canonical_key(key).to_owned())
}
