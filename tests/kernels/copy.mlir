// Padding, concatenation, slices, insertions and packing, with a prologue.
module attributes {weft.level = "kernels", weft.model = "copy"} {
  func.func @main(%a0: tensor<5xf32> {weft.name = "x0", weft.dtype = "float32"}, %a1: tensor<2x5x6x3xf32> {weft.name = "x1", weft.dtype = "float32"}, %a2: tensor<1x5x6x17xf32> {weft.name = "x2", weft.dtype = "float32"}, %a3: tensor<3x7xf32> {weft.name = "x3", weft.dtype = "float32"}, %a4: tensor<1x3x6x10xf32> {weft.name = "x4", weft.dtype = "float32"}, %a5: tensor<5xf32> {weft.name = "x5", weft.dtype = "float32"}, %a6: tensor<3xf32> {weft.name = "x6", weft.dtype = "float32"}, %a7: tensor<3x5xf32> {weft.name = "x7", weft.dtype = "float32"}, %a8: tensor<3x11xf32> {weft.name = "x8", weft.dtype = "float32"}, %a9: tensor<2x3x7xf32> {weft.name = "x9", weft.dtype = "float32"}, %a10: tensor<2x1x7xf32> {weft.name = "x10", weft.dtype = "float32"}, %a11: tensor<4x9xf32> {weft.name = "x11", weft.dtype = "float32"}, %a12: tensor<3x5x8xf32> {weft.name = "x12", weft.dtype = "float32"}, %a13: tensor<3x4xf32> {weft.name = "x13", weft.dtype = "float32"}, %a14: tensor<4x9xf32> {weft.name = "x14", weft.dtype = "float32"}, %a15: tensor<3x4xf32> {weft.name = "x15", weft.dtype = "float32"}, %a16: tensor<3x5x8xf32> {weft.name = "x16", weft.dtype = "float32"}, %a17: tensor<1x5x8xf32> {weft.name = "x17", weft.dtype = "float32"}, %a18: tensor<2x9x7xf32> {weft.name = "x18", weft.dtype = "float32"}, %a19: tensor<1x3x20xf32> {weft.name = "x19", weft.dtype = "float32"}, %a20: tensor<2x20x9xf32> {weft.name = "x20", weft.dtype = "float32"}) -> (tensor<10xf32> {weft.name = "y0", weft.dtype = "float32"}, tensor<2x8x8x3xf32> {weft.name = "y1", weft.dtype = "float32"}, tensor<1x7x9x18xf32> {weft.name = "y2", weft.dtype = "float32"}, tensor<3x7xf32> {weft.name = "y3", weft.dtype = "float32"}, tensor<1x8x12x3xf32> {weft.name = "y4", weft.dtype = "float32"}, tensor<13xf32> {weft.name = "y5", weft.dtype = "float32"}, tensor<3x21xf32> {weft.name = "y6", weft.dtype = "float32"}, tensor<2x7x7xf32> {weft.name = "y7", weft.dtype = "float32"}, tensor<3x4xf32> {weft.name = "y8", weft.dtype = "float32"}, tensor<3x4xf32> {weft.name = "y9", weft.dtype = "float32"}, tensor<4x9xf32> {weft.name = "y10", weft.dtype = "float32"}, tensor<3x5x8xf32> {weft.name = "y11", weft.dtype = "float32"}, tensor<1x1x5x8xf32> {weft.name = "y12", weft.dtype = "float32"}, tensor<2x1x9x8xf32> {weft.name = "y13", weft.dtype = "float32"}, tensor<1x3x3x8xf32> {weft.name = "y14", weft.dtype = "float32"}, tensor<2x3x9x8xf32> {weft.name = "y15", weft.dtype = "float32"}) {
    %0 = func.call @pad0(%a0) : (tensor<5xf32>) -> tensor<10xf32>
    %1 = func.call @pad1(%a1) : (tensor<2x5x6x3xf32>) -> tensor<2x8x8x3xf32>
    %2 = func.call @pad2(%a2) : (tensor<1x5x6x17xf32>) -> tensor<1x7x9x18xf32>
    %3 = func.call @pad3(%a3) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %4 = func.call @pad_nchw(%a4) : (tensor<1x3x6x10xf32>) -> tensor<1x8x12x3xf32>
    %5 = func.call @concat0(%a5, %a6) : (tensor<5xf32>, tensor<3xf32>) -> tensor<13xf32>
    %6 = func.call @concat1(%a7, %a8) : (tensor<3x5xf32>, tensor<3x11xf32>) -> tensor<3x21xf32>
    %7 = func.call @concat2(%a9, %a10) : (tensor<2x3x7xf32>, tensor<2x1x7xf32>) -> tensor<2x7x7xf32>
    %8 = func.call @slice0(%a11) : (tensor<4x9xf32>) -> tensor<3x4xf32>
    %9 = func.call @slice1(%a12) : (tensor<3x5x8xf32>) -> tensor<3x4xf32>
    %10 = func.call @insert0(%a13, %a14) : (tensor<3x4xf32>, tensor<4x9xf32>) -> tensor<4x9xf32>
    %11 = func.call @insert1(%a15, %a16) : (tensor<3x4xf32>, tensor<3x5x8xf32>) -> tensor<3x5x8xf32>
    %12 = func.call @pack0(%a17) : (tensor<1x5x8xf32>) -> tensor<1x1x5x8xf32>
    %13 = func.call @pack1(%a18) : (tensor<2x9x7xf32>) -> tensor<2x1x9x8xf32>
    %14 = func.call @pack2(%a19) : (tensor<1x3x20xf32>) -> tensor<1x3x3x8xf32>
    %15 = func.call @pack_transposed(%a20) : (tensor<2x20x9xf32>) -> tensor<2x3x9x8xf32>
    return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15 : tensor<10xf32>, tensor<2x8x8x3xf32>, tensor<1x7x9x18xf32>, tensor<3x7xf32>, tensor<1x8x12x3xf32>, tensor<13xf32>, tensor<3x21xf32>, tensor<2x7x7xf32>, tensor<3x4xf32>, tensor<3x4xf32>, tensor<4x9xf32>, tensor<3x5x8xf32>, tensor<1x1x5x8xf32>, tensor<2x1x9x8xf32>, tensor<1x3x3x8xf32>, tensor<2x3x9x8xf32>
  }
  func.func private @pad0(%x0: tensor<5xf32>) -> tensor<10xf32> {
    %e43 = tensor.empty() : tensor<5xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<5xf32>) outs(%e43 : tensor<5xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<5xf32>
    %r = tensor.pad %n low[2] high[3] {
    ^bb0(%i0: index):
      %c = arith.constant 2.5 : f32
      tensor.yield %c : f32
    } : tensor<5xf32> to tensor<10xf32>
    return %r : tensor<10xf32>
  }
  func.func private @pad1(%x0: tensor<2x5x6x3xf32>) -> tensor<2x8x8x3xf32> {
    %e44 = tensor.empty() : tensor<2x5x6x3xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x0 : tensor<2x5x6x3xf32>) outs(%e44 : tensor<2x5x6x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x5x6x3xf32>
    %r = tensor.pad %n low[0, 1, 1, 0] high[0, 2, 1, 0] {
    ^bb0(%i0: index, %i1: index, %i2: index, %i3: index):
      %c = arith.constant 2.5 : f32
      tensor.yield %c : f32
    } : tensor<2x5x6x3xf32> to tensor<2x8x8x3xf32>
    return %r : tensor<2x8x8x3xf32>
  }
  func.func private @pad2(%x0: tensor<1x5x6x17xf32>) -> tensor<1x7x9x18xf32> {
    %e45 = tensor.empty() : tensor<1x5x6x17xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x0 : tensor<1x5x6x17xf32>) outs(%e45 : tensor<1x5x6x17xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<1x5x6x17xf32>
    %r = tensor.pad %n low[0, 1, 1, 0] high[0, 1, 2, 1] {
    ^bb0(%i0: index, %i1: index, %i2: index, %i3: index):
      %c = arith.constant 2.5 : f32
      tensor.yield %c : f32
    } : tensor<1x5x6x17xf32> to tensor<1x7x9x18xf32>
    return %r : tensor<1x7x9x18xf32>
  }
  func.func private @pad3(%x0: tensor<3x7xf32>) -> tensor<3x7xf32> {
    %e46 = tensor.empty() : tensor<3x7xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x7xf32>) outs(%e46 : tensor<3x7xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<3x7xf32>
    %r = tensor.pad %n low[0, 0] high[0, 0] {
    ^bb0(%i0: index, %i1: index):
      %c = arith.constant 2.5 : f32
      tensor.yield %c : f32
    } : tensor<3x7xf32> to tensor<3x7xf32>
    return %r : tensor<3x7xf32>
  }
  func.func private @pad_nchw(%x0: tensor<1x3x6x10xf32>) -> tensor<1x8x12x3xf32> {
    %e47 = tensor.empty() : tensor<1x6x10x3xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x0 : tensor<1x3x6x10xf32>) outs(%e47 : tensor<1x6x10x3xf32>) {
    ^bb0(%p0: f32, %o: f32):
      linalg.yield %p0 : f32
    } -> tensor<1x6x10x3xf32>
    %r = tensor.pad %n low[0, 1, 1, 0] high[0, 1, 1, 0] {
    ^bb0(%i: index, %j: index, %k: index, %l: index):
      %c = arith.constant 0.0 : f32
      tensor.yield %c : f32
    } : tensor<1x6x10x3xf32> to tensor<1x8x12x3xf32>
    return %r : tensor<1x8x12x3xf32>
  }
  func.func private @concat0(%x0: tensor<5xf32>, %x1: tensor<3xf32>) -> tensor<13xf32> {
    %e48 = tensor.empty() : tensor<5xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<5xf32>) outs(%e48 : tensor<5xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<5xf32>
    %r = tensor.concat dim(0) %n, %x1, %x0 : (tensor<5xf32>, tensor<3xf32>, tensor<5xf32>) -> tensor<13xf32>
    return %r : tensor<13xf32>
  }
  func.func private @concat1(%x0: tensor<3x5xf32>, %x1: tensor<3x11xf32>) -> tensor<3x21xf32> {
    %e49 = tensor.empty() : tensor<3x5xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x5xf32>) outs(%e49 : tensor<3x5xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<3x5xf32>
    %r = tensor.concat dim(1) %n, %x1, %x0 : (tensor<3x5xf32>, tensor<3x11xf32>, tensor<3x5xf32>) -> tensor<3x21xf32>
    return %r : tensor<3x21xf32>
  }
  func.func private @concat2(%x0: tensor<2x3x7xf32>, %x1: tensor<2x1x7xf32>) -> tensor<2x7x7xf32> {
    %e50 = tensor.empty() : tensor<2x3x7xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x0 : tensor<2x3x7xf32>) outs(%e50 : tensor<2x3x7xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<2x3x7xf32>
    %r = tensor.concat dim(1) %n, %x1, %x0 : (tensor<2x3x7xf32>, tensor<2x1x7xf32>, tensor<2x3x7xf32>) -> tensor<2x7x7xf32>
    return %r : tensor<2x7x7xf32>
  }
  func.func private @slice0(%x0: tensor<4x9xf32>) -> tensor<3x4xf32> {
    %e51 = tensor.empty() : tensor<4x9xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<4x9xf32>) outs(%e51 : tensor<4x9xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<4x9xf32>
    %r = tensor.extract_slice %n[1, 1] [3, 4] [1, 2] : tensor<4x9xf32> to tensor<3x4xf32>
    return %r : tensor<3x4xf32>
  }
  func.func private @slice1(%x0: tensor<3x5x8xf32>) -> tensor<3x4xf32> {
    %e52 = tensor.empty() : tensor<3x5x8xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x0 : tensor<3x5x8xf32>) outs(%e52 : tensor<3x5x8xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<3x5x8xf32>
    %r = tensor.extract_slice %n[0, 1, 4] [3, 1, 4] [1, 1, 1] : tensor<3x5x8xf32> to tensor<3x4xf32>
    return %r : tensor<3x4xf32>
  }
  func.func private @insert0(%x0: tensor<3x4xf32>, %x1: tensor<4x9xf32>) -> tensor<4x9xf32> {
    %e53 = tensor.empty() : tensor<3x4xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x4xf32>) outs(%e53 : tensor<3x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<3x4xf32>
    %r = tensor.insert_slice %n into %x1[1, 3] [3, 4] [1, 1] : tensor<3x4xf32> into tensor<4x9xf32>
    return %r : tensor<4x9xf32>
  }
  func.func private @insert1(%x0: tensor<3x4xf32>, %x1: tensor<3x5x8xf32>) -> tensor<3x5x8xf32> {
    %e54 = tensor.empty() : tensor<3x4xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x4xf32>) outs(%e54 : tensor<3x4xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %s = arith.negf %p0 : f32
      linalg.yield %s : f32
    } -> tensor<3x4xf32>
    %r = tensor.insert_slice %n into %x1[0, 1, 4] [3, 1, 4] [1, 1, 1] : tensor<3x4xf32> into tensor<3x5x8xf32>
    return %r : tensor<3x5x8xf32>
  }
  func.func private @pack0(%x0: tensor<1x5x8xf32>) -> tensor<1x1x5x8xf32> {
    %r = "nn.pack"(%x0) {panel = 8 : i64} : (tensor<1x5x8xf32>) -> tensor<1x1x5x8xf32>
    return %r : tensor<1x1x5x8xf32>
  }
  func.func private @pack1(%x0: tensor<2x9x7xf32>) -> tensor<2x1x9x8xf32> {
    %r = "nn.pack"(%x0) {panel = 8 : i64} : (tensor<2x9x7xf32>) -> tensor<2x1x9x8xf32>
    return %r : tensor<2x1x9x8xf32>
  }
  func.func private @pack2(%x0: tensor<1x3x20xf32>) -> tensor<1x3x3x8xf32> {
    %r = "nn.pack"(%x0) {panel = 8 : i64} : (tensor<1x3x20xf32>) -> tensor<1x3x3x8xf32>
    return %r : tensor<1x3x3x8xf32>
  }
  func.func private @pack_transposed(%x0: tensor<2x20x9xf32>) -> tensor<2x3x9x8xf32> {
    %e55 = tensor.empty() : tensor<2x9x20xf32>
    %n = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x0 : tensor<2x20x9xf32>) outs(%e55 : tensor<2x9x20xf32>) {
    ^bb0(%p0: f32, %o: f32):
      linalg.yield %p0 : f32
    } -> tensor<2x9x20xf32>
    %r = "nn.pack"(%n) {panel = 8 : i64} : (tensor<2x9x20xf32>) -> tensor<2x3x9x8xf32>
    return %r : tensor<2x3x9x8xf32>
  }
}
