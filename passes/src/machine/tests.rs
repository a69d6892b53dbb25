//! `to-wasm` on small texts: loops in, machine level out.

use crate::pipeline::{Pipeline, RunOptions};
use insta::assert_snapshot;
use weft_dialects::ir::{Session, module_op, parse, print_bare};

/// Lowers functions for a target, and prints them without the module around.
fn lower_for(target: &str, functions: &str) -> String {
    let session = Session::new();
    let cx = session.cx();
    let text = format!("module attributes {{weft.target = \"{target}\"}} {{\n{functions}\n}}");
    let mut module = parse(cx, &text).unwrap_or_else(|e| panic!("{e}"));
    match Pipeline::parse("to-wasm").unwrap().run(cx, &mut module, &mut RunOptions::default()) {
        Ok(_) => {
            let text = print_bare(module_op(&module));
            let body: Vec<_> = text.lines().skip(1).map(|l| l.strip_prefix("  ").unwrap_or(l)).collect();
            body[..body.len() - 1].join("\n")
        }
        Err(e) => e.to_string(),
    }
}

fn lower(functions: &str) -> String {
    lower_for("wasm-relaxed", functions)
}

#[test]
fn elementwise_with_a_remainder() {
    let text = lower(
        "func.func private @k(%x: memref<10xf32>, %y: memref<10xf32>) {
          %c0 = arith.constant 0 : index
          %c4 = arith.constant 4 : index
          %c8 = arith.constant 8 : index
          %c10 = arith.constant 10 : index
          %c1 = arith.constant 1 : index
          %six = arith.constant dense<6.0> : vector<4xf32>
          scf.for %i = %c0 to %c8 step %c4 {
            %a = vector.load %x[%i] : memref<10xf32>, vector<4xf32>
            %b = arith.minimumf %a, %six : vector<4xf32>
            vector.store %b, %y[%i] : memref<10xf32>, vector<4xf32>
          }
          %s6 = arith.constant 6.0 : f32
          scf.for %i = %c8 to %c10 step %c1 {
            %a = memref.load %x[%i] : memref<10xf32>
            %b = arith.minimumf %a, %s6 : f32
            memref.store %b, %y[%i] : memref<10xf32>
          }
          return
        }",
    );
    assert_snapshot!(text, @r##"
    func.func private @k(%arg0: i32, %arg1: i32) {
      %c32_i32 = arith.constant 32 : i32
      %c16_i32 = arith.constant 16 : i32
      %cst = arith.constant 6.000000e+00 : f32
      %c40_i32 = arith.constant 40 : i32
      %c4_i32 = arith.constant 4 : i32
      %cst_0 = arith.constant dense<6.000000e+00> : vector<4xf32>
      %0 = arith.addi %arg0, %c32_i32 : i32
      %1 = scf.for %arg2 = %arg0 to %0 step %c16_i32 iter_args(%arg3 = %arg1) -> (i32)  : i32 {
        %6 = "wasm.v128_load"(%arg2) {offset = 0 : i32} : (i32) -> vector<4xf32>
        %7 = "wasm.f32x4_pmin"(%6, %cst_0) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        "wasm.v128_store"(%arg3, %7) {offset = 0 : i32} : (i32, vector<4xf32>) -> ()
        %8 = arith.addi %arg3, %c16_i32 : i32
        scf.yield %8 : i32
      }
      %2 = arith.addi %arg0, %c32_i32 : i32
      %3 = arith.addi %arg1, %c32_i32 : i32
      %4 = arith.addi %arg0, %c40_i32 : i32
      %5 = scf.for %arg2 = %2 to %4 step %c4_i32 iter_args(%arg3 = %3) -> (i32)  : i32 {
        %6 = "wasm.f32_load"(%arg2) {offset = 0 : i32} : (i32) -> f32
        %7 = arith.cmpf ogt, %6, %cst : f32
        %8 = arith.select %7, %cst, %6 : f32
        "wasm.f32_store"(%arg3, %8) {offset = 0 : i32} : (i32, f32) -> ()
        %9 = arith.addi %arg3, %c4_i32 : i32
        scf.yield %9 : i32
      }
      return
    }
    "##);
}

/// A GEMM of `rows` x 8: `k` steps over panels of B, K = 16, lda = 16, ldc = 24.
fn gemm(rows: usize) -> String {
    let types = vec!["vector<4xf32>"; rows * 2].join(", ");
    let mut k = String::new();
    let mut tail = String::new();
    for r in 0..rows {
        k += &format!(
            "%row{r} = arith.constant {r} : index
             %m{r} = arith.addi %i, %row{r} : index
             %x{r} = memref.load %a[%m{r}, %k] : memref<48x16xf32>
             %v{r} = vector.broadcast %x{r} : f32 to vector<4xf32>\n"
        );
        tail += &format!(
            "%rowt{r} = arith.constant {r} : index
             %n{r} = arith.addi %i, %rowt{r} : index\n"
        );
        for v in 0..2 {
            let i = 2 * r + v;
            k += &format!(
                "%p{i} = arith.mulf %v{r}, %b{v} fastmath<contract> : vector<4xf32>
                 %q{i} = arith.addf %t{i}, %p{i} fastmath<contract> : vector<4xf32>\n"
            );
            tail += &format!(
                "%o{i} = arith.maximumf %u#{i}, %zero : vector<4xf32>
                 vector.store %o{i}, %c[%n{r}, %j{v}] : memref<48x24xf32>, vector<4xf32>\n"
            );
        }
    }
    let inits: Vec<String> = (0..rows * 2).map(|i| format!("%t{i} = %bias{}", i % 2)).collect();
    let next: Vec<String> = (0..rows * 2).map(|i| format!("%q{i}")).collect();
    format!(
        "func.func private @gemm(%a: memref<48x16xf32>, %b: memref<3x16x8xf32>, %bias: memref<24xf32>,
            %c: memref<48x24xf32>, %begin: index, %end: index) {{
          %zero = arith.constant dense<0.0> : vector<4xf32>
          %c0 = arith.constant 0 : index
          %c1 = arith.constant 1 : index
          %c4 = arith.constant 4 : index
          %c8 = arith.constant 8 : index
          %c16 = arith.constant 16 : index
          %c48 = arith.constant 48 : index
          %rows = arith.constant {rows} : index
          scf.for %panel = %begin to %end step %c1 {{
            %j0 = arith.muli %panel, %c8 : index
            %j1 = arith.addi %j0, %c4 : index
            %bias0 = vector.load %bias[%j0] : memref<24xf32>, vector<4xf32>
            %bias1 = vector.load %bias[%j1] : memref<24xf32>, vector<4xf32>
            scf.for %i = %c0 to %c48 step %rows {{
              %u:{n} = scf.for %k = %c0 to %c16 step %c1 iter_args({inits}) -> ({types}) {{
                %b0 = vector.load %b[%panel, %k, %c0] : memref<3x16x8xf32>, vector<4xf32>
                %b1 = vector.load %b[%panel, %k, %c4] : memref<3x16x8xf32>, vector<4xf32>
                {k}
                scf.yield {next} : {types}
              }}
              {tail}
            }}
          }}
          return
        }}",
        n = rows * 2,
        inits = inits.join(", "),
        next = next.join(", ")
    )
}

#[test]
fn a_gemm_tile_has_one_pointer_a_side() {
    assert_snapshot!(lower(&gemm(6)));
}
