// pipeline: hoist-init
// Widening 8-bit weights and packing them depends on constants only: it moves into @init, views included. The view
// behind it stays with its reader, where it costs nothing; what a run computes stays too.
func.func @main(%x: tensor<1x2x4xf32>) -> (tensor<1x2x3xf32>, tensor<2xf32>) {
  %w = arith.constant dense<[[1, -2, 3], [4, 5, -6], [7, 8, 9], [-10, 11, 12]]> : tensor<4x3xi8>
  %e = tensor.empty() : tensor<4x3xf32>
  %f = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%w : tensor<4x3xi8>) outs(%e : tensor<4x3xf32>) {
  ^bb0(%a: i8, %o: f32):
    %0 = arith.sitofp %a : i8 to f32
    linalg.yield %0 : f32
  } -> tensor<4x3xf32>
  %m = tensor.expand_shape %f [[0, 1], [2]] output_shape [1, 4, 3] : tensor<4x3xf32> into tensor<1x4x3xf32>
  %p = "nn.pack"(%m) {panel = 8 : i64} : (tensor<1x4x3xf32>) -> tensor<1x1x4x8xf32>
  %y = "nn.matmul"(%x, %p) {columns = 3 : i64, panel = 8 : i64} : (tensor<1x2x4xf32>, tensor<1x1x4x8xf32>) -> tensor<1x2x3xf32>
  %v = arith.constant dense<[1.0, 3.0]> : tensor<2xf32>
  %t = tensor.expand_shape %v [[0, 1]] output_shape [1, 2] : tensor<2xf32> into tensor<1x2xf32>
  %s = "nn.softmax"(%t) : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %u = tensor.collapse_shape %s [[0, 1]] : tensor<1x2xf32> into tensor<2xf32>
  return %y, %u : tensor<1x2x3xf32>, tensor<2xf32>
}
// -----  expected
module {
  func.func @init() -> (tensor<1x1x4x8xf32>, tensor<1x2xf32>) {
    %cst = arith.constant dense<[[1, -2, 3], [4, 5, -6], [7, 8, 9], [-10, 11, 12]]> : tensor<4x3xi8>
    %0 = tensor.empty() : tensor<4x3xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%cst : tensor<4x3xi8>) outs(%0 : tensor<4x3xf32>) {
    ^bb0(%in: i8, %out: f32):
      %4 = arith.sitofp %in : i8 to f32
      linalg.yield %4 : f32
    } -> tensor<4x3xf32>
    %expanded = tensor.expand_shape %1 [[0, 1], [2]] output_shape [1, 4, 3] : tensor<4x3xf32> into tensor<1x4x3xf32>
    %2 = "nn.pack"(%expanded) {panel = 8 : i64} : (tensor<1x4x3xf32>) -> tensor<1x1x4x8xf32>
    %cst_0 = arith.constant dense<[1.000000e+00, 3.000000e+00]> : tensor<2xf32>
    %expanded_1 = tensor.expand_shape %cst_0 [[0, 1]] output_shape [1, 2] : tensor<2xf32> into tensor<1x2xf32>
    %3 = "nn.softmax"(%expanded_1) : (tensor<1x2xf32>) -> tensor<1x2xf32>
    return %2, %3 : tensor<1x1x4x8xf32>, tensor<1x2xf32>
  }
  func.func @main(%arg0: tensor<1x2x4xf32>) -> (tensor<1x2x3xf32>, tensor<2xf32>) {
    %0:2 = call @init() : () -> (tensor<1x1x4x8xf32>, tensor<1x2xf32>)
    %1 = "nn.matmul"(%arg0, %0#0) {columns = 3 : i64, panel = 8 : i64} : (tensor<1x2x4xf32>, tensor<1x1x4x8xf32>) -> tensor<1x2x3xf32>
    %collapsed = tensor.collapse_shape %0#1 [[0, 1]] : tensor<1x2xf32> into tensor<2xf32>
    return %1, %collapsed : tensor<1x2x3xf32>, tensor<2xf32>
  }
}
