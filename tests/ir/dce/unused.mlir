// pipeline: dce
// Chains of unused ops go, inside bodies too; a used op of the same kind stays.
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = "nn.softmax"(%x) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = "nn.softmax"(%0) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = "nn.softmax"(%x) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %e = tensor.empty() : tensor<2x4xf32>
  %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%2 : tensor<2x4xf32>) outs(%e : tensor<2x4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %u = math.exp %a : f32
    %v = arith.negf %a : f32
    linalg.yield %v : f32
  } -> tensor<2x4xf32>
  return %3 : tensor<2x4xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<2x4xf32>) -> tensor<2x4xf32> {
    %0 = "nn.softmax"(%arg0) : (tensor<2x4xf32>) -> tensor<2x4xf32>
    %1 = tensor.empty() : tensor<2x4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<2x4xf32>) outs(%1 : tensor<2x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %3 = arith.negf %in : f32
      linalg.yield %3 : f32
    } -> tensor<2x4xf32>
    return %2 : tensor<2x4xf32>
  }
}
