// Reductions over outer, inner, all and scattered dims, with a prologue and a tail.
module attributes {weft.level = "kernels", weft.model = "reduce"} {
  func.func @main(%a0: tensor<1x7x7x37xf32> {weft.name = "x0", weft.dtype = "float32"}, %a1: tensor<5x35xf32> {weft.name = "x1", weft.dtype = "float32"}, %a2: tensor<5x35xf32> {weft.name = "x2", weft.dtype = "float32"}, %a3: tensor<3x11xf32> {weft.name = "x3", weft.dtype = "float32"}, %a4: tensor<4x33xf32> {weft.name = "x4", weft.dtype = "float32"}, %a5: tensor<2x6x3x5xf32> {weft.name = "x5", weft.dtype = "float32"}, %a6: tensor<2x3x41xf32> {weft.name = "x6", weft.dtype = "float32"}, %a7: tensor<7xf32> {weft.name = "x7", weft.dtype = "float32"}, %a8: tensor<3x19xi32> {weft.name = "x8", weft.dtype = "int32"}) -> (tensor<1x37xf32> {weft.name = "y0", weft.dtype = "float32"}, tensor<5xf32> {weft.name = "y1", weft.dtype = "float32"}, tensor<5xf32> {weft.name = "y2", weft.dtype = "float32"}, tensor<11xf32> {weft.name = "y3", weft.dtype = "float32"}, tensor<f32> {weft.name = "y4", weft.dtype = "float32"}, tensor<2x3xf32> {weft.name = "y5", weft.dtype = "float32"}, tensor<2x3xf32> {weft.name = "y6", weft.dtype = "float32"}, tensor<f32> {weft.name = "y7", weft.dtype = "float32"}, tensor<3xi32> {weft.name = "y8", weft.dtype = "int32"}) {
    %0 = func.call @r0(%a0) : (tensor<1x7x7x37xf32>) -> tensor<1x37xf32>
    %1 = func.call @r1(%a1) : (tensor<5x35xf32>) -> tensor<5xf32>
    %2 = func.call @r2(%a2) : (tensor<5x35xf32>) -> tensor<5xf32>
    %3 = func.call @r3(%a3) : (tensor<3x11xf32>) -> tensor<11xf32>
    %4 = func.call @r4(%a4) : (tensor<4x33xf32>) -> tensor<f32>
    %5 = func.call @r5(%a5) : (tensor<2x6x3x5xf32>) -> tensor<2x3xf32>
    %6 = func.call @r6(%a6) : (tensor<2x3x41xf32>) -> tensor<2x3xf32>
    %7 = func.call @r7(%a7) : (tensor<7xf32>) -> tensor<f32>
    %8 = func.call @count(%a8) : (tensor<3x19xi32>) -> tensor<3xi32>
    return %0, %1, %2, %3, %4, %5, %6, %7, %8 : tensor<1x37xf32>, tensor<5xf32>, tensor<5xf32>, tensor<11xf32>, tensor<f32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<f32>, tensor<3xi32>
  }
  func.func private @r0(%x0: tensor<1x7x7x37xf32>) -> tensor<1x37xf32> {
    %e18 = tensor.empty() : tensor<1x7x7x37xf32>
    %q = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x0 : tensor<1x7x7x37xf32>) outs(%e18 : tensor<1x7x7x37xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.mulf %p0, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x7x7x37xf32>
    %e19 = arith.constant dense<0.0> : tensor<1x37xf32>
    %m = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3)>], iterator_types = ["parallel", "reduction", "reduction", "parallel"]} ins(%q : tensor<1x7x7x37xf32>) outs(%e19 : tensor<1x37xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.addf %o, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x37xf32>
    %e20 = tensor.empty() : tensor<1x37xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%m : tensor<1x37xf32>) outs(%e20 : tensor<1x37xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %c = arith.constant 0.125 : f32
      %s = arith.mulf %p0, %c : f32
      linalg.yield %s : f32
    } -> tensor<1x37xf32>
    return %r : tensor<1x37xf32>
  }
  func.func private @r1(%x0: tensor<5x35xf32>) -> tensor<5xf32> {
    %e21 = tensor.empty() : tensor<5x35xf32>
    %q = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<5x35xf32>) outs(%e21 : tensor<5x35xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.mulf %p0, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<5x35xf32>
    %e22 = arith.constant dense<0.0> : tensor<5xf32>
    %m = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%q : tensor<5x35xf32>) outs(%e22 : tensor<5xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.addf %o, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<5xf32>
    %e23 = tensor.empty() : tensor<5xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%m : tensor<5xf32>) outs(%e23 : tensor<5xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %c = arith.constant 0.125 : f32
      %s = arith.mulf %p0, %c : f32
      linalg.yield %s : f32
    } -> tensor<5xf32>
    return %r : tensor<5xf32>
  }
  func.func private @r2(%x0: tensor<5x35xf32>) -> tensor<5xf32> {
    %e24 = tensor.empty() : tensor<5x35xf32>
    %q = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<5x35xf32>) outs(%e24 : tensor<5x35xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.mulf %p0, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<5x35xf32>
    %e25 = arith.constant dense<0xFF800000> : tensor<5xf32>
    %m = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%q : tensor<5x35xf32>) outs(%e25 : tensor<5xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %g = arith.cmpf olt, %o, %p0 : f32
      %s = arith.select %g, %p0, %o : f32
      linalg.yield %s : f32
    } -> tensor<5xf32>
    %e26 = tensor.empty() : tensor<5xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%m : tensor<5xf32>) outs(%e26 : tensor<5xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %c = arith.constant 0.125 : f32
      %s = arith.mulf %p0, %c : f32
      linalg.yield %s : f32
    } -> tensor<5xf32>
    return %r : tensor<5xf32>
  }
  func.func private @r3(%x0: tensor<3x11xf32>) -> tensor<11xf32> {
    %e27 = tensor.empty() : tensor<3x11xf32>
    %q = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x11xf32>) outs(%e27 : tensor<3x11xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.mulf %p0, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<3x11xf32>
    %e28 = arith.constant dense<-1.5> : tensor<11xf32>
    %m = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>], iterator_types = ["reduction", "parallel"]} ins(%q : tensor<3x11xf32>) outs(%e28 : tensor<11xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %g = arith.cmpf olt, %o, %p0 : f32
      %s = arith.select %g, %p0, %o : f32
      linalg.yield %s : f32
    } -> tensor<11xf32>
    %e29 = tensor.empty() : tensor<11xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%m : tensor<11xf32>) outs(%e29 : tensor<11xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %c = arith.constant 0.125 : f32
      %s = arith.mulf %p0, %c : f32
      linalg.yield %s : f32
    } -> tensor<11xf32>
    return %r : tensor<11xf32>
  }
  func.func private @r4(%x0: tensor<4x33xf32>) -> tensor<f32> {
    %e30 = tensor.empty() : tensor<4x33xf32>
    %q = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<4x33xf32>) outs(%e30 : tensor<4x33xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.mulf %p0, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<4x33xf32>
    %e31 = arith.constant dense<0.0> : tensor<f32>
    %m = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> ()>], iterator_types = ["reduction", "reduction"]} ins(%q : tensor<4x33xf32>) outs(%e31 : tensor<f32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.addf %o, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<f32>
    %e32 = tensor.empty() : tensor<f32>
    %r = linalg.generic {indexing_maps = [affine_map<() -> ()>, affine_map<() -> ()>], iterator_types = []} ins(%m : tensor<f32>) outs(%e32 : tensor<f32>) {
    ^bb0(%p0: f32, %o: f32):
      %c = arith.constant 0.125 : f32
      %s = arith.mulf %p0, %c : f32
      linalg.yield %s : f32
    } -> tensor<f32>
    return %r : tensor<f32>
  }
  func.func private @r5(%x0: tensor<2x6x3x5xf32>) -> tensor<2x3xf32> {
    %e33 = tensor.empty() : tensor<2x6x3x5xf32>
    %q = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x0 : tensor<2x6x3x5xf32>) outs(%e33 : tensor<2x6x3x5xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.mulf %p0, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x6x3x5xf32>
    %e34 = arith.constant dense<0.0> : tensor<2x3xf32>
    %m = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d2)>], iterator_types = ["parallel", "reduction", "parallel", "reduction"]} ins(%q : tensor<2x6x3x5xf32>) outs(%e34 : tensor<2x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.addf %o, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3xf32>
    %e35 = tensor.empty() : tensor<2x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%m : tensor<2x3xf32>) outs(%e35 : tensor<2x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %c = arith.constant 0.125 : f32
      %s = arith.mulf %p0, %c : f32
      linalg.yield %s : f32
    } -> tensor<2x3xf32>
    return %r : tensor<2x3xf32>
  }
  func.func private @r6(%x0: tensor<2x3x41xf32>) -> tensor<2x3xf32> {
    %e36 = tensor.empty() : tensor<2x3x41xf32>
    %q = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x0 : tensor<2x3x41xf32>) outs(%e36 : tensor<2x3x41xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.mulf %p0, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3x41xf32>
    %e37 = arith.constant dense<0.0> : tensor<2x3xf32>
    %m = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%q : tensor<2x3x41xf32>) outs(%e37 : tensor<2x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.addf %o, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3xf32>
    %e38 = tensor.empty() : tensor<2x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%m : tensor<2x3xf32>) outs(%e38 : tensor<2x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %c = arith.constant 0.125 : f32
      %s = arith.mulf %p0, %c : f32
      linalg.yield %s : f32
    } -> tensor<2x3xf32>
    return %r : tensor<2x3xf32>
  }
  func.func private @r7(%x0: tensor<7xf32>) -> tensor<f32> {
    %e39 = tensor.empty() : tensor<7xf32>
    %q = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<7xf32>) outs(%e39 : tensor<7xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.mulf %p0, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<7xf32>
    %e40 = arith.constant dense<0.0> : tensor<f32>
    %m = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>], iterator_types = ["reduction"]} ins(%q : tensor<7xf32>) outs(%e40 : tensor<f32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.addf %o, %p0 : f32
      linalg.yield %s : f32
    } -> tensor<f32>
    %e41 = tensor.empty() : tensor<f32>
    %r = linalg.generic {indexing_maps = [affine_map<() -> ()>, affine_map<() -> ()>], iterator_types = []} ins(%m : tensor<f32>) outs(%e41 : tensor<f32>) {
    ^bb0(%p0: f32, %o: f32):
      %c = arith.constant 0.125 : f32
      %s = arith.mulf %p0, %c : f32
      linalg.yield %s : f32
    } -> tensor<f32>
    return %r : tensor<f32>
  }
  func.func private @count(%x0: tensor<3x19xi32>) -> tensor<3xi32> {
    %e42 = arith.constant dense<2> : tensor<3xi32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x0 : tensor<3x19xi32>) outs(%e42 : tensor<3xi32>) {
    ^bb0(%p0: i32, %o: i32):
      %s = arith.addi %o, %p0 : i32
      linalg.yield %s : i32
    } -> tensor<3xi32>
    return %r : tensor<3xi32>
  }
}
