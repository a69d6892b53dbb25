module attributes {weft.target = "webgpu", gpu.container_module} {
  gpu.module @kernels {
    // Views: an offset, strides, a part of a part.
    gpu.func @views(%x: memref<8x16x4xf32>, %out: memref<4x4xf32, strided<[32, 1], offset: 64>>) kernel attributes {known_block_size = array<i32: 4, 4, 1>} {
      %c2 = arith.constant 2 : index
      %i = gpu.thread_id x
      %j = gpu.thread_id y
      %part = memref.subview %x[1, 2, 0] [4, 7, 4] [1, 2, 1] : memref<8x16x4xf32> to memref<4x7x4xf32, strided<[64, 8, 1], offset: 72>>
      %flat = memref.reinterpret_cast %x to offset: [128], sizes: [64], strides: [2] : memref<8x16x4xf32> to memref<64xf32, strided<[2], offset: 128>>
      %a = memref.load %part[%i, %j, %c2] : memref<4x7x4xf32, strided<[64, 8, 1], offset: 72>>
      %b = memref.load %flat[%j] : memref<64xf32, strided<[2], offset: 128>>
      %s = arith.addf %a, %b : f32
      memref.store %s, %out[%i, %j] : memref<4x4xf32, strided<[32, 1], offset: 64>>
      gpu.return
    }
    // The evaluator knows no offsets that are computed.
    gpu.func @computed_view(%x: memref<8x16x4xf32>, %out: memref<16xf32>) kernel attributes {known_block_size = array<i32: 16, 1, 1>, test.text_only} {
      %c2 = arith.constant 2 : index
      %i = gpu.block_id x
      %j = gpu.thread_id x
      %line = memref.subview %x[%i, 0, 0] [1, 16, 4] [1, 1, 1] : memref<8x16x4xf32> to memref<16x4xf32, strided<[4, 1], offset: ?>>
      %a = memref.load %line[%j, %c2] : memref<16x4xf32, strided<[4, 1], offset: ?>>
      memref.store %a, %out[%j] : memref<16xf32>
      gpu.return
    }
    // Vectors and single loads of one buffer; a column that the compiler knows, and one that it doesn't.
    gpu.func @mixed(%x: memref<16x8xf32>, %out: memref<16xf32>) kernel attributes {known_block_size = array<i32: 16, 1, 1>} {
      %c4 = arith.constant 4 : index
      %c5 = arith.constant 5 : index
      %i = gpu.thread_id x
      %c7 = arith.constant 7 : index
      %j = arith.andi %i, %c7 : index
      %v = vector.load %x[%i, %c4] : memref<16x8xf32>, vector<4xf32>
      %a = memref.load %x[%i, %c5] : memref<16x8xf32>
      %b = memref.load %x[%i, %j] : memref<16x8xf32>
      %f = vector.extract %v[3] : f32 from vector<4xf32>
      %s = arith.addf %a, %b : f32
      %t = arith.mulf %s, %f : f32
      memref.store %t, %out[%i] : memref<16xf32>
      gpu.return
    }
    // A vector in the middle of nowhere is four scalars.
    gpu.func @unaligned(%x: memref<64xf32>, %out: memref<16x4xf32>) kernel attributes {known_block_size = array<i32: 16, 1, 1>} {
      %c0 = arith.constant 0 : index
      %c3 = arith.constant 3 : index
      %i = gpu.thread_id x
      %p = arith.muli %i, %c3 : index
      %v = vector.load %x[%p] : memref<64xf32>, vector<4xf32>
      vector.store %v, %out[%i, %c0] : memref<16x4xf32>, vector<4xf32>
      gpu.return
    }
    // An array of its own, and a loop by fours.
    gpu.func @private(%x: memref<64x16xf32>, %out: memref<64x16xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %c12 = arith.constant 12 : index
      %c16 = arith.constant 16 : index
      %i = gpu.global_id x
      %own = memref.alloca() : memref<16xf32>
      scf.for %k = %c0 to %c16 step %c4 {
        %v = vector.load %x[%i, %k] : memref<64x16xf32>, vector<4xf32>
        vector.store %v, %own[%k] : memref<16xf32>, vector<4xf32>
      }
      scf.for %k = %c0 to %c16 step %c4 {
        %q = arith.subi %c12, %k : index
        %v = vector.load %own[%q] : memref<16xf32>, vector<4xf32>
        %w = vector.shuffle %v, %v [3, 2, 1, 0] : vector<4xf32>, vector<4xf32>
        vector.store %w, %out[%i, %k] : memref<64x16xf32>, vector<4xf32>
      }
      gpu.return
    }
    // Loads stay before the stores that follow them.
    gpu.func @swap(%x: memref<128xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %c64 = arith.constant 64 : index
      %i = gpu.thread_id x
      %j = arith.addi %i, %c64 : index
      %a = memref.load %x[%i] : memref<128xf32>
      %b = memref.load %x[%j] : memref<128xf32>
      memref.store %b, %x[%i] : memref<128xf32>
      memref.store %a, %x[%j] : memref<128xf32>
      gpu.return
    }
  }
}
