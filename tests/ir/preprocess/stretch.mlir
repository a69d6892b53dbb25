// pipeline: preprocess
// The network's input is made of an image by an op before it; symbols that were there before get other numbers.
module attributes {weft.level = "import", weft.preprocess = [{fill = 0.0 : f32, fit = "stretch", input = "pixels", max = [64, 48], mean = [1.0 : f32, 2.0 : f32, 3.0 : f32], order = "bgr", resize = "bilinear", std = [0.5 : f32]}], weft.symbols = {batch = [1, 4], sequence = [1, 8]}} {
func.func @main(%x: tensor<?x?xf32, affine_map<()[s0, s1] -> (s1, s0)>> {weft.name = "x", weft.dtype = "float32"}, %p: tensor<1x3x5x7xf32> {weft.name = "pixels", weft.dtype = "float32"}) -> (!onnx.value {weft.name = "y"}, !onnx.value {weft.name = "z"}) attributes {onnx.opset = 13 : i64} {
  %y = "onnx.Relu"(%p) : (tensor<1x3x5x7xf32>) -> !onnx.value
  %z = "onnx.Relu"(%x) : (tensor<?x?xf32, affine_map<()[s0, s1] -> (s1, s0)>>) -> !onnx.value
  return %y, %z : !onnx.value, !onnx.value
}
}
// -----  expected
module attributes {weft.level = "import", weft.symbols = {batch = [1, 4], pixels.height = [1, 48], pixels.width = [1, 64], sequence = [1, 8]}} {
  func.func @main(%arg0: tensor<?x?xf32, affine_map<()[s0, s1, s2, s3] -> (s3, s0)>> {weft.dtype = "float32", weft.name = "x"}, %arg1: tensor<?x?x4xi8, affine_map<()[s0, s1, s2] -> (s1, s2, 4)>> {weft.dtype = "uint8", weft.image = {fit = "stretch", height = 5 : i64, resize = "bilinear", width = 7 : i64}, weft.name = "pixels"}) -> (!onnx.value {weft.name = "y"}, !onnx.value {weft.name = "z"}) attributes {onnx.opset = 13 : i64} {
    %0 = "onnx.weft.Image"(%arg1) {dtype = "float32", fill = 0.000000e+00 : f32, fit = "stretch", layout = "nchw", mean = [1.000000e+00 : f32, 2.000000e+00 : f32, 3.000000e+00 : f32], order = "bgr", resize = "bilinear", scale = 0.00392156886 : f32, shape = [1, 3, 5, 7], std = [5.000000e-01 : f32]} : (tensor<?x?x4xi8, affine_map<()[s0, s1, s2] -> (s1, s2, 4)>>) -> !onnx.value
    %1 = "onnx.Relu"(%0) : (!onnx.value) -> !onnx.value
    %2 = "onnx.Relu"(%arg0) : (tensor<?x?xf32, affine_map<()[s0, s1, s2, s3] -> (s3, s0)>>) -> !onnx.value
    return %1, %2 : !onnx.value, !onnx.value
  }
}
