//! Attention and the losses.

use super::*;

/// `1 x heads x positions x 1`.
fn column(heads: i64, values: &[f32]) -> In {
    f(&[1, heads, values.len() as i64 / heads, 1], values)
}

#[test]
fn keys_share_and_order() {
    // Equal scores: the mean of the values that a query may see.
    let (q, k, v) = (column(2, &[0.0; 6]), column(1, &[0.0; 3]), column(1, &[3.0, 6.0, 12.0]));
    let qkv = [q, k, v];
    check(23, "Attention", "", &qkv, &[1, 2, 3, 1], &[7.0; 6]);
    let causal = [3.0, 4.5, 7.0, 3.0, 4.5, 7.0];
    check(23, "Attention", "is_causal = 1 : i64", &qkv, &[1, 2, 3, 1], &causal);
    let window = [3.0, 4.5, 9.0, 3.0, 4.5, 9.0];
    check(25, "Attention", "is_causal = 1 : i64, left_window_size = 1 : i64", &qkv, &[1, 2, 3, 1], &window);
}

#[test]
fn the_past_comes_first_and_forbidden_rows_are_zero() {
    let qkv = [column(1, &[0.0, 0.0]), column(1, &[0.0, 0.0]), column(1, &[6.0, 3.0])];
    let past = [&qkv[..], &[In::None, column(1, &[0.0]), column(1, &[0.0])]].concat();
    let y = results(23, "Attention", "is_causal = 1 : i64", &past, 3).unwrap();
    assert_eq!(y[0].to_f32s(), [3.0, 3.0]);
    assert_eq!(y[2].to_f32s(), [0.0, 6.0, 3.0]);
    let mask = |values: &[i64]| In::Data(of(Elem::I1, values).reshaped(&[2, values.len() as i64 / 2]));
    check(23, "Attention", "", &[&qkv[..], &[mask(&[0, 0, 1, 0])]].concat(), &[1, 1, 2, 1], &[0.0, 6.0]);
    // Shorter masks forbid the rest.
    check(24, "Attention", "", &[&qkv[..], &[mask(&[1, 1])]].concat(), &[1, 1, 2, 1], &[6.0, 6.0]);
    let valid = In::Data(of(Elem::I64, &[1]));
    let args = [&qkv[..], &[In::None, In::None, In::None, valid]].concat();
    check(24, "Attention", "", &args, &[1, 1, 2, 1], &[6.0, 6.0]);
}

#[test]
fn attention_says_what_does_not_fit() {
    let e = error(23, "Attention", "", &[count(&[1, 1, 2, 4]), count(&[1, 1, 2, 3]), count(&[1, 1, 2, 3])]);
    insta::assert_snapshot!(e, @"legalize: onnx.Attention 'node': query [1, 1, 2, 4], key [1, 1, 2, 3] and value [1, 1, 2, 3] don't fit each other");
    let e = error(23, "Attention", "", &[count(&[1, 2, 4]), count(&[1, 2, 4]), count(&[1, 2, 4])]);
    insta::assert_snapshot!(e, @"legalize: onnx.Attention 'node': 'q_num_heads' is missing");
}

#[test]
fn losses_pick_their_class() {
    let x = f(&[2, 3], &[-1.0, -2.0, -3.0, -4.0, -5.0, -6.0]);
    let target = In::Data(of(Elem::I64, &[2, 0]));
    let name = "NegativeLogLikelihoodLoss";
    check(13, name, "", &[x.clone(), target.clone()], &[], &[3.5]);
    check(13, name, "reduction = \"none\"", &[x.clone(), target.clone()], &[2], &[3.0, 4.0]);
    let weighted = [x.clone(), target.clone(), f(&[3], &[0.5, 1.0, 2.0])];
    check(13, name, "reduction = \"sum\"", &weighted, &[], &[8.0]);
    check(13, name, "", &weighted, &[], &[3.2]);
    check(13, name, "ignore_index = 2 : i64", &[x, target], &[], &[4.0]);
    let flat = f(&[1, 3, 2], &[0.0; 6]);
    let out_of_classes = In::Data(of(Elem::I32, &[-100, 1]).reshaped(&[1, 2]));
    let args = [flat, out_of_classes];
    let y =
        results(13, "SoftmaxCrossEntropyLoss", "ignore_index = -100 : i64, reduction = \"none\"", &args, 2).unwrap();
    let log3 = 3f32.ln();
    assert_eq!((y[0].to_f32s().len(), y[0].to_f32s()[0]), (2, 0.0));
    assert!((y[0].to_f32s()[1] - log3).abs() < 1e-6 && (y[1].to_f32s()[5] + log3).abs() < 1e-6);
}
