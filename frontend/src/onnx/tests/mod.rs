//! Models are built in the tests, byte by byte or with the parser crate's encoder.

mod constants;
mod functions;
mod graphs;
mod malformed;
mod shapes;

use super::{ImportOptions, import};
use onnx_rs::ast::*;
use std::path::Path;
use weft_dialects::ir::{Session, module_op, parse, print, print_bare};

/// Imports `bytes` as `model.onnx` in a folder of its own: the module's text without locations, or the message.
pub fn import_bytes(bytes: &[u8], options: &ImportOptions) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    import_in(folder.path(), bytes, options)
}

/// As [`import_bytes`], in a given folder. Every imported module must survive printing and parsing.
pub fn import_in(folder: &Path, bytes: &[u8], options: &ImportOptions) -> Result<String, String> {
    let path = folder.join("model.onnx");
    std::fs::write(&path, bytes).unwrap();
    let session = Session::new();
    let module = import(session.cx(), &path, options)
        .map_err(|e| e.to_string().replace(&format!("{}/", folder.display()), ""))?;
    let text = print(module_op(&module));
    let again = Session::new();
    let parsed = parse(again.cx(), &text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    assert_eq!(print(module_op(&parsed)), text);
    Ok(print_bare(module_op(&module)))
}

/// The message that a model is refused with.
pub fn refused(model: &Model<'_>) -> String {
    import_bytes(&onnx_rs::encode(model), &ImportOptions::default()).unwrap_err()
}

/// The text that a model is imported to.
pub fn imported(model: &Model<'_>) -> String {
    import_bytes(&onnx_rs::encode(model), &ImportOptions::default()).unwrap()
}

/// A model of opset 13.
pub fn model<'a>(graph: Graph<'a>) -> Model<'a> {
    Model {
        ir_version: 8,
        opset_import: vec![OperatorSetId { domain: "", version: 13 }],
        graph: Some(graph),
        ..Default::default()
    }
}

/// A graph from `x` to `y`.
pub fn graph<'a>(nodes: Vec<Node<'a>>) -> Graph<'a> {
    let dims = [2, 3].map(Dimension::Value);
    Graph {
        node: nodes,
        name: "main",
        input: vec![value("x", &dims)],
        output: vec![value("y", &dims)],
        ..Default::default()
    }
}

/// A float tensor's name and type.
pub fn value<'a>(name: &'a str, dims: &[Dimension<'a>]) -> ValueInfo<'a> {
    let dim = dims.iter().map(|d| TensorShapeDimension { value: d.clone(), denotation: "" }).collect();
    let tensor = TensorTypeProto { elem_type: DataType::Float, shape: Some(TensorShape { dim }) };
    ValueInfo {
        name,
        r#type: Some(TypeProto { value: Some(TypeValue::Tensor(tensor)), denotation: "" }),
        ..Default::default()
    }
}

/// A node of the default domain.
pub fn node<'a>(name: &'a str, op: &'a str, input: &[&'a str], output: &[&'a str]) -> Node<'a> {
    Node { name, op_type: OpType::from(op), input: input.to_vec(), output: output.to_vec(), ..Default::default() }
}

/// An attribute of integers.
pub fn ints<'a>(name: &'a str, ints: &[i64]) -> Attribute<'a> {
    Attribute { name, r#type: AttributeType::Ints, ints: ints.to_vec(), ..Default::default() }
}

/// An attribute of one integer.
pub fn int(name: &str, i: i64) -> Attribute<'_> {
    Attribute { name, r#type: AttributeType::Int, i, ..Default::default() }
}

/// An attribute that is a graph.
pub fn subgraph<'a>(name: &'a str, graph: Graph<'a>) -> Attribute<'a> {
    Attribute { name, r#type: AttributeType::Graph, g: Some(Box::new(graph)), ..Default::default() }
}

/// A node with attributes.
pub fn with<'a>(node: Node<'a>, attribute: Vec<Attribute<'a>>) -> Node<'a> {
    Node { attribute, ..node }
}
