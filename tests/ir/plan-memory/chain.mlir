// pipeline: plan-memory
// A chain of four needs two buffers; a reshape is a view of the same bytes; equal constants share a place; the last
// value goes straight to the output.
module attributes {weft.level = "kernels"} {
func.func private @k(%x: tensor<1x64xf32>, %b: tensor<3xf32>) -> tensor<1x64xf32> {
  %0 = "nn.softmax"(%x) : (tensor<1x64xf32>) -> tensor<1x64xf32>
  return %0 : tensor<1x64xf32>
}
func.func private @l(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %0 = "nn.softmax"(%x) : (tensor<8x8xf32>) -> tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}
func.func @main(%x: tensor<1x64xf32> {weft.name = "x", weft.dtype = "float32"}) -> (tensor<8x8xf32> {weft.name = "y", weft.dtype = "float32"}) {
  %b0 = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %b1 = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %0 = call @k(%x, %b0) : (tensor<1x64xf32>, tensor<3xf32>) -> tensor<1x64xf32>
  %1 = call @k(%0, %b1) : (tensor<1x64xf32>, tensor<3xf32>) -> tensor<1x64xf32>
  %2 = call @k(%1, %b1) : (tensor<1x64xf32>, tensor<3xf32>) -> tensor<1x64xf32>
  %3 = tensor.collapse_shape %2 [[0, 1]] : tensor<1x64xf32> into tensor<64xf32>
  %4 = tensor.expand_shape %3 [[0, 1]] output_shape [8, 8] : tensor<64xf32> into tensor<8x8xf32>
  %5 = call @l(%4) : (tensor<8x8xf32>) -> tensor<8x8xf32>
  return %5 : tensor<8x8xf32>
}
}
// -----  expected
module attributes {weft.arena_bytes = 512 : i64, weft.flops = 0 : i64, weft.inputs = [{bytes = 256 : i64, dtype = "float32", name = "x", shape = array<i64: 1, 64>}], weft.level = "planned", weft.outputs = [{bytes = 256 : i64, dtype = "float32", name = "y", shape = array<i64: 8, 8>}], weft.weight_bytes = 64 : i64, weft.weight_offsets = array<i64: 0>, weft.weights = [dense<[1.000000e+00, 2.000000e+00, 3.000000e+00]> : tensor<3xf32>]} {
  func.func private @k(%arg0: memref<1x64xf32>, %arg1: memref<3xf32>, %arg2: memref<1x64xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<1x64xf32> to tensor<1x64xf32>
    %1 = bufferization.to_tensor %arg1 restrict : memref<3xf32> to tensor<3xf32>
    %2 = "nn.softmax"(%0) : (tensor<1x64xf32>) -> tensor<1x64xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg2 : (tensor<1x64xf32>, memref<1x64xf32>) -> ()
    return
  }
  func.func private @l(%arg0: memref<8x8xf32>, %arg1: memref<8x8xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<8x8xf32> to tensor<8x8xf32>
    %1 = "nn.softmax"(%0) : (tensor<8x8xf32>) -> tensor<8x8xf32>
    bufferization.materialize_in_destination %1 in restrict writable %arg1 : (tensor<8x8xf32>, memref<8x8xf32>) -> ()
    return
  }
  func.func @main(%arg0: memref<64xi8>, %arg1: memref<512xi8>, %arg2: memref<1x64xf32>, %arg3: memref<8x8xf32>) {
    %c0 = arith.constant 0 : index
    %view = memref.view %arg0[%c0][] : memref<64xi8> to memref<3xf32>
    %c0_0 = arith.constant 0 : index
    %view_1 = memref.view %arg1[%c0_0][] : memref<512xi8> to memref<1x64xf32>
    call @k(%arg2, %view, %view_1) : (memref<1x64xf32>, memref<3xf32>, memref<1x64xf32>) -> ()
    %c256 = arith.constant 256 : index
    %view_2 = memref.view %arg1[%c256][] : memref<512xi8> to memref<1x64xf32>
    call @k(%view_1, %view, %view_2) : (memref<1x64xf32>, memref<3xf32>, memref<1x64xf32>) -> ()
    call @k(%view_2, %view, %view_1) : (memref<1x64xf32>, memref<3xf32>, memref<1x64xf32>) -> ()
    %c0_3 = arith.constant 0 : index
    %view_4 = memref.view %arg1[%c0_3][] : memref<512xi8> to memref<8x8xf32>
    call @l(%view_4, %arg3) : (memref<8x8xf32>, memref<8x8xf32>) -> ()
    return
  }
}
