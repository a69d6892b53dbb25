// pipeline: legalize
module attributes {weft.level = "import", weft.model = "m"} {
  func.func @main(%x: tensor<1x2x4x4xf32> {weft.dtype = "float32", weft.name = "x"}) -> (!onnx.value {weft.dtype = "float32", weft.name = "y"}) attributes {onnx.opset = 13 : i64} {
    %0 = "onnx.SequenceLength"(%x) : (tensor<1x2x4x4xf32>) -> !onnx.value loc("a")
    %1 = "onnx.SequenceLength"(%0) : (!onnx.value) -> !onnx.value loc("b")
    %2 = "onnx.com.microsoft.Attention"(%1) {onnx.domain = "com.microsoft"} : (!onnx.value) -> !onnx.value loc("c")
    %3 = "onnx.Reshape"(%x, %2) : (tensor<1x2x4x4xf32>, !onnx.value) -> !onnx.value loc("d")
    return %3 : !onnx.value
  }
}
// -----  expected
// error: legalize: onnx.SequenceLength 'a': not supported: this operator, opset 13 (2 nodes: 'a', 'b')
// error: onnx.com.microsoft.Attention 'c': not supported: this operator, domain com.microsoft
