//! RNN, GRU, LSTM. Values are onnxruntime's.

use super::{In, error, ints, of, results};
use weft_dialects::ir::{Elem, Tensor};

/// Small numbers of both signs.
fn ramp(shape: &[i64]) -> In {
    let n: i64 = shape.iter().product();
    In::Data(Tensor::f32(shape, &(0..n).map(|i| ((i * 7 % 13) - 6) as f32 / 8.0).collect::<Vec<_>>()))
}

/// X, W, R and B of `d` directions and `g` gates.
fn operands(d: i64, g: i64, [t, b, i, h]: [i64; 4]) -> Vec<In> {
    vec![ramp(&[t, b, i]), ramp(&[d, g * h, i]), ramp(&[d, g * h, h]), ramp(&[d, 2 * g * h])]
}

#[track_caller]
fn check(op: &str, attrs: &str, inputs: &[In], expected: &[(&[i64], &[f32])]) {
    let got = results(14, op, attrs, inputs, expected.len()).unwrap();
    for (got, (shape, values)) in got.iter().zip(expected) {
        assert_eq!(got.shape, *shape);
        let found = got.to_f32s();
        assert!(found.iter().zip(*values).all(|(a, b)| (a - b).abs() < 2e-6), "{found:?} instead of {values:?}");
    }
}

#[test]
fn an_lstm_runs_both_ways() {
    let h = [-0.068220, -0.222763, 0.142530, 0.093093];
    check(
        "LSTM",
        "hidden_size = 2, direction = \"bidirectional\"",
        &operands(2, 4, [2, 1, 2, 2]),
        &[
            (&[2, 2, 1, 2], &[-0.054549, -0.174903, h[2], h[3], h[0], h[1], 0.108055, 0.058595]),
            (&[2, 1, 2], &h),
            (&[2, 1, 2], &[-0.169795, -0.291960, 0.474493, 0.283106]),
        ],
    );
}

#[test]
fn a_reversed_lstm_starts_at_each_rows_end() {
    let mut inputs = operands(1, 4, [3, 2, 2, 1]);
    inputs.extend([In::Data(of(Elem::I32, &[3, 2])), ramp(&[1, 2, 1]), ramp(&[1, 2, 1]), ramp(&[1, 3])]);
    check(
        "LSTM",
        "hidden_size = 1, direction = \"reverse\", clip = 0.5 : f32",
        &inputs,
        &[
            (&[3, 1, 2, 1], &[0.130627, 0.157213, 0.063342, 0.135759, -0.112644, 0.0]),
            (&[1, 2, 1], &[0.130627, 0.157213]),
            (&[1, 2, 1], &[0.213021, 0.258154]),
        ],
    );
}

#[test]
fn the_reset_gate_stands_before_or_behind_the_product() {
    let inputs = operands(1, 3, [2, 1, 2, 2]);
    check(
        "GRU",
        "hidden_size = 2",
        &inputs,
        &[(&[2, 1, 1, 2], &[-0.218313, 0.211976, -0.195223, 0.365424]), (&[1, 1, 2], &[-0.195223, 0.365424])],
    );
    check(
        "GRU",
        "hidden_size = 2, linear_before_reset = 1, activations = [\"HardSigmoid\", \"LeakyRelu\"], \
         activation_alpha = [0.3 : f32, 0.2 : f32]",
        &inputs,
        &[(&[2, 1, 1, 2], &[-0.037172, 0.196904, -0.037010, 0.391899]), (&[1, 1, 2], &[-0.037010, 0.391899])],
    );
}

#[test]
fn a_simple_cell_takes_other_activations_and_layouts() {
    let attrs = "hidden_size = 2, activations = [\"Elu\"], activation_alpha = [0.5 : f32]";
    let expected: [(&[i64], &[f32]); 2] =
        [(&[2, 1, 1, 2], &[-0.274632, 0.875000, -0.214296, 1.218520]), (&[1, 1, 2], &[-0.214296, 1.218520])];
    let mut inputs = operands(1, 1, [2, 1, 2, 2]);
    check("RNN", attrs, &inputs, &expected);
    // The same with the batch outermost.
    inputs[0] = ramp(&[1, 2, 2]);
    check("RNN", &format!("{attrs}, layout = 1"), &inputs, &[(&[1, 2, 1, 2], expected[0].1), expected[1]]);
}

#[test]
fn operands_that_do_not_fit_are_named() {
    let mut inputs = operands(1, 1, [2, 1, 2, 2]);
    let fails = |attrs: &str, inputs: &[In]| error(14, "RNN", attrs, inputs);
    insta::assert_snapshot!(fails("hidden_size = 3", &inputs), @"legalize: onnx.RNN 'node': W is [1, 2, 2], and should be [1, 3, 2]");
    insta::assert_snapshot!(
        fails("hidden_size = 2, activations = [\"Sine\"]", &inputs), @"legalize: onnx.RNN 'node': no activation 'Sine'");
    insta::assert_snapshot!(
        fails("hidden_size = 2, direction = \"up\"", &inputs), @r#"legalize: onnx.RNN 'node': direction = "up""#);
    inputs.push(ints(&[1, 2]));
    insta::assert_snapshot!(
        fails("hidden_size = 2", &inputs), @"legalize: onnx.RNN 'node': sequence_lens must be 1 integers, not [2]");
}
