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
