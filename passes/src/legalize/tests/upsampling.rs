//! Transposed convolution and resizing.

use super::*;

fn row(values: &[f32]) -> In {
    f(&[1, 1, values.len() as i64], values)
}

#[test]
fn transposed_convolution_adds_scaled_kernels() {
    // 1 x [1, 10, 100] at 0 and 2 x [1, 10, 100] at the stride, 2.
    let inputs = [row(&[1.0, 2.0]), row(&[1.0, 10.0, 100.0])];
    let stride = |rest: &str| format!("strides = [2]{rest}");
    let is = |attrs: &str, y: &[f32]| check(11, "ConvTranspose", &stride(attrs), &inputs, &[1, 1, y.len() as i64], y);
    is("", &[1.0, 10.0, 102.0, 20.0, 200.0]);
    is(", pads = [1, 1]", &[10.0, 102.0, 20.0]);
    is(", pads = [3, 0]", &[20.0, 200.0]);
    is(", pads = [1, 1], output_padding = [1]", &[10.0, 102.0, 20.0, 200.0]);
    is(", output_padding = [1]", &[1.0, 10.0, 102.0, 20.0, 200.0, 0.0]);
    is(", output_shape = [4]", &[10.0, 102.0, 20.0, 200.0]);
    is(", output_shape = [1, 1, 4], auto_pad = \"SAME_UPPER\"", &[1.0, 10.0, 102.0, 20.0]);
    is(", auto_pad = \"SAME_UPPER\"", &[1.0, 10.0, 102.0, 20.0]);
    is(", auto_pad = \"SAME_LOWER\"", &[10.0, 102.0, 20.0, 200.0]);
    is(", auto_pad = \"VALID\", pads = [1, 1]", &[1.0, 10.0, 102.0, 20.0, 200.0]);
    check(1, "ConvTranspose", "dilations = [2]", &[row(&[1.0, 2.0]), row(&[1.0, 10.0])], &[1, 1, 4], &[1.0, 2.0, 10.0, 20.0]);
    // A stride beyond the kernel leaves zeros, which get the bias too.
    let bias = In::Const(Tensor::f32(&[1], &[0.5]), "");
    let y = [1.5, 0.5, 0.5, 2.5];
    check(11, "ConvTranspose", "strides = [3]", &[row(&[1.0, 2.0]), row(&[1.0]), bias], &[1, 1, 4], &y);
}

#[test]
fn transposed_convolution_in_groups_and_more_dims() {
    let w = f(&[2, 2, 1], &[1.0, 2.0, 3.0, 4.0]);
    let x = f(&[1, 2, 1], &[3.0, 4.0]);
    check(11, "ConvTranspose", "", &[x.clone(), w.clone()], &[1, 2, 1], &[15.0, 22.0]);
    check(11, "ConvTranspose", "group = 2", &[x, w], &[1, 4, 1], &[3.0, 6.0, 12.0, 16.0]);
    let x = f(&[1, 1, 1, 2], &[1.0, 2.0]);
    let y = [0.0, 1.0, 0.0, 2.0, 2.0, 3.0, 4.0, 6.0];
    check(11, "ConvTranspose", "strides = [1, 2]", &[x.clone(), count(&[1, 1, 2, 2])], &[1, 1, 2, 4], &y);
    let attrs = "strides = [2, 2], kernel_shape = [2, 1]";
    check(11, "ConvTranspose", attrs, &[x, f(&[1, 1, 2, 1], &[1.0, 3.0])], &[1, 1, 2, 3], &[1.0, 0.0, 2.0, 3.0, 0.0, 6.0]);
    let x = f(&[1, 1, 2, 1, 1], &[1.0, 2.0]);
    check(11, "ConvTranspose", "", &[x, count(&[1, 1, 2, 1, 2])], &[1, 1, 3, 1, 2], &[0.0, 1.0, 2.0, 5.0, 4.0, 6.0]);
}

#[test]
fn transposed_convolution_refuses_contradictions() {
    let inputs = [row(&[1.0, 2.0]), row(&[1.0, 10.0])];
    insta::assert_snapshot!(error(11, "ConvTranspose", "output_padding = [1]", &inputs), @"legalize: onnx.ConvTranspose 'node': 'output_padding' is [1], but needs 1 entries less than the stride or dilation");
    insta::assert_snapshot!(error(11, "ConvTranspose", "pads = [2, 2]", &inputs), @"legalize: onnx.ConvTranspose 'node': the output's spatial extents would be [-1]");
    insta::assert_snapshot!(error(11, "ConvTranspose", "group = 2", &inputs), @"legalize: onnx.ConvTranspose 'node': weights [1, 1, 2] in 2 groups don't fit 1 input channels");
}
