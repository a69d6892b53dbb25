//! Passes on the graph level: nets become smaller and take the layouts that kernels want.

use crate::pass::PassInfo;

mod conv_to_matmul;
mod cse;
mod dce;
mod fold_constants;
mod materialize_padding;
mod pack_weights;
mod rewrite;

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[
    fold_constants::INFO,
    dce::INFO,
    cse::INFO,
    conv_to_matmul::INFO,
    materialize_padding::INFO,
    pack_weights::INFO,
];
