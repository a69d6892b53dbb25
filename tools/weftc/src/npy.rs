//! NumPy files as tensors of the host crate.

use npyz::WriterBuilder;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;
use weft_host::{Dtype, Tensor};

/// Reads a C-order `.npy` file of a supported element type.
pub fn read(path: &Path) -> Result<Tensor, String> {
    let err = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let file = File::open(path).map_err(|e| err(&e))?;
    let npy = npyz::NpyFile::new(BufReader::new(file)).map_err(|e| err(&e))?;
    if npy.header().order() != npyz::Order::C {
        return Err(err(&"is in Fortran order; save it in C order (numpy.ascontiguousarray)"));
    }
    let shape = npy.header().shape().to_vec();
    let descr = npy.dtype().descr();
    let dtype =
        dtype_of(&descr).ok_or_else(|| err(&format!("has the element type {descr}, which no model's input has")))?;
    macro_rules! read_as {
        ($t:ty) => {
            npy.into_vec::<$t>().map_err(|e| err(&e))?.into_iter().flat_map(<$t>::to_le_bytes).collect()
        };
    }
    let bytes: Vec<u8> = match dtype {
        Dtype::Float32 => read_as!(f32),
        Dtype::Float64 => read_as!(f64),
        Dtype::Int8 => read_as!(i8),
        Dtype::Int16 => read_as!(i16),
        Dtype::Int32 => read_as!(i32),
        Dtype::Int64 => read_as!(i64),
        Dtype::Uint8 => read_as!(u8),
        Dtype::Uint16 => read_as!(u16),
        Dtype::Uint32 => read_as!(u32),
        Dtype::Uint64 => read_as!(u64),
        Dtype::Bool => npy.into_vec::<bool>().map_err(|e| err(&e))?.into_iter().map(u8::from).collect(),
        other => return Err(err(&format!("{} can't be read from .npy", other.name()))),
    };
    Tensor::new(dtype, &shape, bytes).map_err(|e| err(&e))
}

/// Writes a tensor; 16-bit floats, which `.npy` readers disagree on, as `uint16` bits.
pub fn write(path: &Path, t: &Tensor) -> Result<(), String> {
    let err = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let file = BufWriter::new(File::create(path).map_err(|e| err(&e))?);
    macro_rules! write_as {
        ($t:ty, $n:literal) => {{
            let values = t.bytes().chunks_exact($n).map(|c| {
                let mut b = [0u8; $n];
                b.copy_from_slice(c);
                <$t>::from_le_bytes(b)
            });
            let mut w = npyz::WriteOptions::<$t>::new()
                .default_dtype()
                .shape(t.shape())
                .writer(file)
                .begin_nd()
                .map_err(|e| err(&e))?;
            npyz::NpyWriter::extend(&mut w, values).map_err(|e| err(&e))?;
            w.finish().map_err(|e| err(&e))
        }};
    }
    match t.dtype() {
        Dtype::Float32 => write_as!(f32, 4),
        Dtype::Float64 => write_as!(f64, 8),
        Dtype::Int8 | Dtype::Int4 => write_as!(i8, 1),
        Dtype::Int16 => write_as!(i16, 2),
        Dtype::Int32 => write_as!(i32, 4),
        Dtype::Int64 => write_as!(i64, 8),
        Dtype::Uint16 | Dtype::Float16 | Dtype::Bfloat16 => write_as!(u16, 2),
        Dtype::Uint32 => write_as!(u32, 4),
        Dtype::Uint64 => write_as!(u64, 8),
        // Booleans, and small floats as their bits.
        _ => write_as!(u8, 1),
    }
}

/// The element type of a numpy descriptor such as `'<f4'`.
fn dtype_of(descr: &str) -> Option<Dtype> {
    let kind = descr.trim_matches('\'').trim_start_matches(['<', '|', '=']);
    Some(match kind {
        "f4" => Dtype::Float32,
        "f8" => Dtype::Float64,
        "i1" => Dtype::Int8,
        "i2" => Dtype::Int16,
        "i4" => Dtype::Int32,
        "i8" => Dtype::Int64,
        "u1" => Dtype::Uint8,
        "u2" => Dtype::Uint16,
        "u4" => Dtype::Uint32,
        "u8" => Dtype::Uint64,
        "b1" => Dtype::Bool,
        _ => return None,
    })
}
