module attributes {weft.target = "webgpu", gpu.container_module} {
  gpu.module @kernels {
    gpu.func @relu(%x: memref<1024xf32> loc("x"), %out: memref<1024xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.grid = [16, 1, 1], test.specials} {
      %c64 = arith.constant 64 : index
      %zero = arith.constant 0.0 : f32
      %b = gpu.block_id x
      %t = gpu.thread_id x
      %base = arith.muli %b, %c64 : index
      %i = arith.addi %base, %t : index
      %v = memref.load %x[%i] : memref<1024xf32>
      %y = arith.maximumf %v, %zero : f32
      memref.store %y, %out[%i] : memref<1024xf32>
      gpu.return
    }
    gpu.func @add4(%x: memref<4x256xf32>, %y: memref<256xf32>, %out: memref<4x256xf32>, %n: index loc("rows")) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.symbols = [3]} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %t = gpu.global_id x
      %col = arith.muli %t, %c4 : index
      %b = vector.load %y[%col] : memref<256xf32>, vector<4xf32>
      scf.for %row = %c0 to %n step %c1 {
        %a = vector.load %x[%row, %col] : memref<4x256xf32>, vector<4xf32>
        %s = arith.addf %a, %b : vector<4xf32>
        vector.store %s, %out[%row, %col] : memref<4x256xf32>, vector<4xf32>
      }
      gpu.return
    }
    gpu.func @matmul(%a: memref<32x48xf32>, %w: memref<48x128xf32>, %out: memref<32x128xf32>) workgroup(%tile : memref<16x16xf32, #gpu.address_space<workgroup>>) kernel attributes {known_block_size = array<i32: 16, 16, 1>, test.grid = [2, 2, 1]} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %c16 = arith.constant 16 : index
      %c48 = arith.constant 48 : index
      %zero = arith.constant dense<0.0> : vector<4xf32>
      %bx = gpu.block_id x
      %by = gpu.block_id y
      %tx = gpu.thread_id x
      %ty = gpu.thread_id y
      %m0 = arith.muli %by, %c16 : index
      %m = arith.addi %m0, %ty : index
      %n0 = arith.muli %bx, %c16 : index
      %n1 = arith.addi %n0, %tx : index
      %n = arith.muli %n1, %c4 : index
      %r = scf.for %k0 = %c0 to %c48 step %c16 iter_args(%acc0 = %zero) -> (vector<4xf32>) {
        %kk = arith.addi %k0, %tx : index
        %v = memref.load %a[%m, %kk] : memref<32x48xf32>
        memref.store %v, %tile[%ty, %tx] : memref<16x16xf32, #gpu.address_space<workgroup>>
        gpu.barrier
        %r2 = scf.for %k = %c0 to %c16 step %c1 iter_args(%acc = %acc0) -> (vector<4xf32>) {
          %s = memref.load %tile[%ty, %k] : memref<16x16xf32, #gpu.address_space<workgroup>>
          %kq = arith.addi %k0, %k : index
          %b = vector.load %w[%kq, %n] : memref<48x128xf32>, vector<4xf32>
          %sv = vector.broadcast %s : f32 to vector<4xf32>
          %p = arith.mulf %sv, %b fastmath<contract> : vector<4xf32>
          %q = arith.addf %p, %acc fastmath<contract> : vector<4xf32>
          scf.yield %q : vector<4xf32>
        }
        gpu.barrier
        scf.yield %r2 : vector<4xf32>
      }
      vector.store %r, %out[%m, %n] : memref<32x128xf32>, vector<4xf32>
      gpu.return
    }
  }
}
