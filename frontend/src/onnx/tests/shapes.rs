//! Input shapes, from the file and the options.

use super::*;
use Dimension::{Param, Value};
use insta::assert_snapshot;

/// A model that adds its inputs.
fn sum<'a>(inputs: &[(&'a str, &[Dimension<'a>])]) -> Model<'a> {
    let names: Vec<&str> = inputs.iter().map(|i| i.0).collect();
    let inputs = inputs.iter().map(|(name, dims)| value(name, dims)).collect();
    model(Graph { input: inputs, ..graph(vec![node("sum", "Sum", &names, &["y"])]) })
}

fn options(shapes: &[(&str, &[i64])], dims: &[(&str, i64)]) -> ImportOptions {
    ImportOptions {
        shapes: shapes.iter().map(|(n, s)| ((*n).to_owned(), s.to_vec())).collect(),
        dims: dims.iter().map(|(n, v)| ((*n).to_owned(), *v)).collect(),
        ranges: Vec::new(),
    }
}

/// The argument types of `main`, or the message.
fn types(model: &Model<'_>, options: &ImportOptions) -> Result<String, String> {
    let text = import_bytes(&onnx_rs::encode(model), options)?;
    let args = text.split("@main(").nth(1).and_then(|t| t.split(") ->").next()).unwrap();
    Ok(args.split(", ").filter_map(|a| a.split_once("tensor<")?.1.split('>').next()).collect::<Vec<_>>().join(", "))
}

fn message(model: &Model<'_>, o: &ImportOptions) -> String {
    types(model, o).unwrap_err()
}

#[test]
fn options_complete_the_file() {
    let m = sum(&[("x", &[Param("batch"), Value(3), Value(-1)]), ("z", &[Param("batch"), Value(3), Value(8)])]);
    assert_eq!(types(&m, &options(&[("x", &[2, 3, 8])], &[])).unwrap(), "2x3x8xf32, 2x3x8xf32");
    assert_eq!(types(&m, &options(&[("x", &[2, 3, 8])], &[("batch", 2)])).unwrap(), "2x3x8xf32, 2x3x8xf32");
    assert_eq!(types(&sum(&[("x", &[Value(0)])]), &options(&[("x", &[0])], &[])).unwrap(), "0xf32");
    let named = sum(&[("x", &[Param("n"), Param("m")])]);
    assert_eq!(types(&named, &options(&[], &[("n", 4), ("m", 5)])).unwrap(), "4x5xf32");
    assert_eq!(types(&sum(&[("x", &[])]), &options(&[], &[])).unwrap(), "f32");
}

#[test]
fn missing_dims_are_all_listed() {
    let m = sum(&[
        ("x", &[Param("batch"), Value(3), Value(-1), Param("?")]),
        ("ids", &[Param("batch"), Param("sequence")]),
        ("fixed", &[Value(1)]),
    ]);
    assert_snapshot!(message(&m, &options(&[], &[])), @"
    model.onnx: 2 problems
      input 'x' (float32 batch x 3 x ? x ?) has unknown dims 0 ('batch'), 2, 3; give them, e.g. --shape x=1x3x224x224
      input 'ids' (float32 batch x sequence) has unknown dims 0 ('batch'), 1 ('sequence'); give them, e.g. --shape ids=1x224 or --dim batch=1 --dim sequence=224
    ");
    assert_snapshot!(message(&m, &options(&[], &[("batch", 7)])), @"
    model.onnx: 2 problems
      input 'x' (float32 batch x 3 x ? x ?) has unknown dims 2, 3; give them, e.g. --shape x=7x3x224x224
      input 'ids' (float32 batch x sequence) has unknown dims 1 ('sequence'); give them, e.g. --shape ids=7x224 or --dim sequence=224
    ");
    let mut unranked = sum(&[("x", &[])]);
    if let Some(TypeProto { value: Some(TypeValue::Tensor(t)), .. }) =
        &mut unranked.graph.as_mut().unwrap().input[0].r#type
    {
        t.shape = None;
    }
    assert_snapshot!(message(&unranked, &options(&[], &[])), @"model.onnx: input 'x' (float32 of unknown rank) has no known rank; give --shape x=1x3x224x224 (as the model needs it)");
    assert_eq!(types(&unranked, &options(&[("x", &[4, 5])], &[])).unwrap(), "4x5xf32");
}

#[test]
fn options_that_contradict() {
    let m = sum(&[("x", &[Param("n"), Value(3)]), ("z", &[Param("n"), Value(3)])]);
    assert_snapshot!(message(&m, &options(&[("x", &[1, 4])], &[])), @"model.onnx: --shape x=1x4: contradicts the model, where the input is float32 n x 3");
    assert_snapshot!(message(&m, &options(&[("x", &[1, 3, 3])], &[("n", 1)])), @"model.onnx: --shape x=1x3x3: contradicts the model, where the input is float32 n x 3");
    assert_snapshot!(message(&m, &options(&[("x", &[1, 3]), ("z", &[2, 3])], &[])), @"model.onnx: --shape z=2x3: dim 'n' would be 2, but --shape x=1x3 makes it 1");
    assert_snapshot!(message(&m, &options(&[("x", &[1, 3]), ("x", &[2, 3])], &[])), @"model.onnx: --shape x=2x3: the input is given two different shapes");
    assert_snapshot!(message(&m, &options(&[("w", &[1, 3])], &[("k", 1), ("n", 0)])), @"
    model.onnx: 5 problems
      --shape w=1x3: the model has no input 'w'; its inputs are 'x', 'z'
      --dim k=1: no input has a dim named 'k'; there are 'n'
      --dim n=0: dims are at least 1
      input 'x' (float32 n x 3) has unknown dims 0 ('n'); give them, e.g. --shape x=1x3 or --dim n=1
      input 'z' (float32 n x 3) has unknown dims 0 ('n'); give them, e.g. --shape z=1x3 or --dim n=1
    ");
    assert_snapshot!(message(&m, &options(&[("x", &[-1, 3])], &[("n", 1)])), @"model.onnx: --shape x=-1x3: -1 is not a dim; dims can't be negative");
}

#[test]
fn negative_dims() {
    assert_snapshot!(message(&sum(&[("x", &[Value(-3), Value(3)])]), &options(&[], &[])), @"model.onnx: input 'x': dim 0 is -3; a dim can't be negative, the file is damaged");
    let minus_one = TensorProto::from_f32("w", vec![-1], vec![1.0]);
    let m = model(Graph { initializer: vec![minus_one], ..graph(vec![node("a", "Add", &["x", "w"], &["y"])]) });
    assert_snapshot!(refused(&m), @"model.onnx: initializer 'w': dim 0 is -1; the dims of a constant can't be negative");
}

#[test]
fn a_claim_of_two_to_the_fortieth_elements() {
    let big = Value(1 << 20);
    assert_snapshot!(message(&sum(&[("x", &[big.clone(), big.clone()])]), &options(&[], &[])), @"model.onnx: input 'x': 1048576x1048576 is more than a tensor can have, which is fewer than 2^31 elements");
    assert_snapshot!(message(&sum(&[("x", &[Value(i64::MAX), Value(i64::MAX)])]), &options(&[], &[])), @"model.onnx: input 'x': 9223372036854775807x9223372036854775807 is more than a tensor can have, which is fewer than 2^31 elements");
    let m = |dims: Vec<i64>| {
        let w = TensorProto::from_f32("w", dims, vec![1.0]);
        model(Graph { initializer: vec![w], ..graph(vec![node("a", "Add", &["x", "w"], &["y"])]) })
    };
    assert_snapshot!(refused(&m(vec![1 << 20, 1 << 20])), @"model.onnx: initializer 'w': its dims 1048576x1048576 claim 1099511627776 elements, but it holds 1; the file is damaged");
    assert_snapshot!(refused(&m(vec![1 << 40, 1 << 40])), @"model.onnx: initializer 'w': its dims 1099511627776x1099511627776 claim more elements than any file can hold");
}

#[test]
fn inputs_that_are_no_tensors() {
    let mut m = sum(&[("x", &[]), ("z", &[Value(1)]), ("v", &[Value(1)])]);
    let inputs = &mut m.graph.as_mut().unwrap().input;
    let elem_type = Box::new(inputs[1].r#type.clone().unwrap());
    inputs[0].r#type =
        Some(TypeProto { value: Some(TypeValue::Sequence(SequenceTypeProto { elem_type })), denotation: "" });
    inputs[2].r#type = None;
    if let Some(TypeProto { value: Some(TypeValue::Tensor(t)), .. }) = &mut inputs[1].r#type {
        t.elem_type = DataType::String;
    }
    assert_snapshot!(message(&m, &options(&[], &[])), @"
    model.onnx: 3 problems
      input 'x': it is a sequence; only tensors can be inputs
      input 'z': elements of type string are not supported
      input 'v': the file gives it no type; it is damaged
    ");
}

#[test]
fn inputs_with_initializers_are_constants() {
    let w = TensorProto::from_f32("w", vec![3], vec![1.0, 2.0, 3.0]);
    let mut g = graph(vec![node("a", "Add", &["x", "w"], &["y"])]);
    g.input.push(value("w", &[Value(3)]));
    g.initializer.push(w);
    let m = model(g);
    assert_eq!(types(&m, &options(&[], &[])).unwrap(), "2x3xf32");
    assert_snapshot!(message(&m, &options(&[("w", &[3])], &[])), @"model.onnx: --shape w=3: 'w' is a constant of the model, not an input");
    let mut m = m;
    m.graph.as_mut().unwrap().input[1] = value("w", &[Value(4)]);
    assert_snapshot!(refused(&m), @"model.onnx: initializer 'w': it is float32 3, but the input of that name is declared as float32 4");
}
