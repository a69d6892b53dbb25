// pipeline: fork-devices
module attributes {weft.devices = "webgpu", weft.targets = "wasm-simd"} {
  func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}
// -----  expected
module attributes {weft.device = "webgpu"} {
  func.func @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    return %arg0 : tensor<4xf32>
  }
}
