//! Host-side tensors: element types, scalars, and row-major data.

use std::borrow::Cow;

/// Element types that Weft's IR uses; integers are signless, as in the IR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // the names are MLIR's
pub enum Elem {
    F16,
    BF16,
    F32,
    F64,
    I1,
    I8,
    I16,
    I32,
    I64,
}

impl Elem {
    /// Bytes of one stored element (booleans take a byte).
    pub const fn bytes(self) -> usize {
        match self {
            Elem::I1 | Elem::I8 => 1,
            Elem::F16 | Elem::BF16 | Elem::I16 => 2,
            Elem::F32 | Elem::I32 => 4,
            Elem::F64 | Elem::I64 => 8,
        }
    }

    /// Whether it is a floating-point type.
    pub const fn is_float(self) -> bool {
        matches!(self, Elem::F16 | Elem::BF16 | Elem::F32 | Elem::F64)
    }

    /// MLIR's spelling.
    pub const fn mlir(self) -> &'static str {
        match self {
            Elem::F16 => "f16",
            Elem::BF16 => "bf16",
            Elem::F32 => "f32",
            Elem::F64 => "f64",
            Elem::I1 => "i1",
            Elem::I8 => "i8",
            Elem::I16 => "i16",
            Elem::I32 => "i32",
            Elem::I64 => "i64",
        }
    }

    /// From MLIR's spelling.
    pub fn from_mlir(text: &str) -> Option<Self> {
        Some(match text {
            "f16" => Elem::F16,
            "bf16" => Elem::BF16,
            "f32" => Elem::F32,
            "f64" => Elem::F64,
            "i1" => Elem::I1,
            "i8" => Elem::I8,
            "i16" => Elem::I16,
            "i32" => Elem::I32,
            "i64" => Elem::I64,
            _ => return None,
        })
    }
}

/// One element. Floats are kept in f64 after rounding to their type; integers sign-extended in i64.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar {
    /// A float of any width.
    F(f64),
    /// An integer or boolean of any width.
    I(i64),
}

impl Scalar {
    /// As f64, converting integers.
    pub fn f64(self) -> f64 {
        match self {
            Scalar::F(x) => x,
            Scalar::I(x) => x as f64,
        }
    }

    /// As i64, truncating floats.
    pub fn i64(self) -> i64 {
        match self {
            Scalar::F(x) => x as i64,
            Scalar::I(x) => x,
        }
    }

    /// Rounded or wrapped to the element type.
    pub fn to(self, elem: Elem) -> Scalar {
        match elem {
            Elem::F32 => Scalar::F(self.f64() as f32 as f64),
            Elem::F64 => Scalar::F(self.f64()),
            Elem::F16 => Scalar::F(half::f16::from_f64(self.f64()).to_f64()),
            Elem::BF16 => Scalar::F(half::bf16::from_f64(self.f64()).to_f64()),
            Elem::I1 => Scalar::I(self.i64() & 1),
            Elem::I8 => Scalar::I(self.i64() as i8 as i64),
            Elem::I16 => Scalar::I(self.i64() as i16 as i64),
            Elem::I32 => Scalar::I(self.i64() as i32 as i64),
            Elem::I64 => Scalar::I(self.i64()),
        }
    }
}

/// A dense row-major tensor with little-endian bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Element type.
    pub elem: Elem,
    /// Extents, outermost first.
    pub shape: Vec<i64>,
    /// `len() * elem.bytes()` bytes.
    pub data: Cow<'static, [u8]>,
}

impl Tensor {
    /// All zero.
    pub fn zeros(elem: Elem, shape: &[i64]) -> Self {
        let n: i64 = shape.iter().product();
        Self { elem, shape: shape.to_vec(), data: vec![0; n as usize * elem.bytes()].into() }
    }

    /// From f32 values.
    pub fn f32(shape: &[i64], values: &[f32]) -> Self {
        let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self { elem: Elem::F32, shape: shape.to_vec(), data: data.into() }
    }

    /// From i64 values.
    pub fn i64(shape: &[i64], values: &[i64]) -> Self {
        let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self { elem: Elem::I64, shape: shape.to_vec(), data: data.into() }
    }

