//! `weft-opt`: runs a pipeline on IR text of any level.

use clap::Parser;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use weft_dialects::ir::{Session, load, module_op, parse, print, print_bare};
use weft_passes::{Pipeline, RunOptions, registry};

/// Runs a pipeline of Weft's and MLIR's passes on IR text of any level, and prints the result.
///
/// Pipelines are text: `a,b{option=value},builtin.module(c,func.func(canonicalize))`. A file that names constants
/// (`dense_resource<key>`) is read together with the `.blobs` file beside it.
#[derive(Parser)]
#[command(name = "weft-opt", version, after_help = examples())]
struct Cli {
    /// The IR to read; standard input if absent or `-`.
    input: Option<PathBuf>,
    /// The pipeline to run; without one the text is only parsed, verified and printed.
    #[arg(short, long, default_value = "")]
    pipeline: String,
    /// Where to write the result (with its `.blobs`); standard output if absent.
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// Leave locations (source nodes' names) out.
    #[arg(long)]
    bare: bool,
    /// List what a pass has to say, such as fusions that did not happen, on standard error.
    #[arg(long)]
    why: bool,
    /// Print how long each pass took on standard error.
    #[arg(long)]
    timing: bool,
    /// List Weft's passes with their options, and stop.
    #[arg(long)]
    list: bool,
}

fn examples() -> &'static str {
    "Examples:\n  weft-opt kernels.mlir -p plan-memory\n  weft-opt graph.mlir -p 'fold-constants,dce' --why -o folded.mlir\n  weft-opt --list"
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("weft-opt: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<(), String> {
    if cli.list {
        for pass in registry::all() {
            println!("{}\n    {}", pass.name, pass.doc);
            for (name, doc) in pass.options {
                println!("    {name}=...: {doc}");
            }
        }
        return Ok(());
    }
    let pipeline = Pipeline::parse(&cli.pipeline).map_err(|e| e.to_string())?;
    let session = Session::new();
    let cx = session.cx();
    let mut module = match cli.input.as_deref().filter(|p| p.as_os_str() != "-") {
        Some(path) => load(cx, path).map_err(|e| e.to_string())?,
        None => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|e| format!("standard input: {e}"))?;
            parse(cx, &text).map_err(|e| e.to_string())?
        }
    };
    let mut times = Vec::new();
    let mut options =
        RunOptions { before: None, after: Some(Box::new(|text, _, took| times.push((text.to_owned(), took)))) };
    let remarks = pipeline.run(cx, &mut module, &mut options).map_err(|e| e.to_string())?;
    drop(options);
    if cli.why {
        for r in remarks {
            eprintln!("{}: {}: {}", r.pass, r.about, r.text);
        }
    }
    if cli.timing {
        for (text, took) in times {
            eprintln!("{:9.3} ms  {text}", took.as_secs_f64() * 1e3);
        }
    }
    let op = module_op(&module);
    match &cli.output {
        Some(path) => weft_dialects::ir::save(cx, op, path).map_err(|e| e.to_string()),
        None => {
            let text = if cli.bare { print_bare(op) } else { print(op) };
            match std::io::stdout().write_all(text.as_bytes()) {
                Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("standard output: {e}")),
                _ => Ok(()),
            }
        }
    }
}
