// pipeline: partition
// A processor runs everything.
module {
func.func @main(%x: tensor<4x8xf32>, %go: tensor<i1>) -> tensor<4x8xf32> {
  %b = tensor.extract %go[] : tensor<i1>
  %1 = scf.if %b -> (tensor<4x8xf32>) {
    scf.yield %x : tensor<4x8xf32>
  } else {
    scf.yield %x : tensor<4x8xf32>
  }
  return %1 : tensor<4x8xf32>
}
}
// -----  expected
// error: pipeline 'partition': MLIR Textual PassPipeline Parser:1:1: error: 'partition' does not refer to a registered pass or pass pipeline
// error: partition
// error: ^
