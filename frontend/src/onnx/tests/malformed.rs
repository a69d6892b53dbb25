//! Hostile and broken files: a message that helps, no panic, no allocation for what isn't there.

use super::*;
use insta::assert_snapshot;

fn refused_bytes(bytes: &[u8]) -> String {
    import_bytes(bytes, &ImportOptions::default()).unwrap_err()
}

fn good_bytes() -> Vec<u8> {
    let weights = TensorProto::from_f32("w", vec![3, 20], (0..60).map(|i| i as f32).collect());
    let product = Graph { initializer: vec![weights], ..graph(vec![node("a", "MatMul", &["x", "w"], &["y"])]) };
    onnx_rs::encode(&model(product))
}

#[test]
fn empty() {
    assert_snapshot!(refused_bytes(b""), @"model.onnx: not an ONNX model: it is empty");
}

#[test]
fn missing_file() {
    let folder = tempfile::tempdir().unwrap();
    let session = Session::new();
    let message = |name| match import(session.cx(), &folder.path().join(name), &ImportOptions::default()) {
        Ok(_) => panic!("imported"),
        Err(e) => e.to_string().replace(&format!("{}/", folder.path().display()), ""),
    };
    assert_snapshot!(message("model.onnx"), @"model.onnx: No such file or directory (os error 2)");
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    assert_snapshot!(message("folder"), @"folder: not an ONNX model: it is not a regular file");
}

#[test]
fn truncated() {
    let bytes = good_bytes();
    assert_snapshot!(refused_bytes(&bytes[..200]), @"model.onnx: not an ONNX model: at byte 2: field 7 is 325 bytes long, but only 195 follow; the file is truncated");
    assert_snapshot!(refused_bytes(&bytes[..3]), @"model.onnx: not an ONNX model: at byte 3: a number is cut off; the file is truncated");
    // Cut anywhere, it is a message or (at the border between two fields) a smaller model.
    none_panics((0..bytes.len()).map(|n| bytes[..n].to_vec()));
}

fn none_panics(files: impl Iterator<Item = Vec<u8>>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.onnx");
    let session = Session::new();
    for bytes in files {
        std::fs::write(&path, bytes).unwrap();
        _ = import(session.cx(), &path, &ImportOptions::default());
    }
}

#[test]
fn damaged_bytes_never_panic() {
    let bytes = good_bytes();
    none_panics((0..bytes.len()).flat_map(|i| {
        let bytes = &bytes;
        [0x01, 0x02, 0x07, 0x10, 0x80, 0xff].into_iter().map(move |flip| {
            let mut bad = bytes.clone();
            bad[i] ^= flip;
            bad
        })
    }));
}

#[test]
fn other_formats() {
    assert_snapshot!(refused_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), @"model.onnx: not an ONNX model: its first bytes are not those of a protobuf ModelProto");
    assert_snapshot!(refused_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a"), @"model.onnx: not an ONNX model: it is a Git LFS pointer: fetch the file itself with `git lfs pull`");
    assert_snapshot!(refused_bytes(b"\x1c\0\0\0TFL3\x14\0\x20\0"), @"model.onnx: not an ONNX model: it is a TensorFlow Lite model");
    assert_snapshot!(refused_bytes(b"PK\x03\x04\x14\0\0\0"), @"model.onnx: not an ONNX model: it is a zip archive, such as a PyTorch checkpoint: unpack or export it");
    assert_snapshot!(refused_bytes(b"\x08\x07"), @"model.onnx: not an ONNX model: it has no graph");
}

