//! Normalisations, reductions, matrix products.

use super::*;

#[test]
fn batch_normalization() {
    let p = |v: [f32; 2]| In::Const(Tensor::f32(&[2], &v), "");
    let inputs = [count(&[1, 2, 1, 2]), p([1.0, 2.0]), p([0.0, 1.0]), p([0.0, 2.0]), p([1.0, 4.0])];
    check(7, "BatchNormalization", "epsilon = 0.0 : f32", &inputs, &[1, 2, 1, 2], &[0.0, 1.0, 1.0, 2.0]);
    check(15, "BatchNormalization", "epsilon = 0.0 : f32", &inputs, &[1, 2, 1, 2], &[0.0, 1.0, 1.0, 2.0]);
    let e = error(7, "BatchNormalization", "spatial = 0", &inputs);
    insta::assert_snapshot!(e, @"legalize: onnx.BatchNormalization 'node': not supported: spatial = 0");
}

#[test]
fn over_dims() {
    let (one, zero) = (In::Const(Tensor::f32(&[2], &[1.0; 2]), ""), In::Const(Tensor::f32(&[2], &[0.0; 2]), ""));
    let x = f(&[1, 2, 2], &[1.0, 3.0, 2.0, 6.0]);
    let y = [-1.0, 1.0, -1.0, 1.0];
    let attrs = "epsilon = 0.0 : f32";
    check(17, "LayerNormalization", attrs, &[x.clone(), one.clone(), zero.clone()], &[1, 2, 2], &y);
    check(7, "InstanceNormalization", attrs, &[x.clone(), one.clone(), zero.clone()], &[1, 2, 2], &y);
    let attrs = "epsilon = 0.0 : f32, num_groups = 2";
    check(21, "GroupNormalization", attrs, &[x, one, zero], &[1, 2, 2], &y);
    // Of version 18 scale and bias are one a group.
    let by_group = [f(&[1, 2, 2], &[1.0, 3.0, 2.0, 6.0]), f(&[2], &[1.0, 2.0]), f(&[2], &[0.0, 5.0])];
    let attrs = "num_groups = 2 : i64, epsilon = 0.0 : f32";
    check(18, "GroupNormalization", attrs, &by_group, &[1, 2, 2], &[-1.0, 1.0, 3.0, 7.0]);
}

#[test]
fn softmax_flattens_before_13() {
    let x = f(&[1, 2, 2], &[0.0; 4]);
    check(7, "Softmax", "", &[x.clone()], &[1, 2, 2], &[0.25; 4]);
    check(11, "Softmax", "axis = -1", &[x.clone()], &[1, 2, 2], &[0.5; 4]);
    check(13, "Softmax", "", &[x.clone()], &[1, 2, 2], &[0.5; 4]);
    check(13, "Softmax", "axis = 0", &[x.clone()], &[1, 2, 2], &[1.0; 4]);
    check(13, "LogSoftmax", "", &[x], &[1, 2, 2], &[-std::f32::consts::LN_2; 4]);
    // Not the last axis.
    let e = std::f32::consts::E;
    let y = [1.0 / (1.0 + e), 0.5, e / (1.0 + e), 0.5];
    check(13, "Softmax", "axis = 1", &[f(&[1, 2, 2], &[0.0, 0.0, 1.0, 0.0])], &[1, 2, 2], &y);
}

#[test]
fn reductions_take_axes_by_version() {
    let x = count(&[2, 2]);
    check(7, "ReduceSum", "axes = [0]", &[x.clone()], &[1, 2], &[2.0, 4.0]);
    check(13, "ReduceSum", "", &[x.clone(), ints(&[0])], &[1, 2], &[2.0, 4.0]);
    check(13, "ReduceSum", "noop_with_empty_axes = 1", &[x.clone()], &[2, 2], &[0.0, 1.0, 2.0, 3.0]);
    check(13, "ReduceMean", "axes = [-1], keepdims = 0", &[x.clone()], &[2], &[0.5, 2.5]);
    check(18, "ReduceMean", "keepdims = 0", &[x.clone(), ints(&[-1])], &[2], &[0.5, 2.5]);
    check(18, "ReduceSumSquare", "noop_with_empty_axes = 1", &[x.clone()], &[2, 2], &[0.0, 1.0, 4.0, 9.0]);
    check(7, "ReduceMax", "keepdims = 0", &[f(&[3], &[-3.0, -1.0, -2.0])], &[], &[-1.0]);
    check(7, "ReduceMin", "keepdims = 0", &[x.clone()], &[], &[0.0]);
    check(7, "ReduceProd", "axes = [1]", &[x.clone()], &[2, 1], &[0.0, 6.0]);
    check(7, "ReduceL1", "axes = [1]", &[f(&[1, 2], &[-3.0, 4.0])], &[1, 1], &[7.0]);
    check(7, "ReduceL2", "axes = [1]", &[f(&[1, 2], &[-3.0, 4.0])], &[1, 1], &[5.0]);
    check(7, "ReduceLogSumExp", "keepdims = 0", &[f(&[2], &[1000.0; 2])], &[], &[1000.6931]);
}

#[test]
fn vectors_and_batches() {
    let (v, m) = (count(&[2]), count(&[2, 2]));
    check(7, "MatMul", "", &[v.clone(), m.clone()], &[2], &[2.0, 3.0]);
    check(7, "MatMul", "", &[m.clone(), v.clone()], &[2], &[1.0, 3.0]);
    check(7, "MatMul", "", &[v.clone(), v], &[], &[1.0]);
    check(7, "MatMul", "", &[count(&[2, 1, 2]), m.clone()], &[2, 1, 2], &[2.0, 3.0, 6.0, 11.0]);
    check(7, "MatMul", "", &[count(&[1, 2]), count(&[2, 2, 1])], &[2, 1, 1], &[1.0, 3.0]);
    let e = error(7, "MatMul", "", &[m, count(&[3])]);
    insta::assert_snapshot!(e, @"legalize: onnx.MatMul 'node': [2, 2] times [3]: 2 columns meet 3 rows");
}

#[test]
fn gemm() {
    let inputs = [count(&[2, 1]), count(&[2, 2]), scalar(10.0)];
    let attrs = "transA = 1, transB = 1, alpha = 2.0 : f32, beta = 0.5 : f32";
    check(7, "Gemm", attrs, &inputs, &[1, 2], &[7.0, 11.0]);
    check(11, "Gemm", "", &[count(&[1, 2]), count(&[2, 2])], &[1, 2], &[2.0, 3.0]);
}
