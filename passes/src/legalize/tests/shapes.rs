//! What moves elements, and constants.

use super::*;

#[test]
fn reshape() {
    let x = count(&[2, 3]);
    for (to, shape) in [(&[0, -1][..], &[2, 3][..]), (&[-1], &[6]), (&[3, 1, 2], &[3, 1, 2])] {
        assert_eq!(run(7, "Reshape", "", &[x.clone(), ints(to)]).shape, shape);
    }
    let e = error(14, "Reshape", "allowzero = 1", &[x.clone(), ints(&[0, 6])]);
    insta::assert_snapshot!(e, @"legalize: onnx.Reshape 'node': [2, 3] has 6 elements and can't become [0, 6]");
    let e = error(7, "Reshape", "", &[x.clone(), ints(&[-1, -1])]);
    insta::assert_snapshot!(e, @"legalize: onnx.Reshape 'node': the new shape [-1, -1] leaves more than one extent open");
    let e = error(7, "Reshape", "", &[x, In::Data(Tensor::i64(&[1], &[6]))]);
    insta::assert_snapshot!(e, @"legalize: onnx.Reshape 'node': not supported: the new shape (input 1) depends on the data, and the model declares no shape for the result");
}

#[test]
fn axes_by_version() {
    let x = count(&[1, 2, 1]);
    assert_eq!(run(7, "Squeeze", "axes = [0]", &[x.clone()]).shape, [2, 1]);
    assert_eq!(run(11, "Squeeze", "axes = [-1]", &[x.clone()]).shape, [1, 2]);
    assert_eq!(run(13, "Squeeze", "", &[x.clone(), ints(&[0])]).shape, [2, 1]);
    assert_eq!(run(13, "Squeeze", "", &[x.clone()]).shape, [2]);
    assert_eq!(run(7, "Unsqueeze", "axes = [0, 4]", &[x.clone()]).shape, [1, 1, 2, 1, 1]);
    assert_eq!(run(13, "Unsqueeze", "", &[x.clone(), ints(&[-1])]).shape, [1, 2, 1, 1]);
    assert_eq!(run(7, "Flatten", "", &[x.clone()]).shape, [1, 2]);
    assert_eq!(run(11, "Flatten", "axis = -1", &[x]).shape, [2, 1]);
}

#[test]
fn shape_has_a_range_since_15() {
    let x = count(&[2, 3, 4]);
    check_ints(7, "Shape", "", &[x.clone()], Elem::I64, &[2, 3, 4]);
    check_ints(15, "Shape", "start = -2, end = -1", &[x.clone()], Elem::I64, &[3]);
    check_ints(15, "Shape", "start = 1, end = 99", &[x], Elem::I64, &[3, 4]);
}

