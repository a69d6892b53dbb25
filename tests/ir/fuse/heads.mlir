// pipeline: fuse
// Heads lie between rows and columns: the product reads and writes them there. A result that moves columns is a copy.
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#swap = affine_map<(d0, d1, d2) -> (d1, d0, d2)>
func.func @main(%x: tensor<5x2x4xf32>, %w: tensor<2x1x4x8xf32>) -> (tensor<5x2x8xf32>, tensor<2x8x5xf32>) {
  %e = tensor.empty() : tensor<2x5x4xf32>
  %a = linalg.generic {indexing_maps = [#swap, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x : tensor<5x2x4xf32>) outs(%e : tensor<2x5x4xf32>) {
  ^bb0(%p: f32, %o: f32):
    linalg.yield %p : f32
  } -> tensor<2x5x4xf32>
  %y = "nn.matmul"(%a, %w) {columns = 8 : i64, panel = 8 : i64} : (tensor<2x5x4xf32>, tensor<2x1x4x8xf32>) -> tensor<2x5x8xf32>
  %e1 = tensor.empty() : tensor<5x2x8xf32>
  %r = linalg.generic {indexing_maps = [#swap, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%y : tensor<2x5x8xf32>) outs(%e1 : tensor<5x2x8xf32>) {
  ^bb0(%p: f32, %o: f32):
    linalg.yield %p : f32
  } -> tensor<5x2x8xf32>
  %b = linalg.generic {indexing_maps = [#swap, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x : tensor<5x2x4xf32>) outs(%e : tensor<2x5x4xf32>) {
  ^bb0(%p: f32, %o: f32):
    %n = arith.negf %p : f32
    linalg.yield %n : f32
  } -> tensor<2x5x4xf32>
  %z = "nn.matmul"(%b, %w) {columns = 8 : i64, panel = 8 : i64} : (tensor<2x5x4xf32>, tensor<2x1x4x8xf32>) -> tensor<2x5x8xf32>
  %e2 = tensor.empty() : tensor<2x8x5xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2, d1)>, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%z : tensor<2x5x8xf32>) outs(%e2 : tensor<2x8x5xf32>) {
  ^bb0(%p: f32, %o: f32):
    linalg.yield %p : f32
  } -> tensor<2x8x5xf32>
  return %r, %s : tensor<5x2x8xf32>, tensor<2x8x5xf32>
}
// -----  expected
module {
  func.func private @copy_matmul_copy(%arg0: tensor<5x2x4xf32>, %arg1: tensor<2x1x4x8xf32>) -> tensor<5x2x8xf32> {
    %0 = tensor.empty() : tensor<2x5x4xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d1, d0, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<5x2x4xf32>) outs(%0 : tensor<2x5x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x5x4xf32>
    %2 = "nn.matmul"(%1, %arg1) {columns = 8 : i64, panel = 8 : i64} : (tensor<2x5x4xf32>, tensor<2x1x4x8xf32>) -> tensor<2x5x8xf32>
    %3 = tensor.empty() : tensor<5x2x8xf32>
    %4 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d1, d0, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%2 : tensor<2x5x8xf32>) outs(%3 : tensor<5x2x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<5x2x8xf32>
    return %4 : tensor<5x2x8xf32>
  }
  func.func private @negf(%arg0: tensor<5x2x4xf32>) -> tensor<2x5x4xf32> {
    %0 = tensor.empty() : tensor<2x5x4xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d1, d0, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<5x2x4xf32>) outs(%0 : tensor<2x5x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %2 = arith.negf %in : f32
      linalg.yield %2 : f32
    } -> tensor<2x5x4xf32>
    return %1 : tensor<2x5x4xf32>
  }
  func.func private @matmul(%arg0: tensor<2x5x4xf32>, %arg1: tensor<2x1x4x8xf32>) -> tensor<2x5x8xf32> {
    %0 = "nn.matmul"(%arg0, %arg1) {columns = 8 : i64, panel = 8 : i64} : (tensor<2x5x4xf32>, tensor<2x1x4x8xf32>) -> tensor<2x5x8xf32>
    return %0 : tensor<2x5x8xf32>
  }
  func.func private @copy(%arg0: tensor<2x5x8xf32>) -> tensor<2x8x5xf32> {
    %0 = tensor.empty() : tensor<2x8x5xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<2x5x8xf32>) outs(%0 : tensor<2x8x5xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x8x5xf32>
    return %1 : tensor<2x8x5xf32>
  }
  func.func @main(%arg0: tensor<5x2x4xf32>, %arg1: tensor<2x1x4x8xf32>) -> (tensor<5x2x8xf32>, tensor<2x8x5xf32>) {
    %0 = call @copy_matmul_copy(%arg0, %arg1) : (tensor<5x2x4xf32>, tensor<2x1x4x8xf32>) -> tensor<5x2x8xf32>
    %1 = call @negf(%arg0) : (tensor<5x2x4xf32>) -> tensor<2x5x4xf32>
    %2 = call @matmul(%1, %arg1) : (tensor<2x5x4xf32>, tensor<2x1x4x8xf32>) -> tensor<2x5x8xf32>
    %3 = call @copy(%2) : (tensor<2x5x8xf32>) -> tensor<2x8x5xf32>
    return %0, %3 : tensor<5x2x8xf32>, tensor<2x8x5xf32>
  }
}
// remark: fuse linalg.generic: not fused behind nn.matmul: it iterates over another shape
// remark: fuse linalg.generic: not fused behind nn.matmul: it iterates over another shape
