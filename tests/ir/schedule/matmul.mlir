// pipeline: builtin.module(schedule)
// The plain target's tile has a row less: without a fused multiply-add the product takes a register.
module {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%x: memref<1x49x24xf32>, %w: memref<1x3x24x8xf32>, %y: memref<1x49x20xf32>) {
      %0 = bufferization.to_tensor %x restrict : memref<1x49x24xf32> to tensor<1x49x24xf32>
      %1 = bufferization.to_tensor %w restrict : memref<1x3x24x8xf32> to tensor<1x3x24x8xf32>
      %2 = "nn.matmul"(%0, %1) {columns = 20 : i64, panel = 8 : i64} : (tensor<1x49x24xf32>, tensor<1x3x24x8xf32>) -> tensor<1x49x20xf32>
      bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<1x49x20xf32>, memref<1x49x20xf32>) -> ()
      return
    }
    func.func @main(%x: memref<1x49x24xf32>, %w: memref<1x3x24x8xf32>, %y: memref<1x49x20xf32>) {
      call @k(%x, %w, %y) : (memref<1x49x24xf32>, memref<1x3x24x8xf32>, memref<1x49x20xf32>) -> ()
      return
    }
  }
  module @simd attributes {weft.target = "wasm-simd"} {
    func.func private @k(%x: memref<1x49x24xf32>, %w: memref<1x3x24x8xf32>, %y: memref<1x49x20xf32>) {
      %0 = bufferization.to_tensor %x restrict : memref<1x49x24xf32> to tensor<1x49x24xf32>
      %1 = bufferization.to_tensor %w restrict : memref<1x3x24x8xf32> to tensor<1x3x24x8xf32>
      %2 = "nn.matmul"(%0, %1) {columns = 20 : i64, panel = 8 : i64} : (tensor<1x49x24xf32>, tensor<1x3x24x8xf32>) -> tensor<1x49x20xf32>
      bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<1x49x20xf32>, memref<1x49x20xf32>) -> ()
      return
    }
    func.func @main(%x: memref<1x49x24xf32>, %w: memref<1x3x24x8xf32>, %y: memref<1x49x20xf32>) {
      call @k(%x, %w, %y) : (memref<1x49x24xf32>, memref<1x3x24x8xf32>, memref<1x49x20xf32>) -> ()
      return
    }
  }
}
// -----  expected
module {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%arg0: memref<1x49x24xf32>, %arg1: memref<1x3x24x8xf32>, %arg2: memref<1x49x20xf32>, %arg3: index, %arg4: index) attributes {weft.schedule = {block = 0 : i64, rows = 6 : i64, units = 3 : i64}} {
      %0 = bufferization.to_tensor %arg0 restrict : memref<1x49x24xf32> to tensor<1x49x24xf32>
      %1 = bufferization.to_tensor %arg1 restrict : memref<1x3x24x8xf32> to tensor<1x3x24x8xf32>
      %2 = "nn.matmul"(%0, %1) {columns = 20 : i64, panel = 8 : i64} : (tensor<1x49x24xf32>, tensor<1x3x24x8xf32>) -> tensor<1x49x20xf32>
      bufferization.materialize_in_destination %2 in restrict writable %arg2 : (tensor<1x49x20xf32>, memref<1x49x20xf32>) -> ()
      return
    }
    func.func @main(%arg0: memref<1x49x24xf32>, %arg1: memref<1x3x24x8xf32>, %arg2: memref<1x49x20xf32>) {
      %c0 = arith.constant 0 : index
      %c3 = arith.constant 3 : index
      call @k(%arg0, %arg1, %arg2, %c0, %c3) : (memref<1x49x24xf32>, memref<1x3x24x8xf32>, memref<1x49x20xf32>, index, index) -> ()
      return
    }
  }
  module @simd attributes {weft.target = "wasm-simd"} {
    func.func private @k(%arg0: memref<1x49x24xf32>, %arg1: memref<1x3x24x8xf32>, %arg2: memref<1x49x20xf32>, %arg3: index, %arg4: index) attributes {weft.schedule = {block = 0 : i64, rows = 5 : i64, units = 3 : i64}} {
      %0 = bufferization.to_tensor %arg0 restrict : memref<1x49x24xf32> to tensor<1x49x24xf32>
      %1 = bufferization.to_tensor %arg1 restrict : memref<1x3x24x8xf32> to tensor<1x3x24x8xf32>
      %2 = "nn.matmul"(%0, %1) {columns = 20 : i64, panel = 8 : i64} : (tensor<1x49x24xf32>, tensor<1x3x24x8xf32>) -> tensor<1x49x20xf32>
      bufferization.materialize_in_destination %2 in restrict writable %arg2 : (tensor<1x49x20xf32>, memref<1x49x20xf32>) -> ()
      return
    }
    func.func @main(%arg0: memref<1x49x24xf32>, %arg1: memref<1x3x24x8xf32>, %arg2: memref<1x49x20xf32>) {
      %c0 = arith.constant 0 : index
      %c3 = arith.constant 3 : index
      call @k(%arg0, %arg1, %arg2, %c0, %c3) : (memref<1x49x24xf32>, memref<1x3x24x8xf32>, memref<1x49x20xf32>, index, index) -> ()
      return
    }
  }
}
