//! Each operator's versions and corner cases: one node, run by the reference evaluator. Expected values are
//! onnxruntime's, or follow from the operator's definition in one step.

mod arithmetic;
mod attention;
mod by_data;
mod control;
mod decomposed;
mod elementwise;
mod narrow;
mod pick;
mod quantized;
mod recurrent;
mod rows;
mod shapes;
mod spatial;
mod upsampling;

use crate::{Pipeline, RunOptions};
use std::fmt::Write as _;
use weft_dialects::eval;
use weft_dialects::ir::{Cx, Elem, Module, Op, Scalar, Session, Tensor, TensorTy, funcs, module_op, parse};

/// An operand of the tested node.
#[derive(Clone)]
enum In {
    /// An input of the model.
    Data(Tensor),
    /// A constant, with its ONNX type if that isn't what the storage says.
    Const(Tensor, &'static str),
    /// Omitted.
    None,
}

fn f(shape: &[i64], values: &[f32]) -> In {
    In::Data(Tensor::f32(shape, values))
}

/// `0, 1, 2, ...`.
fn count(shape: &[i64]) -> In {
    let n: i64 = shape.iter().product();
    f(shape, &(0..n).map(|i| i as f32).collect::<Vec<_>>())
}

fn ints(values: &[i64]) -> In {
    In::Const(Tensor::i64(&[values.len() as i64], values), "")
}

fn scalar(v: f32) -> In {
    In::Const(Tensor::f32(&[], &[v]), "")
}

fn of(elem: Elem, values: &[i64]) -> Tensor {
    Tensor::from_scalars(elem, &[values.len() as i64], values.iter().map(|&v| Scalar::I(v)))
}

/// A model of one node with `results` results, at the import level.
fn model(cx: Cx<'_>, opset: i64, op: &str, attrs: &str, inputs: &[In], results: usize) -> String {
    let (mut args, mut constants) = (Vec::new(), String::new());
    let (mut operands, mut types) = (Vec::new(), Vec::new());
    for (i, x) in inputs.iter().enumerate() {
        operands.push(format!("%x{i}"));
        match x {
            In::Data(t) => {
                let ty = TensorTy::new(t.elem, &t.shape).to_mlir(cx).to_string();
                args.push(format!("%x{i}: {ty}"));
                types.push(ty);
            }
            In::Const(t, dtype) => {
                let dtype = if dtype.is_empty() { String::new() } else { format!(", weft.dtype = \"{dtype}\"") };
                let _ = writeln!(
                    constants,
                    "%x{i} = \"onnx.Constant\"() {{value = {}{dtype}}} : () -> !onnx.value",
                    cx.tensor_attr(t)
                );
                types.push("!onnx.value".into());
            }
            In::None => {
                let _ = writeln!(constants, "%x{i} = \"onnx.None\"() : () -> !onnx.value");
                types.push("!onnx.value".into());
            }
        }
    }
    let value_types = vec!["!onnx.value"; results].join(", ");
    let names: Vec<_> = (0..results).map(|i| format!("%y#{i}")).collect();
    format!(
        "module attributes {{weft.level = \"import\"}} {{ func.func @main({}) -> ({value_types}) attributes {{onnx.opset = {opset} : i64}} {{
        {constants}
        %y:{results} = \"onnx.{op}\"({}) {{{attrs}}} : ({}) -> ({value_types}) loc(\"node\")
        return {} : {value_types} }} }}",
        args.join(", "),
        operands.join(", "),
        types.join(", "),
        names.join(", "),
    )
}

fn main_of<'c>(module: &Module<'c>) -> Op<'c> {
    funcs(module_op(module))[0]
}

fn legalize<'c>(cx: Cx<'c>, text: &str) -> Result<Module<'c>, String> {
    let mut module = parse(cx, text).map_err(|e| format!("{e}\n{text}"))?;
    let pipeline = Pipeline::parse("legalize").map_err(|e| e.to_string())?;
    pipeline.run(cx, &mut module, &mut RunOptions::default()).map_err(|e| e.to_string())?;
    Ok(module)
}

/// The results of one node.
fn results(opset: i64, op: &str, attrs: &str, inputs: &[In], results: usize) -> Result<Vec<Tensor>, String> {
    let session = Session::new();
    let cx = session.cx();
    let module = legalize(cx, &model(cx, opset, op, attrs, inputs, results))?;
    let data: Vec<Tensor> =
        inputs.iter().filter_map(|x| if let In::Data(t) = x { Some(t.clone()) } else { None }).collect();
    eval::function(cx, main_of(&module), &data).map_err(|e| e.to_string())
}

