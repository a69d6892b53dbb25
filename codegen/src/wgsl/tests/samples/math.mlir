module attributes {weft.target = "webgpu", gpu.container_module} {
  gpu.module @kernels {
    gpu.func @within_one(%x: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.range = [-1.0, 1.0], test.tolerance = 1.0e-3} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %r0 = math.acos %vx : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      %r1 = math.asin %vx : f32
      memref.store %r1, %o1[%i] : memref<64xf32>
      %r2 = math.atanh %vx : f32
      memref.store %r2, %o2[%i] : memref<64xf32>
      %r3 = math.absf %vx : f32
      memref.store %r3, %o3[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @above_one(%x: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>, %o4: memref<64xf32>, %o5: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.range = [1.0, 9.0], test.tolerance = 1.0e-4} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %r0 = math.acosh %vx : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      %r1 = math.log %vx : f32
      memref.store %r1, %o1[%i] : memref<64xf32>
      %r2 = math.log10 %vx : f32
      memref.store %r2, %o2[%i] : memref<64xf32>
      %r3 = math.log2 %vx : f32
      memref.store %r3, %o3[%i] : memref<64xf32>
      %r4 = math.sqrt %vx : f32
      memref.store %r4, %o4[%i] : memref<64xf32>
      %r5 = math.rsqrt %vx : f32
      memref.store %r5, %o5[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @roundings(%x: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>, %o4: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.range = [-4.0, 4.0], test.tolerance = 1.0e-4} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %two = arith.constant 2.0 : f32
      %t2 = arith.mulf %vx, %two : f32
      %tr = math.trunc %t2 : f32
      %h = arith.divf %tr, %two : f32
      %r0 = math.ceil %h : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      %r1 = math.floor %h : f32
      memref.store %r1, %o1[%i] : memref<64xf32>
      %r2 = math.round %h : f32
      memref.store %r2, %o2[%i] : memref<64xf32>
      %r3 = math.roundeven %h : f32
      memref.store %r3, %o3[%i] : memref<64xf32>
      %r4 = math.trunc %h : f32
      memref.store %r4, %o4[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @exponential(%x: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>, %o4: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.range = [-5.0, 5.0], test.tolerance = 1.0e-4} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %r0 = math.exp %vx : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      %r1 = math.exp2 %vx : f32
      memref.store %r1, %o1[%i] : memref<64xf32>
      %r2 = math.sinh %vx : f32
      memref.store %r2, %o2[%i] : memref<64xf32>
      %r3 = math.cosh %vx : f32
      memref.store %r3, %o3[%i] : memref<64xf32>
      %r4 = math.tanh %vx : f32
      memref.store %r4, %o4[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @trigonometric(%x: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>, %o4: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.range = [-1.5, 1.5], test.tolerance = 1.0e-4} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %r0 = math.sin %vx : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      %r1 = math.cos %vx : f32
      memref.store %r1, %o1[%i] : memref<64xf32>
      %r2 = math.tan %vx : f32
      memref.store %r2, %o2[%i] : memref<64xf32>
      %r3 = math.atan %vx : f32
      memref.store %r3, %o3[%i] : memref<64xf32>
      %r4 = math.asinh %vx : f32
      memref.store %r4, %o4[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @tanh_of_large(%x: memref<64xf32>, %out: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.range = [-3000.0, 3000.0]} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %r = math.tanh %vx : f32
      memref.store %r, %out[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @two_arguments(%x: memref<64xf32>, %y: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>, %o4: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.tolerance = 1.0e-4} {
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
    gpu.func @bits(%x: memref<64xi32>, %y: memref<64xf32>, %o0: memref<64xi32>, %o1: memref<64xi32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.specials} {
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
    gpu.func @vectors(%x: memref<16x4xf32>, %out: memref<16x4xf32>, %last: memref<16xf32>) kernel attributes {known_block_size = array<i32: 16, 1, 1>, test.tolerance = 1.0e-4, test.range = [0.5, 1.5]} {
      %c0 = arith.constant 0 : index
      %i = gpu.thread_id x
      %two = arith.constant 2.0 : f32
      %table = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : vector<4xf32>
      %v = vector.load %x[%i, %c0] : memref<16x4xf32>, vector<4xf32>
      %a = vector.extract %v[1] : f32 from vector<4xf32>
      %w = vector.insert %a, %v [2] : f32 into vector<4xf32>
      %s = vector.shuffle %v, %table [0, 5, 2, 7] : vector<4xf32>, vector<4xf32>
      %pair = vector.shuffle %v, %v [2, 0] : vector<4xf32>, vector<4xf32>
      %e = vector.from_elements %a, %two, %a, %two : vector<4xf32>
      %p = vector.extract %pair[0] : f32 from vector<2xf32>
      %pw = vector.broadcast %p : f32 to vector<4xf32>
      %f = vector.fma %w, %s, %e : vector<4xf32>
      %g = arith.addf %f, %pw : vector<4xf32>
      %h = math.powf %v, %g : vector<4xf32>
      %m = arith.maximumf %h, %g : vector<4xf32>
      %bits = arith.bitcast %m : vector<4xf32> to vector<4xi32>
      %mask = arith.constant dense<-16> : vector<4xi32>
      %cut = arith.andi %bits, %mask : vector<4xi32>
      %r = arith.bitcast %cut : vector<4xi32> to vector<4xf32>
      vector.store %r, %out[%i, %c0] : memref<16x4xf32>, vector<4xf32>
      %t = vector.extract %g[3] : f32 from vector<4xf32>
      memref.store %t, %last[%i] : memref<16xf32>
      gpu.return
    }
  }
}
