//! Errors: all at once, with op, kernel and node.

use super::try_emit;
use insta::assert_snapshot;

fn message(target: &str, kernels: &str) -> String {
    let text = format!("module attributes {{weft.target = \"{target}\"}} {{ gpu.module @kernels {{ {kernels} }} }}");
    try_emit(&text).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn what_has_no_wgsl_is_listed() {
    assert_snapshot!(message(
        "webgpu",
        r#"gpu.func @first(%x: memref<64xf32>, %w: memref<64xi64>, %out: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
          %i = gpu.thread_id x
          %v = memref.load %x[%i] : memref<64xf32>
          %e = math.erf %v : f32 loc("gelu")
          %n = memref.load %w[%i] : memref<64xi64>
          %m = arith.addi %n, %n : i64 loc("positions")
          memref.store %m, %w[%i] : memref<64xi64>
          memref.store %e, %out[%i] : memref<64xf32>
          gpu.return
        }
        gpu.func @second(%x: memref<64xf64>, %out: memref<64xf32>, %s: f32) kernel {
          %i = gpu.thread_id x
          %v = memref.load %x[%i] : memref<64xf64>
          %f = arith.truncf %v : f64 to f32
          %l = vector.load %out[%i] : memref<64xf32>, vector<8xf32>
          %yes = arith.cmpf ogt, %f, %s : f32
          %z = arith.select %yes, %x, %x : memref<64xf64>
          %q = memref.load %z[%i] : memref<64xf64>
          %all = gpu.subgroup_reduce add %f : (f32) -> f32
          memref.store %all, %out[%i] : memref<64xf32>
          gpu.return
        }"#
    ));
}

#[test]
fn what_the_target_has_too_little_of() {
    let arguments: Vec<String> = (0..10).map(|i| format!("%a{i}: memref<4xf32>")).collect();
    assert_snapshot!(message(
        "webgpu",
        &format!(
            r#"gpu.func @large({}) workgroup(%w: memref<4097xf32, #gpu.address_space<workgroup>>, %v: memref<3xi1, #gpu.address_space<workgroup>>)
                 kernel attributes {{known_block_size = array<i32: 8, 8, 65>}} {{ gpu.return }}"#,
            arguments.join(", ")
        )
    ));
}

#[test]
fn one_buffer_has_one_kind_of_elements() {
    assert_snapshot!(message(
        "webgpu",
        r#"gpu.func @kernel(%x: memref<256xi8>, %out: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
          %i = gpu.thread_id x
          %c4 = arith.constant 4 : index
          %w = memref.view %x[%c4][] : memref<256xi8> to memref<63xf32>
          %v = memref.load %w[%i] : memref<63xf32>
          %b = memref.load %x[%i] : memref<256xi8>
          memref.store %v, %out[%i] : memref<64xf32>
          gpu.return
        }"#
    ));
}
