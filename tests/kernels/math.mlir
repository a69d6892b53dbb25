// Expanded functions on vectors and on the scalars of a remainder.
module attributes {weft.level = "kernels", weft.model = "math"} {
  func.func @main(%a0: tensor<19xf32> {weft.name = "x0", weft.dtype = "float32"}, %a1: tensor<19xf32> {weft.name = "x1", weft.dtype = "float32"}, %a2: tensor<19xf32> {weft.name = "x2", weft.dtype = "float32"}, %a3: tensor<19xf32> {weft.name = "x3", weft.dtype = "float32"}, %a4: tensor<19xf32> {weft.name = "x4", weft.dtype = "float32"}, %a5: tensor<19xf32> {weft.name = "x5", weft.dtype = "float32"}, %a6: tensor<19xf32> {weft.name = "x6", weft.dtype = "float32"}, %a7: tensor<19xf32> {weft.name = "x7", weft.dtype = "float32"}, %a8: tensor<19xf32> {weft.name = "x8", weft.dtype = "float32"}, %a9: tensor<19xf32> {weft.name = "x9", weft.dtype = "float32"}, %a10: tensor<19xf32> {weft.name = "x10", weft.dtype = "float32"}, %a11: tensor<19xf32> {weft.name = "x11", weft.dtype = "float32"}, %a12: tensor<19xf32> {weft.name = "x12", weft.dtype = "float32"}, %a13: tensor<19xf32> {weft.name = "x13", weft.dtype = "float32"}, %a14: tensor<19xf32> {weft.name = "x14", weft.dtype = "float32"}, %a15: tensor<19xf32> {weft.name = "x15", weft.dtype = "float32"}, %a16: tensor<19xf32> {weft.name = "x16", weft.dtype = "float32"}, %a17: tensor<19xf32> {weft.name = "x17", weft.dtype = "float32"}, %a18: tensor<19xf32> {weft.name = "x18", weft.dtype = "float32"}, %a19: tensor<19xf32> {weft.name = "x19", weft.dtype = "float32"}, %a20: tensor<19xf32> {weft.name = "x20", weft.dtype = "float32"}, %a21: tensor<19xf32> {weft.name = "x21", weft.dtype = "float32"}, %a22: tensor<19xf32> {weft.name = "x22", weft.dtype = "float32"}, %a23: tensor<19xf32> {weft.name = "x23", weft.dtype = "float32"}, %a24: tensor<19xf32> {weft.name = "x24", weft.dtype = "float32"}, %a25: tensor<19xf32> {weft.name = "x25", weft.dtype = "float32"}, %a26: tensor<19xf32> {weft.name = "x26", weft.dtype = "float32"}, %a27: tensor<19xf32> {weft.name = "x27", weft.dtype = "float32"}, %a28: tensor<19xf32> {weft.name = "x28", weft.dtype = "float32"}) -> (tensor<19xf32> {weft.name = "y0", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y1", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y2", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y3", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y4", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y5", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y6", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y7", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y8", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y9", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y10", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y11", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y12", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y13", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y14", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y15", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y16", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y17", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y18", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y19", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y20", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y21", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y22", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y23", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y24", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y25", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y26", weft.dtype = "float32"}, tensor<19xf32> {weft.name = "y27", weft.dtype = "float32"}) {
    %0 = func.call @exp(%a0) : (tensor<19xf32>) -> tensor<19xf32>
    %1 = func.call @exp2(%a1) : (tensor<19xf32>) -> tensor<19xf32>
    %2 = func.call @expm1(%a2) : (tensor<19xf32>) -> tensor<19xf32>
    %3 = func.call @log(%a3) : (tensor<19xf32>) -> tensor<19xf32>
    %4 = func.call @log2(%a4) : (tensor<19xf32>) -> tensor<19xf32>
    %5 = func.call @log10(%a5) : (tensor<19xf32>) -> tensor<19xf32>
    %6 = func.call @log1p(%a6) : (tensor<19xf32>) -> tensor<19xf32>
    %7 = func.call @tanh(%a7) : (tensor<19xf32>) -> tensor<19xf32>
    %8 = func.call @sinh(%a8) : (tensor<19xf32>) -> tensor<19xf32>
    %9 = func.call @cosh(%a9) : (tensor<19xf32>) -> tensor<19xf32>
    %10 = func.call @asinh(%a10) : (tensor<19xf32>) -> tensor<19xf32>
    %11 = func.call @acosh(%a11) : (tensor<19xf32>) -> tensor<19xf32>
    %12 = func.call @erf(%a12) : (tensor<19xf32>) -> tensor<19xf32>
    %13 = func.call @sin(%a13) : (tensor<19xf32>) -> tensor<19xf32>
    %14 = func.call @cos(%a14) : (tensor<19xf32>) -> tensor<19xf32>
    %15 = func.call @tan(%a15) : (tensor<19xf32>) -> tensor<19xf32>
    %16 = func.call @atan(%a16) : (tensor<19xf32>) -> tensor<19xf32>
    %17 = func.call @cbrt(%a17) : (tensor<19xf32>) -> tensor<19xf32>
    %18 = func.call @rsqrt(%a18) : (tensor<19xf32>) -> tensor<19xf32>
    %19 = func.call @round(%a19) : (tensor<19xf32>) -> tensor<19xf32>
    %20 = func.call @sqrt(%a20) : (tensor<19xf32>) -> tensor<19xf32>
    %21 = func.call @floor(%a21) : (tensor<19xf32>) -> tensor<19xf32>
    %22 = func.call @ceil(%a22) : (tensor<19xf32>) -> tensor<19xf32>
    %23 = func.call @trunc(%a23) : (tensor<19xf32>) -> tensor<19xf32>
    %24 = func.call @roundeven(%a24) : (tensor<19xf32>) -> tensor<19xf32>
    %25 = func.call @absf(%a25) : (tensor<19xf32>) -> tensor<19xf32>
    %26 = func.call @pow(%a26, %a27) : (tensor<19xf32>, tensor<19xf32>) -> tensor<19xf32>
    %27 = func.call @cube(%a28) : (tensor<19xf32>) -> tensor<19xf32>
    return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27 : tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>, tensor<19xf32>
  }
  func.func private @exp(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e93 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e93 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.exp %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @exp2(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e94 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e94 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.exp2 %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @expm1(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e95 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e95 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.expm1 %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @log(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e96 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e96 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %v = math.absf %p0 : f32
      %s = math.log %v : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @log2(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e97 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e97 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %v = math.absf %p0 : f32
      %s = math.log2 %v : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @log10(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e98 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e98 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %v = math.absf %p0 : f32
      %s = math.log10 %v : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @log1p(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e99 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e99 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %v = math.absf %p0 : f32
      %s = math.log1p %v : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @tanh(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e100 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e100 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.tanh %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @sinh(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e101 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e101 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.sinh %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @cosh(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e102 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e102 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.cosh %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @asinh(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e103 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e103 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.asinh %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @acosh(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e104 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e104 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %v = math.absf %p0 : f32
      %one = arith.constant 1.0 : f32
      %w = arith.addf %v, %one : f32
      %s = math.acosh %w : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @erf(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e105 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e105 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.erf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @sin(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e106 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e106 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.sin %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @cos(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e107 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e107 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.cos %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @tan(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e108 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e108 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.tan %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @atan(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e109 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e109 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.atan %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @cbrt(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e110 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e110 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.cbrt %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @rsqrt(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e111 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e111 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %v = math.absf %p0 : f32
      %s = math.rsqrt %v : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @round(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e112 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e112 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.round %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @sqrt(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e113 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e113 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %v = math.absf %p0 : f32
      %s = math.sqrt %v : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @floor(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e114 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e114 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.floor %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @ceil(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e115 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e115 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.ceil %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @trunc(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e116 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e116 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.trunc %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @roundeven(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e117 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e117 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.roundeven %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @absf(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e118 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e118 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = math.absf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @pow(%x0: tensor<19xf32>, %x1: tensor<19xf32>) -> tensor<19xf32> {
    %e119 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0, %x1 : tensor<19xf32>, tensor<19xf32>) outs(%e119 : tensor<19xf32>) {
    ^bb0(%p0: f32, %p1: f32, %o: f32):
      %v = math.absf %p0 : f32
      %s = math.powf %v, %p1 : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
  func.func private @cube(%x0: tensor<19xf32>) -> tensor<19xf32> {
    %e120 = tensor.empty() : tensor<19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<19xf32>) outs(%e120 : tensor<19xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %c = arith.constant 3.0 : f32
      %s = math.powf %p0, %c : f32
      linalg.yield %s : f32
    } -> tensor<19xf32>
    return %r : tensor<19xf32>
  }
}
