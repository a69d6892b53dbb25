//! State: an LSTM whose states go from run to run, 100 of them, under wasmtime and in Node. Values are onnxruntime's, its states
//! fed back by hand.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use weft_host::{Artifact, Session, Tensor, Variant};

/// Hidden and cell states after runs 1, 50 and 100.
const EXPECTED: [(usize, [f32; 3], [f32; 3]); 3] = [
    (0, [0.02287321, 0.0, -0.01877298], [0.04965548, 0.0, -0.04527805]),
    (49, [0.05944707, 0.10179405, 0.18699619], [0.11723575, 0.20711303, 0.38045382]),
    (99, [0.04231996, 0.02310202, 0.0872608], [0.08350555, 0.05394855, 0.22947331]),
];

/// After two runs from states of 0.5 and -0.25.
const FROM_ELSEWHERE: ([f32; 3], [f32; 3]) =
    ([-0.00616908, 0.00721145, 0.13068098], [-0.01265396, 0.0125903, 0.21508804]);

/// The input of run `k`.
fn input(k: usize) -> [f32; 2] {
    [0, 1].map(|i| ((k * 5 + i * 3) % 11) as f32 / 4.0 - 1.25)
}

/// Small numbers of both signs, as a constant.
fn ramp(shape: &[usize]) -> String {
    let n: usize = shape.iter().product();
    let bytes = (0..n).flat_map(|i| ((i * 7 % 13) as f32 / 8.0 - 0.75).to_le_bytes());
    let hex = bytes.fold(String::new(), |mut hex, b| {
        let _ = write!(hex, "{b:02X}");
        hex
    });
    let dims: String = shape.iter().map(|d| format!("{d}x")).collect();
    format!("\"onnx.Constant\"() {{value = dense<\"0x{hex}\"> : tensor<{dims}f32>}} : () -> !onnx.value")
}

/// An LSTM of three units at the import level.
fn model() -> String {
    let arg = |name: &str, ty: &str| format!("%{name}: {ty} {{weft.name = \"{name}\", weft.dtype = \"float32\"}}");
    let result = |name: &str| format!("!onnx.value {{weft.name = \"{name}\", weft.dtype = \"float32\"}}");
    let state = "tensor<1x1x3xf32>";
    format!(
        "module attributes {{weft.level = \"import\", weft.model = \"cell\"}} {{
           func.func @main({}, {}, {}) -> ({}, {}) attributes {{onnx.opset = 14 : i64}} {{
             %w = {}
             %r = {}
             %b = {}
             %none = \"onnx.None\"() : () -> !onnx.value
             %y:3 = \"onnx.LSTM\"(%x, %w, %r, %b, %none, %h, %c) {{hidden_size = 3 : i64}}
               : (tensor<1x1x2xf32>, !onnx.value, !onnx.value, !onnx.value, !onnx.value, {state}, {state})
               -> (!onnx.value, !onnx.value, !onnx.value)
             return %y#1, %y#2 : !onnx.value, !onnx.value
           }}
         }}",
        arg("x", "tensor<1x1x2xf32>"),
        arg("h", state),
        arg("c", state),
        result("hN"),
        result("cN"),
        ramp(&[1, 12, 2]),
        ramp(&[1, 12, 3]),
        ramp(&[1, 24]),
    )
}

fn compile(dir: &Path, options: &[&str]) -> Result<(), String> {
    std::fs::write(dir.join("cell.mlir"), model()).unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_weftc"))
        .args(["compile", "cell.mlir", "-q", "-o", "artifact"])
        .args(options)
        .current_dir(dir)
        .output()
        .expect("weftc starts");
    if out.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&out.stderr).into_owned()) }
}

#[track_caller]
fn close(got: &[f32], want: &[f32]) {
    assert!(
        got.len() == want.len() && got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-6),
        "{got:?} is not {want:?}"
    );
}

const STATES: [&str; 4] = ["--state", "hN=h", "--state", "cN=c"];

