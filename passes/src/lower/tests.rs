//! What the lowerings make of small kernels.

use super::kernel::Kernel;
use super::point::PointEval;
use weft_dialects::ir::{Session, funcs, module_op, parse, print_bare};

const BIAS_RELU: &str = r#"
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func private @k(%x: memref<4x8xf32>, %b: memref<8xf32>, %out: memref<4x8xf32>, %begin: index, %end: index) {
  %0 = bufferization.to_tensor %x restrict : memref<4x8xf32> to tensor<4x8xf32>
  %1 = bufferization.to_tensor %b restrict : memref<8xf32> to tensor<8xf32>
  %e = tensor.empty() : tensor<4x8xf32>
  %2 = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1) -> (d1)>, #id], iterator_types = ["parallel", "parallel"]}
      ins(%0, %1 : tensor<4x8xf32>, tensor<8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%p: f32, %q: f32, %r: f32):
    %s = arith.addf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  %3 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%2 : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%p: f32, %q: f32):
    %zero = arith.constant 0.0 : f32
    %c = arith.cmpf ogt, %p, %zero : f32
    %s = arith.select %c, %p, %zero : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  bufferization.materialize_in_destination %3 in restrict writable %out : (tensor<4x8xf32>, memref<4x8xf32>) -> ()
  return
}"#;

#[test]
fn a_chain_is_evaluated_as_vectors_and_loads_are_shared() {
    let session = Session::new();
    let cx = session.cx();
    let module = parse(cx, BIAS_RELU).unwrap();
    let kernel = Kernel::parse(funcs(module_op(&module))[0]).unwrap();
    assert!(kernel.root.is_none());
    let b = kernel.builder(cx);
    let mut point = PointEval::new(&kernel, cx);
    let zero = point.index(&b, 0);
    for row in 0..2 {
        let row = point.index(&b, row);
        let v = point.value_at(&b, kernel.result, &[row, zero], 4).unwrap();
        point.store(&b, v, &[row, zero]);
    }
    kernel.erase_tensors();
    insta::assert_snapshot!(print_bare(module_op(&module)));
}

/// A kernel of one all-parallel generic on `f32` inputs, and the call of it.
fn elementwise(shape: &[i64], inputs: &[(&[i64], &str)], body: &str) -> String {
    use std::fmt::Write as _;
    let tensor = |s: &[i64]| format!("tensor<{}f32>", s.iter().map(|d| format!("{d}x")).collect::<String>());
    let out = tensor(shape);
    let dims: Vec<String> = (0..shape.len()).map(|d| format!("d{d}")).collect();
    let dims = dims.join(", ");
    let (mut args, mut names, mut types, mut maps, mut scalars) = (vec![], vec![], vec![], vec![], vec![]);
    for (i, (s, map)) in inputs.iter().enumerate() {
        args.push(format!("%x{i}: {}", tensor(s)));
        names.push(format!("%x{i}"));
        types.push(tensor(s));
        maps.push(format!("affine_map<({dims}) -> ({map})>"));
        scalars.push(format!("%a{i}: f32"));
    }
    let (args, names, types) = (args.join(", "), names.join(", "), types.join(", "));
    let kinds = vec!["\"parallel\""; shape.len()].join(", ");
    let mut text = String::new();
    let _ = write!(
        text,
        "func.func @main({args}) -> {out} {{
           %0 = func.call @k({names}) : ({types}) -> {out}
           return %0 : {out}
         }}
         func.func private @k({args}) -> {out} {{
           %e = tensor.empty() : {out}
           %0 = linalg.generic {{indexing_maps = [{}, affine_map<({dims}) -> ({dims})>], iterator_types = [{kinds}]}}
             ins({names} : {types}) outs(%e : {out}) {{
           ^bb0({}, %o: f32):
             {body}
           }} -> {out}
           return %0 : {out}
         }}",
        maps.join(", "),
        scalars.join(", "),
    );
    text
}

const ADD: &str = "%s = arith.addf %a0, %a1 : f32 linalg.yield %s : f32";
const COPY: &str = "linalg.yield %a0 : f32";

