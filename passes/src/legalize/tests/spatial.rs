//! Convolution and pooling.

use super::*;

fn ones(shape: &[i64]) -> In {
    let n: i64 = shape.iter().product();
    In::Const(Tensor::f32(shape, &vec![1.0; n as usize]), "")
}

#[test]
fn padding_strides_dilations_and_bias() {
    // Sums of 2 x 2 windows of 0..9.
    let x = count(&[1, 1, 3, 3]);
    check(7, "Conv", "", &[x.clone(), ones(&[1, 1, 2, 2])], &[1, 1, 2, 2], &[8.0, 12.0, 20.0, 24.0]);
    let bias = In::Const(Tensor::f32(&[1], &[0.5]), "");
    let inputs = [x.clone(), ones(&[1, 1, 2, 2]), bias];
    check(11, "Conv", "strides = [2, 2], pads = [1, 1, 0, 0]", &inputs, &[1, 1, 2, 2], &[0.5, 3.5, 9.5, 24.5]);
    check(11, "Conv", "dilations = [2, 2]", &[x, ones(&[1, 1, 2, 2])], &[1, 1, 1, 1], &[16.0]);
}

#[test]
fn auto_pad() {
    let inputs = [count(&[1, 1, 1, 4]), ones(&[1, 1, 1, 2])];
    let auto = |mode: &str| format!("auto_pad = \"{mode}\"");
    check(7, "Conv", &auto("VALID"), &inputs, &[1, 1, 1, 3], &[1.0, 3.0, 5.0]);
    check(7, "Conv", &auto("SAME_UPPER"), &inputs, &[1, 1, 1, 4], &[1.0, 3.0, 5.0, 3.0]);
    check(7, "Conv", &auto("SAME_LOWER"), &inputs, &[1, 1, 1, 4], &[0.0, 1.0, 3.0, 5.0]);
}

#[test]
fn groups_and_depthwise() {
    let x = count(&[1, 2, 1, 2]);
    // Each channel times its own weight: depthwise.
    let w = In::Const(Tensor::f32(&[2, 1, 1, 1], &[1.0, 10.0]), "");
    check(7, "Conv", "group = 2", &[x.clone(), w], &[1, 2, 1, 2], &[0.0, 1.0, 20.0, 30.0]);
    // Two outputs a channel.
    let w = In::Const(Tensor::f32(&[4, 1, 1, 1], &[1.0, 2.0, 3.0, 4.0]), "");
    let y = [0.0, 1.0, 0.0, 2.0, 6.0, 9.0, 8.0, 12.0];
    check(7, "Conv", "group = 2", &[x, w], &[1, 4, 1, 2], &y);
}

#[test]
fn one_and_three_dims() {
    check(7, "Conv", "pads = [1, 0]", &[count(&[1, 1, 3]), ones(&[1, 1, 2])], &[1, 1, 3], &[0.0, 1.0, 3.0]);
    let inputs = [count(&[1, 1, 3, 1, 2]), ones(&[1, 1, 2, 1, 2])];
    check(7, "Conv", "pads = [1, 0, 0, 0, 0, 0], strides = [2, 1, 1]", &inputs, &[1, 1, 2, 1, 1], &[1.0, 14.0]);
}

#[test]
fn contradictions_are_errors() {
    let x = count(&[1, 3, 4, 4]);
    insta::assert_snapshot!(error(7, "Conv", "", &[x.clone(), ones(&[2, 2, 3, 3])]), @"legalize: onnx.Conv 'node': weights [2, 2, 3, 3] in 1 groups don't fit 3 input channels");
    insta::assert_snapshot!(error(7, "Conv", "strides = [1]", &[x.clone(), ones(&[2, 3, 3, 3])]), @"legalize: onnx.Conv 'node': 'strides' is [1], but needs 2 entries of at least 1 and less than 2^30");
    insta::assert_snapshot!(error(7, "Conv", "", &[x, ones(&[2, 3, 5, 3])]), @"legalize: onnx.Conv 'node': the window of 5 positions is larger than the padded input of 4 (spatial dim 0)");
}

