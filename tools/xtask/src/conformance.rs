//! `conformance`: the ONNX project's node tests, and random ones, on compiled artifacts.

use crate::step::{Error, Project, follow, run, step};
use crate::{lavapipe, models, setup};

/// Each suite's generator, and what it writes last.
const SUITES: [(&str, &str); 2] = [
    ("tests/conformance/generate.py", ".cache/conformance/index.json"),
    ("tests/conformance/random_tests.py", ".cache/conformance/random/index.json"),
];

/// Which tests to run, and what to print.
#[derive(clap::Args)]
pub struct Options {
    /// The device that tests are compiled for and run on
    #[arg(long, default_value = "wasm", value_parser = ["wasm", "webgpu"])]
    device: String,
    /// Only tests with this in their name; the report is left as it is
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Instead, the random tests of single operators against onnxruntime
    #[arg(long)]
    random: bool,
    /// Print all results as JSON
    #[arg(long)]
    json: bool,
}

/// Sets up, generates, compiles, runs, and writes tests/conformance/REPORT.md, or REPORT-GPU.md.
pub fn run_suite(project: &Project, options: &Options) -> Result<(), Error> {
    setup::build_tools(project)?;
    setup::node_packages(project)?;
    setup::python_packages(project)?;
    if options.device == "webgpu" {
        lavapipe::install(project)?;
    }
    generate(project)?;
    models::build_compiler(project)?;
    step("conformance", || {
        let mut node = project.command("node", ["tests/conformance/run.mjs", "--device", &options.device]);
        if options.device == "webgpu" {
            lavapipe::only(project, &mut node)?;
        }
        if let Some(text) = &options.filter {
            node.args(["--filter", text]);
        }
        if options.random {
            node.arg("--random");
        }
        if options.json {
            node.arg("--json");
        }
        let status = follow(&mut node, |_| ())?;
        if status.success() { Ok(()) } else { Err(Error::User(format!("conformance: {status}"))) }
    })
}

/// Makes sure that the tests' models, inputs and outputs are in the cache.
pub fn generate(project: &Project) -> Result<(), Error> {
    for (generator, index) in SUITES {
        if !project.is_newer(index, &[generator, SUITES[0].0, setup::REQUIREMENTS]) {
            step("conformance tests", || run(&mut project.command(project.path(setup::VENV_PYTHON), [generator])))?;
        }
    }
    Ok(())
}