#[test]
fn elementwise_kernels_become_one_flat_loop() {
    insta::assert_snapshot!(super::check::lowers(&elementwise(
        &[2, 5, 7],
        &[(&[2, 5, 7], "d0, d1, d2"), (&[2, 5, 7], "d0, d1, d2")],
        ADD
    )));
}

#[test]
fn a_bias_along_the_last_dim_is_read_as_vectors_and_rows_end_in_an_overlapping_one() {
    insta::assert_snapshot!(super::check::lowers(&elementwise(&[3, 3, 6], &[(&[3, 3, 6], "d0, d1, d2"), (&[6], "d2")], ADD)));
}

#[test]
fn elementwise_of_many_shapes() {
    for n in [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 19, 31, 33, 64, 67] {
        super::check::lowers(&elementwise(&[n], &[(&[n], "d0"), (&[n], "d0")], ADD));
        super::check::lowers(&elementwise(&[3, n], &[(&[3, n], "d0, d1"), (&[n], "d1")], ADD));
        super::check::lowers(&elementwise(&[3, n], &[(&[3, n], "d0, d1"), (&[3], "d0")], ADD));
        super::check::lowers(&elementwise(&[2, n, 5], &[(&[2, 1, 5], "d0, 0, d2"), (&[n, 1], "d1, 0")], ADD));
    }
    super::check::lowers(&elementwise(&[], &[(&[], ""), (&[], "")], ADD));
    super::check::lowers(&elementwise(&[1, 1], &[(&[1, 1], "d0, d1"), (&[1], "d1")], ADD));
}

#[test]
fn a_transpose_is_made_of_tiles() {
    insta::assert_snapshot!(super::check::lowers(&elementwise(&[5, 9], &[(&[9, 5], "d1, d0")], COPY)));
}

#[test]
fn transposes_of_many_shapes() {
    for (h, w) in [(1, 4), (2, 7), (3, 3), (4, 4), (5, 4), (8, 12), (9, 13), (16, 3), (3, 16)] {
        super::check::lowers(&elementwise(&[h, w], &[(&[w, h], "d1, d0")], COPY));
        super::check::lowers(&elementwise(&[2, h, w], &[(&[2, w, h], "d0, d2, d1"), (&[2, h, w], "d0, d1, d2")], ADD));
        super::check::lowers(&elementwise(&[2, h, 3, w], &[(&[3, w, h, 2], "d2, d3, d1, d0"), (&[w], "d3")], ADD));
    }
}

#[test]
fn reversed_and_strided_reads() {
    super::check::lowers(&elementwise(&[3, 8], &[(&[3, 8], "d0, d1 * -1 + 7")], COPY));
    super::check::lowers(&elementwise(&[3, 8], &[(&[7, 19], "d0 * 3, d1 * 2 + 3")], COPY));
    super::check::lowers(&elementwise(&[3, 8], &[(&[4, 9], "d0 + 1, d1 + 1")], COPY));
}

fn tensor(shape: &[i64]) -> String {
    format!("tensor<{}f32>", shape.iter().map(|d| format!("{d}x")).collect::<String>())
}

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
    insta::assert_snapshot!(super::check::lowers(&reduction(&[1, 7, 7, 24], &[1, 2], "0.0", SUM)));
}

#[test]
fn a_row_is_reduced_by_several_accumulators_and_shuffles() {
    insta::assert_snapshot!(super::check::lowers(&reduction(&[5, 35], &[1], "-1.5", MAX)));
}

#[test]
fn reductions_of_many_shapes() {
    for (init, combine) in [("0.0", SUM), ("0.5", SUM), ("0xFF800000", MAX), ("1.0", "%s = arith.minimumf %o, %a : f32")] {
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
                super::check::lowers(&reduction(&shape, &reduced, init, combine));
            }
        }
    }
}

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
    insta::assert_snapshot!(super::check::lowers(&pool("max_pool2d", &[1, 8, 6, 4], &[1, 4, 3, 4], attrs)));
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
                    super::check::lowers(&pool(op, &[n, h, w, c], &[n, out(h, 0), out(w, 1), c], &attrs(k, s, d, p)));
                }
            }
        }
    }
}

