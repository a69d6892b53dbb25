//! `demo`: from a fresh checkout to a real network running in Node.

use crate::step::{Error, Project, follow, step};
use crate::{models, setup};

const MODEL: &str = "ppocrv4_cls";
const FOLDER: &str = "dist/ppocrv4_cls";

/// Sets up, builds, compiles PP-OCRv4's text direction classifier, and asks it about a drawn line of text.
pub fn run(project: &Project) -> Result<(), Error> {
    setup::build_tools(project)?;
    setup::node_packages(project)?;
    models::build_compiler(project)?;
    let pin = models::pin(project, MODEL)?;
    models::obtain(project, &pin)?;
    models::compile(project, &pin, FOLDER)?;
    step("run in Node", || {
        let mut node = project.command("node", ["tools/xtask/demo/demo.mjs", FOLDER]);
        let status = follow(&mut node, |_| ())?;
        if status.success() { Ok(()) } else { Err(Error::User(format!("the demo ended with {status}"))) }
    })
}
