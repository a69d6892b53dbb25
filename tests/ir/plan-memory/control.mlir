// pipeline: plan-memory
// A carried tensor has one buffer, from before the loop until behind it; a slice is a view at a position of the loop; what a branch makes lies
// where its result is; of two that change places, one waits in a buffer.
func.func private @double(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func @main(%c: tensor<i1> {weft.name = "c", weft.dtype = "bool"}, %x: tensor<4xf32> {weft.name = "x", weft.dtype = "float32"})
    -> (tensor<5x4xf32> {weft.name = "y", weft.dtype = "float32"}, tensor<4xf32> {weft.name = "z", weft.dtype = "float32"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %e = tensor.empty() : tensor<5x4xf32>
  %b = tensor.extract %c[] : tensor<i1>
  %0 = scf.if %b -> (tensor<4xf32>) {
    %1 = func.call @double(%x) : (tensor<4xf32>) -> tensor<4xf32>
    scf.yield %1 : tensor<4xf32>
  } else {
    scf.yield %x : tensor<4xf32>
  }
  %r:3 = scf.for %i = %c0 to %c5 step %c1 iter_args(%all = %e, %p = %0, %q = %x) -> (tensor<5x4xf32>, tensor<4xf32>, tensor<4xf32>) {
    %1 = func.call @double(%p) : (tensor<4xf32>) -> tensor<4xf32>
    %2 = tensor.expand_shape %1 [[0, 1]] output_shape [1, 4] : tensor<4xf32> into tensor<1x4xf32>
    %3 = tensor.insert_slice %2 into %all[%i, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<5x4xf32>
    scf.yield %3, %q, %1 : tensor<5x4xf32>, tensor<4xf32>, tensor<4xf32>
  }
  return %r#0, %r#1 : tensor<5x4xf32>, tensor<4xf32>
}
// -----  expected
module attributes {weft.arena_bytes = 384 : i64, weft.flops = 0 : i64, weft.inputs = [{bytes = 1 : i64, dtype = "bool", name = "c", shape = array<i64>}, {bytes = 16 : i64, dtype = "float32", name = "x", shape = array<i64: 4>}], weft.level = "planned", weft.outputs = [{bytes = 80 : i64, dtype = "float32", name = "y", shape = array<i64: 5, 4>}, {bytes = 16 : i64, dtype = "float32", name = "z", shape = array<i64: 4>}], weft.weight_bytes = 0 : i64, weft.weight_offsets = array<i64>, weft.weights = []} {
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
  func.func private @main_copy_0(%arg0: memref<5x4xf32>, %arg1: memref<5x4xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<5x4xf32> to tensor<5x4xf32>
    %1 = tensor.empty() : tensor<5x4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<5x4xf32>) outs(%1 : tensor<5x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<5x4xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg1 : (tensor<5x4xf32>, memref<5x4xf32>) -> ()
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
  func.func private @move_0(%arg0: memref<4xf32>, %arg1: memref<4xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<4xf32> to tensor<4xf32>
    %1 = tensor.empty() : tensor<4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%0 : tensor<4xf32>) outs(%1 : tensor<4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<4xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg1 : (tensor<4xf32>, memref<4xf32>) -> ()
    return
  }
  func.func private @move_1(%arg0: memref<1x4xf32>, %arg1: memref<1x4xf32>) {
    %0 = bufferization.to_tensor %arg0 restrict : memref<1x4xf32> to tensor<1x4xf32>
    %1 = tensor.empty() : tensor<1x4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<1x4xf32>) outs(%1 : tensor<1x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x4xf32>
    bufferization.materialize_in_destination %2 in restrict writable %arg1 : (tensor<1x4xf32>, memref<1x4xf32>) -> ()
    return
  }
  func.func @main(%arg0: memref<0xi8>, %arg1: memref<384xi8>, %arg2: memref<i1>, %arg3: memref<4xf32>, %arg4: memref<5x4xf32>, %arg5: memref<4xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c5 = arith.constant 5 : index
    %0 = memref.load %arg2[] : memref<i1>
    scf.if %0 {
      %c128_4 = arith.constant 128 : index
      %view_5 = memref.view %arg1[%c128_4][] : memref<384xi8> to memref<4xf32>
      func.call @double(%arg3, %view_5) : (memref<4xf32>, memref<4xf32>) -> ()
    } else {
      %c128_4 = arith.constant 128 : index
      %view_5 = memref.view %arg1[%c128_4][] : memref<384xi8> to memref<4xf32>
      func.call @move_0(%arg3, %view_5) : (memref<4xf32>, memref<4xf32>) -> ()
    }
    %c128 = arith.constant 128 : index
    %view = memref.view %arg1[%c128][] : memref<384xi8> to memref<4xf32>
    %c192 = arith.constant 192 : index
    %view_0 = memref.view %arg1[%c192][] : memref<384xi8> to memref<4xf32>
    call @move_0(%view, %view_0) : (memref<4xf32>, memref<4xf32>) -> ()
    %c256 = arith.constant 256 : index
    %view_1 = memref.view %arg1[%c256][] : memref<384xi8> to memref<4xf32>
    call @move_0(%arg3, %view_1) : (memref<4xf32>, memref<4xf32>) -> ()
    scf.for %arg6 = %c0 to %c5 step %c1 {
      func.call @double(%view_0, %view) : (memref<4xf32>, memref<4xf32>) -> ()
      %c128_4 = arith.constant 128 : index
      %view_5 = memref.view %arg1[%c128_4][] : memref<384xi8> to memref<1x4xf32>
      %c16 = arith.constant 16 : index
      %1 = arith.muli %arg6, %c16 : index
      %c0_6 = arith.constant 0 : index
      %2 = arith.addi %1, %c0_6 : index
      %view_7 = memref.view %arg1[%2][] : memref<384xi8> to memref<1x4xf32>
      func.call @move_1(%view_5, %view_7) : (memref<1x4xf32>, memref<1x4xf32>) -> ()
      %c320 = arith.constant 320 : index
      %view_8 = memref.view %arg1[%c320][] : memref<384xi8> to memref<4xf32>
      func.call @move_0(%view_1, %view_8) : (memref<4xf32>, memref<4xf32>) -> ()
      func.call @move_0(%view_8, %view_0) : (memref<4xf32>, memref<4xf32>) -> ()
      func.call @move_0(%view, %view_1) : (memref<4xf32>, memref<4xf32>) -> ()
    }
    %c0_2 = arith.constant 0 : index
    %view_3 = memref.view %arg1[%c0_2][] : memref<384xi8> to memref<5x4xf32>
    call @main_copy_0(%view_3, %arg4) : (memref<5x4xf32>, memref<5x4xf32>) -> ()
    call @main_copy_1(%view_0, %arg5) : (memref<4xf32>, memref<4xf32>) -> ()
    return
  }
}
