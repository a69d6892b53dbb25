// pipeline: fold-constants
// Weights are transposed and scaled at compile time, in one step with the broadcast of the scale.
func.func @f(%x: tensor<1x3x2xf32>) -> tensor<1x3x3xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %s = arith.constant dense<[1.0, 10.0, 100.0]> : tensor<3xf32>
  %e = tensor.empty() : tensor<2x3xf32>
  %t = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%w, %s : tensor<3x2xf32>, tensor<3xf32>) outs(%e : tensor<2x3xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    linalg.yield %m : f32
  } -> tensor<2x3xf32>
  %r = tensor.expand_shape %t [[0, 1], [2]] output_shape [1, 2, 3] : tensor<2x3xf32> into tensor<1x2x3xf32>
  %y = "nn.matmul"(%x, %r) {columns = 3 : i64, panel = 0 : i64} : (tensor<1x3x2xf32>, tensor<1x2x3xf32>) -> tensor<1x3x3xf32>
  return %y : tensor<1x3x3xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x3x2xf32>) -> tensor<1x3x3xf32> {
    %cst = arith.constant dense<[[[1.000000e+00, 3.000000e+01, 5.000000e+02], [2.000000e+00, 4.000000e+01, 6.000000e+02]]]> : tensor<1x2x3xf32>
    %0 = "nn.matmul"(%arg0, %cst) {columns = 3 : i64, panel = 0 : i64} : (tensor<1x3x2xf32>, tensor<1x2x3xf32>) -> tensor<1x3x3xf32>
    return %0 : tensor<1x3x3xf32>
  }
}
