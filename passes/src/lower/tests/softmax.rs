//! Softmax.

use super::{rooted, tensor};
use crate::lower::check::lowers;

fn softmax(r: i64, n: i64, tail: bool) -> String {
    let t = tensor(&[r, n]);
    let map = "affine_map<(d0, d1) -> (d0, d1)>";
    let root = if tail {
        format!(
            "%0 = \"nn.softmax\"(%n) : ({t}) -> {t}
             %e2 = tensor.empty() : {t}
             %r = linalg.generic {{indexing_maps = [{map}, {map}, {map}], iterator_types = [\"parallel\", \"parallel\"]}}
               ins(%0, %x : {t}, {t}) outs(%e2 : {t}) {{
             ^bb0(%a: f32, %c: f32, %o: f32):
               %s = arith.addf %a, %c : f32
               linalg.yield %s : f32
             }} -> {t}"
        )
    } else {
        format!("%r = \"nn.softmax\"(%n) : ({t}) -> {t}")
    };
    rooted(&[r, n], &[], &[r, n], &root)
}

#[test]
fn a_softmax_row_is_swept_three_times() {
    insta::assert_snapshot!(lowers(&softmax(2, 9, false)));
}

#[test]
fn softmax_of_many_shapes() {
    for n in [1, 2, 3, 4, 5, 8, 13, 16, 19, 35, 128] {
        lowers(&softmax(3, n, false));
        lowers(&softmax(3, n, true));
    }
}
