//! Quantised numbers and integer products.

use super::*;

fn bytes(dtype: &'static str, shape: &[i64], values: &[i64]) -> In {
    In::Const(of(Elem::I8, values).reshaped(shape), dtype)
}

#[test]
fn quantising_rounds_to_even_and_saturates() {
    let x = f(&[6], &[-3.0, 1.0, 3.0, 5.0, 1e9, NAN]);
    // uint8 without a zero point; halves go to the even number.
    check_ints(10, "QuantizeLinear", "", &[x.clone(), scalar(2.0)], Elem::I8, &[0, 0, 2, 2, -1, 0]);
    let zero = bytes("int8", &[], &[-100]);
    check_ints(10, "QuantizeLinear", "", &[x.clone(), scalar(2.0), zero], Elem::I8, &[-102, -100, -98, -98, 127, -100]);
    let wide = check_type(21, "output_dtype = 4 : i64", &[x, scalar(1e-4)]);
    assert_eq!(wide, [0, 10_000, 30_000, 50_000, 65_535, 0]);
}

fn check_type(opset: i64, attrs: &str, inputs: &[In]) -> Vec<i64> {
    run(opset, "QuantizeLinear", attrs, inputs).to_i64s().into_iter().map(|v| v & 0xffff).collect()
}

#[test]
fn parameters_lie_along_an_axis_or_in_blocks() {
    let x = || bytes("uint8", &[2, 3], &[0, 100, 200, 0, 100, 200]);
    let zeros = bytes("uint8", &[3], &[0, 100, 200]);
    let axis = [x(), f(&[3], &[1.0, 2.0, 3.0]), zeros];
    check(13, "DequantizeLinear", "", &axis, &[2, 3], &[0.0; 6]);
    let blocked = [x(), f(&[2, 2], &[1.0, 10.0, 2.0, 20.0])];
    let y = [0.0, 100.0, 2000.0, 0.0, 200.0, 4000.0];
    check(21, "DequantizeLinear", "block_size = 2 : i64", &blocked, &[2, 3], &y);
    let e = error(13, "DequantizeLinear", "", &[x(), count(&[2])]);
    insta::assert_snapshot!(e, @"legalize: onnx.DequantizeLinear 'node': a parameter of [2] doesn't fit the input [2, 3] along axis 1");
}

#[test]
fn dynamic_ranges_hold_zero() {
    let y = results(11, "DynamicQuantizeLinear", "", &[f(&[3], &[-1.0, 0.0, 4.1])], 3).unwrap();
    assert_eq!(y[0].to_i64s().iter().map(|v| v & 255).collect::<Vec<_>>(), [0, 50, 255]);
    assert!((y[1].to_f32s()[0] - 0.02).abs() < 1e-6 && y[2].to_i64s() == [50]);
}

#[test]
fn integer_products_take_zero_points_away() {
    let (a, b) = (bytes("uint8", &[1, 2], &[255, 3]), bytes("int8", &[2, 2], &[1, -2, 3, 4]));
    let zeros = [bytes("uint8", &[], &[5]), bytes("int8", &[2], &[1, 0])];
    let args = [&[a, b][..], &zeros].concat();
    check_ints(10, "MatMulInteger", "", &args, Elem::I32, &[-4, -508]);
    // A sum that f32 has no place for.
    let many = |shape: &[i64]| bytes("uint8", shape, &[255; 600]);
    check_ints(10, "MatMulInteger", "", &[many(&[1, 600]), many(&[600, 1])], Elem::I32, &[600 * 255 * 255]);
    let conv = [
        bytes("uint8", &[1, 1, 1, 3], &[10, 20, 30]),
        bytes("uint8", &[1, 1, 1, 2], &[1, 2]),
        bytes("uint8", &[], &[10]),
    ];
    // Padding is the zero point.
    check_ints(10, "ConvInteger", "pads = [0, 1, 0, 0]", &conv, Elem::I32, &[0, 20, 50]);
    let q = [
        bytes("uint8", &[1, 2], &[4, 6]),
        scalar(0.5),
        bytes("uint8", &[], &[0]),
        bytes("uint8", &[2, 1], &[1, 1]),
        scalar(0.25),
        bytes("uint8", &[], &[0]),
        scalar(0.5),
        bytes("uint8", &[], &[7]),
    ];
    // 10 * 0.25 = 2.5, to even.
    check_ints(10, "QLinearMatMul", "", &q, Elem::I8, &[9]);
}
