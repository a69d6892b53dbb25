// pipeline: materialize-padding
// Depthwise convolutions and pools keep their padding; a convolution without stays as it is.
func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2xf32>, %v: tensor<3x3x2x2xf32>) -> (tensor<1x4x4x2xf32>, tensor<1x5x5x2xf32>, tensor<1x2x2x2xf32>) {
  %0 = "nn.depthwise_conv2d"(%x, %w) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>) -> tensor<1x4x4x2xf32>
  %1 = "nn.max_pool2d"(%x) {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x4x2xf32>) -> tensor<1x5x5x2xf32>
  %2 = "nn.conv2d"(%x, %v) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 2 : i64, panel = 0 : i64} : (tensor<1x4x4x2xf32>, tensor<3x3x2x2xf32>) -> tensor<1x2x2x2xf32>
  return %0, %1, %2 : tensor<1x4x4x2xf32>, tensor<1x5x5x2xf32>, tensor<1x2x2x2xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2xf32>, %arg2: tensor<3x3x2x2xf32>) -> (tensor<1x4x4x2xf32>, tensor<1x5x5x2xf32>, tensor<1x2x2x2xf32>) {
    %0 = "nn.depthwise_conv2d"(%arg0, %arg1) {dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>) -> tensor<1x4x4x2xf32>
    %1 = "nn.max_pool2d"(%arg0) {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>) -> tensor<1x5x5x2xf32>
    %2 = "nn.conv2d"(%arg0, %arg2) {channels = 2 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 3, 3>, pads = array<i64: 0, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x3x2x2xf32>) -> tensor<1x2x2x2xf32>
    return %0, %1, %2 : tensor<1x4x4x2xf32>, tensor<1x5x5x2xf32>, tensor<1x2x2x2xf32>
  }
}
