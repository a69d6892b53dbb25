// pipeline: pack-weights,fold-constants
// Constant weights are stored packed, run-time right sides are packed when they come; groups are packed one by one.
func.func @f(%x: tensor<1x4x4x4xf32>, %a: tensor<2x3x4xf32>, %b: tensor<2x4x9xf32>) -> (tensor<1x4x4x4xf32>, tensor<2x3x9xf32>, tensor<1x3x4x2xf32>) {
  %w = arith.constant dense<[[[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]]]> : tensor<1x1x2x4xf32>
  %v = arith.constant dense<2.5> : tensor<2x1x4x2xf32>
  %0 = "nn.conv2d"(%x, %w) {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 2 : i64, channels = 4 : i64, panel = 0 : i64} : (tensor<1x4x4x4xf32>, tensor<1x1x2x4xf32>) -> tensor<1x4x4x4xf32>
  %1 = "nn.matmul"(%a, %b) {columns = 9 : i64, panel = 0 : i64} : (tensor<2x3x4xf32>, tensor<2x4x9xf32>) -> tensor<2x3x9xf32>
  %2 = "nn.conv2d"(%x, %v) {kernel = array<i64: 2, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 2 : i64, panel = 0 : i64} : (tensor<1x4x4x4xf32>, tensor<2x1x4x2xf32>) -> tensor<1x3x4x2xf32>
  return %0, %1, %2 : tensor<1x4x4x4xf32>, tensor<2x3x9xf32>, tensor<1x3x4x2xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x4x4x4xf32>, %arg1: tensor<2x3x4xf32>, %arg2: tensor<2x4x9xf32>) -> (tensor<1x4x4x4xf32>, tensor<2x3x9xf32>, tensor<1x3x4x2xf32>) {
    %cst = arith.constant dense_resource<b637a52c82c2ee6be> : tensor<2x1x2x8xf32>
    %0 = "nn.conv2d"(%arg0, %cst) {channels = 4 : i64, dilations = array<i64: 1, 1>, groups = 2 : i64, kernel = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, panel = 8 : i64, strides = array<i64: 1, 1>} : (tensor<1x4x4x4xf32>, tensor<2x1x2x8xf32>) -> tensor<1x4x4x4xf32>
    %1 = "nn.pack"(%arg2) {panel = 8 : i64} : (tensor<2x4x9xf32>) -> tensor<2x2x4x8xf32>
    %2 = "nn.matmul"(%arg1, %1) {columns = 9 : i64, panel = 8 : i64} : (tensor<2x3x4xf32>, tensor<2x2x4x8xf32>) -> tensor<2x3x9xf32>
    %cst_0 = arith.constant dense_resource<bb8d2277ac87a0f2a> : tensor<1x1x8x8xf32>
    %3 = "nn.conv2d"(%arg0, %cst_0) {channels = 2 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 2, 1>, pads = array<i64: 0, 0, 0, 0>, panel = 8 : i64, strides = array<i64: 1, 1>} : (tensor<1x4x4x4xf32>, tensor<1x1x8x8xf32>) -> tensor<1x3x4x2xf32>
    return %0, %2, %3 : tensor<1x4x4x4xf32>, tensor<2x3x9xf32>, tensor<1x3x4x2xf32>
  }
}
