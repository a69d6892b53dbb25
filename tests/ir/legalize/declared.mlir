// pipeline: legalize
// What the data of an operand decides comes from the declared shapes: which dims are reduced (of two that fit, the axes select
// at run time), what a reshape makes, and where a slice starts is read in the body.
module attributes {weft.level = "import", weft.model = "m"} {
  func.func @main(%x: tensor<2x2x3xf32> {weft.dtype = "float32", weft.name = "x"}, %i: tensor<1xi64> {weft.dtype = "int64", weft.name = "i"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.opset = 13 : i64} {
    %0 = "onnx.ReduceSum"(%x, %i) {keepdims = 0 : i64, weft.declared = [array<i64: 2, 3>]} : (tensor<2x2x3xf32>, tensor<1xi64>) -> !onnx.value loc("sum")
    %1 = "onnx.Reshape"(%0, %i) {weft.declared = [array<i64: 6>]} : (!onnx.value, tensor<1xi64>) -> !onnx.value loc("line")
    %2 = "onnx.Constant"() {value = dense<6> : tensor<1xi64>} : () -> !onnx.value loc("end")
    %3 = "onnx.Slice"(%1, %i, %2) {weft.declared = [array<i64: 4>]} : (!onnx.value, tensor<1xi64>, !onnx.value) -> !onnx.value loc("part")
    return %3 : !onnx.value
  }
}
// -----  expected
module attributes {weft.level = "graph", weft.model = "m", weft.operators = {ReduceSum = 1 : i64, Reshape = 1 : i64, Slice = 1 : i64}} {
  func.func @main(%arg0: tensor<2x2x3xf32> {weft.dtype = "float32", weft.name = "x"}, %arg1: tensor<1xi64> {weft.dtype = "int64", weft.name = "i"}) -> (tensor<4xf32> {weft.dtype = "float32", weft.name = "y"}) {
    %cst = arith.constant dense<0.000000e+00> : tensor<2x3xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d1, d2)>], iterator_types = ["reduction", "parallel", "parallel"]} ins(%arg0 : tensor<2x2x3xf32>) outs(%cst : tensor<2x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      %6 = arith.addf %out, %in : f32
      linalg.yield %6 : f32
    } -> tensor<2x3xf32>
    %cst_0 = arith.constant dense<0.000000e+00> : tensor<2x3xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d2)>], iterator_types = ["parallel", "reduction", "parallel"]} ins(%arg0 : tensor<2x2x3xf32>) outs(%cst_0 : tensor<2x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      %6 = arith.addf %out, %in : f32
      linalg.yield %6 : f32
    } -> tensor<2x3xf32>
    %2 = tensor.empty() : tensor<2x3xf32>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0, %1, %arg1 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<1xi64>) outs(%2 : tensor<2x3xf32>) {
    ^bb0(%in: f32, %in_2: f32, %in_3: i64, %out: f32):
      %c2147483647_i64 = arith.constant 2147483647 : i64
      %6 = arith.minsi %in_3, %c2147483647_i64 : i64
      %c-2147483647_i64 = arith.constant -2147483647 : i64
      %7 = arith.maxsi %6, %c-2147483647_i64 : i64
      %8 = arith.index_cast %7 : i64 to index
      %c1 = arith.constant 1 : index
      %9 = arith.cmpi eq, %8, %c1 : index
      %c-2 = arith.constant -2 : index
      %10 = arith.cmpi eq, %8, %c-2 : index
      %11 = arith.ori %9, %10 : i1
      %12 = arith.select %11, %in_2, %in : f32
      linalg.yield %12 : f32
    } -> tensor<2x3xf32>
    %collapsed = tensor.collapse_shape %3 [[0, 1]] : tensor<2x3xf32> into tensor<6xf32>
    %cst_1 = arith.constant dense<6> : tensor<1xi64>
    %4 = tensor.empty() : tensor<4xf32>
    %5 = linalg.generic {indexing_maps = [affine_map<(d0) -> (0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%arg1 : tensor<1xi64>) outs(%4 : tensor<4xf32>) {
    ^bb0(%in: i64, %out: f32):
      %6 = linalg.index 0 : index
      %c2147483647_i64 = arith.constant 2147483647 : i64
      %7 = arith.minsi %in, %c2147483647_i64 : i64
      %c-2147483647_i64 = arith.constant -2147483647 : i64
      %8 = arith.maxsi %7, %c-2147483647_i64 : i64
      %9 = arith.index_cast %8 : i64 to index
      %c1 = arith.constant 1 : index
      %c0 = arith.constant 0 : index
      %c6 = arith.constant 6 : index
      %10 = arith.addi %9, %c6 : index
      %11 = arith.cmpi slt, %9, %c0 : index
      %12 = arith.select %11, %10, %9 : index
      %13 = arith.cmpi slt, %c1, %c0 : index
      %c5 = arith.constant 5 : index
      %c6_2 = arith.constant 6 : index
      %14 = arith.select %13, %c5, %c6_2 : index
      %15 = arith.minsi %12, %14 : index
      %16 = arith.maxsi %15, %c0 : index
      %17 = arith.muli %6, %c1 : index
      %18 = arith.addi %16, %17 : index
      %c5_3 = arith.constant 5 : index
      %19 = arith.minsi %18, %c5_3 : index
      %c0_4 = arith.constant 0 : index
      %20 = arith.maxsi %19, %c0_4 : index
      %extracted = tensor.extract %collapsed[%20] : tensor<6xf32>
      linalg.yield %extracted : f32
    } -> tensor<4xf32>
    return %5 : tensor<4xf32>
  }
}
