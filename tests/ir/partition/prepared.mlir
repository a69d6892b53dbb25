// pipeline: partition
// An island makes the prepared values that it needs itself; the device's @init keeps the others.
module attributes {weft.device = "webgpu"} {
func.func private @softmax(%x: tensor<200x500xf32>) -> tensor<200x500xf32> {
  %0 = "nn.softmax"(%x) : (tensor<200x500xf32>) -> tensor<200x500xf32>
  return %0 : tensor<200x500xf32>
}
func.func private @sum(%x0: tensor<200x500xf32>, %x1: tensor<200x500xf32>) -> tensor<200x500xf32> {
  %e = tensor.empty() : tensor<200x500xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<200x500xf32>, tensor<200x500xf32>) outs(%e : tensor<200x500xf32>) {
  ^bb0(%a0: f32, %a1: f32, %o: f32):
    %r = arith.addf %a0, %a1 : f32
    linalg.yield %r : f32
  } -> tensor<200x500xf32>
  return %0 : tensor<200x500xf32>
}
func.func @init() -> (tensor<200x500xf32>, tensor<200x500xf32>) {
  %c = arith.constant dense<2.0> : tensor<200x500xf32>
  %0 = call @softmax(%c) : (tensor<200x500xf32>) -> tensor<200x500xf32>
  %1 = call @sum(%c, %c) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
  return %0, %1 : tensor<200x500xf32>, tensor<200x500xf32>
}
func.func @main(%x: tensor<200x500xf32>, %go: tensor<i1>) -> tensor<200x500xf32> {
  %p:2 = call @init() : () -> (tensor<200x500xf32>, tensor<200x500xf32>)
  %0 = call @sum(%x, %p#1) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
  %b = tensor.extract %go[] : tensor<i1>
  %1 = scf.if %b -> (tensor<200x500xf32>) {
    %2 = func.call @sum(%0, %p#0) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
    scf.yield %2 : tensor<200x500xf32>
  } else {
    scf.yield %0 : tensor<200x500xf32>
  }
  return %1 : tensor<200x500xf32>
}
}
// -----  expected
module attributes {weft.device = "webgpu"} {
  func.func private @sum(%arg0: tensor<200x500xf32>, %arg1: tensor<200x500xf32>) -> tensor<200x500xf32> {
    %0 = tensor.empty() : tensor<200x500xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<200x500xf32>, tensor<200x500xf32>) outs(%0 : tensor<200x500xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %2 = arith.addf %in, %in_0 : f32
      linalg.yield %2 : f32
    } -> tensor<200x500xf32>
    return %1 : tensor<200x500xf32>
  }
  func.func private @island0(tensor<i1>, tensor<200x500xf32>) -> tensor<200x500xf32>
  func.func @init() -> tensor<200x500xf32> {
    %cst = arith.constant dense<2.000000e+00> : tensor<200x500xf32>
    %0 = call @sum(%cst, %cst) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
    return %0 : tensor<200x500xf32>
  }
  func.func @main(%arg0: tensor<200x500xf32>, %arg1: tensor<i1>) -> tensor<200x500xf32> {
    %0 = call @init() : () -> tensor<200x500xf32>
    %1 = call @sum(%arg0, %0) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
    %2 = call @island0(%arg1, %1) : (tensor<i1>, tensor<200x500xf32>) -> tensor<200x500xf32>
    return %2 : tensor<200x500xf32>
  }
  module @island0_module attributes {weft.device = "wasm", weft.island = "island0", weft.level = "kernels", weft.operators = {scf.if = 1 : i64}, weft.reason = "scf.if: what runs next depends on data"} {
    func.func private @softmax(%arg0: tensor<200x500xf32>) -> tensor<200x500xf32> {
      %0 = "nn.softmax"(%arg0) : (tensor<200x500xf32>) -> tensor<200x500xf32>
      return %0 : tensor<200x500xf32>
    }
    func.func private @sum(%arg0: tensor<200x500xf32>, %arg1: tensor<200x500xf32>) -> tensor<200x500xf32> {
      %0 = tensor.empty() : tensor<200x500xf32>
      %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<200x500xf32>, tensor<200x500xf32>) outs(%0 : tensor<200x500xf32>) {
      ^bb0(%in: f32, %in_0: f32, %out: f32):
        %2 = arith.addf %in, %in_0 : f32
        linalg.yield %2 : f32
      } -> tensor<200x500xf32>
      return %1 : tensor<200x500xf32>
    }
    func.func @init() -> tensor<200x500xf32> {
      %cst = arith.constant dense<2.000000e+00> : tensor<200x500xf32>
      %0 = call @softmax(%cst) : (tensor<200x500xf32>) -> tensor<200x500xf32>
      return %0 : tensor<200x500xf32>
    }
    func.func @main(%arg0: tensor<i1> {weft.dtype = "bool", weft.name = "operand 0"}, %arg1: tensor<200x500xf32> {weft.dtype = "float32", weft.name = "operand 1"}) -> (tensor<200x500xf32> {weft.dtype = "float32", weft.name = "result 0"}) {
      %0 = call @init() : () -> tensor<200x500xf32>
      %extracted = tensor.extract %arg0[] : tensor<i1>
      %1 = scf.if %extracted -> (tensor<200x500xf32>) {
        %2 = func.call @sum(%arg1, %0) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
        scf.yield %2 : tensor<200x500xf32>
      } else {
        scf.yield %arg1 : tensor<200x500xf32>
      }
      return %1 : tensor<200x500xf32>
    }
  }
}
// remark: partition scf.if: runs in Wasm, as @island0: scf.if: what runs next depends on data
