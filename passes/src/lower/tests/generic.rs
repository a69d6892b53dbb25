//! Kernels of all-parallel generics.

use super::tensor;
use crate::lower::check::{lowers, lowers_to_grid};

/// A kernel of one all-parallel generic on `f32` inputs, and the call of it.
fn elementwise(shape: &[i64], inputs: &[(&[i64], &str)], body: &str) -> String {
    use std::fmt::Write as _;
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
    insta::assert_snapshot!(lowers(&elementwise(
        &[2, 5, 7],
        &[(&[2, 5, 7], "d0, d1, d2"), (&[2, 5, 7], "d0, d1, d2")],
        ADD
    )));
}

#[test]
fn a_bias_along_the_last_dim_is_read_as_vectors_and_rows_end_in_an_overlapping_one() {
    insta::assert_snapshot!(lowers(&elementwise(&[3, 3, 6], &[(&[3, 3, 6], "d0, d1, d2"), (&[6], "d2")], ADD)));
}

#[test]
fn elementwise_of_many_shapes() {
    for n in [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 19, 31, 33, 64, 67] {
        lowers(&elementwise(&[n], &[(&[n], "d0"), (&[n], "d0")], ADD));
        lowers(&elementwise(&[3, n], &[(&[3, n], "d0, d1"), (&[n], "d1")], ADD));
        lowers(&elementwise(&[3, n], &[(&[3, n], "d0, d1"), (&[3], "d0")], ADD));
        lowers(&elementwise(&[2, n, 5], &[(&[2, 1, 5], "d0, 0, d2"), (&[n, 1], "d1, 0")], ADD));
    }
    lowers(&elementwise(&[], &[(&[], ""), (&[], "")], ADD));
    lowers(&elementwise(&[1, 1], &[(&[1, 1], "d0, d1"), (&[1], "d1")], ADD));
}

#[test]
fn a_transpose_is_made_of_tiles() {
    insta::assert_snapshot!(lowers(&elementwise(&[5, 9], &[(&[9, 5], "d1, d0")], COPY)));
}

#[test]
fn transposes_of_many_shapes() {
    for (h, w) in [(1, 4), (2, 7), (3, 3), (4, 4), (5, 4), (8, 12), (9, 13), (16, 3), (3, 16)] {
        lowers(&elementwise(&[h, w], &[(&[w, h], "d1, d0")], COPY));
        lowers(&elementwise(&[2, h, w], &[(&[2, w, h], "d0, d2, d1"), (&[2, h, w], "d0, d1, d2")], ADD));
        lowers(&elementwise(&[2, h, 3, w], &[(&[3, w, h, 2], "d2, d3, d1, d0"), (&[w], "d3")], ADD));
    }
}

#[test]
fn transposes_by_cache_lines() {
    // Below, at and above a line of 16 elements both ways; lines that lie 4 KB apart.
    for (h, w) in [(15, 16), (16, 16), (16, 33), (19, 35), (40, 18), (1024, 17)] {
        lowers(&elementwise(&[h, w], &[(&[w, h], "d1, d0")], COPY));
    }
    lowers(&elementwise(&[2, 17, 21], &[(&[2, 21, 17], "d0, d2, d1"), (&[2, 17, 21], "d0, d1, d2")], ADD));
}

#[test]
fn reversed_and_strided_reads() {
    lowers(&elementwise(&[3, 8], &[(&[3, 8], "d0, d1 * -1 + 7")], COPY));
    lowers(&elementwise(&[3, 8], &[(&[7, 19], "d0 * 3, d1 * 2 + 3")], COPY));
    lowers(&elementwise(&[3, 8], &[(&[4, 9], "d0 + 1, d1 + 1")], COPY));
}

#[test]
fn a_schedule_is_obeyed_or_refused() {
    let text = |units: i64, lanes: i64, unroll: i64| {
        format!(
            "func.func private @k(%x: memref<40xf32>, %out: memref<40xf32>, %begin: index, %end: index)
               attributes {{weft.schedule = {{units = {units} : i64, lanes = {lanes} : i64, unroll = {unroll} : i64}}}} {{
               %0 = bufferization.to_tensor %x restrict : memref<40xf32> to tensor<40xf32>
               %e = tensor.empty() : tensor<40xf32>
               %1 = linalg.generic {{indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = [\"parallel\"]}}
                 ins(%0 : tensor<40xf32>) outs(%e : tensor<40xf32>) {{
               ^bb0(%a: f32, %o: f32):
                 %s = arith.negf %a : f32
                 linalg.yield %s : f32
               }} -> tensor<40xf32>
               bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<40xf32>, memref<40xf32>) -> ()
               return
             }}"
        )
    };
    let lower = |text: &str| {
        let session = weft_dialects::ir::Session::new();
        let cx = session.cx();
        let mut module = weft_dialects::ir::parse(cx, text).unwrap();
        let pipeline = crate::Pipeline::parse("lower-kernels").unwrap();
        let outcome = pipeline.run(cx, &mut module, &mut crate::RunOptions::default());
        outcome.map(|_| weft_dialects::ir::print_bare(weft_dialects::ir::module_op(&module))).map_err(|e| e.to_string())
    };
    assert_eq!(lower(&text(5, 4, 2)).unwrap().matches("arith.negf").count(), 2);
    assert_eq!(lower(&text(10, 4, 1)).unwrap().matches("arith.negf").count(), 1);
    let messages: Vec<String> =
        [text(5, 8, 2), text(5, 4, 99), text(4, 4, 2)].iter().map(|t| lower(t).unwrap_err()).collect();
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn nothing_is_done_for_empty_tensors() {
    for shape in [vec![0], vec![3, 0], vec![0, 5], vec![2, 0, 9]] {
        let dims = (0..shape.len()).map(|d| format!("d{d}")).collect::<Vec<_>>().join(", ");
        lowers(&elementwise(&shape, &[(&shape, &dims), (&shape, &dims)], ADD));
    }
    lowers(&elementwise(&[0, 8], &[(&[8, 0], "d1, d0")], COPY));
}

#[test]
fn a_grid_has_an_invocation_for_four_neighbours() {
    insta::assert_snapshot!(lowers_to_grid(&elementwise(&[2, 5, 8], &[(&[2, 5, 8], "d0, d1, d2"), (&[8], "d2")], ADD)));
}

#[test]
fn a_grid_transposes_through_shared_memory() {
    insta::assert_snapshot!(lowers_to_grid(&elementwise(&[33, 70], &[(&[70, 33], "d1, d0")], COPY)));
}
