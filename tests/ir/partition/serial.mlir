// pipeline: partition
// A long cumulative sum would be one invocation's; a short one stays on the device, where it costs no round trip.
module attributes {weft.device = "webgpu"} {
func.func private @long(%x: tensor<1x400000x1xf32>) -> tensor<1x400000x1xf32> {
  %0 = "nn.cumulative"(%x) {combine = "add", exclusive = 0 : i64, reverse = 0 : i64} : (tensor<1x400000x1xf32>) -> tensor<1x400000x1xf32>
  return %0 : tensor<1x400000x1xf32>
}
func.func private @short(%x: tensor<40x100x1xf32>) -> tensor<40x100x1xf32> {
  %0 = "nn.cumulative"(%x) {combine = "add", exclusive = 0 : i64, reverse = 0 : i64} : (tensor<40x100x1xf32>) -> tensor<40x100x1xf32>
  return %0 : tensor<40x100x1xf32>
}
func.func @main(%x: tensor<1x400000x1xf32>, %y: tensor<40x100x1xf32>) -> (tensor<1x400000x1xf32>, tensor<40x100x1xf32>) {
  %0 = call @long(%x) : (tensor<1x400000x1xf32>) -> tensor<1x400000x1xf32>
  %1 = call @short(%y) : (tensor<40x100x1xf32>) -> tensor<40x100x1xf32>
  return %0, %1 : tensor<1x400000x1xf32>, tensor<40x100x1xf32>
}
}
// -----  expected
module attributes {weft.device = "webgpu"} {
  func.func private @short(%arg0: tensor<40x100x1xf32>) -> tensor<40x100x1xf32> {
    %0 = "nn.cumulative"(%arg0) {combine = "add", exclusive = 0 : i64, reverse = 0 : i64} : (tensor<40x100x1xf32>) -> tensor<40x100x1xf32>
    return %0 : tensor<40x100x1xf32>
  }
  func.func private @island0(tensor<1x400000x1xf32>) -> tensor<1x400000x1xf32>
  func.func @main(%arg0: tensor<1x400000x1xf32>, %arg1: tensor<40x100x1xf32>) -> (tensor<1x400000x1xf32>, tensor<40x100x1xf32>) {
    %0 = call @short(%arg1) : (tensor<40x100x1xf32>) -> tensor<40x100x1xf32>
    %1 = call @island0(%arg0) : (tensor<1x400000x1xf32>) -> tensor<1x400000x1xf32>
    return %1, %0 : tensor<1x400000x1xf32>, tensor<40x100x1xf32>
  }
  module @island0_module attributes {weft.device = "wasm", weft.island = "island0", weft.level = "kernels", weft.operators = {long = 1 : i64}, weft.reason = "nn.cumulative: 800000 steps one after the other on 1 invocations"} {
    func.func private @long(%arg0: tensor<1x400000x1xf32>) -> tensor<1x400000x1xf32> {
      %0 = "nn.cumulative"(%arg0) {combine = "add", exclusive = 0 : i64, reverse = 0 : i64} : (tensor<1x400000x1xf32>) -> tensor<1x400000x1xf32>
      return %0 : tensor<1x400000x1xf32>
    }
    func.func @main(%arg0: tensor<1x400000x1xf32> {weft.dtype = "float32", weft.name = "operand 0"}) -> (tensor<1x400000x1xf32> {weft.dtype = "float32", weft.name = "result 0"}) {
      %0 = call @long(%arg0) : (tensor<1x400000x1xf32>) -> tensor<1x400000x1xf32>
      return %0 : tensor<1x400000x1xf32>
    }
  }
}
// remark: partition func.call: runs in Wasm, as @island0: nn.cumulative: 800000 steps one after the other on 1 invocations