/// The result of a node that has one.
#[track_caller]
fn run(opset: i64, op: &str, attrs: &str, inputs: &[In]) -> Tensor {
    results(opset, op, attrs, inputs, 1).unwrap().remove(0)
}

/// Shape and values of the result.
#[track_caller]
fn check(opset: i64, op: &str, attrs: &str, inputs: &[In], shape: &[i64], values: &[f32]) {
    let y = run(opset, op, attrs, inputs);
    assert_eq!(y.shape, shape, "{op} {opset} {attrs}");
    let got = y.to_f32s();
    let close = |a: f32, b: f32| a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-5 * b.abs().max(1.0);
    assert!(
        got.len() == values.len() && got.iter().zip(values).all(|(&a, &b)| close(a, b)),
        "{op} {opset} {attrs}: {got:?}"
    );
}

/// As [`check`], of integers or booleans, with the stored type.
#[track_caller]
fn check_ints(opset: i64, op: &str, attrs: &str, inputs: &[In], elem: Elem, values: &[i64]) {
    let y = run(opset, op, attrs, inputs);
    assert_eq!((y.elem, y.to_i64s()), (elem, values.to_vec()), "{op} {opset} {attrs}");
}

#[track_caller]
fn error(opset: i64, op: &str, attrs: &str, inputs: &[In]) -> String {
    results(opset, op, attrs, inputs, 1).unwrap_err()
}

const NAN: f32 = f32::NAN;
const INF: f32 = f32::INFINITY;

/// A function of several nodes.
fn function(body: &str) -> String {
    format!(
        "module attributes {{weft.level = \"import\", weft.model = \"m\"}} {{
        func.func @main(%x: tensor<1x4xf32> {{weft.name = \"x\", weft.dtype = \"float32\"}})
            -> (!onnx.value {{weft.name = \"y\", weft.dtype = \"float32\"}}) attributes {{onnx.opset = 13 : i64}} {{
        {body} }} }}"
    )
}

#[test]
fn all_that_is_unsupported_is_reported_at_once() {
    let one = "(!onnx.value) -> !onnx.value";
    let mut body = String::from("%0 = \"onnx.Relu\"(%x) : (tensor<1x4xf32>) -> !onnx.value\n");
    for i in 0..4 {
        let _ = writeln!(body, "%a{i} = \"onnx.Frobnicate\"(%0) : {one} loc(\"frob {i}\")");
    }
    let _ = writeln!(body, "%b = \"onnx.Softmax\"(%0) {{axis = 7}} : {one} loc(\"soft\")");
    // What depends on a failed node is not an error of its own, but an unknown operator is.
    let _ = writeln!(
        body,
        "%c = \"onnx.Relu\"(%b) : {one}\n%d = \"onnx.Whirl\"(%b) : {one} loc(\"whirl\")\nreturn %c : !onnx.value"
    );
    let session = Session::new();
    let e = legalize(session.cx(), &function(&body)).map(|_| ()).unwrap_err();
    insta::assert_snapshot!(e, @r"
    legalize: onnx.Frobnicate 'frob 0': not supported: this operator, opset 13 (4 nodes: 'frob 0', 'frob 1', 'frob 2', ...)
    onnx.Softmax 'soft': axis 7 is out of range for 2 dims
    onnx.Whirl 'whirl': not supported: this operator, opset 13
    ");
}

#[test]
fn outputs_have_the_declared_type() {
    let body = "%0 = \"onnx.Cast\"(%x) {to = 7} : (tensor<1x4xf32>) -> !onnx.value\nreturn %0 : !onnx.value";
    let session = Session::new();
    let e = legalize(session.cx(), &function(body)).map(|_| ()).unwrap_err();
    insta::assert_snapshot!(e, @"legalize: func.func: output 'y' is declared float32, but its value is int64");
}

#[test]
fn unknown_extents_are_named() {
    let text = function("return %x : tensor<1x?xf32>")
        .replace("1x4xf32", "1x?xf32")
        .replace("-> (!onnx.value", "-> (tensor<1x?xf32>");
    let session = Session::new();
    let e = legalize(session.cx(), &text).map(|_| ()).unwrap_err();
    insta::assert_snapshot!(e, @"legalize: func.func: input 'x' is tensor<1x?xf32>; give its unknown extents with --shape or --dim");
}
