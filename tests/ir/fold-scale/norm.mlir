// pipeline: canonicalize-graph,fold-scale
// Convolution, bias and batch normalisation: one convolution and one summand. Depthwise and products likewise.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#channel = affine_map<(d0, d1, d2, d3) -> (d3)>
func.func @f(%x: tensor<1x2x2x2xf32>, %y: tensor<1x2x2xf32>) -> (tensor<1x2x2x3xf32>, tensor<1x2x2x2xf32>, tensor<1x2x3xf32>) {
  %w = arith.constant dense<[[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]> : tensor<1x1x2x3xf32>
  %d = arith.constant dense<[[[1.0, 2.0]]]> : tensor<1x1x2xf32>
  %v = arith.constant dense<[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]> : tensor<1x2x3xf32>
  %bias = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %scale = arith.constant dense<[2.0, 3.0, 4.0]> : tensor<3xf32>
  %shift = arith.constant dense<[10.0, 20.0, 30.0]> : tensor<3xf32>
  %e = tensor.empty() : tensor<1x2x2x3xf32>
  %0 = "nn.conv2d"(%x, %w) {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 3 : i64, panel = 0 : i64} : (tensor<1x2x2x2xf32>, tensor<1x1x2x3xf32>) -> tensor<1x2x2x3xf32>
  %1 = linalg.generic {indexing_maps = [#id, #channel, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0, %bias : tensor<1x2x2x3xf32>, tensor<3xf32>) outs(%e : tensor<1x2x2x3xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x2x2x3xf32>
  %2 = linalg.generic {indexing_maps = [#id, #channel, #channel, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%1, %scale, %shift : tensor<1x2x2x3xf32>, tensor<3xf32>, tensor<3xf32>) outs(%e : tensor<1x2x2x3xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %o: f32):
    %s = arith.mulf %a, %b : f32
    %t = arith.addf %s, %c : f32
    linalg.yield %t : f32
  } -> tensor<1x2x2x3xf32>
  %3 = "nn.depthwise_conv2d"(%x, %d) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>} : (tensor<1x2x2x2xf32>, tensor<1x1x2xf32>) -> tensor<1x2x2x2xf32>
  %f = tensor.empty() : tensor<1x2x2x2xf32>
  %4 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%3 : tensor<1x2x2x2xf32>) outs(%f : tensor<1x2x2x2xf32>) {
  ^bb0(%a: f32, %o: f32):
    %c = arith.constant 0.5 : f32
    %s = arith.mulf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<1x2x2x2xf32>
  %5 = "nn.matmul"(%y, %v) {columns = 3 : i64, panel = 0 : i64} : (tensor<1x2x2xf32>, tensor<1x2x3xf32>) -> tensor<1x2x3xf32>
  %g = tensor.empty() : tensor<1x2x3xf32>
  %6 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%scale, %5 : tensor<3xf32>, tensor<1x2x3xf32>) outs(%g : tensor<1x2x3xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.mulf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x2x3xf32>
  return %2, %4, %6 : tensor<1x2x2x3xf32>, tensor<1x2x2x2xf32>, tensor<1x2x3xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x2x2x2xf32>, %arg1: tensor<1x2x2xf32>) -> (tensor<1x2x2x3xf32>, tensor<1x2x2x2xf32>, tensor<1x2x3xf32>) {
    %cst = arith.constant dense<[[[[2.000000e+00, 6.000000e+00, 1.200000e+01], [8.000000e+00, 1.500000e+01, 2.400000e+01]]]]> : tensor<1x1x2x3xf32>
    %0 = "nn.conv2d"(%arg0, %cst) {channels = 3 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1x1x2x3xf32>) -> tensor<1x2x2x3xf32>
    %cst_0 = arith.constant dense<[1.200000e+01, 2.600000e+01, 4.200000e+01]> : tensor<3xf32>
    %1 = tensor.empty() : tensor<1x2x2x3xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0, %cst_0 : tensor<1x2x2x3xf32>, tensor<3xf32>) outs(%1 : tensor<1x2x2x3xf32>) {
    ^bb0(%in: f32, %in_3: f32, %out: f32):
      %5 = arith.addf %in, %in_3 : f32
      linalg.yield %5 : f32
    } -> tensor<1x2x2x3xf32>
    %cst_1 = arith.constant dense<[[[5.000000e-01, 1.000000e+00]]]> : tensor<1x1x2xf32>
    %3 = "nn.depthwise_conv2d"(%arg0, %cst_1) {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1x1x2xf32>) -> tensor<1x2x2x2xf32>
    %cst_2 = arith.constant dense<[[[2.000000e+00, 6.000000e+00, 1.200000e+01], [8.000000e+00, 1.500000e+01, 2.400000e+01]]]> : tensor<1x2x3xf32>
    %4 = "nn.matmul"(%arg1, %cst_2) {columns = 3 : i64, panel = 0 : i64} : (tensor<1x2x2xf32>, tensor<1x2x3xf32>) -> tensor<1x2x3xf32>
    return %2, %3, %4 : tensor<1x2x2x3xf32>, tensor<1x2x2x2xf32>, tensor<1x2x3xf32>
  }
}
