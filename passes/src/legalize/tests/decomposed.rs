//! Operators that are made of others' parts.

use super::*;

#[test]
fn equations() {
    let (a, b) = (count(&[2, 3]), count(&[3, 2]));
    let product = [10.0, 13.0, 28.0, 40.0];
    check(12, "Einsum", "equation = \"ij,jk->ik\"", &[a.clone(), b.clone()], &[2, 2], &product);
    check(12, "Einsum", "equation = \"ij,jk\"", &[a.clone(), b.clone()], &[2, 2], &product);
    check(12, "Einsum", "equation = \"ij->ji\"", std::slice::from_ref(&a), &[3, 2], &[0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
    check(12, "Einsum", "equation = \"ij->\"", std::slice::from_ref(&a), &[], &[15.0]);
    check(12, "Einsum", "equation = \"ii->i\"", &[count(&[2, 2])], &[2], &[0.0, 3.0]);
    check(12, "Einsum", "equation = \"...j,j...->...\"", &[a.clone(), b.clone()], &[2], &[10.0, 40.0]);
    let three = [a.clone(), b.clone(), f(&[2], &[1.0, -1.0])];
    check(12, "Einsum", "equation = \"ij,jk,k->i\"", &three, &[2], &[-3.0, -12.0]);
    let e = error(12, "Einsum", "equation = \"ij,jk->iz\"", &[a, b]);
    insta::assert_snapshot!(e, @"legalize: onnx.Einsum 'node': \"ij,jk->iz\": Letter('z') of the result is in no operand");
}

#[test]
fn rows() {
    let x = f(&[2, 3], &[1.0, 3.0, 3.0, -1.0, -2.0, -3.0]);
    check(13, "Hardmax", "", std::slice::from_ref(&x), &[2, 3], &[0.0, 1.0, 0.0, 1.0, 0.0, 0.0]);
    check(22, "LpNormalization", "p = 1 : i64", &[f(&[1, 2], &[3.0, -1.0])], &[1, 2], &[0.75, -0.25]);
    check(1, "LpNormalization", "axis = 0 : i64", &[f(&[2, 2], &[3.0, 0.0, 4.0, 0.0])], &[2, 2], &[0.6, 0.0, 0.8, 0.0]);
    let image = f(&[1, 3, 1, 1], &[1.0, 2.0, 3.0]);
    let attrs = "size = 3 : i64, alpha = 3.0 : f32, beta = 1.0 : f32, bias = 0.0 : f32";
    check(13, "LRN", attrs, &[image], &[1, 3, 1, 1], &[0.2, 2.0 / 14.0, 3.0 / 13.0]);
    check(13, "MeanVarianceNormalization", "axes = [0]", &[f(&[2], &[1.0, 3.0])], &[2], &[-1.0, 1.0]);
    let p3 = (1.0f32 + 8.0).cbrt();
    check(18, "LpPool", "kernel_shape = [2], p = 3 : i64", &[f(&[1, 1, 2], &[-1.0, 2.0])], &[1, 1, 1], &[p3]);
}

#[test]
fn batches_have_statistics() {
    let x = f(&[2, 1], &[1.0, 3.0]);
    let p = |v: f32| f(&[1], &[v]);
    let args = [x, p(1.0), p(0.0), p(0.0), p(1.0)];
    let y = results(15, "BatchNormalization", "training_mode = 1 : i64, epsilon = 0.0 : f32", &args, 3).unwrap();
    assert_eq!(y[0].to_f32s(), [-1.0, 1.0]);
    assert!((y[1].to_f32s()[0] - 0.2).abs() < 1e-6 && (y[2].to_f32s()[0] - 1.0).abs() < 1e-6);
}

#[test]
fn determinants_and_spectra() {
    let x = f(&[2, 3, 3], &[2.0, 0.0, 1.0, 1.0, 3.0, 2.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    check(11, "Det", "", &[x], &[2], &[0.0, 0.0]);
    let x = f(&[1, 4, 1], &[1.0, 0.0, 0.0, -1.0]);
    let y = [0.0, 0.0, 1.0, -1.0, 2.0, 0.0, 1.0, 1.0];
    check(17, "DFT", "", std::slice::from_ref(&x), &[1, 4, 2], &y);
    check(20, "DFT", "onesided = 1 : i64", &[x], &[1, 3, 2], &y[..6]);
    let back = [f(&[1, 4, 2], &y)];
    check(17, "DFT", "inverse = 1 : i64", &back, &[1, 4, 2], &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.0]);
    let half = [f(&[1, 3, 2], &y[..6])];
    check(20, "DFT", "inverse = 1 : i64, onesided = 1 : i64", &half, &[1, 4, 1], &[1.0, 0.0, 0.0, -1.0]);
    let frames = [f(&[1, 4, 1], &[1.0, 1.0, 2.0, 4.0]), ints(&[2]), f(&[2], &[1.0, 0.5])];
    check(17, "STFT", "", &frames, &[1, 2, 2, 2], &[1.5, 0.0, 0.5, 0.0, 4.0, 0.0, 0.0, 0.0]);
    check(17, "HannWindow", "", &[In::Const(of(Elem::I64, &[4]).reshaped(&[]), "")], &[4], &[0.0, 0.5, 1.0, 0.5]);
}

#[test]
fn streams() {
    let x = f(&[1, 1, 3], &[1.0, 2.0, 3.0]);
    let args = [x, f(&[1, 1, 2], &[1.0, 10.0]), In::None, f(&[1, 1, 1], &[4.0])];
    let y = results(27, "CausalConvWithState", "", &args, 2).unwrap();
    assert_eq!((y[0].to_f32s(), y[1].to_f32s()), (vec![14.0, 21.0, 32.0], vec![3.0]));
    check(28, "SwiGLU", "", &[f(&[1], &[0.0]), f(&[1], &[3.0])], &[1], &[0.0]);
    // Two positions of one head of one element: the state is 1 * 2, then decays by a half and takes in 3 * 4.
    let row = |v: [f32; 2]| f(&[1, 2, 1], &v);
    let decay = row([0.0, 0.5f32.ln()]);
    let args = [row([1.0, 1.0]), row([1.0, 3.0]), row([2.0, 4.0]), In::None, decay];
    let attrs = "q_num_heads = 1 : i64, kv_num_heads = 1 : i64, update_rule = \"gated\"";
    let y = results(27, "LinearAttention", attrs, &args, 2).unwrap();
    assert_eq!((y[0].to_f32s(), y[1].to_f32s()), (vec![2.0, 13.0], vec![13.0]));
}

#[test]
fn rotations() {
    let x = f(&[1, 1, 2, 2], &[1.0, 0.0, 1.0, 0.0]);
    let (cos, sin) = (f(&[3, 1], &[1.0, 0.0, -1.0]), f(&[3, 1], &[0.0, 1.0, 0.0]));
    let ids = In::Data(of(Elem::I64, &[2, 1]).reshaped(&[1, 2]));
    check(23, "RotaryEmbedding", "", &[x, cos, sin, ids], &[1, 1, 2, 2], &[-1.0, 0.0, 0.0, 1.0]);
}

#[test]
fn optimisers() {
    let one = |v: f32| f(&[1], &[v]);
    let count = In::Data(of(Elem::I64, &[0]).reshaped(&[]));
    let args = [f(&[], &[0.1]), count, one(1.0), one(2.0), one(3.0)];
    let attrs = "alpha = 0.5 : f32, beta = 9.0 : f32, norm_coefficient = 0.0 : f32, mode = \"standard\"";
    let y = results(1, "ai.onnx.preview.training.Momentum", attrs, &args, 2).unwrap();
    assert_eq!((y[0].to_f32s(), y[1].to_f32s()), (vec![0.65], vec![3.5]));
    let y = results(1, "ai.onnx.preview.training.Adagrad", "", &args, 2).unwrap();
    assert_eq!(y[1].to_f32s(), [7.0]);
}

#[test]
fn trees() {
    // One tree of two nodes: x0 <= 1 ? (x1 in {2, 5} ? 10 : 20) : 30; the last leaf is of the second target.
    let attrs = "nodes_splits = dense<[1.0, 0.0]> : tensor<2xf32>, nodes_modes = dense<[0, 6]> : tensor<2xi8>,
        nodes_featureids = [0, 1], nodes_truenodeids = [1, 0], nodes_trueleafs = [0, 1], nodes_falsenodeids = [2, 1],
        nodes_falseleafs = [1, 1], leaf_targetids = [0, 0, 1], leaf_weights = dense<[10.0, 20.0, 30.0]> : tensor<3xf32>,
        membership_values = dense<[2.0, 5.0, 0x7FC00000]> : tensor<3xf32>, tree_roots = [0], n_targets = 2 : i64";
    let x = f(&[4, 2], &[0.0, 5.0, 1.0, 3.0, 2.0, 5.0, NAN, 2.0]);
    let y = [10.0, 0.0, 20.0, 0.0, 0.0, 30.0, 0.0, 30.0];
    check(20, "ai.onnx.ml.TreeEnsemble", attrs, std::slice::from_ref(&x), &[4, 2], &y);
    let twice = attrs.replace("nodes_truenodeids = [1, 0]", "nodes_truenodeids = [0, 0]");
    let e = error(20, "ai.onnx.ml.TreeEnsemble", &twice, &[x]);
    insta::assert_snapshot!(e, @"legalize: onnx.ai.onnx.ml.TreeEnsemble 'node': node 0 is reached in two ways");
}
