// pipeline: plan-memory,fork-targets{targets=wasm-relaxed},builtin.module(schedule)
// A buffer has room for the largest shape, and its strides; what is in use is a part of it. Kernels that depend on the symbol
// take its value, the others don't. Units of a kernel are counted when the model runs.
module attributes {weft.level = "kernels", weft.symbols = {length = [1, 100]}} {
func.func private @k(%x: tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0, 8)>>) -> tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0 + 1, 8)>> {
  %zero = arith.constant 0.0 : f32
  %y = tensor.pad %x low[0, 1, 0] high[0, 0, 0] {
  ^bb0(%a: index, %b: index, %c: index):
    tensor.yield %zero : f32
  } : tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0, 8)>> to tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0 + 1, 8)>>
  return %y : tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0 + 1, 8)>>
}
func.func private @l(%x: tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>) -> tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>> {
  %n = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
  %e = tensor.empty(%n) : tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>
  %y = linalg.generic {indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (a, b)>], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>) outs(%e : tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>
  return %y : tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>
}
func.func private @m(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %y = "nn.softmax"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}
func.func @main(%x: tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0, 8)>> {weft.name = "x", weft.dtype = "float32"}, %z: tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>> {weft.name = "z", weft.dtype = "float32"}, %w: tensor<2x8xf32> {weft.name = "w", weft.dtype = "float32"}) -> (tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0 + 1, 8)>> {weft.name = "y", weft.dtype = "float32"}, tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>> {weft.name = "v", weft.dtype = "float32"}, tensor<2x8xf32> {weft.name = "u", weft.dtype = "float32"}) {
  %0 = call @k(%x) : (tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0, 8)>>) -> tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0 + 1, 8)>>
  %1 = call @l(%z) : (tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>) -> tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>
  %2 = call @m(%w) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return %0, %1, %2 : tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0 + 1, 8)>>, tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>, tensor<2x8xf32>
}
}
// -----  expected
module attributes {weft.arena_bytes = 0 : i64, weft.flops = 0 : i64, weft.inputs = [{bytes = 12800 : i64, dtype = "float32", extents = affine_map<()[s0] -> (4, s0, 8)>, name = "x", shape = array<i64: 4, 100, 8>}, {bytes = 1200 : i64, dtype = "float32", extents = affine_map<()[s0] -> (s0, 3)>, name = "z", shape = array<i64: 100, 3>}, {bytes = 64 : i64, dtype = "float32", name = "w", shape = array<i64: 2, 8>}], weft.level = "planned", weft.outputs = [{bytes = 12928 : i64, dtype = "float32", extents = affine_map<()[s0] -> (4, s0 + 1, 8)>, name = "y", shape = array<i64: 4, 101, 8>}, {bytes = 1200 : i64, dtype = "float32", extents = affine_map<()[s0] -> (s0, 3)>, name = "v", shape = array<i64: 100, 3>}, {bytes = 64 : i64, dtype = "float32", name = "u", shape = array<i64: 2, 8>}], weft.symbols = {length = [1, 100]}, weft.weight_bytes = 0 : i64, weft.weight_offsets = array<i64>, weft.weights = []} {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%arg0: memref<4x100x8xf32>, %arg1: memref<4x101x8xf32>, %arg2: index, %arg3: index, %arg4: index) attributes {weft.schedule = {units = 4 : i64}} {
      %0 = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
      %subview = memref.subview %arg0[0, 0, 0] [4, %0, 8] [1, 1, 1] : memref<4x100x8xf32> to memref<4x?x8xf32, strided<[800, 8, 1]>>
      %1 = bufferization.to_tensor %subview restrict : memref<4x?x8xf32, strided<[800, 8, 1]>> to tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0, 8)>>
      %cst = arith.constant 0.000000e+00 : f32
      %padded = tensor.pad %1 low[0, 1, 0] high[0, 0, 0] {
      ^bb0(%arg5: index, %arg6: index, %arg7: index):
        tensor.yield %cst : f32
      } : tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0, 8)>> to tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0 + 1, 8)>>
      %2 = "nn.extent"() {value = affine_map<()[s0] -> (s0 + 1)>} : () -> index
      %subview_0 = memref.subview %arg1[0, 0, 0] [4, %2, 8] [1, 1, 1] : memref<4x101x8xf32> to memref<4x?x8xf32, strided<[808, 8, 1]>>
      bufferization.materialize_in_destination %padded in restrict writable %subview_0 : (tensor<4x?x8xf32, affine_map<()[s0] -> (4, s0 + 1, 8)>>, memref<4x?x8xf32, strided<[808, 8, 1]>>) -> ()
      return
    }
    func.func private @l(%arg0: memref<100x3xf32>, %arg1: memref<100x3xf32>, %arg2: index, %arg3: index, %arg4: index) attributes {weft.schedule = {lanes = 4 : i64, units = affine_map<()[s0] -> ((s0 * 3 + 15) floordiv 16)>, unroll = 4 : i64}} {
      %0 = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
      %subview = memref.subview %arg0[0, 0] [%0, 3] [1, 1] : memref<100x3xf32> to memref<?x3xf32, strided<[3, 1]>>
      %1 = bufferization.to_tensor %subview restrict : memref<?x3xf32, strided<[3, 1]>> to tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>
      %2 = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
      %3 = tensor.empty(%2) : tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>
      %4 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%1 : tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>) outs(%3 : tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>) {
      ^bb0(%in: f32, %out: f32):
        %6 = arith.addf %in, %in : f32
        linalg.yield %6 : f32
      } -> tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>
      %5 = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
      %subview_0 = memref.subview %arg1[0, 0] [%5, 3] [1, 1] : memref<100x3xf32> to memref<?x3xf32, strided<[3, 1]>>
      bufferization.materialize_in_destination %4 in restrict writable %subview_0 : (tensor<?x3xf32, affine_map<()[s0] -> (s0, 3)>>, memref<?x3xf32, strided<[3, 1]>>) -> ()
      return
    }
    func.func private @m(%arg0: memref<2x8xf32>, %arg1: memref<2x8xf32>, %arg2: index, %arg3: index) attributes {weft.schedule = {lanes = 4 : i64, units = 2 : i64, unroll = 2 : i64}} {
      %0 = bufferization.to_tensor %arg0 restrict : memref<2x8xf32> to tensor<2x8xf32>
      %1 = "nn.softmax"(%0) : (tensor<2x8xf32>) -> tensor<2x8xf32>
      bufferization.materialize_in_destination %1 in restrict writable %arg1 : (tensor<2x8xf32>, memref<2x8xf32>) -> ()
      return
    }
    func.func @main(%arg0: memref<0xi8>, %arg1: memref<0xi8>, %arg2: memref<4x100x8xf32>, %arg3: memref<100x3xf32>, %arg4: memref<2x8xf32>, %arg5: memref<4x101x8xf32>, %arg6: memref<100x3xf32>, %arg7: memref<2x8xf32>, %arg8: index) {
      %c0 = arith.constant 0 : index
      %c4 = arith.constant 4 : index
      call @k(%arg2, %arg5, %arg8, %c0, %c4) : (memref<4x100x8xf32>, memref<4x101x8xf32>, index, index, index) -> ()
      %c0_0 = arith.constant 0 : index
      %c3 = arith.constant 3 : index
      %0 = arith.muli %arg8, %c3 : index
      %c15 = arith.constant 15 : index
      %1 = arith.addi %0, %c15 : index
      %c16 = arith.constant 16 : index
      %2 = arith.divui %1, %c16 : index
      call @l(%arg3, %arg6, %arg8, %c0_0, %2) : (memref<100x3xf32>, memref<100x3xf32>, index, index, index) -> ()
      %c0_1 = arith.constant 0 : index
      %c2 = arith.constant 2 : index
      call @m(%arg4, %arg7, %c0_1, %c2) : (memref<2x8xf32>, memref<2x8xf32>, index, index) -> ()
      return
    }
  }
}
