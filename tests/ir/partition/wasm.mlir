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
module {
  func.func @main(%arg0: tensor<4x8xf32>, %arg1: tensor<i1>) -> tensor<4x8xf32> {
    %extracted = tensor.extract %arg1[] : tensor<i1>
    %0 = scf.if %extracted -> (tensor<4x8xf32>) {
      scf.yield %arg0 : tensor<4x8xf32>
    } else {
      scf.yield %arg0 : tensor<4x8xf32>
    }
    return %0 : tensor<4x8xf32>
  }
}
