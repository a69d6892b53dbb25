//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use weft_frontend::onnx::ImportOptions;
use weft_passes::{Device, Level};

/// Compiles a trained neural network ahead of time to a WebAssembly module, packed weights and a little JavaScript.
#[derive(Parser)]
#[command(name = "weftc", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  weftc compile model.onnx -o dist/model                      compile; then in a page:
                                                              import { load } from './dist/model/index.js'
  weftc compile model.onnx -o dist/model --shape x=1x3x48x192 fix the shape of an input
  weftc run dist/model -i x=image.npy                         run it here, under wasmtime
  weftc run dist/model --device gpu --repeat 20               run it on this machine's GPU
  weftc inspect dist/model                                    what it is made of
  weftc compile model.onnx --emit=kernels                     see the fused kernels as MLIR";

#[derive(Subcommand)]
pub enum Command {
    /// Compile a model into a folder that a page, Node or a Rust program loads.
    Compile(CompileArgs),
    /// Run a compiled model under wasmtime, or on a GPU.
    Run(RunArgs),
    /// Tell what a compiled model or an ONNX file is made of.
    Inspect(InspectArgs),
    /// Import an ONNX file and print it as MLIR, one op a node.
    Import(ImportArgs),
}

/// What the file alone doesn't say.
#[derive(Args)]
pub struct ModelArgs {
    /// The shape of an input, e.g. `--shape x=1x3x48x192`. Repeat it for other inputs.
    #[arg(long = "shape", value_name = "INPUT=DIMS", value_parser = parse_shape)]
    pub shapes: Vec<(String, Vec<i64>)>,
    /// The value of a named dim wherever it occurs, e.g. `--dim batch=1`; or what it is at least and at most, e.g.
    /// `--dim sequence=1..128`: then one artifact runs at any value between.
    #[arg(long = "dim", value_name = "NAME=VALUE", value_parser = parse_dim)]
    pub dims: Vec<(String, (i64, i64))>,
}

impl ModelArgs {
    pub fn options(&self) -> ImportOptions {
        let (values, ranges): (Vec<_>, Vec<_>) = self.dims.iter().cloned().partition(|(_, (low, high))| low == high);
        ImportOptions {
            shapes: self.shapes.clone(),
            dims: values.into_iter().map(|(name, (value, _))| (name, value)).collect(),
            ranges,
        }
    }
}

#[derive(Args)]
pub struct CompileArgs {
    /// The model: an ONNX file, or IR text of any level (`.mlir`, with its `.blobs` beside it).
    pub input: PathBuf,
    /// The folder to write; with `--emit`, the file (standard output if absent).
    #[arg(short, long)]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub model: ModelArgs,
    /// What to compile for, the preferred first: `wasm` (the processor), `webgpu` (the graphics processor), `webgpu-f16` (the
    /// same with 16-bit floats, where the adapter has shader-f16). With several, e.g. `--device webgpu,wasm`, the page says which
    /// of them it wants.
    #[arg(long = "device", value_name = "DEVICE", value_delimiter = ',', default_value = "wasm")]
    pub devices: Vec<Device>,
    /// Which Wasm modules to make: relaxed SIMD is faster where the browser has it.
    #[arg(long, value_enum, default_value_t = Variants::Both)]
    pub variant: Variants,
    /// Make an output the next run's input, in place: `--state stateN=state`. Repeat it for others. Such an input need not be
    /// given, and `reset()` makes it what it was at first.
    #[arg(long = "state", value_name = "OUTPUT=INPUT", value_parser = parse_state)]
    pub states: Vec<(String, String)>,
    /// Make an input an image: what a page has, of any size up to `max`, is resized and normalised as the model expects it. A
    /// level from 0 to 255 becomes (level * scale - mean) / std, scale being 1/255 if it isn't given.
    /// `--preprocess x=image:resize=bilinear,order=rgb,mean=0.485,0.456,0.406,std=0.229,0.224,0.225,max=1920x1080`.
    /// resize=bilinear|nearest, fit=stretch|contain|cover (contain's margins have the level fill=0), order=rgb|bgr,
    /// layout=nchw|nhwc if the shape leaves it open. Repeat it for other inputs.
    #[arg(long = "preprocess", value_name = "INPUT=image:KEY=VALUE,...", value_parser = crate::preprocess::parse)]
    pub preprocess: Vec<weft_passes::legalize::preprocess::Image>,
    /// Stop at a level and print its MLIR instead of writing a folder.
    #[arg(long, value_name = "LEVEL")]
    pub emit: Option<Level>,
    /// Start from IR text of this level instead of an ONNX file.
    #[arg(long, value_name = "LEVEL")]
    pub compile_from: Option<Level>,
    /// Write each level's IR into a folder (`import.mlir`, `graph.mlir`, ...), to be read or compiled from.
    #[arg(long, value_name = "DIR")]
    pub dump_levels: Option<PathBuf>,
    /// Write the IR after each pass that changed it into a folder.
    #[arg(long, value_name = "DIR")]
    pub dump_passes: Option<PathBuf>,
    /// Tell what was not fused, and why.
    #[arg(long)]
    pub why: bool,
    /// Keep function names in the modules, for profilers.
    #[arg(long)]
    pub names: bool,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
    /// Print no summary and no progress.
    #[arg(short, long)]
    pub quiet: bool,
}

