//! Kernels of each family, from the kernels level's text to instructions: run under wasmtime and compared with the
//! reference evaluator. The files are `tests/kernels/*.mlir`.

use std::path::Path;
use std::process::Command;
use weft_dialects::eval;
use weft_dialects::ir::{BlockLike, Elem, OpExt, Session, Tensor, ValueExt, block_arg, funcs, module_op, parse};
use weft_host::{Artifact, Dtype, Variant};

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

fn check(family: &str) {
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
    let out = tempfile::tempdir().unwrap();
    let artifact = out.path().join("artifact");
    let args = ["compile", "--compile-from", "kernels", "-q", "-o"];
    let run = Command::new(env!("CARGO_BIN_EXE_weftc")).args(args).arg(&artifact).arg(&path).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let shape = |t: &Tensor| t.shape.iter().map(|&d| d as u64).collect::<Vec<_>>();
    let given: Vec<(String, weft_host::Tensor)> = inputs
        .iter()
        .enumerate()
        .map(|(i, t)| (format!("x{i}"), weft_host::Tensor::new(dtype(t.elem), &shape(t), t.data.to_vec()).unwrap()))
        .collect();
    let given: Vec<(&str, weft_host::Tensor)> = given.iter().map(|(n, t)| (n.as_str(), t.clone())).collect();
    for variant in Variant::ALL {
        let mut session = weft_host::Session::new(&Artifact::open(&artifact).unwrap(), variant).unwrap();
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
    check("half");
}
