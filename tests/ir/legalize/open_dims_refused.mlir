// pipeline: legalize
// A comparison that the symbol decides, a reshape that can't be a view, and an operator that needs numbers: refused, with names.
module attributes {weft.level = "import", weft.symbols = {length = [1, 128]}} {
func.func @main(%x: tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0, 8)>> {weft.name = "x", weft.dtype = "float32"}) -> (!onnx.value {weft.name = "a"}, !onnx.value {weft.name = "b"}, !onnx.value {weft.name = "c"}) attributes {onnx.opset = 13 : i64} {
  %second = "onnx.Constant"() {value = dense<[1]> : tensor<1xi64>} : () -> !onnx.value
  %long = "onnx.Constant"() {value = dense<[64]> : tensor<1xi64>} : () -> !onnx.value
  %flat = "onnx.Constant"() {value = dense<[-1, 8]> : tensor<2xi64>} : () -> !onnx.value
  %shape = "onnx.Shape"(%x) : (tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0, 8)>>) -> !onnx.value
  %n = "onnx.Gather"(%shape, %second) : (!onnx.value, !onnx.value) -> !onnx.value
  %larger = "onnx.Max"(%n, %long) : (!onnx.value, !onnx.value) -> !onnx.value
  %a = "onnx.ConstantOfShape"(%larger) : (!onnx.value) -> !onnx.value loc("a")
  %b = "onnx.Reshape"(%x, %flat) : (tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0, 8)>>, !onnx.value) -> !onnx.value loc("b")
  %c = "onnx.DepthToSpace"(%x) {blocksize = 2 : i64} : (tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0, 8)>>) -> !onnx.value loc("c")
  return %a, %b, %c : !onnx.value, !onnx.value, !onnx.value
}
}
// -----  expected
// error: legalize: onnx.ConstantOfShape 'a': not supported: the shape: how length compares with 64 depends on the dims that are left open; narrow their range (--dim)
// error: onnx.Reshape 'b': not supported: reshaping [4, length, 8] to [4 * length, 8], which merges a dim that is left open with dims before it
// error: onnx.DepthToSpace 'c': not supported: this operator on an input of shape [4, length, 8]; give the dim a value (--dim)
