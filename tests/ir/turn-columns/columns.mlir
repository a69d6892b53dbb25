// pipeline: turn-columns
// A column becomes a row; an image, and a column with padding beside it, are left alone.
func.func @f(%x: tensor<1x9x1x4xf32>, %w: tensor<3x1x4x6xf32>, %y: tensor<1x9x2x4xf32>) -> (tensor<1x5x1x6xf32>, tensor<1x7x2x6xf32>, tensor<1x7x3x6xf32>) {
  %0 = "nn.conv2d"(%x, %w) {kernel = array<i64: 3, 1>, strides = array<i64: 2, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 0, 1, 0>, groups = 1 : i64, channels = 6 : i64, panel = 0 : i64} : (tensor<1x9x1x4xf32>, tensor<3x1x4x6xf32>) -> tensor<1x5x1x6xf32>
  %1 = "nn.conv2d"(%y, %w) {kernel = array<i64: 3, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 6 : i64, panel = 0 : i64} : (tensor<1x9x2x4xf32>, tensor<3x1x4x6xf32>) -> tensor<1x7x2x6xf32>
  %2 = "nn.conv2d"(%x, %w) {kernel = array<i64: 3, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 1, 0, 1>, groups = 1 : i64, channels = 6 : i64, panel = 0 : i64} : (tensor<1x9x1x4xf32>, tensor<3x1x4x6xf32>) -> tensor<1x7x3x6xf32>
  return %0, %1, %2 : tensor<1x5x1x6xf32>, tensor<1x7x2x6xf32>, tensor<1x7x3x6xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x9x1x4xf32>, %arg1: tensor<3x1x4x6xf32>, %arg2: tensor<1x9x2x4xf32>) -> (tensor<1x5x1x6xf32>, tensor<1x7x2x6xf32>, tensor<1x7x3x6xf32>) {
    %collapsed = tensor.collapse_shape %arg0 [[0], [1], [2, 3]] : tensor<1x9x1x4xf32> into tensor<1x9x4xf32>
    %expanded = tensor.expand_shape %collapsed [[0], [1, 2], [3]] output_shape [1, 1, 9, 4] : tensor<1x9x4xf32> into tensor<1x1x9x4xf32>
    %collapsed_0 = tensor.collapse_shape %arg1 [[0], [1, 2], [3]] : tensor<3x1x4x6xf32> into tensor<3x4x6xf32>
    %expanded_1 = tensor.expand_shape %collapsed_0 [[0, 1], [2], [3]] output_shape [1, 3, 4, 6] : tensor<3x4x6xf32> into tensor<1x3x4x6xf32>
    %0 = "nn.conv2d"(%expanded, %expanded_1) {channels = 6 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 1, 3>, pads = array<i64: 0, 1, 0, 1>, panel = 0 : i64, strides = array<i64: 1, 2>} : (tensor<1x1x9x4xf32>, tensor<1x3x4x6xf32>) -> tensor<1x1x5x6xf32>
    %collapsed_2 = tensor.collapse_shape %0 [[0], [1, 2], [3]] : tensor<1x1x5x6xf32> into tensor<1x5x6xf32>
    %expanded_3 = tensor.expand_shape %collapsed_2 [[0], [1], [2, 3]] output_shape [1, 5, 1, 6] : tensor<1x5x6xf32> into tensor<1x5x1x6xf32>
    %1 = "nn.conv2d"(%arg2, %arg1) {channels = 6 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 3, 1>, pads = array<i64: 0, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x9x2x4xf32>, tensor<3x1x4x6xf32>) -> tensor<1x7x2x6xf32>
    %2 = "nn.conv2d"(%arg0, %arg1) {channels = 6 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 3, 1>, pads = array<i64: 0, 1, 0, 1>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x9x1x4xf32>, tensor<3x1x4x6xf32>) -> tensor<1x7x3x6xf32>
    return %expanded_3, %1, %2 : tensor<1x5x1x6xf32>, tensor<1x7x2x6xf32>, tensor<1x7x3x6xf32>
  }
}
