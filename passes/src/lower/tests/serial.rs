//! Kernels that read their result again: scatter, running sums, sorted positions, suppression.

use crate::lower::check::{lowers, lowers_to_grid};

/// A kernel of one op on buffers.
fn only(op: &str, operands: &[&str], result: &str, attrs: &str) -> String {
    let named: Vec<String> = (0..operands.len()).map(|i| format!("%x{i}")).collect();
    let args: Vec<String> = named.iter().zip(operands).map(|(n, t)| format!("{n}: {t}")).collect();
    let (names, types, args) = (named.join(", "), operands.join(", "), args.join(", "));
    format!(
        "func.func @main({args}) -> {result} {{
           %0 = func.call @k({names}) : ({types}) -> {result}
           return %0 : {result}
         }}
         func.func private @k({args}) -> {result} {{
           %0 = \"{op}\"({names}) {{{attrs}}} : ({types}) -> {result}
           return %0 : {result}
         }}"
    )
}

fn scatter(elem: &str, n: i64, d: i64, m: i64, combine: &str) -> String {
    let x = format!("tensor<{n}x{d}x{elem}>");
    let operands = [x.clone(), format!("tensor<{m}xi32>"), format!("tensor<{m}x{d}x{elem}>")];
    let operands: Vec<&str> = operands.iter().map(String::as_str).collect();
    only("nn.scatter", &operands, &x, &format!("combine = \"{combine}\""))
}

#[test]
fn rows_are_scattered_in_order_and_what_is_outside_is_skipped() {
    insta::assert_snapshot!(lowers(&scatter("f32", 5, 8, 9, "add")));
}

#[test]
fn scatter_combines_elements_of_all_types() {
    for combine in ["set", "add", "mul", "min", "max"] {
        for elem in ["f32", "f64", "i8", "i16", "i32", "i64"] {
            lowers(&scatter(elem, 6, 1, 20, combine));
        }
        lowers(&scatter("i32", 4, 12, 7, combine));
    }
    for combine in ["minu", "maxu"] {
        lowers(&scatter("i8", 6, 3, 20, combine));
        lowers(&scatter("i64", 6, 1, 20, combine));
    }
    lowers(&scatter("i1", 6, 3, 9, "set"));
    lowers(&scatter("f16", 6, 3, 9, "add"));
}

#[test]
fn running_sums_and_products() {
    for attrs in [
        "exclusive = 0, reverse = 0",
        "exclusive = 1, reverse = 0",
        "exclusive = 0, reverse = 1",
        "exclusive = 1, reverse = 1",
    ] {
        let attrs = attrs.replace(',', " : i64,") + " : i64";
        for (shape, elem) in
            [("3x7x5", "f32"), ("2x4x8", "f32"), ("2x4x8", "i32"), ("1x6x1", "i64"), ("2x3x2", "f64"), ("2x3x4", "f16")]
        {
            let x = format!("tensor<{shape}x{elem}>");
            for combine in ["add", "mul"] {
                lowers(&only("nn.cumulative", &[&x], &x, &format!("combine = \"{combine}\", {attrs}")));
            }
        }
    }
}

#[test]
fn a_workgroup_shares_a_long_line() {
    for (attrs, n) in
        [("exclusive = 0, reverse = 0", 256), ("exclusive = 1, reverse = 0", 257), ("exclusive = 1, reverse = 1", 1030)]
    {
        let attrs = attrs.replace(',', " : i64,") + " : i64";
        for elem in ["f32", "i32"] {
            let x = format!("tensor<2x{n}x1x{elem}>");
            let kernel = lowers_to_grid(&only("nn.cumulative", &[&x], &x, &format!("combine = \"add\", {attrs}")));
            assert!(kernel.contains("gpu.barrier"));
        }
    }
}

#[test]
fn positions_come_sorted() {
    for elem in ["f32", "i32", "i64", "i8"] {
        for k in [1, 3, 23, 24] {
            for (largest, unsigned) in [(1, 0), (0, 0), (1, 1)] {
                let attrs = format!("k = {k} : i64, largest = {largest} : i64, unsigned = {unsigned} : i64");
                lowers(&only("nn.top_k", &[&format!("tensor<3x24x{elem}>")], &format!("tensor<3x{k}xi32>"), &attrs));
            }
        }
    }
}

#[test]
fn boxes_are_suppressed() {
    for (rows, center) in [(4, 0), (40, 0), (9, 1)] {
        let attrs = format!("rows = {rows} : i64, center = {center} : i64");
        let operands =
            ["tensor<2x12x4xf32>", "tensor<2x3x12xf32>", "tensor<6x12xi32>", "tensor<2xf32>", "tensor<1xi32>"];
        lowers(&only("nn.non_max_suppression", &operands, &format!("tensor<{rows}x3xi32>"), &attrs));
    }
}
