// pipeline: legalize
// Branches and loops carry tensors; what an iteration keeps is written into a tensor that is carried, and what it gets is a slice.
module attributes {weft.level = "import", weft.model = "m"} {
  func.func @main(%c: tensor<i1> {weft.dtype = "bool", weft.name = "c"}, %x: tensor<3x2xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}, !onnx.value {weft.dtype = "float32", weft.name = "z"}, !onnx.value {weft.dtype = "float32", weft.name = "w"}) attributes {onnx.opset = 17 : i64} {
    %none = "onnx.None"() : () -> !onnx.value
    %s = "onnx.Constant"() {value = dense<0.0> : tensor<2xf32>} : () -> !onnx.value
    %0 = "onnx.If"(%c) ({
      "onnx.Yield"(%x) : (tensor<3x2xf32>) -> ()
    }, {
      %a = "onnx.Neg"(%x) : (tensor<3x2xf32>) -> !onnx.value
      "onnx.Yield"(%a) : (!onnx.value) -> ()
    }) {onnx.regions = ["else_branch", "then_branch"]} : (tensor<i1>) -> !onnx.value
    %1:2 = "onnx.Scan"(%s, %0) ({
    ^bb0(%b: !onnx.value, %row: !onnx.value):
      %n = "onnx.Add"(%b, %row) : (!onnx.value, !onnx.value) -> !onnx.value
      "onnx.Yield"(%n, %n) : (!onnx.value, !onnx.value) -> ()
    }) {onnx.regions = ["body"], num_scan_inputs = 1} : (!onnx.value, !onnx.value) -> (!onnx.value, !onnx.value)
    %2 = "onnx.Loop"(%none, %c, %1#0) ({
    ^bb0(%i: !onnx.value, %g: !onnx.value, %b: !onnx.value):
      %n = "onnx.Add"(%b, %b) : (!onnx.value, !onnx.value) -> !onnx.value
      %m = "onnx.ReduceMax"(%n) {keepdims = 0 : i64} : (!onnx.value) -> !onnx.value
      %l = "onnx.Constant"() {value = dense<8.0> : tensor<f32>} : () -> !onnx.value
      %h = "onnx.Less"(%m, %l) : (!onnx.value, !onnx.value) -> !onnx.value
      "onnx.Yield"(%h, %n) : (!onnx.value, !onnx.value) -> ()
    }) {onnx.regions = ["body"]} : (!onnx.value, tensor<i1>, !onnx.value) -> !onnx.value
    return %0, %1#1, %2 : !onnx.value, !onnx.value, !onnx.value
  }
}
// -----  expected
module attributes {weft.level = "graph", weft.model = "m", weft.operators = {Add = 2 : i64, If = 1 : i64, Less = 1 : i64, Loop = 1 : i64, Neg = 1 : i64, ReduceMax = 1 : i64, Scan = 1 : i64}} {
  func.func @main(%arg0: tensor<i1> {weft.dtype = "bool", weft.name = "c"}, %arg1: tensor<3x2xf32> {weft.dtype = "float32", weft.name = "x"}) -> (tensor<3x2xf32> {weft.dtype = "float32", weft.name = "y"}, tensor<3x2xf32> {weft.dtype = "float32", weft.name = "z"}, tensor<2xf32> {weft.dtype = "float32", weft.name = "w"}) {
    %cst = arith.constant dense<0.000000e+00> : tensor<2xf32>
    %extracted = tensor.extract %arg0[] : tensor<i1>
    %0 = scf.if %extracted -> (tensor<3x2xf32>) {
      %4 = tensor.empty() : tensor<3x2xf32>
      %5 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg1 : tensor<3x2xf32>) outs(%4 : tensor<3x2xf32>) {
      ^bb0(%in: f32, %out: f32):
        %6 = arith.negf %in : f32
        linalg.yield %6 : f32
      } -> tensor<3x2xf32>
      scf.yield %5 : tensor<3x2xf32>
    } else {
      scf.yield %arg1 : tensor<3x2xf32>
    }
    %1 = tensor.empty() : tensor<3x2xf32>
    %c3 = arith.constant 3 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %2:2 = scf.for %arg2 = %c0 to %c3 step %c1 iter_args(%arg3 = %cst, %arg4 = %1) -> (tensor<2xf32>, tensor<3x2xf32>) {
      %extracted_slice = tensor.extract_slice %0[%arg2, 0] [1, 2] [1, 1] : tensor<3x2xf32> to tensor<1x2xf32>
      %collapsed = tensor.collapse_shape %extracted_slice [[0, 1]] : tensor<1x2xf32> into tensor<2xf32>
      %4 = tensor.empty() : tensor<2xf32>
      %5 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%arg3, %collapsed : tensor<2xf32>, tensor<2xf32>) outs(%4 : tensor<2xf32>) {
      ^bb0(%in: f32, %in_1: f32, %out: f32):
        %6 = arith.addf %in, %in_1 : f32
        linalg.yield %6 : f32
      } -> tensor<2xf32>
      %expanded = tensor.expand_shape %5 [[0, 1]] output_shape [1, 2] : tensor<2xf32> into tensor<1x2xf32>
      %inserted_slice = tensor.insert_slice %expanded into %arg4[%arg2, 0] [1, 2] [1, 1] : tensor<1x2xf32> into tensor<3x2xf32>
      scf.yield %5, %inserted_slice : tensor<2xf32>, tensor<3x2xf32>
    }
    %c0_0 = arith.constant 0 : index
    %3:3 = scf.while (%arg2 = %c0_0, %arg3 = %arg0, %arg4 = %2#0) : (index, tensor<i1>, tensor<2xf32>) -> (index, tensor<i1>, tensor<2xf32>) {
      %extracted_1 = tensor.extract %arg3[] : tensor<i1>
      scf.condition(%extracted_1) %arg2, %arg3, %arg4 : index, tensor<i1>, tensor<2xf32>
    } do {
    ^bb0(%arg2: index, %arg3: tensor<i1>, %arg4: tensor<2xf32>):
      %4 = arith.index_cast %arg2 : index to i64
      %from_elements = tensor.from_elements %4 : tensor<i64>
      %5 = tensor.empty() : tensor<2xf32>
      %6 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%arg4, %arg4 : tensor<2xf32>, tensor<2xf32>) outs(%5 : tensor<2xf32>) {
      ^bb0(%in: f32, %in_4: f32, %out: f32):
        %11 = arith.addf %in, %in_4 : f32
        linalg.yield %11 : f32
      } -> tensor<2xf32>
      %cst_1 = arith.constant dense<0xFF800000> : tensor<f32>
      %7 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>], iterator_types = ["reduction"]} ins(%6 : tensor<2xf32>) outs(%cst_1 : tensor<f32>) {
      ^bb0(%in: f32, %out: f32):
        %11 = arith.maximumf %out, %in : f32
        linalg.yield %11 : f32
      } -> tensor<f32>
      %cst_2 = arith.constant dense<8.000000e+00> : tensor<f32>
      %8 = tensor.empty() : tensor<i1>
      %9 = linalg.generic {indexing_maps = [affine_map<() -> ()>, affine_map<() -> ()>], iterator_types = []} ins(%7 : tensor<f32>) outs(%8 : tensor<i1>) {
      ^bb0(%in: f32, %out: i1):
        %cst_4 = arith.constant 8.000000e+00 : f32
        %11 = arith.cmpf olt, %in, %cst_4 : f32
        linalg.yield %11 : i1
      } -> tensor<i1>
      %c1_3 = arith.constant 1 : index
      %10 = arith.addi %arg2, %c1_3 : index
      scf.yield %10, %9, %6 : index, tensor<i1>, tensor<2xf32>
    }
    return %0, %2#1, %3#2 : tensor<3x2xf32>, tensor<3x2xf32>, tensor<2xf32>
  }
}
