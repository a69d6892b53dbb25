// pipeline: winograd{tile=2}
// A 3x3 convolution of stride 1: the input gets its padding and whole tiles, the weights are packed and transformed.
func.func @f(%x: tensor<1x5x4x4xf32>) -> tensor<1x5x4x8xf32> {
  %w = arith.constant dense<0.5> : tensor<3x3x4x8xf32>
  %0 = "nn.conv2d"(%x, %w) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads = array<i64: 1, 1, 1, 1>, groups = 1 : i64, channels = 8 : i64, panel = 0 : i64}
      : (tensor<1x5x4x4xf32>, tensor<3x3x4x8xf32>) -> tensor<1x5x4x8xf32>
  return %0 : tensor<1x5x4x8xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x5x4x4xf32>) -> tensor<1x5x4x8xf32> {
    %cst = arith.constant dense<5.000000e-01> : tensor<3x3x4x8xf32>
    %collapsed = tensor.collapse_shape %cst [[0, 1, 2], [3]] : tensor<3x3x4x8xf32> into tensor<36x8xf32>
    %expanded = tensor.expand_shape %collapsed [[0, 1], [2]] output_shape [1, 36, 8] : tensor<36x8xf32> into tensor<1x36x8xf32>
    %0 = "nn.pack"(%expanded) {panel = 8 : i64} : (tensor<1x36x8xf32>) -> tensor<1x1x36x8xf32>
    %1 = "nn.winograd_weights"(%0) {tile = 2 : i64} : (tensor<1x1x36x8xf32>) -> tensor<16x1x4x8xf32>
    %padded = tensor.pad %arg0 low[0, 1, 1, 0] high[0, 2, 1, 0] {
    ^bb0(%arg1: index, %arg2: index, %arg3: index, %arg4: index):
      %cst_0 = arith.constant 0.000000e+00 : f32
      tensor.yield %cst_0 : f32
    } : tensor<1x5x4x4xf32> to tensor<1x8x6x4xf32>
    %2 = tensor.empty() : tensor<1664xf32>
    %3 = "nn.winograd_conv2d"(%padded, %1, %2) {block = array<i64: 3, 2>, channels = 8 : i64, output = array<i64: 5, 4>, tile = 2 : i64} : (tensor<1x8x6x4xf32>, tensor<16x1x4x8xf32>, tensor<1664xf32>) -> tensor<1x5x4x8xf32>
    return %3 : tensor<1x5x4x8xf32>
  }
}
