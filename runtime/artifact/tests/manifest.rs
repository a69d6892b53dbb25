//! Manifests that a host must accept or refuse, and what it says.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use weft_artifact::*;

fn entry(name: &str, dtype: Dtype, shape: &[u64], region: Region) -> TensorEntry {
    TensorEntry { spec: TensorSpec { name: name.into(), dtype, shape: shape.into() }, region }
}

fn manifest() -> Manifest {
    let map = MemoryMap::new(8, 0, &[12], &[16]).unwrap();
    Manifest {
        format: FORMAT,
        model: "tiny".into(),
        producer: "weftc 0.1.0".into(),
        variants: vec![Module {
            name: Variant::Simd,
            file: Variant::Simd.file().into(),
            bytes: 3,
            sha256: sha256_hex(b"abc"),
        }],
        weights: Weights { file: Some(file::WEIGHTS.into()), region: map.weights, sha256: sha256_hex(&[0; 8]) },
        memory: Memory { pages: map.pages, arena: map.arena, prepared: 0 },
        inputs: vec![entry("x", Dtype::Float32, &[1, 3], map.inputs[0])],
        outputs: vec![entry("y", Dtype::Int64, &[2], map.outputs[0])],
        states: Vec::new(),
        open: None,
        stats: Stats {
            operators: [("Add".into(), 2), ("Relu".into(), 1)].into(),
            kernels: 1,
            flops: 9,
            peak_bytes: map.end().into(),
        },
    }
}

fn parse(text: &str) -> Result<Manifest, ManifestError> {
    Manifest::parse(text, Path::new("m/manifest.json"))
}

#[test]
fn what_is_written_is_read() {
    let text = manifest().to_json().unwrap();
    insta::assert_snapshot!(text);
    assert_eq!(parse(&text).unwrap(), manifest());
    assert_eq!(manifest().memory_map(), MemoryMap::new(8, 0, &[12], &[16]).unwrap());
}

#[test]
fn a_states_output_lies_where_its_input_is() {
    let mut stateful = manifest();
    stateful.inputs.push(entry("s", Dtype::Int64, &[2], stateful.outputs[0].region));
    stateful.states = vec![State { output: "y".into(), input: "s".into() }];
    let text = stateful.to_json().unwrap();
    assert_eq!(parse(&text).unwrap().state_numbers().collect::<Vec<_>>(), [(0, 1)]);
    stateful.states[0].input = "x".into();
    insta::assert_snapshot!(
        parse(&stateful.to_json().unwrap()).unwrap_err(),
        @"m/manifest.json: states[0]: output `y` and input `x` are not one tensor in one place"
    );
}

/// The message for a manifest after `change`.
fn refused(change: impl FnOnce(&mut Manifest)) -> String {
    let mut manifest = manifest();
    change(&mut manifest);
    parse(&manifest.to_json().unwrap()).unwrap_err().to_string()
}

#[test]
fn what_can_not_be_true_is_refused() {
    let messages = [
        refused(|m| m.variants.clear()),
        refused(|m| m.variants.push(m.variants[0].clone())),
        refused(|m| m.variants[0].file = "../model.wasm".into()),
        refused(|m| m.variants[0].file = "..".into()),
        refused(|m| m.weights.file = Some("a\\b".into())),
        refused(|m| m.weights.sha256 = "ABC".into()),
        refused(|m| m.inputs.push(m.inputs[0].clone())),
        refused(|m| m.inputs[0].spec.shape = vec![4]),
        refused(|m| m.inputs[0].spec.shape = vec![1 << 40, 1 << 40]),
        refused(|m| m.inputs[0].region.offset += 4),
        refused(|m| m.outputs[0].region.offset = 65536),
        refused(|m| m.outputs[0].region.offset = m.inputs[0].region.offset),
        refused(|m| m.memory.pages = 40000),
        refused(|m| m.format = 2),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn what_is_no_manifest_says_where_reading_stopped() {
    for (text, cause) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        (r#"{"format": 1}"#, "missing field `model` at line 1 column 13"),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.to_string(), "m/manifest.json is no manifest");
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), cause);
    }
    let folder = tempfile::tempdir().unwrap();
    let error = Manifest::read(folder.path()).unwrap_err().to_string();
    assert!(error.ends_with("manifest.json: is this a folder that `weftc compile` wrote?"), "{error}");
}

#[test]
fn an_empty_tensor_has_no_bytes_whatever_its_other_dims() {
    let spec = TensorSpec { name: "x".into(), dtype: Dtype::Float32, shape: vec![1 << 40, 1 << 40, 0] };
    assert_eq!(spec.bytes(), Some(0));
}
