// pipeline: pack-weights,fold-constants
// Weights inside control flow are packed as those around it.
func.func @f(%c: i1, %a: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %w = arith.constant dense<[[[1.0, 2.0], [3.0, 4.0]]]> : tensor<1x2x2xf32>
  %r = scf.if %c -> (tensor<1x1x2xf32>) {
    %0 = "nn.matmul"(%a, %w) {columns = 2 : i64, panel = 0 : i64} : (tensor<1x1x2xf32>, tensor<1x2x2xf32>) -> tensor<1x1x2xf32>
    scf.yield %0 : tensor<1x1x2xf32>
  } else {
    scf.yield %a : tensor<1x1x2xf32>
  }
  return %r : tensor<1x1x2xf32>
}
// -----  expected
module {
  func.func @f(%arg0: i1, %arg1: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
    %0 = scf.if %arg0 -> (tensor<1x1x2xf32>) {
      %cst = arith.constant dense<[[[[1.000000e+00, 2.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00], [3.000000e+00, 4.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00]]]]> : tensor<1x1x2x8xf32>
      %1 = "nn.matmul"(%arg1, %cst) {columns = 2 : i64, panel = 8 : i64} : (tensor<1x1x2xf32>, tensor<1x1x2x8xf32>) -> tensor<1x1x2xf32>
      scf.yield %1 : tensor<1x1x2xf32>
    } else {
      scf.yield %arg1 : tensor<1x1x2xf32>
    }
    return %0 : tensor<1x1x2xf32>
  }
}
