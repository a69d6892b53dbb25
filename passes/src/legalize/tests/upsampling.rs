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
    check(
        1,
        "ConvTranspose",
        "dilations = [2]",
        &[row(&[1.0, 2.0]), row(&[1.0, 10.0])],
        &[1, 1, 4],
        &[1.0, 2.0, 10.0, 20.0],
    );
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
    check(
        11,
        "ConvTranspose",
        attrs,
        &[x, f(&[1, 1, 2, 1], &[1.0, 3.0])],
        &[1, 1, 2, 3],
        &[1.0, 0.0, 2.0, 3.0, 0.0, 6.0],
    );
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

/// Resize of a row `0, 1, ...` of `n`: linear results are the positions themselves, clamped.
#[track_caller]
fn resized(opset: i64, n: i64, attrs: &str, roi: In, target: &In, y: &[f32]) {
    let (scales, sizes) = if matches!(target, In::Const(t, _) if t.elem == Elem::F32) {
        (target.clone(), In::None)
    } else {
        (In::None, target.clone())
    };
    check(opset, "Resize", attrs, &[count(&[n]), roi, scales, sizes], &[y.len() as i64], y);
}

fn by(scales: &[f32]) -> In {
    In::Const(Tensor::f32(&[scales.len() as i64], scales), "")
}

#[test]
fn coordinates() {
    let is = |mode: &str, target: &In, y: &[f32]| {
        let attrs = format!("mode = \"linear\", coordinate_transformation_mode = \"{mode}\"");
        resized(19, 3, &attrs, In::None, target, y);
    };
    resized(11, 3, "mode = \"linear\"", In::None, &ints(&[5]), &[0.0, 0.4, 1.0, 1.6, 2.0]);
    is("half_pixel", &ints(&[1]), &[1.0]);
    is("pytorch_half_pixel", &ints(&[1]), &[0.0]);
    is("pytorch_half_pixel", &ints(&[5]), &[0.0, 0.4, 1.0, 1.6, 2.0]);
    is("half_pixel_symmetric", &by(&[1.5]), &[0.0, 2.0 / 3.0, 4.0 / 3.0, 2.0]);
    is("align_corners", &ints(&[5]), &[0.0, 0.5, 1.0, 1.5, 2.0]);
    is("align_corners", &ints(&[1]), &[0.0]);
    is("asymmetric", &ints(&[5]), &[0.0, 0.6, 1.2, 1.8, 2.0]);
    is("asymmetric", &by(&[2.0]), &[0.0, 0.5, 1.0, 1.5, 2.0, 2.0]);
    is("tf_half_pixel_for_nn", &ints(&[5]), &[0.3, 0.9, 1.5, 2.0, 2.0]);
}

#[test]
fn cropping() {
    let attrs = "coordinate_transformation_mode = \"tf_crop_and_resize\", extrapolation_value = 10.0 : f32";
    let linear = format!("{attrs}, mode = \"linear\"");
    resized(11, 5, &linear, by(&[0.25, 0.75]), &ints(&[3]), &[1.0, 2.0, 3.0]);
    resized(11, 5, &linear, by(&[0.5, 1.5]), &ints(&[3]), &[2.0, 4.0, 10.0]);
    resized(11, 5, &linear, by(&[-0.25, 0.25]), &ints(&[3]), &[10.0, 0.0, 1.0]);
    resized(13, 5, attrs, by(&[0.5, 1.5]), &ints(&[3]), &[2.0, 4.0, 10.0]);
    resized(13, 5, attrs, by(&[2.0, 3.0]), &ints(&[2]), &[10.0, 10.0]);
}

