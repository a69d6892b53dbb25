//! What graphs become.

use super::*;
use insta::assert_snapshot;

#[test]
fn nodes_attributes_and_omitted_inputs() {
    let nodes = vec![
        with(
            node("/conv", "Conv", &["x", "w"], &["c"]),
            vec![
                Attribute { name: "auto_pad", r#type: AttributeType::String, s: b"NOTSET", ..Default::default() },
                int("group", 1),
                ints("strides", &[2, 2]),
            ],
        ),
        node("clip", "Clip", &["c", "", "w"], &["d"]),
        with(
            node("", "LeakyRelu", &["d"], &["e"]),
            vec![Attribute { name: "alpha", r#type: AttributeType::Float, f: 0.25, ..Default::default() }],
        ),
        node("drop", "Dropout", &["e", "", ""], &["y", ""]),
    ];
    let w = TensorProto::from_f32("w", vec![1], vec![1.0]);
    assert_snapshot!(imported(&model(Graph { initializer: vec![w], ..graph(nodes) })), @r#"
    module attributes {weft.level = "import", weft.model = "model"} {
      func.func @main(%arg0: tensor<2x3xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.domains = {}, onnx.opset = 13 : i64} {
        %0 = "onnx.None"() : () -> !onnx.value
        %1 = "onnx.Constant"() {value = dense<1.000000e+00> : tensor<1xf32>} : () -> !onnx.value
        %2 = "onnx.Conv"(%arg0, %1) {auto_pad = "NOTSET", group = 1 : i64, strides = [2, 2]} : (tensor<2x3xf32>, !onnx.value) -> !onnx.value
        %3 = "onnx.Clip"(%2, %0, %1) : (!onnx.value, !onnx.value, !onnx.value) -> !onnx.value
        %4 = "onnx.LeakyRelu"(%3) {alpha = 2.500000e-01 : f32} : (!onnx.value) -> !onnx.value
        %5 = "onnx.Dropout"(%4) : (!onnx.value) -> !onnx.value
        return %5 : !onnx.value
      }
    }
    "#);
}

#[test]
fn locations_are_node_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.onnx");
    let odd = "say \"hi\"\n\u{e9}\\";
    let nodes = vec![node(odd, "Relu", &["x"], &["a"]), node("", "Relu", &["a"], &["y"])];
    std::fs::write(&path, onnx_rs::encode(&model(graph(nodes)))).unwrap();
    let session = Session::new();
    let module = import(session.cx(), &path, &ImportOptions::default()).unwrap();
    let text = print(module_op(&module));
    assert!(text.contains(r#"loc("say \22hi\22\0A\C3\A9\\")"#), "{text}");
    assert!(text.contains(r#"loc("Relu_1")"#), "{text}");
    import_in(folder.path(), &std::fs::read(&path).unwrap(), &ImportOptions::default()).unwrap();
}

#[test]
fn nodes_in_any_order() {
    let nodes = vec![
        node("last", "Add", &["b", "a"], &["y"]),
        node("second", "Neg", &["a"], &["b"]),
        node("first", "Relu", &["x"], &["a"]),
    ];
    assert_snapshot!(imported(&model(graph(nodes))), @r#"
    module attributes {weft.level = "import", weft.model = "model"} {
      func.func @main(%arg0: tensor<2x3xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.domains = {}, onnx.opset = 13 : i64} {
        %0 = "onnx.Relu"(%arg0) : (tensor<2x3xf32>) -> !onnx.value
        %1 = "onnx.Neg"(%0) : (!onnx.value) -> !onnx.value
        %2 = "onnx.Add"(%1, %0) : (!onnx.value, !onnx.value) -> !onnx.value
        return %2 : !onnx.value
      }
    }
    "#);
}

#[test]
fn other_domains() {
    let mut m = model(graph(vec![
        Node { domain: "ai.onnx", ..node("a", "Relu", &["x"], &["a"]) },
        Node { domain: "ai.onnx.ml", ..node("n", "Normalizer", &["a"], &["y"]) },
    ]));
    m.opset_import.push(OperatorSetId { domain: "ai.onnx.ml", version: 2 });
    // A domain that no node uses doesn't matter.
    m.opset_import.push(OperatorSetId { domain: "com.example", version: 1 });
    assert_snapshot!(imported(&m), @r#"
    module attributes {weft.level = "import", weft.model = "model"} {
      func.func @main(%arg0: tensor<2x3xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.domains = {ai.onnx.ml = 2 : i64}, onnx.opset = 13 : i64} {
        %0 = "onnx.Relu"(%arg0) : (tensor<2x3xf32>) -> !onnx.value
        %1 = "onnx.ai.onnx.ml.Normalizer"(%0) {onnx.domain = "ai.onnx.ml"} : (!onnx.value) -> !onnx.value
        return %1 : !onnx.value
      }
    }
    "#);
}

#[test]
fn inputs_and_constants_as_outputs() {
    let mut g = graph(vec![]);
    g.initializer.push(TensorProto::from_f32("w", vec![1], vec![1.0]));
    g.initializer.push(TensorProto::from_f32("unused", vec![1], vec![1.0]));
    g.output = vec![value("x", &[]), value("w", &[])];
    assert_snapshot!(imported(&model(g)), @r#"
    module attributes {weft.level = "import", weft.model = "model"} {
      func.func @main(%arg0: tensor<2x3xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "x"}, !onnx.value {weft.dtype = "float32", weft.name = "w"}) attributes {onnx.domains = {}, onnx.opset = 13 : i64} {
        %0 = "onnx.Constant"() {value = dense<1.000000e+00> : tensor<1xf32>} : () -> !onnx.value
        %1 = "onnx.Identity"(%arg0) : (tensor<2x3xf32>) -> !onnx.value
        return %1, %0 : !onnx.value, !onnx.value
      }
    }
    "#);
}

/// A branch of `If` that captures `outer`.
fn branch<'a>(op: &'a str, outer: &'a str) -> Graph<'a> {
    Graph { node: vec![node("", op, &[outer], &["r"])], output: vec![value("r", &[])], ..Default::default() }
}

#[test]
fn subgraphs_are_regions_that_capture() {
    let nodes = vec![
        // Stands before the node whose output a branch captures.
        with(
            node("if", "If", &["cond"], &["y"]),
            vec![subgraph("then_branch", branch("Relu", "a")), subgraph("else_branch", branch("Neg", "x"))],
        ),
        node("abs", "Abs", &["x"], &["a"]),
    ];
    let cond = TensorProto::from_raw("cond", vec![], DataType::Bool, &[1]);
    assert_snapshot!(imported(&model(Graph { initializer: vec![cond], ..graph(nodes) })), @r#"
    module attributes {weft.level = "import", weft.model = "model"} {
      func.func @main(%arg0: tensor<2x3xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.domains = {}, onnx.opset = 13 : i64} {
        %0 = "onnx.Constant"() {value = dense<true> : tensor<i1>} : () -> !onnx.value
        %1 = "onnx.Abs"(%arg0) : (tensor<2x3xf32>) -> !onnx.value
        %2 = "onnx.If"(%0) ({
          %3 = "onnx.Neg"(%arg0) : (tensor<2x3xf32>) -> !onnx.value
          "onnx.Yield"(%3) : (!onnx.value) -> ()
        }, {
          %3 = "onnx.Relu"(%1) : (!onnx.value) -> !onnx.value
          "onnx.Yield"(%3) : (!onnx.value) -> ()
        }) {onnx.regions = ["else_branch", "then_branch"], weft.declared = [array<i64: 2, 3>]} : (!onnx.value) -> !onnx.value
        return %2 : !onnx.value
      }
    }
    "#);
}

#[test]
fn declared_shapes_reach_the_operators_whose_data_decides_them() {
    let nodes = vec![
        node("sum", "ReduceSum", &["x", "axes"], &["s"]),
        node("root", "Sqrt", &["s"], &["r"]),
        node("minus", "Neg", &["r"], &["y"]),
    ];
    let axes = TensorProto::from_i64("axes", vec![1], vec![0]);
    let text = imported(&model(Graph { initializer: vec![axes], ..graph(nodes) }));
    assert!(text.contains(r#"{weft.declared = [array<i64: 2, 3>]} : (tensor<2x3xf32>, !onnx.value)"#), "{text}");
    assert_eq!(text.matches("weft.declared").count(), 1, "{text}");
}

#[test]
fn loop_bodies_have_arguments_and_constants() {
    let body = Graph {
        node: vec![node("step", "Add", &["v", "one"], &["next"]), node("keep", "Identity", &["c"], &["c2"])],
        input: vec![value("i", &[]), value("c", &[]), value("v", &[])],
        output: vec![value("c2", &[]), value("next", &[])],
        initializer: vec![TensorProto::from_f32("one", vec![1], vec![1.0])],
        ..Default::default()
    };
    let nodes = vec![with(node("loop", "Loop", &["n", "", "x"], &["y"]), vec![subgraph("body", body)])];
    let n = TensorProto::from_i64("n", vec![], vec![3]);
    assert_snapshot!(imported(&model(Graph { initializer: vec![n], ..graph(nodes) })), @r#"
    module attributes {weft.level = "import", weft.model = "model"} {
      func.func @main(%arg0: tensor<2x3xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.domains = {}, onnx.opset = 13 : i64} {
        %0 = "onnx.None"() : () -> !onnx.value
        %1 = "onnx.Constant"() {value = dense<3> : tensor<i64>} : () -> !onnx.value
        %2 = "onnx.Loop"(%1, %0, %arg0) ({
        ^bb0(%arg1: !onnx.value, %arg2: !onnx.value, %arg3: !onnx.value):
          %3 = "onnx.Constant"() {value = dense<1.000000e+00> : tensor<1xf32>} : () -> !onnx.value
          %4 = "onnx.Add"(%arg3, %3) : (!onnx.value, !onnx.value) -> !onnx.value
          %5 = "onnx.Identity"(%arg2) : (!onnx.value) -> !onnx.value
          "onnx.Yield"(%5, %4) : (!onnx.value, !onnx.value) -> ()
        }) {onnx.regions = ["body"], weft.declared = [array<i64: 2, 3>]} : (!onnx.value, !onnx.value, tensor<2x3xf32>) -> !onnx.value
        return %2 : !onnx.value
      }
    }
    "#);
}

#[test]
fn problems_in_subgraphs() {
    let nodes = vec![with(
        node("if", "If", &["cond"], &["y"]),
        vec![subgraph("then_branch", branch("Relux", "x")), subgraph("else_branch", branch("Neg", "nowhere"))],
    )];
    let cond = TensorProto::from_raw("cond", vec![], DataType::Bool, &[1]);
    assert_snapshot!(refused(&model(Graph { initializer: vec![cond], ..graph(nodes) })), @"
    model.onnx: 2 problems
      operator 'Relux' does not exist in ONNX; 1 node uses it: 'if/Relux_0'
      value 'nowhere' is not defined by any input, initializer or node; 1 node uses it: 'if/Neg_0'
    ");
    // A graph that captures the output of the node it belongs to.
    let nodes = vec![with(
        node("if", "If", &["cond"], &["y"]),
        vec![subgraph("then_branch", branch("Relu", "y")), subgraph("else_branch", branch("Neg", "x"))],
    )];
    let cond = TensorProto::from_raw("cond", vec![], DataType::Bool, &[1]);
    assert_snapshot!(refused(&model(Graph { initializer: vec![cond], ..graph(nodes) })), @"model.onnx: nodes form a cycle: 'if' -> 'if'");
}
