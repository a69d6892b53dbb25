//! Kernels of each family, from the kernels level's text to instructions: run under wasmtime and compared with the
//! reference evaluator; and the same as a GPU's kernels, which needs a driver for Vulkan (`cargo xtask test` provides one;
//! `WEFT_NO_GPU=1` leaves it out). The files are `tests/kernels/*.mlir`.

use std::path::Path;
use std::process::Command;
use weft_dialects::eval;
use weft_dialects::ir::{BlockLike, Elem, OpExt, Session, Tensor, ValueExt, block_arg, funcs, module_op, parse, print};
use weft_host::{Artifact, Dtype, GpuOptions, Variant};

/// What differing orders of summation, and polynomials for functions, may add up to.
const TOLERANCE: f64 = 2e-5;

fn dtype(elem: Elem) -> Dtype {
    match elem {
        Elem::F16 => Dtype::Float16,
        Elem::BF16 => Dtype::Bfloat16,
        Elem::F32 => Dtype::Float32,
        Elem::I1 => Dtype::Bool,
        Elem::I8 => Dtype::Int8,
        Elem::I32 => Dtype::Int32,
        Elem::I64 => Dtype::Int64,
        other => panic!("the files have no {}", other.mlir()),
    }
}

/// A file's module as text for a device, the inputs it is run with, and what comes out.
fn case(family: &str, device: &str) -> (String, Vec<Tensor>, Vec<Tensor>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/kernels/{family}.mlir"));
    let session = Session::new();
    let cx = session.cx();
    let module = parse(cx, &std::fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{e}"));
    let main = funcs(module_op(&module))[0];
    let mut random = eval::Random::new(1);
    let inputs: Vec<Tensor> = (0..main.body(0).argument_count())
        .filter_map(|i| block_arg(main.body(0), i).tensor_ty())
        .map(|ty| random.tensor(ty.elem, &ty.shape))
        .collect();
    let expected = eval::function(cx, main, &inputs).unwrap_or_else(|e| panic!("{e}"));
    module_op(&module).set_attr("weft.device", cx.str_attr(device));
    (print(module_op(&module)), inputs, expected)
}

fn check(family: &str) {
    check_for(family, "wasm");
    if std::env::var_os("WEFT_NO_GPU").is_none_or(|v| v != "1") {
        check_for(family, "webgpu");
    }
}

fn check_for(family: &str, device: &str) {
    let (text, inputs, expected) = case(family, device);
    let out = tempfile::tempdir().unwrap();
    let (artifact, file) = (out.path().join("artifact"), out.path().join(format!("{family}.mlir")));
    std::fs::write(&file, text).unwrap();
    let args = ["compile", "--compile-from", "kernels", "-q", "-o"];
    let run = Command::new(env!("CARGO_BIN_EXE_weftc")).args(args).arg(&artifact).arg(&file).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let shape = |t: &Tensor| t.shape.iter().map(|&d| d as u64).collect::<Vec<_>>();
    let given: Vec<(String, weft_host::Tensor)> = inputs
        .iter()
        .enumerate()
        .map(|(i, t)| (format!("x{i}"), weft_host::Tensor::new(dtype(t.elem), &shape(t), t.data.to_vec()).unwrap()))
        .collect();
    let given: Vec<(&str, weft_host::Tensor)> = given.iter().map(|(n, t)| (n.as_str(), t.clone())).collect();
    let artifact = Artifact::open(&artifact).unwrap();
    let sessions = match device {
        "wasm" => Variant::ALL.map(|v| (v.to_string(), weft_host::Session::new(&artifact, v).unwrap())).into(),
        _ => vec![(device.to_owned(), weft_host::Session::gpu(&artifact, &GpuOptions::default()).unwrap())],
    };
    for (variant, mut session) in sessions {
        let outputs = session.run(&given).unwrap();
        assert_eq!(outputs.len(), expected.len());
        let got: Vec<Tensor> = expected
            .iter()
            .zip(outputs)
            .map(|(t, (_, got))| Tensor { elem: t.elem, shape: t.shape.clone(), data: got.bytes().to_vec().into() })
            .collect();
        eval::compare(&expected, &got, TOLERANCE).unwrap_or_else(|e| panic!("{family}, {variant}: {e}"));
    }
}

#[test]
fn elementwise() {
    check("elementwise");
}

#[test]
fn transposes() {
    check("transpose");
}

#[test]
fn reductions() {
    check("reduce");
}

#[test]
fn copies() {
    check("copy");
}

#[test]
fn pools() {
    check("pool");
}

#[test]
fn softmax() {
    check("softmax");
}

#[test]
fn functions() {
    check("math");
}

#[test]
fn half_precision() {
    // WGSL may take numbers that are too small to be normal for zero, which the file has some of.
    check_for("half", "wasm");
}

#[test]
fn grids() {
    check("grid");
}
