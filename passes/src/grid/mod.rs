//! The loops level of targets that run kernels as grids of workgroups: what stands between `lower-kernels` and the emitter.

mod integers;
mod mark_images;
mod to_grid;

use crate::pass::PassInfo;

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[mark_images::INFO, to_grid::INFO, integers::INFO];
