//! Control flow and moves give the right numbers.

use super::try_binary;
use wasmtime::{Engine, Instance, Module, Store, WasmParams, WasmResults};

pub(super) fn run<P: WasmParams, R: WasmResults>(functions: &str, args: P) -> R {
    let binary = try_binary("wasm-simd", functions).unwrap_or_else(|e| panic!("{e}"));
    let engine = Engine::default();
    let module = Module::new(&engine, &binary).unwrap();
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    instance.get_typed_func::<P, R>(&mut store, "main").unwrap().call(&mut store, args).unwrap()
}

#[test]
fn swaps_and_rotations() {
    let text = r#"func.func @main(%n: i32, %x: i32, %y: i32, %z: i32) -> (i32, i32, i32) {
      %c0 = arith.constant 0 : i32
      %c1 = arith.constant 1 : i32
      %r:3 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x, %b = %y, %c = %z) -> (i32, i32, i32) : i32 {
        %d = arith.addi %a, %c1 : i32
        scf.yield %b, %c, %d : i32, i32, i32
      }
      return %r#0, %r#1, %r#2 : i32, i32, i32
    }"#;
    for n in -1..9i32 {
        let (mut a, mut b, mut c) = (10, 20, 30);
        for _ in 0..n {
            (a, b, c) = (b, c, a + 1);
        }
        assert_eq!(run::<_, (i32, i32, i32)>(text, (n, 10, 20, 30)), (a, b, c), "{n} iterations");
    }
}

#[test]
fn the_new_value_may_be_made_while_the_old_one_is_still_needed() {
    // `next` can't be written into `a`'s local: `a` is read after it, and yielded too.
    let text = r#"func.func @main(%n: i32) -> (i32, i32) {
      %c0 = arith.constant 0 : i32
      %c1 = arith.constant 1 : i32
      %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %c0, %b = %c1) -> (i32, i32) : i32 {
        %next = arith.addi %a, %b : i32
        %t = arith.muli %a, %next : i32
        %u = arith.subi %t, %t : i32
        %v = arith.addi %u, %b : i32
        scf.yield %v, %next : i32, i32
      }
      return %r#0, %r#1 : i32, i32
    }"#;
    assert_eq!(run::<_, (i32, i32)>(text, 10), (55, 89));
}

#[test]
fn one_value_into_two_arguments_and_one_argument_into_two_results() {
    let text = r#"func.func @main(%n: i32, %x: i32) -> (i32, i32, i32) {
      %c0 = arith.constant 0 : i32
      %c1 = arith.constant 1 : i32
      %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x, %b = %x) -> (i32, i32) : i32 {
        %s = arith.addi %a, %b : i32
        scf.yield %s, %s : i32, i32
      }
      return %r#0, %r#1, %x : i32, i32, i32
    }"#;
    assert_eq!(run::<_, (i32, i32, i32)>(text, (3, 5)), (40, 40, 5));
    assert_eq!(run::<_, (i32, i32, i32)>(text, (0, 5)), (5, 5, 5));
}

#[test]
fn values_from_outside_survive_all_iterations() {
    // `x` dies in the loop's last read of it, but every iteration reads it.
    let text = r#"func.func @main(%n: i32, %x: i32) -> i32 {
      %c0 = arith.constant 0 : i32
      %c1 = arith.constant 1 : i32
      %w = arith.muli %x, %x : i32
      %r = scf.for %i = %c0 to %n step %c1 iter_args(%sum = %c0) -> (i32) : i32 {
        %inner = scf.for %j = %c0 to %i step %c1 iter_args(%t = %sum) -> (i32) : i32 {
          %u = arith.addi %t, %w : i32
          scf.yield %u : i32
        }
        %a = arith.addi %i, %c1 : i32
        %b = arith.muli %a, %a : i32
        %s = arith.addi %inner, %b : i32
        scf.yield %s : i32
      }
      return %r : i32
    }"#;
    // 6 inner iterations of 9, and 1 + 4 + 9 + 16.
    assert_eq!(run::<_, i32>(text, (4, 3)), 84);
}

