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
  func.func private @long(%arg0: tensor<1x400000x1xf32>) -> tensor<1x400000x1xf32> {
    %0 = "nn.cumulative"(%arg0) {combine = "add", exclusive = 0 : i64, reverse = 0 : i64} : (tensor<1x400000x1xf32>) -> tensor<1x400000x1xf32>
    return %0 : tensor<1x400000x1xf32>
  }
  func.func private @short(%arg0: tensor<40x100x1xf32>) -> tensor<40x100x1xf32> {
    %0 = "nn.cumulative"(%arg0) {combine = "add", exclusive = 0 : i64, reverse = 0 : i64} : (tensor<40x100x1xf32>) -> tensor<40x100x1xf32>
    return %0 : tensor<40x100x1xf32>
  }
  func.func @main(%arg0: tensor<1x400000x1xf32>, %arg1: tensor<40x100x1xf32>) -> (tensor<1x400000x1xf32>, tensor<40x100x1xf32>) {
    %0 = call @long(%arg0) : (tensor<1x400000x1xf32>) -> tensor<1x400000x1xf32>
    %1 = call @short(%arg1) : (tensor<40x100x1xf32>) -> tensor<40x100x1xf32>
    return %0, %1 : tensor<1x400000x1xf32>, tensor<40x100x1xf32>
  }
}
