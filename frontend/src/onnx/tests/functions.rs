//! Model-local functions.

use super::*;
use insta::assert_snapshot;

fn function<'a>(name: &'a str, node: Vec<Node<'a>>) -> Function<'a> {
    Function {
        name,
        domain: "local",
        input: vec!["in"],
        output: vec!["out"],
        opset_import: vec![OperatorSetId { domain: "", version: 13 }, OperatorSetId { domain: "local", version: 1 }],
        node,
        ..Default::default()
    }
}

fn call<'a>(name: &'a str, op: &'a str, input: &'a str, output: &'a str) -> Node<'a> {
    Node { domain: "local", ..node(name, op, &[input], &[output]) }
}

fn calling<'a>(functions: Vec<Function<'a>>, nodes: Vec<Node<'a>>) -> Model<'a> {
    let mut m = model(graph(nodes));
    m.opset_import.push(OperatorSetId { domain: "local", version: 1 });
    m.functions = functions;
    m
}

fn refers<'a>(name: &'a str, to: &'a str) -> Attribute<'a> {
    Attribute { name, ref_attr_name: to, r#type: AttributeType::Float, ..Default::default() }
}

fn float(name: &str, f: f32) -> Attribute<'_> {
    Attribute { name, r#type: AttributeType::Float, f, ..Default::default() }
}

#[test]
fn calls_are_inlined_with_their_attributes() {
    let leaky = Function {
        attribute: vec!["slope"],
        attribute_proto: vec![float("alpha", 0.5)],
        ..function(
            "Leaky",
            vec![
                with(node("a", "LeakyRelu", &["in"], &["t"]), vec![refers("alpha", "slope")]),
                with(node("", "Elu", &["t"], &["out"]), vec![refers("alpha", "alpha")]),
            ],
        )
    };
    let twice = function(
        "Twice",
        vec![with(call("one", "Leaky", "in", "t"), vec![float("slope", 0.25)]), call("two", "Leaky", "t", "out")],
    );
    let m = calling(vec![leaky, twice], vec![call("top", "Twice", "x", "y")]);
    assert_snapshot!(imported(&m), @r#"
    module attributes {weft.level = "import", weft.model = "model"} {
      func.func @main(%arg0: tensor<2x3xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.domains = {}, onnx.opset = 13 : i64} {
        %0 = "onnx.LeakyRelu"(%arg0) {alpha = 2.500000e-01 : f32} : (tensor<2x3xf32>) -> !onnx.value
        %1 = "onnx.Elu"(%0) {alpha = 5.000000e-01 : f32} : (!onnx.value) -> !onnx.value
        %2 = "onnx.LeakyRelu"(%1) : (!onnx.value) -> !onnx.value
        %3 = "onnx.Elu"(%2) {alpha = 5.000000e-01 : f32} : (!onnx.value) -> !onnx.value
        return %3 : !onnx.value
      }
    }
    "#);
}

#[test]
fn outputs_that_no_node_makes_are_copies() {
    let pass = Function { input: vec!["out"], ..function("Pass", vec![]) };
    assert_snapshot!(refused(&calling(vec![function("Empty", vec![])], vec![call("a", "Empty", "x", "y")])), @"model.onnx: function 'local.Empty' never defines its output 'out'");
    assert_snapshot!(imported(&calling(vec![pass], vec![call("a", "Pass", "x", "y")])), @r#"
    module attributes {weft.level = "import", weft.model = "model"} {
      func.func @main(%arg0: tensor<2x3xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.domains = {}, onnx.opset = 13 : i64} {
        %0 = "onnx.Identity"(%arg0) : (tensor<2x3xf32>) -> !onnx.value
        return %0 : !onnx.value
      }
    }
    "#);
}

#[test]
fn functions_see_only_their_own_names() {
    let leak = function("Leak", vec![node("add", "Add", &["in", "x"], &["out"])]);
    assert_snapshot!(refused(&calling(vec![leak], vec![call("a", "Leak", "x", "y")])), @"model.onnx: value 'x' is not defined by any input, initializer or node; 1 node uses it: 'a/add'");
}

#[test]
fn recursion() {
    let a = function("A", vec![call("b", "B", "in", "out")]);
    let b = function("B", vec![call("a", "A", "in", "out")]);
    assert_snapshot!(refused(&calling(vec![a, b], vec![call("top", "A", "x", "y")])), @"model.onnx: function 'local.A' calls itself: local.A -> local.B -> local.A");
}

#[test]
fn growth_without_end() {
    // Each of 40 functions calls the next one twice.
    let names: Vec<String> = (0..41).map(|i| format!("F{i}")).collect();
    let mut functions: Vec<_> = (0..40)
        .map(|i| function(&names[i], vec![call("l", &names[i + 1], "in", "t"), call("r", &names[i + 1], "t", "out")]))
        .collect();
    functions.push(function(&names[40], vec![node("relu", "Relu", &["in"], &["out"])]));
    let message = refused(&calling(functions, vec![call("top", "F0", "x", "y")]));
    assert!(message.contains("expand to more than 1000000 nodes"), "{message}");
    // A long chain of calls.
    let names: Vec<String> = (0..101).map(|i| format!("G{i}")).collect();
    let mut functions: Vec<_> =
        (0..100).map(|i| function(&names[i], vec![call("c", &names[i + 1], "in", "out")])).collect();
    functions.push(function(&names[100], vec![node("relu", "Relu", &["in"], &["out"])]));
    let message = refused(&calling(functions, vec![call("top", "G0", "x", "y")]));
    assert!(message.contains("nested more than 64 deep"), "{message}");
}

#[test]
fn opsets_of_functions() {
    let with_opset = |version, op| Function {
        opset_import: vec![OperatorSetId { domain: "", version }],
        ..function("F", vec![node("n", op, &["in"], &["out"])])
    };
    // Relu didn't change between 6 and 13 exclusive, nor between 13 and 14 exclusive.
    assert!(refused(&calling(vec![with_opset(12, "Softmax")], vec![call("a", "F", "x", "y")])).contains("differs"));
    imported(&calling(vec![with_opset(15, "Softmax")], vec![call("a", "F", "x", "y")]));
    assert_snapshot!(refused(&calling(vec![with_opset(14, "Relu")], vec![call("a", "F", "x", "y")])), @"model.onnx: function 'local.F' uses Relu of opset 14, which differs in the model's opset 13; export the model with one opset");
}

#[test]
fn too_many_arguments() {
    let f = || function("F", vec![node("n", "Relu", &["in"], &["out"])]);
    let bad = Node { input: vec!["x", "x"], ..call("a", "F", "x", "y") };
    assert_snapshot!(refused(&calling(vec![f()], vec![bad])), @"model.onnx: node 'a' (local.F): has 1 inputs, not 2");
    let bad = with(call("a", "F", "x", "y"), vec![float("slope", 1.0)]);
    assert_snapshot!(refused(&calling(vec![f(), f()], vec![bad])), @"
    model.onnx: 2 problems
      function 'local.F' is defined more than once
      node 'a' (local.F): attribute 'slope' does not exist in the function
    ");
}
