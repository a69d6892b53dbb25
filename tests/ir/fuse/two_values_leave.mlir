// pipeline: fuse
// The product's value is returned besides what follows it: nothing may be fused behind it.
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
func.func @main(%x: tensor<1x4x3xf32>, %w: tensor<1x1x3x8xf32>) -> (tensor<1x4x8xf32>, tensor<1x4x8xf32>) {
  %0 = "nn.matmul"(%x, %w) {columns = 8 : i64, panel = 8 : i64} : (tensor<1x4x3xf32>, tensor<1x1x3x8xf32>) -> tensor<1x4x8xf32>
  %e = tensor.empty() : tensor<1x4x8xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0 : tensor<1x4x8xf32>) outs(%e : tensor<1x4x8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  } -> tensor<1x4x8xf32>
  return %0, %1 : tensor<1x4x8xf32>, tensor<1x4x8xf32>
}
// -----  expected
module {
  func.func private @matmul(%arg0: tensor<1x4x3xf32>, %arg1: tensor<1x1x3x8xf32>) -> tensor<1x4x8xf32> {
    %0 = "nn.matmul"(%arg0, %arg1) {columns = 8 : i64, panel = 8 : i64} : (tensor<1x4x3xf32>, tensor<1x1x3x8xf32>) -> tensor<1x4x8xf32>
    return %0 : tensor<1x4x8xf32>
  }
  func.func private @negf(%arg0: tensor<1x4x8xf32>) -> tensor<1x4x8xf32> {
    %0 = tensor.empty() : tensor<1x4x8xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<1x4x8xf32>) outs(%0 : tensor<1x4x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      %2 = arith.negf %in : f32
      linalg.yield %2 : f32
    } -> tensor<1x4x8xf32>
    return %1 : tensor<1x4x8xf32>
  }
  func.func @main(%arg0: tensor<1x4x3xf32>, %arg1: tensor<1x1x3x8xf32>) -> (tensor<1x4x8xf32>, tensor<1x4x8xf32>) {
    %0 = call @matmul(%arg0, %arg1) : (tensor<1x4x3xf32>, tensor<1x1x3x8xf32>) -> tensor<1x4x8xf32>
    %1 = call @negf(%0) : (tensor<1x4x8xf32>) -> tensor<1x4x8xf32>
    return %0, %1 : tensor<1x4x8xf32>, tensor<1x4x8xf32>
  }
}
// remark: fuse linalg.generic: not fused behind nn.matmul: more than one value would leave the kernel
