// pipeline: plan-memory
// A state's new contents go straight into its buffer only if they aren't made by the kernel that reads the old ones.
module attributes {weft.level = "kernels", weft.device = "webgpu", weft.states = [["next", "state"], ["other_next", "other"]]} {
func.func private @k(%x: tensor<1x100xf32>) -> tensor<1x100xf32> {
  %0 = "nn.softmax"(%x) : (tensor<1x100xf32>) -> tensor<1x100xf32>
  return %0 : tensor<1x100xf32>
}
func.func private @add(%x: tensor<1x100xf32>, %y: tensor<1x100xf32>) -> tensor<1x100xf32> {
  %e = tensor.empty() : tensor<1x100xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%x, %y : tensor<1x100xf32>, tensor<1x100xf32>) outs(%e : tensor<1x100xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %1 = arith.addf %a, %b : f32
    linalg.yield %1 : f32
  } -> tensor<1x100xf32>
  return %0 : tensor<1x100xf32>
}
func.func @main(%s: tensor<1x100xf32> {weft.name = "state", weft.dtype = "float32"}, %o: tensor<1x100xf32> {weft.name = "other", weft.dtype = "float32"}) -> (tensor<1x100xf32> {weft.name = "next", weft.dtype = "float32"}, tensor<1x100xf32> {weft.name = "other_next", weft.dtype = "float32"}) {
  %0 = call @k(%s) : (tensor<1x100xf32>) -> tensor<1x100xf32>
  %1 = call @add(%0, %o) : (tensor<1x100xf32>, tensor<1x100xf32>) -> tensor<1x100xf32>
  %2 = call @k(%0) : (tensor<1x100xf32>) -> tensor<1x100xf32>
  return %2, %1 : tensor<1x100xf32>, tensor<1x100xf32>
}
}
// -----  expected
module attributes {weft.arena_bytes = array<i64: 512, 512>, weft.device = "webgpu", weft.flops = 0 : i64, weft.inputs = [{bytes = 400 : i64, dtype = "float32", name = "state", shape = array<i64: 1, 100>}, {bytes = 400 : i64, dtype = "float32", name = "other", shape = array<i64: 1, 100>}], weft.level = "planned", weft.outputs = [{bytes = 400 : i64, dtype = "float32", name = "next", shape = array<i64: 1, 100>}, {bytes = 400 : i64, dtype = "float32", name = "other_next", shape = array<i64: 1, 100>}], weft.states = [["next", "state"], ["other_next", "other"]], weft.weight_bytes = 0 : i64, weft.weight_offsets = array<i64>, weft.weights = []} {
  func.func private @k(%arg0: memref<1x100xf32>, %arg1: memref<1x100xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<1x100xf32> to tensor<1x100xf32>
    %1 = "nn.softmax"(%0) : (tensor<1x100xf32>) -> tensor<1x100xf32>
    bufferization.materialize_in_destination %1 in restrict writable %arg1 : (tensor<1x100xf32>, memref<1x100xf32>) -> ()
    return
  }
  func.func private @add(%arg0: memref<1x100xf32>, %arg1: memref<1x100xf32>, %arg2: memref<1x100xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<1x100xf32> to tensor<1x100xf32>
    %1 = bufferization.to_tensor %arg1 restrict : memref<1x100xf32> to tensor<1x100xf32>
    %2 = tensor.empty() : tensor<1x100xf32>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0, %1 : tensor<1x100xf32>, tensor<1x100xf32>) outs(%2 : tensor<1x100xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %4 = arith.addf %in, %in_0 : f32
      linalg.yield %4 : f32
    } -> tensor<1x100xf32>
    bufferization.materialize_in_destination %3 in restrict writable %arg2 : (tensor<1x100xf32>, memref<1x100xf32>) -> ()
    return
  }
  func.func private @main_copy_0(%arg0: memref<1x100xf32>, %arg1: memref<1x100xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<1x100xf32> to tensor<1x100xf32>
    %1 = tensor.empty() : tensor<1x100xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<1x100xf32>) outs(%1 : tensor<1x100xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x100xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg1 : (tensor<1x100xf32>, memref<1x100xf32>) -> ()
    return
  }
  func.func @main(%arg0: memref<0xi8>, %arg1: memref<512xi8>, %arg2: memref<512xi8>, %arg3: memref<1x100xf32>, %arg4: memref<1x100xf32>) {
    %c0 = arith.constant 0 : index
    %view = memref.view %arg1[%c0][] : memref<512xi8> to memref<1x100xf32>
    call @k(%arg3, %view) : (memref<1x100xf32>, memref<1x100xf32>) -> ()
    %c0_0 = arith.constant 0 : index
    %view_1 = memref.view %arg2[%c0_0][] : memref<512xi8> to memref<1x100xf32>
    call @add(%view, %arg4, %view_1) : (memref<1x100xf32>, memref<1x100xf32>, memref<1x100xf32>) -> ()
    call @k(%view, %arg3) : (memref<1x100xf32>, memref<1x100xf32>) -> ()
    call @main_copy_0(%view_1, %arg4) : (memref<1x100xf32>, memref<1x100xf32>) -> ()
    return
  }
}
