//! Whole networks: numbers against onnxruntime under wasmtime, and compiling again from every level's text.
//!
//! The models and references come from the test command (`cargo xtask test`), which fetches and makes them.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use weft_host::{Artifact, Dtype, GpuOptions, Session, Tensor, Variant};

const LEVELS: [&str; 6] = ["import", "graph", "kernels", "planned", "loops", "machine"];

fn cache() -> PathBuf {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache");
    assert!(dir.join("models").is_dir(), "no test models: run `cargo xtask test`, which fetches them");
    dir
}

/// A pinned model: its entry in tests/models/pins.json.
struct Network(Value);

impl Network {
    fn named(name: &str) -> Self {
        let pins = include_str!("../../../tests/models/pins.json");
        let pins: Vec<Value> = serde_json::from_str(pins).expect("pins.json is JSON");
        Self(pins.into_iter().find(|pin| pin["name"] == name).unwrap_or_else(|| panic!("no pin is called {name}")))
    }

    fn name(&self) -> &str {
        self.0["name"].as_str().expect("a pin has a name")
    }

    /// The options that compile it as the test command does.
    fn options(&self) -> Vec<String> {
        let shapes = self.0["shapes"].as_object().expect("a pin has shapes");
        let text = |dims: &Value| {
            let dims: Vec<_> = dims.as_array().expect("a shape is a list").iter().map(Value::to_string).collect();
            dims.join("x")
        };
        shapes.iter().flat_map(|(input, dims)| ["--shape".to_owned(), format!("{input}={}", text(dims))]).collect()
    }
}

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

/// A C-order `.npy` file; `entry` is what signature.json says of it. The elements are the end of the file.
fn tensor(folder: &Path, entry: &Value) -> Tensor {
    let path = folder.join(entry["file"].as_str().unwrap());
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let shape: Vec<u64> = entry["shape"].as_array().unwrap().iter().map(|d| d.as_u64().unwrap()).collect();
    let dtype: Dtype = entry["dtype"].as_str().unwrap().parse().unwrap();
    let size = (shape.iter().product::<u64>() * dtype.size()) as usize;
    Tensor::new(dtype, &shape, bytes[bytes.len() - size..].to_vec()).unwrap()
}

fn numbers(tensor: &Tensor) -> Vec<f64> {
    match tensor.dtype() {
        Dtype::Float32 => tensor.values::<f32>().unwrap().into_iter().map(f64::from).collect(),
        Dtype::Int64 => tensor.values::<i64>().unwrap().into_iter().map(|v| v as f64).collect(),
        Dtype::Int32 => tensor.values::<i32>().unwrap().into_iter().map(f64::from).collect(),
        other => panic!("no reference is of {other}"),
    }
}

/// Both variants against the reference called `reference`.
fn check_numbers(reference: &str, artifact: &Path) {
    for variant in [Variant::Relaxed, Variant::Simd] {
        let session = Session::new(&Artifact::open(artifact).unwrap(), variant).unwrap();
        check_session(reference, variant.name(), session, 1e-4);
    }
}

/// A session against the reference called `reference`: outputs may be off by a part of the largest magnitude.
fn check_session(reference: &str, what: &str, mut session: Session, tolerance: f64) {
    let dir = cache().join("reference").join(reference);
    let signature: Value = serde_json::from_slice(&std::fs::read(dir.join("signature.json")).unwrap()).unwrap();
    let tensors = |kind: &str| -> Vec<(String, Tensor)> {
        let entries = signature[kind].as_array().unwrap();
        entries.iter().map(|e| (e["name"].as_str().unwrap().to_owned(), tensor(&dir, e))).collect()
    };
    let (inputs, expected) = (tensors("inputs"), tensors("outputs"));
    let inputs: Vec<(&str, Tensor)> = inputs.iter().map(|(n, t)| (n.as_str(), t.clone())).collect();
    let outputs = session.run(&inputs).unwrap();
    assert_eq!(outputs.len(), expected.len());
    for ((name, want), (found, got)) in expected.iter().zip(&outputs) {
        assert_eq!((name, want.shape()), (found, got.shape()));
        let (want, got) = (numbers(want), numbers(got));
        let largest = want.iter().fold(0f64, |m, v| m.max(v.abs()));
        let off = want
            .iter()
            .zip(&got)
            .map(|(a, b)| (a - b).abs())
            .fold(0f64, |m, d| if d > m || d.is_nan() { d } else { m });
        println!("{reference}, {what}: {name} is off by {off:e}, largest {largest}");
        assert!(off <= tolerance * largest, "{reference}, {what}: {name} is off by {off}, largest {largest}");
    }
}

/// Numbers on a GPU outside the browser. `WEFT_NO_GPU=1` leaves them out.
fn runs_on_a_gpu(name: &str) {
    if std::env::var_os("WEFT_NO_GPU").is_some_and(|v| v == "1") {
        return;
    }
    let network = Network::named(name);
    let tmp = tempfile::tempdir().unwrap();
    let out = tmp.path().join("artifact");
    compile(&network, &out, &["--device", "webgpu"]);
    let session = Session::gpu(&Artifact::open(&out).unwrap(), &GpuOptions::default());
    let session = session.unwrap_or_else(|e| panic!("{e}\nRun this test by `cargo xtask test`, or set WEFT_NO_GPU=1."));
    check_session(network.name(), "on a GPU", session, 1e-3);
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
            assert!(*want == got, "{}: {name:?} differs when compiled from the {level} level", network.name());
        }
    }
}