#[test]
fn ceil_mode_keeps_windows_that_start_inside() {
    let x = count(&[1, 1, 1, 5]);
    let attrs = "kernel_shape = [1, 2], strides = [1, 2]";
    check(7, "MaxPool", attrs, &[x.clone()], &[1, 1, 1, 2], &[1.0, 3.0]);
    check(10, "MaxPool", &format!("{attrs}, ceil_mode = 1"), &[x.clone()], &[1, 1, 1, 3], &[1.0, 3.0, 4.0]);
    // The window that would start behind the input is left out.
    let attrs = "kernel_shape = [1, 2], strides = [1, 4], ceil_mode = 1, pads = [0, 0, 0, 1]";
    check(22, "MaxPool", attrs, &[count(&[1, 1, 1, 4])], &[1, 1, 1, 1], &[1.0]);
}

#[test]
fn averages_count_padding_or_not() {
    let x = f(&[1, 1, 1, 3], &[2.0, 4.0, 6.0]);
    let attrs = "kernel_shape = [1, 2], pads = [0, 1, 0, 0], strides = [1, 2]";
    check(7, "AveragePool", attrs, &[x.clone()], &[1, 1, 1, 2], &[2.0, 5.0]);
    check(7, "AveragePool", &format!("{attrs}, count_include_pad = 1"), &[x.clone()], &[1, 1, 1, 2], &[1.0, 5.0]);
    // What ceil_mode adds doesn't count.
    let attrs = "kernel_shape = [1, 2], strides = [1, 2], ceil_mode = 1, count_include_pad = 1";
    check(10, "AveragePool", attrs, &[x], &[1, 1, 1, 2], &[3.0, 6.0]);
}

#[test]
fn dilations_one_and_three_dims() {
    check(10, "MaxPool", "kernel_shape = [2], dilations = [2]", &[count(&[1, 1, 4])], &[1, 1, 2], &[2.0, 3.0]);
    check(7, "MaxPool", "kernel_shape = [2, 1, 2]", &[count(&[1, 1, 2, 2, 2])], &[1, 1, 1, 2, 1], &[5.0, 7.0]);
    let attrs = "kernel_shape = [2, 1, 2], pads = [1, 0, 0, 0, 0, 0], count_include_pad = 1";
    check(7, "AveragePool", attrs, &[count(&[1, 1, 2, 1, 2])], &[1, 1, 2, 1, 1], &[0.25, 1.5]);
}

#[test]
fn unsigned_maximum() {
    let y = results(
        12,
        "MaxPool",
        "kernel_shape = [1, 2]",
        &[In::Const(of(Elem::I8, &[1, 200]).reshaped(&[1, 1, 1, 2]), "uint8")],
        1,
    );
    assert_eq!(y.unwrap()[0].to_i64s(), [200 - 256]);
}

#[test]
fn global() {
    check(7, "GlobalAveragePool", "", &[count(&[1, 2, 2, 2])], &[1, 2, 1, 1], &[1.5, 5.5]);
    check(7, "GlobalMaxPool", "", &[count(&[1, 2, 3])], &[1, 2, 1], &[2.0, 5.0]);
}

#[test]
fn indices_count_over_the_whole_input() {
    let x = f(&[1, 2, 3], &[4., 1., 4., 0., 2., 2.]);
    let y = results(8, "MaxPool", "kernel_shape = [2], pads = [1, 0]", &[x], 2).unwrap();
    assert_eq!((y[0].to_f32s(), y[1].to_i64s()), (vec![4., 4., 4., 0., 2., 2.], vec![0, 0, 2, 3, 4, 4]));
    let x = f(&[1, 1, 2, 3], &[0., 1., 9., 5., 7., 3.]);
    let attrs = "kernel_shape = [2, 2], storage_order = 1 : i64";
    let y = results(8, "MaxPool", attrs, &[x], 2).unwrap();
    assert_eq!(y[1].to_i64s(), [3, 4]);
}
