//! The project's own commands, run as `cargo xtask COMMAND`.
//!
//! This crate builds without LLVM and MLIR, because installing those is its first job. Every step says on
//! stderr what it does, prints a command before running it, and does nothing that is already done.

mod bench;
mod bless;
mod conformance;
mod demo;
mod lavapipe;
mod models;
mod setup;
mod step;
mod test;

use clap::{Parser, Subcommand};
use step::{Error, Project};

/// Weft's development commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing: LLVM/MLIR 22, Chromium, lavapipe (apt), Node packages (npm ci), reference packages (venv)
    Setup,
    /// Fetch a real model, compile it, let it read a line of text from a picture in Node
    Demo(demo::Options),
    /// Set up, then run all tests: Rust, Node, browser
    Test,
    /// Measure compiled models against onnxruntime-web, in one headless Chromium or on a GPU
    Bench(bench::Options),
    /// Run the ONNX project's node tests on compiled artifacts and write tests/conformance/REPORT.md or REPORT-GPU.md
    Conformance(conformance::Options),
    /// Rewrite the expected IR in tests/ir and the snapshots from what the code gives now (then read the diff)
    Bless,
}

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    let result = Project::find().and_then(|project| match cli.command {
        Command::Setup => setup::everything(&project),
        Command::Demo(options) => demo::run(&project, &options),
        Command::Test => test::run(&project),
        Command::Bench(options) => bench::run(&project, &options),
        Command::Conformance(options) => conformance::run_suite(&project, &options),
        Command::Bless => bless::run(&project),
    });
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            std::process::ExitCode::FAILURE
        }
    }
}

/// Prints an error with the chain of its causes.
fn report(error: &Error) {
    eprintln!("error: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        eprintln!("  caused by: {error}");
        cause = error.source();
    }
}
