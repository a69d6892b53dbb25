//! `setup`: what has to be on the machine, and how it gets there.

use crate::lavapipe;
use crate::step::{self, Error, Project, capture, run, step};
use std::path::{Path, PathBuf};

/// Debian packages that building the compiler needs.
const BUILD_PACKAGES: &[&str] = &[
    // LLVM and MLIR: libraries, headers, the tools that the bindings ask (llvm-config, mlir-tblgen).
    "llvm-22-dev",
    "libmlir-22-dev",
    "mlir-22-tools",
    "libpolly-22-dev",
    // bindgen reads MLIR's C headers.
    "clang-22",
    "libclang-22-dev",
    "lld-22",
    // What LLVM's static libraries link, and the linker driver.
    "zlib1g-dev",
    "libzstd-dev",
    "libxml2-dev",
    "g++",
];
/// Debian packages that tests and benchmarks need besides.
const TEST_PACKAGES: &[&str] = &["chromium"];
/// Python with pip or venv, where the machine's Python has been split into packages.
const PYTHON_PACKAGES: &[&str] = &["python3-venv", "python3-pip"];
/// Where Debian's packages put LLVM.
const DEBIAN_LLVM: &str = "/usr/lib/llvm-22";
/// The oldest Node that runs the tools and the artifacts' tests.
const NODE_MAJOR: u32 = 20;

/// Python of the private environment that holds the reference packages.
pub const VENV_PYTHON: &str = ".cache/venv/bin/python";
/// What is installed in it, at which versions.
pub const REQUIREMENTS: &str = "tests/models/requirements.txt";
const VENV_STAMP: &str = ".cache/venv/requirements.txt";
const LOCKFILE: &str = "package-lock.json";
const NODE_STAMP: &str = "node_modules/.installed-lock.json";

/// Everything that any command needs.
pub fn everything(project: &Project) -> Result<(), Error> {
    build_tools(project)?;
    browser(project)?;
    lavapipe::install(project)?;
    node_packages(project)?;
    python_packages(project)
}

/// LLVM and MLIR 22, and a linker.
pub fn build_tools(project: &Project) -> Result<(), Error> {
    step("LLVM and MLIR 22", || {
        // Debian's folder is only as complete as the packages say; any other one is the user's own.
        if let Some(prefix) = complete_llvm().filter(|prefix| prefix != DEBIAN_LLVM || !has_apt()) {
            eprintln!("    using {prefix} (MLIR_SYS_220_PREFIX)");
            return Ok(());
        }
        apt_install(
            project,
            BUILD_PACKAGES,
            "LLVM, MLIR, clang and lld 22 with their development files (headers, static libraries, llvm-config, mlir-tblgen), \
             a C++ compiler, zlib, zstd and libxml2; then point MLIR_SYS_220_PREFIX, TABLEGEN_220_PREFIX and \
             LLVM_SYS_221_PREFIX at LLVM's folder and LIBCLANG_PATH at its lib",
        )
    })
}

/// Chromium.
pub fn browser(project: &Project) -> Result<(), Error> {
    step("Chromium", || {
        if chromium().is_some() {
            return Ok(());
        }
        if let Some(path) = std::env::var_os("WEFT_CHROMIUM") {
            return Err(Error::User(format!("WEFT_CHROMIUM names {}, which is not there", path.display())));
        }
        apt_install(project, TEST_PACKAGES, "Chromium; then set WEFT_CHROMIUM to its program")
    })
}

/// Chromium's program: $WEFT_CHROMIUM, else where Debian puts it.
pub fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("WEFT_CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into());
    Some(PathBuf::from(path)).filter(|path| path.exists())
}

/// Node, and the packages of the lock file.
pub fn node_packages(project: &Project) -> Result<(), Error> {
    step("Node packages", || {
        let version = capture(&mut project.command("node", ["--version"]))?;
        let major = version.trim_start_matches('v').split('.').next().and_then(|n| n.parse::<u32>().ok());
        if major.is_none_or(|major| major < NODE_MAJOR) {
            return Err(Error::User(format!("Node {NODE_MAJOR} or newer is needed, found {}", version.trim())));
        }
        if project.is_current(NODE_STAMP, LOCKFILE) {
            return Ok(());
        }
        run(&mut project.command("npm", ["ci", "--ignore-scripts"]))?;
        project.set_current(NODE_STAMP, LOCKFILE)
    })
}

