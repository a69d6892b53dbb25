// pipeline: winograd{tile=4}
// Not with stride 2, not with dilation, not with groups, and not with weights that only a run knows.
func.func @f(%x: tensor<1x6x6x4xf32>, %v: tensor<3x3x4x8xf32>)
    -> (tensor<1x2x2x8xf32>, tensor<1x2x2x8xf32>, tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) {
  %w = arith.constant dense<0.5> : tensor<3x3x4x8xf32>
  %g = arith.constant dense<0.5> : tensor<3x3x2x8xf32>
  %0 = "nn.conv2d"(%x, %w) {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>,
      pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 8 : i64, panel = 0 : i64}
      : (tensor<1x6x6x4xf32>, tensor<3x3x4x8xf32>) -> tensor<1x2x2x8xf32>
  %1 = "nn.conv2d"(%x, %w) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 2, 2>,
      pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 8 : i64, panel = 0 : i64}
      : (tensor<1x6x6x4xf32>, tensor<3x3x4x8xf32>) -> tensor<1x2x2x8xf32>
  %2 = "nn.conv2d"(%x, %g) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads = array<i64: 0, 0, 0, 0>, groups = 2 : i64, channels = 8 : i64, panel = 0 : i64}
      : (tensor<1x6x6x4xf32>, tensor<3x3x2x8xf32>) -> tensor<1x4x4x8xf32>
  %3 = "nn.conv2d"(%x, %v) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 8 : i64, panel = 0 : i64}
      : (tensor<1x6x6x4xf32>, tensor<3x3x4x8xf32>) -> tensor<1x4x4x8xf32>
  return %0, %1, %2, %3 : tensor<1x2x2x8xf32>, tensor<1x2x2x8xf32>, tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x6x6x4xf32>, %arg1: tensor<3x3x4x8xf32>) -> (tensor<1x2x2x8xf32>, tensor<1x2x2x8xf32>, tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) {
    %cst = arith.constant dense<5.000000e-01> : tensor<3x3x4x8xf32>
    %cst_0 = arith.constant dense<5.000000e-01> : tensor<3x3x2x8xf32>
    %0 = "nn.conv2d"(%arg0, %cst) {channels = 8 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 3, 3>, pads = array<i64: 0, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 2, 2>} : (tensor<1x6x6x4xf32>, tensor<3x3x4x8xf32>) -> tensor<1x2x2x8xf32>
    %1 = "nn.conv2d"(%arg0, %cst) {channels = 8 : i64, dilations = array<i64: 2, 2>, groups = 1 : i64, kernel = array<i64: 3, 3>, pads = array<i64: 0, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x6x6x4xf32>, tensor<3x3x4x8xf32>) -> tensor<1x2x2x8xf32>
    %2 = "nn.conv2d"(%arg0, %cst_0) {channels = 8 : i64, dilations = array<i64: 1, 1>, groups = 2 : i64, kernel = array<i64: 3, 3>, pads = array<i64: 0, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x6x6x4xf32>, tensor<3x3x2x8xf32>) -> tensor<1x4x4x8xf32>
    %3 = "nn.conv2d"(%arg0, %arg1) {channels = 8 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 3, 3>, pads = array<i64: 0, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x6x6x4xf32>, tensor<3x3x4x8xf32>) -> tensor<1x4x4x8xf32>
    return %0, %1, %2, %3 : tensor<1x2x2x8xf32>, tensor<1x2x2x8xf32>, tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>
  }
}
