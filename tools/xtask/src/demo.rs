//! `demo`: from a fresh checkout to a real network reading a picture in Node.

use crate::step::{Error, Project, capture, follow, step};
use crate::{models, setup};
use std::path::PathBuf;

const MODEL: &str = "ppocrv4_rec";
const FOLDER: &str = "dist/ppocrv4_rec";
/// What the ONNX file says besides its graph: the recogniser's characters.
const ABOUT: &str = "dist/ppocrv4_rec.json";
const PICTURE: &str = "tools/xtask/demo/line.png";

/// What to read.
#[derive(clap::Args)]
pub struct Options {
    /// A PNG with one line of text; a picture that comes with Weft if absent
    picture: Option<PathBuf>,
}

/// Sets up, builds, compiles PP-OCRv4's text recogniser, and lets it read a line of text.
pub fn run(project: &Project, options: &Options) -> Result<(), Error> {
    let given = |path: &PathBuf| {
        path.canonicalize().map_err(|source| Error::File { action: "read", path: path.clone(), source })
    };
    let picture = options.picture.as_ref().map(given).transpose()?.unwrap_or_else(|| project.path(PICTURE));
    setup::build_tools(project)?;
    setup::node_packages(project)?;
    models::build_compiler(project)?;
    let pin = models::pin(project, MODEL)?;
    models::obtain(project, &pin)?;
    models::compile(project, &pin, FOLDER)?;
    let about = capture(&mut models::inspect(project, &pin))?;
    let file = project.path(ABOUT);
    std::fs::write(&file, about).map_err(|source| Error::File { action: "write", path: file, source })?;
    step("run in Node", || {
        let mut node = project.command("node", ["tools/xtask/demo/demo.mjs", FOLDER, ABOUT]);
        let status = follow(node.arg(&picture), |_| ())?;
        if status.success() { Ok(()) } else { Err(Error::User(format!("the demo ended with {status}"))) }
    })
}
