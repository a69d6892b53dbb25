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

#[test]
fn barriers_that_not_all_reach() {
    assert_snapshot!(message(
        "webgpu",
        r#"gpu.func @kernel(%x: memref<64xi32>, %y: memref<64xi32>, %n: index) workgroup(%w: memref<64xi32, #gpu.address_space<workgroup>>)
             kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
          %c0 = arith.constant 0 : index
          %c1 = arith.constant 1 : index
          %c9 = arith.constant 9 : i32
          %i = gpu.thread_id x
          %b = gpu.block_id x
          // As far as the argument says, and as a buffer that is only read says: for all.
          %bound = memref.load %x[%b] : memref<64xi32>
          %end = arith.index_cast %bound : i32 to index
          scf.for %k = %b to %n step %c1 {
            scf.for %l = %c0 to %end step %c1 {
              gpu.barrier
            }
          }
          // As many times as the invocation's number.
          scf.for %k = %c0 to %i step %c1 {
            gpu.barrier loc("by invocation")
          }
          // As workgroup memory says.
          %seen = memref.load %w[%c0] : memref<64xi32, #gpu.address_space<workgroup>>
          %p = arith.cmpi slt, %seen, %c9 : i32
          scf.if %p {
            gpu.barrier loc("by memory")
          }
          // What a loop carries becomes a number of the invocation's.
          %r = scf.for %k = %c0 to %n step %c1 iter_args(%a = %c0) -> (index) {
            %in = arith.cmpi slt, %a, %n : index
            scf.if %in {
              gpu.barrier loc("by what is carried")
            }
            %next = arith.addi %a, %i : index
            scf.yield %next : index
          }
          %s = arith.index_cast %r : index to i32
          memref.store %s, %y[%i] : memref<64xi32>
          gpu.return
        }"#
    ));
}
