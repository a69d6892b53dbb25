// pipeline: preprocess,legalize
// An image becomes the network's input in one generic, which reads four pixels at positions that are exact; channels that are
// wanted first are moved there by a transpose, which convolutions take away.
module attributes {weft.level = "import", weft.preprocess = [{fill = 0.0 : f32, fit = "stretch", input = "x", max = [64, 48], mean = [0.4 : f32, 0.5 : f32, 0.6 : f32], order = "bgr", resize = "bilinear", std = [0.5 : f32]}]} {
func.func @main(%p: tensor<1x3x5x7xf32> {weft.name = "x", weft.dtype = "float32"}) -> (!onnx.value {weft.name = "y"}) attributes {onnx.opset = 13 : i64} {
  %y = "onnx.Relu"(%p) : (tensor<1x3x5x7xf32>) -> !onnx.value
  return %y : !onnx.value
}
}
// -----  expected
module attributes {weft.level = "graph", weft.operators = {Relu = 1 : i64}, weft.symbols = {x.height = [1, 48], x.width = [1, 64]}} {
  func.func @main(%arg0: tensor<?x?x4xi8, affine_map<()[s0, s1] -> (s0, s1, 4)>> {weft.dtype = "uint8", weft.image = {fit = "stretch", height = 5 : i64, resize = "bilinear", width = 7 : i64}, weft.name = "x"}) -> (tensor<1x3x5x7xf32> {weft.dtype = "float32", weft.name = "y"}) {
    %cst = arith.constant dense<[-8.000000e-01, -1.000000e+00, -1.200000e+00]> : tensor<3xf32>
    %0 = tensor.empty() : tensor<1x5x7x3xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%cst : tensor<3xf32>) outs(%0 : tensor<1x5x7x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      %6 = linalg.index 0 : index
      %7 = linalg.index 1 : index
      %8 = linalg.index 2 : index
      %9 = linalg.index 3 : index
      %10 = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
      %11 = "nn.extent"() {value = affine_map<()[s0, s1] -> (s1)>} : () -> index
      %c5 = arith.constant 5 : index
      %c7 = arith.constant 7 : index
      %c2 = arith.constant 2 : index
      %12 = arith.muli %7, %c2 : index
      %c1 = arith.constant 1 : index
      %13 = arith.addi %12, %c1 : index
      %14 = arith.muli %13, %10 : index
      %c2_0 = arith.constant 2 : index
      %15 = arith.muli %c5, %c2_0 : index
      %c1_1 = arith.constant 1 : index
      %16 = arith.subi %10, %c1_1 : index
      %17 = arith.subi %14, %c5 : index
      %c0 = arith.constant 0 : index
      %18 = arith.maxsi %17, %c0 : index
      %19 = arith.divui %18, %15 : index
      %20 = arith.muli %19, %15 : index
      %21 = arith.subi %18, %20 : index
      %22 = arith.index_cast %21 : index to i32
      %23 = arith.sitofp %22 : i32 to f32
      %24 = arith.index_cast %15 : index to i32
      %25 = arith.sitofp %24 : i32 to f32
      %26 = arith.divf %23, %25 : f32
      %27 = arith.minsi %19, %16 : index
      %c0_2 = arith.constant 0 : index
      %28 = arith.maxsi %27, %c0_2 : index
      %c1_3 = arith.constant 1 : index
      %29 = arith.addi %19, %c1_3 : index
      %30 = arith.minsi %29, %16 : index
      %c0_4 = arith.constant 0 : index
      %31 = arith.maxsi %30, %c0_4 : index
      %c2_5 = arith.constant 2 : index
      %32 = arith.muli %8, %c2_5 : index
      %c1_6 = arith.constant 1 : index
      %33 = arith.addi %32, %c1_6 : index
      %34 = arith.muli %33, %11 : index
      %c2_7 = arith.constant 2 : index
      %35 = arith.muli %c7, %c2_7 : index
      %c1_8 = arith.constant 1 : index
      %36 = arith.subi %11, %c1_8 : index
      %37 = arith.subi %34, %c7 : index
      %c0_9 = arith.constant 0 : index
      %38 = arith.maxsi %37, %c0_9 : index
      %39 = arith.divui %38, %35 : index
      %40 = arith.muli %39, %35 : index
      %41 = arith.subi %38, %40 : index
      %42 = arith.index_cast %41 : index to i32
      %43 = arith.sitofp %42 : i32 to f32
      %44 = arith.index_cast %35 : index to i32
      %45 = arith.sitofp %44 : i32 to f32
      %46 = arith.divf %43, %45 : f32
      %47 = arith.minsi %39, %36 : index
      %c0_10 = arith.constant 0 : index
      %48 = arith.maxsi %47, %c0_10 : index
      %c1_11 = arith.constant 1 : index
      %49 = arith.addi %39, %c1_11 : index
      %50 = arith.minsi %49, %36 : index
      %c0_12 = arith.constant 0 : index
      %51 = arith.maxsi %50, %c0_12 : index
      %c2_13 = arith.constant 2 : index
      %52 = arith.subi %c2_13, %9 : index
      %extracted = tensor.extract %arg0[%28, %48, %52] : tensor<?x?x4xi8, affine_map<()[s0, s1] -> (s0, s1, 4)>>
      %53 = arith.uitofp %extracted : i8 to f32
      %extracted_14 = tensor.extract %arg0[%28, %51, %52] : tensor<?x?x4xi8, affine_map<()[s0, s1] -> (s0, s1, 4)>>
      %54 = arith.uitofp %extracted_14 : i8 to f32
      %55 = arith.subf %54, %53 : f32
      %56 = arith.mulf %55, %46 : f32
      %57 = arith.addf %53, %56 : f32
      %extracted_15 = tensor.extract %arg0[%31, %48, %52] : tensor<?x?x4xi8, affine_map<()[s0, s1] -> (s0, s1, 4)>>
      %58 = arith.uitofp %extracted_15 : i8 to f32
      %extracted_16 = tensor.extract %arg0[%31, %51, %52] : tensor<?x?x4xi8, affine_map<()[s0, s1] -> (s0, s1, 4)>>
      %59 = arith.uitofp %extracted_16 : i8 to f32
      %60 = arith.subf %59, %58 : f32
      %61 = arith.mulf %60, %46 : f32
      %62 = arith.addf %58, %61 : f32
      %63 = arith.subf %62, %57 : f32
      %64 = arith.mulf %63, %26 : f32
      %65 = arith.addf %57, %64 : f32
      %cst_17 = arith.constant 0.00784313772 : f32
      %66 = arith.mulf %65, %cst_17 : f32
      %67 = arith.addf %66, %in : f32
      linalg.yield %67 : f32
    } -> tensor<1x5x7x3xf32>
    %2 = tensor.empty() : tensor<1x3x5x7xf32>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d2, d3, d1)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%1 : tensor<1x5x7x3xf32>) outs(%2 : tensor<1x3x5x7xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x3x5x7xf32>
    %4 = tensor.empty() : tensor<1x3x5x7xf32>
    %5 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%3 : tensor<1x3x5x7xf32>) outs(%4 : tensor<1x3x5x7xf32>) {
    ^bb0(%in: f32, %out: f32):
      %cst_0 = arith.constant 0.000000e+00 : f32
      %6 = arith.maximumf %in, %cst_0 : f32
      linalg.yield %6 : f32
    } -> tensor<1x3x5x7xf32>
    return %5 : tensor<1x3x5x7xf32>
  }
}
