// pipeline: plan-memory
// Scratch is written and read by its kernel alone: it may share an arena with the result, never with what the kernel reads.
module attributes {weft.level = "kernels", weft.device = "webgpu"} {
func.func private @k(%x: tensor<1x100xf32>, %s: tensor<1x100xf32>) -> tensor<1x100xf32> {
  %0 = "nn.softmax"(%x) : (tensor<1x100xf32>) -> tensor<1x100xf32>
  return %0 : tensor<1x100xf32>
}
func.func @main(%x: tensor<1x100xf32>) -> tensor<1x100xf32> {
  %s = tensor.empty() : tensor<1x100xf32>
  %0 = call @k(%x, %s) : (tensor<1x100xf32>, tensor<1x100xf32>) -> tensor<1x100xf32>
  %1 = call @k(%0, %s) : (tensor<1x100xf32>, tensor<1x100xf32>) -> tensor<1x100xf32>
  %2 = call @k(%1, %s) : (tensor<1x100xf32>, tensor<1x100xf32>) -> tensor<1x100xf32>
  return %2 : tensor<1x100xf32>
}
}
// -----  expected
module attributes {weft.arena_bytes = array<i64: 512, 1024>, weft.device = "webgpu", weft.flops = 0 : i64, weft.inputs = [{bytes = 400 : i64, dtype = "", name = "", shape = array<i64: 1, 100>}], weft.level = "planned", weft.outputs = [{bytes = 400 : i64, dtype = "", name = "", shape = array<i64: 1, 100>}], weft.weight_bytes = 0 : i64, weft.weight_offsets = array<i64>, weft.weights = []} {
  func.func private @k(%arg0: memref<1x100xf32>, %arg1: memref<1x100xf32>, %arg2: memref<1x100xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<1x100xf32> to tensor<1x100xf32>
    %1 = bufferization.to_tensor %arg1 restrict : memref<1x100xf32> to tensor<1x100xf32>
    %2 = "nn.softmax"(%0) : (tensor<1x100xf32>) -> tensor<1x100xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg2 : (tensor<1x100xf32>, memref<1x100xf32>) -> ()
    return
  }
  func.func @main(%arg0: memref<0xi8>, %arg1: memref<512xi8>, %arg2: memref<1024xi8>, %arg3: memref<1x100xf32>, %arg4: memref<1x100xf32>) {
    %c0 = arith.constant 0 : index
    %view = memref.view %arg2[%c0][] : memref<1024xi8> to memref<1x100xf32>
    %c0_0 = arith.constant 0 : index
    %view_1 = memref.view %arg1[%c0_0][] : memref<512xi8> to memref<1x100xf32>
    call @k(%arg3, %view, %view_1) : (memref<1x100xf32>, memref<1x100xf32>, memref<1x100xf32>) -> ()
    %c512 = arith.constant 512 : index
    %view_2 = memref.view %arg2[%c512][] : memref<1024xi8> to memref<1x100xf32>
    call @k(%view_1, %view_2, %view) : (memref<1x100xf32>, memref<1x100xf32>, memref<1x100xf32>) -> ()
    call @k(%view, %view_1, %arg4) : (memref<1x100xf32>, memref<1x100xf32>, memref<1x100xf32>) -> ()
    return
  }
}
