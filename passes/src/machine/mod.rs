//! Loops to the machine level.

use crate::pass::PassInfo;

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[];
