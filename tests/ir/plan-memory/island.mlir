// pipeline: plan-memory
// An island is a call as any other, of buffers; it gets the symbols.
module attributes {weft.level = "kernels", weft.device = "webgpu", weft.symbols = {n = [1, 16]}} {
func.func private @k(%x: tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>> {
  %0 = "nn.softmax"(%x) : (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>
  return %0 : tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>
}
func.func private @island0(tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>, tensor<4xf64>)
func.func @main(%x: tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>, tensor<4xf64>) {
  %0 = call @k(%x) : (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>
  %1:2 = call @island0(%0) : (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>, tensor<4xf64>)
  %2 = call @k(%1#0) : (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>
  return %2, %1#1 : tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>, tensor<4xf64>
}
}
// -----  expected
module attributes {weft.arena_bytes = array<i64: 6400, 6400>, weft.device = "webgpu", weft.flops = 0 : i64, weft.inputs = [{bytes = 6400 : i64, dtype = "", extents = affine_map<()[s0] -> (s0, 100)>, name = "", shape = array<i64: 16, 100>}], weft.level = "planned", weft.outputs = [{bytes = 6400 : i64, dtype = "", extents = affine_map<()[s0] -> (s0, 100)>, name = "", shape = array<i64: 16, 100>}, {bytes = 32 : i64, dtype = "", name = "", shape = array<i64: 4>}], weft.symbols = {n = [1, 16]}, weft.weight_bytes = 0 : i64, weft.weight_offsets = array<i64>, weft.weights = []} {
  func.func private @k(%arg0: memref<16x100xf32>, %arg1: memref<16x100xf32>, %arg2: index) {
    %0 = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
    %subview = memref.subview %arg0[0, 0] [%0, 100] [1, 1] : memref<16x100xf32> to memref<?x100xf32, strided<[100, 1]>>
    %1 = bufferization.to_tensor %subview restrict : memref<?x100xf32, strided<[100, 1]>> to tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>
    %2 = "nn.softmax"(%1) : (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>) -> tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>
    %3 = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
    %subview_0 = memref.subview %arg1[0, 0] [%3, 100] [1, 1] : memref<16x100xf32> to memref<?x100xf32, strided<[100, 1]>>
    bufferization.materialize_in_destination %2 in restrict writable %subview_0 : (tensor<?x100xf32, affine_map<()[s0] -> (s0, 100)>>, memref<?x100xf32, strided<[100, 1]>>) -> ()
    return
  }
  func.func private @island0(memref<16x100xf32>, memref<16x100xf32>, memref<4xf64>, index)
  func.func @main(%arg0: memref<0xi8>, %arg1: memref<6400xi8>, %arg2: memref<6400xi8>, %arg3: memref<16x100xf32>, %arg4: memref<16x100xf32>, %arg5: memref<4xf64>, %arg6: index) {
    %c0 = arith.constant 0 : index
    %view = memref.view %arg1[%c0][] : memref<6400xi8> to memref<16x100xf32>
    call @k(%arg3, %view, %arg6) : (memref<16x100xf32>, memref<16x100xf32>, index) -> ()
    %c0_0 = arith.constant 0 : index
    %view_1 = memref.view %arg2[%c0_0][] : memref<6400xi8> to memref<16x100xf32>
    call @island0(%view, %view_1, %arg5, %arg6) : (memref<16x100xf32>, memref<16x100xf32>, memref<4xf64>, index) -> ()
    call @k(%view_1, %arg4, %arg6) : (memref<16x100xf32>, memref<16x100xf32>, index) -> ()
    return
  }
}
