// pipeline: plan-memory
// A state's output is no argument. What is made when the input has been read for the last time is made there; what isn't, is copied there
// at the end: here `t`, because it is read by what makes the new one, and the swapped `p` and `q`, through a buffer.
module attributes {weft.states = [["sN", "s"], ["tN", "t"], ["pN", "p"], ["qN", "q"]]} {
func.func private @double(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func @main(%s: tensor<4xf32> {weft.name = "s", weft.dtype = "float32"}, %t: tensor<4xf32> {weft.name = "t", weft.dtype = "float32"},
    %p: tensor<4xf32> {weft.name = "p", weft.dtype = "float32"}, %q: tensor<4xf32> {weft.name = "q", weft.dtype = "float32"})
    -> (tensor<4xf32> {weft.name = "sN", weft.dtype = "float32"}, tensor<4xf32> {weft.name = "tN", weft.dtype = "float32"},
    tensor<4xf32> {weft.name = "pN", weft.dtype = "float32"}, tensor<4xf32> {weft.name = "qN", weft.dtype = "float32"}) {
  %0 = call @double(%s) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = call @double(%0) : (tensor<4xf32>) -> tensor<4xf32>
  %2 = call @double(%t) : (tensor<4xf32>) -> tensor<4xf32>
  return %1, %2, %q, %p : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
}
// -----  expected
module attributes {weft.arena_bytes = 192 : i64, weft.flops = 0 : i64, weft.inputs = [{bytes = 16 : i64, dtype = "float32", name = "s", shape = array<i64: 4>}, {bytes = 16 : i64, dtype = "float32", name = "t", shape = array<i64: 4>}, {bytes = 16 : i64, dtype = "float32", name = "p", shape = array<i64: 4>}, {bytes = 16 : i64, dtype = "float32", name = "q", shape = array<i64: 4>}], weft.level = "planned", weft.outputs = [{bytes = 16 : i64, dtype = "float32", name = "sN", shape = array<i64: 4>}, {bytes = 16 : i64, dtype = "float32", name = "tN", shape = array<i64: 4>}, {bytes = 16 : i64, dtype = "float32", name = "pN", shape = array<i64: 4>}, {bytes = 16 : i64, dtype = "float32", name = "qN", shape = array<i64: 4>}], weft.states = [["sN", "s"], ["tN", "t"], ["pN", "p"], ["qN", "q"]], weft.weight_bytes = 0 : i64, weft.weight_offsets = array<i64>, weft.weights = []} {
  func.func private @double(%arg0: memref<4xf32>, %arg1: memref<4xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<4xf32> to tensor<4xf32>
    %1 = tensor.empty() : tensor<4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%0 : tensor<4xf32>) outs(%1 : tensor<4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %3 = arith.addf %in, %in : f32
      linalg.yield %3 : f32
    } -> tensor<4xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg1 : (tensor<4xf32>, memref<4xf32>) -> ()
    return
  }
  func.func private @main_copy_0(%arg0: memref<4xf32>, %arg1: memref<4xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<4xf32> to tensor<4xf32>
    %1 = tensor.empty() : tensor<4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%0 : tensor<4xf32>) outs(%1 : tensor<4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<4xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg1 : (tensor<4xf32>, memref<4xf32>) -> ()
    return
  }
  func.func private @main_copy_1(%arg0: memref<4xf32>, %arg1: memref<4xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<4xf32> to tensor<4xf32>
    %1 = tensor.empty() : tensor<4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%0 : tensor<4xf32>) outs(%1 : tensor<4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<4xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg1 : (tensor<4xf32>, memref<4xf32>) -> ()
    return
  }
  func.func private @main_copy_2(%arg0: memref<4xf32>, %arg1: memref<4xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<4xf32> to tensor<4xf32>
    %1 = tensor.empty() : tensor<4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%0 : tensor<4xf32>) outs(%1 : tensor<4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<4xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg1 : (tensor<4xf32>, memref<4xf32>) -> ()
    return
  }
  func.func @main(%arg0: memref<0xi8>, %arg1: memref<192xi8>, %arg2: memref<4xf32>, %arg3: memref<4xf32>, %arg4: memref<4xf32>, %arg5: memref<4xf32>) {
    %c0 = arith.constant 0 : index
    %view = memref.view %arg1[%c0][] : memref<192xi8> to memref<4xf32>
    call @double(%arg2, %view) : (memref<4xf32>, memref<4xf32>) -> ()
    call @double(%view, %arg2) : (memref<4xf32>, memref<4xf32>) -> ()
    call @double(%arg3, %view) : (memref<4xf32>, memref<4xf32>) -> ()
    %c64 = arith.constant 64 : index
    %view_0 = memref.view %arg1[%c64][] : memref<192xi8> to memref<4xf32>
    call @main_copy_1(%arg5, %view_0) : (memref<4xf32>, memref<4xf32>) -> ()
    %c128 = arith.constant 128 : index
    %view_1 = memref.view %arg1[%c128][] : memref<192xi8> to memref<4xf32>
    call @main_copy_2(%arg4, %view_1) : (memref<4xf32>, memref<4xf32>) -> ()
    call @main_copy_0(%view, %arg3) : (memref<4xf32>, memref<4xf32>) -> ()
    call @main_copy_1(%view_0, %arg4) : (memref<4xf32>, memref<4xf32>) -> ()
    call @main_copy_2(%view_1, %arg5) : (memref<4xf32>, memref<4xf32>) -> ()
    return
  }
}
