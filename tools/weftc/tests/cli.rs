//! The command line on bad input: a clear message, exit status 1 (usage: 2), and nothing left behind.

use onnx_rs::ast::*;
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

/// `y = op(x)` for 2 x 3 floats, with what a test changes.
fn model(change: impl FnOnce(&mut Graph<'_>)) -> Vec<u8> {
    let value = |name| {
        let dim = [2, 3].map(|d| TensorShapeDimension { value: Dimension::Value(d), denotation: "" }).to_vec();
        let tensor = TensorTypeProto { elem_type: DataType::Float, shape: Some(TensorShape { dim }) };
        ValueInfo {
            name,
            r#type: Some(TypeProto { value: Some(TypeValue::Tensor(tensor)), denotation: "" }),
            ..Default::default()
        }
    };
    let mut graph = Graph {
        node: vec![node("first", "Relu", &["x"], "y")],
        name: "main",
        input: vec![value("x")],
        output: vec![value("y")],
        ..Default::default()
    };
    change(&mut graph);
    onnx_rs::encode(&Model {
        ir_version: 8,
        opset_import: vec![OperatorSetId { domain: "", version: 13 }],
        graph: Some(graph),
        ..Default::default()
    })
}

fn node<'a>(name: &'a str, op: &'a str, input: &[&'a str], output: &'a str) -> Node<'a> {
    Node { name, op_type: OpType::from(op), input: input.to_vec(), output: vec![output], ..Default::default() }
}

/// What `weftc compile` says to a model.
fn refused_model(bytes: &[u8]) -> String {
    refused(&[("m.onnx", bytes)], &["compile", "m.onnx", "-o", "out"])
}

#[test]
fn the_model_that_the_tests_change_compiles() {
    let tmp = tempfile::tempdir().unwrap();
    std::fs::write(tmp.path().join("m.onnx"), model(|_| {})).unwrap();
    let out = weftc(&["compile", "m.onnx", "-o", "out", "-q"], tmp.path());
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(out.stdout.is_empty() && out.stderr.is_empty());
}

#[test]
fn a_truncated_model() {
    let bytes = model(|_| {});
    insta::assert_snapshot!(refused_model(&bytes[..bytes.len() / 2]));
}

#[test]
fn a_cycle() {
    insta::assert_snapshot!(refused_model(&model(|g| {
        g.node = vec![
            node("first", "Add", &["x", "b"], "a"),
            node("second", "Relu", &["a"], "b"),
            node("last", "Relu", &["b"], "y"),
        ];
    })));
}

#[test]
fn operators_that_nobody_knows() {
    insta::assert_snapshot!(refused_model(&model(|g| {
        g.node = vec![
            node("first", "Frobnicate", &["x"], "a"),
            node("second", "Frobnicate", &["a"], "b"),
            node("last", "Twist", &["b"], "y"),
        ];
    })));
}

#[test]
fn operators_that_weft_cannot_compile() {
    insta::assert_snapshot!(refused_model(&model(|g| {
        g.node = vec![
            node("first", "RandomNormalLike", &["x"], "a"),
            node("second", "Multinomial", &["x"], "b"),
            node("last", "Relu", &["x"], "y"),
        ];
    })));
}

#[test]
fn an_input_name_that_nothing_defines() {
    insta::assert_snapshot!(refused_model(&model(|g| g.node = vec![node("first", "Add", &["x", "weigth"], "y")])));
}

#[test]
fn shapes_that_contradict() {
    insta::assert_snapshot!(refused_model(&model(|g| {
        g.initializer = vec![TensorProto::from_raw("w", vec![2, 4], DataType::Float, &[0; 32])];
        g.node = vec![node("first", "Add", &["x", "w"], "y")];
    })));
}

#[test]
fn external_data_outside_the_folder() {
    insta::assert_snapshot!(refused_model(&model(|g| {
        let location = StringStringEntry { key: "location", value: "../../etc/passwd" };
        let w = TensorProto::from_f32("w", vec![2, 3], vec![]);
        g.initializer = vec![w.with_external_data(vec![location]).with_data_location(DataLocation::External)];
        g.node = vec![node("first", "Add", &["x", "w"], "y")];
    })));
}

#[test]
fn negative_dims() {
    insta::assert_snapshot!(refused_model(&model(|g| {
        g.initializer = vec![TensorProto::from_raw("w", vec![-2, 3], DataType::Float, &[0; 24])];
        g.node = vec![node("first", "Add", &["x", "w"], "y")];
    })));
}

#[test]
fn a_claim_of_two_to_the_fortieth_elements() {
    insta::assert_snapshot!(refused_model(&model(|g| {
        g.initializer = vec![TensorProto::from_raw("w", vec![1 << 20, 1 << 20], DataType::Float, &[0; 24])];
        g.node = vec![node("first", "Add", &["x", "w"], "y")];
    })));
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
    insta::assert_snapshot!(refused(
        &[("m.mlir", text)],
        &["compile", "m.mlir", "--compile-from", "loops", "-o", "out"]
    ));
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
    for args in [
        &["compile"][..],
        &["compile", "m.onnx", "--shape", "x"],
        &["compile", "m.onnx", "--emit=assembly"],
        &["frobnicate"],
    ] {
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

/// A tiny artifact for both devices.
fn artifact() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime/fixtures/gpu").display().to_string()
}

#[test]
fn options_of_the_other_device_are_refused() {
    let artifact = artifact();
    let message = |options: &[&str]| refused(&[], &[&["run", &artifact], options].concat());
    assert_eq!(message(&["--device", "gpu", "--variant", "simd"]), "error: --variant is for '--device wasm'\n");
    let gpu_only = "error: --adapter and --precision are for '--device gpu'\n";
    assert_eq!(message(&["--device", "wasm", "--adapter", "nvidia"]), gpu_only);
    assert_eq!(message(&["--device", "wasm", "--precision", "float32"]), gpu_only);
}

#[test]
fn a_gpu_prints_what_the_processor_prints() {
    if std::env::var_os("WEFT_NO_GPU").is_some_and(|v| v == "1") {
        return;
    }
    let tmp = tempfile::tempdir().expect("a folder");
    let artifact = artifact();
    let run = |device: &str| -> serde_json::Value {
        let out = weftc(&["run", &artifact, "--device", device, "--repeat", "2", "--json"], tmp.path());
        let stderr = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{stderr}Run this test by `cargo xtask test`, or set WEFT_NO_GPU=1.");
        serde_json::from_slice(&out.stdout).expect("JSON")
    };
    let (wasm, gpu) = (run("wasm"), run("gpu"));
    assert_eq!(gpu["outputs"], wasm["outputs"]);
    assert_eq!((&wasm["device"], &wasm["variant"]), (&"wasm".into(), &"simd".into()));
    assert_eq!((&gpu["device"], &gpu["precision"], &gpu["runs"]), (&"gpu".into(), &"float32".into(), &2.into()));
    assert!(gpu["adapter"].as_str().is_some_and(|name| !name.is_empty()) && gpu["median_ms"].is_number(), "{gpu}");
}
