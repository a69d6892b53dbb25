//! Passes on the graph level: nets become smaller and take the layouts that kernels want.

use crate::pass::PassInfo;

mod affine;
mod canonicalize;
mod collapse_shapes;
mod conv_to_matmul;
mod cse;
mod dce;
mod fold_constants;
mod fold_scale;
mod materialize_padding;
mod pack_weights;
mod rewrite;
mod sink_transposes;

/// What runs on the graph before it is cut into kernels. (A macro, so that pipelines can be put together from literals.)
macro_rules! graph_pipeline {
    () => {
        "fold-constants,cse,canonicalize-graph,sink-transposes,fold-constants,collapse-shapes,canonicalize-graph,fold-scale,\
         conv-to-matmul,materialize-padding,collapse-shapes,canonicalize-graph,pack-weights,fold-constants,cse,dce"
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
    canonicalize::INFO,
    sink_transposes::INFO,
    fold_scale::INFO,
    conv_to_matmul::INFO,
    materialize_padding::INFO,
    collapse_shapes::INFO,
    pack_weights::INFO,
];
