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
