//! Dims that are left open: one artifact computes at every size what an artifact of that size computes, and compiling again
//! from every level's text gives the same bytes.

use onnx_rs::ast::*;
use std::path::Path;
use std::process::Command;
use weft_host::{Artifact, Session, Tensor, Variant};

fn weftc(args: &[&str]) {
    let out = Command::new(env!("CARGO_BIN_EXE_weftc")).args(args).output().expect("weftc starts");
    assert!(out.status.success(), "weftc {}\n{}", args.join(" "), String::from_utf8_lossy(&out.stderr));
}

fn path(p: &Path) -> &str {
    p.to_str().expect("a UTF-8 path")
}

/// Numbers without a pattern, from a fixed sequence.
fn numbers(n: u64, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let next = move |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state as f32 / u32::MAX as f32 - 0.5) * 2.0
    };
    (0..n).map(next).collect()
}

fn value<'a>(name: &'a str, dims: &[Dimension<'a>]) -> ValueInfo<'a> {
    let dim = dims.iter().map(|d| TensorShapeDimension { value: d.clone(), denotation: "" }).collect();
    let tensor = TensorTypeProto { elem_type: DataType::Float, shape: Some(TensorShape { dim }) };
    let r#type = Some(TypeProto { value: Some(TypeValue::Tensor(tensor)), denotation: "" });
    ValueInfo { name, r#type, ..Default::default() }
}

fn node<'a>(op: &'a str, input: &[&'a str], output: &'a str, attribute: Vec<Attribute<'a>>) -> Node<'a> {
    Node {
        name: output,
        op_type: OpType::from(op),
        input: input.to_vec(),
        output: vec![output],
        attribute,
        ..Default::default()
    }
}

fn int(name: &str, i: i64) -> Attribute<'_> {
    Attribute { name, r#type: AttributeType::Int, i, ..Default::default() }
}

fn ints<'a>(name: &'a str, ints: &[i64]) -> Attribute<'a> {
    Attribute { name, r#type: AttributeType::Ints, ints: ints.to_vec(), ..Default::default() }
}

fn weights<'a>(name: &'a str, shape: &[i64], seed: u32) -> TensorProto<'a> {
    let n = shape.iter().product::<i64>() as u64;
    TensorProto::from_f32(name, shape.to_vec(), numbers(n, seed))
}

