// Half precision: stored as bits, computed in single precision with a rounding after each op.
module attributes {weft.level = "kernels", weft.model = "half"} {
  func.func @main(%a0: tensor<3x11xf16> {weft.name = "x0", weft.dtype = "float16"}, %a1: tensor<11xf16> {weft.name = "x1", weft.dtype = "float16"}, %a2: tensor<3x7xf16> {weft.name = "x2", weft.dtype = "float16"}, %a3: tensor<19xf16> {weft.name = "x3", weft.dtype = "float16"}, %a4: tensor<19xf16> {weft.name = "x4", weft.dtype = "float16"}, %a5: tensor<3x7xf32> {weft.name = "x5", weft.dtype = "float32"}, %a6: tensor<3x19xf16> {weft.name = "x6", weft.dtype = "float16"}, %a7: tensor<9x5xf16> {weft.name = "x7", weft.dtype = "float16"}, %a8: tensor<3x11xbf16> {weft.name = "x8", weft.dtype = "bfloat16"}, %a9: tensor<11xbf16> {weft.name = "x9", weft.dtype = "bfloat16"}, %a10: tensor<3x7xbf16> {weft.name = "x10", weft.dtype = "bfloat16"}, %a11: tensor<19xbf16> {weft.name = "x11", weft.dtype = "bfloat16"}, %a12: tensor<19xbf16> {weft.name = "x12", weft.dtype = "bfloat16"}, %a13: tensor<3x7xf32> {weft.name = "x13", weft.dtype = "float32"}, %a14: tensor<3x19xbf16> {weft.name = "x14", weft.dtype = "bfloat16"}, %a15: tensor<9x5xbf16> {weft.name = "x15", weft.dtype = "bfloat16"}) -> (tensor<3x11xf16> {weft.name = "y0", weft.dtype = "float16"}, tensor<3x7xf16> {weft.name = "y1", weft.dtype = "float16"}, tensor<19xf32> {weft.name = "y2", weft.dtype = "float32"}, tensor<19xf16> {weft.name = "y3", weft.dtype = "float16"}, tensor<3x7xf16> {weft.name = "y4", weft.dtype = "float16"}, tensor<3xf16> {weft.name = "y5", weft.dtype = "float16"}, tensor<5x9xf16> {weft.name = "y6", weft.dtype = "float16"}, tensor<3x11xbf16> {weft.name = "y7", weft.dtype = "bfloat16"}, tensor<3x7xbf16> {weft.name = "y8", weft.dtype = "bfloat16"}, tensor<19xf32> {weft.name = "y9", weft.dtype = "float32"}, tensor<19xbf16> {weft.name = "y10", weft.dtype = "bfloat16"}, tensor<3x7xbf16> {weft.name = "y11", weft.dtype = "bfloat16"}, tensor<3xbf16> {weft.name = "y12", weft.dtype = "bfloat16"}, tensor<5x9xbf16> {weft.name = "y13", weft.dtype = "bfloat16"}) {
    %0 = func.call @add_f16(%a0, %a1) : (tensor<3x11xf16>, tensor<11xf16>) -> tensor<3x11xf16>
    %1 = func.call @swish_f16(%a2) : (tensor<3x7xf16>) -> tensor<3x7xf16>
    %2 = func.call @small_f16(%a3) : (tensor<19xf16>) -> tensor<19xf32>
    %3 = func.call @large_f16(%a4) : (tensor<19xf16>) -> tensor<19xf16>
    %4 = func.call @narrow_f16(%a5) : (tensor<3x7xf32>) -> tensor<3x7xf16>
    %5 = func.call @max_f16(%a6) : (tensor<3x19xf16>) -> tensor<3xf16>
    %6 = func.call @transpose_f16(%a7) : (tensor<9x5xf16>) -> tensor<5x9xf16>
    %7 = func.call @add_bf16(%a8, %a9) : (tensor<3x11xbf16>, tensor<11xbf16>) -> tensor<3x11xbf16>
    %8 = func.call @swish_bf16(%a10) : (tensor<3x7xbf16>) -> tensor<3x7xbf16>
    %9 = func.call @small_bf16(%a11) : (tensor<19xbf16>) -> tensor<19xf32>
    %10 = func.call @large_bf16(%a12) : (tensor<19xbf16>) -> tensor<19xbf16>
    %11 = func.call @narrow_bf16(%a13) : (tensor<3x7xf32>) -> tensor<3x7xbf16>
    %12 = func.call @max_bf16(%a14) : (tensor<3x19xbf16>) -> tensor<3xbf16>
    %13 = func.call @transpose_bf16(%a15) : (tensor<9x5xbf16>) -> tensor<5x9xbf16>
    return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13 : tensor<3x11xf16>, tensor<3x7xf16>, tensor<19xf32>, tensor<19xf16>, tensor<3x7xf16>, tensor<3xf16>, tensor<5x9xf16>, tensor<3x11xbf16>, tensor<3x7xbf16>, tensor<19xf32>, tensor<19xbf16>, tensor<3x7xbf16>, tensor<3xbf16>, tensor<5x9xbf16>
  }
  func.func private @add_f16(%x0: tensor<3x11xf16>, %x1: tensor<11xf16>) -> tensor<3x11xf16> {
    %e1 = tensor.empty() : tensor<3x11xf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<3x11xf16>, tensor<11xf16>) outs(%e1 : tensor<3x11xf16>) {
    ^bb0(%p0: f16, %p1: f16, %o: f16):
      %s = arith.addf %p0, %p1 : f16
      linalg.yield %s : f16
    } -> tensor<3x11xf16>
    return %r : tensor<3x11xf16>
  }
  func.func private @swish_f16(%x0: tensor<3x7xf16>) -> tensor<3x7xf16> {
    %e2 = tensor.empty() : tensor<3x7xf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x7xf16>) outs(%e2 : tensor<3x7xf16>) {
    ^bb0(%p0: f16, %o: f16):
      %one = arith.constant 1.0 : f16
      %n = arith.negf %p0 : f16
      %x = math.exp %n : f16
      %d = arith.addf %x, %one : f16
      %s = arith.divf %p0, %d : f16
      linalg.yield %s : f16
    } -> tensor<3x7xf16>
    return %r : tensor<3x7xf16>
  }
  func.func private @small_f16(%x0: tensor<19xf16>) -> tensor<19xf32> {
    %e3 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf16>) outs(%e3 : tensor<19xf32>) {
    ^bb0(%p0: f16, %o: f32):
      %c = arith.constant 3.0e-5 : f16
      %h = arith.constant 16777216.0 : f32
      %m = arith.mulf %p0, %c : f16
      %w = arith.extf %m : f16 to f32
      %s = arith.mulf %w, %h : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @large_f16(%x0: tensor<19xf16>) -> tensor<19xf16> {
    %e4 = tensor.empty() : tensor<19xf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf16>) outs(%e4 : tensor<19xf16>) {
    ^bb0(%p0: f16, %o: f16):
      %h = arith.constant 60000.0 : f16
      %s = arith.mulf %p0, %h : f16
      linalg.yield %s : f16
    } -> tensor<19xf16>
    return %r : tensor<19xf16>
  }
  func.func private @narrow_f16(%x0: tensor<3x7xf32>) -> tensor<3x7xf16> {
    %e5 = tensor.empty() : tensor<3x7xf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x7xf32>) outs(%e5 : tensor<3x7xf16>) {
    ^bb0(%p0: f32, %o: f16):
      %s = arith.truncf %p0 : f32 to f16
      linalg.yield %s : f16
    } -> tensor<3x7xf16>
    return %r : tensor<3x7xf16>
  }
  func.func private @max_f16(%x0: tensor<3x19xf16>) -> tensor<3xf16> {
    %e6 = arith.constant dense<-4.0> : tensor<3xf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x0 : tensor<3x19xf16>) outs(%e6 : tensor<3xf16>) {
    ^bb0(%p0: f16, %o: f16):
      %g = arith.cmpf olt, %o, %p0 : f16
      %s = arith.select %g, %p0, %o : f16
      linalg.yield %s : f16
    } -> tensor<3xf16>
    return %r : tensor<3xf16>
  }
  func.func private @transpose_f16(%x0: tensor<9x5xf16>) -> tensor<5x9xf16> {
    %e7 = tensor.empty() : tensor<5x9xf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<9x5xf16>) outs(%e7 : tensor<5x9xf16>) {
    ^bb0(%p0: f16, %o: f16):
      linalg.yield %p0 : f16
    } -> tensor<5x9xf16>
    return %r : tensor<5x9xf16>
  }
  func.func private @add_bf16(%x0: tensor<3x11xbf16>, %x1: tensor<11xbf16>) -> tensor<3x11xbf16> {
    %e8 = tensor.empty() : tensor<3x11xbf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<3x11xbf16>, tensor<11xbf16>) outs(%e8 : tensor<3x11xbf16>) {
    ^bb0(%p0: bf16, %p1: bf16, %o: bf16):
      %s = arith.addf %p0, %p1 : bf16
      linalg.yield %s : bf16
    } -> tensor<3x11xbf16>
    return %r : tensor<3x11xbf16>
  }
  func.func private @swish_bf16(%x0: tensor<3x7xbf16>) -> tensor<3x7xbf16> {
    %e9 = tensor.empty() : tensor<3x7xbf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x7xbf16>) outs(%e9 : tensor<3x7xbf16>) {
    ^bb0(%p0: bf16, %o: bf16):
      %one = arith.constant 1.0 : bf16
      %n = arith.negf %p0 : bf16
      %x = math.exp %n : bf16
      %d = arith.addf %x, %one : bf16
      %s = arith.divf %p0, %d : bf16
      linalg.yield %s : bf16
    } -> tensor<3x7xbf16>
    return %r : tensor<3x7xbf16>
  }
  func.func private @small_bf16(%x0: tensor<19xbf16>) -> tensor<19xf32> {
    %e10 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xbf16>) outs(%e10 : tensor<19xf32>) {
    ^bb0(%p0: bf16, %o: f32):
      %c = arith.constant 3.0e-5 : bf16
      %h = arith.constant 16777216.0 : f32
      %m = arith.mulf %p0, %c : bf16
      %w = arith.extf %m : bf16 to f32
      %s = arith.mulf %w, %h : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @large_bf16(%x0: tensor<19xbf16>) -> tensor<19xbf16> {
    %e11 = tensor.empty() : tensor<19xbf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xbf16>) outs(%e11 : tensor<19xbf16>) {
    ^bb0(%p0: bf16, %o: bf16):
      %h = arith.constant 60000.0 : bf16
      %s = arith.mulf %p0, %h : bf16
      linalg.yield %s : bf16
    } -> tensor<19xbf16>
    return %r : tensor<19xbf16>
  }
  func.func private @narrow_bf16(%x0: tensor<3x7xf32>) -> tensor<3x7xbf16> {
    %e12 = tensor.empty() : tensor<3x7xbf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x7xf32>) outs(%e12 : tensor<3x7xbf16>) {
    ^bb0(%p0: f32, %o: bf16):
      %s = arith.truncf %p0 : f32 to bf16
      linalg.yield %s : bf16
    } -> tensor<3x7xbf16>
    return %r : tensor<3x7xbf16>
  }
  func.func private @max_bf16(%x0: tensor<3x19xbf16>) -> tensor<3xbf16> {
    %e13 = arith.constant dense<-4.0> : tensor<3xbf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x0 : tensor<3x19xbf16>) outs(%e13 : tensor<3xbf16>) {
    ^bb0(%p0: bf16, %o: bf16):
      %g = arith.cmpf olt, %o, %p0 : bf16
      %s = arith.select %g, %p0, %o : bf16
      linalg.yield %s : bf16
    } -> tensor<3xbf16>
    return %r : tensor<3xbf16>
  }
  func.func private @transpose_bf16(%x0: tensor<9x5xbf16>) -> tensor<5x9xbf16> {
    %e14 = tensor.empty() : tensor<5x9xbf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<9x5xbf16>) outs(%e14 : tensor<5x9xbf16>) {
    ^bb0(%p0: bf16, %o: bf16):
      linalg.yield %p0 : bf16
    } -> tensor<5x9xbf16>
    return %r : tensor<5x9xbf16>
  }
}
