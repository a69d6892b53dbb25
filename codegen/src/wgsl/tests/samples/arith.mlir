module attributes {weft.target = "webgpu", gpu.container_module} {
  gpu.module @kernels {
    gpu.func @integers(%x: memref<64xi32>, %y: memref<64xi32>, %out: memref<64xi32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xi32>
      %vy = memref.load %y[%i] : memref<64xi32>
      %seven = arith.constant 31 : i32
      %by = arith.andi %vy, %seven : i32
      %r0 = arith.addi %vx, %vy : i32
      %r1 = arith.subi %vx, %vy : i32
      %a1 = arith.xori %r0, %r1 : i32
      %r2 = arith.muli %vx, %vy : i32
      %a2 = arith.xori %a1, %r2 : i32
      %r3 = arith.andi %vx, %vy : i32
      %a3 = arith.xori %a2, %r3 : i32
      %r4 = arith.ori %vx, %vy : i32
      %a4 = arith.xori %a3, %r4 : i32
      %r5 = arith.xori %vx, %vy : i32
      %a5 = arith.xori %a4, %r5 : i32
      %r6 = arith.divsi %vx, %vy : i32
      %a6 = arith.xori %a5, %r6 : i32
      %r7 = arith.divui %vx, %vy : i32
      %a7 = arith.xori %a6, %r7 : i32
      %r8 = arith.remsi %vx, %vy : i32
      %a8 = arith.xori %a7, %r8 : i32
      %r9 = arith.remui %vx, %vy : i32
      %a9 = arith.xori %a8, %r9 : i32
      %r10 = arith.floordivsi %vx, %vy : i32
      %a10 = arith.xori %a9, %r10 : i32
      %r11 = arith.ceildivsi %vx, %vy : i32
      %a11 = arith.xori %a10, %r11 : i32
      %r12 = arith.ceildivui %vx, %vy : i32
      %a12 = arith.xori %a11, %r12 : i32
      %r13 = arith.minsi %vx, %vy : i32
      %a13 = arith.xori %a12, %r13 : i32
      %r14 = arith.maxsi %vx, %vy : i32
      %a14 = arith.xori %a13, %r14 : i32
      %r15 = arith.minui %vx, %vy : i32
      %a15 = arith.xori %a14, %r15 : i32
      %r16 = arith.maxui %vx, %vy : i32
      %a16 = arith.xori %a15, %r16 : i32
      %r17 = arith.shli %vx, %by : i32
      %a17 = arith.xori %a16, %r17 : i32
      %r18 = arith.shrsi %vx, %by : i32
      %a18 = arith.xori %a17, %r18 : i32
      %r19 = arith.shrui %vx, %by : i32
      %a19 = arith.xori %a18, %r19 : i32
      memref.store %a19, %out[%i] : memref<64xi32>
      gpu.return
    }
    gpu.func @bytes(%x: memref<64xi8>, %y: memref<64xi8>, %out: memref<64xi8>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xi8>
      %vy = memref.load %y[%i] : memref<64xi8>
      %seven = arith.constant 7 : i8
      %by = arith.andi %vy, %seven : i8
      %r0 = arith.addi %vx, %vy : i8
      %r1 = arith.subi %vx, %vy : i8
      %a1 = arith.xori %r0, %r1 : i8
      %r2 = arith.muli %vx, %vy : i8
      %a2 = arith.xori %a1, %r2 : i8
      %r3 = arith.andi %vx, %vy : i8
      %a3 = arith.xori %a2, %r3 : i8
      %r4 = arith.ori %vx, %vy : i8
      %a4 = arith.xori %a3, %r4 : i8
      %r5 = arith.xori %vx, %vy : i8
      %a5 = arith.xori %a4, %r5 : i8
      %r6 = arith.divsi %vx, %vy : i8
      %a6 = arith.xori %a5, %r6 : i8
      %r7 = arith.divui %vx, %vy : i8
      %a7 = arith.xori %a6, %r7 : i8
      %r8 = arith.remsi %vx, %vy : i8
      %a8 = arith.xori %a7, %r8 : i8
      %r9 = arith.remui %vx, %vy : i8
      %a9 = arith.xori %a8, %r9 : i8
      %r10 = arith.floordivsi %vx, %vy : i8
      %a10 = arith.xori %a9, %r10 : i8
      %r11 = arith.ceildivsi %vx, %vy : i8
      %a11 = arith.xori %a10, %r11 : i8
      %r12 = arith.ceildivui %vx, %vy : i8
      %a12 = arith.xori %a11, %r12 : i8
      %r13 = arith.minsi %vx, %vy : i8
      %a13 = arith.xori %a12, %r13 : i8
      %r14 = arith.maxsi %vx, %vy : i8
      %a14 = arith.xori %a13, %r14 : i8
      %r15 = arith.minui %vx, %vy : i8
      %a15 = arith.xori %a14, %r15 : i8
      %r16 = arith.maxui %vx, %vy : i8
      %a16 = arith.xori %a15, %r16 : i8
      %r17 = arith.shli %vx, %by : i8
      %a17 = arith.xori %a16, %r17 : i8
      %r18 = arith.shrsi %vx, %by : i8
      %a18 = arith.xori %a17, %r18 : i8
      %r19 = arith.shrui %vx, %by : i8
      %a19 = arith.xori %a18, %r19 : i8
      memref.store %a19, %out[%i] : memref<64xi8>
      gpu.return
    }
    gpu.func @compare_integers(%x: memref<64xi32>, %y: memref<64xi32>, %out: memref<64xi32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xi32>
      %vy = memref.load %y[%i] : memref<64xi32>
      %z = arith.constant 0 : i32
      %two = arith.constant 2 : i32
      %c0 = arith.cmpi eq, %vx, %vy : i32
      %e0 = arith.extui %c0 : i1 to i32
      %m0 = arith.muli %z, %two : i32
      %s0 = arith.addi %m0, %e0 : i32
      %c1 = arith.cmpi ne, %vx, %vy : i32
      %e1 = arith.extui %c1 : i1 to i32
      %m1 = arith.muli %s0, %two : i32
      %s1 = arith.addi %m1, %e1 : i32
      %c2 = arith.cmpi slt, %vx, %vy : i32
      %e2 = arith.extui %c2 : i1 to i32
      %m2 = arith.muli %s1, %two : i32
      %s2 = arith.addi %m2, %e2 : i32
      %c3 = arith.cmpi sle, %vx, %vy : i32
      %e3 = arith.extui %c3 : i1 to i32
      %m3 = arith.muli %s2, %two : i32
      %s3 = arith.addi %m3, %e3 : i32
      %c4 = arith.cmpi sgt, %vx, %vy : i32
      %e4 = arith.extui %c4 : i1 to i32
      %m4 = arith.muli %s3, %two : i32
      %s4 = arith.addi %m4, %e4 : i32
      %c5 = arith.cmpi sge, %vx, %vy : i32
      %e5 = arith.extui %c5 : i1 to i32
      %m5 = arith.muli %s4, %two : i32
      %s5 = arith.addi %m5, %e5 : i32
      %c6 = arith.cmpi ult, %vx, %vy : i32
      %e6 = arith.extui %c6 : i1 to i32
      %m6 = arith.muli %s5, %two : i32
      %s6 = arith.addi %m6, %e6 : i32
      %c7 = arith.cmpi ule, %vx, %vy : i32
      %e7 = arith.extui %c7 : i1 to i32
      %m7 = arith.muli %s6, %two : i32
      %s7 = arith.addi %m7, %e7 : i32
      %c8 = arith.cmpi ugt, %vx, %vy : i32
      %e8 = arith.extui %c8 : i1 to i32
      %m8 = arith.muli %s7, %two : i32
      %s8 = arith.addi %m8, %e8 : i32
      %c9 = arith.cmpi uge, %vx, %vy : i32
      %e9 = arith.extui %c9 : i1 to i32
      %m9 = arith.muli %s8, %two : i32
      %s9 = arith.addi %m9, %e9 : i32
      memref.store %s9, %out[%i] : memref<64xi32>
      gpu.return
    }
    gpu.func @compare_floats(%x: memref<64xf32>, %y: memref<64xf32>, %out: memref<64xi32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.specials} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %vy = memref.load %y[%i] : memref<64xf32>
      %z = arith.constant 0 : i32
      %two = arith.constant 2 : i32
      %c0 = arith.cmpf false, %vx, %vy : f32
      %e0 = arith.extui %c0 : i1 to i32
      %m0 = arith.muli %z, %two : i32
      %s0 = arith.addi %m0, %e0 : i32
      %c1 = arith.cmpf oeq, %vx, %vy : f32
      %e1 = arith.extui %c1 : i1 to i32
      %m1 = arith.muli %s0, %two : i32
      %s1 = arith.addi %m1, %e1 : i32
      %c2 = arith.cmpf ogt, %vx, %vy : f32
      %e2 = arith.extui %c2 : i1 to i32
      %m2 = arith.muli %s1, %two : i32
      %s2 = arith.addi %m2, %e2 : i32
      %c3 = arith.cmpf oge, %vx, %vy : f32
      %e3 = arith.extui %c3 : i1 to i32
      %m3 = arith.muli %s2, %two : i32
      %s3 = arith.addi %m3, %e3 : i32
      %c4 = arith.cmpf olt, %vx, %vy : f32
      %e4 = arith.extui %c4 : i1 to i32
      %m4 = arith.muli %s3, %two : i32
      %s4 = arith.addi %m4, %e4 : i32
      %c5 = arith.cmpf ole, %vx, %vy : f32
      %e5 = arith.extui %c5 : i1 to i32
      %m5 = arith.muli %s4, %two : i32
      %s5 = arith.addi %m5, %e5 : i32
      %c6 = arith.cmpf one, %vx, %vy : f32
      %e6 = arith.extui %c6 : i1 to i32
      %m6 = arith.muli %s5, %two : i32
      %s6 = arith.addi %m6, %e6 : i32
      %c7 = arith.cmpf ord, %vx, %vy : f32
      %e7 = arith.extui %c7 : i1 to i32
      %m7 = arith.muli %s6, %two : i32
      %s7 = arith.addi %m7, %e7 : i32
      %c8 = arith.cmpf ueq, %vx, %vy : f32
      %e8 = arith.extui %c8 : i1 to i32
      %m8 = arith.muli %s7, %two : i32
      %s8 = arith.addi %m8, %e8 : i32
      %c9 = arith.cmpf ugt, %vx, %vy : f32
      %e9 = arith.extui %c9 : i1 to i32
      %m9 = arith.muli %s8, %two : i32
      %s9 = arith.addi %m9, %e9 : i32
      %c10 = arith.cmpf uge, %vx, %vy : f32
      %e10 = arith.extui %c10 : i1 to i32
      %m10 = arith.muli %s9, %two : i32
      %s10 = arith.addi %m10, %e10 : i32
      %c11 = arith.cmpf ult, %vx, %vy : f32
      %e11 = arith.extui %c11 : i1 to i32
      %m11 = arith.muli %s10, %two : i32
      %s11 = arith.addi %m11, %e11 : i32
      %c12 = arith.cmpf ule, %vx, %vy : f32
      %e12 = arith.extui %c12 : i1 to i32
      %m12 = arith.muli %s11, %two : i32
      %s12 = arith.addi %m12, %e12 : i32
      %c13 = arith.cmpf une, %vx, %vy : f32
      %e13 = arith.extui %c13 : i1 to i32
      %m13 = arith.muli %s12, %two : i32
      %s13 = arith.addi %m13, %e13 : i32
      %c14 = arith.cmpf uno, %vx, %vy : f32
      %e14 = arith.extui %c14 : i1 to i32
      %m14 = arith.muli %s13, %two : i32
      %s14 = arith.addi %m14, %e14 : i32
      %c15 = arith.cmpf true, %vx, %vy : f32
      %e15 = arith.extui %c15 : i1 to i32
      %m15 = arith.muli %s14, %two : i32
      %s15 = arith.addi %m15, %e15 : i32
      memref.store %s15, %out[%i] : memref<64xi32>
      gpu.return
    }
    gpu.func @floats(%x: memref<64xf32>, %y: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>, %o4: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %vy = memref.load %y[%i] : memref<64xf32>
      %r0 = arith.addf %vx, %vy : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      %r1 = arith.subf %vx, %vy : f32
      memref.store %r1, %o1[%i] : memref<64xf32>
      %r2 = arith.mulf %vx, %vy : f32
      memref.store %r2, %o2[%i] : memref<64xf32>
      %r3 = arith.divf %vx, %vy : f32
      memref.store %r3, %o3[%i] : memref<64xf32>
      %r4 = arith.remf %vx, %vy : f32
      memref.store %r4, %o4[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @extremes(%x: memref<64xf32>, %y: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>, %o4: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>, test.specials} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %vy = memref.load %y[%i] : memref<64xf32>
      %r0 = arith.maximumf %vx, %vy : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      %r1 = arith.minimumf %vx, %vy : f32
      memref.store %r1, %o1[%i] : memref<64xf32>
      %r2 = arith.maxnumf %vx, %vy : f32
      memref.store %r2, %o2[%i] : memref<64xf32>
      %r3 = arith.minnumf %vx, %vy : f32
      memref.store %r3, %o3[%i] : memref<64xf32>
      %n = arith.negf %vx : f32
      memref.store %n, %o4[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @contracted(%x: memref<64xf32>, %y: memref<64xf32>, %out: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xf32>
      %vy = memref.load %y[%i] : memref<64xf32>
      %c = arith.constant 3.0 : f32
      %p = arith.mulf %vx, %vy fastmath<contract> : f32
      %q = arith.subf %p, %c fastmath<contract> : f32
      %r = arith.mulf %q, %vx fastmath<fast> : f32
      %s = arith.subf %vy, %r fastmath<fast> : f32
      memref.store %s, %out[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @constants(%x: memref<64xi32>, %o0: memref<64xf32>, %o1: memref<64xf32>, %o2: memref<64xf32>, %o3: memref<64xf32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xi32>
      %inf = arith.constant 0x7F800000 : f32
      %minf = arith.constant 0xFF800000 : f32
      %nan = arith.constant 0x7FC00000 : f32
      %mz = arith.constant -0.0 : f32
      %tiny = arith.constant 1.0e-45 : f32
      %huge = arith.constant 3.40282347E+38 : f32
      %min = arith.constant -2147483648 : i32
      %big = arith.constant 1.0e38 : f32
      %over = arith.mulf %big, %big : f32
      %e = math.exp %big : f32
      %c = arith.cmpi eq, %vx, %min : i32
      %r0 = arith.select %c, %inf, %minf : f32
      %r1 = arith.select %c, %nan, %mz : f32
      %r2 = arith.select %c, %tiny, %huge : f32
      %r3 = arith.select %c, %over, %e : f32
      memref.store %r0, %o0[%i] : memref<64xf32>
      memref.store %r1, %o1[%i] : memref<64xf32>
      memref.store %r2, %o2[%i] : memref<64xf32>
      memref.store %r3, %o3[%i] : memref<64xf32>
      gpu.return
    }
    gpu.func @conversions(%x: memref<64xi32>, %y: memref<64xf32>, %o0: memref<64xf32>, %o1: memref<64xi32>, %o2: memref<64xi32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xi32>
      %vy = memref.load %y[%i] : memref<64xf32>
      %f = arith.sitofp %vx : i32 to f32
      %u = arith.uitofp %vx : i32 to f32
      %b = arith.trunci %vx : i32 to i8
      %bu = arith.extui %b : i8 to i32
      %bs = arith.extsi %b : i8 to i32
      %s = arith.addi %bu, %bs : i32
      %fb = arith.sitofp %b : i8 to f32
      %ub = arith.uitofp %b : i8 to f32
      %t = arith.trunci %vx : i32 to i1
      %tf = arith.uitofp %t : i1 to f32
      %ts = arith.extsi %t : i1 to i32
      %s2 = arith.addi %s, %ts : i32
      %i1 = arith.fptosi %vy : f32 to i32
      %i2 = arith.fptoui %vy : f32 to i32
      %i3 = arith.fptosi %vy : f32 to i8
      %i3w = arith.extsi %i3 : i8 to i32
      %i4 = arith.fptoui %vy : f32 to i8
      %i4w = arith.extui %i4 : i8 to i32
      %bits = arith.bitcast %vy : f32 to i32
      %a0 = arith.addf %f, %u : f32
      %a1 = arith.addf %fb, %ub : f32
      %a2 = arith.addf %a0, %a1 : f32
      %a3 = arith.addf %a2, %tf : f32
      %x0 = arith.xori %i1, %i2 : i32
      %x1 = arith.xori %i3w, %i4w : i32
      %x2 = arith.xori %x0, %x1 : i32
      %x3 = arith.xori %x2, %bits : i32
      memref.store %a3, %o0[%i] : memref<64xf32>
      memref.store %s2, %o1[%i] : memref<64xi32>
      memref.store %x3, %o2[%i] : memref<64xi32>
      gpu.return
    }
    gpu.func @booleans(%x: memref<64xi32>, %y: memref<64xi32>, %out: memref<64xi32>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.global_id x
      %vx = memref.load %x[%i] : memref<64xi32>
      %vy = memref.load %y[%i] : memref<64xi32>
      %z = arith.constant 0 : i32
      %p = arith.cmpi ne, %vx, %z : i32
      %q = arith.cmpi ne, %vy, %z : i32
      %true = arith.constant true
      %a = arith.andi %p, %q : i1
      %o = arith.ori %p, %q : i1
      %xo = arith.xori %p, %q : i1
      %n = arith.xori %p, %true : i1
      %e = arith.cmpi eq, %p, %q : i1
      %l = arith.cmpi ult, %p, %q : i1
      %s = arith.select %l, %e, %n : i1
      %r0 = arith.select %s, %a, %o : i1
      %r1 = arith.cmpi slt, %r0, %xo : i1
      %r = arith.extui %r1 : i1 to i32
      memref.store %r, %out[%i] : memref<64xi32>
      gpu.return
    }
  }
}
