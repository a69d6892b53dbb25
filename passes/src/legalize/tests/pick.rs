//! Positions that depend on data.

use super::{In, check, count, f, of, results};
use weft_dialects::ir::{Elem, Tensor};

fn at(values: &[i64]) -> In {
    In::Data(of(Elem::I64, values))
}

fn matrix(shape: &[i64], values: &[i64]) -> In {
    In::Data(Tensor::i64(shape, values))
}

#[test]
fn gather_picks_rows_and_columns() {
    check(13, "Gather", "axis = 0 : i64", &[count(&[3, 2]), at(&[2, -3, 1])], &[3, 2], &[4., 5., 0., 1., 2., 3.]);
    check(13, "Gather", "axis = 1 : i64", &[count(&[2, 3]), at(&[-1])], &[2, 1], &[2., 5.]);
    check(13, "Gather", "axis = -1 : i64", &[count(&[2, 3]), matrix(&[], &[1])], &[2], &[1., 4.]);
    let narrow = In::Data(of(Elem::I32, &[1, 0]));
    check(11, "Gather", "", &[count(&[2, 2]), narrow], &[2, 2], &[2., 3., 0., 1.]);
    // What is out of range never leaves the tensor.
    check(13, "Gather", "", &[count(&[3]), at(&[7, -9])], &[2], &[2., 0.]);
    // Many indices without order.
    let many: Vec<i64> = (0..200).map(|i| i * i % 7).collect();
    let expected: Vec<f32> = many.iter().map(|&i| i as f32).collect();
    check(13, "Gather", "", &[count(&[7]), super::ints(&many)], &[200], &expected);
}

#[test]
fn gather_from_nothing_is_refused() {
    let e = results(13, "Gather", "", &[f(&[0, 2], &[]), at(&[0])], 1).unwrap_err();
    assert!(e.contains("nothing to pick from"), "{e}");
    check(13, "Gather", "", &[count(&[3]), at(&[])], &[0], &[]);
}

#[test]
fn gather_elements_reads_along_one_dim() {
    let index = matrix(&[1, 3], &[1, -1, 0]);
    check(13, "GatherElements", "axis = 0 : i64", &[count(&[2, 3]), index], &[1, 3], &[3., 4., 2.]);
    let index = matrix(&[2, 2], &[2, 0, -3, 1]);
    check(13, "GatherElements", "axis = 1 : i64", &[count(&[2, 3]), index], &[2, 2], &[2., 0., 3., 4.]);
    let wide = matrix(&[3, 1], &[0, 0, 0]);
    assert!(
        results(13, "GatherElements", "axis = 1 : i64", &[count(&[2, 3]), wide], 1).unwrap_err().contains("don't fit")
    );
}

#[test]
fn gather_nd_reads_at_tuples() {
    let x = count(&[2, 2, 2]);
    check(13, "GatherND", "", &[x.clone(), matrix(&[2, 3], &[0, 1, 1, -1, 0, 0])], &[2], &[3., 4.]);
    check(
        13,
        "GatherND",
        "",
        &[x.clone(), matrix(&[1, 2, 1], &[1, 0])],
        &[1, 2, 2, 2],
        &[4., 5., 6., 7., 0., 1., 2., 3.],
    );
    check(13, "GatherND", "batch_dims = 1 : i64", &[x.clone(), matrix(&[2, 1], &[1, 0])], &[2, 2], &[2., 3., 4., 5.]);
    assert!(results(13, "GatherND", "", &[x, matrix(&[1, 4], &[0; 4])], 1).unwrap_err().contains("don't fit"));
}

fn declared(shape: &str) -> String {
    format!("weft.declared = [array<i64: {shape}>]")
}

#[test]
fn axes_of_reductions_may_be_data() {
    let x = count(&[2, 2, 3]);
    // The declared shape leaves one set of dims.
    check(18, "ReduceMax", &declared("2, 2, 1"), &[x.clone(), at(&[-1])], &[2, 2, 1], &[2., 5., 8., 11.]);
    check(18, "ReduceMax", &declared("1, 1, 1"), &[x.clone(), at(&[0, 2, 1])], &[1, 1, 1], &[11.]);
    // Without keepdims either of two dims would do: the data says which.
    let attrs = format!("{}, keepdims = 0 : i64", declared("2, 3"));
    check(13, "ReduceSum", &attrs, &[x.clone(), at(&[1])], &[2, 3], &[3., 5., 7., 15., 17., 19.]);
    check(13, "ReduceSum", &attrs, &[x.clone(), at(&[-3])], &[2, 3], &[6., 8., 10., 12., 14., 16.]);
    let e = results(18, "ReduceMax", "", &[x.clone(), at(&[1])], 1).unwrap_err();
    assert!(e.contains("declares no shape"), "{e}");
    let e = results(18, "ReduceMax", &declared("2, 2, 2"), &[x, at(&[1])], 1).unwrap_err();
    assert!(e.contains("can be reduced"), "{e}");
}

