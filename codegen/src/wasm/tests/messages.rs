//! Errors: all at once, with op, function and node.

use super::try_binary;
use insta::assert_snapshot;

fn message(target: &str, functions: &str) -> String {
    try_binary(target, functions).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn unknown_ops_and_types_are_listed() {
    assert_snapshot!(message(
        "wasm-simd",
        r#"func.func private @kernel(%x: i32, %m: memref<4xf32>) -> i32 {
          %c = arith.constant 0 : index
          %f = memref.load %m[%c] : memref<4xf32> loc("conv1")
          %e = math.exp %f : f32 loc("softmax")
          %y = arith.minsi %x, %x : i32
          %v = arith.constant dense<0> : vector<8xi8>
          return %y : i32
        }
        func.func @main(%x: i32, %m: memref<4xf32>) {
          %x1 = arith.constant 1.0 : f32
          %v = "wasm.f32x4_splat"(%x1) : (f32) -> vector<4xf32>
          %w = "wasm.f32x4_relaxed_madd"(%v, %v, %v) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          %s = "wasm.f32x4_extract_lane"(%w) {lanes = array<i64: 4>} : (vector<4xf32>) -> f32
          %o = "wasm.f32_load"(%x) {offset = -4 : i32} : (i32) -> f32
          func.call @kernel(%x, %m) : (i32, memref<4xf32>) -> i32
          func.call @elsewhere() : () -> ()
          return
        }
        func.func private @elsewhere()"#
    ));
}

#[test]
fn modules_that_cannot_be() {
    assert_snapshot!(message("wgsl", "func.func @main() { return }"), @"no Wasm module can be made: weft.target is 'wgsl', not 'wasm-simd' or 'wasm-relaxed'");
    assert_snapshot!(message("wasm-simd", "func.func private @main() { return }"), @"no Wasm module can be made: none of its functions is public");
    let session = weft_dialects::ir::Session::new();
    let module = weft_dialects::ir::parse(session.cx(), "func.func @main() { return }").unwrap();
    let link = super::LinkOptions { pages: 1, data: Some((65_000, vec![0; 1000])), names: false };
    let error = super::emit(weft_dialects::ir::module_op(&module), &link).unwrap_err();
    assert_snapshot!(error.to_string(), @"1000 bytes of data at 65000 don't fit into a memory of 1 pages");
}

#[test]
fn an_invalid_module_says_where() {
    let valid = try_binary("wasm-relaxed", "func.func @main(%x: vector<4xf32>) -> vector<4xf32> { %y = \"wasm.f32x4_relaxed_min\"(%x, %x) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32> return %y : vector<4xf32> }").unwrap();
    let error = super::super::check::check(&valid, false, &["main".to_owned()]).unwrap_err();
    assert_snapshot!(error.to_string());
}
