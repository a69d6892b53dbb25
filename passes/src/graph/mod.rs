//! Passes on the graph level: nets become smaller and take the layouts that kernels want.

use crate::pass::PassInfo;

mod cse;
mod dce;
mod fold_constants;
mod rewrite;

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[fold_constants::INFO, dce::INFO, cse::INFO];
