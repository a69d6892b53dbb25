//! Shaped types as plain data.

use super::affine::{extents_attr, extents_of};
use super::{Attribute, Cx, Elem, Type, extent, tensor::strides};
use melior::ir::attribute::AttributeLike;
use melior::ir::r#type::TypeLike;
use mlir_sys as sys;

/// The extent that MLIR prints as `?`.
pub const DYNAMIC: i64 = i64::MIN;

/// A ranked tensor type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TensorTy {
    /// Extents: numbers, handles of expressions over the module's symbols (see [`extent`]), [`DYNAMIC`] where unknown.
    pub shape: Vec<i64>,
    /// Element type.
    pub elem: Elem,
}

impl TensorTy {
    /// A type.
    pub fn new(elem: Elem, shape: &[i64]) -> Self {
        Self { shape: shape.to_vec(), elem }
    }

    /// From an MLIR type; `None` unless a ranked tensor of a supported element type.
    pub fn of(ty: Type<'_>) -> Option<Self> {
        // SAFETY: the kind is checked first.
        if !unsafe { sys::mlirTypeIsARankedTensor(ty.to_raw()) } {
            return None;
        }
        let (mut shape, elem) = shaped(ty)?;
        if shape.contains(&DYNAMIC) {
            // SAFETY: the type is a ranked tensor; it has an encoding or a null handle.
            let encoding = unsafe { Attribute::from_raw(sys::mlirRankedTensorTypeGetEncoding(ty.to_raw())) };
            let known = extents_of(encoding).filter(|e| e.len() == shape.len()).unwrap_or_default();
            for (n, e) in shape.iter_mut().zip(known) {
                if *n == DYNAMIC {
                    *n = e;
                }
            }
        }
        Some(Self { shape, elem })
    }

    /// As an MLIR type; symbolic extents are `?`, and the encoding says what they are.
    pub fn to_mlir<'c>(&self, cx: Cx<'c>) -> Type<'c> {
        let dims: Vec<i64> = self.shape.iter().map(|&d| raw_dim(d)).collect();
        let symbolic = extent::any_symbolic(&self.shape) && !self.shape.contains(&DYNAMIC);
        // SAFETY: element type and context are alive; the dims pointer is valid for the call.
        unsafe {
            Type::from_raw(sys::mlirRankedTensorTypeGet(
                dims.len() as isize,
                dims.as_ptr(),
                cx.elem(self.elem).to_raw(),
                if symbolic { extents_attr(cx, &self.shape).to_raw() } else { sys::mlirAttributeGetNull() },
            ))
        }
    }

    /// Number of elements; `None` if a dim is symbolic or unknown, or the product overflows.
    pub fn len(&self) -> Option<i64> {
        self.shape.iter().try_fold(1i64, |a, &d| if d < 0 { None } else { a.checked_mul(d) })
    }

    /// Whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Bytes when stored densely.
    pub fn bytes(&self) -> Option<i64> {
        self.len()?.checked_mul(self.elem.bytes() as i64)
    }

    /// Whether a dim is an expression over the module's symbols.
    pub fn is_symbolic(&self) -> bool {
        extent::any_symbolic(&self.shape)
    }

    /// The type of the buffer that holds it for all values of the symbols.
    pub fn bound(&self, symbols: &extent::Symbols) -> Self {
        Self { shape: symbols.bound(&self.shape), elem: self.elem }
    }

    /// Whether all dims are known.
    pub fn is_static(&self) -> bool {
        self.shape.iter().all(|&d| d >= 0)
    }
}

/// A memref type with static strides.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MemRefTy {
    /// Extents.
    pub shape: Vec<i64>,
    /// Element type.
    pub elem: Elem,
    /// Strides, in elements.
    pub strides: Vec<i64>,
    /// Offset of element 0, in elements; [`DYNAMIC`] if not known from the type.
    pub offset: i64,
}

impl MemRefTy {
    /// The identity layout.
    pub fn dense(elem: Elem, shape: &[i64]) -> Self {
        Self { shape: shape.to_vec(), elem, strides: strides(shape), offset: 0 }
    }

    /// Whether elements are contiguous in row-major order from offset 0.
    pub fn is_dense(&self) -> bool {
        self.offset == 0 && self.strides == strides(&self.shape)
    }

    /// From an MLIR type; `None` unless a strided memref of a supported element type.
    pub fn of(ty: Type<'_>) -> Option<Self> {
        // SAFETY: the kind is checked first; the output buffers are as long as the rank.
        unsafe {
            if !sys::mlirTypeIsAMemRef(ty.to_raw()) {
                return None;
            }
            let (shape, elem) = shaped(ty)?;
            let mut raw_strides = vec![0i64; shape.len()];
            let mut offset = 0i64;
            let ok = sys::mlirMemRefTypeGetStridesAndOffset(ty.to_raw(), raw_strides.as_mut_ptr(), &mut offset);
            // Without elements there is no telling strides apart, and MLIR calls them dynamic.
            let strides = if shape.contains(&0) { strides(&shape) } else { raw_strides };
            (ok.value != 0).then_some(Self { shape, elem, strides, offset })
        }
    }

