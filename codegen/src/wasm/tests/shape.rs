//! What the code looks like: no local that the stack could hold, no move that a shared local makes needless.

use super::wat;
use insta::assert_snapshot;

#[test]
fn gemm_loop_keeps_accumulators_in_place() {
    assert_snapshot!(wat(r#"func.func @main(%a: i32, %b: i32, %c: i32) {
          %zero = arith.constant dense<0.0> : vector<4xf32>
          %begin = arith.constant 0 : i32
          %end = arith.constant 64 : i32
          %one = arith.constant 1 : i32
          %r:6 = scf.for %k = %begin to %end step %one iter_args(%c00 = %zero, %c01 = %zero, %c10 = %zero, %c11 = %zero, %pa = %a, %pb = %b)
              -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, i32, i32) : i32 {
            %b0 = "wasm.v128_load"(%pb) {offset = 0 : i32} : (i32) -> vector<4xf32>
            %b1 = "wasm.v128_load"(%pb) {offset = 16 : i32} : (i32) -> vector<4xf32>
            %s0 = "wasm.v128_load32_splat"(%pa) {offset = 0 : i32} : (i32) -> vector<4xf32>
            %n00 = "wasm.f32x4_relaxed_madd"(%s0, %b0, %c00) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %n01 = "wasm.f32x4_relaxed_madd"(%s0, %b1, %c01) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %s1 = "wasm.v128_load32_splat"(%pa) {offset = 256 : i32} : (i32) -> vector<4xf32>
            %n10 = "wasm.f32x4_relaxed_madd"(%s1, %b0, %c10) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %n11 = "wasm.f32x4_relaxed_madd"(%s1, %b1, %c11) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %four = arith.constant 4 : i32
            %na = arith.addi %pa, %four : i32
            %row = arith.constant 32 : i32
            %nb = arith.addi %pb, %row : i32
            scf.yield %n00, %n01, %n10, %n11, %na, %nb : vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, i32, i32
          }
          "wasm.v128_store"(%c, %r#0) {offset = 0 : i32} : (i32, vector<4xf32>) -> ()
          "wasm.v128_store"(%c, %r#1) {offset = 16 : i32} : (i32, vector<4xf32>) -> ()
          "wasm.v128_store"(%c, %r#2) {offset = 32 : i32} : (i32, vector<4xf32>) -> ()
          "wasm.v128_store"(%c, %r#3) {offset = 48 : i32} : (i32, vector<4xf32>) -> ()
          return
        }"#));
}

#[test]
fn multiply_and_add_stay_on_the_stack() {
    assert_snapshot!(wat(r#"func.func @main(%a: i32, %n: i32) -> f32 {
          %zero = arith.constant 0.0 : f32
          %step = arith.constant 4 : i32
          %end = arith.addi %a, %n : i32
          %r = scf.for %p = %a to %end step %step iter_args(%sum = %zero) -> (f32) : i32 {
            %x = "wasm.f32_load"(%p) {offset = 0 : i32} : (i32) -> f32
            %square = arith.mulf %x, %x : f32
            %next = arith.addf %square, %sum : f32
            scf.yield %next : f32
          }
          %root = "wasm.f32_sqrt"(%r) : (f32) -> f32
          return %root : f32
        }"#));
}

#[test]
fn swapped_arguments_go_over_the_stack() {
    assert_snapshot!(wat(r#"func.func @main(%x: i32, %y: i32, %n: i32) -> (i32, i32) {
          %zero = arith.constant 0 : i32
          %one = arith.constant 1 : i32
          %r:2 = scf.for %i = %zero to %n step %one iter_args(%a = %x, %b = %y) -> (i32, i32) : i32 {
            scf.yield %b, %a : i32, i32
          }
          return %r#0, %r#1 : i32, i32
        }"#));
}

#[test]
fn nested_loops_hand_accumulators_through() {
    assert_snapshot!(wat(r#"func.func @main(%p: i32) -> i32 {
          %c0 = arith.constant 0 : i32
          %c1 = arith.constant 1 : i32
          %c8 = arith.constant 8 : i32
          %r = scf.for %i = %c0 to %c8 step %c1 iter_args(%outer = %c0) -> (i32) : i32 {
            %s = scf.for %j = %c0 to %i step %c1 iter_args(%inner = %outer) -> (i32) : i32 {
              %x = arith.muli %i, %j : i32
              %t = arith.addi %inner, %x : i32
              scf.yield %t : i32
            }
            "wasm.i32_store"(%p, %s) {offset = 8 : i32} : (i32, i32) -> ()
            scf.yield %s : i32
          }
          return %r : i32
        }"#));
}

#[test]
fn a_range_of_known_length_needs_no_guard() {
    assert_snapshot!(wat(r#"func.func @main(%p: i32, %q: i32) {
          %c4 = arith.constant 4 : i32
          %c28 = arith.constant 28 : i32
          %first = arith.addi %p, %c4 : i32
          %end = arith.addi %first, %c28 : i32
          scf.for %at = %first to %end step %c4 : i32 {
            "wasm.i32_store"(%at, %at) {offset = 0 : i32} : (i32, i32) -> ()
          }
          scf.for %at = %q to %end step %c4 : i32 {
            "wasm.i32_store"(%at, %q) {offset = 0 : i32} : (i32, i32) -> ()
          }
          return
        }"#));
}

#[test]
fn branches_write_one_local() {
    assert_snapshot!(wat(r#"func.func @main(%x: f32, %y: f32, %p: i32) -> f32 {
          %less = arith.cmpf olt, %x, %y : f32
          %r = scf.if %less -> (f32) {
            %a = arith.subf %y, %x : f32
            scf.yield %a : f32
          } else {
            %two = arith.constant 2.0 : f32
            scf.yield %two : f32
          }
          %more = arith.cmpf ugt, %r, %y : f32
          scf.if %more {
            "wasm.f32_store"(%p, %r) {offset = 4 : i32} : (i32, f32) -> ()
          }
          return %r : f32
        }"#));
}

#[test]
fn while_tests_between_its_halves() {
    assert_snapshot!(wat(r#"func.func @main(%n: i32) -> i32 {
          %one = arith.constant 1 : i32
          %two = arith.constant 2 : i32
          %r = scf.while (%v = %one) : (i32) -> i32 {
            %go = arith.cmpi slt, %v, %n : i32
            scf.condition(%go) %v : i32
          } do {
          ^bb0(%w: i32):
            %d = arith.muli %w, %two : i32
            scf.yield %d : i32
          }
          return %r : i32
        }"#));
}

#[test]
fn calls_share_types_and_leave_out_the_unused() {
    assert_snapshot!(wat(r#"func.func private @unused(%x: i64) -> i64 { return %x : i64 }
        func.func private @twice(%x: i32, %y: i32) -> i32 {
          %r = arith.addi %x, %x : i32
          return %r : i32
        }
        func.func private @pair(%x: i32, %y: i32) -> (i32, i32) { return %y, %x : i32, i32 }
        func.func @main(%x: i32, %y: i32) -> i32 {
          %c64 = arith.constant 64 : i32
          %a = func.call @twice(%x, %c64) : (i32, i32) -> i32
          %b:2 = func.call @pair(%a, %y) : (i32, i32) -> (i32, i32)
          %c = arith.subi %b#0, %b#1 : i32
          func.call @pair(%c, %y) : (i32, i32) -> (i32, i32)
          return %c : i32
        }"#));
}

#[test]
fn vector_constants_shuffles_and_free_bitcasts() {
    assert_snapshot!(wat(r#"func.func @main(%p: i32) {
          %k = arith.constant dense<[1, -2, 3, 4]> : vector<4xi32>
          %f = vector.bitcast %k : vector<4xi32> to vector<4xf32>
          %half = arith.constant dense<0.5> : vector<4xf32>
          %m = "wasm.f32x4_mul"(%f, %half) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          %s = "wasm.i8x16_shuffle"(%m, %half) {lanes = array<i64: 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23>} : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store64_lane"(%p, %s) {offset = 8 : i32, lanes = array<i64: 1>} : (i32, vector<4xf32>) -> ()
          return
        }"#));
}

#[test]
fn sections_for_data_and_names() {
    let session = weft_dialects::ir::Session::new();
    let module = weft_dialects::ir::parse(
        session.cx(),
        "func.func private @k() { return } func.func @main() { func.call @k() : () -> () return }",
    )
    .unwrap();
    let link = super::LinkOptions { pages: 3, data: Some((1024, b"weights".to_vec())), names: true };
    let binary = super::emit(weft_dialects::ir::module_op(&module), &link).unwrap();
    assert_snapshot!(wasmprinter::print_bytes(binary).unwrap());
}
