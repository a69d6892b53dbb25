// pipeline: legalize
// The shape arithmetic of exporters is computed with the symbol in it, and nothing of it is left to run; a comparison that
// holds for all values is decided. A mean divides by the number that the run has.
module attributes {weft.level = "import", weft.symbols = {length = [2, 128]}} {
func.func @main(%x: tensor<1x?x384xf32, affine_map<()[s0] -> (1, s0, 384)>> {weft.name = "x", weft.dtype = "float32"}) -> (!onnx.value {weft.name = "y"}, !onnx.value {weft.name = "m"}) attributes {onnx.opset = 13 : i64} {
  %second = "onnx.Constant"() {value = dense<[1]> : tensor<1xi64>} : () -> !onnx.value
  %heads = "onnx.Constant"() {value = dense<[12, 32]> : tensor<2xi64>} : () -> !onnx.value
  %one = "onnx.Constant"() {value = dense<[1]> : tensor<1xi64>} : () -> !onnx.value
  %shape = "onnx.Shape"(%x) : (tensor<1x?x384xf32, affine_map<()[s0] -> (1, s0, 384)>>) -> !onnx.value
  %n = "onnx.Gather"(%shape, %second) : (!onnx.value, !onnx.value) -> !onnx.value
  %positive = "onnx.Greater"(%n, %one) : (!onnx.value, !onnx.value) -> !onnx.value
  %chosen = "onnx.Where"(%positive, %n, %one) : (!onnx.value, !onnx.value, !onnx.value) -> !onnx.value
  %to = "onnx.Concat"(%one, %chosen, %heads) {axis = 0 : i64} : (!onnx.value, !onnx.value, !onnx.value) -> !onnx.value
  %y = "onnx.Reshape"(%x, %to) : (tensor<1x?x384xf32, affine_map<()[s0] -> (1, s0, 384)>>, !onnx.value) -> !onnx.value
  %m = "onnx.ReduceMean"(%x) {axes = [1]} : (tensor<1x?x384xf32, affine_map<()[s0] -> (1, s0, 384)>>) -> !onnx.value
  return %y, %m : !onnx.value, !onnx.value
}
}
// -----  expected
module attributes {weft.level = "graph", weft.operators = {Concat = 1 : i64, Gather = 1 : i64, Greater = 1 : i64, ReduceMean = 1 : i64, Reshape = 1 : i64, Shape = 1 : i64, Where = 1 : i64}, weft.symbols = {length = [2, 128]}} {
  func.func @main(%arg0: tensor<1x?x384xf32, affine_map<()[s0] -> (1, s0, 384)>> {weft.dtype = "float32", weft.name = "x"}) -> (tensor<1x?x12x32xf32, affine_map<()[s0] -> (1, s0, 12, 32)>> {weft.dtype = "float32", weft.name = "y"}, tensor<1x1x384xf32> {weft.dtype = "float32", weft.name = "m"}) {
    %cst = arith.constant dense<1> : tensor<1xi64>
    %cst_0 = arith.constant dense<[12, 32]> : tensor<2xi64>
    %cst_1 = arith.constant dense<1> : tensor<1xi64>
    %0 = tensor.empty() : tensor<3xi64>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%0 : tensor<3xi64>) {
    ^bb0(%out: i64):
      %c384 = arith.constant 384 : index
      %10 = arith.index_cast %c384 : index to i64
      %11 = linalg.index 0 : index
      %c1 = arith.constant 1 : index
      %12 = arith.cmpi eq, %11, %c1 : index
      %13 = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
      %14 = arith.index_cast %13 : index to i64
      %15 = arith.select %12, %14, %10 : i64
      %c0 = arith.constant 0 : index
      %16 = arith.cmpi eq, %11, %c0 : index
      %c1_4 = arith.constant 1 : index
      %17 = arith.index_cast %c1_4 : index to i64
      %18 = arith.select %16, %17, %15 : i64
      linalg.yield %18 : i64
    } -> tensor<3xi64>
    %extracted_slice = tensor.extract_slice %1[1] [1] [1] : tensor<3xi64> to tensor<1xi64>
    %2 = tensor.empty() : tensor<1xi1>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%extracted_slice : tensor<1xi64>) outs(%2 : tensor<1xi1>) {
    ^bb0(%in: i64, %out: i1):
      %c1_i64 = arith.constant 1 : i64
      %10 = arith.cmpi sgt, %in, %c1_i64 : i64
      linalg.yield %10 : i1
    } -> tensor<1xi1>
    %4 = tensor.empty() : tensor<1xi64>
    %5 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%3, %extracted_slice : tensor<1xi1>, tensor<1xi64>) outs(%4 : tensor<1xi64>) {
    ^bb0(%in: i1, %in_4: i64, %out: i64):
      %c1_i64 = arith.constant 1 : i64
      %10 = arith.select %in, %in_4, %c1_i64 : i64
      linalg.yield %10 : i64
    } -> tensor<1xi64>
    %concat = tensor.concat dim(0) %cst_1, %5, %cst_0 : (tensor<1xi64>, tensor<1xi64>, tensor<2xi64>) -> tensor<4xi64>
    %6 = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
    %expanded = tensor.expand_shape %arg0 [[0], [1], [2, 3]] output_shape [1, %6, 12, 32] : tensor<1x?x384xf32, affine_map<()[s0] -> (1, s0, 384)>> into tensor<1x?x12x32xf32, affine_map<()[s0] -> (1, s0, 12, 32)>>
    %cst_2 = arith.constant dense<0.000000e+00> : tensor<1x384xf32>
    %7 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d2)>], iterator_types = ["parallel", "reduction", "parallel"]} ins(%arg0 : tensor<1x?x384xf32, affine_map<()[s0] -> (1, s0, 384)>>) outs(%cst_2 : tensor<1x384xf32>) {
    ^bb0(%in: f32, %out: f32):
      %10 = arith.addf %out, %in : f32
      linalg.yield %10 : f32
    } -> tensor<1x384xf32>
    %8 = tensor.empty() : tensor<1x384xf32>
    %9 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%7 : tensor<1x384xf32>) outs(%8 : tensor<1x384xf32>) {
    ^bb0(%in: f32, %out: f32):
      %10 = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
      %11 = arith.index_cast %10 : index to i32
      %12 = arith.sitofp %11 : i32 to f32
      %13 = arith.divf %in, %12 : f32
      linalg.yield %13 : f32
    } -> tensor<1x384xf32>
    %expanded_3 = tensor.expand_shape %9 [[0], [1, 2]] output_shape [1, 1, 384] : tensor<1x384xf32> into tensor<1x1x384xf32>
    return %expanded, %expanded_3 : tensor<1x?x12x32xf32, affine_map<()[s0] -> (1, s0, 12, 32)>>, tensor<1x1x384xf32>
  }
}
