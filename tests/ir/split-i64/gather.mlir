// pipeline: split-i64
// Positions that data give are narrowed to the nearest 32-bit number before they are clamped, and buffers of i64 have words in
// one more dim, in kernels and where they are planned alike.
module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @gather(%ids: memref<16xi64>, %table: memref<100x8xf32>, %out: memref<16x8xf32>) kernel attributes {known_block_size = array<i32: 16, 1, 1>} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c8 = arith.constant 8 : index
      %c99 = arith.constant 99 : index
      %c100 = arith.constant 100 : index
      %i = gpu.thread_id x
      %id = memref.load %ids[%i] : memref<16xi64>
      %p = arith.index_cast %id : i64 to index
      %negative = arith.cmpi slt, %p, %c0 : index
      %back = arith.addi %p, %c100 : index
      %q = arith.select %negative, %back, %p : index
      %low = arith.minsi %q, %c99 : index
      %row = arith.maxsi %low, %c0 : index
      scf.for %j = %c0 to %c8 step %c1 {
        %x = memref.load %table[%row, %j] : memref<100x8xf32>
        memref.store %x, %out[%i, %j] : memref<16x8xf32>
      }
      gpu.return
    }
  }
  func.func @main(%arena: memref<256xi8>, %table: memref<100x8xf32>, %out: memref<16x8xf32>) {
    %c1 = arith.constant 1 : index
    %c16 = arith.constant 16 : index
    %c64 = arith.constant 64 : index
    %ids = memref.view %arena[%c64][] : memref<256xi8> to memref<16xi64>
    gpu.launch_func @kernels::@gather blocks in (%c1, %c1, %c1) threads in (%c16, %c1, %c1)
      args(%ids : memref<16xi64>, %table : memref<100x8xf32>, %out : memref<16x8xf32>)
    return
  }
}
// -----  expected
module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @gather(%arg0: memref<16x2xi32>, %arg1: memref<100x8xf32>, %arg2: memref<16x8xf32>) kernel attributes {known_block_size = array<i32: 16, 1, 1>} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c8 = arith.constant 8 : index
      %c99 = arith.constant 99 : index
      %c100 = arith.constant 100 : index
      %thread_id_x = gpu.thread_id  x
      %c0_0 = arith.constant 0 : index
      %0 = memref.load %arg0[%thread_id_x, %c0_0] : memref<16x2xi32>
      %c1_1 = arith.constant 1 : index
      %1 = memref.load %arg0[%thread_id_x, %c1_1] : memref<16x2xi32>
      %c31_i32 = arith.constant 31 : i32
      %2 = arith.shrsi %1, %c31_i32 : i32
      %c2147483647_i32 = arith.constant 2147483647 : i32
      %3 = arith.xori %2, %c2147483647_i32 : i32
      %c31_i32_2 = arith.constant 31 : i32
      %4 = arith.shrsi %0, %c31_i32_2 : i32
      %5 = arith.cmpi eq, %1, %4 : i32
      %6 = arith.select %5, %0, %3 : i32
      %7 = arith.index_cast %6 : i32 to index
      %8 = arith.cmpi slt, %7, %c0 : index
      %9 = arith.addi %7, %c100 : index
      %10 = arith.select %8, %9, %7 : index
      %11 = arith.minsi %10, %c99 : index
      %12 = arith.maxsi %11, %c0 : index
      scf.for %arg3 = %c0 to %c8 step %c1 {
        %13 = memref.load %arg1[%12, %arg3] : memref<100x8xf32>
        memref.store %13, %arg2[%thread_id_x, %arg3] : memref<16x8xf32>
      }
      gpu.return
    }
  }
  func.func @main(%arg0: memref<256xi8>, %arg1: memref<100x8xf32>, %arg2: memref<16x8xf32>) {
    %c1 = arith.constant 1 : index
    %c16 = arith.constant 16 : index
    %c64 = arith.constant 64 : index
    %view = memref.view %arg0[%c64][] : memref<256xi8> to memref<16x2xi32>
    gpu.launch_func  @kernels::@gather blocks in (%c1, %c1, %c1) threads in (%c16, %c1, %c1)  args(%view : memref<16x2xi32>, %arg1 : memref<100x8xf32>, %arg2 : memref<16x8xf32>)
    return
  }
}
