//! `bench`: compiled models against onnxruntime-web, or single kernels against the machine's roof, in one browser.

use crate::step::{Error, Project, follow, step};
use crate::{models, setup};

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Models of tests/models/pins.json; all if none is named. With --kernels: parts of the kernels' names
    models: Vec<String>,
    /// Measure single kernels against the roof of memory and arithmetic instead of models
    #[arg(long)]
    kernels: bool,
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
    if options.kernels {
        models::build_compiler(project)?;
        return measure(project, options, &["tools/bench/kernels.mjs"], options.models.iter().map(String::as_str));
    }
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
    let seconds = options.seconds.to_string();
    let names = pins.iter().map(|pin| pin.name.as_str());
    measure(project, options, &["tools/bench/bench.mjs", "--seconds", &seconds], names)
}

/// Runs a benchmark's script.
fn measure<'a>(
    project: &Project,
    options: &Options,
    script: &[&str],
    names: impl Iterator<Item = &'a str>,
) -> Result<(), Error> {
    step("measure", || {
        let mut node = project.command("node", script);
        if options.json {
            node.arg("--json");
        }
        node.args(names);
        if let Some(chromium) = setup::chromium() {
            node.env("WEFT_CHROMIUM", chromium);
        }
        let status = follow(&mut node, |_| ())?;
        if status.success() { Ok(()) } else { Err(Error::User(format!("the benchmark ended with {status}"))) }
    })
}