/// A kernel with one root, between a prologue that negates `%x` and nothing.
fn rooted(x: &[i64], others: &[&[i64]], y: &[i64], root: &str) -> String {
    let (tx, ty) = (tensor(x), tensor(y));
    let dims = (0..x.len()).map(|d| format!("d{d}")).collect::<Vec<_>>().join(", ");
    let map = format!("affine_map<({dims}) -> ({dims})>");
    let kinds = vec!["\"parallel\""; x.len()].join(", ");
    let mut args = format!("%x: {tx}");
    let (mut names, mut types) = ("%x".to_owned(), tx.clone());
    for (i, s) in others.iter().enumerate() {
        args += &format!(", %y{i}: {}", tensor(s));
        names += &format!(", %y{i}");
        types += &format!(", {}", tensor(s));
    }
    format!(
        "func.func @main({args}) -> {ty} {{
           %0 = func.call @k({names}) : ({types}) -> {ty}
           return %0 : {ty}
         }}
         func.func private @k({args}) -> {ty} {{
           %e = tensor.empty() : {tx}
           %n = linalg.generic {{indexing_maps = [{map}, {map}], iterator_types = [{kinds}]}} ins(%x : {tx}) outs(%e : {tx}) {{
           ^bb0(%a: f32, %o: f32):
             %s = arith.negf %a : f32
             linalg.yield %s : f32
           }} -> {tx}
           {root}
           return %r : {ty}
         }}"
    )
}

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
    insta::assert_snapshot!(super::check::lowers(&padded(&[1, 3, 2, 4], &[0, 1, 1, 0], &[0, 0, 1, 0])));
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
        super::check::lowers(&padded(&x, &low, &high));
    }
}

#[test]
fn concatenations_of_many_shapes() {
    for (x, y, dim) in
        [(vec![5], vec![3], 0), (vec![3, 5], vec![3, 11], 1), (vec![2, 3, 7], vec![2, 1, 7], 1), (vec![4, 2, 1], vec![1, 2, 1], 0)]
    {
        let mut out: Vec<i64> = x.clone();
        out[dim] = 2 * x[dim] + y[dim];
        let (tx, ty) = (tensor(&x), tensor(&y));
        let root = format!("%r = tensor.concat dim({dim}) %n, %y0, %x : ({tx}, {ty}, {tx}) -> {}", tensor(&out));
        super::check::lowers(&rooted(&x, &[&y], &out, &root));
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
        super::check::lowers(&rooted(&x, &[], &y, &root));
    }
    for (x, slice, y) in [
        (vec![5], "[2] [5] [1]", vec![9]),
        (vec![3, 4], "[1, 3] [3, 4] [1, 1]", vec![4, 9]),
        (vec![9], "[1, 0] [1, 9] [1, 1]", vec![4, 9]),
        (vec![3, 4], "[0, 1, 4] [3, 1, 4] [1, 1, 1]", vec![3, 5, 8]),
    ] {
        let root = format!("%r = tensor.insert_slice %n into %y0{slice} : {} into {}", tensor(&x), tensor(&y));
        super::check::lowers(&rooted(&x, &[&y], &y, &root));
    }
}

#[test]
fn packed_panels_of_many_shapes() {
    for (b, k, n) in [(1, 5, 8), (1, 3, 20), (2, 9, 7), (3, 8, 16), (1, 4, 1)] {
        let x = [b, k, n];
        let y = [b, (n + 7) / 8, k, 8];
        let root = format!("%r = \"nn.pack\"(%n) {{panel = 8 : i64}} : ({}) -> {}", tensor(&x), tensor(&y));
        super::check::lowers(&rooted(&x, &[], &y, &root));
    }
}

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
    insta::assert_snapshot!(super::check::lowers(&softmax(2, 9, false)));
}

#[test]
fn softmax_of_many_shapes() {
    for n in [1, 2, 3, 4, 5, 8, 13, 16, 19, 35, 128] {
        super::check::lowers(&softmax(3, n, false));
        super::check::lowers(&softmax(3, n, true));
    }
}

