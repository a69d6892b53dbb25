//! Pooling.

use super::tensor;
use crate::lower::check::lowers;

/// A pooling kernel with a ReLU behind it.
fn pool(op: &str, x: &[i64], y: &[i64], attrs: &str) -> String {
    let (x, y) = (tensor(x), tensor(y));
    let map = "affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>";
    format!(
        "func.func @main(%x: {x}) -> {y} {{
           %0 = func.call @k(%x) : ({x}) -> {y}
           return %0 : {y}
         }}
         func.func private @k(%x: {x}) -> {y} {{
           %0 = \"nn.{op}\"(%x) {{{attrs}}} : ({x}) -> {y}
           %e = tensor.empty() : {y}
           %1 = linalg.generic {{indexing_maps = [{map}, {map}], iterator_types = [\"parallel\", \"parallel\", \"parallel\", \"parallel\"]}}
             ins(%0 : {y}) outs(%e : {y}) {{
           ^bb0(%a: f32, %o: f32):
             %z = arith.constant 0.0 : f32
             %s = arith.maximumf %a, %z : f32
             linalg.yield %s : f32
           }} -> {y}
           return %1 : {y}
         }}"
    )
}

#[test]
fn a_max_pool_tells_its_edges_apart() {
    let attrs = "kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>";
    insta::assert_snapshot!(lowers(&pool("max_pool2d", &[1, 8, 6, 4], &[1, 4, 3, 4], attrs)));
}

#[test]
fn pools_of_many_shapes() {
    for c in [1, 3, 4, 6, 17, 23] {
        for (op, extra) in [
            ("max_pool2d", ""),
            ("avg_pool2d", ", count_pad = array<i64: 0, 0, 0, 0>"),
            ("avg_pool2d", ", count_pad = array<i64: 1, 1, 1, 1>"),
        ] {
            let attrs = |k: [i64; 2], s: [i64; 2], d: i64, p: [i64; 4]| {
                format!(
                    "kernel = array<i64: {}, {}>, strides = array<i64: {}, {}>, dilations = array<i64: {d}, {d}>, pads = array<i64: {}, {}, {}, {}>{extra}",
                    k[0], k[1], s[0], s[1], p[0], p[1], p[2], p[3]
                )
            };
            for (n, h, w) in [(1, 7, 9), (3, 5, 4)] {
                for (k, s, d, p) in [
                    ([2, 2], [2, 2], 1, [0, 0, 1, 1]),
                    ([3, 3], [1, 2], 1, [1, 1, 1, 1]),
                    ([3, 2], [1, 1], 2, [2, 1, 2, 1]),
                    ([5, 6], [3, 1], 1, [2, 3, 2, 2]),
                ] {
                    let out = |n: i64, i: usize| (n + p[i] + p[i + 2] - d * (k[i] - 1) - 1) / s[i] + 1;
                    lowers(&pool(op, &[n, h, w, c], &[n, out(h, 0), out(w, 1), c], &attrs(k, s, d, p)));
                }
            }
        }
    }
}
