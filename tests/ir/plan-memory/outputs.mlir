// pipeline: plan-memory
// A result that is an input, or returned twice, is copied into its output.
module attributes {weft.level = "kernels"} {
func.func private @k(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = "nn.softmax"(%x) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
func.func @main(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) {
  %0 = call @k(%x) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %x, %0, %0 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>
}
}
// -----  expected
module attributes {weft.arena_bytes = 0 : i64, weft.flops = 0 : i64, weft.inputs = [{bytes = 32 : i64, dtype = "", name = "", shape = array<i64: 2, 4>}], weft.level = "planned", weft.outputs = [{bytes = 32 : i64, dtype = "", name = "", shape = array<i64: 2, 4>}, {bytes = 32 : i64, dtype = "", name = "", shape = array<i64: 2, 4>}, {bytes = 32 : i64, dtype = "", name = "", shape = array<i64: 2, 4>}], weft.weight_bytes = 0 : i64, weft.weight_offsets = array<i64>, weft.weights = []} {
  func.func private @k(%arg0: memref<2x4xf32>, %arg1: memref<2x4xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<2x4xf32> to tensor<2x4xf32>
    %1 = "nn.softmax"(%0) : (tensor<2x4xf32>) -> tensor<2x4xf32>
    bufferization.materialize_in_destination %1 in restrict writable %arg1 : (tensor<2x4xf32>, memref<2x4xf32>) -> ()
    return
  }
  func.func private @main_copy_0(%arg0: memref<2x4xf32>, %arg1: memref<2x4xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<2x4xf32> to tensor<2x4xf32>
    %1 = tensor.empty() : tensor<2x4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<2x4xf32>) outs(%1 : tensor<2x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x4xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg1 : (tensor<2x4xf32>, memref<2x4xf32>) -> ()
    return
  }
  func.func private @main_copy_1(%arg0: memref<2x4xf32>, %arg1: memref<2x4xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<2x4xf32> to tensor<2x4xf32>
    %1 = tensor.empty() : tensor<2x4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<2x4xf32>) outs(%1 : tensor<2x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x4xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg1 : (tensor<2x4xf32>, memref<2x4xf32>) -> ()
    return
  }
  func.func @main(%arg0: memref<0xi8>, %arg1: memref<0xi8>, %arg2: memref<2x4xf32>, %arg3: memref<2x4xf32>, %arg4: memref<2x4xf32>, %arg5: memref<2x4xf32>) {
    call @k(%arg2, %arg4) : (memref<2x4xf32>, memref<2x4xf32>) -> ()
    call @main_copy_0(%arg2, %arg3) : (memref<2x4xf32>, memref<2x4xf32>) -> ()
    call @main_copy_1(%arg4, %arg5) : (memref<2x4xf32>, memref<2x4xf32>) -> ()
    return
  }
}
