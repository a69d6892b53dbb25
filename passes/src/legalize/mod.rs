//! The import level to the graph level: one file an operator family.

use crate::pass::PassInfo;

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[];
