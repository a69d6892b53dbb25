// pipeline: fuse
// A gate that is computed from the convolution's own result by a reduction can't be in its tail; the tail before
// it is. The gate's product is a kernel of its own.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#c = affine_map<(d0, d1, d2, d3) -> (d0, d3)>
func.func @main(%x: tensor<1x3x3x4xf32>, %w: tensor<3x3x4xf32>) -> tensor<1x3x3x4xf32> {
  %0 = "nn.depthwise_conv2d"(%x, %w) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x3x3x4xf32>, tensor<3x3x4xf32>) -> tensor<1x3x3x4xf32>
  %e = tensor.empty() : tensor<1x3x3x4xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x3x3x4xf32>) outs(%e : tensor<1x3x3x4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %z = arith.constant 0.0 : f32
    %m = arith.maximumf %a, %z : f32
    linalg.yield %m : f32
  } -> tensor<1x3x3x4xf32>
  %init = arith.constant dense<0.0> : tensor<1x4xf32>
  %2 = linalg.generic {indexing_maps = [#id, #c], iterator_types = ["parallel", "reduction", "reduction", "parallel"]} ins(%1 : tensor<1x3x3x4xf32>) outs(%init : tensor<1x4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %o : f32
    linalg.yield %s : f32
  } -> tensor<1x4xf32>
  %3 = linalg.generic {indexing_maps = [#id, #c, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%1, %2 : tensor<1x3x3x4xf32>, tensor<1x4xf32>) outs(%e : tensor<1x3x3x4xf32>) {
  ^bb0(%a: f32, %g: f32, %o: f32):
    %p = arith.mulf %a, %g : f32
    linalg.yield %p : f32
  } -> tensor<1x3x3x4xf32>
  return %3 : tensor<1x3x3x4xf32>
}
// -----  expected
module {
  func.func private @depthwise_conv2d_max(%arg0: tensor<1x3x3x4xf32>, %arg1: tensor<3x3x4xf32>) -> tensor<1x3x3x4xf32> {
    %0 = "nn.depthwise_conv2d"(%arg0, %arg1) {dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x3x3x4xf32>, tensor<3x3x4xf32>) -> tensor<1x3x3x4xf32>
    %1 = tensor.empty() : tensor<1x3x3x4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x3x3x4xf32>) outs(%1 : tensor<1x3x3x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %cst = arith.constant 0.000000e+00 : f32
      %3 = arith.maximumf %in, %cst : f32
      linalg.yield %3 : f32
    } -> tensor<1x3x3x4xf32>
    return %2 : tensor<1x3x3x4xf32>
  }
  func.func private @reduce_addf(%arg0: tensor<1x3x3x4xf32>) -> tensor<1x4xf32> {
    %cst = arith.constant dense<0.000000e+00> : tensor<1x4xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3)>], iterator_types = ["parallel", "reduction", "reduction", "parallel"]} ins(%arg0 : tensor<1x3x3x4xf32>) outs(%cst : tensor<1x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %1 = arith.addf %in, %out : f32
      linalg.yield %1 : f32
    } -> tensor<1x4xf32>
    return %0 : tensor<1x4xf32>
  }
  func.func private @mulf(%arg0: tensor<1x3x3x4xf32>, %arg1: tensor<1x4xf32>) -> tensor<1x3x3x4xf32> {
    %0 = tensor.empty() : tensor<1x3x3x4xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg0, %arg1 : tensor<1x3x3x4xf32>, tensor<1x4xf32>) outs(%0 : tensor<1x3x3x4xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %2 = arith.mulf %in, %in_0 : f32
      linalg.yield %2 : f32
    } -> tensor<1x3x3x4xf32>
    return %1 : tensor<1x3x3x4xf32>
  }
  func.func @main(%arg0: tensor<1x3x3x4xf32>, %arg1: tensor<3x3x4xf32>) -> tensor<1x3x3x4xf32> {
    %0 = call @depthwise_conv2d_max(%arg0, %arg1) : (tensor<1x3x3x4xf32>, tensor<3x3x4xf32>) -> tensor<1x3x3x4xf32>
    %1 = call @reduce_addf(%0) : (tensor<1x3x3x4xf32>) -> tensor<1x4xf32>
    %2 = call @mulf(%0, %1) : (tensor<1x3x3x4xf32>, tensor<1x4xf32>) -> tensor<1x3x3x4xf32>
    return %2 : tensor<1x3x3x4xf32>
  }
}
// remark: fuse linalg.generic: not fused behind linalg.generic: it iterates over another shape
// remark: fuse linalg.generic: not fused into linalg.generic: its value has other users
// remark: fuse linalg.generic: not fused behind nn.depthwise_conv2d: another operand depends on the kernel's own result
