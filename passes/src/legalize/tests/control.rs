//! If, Loop, Scan. Values follow from the definitions.

use super::{function, legalize, main_of};
use weft_dialects::eval;
use weft_dialects::ir::{Session, Tensor};

/// The value of a function of `%x`, which is 1, 2, 3, 4.
fn value(body: &str) -> Result<Tensor, String> {
    let session = Session::new();
    let module = legalize(session.cx(), &function(body))?;
    let x = Tensor::f32(&[1, 4], &[1.0, 2.0, 3.0, 4.0]);
    eval::function(session.cx(), main_of(&module), &[x]).map(|mut y| y.remove(0)).map_err(|e| e.to_string())
}

const V: &str = "!onnx.value";

/// `%c`: whether the first element is less than `limit`.
fn condition(limit: f32) -> String {
    format!(
        "%l = \"onnx.Constant\"() {{value = dense<{limit:?}> : tensor<f32>}} : () -> {V}
         %m = \"onnx.ReduceMin\"(%x) {{keepdims = 0}} : (tensor<1x4xf32>) -> {V}
         %c = \"onnx.Less\"(%m, %l) : ({V}, {V}) -> {V}"
    )
}

fn branches(then: &str, other: &str) -> String {
    format!(
        "%r = \"onnx.If\"(%c) ({{ {other} }}, {{ {then} }}) {{onnx.regions = [\"else_branch\", \"then_branch\"]}} : ({V}) -> {V}
         return %r : {V}"
    )
}

const NEG: &str = "%a = \"onnx.Neg\"(%x) : (tensor<1x4xf32>) -> !onnx.value \"onnx.Yield\"(%a) : (!onnx.value) -> ()";
const SQUARE: &str = "%a = \"onnx.Mul\"(%x, %x) : (tensor<1x4xf32>, tensor<1x4xf32>) -> !onnx.value \"onnx.Yield\"(%a) : (!onnx.value) -> ()";
const FLAT: &str = "%a = \"onnx.Flatten\"(%x) {axis = 0} : (tensor<1x4xf32>) -> !onnx.value \
                    %b = \"onnx.ReduceSum\"(%a) {keepdims = 0} : (!onnx.value) -> !onnx.value \"onnx.Yield\"(%b) : (!onnx.value) -> ()";

#[test]
fn a_branch_is_taken_at_run_time() {
    for (limit, expected) in [(5.0, [-1.0, -2.0, -3.0, -4.0]), (0.0, [1.0, 4.0, 9.0, 16.0])] {
        let y = value(&(condition(limit) + &branches(NEG, SQUARE))).unwrap();
        assert_eq!(y.to_f32s(), expected);
    }
}

#[test]
fn a_known_branch_stands_in_line_and_may_have_any_shape() {
    let known = |v: bool| format!("%c = \"onnx.Constant\"() {{value = dense<{v}> : tensor<i1>}} : () -> {V}\n");
    assert_eq!(value(&(known(true) + &branches(FLAT, SQUARE))).unwrap(), Tensor::f32(&[], &[10.0]));
    assert_eq!(value(&(known(false) + &branches(FLAT, NEG))).unwrap().shape, [1, 4]);
    let e = value(&(condition(1.0) + &branches(FLAT, SQUARE))).unwrap_err();
    insta::assert_snapshot!(
        e, @"legalize: onnx.If: not supported: of output 0, the branches' values have different shapes, [] and [1, 4]");
}