/// The reference packages (numpy, onnx, onnxruntime) in a private environment, for tests and benchmarks only.
pub fn python_packages(project: &Project) -> Result<(), Error> {
    step("Python reference packages", || {
        if project.is_current(VENV_STAMP, REQUIREMENTS) {
            return Ok(());
        }
        private_environment(project)?;
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
        run(&mut project.command(project.path(VENV_PYTHON), install))?;
        project.set_current(VENV_STAMP, REQUIREMENTS)
    })
}

/// A Python that has pip: the machine's own, or a private one made for it.
pub fn python_with_pip(project: &Project) -> Result<PathBuf, Error> {
    let venv = project.path(VENV_PYTHON);
    if venv.exists() {
        return Ok(venv);
    }
    if capture(&mut project.command("python3", ["-m", "pip", "--version"])).is_ok() {
        return Ok("python3".into());
    }
    private_environment(project)?;
    Ok(venv)
}

/// Makes .cache/venv unless it is there.
fn private_environment(project: &Project) -> Result<(), Error> {
    if project.path(VENV_PYTHON).exists() {
        return Ok(());
    }
    capture(&mut project.command("python3", ["--version"]))?;
    if capture(&mut project.command("python3", ["-c", "import venv, ensurepip"])).is_err() {
        apt_install(project, PYTHON_PACKAGES, "Python's venv and ensurepip modules")?;
    }
    run(&mut project.command("python3", ["-m", "venv", "--clear", ".cache/venv"]))
}

/// The folder that MLIR_SYS_220_PREFIX names, if LLVM and MLIR's development files are in it.
fn complete_llvm() -> Option<String> {
    let prefix = std::env::var("MLIR_SYS_220_PREFIX").ok()?;
    ["bin/llvm-config", "include/mlir-c/IR.h"]
        .iter()
        .all(|file| Path::new(&prefix).join(file).exists())
        .then_some(prefix)
}

fn has_apt() -> bool {
    Path::new("/usr/bin/apt-get").exists()
}

/// Installs what `packages` are missing; `otherwise` names them for a machine without apt.
fn apt_install(project: &Project, packages: &[&str], otherwise: &str) -> Result<(), Error> {
    if !has_apt() {
        return Err(Error::User(format!(
            "this machine has no apt-get, so nothing was installed.\nInstall by hand: {otherwise}.\n(On Debian and Ubuntu: {}.)",
            packages.join(" ")
        )));
    }
    let missing: Vec<&str> = packages.iter().copied().filter(|name| !is_installed(project, name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut words = vec!["apt-get", "install", "--yes", "--no-install-recommends"];
    words.extend(&missing);
    let mut install = as_root(project, &words)?;
    eprintln!("    missing: {}", missing.join(" "));
    eprintln!("    will run: {}", step::display(&install));
    run(&mut as_root(project, &["apt-get", "update", "-qq"])?)?;
    let unknown: Vec<&str> = missing.iter().copied().filter(|name| !has_candidate(project, name)).collect();
    if !unknown.is_empty() {
        return Err(Error::User(format!(
            "apt's configured sources do not offer: {}.\nAdd a source that does (LLVM's own for Debian and Ubuntu is described at \
             apt.llvm.org) and run this again, or install by hand: {otherwise}.",
            unknown.join(" ")
        )));
    }
    run(install.env("DEBIAN_FRONTEND", "noninteractive"))
}

fn is_installed(project: &Project, package: &str) -> bool {
    capture(&mut project.command("dpkg-query", ["-W", "-f=${db:Status-Status}", package]))
        .is_ok_and(|status| status.trim() == "installed")
}

fn has_candidate(project: &Project, package: &str) -> bool {
    // Ubuntu's "chromium" is absent or only starts a snap, whose confinement keeps it from our files.
    capture(&mut project.command("apt-cache", ["policy", package])).is_ok_and(|policy| {
        policy
            .lines()
            .find_map(|line| line.trim().strip_prefix("Candidate:"))
            .is_some_and(|version| !version.contains("(none)") && !version.contains("snap"))
    })
}

/// The command as root: as it is, or through sudo.
fn as_root(project: &Project, words: &[&str]) -> Result<std::process::Command, Error> {
    let user = capture(&mut project.command("id", ["-u"]))?;
    if user.trim() == "0" {
        return Ok(project.command(words[0], &words[1..]));
    }
    if capture(&mut project.command("sudo", ["--version"])).is_ok() {
        return Ok(project.command("sudo", words));
    }
    Err(Error::User(format!("root is needed, and sudo is not here. Run as root: {}", words.join(" "))))
}