#[test]
fn shapes_that_are_data_are_taken_as_declared() {
    let x = count(&[2, 3]);
    check(13, "Reshape", &declared("3, 2"), &[x.clone(), at(&[3, -1])], &[3, 2], &[0., 1., 2., 3., 4., 5.]);
    check(
        13,
        "Tile",
        &declared("2, 6"),
        &[x.clone(), at(&[1, 2])],
        &[2, 6],
        &[0., 1., 2., 0., 1., 2., 3., 4., 5., 3., 4., 5.],
    );
    check(
        13,
        "Expand",
        &declared("2, 2, 3"),
        &[x.clone(), at(&[2, 1, 1])],
        &[2, 2, 3],
        &[0., 1., 2., 3., 4., 5., 0., 1., 2., 3., 4., 5.],
    );
    check(13, "Unsqueeze", &declared("2, 1, 3"), &[x.clone(), at(&[1])], &[2, 1, 3], &[0., 1., 2., 3., 4., 5.]);
    assert!(
        results(13, "Reshape", &declared("3, 3"), &[x.clone(), at(&[3, 3])], 1).unwrap_err().contains("can't become")
    );
    assert!(results(13, "Tile", &declared("2, 5"), &[x, at(&[1, 2])], 1).unwrap_err().contains("no multiple"));
    let scalar = |v: f32| f(&[], &[v]);
    check(11, "Range", &declared("3"), &[scalar(1.0), scalar(2.4), scalar(0.5)], &[3], &[1.0, 1.5, 2.0]);
}

#[test]
fn boxes_by_data() {
    let x = count(&[3, 4]);
    let part = |shape: &str, inputs: &[&[i64]], to: &[i64], values: &[f32]| {
        let inputs: Vec<In> = [x.clone()].into_iter().chain(inputs.iter().map(|v| at(v))).collect();
        check(13, "Slice", &declared(shape), &inputs, to, values);
    };
    part("2, 2", &[&[1, -2], &[3, i64::MAX]], &[2, 2], &[6., 7., 10., 11.]);
    part("3, 2", &[&[-1], &[i64::MIN], &[-1], &[-2]], &[3, 2], &[3., 1., 7., 5., 11., 9.]);
    part("1, 4", &[&[100, 0], &[0, 4], &[0, 1], &[-3, 1]], &[1, 4], &[8., 9., 10., 11.]);
    let pads = |mode: &str, inputs: &[In], to: &[i64], values: &[f32]| {
        let inputs: Vec<In> = [f(&[3], &[1., 2., 3.])].into_iter().chain(inputs.iter().cloned()).collect();
        let shape = to[0].to_string();
        check(19, "Pad", &format!("{}, mode = \"{mode}\"", declared(&shape)), &inputs, to, values);
    };
    pads("constant", &[at(&[1, 1]), f(&[], &[9.])], &[5], &[9., 1., 2., 3., 9.]);
    pads("constant", &[at(&[-1, 2])], &[4], &[2., 3., 0., 0.]);
    pads("reflect", &[at(&[2, 2])], &[7], &[3., 2., 1., 2., 3., 2., 1.]);
    pads("edge", &[at(&[1, 2]), In::None, at(&[-1])], &[6], &[1., 1., 2., 3., 3., 3.]);
    pads("wrap", &[at(&[1, 2])], &[6], &[3., 1., 2., 3., 1., 2.]);
    // A value that is data needs no declared shape.
    check(13, "Pad", "", &[f(&[2], &[1., 2.]), super::ints(&[1, 0]), f(&[1], &[7.])], &[3], &[7., 1., 2.]);
    let attrs = "weft.declared = [array<i64: 1, 4>, array<i64: 2, 4>]";
    let parts = results(13, "Split", attrs, &[x, at(&[1, 2])], 2).unwrap();
    assert_eq!(parts[1].to_f32s(), [4., 5., 6., 7., 8., 9., 10., 11.]);
}

#[test]
fn extremes_are_found() {
    let x = f(&[2, 3], &[1., 5., 5., 2., 0., 0.]);
    check(13, "ArgMax", "axis = 1 : i64", &[x.clone()], &[2, 1], &[1., 0.]);
    check(
        13,
        "ArgMax",
        "axis = 1 : i64, select_last_index = 1 : i64, keepdims = 0 : i64",
        &[x.clone()],
        &[2],
        &[2., 0.],
    );
    check(13, "ArgMin", "axis = 0 : i64, keepdims = 0 : i64", &[x.clone()], &[3], &[0., 1., 1.]);
    check(13, "Hardmax", "", &[x], &[2, 3], &[0., 1., 0., 1., 0., 0.]);
    check(13, "ArgMax", "", &[f(&[3], &[1., f32::NAN, 5.])], &[1], &[1.]);
}

