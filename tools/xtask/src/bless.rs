//! `bless`: takes what the code gives now as what the tests expect. Read the diff before committing it.

use crate::setup;
use crate::step::{self, Error, Project, step};

/// Runs the Rust tests with both blessing switches on, then shows what changed.
pub fn run(project: &Project) -> Result<(), Error> {
    setup::build_tools(project)?;
    step("rewrite expected results", || {
        let mut test = project.cargo(["test", "--workspace", "--no-fail-fast"]);
        // WEFT_BLESS: the text tests of tests/ir. INSTA_UPDATE: snapshot files.
        step::run(test.env("WEFT_BLESS", "1").env("INSTA_UPDATE", "always"))
    })?;
    step::run(&mut project.command("git", ["--no-pager", "diff", "--stat"]))
}