/// A Loop that adds `%x` to what it carries and keeps what it has; `extra` stands before the body's end.
fn repeat(trips: &str, cond: &str, extra: &str, go: &str, declared: &str) -> String {
    format!(
        "%none = \"onnx.None\"() : () -> {V}
         %two = \"onnx.Constant\"() {{value = dense<2> : tensor<i64>}} : () -> {V}
         %r:2 = \"onnx.Loop\"({trips}, {cond}, %x) ({{
         ^bb0(%i: {V}, %g: {V}, %a: {V}):
           %n = \"onnx.Add\"(%a, %x) : ({V}, tensor<1x4xf32>) -> {V}
           %f = \"onnx.Cast\"(%i) {{to = 1}} : ({V}) -> {V}
           %s = \"onnx.Mul\"(%n, %f) : ({V}, {V}) -> {V}
           {extra}
           \"onnx.Yield\"({go}, %n, %s) : ({V}, {V}, {V}) -> ()
         }}) {{onnx.regions = [\"body\"] {declared}}} : ({V}, {V}, tensor<1x4xf32>) -> ({V}, {V})"
    )
}

#[test]
fn a_loop_carries_and_keeps() {
    let body = |result: &str| repeat("%two", "%none", "", "%g", "") + &format!("\nreturn {result} : {V}");
    assert_eq!(value(&body("%r#0")).unwrap(), Tensor::f32(&[1, 4], &[3.0, 6.0, 9.0, 12.0]));
    assert_eq!(value(&body("%r#1")).unwrap(), Tensor::f32(&[2, 1, 4], &[0.0, 0.0, 0.0, 0.0, 3.0, 6.0, 9.0, 12.0]));
}

#[test]
fn a_loops_condition_depends_on_data() {
    let extra = format!(
        "%l = \"onnx.Constant\"() {{value = dense<6.5> : tensor<f32>}} : () -> {V}
         %m = \"onnx.ReduceMin\"(%n) {{keepdims = 0}} : ({V}) -> {V}
         %c = \"onnx.Less\"(%m, %l) : ({V}, {V}) -> {V}"
    );
    let declared = ", weft.declared = [array<i64: 1, 4>, array<i64: 6, 1, 4>]";
    let body = |result: &str, declared: &str| {
        repeat("%none", "%none", &extra, "%c", declared) + &format!("\nreturn {result} : {V}")
    };
    // 7 is the first minimum that isn't less.
    assert_eq!(value(&body("%r#0", declared)).unwrap().to_f32s(), [7.0, 14.0, 21.0, 28.0]);
    let kept = value(&body("%r#1", declared)).unwrap();
    assert_eq!((&kept.shape[..], &kept.to_f32s()[20..]), (&[6, 1, 4][..], &[35.0, 70.0, 105.0, 140.0][..]));
    insta::assert_snapshot!(
        value(&body("%r#0", "")).unwrap_err(),
        @"legalize: onnx.Loop: not supported: how often it runs is not known, so that an output with a value of each iteration has no shape; declare the output's shape in the model"
    );
}

#[test]
fn an_iteration_may_take_a_slice_at_its_own_number() {
    let body = format!(
        "%none = \"onnx.None\"() : () -> {V}
         %two = \"onnx.Constant\"() {{value = dense<2> : tensor<i64>}} : () -> {V}
         %zero = \"onnx.Constant\"() {{value = dense<0.0> : tensor<1x2xf32>}} : () -> {V}
         %axis = \"onnx.Constant\"() {{value = dense<0> : tensor<1xi64>}} : () -> {V}
         %last = \"onnx.Constant\"() {{value = dense<1> : tensor<1xi64>}} : () -> {V}
         %r = \"onnx.Loop\"(%two, %none, %zero) ({{
         ^bb0(%i: {V}, %g: {V}, %a: {V}):
           %from = \"onnx.Unsqueeze\"(%i, %axis) : ({V}, {V}) -> {V}
           %end = \"onnx.Add\"(%i, %two) : ({V}, {V}) -> {V}
           %to = \"onnx.Unsqueeze\"(%end, %axis) : ({V}, {V}) -> {V}
           %s = \"onnx.Slice\"(%x, %from, %to, %last) : (tensor<1x4xf32>, {V}, {V}, {V}) -> {V}
           %n = \"onnx.Add\"(%a, %s) : ({V}, {V}) -> {V}
           \"onnx.Yield\"(%g, %n) : ({V}, {V}) -> ()
         }}) {{onnx.regions = [\"body\"]}} : ({V}, {V}, {V}) -> {V}
         return %r : {V}"
    );
    assert_eq!(value(&body).unwrap(), Tensor::f32(&[1, 2], &[3.0, 5.0]));
}

#[test]
fn a_scan_goes_along_any_axis_both_ways() {
    let body = |attrs: &str, result: &str| {
        format!(
            "%z = \"onnx.Constant\"() {{value = dense<0.0> : tensor<1xf32>}} : () -> {V}
             %r:2 = \"onnx.Scan\"(%z, %x) ({{
             ^bb0(%s: {V}, %a: {V}):
               %n = \"onnx.Add\"(%s, %a) : ({V}, {V}) -> {V}
               \"onnx.Yield\"(%n, %n) : ({V}, {V}) -> ()
             }}) {{onnx.regions = [\"body\"], num_scan_inputs = 1 {attrs}}} : ({V}, tensor<1x4xf32>) -> ({V}, {V})
             return {result} : {V}"
        )
    };
    let forwards = ", scan_input_axes = [1]";
    assert_eq!(value(&body(forwards, "%r#0")).unwrap(), Tensor::f32(&[1], &[10.0]));
    assert_eq!(value(&body(forwards, "%r#1")).unwrap(), Tensor::f32(&[4, 1], &[1.0, 3.0, 6.0, 10.0]));
    let attrs =
        ", scan_input_axes = [-1], scan_input_directions = [1], scan_output_axes = [1], scan_output_directions = [1]";
    assert_eq!(value(&body(attrs, "%r#1")).unwrap(), Tensor::f32(&[1, 4], &[10.0, 9.0, 7.0, 4.0]));
    insta::assert_snapshot!(
        value(&body(", scan_input_axes = [2]", "%r#1")).unwrap_err(), @"legalize: onnx.Scan: axis 2 is out of range for 2 dims");
}
