// pipeline: builtin.module(to-wasm)
// Without fused products, they are multiplied and added.
module {
  module @m attributes {weft.target = "wasm-simd"} {
    func.func private @gemm(%a: memref<48x16xf32>, %b: memref<3x16x8xf32>, %bias: memref<24xf32>, %c: memref<48x24xf32>, %begin: index, %end: index) {
      %zero = arith.constant dense<0.0> : vector<4xf32>
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %c8 = arith.constant 8 : index
      %c16 = arith.constant 16 : index
      %c48 = arith.constant 48 : index
      %rows = arith.constant 4 : index
      scf.for %panel = %begin to %end step %c1 {
        %j0 = arith.muli %panel, %c8 : index
        %j1 = arith.addi %j0, %c4 : index
        %bias0 = vector.load %bias[%j0] : memref<24xf32>, vector<4xf32>
        %bias1 = vector.load %bias[%j1] : memref<24xf32>, vector<4xf32>
        scf.for %i = %c0 to %c48 step %rows {
          %u:8 = scf.for %k = %c0 to %c16 step %c1 iter_args(%t0 = %bias0, %t1 = %bias1, %t2 = %bias0, %t3 = %bias1, %t4 = %bias0, %t5 = %bias1, %t6 = %bias0, %t7 = %bias1) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>) {
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
            scf.yield %q0, %q1, %q2, %q3, %q4, %q5, %q6, %q7 : vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>
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
        }
      }
      return
    }
  }
}
// -----  expected
module {
  module @m attributes {weft.target = "wasm-simd"} {
    func.func private @gemm(%arg0: i32, %arg1: i32, %arg2: i32, %arg3: i32, %arg4: i32, %arg5: i32) {
      %c32_i32 = arith.constant 32 : i32
      %c512_i32 = arith.constant 512 : i32
      %c3072_i32 = arith.constant 3072 : i32
      %c256_i32 = arith.constant 256 : i32
      %c4_i32 = arith.constant 4 : i32
      %c384_i32 = arith.constant 384 : i32
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
        %11 = scf.for %arg9 = %arg0 to %10 step %c256_i32 iter_args(%arg10 = %arg8) -> (i32)  : i32 {
          %14 = arith.addi %arg7, %c512_i32 : i32
          %15:9 = scf.for %arg11 = %arg7 to %14 step %c32_i32 iter_args(%arg12 = %8, %arg13 = %9, %arg14 = %8, %arg15 = %9, %arg16 = %8, %arg17 = %9, %arg18 = %8, %arg19 = %9, %arg20 = %arg9) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, i32)  : i32 {
            %25 = "wasm.v128_load"(%arg11) {offset = 0 : i32} : (i32) -> vector<4xf32>
            %26 = "wasm.v128_load"(%arg11) {offset = 16 : i32} : (i32) -> vector<4xf32>
            %27 = "wasm.v128_load32_splat"(%arg20) {offset = 0 : i32} : (i32) -> vector<4xf32>
            %28 = "wasm.f32x4_mul"(%27, %25) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %29 = "wasm.f32x4_add"(%arg12, %28) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %30 = "wasm.f32x4_mul"(%27, %26) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %31 = "wasm.f32x4_add"(%arg13, %30) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %32 = "wasm.v128_load32_splat"(%arg20) {offset = 64 : i32} : (i32) -> vector<4xf32>
            %33 = "wasm.f32x4_mul"(%32, %25) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %34 = "wasm.f32x4_add"(%arg14, %33) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %35 = "wasm.f32x4_mul"(%32, %26) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %36 = "wasm.f32x4_add"(%arg15, %35) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %37 = "wasm.v128_load32_splat"(%arg20) {offset = 128 : i32} : (i32) -> vector<4xf32>
            %38 = "wasm.f32x4_mul"(%37, %25) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %39 = "wasm.f32x4_add"(%arg16, %38) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %40 = "wasm.f32x4_mul"(%37, %26) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %41 = "wasm.f32x4_add"(%arg17, %40) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %42 = "wasm.v128_load32_splat"(%arg20) {offset = 192 : i32} : (i32) -> vector<4xf32>
            %43 = "wasm.f32x4_mul"(%42, %25) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %44 = "wasm.f32x4_add"(%arg18, %43) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %45 = "wasm.f32x4_mul"(%42, %26) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %46 = "wasm.f32x4_add"(%arg19, %45) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %47 = arith.addi %arg20, %c4_i32 : i32
            scf.yield %29, %31, %34, %36, %39, %41, %44, %46, %47 : vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, i32
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
          %24 = arith.addi %arg10, %c384_i32 : i32
          scf.yield %24 : i32
        }
        %12 = arith.addi %arg7, %c512_i32 : i32
        %13 = arith.addi %arg8, %c32_i32 : i32
        scf.yield %12, %13 : i32, i32
      }
      return
    }
  }
}
