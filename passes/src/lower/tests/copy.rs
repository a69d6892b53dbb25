//! Padding, concatenation, slices and packing.

use super::{rooted, tensor};
use crate::lower::check::{lowers, lowers_to_grid};

fn padded(x: &[i64], low: &[i64], high: &[i64]) -> String {
    let y: Vec<i64> = x.iter().zip(low.iter().zip(high)).map(|(n, (l, h))| n + l + h).collect();
    let list = |v: &[i64]| v.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let args = (0..x.len()).map(|i| format!("%i{i}: index")).collect::<Vec<_>>().join(", ");
    let root = format!(
        "%r = tensor.pad %n low[{}] high[{}] {{ ^bb0({args}): %c = arith.constant 2.5 : f32 tensor.yield %c : f32 }} : {} to {}",
        list(low),
        list(high),
        tensor(x),
        tensor(&y)
    );
    rooted(x, &[], &y, &root)
}

#[test]
fn a_pad_is_cut_into_bands_of_rows() {
    insta::assert_snapshot!(lowers(&padded(&[1, 3, 2, 4], &[0, 1, 1, 0], &[0, 0, 1, 0])));
}

#[test]
fn pads_of_many_shapes() {
    for (x, low, high) in [
        (vec![5], vec![2], vec![3]),
        (vec![3, 7], vec![0, 0], vec![0, 0]),
        (vec![3, 7], vec![1, 0], vec![0, 2]),
        (vec![2, 5, 6, 3], vec![0, 1, 1, 0], vec![0, 2, 1, 0]),
        (vec![1, 5, 6, 17], vec![0, 1, 1, 0], vec![0, 1, 2, 1]),
        (vec![2, 3, 4], vec![1, 1, 1], vec![1, 1, 1]),
    ] {
        lowers(&padded(&x, &low, &high));
    }
}

#[test]
fn concatenations_of_many_shapes() {
    for (x, y, dim) in [
        (vec![5], vec![3], 0),
        (vec![3, 5], vec![3, 11], 1),
        (vec![2, 3, 7], vec![2, 1, 7], 1),
        (vec![4, 2, 1], vec![1, 2, 1], 0),
    ] {
        let mut out: Vec<i64> = x.clone();
        out[dim] = 2 * x[dim] + y[dim];
        let (tx, ty) = (tensor(&x), tensor(&y));
        let root = format!("%r = tensor.concat dim({dim}) %n, %y0, %x : ({tx}, {ty}, {tx}) -> {}", tensor(&out));
        lowers(&rooted(&x, &[&y], &out, &root));
    }
}

#[test]
fn slices_of_many_shapes() {
    for (x, slice, y) in [
        (vec![9], "[2] [5] [1]", vec![5]),
        (vec![4, 9], "[1, 1] [3, 4] [1, 2]", vec![3, 4]),
        (vec![4, 9], "[1, 0] [1, 9] [1, 1]", vec![9]),
        (vec![3, 5, 8], "[0, 1, 4] [3, 1, 4] [1, 1, 1]", vec![3, 4]),
    ] {
        let root = format!("%r = tensor.extract_slice %n{slice} : {} to {}", tensor(&x), tensor(&y));
        lowers(&rooted(&x, &[], &y, &root));
    }
    for (x, slice, y) in [
        (vec![5], "[2] [5] [1]", vec![9]),
        (vec![3, 4], "[1, 3] [3, 4] [1, 1]", vec![4, 9]),
        (vec![9], "[1, 0] [1, 9] [1, 1]", vec![4, 9]),
        (vec![3, 4], "[0, 1, 4] [3, 1, 4] [1, 1, 1]", vec![3, 5, 8]),
    ] {
        let root = format!("%r = tensor.insert_slice %n into %y0{slice} : {} into {}", tensor(&x), tensor(&y));
        lowers(&rooted(&x, &[&y], &y, &root));
    }
}

#[test]
fn packed_panels_of_many_shapes() {
    for (b, k, n) in [(1, 5, 8), (1, 3, 20), (2, 9, 7), (3, 8, 16), (1, 4, 1)] {
        let x = [b, k, n];
        let y = [b, (n + 7) / 8, k, 8];
        let root = format!("%r = \"nn.pack\"(%n) {{panel = 8 : i64}} : ({}) -> {}", tensor(&x), tensor(&y));
        lowers(&rooted(&x, &[], &y, &root));
    }
}

#[test]
fn empty_parts_are_left_out() {
    lowers(&padded(&[0, 5], &[1, 0], &[1, 0]));
    let root = format!(
        "%r = tensor.concat dim(1) %n, %y0 : ({}, {}) -> {}",
        tensor(&[3, 0]),
        tensor(&[3, 5]),
        tensor(&[3, 5])
    );
    lowers(&rooted(&[3, 0], &[&[3, 5]], &[3, 5], &root));
}

#[test]
fn a_grid_chooses_where_elements_come_from() {
    let root = format!(
        "%r = tensor.concat dim(1) %n, %y0 : ({}, {}) -> {}",
        tensor(&[3, 4]),
        tensor(&[3, 8]),
        tensor(&[3, 12])
    );
    insta::assert_snapshot!(lowers_to_grid(&rooted(&[3, 4], &[&[3, 8]], &[3, 12], &root)));
}
