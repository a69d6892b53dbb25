//! Passes on the graph level.

use crate::pass::PassInfo;

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[];
