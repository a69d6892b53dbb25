//! Passes on the graph level: nets become smaller and take the layouts that kernels want.

use crate::pass::PassInfo;

mod affine;
mod canonicalize;
mod collapse_shapes;
mod conv_to_matmul;
mod cse_graph;
mod dce;
mod fold_constants;
mod fold_scale;
mod hoist_init;
mod materialize_padding;
mod pack_weights;
mod pick_first;
mod raise_layer_norm;
pub(crate) mod rewrite;
mod sink_transposes;
mod turn_columns;
mod winograd;

/// What runs on the graph before it is cut into kernels.
pub const GRAPH_PIPELINE: &str = "fold-constants,cse-graph,canonicalize-graph,sink-transposes,fold-constants,pick-first,collapse-shapes,canonicalize-graph,fold-scale,\
     conv-to-matmul,turn-columns,raise-layer-norm,winograd,materialize-padding,collapse-shapes,canonicalize-graph,pack-weights,fold-constants,cse-graph,dce,\
     hoist-init";

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[
    fold_constants::INFO,
    dce::INFO,
    cse_graph::INFO,
    canonicalize::INFO,
    sink_transposes::INFO,
    fold_scale::INFO,
    conv_to_matmul::INFO,
    pick_first::INFO,
    winograd::INFO,
    materialize_padding::INFO,
    collapse_shapes::INFO,
    pack_weights::INFO,
    hoist_init::INFO,
    turn_columns::INFO,
    raise_layer_norm::INFO,
];
