//! Elements of other types than `f32`.

use crate::lower::check::lowers;

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
    insta::assert_snapshot!(lowers(&typed(
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
    insta::assert_snapshot!(lowers(&typed(
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
    lowers(&typed("3x9", "i64", &[("3x9xi64", "d0, d1")], "%s = arith.addi %a0, %a0 : i64 linalg.yield %s : i64"));
    lowers(&typed("3x9", "f64", &[("9xf32", "d1")], "%s = arith.extf %a0 : f32 to f64 linalg.yield %s : f64"));
    lowers(&typed(
        "3x9",
        "i32",
        &[("3x9xi32", "d0, d1")],
        "%c = arith.constant 3 : i32 %s = arith.divsi %a0, %c : i32 linalg.yield %s : i32",
    ));
    lowers(&typed("3x9", "i8", &[("9x3xi8", "d1, d0")], "linalg.yield %a0 : i8"));
    lowers(&typed(
        "3x9",
        "i1",
        &[("3x9xi1", "d0, d1"), ("9xi1", "d1")],
        "%s = arith.andi %a0, %a1 : i1 linalg.yield %s : i1",
    ));
    lowers(&typed(
        "3x9",
        "f32",
        &[("3x9xi1", "d0, d1"), ("9xf32", "d1")],
        "%z = arith.constant 0.0 : f32 %s = arith.select %a0, %a1, %z : f32 linalg.yield %s : f32",
    ));
}

#[test]
fn half_precision_is_computed_in_single() {
    insta::assert_snapshot!(lowers(&typed(
        "2x4",
        "bf16",
        &[("2x4xbf16", "d0, d1")],
        "%s = arith.mulf %a0, %a0 : bf16 linalg.yield %s : bf16"
    )));
    for elem in ["f16", "bf16"] {
        let t = |shape: &str| format!("{shape}x{elem}");
        for op in ["addf", "subf", "mulf", "divf", "maximumf"] {
            let body = format!("%s = arith.{op} %a0, %a1 : {elem} linalg.yield %s : {elem}");
            lowers(&typed("3x11", elem, &[(&t("3x11"), "d0, d1"), (&t("11"), "d1")], &body));
        }
        // To infinity, below the normal numbers, and to NaN.
        let body = format!(
            "%c = arith.constant 3.0e-5 : {elem}
             %h = arith.constant 60000.0 : {elem}
             %z = arith.constant 0.0 : {elem}
             %m = arith.mulf %a0, %h : {elem}
             %k = arith.mulf %a0, %c : {elem}
             %q = arith.mulf %k, %c : {elem}
             %n = arith.divf %z, %z : {elem}
             %g = arith.cmpf ogt, %a0, %z : {elem}
             %p = arith.select %g, %m, %q : {elem}
             %b = arith.cmpf ogt, %a1, %z : {elem}
             %s = arith.select %b, %p, %n : {elem}
             linalg.yield %s : {elem}"
        );
        lowers(&typed("3x11", elem, &[(&t("3x11"), "d0, d1"), (&t("11"), "d1")], &body));
        // What is below the normal numbers, made large enough to be compared.
        let body = format!(
            "%c = arith.constant 3.0e-5 : {elem}
             %h = arith.constant 16777216.0 : f32
             %m = arith.mulf %a0, %c : {elem}
             %w = arith.extf %m : {elem} to f32
             %s = arith.mulf %w, %h : f32
             linalg.yield %s : f32"
        );
        lowers(&typed("3x7", "f32", &[(&t("3x7"), "d0, d1")], &body));
        lowers(&typed(
            "3x7",
            "f32",
            &[(&t("3x7"), "d0, d1")],
            &format!("%s = arith.extf %a0 : {elem} to f32 linalg.yield %s : f32"),
        ));
        lowers(&typed(
            "3x7",
            elem,
            &[("3x7xf32", "d0, d1")],
            &format!("%s = arith.truncf %a0 : f32 to {elem} linalg.yield %s : {elem}"),
        ));
        lowers(&typed(
            "3x7",
            elem,
            &[("3x7xi32", "d0, d1")],
            &format!("%s = arith.sitofp %a0 : i32 to {elem} linalg.yield %s : {elem}"),
        ));
        lowers(&typed("7x3", elem, &[(&t("3x7"), "d1, d0")], &format!("linalg.yield %a0 : {elem}")));
    }
}
