// pipeline: pick-first
// A result that somebody reads as a whole is there anyway.
func.func @f(%x: tensor<4xf32>, %ids: tensor<2xi32>) -> (tensor<2xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %twice = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %0 = arith.addf %a, %a : f32
    linalg.yield %0 : f32
  } -> tensor<4xf32>
  %y = tensor.empty() : tensor<2xf32>
  %picked = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]} ins(%ids : tensor<2xi32>) outs(%y : tensor<2xf32>) {
  ^bb0(%id: i32, %o: f32):
    %c3 = arith.constant 3 : i32
    %in = arith.minui %id, %c3 : i32
    %at = arith.index_cast %in : i32 to index
    %v = tensor.extract %twice[%at] : tensor<4xf32>
    linalg.yield %v : f32
  } -> tensor<2xf32>
  return %picked, %twice : tensor<2xf32>, tensor<4xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<4xf32>, %arg1: tensor<2xi32>) -> (tensor<2xf32>, tensor<4xf32>) {
    %0 = tensor.empty() : tensor<4xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%arg0 : tensor<4xf32>) outs(%0 : tensor<4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %4 = arith.addf %in, %in : f32
      linalg.yield %4 : f32
    } -> tensor<4xf32>
    %2 = tensor.empty() : tensor<2xf32>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%arg1 : tensor<2xi32>) outs(%2 : tensor<2xf32>) {
    ^bb0(%in: i32, %out: f32):
      %c3_i32 = arith.constant 3 : i32
      %4 = arith.minui %in, %c3_i32 : i32
      %5 = arith.index_cast %4 : i32 to index
      %extracted = tensor.extract %1[%5] : tensor<4xf32>
      linalg.yield %extracted : f32
    } -> tensor<2xf32>
    return %3, %1 : tensor<2xf32>, tensor<4xf32>
  }
}
