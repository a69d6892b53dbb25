//! `weftc`: compiles a trained neural network to WebAssembly, ahead of time.

mod cli;
mod compile;
mod driver;
mod import;
mod inspect;
mod npy;
mod preprocess;
mod progress;
mod report;
mod run;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let outcome = match &cli.command {
        cli::Command::Compile(args) => compile::run(args),
        cli::Command::Run(args) => run::run(args),
        cli::Command::Inspect(args) => inspect::run(args),
        cli::Command::Import(args) => import::run(args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
