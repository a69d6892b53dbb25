//! Tensors that go in and come out.

use half::{bf16, f16};
use weft_artifact::{Dtype, TensorSpec};

/// Elements of a known type and shape: little endian, contiguous, row-major.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    dtype: Dtype,
    shape: Vec<u64>,
    bytes: Vec<u8>,
}

/// Why a tensor can't be made or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TensorError {
    /// The data doesn't fill the shape.
    #[error("{found} bytes don't fill {dtype} {shape:?}")]
    Size {
        /// The element type.
        dtype: Dtype,
        /// The shape.
        shape: Vec<u64>,
        /// Bytes of the data.
        found: usize,
    },
    /// It was read as another element type.
    #[error("a tensor of {dtype} can't be read as {wanted}")]
    Type {
        /// The element type.
        dtype: Dtype,
        /// What was asked for.
        wanted: Dtype,
    },
}

/// A Rust type that is an element type of tensors.
pub trait Element: Copy {
    /// Which one.
    const DTYPE: Dtype;
    /// Appends its little-endian bytes.
    fn write(self, bytes: &mut Vec<u8>);
    /// Reads it from exactly its number of bytes.
    fn read(bytes: &[u8]) -> Self;
}

macro_rules! elements {
    ($($type:ty: $dtype:ident),*) => {$(
        impl Element for $type {
            const DTYPE: Dtype = Dtype::$dtype;
            fn write(self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }
            fn read(bytes: &[u8]) -> Self {
                let mut value = [0; size_of::<$type>()];
                value.copy_from_slice(bytes);
                Self::from_le_bytes(value)
            }
        }
    )*};
}

elements!(
    f32: Float32, f64: Float64, f16: Float16, bf16: Bfloat16, i8: Int8, i16: Int16, i32: Int32, i64: Int64, u8: Uint8,
    u16: Uint16, u32: Uint32, u64: Uint64
);

impl Element for bool {
    const DTYPE: Dtype = Dtype::Bool;
    fn write(self, bytes: &mut Vec<u8>) {
        bytes.push(self.into());
    }
    fn read(bytes: &[u8]) -> Self {
        bytes.iter().any(|&byte| byte != 0)
    }
}

impl Tensor {
    /// A tensor of these bytes.
    ///
    /// # Errors
    /// If their number isn't the shape's.
    pub fn new(dtype: Dtype, shape: &[u64], bytes: Vec<u8>) -> Result<Self, TensorError> {
        let spec = TensorSpec { name: String::new(), dtype, shape: shape.into(), image: None };
        if spec.bytes() != Some(bytes.len() as u64) {
            return Err(TensorError::Size { dtype, shape: spec.shape, found: bytes.len() });
        }
        Ok(Tensor { dtype, shape: spec.shape, bytes })
    }

    /// A tensor of these values.
    ///
    /// # Errors
    /// If their number isn't the shape's.
    pub fn from_values<T: Element>(shape: &[u64], values: &[T]) -> Result<Self, TensorError> {
        let mut bytes = Vec::with_capacity(size_of_val(values));
        values.iter().for_each(|value| value.write(&mut bytes));
        Self::new(T::DTYPE, shape, bytes)
    }

    /// A tensor of this type and shape, whose size is known to be right.
    pub(crate) fn filled(spec: &TensorSpec, bytes: Vec<u8>) -> Self {
        Tensor { dtype: spec.dtype, shape: spec.shape.clone(), bytes }
    }

    /// The values.
    ///
    /// # Errors
    /// If the tensor has another element type.
    pub fn values<T: Element>(&self) -> Result<Vec<T>, TensorError> {
        if T::DTYPE != self.dtype {
            return Err(TensorError::Type { dtype: self.dtype, wanted: T::DTYPE });
        }
        Ok(self.bytes.chunks_exact(size_of::<T>()).map(T::read).collect())
    }

    /// The element type.
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// The shape.
    pub fn shape(&self) -> &[u64] {
        &self.shape
    }

    /// The elements' bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_round_trip() {
        fn check<T: Element + PartialEq + std::fmt::Debug>(values: &[T]) {
            let tensor = Tensor::from_values(&[values.len() as u64], values).unwrap();
            assert_eq!(tensor.values::<T>().unwrap(), values);
        }
        check(&[1.5f32, -0.0]);
        check(&[i64::MIN, 7]);
        check(&[u8::MAX]);
        check(&[true, false]);
        check(&[f16::from_f32(0.1)]);
        check::<f64>(&[]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let messages = [
            Tensor::from_values(&[2, 2], &[1f32; 3]).unwrap_err(),
            Tensor::new(Dtype::Int8, &[u64::MAX, 2], vec![]).unwrap_err(),
            Tensor::from_values(&[1], &[1u8]).unwrap().values::<bool>().unwrap_err(),
        ];
        assert_eq!(
            messages.map(|message| message.to_string()),
            [
                "12 bytes don't fill float32 [2, 2]",
                "0 bytes don't fill int8 [18446744073709551615, 2]",
                "a tensor of uint8 can't be read as bool",
            ]
        );
    }
}
