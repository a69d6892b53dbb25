// pipeline: builtin.module(to-wasm)
// Vectors, then what is left one by one. A clamp keeps NaN, so what is known to be a number comes second.
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%x: memref<10xf32>, %y: memref<10xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %c8 = arith.constant 8 : index
      %c10 = arith.constant 10 : index
      %six = arith.constant dense<6.0> : vector<4xf32>
      scf.for %i = %c0 to %c8 step %c4 {
        %a = vector.load %x[%i] : memref<10xf32>, vector<4xf32>
        %b = arith.minimumf %a, %six : vector<4xf32>
        vector.store %b, %y[%i] : memref<10xf32>, vector<4xf32>
      }
      %s6 = arith.constant 6.0 : f32
      scf.for %i = %c8 to %c10 step %c1 {
        %a = memref.load %x[%i] : memref<10xf32>
        %b = arith.minimumf %a, %s6 : f32
        memref.store %b, %y[%i] : memref<10xf32>
      }
      return
    }
  }
}
// -----  expected
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%arg0: i32, %arg1: i32) {
      %c32_i32 = arith.constant 32 : i32
      %c16_i32 = arith.constant 16 : i32
      %cst = arith.constant 6.000000e+00 : f32
      %c40_i32 = arith.constant 40 : i32
      %c4_i32 = arith.constant 4 : i32
      %0 = arith.addi %arg0, %c32_i32 : i32
      %cst_0 = arith.constant dense<6.000000e+00> : vector<4xf32>
      %1 = scf.for %arg2 = %arg0 to %0 step %c16_i32 iter_args(%arg3 = %arg1) -> (i32)  : i32 {
        %6 = "wasm.v128_load"(%arg2) {offset = 0 : i32} : (i32) -> vector<4xf32>
        %7 = "wasm.f32x4_pmin"(%6, %cst_0) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        "wasm.v128_store"(%arg3, %7) {offset = 0 : i32} : (i32, vector<4xf32>) -> ()
        %8 = arith.addi %arg3, %c16_i32 : i32
        scf.yield %8 : i32
      }
      %2 = arith.addi %arg0, %c32_i32 : i32
      %3 = arith.addi %arg1, %c32_i32 : i32
      %4 = arith.addi %arg0, %c40_i32 : i32
      %5 = scf.for %arg2 = %2 to %4 step %c4_i32 iter_args(%arg3 = %3) -> (i32)  : i32 {
        %6 = "wasm.f32_load"(%arg2) {offset = 0 : i32} : (i32) -> f32
        %7 = arith.cmpf ogt, %6, %cst : f32
        %8 = arith.select %7, %cst, %6 : f32
        "wasm.f32_store"(%arg3, %8) {offset = 0 : i32} : (i32, f32) -> ()
        %9 = arith.addi %arg3, %c4_i32 : i32
        scf.yield %9 : i32
      }
      return
    }
  }
}
