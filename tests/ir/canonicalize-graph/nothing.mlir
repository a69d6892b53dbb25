// pipeline: canonicalize-graph
// Generics that pass a value on, neutral constants, reshapes of reshapes, and operands that are read twice or not at all.
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @f(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<1x6xf32>, tensor<2x3xf32>) {
  %e = tensor.empty() : tensor<2x3xf32>
  %0 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %y : tensor<2x3xf32>, tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %c1 = arith.constant 1.0 : f32
    %c0 = arith.constant 0.0 : f32
    %m = arith.constant -0.0 : f32
    %s = arith.mulf %a, %c1 : f32
    %t = arith.addf %m, %s : f32
    %u = arith.subf %t, %c0 : f32
    linalg.yield %u : f32
  } -> tensor<2x3xf32>
  %1 = tensor.expand_shape %x [[0, 1], [2, 3]] output_shape [1, 2, 3, 1] : tensor<2x3xf32> into tensor<1x2x3x1xf32>
  %2 = tensor.collapse_shape %1 [[0], [1, 2, 3]] : tensor<1x2x3x1xf32> into tensor<1x6xf32>
  %3 = tensor.collapse_shape %1 [[0, 1], [2, 3]] : tensor<1x2x3x1xf32> into tensor<2x3xf32>
  %4 = linalg.generic {indexing_maps = [#id, #id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%3, %y, %x : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %o: f32):
    %s = arith.mulf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<2x3xf32>
  return %0, %2, %4 : tensor<2x3xf32>, tensor<1x6xf32>, tensor<2x3xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<1x6xf32>, tensor<2x3xf32>) {
    %0 = tensor.empty() : tensor<2x3xf32>
    %expanded = tensor.expand_shape %arg0 [[0, 1], [2, 3]] output_shape [1, 2, 3, 1] : tensor<2x3xf32> into tensor<1x2x3x1xf32>
    %collapsed = tensor.collapse_shape %expanded [[0], [1, 2, 3]] : tensor<1x2x3x1xf32> into tensor<1x6xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<2x3xf32>) outs(%0 : tensor<2x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      %2 = arith.mulf %in, %in : f32
      linalg.yield %2 : f32
    } -> tensor<2x3xf32>
    return %arg0, %collapsed, %1 : tensor<2x3xf32>, tensor<1x6xf32>, tensor<2x3xf32>
  }
}
