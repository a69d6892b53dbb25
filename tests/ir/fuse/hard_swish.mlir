// pipeline: fuse
// A diamond behind a product (x * relu6(x + 3)) is one kernel: the value it starts from doesn't leave it.
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
func.func @main(%x: tensor<1x4x3xf32>, %w: tensor<1x1x3x8xf32>) -> tensor<1x4x8xf32> {
  %0 = "nn.matmul"(%x, %w) {columns = 8 : i64, panel = 8 : i64} : (tensor<1x4x3xf32>, tensor<1x1x3x8xf32>) -> tensor<1x4x8xf32>
  %e = tensor.empty() : tensor<1x4x8xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0 : tensor<1x4x8xf32>) outs(%e : tensor<1x4x8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %three = arith.constant 3.0 : f32
    %six = arith.constant 6.0 : f32
    %s = arith.addf %a, %three : f32
    %c = arith.minimumf %s, %six : f32
    linalg.yield %c : f32
  } -> tensor<1x4x8xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %1 : tensor<1x4x8xf32>, tensor<1x4x8xf32>) outs(%e : tensor<1x4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    linalg.yield %p : f32
  } -> tensor<1x4x8xf32>
  return %2 : tensor<1x4x8xf32>
}
// -----  expected
module {
  func.func private @matmul_addf_min_mulf(%arg0: tensor<1x4x3xf32>, %arg1: tensor<1x1x3x8xf32>) -> tensor<1x4x8xf32> {
    %0 = "nn.matmul"(%arg0, %arg1) {columns = 8 : i64, panel = 8 : i64} : (tensor<1x4x3xf32>, tensor<1x1x3x8xf32>) -> tensor<1x4x8xf32>
    %1 = tensor.empty() : tensor<1x4x8xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0 : tensor<1x4x8xf32>) outs(%1 : tensor<1x4x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      %cst = arith.constant 3.000000e+00 : f32
      %cst_0 = arith.constant 6.000000e+00 : f32
      %4 = arith.addf %in, %cst : f32
      %5 = arith.minimumf %4, %cst_0 : f32
      linalg.yield %5 : f32
    } -> tensor<1x4x8xf32>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %2 : tensor<1x4x8xf32>, tensor<1x4x8xf32>) outs(%1 : tensor<1x4x8xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %4 = arith.mulf %in, %in_0 : f32
      linalg.yield %4 : f32
    } -> tensor<1x4x8xf32>
    return %3 : tensor<1x4x8xf32>
  }
  func.func @main(%arg0: tensor<1x4x3xf32>, %arg1: tensor<1x1x3x8xf32>) -> tensor<1x4x8xf32> {
    %0 = call @matmul_addf_min_mulf(%arg0, %arg1) : (tensor<1x4x3xf32>, tensor<1x1x3x8xf32>) -> tensor<1x4x8xf32>
    return %0 : tensor<1x4x8xf32>
  }
}
