//! Kernels of each family, from the kernels level's text to instructions: run under wasmtime and compared with the
//! reference evaluator. The files are `tests/kernels/*.mlir`.

use std::path::Path;
use std::process::Command;
use weft_dialects::eval;
use weft_dialects::ir::{
    BlockLike, Elem, OpExt, Scalar, Session, Tensor, ValueExt, block_arg, funcs, module_op, parse,
};
use weft_host::{Artifact, Dtype, Variant};

/// What differing orders of summation, and polynomials for functions, may add up to.
const TOLERANCE: f64 = 2e-5;

fn dtype(elem: Elem) -> Dtype {
    match elem {
        Elem::F32 => Dtype::Float32,
        Elem::I1 => Dtype::Bool,
        Elem::I8 => Dtype::Int8,
        Elem::I32 => Dtype::Int32,
        Elem::I64 => Dtype::Int64,
        other => panic!("the files have no {}", other.mlir()),
    }
}

/// Floats of both signs around 1, small integers. xorshift64*.
fn random(seed: &mut u64, elem: Elem) -> Scalar {
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    let bits = seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40;
    if elem.is_float() {
        Scalar::F(bits as f64 / f64::from(1 << 22) - 2.0)
    } else {
        Scalar::I(bits as i64 % 17 - 8).to(elem)
    }
}

fn check(family: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/kernels/{family}.mlir"));
    let session = Session::new();
    let cx = session.cx();
    let module = parse(cx, &std::fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{e}"));
    let main = funcs(module_op(&module))[0];
    let mut seed = 0x9e37_79b9_7f4a_7c15;
    let inputs: Vec<Tensor> = (0..main.body(0).argument_count())
        .map(|i| {
            let ty = block_arg(main.body(0), i).tensor_ty().unwrap();
            Tensor::from_scalars(ty.elem, &ty.shape, (0..ty.len().unwrap()).map(|_| random(&mut seed, ty.elem)))
        })
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
    let close = |x: Scalar, y: Scalar| match (x, y) {
        (Scalar::F(x), Scalar::F(y)) => {
            x == y || (x.is_nan() && y.is_nan()) || (x - y).abs() <= TOLERANCE * (1.0 + x.abs().max(y.abs()))
        }
        (x, y) => x == y,
    };
    for variant in Variant::ALL {
        let mut session = weft_host::Session::new(&Artifact::open(&artifact).unwrap(), variant).unwrap();
        let outputs = session.run(&given).unwrap();
        assert_eq!(outputs.len(), expected.len());
        for (want, (name, got)) in expected.iter().zip(outputs) {
            let got = Tensor { elem: want.elem, shape: want.shape.clone(), data: got.bytes().to_vec().into() };
            assert_eq!(got.data.len(), want.data.len(), "{name}");
            if let Some(i) = (0..want.len()).find(|&i| !close(want.get(i), got.get(i))) {
                panic!(
                    "{family}, {variant}: element {i} of {name} {:?} is {:?}, not {:?}",
                    want.shape,
                    got.get(i),
                    want.get(i)
                );
            }
        }
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
