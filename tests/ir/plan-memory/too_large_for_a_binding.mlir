// pipeline: plan-memory
// What no device binds is refused.
module attributes {weft.level = "kernels", weft.device = "webgpu"} {
func.func @main(%x: tensor<1048576x512xf32>) -> tensor<1048576x512xf32> {
  return %x : tensor<1048576x512xf32>
}
}
// -----  expected
// error: plan-memory: func.func: a tensor of 2147483648 bytes (tensor<1048576x512xf32>) exceeds the 2147483644 bytes that a binding of the target webgpu can have; compile for a smaller shape, or for the device wasm
