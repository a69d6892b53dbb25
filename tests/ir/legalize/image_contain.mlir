// pipeline: preprocess,legalize
// A whole image in the middle of a grey one of bytes, with margins; what its size is there is computed with the image's.
module attributes {weft.level = "import", weft.preprocess = [{fill = 114.0 : f32, fit = "contain", input = "x", max = [64, 48], mean = [0.0 : f32], order = "rgb", resize = "nearest", std = [1.0 : f32]}]} {
func.func @main(%p: tensor<1x5x7x1xi8> {weft.name = "x", weft.dtype = "uint8"}) -> (!onnx.value {weft.name = "y"}) attributes {onnx.opset = 13 : i64} {
  %y = "onnx.Identity"(%p) : (tensor<1x5x7x1xi8>) -> !onnx.value
  return %y : !onnx.value
}
}
// -----  expected
module attributes {weft.level = "graph", weft.operators = {Identity = 1 : i64}, weft.symbols = {x.height = [1, 48], x.width = [1, 64]}} {
  func.func @main(%arg0: tensor<?x?x4xi8, affine_map<()[s0, s1] -> (s0, s1, 4)>> {weft.dtype = "uint8", weft.image = {fit = "contain", height = 5 : i64, resize = "nearest", width = 7 : i64}, weft.name = "x"}) -> (tensor<1x5x7x1xi8> {weft.dtype = "uint8", weft.name = "y"}) {
    %0 = tensor.empty() : tensor<1x5x7x1xi8>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%0 : tensor<1x5x7x1xi8>) {
    ^bb0(%out: i8):
      %2 = linalg.index 0 : index
      %3 = linalg.index 1 : index
      %4 = linalg.index 2 : index
      %5 = linalg.index 3 : index
      %6 = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
      %7 = "nn.extent"() {value = affine_map<()[s0, s1] -> (s1)>} : () -> index
      %c5 = arith.constant 5 : index
      %c7 = arith.constant 7 : index
      %8 = arith.muli %7, %c5 : index
      %9 = arith.muli %6, %c7 : index
      %10 = arith.cmpi sgt, %8, %9 : index
      %c2 = arith.constant 2 : index
      %11 = arith.muli %6, %c7 : index
      %12 = arith.muli %c2, %11 : index
      %13 = arith.addi %12, %7 : index
      %c2_0 = arith.constant 2 : index
      %14 = arith.muli %c2_0, %7 : index
      %15 = arith.divui %13, %14 : index
      %c1 = arith.constant 1 : index
      %16 = arith.maxsi %15, %c1 : index
      %17 = arith.minsi %16, %c5 : index
      %18 = arith.select %10, %17, %c5 : index
      %19 = arith.subi %c5, %18 : index
      %c2_1 = arith.constant 2 : index
      %20 = arith.divui %19, %c2_1 : index
      %c2_2 = arith.constant 2 : index
      %21 = arith.muli %7, %c5 : index
      %22 = arith.muli %c2_2, %21 : index
      %23 = arith.addi %22, %6 : index
      %c2_3 = arith.constant 2 : index
      %24 = arith.muli %c2_3, %6 : index
      %25 = arith.divui %23, %24 : index
      %c1_4 = arith.constant 1 : index
      %26 = arith.maxsi %25, %c1_4 : index
      %27 = arith.minsi %26, %c7 : index
      %28 = arith.select %10, %c7, %27 : index
      %29 = arith.subi %c7, %28 : index
      %c2_5 = arith.constant 2 : index
      %30 = arith.divui %29, %c2_5 : index
      %31 = arith.subi %3, %20 : index
      %c2_6 = arith.constant 2 : index
      %32 = arith.muli %31, %c2_6 : index
      %c1_7 = arith.constant 1 : index
      %33 = arith.addi %32, %c1_7 : index
      %34 = arith.muli %33, %6 : index
      %c2_8 = arith.constant 2 : index
      %35 = arith.muli %18, %c2_8 : index
      %c1_9 = arith.constant 1 : index
      %36 = arith.subi %6, %c1_9 : index
      %37 = arith.cmpi sge, %3, %20 : index
      %38 = arith.cmpi slt, %31, %18 : index
      %39 = arith.andi %37, %38 : i1
      %c0 = arith.constant 0 : index
      %40 = arith.maxsi %34, %c0 : index
      %41 = arith.divui %40, %35 : index
      %42 = arith.minsi %41, %36 : index
      %c0_10 = arith.constant 0 : index
      %43 = arith.maxsi %42, %c0_10 : index
      %44 = arith.subi %4, %30 : index
      %c2_11 = arith.constant 2 : index
      %45 = arith.muli %44, %c2_11 : index
      %c1_12 = arith.constant 1 : index
      %46 = arith.addi %45, %c1_12 : index
      %47 = arith.muli %46, %7 : index
      %c2_13 = arith.constant 2 : index
      %48 = arith.muli %28, %c2_13 : index
      %c1_14 = arith.constant 1 : index
      %49 = arith.subi %7, %c1_14 : index
      %50 = arith.cmpi sge, %4, %30 : index
      %51 = arith.cmpi slt, %44, %28 : index
      %52 = arith.andi %50, %51 : i1
      %c0_15 = arith.constant 0 : index
      %53 = arith.maxsi %47, %c0_15 : index
      %54 = arith.divui %53, %48 : index
      %55 = arith.minsi %54, %49 : index
      %c0_16 = arith.constant 0 : index
      %56 = arith.maxsi %55, %c0_16 : index
      %c0_17 = arith.constant 0 : index
      %extracted = tensor.extract %arg0[%43, %56, %c0_17] : tensor<?x?x4xi8, affine_map<()[s0, s1] -> (s0, s1, 4)>>
      %57 = arith.uitofp %extracted : i8 to f32
      %cst = arith.constant 2.990000e-01 : f32
      %58 = arith.mulf %57, %cst : f32
      %c1_18 = arith.constant 1 : index
      %extracted_19 = tensor.extract %arg0[%43, %56, %c1_18] : tensor<?x?x4xi8, affine_map<()[s0, s1] -> (s0, s1, 4)>>
      %59 = arith.uitofp %extracted_19 : i8 to f32
      %cst_20 = arith.constant 5.870000e-01 : f32
      %60 = arith.mulf %59, %cst_20 : f32
      %61 = arith.addf %58, %60 : f32
      %c2_21 = arith.constant 2 : index
      %extracted_22 = tensor.extract %arg0[%43, %56, %c2_21] : tensor<?x?x4xi8, affine_map<()[s0, s1] -> (s0, s1, 4)>>
      %62 = arith.uitofp %extracted_22 : i8 to f32
      %cst_23 = arith.constant 1.140000e-01 : f32
      %63 = arith.mulf %62, %cst_23 : f32
      %64 = arith.addf %61, %63 : f32
      %65 = arith.andi %39, %52 : i1
      %cst_24 = arith.constant 1.140000e+02 : f32
      %66 = arith.select %65, %64, %cst_24 : f32
      %cst_25 = arith.constant 1.000000e+00 : f32
      %cst_26 = arith.constant -0.000000e+00 : f32
      %67 = math.roundeven %66 : f32
      %cst_27 = arith.constant 2.550000e+02 : f32
      %68 = arith.minnumf %67, %cst_27 : f32
      %cst_28 = arith.constant 0.000000e+00 : f32
      %69 = arith.maxnumf %68, %cst_28 : f32
      %70 = arith.fptosi %69 : f32 to i32
      %71 = arith.trunci %70 : i32 to i8
      linalg.yield %71 : i8
    } -> tensor<1x5x7x1xi8>
    return %1 : tensor<1x5x7x1xi8>
  }
}
