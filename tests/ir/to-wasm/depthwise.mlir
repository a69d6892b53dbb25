// pipeline: builtin.module(to-wasm)
// A pointer for each buffer; taps are immediates.
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @depthwise(%x: memref<8x10x8xf32>, %w: memref<3x3x8xf32>, %bias: memref<8xf32>, %out: memref<6x8x8xf32>, %begin: index, %end: index) {
      %k0 = arith.constant 0 : index
      %k1 = arith.constant 1 : index
      %k2 = arith.constant 2 : index
      %k3 = arith.constant 3 : index
      %c4 = arith.constant 4 : index
      %c8 = arith.constant 8 : index
      scf.for %oy = %begin to %end step %k1 {
        scf.for %ox = %k0 to %c8 step %k2 {
          scf.for %ch = %k0 to %c8 step %c4 {
          %b = vector.load %bias[%ch] : memref<8xf32>, vector<4xf32>
          %w00 = vector.load %w[%k0, %k0, %ch] : memref<3x3x8xf32>, vector<4xf32>
          %w01 = vector.load %w[%k0, %k1, %ch] : memref<3x3x8xf32>, vector<4xf32>
          %w02 = vector.load %w[%k0, %k2, %ch] : memref<3x3x8xf32>, vector<4xf32>
          %w10 = vector.load %w[%k1, %k0, %ch] : memref<3x3x8xf32>, vector<4xf32>
          %w11 = vector.load %w[%k1, %k1, %ch] : memref<3x3x8xf32>, vector<4xf32>
          %w12 = vector.load %w[%k1, %k2, %ch] : memref<3x3x8xf32>, vector<4xf32>
          %w20 = vector.load %w[%k2, %k0, %ch] : memref<3x3x8xf32>, vector<4xf32>
          %w21 = vector.load %w[%k2, %k1, %ch] : memref<3x3x8xf32>, vector<4xf32>
          %w22 = vector.load %w[%k2, %k2, %ch] : memref<3x3x8xf32>, vector<4xf32>
          %y00 = arith.addi %oy, %k0 : index
          %x00 = arith.addi %ox, %k0 : index
          %in00 = vector.load %x[%y00, %x00, %ch] : memref<8x10x8xf32>, vector<4xf32>
          %p0 = arith.mulf %in00, %w00 fastmath<contract> : vector<4xf32>
          %s0 = arith.addf %b, %p0 fastmath<contract> : vector<4xf32>
          %y01 = arith.addi %oy, %k0 : index
          %x01 = arith.addi %ox, %k1 : index
          %in01 = vector.load %x[%y01, %x01, %ch] : memref<8x10x8xf32>, vector<4xf32>
          %p1 = arith.mulf %in01, %w01 fastmath<contract> : vector<4xf32>
          %s1 = arith.addf %s0, %p1 fastmath<contract> : vector<4xf32>
          %p2 = arith.mulf %in01, %w00 fastmath<contract> : vector<4xf32>
          %s2 = arith.addf %b, %p2 fastmath<contract> : vector<4xf32>
          %y02 = arith.addi %oy, %k0 : index
          %x02 = arith.addi %ox, %k2 : index
          %in02 = vector.load %x[%y02, %x02, %ch] : memref<8x10x8xf32>, vector<4xf32>
          %p3 = arith.mulf %in02, %w02 fastmath<contract> : vector<4xf32>
          %s3 = arith.addf %s1, %p3 fastmath<contract> : vector<4xf32>
          %p4 = arith.mulf %in02, %w01 fastmath<contract> : vector<4xf32>
          %s4 = arith.addf %s2, %p4 fastmath<contract> : vector<4xf32>
          %y03 = arith.addi %oy, %k0 : index
          %x03 = arith.addi %ox, %k3 : index
          %in03 = vector.load %x[%y03, %x03, %ch] : memref<8x10x8xf32>, vector<4xf32>
          %p5 = arith.mulf %in03, %w02 fastmath<contract> : vector<4xf32>
          %s5 = arith.addf %s4, %p5 fastmath<contract> : vector<4xf32>
          %y10 = arith.addi %oy, %k1 : index
          %x10 = arith.addi %ox, %k0 : index
          %in10 = vector.load %x[%y10, %x10, %ch] : memref<8x10x8xf32>, vector<4xf32>
          %p6 = arith.mulf %in10, %w10 fastmath<contract> : vector<4xf32>
          %s6 = arith.addf %s3, %p6 fastmath<contract> : vector<4xf32>
          %y11 = arith.addi %oy, %k1 : index
          %x11 = arith.addi %ox, %k1 : index
          %in11 = vector.load %x[%y11, %x11, %ch] : memref<8x10x8xf32>, vector<4xf32>
          %p7 = arith.mulf %in11, %w11 fastmath<contract> : vector<4xf32>
          %s7 = arith.addf %s6, %p7 fastmath<contract> : vector<4xf32>
          %p8 = arith.mulf %in11, %w10 fastmath<contract> : vector<4xf32>
          %s8 = arith.addf %s5, %p8 fastmath<contract> : vector<4xf32>
          %y12 = arith.addi %oy, %k1 : index
          %x12 = arith.addi %ox, %k2 : index
          %in12 = vector.load %x[%y12, %x12, %ch] : memref<8x10x8xf32>, vector<4xf32>
          %p9 = arith.mulf %in12, %w12 fastmath<contract> : vector<4xf32>
          %s9 = arith.addf %s7, %p9 fastmath<contract> : vector<4xf32>
          %p10 = arith.mulf %in12, %w11 fastmath<contract> : vector<4xf32>
          %s10 = arith.addf %s8, %p10 fastmath<contract> : vector<4xf32>
          %y13 = arith.addi %oy, %k1 : index
          %x13 = arith.addi %ox, %k3 : index
          %in13 = vector.load %x[%y13, %x13, %ch] : memref<8x10x8xf32>, vector<4xf32>
          %p11 = arith.mulf %in13, %w12 fastmath<contract> : vector<4xf32>
          %s11 = arith.addf %s10, %p11 fastmath<contract> : vector<4xf32>
          %y20 = arith.addi %oy, %k2 : index
          %x20 = arith.addi %ox, %k0 : index
          %in20 = vector.load %x[%y20, %x20, %ch] : memref<8x10x8xf32>, vector<4xf32>
          %p12 = arith.mulf %in20, %w20 fastmath<contract> : vector<4xf32>
          %s12 = arith.addf %s9, %p12 fastmath<contract> : vector<4xf32>
          %y21 = arith.addi %oy, %k2 : index
          %x21 = arith.addi %ox, %k1 : index
          %in21 = vector.load %x[%y21, %x21, %ch] : memref<8x10x8xf32>, vector<4xf32>
          %p13 = arith.mulf %in21, %w21 fastmath<contract> : vector<4xf32>
          %s13 = arith.addf %s12, %p13 fastmath<contract> : vector<4xf32>
          %p14 = arith.mulf %in21, %w20 fastmath<contract> : vector<4xf32>
          %s14 = arith.addf %s11, %p14 fastmath<contract> : vector<4xf32>
          %y22 = arith.addi %oy, %k2 : index
          %x22 = arith.addi %ox, %k2 : index
          %in22 = vector.load %x[%y22, %x22, %ch] : memref<8x10x8xf32>, vector<4xf32>
          %p15 = arith.mulf %in22, %w22 fastmath<contract> : vector<4xf32>
          %s15 = arith.addf %s13, %p15 fastmath<contract> : vector<4xf32>
          %p16 = arith.mulf %in22, %w21 fastmath<contract> : vector<4xf32>
          %s16 = arith.addf %s14, %p16 fastmath<contract> : vector<4xf32>
          %y23 = arith.addi %oy, %k2 : index
          %x23 = arith.addi %ox, %k3 : index
          %in23 = vector.load %x[%y23, %x23, %ch] : memref<8x10x8xf32>, vector<4xf32>
          %p17 = arith.mulf %in23, %w22 fastmath<contract> : vector<4xf32>
          %s17 = arith.addf %s16, %p17 fastmath<contract> : vector<4xf32>
          vector.store %s15, %out[%oy, %ox, %ch] : memref<6x8x8xf32>, vector<4xf32>
          %ox1 = arith.addi %ox, %k1 : index
          vector.store %s17, %out[%oy, %ox1, %ch] : memref<6x8x8xf32>, vector<4xf32>
          }
        }
      }
      return
    }
  }
}
// -----  expected
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @depthwise(%arg0: i32, %arg1: i32, %arg2: i32, %arg3: i32, %arg4: i32, %arg5: i32) {
      %c320_i32 = arith.constant 320 : i32
      %c256_i32 = arith.constant 256 : i32
      %c64_i32 = arith.constant 64 : i32
      %c32_i32 = arith.constant 32 : i32
      %c16_i32 = arith.constant 16 : i32
      %0 = arith.muli %arg4, %c320_i32 : i32
      %1 = arith.addi %arg0, %0 : i32
      %2 = arith.muli %arg4, %c256_i32 : i32
      %3 = arith.addi %arg3, %2 : i32
      %4 = arith.muli %arg5, %c320_i32 : i32
      %5 = arith.addi %arg0, %4 : i32
      %6 = scf.for %arg6 = %1 to %5 step %c320_i32 iter_args(%arg7 = %3) -> (i32)  : i32 {
        %7 = arith.addi %arg6, %c256_i32 : i32
        %8 = scf.for %arg8 = %arg6 to %7 step %c64_i32 iter_args(%arg9 = %arg7) -> (i32)  : i32 {
          %10 = arith.addi %arg2, %c32_i32 : i32
          %11:3 = scf.for %arg10 = %arg2 to %10 step %c16_i32 iter_args(%arg11 = %arg1, %arg12 = %arg8, %arg13 = %arg9) -> (i32, i32, i32)  : i32 {
            %13 = "wasm.v128_load"(%arg10) {offset = 0 : i32} : (i32) -> vector<4xf32>
            %14 = "wasm.v128_load"(%arg11) {offset = 0 : i32} : (i32) -> vector<4xf32>
            %15 = "wasm.v128_load"(%arg11) {offset = 32 : i32} : (i32) -> vector<4xf32>
            %16 = "wasm.v128_load"(%arg11) {offset = 64 : i32} : (i32) -> vector<4xf32>
            %17 = "wasm.v128_load"(%arg11) {offset = 96 : i32} : (i32) -> vector<4xf32>
            %18 = "wasm.v128_load"(%arg11) {offset = 128 : i32} : (i32) -> vector<4xf32>
            %19 = "wasm.v128_load"(%arg11) {offset = 160 : i32} : (i32) -> vector<4xf32>
            %20 = "wasm.v128_load"(%arg11) {offset = 192 : i32} : (i32) -> vector<4xf32>
            %21 = "wasm.v128_load"(%arg11) {offset = 224 : i32} : (i32) -> vector<4xf32>
            %22 = "wasm.v128_load"(%arg11) {offset = 256 : i32} : (i32) -> vector<4xf32>
            %23 = "wasm.v128_load"(%arg12) {offset = 0 : i32} : (i32) -> vector<4xf32>
            %24 = "wasm.f32x4_relaxed_madd"(%23, %14, %13) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %25 = "wasm.v128_load"(%arg12) {offset = 32 : i32} : (i32) -> vector<4xf32>
            %26 = "wasm.f32x4_relaxed_madd"(%25, %15, %24) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %27 = "wasm.f32x4_relaxed_madd"(%25, %14, %13) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %28 = "wasm.v128_load"(%arg12) {offset = 64 : i32} : (i32) -> vector<4xf32>
            %29 = "wasm.f32x4_relaxed_madd"(%28, %16, %26) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %30 = "wasm.f32x4_relaxed_madd"(%28, %15, %27) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %31 = "wasm.v128_load"(%arg12) {offset = 96 : i32} : (i32) -> vector<4xf32>
            %32 = "wasm.f32x4_relaxed_madd"(%31, %16, %30) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %33 = "wasm.v128_load"(%arg12) {offset = 320 : i32} : (i32) -> vector<4xf32>
            %34 = "wasm.f32x4_relaxed_madd"(%33, %17, %29) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %35 = "wasm.v128_load"(%arg12) {offset = 352 : i32} : (i32) -> vector<4xf32>
            %36 = "wasm.f32x4_relaxed_madd"(%35, %18, %34) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %37 = "wasm.f32x4_relaxed_madd"(%35, %17, %32) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %38 = "wasm.v128_load"(%arg12) {offset = 384 : i32} : (i32) -> vector<4xf32>
            %39 = "wasm.f32x4_relaxed_madd"(%38, %19, %36) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %40 = "wasm.f32x4_relaxed_madd"(%38, %18, %37) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %41 = "wasm.v128_load"(%arg12) {offset = 416 : i32} : (i32) -> vector<4xf32>
            %42 = "wasm.f32x4_relaxed_madd"(%41, %19, %40) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %43 = "wasm.v128_load"(%arg12) {offset = 640 : i32} : (i32) -> vector<4xf32>
            %44 = "wasm.f32x4_relaxed_madd"(%43, %20, %39) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %45 = "wasm.v128_load"(%arg12) {offset = 672 : i32} : (i32) -> vector<4xf32>
            %46 = "wasm.f32x4_relaxed_madd"(%45, %21, %44) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %47 = "wasm.f32x4_relaxed_madd"(%45, %20, %42) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %48 = "wasm.v128_load"(%arg12) {offset = 704 : i32} : (i32) -> vector<4xf32>
            %49 = "wasm.f32x4_relaxed_madd"(%48, %22, %46) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %50 = "wasm.f32x4_relaxed_madd"(%48, %21, %47) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            %51 = "wasm.v128_load"(%arg12) {offset = 736 : i32} : (i32) -> vector<4xf32>
            %52 = "wasm.f32x4_relaxed_madd"(%51, %22, %50) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
            "wasm.v128_store"(%arg13, %49) {offset = 0 : i32} : (i32, vector<4xf32>) -> ()
            "wasm.v128_store"(%arg13, %52) {offset = 32 : i32} : (i32, vector<4xf32>) -> ()
            %53 = arith.addi %arg11, %c16_i32 : i32
            %54 = arith.addi %arg12, %c16_i32 : i32
            %55 = arith.addi %arg13, %c16_i32 : i32
            scf.yield %53, %54, %55 : i32, i32, i32
          }
          %12 = arith.addi %arg9, %c64_i32 : i32
          scf.yield %12 : i32
        }
        %9 = arith.addi %arg7, %c256_i32 : i32
        scf.yield %9 : i32
      }
      return
    }
  }
}
