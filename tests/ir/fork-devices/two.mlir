// pipeline: fork-devices
module attributes {weft.devices = "webgpu-f16+wasm", weft.targets = "wasm-simd"} {
  func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}
// -----  expected
module attributes {weft.devices = "webgpu-f16+wasm", weft.targets = "wasm-simd"} {
  module @webgpu_f16 attributes {weft.device = "webgpu-f16"} {
    func.func @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {
      return %arg0 : tensor<4xf32>
    }
  }
  module @wasm attributes {weft.device = "wasm", weft.targets = "wasm-simd"} {
    func.func @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {
      return %arg0 : tensor<4xf32>
    }
  }
}
