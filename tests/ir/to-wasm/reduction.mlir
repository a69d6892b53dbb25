// pipeline: builtin.module(to-wasm)
// Sums of both columns of a matrix whose rows alternate: carried values that change places, then across lanes.
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%x: memref<6x4xf32>, %y: memref<2xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c6 = arith.constant 6 : index
      %zero = arith.constant dense<0.0> : vector<4xf32>
      %s:2 = scf.for %i = %c0 to %c6 step %c1 iter_args(%even = %zero, %odd = %zero) -> (vector<4xf32>, vector<4xf32>) {
        %a = vector.load %x[%i, %c0] : memref<6x4xf32>, vector<4xf32>
        %n = arith.addf %even, %a : vector<4xf32>
        scf.yield %odd, %n : vector<4xf32>, vector<4xf32>
      }
      %t = vector.shuffle %s#0, %s#1 [0, 4, 1, 5] : vector<4xf32>, vector<4xf32>
      %u = vector.shuffle %s#0, %s#1 [2, 6, 3, 7] : vector<4xf32>, vector<4xf32>
      %v = arith.addf %t, %u : vector<4xf32>
      %w = vector.shuffle %v, %v [2, 3, 2, 3] : vector<4xf32>, vector<4xf32>
      %z = arith.addf %v, %w : vector<4xf32>
      %e = vector.extract %z[0] : f32 from vector<4xf32>
      %o = vector.extract %z[1] : f32 from vector<4xf32>
      memref.store %e, %y[%c0] : memref<2xf32>
      memref.store %o, %y[%c1] : memref<2xf32>
      return
    }
  }
}
// -----  expected
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%arg0: i32, %arg1: i32) {
      %c96_i32 = arith.constant 96 : i32
      %c16_i32 = arith.constant 16 : i32
      %0 = arith.addi %arg0, %c96_i32 : i32
      %cst = arith.constant dense<0.000000e+00> : vector<4xf32>
      %1:2 = scf.for %arg2 = %arg0 to %0 step %c16_i32 iter_args(%arg3 = %cst, %arg4 = %cst) -> (vector<4xf32>, vector<4xf32>)  : i32 {
        %7 = "wasm.v128_load"(%arg2) {offset = 0 : i32} : (i32) -> vector<4xf32>
        %8 = "wasm.f32x4_add"(%arg3, %7) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
        scf.yield %arg4, %8 : vector<4xf32>, vector<4xf32>
      }
      %2 = "wasm.i8x16_shuffle"(%1#0, %1#1) {lanes = array<i64: 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23>} : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
      %3 = "wasm.i8x16_shuffle"(%1#0, %1#1) {lanes = array<i64: 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31>} : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
      %4 = "wasm.f32x4_add"(%2, %3) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
      %5 = "wasm.i8x16_shuffle"(%4, %4) {lanes = array<i64: 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15>} : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
      %6 = "wasm.f32x4_add"(%4, %5) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
      "wasm.v128_store32_lane"(%arg1, %6) {lanes = array<i64: 0>, offset = 0 : i32} : (i32, vector<4xf32>) -> ()
      "wasm.v128_store32_lane"(%arg1, %6) {lanes = array<i64: 1>, offset = 4 : i32} : (i32, vector<4xf32>) -> ()
      return
    }
  }
}