#[test]
fn moves() {
    check(7, "Transpose", "", &[count(&[2, 2])], &[2, 2], &[0.0, 2.0, 1.0, 3.0]);
    check(8, "Expand", "", &[count(&[2, 1]), ints(&[2])], &[2, 2], &[0.0, 0.0, 1.0, 1.0]);
    check(7, "Tile", "", &[count(&[2]), ints(&[2])], &[4], &[0.0, 1.0, 0.0, 1.0]);
    check(7, "Concat", "axis = 0", &[count(&[2]), count(&[0]), scalar_row(9.0)], &[3], &[0.0, 1.0, 9.0]);
    check(7, "DepthToSpace", "blocksize = 2", &[count(&[1, 4, 1, 1])], &[1, 1, 2, 2], &[0.0, 1.0, 2.0, 3.0]);
    let x = count(&[1, 8, 1, 1]);
    check(7, "DepthToSpace", "blocksize = 2", &[x.clone()], &[1, 2, 2, 2], &[0.0, 2.0, 4.0, 6.0, 1.0, 3.0, 5.0, 7.0]);
    let attrs = "blocksize = 2, mode = \"CRD\"";
    check(11, "DepthToSpace", attrs, &[x], &[1, 2, 2, 2], &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    check(7, "SpaceToDepth", "blocksize = 2", &[count(&[1, 1, 2, 2])], &[1, 4, 1, 1], &[0.0, 1.0, 2.0, 3.0]);
}

fn scalar_row(v: f32) -> In {
    In::Const(Tensor::f32(&[1], &[v]), "")
}

#[test]
fn slice_by_version() {
    let x = count(&[5]);
    check(7, "Slice", "starts = [1], ends = [-1]", &[x.clone()], &[3], &[1.0, 2.0, 3.0]);
    check(10, "Slice", "", &[x.clone(), ints(&[-2]), ints(&[i64::MAX])], &[2], &[3.0, 4.0]);
    let down = [x.clone(), ints(&[9]), ints(&[i64::MIN]), ints(&[0]), ints(&[-2])];
    check(10, "Slice", "", &down, &[3], &[4.0, 2.0, 0.0]);
    check(10, "Slice", "", &[x, ints(&[3]), ints(&[1])], &[0], &[]);
    // The first two of three rows, their columns backwards; nothing of columns, rows by twos.
    let rows = count(&[3, 4]);
    let operands = |starts, ends, steps| [rows.clone(), ints(starts), ints(ends), ints(&[0, 1]), ints(steps)];
    let turned = operands(&[0, -1], &[2, i64::MIN], &[1, -2]);
    check(10, "Slice", "", &turned, &[2, 2], &[3.0, 1.0, 7.0, 5.0]);
    check(10, "Slice", "", &operands(&[0, 4], &[3, 9], &[2, 1]), &[2, 0], &[]);
}

#[test]
fn split_by_version() {
    let x = count(&[3]);
    let sizes = |opset, attrs: &str, inputs: &[In]| -> Vec<Vec<f32>> {
        results(opset, "Split", attrs, inputs, 2).unwrap().iter().map(Tensor::to_f32s).collect()
    };
    let expected = [vec![0.0], vec![1.0, 2.0]];
    assert_eq!(sizes(7, "split = [1, 2]", &[x.clone()]), expected);
    assert_eq!(sizes(13, "", &[x.clone(), ints(&[1, 2])]), expected);
    assert_eq!(sizes(18, "num_outputs = 2", &[x]), [vec![0.0, 1.0], vec![2.0]]);
}

#[test]
fn pad_by_version() {
    let x = count(&[3]);
    check(7, "Pad", "pads = [1, -1], value = 9.0 : f32", &[x.clone()], &[3], &[9.0, 0.0, 1.0]);
    check(11, "Pad", "", &[x.clone(), ints(&[1, 1]), scalar(9.0)], &[5], &[9.0, 0.0, 1.0, 2.0, 9.0]);
    check(11, "Pad", "mode = \"reflect\"", &[x.clone(), ints(&[2, 1])], &[6], &[2.0, 1.0, 0.0, 1.0, 2.0, 1.0]);
    check(11, "Pad", "mode = \"edge\"", &[x.clone(), ints(&[1, 2])], &[6], &[0.0, 0.0, 1.0, 2.0, 2.0, 2.0]);
    check(19, "Pad", "mode = \"wrap\"", &[x.clone(), ints(&[1, 1])], &[5], &[2.0, 0.0, 1.0, 2.0, 0.0]);
    let on_last = [count(&[1, 2]), ints(&[1, 0]), In::None, ints(&[-1])];
    check(18, "Pad", "", &on_last, &[1, 3], &[0.0, 0.0, 1.0]);
}

#[test]
fn gather_takes_runs() {
    let x = count(&[3, 2]);
    let at = |v: &[i64]| ints(v);
    check(7, "Gather", "", &[x.clone(), at(&[2, 1, 0])], &[3, 2], &[4.0, 5.0, 2.0, 3.0, 0.0, 1.0]);
    check(11, "Gather", "axis = 1", &[x.clone(), at(&[-1])], &[3, 1], &[1.0, 3.0, 5.0]);
    let one = In::Const(Tensor::i64(&[], &[1]), "");
    check(7, "Gather", "", &[x.clone(), one], &[2], &[2.0, 3.0]);
    insta::assert_snapshot!(error(7, "Gather", "", &[x, at(&[3])]), @"legalize: onnx.Gather 'node': index 3 is out of range for dim 0 of [3, 2]");
}

#[test]
fn constants() {
    check(7, "Constant", "value_floats = [1.0 : f32, 2.0 : f32]", &[], &[2], &[1.0, 2.0]);
    check_ints(12, "Constant", "value_int = 3", &[], Elem::I64, &[3]);
    check_ints(9, "ConstantOfShape", "value = dense<7> : tensor<1xi32>", &[ints(&[2])], Elem::I32, &[7, 7]);
    check(9, "ConstantOfShape", "", &[ints(&[2])], &[2], &[0.0, 0.0]);
    let n = |v: i64| In::Const(Tensor::i64(&[], &[v]), "");
    check_ints(11, "Range", "", &[n(5), n(0), n(-2)], Elem::I64, &[5, 3, 1]);
    let y = results(12, "Dropout", "", &[count(&[2])], 2).unwrap();
    assert_eq!((y[0].to_f32s(), y[1].to_i64s()), (vec![0.0, 1.0], vec![1, 1]));
}

#[test]
fn claims_beyond_memory_are_errors() {
    let huge = ints(&[1 << 20, 1 << 20]);
    insta::assert_snapshot!(error(9, "ConstantOfShape", "", std::slice::from_ref(&huge)), @"legalize: onnx.ConstantOfShape 'node': the shape [1048576, 1048576] is negative or has 2^31 elements or more");
    insta::assert_snapshot!(error(8, "Expand", "", &[count(&[1]), huge]), @"legalize: onnx.Expand 'node': the shape [1048576, 1048576] is negative or has 2^31 elements or more");
    insta::assert_snapshot!(error(7, "Tile", "", &[count(&[2]), ints(&[i64::MAX])]), @"legalize: onnx.Tile 'node': the shape [9223372036854775807, 2] is negative or has 2^31 elements or more");
    insta::assert_snapshot!(error(7, "Reshape", "", &[count(&[2]), ints(&[-1, i64::MAX, 4])]), @"legalize: onnx.Reshape 'node': the shape [9223372036854775807, 4] is negative or has 2^31 elements or more");
    insta::assert_snapshot!(error(7, "Pad", "pads = [0, 9223372036854775807]", &[count(&[2])]), @"legalize: onnx.Pad 'node': pads [0, 9223372036854775807] should be 2 numbers, each less than 2^31");
    insta::assert_snapshot!(error(7, "MaxPool", "kernel_shape = [4611686018427387904]", &[count(&[1, 1, 4])]), @"legalize: onnx.MaxPool 'node': the kernel is [4611686018427387904], but needs 1 entries of at least 1 and less than 2^30");
}
