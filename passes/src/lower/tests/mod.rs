//! What the lowerings make of small kernels.

mod control;
mod copy;
mod dot;
mod generic;
mod grid_products;
mod layer_norm;
mod matmul;
mod pick;
mod pool;
mod recurrent;
mod reduce;
mod serial;
mod softmax;
mod types;
mod winograd;

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

fn tensor(shape: &[i64]) -> String {
    format!("tensor<{}f32>", shape.iter().map(|d| format!("{d}x")).collect::<String>())
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
