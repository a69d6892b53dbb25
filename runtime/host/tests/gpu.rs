//! Tiny artifacts on a GPU. They need a driver for Vulkan, which `cargo xtask test` provides; `WEFT_NO_GPU=1` leaves them out.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};
use weft_artifact::{GpuProgram, Manifest, sha256_hex};
use weft_host::{Artifact, GpuOptions, Precision, Session, Tensor};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name)
}

/// Whether tests that need an adapter are to be left out.
fn left_out() -> bool {
    std::env::var_os("WEFT_NO_GPU").is_some_and(|v| v == "1")
}

fn load(folder: &Path) -> Session {
    let artifact = Artifact::open(folder).unwrap();
    Session::gpu(&artifact, &GpuOptions::default()).unwrap_or_else(|e| {
        panic!(
            "{}\nThis test needs a driver for Vulkan: run it by `cargo xtask test`, or set WEFT_NO_GPU=1.",
            chain(&e)
        )
    })
}

/// The message with its causes.
fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", chain(cause)),
        None => error.to_string(),
    }
}

fn x() -> Tensor {
    Tensor::from_values(&[2, 4], &[1f32, 2., 3., 4., -1., 0.5, 0., 2.]).unwrap()
}

/// A copy of the fixture, changed; its folder.
fn changed(change: impl FnOnce(&Path, &mut Manifest)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(fixture("gpu")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    let mut manifest = Manifest::read(folder.path()).unwrap();
    change(folder.path(), &mut manifest);
    fs::write(folder.path().join("manifest.json"), manifest.to_json().unwrap()).unwrap();
    folder
}

/// Replaces the kernels' text in all variants.
fn with_kernels(folder: &Path, program: &mut GpuProgram, change: impl Fn(&str) -> String) {
    for variant in &mut program.variants {
        let path = folder.join(&variant.kernels.file);
        let text = change(&fs::read_to_string(&path).unwrap());
        variant.kernels.bytes = text.len() as u64;
        variant.kernels.sha256 = sha256_hex(text.as_bytes());
        fs::write(path, text).unwrap();
    }
}

/// What loading says, without the names of folder and adapter.
fn refused(folder: &Path, options: &GpuOptions) -> String {
    let Err(error) = Session::gpu(&Artifact::open(folder).unwrap(), options) else { panic!("loaded") };
    let text = chain(&error).replace(&folder.display().to_string(), "TMP");
    match (text.find("the GPU ("), text.find("; there are: ")) {
        (Some(at), _) => {
            let end = text[at..].find(')').map_or(text.len(), |n| at + n);
            // Names have brackets of their own.
            let end = text[end..].find(") has").map_or(end, |n| end + n);
            let end = text[at..].rfind(") lacks").map_or(end, |n| at + n);
            format!("{}NAME{}", &text[..at + 9], &text[end..])
        }
        (None, Some(at)) => format!("{}NAMES", &text[..at + 13]),
        _ => text,
    }
}

#[test]
fn the_gpu_computes_what_the_module_does() {
    if left_out() {
        return;
    }
    let artifact = Artifact::open(fixture("gpu")).unwrap();
    artifact.verify().unwrap();
    let mut module = Session::new(&artifact, weft_host::Variant::Simd).unwrap();
    let expected = module.run(&[("x", x())]).unwrap();
    let mut session = load(&fixture("gpu"));
    for _ in 0..2 {
        assert_eq!(session.run(&[("x", x())]).unwrap(), expected);
    }
    let info = session.gpu_info().unwrap();
    assert_eq!((info.precision, info.islands.len()), (Precision::Float32, 0));
    // A read by itself, and again.
    assert_eq!(session.output("y").unwrap(), expected[0].1);
    assert_eq!(session.output("y").unwrap(), expected[0].1);
}

#[test]
fn inputs_are_checked_as_for_the_module() {
    if left_out() {
        return;
    }
    let mut session = load(&fixture("gpu"));
    let wrong = Tensor::from_values(&[4, 2], &[0f32; 8]).unwrap();
    let messages = [
        session.run(&[("z", x())]).unwrap_err().to_string(),
        session.run(&[]).unwrap_err().to_string(),
        session.run(&[("x", wrong)]).unwrap_err().to_string(),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn what_the_gpu_lacks_is_named_before_anything_is_compiled() {
    if left_out() {
        return;
    }
    let lacks_feature = changed(|_, m| m.webgpu[0].features.push("a-feature-of-tomorrow".into()));
    let lacks_size = changed(|_, m| m.webgpu[0].limits.max_buffer_size = 1 << 50);
    let any = GpuOptions::default();
    let messages = [
        refused(lacks_feature.path(), &any),
        refused(lacks_size.path(), &any),
        refused(&fixture("gpu"), &GpuOptions { adapter: Some("abacus".into()), ..any.clone() }),
        refused(&fixture("gpu"), &GpuOptions { precision: Some(Precision::Float16), ..any.clone() }),
        refused(&fixture("tiny"), &any),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn kernels_that_the_driver_refuses_are_named() {
    if left_out() {
        return;
    }
    let broken = changed(|folder, m| with_kernels(folder, &mut m.webgpu[0], |text| text.replace("max(", "nax(")));
    let gone =
        changed(|folder, m| with_kernels(folder, &mut m.webgpu[0], |text| text.replace("//// relu", "//// elu")));
    let any = GpuOptions::default();
    let message = refused(broken.path(), &any);
    assert!(message.contains("refuses the kernel `relu`") && message.contains("nax"), "{message}");
    let message = refused(gone.path(), &any);
    assert!(message.contains("has no kernel `relu`"), "{message}");
    let damaged = changed(|folder, _| fs::write(folder.join("webgpu.weights.bin"), [0; 64]).unwrap());
    let message = refused(damaged.path(), &any);
    assert!(message.contains("webgpu.weights.bin has the SHA-256"), "{message}");
}
