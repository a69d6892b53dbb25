//! How MLIR's scalars and vectors are held in WGSL's variables.

use naga::{Scalar, ScalarKind, TypeInner, VectorSize};
use weft_dialects::ir::{Elem, Type, VectorTy, elem_of, is_index_type};

/// The type of an SSA value that isn't memory: an element type and how many lanes (1: a scalar).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Ty {
    /// The element; `index` is an [`Elem::I32`].
    pub(super) elem: Elem,
    /// 1 to 4.
    pub(super) lanes: u32,
}

impl Ty {
    /// The type of an MLIR scalar or vector; `None` if WGSL has no room for it (f64, more than four lanes, several
    /// dims).
    pub(super) fn of(ty: Type<'_>) -> Option<Self> {
        if let Some(vector) = VectorTy::of(ty) {
            let lanes = u32::try_from(vector.shape.iter().product::<i64>()).ok()?;
            let flat = vector.shape.len() <= 1 || lanes == 1;
            return (flat && (1..=4).contains(&lanes) && vector.elem != Elem::F64)
                .then_some(Self { elem: vector.elem, lanes });
        }
        if let Some(lanes) = index_lanes(ty) {
            return (1..=4).contains(&lanes).then_some(Self { elem: Elem::I32, lanes });
        }
        let elem = if is_index_type(ty) { Elem::I32 } else { elem_of(ty)? };
        (elem != Elem::F64).then_some(Self { elem, lanes: 1 })
    }

    /// The same lanes of another element.
    pub(super) fn with(self, elem: Elem) -> Self {
        Self { elem, ..self }
    }

    /// One lane.
    pub(super) fn lane(self) -> Self {
        Self { lanes: 1, ..self }
    }

    /// Bits of an element, as MLIR counts them.
    pub(super) fn bits(self) -> u32 {
        if self.elem == Elem::I1 { 1 } else { 8 * self.elem.bytes() as u32 }
    }

    /// Whether it is an integer narrower than 32 bits, held sign-extended in an `i32`.
    pub(super) fn is_narrow(self) -> bool {
        matches!(self.elem, Elem::I8 | Elem::I16)
    }
}

/// `vector<4xindex>`, which is no vector of an element type.
fn index_lanes(ty: Type<'_>) -> Option<u32> {
    let text = ty.to_string();
    text.strip_prefix("vector<")?.strip_suffix("xindex>")?.parse().ok()
}

/// The WGSL scalar that holds an element: half floats are f32 where `half` says that there is no f16. An i64 is a pair of these.
pub(super) fn scalar(elem: Elem, half: bool) -> Scalar {
    match elem {
        Elem::I1 => Scalar::BOOL,
        Elem::I8 | Elem::I16 | Elem::I32 => Scalar::I32,
        Elem::I64 => Scalar::U32,
        Elem::F16 if half => Scalar::F16,
        _ => Scalar::F32,
    }
}

/// A scalar or vector of a WGSL scalar.
pub(super) fn shaped(scalar: Scalar, lanes: u32) -> TypeInner {
    match size(lanes) {
        None => TypeInner::Scalar(scalar),
        Some(size) => TypeInner::Vector { size, scalar },
    }
}

/// The size of a vector; `None` for a scalar.
pub(super) fn size(lanes: u32) -> Option<VectorSize> {
    match lanes {
        2 => Some(VectorSize::Bi),
        3 => Some(VectorSize::Tri),
        4 => Some(VectorSize::Quad),
        _ => None,
    }
}

/// Whether a scalar is a float.
pub(super) fn is_float(scalar: Scalar) -> bool {
    scalar.kind == ScalarKind::Float
}
