// pipeline: to-grid
func.func private @reverse(%x: memref<64xf32>, %out: memref<64xf32>) attributes {weft.schedule = {grid_x = 1 : i64, grid_y = 1 : i64, grid_z = 1 : i64, block_x = 64 : i64, block_y = 1 : i64, block_z = 1 : i64}} {
  %shared = memref.alloc() : memref<64xf32, #gpu.address_space<workgroup>>
  %c63 = arith.constant 63 : index
  %i = gpu.thread_id x
  %v = memref.load %x[%i] : memref<64xf32>
  memref.store %v, %shared[%i] : memref<64xf32, #gpu.address_space<workgroup>>
  gpu.barrier
  %j = arith.subi %c63, %i : index
  %w = memref.load %shared[%j] : memref<64xf32, #gpu.address_space<workgroup>>
  memref.store %w, %out[%i] : memref<64xf32>
  return
}
func.func @main(%x: memref<64xf32>, %out: memref<64xf32>) {
  call @reverse(%x, %out) : (memref<64xf32>, memref<64xf32>) -> ()
  return
}
// -----  expected
module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @reverse(%arg0: memref<64xf32>, %arg1: memref<64xf32>) workgroup(%arg2 : memref<64xf32, #gpu.address_space<workgroup>>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %c63 = arith.constant 63 : index
      %thread_id_x = gpu.thread_id  x
      %0 = memref.load %arg0[%thread_id_x] : memref<64xf32>
      memref.store %0, %arg2[%thread_id_x] : memref<64xf32, #gpu.address_space<workgroup>>
      gpu.barrier
      %1 = arith.subi %c63, %thread_id_x : index
      %2 = memref.load %arg2[%1] : memref<64xf32, #gpu.address_space<workgroup>>
      memref.store %2, %arg1[%thread_id_x] : memref<64xf32>
      gpu.return
    }
  }
  func.func @main(%arg0: memref<64xf32>, %arg1: memref<64xf32>) {
    %c1 = arith.constant 1 : index
    %c1_0 = arith.constant 1 : index
    %c1_1 = arith.constant 1 : index
    %c64 = arith.constant 64 : index
    %c1_2 = arith.constant 1 : index
    %c1_3 = arith.constant 1 : index
    gpu.launch_func  @kernels::@reverse blocks in (%c1, %c1_0, %c1_1) threads in (%c64, %c1_2, %c1_3)  args(%arg0 : memref<64xf32>, %arg1 : memref<64xf32>)
    return
  }
}
