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
// error: pipeline 'partition': MLIR Textual PassPipeline Parser:1:1: error: 'partition' does not refer to a registered pass or pass pipeline
// error: partition
// error: ^