#[test]
fn wrong_wire_type() {
    // ModelProto { graph: { name: <varint> } }
    assert_snapshot!(refused_bytes(&[0x08, 8, 0x3a, 2, 0x10, 1]), @"model.onnx: not an ONNX model: graph.name at byte 6: wire type 0 or length doesn't fit this field");
    // ModelProto { graph: { node: [{ name: <not UTF-8> }] } }
    assert_snapshot!(refused_bytes(&[0x08, 8, 0x3a, 5, 0x0a, 3, 0x1a, 1, 0xff]), @"model.onnx: not an ONNX model: graph.node[0].name at byte 8: the text is not UTF-8");
    // ModelProto { graph: { initializer: [{ data_type: 26 }] } }
    assert_snapshot!(refused_bytes(&[0x08, 8, 0x3a, 4, 0x2a, 2, 0x10, 26]), @"model.onnx: not an ONNX model: graph.initializer[0].data_type at byte 8: value 26 is not known; 0 to 23 are");
}

#[test]
fn nested_without_end() {
    /// A field with a message of `length` bytes, last byte first.
    fn open(tag: u8, mut length: usize, reversed: &mut Vec<u8>) {
        let mut head = vec![tag];
        while length >= 0x80 {
            head.push(length as u8 | 0x80);
            length >>= 7;
        }
        head.push(length as u8);
        reversed.extend(head.into_iter().rev());
    }
    let mut reversed = Vec::new();
    for _ in 0..20_000 {
        // GraphProto { node: [{ attribute: [{ g: ... }] }] }
        for tag in [0x32, 0x2a, 0x0a] {
            open(tag, reversed.len(), &mut reversed);
        }
    }
    open(0x3a, reversed.len(), &mut reversed);
    let bytes: Vec<u8> = [0x08, 8].into_iter().chain(reversed.into_iter().rev()).collect();
    assert_snapshot!(refused_bytes(&bytes), @"model.onnx: not an ONNX model: graph.node[0].attribute[0].g.node[0].attribute[0].g.node[0].attribute[0].g.node[0].attribute[0]... at byte 406: messages are nested more than 100 deep");
}

#[test]
fn cyclic_graph() {
    let nodes = vec![
        node("start", "Relu", &["x"], &["s"]),
        node("a", "Add", &["s", "c"], &["a"]),
        node("b", "Relu", &["a"], &["b"]),
        node("", "Relu", &["b"], &["c"]),
        node("end", "Relu", &["c"], &["y"]),
    ];
    assert_snapshot!(refused(&model(graph(nodes))), @"model.onnx: nodes form a cycle: 'a' -> 'b' -> 'Relu_3' -> 'a'");
    assert_snapshot!(refused(&model(graph(vec![node("self", "Add", &["x", "y"], &["y"])]))), @"model.onnx: nodes form a cycle: 'self' -> 'self'");
}

