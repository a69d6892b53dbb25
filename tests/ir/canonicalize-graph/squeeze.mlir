// pipeline: canonicalize-graph
// A gate by channel is read as a vector; a quotient by a constant is a product; one by a tensor stays, as does an operand
// that is read at every point.
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
func.func @f(%x: tensor<1x4x3xf32>, %gate: tensor<1x3x1xf32>, %one: tensor<1x1xf32>) -> tensor<1x4x3xf32> {
  %e = tensor.empty() : tensor<1x4x3xf32>
  %0 = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1, d2) -> (d0, d2, 0)>, affine_map<(d0, d1, d2) -> (0, 0)>, #id], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %gate, %one : tensor<1x4x3xf32>, tensor<1x3x1xf32>, tensor<1x1xf32>) outs(%e : tensor<1x4x3xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %o: f32):
    %six = arith.constant 6.0 : f32
    %s = arith.mulf %a, %b : f32
    %t = arith.divf %s, %six : f32
    %u = arith.divf %t, %c : f32
    linalg.yield %u : f32
  } -> tensor<1x4x3xf32>
  return %0 : tensor<1x4x3xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x4x3xf32>, %arg1: tensor<1x3x1xf32>, %arg2: tensor<1x1xf32>) -> tensor<1x4x3xf32> {
    %0 = tensor.empty() : tensor<1x4x3xf32>
    %collapsed = tensor.collapse_shape %arg1 [[0, 1, 2]] : tensor<1x3x1xf32> into tensor<3xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (0, 0)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0, %collapsed, %arg2 : tensor<1x4x3xf32>, tensor<3xf32>, tensor<1x1xf32>) outs(%0 : tensor<1x4x3xf32>) {
    ^bb0(%in: f32, %in_0: f32, %in_1: f32, %out: f32):
      %2 = arith.mulf %in, %in_0 : f32
      %cst = arith.constant 0.166666672 : f32
      %3 = arith.mulf %2, %cst : f32
      %4 = arith.divf %3, %in_1 : f32
      linalg.yield %4 : f32
    } -> tensor<1x4x3xf32>
    return %1 : tensor<1x4x3xf32>
  }
}
