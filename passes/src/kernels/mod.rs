//! From the graph to planned kernels: fusion, outlining, memory planning, scheduling.

use crate::pass::PassInfo;

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[];
