//! Passes on the graph level: nets become smaller and take the layouts that kernels want.

use crate::pass::PassInfo;

mod conv_to_matmul;
mod cse;
mod dce;
mod fold_constants;
mod materialize_padding;
mod pack_weights;
mod rewrite;

/// What runs on the graph before it is cut into kernels. (A macro, so that pipelines can be put together from literals.)
macro_rules! graph_pipeline {
    () => {
        "fold-constants,cse,conv-to-matmul,materialize-padding,pack-weights,fold-constants,cse,dce"
    };
}
pub(crate) use graph_pipeline;

/// The same as text.
pub const GRAPH_PIPELINE: &str = graph_pipeline!();

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[
    fold_constants::INFO,
    dce::INFO,
    cse::INFO,
    conv_to_matmul::INFO,
    materialize_padding::INFO,
    pack_weights::INFO,
];