#[test]
fn unknown_operators_are_counted() {
    let mut nodes = vec![
        node("a", "Relu", &["x"], &["a"]),
        Node { domain: "com.example", ..node("b", "Fancy", &["a"], &["b"]) },
        node("c", "HardSwish", &["b"], &["c"]),
        node("d", "Upsample", &["c"], &["d0"]),
    ];
    let names: Vec<(String, String, String)> =
        (0..8).map(|i| (format!("odd {i}"), format!("d{i}"), format!("d{}", i + 1))).collect();
    nodes.extend(names.iter().map(|(n, i, o)| node(n, "Relux", &[i], &[o])));
    nodes.push(node("e", "Relu", &["d8"], &["y"]));
    assert_snapshot!(refused(&model(graph(nodes))), @"
    model.onnx: 4 problems
      operator 'HardSwish' came with opset 14, but the model imports opset 13; 1 node uses it: 'c'
      operator 'Relux' does not exist in ONNX; 8 nodes use it: 'odd 0', 'odd 1', 'odd 2', 'odd 3', 'odd 4', 'odd 5' and 2 more
      operator 'Upsample' was removed in opset 10, but the model imports opset 13; convert the model with onnx.version_converter; 1 node uses it: 'd'
      operator 'com.example.Fancy' is of domain 'com.example', which ONNX does not define, nor does the model; 1 node uses it: 'b'
    ");
}

#[test]
fn missing_input_names() {
    let nodes = vec![
        node("a", "Add", &["x", "weights"], &["a"]),
        node("b", "Mul", &["a", "weights"], &["b"]),
        node("c", "Add", &["b", "scale"], &["c"]),
    ];
    assert_snapshot!(refused(&model(graph(nodes))), @"
    model.onnx: 3 problems
      value 'scale' is not defined by any input, initializer or node; 1 node uses it: 'c'
      value 'weights' is not defined by any input, initializer or node; 2 nodes use it: 'a', 'b'
      value 'y' is not defined by any input, initializer or node; 1 node uses it: '(graph output)'
    ");
}

#[test]
fn duplicate_definitions() {
    let nodes =
        vec![node("a", "Relu", &["x"], &["x"]), node("b", "Relu", &["x"], &["y"]), node("", "Relu", &["x"], &["y"])];
    assert_snapshot!(refused(&model(graph(nodes))), @"
    model.onnx: 3 problems
      value 'x' is defined more than once: by an input, node 'a'
      value 'y' is defined more than once: by node 'b', node 'Relu_2'
      nodes form a cycle: 'a' -> 'a'
    ");
}

#[test]
fn inputs_and_attributes_that_an_operator_does_not_have() {
    let nodes = vec![
        with(node("conv", "Conv", &["x"], &["a"]), vec![ints("strides", &[1]), ints("stride", &[2])]),
        with(node("add", "Add", &["a", "x", "x"], &["b", "c"]), vec![]),
        with(node("cast", "Cast", &["b"], &["d"]), vec![]),
        with(node("flat", "Flatten", &["d"], &["e"]), vec![ints("axis", &[1])]),
        node("gemm", "Gemm", &["e", "", "e"], &["y"]),
        node("const", "Constant", &[], &["unused"]),
    ];
    assert_snapshot!(refused(&model(graph(nodes))), @"
    model.onnx: 8 problems
      node 'conv' (Conv): takes 2 to 3 inputs, not 1
      node 'conv' (Conv): attribute 'stride' does not exist in version 11 of the operator
      node 'add' (Add): takes 2 inputs, not 3
      node 'add' (Add): gives 1 outputs, not 2
      node 'cast' (Cast): attribute 'to' is missing, but required
      node 'flat' (Flatten): attribute 'axis' holds ints, but should hold an int
      node 'gemm' (Gemm): input 1 is omitted, but is required
      node 'const' (Constant): attribute 'value' must be the only one, but there are 0
    ");
}

#[test]
fn opsets() {
    let of = |version, domain| Model {
        opset_import: vec![OperatorSetId { domain, version }],
        ..model(graph(vec![node("a", "Relu", &["x"], &["y"])]))
    };
    assert!(imported(&of(6, "")).contains("onnx.Relu"));
    let old = Model {
        opset_import: vec![OperatorSetId { domain: "", version: 6 }],
        ..model(graph(vec![node("d", "Dropout", &["x"], &["y"])]))
    };
    assert_snapshot!(refused(&old), @"model.onnx: operator 'Dropout' is read from opset 7 on, but the model imports opset 6; convert the model with onnx.version_converter; 1 node uses it: 'd'");
    assert_snapshot!(refused(&of(1000, "ai.onnx")), @"model.onnx: opset 1000 is newer than this compiler knows (1 to 28); export the model for opset 28, or convert it with onnx.version_converter");
    assert_snapshot!(refused(&of(2, "ai.onnx.ml")), @"model.onnx: no operator set is imported, though nodes use it; the model is damaged");
}

#[test]
fn graphs_without_outputs_or_with_sparse_constants() {
    let none = Graph { output: vec![], ..graph(vec![]) };
    assert_snapshot!(refused(&model(none)), @"model.onnx: the graph has no outputs; nothing to compute");
    let sparse = SparseTensor { values: Some(TensorProto::from_f32("s", vec![1], vec![1.0])), ..Default::default() };
    let sparse = Graph { sparse_initializer: vec![sparse], ..graph(vec![node("a", "Add", &["x", "s"], &["y"])]) };
    assert_snapshot!(refused(&model(sparse)), @"model.onnx: initializer 's': sparse initializers are not supported; store it as a dense tensor");
}
