// pipeline: plan-memory
// Results of @init lie at the front of the arena, one that is a constant is copied there; its intermediate value and those
// of @main share the rest. Scratch lives as long as one call.
module attributes {weft.level = "kernels"} {
func.func private @k(%x: tensor<1x64xf32>) -> tensor<1x64xf32> {
  %0 = "nn.softmax"(%x) : (tensor<1x64xf32>) -> tensor<1x64xf32>
  return %0 : tensor<1x64xf32>
}
func.func private @add(%x: tensor<1x64xf32>, %y: tensor<1x64xf32>) -> tensor<1x64xf32> {
  %e = tensor.empty() : tensor<1x64xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%x, %y : tensor<1x64xf32>, tensor<1x64xf32>) outs(%e : tensor<1x64xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %1 = arith.addf %a, %b : f32
    linalg.yield %1 : f32
  } -> tensor<1x64xf32>
  return %0 : tensor<1x64xf32>
}
func.func @init() -> (tensor<1x64xf32>, tensor<1x64xf32>) {
  %c = arith.constant dense<2.0> : tensor<1x64xf32>
  %0 = call @k(%c) : (tensor<1x64xf32>) -> tensor<1x64xf32>
  %1 = call @k(%0) : (tensor<1x64xf32>) -> tensor<1x64xf32>
  return %1, %c : tensor<1x64xf32>, tensor<1x64xf32>
}
func.func @main(%x: tensor<1x64xf32>) -> tensor<1x64xf32> {
  %p:2 = call @init() : () -> (tensor<1x64xf32>, tensor<1x64xf32>)
  %0 = call @add(%x, %p#0) : (tensor<1x64xf32>, tensor<1x64xf32>) -> tensor<1x64xf32>
  %1 = call @add(%0, %p#1) : (tensor<1x64xf32>, tensor<1x64xf32>) -> tensor<1x64xf32>
  %2 = call @add(%1, %p#0) : (tensor<1x64xf32>, tensor<1x64xf32>) -> tensor<1x64xf32>
  return %2 : tensor<1x64xf32>
}
}
// -----  expected
module attributes {weft.arena_bytes = 1024 : i64, weft.flops = 0 : i64, weft.inputs = [{bytes = 256 : i64, dtype = "", name = "", shape = array<i64: 1, 64>}], weft.level = "planned", weft.outputs = [{bytes = 256 : i64, dtype = "", name = "", shape = array<i64: 1, 64>}], weft.prepared_bytes = 512 : i64, weft.weight_bytes = 256 : i64, weft.weight_offsets = array<i64: 0>, weft.weights = [dense<2.000000e+00> : tensor<1x64xf32>]} {
  func.func private @k(%arg0: memref<1x64xf32>, %arg1: memref<1x64xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<1x64xf32> to tensor<1x64xf32>
    %1 = "nn.softmax"(%0) : (tensor<1x64xf32>) -> tensor<1x64xf32>
    bufferization.materialize_in_destination %1 in restrict writable %arg1 : (tensor<1x64xf32>, memref<1x64xf32>) -> ()
    return
  }
  func.func private @add(%arg0: memref<1x64xf32>, %arg1: memref<1x64xf32>, %arg2: memref<1x64xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<1x64xf32> to tensor<1x64xf32>
    %1 = bufferization.to_tensor %arg1 restrict : memref<1x64xf32> to tensor<1x64xf32>
    %2 = tensor.empty() : tensor<1x64xf32>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0, %1 : tensor<1x64xf32>, tensor<1x64xf32>) outs(%2 : tensor<1x64xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %4 = arith.addf %in, %in_0 : f32
      linalg.yield %4 : f32
    } -> tensor<1x64xf32>
    bufferization.materialize_in_destination %3 in restrict writable %arg2 : (tensor<1x64xf32>, memref<1x64xf32>) -> ()
    return
  }
  func.func private @init_copy_0(%arg0: memref<1x64xf32>, %arg1: memref<1x64xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<1x64xf32> to tensor<1x64xf32>
    %1 = tensor.empty() : tensor<1x64xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<1x64xf32>) outs(%1 : tensor<1x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x64xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg1 : (tensor<1x64xf32>, memref<1x64xf32>) -> ()
    return
  }
  func.func @init(%arg0: memref<256xi8>, %arg1: memref<1024xi8>) {
    %c0 = arith.constant 0 : index
    %view = memref.view %arg0[%c0][] : memref<256xi8> to memref<1x64xf32>
    %c512 = arith.constant 512 : index
    %view_0 = memref.view %arg1[%c512][] : memref<1024xi8> to memref<1x64xf32>
    call @k(%view, %view_0) : (memref<1x64xf32>, memref<1x64xf32>) -> ()
    %c0_1 = arith.constant 0 : index
    %view_2 = memref.view %arg1[%c0_1][] : memref<1024xi8> to memref<1x64xf32>
    call @k(%view_0, %view_2) : (memref<1x64xf32>, memref<1x64xf32>) -> ()
    %c256 = arith.constant 256 : index
    %view_3 = memref.view %arg1[%c256][] : memref<1024xi8> to memref<1x64xf32>
    call @init_copy_0(%view, %view_3) : (memref<1x64xf32>, memref<1x64xf32>) -> ()
    return
  }
  func.func @main(%arg0: memref<256xi8>, %arg1: memref<1024xi8>, %arg2: memref<1x64xf32>, %arg3: memref<1x64xf32>) {
    %c0 = arith.constant 0 : index
    %view = memref.view %arg1[%c0][] : memref<1024xi8> to memref<1x64xf32>
    %c512 = arith.constant 512 : index
    %view_0 = memref.view %arg1[%c512][] : memref<1024xi8> to memref<1x64xf32>
    call @add(%arg2, %view, %view_0) : (memref<1x64xf32>, memref<1x64xf32>, memref<1x64xf32>) -> ()
    %c256 = arith.constant 256 : index
    %view_1 = memref.view %arg1[%c256][] : memref<1024xi8> to memref<1x64xf32>
    %c768 = arith.constant 768 : index
    %view_2 = memref.view %arg1[%c768][] : memref<1024xi8> to memref<1x64xf32>
    call @add(%view_0, %view_1, %view_2) : (memref<1x64xf32>, memref<1x64xf32>, memref<1x64xf32>) -> ()
    call @add(%view_2, %view, %arg3) : (memref<1x64xf32>, memref<1x64xf32>, memref<1x64xf32>) -> ()
    return
  }
}
