//! `bench`: compiled models against onnxruntime-web, in one browser.

use crate::step::{Error, Project, follow, step};
use crate::{models, setup};

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Models of tests/models/pins.json; all if none is named
    models: Vec<String>,
    /// Seconds of alternating batches per model
    #[arg(long, default_value_t = 20)]
    seconds: u32,
    /// Print JSON instead of the table
    #[arg(long)]
    json: bool,
}

/// Sets up, compiles, measures, prints.
pub fn run(project: &Project, options: &Options) -> Result<(), Error> {
    setup::everything(project)?;
    let pins = if options.models.is_empty() {
        models::pins(project)?
    } else {
        options.models.iter().map(|name| models::pin(project, name)).collect::<Result<_, _>>()?
    };
    models::build_compiler(project)?;
    for pin in &pins {
        models::obtain(project, pin)?;
        models::reference(project, pin)?;
        models::compile(project, pin, &format!("{}/{}", crate::test::ARTIFACTS, pin.name))?;
    }
    step("measure", || {
        let mut node = project.command("node", ["tools/bench/bench.mjs", "--seconds"]);
        node.arg(options.seconds.to_string());
        if options.json {
            node.arg("--json");
        }
        node.args(pins.iter().map(|pin| pin.name.as_str()));
        if let Some(chromium) = setup::chromium() {
            node.env("WEFT_CHROMIUM", chromium);
        }
        let status = follow(&mut node, |_| ())?;
        if status.success() { Ok(()) } else { Err(Error::User(format!("the benchmark ended with {status}"))) }
    })
}
