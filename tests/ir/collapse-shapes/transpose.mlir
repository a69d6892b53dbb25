// pipeline: collapse-shapes
// A batch of one added before a transpose goes behind it.
func.func @f(%x: tensor<3x4x5xf32>) -> tensor<1x4x3x5xf32> {
  %n = math.absf %x : tensor<3x4x5xf32>
  %0 = tensor.expand_shape %n [[0, 1], [2], [3]] output_shape [1, 3, 4, 5] : tensor<3x4x5xf32> into tensor<1x3x4x5xf32>
  %e = tensor.empty() : tensor<1x4x3x5xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d2, d1, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x3x4x5xf32>) outs(%e : tensor<1x4x3x5xf32>) {
  ^bb0(%p: f32, %q: f32):
    linalg.yield %p : f32
  } -> tensor<1x4x3x5xf32>
  return %1 : tensor<1x4x3x5xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<3x4x5xf32>) -> tensor<1x4x3x5xf32> {
    %0 = math.absf %arg0 : tensor<3x4x5xf32>
    %1 = tensor.empty() : tensor<4x3x5xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d1, d0, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0 : tensor<3x4x5xf32>) outs(%1 : tensor<4x3x5xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<4x3x5xf32>
    %expanded = tensor.expand_shape %2 [[0, 1], [2], [3]] output_shape [1, 4, 3, 5] : tensor<4x3x5xf32> into tensor<1x4x3x5xf32>
    return %expanded : tensor<1x4x3x5xf32>
  }
}
