//! From the graph to planned kernels: fusion, outlining, memory planning, the fork by target, scheduling.

use crate::pass::PassInfo;

pub(crate) mod cluster;
mod flops;
mod fork;
mod fuse;
mod inline_scalars;
pub(crate) mod outline;
mod partition;
pub mod plan;
mod schedule;
mod share;
mod split_concat;
pub mod state;
mod to_half;

/// The passes of this module.
pub const PASSES: &[PassInfo] = &[
    inline_scalars::INFO,
    fuse::INFO,
    to_half::INFO,
    share::INFO,
    partition::INFO,
    plan::INFO,
    fork::INFO,
    schedule::INFO,
];
