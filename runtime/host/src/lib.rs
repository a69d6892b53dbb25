//! Runs compiled models on wasmtime, or on a GPU through wgpu: in tests, from the command line, and in Rust servers.
//!
//! ```no_run
//! use weft_host::{Artifact, Session, Tensor, Variant};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let artifact = Artifact::open("dist/cls")?;
//! let mut session = Session::new(&artifact, Variant::Relaxed)?;
//! let x = Tensor::from_values(&[1, 3, 48, 192], &vec![0.5f32; 3 * 48 * 192])?;
//! for (name, y) in session.run(&[("x", x)])? {
//!     println!("{name}: {:?}", y.values::<f32>()?);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! On a GPU it is `Session::gpu(&artifact, &GpuOptions::default())?`, and all else is the same.
//!
//! Files are checked against the manifest's sizes and hashes before anything of them runs.

mod artifact;
mod error;
mod gpu;
mod machine;
mod session;
mod tensor;
mod wasm;

pub use artifact::Artifact;
pub use error::{HostError, InputError};
pub use gpu::{GpuInfo, GpuOptions, Precision};
pub use session::Session;
pub use tensor::{Element, Tensor, TensorError};
pub use weft_artifact::{Dtype, Manifest, TensorSpec, Variant};
