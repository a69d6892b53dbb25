// pipeline: collapse-shapes
// A value a row forbids merging rows and columns, and so do positions.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#row = affine_map<(d0, d1, d2, d3) -> (d1, 0)>
func.func @f(%x: tensor<1x20x3xf32>, %row: tensor<4x1xf32>) -> (tensor<1x4x5x3xf32>, tensor<1x4x5x3xi64>) {
  %0 = "nn.softmax"(%row) : (tensor<4x1xf32>) -> tensor<4x1xf32>
  %w = arith.constant dense<2.0> : tensor<1x3x3xf32>
  %m = "nn.matmul"(%x, %w) {columns = 3 : i64, panel = 0 : i64} : (tensor<1x20x3xf32>, tensor<1x3x3xf32>) -> tensor<1x20x3xf32>
  %1 = tensor.expand_shape %m [[0], [1, 2], [3]] output_shape [1, 4, 5, 3] : tensor<1x20x3xf32> into tensor<1x4x5x3xf32>
  %e = tensor.empty() : tensor<1x4x5x3xf32>
  %2 = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%1, %0 : tensor<1x4x5x3xf32>, tensor<4x1xf32>) outs(%e : tensor<1x4x5x3xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %y = arith.addf %a, %b : f32
    linalg.yield %y : f32
  } -> tensor<1x4x5x3xf32>
  %g = tensor.empty() : tensor<1x4x5x3xi64>
  %3 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%1 : tensor<1x4x5x3xf32>) outs(%g : tensor<1x4x5x3xi64>) {
  ^bb0(%a: f32, %o: i64):
    %i = linalg.index 2 : index
    %y = arith.index_cast %i : index to i64
    linalg.yield %y : i64
  } -> tensor<1x4x5x3xi64>
  return %2, %3 : tensor<1x4x5x3xf32>, tensor<1x4x5x3xi64>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x20x3xf32>, %arg1: tensor<4x1xf32>) -> (tensor<1x4x5x3xf32>, tensor<1x4x5x3xi64>) {
    %0 = "nn.softmax"(%arg1) : (tensor<4x1xf32>) -> tensor<4x1xf32>
    %cst = arith.constant dense<2.000000e+00> : tensor<1x3x3xf32>
    %1 = "nn.matmul"(%arg0, %cst) {columns = 3 : i64, panel = 0 : i64} : (tensor<1x20x3xf32>, tensor<1x3x3xf32>) -> tensor<1x20x3xf32>
    %expanded = tensor.expand_shape %1 [[0], [1, 2], [3]] output_shape [1, 4, 5, 3] : tensor<1x20x3xf32> into tensor<1x4x5x3xf32>
    %2 = tensor.empty() : tensor<1x4x5x3xf32>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d1, 0)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded, %0 : tensor<1x4x5x3xf32>, tensor<4x1xf32>) outs(%2 : tensor<1x4x5x3xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %6 = arith.addf %in, %in_0 : f32
      linalg.yield %6 : f32
    } -> tensor<1x4x5x3xf32>
    %4 = tensor.empty() : tensor<1x4x5x3xi64>
    %5 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded : tensor<1x4x5x3xf32>) outs(%4 : tensor<1x4x5x3xi64>) {
    ^bb0(%in: f32, %out: i64):
      %6 = linalg.index 2 : index
      %7 = arith.index_cast %6 : index to i64
      linalg.yield %7 : i64
    } -> tensor<1x4x5x3xi64>
    return %3, %5 : tensor<1x4x5x3xf32>, tensor<1x4x5x3xi64>
  }
}
// remark: collapse-shapes linalg.generic: keeps its 4 dims: operand 1 is broadcast along a part of what would be one
// remark: collapse-shapes linalg.generic: keeps its dims: it asks for positions
