//! Control flow in the plan, against the reference evaluator.

use crate::lower::check::lowers_to_vectors;

/// `@double`, `@add` and `@less` (any element below 100, as one boolean) of four floats.
const KERNELS: &str = r#"
  func.func private @double(%x: tensor<4xf32>) -> tensor<4xf32> {
    %e = tensor.empty() : tensor<4xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
    ^bb0(%a: f32, %o: f32):
      %s = arith.addf %a, %a : f32
      linalg.yield %s : f32
    } -> tensor<4xf32>
    return %0 : tensor<4xf32>
  }
  func.func private @add(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
    %e = tensor.empty() : tensor<4xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x, %y : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %s = arith.addf %a, %b : f32
      linalg.yield %s : f32
    } -> tensor<4xf32>
    return %0 : tensor<4xf32>
  }
  func.func private @less(%x: tensor<4xf32>) -> tensor<i1> {
    %z = arith.constant dense<false> : tensor<i1>
    %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>], iterator_types = ["reduction"]} ins(%x : tensor<4xf32>) outs(%z : tensor<i1>) {
    ^bb0(%a: f32, %o: i1):
      %h = arith.constant 100.0 : f32
      %m = math.absf %a : f32
      %c = arith.cmpf olt, %m, %h : f32
      %s = arith.ori %c, %o : i1
      linalg.yield %s : i1
    } -> tensor<i1>
    return %0 : tensor<i1>
  }"#;

fn check(main: &str) {
    lowers_to_vectors(&format!("{main}\n{KERNELS}"));
}

#[test]
fn a_branch_makes_its_result_or_passes_on_what_it_sees() {
    for other in ["%x", "%y", "%k", "%w"] {
        check(&format!(
            "func.func @main(%c: tensor<i1>, %x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {{
               %k = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
               %w = func.call @double(%y) : (tensor<4xf32>) -> tensor<4xf32>
               %b = tensor.extract %c[] : tensor<i1>
               %r:2 = scf.if %b -> (tensor<4xf32>, tensor<4xf32>) {{
                 %0 = func.call @add(%x, %w) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
                 scf.yield %0, %0 : tensor<4xf32>, tensor<4xf32>
               }} else {{
                 %0 = func.call @double(%x) : (tensor<4xf32>) -> tensor<4xf32>
                 scf.yield {other}, %0 : tensor<4xf32>, tensor<4xf32>
               }}
               %z = func.call @add(%r#0, %w) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
               return %r#0, %r#1, %z : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
             }}"
        ));
    }
}

#[test]
fn carried_values_change_places() {
    // What is passed on: as it is, swapped, from before the loop, made of the old one, made when the old one has been read.
    for (first, second) in
        [("%a", "%b"), ("%b", "%a"), ("%x", "%b"), ("%n", "%a"), ("%m", "%n"), ("%n", "%n"), ("%b", "%b")]
    {
        for trips in [0, 1, 2, 5] {
            check(&format!(
                "func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {{
                   %c0 = arith.constant 0 : index
                   %c1 = arith.constant 1 : index
                   %cn = arith.constant {trips} : index
                   %before = func.call @double(%y) : (tensor<4xf32>) -> tensor<4xf32>
                   %r:2 = scf.for %i = %c0 to %cn step %c1 iter_args(%a = %x, %b = %before) -> (tensor<4xf32>, tensor<4xf32>) {{
                     %n = func.call @add(%a, %before) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
                     %d = func.call @double(%b) : (tensor<4xf32>) -> tensor<4xf32>
                     %m = func.call @add(%d, %n) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
                     scf.yield {first}, {second} : tensor<4xf32>, tensor<4xf32>
                   }}
                   %s = func.call @add(%r#0, %before) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
                   return %r#0, %r#1, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
                 }}"
            ));
        }
    }
}

