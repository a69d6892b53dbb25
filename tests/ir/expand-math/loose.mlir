// pipeline: builtin.module(expand-math)
// Where drivers compute as with real numbers, nothing relies on how sums round; half floats are computed as f32.
module {
  module @webgpu attributes {weft.target = "webgpu"} {
    func.func @f(%x: vector<4xf32>, %h: f16) -> (vector<4xf32>, f16) {
      %0 = math.sin %x : vector<4xf32>
      %2 = math.erf %h : f16
      return %0, %2 : vector<4xf32>, f16
    }
  }
}
