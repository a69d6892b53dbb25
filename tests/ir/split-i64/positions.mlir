// pipeline: split-i64
// What is known to fit 32 bits is computed in 32 bits: an index that is stored as i64 needs its sign for a high word, and no more.
gpu.module @kernels {
  gpu.func @argmax(%x: memref<64xf32>, %out: memref<1xi64>) kernel attributes {known_block_size = array<i32: 1, 1, 1>} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c64 = arith.constant 64 : index
    %least = arith.constant 0xFF800000 : f32
    %zero = arith.constant 0 : i64
    %seven = arith.constant 7 : i64
    %at, %most = scf.for %i = %c0 to %c64 step %c1 iter_args(%p = %zero, %m = %least) -> (i64, f32) {
      %v = memref.load %x[%i] : memref<64xf32>
      %larger = arith.cmpf ogt, %v, %m : f32
      %here = arith.index_cast %i : index to i64
      %mod = arith.remsi %here, %seven : i64
      %sum = arith.addi %here, %mod : i64
      %q = arith.select %larger, %sum, %p : i64
      %n = arith.select %larger, %v, %m : f32
      scf.yield %q, %n : i64, f32
    }
    memref.store %at, %out[%c0] : memref<1xi64>
    gpu.return
  }
}
// -----  expected
module {
  gpu.module @kernels {
    gpu.func @argmax(%arg0: memref<64xf32>, %arg1: memref<1x2xi32>) kernel attributes {known_block_size = array<i32: 1, 1, 1>} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c64 = arith.constant 64 : index
      %cst = arith.constant 0xFF800000 : f32
      %c0_i32 = arith.constant 0 : i32
      %c0_i32_0 = arith.constant 0 : i32
      %c7_i32 = arith.constant 7 : i32
      %0:3 = scf.for %arg2 = %c0 to %c64 step %c1 iter_args(%arg3 = %c0_i32, %arg4 = %c0_i32_0, %arg5 = %cst) -> (i32, i32, f32) {
        %1 = memref.load %arg0[%arg2] : memref<64xf32>
        %2 = arith.cmpf ogt, %1, %arg5 : f32
        %3 = arith.index_cast %arg2 : index to i32
        %4 = arith.remsi %3, %c7_i32 : i32
        %5 = arith.addi %3, %4 : i32
        %c31_i32 = arith.constant 31 : i32
        %6 = arith.shrsi %5, %c31_i32 : i32
        %7 = arith.select %2, %5, %arg3 : i32
        %8 = arith.select %2, %6, %arg4 : i32
        %9 = arith.select %2, %1, %arg5 : f32
        scf.yield %7, %8, %9 : i32, i32, f32
      }
      %c0_1 = arith.constant 0 : index
      memref.store %0#0, %arg1[%c0, %c0_1] : memref<1x2xi32>
      %c1_2 = arith.constant 1 : index
      memref.store %0#1, %arg1[%c0, %c1_2] : memref<1x2xi32>
      gpu.return
    }
  }
}
