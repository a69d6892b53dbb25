// pipeline: materialize-padding
func.func @f(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x2x2xf32>) -> tensor<1x4x5x2xf32> {
  %0 = "nn.conv2d"(%x, %w) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 2, 1, 1>, groups = 1 : i64, channels = 2 : i64, panel = 0 : i64} : (tensor<1x4x4x2xf32>, tensor<3x3x2x2xf32>) -> tensor<1x4x5x2xf32>
  return %0 : tensor<1x4x5x2xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x2xf32>) -> tensor<1x4x5x2xf32> {
    %padded = tensor.pad %arg0 low[0, 1, 2, 0] high[0, 1, 1, 0] {
    ^bb0(%arg2: index, %arg3: index, %arg4: index, %arg5: index):
      %cst = arith.constant 0.000000e+00 : f32
      tensor.yield %cst : f32
    } : tensor<1x4x4x2xf32> to tensor<1x6x7x2xf32>
    %0 = "nn.conv2d"(%padded, %arg1) {channels = 2 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 3, 3>, pads = array<i64: 0, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x6x7x2xf32>, tensor<3x3x2x2xf32>) -> tensor<1x4x5x2xf32>
    return %0 : tensor<1x4x5x2xf32>
  }
}
