//! Reductions.

use super::tensor;
use crate::lower::check::{lowers, lowers_to_grid};

/// A kernel that reduces dims of `shape` after squaring, then scales and adds a bias of the result's shape.
fn reduction(shape: &[i64], reduced: &[usize], init: &str, combine: &str) -> String {
    let kept: Vec<usize> = (0..shape.len()).filter(|d| !reduced.contains(d)).collect();
    let out = tensor(&kept.iter().map(|&d| shape[d]).collect::<Vec<_>>());
    let x = tensor(shape);
    let names = |dims: &[usize]| dims.iter().map(|d| format!("d{d}")).collect::<Vec<_>>().join(", ");
    let all = names(&(0..shape.len()).collect::<Vec<_>>());
    let to = names(&kept);
    let own = names(&(0..kept.len()).collect::<Vec<_>>());
    let kinds: Vec<_> =
        (0..shape.len()).map(|d| if reduced.contains(&d) { "\"reduction\"" } else { "\"parallel\"" }).collect();
    let (kinds, parallel) = (kinds.join(", "), vec!["\"parallel\""; kept.len()].join(", "));
    format!(
        "func.func @main(%x: {x}, %c: {out}) -> {out} {{
           %0 = func.call @k(%x, %c) : ({x}, {out}) -> {out}
           return %0 : {out}
         }}
         func.func private @k(%x: {x}, %c: {out}) -> {out} {{
           %ex = tensor.empty() : {x}
           %sq = linalg.generic {{indexing_maps = [affine_map<({all}) -> ({all})>, affine_map<({all}) -> ({all})>], iterator_types = [{all_parallel}]}}
             ins(%x : {x}) outs(%ex : {x}) {{
           ^bb0(%a: f32, %o: f32):
             %s = arith.mulf %a, %a : f32
             linalg.yield %s : f32
           }} -> {x}
           %z = arith.constant dense<{init}> : {out}
           %0 = linalg.generic {{indexing_maps = [affine_map<({all}) -> ({all})>, affine_map<({all}) -> ({to})>], iterator_types = [{kinds}]}}
             ins(%sq : {x}) outs(%z : {out}) {{
           ^bb0(%a: f32, %o: f32):
             {combine}
             linalg.yield %s : f32
           }} -> {out}
           %e = tensor.empty() : {out}
           %1 = linalg.generic {{indexing_maps = [affine_map<({own}) -> ({own})>, affine_map<({own}) -> ({own})>, affine_map<({own}) -> ({own})>], iterator_types = [{parallel}]}}
             ins(%0, %c : {out}, {out}) outs(%e : {out}) {{
           ^bb0(%a: f32, %b: f32, %o: f32):
             %k = arith.constant 2.500000e-01 : f32
             %m = arith.mulf %a, %k : f32
             %s = arith.addf %m, %b : f32
             linalg.yield %s : f32
           }} -> {out}
           return %1 : {out}
         }}",
        all_parallel = vec!["\"parallel\""; shape.len()].join(", "),
    )
}

const SUM: &str = "%s = arith.addf %a, %o : f32";
const MAX: &str = "%g = arith.cmpf olt, %o, %a : f32 %s = arith.select %g, %a, %o : f32";

#[test]
fn a_global_average_pool_keeps_channels_in_vectors() {
    insta::assert_snapshot!(lowers(&reduction(&[1, 7, 7, 24], &[1, 2], "0.0", SUM)));
}

#[test]
fn a_row_is_reduced_by_several_accumulators_and_shuffles() {
    insta::assert_snapshot!(lowers(&reduction(&[5, 35], &[1], "-1.5", MAX)));
}

#[test]
fn reductions_of_many_shapes() {
    for (init, combine) in
        [("0.0", SUM), ("0.5", SUM), ("0xFF800000", MAX), ("1.0", "%s = arith.minimumf %o, %a : f32")]
    {
        for n in [1, 2, 3, 4, 6, 9, 17, 37] {
            for (shape, reduced) in [
                (vec![n], vec![0]),
                (vec![3, n], vec![1]),
                (vec![3, n], vec![0]),
                (vec![n, 3], vec![0, 1]),
                (vec![2, n, 5], vec![1]),
                (vec![2, 5, n], vec![0, 2]),
                (vec![2, n, 3, 5], vec![1, 3]),
                (vec![1, 3, 3, n], vec![1, 2]),
            ] {
                lowers(&reduction(&shape, &reduced, init, combine));
            }
        }
    }
}

#[test]
fn a_sum_of_nothing_is_its_initial_value() {
    for (shape, reduced) in [(vec![0], vec![0]), (vec![3, 0], vec![1]), (vec![0, 9], vec![0]), (vec![2, 0, 9], vec![1])]
    {
        lowers(&reduction(&shape, &reduced, "0.5", SUM));
    }
}

#[test]
fn a_grid_shares_a_row() {
    insta::assert_snapshot!(lowers_to_grid(&reduction(&[3, 64], &[1], "0.0", SUM)));
}

#[test]
fn a_grid_shares_columns() {
    insta::assert_snapshot!(lowers_to_grid(&reduction(&[1, 7, 7, 24], &[1, 2], "0.0", SUM)));
}

#[test]
fn grids_of_many_shapes() {
    for n in [1, 3, 5, 63, 65, 257, 1028] {
        for (init, combine) in [("0.0", SUM), ("-1.0e30", MAX)] {
            lowers_to_grid(&reduction(&[3, n], &[1], init, combine));
            lowers_to_grid(&reduction(&[n, 3], &[0], init, combine));
            lowers_to_grid(&reduction(&[n], &[0], init, combine));
        }
    }
    lowers_to_grid(&reduction(&[5, 67, 8], &[1], "0.0", SUM));
    lowers_to_grid(&reduction(&[2, 9, 3, 20], &[1, 3], "0.0", SUM));
}
