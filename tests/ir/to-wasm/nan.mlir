// pipeline: builtin.module(to-wasm)
// Which operand survives NaN: pmax(a, b) is a < b ? b : a, pmin(a, b) is b < a ? b : a.
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @vectors(%x: memref<4xf32>, %z: memref<4xf32>, %y: memref<44xf32>) {
      %c0 = arith.constant 0 : index
      %one = arith.constant dense<1.0> : vector<4xf32>
      %a = vector.load %x[%c0] : memref<4xf32>, vector<4xf32>
      %b = vector.load %z[%c0] : memref<4xf32>, vector<4xf32>
      %max_known = arith.maximumf %one, %a : vector<4xf32>
      vector.store %max_known, %y[%c0] : memref<44xf32>, vector<4xf32>
      %max = arith.maximumf %a, %b : vector<4xf32>
      %c4 = arith.constant 4 : index
      vector.store %max, %y[%c4] : memref<44xf32>, vector<4xf32>
      %num_known = arith.maxnumf %a, %one : vector<4xf32>
      %c8 = arith.constant 8 : index
      vector.store %num_known, %y[%c8] : memref<44xf32>, vector<4xf32>
      %num = arith.minnumf %a, %b : vector<4xf32>
      %c12 = arith.constant 12 : index
      vector.store %num, %y[%c12] : memref<44xf32>, vector<4xf32>
      %lt = arith.cmpf olt, %a, %b : vector<4xf32>
      %pmax = arith.select %lt, %b, %a : vector<4xi1>, vector<4xf32>
      %c16 = arith.constant 16 : index
      vector.store %pmax, %y[%c16] : memref<44xf32>, vector<4xf32>
      %pmin = arith.select %lt, %a, %b : vector<4xi1>, vector<4xf32>
      %c20 = arith.constant 20 : index
      vector.store %pmin, %y[%c20] : memref<44xf32>, vector<4xf32>
      %ge = arith.cmpf oge, %a, %b : vector<4xf32>
      %other = arith.select %ge, %a, %b : vector<4xi1>, vector<4xf32>
      %c24 = arith.constant 24 : index
      vector.store %other, %y[%c24] : memref<44xf32>, vector<4xf32>
      %ult = arith.cmpf ult, %a, %b : vector<4xf32>
      %unordered = arith.select %ult, %b, %a : vector<4xi1>, vector<4xf32>
      %c28 = arith.constant 28 : index
      vector.store %unordered, %y[%c28] : memref<44xf32>, vector<4xf32>
      return
    }
    func.func private @scalars(%x: f32, %z: f32) -> (f32, f32, f32, f32) {
      %one = arith.constant 1.0 : f32
      %max_known = arith.maximumf %one, %x : f32
      %max = arith.maximumf %x, %z : f32
      %num_known = arith.maxnumf %x, %one : f32
      %num = arith.minnumf %x, %z : f32
      return %max_known, %max, %num_known, %num : f32, f32, f32, f32
    }
  }
}
// -----  expected
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @vectors(%arg0: i32, %arg1: i32, %arg2: i32) {
      %0 = "wasm.v128_load"(%arg0) {offset = 0 : i32} : (i32) -> vector<4xf32>
      %1 = "wasm.v128_load"(%arg1) {offset = 0 : i32} : (i32) -> vector<4xf32>
      %cst = arith.constant dense<1.000000e+00> : vector<4xf32>
      %2 = "wasm.f32x4_pmax"(%0, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
      "wasm.v128_store"(%arg2, %2) {offset = 0 : i32} : (i32, vector<4xf32>) -> ()
      %3 = "wasm.f32x4_ne"(%1, %1) : (vector<4xf32>, vector<4xf32>) -> vector<4xi32>
      %4 = "wasm.f32x4_pmax"(%0, %1) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
      %5 = "wasm.v128_or"(%4, %3) : (vector<4xf32>, vector<4xi32>) -> vector<4xf32>
      "wasm.v128_store"(%arg2, %5) {offset = 16 : i32} : (i32, vector<4xf32>) -> ()
      %6 = "wasm.f32x4_pmax"(%cst, %0) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
      "wasm.v128_store"(%arg2, %6) {offset = 32 : i32} : (i32, vector<4xf32>) -> ()
      %7 = "wasm.f32x4_ne"(%0, %0) : (vector<4xf32>, vector<4xf32>) -> vector<4xi32>
      %8 = "wasm.f32x4_pmin"(%0, %1) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
      %9 = "wasm.v128_bitselect"(%1, %8, %7) : (vector<4xf32>, vector<4xf32>, vector<4xi32>) -> vector<4xf32>
      "wasm.v128_store"(%arg2, %9) {offset = 48 : i32} : (i32, vector<4xf32>) -> ()
      %10 = "wasm.f32x4_pmax"(%0, %1) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
      "wasm.v128_store"(%arg2, %10) {offset = 64 : i32} : (i32, vector<4xf32>) -> ()
      %11 = "wasm.f32x4_pmin"(%1, %0) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
      "wasm.v128_store"(%arg2, %11) {offset = 80 : i32} : (i32, vector<4xf32>) -> ()
      %12 = "wasm.f32x4_ge"(%0, %1) : (vector<4xf32>, vector<4xf32>) -> vector<4xi32>
      %13 = "wasm.v128_bitselect"(%0, %1, %12) : (vector<4xf32>, vector<4xf32>, vector<4xi32>) -> vector<4xf32>
      "wasm.v128_store"(%arg2, %13) {offset = 96 : i32} : (i32, vector<4xf32>) -> ()
      %14 = "wasm.f32x4_ge"(%0, %1) : (vector<4xf32>, vector<4xf32>) -> vector<4xi32>
      %15 = "wasm.v128_bitselect"(%0, %1, %14) : (vector<4xf32>, vector<4xf32>, vector<4xi32>) -> vector<4xf32>
      "wasm.v128_store"(%arg2, %15) {offset = 112 : i32} : (i32, vector<4xf32>) -> ()
      return
    }
    func.func private @scalars(%arg0: f32, %arg1: f32) -> (f32, f32, f32, f32) {
      %cst = arith.constant 1.000000e+00 : f32
      %0 = arith.cmpf olt, %arg0, %cst : f32
      %1 = arith.select %0, %cst, %arg0 : f32
      %2 = "wasm.f32_max"(%arg0, %arg1) : (f32, f32) -> f32
      %3 = arith.cmpf olt, %cst, %arg0 : f32
      %4 = arith.select %3, %arg0, %cst : f32
      %5 = arith.cmpf une, %arg0, %arg0 : f32
      %6 = arith.cmpf ogt, %arg0, %arg1 : f32
      %7 = arith.select %6, %arg1, %arg0 : f32
      %8 = arith.select %5, %arg1, %7 : f32
      return %1, %2, %4, %8 : f32, f32, f32, f32
    }
  }
}
