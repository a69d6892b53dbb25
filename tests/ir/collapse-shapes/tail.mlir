// pipeline: collapse-shapes
// Bias, a gate by channel and a residual sum move to the product's own shape; the expansion meets the next collapse.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#channel = affine_map<(d0, d1, d2, d3) -> (d3)>
#gate = affine_map<(d0, d1, d2, d3) -> (d0, d3, 0, 0)>
func.func @f(%x: tensor<1x20x3xf32>, %w: tensor<1x3x6xf32>, %v: tensor<1x6x2xf32>, %bias: tensor<6xf32>, %s: tensor<1x6x1x1xf32>, %r: tensor<1x4x5x6xf32>) -> tensor<1x20x2xf32> {
  %0 = "nn.matmul"(%x, %w) {columns = 6 : i64, panel = 0 : i64} : (tensor<1x20x3xf32>, tensor<1x3x6xf32>) -> tensor<1x20x6xf32>
  %1 = tensor.expand_shape %0 [[0], [1, 2], [3]] output_shape [1, 4, 5, 6] : tensor<1x20x6xf32> into tensor<1x4x5x6xf32>
  %e = tensor.empty() : tensor<1x4x5x6xf32>
  %2 = linalg.generic {indexing_maps = [#id, #channel, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%1, %bias : tensor<1x4x5x6xf32>, tensor<6xf32>) outs(%e : tensor<1x4x5x6xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %y = arith.addf %a, %b : f32
    linalg.yield %y : f32
  } -> tensor<1x4x5x6xf32>
  %3 = linalg.generic {indexing_maps = [#id, #gate, #id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%2, %s, %r : tensor<1x4x5x6xf32>, tensor<1x6x1x1xf32>, tensor<1x4x5x6xf32>) outs(%e : tensor<1x4x5x6xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %o: f32):
    %y = arith.mulf %a, %b : f32
    %z = arith.addf %y, %c : f32
    linalg.yield %z : f32
  } -> tensor<1x4x5x6xf32>
  %4 = tensor.collapse_shape %3 [[0], [1, 2], [3]] : tensor<1x4x5x6xf32> into tensor<1x20x6xf32>
  %5 = "nn.matmul"(%4, %v) {columns = 2 : i64, panel = 0 : i64} : (tensor<1x20x6xf32>, tensor<1x6x2xf32>) -> tensor<1x20x2xf32>
  return %5 : tensor<1x20x2xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x20x3xf32>, %arg1: tensor<1x3x6xf32>, %arg2: tensor<1x6x2xf32>, %arg3: tensor<6xf32>, %arg4: tensor<1x6x1x1xf32>, %arg5: tensor<1x4x5x6xf32>) -> tensor<1x20x2xf32> {
    %0 = "nn.matmul"(%arg0, %arg1) {columns = 6 : i64, panel = 0 : i64} : (tensor<1x20x3xf32>, tensor<1x3x6xf32>) -> tensor<1x20x6xf32>
    %1 = tensor.empty() : tensor<1x20x6xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %arg3 : tensor<1x20x6xf32>, tensor<6xf32>) outs(%1 : tensor<1x20x6xf32>) {
    ^bb0(%in: f32, %in_1: f32, %out: f32):
      %6 = arith.addf %in, %in_1 : f32
      linalg.yield %6 : f32
    } -> tensor<1x20x6xf32>
    %collapsed = tensor.collapse_shape %arg4 [[0, 1, 2, 3]] : tensor<1x6x1x1xf32> into tensor<6xf32>
    %collapsed_0 = tensor.collapse_shape %arg5 [[0], [1, 2], [3]] : tensor<1x4x5x6xf32> into tensor<1x20x6xf32>
    %3 = tensor.empty() : tensor<1x20x6xf32>
    %4 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%2, %collapsed, %collapsed_0 : tensor<1x20x6xf32>, tensor<6xf32>, tensor<1x20x6xf32>) outs(%3 : tensor<1x20x6xf32>) {
    ^bb0(%in: f32, %in_1: f32, %in_2: f32, %out: f32):
      %6 = arith.mulf %in, %in_1 : f32
      %7 = arith.addf %6, %in_2 : f32
      linalg.yield %7 : f32
    } -> tensor<1x20x6xf32>
    %5 = "nn.matmul"(%4, %arg2) {columns = 2 : i64, panel = 0 : i64} : (tensor<1x20x6xf32>, tensor<1x6x2xf32>) -> tensor<1x20x2xf32>
    return %5 : tensor<1x20x2xf32>
  }
}
