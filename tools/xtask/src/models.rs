//! The models of tests and benchmarks: pinned in tests/models/pins.json, kept in the ignored folder .cache.

use crate::setup;
use crate::step::{Error, Project, run, step};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::process::Command;

/// The GPU devices that models are compiled for, in tests and benchmarks: one a precision.
pub const GPU_DEVICES: [&str; 2] = ["webgpu", "webgpu-f16"];

/// One entry of pins.json.
#[derive(Deserialize)]
pub struct Pin {
    /// Name that the commands use, and stem of the file in .cache/models.
    pub name: String,
    /// The script in tests/models that makes the model; absent for a fetched one.
    pub script: Option<String>,
    /// Shape of every input that is measured and tested.
    pub shapes: BTreeMap<String, Vec<u64>>,
    /// The dim that a second artifact leaves open.
    pub open: Option<Open>,
}

/// How a model is compiled with an open dim.
#[derive(Deserialize)]
pub struct Open {
    /// The dim's name.
    dim: String,
    /// Its least and its largest value.
    range: [u64; 2],
    /// The other unknown dims.
    fixed: BTreeMap<String, u64>,
}

impl Pin {
    /// The model's file, from the root folder.
    fn file(&self) -> String {
        format!(".cache/models/{}.onnx", self.name)
    }
}

/// All pins.
pub fn pins(project: &Project) -> Result<Vec<Pin>, Error> {
    let path = project.path("tests/models/pins.json");
    let text =
        std::fs::read_to_string(&path).map_err(|source| Error::File { action: "read", path: path.clone(), source })?;
    serde_json::from_str(&text).map_err(|error| Error::User(format!("{}: {error}", path.display())))
}

/// The pin called `name`.
pub fn pin(project: &Project, name: &str) -> Result<Pin, Error> {
    let mut pins = pins(project)?;
    match pins.iter().position(|pin| pin.name == name) {
        Some(index) => Ok(pins.swap_remove(index)),
        None => {
            let known: Vec<_> = pins.iter().map(|pin| pin.name.as_str()).collect();
            Err(Error::User(format!("no model is called {name}; tests/models/pins.json has {}", known.join(", "))))
        }
    }
}

/// Makes sure that the model is in the cache, by fetching or making it.
pub fn obtain(project: &Project, pin: &Pin) -> Result<(), Error> {
    step(&format!("model {}", pin.name), || match &pin.script {
        None => {
            // Verifies the checksum also of a file that is already there.
            let python = setup::python_with_pip(project)?;
            run(&mut project.command(python, ["tests/models/fetch.py", &pin.name]))
        }
        Some(script) => {
            let script = format!("tests/models/{script}");
            if project.is_newer(&pin.file(), &[&script, "tests/models/network.py"]) {
                return Ok(());
            }
            run(&mut project.command(project.path(setup::VENV_PYTHON), [script]))
        }
    })
}

/// Makes sure that inputs and onnxruntime's outputs for the model are in the cache.
pub fn reference(project: &Project, pin: &Pin) -> Result<(), Error> {
    let signature = format!(".cache/reference/{}/signature.json", pin.name);
    if project.is_newer(
        &signature,
        &[&pin.file(), "tests/models/reference.py", "tests/models/picture.py", "tests/models/pins.json"],
    ) {
        return Ok(());
    }
    step(&format!("reference of {}", pin.name), || {
        run(&mut project.command(project.path(setup::VENV_PYTHON), ["tests/models/reference.py", &pin.name]))
    })
}

/// Compiles the model into `folder` with all variants, by the compiler of this checkout.
pub fn compile(project: &Project, pin: &Pin, folder: &str) -> Result<(), Error> {
    step(&format!("compile {}", pin.name), || run(weftc(project, pin, "compile").args(["-o", folder])))
}

/// Compiles the model for devices, preferred first, into `artifacts`/NAME.DEVICE or NAME.DEVICE+DEVICE.
pub fn compile_for(project: &Project, pin: &Pin, devices: &[&str], artifacts: &str) -> Result<(), Error> {
    step(&format!("compile {} for {}", pin.name, devices.join(" and ")), || {
        let folder = format!("{artifacts}/{}.{}", pin.name, devices.join("+"));
        run(weftc(project, pin, "compile").args(["--device", &devices.join(","), "-o", &folder]))
    })
}

/// Compiles the model with its open dim, if it has one, for a device.
pub fn compile_open(project: &Project, pin: &Pin, device: &str, folder: &str) -> Result<(), Error> {
    let Some(Open { dim, range: [low, high], fixed }) = &pin.open else { return Ok(()) };
    step(&format!("compile {} for any {dim}, for {device}", pin.name), || {
        let mut command = project.command(project.path("target/debug/weftc"), ["compile", &pin.file()]);
        command.args(["--device", device, "-o", folder, "--dim", &format!("{dim}={low}..{high}")]);
        for (name, value) in fixed {
            command.args(["--dim", &format!("{name}={value}")]);
        }
        run(&mut command)
    })
}

/// The command that tells what the model's file is made of, as JSON.
pub fn inspect(project: &Project, pin: &Pin) -> Command {
    let mut command = weftc(project, pin, "inspect");
    command.arg("--json");
    command
}

/// A command of this checkout's compiler on the model.
fn weftc(project: &Project, pin: &Pin, subcommand: &str) -> Command {
    let mut command = project.command(project.path("target/debug/weftc"), [subcommand]);
    command.arg(pin.file());
    for (input, dims) in &pin.shapes {
        let dims: Vec<_> = dims.iter().map(u64::to_string).collect();
        command.args(["--shape".to_owned(), format!("{input}={}", dims.join("x"))]);
    }
    command
}

/// Builds the compiler.
pub fn build_compiler(project: &Project) -> Result<(), Error> {
    step("build weftc", || run(&mut project.cargo(["build", "--package", "weftc"])))
}
