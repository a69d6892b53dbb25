//! Products whose left side and result are transposed by their kernel.

use super::tensor;
use crate::lower::check::lowers;

/// A kernel of `x` by `read`, times packed `w`, by `write`: both map from the dims (batch, row, K or column) to the dims of
/// the buffers.
fn product([batch, m, k, n]: [i64; 4], read: [usize; 3], write: [usize; 3]) -> String {
    let pick = |dims: [i64; 3], order: [usize; 3]| tensor(&order.map(|d| dims[d]));
    let (x, a) = (pick([batch, m, k], read), pick([batch, m, k], [0, 1, 2]));
    let (y, r) = (pick([batch, m, n], [0, 1, 2]), pick([batch, m, n], write));
    let w = tensor(&[batch, (n + 7) / 8, k, 8]);
    let map = |order: [usize; 3]| format!("affine_map<(d0, d1, d2) -> (d{}, d{}, d{})>", order[0], order[1], order[2]);
    let mut inverse = [0; 3];
    for (i, d) in write.into_iter().enumerate() {
        inverse[d] = i;
    }
    let transpose = |name: &str, from: &str, map: &str, input: &str, output: &str| {
        format!(
            "%e{input} = tensor.empty() : {output}
             %{name} = linalg.generic {{indexing_maps = [{map}, affine_map<(d0, d1, d2) -> (d0, d1, d2)>],
                 iterator_types = [\"parallel\", \"parallel\", \"parallel\"]}} ins(%{input} : {from}) outs(%e{input} : {output}) {{
             ^bb0(%p: f32, %q: f32):
               linalg.yield %p : f32
             }} -> {output}"
        )
    };
    format!(
        "func.func @main(%x: {x}, %w: {w}) -> {r} {{
           %0 = func.call @k(%x, %w) : ({x}, {w}) -> {r}
           return %0 : {r}
         }}
         func.func private @k(%x: {x}, %w: {w}) -> {r} {{
           {}
           %y = \"nn.matmul\"(%a, %w) {{columns = {n} : i64, panel = 8 : i64}} : ({a}, {w}) -> {y}
           {}
           return %r : {r}
         }}",
        transpose("a", &x, &map(read), "x", &a),
        transpose("r", &y, &map(inverse), "y", &r),
    )
}

#[test]
fn heads_are_a_stride_of_the_left_side_and_of_the_result() {
    // x is M x B x K and the result M x B x N, as attention has them.
    insta::assert_snapshot!(lowers(&product([2, 3, 4, 8], [1, 0, 2], [1, 0, 2])));
}

#[test]
fn transposed_products_of_many_shapes() {
    for [m, n] in [[1, 1], [5, 8], [7, 12], [13, 19]] {
        for read in [[0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 0, 1]] {
            lowers(&product([3, m, 5, n], read, [1, 0, 2]));
            lowers(&product([3, m, 6, n], read, [0, 1, 2]));
        }
    }
}