#[test]
fn a_chain_of_runs_under_wasmtime() {
    let tmp = tempfile::tempdir().unwrap();
    compile(tmp.path(), &STATES).unwrap();
    let artifact = Artifact::open(tmp.path().join("artifact")).unwrap();
    for variant in [Variant::Relaxed, Variant::Simd] {
        let mut session = Session::new(&artifact, variant).unwrap();
        let run = |session: &mut Session, k: usize| -> [Vec<f32>; 2] {
            let x = Tensor::from_values(&[1, 1, 2], &input(k)).unwrap();
            let outputs = session.run(&[("x", x)]).unwrap();
            [0, 1].map(|i| outputs[i].1.values::<f32>().unwrap().to_vec())
        };
        for _ in 0..2 {
            for k in 0..100 {
                let [h, c] = run(&mut session, k);
                if let Some((_, want_h, want_c)) = EXPECTED.iter().find(|e| e.0 == k) {
                    close(&h, want_h);
                    close(&c, want_c);
                }
            }
            session.reset().unwrap();
        }
        for (name, value) in [("h", 0.5f32), ("c", -0.25)] {
            session.set_initial(name, &Tensor::from_values(&[1, 1, 3], &[value; 3]).unwrap()).unwrap();
        }
        for _ in 0..2 {
            run(&mut session, 0);
            let [h, c] = run(&mut session, 1);
            close(&h, &FROM_ELSEWHERE.0);
            close(&c, &FROM_ELSEWHERE.1);
            session.reset().unwrap();
        }
    }
    let mut session = Session::new(&artifact, Variant::Simd).unwrap();
    let x = Tensor::from_values(&[1, 1, 2], &[0f32; 2]).unwrap();
    insta::assert_snapshot!(
        session.set_initial("x", &x).unwrap_err(),
        @"`x` is no state of the model, which has: `h` float32 [1, 1, 3], `c` float32 [1, 1, 3]"
    );
}

const SCRIPT: &str = r#"
const { pathToFileURL } = await import('node:url');
const { load, WeftInputError } = await import(pathToFileURL(process.argv[1]));
const input = (k) => ({ x: Float32Array.from([0, 1], (i) => ((k * 5 + i * 3) % 11) / 4 - 1.25) });
const chain = async (m, n) => {
  const all = [];
  for (let k = 0; k < n; k++) {
    const { hN, cN } = await m.run(input(k));
    all.push([[...hN.data], [...cN.data]]);
  }
  return all;
};
const m = await load({ variant: 'simd' });
const first = await chain(m, 100);
m.reset();
const again = await chain(m, 100);
const states = { h: new Float32Array(3).fill(0.5), c: { data: new Float32Array(3).fill(-0.25), dims: [1, 1, 3] } };
const other = await load({ variant: 'simd', states });
const elsewhere = (await chain(other, 2))[1];
other.reset();
const elsewhereAgain = (await chain(other, 2))[1];
m.reset();
await m.run({ ...input(0), h: states.h, c: states.c });
const given = (await m.run(input(1))).hN.data;
const wrong = await load({ states: { x: new Float32Array(2) } }).catch((e) => `${e instanceof WeftInputError} ${e.message}`);
console.log(JSON.stringify({ first, same: JSON.stringify(first) === JSON.stringify(again), elsewhere, elsewhereAgain, given: [...given], wrong, states: m.info.states }));
"#;

#[test]
fn a_chain_of_runs_in_node() {
    let tmp = tempfile::tempdir().unwrap();
    compile(tmp.path(), &STATES).unwrap();
    std::fs::write(tmp.path().join("artifact/package.json"), "{\"type\": \"module\"}").unwrap();
    let out = Command::new("node")
        .args(["--input-type=module", "-e", SCRIPT])
        .arg(tmp.path().join("artifact/index.js"))
        .output()
        .expect("Node starts");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let found: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let floats = |v: &serde_json::Value| -> Vec<f32> {
        v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap() as f32).collect()
    };
    for (k, h, c) in EXPECTED {
        close(&floats(&found["first"][k][0]), &h);
        close(&floats(&found["first"][k][1]), &c);
    }
    assert_eq!(found["same"], true);
    for which in ["elsewhere", "elsewhereAgain"] {
        close(&floats(&found[which][0]), &FROM_ELSEWHERE.0);
        close(&floats(&found[which][1]), &FROM_ELSEWHERE.1);
    }
    close(&floats(&found["given"]), &FROM_ELSEWHERE.0);
    assert_eq!(found["states"], serde_json::json!([{"output": "hN", "input": "h"}, {"output": "cN", "input": "c"}]));
    insta::assert_snapshot!(
        found["wrong"].as_str().unwrap(), @r#"true "x" is no state of model "cell", expected the states "h", "c"."#);
}

#[test]
fn states_that_are_none_are_refused() {
    let tmp = tempfile::tempdir().unwrap();
    let refused = |state: &str| compile(tmp.path(), &["--state", state]).unwrap_err();
    insta::assert_snapshot!(refused("hX=h"), @"error: legalize: func.func: a state: the model has no output 'hX'; it has hN, cN");
    insta::assert_snapshot!(refused("hN=x"), @"error: legalize: func.func: the state hN=x: the output is tensor<1x1x3xf32>, the input tensor<1x1x2xf32>");
}
