//! Products and convolutions of one column.

use super::tensor;
use crate::lower::check::lowers;

/// `root` of operands `x` and `w`, with a tail that adds another tensor.
fn kernel(x: &[i64], w: &[i64], y: &[i64], root: &str) -> String {
    let (x, w, t) = (tensor(x), tensor(w), tensor(y));
    let dims = (0..y.len()).map(|d| format!("d{d}")).collect::<Vec<_>>().join(", ");
    let id = format!("affine_map<({dims}) -> ({dims})>");
    let kinds = vec!["\"parallel\""; y.len()].join(", ");
    format!(
        "func.func @main(%x: {x}, %w: {w}, %r: {t}) -> {t} {{
           %0 = func.call @k(%x, %w, %r) : ({x}, {w}, {t}) -> {t}
           return %0 : {t}
         }}
         func.func private @k(%x: {x}, %w: {w}, %r: {t}) -> {t} {{
           %0 = {root} : ({x}, {w}) -> {t}
           %e = tensor.empty() : {t}
           %1 = linalg.generic {{indexing_maps = [{id}, {id}, {id}], iterator_types = [{kinds}]}}
             ins(%0, %r : {t}, {t}) outs(%e : {t}) {{
           ^bb0(%a: f32, %c: f32, %o: f32):
             %s = arith.addf %a, %c : f32
             linalg.yield %s : f32
           }} -> {t}
           return %1 : {t}
         }}"
    )
}

fn matmul(batch: i64, m: i64, k: i64) -> String {
    kernel(
        &[batch, m, k],
        &[batch, 1, k, 1],
        &[batch, m, 1],
        "\"nn.matmul\"(%x, %w) {columns = 1 : i64, panel = 1 : i64}",
    )
}

fn conv2d([h, w, c]: [i64; 3], [kh, kw]: [i64; 2], [stride, dilation]: [i64; 2]) -> String {
    let out = |n: i64, k: i64| (n - (k - 1) * dilation - 1) / stride + 1;
    let root = format!(
        "\"nn.conv2d\"(%x, %w) {{kernel = array<i64: {kh}, {kw}>, strides = array<i64: {stride}, {stride}>,
           dilations = array<i64: {dilation}, {dilation}>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64,
           channels = 1 : i64, panel = 1 : i64}}"
    );
    kernel(&[1, h, w, c], &[1, 1, kh * kw * c, 1], &[1, out(h, kh), out(w, kw), 1], &root)
}

#[test]
fn rows_share_the_loads_of_a_column() {
    insta::assert_snapshot!(lowers(&matmul(1, 4, 9)));
}

#[test]
fn products_of_many_shapes() {
    for m in [1, 3, 4, 7, 8, 13, 67] {
        for k in [4, 8, 10, 19] {
            lowers(&matmul(1, m, k));
            lowers(&matmul(3, m, k));
        }
    }
}

#[test]
fn convolutions_of_many_shapes() {
    for [w, c] in [[14, 3], [9, 8], [25, 1]] {
        for strides in [[1, 1], [2, 1], [1, 2]] {
            lowers(&conv2d([5, w, c], [2, 3], strides));
        }
    }
}
