//! ONNX's element types. The IR's integers are signless, so legalisation keeps signedness beside each value and puts
//! it into the ops that it builds.

use weft_dialects::ir::Elem;

/// An ONNX element type that the IR can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dtype {
    /// How elements are stored.
    pub elem: Elem,
    /// Whether an integer is unsigned.
    pub unsigned: bool,
}

/// Name in `weft.dtype`, code in `TensorProto.DataType`, and the type.
const TABLE: [(&str, i64, Dtype); 13] = [
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
];

const fn signed(elem: Elem) -> Dtype {
    Dtype { elem, unsigned: false }
}

const fn unsigned(elem: Elem) -> Dtype {
    Dtype { elem, unsigned: true }
}

impl Dtype {
    pub const BOOL: Dtype = signed(Elem::I1);
    pub const INT64: Dtype = signed(Elem::I64);

    /// Of a stored type whose signedness isn't said: signed.
    pub fn of(elem: Elem) -> Self {
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

    pub fn is_float(self) -> bool {
        self.elem.is_float()
    }

    pub fn is_bool(self) -> bool {
        self.elem == Elem::I1
    }
}
