//! Whole networks: numbers against onnxruntime under wasmtime, and compiling again from every level's text.
//!
//! The models and references come from the test command (`cargo xtask test`), which fetches and makes them.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use weft_host::{Artifact, Session, Tensor, Variant};

const LEVELS: [&str; 6] = ["import", "graph", "kernels", "planned", "loops", "machine"];

fn cache() -> PathBuf {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache");
    assert!(dir.join("models").is_dir(), "no test models: run `cargo xtask test`, which fetches them");
    dir
}

struct Network {
    name: &'static str,
    shape: &'static str,
}

const NETWORKS: [Network; 2] =
    [Network { name: "ppocrv4_cls", shape: "x=1x3x48x192" }, Network { name: "mobilenetv2", shape: "x=1x3x224x224" }];

fn weftc(args: &[&str]) {
    let out = Command::new(env!("CARGO_BIN_EXE_weftc")).args(args).output().expect("weftc starts");
    assert!(
        out.status.success(),
        "weftc {}\n{}{}",
        args.join(" "),
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
}

fn path(p: &Path) -> &str {
    p.to_str().expect("a UTF-8 path")
}

/// A C-order float32 `.npy` file: shape and values.
fn npy(path: &Path) -> (Vec<u64>, Vec<f32>) {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let npy = npyz::NpyFile::new(&bytes[..]).unwrap();
    let shape = npy.shape().to_vec();
    (shape, npy.into_vec::<f32>().unwrap())
}

fn check_numbers(network: &Network, artifact: &Path) {
    let dir = cache().join("reference").join(network.name);
    let signature: Value = serde_json::from_slice(&std::fs::read(dir.join("signature.json")).unwrap()).unwrap();
    let load = |entry: &Value| npy(&dir.join(entry["file"].as_str().unwrap()));
    for variant in [Variant::Relaxed, Variant::Simd] {
        let mut session = Session::new(&Artifact::open(artifact).unwrap(), variant).unwrap();
        let inputs: Vec<(String, Tensor)> = signature["inputs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| {
                let (shape, values) = load(e);
                (e["name"].as_str().unwrap().to_owned(), Tensor::from_values(&shape, &values).unwrap())
            })
            .collect();
        let inputs: Vec<(&str, Tensor)> = inputs.iter().map(|(n, t)| (n.as_str(), t.clone())).collect();
        let outputs = session.run(&inputs).unwrap();
        let expected = signature["outputs"].as_array().unwrap();
        assert_eq!(outputs.len(), expected.len());
        for (entry, (name, tensor)) in expected.iter().zip(&outputs) {
            assert_eq!(entry["name"].as_str(), Some(name.as_str()));
            let (shape, want) = load(entry);
            assert_eq!(tensor.shape(), shape);
            let got = tensor.values::<f32>().unwrap();
            let largest = want.iter().fold(0f32, |m, v| m.max(v.abs()));
            let off = want
                .iter()
                .zip(&got)
                .map(|(a, b)| (a - b).abs())
                .fold(0f32, |m, d| if d > m || d.is_nan() { d } else { m });
            assert!(off <= 1e-4 * largest, "{}, {variant}: {name} is off by {off}, largest {largest}", network.name);
        }
    }
}

fn check_restarts(network: &Network, first: &Path, dumps: &Path, tmp: &Path) {
    let files = |dir: &Path| {
        let mut all: Vec<_> = std::fs::read_dir(dir)
            .unwrap()
            .map(|e| {
                let e = e.unwrap();
                (e.file_name(), std::fs::read(e.path()).unwrap())
            })
            .collect();
        all.sort();
        all
    };
    let expected = files(first);
    for level in LEVELS {
        let text = dumps.join(format!("{level}.mlir"));
        let out = tmp.join(format!("from-{level}"));
        weftc(&["compile", path(&text), "--compile-from", level, "-q", "-o", path(&out)]);
        for ((name, want), (other, got)) in expected.iter().zip(files(&out)) {
            assert_eq!(*name, other);
            assert!(*want == got, "{}: {name:?} differs when compiled from the {level} level", network.name);
        }
    }
}

fn whole_way(network: &Network) {
    let tmp = tempfile::tempdir().unwrap();
    let model = cache().join("models").join(format!("{}.onnx", network.name));
    let (out, dumps) = (tmp.path().join("artifact"), tmp.path().join("dumps"));
    weftc(&["compile", path(&model), "--shape", network.shape, "-q", "-o", path(&out), "--dump-levels", path(&dumps)]);
    check_numbers(network, &out);
    check_restarts(network, &out, &dumps, tmp.path());
}

#[test]
fn ppocrv4_cls_runs_and_restarts_from_every_level() {
    whole_way(&NETWORKS[0]);
}

#[test]
fn mobilenetv2_runs_and_restarts_from_every_level() {
    whole_way(&NETWORKS[1]);
}