#[test]
fn crossed_bounds_run_no_iteration() {
    let text = r#"func.func @main(%x: i32) -> i32 {
      %low = arith.constant 8 : i32
      %high = arith.constant 3 : i32
      %c1 = arith.constant 1 : i32
      %r = scf.for %i = %low to %high step %c1 iter_args(%a = %x) -> (i32) : i32 {
        %s = arith.addi %a, %i : i32
        scf.yield %s : i32
      }
      return %r : i32
    }"#;
    assert_eq!(run::<_, i32>(text, 7), 7);
}

#[test]
fn branches_and_a_value_kept_beside_them() {
    let text = r#"func.func @main(%x: i32, %y: i32) -> (i32, i32, i32) {
      %more = arith.cmpi sgt, %x, %y : i32
      %r:2 = scf.if %more -> (i32, i32) {
        %d = arith.subi %x, %y : i32
        scf.yield %y, %d : i32, i32
      } else {
        %two = arith.constant 2 : i32
        %d = arith.muli %y, %two : i32
        scf.yield %d, %x : i32, i32
      }
      return %r#0, %r#1, %x : i32, i32, i32
    }"#;
    assert_eq!(run::<_, (i32, i32, i32)>(text, (7, 3)), (3, 4, 7));
    assert_eq!(run::<_, (i32, i32, i32)>(text, (3, 7)), (14, 3, 3));
}

#[test]
fn while_forwards_other_values_than_it_carries() {
    // Collatz steps of x: carries (value, steps), forwards (steps, value).
    let text = r#"func.func @main(%x: i32) -> i32 {
      %c0 = arith.constant 0 : i32
      %c1 = arith.constant 1 : i32
      %c3 = arith.constant 3 : i32
      %r:2 = scf.while (%v = %x, %n = %c0) : (i32, i32) -> (i32, i32) {
        %go = arith.cmpi ne, %v, %c1 : i32
        scf.condition(%go) %n, %v : i32, i32
      } do {
      ^bb0(%n: i32, %v: i32):
        %odd = arith.trunci %v : i32 to i1
        %next = scf.if %odd -> (i32) {
          %t = arith.muli %v, %c3 : i32
          %u = arith.addi %t, %c1 : i32
          scf.yield %u : i32
        } else {
          %h = arith.shrui %v, %c1 : i32
          scf.yield %h : i32
        }
        %m = arith.addi %n, %c1 : i32
        scf.yield %next, %m : i32, i32
      }
      return %r#0 : i32
    }"#;
    assert_eq!(run::<_, i32>(text, 27), 111);
    assert_eq!(run::<_, i32>(text, 1), 0);
}

#[test]
fn scalar_conversions_and_selections() {
    let text = r#"func.func @main(%x: f32, %y: f64, %i: i64) -> (i64, f64, i32, f32) {
      %c = arith.fptosi %x : f32 to i64
      %a = arith.addi %c, %i : i64
      %e = arith.extf %x : f32 to f64
      %m = arith.maximumf %e, %y : f64
      %less = arith.cmpf ult, %e, %y : f64
      %all = arith.extsi %less : i1 to i32
      %w = arith.trunci %i : i64 to i32
      %s = arith.select %less, %w, %all : i32
      %f = arith.uitofp %w : i32 to f32
      %bits = arith.bitcast %f : f32 to i32
      %sign = arith.constant -2147483648 : i32
      %flipped = arith.xori %bits, %sign : i32
      %g = arith.bitcast %flipped : i32 to f32
      return %a, %m, %s, %g : i64, f64, i32, f32
    }"#;
    assert_eq!(run::<_, (i64, f64, i32, f32)>(text, (2.75f32, 3.5f64, -1i64)), (1, 3.5, -1, -4294967296.0));
    assert_eq!(run::<_, (i64, f64, i32, f32)>(text, (2.75f32, 2.5f64, 6i64)), (8, 2.75, 0, -6.0));
    // Unordered counts as less for `ult`.
    assert_eq!(run::<_, (i64, f64, i32, f32)>(text, (f32::NAN, 2.5f64, 6i64)).2, 6);
}
