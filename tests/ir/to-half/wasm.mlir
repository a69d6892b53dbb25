// pipeline: to-half
// Other targets store f32.
module attributes {weft.device = "webgpu"} {
func.func private @k(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = "nn.softmax"(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
func.func @main(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = call @k(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
}
// -----  expected
module attributes {weft.device = "webgpu"} {
  func.func private @k(%arg0: tensor<4x8xf32>) -> tensor<4x8xf32> {
    %0 = "nn.softmax"(%arg0) : (tensor<4x8xf32>) -> tensor<4x8xf32>
    return %0 : tensor<4x8xf32>
  }
  func.func @main(%arg0: tensor<4x8xf32>) -> tensor<4x8xf32> {
    %0 = call @k(%arg0) : (tensor<4x8xf32>) -> tensor<4x8xf32>
    return %0 : tensor<4x8xf32>
  }
}