/// A model with one input `x`, which has the dim `n`, and outputs of any shape.
fn model<'a>(
    x: &[Dimension<'a>],
    node: Vec<Node<'a>>,
    initializer: Vec<TensorProto<'a>>,
    outputs: &[(&'a str, usize)],
) -> Vec<u8> {
    let graph = Graph {
        node,
        name: "main",
        initializer,
        input: vec![value("x", x)],
        output: outputs.iter().map(|&(name, rank)| value(name, &vec![Dimension::Param(""); rank])).collect(),
        ..Default::default()
    };
    onnx_rs::encode(&Model {
        ir_version: 8,
        opset_import: vec![OperatorSetId { domain: "", version: 13 }],
        graph: Some(graph),
        ..Default::default()
    })
}

/// The dim's range, and the shape of `x` at a size.
struct Case<'a> {
    range: (u64, u64),
    shape: &'a dyn Fn(u64) -> Vec<u64>,
}

fn run(artifact: &Path, variant: Variant, x: &Tensor) -> Vec<(String, Tensor)> {
    let mut session = Session::new(&Artifact::open(artifact).unwrap(), variant).unwrap();
    session.run(&[("x", x.clone())]).unwrap()
}

/// Compares the open artifact with one of each size, and compiles it again from every level.
fn check(bytes: &[u8], case: &Case<'_>, sizes: &[u64]) {
    let tmp = tempfile::tempdir().unwrap();
    let (file, open, dumps) = (tmp.path().join("m.onnx"), tmp.path().join("open"), tmp.path().join("dumps"));
    std::fs::write(&file, bytes).unwrap();
    let range = format!("n={}..{}", case.range.0, case.range.1);
    weftc(&["compile", path(&file), "--dim", &range, "-q", "-o", path(&open), "--dump-levels", path(&dumps)]);
    for &n in sizes {
        let fixed = tmp.path().join(format!("fixed-{n}"));
        weftc(&["compile", path(&file), "--dim", &format!("n={n}"), "-q", "-o", path(&fixed)]);
        let shape = (case.shape)(n);
        let x = Tensor::from_values(&shape, &numbers(shape.iter().product(), n as u32)).unwrap();
        for variant in [Variant::Relaxed, Variant::Simd] {
            for ((name, want), (_, got)) in run(&fixed, variant, &x).iter().zip(run(&open, variant, &x)) {
                assert_eq!(want.shape(), got.shape(), "{name} at {n}");
                let (want, got) = (want.values::<f32>().unwrap(), got.values::<f32>().unwrap());
                let most = want.iter().fold(1f32, |m, v| m.max(v.abs()));
                // Other tiles may add up in another order.
                let near = want.iter().zip(&got).all(|(a, b)| (a - b).abs() <= 1e-5 * most);
                assert!(near, "{name} at {n}, {variant}: {want:?} is not {got:?}");
            }
        }
    }
    let files = ["model.relaxed.wasm", "model.simd.wasm", "manifest.json", "index.js", "index.d.ts"];
    for level in ["import", "graph", "kernels", "planned", "loops", "machine"] {
        let again = tmp.path().join(format!("from-{level}"));
        let text = dumps.join(format!("{level}.mlir"));
        weftc(&["compile", path(&text), "--compile-from", level, "-q", "-o", path(&again)]);
        for f in files {
            let read = |dir: &Path| std::fs::read(dir.join(f)).unwrap();
            assert!(read(&open) == read(&again), "{f} differs when compiled from the {level} level");
        }
    }
}

fn attention() -> Vec<u8> {
    let mut nodes = vec![
        node("Shape", &["x"], "shape", vec![]),
        node("Gather", &["shape", "second"], "length", vec![int("axis", 0)]),
        node("Concat", &["one", "length", "heads"], "split", vec![int("axis", 0)]),
    ];
    for [weights, flat, split, out, permuted] in
        [["wq", "q0", "q1", "q", "0"], ["wk", "k0", "k1", "k", "1"], ["wv", "v0", "v1", "v", "0"]]
    {
        let perm: &[i64] = if permuted == "1" { &[0, 2, 3, 1] } else { &[0, 2, 1, 3] };
        nodes.extend([
            node("MatMul", &["x", weights], flat, vec![]),
            node("Reshape", &[flat, "split"], split, vec![]),
            node("Transpose", &[split], out, vec![ints("perm", perm)]),
        ]);
    }
    nodes.extend([
        node("MatMul", &["q", "k"], "scores", vec![]),
        node("Softmax", &["scores"], "p", vec![int("axis", -1)]),
        node("MatMul", &["p", "v"], "o0", vec![]),
        node("Transpose", &["o0"], "o1", vec![ints("perm", &[0, 2, 1, 3])]),
        node("Reshape", &["o1", "whole"], "y", vec![]),
        node("ReduceMean", &["y"], "mean", vec![ints("axes", &[1])]),
    ]);
    let ints = |name, v: &[i64]| TensorProto::from_i64(name, vec![v.len() as i64], v.to_vec());
    let constants = vec![
        weights("wq", &[16, 16], 1),
        weights("wk", &[16, 16], 2),
        weights("wv", &[16, 16], 3),
        ints("second", &[1]),
        ints("one", &[1]),
        ints("heads", &[2, 8]),
        ints("whole", &[0, 0, 16]),
    ];
    let x = [Dimension::Value(1), Dimension::Param("n"), Dimension::Value(16)];
    model(&x, nodes, constants, &[("y", 3), ("mean", 3)])
}

#[test]
fn attention_over_any_length() {
    let shape = |n| vec![1, n, 16];
    // Rows of scores have room for whole panels, or have not.
    for most in [24, 21] {
        check(&attention(), &Case { range: (1, most), shape: &shape }, &[1, 2, 5, 6, 7, 8, 9, 13, most]);
    }
}

#[test]
fn convolutions_over_any_width() {
    let conv = |input, w, out, stride| {
        let attrs = vec![ints("pads", &[1, 1, 1, 1]), ints("strides", &[stride, stride])];
        node("Conv", &[input, w], out, attrs)
    };
    let nodes = vec![
        conv("x", "w1", "a", 2),
        node("Relu", &["a"], "b", vec![]),
        node("Conv", &["b", "w2"], "c", vec![]),
        conv("c", "w3", "d", 1),
        node("Add", &["d", "c"], "y", vec![]),
        node("GlobalAveragePool", &["y"], "mean", vec![]),
    ];
    let constants =
        vec![weights("w1", &[8, 3, 3, 3], 1), weights("w2", &[12, 8, 1, 1], 2), weights("w3", &[12, 12, 3, 3], 3)];
    let x = [Dimension::Value(1), Dimension::Value(3), Dimension::Value(6), Dimension::Param("n")];
    let bytes = model(&x, nodes, constants, &[("y", 4), ("mean", 4)]);
    check(&bytes, &Case { range: (1, 30), shape: &|n| vec![1, 3, 6, n] }, &[1, 2, 3, 10, 11, 12, 13, 29, 30]);
}

#[test]
fn recurrence_slices_and_joins_over_any_length() {
    let nodes = vec![
        node("LSTM", &["x", "w", "r"], "l", vec![int("hidden_size", 5)]),
        node("Squeeze", &["l", "directions"], "h", vec![]),
        node("Concat", &["x", "h", "x"], "j", vec![int("axis", 2)]),
        node("Concat", &["j", "j"], "twice", vec![int("axis", 0)]),
        node("Slice", &["twice", "from", "to", "first"], "y", vec![]),
        node("Gather", &["x", "last"], "end", vec![int("axis", 0)]),
        node("Transpose", &["x"], "turned", vec![ints("perm", &[2, 1, 0])]),
    ];
    let ints = |name, v: i64| TensorProto::from_i64(name, vec![1], vec![v]);
    let constants = vec![
        weights("w", &[1, 20, 4], 1),
        weights("r", &[1, 20, 5], 2),
        ints("directions", 1),
        ints("from", 1),
        ints("to", -1),
        ints("first", 0),
        ints("last", -1),
    ];
    let x = [Dimension::Param("n"), Dimension::Value(2), Dimension::Value(4)];
    let bytes = model(&x, nodes, constants, &[("y", 3), ("end", 3), ("turned", 3)]);
    check(&bytes, &Case { range: (1, 19), shape: &|n| vec![n, 2, 4] }, &[1, 2, 4, 7, 19]);
}

#[test]
fn a_dim_out_of_bounds_is_named() {
    let tmp = tempfile::tempdir().unwrap();
    let (file, open) = (tmp.path().join("m.onnx"), tmp.path().join("open"));
    let x = [Dimension::Value(2), Dimension::Param("n")];
    std::fs::write(&file, model(&x, vec![node("Relu", &["x"], "y", vec![])], vec![], &[("y", 2)])).unwrap();
    weftc(&["compile", path(&file), "--dim", "n=2..9", "-q", "-o", path(&open)]);
    let mut session = Session::new(&Artifact::open(&open).unwrap(), Variant::Simd).unwrap();
    let mut refused = |shape: &[u64]| {
        let x = Tensor::from_values(shape, &numbers(shape.iter().product(), 1)).unwrap();
        session.run(&[("x", x)]).unwrap_err().to_string()
    };
    let messages = [refused(&[2, 10]), refused(&[2, 1]), refused(&[3, 4]), refused(&[2])];
    insta::assert_snapshot!(messages.join("\n"));
}
