//! Kernels that read at positions which depend on data.

use crate::lower::check::lowers;

/// A kernel that picks from `%t` at the row that `%i` says; `row` and `column` are the loop dims of the result.
fn picked(table: [i64; 2], result: [i64; 2], rows: &str, body: &str) -> String {
    let ([n, m], [p, q]) = (table, result);
    format!(
        "func.func @main(%t: tensor<{n}x{m}xf32>, %i: tensor<{p}xi64>, %b: tensor<{q}xf32>) -> tensor<{p}x{q}xf32> {{
           %0 = func.call @k(%t, %i, %b) : (tensor<{n}x{m}xf32>, tensor<{p}xi64>, tensor<{q}xf32>) -> tensor<{p}x{q}xf32>
           return %0 : tensor<{p}x{q}xf32>
         }}
         func.func private @k(%t: tensor<{n}x{m}xf32>, %i: tensor<{p}xi64>, %b: tensor<{q}xf32>) -> tensor<{p}x{q}xf32> {{
           %e = tensor.empty() : tensor<{p}x{q}xf32>
           %0 = linalg.generic {{indexing_maps = [affine_map<(d0, d1) -> ({rows})>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>],
             iterator_types = [\"parallel\", \"parallel\"]}} ins(%i, %b : tensor<{p}xi64>, tensor<{q}xf32>) outs(%e : tensor<{p}x{q}xf32>) {{
           ^bb0(%a: i64, %c: f32, %o: f32):
             %row = linalg.index 0 : index
             %column = linalg.index 1 : index
             %zero = arith.constant 0 : index
             %top = arith.constant {} : index
             %k = arith.index_cast %a : i64 to index
             %l = arith.minsi %k, %top : index
             %at = arith.maxsi %l, %zero : index
             {body}
             %s = arith.addf %v, %c : f32
             linalg.yield %s : f32
           }} -> tensor<{p}x{q}xf32>
           return %0 : tensor<{p}x{q}xf32>
         }}",
        n - 1
    )
}

#[test]
fn rows_are_copied_as_vectors_and_their_place_is_computed_once() {
    insta::assert_snapshot!(lowers(&picked(
        [9, 50],
        [3, 50],
        "d0",
        "%v = tensor.extract %t[%at, %column] : tensor<9x50xf32>"
    )));
}

#[test]
fn single_elements_are_picked_one_by_one() {
    lowers(
        &picked([7, 5], [7, 5], "d0", "%v = tensor.extract %t[%row, %at] : tensor<7x5xf32>")
            .replace("constant 6", "constant 4"),
    );
    lowers(&picked([6, 6], [6, 6], "d1", "%v = tensor.extract %t[%column, %at] : tensor<6x6xf32>"));
}
