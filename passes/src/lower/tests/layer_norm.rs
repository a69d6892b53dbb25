//! Normalisation of rows.

use super::{rooted, tensor};
use crate::lower::check::lowers;

fn layer_norm(r: i64, n: i64, centred: bool, tail: bool) -> String {
    let t = tensor(&[r, n]);
    let map = "affine_map<(d0, d1) -> (d0, d1)>";
    let norm = |name: &str| {
        let centred = i64::from(centred);
        format!("{name} = \"nn.layer_norm\"(%n) {{epsilon = 1.0e-5 : f32, centred = {centred} : i64}} : ({t}) -> {t}")
    };
    let root = if tail {
        format!(
            "{}
             %e2 = tensor.empty() : {t}
             %r = linalg.generic {{indexing_maps = [{map}, affine_map<(d0, d1) -> (d1)>, {map}],
                 iterator_types = [\"parallel\", \"parallel\"]}} ins(%0, %y0 : {t}, tensor<{n}xf32>) outs(%e2 : {t}) {{
             ^bb0(%a: f32, %c: f32, %o: f32):
               %s = arith.mulf %a, %c : f32
               linalg.yield %s : f32
             }} -> {t}",
            norm("%0")
        )
    } else {
        norm("%r")
    };
    let scale = [n];
    let others: &[&[i64]] = if tail { &[&scale] } else { &[] };
    rooted(&[r, n], others, &[r, n], &root)
}

#[test]
fn a_row_is_swept_three_times_with_its_scale_behind() {
    insta::assert_snapshot!(lowers(&layer_norm(2, 10, true, true)));
}

#[test]
fn rows_of_many_lengths() {
    for n in [2, 3, 4, 5, 8, 13, 16, 19, 35, 384] {
        for centred in [true, false] {
            lowers(&layer_norm(3, n, centred, false));
            lowers(&layer_norm(3, n, centred, true));
        }
    }
}
