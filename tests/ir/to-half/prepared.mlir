// pipeline: to-half{few=0}
// What @init prepares is stored as @main wants it; a recurrence and what it reads stay f32.
module attributes {weft.device = "webgpu-f16"} {
func.func private @k(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = "nn.softmax"(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
func.func private @p(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = "nn.softmax"(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
func.func private @q(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = "nn.softmax"(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
func.func private @c(%x: tensor<4x8x1xf32>) -> tensor<4x8x1xf32> {
  %0 = "nn.cumulative"(%x) {combine = "add", exclusive = 0 : i64, reverse = 0 : i64} : (tensor<4x8x1xf32>) -> tensor<4x8x1xf32>
  return %0 : tensor<4x8x1xf32>
}
func.func @init() -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  %c = arith.constant dense<2.0> : tensor<4x8xf32>
  %0 = call @k(%c) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = call @p(%c) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0, %1 : tensor<4x8xf32>, tensor<4x8xf32>
}
func.func @main() -> (tensor<4x8xf32>, tensor<4x8x1xf32>) {
  %p:2 = call @init() : () -> (tensor<4x8xf32>, tensor<4x8xf32>)
  %0 = call @q(%p#0) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = tensor.expand_shape %p#1 [[0], [1, 2]] output_shape [4, 8, 1] : tensor<4x8xf32> into tensor<4x8x1xf32>
  %2 = call @c(%1) : (tensor<4x8x1xf32>) -> tensor<4x8x1xf32>
  return %0, %2 : tensor<4x8xf32>, tensor<4x8x1xf32>
}
}
// -----  expected
module attributes {weft.device = "webgpu-f16"} {
  func.func private @k(%arg0: tensor<4x8xf16>) -> tensor<4x8xf16> {
    %0 = tensor.empty() : tensor<4x8xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<4x8xf16>) outs(%0 : tensor<4x8xf32>) {
    ^bb0(%in: f16, %out: f32):
      %5 = arith.extf %in : f16 to f32
      linalg.yield %5 : f32
    } -> tensor<4x8xf32>
    %2 = "nn.softmax"(%1) : (tensor<4x8xf32>) -> tensor<4x8xf32>
    %3 = tensor.empty() : tensor<4x8xf16>
    %4 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%2 : tensor<4x8xf32>) outs(%3 : tensor<4x8xf16>) {
    ^bb0(%in: f32, %out: f16):
      %cst = arith.constant 6.550400e+04 : f32
      %5 = arith.minimumf %in, %cst : f32
      %cst_0 = arith.constant -6.550400e+04 : f32
      %6 = arith.maximumf %5, %cst_0 : f32
      %7 = arith.truncf %6 : f32 to f16
      linalg.yield %7 : f16
    } -> tensor<4x8xf16>
    return %4 : tensor<4x8xf16>
  }
  func.func private @p(%arg0: tensor<4x8xf16>) -> tensor<4x8xf32> {
    %0 = tensor.empty() : tensor<4x8xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<4x8xf16>) outs(%0 : tensor<4x8xf32>) {
    ^bb0(%in: f16, %out: f32):
      %3 = arith.extf %in : f16 to f32
      linalg.yield %3 : f32
    } -> tensor<4x8xf32>
    %2 = "nn.softmax"(%1) : (tensor<4x8xf32>) -> tensor<4x8xf32>
    return %2 : tensor<4x8xf32>
  }
  func.func private @q(%arg0: tensor<4x8xf16>) -> tensor<4x8xf32> {
    %0 = tensor.empty() : tensor<4x8xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<4x8xf16>) outs(%0 : tensor<4x8xf32>) {
    ^bb0(%in: f16, %out: f32):
      %3 = arith.extf %in : f16 to f32
      linalg.yield %3 : f32
    } -> tensor<4x8xf32>
    %2 = "nn.softmax"(%1) : (tensor<4x8xf32>) -> tensor<4x8xf32>
    return %2 : tensor<4x8xf32>
  }
  func.func private @c(%arg0: tensor<4x8x1xf32>) -> tensor<4x8x1xf32> {
    %0 = "nn.cumulative"(%arg0) {combine = "add", exclusive = 0 : i64, reverse = 0 : i64} : (tensor<4x8x1xf32>) -> tensor<4x8x1xf32>
    return %0 : tensor<4x8x1xf32>
  }
  func.func @init() -> (tensor<4x8xf16>, tensor<4x8xf32>) {
    %cst = arith.constant dense<2.000000e+00> : tensor<4x8xf16>
    %0 = call @k(%cst) : (tensor<4x8xf16>) -> tensor<4x8xf16>
    %1 = call @p(%cst) : (tensor<4x8xf16>) -> tensor<4x8xf32>
    return %0, %1 : tensor<4x8xf16>, tensor<4x8xf32>
  }
  func.func @main() -> (tensor<4x8xf32>, tensor<4x8x1xf32>) {
    %0:2 = call @init() : () -> (tensor<4x8xf16>, tensor<4x8xf32>)
    %1 = call @q(%0#0) : (tensor<4x8xf16>) -> tensor<4x8xf32>
    %expanded = tensor.expand_shape %0#1 [[0], [1, 2]] output_shape [4, 8, 1] : tensor<4x8xf32> into tensor<4x8x1xf32>
    %2 = call @c(%expanded) : (tensor<4x8x1xf32>) -> tensor<4x8x1xf32>
    return %1, %2 : tensor<4x8xf32>, tensor<4x8x1xf32>
  }
}
