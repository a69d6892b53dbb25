//! The command line on bad input: a clear message, exit status 1 (usage: 2), and nothing left behind.

use std::path::Path;
use std::process::{Command, Output};

fn weftc(args: &[&str], dir: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weftc")).args(args).current_dir(dir).output().expect("weftc starts")
}

/// Runs `weftc` on files it must refuse; returns the message. Nothing but the files given may be there afterwards.
fn refused(files: &[(&str, &[u8])], args: &[&str]) -> String {
    let tmp = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(tmp.path().join(name), bytes).unwrap();
    }
    let out = weftc(args, tmp.path());
    let stderr = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(1), "{stderr}");
    assert!(out.stdout.is_empty(), "nothing but results goes to standard output");
    assert!(!stderr.contains("panicked"), "{stderr}");
    let mut left: Vec<_> =
        std::fs::read_dir(tmp.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    left.sort();
    let mut given: Vec<_> = files.iter().map(|f| f.0.to_owned()).collect();
    given.sort();
    assert_eq!(left, given, "nothing is left behind");
    stderr
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(refused(&[("m.onnx", b"")], &["compile", "m.onnx", "-o", "out"]));
}

#[test]
fn a_file_of_another_kind() {
    insta::assert_snapshot!(refused(&[("m.onnx", b"\x89PNG\r\n\x1a\n0000")], &["compile", "m.onnx", "-o", "out"]));
}

#[test]
fn no_such_file() {
    insta::assert_snapshot!(refused(&[], &["compile", "m.onnx", "-o", "out"]));
}

#[test]
fn text_that_is_no_ir() {
    insta::assert_snapshot!(refused(&[("m.mlir", b"func.func @f(")], &["compile", "m.mlir", "-o", "out"]));
}

#[test]
fn text_of_another_level() {
    let text = b"module attributes {weft.level = \"graph\"} {}";
    insta::assert_snapshot!(refused(&[("m.mlir", text)], &["compile", "m.mlir", "--compile-from", "loops", "-o", "out"]));
}

#[test]
fn text_without_its_blobs() {
    let text = b"module attributes {weft.level = \"graph\"} { func.func @main() -> tensor<32xf32> { \
        %0 = arith.constant dense_resource<b0123456789abcdef> : tensor<32xf32> return %0 : tensor<32xf32> } }";
    insta::assert_snapshot!(refused(&[("m.mlir", text)], &["compile", "m.mlir", "-o", "out"]));
}

#[test]
fn no_artifact_to_run() {
    insta::assert_snapshot!(refused(&[], &["run", "nowhere"]));
}

#[test]
fn wrong_usage_is_status_2() {
    let tmp = tempfile::tempdir().unwrap();
    for args in [&["compile"][..], &["compile", "m.onnx", "--shape", "x"], &["compile", "m.onnx", "--emit=assembly"], &["frobnicate"]] {
        let out = weftc(args, tmp.path());
        assert_eq!(out.status.code(), Some(2), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    }
}

#[test]
fn help_is_good_to_learn_from() {
    let tmp = tempfile::tempdir().unwrap();
    let out = weftc(&["--help"], tmp.path());
    insta::assert_snapshot!(String::from_utf8_lossy(&out.stdout));
}
