//! Planned kernels to loops: one file a kernel family.

use crate::pass::PassInfo;

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[];