/// A kernel of one all-parallel generic, with types, maps and body spelled out.
fn typed(shape: &str, out: &str, ins: &[(&str, &str)], body: &str) -> String {
    let rank = shape.split('x').count();
    let dims = (0..rank).map(|d| format!("d{d}")).collect::<Vec<_>>().join(", ");
    let join = |f: &dyn Fn(usize, &(&str, &str)) -> String| {
        ins.iter().enumerate().map(|(i, x)| f(i, x)).collect::<Vec<_>>().join(", ")
    };
    let elem = |t: &str| t.rsplit('x').next().unwrap_or_default().to_owned();
    let args = join(&|i, x| format!("%x{i}: tensor<{}>", x.0));
    let names = join(&|i, _| format!("%x{i}"));
    let types = join(&|_, x| format!("tensor<{}>", x.0));
    let maps = join(&|_, x| format!("affine_map<({dims}) -> ({})>", x.1));
    let scalars = join(&|i, x| format!("%a{i}: {}", elem(x.0)));
    let kinds = vec!["\"parallel\""; rank].join(", ");
    let ty = format!("tensor<{shape}x{out}>");
    format!(
        "func.func @main({args}) -> {ty} {{
           %0 = func.call @k({names}) : ({types}) -> {ty}
           return %0 : {ty}
         }}
         func.func private @k({args}) -> {ty} {{
           %e = tensor.empty() : {ty}
           %0 = linalg.generic {{indexing_maps = [{maps}, affine_map<({dims}) -> ({dims})>], iterator_types = [{kinds}]}}
             ins({names} : {types}) outs(%e : {ty}) {{
           ^bb0({scalars}, %o: {out}):
             {body}
           }} -> {ty}
           return %0 : {ty}
         }}"
    )
}

#[test]
fn masks_and_positions_are_vectors() {
    insta::assert_snapshot!(super::check::lowers(&typed(
        "3x6",
        "i1",
        &[("3x6xi32", "d0, d1")],
        "%i = linalg.index 1 : index
         %p = arith.index_cast %i : index to i32
         %s = arith.cmpi slt, %a0, %p : i32
         linalg.yield %s : i1",
    )));
}

#[test]
fn narrow_integers_stand_in_short_vectors() {
    insta::assert_snapshot!(super::check::lowers(&typed(
        "2x9",
        "i8",
        &[("2x9xi8", "d0, d1"), ("9xi32", "d1")],
        "%w = arith.extsi %a0 : i8 to i32
         %m = arith.muli %w, %a1 : i32
         %c = arith.constant 3 : i32
         %h = arith.shrsi %m, %c : i32
         %s = arith.trunci %h : i32 to i8
         linalg.yield %s : i8",
    )));
}

#[test]
fn types_without_vectors_and_ops_without_instructions_run_by_element() {
    super::check::lowers(&typed("3x9", "i64", &[("3x9xi64", "d0, d1")], "%s = arith.addi %a0, %a0 : i64 linalg.yield %s : i64"));
    super::check::lowers(&typed("3x9", "f64", &[("9xf32", "d1")], "%s = arith.extf %a0 : f32 to f64 linalg.yield %s : f64"));
    super::check::lowers(&typed(
        "3x9",
        "i32",
        &[("3x9xi32", "d0, d1")],
        "%c = arith.constant 3 : i32 %s = arith.divsi %a0, %c : i32 linalg.yield %s : i32",
    ));
    super::check::lowers(&typed("3x9", "i8", &[("9x3xi8", "d1, d0")], "linalg.yield %a0 : i8"));
    super::check::lowers(&typed("3x9", "i1", &[("3x9xi1", "d0, d1"), ("9xi1", "d1")], "%s = arith.andi %a0, %a1 : i1 linalg.yield %s : i1"));
    super::check::lowers(&typed(
        "3x9",
        "f32",
        &[("3x9xi1", "d0, d1"), ("9xf32", "d1")],
        "%z = arith.constant 0.0 : f32 %s = arith.select %a0, %a1, %z : f32 linalg.yield %s : f32",
    ));
}
