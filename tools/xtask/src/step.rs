//! Steps, commands and paths: what every subcommand is made of.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Why a step did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program could not be started.
    #[error("cannot start `{command}`: is {program} installed and on PATH?")]
    Start {
        /// The command line.
        command: String,
        /// Its program.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A program ran and failed.
    #[error("`{command}` failed ({status})")]
    Failed {
        /// The command line.
        command: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was tried: "read", "write", ...
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Anything the user has to put right by hand; the text says how.
    #[error("{0}")]
    User(String),
}

/// The checkout that the commands work on.
pub struct Project {
    /// Its root folder.
    pub root: PathBuf,
}

impl Project {
    /// The workspace this crate was built in.
    pub fn find() -> Result<Self, Error> {
        let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = crate_folder.ancestors().nth(2).unwrap_or(crate_folder);
        root.canonicalize().map(|root| Self { root }).map_err(|source| Error::File {
            action: "find the workspace",
            path: root.into(),
            source,
        })
    }

    /// A path in the checkout.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A command that runs in the root folder.
    pub fn command<I, S>(&self, program: impl AsRef<OsStr>, arguments: I) -> Command
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root);
        command
    }

    /// Cargo itself, the one that started this command.
    pub fn cargo<I, S>(&self, arguments: I) -> Command
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments)
    }

    /// Whether `made` exists and none of `sources` has changed since.
    pub fn is_newer(&self, made: &str, sources: &[&str]) -> bool {
        let time = |path: &str| std::fs::metadata(self.path(path)).and_then(|data| data.modified()).ok();
        time(made).is_some_and(|made| sources.iter().all(|source| time(source).is_some_and(|source| source <= made)))
    }

    /// Whether `stamp` was last written with the content that `source` has now.
    pub fn is_current(&self, stamp: &str, source: &str) -> bool {
        match (std::fs::read(self.path(stamp)), std::fs::read(self.path(source))) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        }
    }

    /// Makes `stamp` say that `source` was dealt with.
    pub fn set_current(&self, stamp: &str, source: &str) -> Result<(), Error> {
        let path = self.path(stamp);
        std::fs::copy(self.path(source), &path).map(drop).map_err(|source| Error::File {
            action: "write",
            path,
            source,
        })
    }
}

/// Announces a step, runs it, and says how long it took.
pub fn step<T>(title: &str, body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    eprintln!("==> {title}");
    let start = Instant::now();
    let result = body();
    let verdict = if result.is_ok() { "done" } else { "FAILED" };
    eprintln!("    {verdict} in {:.1} s: {title}", start.elapsed().as_secs_f64());
    result
}

/// The command as one would type it.
pub fn display(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| {
            let word = word.to_string_lossy();
            if word.is_empty() || word.contains([' ', '\'', '"', '$', '*']) {
                format!("'{}'", word.replace('\'', r"'\''"))
            } else {
                word.into_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Prints the command, runs it with this terminal, and expects success.
pub fn run(command: &mut Command) -> Result<(), Error> {
    eprintln!("    $ {}", display(command));
    // Standard output belongs to results (`--json`): tools that chatter on it are sent to stderr.
    let status = command.stdout(std::io::stderr()).status().map_err(|e| start_error(command, e))?;
    expect_success(command, status)
}

/// Runs the command quietly; its standard output if it succeeds.
pub fn capture(command: &mut Command) -> Result<String, Error> {
    let output = command.stderr(Stdio::null()).output().map_err(|e| start_error(command, e))?;
    expect_success(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Prints and runs the command, hands each line of its standard output to `line` as well as to this one's.
/// Returns how it ended, failure included.
pub fn follow(command: &mut Command, mut line: impl FnMut(&str)) -> Result<std::process::ExitStatus, Error> {
    eprintln!("    $ {}", display(command));
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|e| start_error(command, e))?;
    if let Some(stdout) = child.stdout.take() {
        for text in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
            let text = String::from_utf8_lossy(&text);
            println!("{text}");
            line(&text);
        }
    }
    child.wait().map_err(|e| start_error(command, e))
}

fn start_error(command: &Command, source: std::io::Error) -> Error {
    let program = command.get_program().to_string_lossy().into_owned();
    Error::Start { command: display(command), program, source }
}

fn expect_success(command: &Command, status: std::process::ExitStatus) -> Result<(), Error> {
    if status.success() { Ok(()) } else { Err(Error::Failed { command: display(command), status }) }
}