#[test]
fn a_condition_ends_a_loop() {
    for trips in [0, 1, 40] {
        check(&format!(
            "func.func @main(%c: tensor<i1>, %x: tensor<4xf32>) -> (tensor<i1>, tensor<4xf32>) {{
               %c0 = arith.constant 0 : index
               %c1 = arith.constant 1 : index
               %cn = arith.constant {trips} : index
               %r:3 = scf.while (%i = %c0, %g = %c, %a = %x) : (index, tensor<i1>, tensor<4xf32>) -> (index, tensor<i1>, tensor<4xf32>) {{
                 %b = tensor.extract %g[] : tensor<i1>
                 %l = arith.cmpi slt, %i, %cn : index
                 %t = arith.andi %b, %l : i1
                 scf.condition(%t) %i, %g, %a : index, tensor<i1>, tensor<4xf32>
               }} do {{
               ^bb0(%i: index, %g: tensor<i1>, %a: tensor<4xf32>):
                 %n = func.call @double(%a) : (tensor<4xf32>) -> tensor<4xf32>
                 %k = func.call @less(%n) : (tensor<4xf32>) -> tensor<i1>
                 %j = arith.addi %i, %c1 : index
                 scf.yield %j, %k, %n : index, tensor<i1>, tensor<4xf32>
               }}
               return %r#1, %r#2 : tensor<i1>, tensor<4xf32>
             }}"
        ));
    }
}

#[test]
fn slices_are_read_and_written_where_they_are() {
    // Of an input, a constant and a value; in a loop inside a loop.
    for source in ["%x", "%k", "%v"] {
        check(&format!(
            "func.func @main(%x: tensor<3x4xf32>, %s: tensor<4xf32>) -> (tensor<3x4xf32>, tensor<4xf32>) {{
               %c0 = arith.constant 0 : index
               %c1 = arith.constant 1 : index
               %c2 = arith.constant 2 : index
               %c3 = arith.constant 3 : index
               %k = arith.constant dense<[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 1.0, 2.0, 3.0]]> : tensor<3x4xf32>
               %v = func.call @copy(%x) : (tensor<3x4xf32>) -> tensor<3x4xf32>
               %e = tensor.empty() : tensor<3x4xf32>
               %r:2 = scf.for %i = %c0 to %c3 step %c1 iter_args(%acc = %e, %a = %s) -> (tensor<3x4xf32>, tensor<4xf32>) {{
                 %back = arith.subi %c2, %i : index
                 %one = tensor.extract_slice {source}[%back, 0] [1, 4] [1, 1] : tensor<3x4xf32> to tensor<1x4xf32>
                 %row = tensor.collapse_shape %one [[0, 1]] : tensor<1x4xf32> into tensor<4xf32>
                 %n = scf.for %j = %c0 to %c2 step %c1 iter_args(%b = %a) -> (tensor<4xf32>) {{
                   %m = func.call @add(%b, %row) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
                   scf.yield %m : tensor<4xf32>
                 }}
                 %p = tensor.expand_shape %n [[0, 1]] output_shape [1, 4] : tensor<4xf32> into tensor<1x4xf32>
                 %next = tensor.insert_slice %p into %acc[%i, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<3x4xf32>
                 scf.yield %next, %row : tensor<3x4xf32>, tensor<4xf32>
               }}
               return %r#0, %r#1 : tensor<3x4xf32>, tensor<4xf32>
             }}
             func.func private @copy(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {{
               %e = tensor.empty() : tensor<3x4xf32>
               %0 = linalg.generic {{indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = [\"parallel\", \"parallel\"]}} ins(%x : tensor<3x4xf32>) outs(%e : tensor<3x4xf32>) {{
               ^bb0(%a: f32, %o: f32):
                 %s = arith.negf %a : f32
                 linalg.yield %s : f32
               }} -> tensor<3x4xf32>
               return %0 : tensor<3x4xf32>
             }}"
        ));
    }
}

#[test]
fn counters_are_tensors_for_those_who_read_them() {
    check(
        "func.func @main(%n: tensor<i32>, %x: tensor<4xf32>) -> (tensor<4xf32>, tensor<i32>) {
           %c0 = arith.constant 0 : index
           %c1 = arith.constant 1 : index
           %c5 = arith.constant 5 : index
           %v = tensor.extract %n[] : tensor<i32>
           %w = arith.index_cast %v : i32 to index
           %t = arith.minsi %w, %c5 : index
           %r:2 = scf.for %i = %c0 to %t step %c1 iter_args(%a = %x, %last = %n) -> (tensor<4xf32>, tensor<i32>) {
             %j = arith.index_cast %i : index to i32
             %k = tensor.from_elements %j : tensor<i32>
             %m = func.call @double(%a) : (tensor<4xf32>) -> tensor<4xf32>
             scf.yield %m, %k : tensor<4xf32>, tensor<i32>
           }
           return %r#0, %r#1 : tensor<4xf32>, tensor<i32>
         }",
    );
}
