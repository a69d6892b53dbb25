//! Passes: MLIR to MLIR. One file a pass; [`registry`] names them; [`pipeline`] runs text pipelines of ours and
//! upstream's; [`target`] is the target model that layout, fusion, planning and scheduling read.

mod fork_devices;
pub mod graph;
pub mod grid;
pub mod kernels;
pub mod legalize;
pub mod level;
pub mod lower;
pub mod machine;
pub mod parts;
pub mod pass;
pub mod pipeline;
pub mod registry;
mod set_level;
pub mod target;

pub use level::Level;
pub use pass::{PassCx, PassError, PassInfo, Remark};
pub use pipeline::{Pipeline, PipelineError, RunOptions};
pub use target::{Device, Target};