    /// From scalars, each converted to `elem`.
    pub fn from_scalars(elem: Elem, shape: &[i64], values: impl IntoIterator<Item = Scalar>) -> Self {
        let mut out = Self { elem, shape: shape.to_vec(), data: Cow::Owned(Vec::new()) };
        let data = out.data.to_mut();
        for v in values {
            let (bytes, n) = encode(elem, v);
            data.extend_from_slice(&bytes[..n]);
        }
        out
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.shape.iter().product::<i64>() as usize
    }

    /// Whether a dimension is zero.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Row-major strides in elements.
    pub fn strides(&self) -> Vec<i64> {
        strides(&self.shape)
    }

    /// The element at a flat index.
    pub fn get(&self, i: usize) -> Scalar {
        let b = &self.data[i * self.elem.bytes()..][..self.elem.bytes()];
        match self.elem {
            Elem::F32 => Scalar::F(f32::from_le_bytes([b[0], b[1], b[2], b[3]]) as f64),
            Elem::F64 => Scalar::F(f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]])),
            Elem::F16 => Scalar::F(half::f16::from_le_bytes([b[0], b[1]]).to_f64()),
            Elem::BF16 => Scalar::F(half::bf16::from_le_bytes([b[0], b[1]]).to_f64()),
            Elem::I1 => Scalar::I((b[0] & 1) as i64),
            Elem::I8 => Scalar::I(b[0] as i8 as i64),
            Elem::I16 => Scalar::I(i16::from_le_bytes([b[0], b[1]]) as i64),
            Elem::I32 => Scalar::I(i32::from_le_bytes([b[0], b[1], b[2], b[3]]) as i64),
            Elem::I64 => Scalar::I(i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]])),
        }
    }

    /// Writes the element at a flat index, converted to the element type.
    pub fn set(&mut self, i: usize, value: Scalar) {
        let (bytes, n) = encode(self.elem, value);
        self.data.to_mut()[i * n..][..n].copy_from_slice(&bytes[..n]);
    }

    /// All elements, row-major.
    pub fn scalars(&self) -> impl Iterator<Item = Scalar> + '_ {
        (0..self.len()).map(|i| self.get(i))
    }

    /// All elements as i64 (shapes, axes and the like).
    pub fn to_i64s(&self) -> Vec<i64> {
        self.scalars().map(Scalar::i64).collect()
    }

    /// All elements as f32.
    pub fn to_f32s(&self) -> Vec<f32> {
        self.scalars().map(|s| s.f64() as f32).collect()
    }

    /// Whether every element has the same bits.
    pub fn is_splat(&self) -> bool {
        let n = self.elem.bytes();
        !self.is_empty() && self.data.chunks_exact(n).all(|c| c == &self.data[..n])
    }

    /// The same data under another shape of as many elements.
    pub fn reshaped(mut self, shape: &[i64]) -> Self {
        debug_assert_eq!(self.len() as i64, shape.iter().product::<i64>());
        self.shape = shape.to_vec();
        self
    }
}

/// The little-endian bytes of a scalar converted to a type, and their number.
fn encode(elem: Elem, v: Scalar) -> ([u8; 8], usize) {
    let v = v.to(elem);
    let bits = match elem {
        Elem::F32 => u64::from((v.f64() as f32).to_bits()),
        Elem::F64 => v.f64().to_bits(),
        Elem::F16 => u64::from(half::f16::from_f64(v.f64()).to_bits()),
        Elem::BF16 => u64::from(half::bf16::from_f64(v.f64()).to_bits()),
        Elem::I1 | Elem::I8 | Elem::I16 | Elem::I32 | Elem::I64 => v.i64() as u64,
    };
    (bits.to_le_bytes(), elem.bytes())
}

/// Row-major strides, in elements.
pub fn strides(shape: &[i64]) -> Vec<i64> {
    let mut out = vec![1; shape.len()];
    for i in (1..shape.len()).rev() {
        out[i - 1] = out[i] * shape[i];
    }
    out
}
