//! `test`: everything that must hold, and a closing line that counts it.

use crate::models::Pin;
use crate::step::{Error, Project, follow, step};
use crate::{conformance, lavapipe, models, setup};

/// Where tests find the compiled models, a folder each.
pub const ARTIFACTS: &str = ".cache/artifacts";

/// The model that is also compiled into one artifact for a GPU and for Wasm.
const TWO_DEVICES: &str = "ppocrv4_cls";

/// Counted test results.
#[derive(Default, Clone, Copy, PartialEq, Debug)]
struct Tally {
    passed: u64,
    failed: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Sets up and runs all tests; a failing suite does not keep the others from running.
pub fn run(project: &Project) -> Result<(), Error> {
    setup::everything(project)?;
    let pins = models::pins(project)?;
    for pin in &pins {
        models::obtain(project, pin)?;
        models::reference(project, pin)?;
    }
    conformance::generate(project)?;
    let mut total = Tally::default();
    // First, because tests of several suites run the compiled models. Where this fails the suites say so one by one.
    total.failed += match models::build_compiler(project) {
        Ok(()) => compile_all(project, &pins).into_iter().filter_map(Result::err).inspect(crate::report).count() as u64,
        Err(error) => {
            crate::report(&error);
            1
        }
    };
    let mut cargo = project.cargo(["test", "--workspace", "--no-fail-fast"]);
    lavapipe::only(project, &mut cargo)?;
    total += suite("Rust tests", &mut cargo, rust_line);
    let mut npm = project.command("npm", ["test", "--workspaces", "--if-present"]);
    npm.env("WEFT_ARTIFACTS", project.path(ARTIFACTS)).env("NO_COLOR", "1");
    lavapipe::only(project, &mut npm)?;
    if let Some(chromium) = setup::chromium() {
        npm.env("WEFT_CHROMIUM", chromium);
    }
    total += suite("Node and browser tests", &mut npm, node_line);
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { Ok(()) } else { Err(Error::User(format!("{} tests failed", total.failed))) }
}

/// Compiles all models for all that tests run them on; a model that fails doesn't keep the others from it.
fn compile_all(project: &Project, pins: &[Pin]) -> Vec<Result<(), Error>> {
    let mut results = Vec::new();
    for pin in pins {
        let folder = format!("{ARTIFACTS}/{}", pin.name);
        results.push(models::compile(project, pin, &folder));
        results.push(models::compile_open(project, pin, "wasm", &format!("{folder}@open")));
        results.push(models::compile_open(project, pin, "webgpu", &format!("{folder}@open.webgpu")));
        results.extend(models::GPU_DEVICES.map(|device| models::compile_for(project, pin, &[device], ARTIFACTS)));
        if pin.name == TWO_DEVICES {
            results.push(models::compile_for(project, pin, &["webgpu", "wasm"], ARTIFACTS));
        }
    }
    results
}

/// Runs one suite and adds up what its runner reports. A suite that fails without naming a failure counts as one.
fn suite(title: &str, command: &mut std::process::Command, line: fn(&str) -> Tally) -> Tally {
    let mut tally = Tally::default();
    let result = step(title, || {
        let status = follow(command, |text| tally += line(text))?;
        if status.success() { Ok(()) } else { Err(Error::User(format!("{title}: {status}"))) }
    });
    if let Err(error) = result {
        crate::report(&error);
        tally.failed = tally.failed.max(1);
    }
    tally
}

/// The counts in `test result: ok. 12 passed; 0 failed; ...`.
fn rust_line(line: &str) -> Tally {
    let Some(rest) = line.trim().strip_prefix("test result: ") else { return Tally::default() };
    let count = |word: &str| {
        rest.split([';', '.']).find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok()).unwrap_or(0)
    };
    Tally { passed: count("passed"), failed: count("failed") }
}

/// The counts in the closing lines of node's runner: `ℹ pass 12` or, as TAP, `# pass 12`.
fn node_line(line: &str) -> Tally {
    let mut words = line.split_whitespace();
    if !matches!(words.next(), Some("ℹ" | "#")) {
        return Tally::default();
    }
    match (words.next(), words.next().and_then(|n| n.parse().ok()), words.next()) {
        (Some("pass"), Some(passed), None) => Tally { passed, failed: 0 },
        (Some("fail" | "cancelled"), Some(failed), None) => Tally { passed: 0, failed },
        _ => Tally::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_rust_results() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(rust_line(line), Tally { passed: 12, failed: 3 });
        assert_eq!(rust_line("test a::b ... ok"), Tally::default());
    }

    #[test]
    fn counts_node_results() {
        assert_eq!(node_line("ℹ pass 7"), Tally { passed: 7, failed: 0 });
        assert_eq!(node_line("# fail 2"), Tally { passed: 0, failed: 2 });
        assert_eq!(node_line("ℹ tests 9"), Tally::default());
        assert_eq!(node_line("# pass 2 of them are slow"), Tally::default());
    }
}
