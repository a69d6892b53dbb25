module attributes {weft.target = "webgpu", gpu.container_module} {
  gpu.module @kernels {
    gpu.func @functions_absf(%x: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>, %o4: memref<64xf32>, %o5: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %r0 = math.absf %vx : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      %r1 = math.acos %vx : f32
      memref.store %r1, %o1[%i] : memref<64xf32>
      %r2 = math.acosh %vx : f32
      memref.store %r2, %o2[%i] : memref<64xf32>
      %r3 = math.asin %vx : f32
      memref.store %r3, %o3[%i] : memref<64xf32>
      %r4 = math.asinh %vx : f32
      memref.store %r4, %o4[%i] : memref<64xf32>
      %r5 = math.atan %vx : f32
      memref.store %r5, %o5[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @functions_atanh(%x: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>, %o4: memref<64xf32>, %o5: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %r0 = math.atanh %vx : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      %r1 = math.ceil %vx : f32
      memref.store %r1, %o1[%i] : memref<64xf32>
      %r2 = math.cos %vx : f32
      memref.store %r2, %o2[%i] : memref<64xf32>
      %r3 = math.cosh %vx : f32
      memref.store %r3, %o3[%i] : memref<64xf32>
      %r4 = math.exp %vx : f32
      memref.store %r4, %o4[%i] : memref<64xf32>
      %r5 = math.exp2 %vx : f32
      memref.store %r5, %o5[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @functions_floor(%x: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>, %o4: memref<64xf32>, %o5: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %r0 = math.floor %vx : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      %r1 = math.log %vx : f32
      memref.store %r1, %o1[%i] : memref<64xf32>
      %r2 = math.log10 %vx : f32
      memref.store %r2, %o2[%i] : memref<64xf32>
      %r3 = math.log2 %vx : f32
      memref.store %r3, %o3[%i] : memref<64xf32>
      %r4 = math.round %vx : f32
      memref.store %r4, %o4[%i] : memref<64xf32>
      %r5 = math.roundeven %vx : f32
      memref.store %r5, %o5[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @functions_rsqrt(%x: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>, %o4: memref<64xf32>, %o5: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %r0 = math.rsqrt %vx : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      %r1 = math.sin %vx : f32
      memref.store %r1, %o1[%i] : memref<64xf32>
      %r2 = math.sinh %vx : f32
      memref.store %r2, %o2[%i] : memref<64xf32>
      %r3 = math.sqrt %vx : f32
      memref.store %r3, %o3[%i] : memref<64xf32>
      %r4 = math.tan %vx : f32
      memref.store %r4, %o4[%i] : memref<64xf32>
      %r5 = math.tanh %vx : f32
      memref.store %r5, %o5[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @functions_trunc(%x: memref<64xf32>, %o0: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %r0 = math.trunc %vx : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @two_arguments(%x: memref<64xf32>, %y: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>, %o4: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %vy = memref.load %y[%i] : memref<64xf32>
      %r0 = math.atan2 %vx, %vy : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      %r1 = math.copysign %vx, %vy : f32
      memref.store %r1, %o1[%i] : memref<64xf32>
      %r2 = math.powf %vx, %vy : f32
      memref.store %r2, %o2[%i] : memref<64xf32>
      %f = math.fma %vx, %vy, %vx : f32
      memref.store %f, %o3[%i] : memref<64xf32>
      %two = arith.constant 2.0 : f32
      %p = math.powf %vx, %two : f32
      memref.store %p, %o4[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @bits(%x: memref<64xi32>, %y: memref<64xf32>, %o0: memref<64xi32>, %o1: memref<64xi32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xi32>
      %vy = memref.load %y[%i] : memref<64xf32>
      %a = math.absi %vx : i32
      %b = math.ctpop %vx : i32
      %c = math.ctlz %vx : i32
      %d = math.cttz %vx : i32
      %n = math.isnan %vy : f32
      %m = math.isinf %vy : f32
      %o = math.isfinite %vy : f32
      %nw = arith.extui %n : i1 to i32
      %mw = arith.extui %m : i1 to i32
      %ow = arith.extui %o : i1 to i32
      %s0 = arith.addi %a, %b : i32
      %s1 = arith.addi %s0, %c : i32
      %s2 = arith.addi %s1, %d : i32
      %t0 = arith.subi %nw, %mw : i32
      %t1 = arith.subi %t0, %ow : i32
      memref.store %s2, %o0[%i] : memref<64xi32>
      memref.store %t1, %o1[%i] : memref<64xi32>
      gpu.return
    }
    gpu.func @vectors(%x: memref<16x4xf32>, %out: memref<16x4xf32>, %last: memref<16xf32>) kernel attributes {known_block_size = array<i32: 16, 1, 1>} {
      %c0 = arith.constant 0 : index
      %c3 = arith.constant 3 : index
      %i = gpu.thread_id x
      %k = arith.andi %i, %c3 : index
      %two = arith.constant 2.0 : f32
      %table = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : vector<4xf32>
      %v = vector.load %x[%i, %c0] : memref<16x4xf32>, vector<4xf32>
      %a = vector.extract %v[1] : f32 from vector<4xf32>
      %b = vector.extract %v[%k] : f32 from vector<4xf32>
      %w = vector.insert %a, %v [2] : f32 into vector<4xf32>
      %u = vector.insert %b, %w [%k] : f32 into vector<4xf32>
      %s = vector.shuffle %v, %table [0, 5, 2, 7] : vector<4xf32>, vector<4xf32>
      %pair = vector.shuffle %v, %v [2, 0] : vector<4xf32>, vector<4xf32>
      %e = vector.from_elements %a, %two, %b, %a : vector<4xf32>
      %p = vector.extract %pair[0] : f32 from vector<2xf32>
      %pw = vector.broadcast %p : f32 to vector<4xf32>
      %f = vector.fma %u, %s, %e : vector<4xf32>
      %g = arith.addf %f, %pw : vector<4xf32>
      %h = math.powf %v, %g : vector<4xf32>
      %m = arith.maximumf %h, %g : vector<4xf32>
      %t = vector.reduction <add>, %g : vector<4xf32> into f32
      vector.store %m, %out[%i, %c0] : memref<16x4xf32>, vector<4xf32>
      memref.store %t, %last[%i] : memref<16xf32>
      gpu.return
    }
  }
}