#[test]
fn nearest_modes() {
    let is = |n: i64, mode: &str, target: &In, y: &[f32]| {
        let attrs = format!("coordinate_transformation_mode = \"asymmetric\", nearest_mode = \"{mode}\"");
        resized(13, n, &attrs, In::None, target, y);
    };
    let twice = by(&[2.0]);
    is(3, "round_prefer_floor", &twice, &[0.0, 0.0, 1.0, 1.0, 2.0, 2.0]);
    is(3, "round_prefer_ceil", &twice, &[0.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
    is(3, "floor", &twice, &[0.0, 0.0, 1.0, 1.0, 2.0, 2.0]);
    is(3, "ceil", &twice, &[0.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
    is(2, "floor", &by(&[3.5]), &[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
    // 1 / f32(1/3) is three in f32.
    is(9, "floor", &by(&[1.0 / 3.0]), &[0.0, 3.0, 6.0]);
    resized(11, 4, "", In::None, &by(&[0.5]), &[0.0, 2.0]);
}

#[test]
fn before_version_11() {
    let inputs = [count(&[1, 1, 1, 3]), by(&[1.0, 1.0, 2.0, 2.0])];
    let y = [0.0, 0.0, 1.0, 1.0, 2.0, 2.0].repeat(2);
    check(10, "Resize", "", &inputs, &[1, 1, 2, 6], &y);
    check(9, "Upsample", "", &inputs, &[1, 1, 2, 6], &y);
    let attrs = "scales = [1.0 : f32, 1.0 : f32, 2.0 : f32, 2.0 : f32]";
    check(7, "Upsample", attrs, &inputs[..1], &[1, 1, 2, 6], &y);
    let y = [0.0, 0.5, 1.0, 1.5, 2.0, 2.0];
    check(10, "Resize", "mode = \"linear\"", &[count(&[3]), by(&[2.0])], &[6], &y);
    check(10, "Resize", "", &[count(&[4]), by(&[0.6])], &[2], &[0.0, 2.0]);
}

#[test]
fn cubic() {
    let is = |attrs: &str, y: &[f32]| resized(13, 2, &format!("mode = \"cubic\"{attrs}"), In::None, &by(&[2.0]), y);
    is("", &[-0.10546875, 0.2265625, 0.7734375, 1.1054688]);
    is(", exclude_outside = 1", &[-0.13636364, 0.22945205, 0.770548, 1.1363636]);
    is(", cubic_coeff_a = 0.0 : f32", &[0.0, 0.15625, 0.84375, 1.0]);
}

#[test]
fn images() {
    let x = f(&[1, 1, 2, 2], &[1.0, 2.0, 3.0, 4.0]);
    let y = [1.0, 1.25, 1.75, 2.0, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3.0, 3.25, 3.75, 4.0];
    let twice = by(&[1.0, 1.0, 2.0, 2.0]);
    check(11, "Resize", "mode = \"linear\"", &[x, In::None, twice], &[1, 1, 4, 4], &y);
    // NaN stays where it is.
    let x = f(&[1, 2, 1, 2], &[NAN, 1.0, 2.0, INF]);
    let y = [NAN, NAN, 1.0, 1.0, 2.0, 2.0, INF, INF];
    check(13, "Resize", "", &[x, by(&[]), by(&[1.0, 1.0, 1.0, 2.0])], &[1, 2, 1, 4], &y);
    let bytes = In::Data(of(Elem::I8, &[1, 200]));
    check_ints(13, "Resize", "", &[bytes, In::None, by(&[2.0])], Elem::I8, &[1, 1, -56, -56]);
}

#[test]
fn axes_and_aspect_ratio() {
    let x = count(&[1, 4]);
    let sizes = |s: &[i64]| [x.clone(), In::None, In::None, ints(s)];
    let linear = |rest: &str| format!("mode = \"linear\"{rest}");
    check(18, "Resize", &linear(", axes = [-1]"), &sizes(&[2]), &[1, 2], &[0.5, 2.5]);
    let kept = |policy: &str| linear(&format!(", keep_aspect_ratio_policy = \"{policy}\""));
    check(18, "Resize", &kept("not_larger"), &sizes(&[3, 2]), &[1, 2], &[0.5, 2.5]);
    check(
        18,
        "Resize",
        &kept("not_smaller"),
        &sizes(&[1, 8]),
        &[2, 8],
        &[0.0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.0].repeat(2),
    );
    // Antialiasing is for what gets smaller.
    check(18, "Resize", &linear(", antialias = 1"), &sizes(&[2, 4]), &[2, 4], &[0.0, 1.0, 2.0, 3.0].repeat(2));
    check(18, "Resize", &linear(", antialias = 1"), &sizes(&[1, 2]), &[1, 2], &[0.625, 2.375]);
    insta::assert_snapshot!(error(18, "Resize", "", &sizes(&[2])), @"legalize: onnx.Resize 'node': 'sizes' must have 2 entries");
}
