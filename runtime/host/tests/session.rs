//! Tiny artifacts, run and damaged.
#![allow(missing_docs, clippy::unwrap_used)]

use half::f16;
use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};
use weft_host::{Artifact, Dtype, HostError, Session, Tensor, Variant};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name)
}

fn tiny_inputs() -> Vec<(&'static str, Tensor)> {
    vec![
        ("x", Tensor::from_values(&[2, 3], &[1f32, 2., 3., 4., 5., 6.]).unwrap()),
        ("ids", Tensor::from_values(&[2], &[-5i64, 1 << 60]).unwrap()),
        ("attention mask", Tensor::from_values(&[1, 2], &[true, false]).unwrap()),
        ("half", Tensor::from_values(&[2], &[f16::ONE, f16::NEG_INFINITY]).unwrap()),
        ("class", Tensor::from_values::<u8>(&[0, 4], &[]).unwrap()),
        ("__proto__", Tensor::from_values(&[], &[7i8]).unwrap()),
    ]
}

#[test]
fn both_variants_compute_every_element_type() {
    let artifact = Artifact::open(fixture("tiny")).unwrap();
    artifact.verify().unwrap();
    for variant in Variant::ALL {
        let mut session = Session::new(&artifact, variant).unwrap();
        let outputs = session.run(&tiny_inputs()).unwrap();
        assert_eq!(
            outputs,
            [
                ("y".into(), Tensor::from_values(&[2, 3], &[1f32, 4., 9., 16., 25., 36.]).unwrap()),
                ("sum/\"1\"".into(), Tensor::from_values(&[2], &[-4i64, 1 << 60]).unwrap()),
                ("copy".into(), Tensor::from_values(&[2], &[f16::ONE, f16::NEG_INFINITY]).unwrap()),
            ]
        );
    }
}

#[test]
fn weights_inside_the_module() {
    let artifact = Artifact::open(fixture("embedded")).unwrap();
    artifact.verify().unwrap();
    let mut session = Session::new(&artifact, Variant::Simd).unwrap();
    session.set("x", &Tensor::from_values(&[4], &[1f32; 4]).unwrap()).unwrap();
    session.invoke().unwrap();
    assert_eq!(session.output("y").unwrap().values::<f32>().unwrap(), [1., 2., 3., 4.]);
}

#[test]
fn prepared_weights_are_made_once() {
    let artifact = Artifact::open(fixture("prepared")).unwrap();
    let mut session = Session::new(&artifact, Variant::Simd).unwrap();
    for _ in 0..2 {
        session.set("x", &Tensor::from_values(&[4], &[1f32; 4]).unwrap()).unwrap();
        session.invoke().unwrap();
        assert_eq!(session.output("y").unwrap().values::<f32>().unwrap(), [2., 4., 6., 8.]);
    }
}

#[test]
fn wrong_inputs_say_what_was_expected() {
    let mut session = Session::new(&Artifact::open(fixture("tiny")).unwrap(), Variant::Simd).unwrap();
    let mut refused = |change: fn(&mut Vec<(&'static str, Tensor)>)| {
        let mut inputs = tiny_inputs();
        change(&mut inputs);
        session.run(&inputs).unwrap_err().to_string()
    };
    let messages = [
        refused(|inputs| inputs[0].0 = "X"),
        refused(|inputs| drop(inputs.remove(0))),
        refused(|inputs| inputs.push(inputs[0].clone())),
        refused(|inputs| inputs[0].1 = Tensor::from_values(&[3, 2], &[0f32; 6]).unwrap()),
        refused(|inputs| inputs[0].1 = Tensor::from_values(&[2, 3], &[0f64; 6]).unwrap()),
        session.output("Y").unwrap_err().to_string(),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

/// A copy of `tiny`, damaged; what loading it says, with the folder's name left out.
fn damaged(damage: impl FnOnce(&Path)) -> String {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(fixture("tiny")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    damage(folder.path());
    let error = match Artifact::open(folder.path()).and_then(|artifact| Session::new(&artifact, Variant::Simd)) {
        Ok(_) => panic!("loaded"),
        Err(error) => error,
    };
    chain(&error).replace(&folder.path().display().to_string(), "TMP")
}

/// The message with its causes.
fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", chain(cause)),
        None => error.to_string(),
    }
}

/// Replaces the plain module, and its size and hash in the manifest.
fn replace_module(folder: &Path, bytes: &[u8]) {
    let mut manifest = weft_artifact::Manifest::read(folder).unwrap();
    for module in manifest.wasm.iter_mut().flat_map(|w| &mut w.variants).filter(|module| module.name == Variant::Simd) {
        module.bytes = bytes.len() as u64;
        module.sha256 = weft_artifact::sha256_hex(bytes);
    }
    fs::write(folder.join("manifest.json"), manifest.to_json().unwrap()).unwrap();
    fs::write(folder.join("model.simd.wasm"), bytes).unwrap();
}

#[test]
fn damaged_artifacts_do_not_load() {
    let messages = [
        damaged(|folder| fs::remove_file(folder.join("weights.bin")).unwrap()),
        damaged(|folder| fs::write(folder.join("weights.bin"), [0; 20]).unwrap()),
        damaged(|folder| fs::write(folder.join("weights.bin"), [0; 24]).unwrap()),
        damaged(|folder| fs::write(folder.join("model.simd.wasm"), b"\0asm").unwrap()),
        damaged(|folder| fs::write(folder.join("manifest.json"), "{}").unwrap()),
        damaged(|folder| replace_module(folder, &fs::read(fixture("embedded").join("model.simd.wasm")).unwrap())),
        damaged(|folder| replace_module(folder, b"\0asm\x01\0\0\0")),
        damaged(|folder| replace_module(folder, b"<!doctype html>")),
        // The plain variant may hold no relaxed instruction.
        damaged(|folder| replace_module(folder, &fs::read(folder.join("model.relaxed.wasm")).unwrap())),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn a_variant_that_was_not_compiled_is_named() {
    let artifact = Artifact::open(fixture("embedded")).unwrap();
    let Err(error) = Session::new(&artifact, Variant::Relaxed) else { panic!("loaded") };
    assert!(matches!(error, HostError::NoVariant { .. }));
    assert_eq!(error.to_string(), "model `embedded` has no module `relaxed`, only: simd");
}

#[test]
fn the_signature_is_there_before_anything_is_loaded() {
    let artifact = Artifact::open(fixture("tiny")).unwrap();
    let spec = &artifact.manifest().inputs[1];
    assert_eq!((spec.name.as_str(), spec.dtype, spec.shape.as_slice()), ("ids", Dtype::Int64, &[2][..]));
}

#[test]
fn a_module_that_stops_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(fixture("embedded").join("manifest.json"), folder.path().join("manifest.json")).unwrap();
    let stops = r#"(module (memory (export "memory") 1) (func (export "main") (param i32 i32 i32 i32) unreachable))"#;
    replace_module(folder.path(), &wat::parse_str(stops).unwrap());
    let mut session = Session::new(&Artifact::open(folder.path()).unwrap(), Variant::Simd).unwrap();
    let error = session.invoke().unwrap_err();
    assert_eq!(error.to_string(), "model `embedded` stopped while it ran");
    assert!(chain(&error).ends_with("wasm trap: wasm `unreachable` instruction executed"), "{}", chain(&error));
}
