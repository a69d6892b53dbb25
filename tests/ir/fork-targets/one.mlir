// pipeline: fork-targets{targets=wasm-simd}
func.func private @k(%x: memref<4xf32>) {
  return
}
func.func @main(%x: memref<4xf32>) {
  call @k(%x) : (memref<4xf32>) -> ()
  return
}
// -----  expected
module {
  module @simd attributes {weft.target = "wasm-simd"} {
    func.func private @k(%arg0: memref<4xf32>) {
      return
    }
    func.func @main(%arg0: memref<4xf32>) {
      call @k(%arg0) : (memref<4xf32>) -> ()
      return
    }
  }
}
