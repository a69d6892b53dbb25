// Pooling: strides, dilations, windows that hang over the edges, channels that are no multiple of four.
module attributes {weft.level = "kernels", weft.model = "pool"} {
  func.func @main(%a0: tensor<2x5x6x3xf32> {weft.name = "x0", weft.dtype = "float32"}, %a1: tensor<1x7x9x3xf32> {weft.name = "x1", weft.dtype = "float32"}, %a2: tensor<2x5x6x3xf32> {weft.name = "x2", weft.dtype = "float32"}, %a3: tensor<1x7x9x3xf32> {weft.name = "x3", weft.dtype = "float32"}, %a4: tensor<2x5x6x4xf32> {weft.name = "x4", weft.dtype = "float32"}, %a5: tensor<1x7x9x4xf32> {weft.name = "x5", weft.dtype = "float32"}, %a6: tensor<2x5x6x4xf32> {weft.name = "x6", weft.dtype = "float32"}, %a7: tensor<1x7x9x4xf32> {weft.name = "x7", weft.dtype = "float32"}, %a8: tensor<2x5x6x23xf32> {weft.name = "x8", weft.dtype = "float32"}, %a9: tensor<1x7x9x23xf32> {weft.name = "x9", weft.dtype = "float32"}, %a10: tensor<2x5x6x23xf32> {weft.name = "x10", weft.dtype = "float32"}, %a11: tensor<1x7x9x23xf32> {weft.name = "x11", weft.dtype = "float32"}, %a12: tensor<2x5x6x3xf32> {weft.name = "x12", weft.dtype = "float32"}, %a13: tensor<1x7x9x3xf32> {weft.name = "x13", weft.dtype = "float32"}, %a14: tensor<2x5x6x3xf32> {weft.name = "x14", weft.dtype = "float32"}, %a15: tensor<1x7x9x3xf32> {weft.name = "x15", weft.dtype = "float32"}, %a16: tensor<2x5x6x4xf32> {weft.name = "x16", weft.dtype = "float32"}, %a17: tensor<1x7x9x4xf32> {weft.name = "x17", weft.dtype = "float32"}, %a18: tensor<2x5x6x4xf32> {weft.name = "x18", weft.dtype = "float32"}, %a19: tensor<1x7x9x4xf32> {weft.name = "x19", weft.dtype = "float32"}, %a20: tensor<2x5x6x23xf32> {weft.name = "x20", weft.dtype = "float32"}, %a21: tensor<1x7x9x23xf32> {weft.name = "x21", weft.dtype = "float32"}, %a22: tensor<2x5x6x23xf32> {weft.name = "x22", weft.dtype = "float32"}, %a23: tensor<1x7x9x23xf32> {weft.name = "x23", weft.dtype = "float32"}, %a24: tensor<2x5x6x3xf32> {weft.name = "x24", weft.dtype = "float32"}, %a25: tensor<1x7x9x3xf32> {weft.name = "x25", weft.dtype = "float32"}, %a26: tensor<2x5x6x3xf32> {weft.name = "x26", weft.dtype = "float32"}, %a27: tensor<1x7x9x3xf32> {weft.name = "x27", weft.dtype = "float32"}, %a28: tensor<2x5x6x4xf32> {weft.name = "x28", weft.dtype = "float32"}, %a29: tensor<1x7x9x4xf32> {weft.name = "x29", weft.dtype = "float32"}, %a30: tensor<2x5x6x4xf32> {weft.name = "x30", weft.dtype = "float32"}, %a31: tensor<1x7x9x4xf32> {weft.name = "x31", weft.dtype = "float32"}, %a32: tensor<2x5x6x23xf32> {weft.name = "x32", weft.dtype = "float32"}, %a33: tensor<1x7x9x23xf32> {weft.name = "x33", weft.dtype = "float32"}, %a34: tensor<2x5x6x23xf32> {weft.name = "x34", weft.dtype = "float32"}, %a35: tensor<1x7x9x23xf32> {weft.name = "x35", weft.dtype = "float32"}) -> (tensor<2x3x3x3xf32> {weft.name = "y0", weft.dtype = "float32"}, tensor<1x7x5x3xf32> {weft.name = "y1", weft.dtype = "float32"}, tensor<2x5x6x3xf32> {weft.name = "y2", weft.dtype = "float32"}, tensor<1x3x9x3xf32> {weft.name = "y3", weft.dtype = "float32"}, tensor<2x3x3x4xf32> {weft.name = "y4", weft.dtype = "float32"}, tensor<1x7x5x4xf32> {weft.name = "y5", weft.dtype = "float32"}, tensor<2x5x6x4xf32> {weft.name = "y6", weft.dtype = "float32"}, tensor<1x3x9x4xf32> {weft.name = "y7", weft.dtype = "float32"}, tensor<2x3x3x23xf32> {weft.name = "y8", weft.dtype = "float32"}, tensor<1x7x5x23xf32> {weft.name = "y9", weft.dtype = "float32"}, tensor<2x5x6x23xf32> {weft.name = "y10", weft.dtype = "float32"}, tensor<1x3x9x23xf32> {weft.name = "y11", weft.dtype = "float32"}, tensor<2x3x3x3xf32> {weft.name = "y12", weft.dtype = "float32"}, tensor<1x7x5x3xf32> {weft.name = "y13", weft.dtype = "float32"}, tensor<2x5x6x3xf32> {weft.name = "y14", weft.dtype = "float32"}, tensor<1x3x9x3xf32> {weft.name = "y15", weft.dtype = "float32"}, tensor<2x3x3x4xf32> {weft.name = "y16", weft.dtype = "float32"}, tensor<1x7x5x4xf32> {weft.name = "y17", weft.dtype = "float32"}, tensor<2x5x6x4xf32> {weft.name = "y18", weft.dtype = "float32"}, tensor<1x3x9x4xf32> {weft.name = "y19", weft.dtype = "float32"}, tensor<2x3x3x23xf32> {weft.name = "y20", weft.dtype = "float32"}, tensor<1x7x5x23xf32> {weft.name = "y21", weft.dtype = "float32"}, tensor<2x5x6x23xf32> {weft.name = "y22", weft.dtype = "float32"}, tensor<1x3x9x23xf32> {weft.name = "y23", weft.dtype = "float32"}, tensor<2x3x3x3xf32> {weft.name = "y24", weft.dtype = "float32"}, tensor<1x7x5x3xf32> {weft.name = "y25", weft.dtype = "float32"}, tensor<2x5x6x3xf32> {weft.name = "y26", weft.dtype = "float32"}, tensor<1x3x9x3xf32> {weft.name = "y27", weft.dtype = "float32"}, tensor<2x3x3x4xf32> {weft.name = "y28", weft.dtype = "float32"}, tensor<1x7x5x4xf32> {weft.name = "y29", weft.dtype = "float32"}, tensor<2x5x6x4xf32> {weft.name = "y30", weft.dtype = "float32"}, tensor<1x3x9x4xf32> {weft.name = "y31", weft.dtype = "float32"}, tensor<2x3x3x23xf32> {weft.name = "y32", weft.dtype = "float32"}, tensor<1x7x5x23xf32> {weft.name = "y33", weft.dtype = "float32"}, tensor<2x5x6x23xf32> {weft.name = "y34", weft.dtype = "float32"}, tensor<1x3x9x23xf32> {weft.name = "y35", weft.dtype = "float32"}) {
    %0 = func.call @p0(%a0) : (tensor<2x5x6x3xf32>) -> tensor<2x3x3x3xf32>
    %1 = func.call @p1(%a1) : (tensor<1x7x9x3xf32>) -> tensor<1x7x5x3xf32>
    %2 = func.call @p2(%a2) : (tensor<2x5x6x3xf32>) -> tensor<2x5x6x3xf32>
    %3 = func.call @p3(%a3) : (tensor<1x7x9x3xf32>) -> tensor<1x3x9x3xf32>
    %4 = func.call @p4(%a4) : (tensor<2x5x6x4xf32>) -> tensor<2x3x3x4xf32>
    %5 = func.call @p5(%a5) : (tensor<1x7x9x4xf32>) -> tensor<1x7x5x4xf32>
    %6 = func.call @p6(%a6) : (tensor<2x5x6x4xf32>) -> tensor<2x5x6x4xf32>
    %7 = func.call @p7(%a7) : (tensor<1x7x9x4xf32>) -> tensor<1x3x9x4xf32>
    %8 = func.call @p8(%a8) : (tensor<2x5x6x23xf32>) -> tensor<2x3x3x23xf32>
    %9 = func.call @p9(%a9) : (tensor<1x7x9x23xf32>) -> tensor<1x7x5x23xf32>
    %10 = func.call @p10(%a10) : (tensor<2x5x6x23xf32>) -> tensor<2x5x6x23xf32>
    %11 = func.call @p11(%a11) : (tensor<1x7x9x23xf32>) -> tensor<1x3x9x23xf32>
    %12 = func.call @p12(%a12) : (tensor<2x5x6x3xf32>) -> tensor<2x3x3x3xf32>
    %13 = func.call @p13(%a13) : (tensor<1x7x9x3xf32>) -> tensor<1x7x5x3xf32>
    %14 = func.call @p14(%a14) : (tensor<2x5x6x3xf32>) -> tensor<2x5x6x3xf32>
    %15 = func.call @p15(%a15) : (tensor<1x7x9x3xf32>) -> tensor<1x3x9x3xf32>
    %16 = func.call @p16(%a16) : (tensor<2x5x6x4xf32>) -> tensor<2x3x3x4xf32>
    %17 = func.call @p17(%a17) : (tensor<1x7x9x4xf32>) -> tensor<1x7x5x4xf32>
    %18 = func.call @p18(%a18) : (tensor<2x5x6x4xf32>) -> tensor<2x5x6x4xf32>
    %19 = func.call @p19(%a19) : (tensor<1x7x9x4xf32>) -> tensor<1x3x9x4xf32>
    %20 = func.call @p20(%a20) : (tensor<2x5x6x23xf32>) -> tensor<2x3x3x23xf32>
    %21 = func.call @p21(%a21) : (tensor<1x7x9x23xf32>) -> tensor<1x7x5x23xf32>
    %22 = func.call @p22(%a22) : (tensor<2x5x6x23xf32>) -> tensor<2x5x6x23xf32>
    %23 = func.call @p23(%a23) : (tensor<1x7x9x23xf32>) -> tensor<1x3x9x23xf32>
    %24 = func.call @p24(%a24) : (tensor<2x5x6x3xf32>) -> tensor<2x3x3x3xf32>
    %25 = func.call @p25(%a25) : (tensor<1x7x9x3xf32>) -> tensor<1x7x5x3xf32>
    %26 = func.call @p26(%a26) : (tensor<2x5x6x3xf32>) -> tensor<2x5x6x3xf32>
    %27 = func.call @p27(%a27) : (tensor<1x7x9x3xf32>) -> tensor<1x3x9x3xf32>
    %28 = func.call @p28(%a28) : (tensor<2x5x6x4xf32>) -> tensor<2x3x3x4xf32>
    %29 = func.call @p29(%a29) : (tensor<1x7x9x4xf32>) -> tensor<1x7x5x4xf32>
    %30 = func.call @p30(%a30) : (tensor<2x5x6x4xf32>) -> tensor<2x5x6x4xf32>
    %31 = func.call @p31(%a31) : (tensor<1x7x9x4xf32>) -> tensor<1x3x9x4xf32>
    %32 = func.call @p32(%a32) : (tensor<2x5x6x23xf32>) -> tensor<2x3x3x23xf32>
    %33 = func.call @p33(%a33) : (tensor<1x7x9x23xf32>) -> tensor<1x7x5x23xf32>
    %34 = func.call @p34(%a34) : (tensor<2x5x6x23xf32>) -> tensor<2x5x6x23xf32>
    %35 = func.call @p35(%a35) : (tensor<1x7x9x23xf32>) -> tensor<1x3x9x23xf32>
    return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, %32, %33, %34, %35 : tensor<2x3x3x3xf32>, tensor<1x7x5x3xf32>, tensor<2x5x6x3xf32>, tensor<1x3x9x3xf32>, tensor<2x3x3x4xf32>, tensor<1x7x5x4xf32>, tensor<2x5x6x4xf32>, tensor<1x3x9x4xf32>, tensor<2x3x3x23xf32>, tensor<1x7x5x23xf32>, tensor<2x5x6x23xf32>, tensor<1x3x9x23xf32>, tensor<2x3x3x3xf32>, tensor<1x7x5x3xf32>, tensor<2x5x6x3xf32>, tensor<1x3x9x3xf32>, tensor<2x3x3x4xf32>, tensor<1x7x5x4xf32>, tensor<2x5x6x4xf32>, tensor<1x3x9x4xf32>, tensor<2x3x3x23xf32>, tensor<1x7x5x23xf32>, tensor<2x5x6x23xf32>, tensor<1x3x9x23xf32>, tensor<2x3x3x3xf32>, tensor<1x7x5x3xf32>, tensor<2x5x6x3xf32>, tensor<1x3x9x3xf32>, tensor<2x3x3x4xf32>, tensor<1x7x5x4xf32>, tensor<2x5x6x4xf32>, tensor<1x3x9x4xf32>, tensor<2x3x3x23xf32>, tensor<1x7x5x23xf32>, tensor<2x5x6x23xf32>, tensor<1x3x9x23xf32>
  }
  func.func private @p0(%x0: tensor<2x5x6x3xf32>) -> tensor<2x3x3x3xf32> {
    %0 = "nn.max_pool2d"(%x0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>} : (tensor<2x5x6x3xf32>) -> tensor<2x3x3x3xf32>
    %e56 = tensor.empty() : tensor<2x3x3x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x3x3x3xf32>) outs(%e56 : tensor<2x3x3x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3x3x3xf32>
    return %r : tensor<2x3x3x3xf32>
  }
  func.func private @p1(%x0: tensor<1x7x9x3xf32>) -> tensor<1x7x5x3xf32> {
    %0 = "nn.max_pool2d"(%x0) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x7x9x3xf32>) -> tensor<1x7x5x3xf32>
    %e57 = tensor.empty() : tensor<1x7x5x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x7x5x3xf32>) outs(%e57 : tensor<1x7x5x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x7x5x3xf32>
    return %r : tensor<1x7x5x3xf32>
  }
  func.func private @p2(%x0: tensor<2x5x6x3xf32>) -> tensor<2x5x6x3xf32> {
    %0 = "nn.max_pool2d"(%x0) {kernel = array<i64: 3, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 2, 2>, pads = array<i64: 2, 1, 2, 1>} : (tensor<2x5x6x3xf32>) -> tensor<2x5x6x3xf32>
    %e58 = tensor.empty() : tensor<2x5x6x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x5x6x3xf32>) outs(%e58 : tensor<2x5x6x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x5x6x3xf32>
    return %r : tensor<2x5x6x3xf32>
  }
  func.func private @p3(%x0: tensor<1x7x9x3xf32>) -> tensor<1x3x9x3xf32> {
    %0 = "nn.max_pool2d"(%x0) {kernel = array<i64: 5, 6>, strides = array<i64: 3, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 2, 3, 2, 2>} : (tensor<1x7x9x3xf32>) -> tensor<1x3x9x3xf32>
    %e59 = tensor.empty() : tensor<1x3x9x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x3x9x3xf32>) outs(%e59 : tensor<1x3x9x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x3x9x3xf32>
    return %r : tensor<1x3x9x3xf32>
  }
  func.func private @p4(%x0: tensor<2x5x6x4xf32>) -> tensor<2x3x3x4xf32> {
    %0 = "nn.max_pool2d"(%x0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>} : (tensor<2x5x6x4xf32>) -> tensor<2x3x3x4xf32>
    %e60 = tensor.empty() : tensor<2x3x3x4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x3x3x4xf32>) outs(%e60 : tensor<2x3x3x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3x3x4xf32>
    return %r : tensor<2x3x3x4xf32>
  }
  func.func private @p5(%x0: tensor<1x7x9x4xf32>) -> tensor<1x7x5x4xf32> {
    %0 = "nn.max_pool2d"(%x0) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x7x9x4xf32>) -> tensor<1x7x5x4xf32>
    %e61 = tensor.empty() : tensor<1x7x5x4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x7x5x4xf32>) outs(%e61 : tensor<1x7x5x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x7x5x4xf32>
    return %r : tensor<1x7x5x4xf32>
  }
  func.func private @p6(%x0: tensor<2x5x6x4xf32>) -> tensor<2x5x6x4xf32> {
    %0 = "nn.max_pool2d"(%x0) {kernel = array<i64: 3, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 2, 2>, pads = array<i64: 2, 1, 2, 1>} : (tensor<2x5x6x4xf32>) -> tensor<2x5x6x4xf32>
    %e62 = tensor.empty() : tensor<2x5x6x4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x5x6x4xf32>) outs(%e62 : tensor<2x5x6x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x5x6x4xf32>
    return %r : tensor<2x5x6x4xf32>
  }
  func.func private @p7(%x0: tensor<1x7x9x4xf32>) -> tensor<1x3x9x4xf32> {
    %0 = "nn.max_pool2d"(%x0) {kernel = array<i64: 5, 6>, strides = array<i64: 3, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 2, 3, 2, 2>} : (tensor<1x7x9x4xf32>) -> tensor<1x3x9x4xf32>
    %e63 = tensor.empty() : tensor<1x3x9x4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x3x9x4xf32>) outs(%e63 : tensor<1x3x9x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x3x9x4xf32>
    return %r : tensor<1x3x9x4xf32>
  }
  func.func private @p8(%x0: tensor<2x5x6x23xf32>) -> tensor<2x3x3x23xf32> {
    %0 = "nn.max_pool2d"(%x0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>} : (tensor<2x5x6x23xf32>) -> tensor<2x3x3x23xf32>
    %e64 = tensor.empty() : tensor<2x3x3x23xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x3x3x23xf32>) outs(%e64 : tensor<2x3x3x23xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3x3x23xf32>
    return %r : tensor<2x3x3x23xf32>
  }
  func.func private @p9(%x0: tensor<1x7x9x23xf32>) -> tensor<1x7x5x23xf32> {
    %0 = "nn.max_pool2d"(%x0) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x7x9x23xf32>) -> tensor<1x7x5x23xf32>
    %e65 = tensor.empty() : tensor<1x7x5x23xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x7x5x23xf32>) outs(%e65 : tensor<1x7x5x23xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x7x5x23xf32>
    return %r : tensor<1x7x5x23xf32>
  }
  func.func private @p10(%x0: tensor<2x5x6x23xf32>) -> tensor<2x5x6x23xf32> {
    %0 = "nn.max_pool2d"(%x0) {kernel = array<i64: 3, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 2, 2>, pads = array<i64: 2, 1, 2, 1>} : (tensor<2x5x6x23xf32>) -> tensor<2x5x6x23xf32>
    %e66 = tensor.empty() : tensor<2x5x6x23xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x5x6x23xf32>) outs(%e66 : tensor<2x5x6x23xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x5x6x23xf32>
    return %r : tensor<2x5x6x23xf32>
  }
  func.func private @p11(%x0: tensor<1x7x9x23xf32>) -> tensor<1x3x9x23xf32> {
    %0 = "nn.max_pool2d"(%x0) {kernel = array<i64: 5, 6>, strides = array<i64: 3, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 2, 3, 2, 2>} : (tensor<1x7x9x23xf32>) -> tensor<1x3x9x23xf32>
    %e67 = tensor.empty() : tensor<1x3x9x23xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x3x9x23xf32>) outs(%e67 : tensor<1x3x9x23xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x3x9x23xf32>
    return %r : tensor<1x3x9x23xf32>
  }
  func.func private @p12(%x0: tensor<2x5x6x3xf32>) -> tensor<2x3x3x3xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>, count_pad = array<i64: 0, 0, 0, 0>} : (tensor<2x5x6x3xf32>) -> tensor<2x3x3x3xf32>
    %e68 = tensor.empty() : tensor<2x3x3x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x3x3x3xf32>) outs(%e68 : tensor<2x3x3x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3x3x3xf32>
    return %r : tensor<2x3x3x3xf32>
  }
  func.func private @p13(%x0: tensor<1x7x9x3xf32>) -> tensor<1x7x5x3xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, count_pad = array<i64: 0, 0, 0, 0>} : (tensor<1x7x9x3xf32>) -> tensor<1x7x5x3xf32>
    %e69 = tensor.empty() : tensor<1x7x5x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x7x5x3xf32>) outs(%e69 : tensor<1x7x5x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x7x5x3xf32>
    return %r : tensor<1x7x5x3xf32>
  }
  func.func private @p14(%x0: tensor<2x5x6x3xf32>) -> tensor<2x5x6x3xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 3, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 2, 2>, pads = array<i64: 2, 1, 2, 1>, count_pad = array<i64: 0, 0, 0, 0>} : (tensor<2x5x6x3xf32>) -> tensor<2x5x6x3xf32>
    %e70 = tensor.empty() : tensor<2x5x6x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x5x6x3xf32>) outs(%e70 : tensor<2x5x6x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x5x6x3xf32>
    return %r : tensor<2x5x6x3xf32>
  }
  func.func private @p15(%x0: tensor<1x7x9x3xf32>) -> tensor<1x3x9x3xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 5, 6>, strides = array<i64: 3, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 2, 3, 2, 2>, count_pad = array<i64: 0, 0, 0, 0>} : (tensor<1x7x9x3xf32>) -> tensor<1x3x9x3xf32>
    %e71 = tensor.empty() : tensor<1x3x9x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x3x9x3xf32>) outs(%e71 : tensor<1x3x9x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x3x9x3xf32>
    return %r : tensor<1x3x9x3xf32>
  }
  func.func private @p16(%x0: tensor<2x5x6x4xf32>) -> tensor<2x3x3x4xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>, count_pad = array<i64: 0, 0, 0, 0>} : (tensor<2x5x6x4xf32>) -> tensor<2x3x3x4xf32>
    %e72 = tensor.empty() : tensor<2x3x3x4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x3x3x4xf32>) outs(%e72 : tensor<2x3x3x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3x3x4xf32>
    return %r : tensor<2x3x3x4xf32>
  }
  func.func private @p17(%x0: tensor<1x7x9x4xf32>) -> tensor<1x7x5x4xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, count_pad = array<i64: 0, 0, 0, 0>} : (tensor<1x7x9x4xf32>) -> tensor<1x7x5x4xf32>
    %e73 = tensor.empty() : tensor<1x7x5x4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x7x5x4xf32>) outs(%e73 : tensor<1x7x5x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x7x5x4xf32>
    return %r : tensor<1x7x5x4xf32>
  }
  func.func private @p18(%x0: tensor<2x5x6x4xf32>) -> tensor<2x5x6x4xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 3, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 2, 2>, pads = array<i64: 2, 1, 2, 1>, count_pad = array<i64: 0, 0, 0, 0>} : (tensor<2x5x6x4xf32>) -> tensor<2x5x6x4xf32>
    %e74 = tensor.empty() : tensor<2x5x6x4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x5x6x4xf32>) outs(%e74 : tensor<2x5x6x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x5x6x4xf32>
    return %r : tensor<2x5x6x4xf32>
  }
  func.func private @p19(%x0: tensor<1x7x9x4xf32>) -> tensor<1x3x9x4xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 5, 6>, strides = array<i64: 3, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 2, 3, 2, 2>, count_pad = array<i64: 0, 0, 0, 0>} : (tensor<1x7x9x4xf32>) -> tensor<1x3x9x4xf32>
    %e75 = tensor.empty() : tensor<1x3x9x4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x3x9x4xf32>) outs(%e75 : tensor<1x3x9x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x3x9x4xf32>
    return %r : tensor<1x3x9x4xf32>
  }
  func.func private @p20(%x0: tensor<2x5x6x23xf32>) -> tensor<2x3x3x23xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>, count_pad = array<i64: 0, 0, 0, 0>} : (tensor<2x5x6x23xf32>) -> tensor<2x3x3x23xf32>
    %e76 = tensor.empty() : tensor<2x3x3x23xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x3x3x23xf32>) outs(%e76 : tensor<2x3x3x23xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3x3x23xf32>
    return %r : tensor<2x3x3x23xf32>
  }
  func.func private @p21(%x0: tensor<1x7x9x23xf32>) -> tensor<1x7x5x23xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, count_pad = array<i64: 0, 0, 0, 0>} : (tensor<1x7x9x23xf32>) -> tensor<1x7x5x23xf32>
    %e77 = tensor.empty() : tensor<1x7x5x23xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x7x5x23xf32>) outs(%e77 : tensor<1x7x5x23xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x7x5x23xf32>
    return %r : tensor<1x7x5x23xf32>
  }
  func.func private @p22(%x0: tensor<2x5x6x23xf32>) -> tensor<2x5x6x23xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 3, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 2, 2>, pads = array<i64: 2, 1, 2, 1>, count_pad = array<i64: 0, 0, 0, 0>} : (tensor<2x5x6x23xf32>) -> tensor<2x5x6x23xf32>
    %e78 = tensor.empty() : tensor<2x5x6x23xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x5x6x23xf32>) outs(%e78 : tensor<2x5x6x23xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x5x6x23xf32>
    return %r : tensor<2x5x6x23xf32>
  }
  func.func private @p23(%x0: tensor<1x7x9x23xf32>) -> tensor<1x3x9x23xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 5, 6>, strides = array<i64: 3, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 2, 3, 2, 2>, count_pad = array<i64: 0, 0, 0, 0>} : (tensor<1x7x9x23xf32>) -> tensor<1x3x9x23xf32>
    %e79 = tensor.empty() : tensor<1x3x9x23xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x3x9x23xf32>) outs(%e79 : tensor<1x3x9x23xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x3x9x23xf32>
    return %r : tensor<1x3x9x23xf32>
  }
  func.func private @p24(%x0: tensor<2x5x6x3xf32>) -> tensor<2x3x3x3xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>, count_pad = array<i64: 1, 1, 1, 1>} : (tensor<2x5x6x3xf32>) -> tensor<2x3x3x3xf32>
    %e80 = tensor.empty() : tensor<2x3x3x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x3x3x3xf32>) outs(%e80 : tensor<2x3x3x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3x3x3xf32>
    return %r : tensor<2x3x3x3xf32>
  }
  func.func private @p25(%x0: tensor<1x7x9x3xf32>) -> tensor<1x7x5x3xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, count_pad = array<i64: 1, 1, 1, 1>} : (tensor<1x7x9x3xf32>) -> tensor<1x7x5x3xf32>
    %e81 = tensor.empty() : tensor<1x7x5x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x7x5x3xf32>) outs(%e81 : tensor<1x7x5x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x7x5x3xf32>
    return %r : tensor<1x7x5x3xf32>
  }
  func.func private @p26(%x0: tensor<2x5x6x3xf32>) -> tensor<2x5x6x3xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 3, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 2, 2>, pads = array<i64: 2, 1, 2, 1>, count_pad = array<i64: 1, 1, 1, 1>} : (tensor<2x5x6x3xf32>) -> tensor<2x5x6x3xf32>
    %e82 = tensor.empty() : tensor<2x5x6x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x5x6x3xf32>) outs(%e82 : tensor<2x5x6x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x5x6x3xf32>
    return %r : tensor<2x5x6x3xf32>
  }
  func.func private @p27(%x0: tensor<1x7x9x3xf32>) -> tensor<1x3x9x3xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 5, 6>, strides = array<i64: 3, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 2, 3, 2, 2>, count_pad = array<i64: 1, 1, 1, 1>} : (tensor<1x7x9x3xf32>) -> tensor<1x3x9x3xf32>
    %e83 = tensor.empty() : tensor<1x3x9x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x3x9x3xf32>) outs(%e83 : tensor<1x3x9x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x3x9x3xf32>
    return %r : tensor<1x3x9x3xf32>
  }
  func.func private @p28(%x0: tensor<2x5x6x4xf32>) -> tensor<2x3x3x4xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>, count_pad = array<i64: 1, 1, 1, 1>} : (tensor<2x5x6x4xf32>) -> tensor<2x3x3x4xf32>
    %e84 = tensor.empty() : tensor<2x3x3x4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x3x3x4xf32>) outs(%e84 : tensor<2x3x3x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3x3x4xf32>
    return %r : tensor<2x3x3x4xf32>
  }
  func.func private @p29(%x0: tensor<1x7x9x4xf32>) -> tensor<1x7x5x4xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, count_pad = array<i64: 1, 1, 1, 1>} : (tensor<1x7x9x4xf32>) -> tensor<1x7x5x4xf32>
    %e85 = tensor.empty() : tensor<1x7x5x4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x7x5x4xf32>) outs(%e85 : tensor<1x7x5x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x7x5x4xf32>
    return %r : tensor<1x7x5x4xf32>
  }
  func.func private @p30(%x0: tensor<2x5x6x4xf32>) -> tensor<2x5x6x4xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 3, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 2, 2>, pads = array<i64: 2, 1, 2, 1>, count_pad = array<i64: 1, 1, 1, 1>} : (tensor<2x5x6x4xf32>) -> tensor<2x5x6x4xf32>
    %e86 = tensor.empty() : tensor<2x5x6x4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x5x6x4xf32>) outs(%e86 : tensor<2x5x6x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x5x6x4xf32>
    return %r : tensor<2x5x6x4xf32>
  }
  func.func private @p31(%x0: tensor<1x7x9x4xf32>) -> tensor<1x3x9x4xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 5, 6>, strides = array<i64: 3, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 2, 3, 2, 2>, count_pad = array<i64: 1, 1, 1, 1>} : (tensor<1x7x9x4xf32>) -> tensor<1x3x9x4xf32>
    %e87 = tensor.empty() : tensor<1x3x9x4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x3x9x4xf32>) outs(%e87 : tensor<1x3x9x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x3x9x4xf32>
    return %r : tensor<1x3x9x4xf32>
  }
  func.func private @p32(%x0: tensor<2x5x6x23xf32>) -> tensor<2x3x3x23xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>, count_pad = array<i64: 1, 1, 1, 1>} : (tensor<2x5x6x23xf32>) -> tensor<2x3x3x23xf32>
    %e88 = tensor.empty() : tensor<2x3x3x23xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x3x3x23xf32>) outs(%e88 : tensor<2x3x3x23xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3x3x23xf32>
    return %r : tensor<2x3x3x23xf32>
  }
  func.func private @p33(%x0: tensor<1x7x9x23xf32>) -> tensor<1x7x5x23xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, count_pad = array<i64: 1, 1, 1, 1>} : (tensor<1x7x9x23xf32>) -> tensor<1x7x5x23xf32>
    %e89 = tensor.empty() : tensor<1x7x5x23xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x7x5x23xf32>) outs(%e89 : tensor<1x7x5x23xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x7x5x23xf32>
    return %r : tensor<1x7x5x23xf32>
  }
  func.func private @p34(%x0: tensor<2x5x6x23xf32>) -> tensor<2x5x6x23xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 3, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 2, 2>, pads = array<i64: 2, 1, 2, 1>, count_pad = array<i64: 1, 1, 1, 1>} : (tensor<2x5x6x23xf32>) -> tensor<2x5x6x23xf32>
    %e90 = tensor.empty() : tensor<2x5x6x23xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<2x5x6x23xf32>) outs(%e90 : tensor<2x5x6x23xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x5x6x23xf32>
    return %r : tensor<2x5x6x23xf32>
  }
  func.func private @p35(%x0: tensor<1x7x9x23xf32>) -> tensor<1x3x9x23xf32> {
    %0 = "nn.avg_pool2d"(%x0) {kernel = array<i64: 5, 6>, strides = array<i64: 3, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 2, 3, 2, 2>, count_pad = array<i64: 1, 1, 1, 1>} : (tensor<1x7x9x23xf32>) -> tensor<1x3x9x23xf32>
    %e91 = tensor.empty() : tensor<1x3x9x23xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x3x9x23xf32>) outs(%e91 : tensor<1x3x9x23xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x3x9x23xf32>
    return %r : tensor<1x3x9x23xf32>
  }
}