/// The modules of an artifact.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Variants {
    /// Only the module with relaxed SIMD.
    Relaxed,
    /// Only the module with plain SIMD, which every engine since 2021 runs.
    Simd,
    /// Both; the page takes the one that its browser can run.
    Both,
}

impl Variants {
    /// Target names, as `weft.targets` has them.
    pub fn targets(self) -> &'static str {
        match self {
            Variants::Relaxed => "wasm-relaxed",
            Variants::Simd => "wasm-simd",
            Variants::Both => "wasm-relaxed+wasm-simd",
        }
    }
}

#[derive(Args)]
pub struct RunArgs {
    /// A folder that `weftc compile` wrote.
    pub artifact: PathBuf,
    /// An input from a NumPy file, e.g. `-i x=image.npy`. Inputs not given are filled with a fixed pattern; state starts as zeros.
    #[arg(short, long = "input", value_name = "NAME=FILE", value_parser = parse_file)]
    pub inputs: Vec<(String, PathBuf)>,
    /// Write each output as `NAME.npy` into this folder.
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// What to run on; if absent, the processor where the artifact has Wasm, else a GPU.
    #[arg(long, value_enum)]
    pub device: Option<RunDevice>,
    /// Which module to run; the fastest there is if absent.
    #[arg(long, value_enum)]
    pub variant: Option<Variant>,
    /// Which GPU, by a part of its name, driver or interface: `--adapter nvidia`. A discrete one is preferred if absent.
    #[arg(long, value_name = "NAME")]
    pub adapter: Option<String>,
    /// What the GPU computes with; the first that the artifact has and the GPU can run if absent.
    #[arg(long, value_enum)]
    pub precision: Option<RunPrecision>,
    /// Run this many times and tell the median; state goes from one run to the next.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub repeat: u32,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What an artifact runs on here.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RunDevice {
    /// The processor, under wasmtime.
    Wasm,
    /// A GPU, through wgpu: Vulkan, Metal or Direct3D 12.
    #[value(alias = "webgpu")]
    Gpu,
}

/// What a GPU computes with.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RunPrecision {
    /// f32.
    Float32,
    /// f16 in storage.
    Float16,
}

/// One module of an artifact.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Variant {
    /// Relaxed SIMD.
    Relaxed,
    /// Plain SIMD.
    Simd,
}

#[derive(Args)]
pub struct InspectArgs {
    /// A folder that `weftc compile` wrote, or an ONNX file.
    pub path: PathBuf,
    #[command(flatten)]
    pub model: ModelArgs,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct ImportArgs {
    /// The ONNX file.
    pub input: PathBuf,
    #[command(flatten)]
    pub model: ModelArgs,
    /// Where to write the MLIR and its `.blobs`; standard output, without the constants' bytes, if absent.
    #[arg(short, long)]
    pub output: Option<PathBuf>,
}

fn pair(text: &str) -> Result<(&str, &str), String> {
    match text.rsplit_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok((name, value)),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

fn parse_shape(text: &str) -> Result<(String, Vec<i64>), String> {
    let (name, dims) = pair(text)?;
    let dims = dims
        .split('x')
        .map(|d| d.parse::<i64>().map_err(|_| format!("'{d}' is no extent; a shape looks like 1x3x48x192")))
        .collect::<Result<_, _>>()?;
    Ok((name.to_owned(), dims))
}

fn parse_dim(text: &str) -> Result<(String, (i64, i64)), String> {
    let (name, value) = pair(text)?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| format!("'{text}' is no number"));
    let range = match value.split_once("..") {
        Some((low, high)) => (number(low)?, number(high)?),
        None => (number(value)?, number(value)?),
    };
    Ok((name.to_owned(), range))
}

fn parse_state(text: &str) -> Result<(String, String), String> {
    let (output, input) = pair(text)?;
    Ok((output.to_owned(), input.to_owned()))
}

fn parse_file(text: &str) -> Result<(String, PathBuf), String> {
    let (name, file) = pair(text)?;
    Ok((name.to_owned(), PathBuf::from(file)))
}
