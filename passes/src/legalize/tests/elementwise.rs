//! Arithmetic, activations, comparisons, casts.

use super::*;

#[test]
fn arithmetic_broadcasts_and_divides_as_c() {
    check(7, "Add", "", &[count(&[2, 1]), count(&[3])], &[2, 3], &[0.0, 1.0, 2.0, 1.0, 2.0, 3.0]);
    check(7, "Sub", "", &[scalar(1.0), count(&[2])], &[2], &[1.0, 0.0]);
    let (a, b) = (of(Elem::I32, &[-7, 7, -7]), of(Elem::I32, &[2, -2, -2]));
    check_ints(7, "Div", "", &[In::Data(a.clone()), In::Data(b.clone())], Elem::I32, &[-3, -3, 3]);
    check_ints(10, "Mod", "", &[In::Data(a.clone()), In::Data(b.clone())], Elem::I32, &[1, -1, -1]);
    check_ints(10, "Mod", "fmod = 1", &[In::Data(a), In::Data(b)], Elem::I32, &[-1, 1, -1]);
    let unsigned = [In::Const(of(Elem::I8, &[200]), "uint8"), In::Const(of(Elem::I8, &[3]), "uint8")];
    check_ints(14, "Div", "", &unsigned, Elem::I8, &[66]);
    check_ints(9, "Greater", "", &unsigned, Elem::I1, &[1]);
}

#[test]
fn types_must_agree() {
    let e = error(7, "Add", "", &[count(&[1]), ints(&[1])]);
    insta::assert_snapshot!(e, @"legalize: onnx.Add 'node': its inputs are of different types, float32 and int64");
    let e = error(7, "Add", "", &[count(&[2]), count(&[3])]);
    insta::assert_snapshot!(e, @"legalize: onnx.Add 'node': shapes [2] and [3] don't broadcast");
}

#[test]
fn nan_survives_clip_relu_min_and_max() {
    let x = f(&[4], &[NAN, -INF, 0.5, INF]);
    check(7, "Relu", "", &[x.clone()], &[4], &[NAN, 0.0, 0.5, INF]);
    check(13, "Max", "", &[x.clone(), scalar(1.0)], &[4], &[NAN, 1.0, 1.0, INF]);
    check(13, "Min", "", &[x.clone(), scalar(1.0)], &[4], &[NAN, -INF, 0.5, 1.0]);
    check(7, "Clip", "min = 0.0 : f32, max = 6.0 : f32", &[x.clone()], &[4], &[NAN, 0.0, 0.5, 6.0]);
    check(11, "Clip", "", &[x, scalar(0.0), scalar(6.0)], &[4], &[NAN, 0.0, 0.5, 6.0]);
}

#[test]
fn clip_has_bounds_by_default() {
    let x = f(&[2], &[-INF, INF]);
    check(7, "Clip", "max = 1.0 : f32", &[x.clone()], &[2], &[f32::MIN, 1.0]);
    check(11, "Clip", "", &[x.clone(), In::None, scalar(1.0)], &[2], &[f32::MIN, 1.0]);
    check(13, "Clip", "", &[x], &[2], &[f32::MIN, f32::MAX]);
    let bound = In::Const(of(Elem::I64, &[5]).reshaped(&[]), "");
    check_ints(12, "Clip", "", &[In::Data(of(Elem::I64, &[1, 9])), bound], Elem::I64, &[5, 9]);
    // Bounds known at run time only.
    let y = results(11, "Clip", "", &[count(&[3]), f(&[], &[1.0])], 1).unwrap();
    assert_eq!(y[0].to_f32s(), [1.0, 1.0, 2.0]);
}

#[test]
fn activations() {
    let x = f(&[3], &[-2.0, 0.0, 3.0]);
    check(7, "LeakyRelu", "", &[x.clone()], &[3], &[-0.02, 0.0, 3.0]);
    check(7, "HardSigmoid", "", &[x.clone()], &[3], &[0.1, 0.5, 1.0]);
    check(7, "HardSigmoid", "alpha = 0.25 : f32", &[x.clone()], &[3], &[0.0, 0.5, 1.0]);
    check(14, "HardSwish", "", &[x.clone()], &[3], &[-2.0 / 6.0, 0.0, 3.0]);
    check(7, "Sigmoid", "", &[x.clone()], &[3], &[0.11920292, 0.5, 0.95257413]);
    check(7, "Elu", "", &[x.clone()], &[3], &[-0.86466473, 0.0, 3.0]);
    check(7, "Softplus", "", &[x.clone()], &[3], &[0.126928, std::f32::consts::LN_2, 3.0485873]);
    check(20, "Gelu", "", &[x.clone()], &[3], &[-0.04550028, 0.0, 2.9959502]);
    check(20, "Gelu", "approximate = \"tanh\"", &[x.clone()], &[3], &[-0.04540229, 0.0, 2.9963627]);
    check(9, "Sign", "", &[x.clone()], &[3], &[-1.0, 0.0, 1.0]);
    check(7, "PRelu", "", &[x, scalar(0.5)], &[3], &[-1.0, 0.0, 3.0]);
    check(11, "Round", "", &[f(&[3], &[0.5, 1.5, -2.5])], &[3], &[0.0, 2.0, -2.0]);
}

