// pipeline: fuse,to-half{few=0}
// An image is transposed, padded and narrowed by one kernel: the conversion is fused at the edge. A sum stays f32, and so does what
// becomes a position; the weights that f16 can't hold stay as they are.
module attributes {weft.device = "webgpu-f16"} {
func.func @main(%x: tensor<1x3x6x6xf32>, %t: tensor<9xf32>) -> (tensor<1x4xf32>, tensor<1x6x6x4xf32>, tensor<4xf32>) {
  %w = arith.constant dense<0.25> : tensor<3x3x3x4xf32>
  %e_n = tensor.empty() : tensor<1x6x6x3xf32>
  %n = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x : tensor<1x3x6x6xf32>) outs(%e_n : tensor<1x6x6x3xf32>) {
  ^bb0(%a0: f32, %o: f32):
    %q = arith.constant 0.5 : f32
    %r = arith.mulf %a0, %q : f32
    linalg.yield %r : f32
  } -> tensor<1x6x6x3xf32>
  %p = tensor.pad %n low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    %z = arith.constant 0.0 : f32
    tensor.yield %z : f32
  } : tensor<1x6x6x3xf32> to tensor<1x8x8x3xf32>
  %c = "nn.conv2d"(%p, %w) {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 4 : i64, panel = 0 : i64} : (tensor<1x8x8x3xf32>, tensor<3x3x3x4xf32>) -> tensor<1x6x6x4xf32>
  %e_relu = tensor.empty() : tensor<1x6x6x4xf32>
  %relu = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%c : tensor<1x6x6x4xf32>) outs(%e_relu : tensor<1x6x6x4xf32>) {
  ^bb0(%a0: f32, %o: f32):
    %z = arith.constant 0.0 : f32
    %r = arith.maximumf %a0, %z : f32
    linalg.yield %r : f32
  } -> tensor<1x6x6x4xf32>
  %zero = arith.constant dense<0.0> : tensor<1x4xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3)>], iterator_types = ["parallel", "reduction", "reduction", "parallel"]} ins(%relu : tensor<1x6x6x4xf32>) outs(%zero : tensor<1x4xf32>) {
  ^bb0(%a0: f32, %o: f32):
    %q = arith.mulf %a0, %a0 : f32
    %r = arith.addf %q, %o : f32
    linalg.yield %r : f32
  } -> tensor<1x4xf32>
  %g = arith.constant dense<[1.0e-10, 1.0, 70000.0, 2.0]> : tensor<4xf32>
  %e_y = tensor.empty() : tensor<1x4xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%s, %g : tensor<1x4xf32>, tensor<4xf32>) outs(%e_y : tensor<1x4xf32>) {
  ^bb0(%a0: f32, %a1: f32, %o: f32):
    %r = arith.mulf %a0, %a1 : f32
    linalg.yield %r : f32
  } -> tensor<1x4xf32>
  %idx = arith.constant dense<[0.5, 2.5, 4.5, 1.5]> : tensor<4xf32>
  %e_pos = tensor.empty() : tensor<4xf32>
  %pos = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%idx : tensor<4xf32>) outs(%e_pos : tensor<4xf32>) {
  ^bb0(%a0: f32, %o: f32):
    %whole = arith.fptosi %a0 : f32 to i32
    %at = arith.index_cast %whole : i32 to index
    %r = tensor.extract %t[%at] : tensor<9xf32>
    linalg.yield %r : f32
  } -> tensor<4xf32>
  return %y, %relu, %pos : tensor<1x4xf32>, tensor<1x6x6x4xf32>, tensor<4xf32>
}
}
// -----  expected
module attributes {weft.device = "webgpu-f16"} {
  func.func private @mulf_pad(%arg0: tensor<1x3x6x6xf32>) -> tensor<1x8x8x3xf16> {
    %0 = tensor.empty() : tensor<1x6x6x3xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg0 : tensor<1x3x6x6xf32>) outs(%0 : tensor<1x6x6x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      %cst = arith.constant 5.000000e-01 : f32
      %4 = arith.mulf %in, %cst : f32
      linalg.yield %4 : f32
    } -> tensor<1x6x6x3xf32>
    %padded = tensor.pad %1 low[0, 1, 1, 0] high[0, 1, 1, 0] {
    ^bb0(%arg1: index, %arg2: index, %arg3: index, %arg4: index):
      %cst = arith.constant 0.000000e+00 : f32
      tensor.yield %cst : f32
    } : tensor<1x6x6x3xf32> to tensor<1x8x8x3xf32>
    %2 = tensor.empty() : tensor<1x8x8x3xf16>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%padded : tensor<1x8x8x3xf32>) outs(%2 : tensor<1x8x8x3xf16>) {
    ^bb0(%in: f32, %out: f16):
      %cst = arith.constant 6.550400e+04 : f32
      %4 = arith.minimumf %in, %cst : f32
      %cst_0 = arith.constant -6.550400e+04 : f32
      %5 = arith.maximumf %4, %cst_0 : f32
      %6 = arith.truncf %5 : f32 to f16
      linalg.yield %6 : f16
    } -> tensor<1x8x8x3xf16>
    return %3 : tensor<1x8x8x3xf16>
  }
  func.func private @conv2d_max(%arg0: tensor<1x8x8x3xf16>, %arg1: tensor<3x3x3x4xf16>) -> tensor<1x6x6x4xf32> {
    %0 = "nn.conv2d"(%arg0, %arg1) {channels = 4 : i64, dilations = array<i64: 1, 1>, groups = 1 : i64, kernel = array<i64: 3, 3>, pads = array<i64: 0, 0, 0, 0>, panel = 0 : i64, strides = array<i64: 1, 1>} : (tensor<1x8x8x3xf16>, tensor<3x3x3x4xf16>) -> tensor<1x6x6x4xf32>
    %1 = tensor.empty() : tensor<1x6x6x4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<1x6x6x4xf32>) outs(%1 : tensor<1x6x6x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %cst = arith.constant 0.000000e+00 : f32
      %3 = arith.maximumf %in, %cst : f32
      linalg.yield %3 : f32
    } -> tensor<1x6x6x4xf32>
    return %2 : tensor<1x6x6x4xf32>
  }
  func.func private @reduce_mulf_addf_mulf(%arg0: tensor<1x6x6x4xf32>, %arg1: tensor<4xf32>) -> tensor<1x4xf32> {
    %cst = arith.constant dense<0.000000e+00> : tensor<1x4xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3)>], iterator_types = ["parallel", "reduction", "reduction", "parallel"]} ins(%arg0 : tensor<1x6x6x4xf32>) outs(%cst : tensor<1x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %3 = arith.mulf %in, %in : f32
      %4 = arith.addf %3, %out : f32
      linalg.yield %4 : f32
    } -> tensor<1x4xf32>
    %1 = tensor.empty() : tensor<1x4xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0, %arg1 : tensor<1x4xf32>, tensor<4xf32>) outs(%1 : tensor<1x4xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %3 = arith.mulf %in, %in_0 : f32
      linalg.yield %3 : f32
    } -> tensor<1x4xf32>
    return %2 : tensor<1x4xf32>
  }
  func.func private @fptosi_gather(%arg0: tensor<4xf32>, %arg1: tensor<9xf32>) -> tensor<4xf32> {
    %0 = tensor.empty() : tensor<4xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%arg0 : tensor<4xf32>) outs(%0 : tensor<4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %2 = arith.fptosi %in : f32 to i32
      %3 = arith.index_cast %2 : i32 to index
      %extracted = tensor.extract %arg1[%3] : tensor<9xf32>
      linalg.yield %extracted : f32
    } -> tensor<4xf32>
    return %1 : tensor<4xf32>
  }
  func.func @main(%arg0: tensor<1x3x6x6xf32>, %arg1: tensor<9xf32>) -> (tensor<1x4xf32>, tensor<1x6x6x4xf32>, tensor<4xf32>) {
    %cst = arith.constant dense<2.500000e-01> : tensor<3x3x3x4xf16>
    %0 = call @mulf_pad(%arg0) : (tensor<1x3x6x6xf32>) -> tensor<1x8x8x3xf16>
    %1 = call @conv2d_max(%0, %cst) : (tensor<1x8x8x3xf16>, tensor<3x3x3x4xf16>) -> tensor<1x6x6x4xf32>
    %cst_0 = arith.constant dense<[1.000000e-10, 1.000000e+00, 7.000000e+04, 2.000000e+00]> : tensor<4xf32>
    %2 = call @reduce_mulf_addf_mulf(%1, %cst_0) : (tensor<1x6x6x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
    %cst_1 = arith.constant dense<[5.000000e-01, 2.500000e+00, 4.500000e+00, 1.500000e+00]> : tensor<4xf32>
    %3 = call @fptosi_gather(%cst_1, %arg1) : (tensor<4xf32>, tensor<9xf32>) -> tensor<4xf32>
    return %2, %1, %3 : tensor<1x4xf32>, tensor<1x6x6x4xf32>, tensor<4xf32>
  }
}
// remark: fuse linalg.generic: not fused into linalg.generic: its value has other users
