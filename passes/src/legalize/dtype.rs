//! ONNX's element types. The IR's integers are signless, so legalisation keeps signedness beside each value and puts
//! it into the ops that it builds.

use super::narrow::Narrow;
use weft_dialects::ir::Elem;

/// An ONNX element type that the IR can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dtype {
    /// How elements are stored.
    pub elem: Elem,
    /// Whether an integer is unsigned.
    pub unsigned: bool,
    /// Which type of less than a byte's precision it is, if any; such elements are cast, and nothing else.
    pub narrow: Option<Narrow>,
}

/// Name in `weft.dtype`, code in `TensorProto.DataType`, and the type.
const TABLE: [(&str, i64, Dtype); 20] = [
    ("float32", 1, signed(Elem::F32)),
    ("uint8", 2, unsigned(Elem::I8)),
    ("int8", 3, signed(Elem::I8)),
    ("uint16", 4, unsigned(Elem::I16)),
    ("int16", 5, signed(Elem::I16)),
    ("int32", 6, signed(Elem::I32)),
    ("int64", 7, signed(Elem::I64)),
    ("bool", 9, signed(Elem::I1)),
    ("float16", 10, signed(Elem::F16)),
    ("float64", 11, signed(Elem::F64)),
    ("uint32", 12, unsigned(Elem::I32)),
    ("uint64", 13, unsigned(Elem::I64)),
    ("bfloat16", 16, signed(Elem::BF16)),
    ("float8e4m3fn", 17, narrow(Narrow::Float8e4m3fn)),
    ("float8e4m3fnuz", 18, narrow(Narrow::Float8e4m3fnuz)),
    ("float8e5m2", 19, narrow(Narrow::Float8e5m2)),
    ("float8e5m2fnuz", 20, narrow(Narrow::Float8e5m2fnuz)),
    ("uint4", 21, narrow(Narrow::Uint4)),
    ("int4", 22, narrow(Narrow::Int4)),
    ("float4e2m1", 23, narrow(Narrow::Float4e2m1)),
];

const fn signed(elem: Elem) -> Dtype {
    Dtype { elem, unsigned: false, narrow: None }
}

const fn unsigned(elem: Elem) -> Dtype {
    Dtype { elem, unsigned: true, narrow: None }
}

const fn narrow(narrow: Narrow) -> Dtype {
    Dtype { elem: Elem::I8, unsigned: matches!(narrow, Narrow::Uint4), narrow: Some(narrow) }
}

impl Dtype {
    pub const BOOL: Dtype = signed(Elem::I1);
    pub const F32: Dtype = signed(Elem::F32);
    pub const INT32: Dtype = signed(Elem::I32);
    pub const INT8: Dtype = signed(Elem::I8);
    pub const UINT8: Dtype = unsigned(Elem::I8);
    pub const INT64: Dtype = signed(Elem::I64);

    /// Of a stored type whose signedness isn't said: signed.
    pub const fn of(elem: Elem) -> Self {
        signed(elem)
    }

    /// By `weft.dtype`'s name.
    pub fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|t| t.0 == name).map(|t| t.2)
    }

    /// By ONNX's code.
    pub fn coded(code: i64) -> Option<Self> {
        TABLE.iter().find(|t| t.1 == code).map(|t| t.2)
    }

    /// The name in `weft.dtype`.
    pub fn name(self) -> &'static str {
        TABLE.iter().find(|t| t.2 == self).map_or("unknown", |t| t.0)
    }

    /// Bits of an element; those of a byte that aren't used don't count.
    pub fn bits(self) -> i64 {
        self.narrow.map_or(8 * self.elem.bytes() as i64, Narrow::bits)
    }

    pub fn is_float(self) -> bool {
        self.elem.is_float()
    }

    pub fn is_bool(self) -> bool {
        self.elem == Elem::I1
    }
}
