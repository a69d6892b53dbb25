// pipeline: builtin.module(to-wasm)
// Constants are made outside of the loop while the registers allow: 15 vectors, and 3 that V8 may keep on its stack.
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%x: memref<64xf32>) {
      %c0 = arith.constant 0 : index
      %c4 = arith.constant 4 : index
      %c64 = arith.constant 64 : index
      scf.for %i = %c0 to %c64 step %c4 {
        %a = vector.load %x[%i] : memref<64xf32>, vector<4xf32>
        %k0 = arith.constant dense<1.5> : vector<4xf32>
        %m0 = arith.mulf %a, %a fastmath<contract> : vector<4xf32>
        %h0 = arith.addf %m0, %k0 fastmath<contract> : vector<4xf32>
        %k1 = arith.constant dense<2.5> : vector<4xf32>
        %m1 = arith.mulf %h0, %a fastmath<contract> : vector<4xf32>
        %h1 = arith.addf %m1, %k1 fastmath<contract> : vector<4xf32>
        %k2 = arith.constant dense<3.5> : vector<4xf32>
        %m2 = arith.mulf %h1, %a fastmath<contract> : vector<4xf32>
        %h2 = arith.addf %m2, %k2 fastmath<contract> : vector<4xf32>
        %k3 = arith.constant dense<4.5> : vector<4xf32>
        %m3 = arith.mulf %h2, %a fastmath<contract> : vector<4xf32>
        %h3 = arith.addf %m3, %k3 fastmath<contract> : vector<4xf32>
        %k4 = arith.constant dense<5.5> : vector<4xf32>
        %m4 = arith.mulf %h3, %a fastmath<contract> : vector<4xf32>
        %h4 = arith.addf %m4, %k4 fastmath<contract> : vector<4xf32>
        %k5 = arith.constant dense<6.5> : vector<4xf32>
        %m5 = arith.mulf %h4, %a fastmath<contract> : vector<4xf32>
        %h5 = arith.addf %m5, %k5 fastmath<contract> : vector<4xf32>
        %k6 = arith.constant dense<7.5> : vector<4xf32>
        %m6 = arith.mulf %h5, %a fastmath<contract> : vector<4xf32>
        %h6 = arith.addf %m6, %k6 fastmath<contract> : vector<4xf32>
        %k7 = arith.constant dense<8.5> : vector<4xf32>
        %m7 = arith.mulf %h6, %a fastmath<contract> : vector<4xf32>
        %h7 = arith.addf %m7, %k7 fastmath<contract> : vector<4xf32>
        %k8 = arith.constant dense<9.5> : vector<4xf32>
        %m8 = arith.mulf %h7, %a fastmath<contract> : vector<4xf32>
        %h8 = arith.addf %m8, %k8 fastmath<contract> : vector<4xf32>
        %k9 = arith.constant dense<10.5> : vector<4xf32>
        %m9 = arith.mulf %h8, %a fastmath<contract> : vector<4xf32>
        %h9 = arith.addf %m9, %k9 fastmath<contract> : vector<4xf32>
        %k10 = arith.constant dense<11.5> : vector<4xf32>
        %m10 = arith.mulf %h9, %a fastmath<contract> : vector<4xf32>
        %h10 = arith.addf %m10, %k10 fastmath<contract> : vector<4xf32>
        %k11 = arith.constant dense<12.5> : vector<4xf32>
        %m11 = arith.mulf %h10, %a fastmath<contract> : vector<4xf32>
        %h11 = arith.addf %m11, %k11 fastmath<contract> : vector<4xf32>
        %k12 = arith.constant dense<13.5> : vector<4xf32>
        %m12 = arith.mulf %h11, %a fastmath<contract> : vector<4xf32>
        %h12 = arith.addf %m12, %k12 fastmath<contract> : vector<4xf32>
        %k13 = arith.constant dense<14.5> : vector<4xf32>
        %m13 = arith.mulf %h12, %a fastmath<contract> : vector<4xf32>
        %h13 = arith.addf %m13, %k13 fastmath<contract> : vector<4xf32>
        %k14 = arith.constant dense<15.5> : vector<4xf32>
        %m14 = arith.mulf %h13, %a fastmath<contract> : vector<4xf32>
        %h14 = arith.addf %m14, %k14 fastmath<contract> : vector<4xf32>
        %k15 = arith.constant dense<16.5> : vector<4xf32>
        %m15 = arith.mulf %h14, %a fastmath<contract> : vector<4xf32>
        %h15 = arith.addf %m15, %k15 fastmath<contract> : vector<4xf32>
        %k16 = arith.constant dense<17.5> : vector<4xf32>
        %m16 = arith.mulf %h15, %a fastmath<contract> : vector<4xf32>
        %h16 = arith.addf %m16, %k16 fastmath<contract> : vector<4xf32>
        %k17 = arith.constant dense<18.5> : vector<4xf32>
        %m17 = arith.mulf %h16, %a fastmath<contract> : vector<4xf32>
        %h17 = arith.addf %m17, %k17 fastmath<contract> : vector<4xf32>
        %zero = arith.constant dense<0.0> : vector<4xf32>
        %r = arith.maximumf %h17, %zero : vector<4xf32>
        vector.store %r, %x[%i] : memref<64xf32>, vector<4xf32>
      }
      return
    }
  }
}
// -----  expected
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%arg0: i32) {
      %c256_i32 = arith.constant 256 : i32
      %c16_i32 = arith.constant 16 : i32
      %0 = arith.addi %arg0, %c256_i32 : i32
      %cst = arith.constant dense<1.500000e+00> : vector<4xf32>
      %cst_0 = arith.constant dense<2.500000e+00> : vector<4xf32>
      %cst_1 = arith.constant dense<3.500000e+00> : vector<4xf32>
      %cst_2 = arith.constant dense<4.500000e+00> : vector<4xf32>
      %cst_3 = arith.constant dense<5.500000e+00> : vector<4xf32>
      %cst_4 = arith.constant dense<6.500000e+00> : vector<4xf32>
      %cst_5 = arith.constant dense<7.500000e+00> : vector<4xf32>
      %cst_6 = arith.constant dense<8.500000e+00> : vector<4xf32>
      %cst_7 = arith.constant dense<9.500000e+00> : vector<4xf32>
      %cst_8 = arith.constant dense<1.050000e+01> : vector<4xf32>
      %cst_9 = arith.constant dense<1.150000e+01> : vector<4xf32>
      %cst_10 = arith.constant dense<1.250000e+01> : vector<4xf32>
      %cst_11 = arith.constant dense<1.350000e+01> : vector<4xf32>
      %cst_12 = arith.constant dense<1.450000e+01> : vector<4xf32>
      %cst_13 = arith.constant dense<1.550000e+01> : vector<4xf32>
      scf.for %arg1 = %arg0 to %0 step %c16_i32  : i32 {
        %1 = "wasm.v128_load"(%arg1) {offset = 0 : i32} : (i32) -> vector<4xf32>
        %2 = "wasm.f32x4_relaxed_madd"(%1, %1, %cst) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %3 = "wasm.f32x4_relaxed_madd"(%2, %1, %cst_0) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %4 = "wasm.f32x4_relaxed_madd"(%3, %1, %cst_1) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %5 = "wasm.f32x4_relaxed_madd"(%4, %1, %cst_2) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %6 = "wasm.f32x4_relaxed_madd"(%5, %1, %cst_3) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %7 = "wasm.f32x4_relaxed_madd"(%6, %1, %cst_4) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %8 = "wasm.f32x4_relaxed_madd"(%7, %1, %cst_5) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %9 = "wasm.f32x4_relaxed_madd"(%8, %1, %cst_6) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %10 = "wasm.f32x4_relaxed_madd"(%9, %1, %cst_7) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %11 = "wasm.f32x4_relaxed_madd"(%10, %1, %cst_8) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %12 = "wasm.f32x4_relaxed_madd"(%11, %1, %cst_9) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %13 = "wasm.f32x4_relaxed_madd"(%12, %1, %cst_10) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %14 = "wasm.f32x4_relaxed_madd"(%13, %1, %cst_11) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %15 = "wasm.f32x4_relaxed_madd"(%14, %1, %cst_12) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %16 = "wasm.f32x4_relaxed_madd"(%15, %1, %cst_13) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %cst_14 = arith.constant dense<1.650000e+01> : vector<4xf32>
        %17 = "wasm.f32x4_relaxed_madd"(%16, %1, %cst_14) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %cst_15 = arith.constant dense<1.750000e+01> : vector<4xf32>
        %18 = "wasm.f32x4_relaxed_madd"(%17, %1, %cst_15) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %cst_16 = arith.constant dense<1.850000e+01> : vector<4xf32>
        %19 = "wasm.f32x4_relaxed_madd"(%18, %1, %cst_16) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        %cst_17 = arith.constant dense<0.000000e+00> : vector<4xf32>
        %20 = "wasm.f32x4_pmax"(%19, %cst_17) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        "wasm.v128_store"(%arg1, %20) {offset = 0 : i32} : (i32, vector<4xf32>) -> ()
      }
      return
    }
  }
}
