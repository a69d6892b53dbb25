//! The arrows between the crates: dependencies run one way, and each crate's are listed here. A new arrow is a
//! decision about the design; make it here and in ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// For each crate of the workspace, the crates of the workspace that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("weft-dialects", &[]),
    ("weft-artifact", &[]),
    ("weft-frontend", &["weft-dialects"]),
    ("weft-passes", &["weft-dialects"]),
    ("weft-codegen", &["weft-dialects", "weft-passes", "weft-artifact"]),
    ("weft-host", &["weft-artifact"]),
    ("weftc", &["weft-frontend", "weft-dialects", "weft-passes", "weft-codegen", "weft-artifact", "weft-host"]),
    ("weft-opt", &["weft-dialects", "weft-passes"]),
    // It sets up what the compiler needs, so it can't need the compiler.
    ("xtask", &[]),
];

#[test]
fn dependencies_run_one_way() {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .output()
        .expect("cargo runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let names: BTreeSet<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    assert_eq!(names, allowed.keys().copied().collect(), "every crate is in the table, and no other");
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        // What tests use besides is their business.
        for to in dependencies.iter().filter(|d| d["kind"] != "dev").filter_map(|d| d["name"].as_str()) {
            if names.contains(to) {
                assert!(allowed[name].contains(&to), "{name} must not depend on {to}");
            }
        }
    }
}
