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
