// pipeline: plan-memory
// What some devices don't bind is remarked on: the artifact asks for as much.
module attributes {weft.level = "kernels", weft.device = "webgpu"} {
func.func private @k(%x: tensor<1x40000000xf32>) -> tensor<1x40000000xf32> {
  %0 = "nn.softmax"(%x) : (tensor<1x40000000xf32>) -> tensor<1x40000000xf32>
  return %0 : tensor<1x40000000xf32>
}
func.func @main(%x: tensor<1x40000000xf32>) -> tensor<1x40000000xf32> {
  %0 = call @k(%x) : (tensor<1x40000000xf32>) -> tensor<1x40000000xf32>
  return %0 : tensor<1x40000000xf32>
}
}
// -----  expected
module attributes {weft.arena_bytes = array<i64>, weft.device = "webgpu", weft.flops = 0 : i64, weft.inputs = [{bytes = 160000000 : i64, dtype = "", name = "", shape = array<i64: 1, 40000000>}], weft.level = "planned", weft.outputs = [{bytes = 160000000 : i64, dtype = "", name = "", shape = array<i64: 1, 40000000>}], weft.weight_bytes = 0 : i64, weft.weight_offsets = array<i64>, weft.weights = []} {
  func.func private @k(%arg0: memref<1x40000000xf32>, %arg1: memref<1x40000000xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<1x40000000xf32> to tensor<1x40000000xf32>
    %1 = "nn.softmax"(%0) : (tensor<1x40000000xf32>) -> tensor<1x40000000xf32>
    bufferization.materialize_in_destination %1 in restrict writable %arg1 : (tensor<1x40000000xf32>, memref<1x40000000xf32>) -> ()
    return
  }
  func.func @main(%arg0: memref<0xi8>, %arg1: memref<1x40000000xf32>, %arg2: memref<1x40000000xf32>) {
    call @k(%arg1, %arg2) : (memref<1x40000000xf32>, memref<1x40000000xf32>) -> ()
    return
  }
}
// remark: plan-memory func.call: a tensor of 160000000 bytes needs a device that binds more than 134217728
