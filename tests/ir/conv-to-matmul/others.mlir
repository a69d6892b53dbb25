// pipeline: conv-to-matmul
// Strides, padding, groups and larger kernels are left alone.
func.func @f(%x: tensor<1x4x4x4xf32>, %w: tensor<1x1x4x6xf32>, %w2: tensor<1x1x2x6xf32>, %w3: tensor<1x2x4x6xf32>) -> (tensor<1x2x2x6xf32>, tensor<1x5x4x6xf32>, tensor<1x4x4x6xf32>, tensor<1x4x3x6xf32>) {
  %0 = "nn.conv2d"(%x, %w) {kernel = array<i64: 1, 1>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 6 : i64, panel = 0 : i64} : (tensor<1x4x4x4xf32>, tensor<1x1x4x6xf32>) -> tensor<1x2x2x6xf32>
  %1 = "nn.conv2d"(%x, %w) {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 0, 0, 0>, groups = 1 : i64, channels = 6 : i64, panel = 0 : i64} : (tensor<1x4x4x4xf32>, tensor<1x1x4x6xf32>) -> tensor<1x5x4x6xf32>
  %2 = "nn.conv2d"(%x, %w2) {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 2 : i64, channels = 6 : i64, panel = 0 : i64} : (tensor<1x4x4x4xf32>, tensor<1x1x2x6xf32>) -> tensor<1x4x4x6xf32>
  %3 = "nn.conv2d"(%x, %w3) {kernel = array<i64: 1, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 6 : i64, panel = 0 : i64} : (tensor<1x4x4x4xf32>, tensor<1x2x4x6xf32>) -> tensor<1x4x3x6xf32>
  return %0, %1, %2, %3 : tensor<1x2x2x6xf32>, tensor<1x5x4x6xf32>, tensor<1x4x4x6xf32>, tensor<1x4x3x6xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x4x4x4xf32>, %arg1: tensor<1x1x4x6xf32>, %arg2: tensor<1x1x2x6xf32>, %arg3: tensor<1x2x4x6xf32>) -> (tensor<1x2x2x6xf32>, tensor<1x5x4x6xf32>, tensor<1x4x4x6xf32>, tensor<1x4x3x6xf32>) {
    %0 = "nn.conv2d"(%arg0, %arg1) {channels = 6 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 2, 2>} : (tensor<1x4x4x4xf32>, tensor<1x1x4x6xf32>) -> tensor<1x2x2x6xf32>
    %1 = "nn.conv2d"(%arg0, %arg1) {channels = 6 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 1, 1>, pads = array<i64: 1, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x4x4x4xf32>, tensor<1x1x4x6xf32>) -> tensor<1x5x4x6xf32>
    %2 = "nn.conv2d"(%arg0, %arg2) {channels = 6 : i64, dilations = array<i64: 1, 1>, groups = 2 : i64, kernel = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x4x4x4xf32>, tensor<1x1x2x6xf32>) -> tensor<1x4x4x6xf32>
    %3 = "nn.conv2d"(%arg0, %arg3) {channels = 6 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 1, 2>, pads = array<i64: 0, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x4x4x4xf32>, tensor<1x2x4x6xf32>) -> tensor<1x4x3x6xf32>
    return %0, %1, %2, %3 : tensor<1x2x2x6xf32>, tensor<1x5x4x6xf32>, tensor<1x4x4x6xf32>, tensor<1x4x3x6xf32>
  }
}
