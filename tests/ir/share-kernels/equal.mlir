// pipeline: share-kernels
// Kernels of equal text become one whatever their names and locations; one of another shape stays.
func.func private @a(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = "nn.softmax"(%x) : (tensor<2x4xf32>) -> tensor<2x4xf32> loc("first")
  return %0 : tensor<2x4xf32>
}
func.func private @b(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = "nn.softmax"(%x) : (tensor<2x4xf32>) -> tensor<2x4xf32> loc("second")
  return %0 : tensor<2x4xf32>
}
func.func private @c(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %0 = "nn.softmax"(%x) : (tensor<4x2xf32>) -> tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}
func.func @main(%x: tensor<2x4xf32>, %y: tensor<4x2xf32>) -> (tensor<2x4xf32>, tensor<4x2xf32>) {
  %0 = call @a(%x) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = call @b(%0) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = call @c(%y) : (tensor<4x2xf32>) -> tensor<4x2xf32>
  return %1, %2 : tensor<2x4xf32>, tensor<4x2xf32>
}
// -----  expected
module {
  func.func private @a(%arg0: tensor<2x4xf32>) -> tensor<2x4xf32> {
    %0 = "nn.softmax"(%arg0) : (tensor<2x4xf32>) -> tensor<2x4xf32>
    return %0 : tensor<2x4xf32>
  }
  func.func private @c(%arg0: tensor<4x2xf32>) -> tensor<4x2xf32> {
    %0 = "nn.softmax"(%arg0) : (tensor<4x2xf32>) -> tensor<4x2xf32>
    return %0 : tensor<4x2xf32>
  }
  func.func @main(%arg0: tensor<2x4xf32>, %arg1: tensor<4x2xf32>) -> (tensor<2x4xf32>, tensor<4x2xf32>) {
    %0 = call @a(%arg0) : (tensor<2x4xf32>) -> tensor<2x4xf32>
    %1 = call @a(%0) : (tensor<2x4xf32>) -> tensor<2x4xf32>
    %2 = call @c(%arg1) : (tensor<4x2xf32>) -> tensor<4x2xf32>
    return %1, %2 : tensor<2x4xf32>, tensor<4x2xf32>
  }
}
