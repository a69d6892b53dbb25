// pipeline: plan-memory
// What @init makes for good lies in arenas of its own, the last ones: two here, because the second value is made from the first.
module attributes {weft.level = "kernels", weft.device = "webgpu"} {
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
func.func @init() -> (tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>) {
  %c = arith.constant dense<2.0> : tensor<1x100xf32>
  %0 = call @k(%c) : (tensor<1x100xf32>) -> tensor<1x100xf32>
  %1 = call @k(%0) : (tensor<1x100xf32>) -> tensor<1x100xf32>
  %2 = call @k(%1) : (tensor<1x100xf32>) -> tensor<1x100xf32>
  return %1, %2, %c : tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>
}
func.func @main(%x: tensor<1x100xf32>) -> tensor<1x100xf32> {
  %p:3 = call @init() : () -> (tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>)
  %0 = call @add(%x, %p#0) : (tensor<1x100xf32>, tensor<1x100xf32>) -> tensor<1x100xf32>
  %1 = call @add(%0, %p#1) : (tensor<1x100xf32>, tensor<1x100xf32>) -> tensor<1x100xf32>
  %2 = call @add(%1, %p#2) : (tensor<1x100xf32>, tensor<1x100xf32>) -> tensor<1x100xf32>
  return %2 : tensor<1x100xf32>
}
}
// -----  expected
module attributes {weft.arena_bytes = array<i64: 512, 512, 1024, 512>, weft.device = "webgpu", weft.flops = 0 : i64, weft.inputs = [{bytes = 400 : i64, dtype = "", name = "", shape = array<i64: 1, 100>}], weft.level = "planned", weft.outputs = [{bytes = 400 : i64, dtype = "", name = "", shape = array<i64: 1, 100>}], weft.prepared_arenas = 2 : i64, weft.prepared_bytes = 1536 : i64, weft.weight_bytes = 512 : i64, weft.weight_offsets = array<i64: 0>, weft.weights = [dense<2.000000e+00> : tensor<1x100xf32>]} {
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
  func.func private @init_copy_0(%arg0: memref<1x100xf32>, %arg1: memref<1x100xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<1x100xf32> to tensor<1x100xf32>
    %1 = tensor.empty() : tensor<1x100xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<1x100xf32>) outs(%1 : tensor<1x100xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x100xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg1 : (tensor<1x100xf32>, memref<1x100xf32>) -> ()
    return
  }
  func.func @init(%arg0: memref<512xi8>, %arg1: memref<512xi8>, %arg2: memref<512xi8>, %arg3: memref<1024xi8>, %arg4: memref<512xi8>) {
    %c0 = arith.constant 0 : index
    %view = memref.view %arg0[%c0][] : memref<512xi8> to memref<1x100xf32>
    %c0_0 = arith.constant 0 : index
    %view_1 = memref.view %arg1[%c0_0][] : memref<512xi8> to memref<1x100xf32>
    call @k(%view, %view_1) : (memref<1x100xf32>, memref<1x100xf32>) -> ()
    %c0_2 = arith.constant 0 : index
    %view_3 = memref.view %arg3[%c0_2][] : memref<1024xi8> to memref<1x100xf32>
    call @k(%view_1, %view_3) : (memref<1x100xf32>, memref<1x100xf32>) -> ()
    %c0_4 = arith.constant 0 : index
    %view_5 = memref.view %arg4[%c0_4][] : memref<512xi8> to memref<1x100xf32>
    call @k(%view_3, %view_5) : (memref<1x100xf32>, memref<1x100xf32>) -> ()
    %c512 = arith.constant 512 : index
    %view_6 = memref.view %arg3[%c512][] : memref<1024xi8> to memref<1x100xf32>
    call @init_copy_0(%view, %view_6) : (memref<1x100xf32>, memref<1x100xf32>) -> ()
    return
  }
  func.func @main(%arg0: memref<512xi8>, %arg1: memref<512xi8>, %arg2: memref<512xi8>, %arg3: memref<1024xi8>, %arg4: memref<512xi8>, %arg5: memref<1x100xf32>, %arg6: memref<1x100xf32>) {
    %c0 = arith.constant 0 : index
    %view = memref.view %arg3[%c0][] : memref<1024xi8> to memref<1x100xf32>
    %c0_0 = arith.constant 0 : index
    %view_1 = memref.view %arg1[%c0_0][] : memref<512xi8> to memref<1x100xf32>
    call @add(%arg5, %view, %view_1) : (memref<1x100xf32>, memref<1x100xf32>, memref<1x100xf32>) -> ()
    %c0_2 = arith.constant 0 : index
    %view_3 = memref.view %arg4[%c0_2][] : memref<512xi8> to memref<1x100xf32>
    %c0_4 = arith.constant 0 : index
    %view_5 = memref.view %arg2[%c0_4][] : memref<512xi8> to memref<1x100xf32>
    call @add(%view_1, %view_3, %view_5) : (memref<1x100xf32>, memref<1x100xf32>, memref<1x100xf32>) -> ()
    %c512 = arith.constant 512 : index
    %view_6 = memref.view %arg3[%c512][] : memref<1024xi8> to memref<1x100xf32>
    call @add(%view_5, %view_6, %arg6) : (memref<1x100xf32>, memref<1x100xf32>, memref<1x100xf32>) -> ()
    return
  }
}
