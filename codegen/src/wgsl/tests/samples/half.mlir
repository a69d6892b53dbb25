module attributes {weft.target = "webgpu-f16-subgroups", gpu.container_module} {
  gpu.module @kernels {
    gpu.func @gelu16(%x: memref<16x4xf16>, %s: memref<4xf16>, %out: memref<16x4xf16>) kernel attributes {known_block_size = array<i32: 16, 1, 1>, test.tolerance = 5.0e-3} {
      %c0 = arith.constant 0 : index
      %i = gpu.thread_id x
      %half = arith.constant dense<0.5> : vector<4xf16>
      %low = arith.constant 0xFC00 : f16
      %v = vector.load %x[%i, %c0] : memref<16x4xf16>, vector<4xf16>
      %k = vector.load %s[%c0] : memref<4xf16>, vector<4xf16>
      %t = math.tanh %v : vector<4xf16>
      %u = arith.mulf %t, %half : vector<4xf16>
      %w = arith.mulf %u, %k : vector<4xf16>
      %lows = vector.broadcast %low : f16 to vector<4xf16>
      %m = arith.maximumf %w, %lows : vector<4xf16>
      vector.store %m, %out[%i, %c0] : memref<16x4xf16>, vector<4xf16>
      gpu.return
    }
    // Neighbours in a row, of a workgroup that has two dims.
    gpu.func @neighbours(%x: memref<2x4x16xf32>, %out: memref<2x4x16xf32>, %places: memref<2x4x16xi32>) kernel attributes {known_block_size = array<i32: 8, 4, 1>, test.grid = [2, 2, 1]} {
      %one = arith.constant 1 : i32
      %width = arith.constant 32 : i32
      %c3 = arith.constant 3 : index
      %z = gpu.block_id y
      %tx = gpu.thread_id x
      %y = gpu.thread_id y
      %i = gpu.global_id x
      %v = memref.load %x[%z, %y, %i] : memref<2x4x16xf32>
      %w, %valid = gpu.shuffle xor %v, %one, %width : f32
      memref.store %w, %out[%z, %y, %i] : memref<2x4x16xf32>
      %lane = gpu.lane_id
      %low = arith.andi %lane, %c3 : index
      %p = arith.addi %low, %tx : index
      %n = arith.index_cast %p : index to i32
      memref.store %n, %places[%z, %y, %i] : memref<2x4x16xi32>
      gpu.return
    }
    // Whatever the size of a subgroup is.
    gpu.func @dot(%x: memref<8x64xf16>, %out: memref<8xf32>) workgroup(%parts : memref<32xf32, #gpu.address_space<workgroup>>) kernel attributes {known_block_size = array<i32: 32, 1, 1>, test.grid = [8, 1, 1]} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c32 = arith.constant 32 : index
      %c64 = arith.constant 64 : index
      %row = gpu.block_id x
      %t = gpu.thread_id x
      %zero = arith.constant 0.0 : f32
      %one = arith.constant 1 : i32
      %width = arith.constant 32 : i32
      %size = gpu.subgroup_size : index
      %s = scf.for %i = %t to %c64 step %c32 iter_args(%a = %zero) -> (f32) {
        %h = memref.load %x[%row, %i] : memref<8x64xf16>
        %f = arith.extf %h : f16 to f32
        %p = arith.mulf %f, %f fastmath<contract> : f32
        %q = arith.addf %a, %p fastmath<contract> : f32
        scf.yield %q : f32
      }
      %all = gpu.subgroup_reduce add %s uniform : (f32) -> f32
      %other, %valid = gpu.shuffle xor %all, %one, %width : f32
      %most = arith.maximumf %all, %other fastmath<nnan> : f32
      %lane = gpu.lane_id
      %first = arith.cmpi eq, %lane, %c0 : index
      scf.if %first {
        %n = arith.divui %t, %size : index
        memref.store %most, %parts[%n] : memref<32xf32, #gpu.address_space<workgroup>>
      }
      gpu.barrier
      %last = arith.cmpi eq, %t, %c0 : index
      scf.if %last {
        %count = arith.divui %c32, %size : index
        %sum = scf.for %i = %c0 to %count step %c1 iter_args(%a = %zero) -> (f32) {
          %p = memref.load %parts[%i] : memref<32xf32, #gpu.address_space<workgroup>>
          %q = arith.addf %a, %p : f32
          scf.yield %q : f32
        }
        memref.store %sum, %out[%row] : memref<8xf32>
      }
      gpu.return
    }
  }
}
