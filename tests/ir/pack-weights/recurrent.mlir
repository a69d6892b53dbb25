// pipeline: pack-weights,fold-constants
// The gates of eight units stand side by side, unit by unit of the state that they are multiplied with; constant weights are stored so.
func.func @f(%x: tensor<3x1x6xf32>, %h: tensor<1x2xf32>, %z: tensor<5x2x40xf32>, %r: tensor<10x4x10xf32>, %s: tensor<2x10xf32>, %p: tensor<3x10xf32>) -> (tensor<2x4x1x2xf32>, tensor<2x6x2x10xf32>) {
  %w = arith.constant dense<[[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[7.0, 8.0], [9.0, 10.0], [11.0, 12.0]]]> : tensor<2x3x2xf32>
  %none = arith.constant dense<> : tensor<0xf32>
  %all = arith.constant dense<> : tensor<0xi32>
  %0 = "nn.gru"(%x, %w, %h, %none, %all) {panel = 0 : i64, reverse = 0 : i64, activations = "Sigmoid Tanh", clip = 0.0 : f32, linear_before_reset = 0 : i64} : (tensor<3x1x6xf32>, tensor<2x3x2xf32>, tensor<1x2xf32>, tensor<0xf32>, tensor<0xi32>) -> tensor<2x4x1x2xf32>
  %1 = "nn.lstm"(%z, %r, %s, %s, %p, %all) {panel = 0 : i64, reverse = 1 : i64, activations = "Sigmoid Tanh Tanh", clip = 0.0 : f32, input_forget = 0 : i64} : (tensor<5x2x40xf32>, tensor<10x4x10xf32>, tensor<2x10xf32>, tensor<2x10xf32>, tensor<3x10xf32>, tensor<0xi32>) -> tensor<2x6x2x10xf32>
  return %0, %1 : tensor<2x4x1x2xf32>, tensor<2x6x2x10xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<3x1x6xf32>, %arg1: tensor<1x2xf32>, %arg2: tensor<5x2x40xf32>, %arg3: tensor<10x4x10xf32>, %arg4: tensor<2x10xf32>, %arg5: tensor<3x10xf32>) -> (tensor<2x4x1x2xf32>, tensor<2x6x2x10xf32>) {
    %cst = arith.constant dense<> : tensor<0xf32>
    %cst_0 = arith.constant dense<> : tensor<0xi32>
    %cst_1 = arith.constant dense_resource<b5c9290e6eac2ecd9> : tensor<1x1x2x24xf32>
    %0 = "nn.gru"(%arg0, %cst_1, %arg1, %cst, %cst_0) {activations = "Sigmoid Tanh", clip = 0.000000e+00 : f32, linear_before_reset = 0 : i64, panel = 8 : i64, reverse = 0 : i64} : (tensor<3x1x6xf32>, tensor<1x1x2x24xf32>, tensor<1x2xf32>, tensor<0xf32>, tensor<0xi32>) -> tensor<2x4x1x2xf32>
    %padded = tensor.pad %arg3 low[0, 0, 0] high[0, 0, 6] {
    ^bb0(%arg6: index, %arg7: index, %arg8: index):
      %cst_3 = arith.constant 0.000000e+00 : f32
      tensor.yield %cst_3 : f32
    } : tensor<10x4x10xf32> to tensor<10x4x16xf32>
    %expanded = tensor.expand_shape %padded [[0], [1], [2, 3]] output_shape [10, 4, 2, 8] : tensor<10x4x16xf32> into tensor<10x4x2x8xf32>
    %1 = tensor.empty() : tensor<10x2x4x8xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d2, d1, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded : tensor<10x4x2x8xf32>) outs(%1 : tensor<10x2x4x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<10x2x4x8xf32>
    %collapsed = tensor.collapse_shape %2 [[0], [1, 2, 3]] : tensor<10x2x4x8xf32> into tensor<10x64xf32>
    %expanded_2 = tensor.expand_shape %collapsed [[0, 1], [2]] output_shape [1, 10, 64] : tensor<10x64xf32> into tensor<1x10x64xf32>
    %3 = "nn.pack"(%expanded_2) {panel = 32 : i64} : (tensor<1x10x64xf32>) -> tensor<1x2x10x32xf32>
    %4 = "nn.lstm"(%arg2, %3, %arg4, %arg4, %arg5, %cst_0) {activations = "Sigmoid Tanh Tanh", clip = 0.000000e+00 : f32, input_forget = 0 : i64, panel = 8 : i64, reverse = 1 : i64} : (tensor<5x2x40xf32>, tensor<1x2x10x32xf32>, tensor<2x10xf32>, tensor<2x10xf32>, tensor<3x10xf32>, tensor<0xi32>) -> tensor<2x6x2x10xf32>
    return %0, %4 : tensor<2x4x1x2xf32>, tensor<2x6x2x10xf32>
  }
}
