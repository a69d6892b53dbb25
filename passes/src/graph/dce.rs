//! `dce`: ops without effect whose results nobody uses are removed. (Upstream's pass keeps `nn` ops, whose purity it
//! can't know.)

use crate::pass::{PassCx, PassInfo};
use weft_dialects::ir::{Op, OpError};

/// The pass.
pub const INFO: PassInfo =
    PassInfo { name: "dce", doc: "Removes unused ops without effects, by our purity table.", options: &[], run };

fn run<'c>(_: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    super::rewrite::erase_dead(module);
    Ok(())
}