    /// As an MLIR type, without a layout if it is the identity.
    pub fn to_mlir<'c>(&self, cx: Cx<'c>) -> Type<'c> {
        if !self.is_dense() {
            return self.to_mlir_strided(cx);
        }
        // SAFETY: handles are alive.
        let layout = unsafe {
            let map = sys::mlirAffineMapMultiDimIdentityGet(cx.context().to_raw(), self.shape.len() as isize);
            sys::mlirAffineMapAttrGet(map)
        };
        self.with_layout(cx, layout)
    }

    /// As an MLIR type with a strided layout, even if it is the identity.
    pub fn to_mlir_strided<'c>(&self, cx: Cx<'c>) -> Type<'c> {
        // SAFETY: handles are alive and the pointer valid for the call.
        let layout = unsafe {
            let raw = cx.context().to_raw();
            sys::mlirStridedLayoutAttrGet(raw, self.offset, self.strides.len() as isize, self.strides.as_ptr())
        };
        self.with_layout(cx, layout)
    }

    fn with_layout<'c>(&self, cx: Cx<'c>, layout: sys::MlirAttribute) -> Type<'c> {
        let dims: Vec<i64> = self.shape.iter().map(|&d| raw_dim(d)).collect();
        // SAFETY: handles are alive and the pointer valid for the call.
        unsafe {
            Type::from_raw(sys::mlirMemRefTypeGet(
                cx.elem(self.elem).to_raw(),
                dims.len() as isize,
                dims.as_ptr(),
                layout,
                sys::mlirAttributeGetNull(),
            ))
        }
    }

    /// Bytes from element 0 to the last.
    pub fn span_bytes(&self) -> i64 {
        if self.shape.contains(&0) {
            return 0;
        }
        let last: i64 = self.shape.iter().zip(&self.strides).map(|(&n, &s)| (n - 1) * s).sum();
        (last + 1) * self.elem.bytes() as i64
    }
}

/// A vector type of fixed length.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VectorTy {
    /// Extents.
    pub shape: Vec<i64>,
    /// Element type.
    pub elem: Elem,
}

impl VectorTy {
    /// `vector<n x elem>`.
    pub fn new(elem: Elem, n: i64) -> Self {
        Self { shape: vec![n], elem }
    }

    /// From an MLIR type.
    pub fn of(ty: Type<'_>) -> Option<Self> {
        // SAFETY: the kind is checked first.
        if !unsafe { sys::mlirTypeIsAVector(ty.to_raw()) } {
            return None;
        }
        let (shape, elem) = shaped(ty)?;
        Some(Self { shape, elem })
    }

    /// As an MLIR type.
    pub fn to_mlir<'c>(&self, cx: Cx<'c>) -> Type<'c> {
        // SAFETY: handles are alive and the pointer valid for the call.
        unsafe {
            Type::from_raw(sys::mlirVectorTypeGet(
                self.shape.len() as isize,
                self.shape.as_ptr(),
                cx.elem(self.elem).to_raw(),
            ))
        }
    }
}

fn raw_dim(d: i64) -> i64 {
    // SAFETY: a constant of the library.
    if d < 0 { unsafe { sys::mlirShapedTypeGetDynamicSize() } } else { d }
}

fn shaped(ty: Type<'_>) -> Option<(Vec<i64>, Elem)> {
    // SAFETY: callers checked that `ty` is shaped and ranked.
    unsafe {
        let raw = ty.to_raw();
        let rank = sys::mlirShapedTypeGetRank(raw);
        let shape =
            (0..rank as isize)
                .map(|i| {
                    if sys::mlirShapedTypeIsDynamicDim(raw, i) {
                        DYNAMIC
                    } else {
                        sys::mlirShapedTypeGetDimSize(raw, i)
                    }
                })
                .collect();
        let elem = elem_of(Type::from_raw(sys::mlirShapedTypeGetElementType(raw)))?;
        Some((shape, elem))
    }
}

/// Whether a type is `index`.
pub fn is_index_type(ty: Type<'_>) -> bool {
    // SAFETY: a kind test of a live type.
    unsafe { sys::mlirTypeIsAIndex(ty.to_raw()) }
}

/// Whether a type is a ranked memref.
pub fn is_memref_type(ty: Type<'_>) -> bool {
    // SAFETY: a kind test of a live type.
    unsafe { sys::mlirTypeIsAMemRef(ty.to_raw()) }
}

/// The element type of a scalar type; `None` for others. Asks for the kind: printing a type costs microseconds, and
/// passes ask for millions.
pub fn elem_of(ty: Type<'_>) -> Option<Elem> {
    // SAFETY: the kind is checked before the width is read.
    unsafe {
        let raw = ty.to_raw();
        if sys::mlirTypeIsAInteger(raw) {
            return Some(match sys::mlirIntegerTypeGetWidth(raw) {
                1 => Elem::I1,
                8 => Elem::I8,
                16 => Elem::I16,
                32 => Elem::I32,
                64 => Elem::I64,
                _ => return None,
            });
        }
        if sys::mlirTypeIsAF32(raw) {
            Some(Elem::F32)
        } else if sys::mlirTypeIsAF64(raw) {
            Some(Elem::F64)
        } else if sys::mlirTypeIsAF16(raw) {
            Some(Elem::F16)
        } else if sys::mlirTypeIsABF16(raw) {
            Some(Elem::BF16)
        } else {
            None
        }
    }
}
