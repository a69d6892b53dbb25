// pipeline: materialize-padding
// Kernels of a grid ask what lies inside.
module attributes {weft.device = "webgpu"} {
  func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2x4xf32>) -> tensor<1x4x4x4xf32> {
    %0 = "nn.conv2d"(%x, %w) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, groups = 1 : i64, channels = 4 : i64, panel = 0 : i64} : (tensor<1x4x4x2xf32>, tensor<3x3x2x4xf32>) -> tensor<1x4x4x4xf32>
    return %0 : tensor<1x4x4x4xf32>
  }
}
// -----  expected
module attributes {weft.device = "webgpu"} {
  func.func @f(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x4xf32>) -> tensor<1x4x4x4xf32> {
    %0 = "nn.conv2d"(%arg0, %arg1) {channels = 4 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2x4xf32>) -> tensor<1x4x4x4xf32>
    return %0 : tensor<1x4x4x4xf32>
  }
}