fn compile(network: &Network, out: &Path, more: &[&str]) {
    let model = cache().join("models").join(format!("{}.onnx", network.name()));
    let options = network.options();
    let options = options.iter().map(String::as_str).chain(more.iter().copied());
    weftc(&["compile", path(&model), "-q", "-o", path(out)].into_iter().chain(options).collect::<Vec<_>>());
}

/// Numbers, and the same bytes when compiling starts again from each level.
fn whole_way(name: &str) {
    let network = Network::named(name);
    let tmp = tempfile::tempdir().unwrap();
    let (out, dumps) = (tmp.path().join("artifact"), tmp.path().join("dumps"));
    compile(&network, &out, &["--dump-levels", path(&dumps)]);
    check_numbers(network.name(), &out);
    check_restarts(&network, &out, &dumps, tmp.path());
}

/// The same bytes when compiling for these devices starts again from each level. Their numbers are tests/gpu's matter.
fn restarts_for(devices: &str, name: &str) {
    let network = Network::named(name);
    let tmp = tempfile::tempdir().unwrap();
    let (out, dumps) = (tmp.path().join("artifact"), tmp.path().join("dumps"));
    compile(&network, &out, &["--device", devices, "--dump-levels", path(&dumps)]);
    check_restarts(&network, &out, &dumps, tmp.path());
}

/// Numbers only: these are like others in what they are made of.
fn runs(name: &str) {
    let network = Network::named(name);
    let tmp = tempfile::tempdir().unwrap();
    let out = tmp.path().join("artifact");
    compile(&network, &out, &[]);
    check_numbers(network.name(), &out);
}

/// Numbers of one artifact with an open dim, at every size that has a reference; and the restarts, if asked for.
fn runs_at_sizes(name: &str) {
    let network = Network::named(name);
    let open = &network.0["open"];
    let tmp = tempfile::tempdir().unwrap();
    let (out, dumps) = (tmp.path().join("artifact"), tmp.path().join("dumps"));
    let model = cache().join("models").join(format!("{name}.onnx"));
    let range = format!("{}={}..{}", open["dim"].as_str().unwrap(), open["range"][0], open["range"][1]);
    let fixed = open["fixed"].as_object().unwrap().iter().flat_map(|(k, v)| ["--dim".to_owned(), format!("{k}={v}")]);
    let fixed: Vec<String> = fixed.collect();
    let mut args =
        vec!["compile", path(&model), "-q", "-o", path(&out), "--dump-levels", path(&dumps), "--dim", &range];
    args.extend(fixed.iter().map(String::as_str));
    weftc(&args);
    for size in open["sizes"].as_array().unwrap() {
        check_numbers(&format!("{name}@{size}"), &out);
    }
    check_restarts(&network, &out, &dumps, tmp.path());
}

#[test]
fn ppocrv4_cls_runs_on_a_gpu() {
    runs_on_a_gpu("ppocrv4_cls");
}

#[test]
fn mobilenetv2_runs_on_a_gpu() {
    runs_on_a_gpu("mobilenetv2");
}

#[test]
fn minilm_runs_at_any_length() {
    runs_at_sizes("minilm_int8");
}

#[test]
fn ddddocr_runs_at_any_width() {
    runs_at_sizes("ddddocr");
}

macro_rules! networks {
    ($check:ident: $($name:ident),*) => {$(
        #[test]
        fn $name() {
            $check(stringify!($name));
        }
    )*};
}

networks!(whole_way: ppocrv4_cls, mobilenetv2, ppocrv4_rec, magika, basic_pitch, silero_vad, silero_vad_sequence, silero_vad_op15);
networks!(runs: ppocrv4_det, ppocrv4_det_640, minilm_int8, ddddocr, resnet50, bert);

#[test]
fn a_gpu_artifact_restarts() {
    restarts_for("webgpu", "mobilenetv2");
    restarts_for("webgpu", "silero_vad");
}

#[test]
fn an_artifact_of_two_devices_restarts() {
    restarts_for("webgpu,wasm", "ppocrv4_cls");
}

#[test]
fn an_artifact_of_all_devices_restarts() {
    restarts_for("webgpu-f16,webgpu,wasm", "magika");
}

#[test]
fn every_pin_has_its_test() {
    let pins: Vec<Value> = serde_json::from_str(include_str!("../../../tests/models/pins.json")).unwrap();
    let here = include_str!("networks.rs");
    let lists: String = here.lines().filter(|line| line.starts_with("networks!(")).collect();
    for pin in pins {
        let name = pin["name"].as_str().unwrap();
        assert!(lists.contains(&format!(" {name}")), "{name} is in no list of networks.rs");
    }
}
