// pipeline: sink-transposes
// A pool's transpose passes a rectifier, a residual sum whose other side is transposed too, and a scale by channel, and
// cancels against the next pool's.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#first = affine_map<(d0, d1, d2, d3) -> (d0, d2, d3, d1)>
#last = affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>
#channel = affine_map<(d0, d1, d2, d3) -> (d0, d1, 0, 0)>
func.func @f(%x: tensor<1x6x4x3xf32>, %s: tensor<1x3x1x1xf32>) -> tensor<1x4x2x3xf32> {
  %0 = "nn.max_pool2d"(%x) {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>} : (tensor<1x6x4x3xf32>) -> tensor<1x5x3x3xf32>
  %e = tensor.empty() : tensor<1x3x5x3xf32>
  %1 = linalg.generic {indexing_maps = [#first, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%0 : tensor<1x5x3x3xf32>) outs(%e : tensor<1x3x5x3xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<1x3x5x3xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%1 : tensor<1x3x5x3xf32>) outs(%e : tensor<1x3x5x3xf32>) {
  ^bb0(%a: f32, %o: f32):
    %z = arith.constant 0.0 : f32
    %r = arith.maximumf %a, %z : f32
    linalg.yield %r : f32
  } -> tensor<1x3x5x3xf32>
  %3 = linalg.generic {indexing_maps = [#id, #id, #channel, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%1, %2, %s : tensor<1x3x5x3xf32>, tensor<1x3x5x3xf32>, tensor<1x3x1x1xf32>) outs(%e : tensor<1x3x5x3xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %o: f32):
    %r = arith.addf %a, %b : f32
    %q = arith.mulf %r, %c : f32
    linalg.yield %q : f32
  } -> tensor<1x3x5x3xf32>
  %f = tensor.empty() : tensor<1x5x3x3xf32>
  %4 = linalg.generic {indexing_maps = [#last, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%3 : tensor<1x3x5x3xf32>) outs(%f : tensor<1x5x3x3xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<1x5x3x3xf32>
  %5 = "nn.max_pool2d"(%4) {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>} : (tensor<1x5x3x3xf32>) -> tensor<1x4x2x3xf32>
  return %5 : tensor<1x4x2x3xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x6x4x3xf32>, %arg1: tensor<1x3x1x1xf32>) -> tensor<1x4x2x3xf32> {
    %0 = "nn.max_pool2d"(%arg0) {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x6x4x3xf32>) -> tensor<1x5x3x3xf32>
    %1 = tensor.empty() : tensor<1x5x3x3xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x5x3x3xf32>) outs(%1 : tensor<1x5x3x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      %cst = arith.constant 0.000000e+00 : f32
      %6 = arith.maximumf %in, %cst : f32
      linalg.yield %6 : f32
    } -> tensor<1x5x3x3xf32>
    %3 = tensor.empty() : tensor<1x5x3x3xf32>
    %4 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3, 0, 0)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0, %2, %arg1 : tensor<1x5x3x3xf32>, tensor<1x5x3x3xf32>, tensor<1x3x1x1xf32>) outs(%3 : tensor<1x5x3x3xf32>) {
    ^bb0(%in: f32, %in_0: f32, %in_1: f32, %out: f32):
      %6 = arith.addf %in, %in_0 : f32
      %7 = arith.mulf %6, %in_1 : f32
      linalg.yield %7 : f32
    } -> tensor<1x5x3x3xf32>
    %5 = "nn.max_pool2d"(%4) {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x5x3x3xf32>) -> tensor<1x4x2x3xf32>
    return %5 : tensor<1x4x2x3xf32>
  }
}
