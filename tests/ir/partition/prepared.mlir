// pipeline: partition
// An island makes the prepared values that it needs itself; the device's @init keeps the others.
module attributes {weft.device = "webgpu"} {
func.func private @softmax(%x: tensor<200x500xf32>) -> tensor<200x500xf32> {
  %0 = "nn.softmax"(%x) : (tensor<200x500xf32>) -> tensor<200x500xf32>
  return %0 : tensor<200x500xf32>
}
func.func private @sum(%x0: tensor<200x500xf32>, %x1: tensor<200x500xf32>) -> tensor<200x500xf32> {
  %e = tensor.empty() : tensor<200x500xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<200x500xf32>, tensor<200x500xf32>) outs(%e : tensor<200x500xf32>) {
  ^bb0(%a0: f32, %a1: f32, %o: f32):
    %r = arith.addf %a0, %a1 : f32
    linalg.yield %r : f32
  } -> tensor<200x500xf32>
  return %0 : tensor<200x500xf32>
}
func.func @init() -> (tensor<200x500xf32>, tensor<200x500xf32>) {
  %c = arith.constant dense<2.0> : tensor<200x500xf32>
  %0 = call @softmax(%c) : (tensor<200x500xf32>) -> tensor<200x500xf32>
  %1 = call @sum(%c, %c) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
  return %0, %1 : tensor<200x500xf32>, tensor<200x500xf32>
}
func.func @main(%x: tensor<200x500xf32>, %go: tensor<i1>) -> tensor<200x500xf32> {
  %p:2 = call @init() : () -> (tensor<200x500xf32>, tensor<200x500xf32>)
  %0 = call @sum(%x, %p#1) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
  %b = tensor.extract %go[] : tensor<i1>
  %1 = scf.if %b -> (tensor<200x500xf32>) {
    %2 = func.call @sum(%0, %p#0) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
    scf.yield %2 : tensor<200x500xf32>
  } else {
    scf.yield %0 : tensor<200x500xf32>
  }
  return %1 : tensor<200x500xf32>
}
}
// -----  expected
// error: pipeline 'partition': MLIR Textual PassPipeline Parser:1:1: error: 'partition' does not refer to a registered pass or pass pipeline
// error: partition
// error: ^
