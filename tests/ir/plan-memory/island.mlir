// pipeline: plan-memory
// An island is a call as any other, of buffers; it gets the symbols.
module attributes {weft.level = "kernels", weft.device = "webgpu", weft.symbols = {n = [1, 16]}} {
func.func private @k(%x: tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>> {
  %0 = "nn.softmax"(%x) : (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>
  return %0 : tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>
}
func.func private @island0(tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>, tensor<4xf64>)
func.func @main(%x: tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>, tensor<4xf64>) {
  %0 = call @k(%x) : (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>
  %1:2 = call @island0(%0) : (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>, tensor<4xf64>)
  %2 = call @k(%1#0) : (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>
  return %2, %1#1 : tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>, tensor<4xf64>
}
}
