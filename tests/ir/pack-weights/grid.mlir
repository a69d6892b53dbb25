// pipeline: pack-weights
// Without panels, right sides stay as they lie, but for constant ones that are no whole vectors wide.
module attributes {weft.device = "webgpu"} {
  func.func @f(%x: tensor<1x3x2xf32>, %v: tensor<1x2x3xf32>) -> (tensor<1x3x4xf32>, tensor<1x3x3xf32>, tensor<1x3x3xf32>, tensor<1x3x1xf32>) {
    %w4 = arith.constant dense<1.0> : tensor<1x2x4xf32>
    %w3 = arith.constant dense<1.0> : tensor<1x2x3xf32>
    %w1 = arith.constant dense<1.0> : tensor<1x2x1xf32>
    %0 = "nn.matmul"(%x, %w4) {columns = 4 : i64, panel = 0 : i64} : (tensor<1x3x2xf32>, tensor<1x2x4xf32>) -> tensor<1x3x4xf32>
    %1 = "nn.matmul"(%x, %w3) {columns = 3 : i64, panel = 0 : i64} : (tensor<1x3x2xf32>, tensor<1x2x3xf32>) -> tensor<1x3x3xf32>
    %2 = "nn.matmul"(%x, %v) {columns = 3 : i64, panel = 0 : i64} : (tensor<1x3x2xf32>, tensor<1x2x3xf32>) -> tensor<1x3x3xf32>
    %3 = "nn.matmul"(%x, %w1) {columns = 1 : i64, panel = 0 : i64} : (tensor<1x3x2xf32>, tensor<1x2x1xf32>) -> tensor<1x3x1xf32>
    return %0, %1, %2, %3 : tensor<1x3x4xf32>, tensor<1x3x3xf32>, tensor<1x3x3xf32>, tensor<1x3x1xf32>
  }
}
// -----  expected
module attributes {weft.device = "webgpu"} {
  func.func @f(%arg0: tensor<1x3x2xf32>, %arg1: tensor<1x2x3xf32>) -> (tensor<1x3x4xf32>, tensor<1x3x3xf32>, tensor<1x3x3xf32>, tensor<1x3x1xf32>) {
    %cst = arith.constant dense<1.000000e+00> : tensor<1x2x4xf32>
    %cst_0 = arith.constant dense<1.000000e+00> : tensor<1x2x3xf32>
    %cst_1 = arith.constant dense<1.000000e+00> : tensor<1x2x1xf32>
    %0 = "nn.matmul"(%arg0, %cst) {columns = 4 : i64, panel = 0 : i64} : (tensor<1x3x2xf32>, tensor<1x2x4xf32>) -> tensor<1x3x4xf32>
    %1 = "nn.pack"(%cst_0) {panel = 4 : i64} : (tensor<1x2x3xf32>) -> tensor<1x1x2x4xf32>
    %2 = "nn.matmul"(%arg0, %1) {columns = 3 : i64, panel = 4 : i64} : (tensor<1x3x2xf32>, tensor<1x1x2x4xf32>) -> tensor<1x3x3xf32>
    %3 = "nn.matmul"(%arg0, %arg1) {columns = 3 : i64, panel = 0 : i64} : (tensor<1x3x2xf32>, tensor<1x2x3xf32>) -> tensor<1x3x3xf32>
    %4 = "nn.matmul"(%arg0, %cst_1) {columns = 1 : i64, panel = 0 : i64} : (tensor<1x3x2xf32>, tensor<1x2x1xf32>) -> tensor<1x3x1xf32>
    return %0, %2, %3, %4 : tensor<1x3x4xf32>, tensor<1x3x3xf32>, tensor<1x3x3xf32>, tensor<1x3x1xf32>
  }
}