#[test]
fn shrink() {
    let x = f(&[6], &[-2.0, -0.5, 0.25, 0.5, 2.0, f32::NAN]);
    check(9, "Shrink", "", &[x.clone()], &[6], &[-2.0, 0.0, 0.0, 0.0, 2.0, 0.0]);
    check(9, "Shrink", "lambd = 1.5 : f32, bias = 1.5 : f32", &[x], &[6], &[-0.5, 0.0, 0.0, 0.0, 0.5, 0.0]);
}

#[test]
fn powers_of_constants() {
    let x = f(&[2], &[4.0, 9.0]);
    check(7, "Pow", "", &[x.clone(), scalar(3.0)], &[2], &[64.0, 729.0]);
    check(7, "Pow", "", &[x.clone(), scalar(-0.5)], &[2], &[0.5, 1.0 / 3.0]);
    check(12, "Pow", "", &[x.clone(), ints(&[2])], &[2], &[16.0, 81.0]);
    check(7, "Pow", "", &[x, count(&[1])], &[2], &[1.0, 1.0]);
}

#[test]
fn logic() {
    let (a, b) = (of(Elem::I1, &[0, 0, 1, 1]), of(Elem::I1, &[0, 1, 0, 1]));
    let both = [In::Data(a.clone()), In::Data(b)];
    check_ints(7, "And", "", &both, Elem::I1, &[0, 0, 0, 1]);
    check_ints(7, "Xor", "", &both, Elem::I1, &[0, 1, 1, 0]);
    check_ints(7, "Not", "", &both[..1], Elem::I1, &[1, 1, 0, 0]);
    check(9, "Where", "", &[In::Data(a), scalar(5.0), count(&[4])], &[4], &[0.0, 1.0, 5.0, 5.0]);
    let x = f(&[2], &[NAN, -INF]);
    check_ints(7, "Less", "", &[x.clone(), scalar(0.0)], Elem::I1, &[0, 1]);
    check_ints(9, "IsNaN", "", &[x.clone()], Elem::I1, &[1, 0]);
    check_ints(10, "IsInf", "detect_negative = 0", &[x], Elem::I1, &[0, 0]);
}

#[test]
fn casts() {
    let x = f(&[4], &[1.7, -1.7, 300.9, 0.0]);
    let to = |code: i64| format!("to = {code} : i64");
    check_ints(9, "Cast", &to(7), &[x.clone()], Elem::I64, &[1, -1, 300, 0]);
    check_ints(9, "Cast", &to(9), &[x.clone()], Elem::I1, &[1, 1, 1, 0]);
    // Beyond uint8: as a 32-bit conversion that wraps.
    check_ints(9, "Cast", &to(2), &[x], Elem::I8, &[1, -1, 44, 0]);
    let bytes = In::Const(of(Elem::I8, &[200, 1]), "uint8");
    check(9, "Cast", &to(1), &[bytes.clone()], &[2], &[200.0, 1.0]);
    check_ints(9, "Cast", &to(6), &[bytes.clone()], Elem::I32, &[200, 1]);
    check_ints(9, "Cast", &to(3), &[bytes], Elem::I8, &[-56, 1]);
    check_ints(15, "CastLike", "", &[count(&[2]), ints(&[1])], Elem::I64, &[0, 1]);
    insta::assert_snapshot!(error(9, "Cast", &to(8), &[count(&[1])]), @"legalize: onnx.Cast 'node': not supported: casting to ONNX element type 8");
}

#[test]
fn old_versions_broadcast_by_axis() {
    let (x, y) = (count(&[2, 2, 2]), f(&[2], &[10.0, 20.0]));
    let args = [x, y];
    let sum = [10.0, 11.0, 12.0, 13.0, 24.0, 25.0, 26.0, 27.0];
    check(6, "Add", "broadcast = 1 : i64, axis = 0 : i64", &args, &[2, 2, 2], &sum);
    let sum = [10.0, 21.0, 12.0, 23.0, 14.0, 25.0, 16.0, 27.0];
    check(1, "Add", "broadcast = 1 : i64, consumed_inputs = [0, 0]", &args, &[2, 2, 2], &sum);
    insta::assert_snapshot!(error(6, "Add", "", &args), @"legalize: onnx.Add 'node': shapes [2, 2, 2] and [2] differ");
}
