//! Parameters that are data give what the same parameters give as constants.

use super::{In, check, count, f, ints, results};
use weft_dialects::eval;
use weft_dialects::ir::Tensor;

/// Operand `at` once as a constant and once as data, with the shape that the constant gives declared.
#[track_caller]
fn agrees(opset: i64, op: &str, attrs: &str, inputs: &[In], at: usize) {
    let constant = results(opset, op, attrs, inputs, 1).unwrap_or_else(|e| panic!("{e}"));
    let mut inputs = inputs.to_vec();
    if let In::Const(t, _) = &inputs[at] {
        inputs[at] = In::Data(t.clone());
    }
    let shape: Vec<String> = constant[0].shape.iter().map(ToString::to_string).collect();
    let attrs = format!(
        "{attrs}{}weft.declared = [array<i64: {}>]",
        if attrs.is_empty() { "" } else { ", " },
        shape.join(", ")
    );
    let data = results(opset, op, &attrs, &inputs, 1).unwrap_or_else(|e| panic!("{attrs}: {e}"));
    eval::compare(&constant, &data, 1e-5).unwrap_or_else(|e| panic!("{op} {attrs}: {e}"));
}

fn floats(v: &[f32]) -> In {
    In::Const(Tensor::f32(&[v.len() as i64], v), "")
}

#[test]
fn scales_sizes_and_regions_of_resize() {
    let x = f(&[3, 4], &[0.5, -1.0, 2.0, 4.0, 1.0, 0.0, 3.0, -2.0, 6.0, 2.5, 1.5, 0.25]);
    let methods = [
        "mode = \"nearest\"",
        "mode = \"nearest\", nearest_mode = \"floor\"",
        "mode = \"nearest\", nearest_mode = \"ceil\"",
        "mode = \"nearest\", nearest_mode = \"round_prefer_ceil\"",
        "mode = \"linear\"",
        "mode = \"cubic\"",
        "mode = \"cubic\", exclude_outside = 1 : i64, cubic_coeff_a = -5.0e-1 : f32",
    ];
    let transforms = [
        "half_pixel",
        "half_pixel_symmetric",
        "pytorch_half_pixel",
        "align_corners",
        "asymmetric",
        "tf_half_pixel_for_nn",
    ];
    for method in methods {
        for transform in transforms {
            let attrs = format!("{method}, coordinate_transformation_mode = \"{transform}\"");
            for scales in [[2.0, 1.5], [0.6, 3.0], [1.25, 0.8]] {
                agrees(19, "Resize", &attrs, &[x.clone(), In::None, floats(&scales)], 2);
            }
            agrees(19, "Resize", &attrs, &[x.clone(), In::None, In::None, ints(&[5, 2])], 3);
        }
        let attrs = format!(
            "{method}, coordinate_transformation_mode = \"tf_crop_and_resize\", extrapolation_value = 9.0e0 : f32"
        );
        let region = floats(&[0.25, -0.5, 0.75, 1.25]);
        agrees(19, "Resize", &attrs, &[x.clone(), region.clone(), In::None, ints(&[5, 6])], 1);
        agrees(19, "Resize", &attrs, &[x.clone(), region, floats(&[1.5, 2.0])], 2);
    }
    let kept = "mode = \"linear\", keep_aspect_ratio_policy = \"not_larger\"";
    agrees(19, "Resize", kept, &[x.clone(), In::None, In::None, ints(&[9, 8])], 3);
    agrees(9, "Upsample", "", &[x, floats(&[2.0, 2.5])], 1);
}

#[test]
fn shapes_of_images_and_pads() {
    let x = count(&[1, 8, 6]);
    let attrs = "pads = [0, 1, 0, 1], strides = [1, 2]";
    agrees(18, "Col2Im", attrs, &[x.clone(), ints(&[4, 4]), ints(&[2, 2])], 1);
    agrees(18, "Col2Im", attrs, &[x, ints(&[4, 4]), ints(&[2, 2])], 2);
    for mode in ["constant", "edge", "reflect", "wrap"] {
        let attrs = format!("mode = \"{mode}\"");
        agrees(19, "Pad", &attrs, &[count(&[3, 4]), ints(&[2, 1, 0, 3])], 1);
        agrees(19, "Pad", &attrs, &[count(&[3, 4]), ints(&[1, 2]), In::None, ints(&[-1])], 3);
    }
    for (starts, ends, steps) in [([1, 0], [3, 9], [1, 2]), ([-1, 3], [-9, 0], [-1, -2])] {
        let inputs = [count(&[3, 5]), ints(&starts), ints(&ends), ints(&[0, 1]), ints(&steps)];
        for at in 1..5 {
            agrees(13, "Slice", "", &inputs, at);
        }
    }
    agrees(18, "CenterCropPad", "", &[count(&[3, 5]), ints(&[6, 2])], 1);
    agrees(20, "AffineGrid", "", &[count(&[1, 2, 3]), ints(&[1, 1, 3, 2])], 1);
}

#[test]
fn windows_at_data() {
    let at = In::Data(Tensor::i64(&[1, 1, 1, 2], &[1, 6]));
    let attrs = "kernel_shape = [2, 2], strides = [2, 2]";
    check(11, "MaxUnpool", attrs, &[f(&[1, 1, 1, 2], &[7., 8.]), at], &[1, 1, 2, 4], &[0., 7., 0., 0., 0., 0., 8., 0.]);
    // One region, the whole image of 2 x 2 whose pixels' centres are sampled.
    let region = f(&[1, 4], &[0., 0., 2., 2.]);
    let image = || In::Data(Tensor::i64(&[1], &[0]));
    let attrs = "output_height = 2 : i64, output_width = 2 : i64, sampling_ratio = 1 : i64";
    check(16, "RoiAlign", attrs, &[count(&[1, 1, 2, 2]), region.clone(), image()], &[1, 1, 2, 2], &[0., 1., 2., 3.]);
    let e = results(16, "RoiAlign", "", &[count(&[1, 1, 2, 2]), region, image()], 1).unwrap_err();
    assert!(e.contains("sampling_ratio"), "{e}");
    // A window moved by one column, and by half a row.
    let w = f(&[1, 1, 1, 1], &[2.]);
    let offset = f(&[1, 2, 2, 2], &[0., 0., 0.5, 0., 1., 1., 0., 0.]);
    check(19, "DeformConv", "", &[count(&[1, 1, 2, 2]), w, offset], &[1, 1, 2, 2], &[2., 0., 2., 6.]);
}

#[test]
fn runs_of_integers_are_counted() {
    // The pool: 2, 3 (single), then 5 4 and 7 8; with one element skipped 5 9 4 counts, too.
    let attrs = "min_gram_length = 1 : i64, max_gram_length = 2 : i64, max_skip_count = 1 : i64, ngram_counts = [0, 2], \
                 ngram_indexes = [1, 0, 3, 2], pool_int64s = [2, 3, 5, 4, 7, 8], weights = [2.0 : f32, 1.0 : f32, 0.5 : f32, 1.0 : f32]";
    let x = || In::Data(Tensor::i64(&[6], &[2, 5, 9, 4, 2, 8]));
    check(9, "TfIdfVectorizer", &format!("{attrs}, mode = \"TF\""), &[x()], &[4], &[0., 2., 0., 1.]);
    check(9, "TfIdfVectorizer", &format!("{attrs}, mode = \"TFIDF\""), &[x()], &[4], &[0., 4., 0., 0.5]);
    let e = results(9, "TfIdfVectorizer", "pool_strings = [\"a\"]", &[x()], 1).unwrap_err();
    assert!(e.contains("pool of strings"), "{e}");
}
