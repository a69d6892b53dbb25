// pipeline: to-wasm
// The maximum of two unknown vectors lets NaN of either through; a known number needs no test.
module attributes {weft.target = "wasm-relaxed"} {
  func.func @f(%x: memref<8xf32>, %y: memref<8xf32>) {
    %zero = arith.constant 0 : index
    %four = arith.constant 4 : index
    %a = vector.load %x[%zero] : memref<8xf32>, vector<4xf32>
    %b = vector.load %x[%four] : memref<8xf32>, vector<4xf32>
    %m = arith.maximumf %a, %b : vector<4xf32>
    vector.store %m, %y[%zero] : memref<8xf32>, vector<4xf32>
    %six = arith.constant dense<6.0> : vector<4xf32>
    %n = arith.minimumf %a, %six : vector<4xf32>
    vector.store %n, %y[%four] : memref<8xf32>, vector<4xf32>
    return
  }
}
// -----  expected
module attributes {weft.target = "wasm-relaxed"} {
  func.func @f(%arg0: i32, %arg1: i32) {
    %0 = "wasm.v128_load"(%arg0) {offset = 0 : i32} : (i32) -> vector<4xf32>
    %1 = "wasm.v128_load"(%arg0) {offset = 16 : i32} : (i32) -> vector<4xf32>
    %2 = "wasm.f32x4_ne"(%1, %1) : (vector<4xf32>, vector<4xf32>) -> vector<4xi32>
    %3 = "wasm.f32x4_pmax"(%0, %1) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
    %4 = "wasm.v128_or"(%3, %2) : (vector<4xf32>, vector<4xi32>) -> vector<4xf32>
    "wasm.v128_store"(%arg1, %4) {offset = 0 : i32} : (i32, vector<4xf32>) -> ()
    %cst = arith.constant dense<6.000000e+00> : vector<4xf32>
    %5 = "wasm.f32x4_pmin"(%0, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
    "wasm.v128_store"(%arg1, %5) {offset = 16 : i32} : (i32, vector<4xf32>) -> ()
    return
  }
}
