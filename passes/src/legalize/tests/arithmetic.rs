//! Division, powers, bits: where numpy says something and instructions don't.

use super::*;

fn data(elem: Elem, values: &[i64]) -> In {
    In::Data(of(elem, values))
}

fn unsigned(elem: Elem, dtype: &'static str, values: &[i64]) -> In {
    In::Const(of(elem, values), dtype)
}

#[test]
fn integers_divide_by_zero_and_minus_one() {
    let x = [data(Elem::I32, &[7, -7, i64::from(i32::MIN), 7]), data(Elem::I32, &[0, 0, -1, -2])];
    check_ints(14, "Div", "", &x, Elem::I32, &[0, 0, i64::from(i32::MIN), -3]);
    check_ints(13, "Mod", "", &x, Elem::I32, &[0, 0, 0, -1]);
    check_ints(13, "Mod", "fmod = 1 : i64", &x, Elem::I32, &[0, 0, 0, 1]);
    let bytes = [unsigned(Elem::I8, "uint8", &[200, 255]), unsigned(Elem::I8, "uint8", &[0, 255])];
    check_ints(14, "Div", "", &bytes, Elem::I8, &[0, 1]);
}

#[test]
fn remainders_of_floats_have_a_sign_and_are_exact() {
    let x = f(&[5], &[-4.5, 4.5, 1e10, 2.0, INF]);
    let y = f(&[5], &[2.0, -2.0, 0.3, INF, 2.0]);
    let exact = (1e10f64 % f64::from(0.3f32)) as f32;
    check(13, "Mod", "fmod = 1 : i64", &[x.clone(), y.clone()], &[5], &[-0.5, 0.5, exact, 2.0, NAN]);
    check(28, "Mod", "", &[x, y], &[5], &[1.5, -1.5, exact, 2.0, NAN]);
    let far = [f(&[1], &[3e38]), f(&[1], &[1.1e-30])];
    check(13, "Mod", "fmod = 1 : i64", &far, &[1], &[(f64::from(3e38f32) % f64::from(1.1e-30f32)) as f32]);
    let double = |v: f64| In::Data(Tensor::from_scalars(Elem::F64, &[1], [Scalar::F(v)]));
    let y = run(13, "Mod", "fmod = 1 : i64", &[double(1e15), double(0.7)]);
    assert_eq!(y.get(0).f64(), 1e15 % 0.7);
}

#[test]
fn powers_of_any_exponent() {
    let x = f(&[4], &[2.0, -2.0, 0.0, 9.0]);
    check(7, "Pow", "", &[x.clone(), f(&[4], &[0.25, 3.0, 0.0, -0.5])], &[4], &[1.189_207_1, -8.0, 1.0, 1.0 / 3.0]);
    let y = data(Elem::I32, &[3, -1, 2, 0]);
    check(12, "Pow", "", &[x, y.clone()], &[4], &[8.0, -0.5, 0.0, 1.0]);
    check_ints(12, "Pow", "", &[data(Elem::I64, &[-3, -1, 5, 7]), y], Elem::I64, &[-27, -1, 25, 1]);
    let large = [data(Elem::I32, &[-1, 1, 0, 2]), data(Elem::I64, &[101, 1 << 40, 70, -2])];
    check_ints(12, "Pow", "", &large, Elem::I32, &[-1, 1, 0, 0]);
    let mixed = [data(Elem::I32, &[3, 2]), f(&[2], &[6.0, 2.5])];
    check_ints(12, "Pow", "", &mixed, Elem::I32, &[729, 5]);
}

#[test]
fn bits_are_shifted_out() {
    let x = [data(Elem::I8, &[-3, 3, -3, 64]), data(Elem::I8, &[1, 9, -1, 1])];
    check_ints(28, "BitShift", "direction = \"RIGHT\"", &x, Elem::I8, &[-2, 0, -1, 32]);
    check_ints(28, "BitShift", "direction = \"LEFT\"", &x, Elem::I8, &[-6, 0, 0, -128]);
    let x = [unsigned(Elem::I8, "uint8", &[200, 200]), unsigned(Elem::I8, "uint8", &[3, 8])];
    check_ints(11, "BitShift", "direction = \"RIGHT\"", &x, Elem::I8, &[25, 0]);
    insta::assert_snapshot!(error(11, "BitShift", "", &x), @r#"legalize: onnx.BitShift 'node': direction = """#);
}

#[test]
fn bits_keep_their_places() {
    check_ints(26, "BitCast", "to = 6 : i64", &[f(&[2], &[1.0, -0.0])], Elem::I32, &[0x3f80_0000, i64::from(i32::MIN)]);
    check(26, "BitCast", "to = 1 : i64", &[data(Elem::I32, &[0x4000_0000])], &[1], &[2.0]);
    let small = In::Const(of(Elem::I8, &[-8, 7]), "int4");
    check_ints(26, "BitCast", "to = 21 : i64", &[small], Elem::I8, &[8, 7]);
    let e = error(26, "BitCast", "to = 7 : i64", &[count(&[1])]);
    insta::assert_snapshot!(e, @"legalize: onnx.BitCast 'node': float32 and int64 are not as wide");
}

#[test]
fn integers_where_floats_are_usual() {
    let x = || data(Elem::I32, &[-2, 1, 5]);
    check_ints(16, "PRelu", "", &[x(), data(Elem::I32, &[3])], Elem::I32, &[-6, 1, 5]);
    check_ints(9, "Shrink", "lambd = 1.5 : f32, bias = 1.5 : f32", &[x()], Elem::I32, &[0, 0, 3]);
    let matrix = |shape: &[i64], values: &[i64]| In::Data(of(Elem::I64, values).reshaped(shape));
    let args = [matrix(&[1, 2], &[1, 2]), matrix(&[2, 1], &[3, 1 << 40]), matrix(&[1], &[1])];
    check_ints(13, "Gemm", "alpha = 2.0 : f32", &args, Elem::I64, &[2 * (3 + (2 << 40)) + 1]);
    let e = error(13, "Gemm", "alpha = 0.5 : f32", &args);
    insta::assert_snapshot!(e, @"legalize: onnx.Gemm 'node': not supported: the factor 0.5 of int64");
}
