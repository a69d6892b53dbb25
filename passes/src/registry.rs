//! All passes of ours, by name.

use crate::pass::PassInfo;

/// Every pass, in the order of the pipeline.
pub static PASSES: &[PassInfo] = &[crate::set_level::INFO];

/// The pass of a name.
pub fn find(name: &str) -> Option<&'static PassInfo> {
    PASSES.iter().find(|p| p.name == name.trim())
}