#[test]
fn rows_are_scattered() {
    let x = || count(&[2, 3]);
    let add = "reduction = \"add\"";
    check(
        16,
        "ScatterElements",
        "axis = 1 : i64",
        &[x(), matrix(&[1, 2], &[2, -3]), f(&[1, 2], &[8., 9.])],
        &[2, 3],
        &[9., 1., 8., 3., 4., 5.],
    );
    check(
        16,
        "ScatterElements",
        add,
        &[x(), matrix(&[2, 1], &[1, 1]), f(&[2, 1], &[8., 9.])],
        &[2, 3],
        &[0., 1., 2., 20., 4., 5.],
    );
    check(
        16,
        "ScatterND",
        "",
        &[x(), matrix(&[1, 1], &[-1]), f(&[1, 3], &[7., 8., 9.])],
        &[2, 3],
        &[0., 1., 2., 7., 8., 9.],
    );
    check(
        16,
        "ScatterND",
        add,
        &[x(), matrix(&[2, 2], &[0, 1, 0, 1]), f(&[2], &[1., 2.])],
        &[2, 3],
        &[0., 4., 2., 3., 4., 5.],
    );
    assert!(
        results(16, "ScatterND", "", &[x(), matrix(&[1, 3], &[0; 3]), f(&[1], &[0.])], 1)
            .unwrap_err()
            .contains("don't fit")
    );
}

#[test]
fn order_of_elements() {
    let top = results(11, "TopK", "axis = 0 : i64", &[f(&[4], &[3., 9., 3., 1.]), super::ints(&[3])], 2).unwrap();
    assert_eq!((top[0].to_f32s(), top[1].to_i64s()), (vec![9., 3., 3.], vec![1, 0, 2]));
    let scalar = |v: i64| In::Const(Tensor::i64(&[], &[v]), "");
    check(14, "CumSum", "exclusive = 1 : i64", &[count(&[2, 3]), scalar(1)], &[2, 3], &[0., 0., 1., 0., 3., 7.]);
    check(14, "CumSum", "reverse = 1 : i64", &[count(&[2, 2]), matrix(&[], &[-2])], &[2, 2], &[2., 4., 2., 3.]);
    check(13, "NonZero", &declared("2, 3"), &[f(&[2, 2], &[1., 0., 2., 3.])], &[2, 3], &[0., 1., 1., 0., 0., 1.]);
    let mask = In::Data(of(Elem::I1, &[0, 1, 1]));
    check(
        11,
        "Compress",
        &format!("axis = 1 : i64, {}", declared("2, 2")),
        &[count(&[2, 3]), mask],
        &[2, 2],
        &[1., 2., 4., 5.],
    );
}

#[test]
fn positions_compared_with_data() {
    let onehot = |axis: &str, to: &[i64], values: &[f32]| {
        let inputs = [at(&[1, -1]), In::Const(Tensor::i64(&[], &[3]), ""), f(&[2], &[2., 5.])];
        check(11, "OneHot", axis, &inputs, to, values);
    };
    onehot("", &[2, 3], &[2., 5., 2., 2., 2., 5.]);
    onehot("axis = 0 : i64", &[3, 2], &[2., 2., 5., 2., 2., 5.]);
    check(14, "Trilu", "", &[count(&[2, 3]), matrix(&[], &[1])], &[2, 3], &[0., 1., 2., 0., 0., 5.]);
    check(14, "Trilu", "upper = 0 : i64", &[count(&[2, 3])], &[2, 3], &[0., 0., 0., 3., 4., 0.]);
    check(10, "ReverseSequence", "", &[count(&[3, 2]), at(&[3, 2])], &[3, 2], &[4., 3., 2., 1., 0., 5.]);
    check(9, "EyeLike", "k = 1 : i64", &[count(&[2, 3])], &[2, 3], &[0., 1., 0., 0., 0., 1.]);
    let grid = f(&[1, 1, 2, 2], &[-1., -1., 0., 0.]);
    let image = count(&[1, 1, 2, 2]);
    check(20, "GridSample", "align_corners = 1 : i64", &[image.clone(), grid.clone()], &[1, 1, 1, 2], &[0., 1.5]);
    check(16, "GridSample", "mode = \"nearest\", padding_mode = \"border\"", &[image, grid], &[1, 1, 1, 2], &[0., 0.]);
}
