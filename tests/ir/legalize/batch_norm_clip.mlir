// pipeline: legalize
module attributes {weft.level = "import", weft.model = "m"} {
  func.func @main(%x: tensor<1x2x4x4xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.opset = 11 : i64} {
    %p = "onnx.Constant"() {value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> !onnx.value
    %low = "onnx.Constant"() {value = dense<0.0> : tensor<f32>} : () -> !onnx.value
    %high = "onnx.Constant"() {value = dense<6.0> : tensor<f32>} : () -> !onnx.value
    %0 = "onnx.BatchNormalization"(%x, %p, %p, %p, %p) {epsilon = 1.0e-3 : f32} : (tensor<1x2x4x4xf32>, !onnx.value, !onnx.value, !onnx.value, !onnx.value) -> !onnx.value loc("norm")
    %1 = "onnx.Clip"(%0, %low, %high) : (!onnx.value, !onnx.value, !onnx.value) -> !onnx.value loc("relu6")
    return %1 : !onnx.value
  }
}
// -----  expected
module attributes {weft.level = "graph", weft.model = "m", weft.operators = {BatchNormalization = 1 : i64, Clip = 1 : i64}} {
  func.func @main(%arg0: tensor<1x2x4x4xf32> {weft.dtype = "float32", weft.name = "x"}) -> (tensor<1x2x4x4xf32> {weft.dtype = "float32", weft.name = "y"}) {
    %cst = arith.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
    %cst_0 = arith.constant dense<0.000000e+00> : tensor<f32>
    %cst_1 = arith.constant dense<6.000000e+00> : tensor<f32>
    %0 = tensor.empty() : tensor<2xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%cst, %cst : tensor<2xf32>, tensor<2xf32>) outs(%0 : tensor<2xf32>) {
    ^bb0(%in: f32, %in_2: f32, %out: f32):
      %cst_3 = arith.constant 1.000000e-03 : f32
      %10 = arith.addf %in_2, %cst_3 : f32
      %11 = math.sqrt %10 : f32
      %12 = arith.divf %in, %11 : f32
      linalg.yield %12 : f32
    } -> tensor<2xf32>
    %2 = tensor.empty() : tensor<2xf32>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%cst, %cst, %1 : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) outs(%2 : tensor<2xf32>) {
    ^bb0(%in: f32, %in_2: f32, %in_3: f32, %out: f32):
      %10 = arith.mulf %in_2, %in_3 : f32
      %11 = arith.subf %in, %10 : f32
      linalg.yield %11 : f32
    } -> tensor<2xf32>
    %4 = tensor.empty() : tensor<1x2x4x4xf32>
    %5 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d1)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg0, %1 : tensor<1x2x4x4xf32>, tensor<2xf32>) outs(%4 : tensor<1x2x4x4xf32>) {
    ^bb0(%in: f32, %in_2: f32, %out: f32):
      %10 = arith.mulf %in, %in_2 : f32
      linalg.yield %10 : f32
    } -> tensor<1x2x4x4xf32>
    %6 = tensor.empty() : tensor<1x2x4x4xf32>
    %7 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d1)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%5, %3 : tensor<1x2x4x4xf32>, tensor<2xf32>) outs(%6 : tensor<1x2x4x4xf32>) {
    ^bb0(%in: f32, %in_2: f32, %out: f32):
      %10 = arith.addf %in, %in_2 : f32
      linalg.yield %10 : f32
    } -> tensor<1x2x4x4xf32>
    %8 = tensor.empty() : tensor<1x2x4x4xf32>
    %9 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%7 : tensor<1x2x4x4xf32>) outs(%8 : tensor<1x2x4x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %cst_2 = arith.constant 0.000000e+00 : f32
      %cst_3 = arith.constant 6.000000e+00 : f32
      %10 = arith.maximumf %in, %cst_2 : f32
      %11 = arith.minimumf %10, %cst_3 : f32
      linalg.yield %11 : f32
    } -> tensor<1x2x4x4xf32>
    return %9 : tensor<1x2x4x4xf32>
  }
}
