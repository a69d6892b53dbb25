//! Planned kernels to loops: one file a kernel family.

pub mod kernel;
pub mod point;

use crate::pass::PassInfo;

#[cfg(test)]
mod tests;

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[];
