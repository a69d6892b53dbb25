//! Winograd's algorithm.

use super::tensor;
use crate::lower::check::lowers_to_vectors;
use weft_dialects::nn::winograd::{F2, F4, Winograd};
use weft_dialects::nn::winograd_conv2d::Extents;

/// Weights that are prepared, and a convolution with a residual and a ReLU behind it.
fn conv(winograd: &Winograd, images: i64, output: [i64; 2], c: i64, m: i64, block: [i64; 2]) -> String {
    let tile = winograd.tile;
    let tiles = output.map(|n| (n + tile - 1) / tile);
    let e = Extents { images, c, m, panel: 8, output, tiles, block };
    let (x, y) =
        (tensor(&[images, tiles[0] * tile + 2, tiles[1] * tile + 2, c]), tensor(&[images, output[0], output[1], m]));
    let (w, u) = (tensor(&[1, e.panels(), 9 * c, 8]), tensor(&[winograd.planes(), e.panels(), c, 8]));
    let s = tensor(&[e.scratch(winograd)]);
    let map = "affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>";
    format!(
        "func.func @main(%x: {x}, %w: {w}, %r: {y}) -> {y} {{
           %s = tensor.empty() : {s}
           %u = func.call @weights(%w) : ({w}) -> {u}
           %0 = func.call @k(%x, %u, %s, %r) : ({x}, {u}, {s}, {y}) -> {y}
           return %0 : {y}
         }}
         func.func private @weights(%w: {w}) -> {u} {{
           %0 = \"nn.winograd_weights\"(%w) {{tile = {tile} : i64}} : ({w}) -> {u}
           return %0 : {u}
         }}
         func.func private @k(%x: {x}, %u: {u}, %s: {s}, %r: {y}) -> {y} {{
           %0 = \"nn.winograd_conv2d\"(%x, %u, %s) {{tile = {tile} : i64, output = array<i64: {}, {}>, channels = {m} : i64,
             block = array<i64: {}, {}>}} : ({x}, {u}, {s}) -> {y}
           %e = tensor.empty() : {y}
           %1 = linalg.generic {{indexing_maps = [{map}, {map}, {map}], iterator_types = [\"parallel\", \"parallel\", \"parallel\", \"parallel\"]}}
             ins(%0, %r : {y}, {y}) outs(%e : {y}) {{
           ^bb0(%a: f32, %b: f32, %o: f32):
             %z = arith.constant 0.0 : f32
             %t = arith.addf %a, %b : f32
             %v = arith.maximumf %t, %z : f32
             linalg.yield %v : f32
           }} -> {y}
           return %1 : {y}
         }}",
        output[0], output[1], block[0], block[1]
    )
}

#[test]
fn a_tile_is_transformed_multiplied_and_transformed_back() {
    insta::assert_snapshot!(lowers_to_vectors(&conv(&F2, 1, [4, 4], 4, 8, [2, 2])));
}

#[test]
fn edges_and_blocks_of_many_shapes() {
    for winograd in [&F2, &F4] {
        for (images, output, c, m, block) in [
            (1, [8, 8], 4, 8, [1, 2]),
            (1, [7, 9], 8, 12, [2, 3]),
            (2, [5, 6], 4, 4, [1, 1]),
            (1, [1, 3], 12, 8, [1, 1]),
            (3, [10, 13], 4, 20, [2, 2]),
            (1, [9, 4], 4, 8, [3, 9]),
        ] {
            lowers_to_vectors(&conv(winograd, images, output, c, m, block));
        }
    }
}
