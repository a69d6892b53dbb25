// pipeline: legalize
module attributes {weft.level = "import", weft.model = "m"} {
  func.func @main(%x: tensor<1x2x4x4xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.opset = 13 : i64} {
    %w = "onnx.Constant"() {value = dense<1.0> : tensor<4x2x3x3xf32>} : () -> !onnx.value
    %b = "onnx.Constant"() {value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>} : () -> !onnx.value
    %d = "onnx.Constant"() {value = dense<1.0> : tensor<4x1x3x3xf32>} : () -> !onnx.value
    %0 = "onnx.Conv"(%x, %w, %b) {strides = [2, 2], pads = [1, 1, 1, 1]} : (tensor<1x2x4x4xf32>, !onnx.value, !onnx.value) -> !onnx.value loc("full")
    %1 = "onnx.Conv"(%0, %d) {group = 4, auto_pad = "SAME_UPPER"} : (!onnx.value, !onnx.value) -> !onnx.value loc("depthwise")
    return %1 : !onnx.value
  }
}
// -----  expected
module attributes {weft.level = "graph", weft.model = "m", weft.operators = {Conv = 2 : i64}} {
  func.func @main(%arg0: tensor<1x2x4x4xf32> {weft.dtype = "float32", weft.name = "x"}) -> (tensor<1x4x2x2xf32> {weft.dtype = "float32", weft.name = "y"}) {
    %cst = arith.constant dense<1.000000e+00> : tensor<4x2x3x3xf32>
    %cst_0 = arith.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]> : tensor<4xf32>
    %cst_1 = arith.constant dense<1.000000e+00> : tensor<4x1x3x3xf32>
    %0 = tensor.empty() : tensor<1x4x4x2xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg0 : tensor<1x2x4x4xf32>) outs(%0 : tensor<1x4x4x2xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x4x4x2xf32>
    %2 = tensor.empty() : tensor<3x3x2x4xf32>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d3, d2, d0, d1)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%cst : tensor<4x2x3x3xf32>) outs(%2 : tensor<3x3x2x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<3x3x2x4xf32>
    %4 = "nn.conv2d"(%1, %3) {channels = 4 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>, panel = 0 : i64, strides = array<i64: 2, 2>} : (tensor<1x4x4x2xf32>, tensor<3x3x2x4xf32>) -> tensor<1x2x2x4xf32>
    %5 = tensor.empty() : tensor<1x2x2x4xf32>
    %6 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%4, %cst_0 : tensor<1x2x2x4xf32>, tensor<4xf32>) outs(%5 : tensor<1x2x2x4xf32>) {
    ^bb0(%in: f32, %in_2: f32, %out: f32):
      %16 = arith.addf %in, %in_2 : f32
      linalg.yield %16 : f32
    } -> tensor<1x2x2x4xf32>
    %7 = tensor.empty() : tensor<1x4x2x2xf32>
    %8 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d2, d3, d1)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%6 : tensor<1x2x2x4xf32>) outs(%7 : tensor<1x4x2x2xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x4x2x2xf32>
    %9 = tensor.empty() : tensor<1x2x2x4xf32>
    %10 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%8 : tensor<1x4x2x2xf32>) outs(%9 : tensor<1x2x2x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x2x2x4xf32>
    %11 = tensor.empty() : tensor<3x3x1x4xf32>
    %12 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d3, d2, d0, d1)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%cst_1 : tensor<4x1x3x3xf32>) outs(%11 : tensor<3x3x1x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<3x3x1x4xf32>
    %collapsed = tensor.collapse_shape %12 [[0], [1], [2, 3]] : tensor<3x3x1x4xf32> into tensor<3x3x4xf32>
    %13 = "nn.depthwise_conv2d"(%10, %collapsed) {dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x2x2x4xf32>, tensor<3x3x4xf32>) -> tensor<1x2x2x4xf32>
    %14 = tensor.empty() : tensor<1x4x2x2xf32>
    %15 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d2, d3, d1)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%13 : tensor<1x2x2x4xf32>) outs(%14 : tensor<1x4x2x2xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x4x2x2xf32>
    return %15 : tensor<1x4x2x2xf32>
  }
}
