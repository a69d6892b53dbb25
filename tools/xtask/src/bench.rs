//! `bench`: compiled models against onnxruntime-web, or single kernels against the machine's roof, in one browser; or
//! models on a GPU, on Dawn in Node.

use crate::models::Pin;
use crate::step::{Error, Project, follow, step};
use crate::{lavapipe, models, setup};

/// What is measured on a GPU if no model is named.
const GPU_MODELS: [&str; 4] = ["mobilenetv2", "resnet50", "bert", "ppocrv4_det"];

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Models of tests/models/pins.json; all if none is named. With --kernels: parts of the kernels' names
    models: Vec<String>,
    /// Measure single kernels against the roof of memory and arithmetic instead of models
    #[arg(long)]
    kernels: bool,
    /// Measure on a GPU, against onnxruntime-web's WebGPU provider; four models if none is named
    #[arg(long, conflicts_with = "kernels")]
    gpu: bool,
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
    let seconds = options.seconds.to_string();
    if options.kernels {
        models::build_compiler(project)?;
        return measure(project, options, &["tools/bench/kernels.mjs"], options.models.iter().map(String::as_str));
    }
    if options.gpu {
        let names = GPU_MODELS.map(str::to_owned);
        let pins = chosen(project, if options.models.is_empty() { &names } else { &options.models })?;
        prepare(project, &pins, |pin| {
            models::GPU_DEVICES
                .iter()
                .try_for_each(|device| models::compile_for(project, pin, &[device], crate::test::ARTIFACTS))
        })?;
        return measure(
            project,
            options,
            &["--liftoff-only", "tools/bench/gpu.mjs", "--seconds", &seconds],
            names_of(&pins),
        );
    }
    let pins = if options.models.is_empty() { models::pins(project)? } else { chosen(project, &options.models)? };
    prepare(project, &pins, |pin| models::compile(project, pin, &format!("{}/{}", crate::test::ARTIFACTS, pin.name)))?;
    measure(project, options, &["tools/bench/bench.mjs", "--seconds", &seconds], names_of(&pins))
}

/// The pins with these names.
fn chosen(project: &Project, names: &[String]) -> Result<Vec<Pin>, Error> {
    names.iter().map(|name| models::pin(project, name)).collect()
}

fn names_of(pins: &[Pin]) -> impl Iterator<Item = &str> {
    pins.iter().map(|pin| pin.name.as_str())
}

/// Makes sure that models and references are there, and compiles the models.
fn prepare(project: &Project, pins: &[Pin], compile: impl Fn(&Pin) -> Result<(), Error>) -> Result<(), Error> {
    models::build_compiler(project)?;
    for pin in pins {
        models::obtain(project, pin)?;
        models::reference(project, pin)?;
        compile(pin)?;
    }
    Ok(())
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
        if options.gpu {
            lavapipe::also(project, &mut node)?;
        }
        if let Some(chromium) = setup::chromium() {
            node.env("WEFT_CHROMIUM", chromium);
        }
        let status = follow(&mut node, |_| ())?;
        if status.success() { Ok(()) } else { Err(Error::User(format!("the benchmark ended with {status}"))) }
    })
}
