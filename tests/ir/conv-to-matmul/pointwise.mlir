// pipeline: conv-to-matmul
func.func @f(%x: tensor<1x4x5x3xf32>, %x2: tensor<2x4x5x3xf32>, %w: tensor<1x1x3x6xf32>) -> (tensor<1x4x5x6xf32>, tensor<2x4x5x6xf32>) {
  %0 = "nn.conv2d"(%x, %w) {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 6 : i64, panel = 0 : i64} : (tensor<1x4x5x3xf32>, tensor<1x1x3x6xf32>) -> tensor<1x4x5x6xf32>
  // A batch joins the rows.
  %1 = "nn.conv2d"(%x2, %w) {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 6 : i64, panel = 0 : i64} : (tensor<2x4x5x3xf32>, tensor<1x1x3x6xf32>) -> tensor<2x4x5x6xf32>
  return %0, %1 : tensor<1x4x5x6xf32>, tensor<2x4x5x6xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x4x5x3xf32>, %arg1: tensor<2x4x5x3xf32>, %arg2: tensor<1x1x3x6xf32>) -> (tensor<1x4x5x6xf32>, tensor<2x4x5x6xf32>) {
    %collapsed = tensor.collapse_shape %arg0 [[0], [1, 2], [3]] : tensor<1x4x5x3xf32> into tensor<1x20x3xf32>
    %collapsed_0 = tensor.collapse_shape %arg2 [[0], [1, 2], [3]] : tensor<1x1x3x6xf32> into tensor<1x3x6xf32>
    %0 = "nn.matmul"(%collapsed, %collapsed_0) {columns = 6 : i64, panel = 0 : i64} : (tensor<1x20x3xf32>, tensor<1x3x6xf32>) -> tensor<1x20x6xf32>
    %expanded = tensor.expand_shape %0 [[0], [1, 2], [3]] output_shape [1, 4, 5, 6] : tensor<1x20x6xf32> into tensor<1x4x5x6xf32>
    %collapsed_1 = tensor.collapse_shape %arg1 [[0, 1, 2], [3]] : tensor<2x4x5x3xf32> into tensor<40x3xf32>
    %expanded_2 = tensor.expand_shape %collapsed_1 [[0, 1], [2]] output_shape [1, 40, 3] : tensor<40x3xf32> into tensor<1x40x3xf32>
    %collapsed_3 = tensor.collapse_shape %arg2 [[0], [1, 2], [3]] : tensor<1x1x3x6xf32> into tensor<1x3x6xf32>
    %1 = "nn.matmul"(%expanded_2, %collapsed_3) {columns = 6 : i64, panel = 0 : i64} : (tensor<1x40x3xf32>, tensor<1x3x6xf32>) -> tensor<1x40x6xf32>
    %collapsed_4 = tensor.collapse_shape %1 [[0, 1], [2]] : tensor<1x40x6xf32> into tensor<40x6xf32>
    %expanded_5 = tensor.expand_shape %collapsed_4 [[0, 1, 2], [3]] output_shape [2, 4, 5, 6] : tensor<40x6xf32> into tensor<2x4x5x6xf32>
    return %expanded, %expanded_5 : tensor<1x4x5x6xf32>, tensor<2x4x5x6xf32>
  }
}
