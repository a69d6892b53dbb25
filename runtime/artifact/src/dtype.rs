//! Element types of a model's inputs and outputs.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Element type of a model's input or output, named as ONNX and numpy name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are the documentation")]
pub enum Dtype {
    Float32,
    Float64,
    Float16,
    Bfloat16,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Bool,
    Float8e4m3fn,
    Float8e4m3fnuz,
    Float8e5m2,
    Float8e5m2fnuz,
    Float4e2m1,
    Int4,
    Uint4,
}

/// A name that is no [`Dtype`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no element type that a model's signature can have; these are: {known}", known = known())]
pub struct UnknownDtype(pub String);

fn known() -> String {
    Dtype::ALL.map(Dtype::name).join(", ")
}

impl Dtype {
    /// All of them.
    pub const ALL: [Dtype; 20] = [
        Dtype::Float32,
        Dtype::Float64,
        Dtype::Float16,
        Dtype::Bfloat16,
        Dtype::Int8,
        Dtype::Int16,
        Dtype::Int32,
        Dtype::Int64,
        Dtype::Uint8,
        Dtype::Uint16,
        Dtype::Uint32,
        Dtype::Uint64,
        Dtype::Bool,
        Dtype::Float8e4m3fn,
        Dtype::Float8e4m3fnuz,
        Dtype::Float8e5m2,
        Dtype::Float8e5m2fnuz,
        Dtype::Float4e2m1,
        Dtype::Int4,
        Dtype::Uint4,
    ];

    /// The name that manifest and messages use: `float32`, `int64`, `bool`, ...
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// Bytes of one element; a `bool` and each element of 4 bits take one.
    pub const fn size(self) -> u64 {
        self.row().1
    }

    /// The JavaScript typed array that holds such elements. Floats of 16 bits
    /// and less are held as their bits, integers of 4 bits one a byte.
    pub const fn typed_array(self) -> &'static str {
        self.row().2
    }

    const fn row(self) -> (&'static str, u64, &'static str) {
        match self {
            Dtype::Float32 => ("float32", 4, "Float32Array"),
            Dtype::Float64 => ("float64", 8, "Float64Array"),
            Dtype::Float16 => ("float16", 2, "Uint16Array"),
            Dtype::Bfloat16 => ("bfloat16", 2, "Uint16Array"),
            Dtype::Int8 => ("int8", 1, "Int8Array"),
            Dtype::Int16 => ("int16", 2, "Int16Array"),
            Dtype::Int32 => ("int32", 4, "Int32Array"),
            Dtype::Int64 => ("int64", 8, "BigInt64Array"),
            Dtype::Uint8 => ("uint8", 1, "Uint8Array"),
            Dtype::Uint16 => ("uint16", 2, "Uint16Array"),
            Dtype::Uint32 => ("uint32", 4, "Uint32Array"),
            Dtype::Uint64 => ("uint64", 8, "BigUint64Array"),
            Dtype::Bool => ("bool", 1, "Uint8Array"),
            Dtype::Float8e4m3fn => ("float8e4m3fn", 1, "Uint8Array"),
            Dtype::Float8e4m3fnuz => ("float8e4m3fnuz", 1, "Uint8Array"),
            Dtype::Float8e5m2 => ("float8e5m2", 1, "Uint8Array"),
            Dtype::Float8e5m2fnuz => ("float8e5m2fnuz", 1, "Uint8Array"),
            Dtype::Float4e2m1 => ("float4e2m1", 1, "Uint8Array"),
            Dtype::Int4 => ("int4", 1, "Int8Array"),
            Dtype::Uint4 => ("uint4", 1, "Uint8Array"),
        }
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Dtype {
    type Err = UnknownDtype;

    fn from_str(name: &str) -> Result<Self, UnknownDtype> {
        Dtype::ALL.into_iter().find(|dtype| dtype.name() == name).ok_or_else(|| UnknownDtype(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_in_text_and_json() {
        for dtype in Dtype::ALL {
            assert_eq!(dtype.name().parse(), Ok(dtype));
            assert_eq!(serde_json::to_value(dtype).unwrap(), dtype.name());
        }
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        insta::assert_snapshot!(
            "string".parse::<Dtype>().unwrap_err(),
            @"`string` is no element type that a model's signature can have; these are: float32, float64, float16, bfloat16, int8, int16, int32, int64, uint8, uint16, uint32, uint64, bool, float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz, float4e2m1, int4, uint4"
        );
    }
}
