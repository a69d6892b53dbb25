// pipeline: pack-weights
// What is packed stays.
func.func @f(%a: tensor<1x3x4xf32>, %b: tensor<1x2x4x8xf32>) -> tensor<1x3x9xf32> {
  %0 = "nn.matmul"(%a, %b) {columns = 9 : i64, panel = 8 : i64} : (tensor<1x3x4xf32>, tensor<1x2x4x8xf32>) -> tensor<1x3x9xf32>
  return %0 : tensor<1x3x9xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x3x4xf32>, %arg1: tensor<1x2x4x8xf32>) -> tensor<1x3x9xf32> {
    %0 = "nn.matmul"(%arg0, %arg1) {columns = 9 : i64, panel = 8 : i64} : (tensor<1x3x4xf32>, tensor<1x2x4x8xf32>) -> tensor<1x3x9xf32>
    return %0 : tensor<1x3x9xf32>
  }
}
