// pipeline: partition
// A choice that data makes runs on an island. The two kernels of its branches go with it, and so does what decides; the large
// kernels around stay. The constant is copied to where it is used.
module attributes {weft.device = "webgpu", weft.model = "m"} {
func.func private @softmax(%x: tensor<200x500xf32>) -> tensor<200x500xf32> {
  %0 = "nn.softmax"(%x) : (tensor<200x500xf32>) -> tensor<200x500xf32>
  return %0 : tensor<200x500xf32>
}
func.func private @twice(%x0: tensor<200x500xf32>) -> tensor<200x500xf32> {
  %e = tensor.empty() : tensor<200x500xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<200x500xf32>) outs(%e : tensor<200x500xf32>) {
  ^bb0(%a0: f32, %o: f32):
    %r = arith.addf %a0, %a0 : f32
    linalg.yield %r : f32
  } -> tensor<200x500xf32>
  return %0 : tensor<200x500xf32>
}
func.func private @less(%x0: tensor<200x500xf32>, %x1: tensor<200x500xf32>) -> tensor<200x500xf32> {
  %e = tensor.empty() : tensor<200x500xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<200x500xf32>, tensor<200x500xf32>) outs(%e : tensor<200x500xf32>) {
  ^bb0(%a0: f32, %a1: f32, %o: f32):
    %r = arith.subf %a0, %a1 : f32
    linalg.yield %r : f32
  } -> tensor<200x500xf32>
  return %0 : tensor<200x500xf32>
}
func.func @main(%x: tensor<200x500xf32> {weft.name = "x", weft.dtype = "float32"}, %go: tensor<i1> {weft.name = "go", weft.dtype = "bool"}) -> (tensor<200x500xf32> {weft.name = "y", weft.dtype = "float32"}) {
  %c = arith.constant dense<0.5> : tensor<200x500xf32>
  %0 = call @softmax(%x) : (tensor<200x500xf32>) -> tensor<200x500xf32>
  %b = tensor.extract %go[] : tensor<i1>
  %1 = scf.if %b -> (tensor<200x500xf32>) {
    %2 = func.call @twice(%0) : (tensor<200x500xf32>) -> tensor<200x500xf32>
    scf.yield %2 : tensor<200x500xf32>
  } else {
    %2 = func.call @less(%0, %c) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
    scf.yield %2 : tensor<200x500xf32>
  }
  %3 = call @less(%1, %c) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
  %4 = call @softmax(%3) : (tensor<200x500xf32>) -> tensor<200x500xf32>
  return %4 : tensor<200x500xf32>
}
}
// -----  expected
module attributes {weft.device = "webgpu", weft.model = "m"} {
  func.func private @softmax(%arg0: tensor<200x500xf32>) -> tensor<200x500xf32> {
    %0 = "nn.softmax"(%arg0) : (tensor<200x500xf32>) -> tensor<200x500xf32>
    return %0 : tensor<200x500xf32>
  }
  func.func private @less(%arg0: tensor<200x500xf32>, %arg1: tensor<200x500xf32>) -> tensor<200x500xf32> {
    %0 = tensor.empty() : tensor<200x500xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<200x500xf32>, tensor<200x500xf32>) outs(%0 : tensor<200x500xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %2 = arith.subf %in, %in_0 : f32
      linalg.yield %2 : f32
    } -> tensor<200x500xf32>
    return %1 : tensor<200x500xf32>
  }
  func.func private @island0(tensor<i1>, tensor<200x500xf32>) -> tensor<200x500xf32>
  func.func @main(%arg0: tensor<200x500xf32> {weft.dtype = "float32", weft.name = "x"}, %arg1: tensor<i1> {weft.dtype = "bool", weft.name = "go"}) -> (tensor<200x500xf32> {weft.dtype = "float32", weft.name = "y"}) {
    %cst = arith.constant dense<5.000000e-01> : tensor<200x500xf32>
    %0 = call @softmax(%arg0) : (tensor<200x500xf32>) -> tensor<200x500xf32>
    %1 = call @island0(%arg1, %0) : (tensor<i1>, tensor<200x500xf32>) -> tensor<200x500xf32>
    %2 = call @less(%1, %cst) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
    %3 = call @softmax(%2) : (tensor<200x500xf32>) -> tensor<200x500xf32>
    return %3 : tensor<200x500xf32>
  }
  module @island0_module attributes {weft.device = "wasm", weft.island = "island0", weft.level = "kernels", weft.model = "m", weft.operators = {scf.if = 1 : i64}, weft.reason = "scf.if: what runs next depends on data"} {
    func.func private @twice(%arg0: tensor<200x500xf32>) -> tensor<200x500xf32> {
      %0 = tensor.empty() : tensor<200x500xf32>
      %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<200x500xf32>) outs(%0 : tensor<200x500xf32>) {
      ^bb0(%in: f32, %out: f32):
        %2 = arith.addf %in, %in : f32
        linalg.yield %2 : f32
      } -> tensor<200x500xf32>
      return %1 : tensor<200x500xf32>
    }
    func.func private @less(%arg0: tensor<200x500xf32>, %arg1: tensor<200x500xf32>) -> tensor<200x500xf32> {
      %0 = tensor.empty() : tensor<200x500xf32>
      %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<200x500xf32>, tensor<200x500xf32>) outs(%0 : tensor<200x500xf32>) {
      ^bb0(%in: f32, %in_0: f32, %out: f32):
        %2 = arith.subf %in, %in_0 : f32
        linalg.yield %2 : f32
      } -> tensor<200x500xf32>
      return %1 : tensor<200x500xf32>
    }
    func.func @main(%arg0: tensor<i1> {weft.dtype = "bool", weft.name = "go"}, %arg1: tensor<200x500xf32> {weft.dtype = "float32", weft.name = "operand 1"}) -> (tensor<200x500xf32> {weft.dtype = "float32", weft.name = "result 0"}) {
      %extracted = tensor.extract %arg0[] : tensor<i1>
      %cst = arith.constant dense<5.000000e-01> : tensor<200x500xf32>
      %0 = scf.if %extracted -> (tensor<200x500xf32>) {
        %1 = func.call @twice(%arg1) : (tensor<200x500xf32>) -> tensor<200x500xf32>
        scf.yield %1 : tensor<200x500xf32>
      } else {
        %1 = func.call @less(%arg1, %cst) : (tensor<200x500xf32>, tensor<200x500xf32>) -> tensor<200x500xf32>
        scf.yield %1 : tensor<200x500xf32>
      }
      return %0 : tensor<200x500xf32>
    }
  }
}
// remark: partition scf.if: runs in Wasm, as @island0: scf.if: what runs next depends on data
