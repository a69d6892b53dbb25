// Transposes: 4x4 tiles with remainders, scalar rows, and further operands.
module attributes {weft.level = "kernels", weft.model = "transpose"} {
  func.func @main(%a0: tensor<9x5xf32> {weft.name = "x0", weft.dtype = "float32"}, %a1: tensor<16x3xf32> {weft.name = "x1", weft.dtype = "float32"}, %a2: tensor<8x12xf32> {weft.name = "x2", weft.dtype = "float32"}, %a3: tensor<3x2xf32> {weft.name = "x3", weft.dtype = "float32"}, %a4: tensor<2x3x6x7xf32> {weft.name = "x4", weft.dtype = "float32"}, %a5: tensor<2x6x7x13xf32> {weft.name = "x5", weft.dtype = "float32"}, %a6: tensor<2x13x6x7xf32> {weft.name = "x6", weft.dtype = "float32"}, %a7: tensor<9x5xi8> {weft.name = "x7", weft.dtype = "int8"}, %a8: tensor<3x17xf32> {weft.name = "x8", weft.dtype = "float32"}) -> (tensor<5x9xf32> {weft.name = "y0", weft.dtype = "float32"}, tensor<3x16xf32> {weft.name = "y1", weft.dtype = "float32"}, tensor<12x8xf32> {weft.name = "y2", weft.dtype = "float32"}, tensor<2x3xf32> {weft.name = "y3", weft.dtype = "float32"}, tensor<2x6x7x3xf32> {weft.name = "y4", weft.dtype = "float32"}, tensor<2x13x6x7xf32> {weft.name = "y5", weft.dtype = "float32"}, tensor<5x9xi8> {weft.name = "y6", weft.dtype = "int8"}, tensor<3x8xf32> {weft.name = "y7", weft.dtype = "float32"}) {
    %0 = func.call @t0(%a0) : (tensor<9x5xf32>) -> tensor<5x9xf32>
    %1 = func.call @t1(%a1) : (tensor<16x3xf32>) -> tensor<3x16xf32>
    %2 = func.call @t2(%a2) : (tensor<8x12xf32>) -> tensor<12x8xf32>
    %3 = func.call @t3(%a3) : (tensor<3x2xf32>) -> tensor<2x3xf32>
    %4 = func.call @nchw(%a4) : (tensor<2x3x6x7xf32>) -> tensor<2x6x7x3xf32>
    %5 = func.call @nhwc(%a5, %a6) : (tensor<2x6x7x13xf32>, tensor<2x13x6x7xf32>) -> tensor<2x13x6x7xf32>
    %6 = func.call @bytes(%a7) : (tensor<9x5xi8>) -> tensor<5x9xi8>
    %7 = func.call @reversed(%a8) : (tensor<3x17xf32>) -> tensor<3x8xf32>
    return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<5x9xf32>, tensor<3x16xf32>, tensor<12x8xf32>, tensor<2x3xf32>, tensor<2x6x7x3xf32>, tensor<2x13x6x7xf32>, tensor<5x9xi8>, tensor<3x8xf32>
  }
  func.func private @t0(%x0: tensor<9x5xf32>) -> tensor<5x9xf32> {
    %e10 = tensor.empty() : tensor<5x9xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<9x5xf32>) outs(%e10 : tensor<5x9xf32>) {
    ^bb0(%p0: f32, %o: f32):
      linalg.yield %p0 : f32
    } -> tensor<5x9xf32>
    return %r : tensor<5x9xf32>
  }
  func.func private @t1(%x0: tensor<16x3xf32>) -> tensor<3x16xf32> {
    %e11 = tensor.empty() : tensor<3x16xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<16x3xf32>) outs(%e11 : tensor<3x16xf32>) {
    ^bb0(%p0: f32, %o: f32):
      linalg.yield %p0 : f32
    } -> tensor<3x16xf32>
    return %r : tensor<3x16xf32>
  }
  func.func private @t2(%x0: tensor<8x12xf32>) -> tensor<12x8xf32> {
    %e12 = tensor.empty() : tensor<12x8xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<8x12xf32>) outs(%e12 : tensor<12x8xf32>) {
    ^bb0(%p0: f32, %o: f32):
      linalg.yield %p0 : f32
    } -> tensor<12x8xf32>
    return %r : tensor<12x8xf32>
  }
  func.func private @t3(%x0: tensor<3x2xf32>) -> tensor<2x3xf32> {
    %e13 = tensor.empty() : tensor<2x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x2xf32>) outs(%e13 : tensor<2x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      linalg.yield %p0 : f32
    } -> tensor<2x3xf32>
    return %r : tensor<2x3xf32>
  }
  func.func private @nchw(%x0: tensor<2x3x6x7xf32>) -> tensor<2x6x7x3xf32> {
    %e14 = tensor.empty() : tensor<2x6x7x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x0 : tensor<2x3x6x7xf32>) outs(%e14 : tensor<2x6x7x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      linalg.yield %p0 : f32
    } -> tensor<2x6x7x3xf32>
    return %r : tensor<2x6x7x3xf32>
  }
  func.func private @nhwc(%x0: tensor<2x6x7x13xf32>, %x1: tensor<2x13x6x7xf32>) -> tensor<2x13x6x7xf32> {
    %e15 = tensor.empty() : tensor<2x13x6x7xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d2, d3, d1)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x0, %x1 : tensor<2x6x7x13xf32>, tensor<2x13x6x7xf32>) outs(%e15 : tensor<2x13x6x7xf32>) {
    ^bb0(%p0: f32, %p1: f32, %o: f32):
      %s = arith.addf %p0, %p1 : f32
      linalg.yield %s : f32
    } -> tensor<2x13x6x7xf32>
    return %r : tensor<2x13x6x7xf32>
  }
  func.func private @bytes(%x0: tensor<9x5xi8>) -> tensor<5x9xi8> {
    %e16 = tensor.empty() : tensor<5x9xi8>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<9x5xi8>) outs(%e16 : tensor<5x9xi8>) {
    ^bb0(%p0: i8, %o: i8):
      linalg.yield %p0 : i8
    } -> tensor<5x9xi8>
    return %r : tensor<5x9xi8>
  }
  func.func private @reversed(%x0: tensor<3x17xf32>) -> tensor<3x8xf32> {
    %e17 = tensor.empty() : tensor<3x8xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1 * -2 + 16)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x17xf32>) outs(%e17 : tensor<3x8xf32>) {
    ^bb0(%p0: f32, %o: f32):
      linalg.yield %p0 : f32
    } -> tensor<3x8xf32>
    return %r : tensor<3x8xf32>
  }
}
