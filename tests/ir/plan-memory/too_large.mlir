// pipeline: plan-memory
// Addresses have 31 bits.
module attributes {weft.level = "kernels"} {
func.func @main(%x: tensor<1073741824x4xf32>) -> tensor<1073741824x4xf32> {
  return %x : tensor<1073741824x4xf32>
}
}
// -----  expected
// error: plan-memory: func.func: a tensor of 17179869184 bytes exceeds the 2 GiB that addresses reach
