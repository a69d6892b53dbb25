module attributes {weft.target = "webgpu", gpu.container_module} {
  gpu.module @kernels {
    // A conditional with results; values of a loop that cross.
    gpu.func @fibonacci(%n: memref<64xi32>, %out: memref<64xi32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.range = [-5, 30]} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %zero = arith.constant 0 : i32
      %one = arith.constant 1 : i32
      %i = gpu.global_id x
      %v = memref.load %n[%i] : memref<64xi32>
      %end = arith.index_cast %v : i32 to index
      %r:2 = scf.for %k = %c0 to %end step %c1 iter_args(%a = %zero, %b = %one) -> (i32, i32) {
        %s = arith.addi %a, %b : i32
        scf.yield %b, %s : i32, i32
      }
      %small = arith.cmpi slt, %v, %one : i32
      %y = scf.if %small -> (i32) {
        %neg = arith.subi %zero, %v : i32
        scf.yield %neg : i32
      } else {
        scf.yield %r#0 : i32
      }
      memref.store %y, %out[%i] : memref<64xi32>
      gpu.return
    }
    // Stops at the first power of two that is large enough.
    gpu.func @power(%n: memref<64xi32>, %out: memref<64xi32>, %steps: memref<64xi32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.range = [-5, 1000]} {
      %i = gpu.global_id x
      %zero = arith.constant 0 : i32
      %one = arith.constant 1 : i32
      %v = memref.load %n[%i] : memref<64xi32>
      %r:2 = scf.while (%x = %one, %s = %zero) : (i32, i32) -> (i32, i32) {
        %go = arith.cmpi slt, %x, %v : i32
        scf.condition(%go) %x, %s : i32, i32
      } do {
      ^bb0(%y: i32, %t: i32):
        %d = arith.addi %y, %y : i32
        %u = arith.addi %t, %one : i32
        scf.yield %d, %u : i32, i32
      }
      memref.store %r#0, %out[%i] : memref<64xi32>
      memref.store %r#1, %steps[%i] : memref<64xi32>
      gpu.return
    }
    // What doesn't depend on the loops is computed outside of them; the tail is guarded.
    gpu.func @guarded(%x: memref<10x33xf32>, %out: memref<33xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c10 = arith.constant 10 : index
      %c33 = arith.constant 33 : index
      %zero = arith.constant 0.0 : f32
      %i = gpu.global_id x
      %in = arith.cmpi ult, %i, %c33 : index
      scf.if %in {
        %f0 = arith.index_cast %i : index to i32
        %f1 = arith.sitofp %f0 : i32 to f32
        %scale = math.exp %f1 : f32
        %sum = scf.for %k = %c0 to %c10 step %c1 iter_args(%s = %zero) -> (f32) {
          %v = memref.load %x[%k, %i] : memref<10x33xf32>
          %p = arith.mulf %v, %scale : f32
          %t = arith.addf %s, %p : f32
          scf.yield %t : f32
        }
        memref.store %sum, %out[%i] : memref<33xf32>
      }
      gpu.return
    }
    // One unit an invocation, as kernels without a grid form of their own have it.
    gpu.func @one_unit(%x: memref<100xf32>, %out: memref<100xf32>, %ends: memref<100xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.grid = [2, 1, 1]} {
      %c1 = arith.constant 1 : index
      %c64 = arith.constant 64 : index
      %c100 = arith.constant 100 : index
      %zero = arith.constant 0.0 : f32
      %six = arith.constant 6.0 : f32
      %b = gpu.block_id x
      %t = gpu.thread_id x
      %first = arith.muli %b, %c64 : index
      %id = arith.addi %first, %t : index
      %next = arith.addi %id, %c1 : index
      %end = arith.minsi %next, %c100 : index
      %last = scf.for %i = %id to %end step %c1 iter_args(%s = %six) -> (f32) {
        %v = memref.load %x[%i] : memref<100xf32>
        %r = arith.maximumf %v, %zero : f32
        %m = arith.minimumf %r, %six : f32
        memref.store %m, %out[%i] : memref<100xf32>
        %n = arith.subf %s, %m : f32
        scf.yield %n : f32
      }
      %in = arith.cmpi slt, %id, %c100 : index
      scf.if %in {
        memref.store %last, %ends[%id] : memref<100xf32>
      }
      gpu.return
    }
    // A tree in workgroup memory; the bound of the loop is the same for all.
    gpu.func @reduce(%x: memref<4x1000xf32>, %out: memref<4xf32>) workgroup(%sums : memref<64xf32, #gpu.address_space<workgroup>>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.grid = [4, 1, 1], test.specials} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %c32 = arith.constant 32 : index
      %c64 = arith.constant 64 : index
      %c1000 = arith.constant 1000 : index
      %low = arith.constant 0xFF800000 : f32
      %row = gpu.block_id x
      %t = gpu.thread_id x
      %m = scf.for %i = %t to %c1000 step %c64 iter_args(%a = %low) -> (f32) {
        %v = memref.load %x[%row, %i] : memref<4x1000xf32>
        %n = arith.maximumf %a, %v : f32
        scf.yield %n : f32
      }
      memref.store %m, %sums[%t] : memref<64xf32, #gpu.address_space<workgroup>>
      gpu.barrier
      %last = scf.while (%half = %c32) : (index) -> index {
        %go = arith.cmpi sgt, %half, %c0 : index
        scf.condition(%go) %half : index
      } do {
      ^bb0(%h: index):
        %mine = arith.cmpi slt, %t, %h : index
        scf.if %mine {
          %other = arith.addi %t, %h : index
          %p = memref.load %sums[%t] : memref<64xf32, #gpu.address_space<workgroup>>
          %q = memref.load %sums[%other] : memref<64xf32, #gpu.address_space<workgroup>>
          %n = arith.maxnumf %p, %q : f32
          memref.store %n, %sums[%t] : memref<64xf32, #gpu.address_space<workgroup>>
        }
        gpu.barrier
        %next = arith.divui %h, %c2 : index
        scf.yield %next : index
      }
      %first = arith.cmpi eq, %t, %c0 : index
      scf.if %first {
        %r = memref.load %sums[%c0] : memref<64xf32, #gpu.address_space<workgroup>>
        memref.store %r, %out[%row] : memref<4xf32>
      }
      gpu.return
    }
  }
}
