// pipeline: inline-scalars,dce
// A splat of any shape moves into the body; a constant of different elements stays an operand.
#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d1)>
#none = affine_map<(d0, d1) -> ()>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %six = arith.constant dense<6.0> : tensor<f32>
  %half = arith.constant dense<0.5> : tensor<4xf32>
  %bias = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %e = tensor.empty() : tensor<2x4xf32>
  %0 = linalg.generic {indexing_maps = [#id, #none, #row, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %six, %half, %bias : tensor<2x4xf32>, tensor<f32>, tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<2x4xf32>) {
  ^bb0(%a: f32, %s: f32, %h: f32, %b: f32, %o: f32):
    %1 = arith.minimumf %a, %s : f32
    %2 = arith.mulf %1, %h : f32
    %3 = arith.addf %2, %b : f32
    linalg.yield %3 : f32
  } -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<2x4xf32>) -> tensor<2x4xf32> {
    %cst = arith.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]> : tensor<4xf32>
    %0 = tensor.empty() : tensor<2x4xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0, %cst : tensor<2x4xf32>, tensor<4xf32>) outs(%0 : tensor<2x4xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %cst_1 = arith.constant 6.000000e+00 : f32
      %cst_2 = arith.constant 5.000000e-01 : f32
      %2 = arith.minimumf %in, %cst_1 : f32
      %3 = arith.mulf %2, %cst_2 : f32
      %4 = arith.addf %3, %in_0 : f32
      linalg.yield %4 : f32
    } -> tensor<2x4xf32>
    return %1 : tensor<2x4xf32>
  }
}
