module attributes {weft.target = "webgpu", gpu.container_module} {
  gpu.module @kernels {
    // Bytes, four at a time and one by one.
    gpu.func @bytes(%x: memref<16x4xi8>, %y: memref<64xi8>, %out: memref<16x4xi8>, %sums: memref<16xi32>) kernel attributes {known_block_size = array<i32: 16, 1, 1>} {
      %c0 = arith.constant 0 : index
      %i = gpu.thread_id x
      %v = vector.load %x[%i, %c0] : memref<16x4xi8>, vector<4xi8>
      %b = memref.load %y[%i] : memref<64xi8>
      %wide = arith.extsi %v : vector<4xi8> to vector<4xi32>
      %wb = arith.extui %b : i8 to i32
      %s = vector.broadcast %wb : i32 to vector<4xi32>
      %sum = arith.addi %wide, %s : vector<4xi32>
      %n = arith.trunci %sum : vector<4xi32> to vector<4xi8>
      vector.store %n, %out[%i, %c0] : memref<16x4xi8>, vector<4xi8>
      %r = vector.extract %sum[2] : i32 from vector<4xi32>
      memref.store %r, %sums[%i] : memref<16xi32>
      gpu.return
    }
    gpu.func @single_bytes(%x: memref<64xf32>, %out: memref<64xi8>, %flags: memref<64xi1>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.range = [-300, 300]} {
      %i = gpu.thread_id x
      %zero = arith.constant 0.0 : f32
      %v = memref.load %x[%i] : memref<64xf32>
      %n = arith.fptosi %v : f32 to i8
      memref.store %n, %out[%i] : memref<64xi8>
      %p = arith.cmpf ogt, %v, %zero : f32
      memref.store %p, %flags[%i] : memref<64xi1>
      gpu.return
    }
    gpu.func @flags(%f: memref<16x4xi1>, %g: memref<64xi1>, %x: memref<16x4xf32>, %out: memref<16x4xf32>) kernel attributes {known_block_size = array<i32: 16, 1, 1>} {
      %c0 = arith.constant 0 : index
      %i = gpu.thread_id x
      %zero = arith.constant dense<0.0> : vector<4xf32>
      %v = vector.load %f[%i, %c0] : memref<16x4xi1>, vector<4xi1>
      %one = memref.load %g[%i] : memref<64xi1>
      %all = vector.broadcast %one : i1 to vector<4xi1>
      %both = arith.andi %v, %all : vector<4xi1>
      %a = vector.load %x[%i, %c0] : memref<16x4xf32>, vector<4xf32>
      %r = arith.select %both, %a, %zero : vector<4xi1>, vector<4xf32>
      vector.store %r, %out[%i, %c0] : memref<16x4xf32>, vector<4xf32>
      gpu.return
    }
    gpu.func @halves(%x: memref<16x4xf16>, %y: memref<64xf16>, %z: memref<16x4xbf16>, %out: memref<16x4xf16>, %bout: memref<64xbf16>) kernel attributes {known_block_size = array<i32: 16, 1, 1>, test.tolerance = 1.0e-2} {
      %c0 = arith.constant 0 : index
      %i = gpu.thread_id x
      %v = vector.load %x[%i, %c0] : memref<16x4xf16>, vector<4xf16>
      %w = vector.load %z[%i, %c0] : memref<16x4xbf16>, vector<4xbf16>
      %s = memref.load %y[%i] : memref<64xf16>
      %vw = arith.extf %v : vector<4xf16> to vector<4xf32>
      %ww = arith.extf %w : vector<4xbf16> to vector<4xf32>
      %sw = arith.extf %s : f16 to f32
      %sv = vector.broadcast %sw : f32 to vector<4xf32>
      %t = arith.addf %vw, %ww : vector<4xf32>
      %u = arith.mulf %t, %sv : vector<4xf32>
      %n = arith.truncf %u : vector<4xf32> to vector<4xf16>
      vector.store %n, %out[%i, %c0] : memref<16x4xf16>, vector<4xf16>
      %first = vector.extract %u[0] : f32 from vector<4xf32>
      %b = arith.truncf %first : f32 to bf16
      memref.store %b, %bout[%i] : memref<64xbf16>
      gpu.return
    }
    // i64: loaded, cut, extended, stored.
    gpu.func @words(%x: memref<64xi64>, %out: memref<64xi64>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.thread_id x
      %minus = arith.constant -5 : i64
      %zero = arith.constant 0 : i32
      %v = memref.load %x[%i] : memref<64xi64>
      %n = arith.trunci %v : i64 to i32
      %p = arith.cmpi slt, %n, %zero : i32
      %w = arith.extsi %n : i32 to i64
      %r = arith.select %p, %minus, %w : i64
      memref.store %r, %out[%i] : memref<64xi64>
      gpu.return
    }
  }
}
