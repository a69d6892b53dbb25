// pipeline: fuse
// A cell reads its own result step by step, so what is computed of it can't take its place.
func.func @main(%x: tensor<3x1x4xf32>, %r: tensor<1x1x4x8xf32>, %h: tensor<1x4xf32>) -> tensor<1x4x1x4xf32> {
  %all = arith.constant dense<> : tensor<0xi32>
  %0 = "nn.rnn"(%x, %r, %h, %all) {panel = 8 : i64, reverse = 0 : i64, activations = "Tanh", clip = 0.0 : f32} : (tensor<3x1x4xf32>, tensor<1x1x4x8xf32>, tensor<1x4xf32>, tensor<0xi32>) -> tensor<1x4x1x4xf32>
  %e = tensor.empty() : tensor<1x4x1x4xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x4x1x4xf32>) outs(%e : tensor<1x4x1x4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<1x4x1x4xf32>
  return %1 : tensor<1x4x1x4xf32>
}
// -----  expected
module {
  func.func private @rnn(%arg0: tensor<3x1x4xf32>, %arg1: tensor<1x1x4x8xf32>, %arg2: tensor<1x4xf32>, %arg3: tensor<0xi32>) -> tensor<1x4x1x4xf32> {
    %0 = "nn.rnn"(%arg0, %arg1, %arg2, %arg3) {activations = "Tanh", clip = 0.000000e+00 : f32, panel = 8 : i64, reverse = 0 : i64} : (tensor<3x1x4xf32>, tensor<1x1x4x8xf32>, tensor<1x4xf32>, tensor<0xi32>) -> tensor<1x4x1x4xf32>
    return %0 : tensor<1x4x1x4xf32>
  }
  func.func private @addf(%arg0: tensor<1x4x1x4xf32>) -> tensor<1x4x1x4xf32> {
    %0 = tensor.empty() : tensor<1x4x1x4xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg0 : tensor<1x4x1x4xf32>) outs(%0 : tensor<1x4x1x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %2 = arith.addf %in, %in : f32
      linalg.yield %2 : f32
    } -> tensor<1x4x1x4xf32>
    return %1 : tensor<1x4x1x4xf32>
  }
  func.func @main(%arg0: tensor<3x1x4xf32>, %arg1: tensor<1x1x4x8xf32>, %arg2: tensor<1x4xf32>) -> tensor<1x4x1x4xf32> {
    %cst = arith.constant dense<> : tensor<0xi32>
    %0 = call @rnn(%arg0, %arg1, %arg2, %cst) : (tensor<3x1x4xf32>, tensor<1x1x4x8xf32>, tensor<1x4xf32>, tensor<0xi32>) -> tensor<1x4x1x4xf32>
    %1 = call @addf(%0) : (tensor<1x4x1x4xf32>) -> tensor<1x4x1x4xf32>
    return %1 : tensor<1x4x1x4xf32>
  }
}
// remark: fuse linalg.generic: not fused behind nn.rnn: it reads its own result, step by step
