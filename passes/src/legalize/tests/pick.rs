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
