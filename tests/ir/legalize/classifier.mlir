// pipeline: legalize,fold-constants,dce
module attributes {weft.level = "import", weft.model = "m"} {
  func.func @main(%x: tensor<1x3x4x4xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.opset = 11 : i64} {
    %zero = "onnx.Constant"() {value = dense<0> : tensor<1xi64>} : () -> !onnx.value
    %one = "onnx.Constant"() {value = dense<1> : tensor<1xi64>} : () -> !onnx.value
    %open = "onnx.Constant"() {value = dense<-1> : tensor<1xi64>} : () -> !onnx.value
    %w = "onnx.Constant"() {value = dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>} : () -> !onnx.value
    %c = "onnx.Constant"() {value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> !onnx.value
    %0 = "onnx.GlobalAveragePool"(%x) : (tensor<1x3x4x4xf32>) -> !onnx.value loc("pool")
    %1 = "onnx.Shape"(%0) : (!onnx.value) -> !onnx.value loc("shape")
    %2 = "onnx.Slice"(%1, %zero, %one, %zero) : (!onnx.value, !onnx.value, !onnx.value, !onnx.value) -> !onnx.value loc("batch")
    %3 = "onnx.Concat"(%2, %open) {axis = 0} : (!onnx.value, !onnx.value) -> !onnx.value loc("to")
    %4 = "onnx.Reshape"(%0, %3) : (!onnx.value, !onnx.value) -> !onnx.value loc("flat")
    %5 = "onnx.Gemm"(%4, %w, %c) {transB = 1} : (!onnx.value, !onnx.value, !onnx.value) -> !onnx.value loc("fc")
    %6 = "onnx.Softmax"(%5) : (!onnx.value) -> !onnx.value loc("scores")
    return %6 : !onnx.value
  }
}
// -----  expected
module attributes {weft.level = "graph", weft.model = "m", weft.operators = {Concat = 1 : i64, Gemm = 1 : i64, GlobalAveragePool = 1 : i64, Reshape = 1 : i64, Shape = 1 : i64, Slice = 1 : i64, Softmax = 1 : i64}} {
  func.func @main(%arg0: tensor<1x3x4x4xf32> {weft.dtype = "float32", weft.name = "x"}) -> (tensor<1x2xf32> {weft.dtype = "float32", weft.name = "y"}) {
    %cst = arith.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
    %0 = tensor.empty() : tensor<1x4x4x3xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg0 : tensor<1x3x4x4xf32>) outs(%0 : tensor<1x4x4x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x4x4x3xf32>
    %cst_0 = arith.constant dense<0.000000e+00> : tensor<1x3xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3)>], iterator_types = ["parallel", "reduction", "reduction", "parallel"]} ins(%1 : tensor<1x4x4x3xf32>) outs(%cst_0 : tensor<1x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      %9 = arith.addf %out, %in : f32
      linalg.yield %9 : f32
    } -> tensor<1x3xf32>
    %3 = tensor.empty() : tensor<1x3xf32>
    %4 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%2 : tensor<1x3xf32>) outs(%3 : tensor<1x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      %cst_4 = arith.constant 6.250000e-02 : f32
      %9 = arith.mulf %in, %cst_4 : f32
      linalg.yield %9 : f32
    } -> tensor<1x3xf32>
    %expanded = tensor.expand_shape %4 [[0], [1, 2, 3]] output_shape [1, 3, 1, 1] : tensor<1x3xf32> into tensor<1x3x1x1xf32>
    %collapsed = tensor.collapse_shape %expanded [[0], [1, 2, 3]] : tensor<1x3x1x1xf32> into tensor<1x3xf32>
    %expanded_1 = tensor.expand_shape %collapsed [[0], [1, 2]] output_shape [1, 1, 3] : tensor<1x3xf32> into tensor<1x1x3xf32>
    %cst_2 = arith.constant dense<[[[1.000000e+00, 4.000000e+00], [2.000000e+00, 5.000000e+00], [3.000000e+00, 6.000000e+00]]]> : tensor<1x3x2xf32>
    %5 = "nn.matmul"(%expanded_1, %cst_2) {columns = 2 : i64, panel = 0 : i64} : (tensor<1x1x3xf32>, tensor<1x3x2xf32>) -> tensor<1x1x2xf32>
    %6 = tensor.empty() : tensor<1x1x2xf32>
    %7 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%5, %cst : tensor<1x1x2xf32>, tensor<2xf32>) outs(%6 : tensor<1x1x2xf32>) {
    ^bb0(%in: f32, %in_4: f32, %out: f32):
      %9 = arith.addf %in, %in_4 : f32
      linalg.yield %9 : f32
    } -> tensor<1x1x2xf32>
    %collapsed_3 = tensor.collapse_shape %7 [[0], [1, 2]] : tensor<1x1x2xf32> into tensor<1x2xf32>
    %8 = "nn.softmax"(%collapsed_3) : (tensor<1x2xf32>) -> tensor<1x2xf32>
    return %8 : tensor<1x2xf32>
  }
}
