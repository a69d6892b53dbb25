// pipeline: builtin.module(to-wasm)
// A tile of a product has one pointer for A and one for B, immediates for rows, and no counter.
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @gemm(%a: memref<48x16xf32>, %b: memref<3x16x8xf32>, %bias: memref<24xf32>, %c: memref<48x24xf32>, %begin: index, %end: index) {
      %zero = arith.constant dense<0.0> : vector<4xf32>
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %c8 = arith.constant 8 : index
      %c16 = arith.constant 16 : index
      %c48 = arith.constant 48 : index
      %rows = arith.constant 6 : index
      scf.for %panel = %begin to %end step %c1 {
        %j0 = arith.muli %panel, %c8 : index
        %j1 = arith.addi %j0, %c4 : index
        %bias0 = vector.load %bias[%j0] : memref<24xf32>, vector<4xf32>
        %bias1 = vector.load %bias[%j1] : memref<24xf32>, vector<4xf32>
        scf.for %i = %c0 to %c48 step %rows {
          %u:12 = scf.for %k = %c0 to %c16 step %c1 iter_args(%t0 = %bias0, %t1 = %bias1, %t2 = %bias0, %t3 = %bias1, %t4 = %bias0, %t5 = %bias1, %t6 = %bias0, %t7 = %bias1, %t8 = %bias0, %t9 = %bias1, %t10 = %bias0, %t11 = %bias1) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>) {
            %b0 = vector.load %b[%panel, %k, %c0] : memref<3x16x8xf32>, vector<4xf32>
            %b1 = vector.load %b[%panel, %k, %c4] : memref<3x16x8xf32>, vector<4xf32>
            %row0 = arith.constant 0 : index
            %m0 = arith.addi %i, %row0 : index
            %x0 = memref.load %a[%m0, %k] : memref<48x16xf32>
            %v0 = vector.broadcast %x0 : f32 to vector<4xf32>
            %p0 = arith.mulf %v0, %b0 fastmath<contract> : vector<4xf32>
            %q0 = arith.addf %t0, %p0 fastmath<contract> : vector<4xf32>
            %p1 = arith.mulf %v0, %b1 fastmath<contract> : vector<4xf32>
            %q1 = arith.addf %t1, %p1 fastmath<contract> : vector<4xf32>
            %row1 = arith.constant 1 : index
            %m1 = arith.addi %i, %row1 : index
            %x1 = memref.load %a[%m1, %k] : memref<48x16xf32>
            %v1 = vector.broadcast %x1 : f32 to vector<4xf32>
            %p2 = arith.mulf %v1, %b0 fastmath<contract> : vector<4xf32>
            %q2 = arith.addf %t2, %p2 fastmath<contract> : vector<4xf32>
            %p3 = arith.mulf %v1, %b1 fastmath<contract> : vector<4xf32>
            %q3 = arith.addf %t3, %p3 fastmath<contract> : vector<4xf32>
            %row2 = arith.constant 2 : index
            %m2 = arith.addi %i, %row2 : index
            %x2 = memref.load %a[%m2, %k] : memref<48x16xf32>
            %v2 = vector.broadcast %x2 : f32 to vector<4xf32>
            %p4 = arith.mulf %v2, %b0 fastmath<contract> : vector<4xf32>
            %q4 = arith.addf %t4, %p4 fastmath<contract> : vector<4xf32>
            %p5 = arith.mulf %v2, %b1 fastmath<contract> : vector<4xf32>
            %q5 = arith.addf %t5, %p5 fastmath<contract> : vector<4xf32>
            %row3 = arith.constant 3 : index
            %m3 = arith.addi %i, %row3 : index
            %x3 = memref.load %a[%m3, %k] : memref<48x16xf32>
            %v3 = vector.broadcast %x3 : f32 to vector<4xf32>
            %p6 = arith.mulf %v3, %b0 fastmath<contract> : vector<4xf32>
            %q6 = arith.addf %t6, %p6 fastmath<contract> : vector<4xf32>
            %p7 = arith.mulf %v3, %b1 fastmath<contract> : vector<4xf32>
            %q7 = arith.addf %t7, %p7 fastmath<contract> : vector<4xf32>
            %row4 = arith.constant 4 : index
            %m4 = arith.addi %i, %row4 : index
            %x4 = memref.load %a[%m4, %k] : memref<48x16xf32>
            %v4 = vector.broadcast %x4 : f32 to vector<4xf32>
            %p8 = arith.mulf %v4, %b0 fastmath<contract> : vector<4xf32>
            %q8 = arith.addf %t8, %p8 fastmath<contract> : vector<4xf32>
            %p9 = arith.mulf %v4, %b1 fastmath<contract> : vector<4xf32>
            %q9 = arith.addf %t9, %p9 fastmath<contract> : vector<4xf32>
            %row5 = arith.constant 5 : index
            %m5 = arith.addi %i, %row5 : index
            %x5 = memref.load %a[%m5, %k] : memref<48x16xf32>
            %v5 = vector.broadcast %x5 : f32 to vector<4xf32>
            %p10 = arith.mulf %v5, %b0 fastmath<contract> : vector<4xf32>
            %q10 = arith.addf %t10, %p10 fastmath<contract> : vector<4xf32>
            %p11 = arith.mulf %v5, %b1 fastmath<contract> : vector<4xf32>
            %q11 = arith.addf %t11, %p11 fastmath<contract> : vector<4xf32>
            scf.yield %q0, %q1, %q2, %q3, %q4, %q5, %q6, %q7, %q8, %q9, %q10, %q11 : vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>
          }
          %rt0 = arith.constant 0 : index
          %n0 = arith.addi %i, %rt0 : index
          %o0 = arith.maximumf %u#0, %zero : vector<4xf32>
          vector.store %o0, %c[%n0, %j0] : memref<48x24xf32>, vector<4xf32>
          %o1 = arith.maximumf %u#1, %zero : vector<4xf32>
          vector.store %o1, %c[%n0, %j1] : memref<48x24xf32>, vector<4xf32>
          %rt1 = arith.constant 1 : index
          %n1 = arith.addi %i, %rt1 : index
          %o2 = arith.maximumf %u#2, %zero : vector<4xf32>
          vector.store %o2, %c[%n1, %j0] : memref<48x24xf32>, vector<4xf32>
          %o3 = arith.maximumf %u#3, %zero : vector<4xf32>
          vector.store %o3, %c[%n1, %j1] : memref<48x24xf32>, vector<4xf32>
          %rt2 = arith.constant 2 : index
          %n2 = arith.addi %i, %rt2 : index
          %o4 = arith.maximumf %u#4, %zero : vector<4xf32>
          vector.store %o4, %c[%n2, %j0] : memref<48x24xf32>, vector<4xf32>
          %o5 = arith.maximumf %u#5, %zero : vector<4xf32>
          vector.store %o5, %c[%n2, %j1] : memref<48x24xf32>, vector<4xf32>
          %rt3 = arith.constant 3 : index
          %n3 = arith.addi %i, %rt3 : index
          %o6 = arith.maximumf %u#6, %zero : vector<4xf32>
          vector.store %o6, %c[%n3, %j0] : memref<48x24xf32>, vector<4xf32>
          %o7 = arith.maximumf %u#7, %zero : vector<4xf32>
          vector.store %o7, %c[%n3, %j1] : memref<48x24xf32>, vector<4xf32>
          %rt4 = arith.constant 4 : index
          %n4 = arith.addi %i, %rt4 : index
          %o8 = arith.maximumf %u#8, %zero : vector<4xf32>
          vector.store %o8, %c[%n4, %j0] : memref<48x24xf32>, vector<4xf32>
          %o9 = arith.maximumf %u#9, %zero : vector<4xf32>
          vector.store %o9, %c[%n4, %j1] : memref<48x24xf32>, vector<4xf32>
          %rt5 = arith.constant 5 : index
          %n5 = arith.addi %i, %rt5 : index
          %o10 = arith.maximumf %u#10, %zero : vector<4xf32>
          vector.store %o10, %c[%n5, %j0] : memref<48x24xf32>, vector<4xf32>
          %o11 = arith.maximumf %u#11, %zero : vector<4xf32>
          vector.store %o11, %c[%n5, %j1] : memref<48x24xf32>, vector<4xf32>
        }
      }
      return
    }
  }
}
// -----  expected
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @gemm(%arg0: i32, %arg1: i32, %arg2: i32, %arg3: i32, %arg4: i32, %arg5: i32) {
      %c32_i32 = arith.constant 32 : i32
      %c512_i32 = arith.constant 512 : i32
      %c3072_i32 = arith.constant 3072 : i32
      %c384_i32 = arith.constant 384 : i32
      %c4_i32 = arith.constant 4 : i32
      %c576_i32 = arith.constant 576 : i32
      %0 = arith.muli %arg4, %c32_i32 : i32
      %1 = arith.addi %arg2, %0 : i32
      %2 = arith.muli %arg4, %c512_i32 : i32
      %3 = arith.addi %arg1, %2 : i32
      %4 = arith.addi %0, %arg3 : i32
      %5 = arith.muli %arg5, %c32_i32 : i32
      %6 = arith.addi %arg2, %5 : i32
      %cst = arith.constant dense<0.000000e+00> : vector<4xf32>
      %7:2 = scf.for %arg6 = %1 to %6 step %c32_i32 iter_args(%arg7 = %3, %arg8 = %4) -> (i32, i32)  : i32 {
        %8 = "wasm.v128_load"(%arg6) {offset = 0 : i32} : (i32) -> vector<4xf32>
        %9 = "wasm.v128_load"(%arg6) {offset = 16 : i32} : (i32) -> vector<4xf32>
        %10 = arith.addi %arg0, %c3072_i32 : i32
        %11 = scf.for %arg9 = %arg0 to %10 step %c384_i32 iter_args(%arg10 = %arg8) -> (i32)  : i32 {
          %14 = arith.addi %arg7, %c512_i32 : i32
          %15:13 = scf.for %arg11 = %arg7 to %14 step %c32_i32 iter_args(%arg12 = %8, %arg13 = %9, %arg14 = %8, %arg15 = %9, %arg16 = %8, %arg17 = %9, %arg18 = %8, %arg19 = %9, %arg20 = %8, %arg21 = %9, %arg22 = %8, %arg23 = %9, %arg24 = %arg9) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, i32)  : i32 {
            %29 = "wasm.v128_load"(%arg11) {offset = 0 : i32} : (i32) -> vector<4xf32>
            %30 = "wasm.v128_load"(%arg11) {offset = 16 : i32} : (i32) -> vector<4xf32>
            %31 = "wasm.v128_load32_splat"(%arg24) {offset = 0 : i32} : (i32) -> vector<4xf32>
            %32 = "wasm.f32x4_relaxed_madd"(%31, %29, %arg12) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %33 = "wasm.f32x4_relaxed_madd"(%31, %30, %arg13) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %34 = "wasm.v128_load32_splat"(%arg24) {offset = 64 : i32} : (i32) -> vector<4xf32>
            %35 = "wasm.f32x4_relaxed_madd"(%34, %29, %arg14) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %36 = "wasm.f32x4_relaxed_madd"(%34, %30, %arg15) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %37 = "wasm.v128_load32_splat"(%arg24) {offset = 128 : i32} : (i32) -> vector<4xf32>
            %38 = "wasm.f32x4_relaxed_madd"(%37, %29, %arg16) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %39 = "wasm.f32x4_relaxed_madd"(%37, %30, %arg17) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %40 = "wasm.v128_load32_splat"(%arg24) {offset = 192 : i32} : (i32) -> vector<4xf32>
            %41 = "wasm.f32x4_relaxed_madd"(%40, %29, %arg18) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %42 = "wasm.f32x4_relaxed_madd"(%40, %30, %arg19) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %43 = "wasm.v128_load32_splat"(%arg24) {offset = 256 : i32} : (i32) -> vector<4xf32>
            %44 = "wasm.f32x4_relaxed_madd"(%43, %29, %arg20) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %45 = "wasm.f32x4_relaxed_madd"(%43, %30, %arg21) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %46 = "wasm.v128_load32_splat"(%arg24) {offset = 320 : i32} : (i32) -> vector<4xf32>
            %47 = "wasm.f32x4_relaxed_madd"(%46, %29, %arg22) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %48 = "wasm.f32x4_relaxed_madd"(%46, %30, %arg23) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %49 = arith.addi %arg24, %c4_i32 : i32
            scf.yield %32, %33, %35, %36, %38, %39, %41, %42, %44, %45, %47, %48, %49 : vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, i32
          }
          %16 = "wasm.f32x4_pmax"(%15#0, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store"(%arg10, %16) {offset = 0 : i32} : (i32, vector<4xf32>) -> ()
          %17 = "wasm.f32x4_pmax"(%15#1, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store"(%arg10, %17) {offset = 16 : i32} : (i32, vector<4xf32>) -> ()
          %18 = "wasm.f32x4_pmax"(%15#2, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store"(%arg10, %18) {offset = 96 : i32} : (i32, vector<4xf32>) -> ()
          %19 = "wasm.f32x4_pmax"(%15#3, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store"(%arg10, %19) {offset = 112 : i32} : (i32, vector<4xf32>) -> ()
          %20 = "wasm.f32x4_pmax"(%15#4, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store"(%arg10, %20) {offset = 192 : i32} : (i32, vector<4xf32>) -> ()
          %21 = "wasm.f32x4_pmax"(%15#5, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store"(%arg10, %21) {offset = 208 : i32} : (i32, vector<4xf32>) -> ()
          %22 = "wasm.f32x4_pmax"(%15#6, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store"(%arg10, %22) {offset = 288 : i32} : (i32, vector<4xf32>) -> ()
          %23 = "wasm.f32x4_pmax"(%15#7, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store"(%arg10, %23) {offset = 304 : i32} : (i32, vector<4xf32>) -> ()
          %24 = "wasm.f32x4_pmax"(%15#8, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store"(%arg10, %24) {offset = 384 : i32} : (i32, vector<4xf32>) -> ()
          %25 = "wasm.f32x4_pmax"(%15#9, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store"(%arg10, %25) {offset = 400 : i32} : (i32, vector<4xf32>) -> ()
          %26 = "wasm.f32x4_pmax"(%15#10, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store"(%arg10, %26) {offset = 480 : i32} : (i32, vector<4xf32>) -> ()
          %27 = "wasm.f32x4_pmax"(%15#11, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
          "wasm.v128_store"(%arg10, %27) {offset = 496 : i32} : (i32, vector<4xf32>) -> ()
          %28 = arith.addi %arg10, %c576_i32 : i32
          scf.yield %28 : i32
        }
        %12 = arith.addi %arg7, %c512_i32 : i32
        %13 = arith.addi %arg8, %c32_i32 : i32
        scf.yield %12, %13 : i32, i32
      }
      return
    }
  }
}
