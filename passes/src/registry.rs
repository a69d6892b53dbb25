//! All passes of ours, by name.

use crate::pass::PassInfo;

/// Every pass, in the order of the pipeline.
pub static PASSES: &[&[PassInfo]] = &[
    crate::legalize::PASSES,
    &[crate::fork_devices::INFO],
    crate::graph::PASSES,
    crate::kernels::PASSES,
    crate::lower::PASSES,
    crate::grid::PASSES,
    crate::machine::PASSES,
    &[crate::set_level::INFO],
];

/// The pass of a name.
pub fn find(name: &str) -> Option<&'static PassInfo> {
    all().find(|p| p.name == name.trim())
}

/// All passes.
pub fn all() -> impl Iterator<Item = &'static PassInfo> {
    PASSES.iter().copied().flatten()
}
