// pipeline: fuse,plan-memory
// What a body picks from at a run-time position is a buffer: the sum behind the matmul is in its tail, the rows picked from
// that sum are another kernel's, and the table is that kernel's argument. The outer constant goes along.
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#row = affine_map<(d0, d1, d2) -> (d1)>
func.func @main(%x: tensor<1x4x3xf32>, %w: tensor<1x3x8xf32>, %i: tensor<2xi32>) -> tensor<1x2x8xf32> {
  %top = arith.constant 3 : index
  %0 = "nn.matmul"(%x, %w) {columns = 8 : i64, panel = 0 : i64} : (tensor<1x4x3xf32>, tensor<1x3x8xf32>) -> tensor<1x4x8xf32>
  %e = tensor.empty() : tensor<1x4x8xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0 : tensor<1x4x8xf32>) outs(%e : tensor<1x4x8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  } -> tensor<1x4x8xf32>
  %f = tensor.empty() : tensor<1x2x8xf32>
  %2 = linalg.generic {indexing_maps = [#row, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%i : tensor<2xi32>) outs(%f : tensor<1x2x8xf32>) {
  ^bb0(%a: i32, %o: f32):
    %d0 = linalg.index 0 : index
    %d2 = linalg.index 2 : index
    %c0 = arith.constant 0 : index
    %k = arith.index_cast %a : i32 to index
    %l = arith.minsi %k, %top : index
    %m = arith.maxsi %l, %c0 : index
    %v = tensor.extract %1[%d0, %m, %d2] : tensor<1x4x8xf32>
    linalg.yield %v : f32
  } -> tensor<1x2x8xf32>
  return %2 : tensor<1x2x8xf32>
}
// -----  expected
module attributes {weft.arena_bytes = 128 : i64, weft.flops = 192 : i64, weft.inputs = [{bytes = 48 : i64, dtype = "", name = "", shape = array<i64: 1, 4, 3>}, {bytes = 96 : i64, dtype = "", name = "", shape = array<i64: 1, 3, 8>}, {bytes = 8 : i64, dtype = "", name = "", shape = array<i64: 2>}], weft.level = "planned", weft.outputs = [{bytes = 64 : i64, dtype = "", name = "", shape = array<i64: 1, 2, 8>}], weft.weight_bytes = 0 : i64, weft.weight_offsets = array<i64>, weft.weights = []} {
  func.func private @matmul_negf(%arg0: memref<1x4x3xf32>, %arg1: memref<1x3x8xf32>, %arg2: memref<1x4x8xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<1x4x3xf32> to tensor<1x4x3xf32>
    %1 = bufferization.to_tensor %arg1 restrict : memref<1x3x8xf32> to tensor<1x3x8xf32>
    %2 = "nn.matmul"(%0, %1) {columns = 8 : i64, panel = 0 : i64} : (tensor<1x4x3xf32>, tensor<1x3x8xf32>) -> tensor<1x4x8xf32>
    %3 = tensor.empty() : tensor<1x4x8xf32>
    %4 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%2 : tensor<1x4x8xf32>) outs(%3 : tensor<1x4x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      %5 = arith.negf %in : f32
      linalg.yield %5 : f32
    } -> tensor<1x4x8xf32>
    bufferization.materialize_in_destination %4 in restrict writable %arg2 : (tensor<1x4x8xf32>, memref<1x4x8xf32>) -> ()
    return
  }
  func.func private @gather(%arg0: memref<2xi32>, %arg1: memref<1x4x8xf32>, %arg2: memref<1x2x8xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<2xi32> to tensor<2xi32>
    %1 = bufferization.to_tensor %arg1 restrict : memref<1x4x8xf32> to tensor<1x4x8xf32>
    %2 = tensor.empty() : tensor<1x2x8xf32>
    %c3 = arith.constant 3 : index
    %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d1)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0 : tensor<2xi32>) outs(%2 : tensor<1x2x8xf32>) {
    ^bb0(%in: i32, %out: f32):
      %4 = linalg.index 0 : index
      %5 = linalg.index 2 : index
      %c0 = arith.constant 0 : index
      %6 = arith.index_cast %in : i32 to index
      %7 = arith.minsi %6, %c3 : index
      %8 = arith.maxsi %7, %c0 : index
      %extracted = tensor.extract %1[%4, %8, %5] : tensor<1x4x8xf32>
      linalg.yield %extracted : f32
    } -> tensor<1x2x8xf32>
    bufferization.materialize_in_destination %3 in restrict writable %arg2 : (tensor<1x2x8xf32>, memref<1x2x8xf32>) -> ()
    return
  }
  func.func @main(%arg0: memref<0xi8>, %arg1: memref<128xi8>, %arg2: memref<1x4x3xf32>, %arg3: memref<1x3x8xf32>, %arg4: memref<2xi32>, %arg5: memref<1x2x8xf32>) {
    %c0 = arith.constant 0 : index
    %view = memref.view %arg1[%c0][] : memref<128xi8> to memref<1x4x8xf32>
    call @matmul_negf(%arg2, %arg3, %view) : (memref<1x4x3xf32>, memref<1x3x8xf32>, memref<1x4x8xf32>) -> ()
    call @gather(%arg4, %view, %arg5) : (memref<2xi32>, memref<1x4x8xf32>, memref<1x2x8xf32>) -> ()
    return
  }
}
// remark: fuse linalg.generic: not fused behind nn.matmul: it iterates over another shape
