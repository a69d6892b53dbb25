// pipeline: partition
// float64 is an island's. Two independent ones are one island: ops are put in the order of the phases. The little kernel between them
// and the large one joins them, because less is read back so.
module attributes {weft.device = "webgpu"} {
func.func private @softmax(%x: tensor<200x500xf32>) -> tensor<200x500xf32> {
  %0 = "nn.softmax"(%x) : (tensor<200x500xf32>) -> tensor<200x500xf32>
  return %0 : tensor<200x500xf32>
}
func.func private @wide(%x0: tensor<4x8xf64>) -> tensor<4x8xf64> {
  %e = tensor.empty() : tensor<4x8xf64>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<4x8xf64>) outs(%e : tensor<4x8xf64>) {
  ^bb0(%a0: f64, %o: f64):
    %r = arith.mulf %a0, %a0 : f64
    linalg.yield %r : f64
  } -> tensor<4x8xf64>
  return %0 : tensor<4x8xf64>
}
func.func private @narrow(%x: tensor<4x8xf64>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<4x8xf64>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%a: f64, %o: f32):
    %r = arith.truncf %a : f64 to f32
    linalg.yield %r : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
func.func private @little(%x0: tensor<4x8xf32>, %x1: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%a0: f32, %a1: f32, %o: f32):
    %r = arith.addf %a0, %a1 : f32
    linalg.yield %r : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
func.func @main(%x: tensor<200x500xf32>, %u: tensor<4x8xf64>) -> (tensor<4x8xf64>, tensor<200x500xf32>, tensor<32xf64>, tensor<4x8xf32>) {
  %0 = call @wide(%u) : (tensor<4x8xf64>) -> tensor<4x8xf64>
  %1 = call @softmax(%x) : (tensor<200x500xf32>) -> tensor<200x500xf32>
  %2 = call @softmax(%1) : (tensor<200x500xf32>) -> tensor<200x500xf32>
  %3 = call @wide(%u) : (tensor<4x8xf64>) -> tensor<4x8xf64>
  %4 = tensor.collapse_shape %3 [[0, 1]] : tensor<4x8xf64> into tensor<32xf64>
  %5 = call @narrow(%3) : (tensor<4x8xf64>) -> tensor<4x8xf32>
  %6 = call @narrow(%0) : (tensor<4x8xf64>) -> tensor<4x8xf32>
  %7 = call @little(%5, %6) : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0, %2, %4, %7 : tensor<4x8xf64>, tensor<200x500xf32>, tensor<32xf64>, tensor<4x8xf32>
}
}
// -----  expected
module attributes {weft.device = "webgpu"} {
  func.func private @softmax(%arg0: tensor<200x500xf32>) -> tensor<200x500xf32> {
    %0 = "nn.softmax"(%arg0) : (tensor<200x500xf32>) -> tensor<200x500xf32>
    return %0 : tensor<200x500xf32>
  }
  func.func private @island0(tensor<4x8xf64>) -> (tensor<4x8xf64>, tensor<4x8xf64>, tensor<4x8xf32>)
  func.func @main(%arg0: tensor<200x500xf32>, %arg1: tensor<4x8xf64>) -> (tensor<4x8xf64>, tensor<200x500xf32>, tensor<32xf64>, tensor<4x8xf32>) {
    %0 = call @softmax(%arg0) : (tensor<200x500xf32>) -> tensor<200x500xf32>
    %1 = call @softmax(%0) : (tensor<200x500xf32>) -> tensor<200x500xf32>
    %2:3 = call @island0(%arg1) : (tensor<4x8xf64>) -> (tensor<4x8xf64>, tensor<4x8xf64>, tensor<4x8xf32>)
    %collapsed = tensor.collapse_shape %2#1 [[0, 1]] : tensor<4x8xf64> into tensor<32xf64>
    return %2#0, %1, %collapsed, %2#2 : tensor<4x8xf64>, tensor<200x500xf32>, tensor<32xf64>, tensor<4x8xf32>
  }
  module @island0_module attributes {weft.device = "wasm", weft.island = "island0", weft.level = "kernels", weft.operators = {little = 1 : i64, narrow = 2 : i64, wide = 2 : i64}, weft.reason = "numbers of 64 bits (float64)"} {
    func.func private @wide(%arg0: tensor<4x8xf64>) -> tensor<4x8xf64> {
      %0 = tensor.empty() : tensor<4x8xf64>
      %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<4x8xf64>) outs(%0 : tensor<4x8xf64>) {
      ^bb0(%in: f64, %out: f64):
        %2 = arith.mulf %in, %in : f64
        linalg.yield %2 : f64
      } -> tensor<4x8xf64>
      return %1 : tensor<4x8xf64>
    }
    func.func private @narrow(%arg0: tensor<4x8xf64>) -> tensor<4x8xf32> {
      %0 = tensor.empty() : tensor<4x8xf32>
      %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<4x8xf64>) outs(%0 : tensor<4x8xf32>) {
      ^bb0(%in: f64, %out: f32):
        %2 = arith.truncf %in : f64 to f32
        linalg.yield %2 : f32
      } -> tensor<4x8xf32>
      return %1 : tensor<4x8xf32>
    }
    func.func private @little(%arg0: tensor<4x8xf32>, %arg1: tensor<4x8xf32>) -> tensor<4x8xf32> {
      %0 = tensor.empty() : tensor<4x8xf32>
      %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<4x8xf32>, tensor<4x8xf32>) outs(%0 : tensor<4x8xf32>) {
      ^bb0(%in: f32, %in_0: f32, %out: f32):
        %2 = arith.addf %in, %in_0 : f32
        linalg.yield %2 : f32
      } -> tensor<4x8xf32>
      return %1 : tensor<4x8xf32>
    }
    func.func @main(%arg0: tensor<4x8xf64> {weft.dtype = "float64", weft.name = "operand 0"}) -> (tensor<4x8xf64> {weft.dtype = "float64", weft.name = "result 0"}, tensor<4x8xf64> {weft.dtype = "float64", weft.name = "result 1"}, tensor<4x8xf32> {weft.dtype = "float32", weft.name = "result 2"}) {
      %0 = call @wide(%arg0) : (tensor<4x8xf64>) -> tensor<4x8xf64>
      %1 = call @wide(%arg0) : (tensor<4x8xf64>) -> tensor<4x8xf64>
      %2 = call @narrow(%1) : (tensor<4x8xf64>) -> tensor<4x8xf32>
      %3 = call @narrow(%0) : (tensor<4x8xf64>) -> tensor<4x8xf32>
      %4 = call @little(%2, %3) : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
      return %0, %1, %4 : tensor<4x8xf64>, tensor<4x8xf64>, tensor<4x8xf32>
    }
  }
}
// remark: partition func.call: runs in Wasm, as @island0: numbers of 64 bits (float64)
// remark: partition func.call: runs in Wasm, as @island0: numbers of 64 bits (float64)
// remark: partition func.call: runs in Wasm, as @island0: numbers of 64 bits (float64)
// remark: partition func.call: runs in Wasm, as @island0: numbers of 64 bits (float64)
