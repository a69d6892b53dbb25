// pipeline: fold-scale
// Not if the unscaled value is used too, if the weights have other users, or if the factor varies by row.
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#channel = affine_map<(d0, d1, d2) -> (d2)>
func.func @f(%x: tensor<1x2x2xf32>, %y: tensor<1x2x2xf32>) -> (tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>) {
  %w = arith.constant dense<[[[1.0, 2.0], [4.0, 5.0]]]> : tensor<1x2x2xf32>
  %v = arith.constant dense<[[[1.5, 2.0], [4.0, 5.0]]]> : tensor<1x2x2xf32>
  %u = arith.constant dense<[[[2.5, 2.0], [4.0, 5.0]]]> : tensor<1x2x2xf32>
  %scale = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<1x2x2xf32>
  %0 = "nn.matmul"(%x, %w) {columns = 2 : i64, panel = 0 : i64} : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  %1 = linalg.generic {indexing_maps = [#id, #channel, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %scale : tensor<1x2x2xf32>, tensor<2xf32>) outs(%e : tensor<1x2x2xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.mulf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x2x2xf32>
  %2 = "nn.matmul"(%x, %v) {columns = 2 : i64, panel = 0 : i64} : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  %3 = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1, d2) -> (d1)>, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%2, %scale : tensor<1x2x2xf32>, tensor<2xf32>) outs(%e : tensor<1x2x2xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.mulf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x2x2xf32>
  %4 = "nn.matmul"(%x, %u) {columns = 2 : i64, panel = 0 : i64} : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  %5 = linalg.generic {indexing_maps = [#id, #channel, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%4, %scale : tensor<1x2x2xf32>, tensor<2xf32>) outs(%e : tensor<1x2x2xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.mulf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x2x2xf32>
  %6 = "nn.matmul"(%y, %u) {columns = 2 : i64, panel = 0 : i64} : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  %7 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %6 : tensor<1x2x2xf32>, tensor<1x2x2xf32>) outs(%e : tensor<1x2x2xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x2x2xf32>
  return %1, %3, %5, %7 : tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x2x2xf32>, %arg1: tensor<1x2x2xf32>) -> (tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>) {
    %cst = arith.constant dense<[[[1.000000e+00, 2.000000e+00], [4.000000e+00, 5.000000e+00]]]> : tensor<1x2x2xf32>
    %cst_0 = arith.constant dense<[[[1.500000e+00, 2.000000e+00], [4.000000e+00, 5.000000e+00]]]> : tensor<1x2x2xf32>
    %cst_1 = arith.constant dense<[[[2.500000e+00, 2.000000e+00], [4.000000e+00, 5.000000e+00]]]> : tensor<1x2x2xf32>
    %cst_2 = arith.constant dense<[2.000000e+00, 3.000000e+00]> : tensor<2xf32>
    %0 = tensor.empty() : tensor<1x2x2xf32>
    %1 = "nn.matmul"(%arg0, %cst) {columns = 2 : i64, panel = 0 : i64} : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%1, %cst_2 : tensor<1x2x2xf32>, tensor<2xf32>) outs(%0 : tensor<1x2x2xf32>) {
    ^bb0(%in: f32, %in_3: f32, %out: f32):
      %9 = arith.mulf %in, %in_3 : f32
      linalg.yield %9 : f32
    } -> tensor<1x2x2xf32>
    %3 = "nn.matmul"(%arg0, %cst_0) {columns = 2 : i64, panel = 0 : i64} : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
    %4 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d1)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%3, %cst_2 : tensor<1x2x2xf32>, tensor<2xf32>) outs(%0 : tensor<1x2x2xf32>) {
    ^bb0(%in: f32, %in_3: f32, %out: f32):
      %9 = arith.mulf %in, %in_3 : f32
      linalg.yield %9 : f32
    } -> tensor<1x2x2xf32>
    %5 = "nn.matmul"(%arg0, %cst_1) {columns = 2 : i64, panel = 0 : i64} : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
    %6 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%5, %cst_2 : tensor<1x2x2xf32>, tensor<2xf32>) outs(%0 : tensor<1x2x2xf32>) {
    ^bb0(%in: f32, %in_3: f32, %out: f32):
      %9 = arith.mulf %in, %in_3 : f32
      linalg.yield %9 : f32
    } -> tensor<1x2x2xf32>
    %7 = "nn.matmul"(%arg1, %cst_1) {columns = 2 : i64, panel = 0 : i64} : (tensor<1x2x2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
    %8 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%1, %7 : tensor<1x2x2xf32>, tensor<1x2x2xf32>) outs(%0 : tensor<1x2x2xf32>) {
    ^bb0(%in: f32, %in_3: f32, %out: f32):
      %9 = arith.addf %in, %in_3 : f32
      linalg.yield %9 : f32
    } -> tensor<1x2x2xf32>
    return %2, %4, %6, %8 : tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1x2x2xf32>
  }
}
// remark: fold-scale linalg.generic: the factor is not folded into the weights: the unscaled value is used too
// remark: fold-scale linalg.generic: the factor is not folded into the weights: it varies along more than the channels
// remark: fold-scale linalg.generic: the factor is not folded into the weights: they have other users
