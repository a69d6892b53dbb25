//! `set-level`: the end of a level's pipeline.

use crate::level::Level;
use crate::pass::{PassCx, PassInfo};
use weft_dialects::ir::{Op, OpError, OpExt};

pub const INFO: PassInfo = PassInfo {
    name: "set-level",
    doc: "Marks the module as being at a level.",
    options: &[("level", "the level's name")],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let level: Level = pcx
        .option("level")
        .unwrap_or_default()
        .parse()
        .map_err(|message: String| vec![OpError::new(module, message)])?;
    module.set_attr("weft.level", pcx.cx.str_attr(level.name()));
    Ok(())
}
