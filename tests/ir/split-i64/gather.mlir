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
