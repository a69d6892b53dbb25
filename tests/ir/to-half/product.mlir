// pipeline: fuse,to-half{few=0}
// The input is f32, and a product wants f16: a kernel converts. Bias and residual are added in f32, the store rounds; the mask that is
// beyond f16 stays a constant of a body, and what it makes is brought into range. The last kernel widens, because outputs are f32.
module attributes {weft.device = "webgpu-f16"} {
func.func @main(%x: tensor<1x8x16xf32>, %m: tensor<16xf32>) -> tensor<1x8x16xf32> {
  %w = arith.constant dense<0.125> : tensor<1x16x16xf32>
  %b = arith.constant dense<[0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0]> : tensor<16xf32>
  %0 = "nn.matmul"(%x, %w) {columns = 16 : i64, panel = 0 : i64} : (tensor<1x8x16xf32>, tensor<1x16x16xf32>) -> tensor<1x8x16xf32>
  %e_1 = tensor.empty() : tensor<1x8x16xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %b, %x : tensor<1x8x16xf32>, tensor<16xf32>, tensor<1x8x16xf32>) outs(%e_1 : tensor<1x8x16xf32>) {
  ^bb0(%a0: f32, %a1: f32, %a2: f32, %o: f32):
    %s = arith.addf %a0, %a1 : f32
    %r = arith.addf %s, %a2 : f32
    linalg.yield %r : f32
  } -> tensor<1x8x16xf32>
  %e_k = tensor.empty() : tensor<16xf32>
  %k = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%m : tensor<16xf32>) outs(%e_k : tensor<16xf32>) {
  ^bb0(%a0: f32, %o: f32):
    %c = arith.constant -3.4e38 : f32
    %h = arith.constant 0.5 : f32
    %p = arith.cmpf olt, %a0, %h : f32
    %z = arith.constant 0.0 : f32
    %r = arith.select %p, %c, %z : f32
    linalg.yield %r : f32
  } -> tensor<16xf32>
  %2 = "nn.matmul"(%1, %w) {columns = 16 : i64, panel = 0 : i64} : (tensor<1x8x16xf32>, tensor<1x16x16xf32>) -> tensor<1x8x16xf32>
  %e_3 = tensor.empty() : tensor<1x8x16xf32>
  %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%2, %k : tensor<1x8x16xf32>, tensor<16xf32>) outs(%e_3 : tensor<1x8x16xf32>) {
  ^bb0(%a0: f32, %a1: f32, %o: f32):
    %r = arith.addf %a0, %a1 : f32
    linalg.yield %r : f32
  } -> tensor<1x8x16xf32>
  %4 = tensor.collapse_shape %3 [[0, 1], [2]] : tensor<1x8x16xf32> into tensor<8x16xf32>
  %5 = "nn.softmax"(%4) : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %6 = tensor.expand_shape %5 [[0, 1], [2]] output_shape [1, 8, 16] : tensor<8x16xf32> into tensor<1x8x16xf32>
  return %6 : tensor<1x8x16xf32>
}
}
// -----  expected
module attributes {weft.device = "webgpu-f16"} {
  func.func private @matmul_addf(%arg0: tensor<1x8x16xf32>, %arg1: tensor<1x16x16xf16>, %arg2: tensor<16xf16>) -> tensor<1x8x16xf32> {
    %0 = "nn.matmul"(%arg0, %arg1) {columns = 16 : i64, panel = 0 : i64} : (tensor<1x8x16xf32>, tensor<1x16x16xf16>) -> tensor<1x8x16xf32>
    %1 = tensor.empty() : tensor<1x8x16xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %arg2, %arg0 : tensor<1x8x16xf32>, tensor<16xf16>, tensor<1x8x16xf32>) outs(%1 : tensor<1x8x16xf32>) {
    ^bb0(%in: f32, %in_0: f16, %in_1: f32, %out: f32):
      %3 = arith.extf %in_0 : f16 to f32
      %4 = arith.addf %in, %3 : f32
      %5 = arith.addf %4, %in_1 : f32
      linalg.yield %5 : f32
    } -> tensor<1x8x16xf32>
    return %2 : tensor<1x8x16xf32>
  }
  func.func private @cmpf_select(%arg0: tensor<16xf32>) -> tensor<16xf16> {
    %0 = tensor.empty() : tensor<16xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%arg0 : tensor<16xf32>) outs(%0 : tensor<16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %cst = arith.constant -3.400000e+38 : f32
      %cst_0 = arith.constant 5.000000e-01 : f32
      %4 = arith.cmpf olt, %in, %cst_0 : f32
      %cst_1 = arith.constant 0.000000e+00 : f32
      %5 = arith.select %4, %cst, %cst_1 : f32
      linalg.yield %5 : f32
    } -> tensor<16xf32>
    %2 = tensor.empty() : tensor<16xf16>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%1 : tensor<16xf32>) outs(%2 : tensor<16xf16>) {
    ^bb0(%in: f32, %out: f16):
      %cst = arith.constant 6.550400e+04 : f32
      %4 = arith.minimumf %in, %cst : f32
      %cst_0 = arith.constant -6.550400e+04 : f32
      %5 = arith.maximumf %4, %cst_0 : f32
      %6 = arith.truncf %5 : f32 to f16
      linalg.yield %6 : f16
    } -> tensor<16xf16>
    return %3 : tensor<16xf16>
  }
  func.func private @matmul_addf_1(%arg0: tensor<1x8x16xf32>, %arg1: tensor<1x16x16xf16>, %arg2: tensor<16xf16>) -> tensor<1x8x16xf16> {
    %0 = "nn.matmul"(%arg0, %arg1) {columns = 16 : i64, panel = 0 : i64} : (tensor<1x8x16xf32>, tensor<1x16x16xf16>) -> tensor<1x8x16xf32>
    %1 = tensor.empty() : tensor<1x8x16xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %arg2 : tensor<1x8x16xf32>, tensor<16xf16>) outs(%1 : tensor<1x8x16xf32>) {
    ^bb0(%in: f32, %in_0: f16, %out: f32):
      %5 = arith.extf %in_0 : f16 to f32
      %6 = arith.addf %in, %5 : f32
      linalg.yield %6 : f32
    } -> tensor<1x8x16xf32>
    %3 = tensor.empty() : tensor<1x8x16xf16>
    %4 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%2 : tensor<1x8x16xf32>) outs(%3 : tensor<1x8x16xf16>) {
    ^bb0(%in: f32, %out: f16):
      %cst = arith.constant 6.550400e+04 : f32
      %5 = arith.minimumf %in, %cst : f32
      %cst_0 = arith.constant -6.550400e+04 : f32
      %6 = arith.maximumf %5, %cst_0 : f32
      %7 = arith.truncf %6 : f32 to f16
      linalg.yield %7 : f16
    } -> tensor<1x8x16xf16>
    return %4 : tensor<1x8x16xf16>
  }
  func.func private @softmax(%arg0: tensor<8x16xf16>) -> tensor<8x16xf32> {
    %0 = tensor.empty() : tensor<8x16xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<8x16xf16>) outs(%0 : tensor<8x16xf32>) {
    ^bb0(%in: f16, %out: f32):
      %3 = arith.extf %in : f16 to f32
      linalg.yield %3 : f32
    } -> tensor<8x16xf32>
    %2 = "nn.softmax"(%1) : (tensor<8x16xf32>) -> tensor<8x16xf32>
    return %2 : tensor<8x16xf32>
  }
  func.func @main(%arg0: tensor<1x8x16xf32>, %arg1: tensor<16xf32>) -> tensor<1x8x16xf32> {
    %cst = arith.constant dense<1.250000e-01> : tensor<1x16x16xf16>
    %cst_0 = arith.constant dense<[5.000000e-01, 1.000000e+00, 1.500000e+00, 2.000000e+00, 2.500000e+00, 3.000000e+00, 3.500000e+00, 4.000000e+00, 4.500000e+00, 5.000000e+00, 5.500000e+00, 6.000000e+00, 6.500000e+00, 7.000000e+00, 7.500000e+00, 8.000000e+00]> : tensor<16xf16>
    %0 = call @matmul_addf(%arg0, %cst, %cst_0) : (tensor<1x8x16xf32>, tensor<1x16x16xf16>, tensor<16xf16>) -> tensor<1x8x16xf32>
    %1 = call @cmpf_select(%arg1) : (tensor<16xf32>) -> tensor<16xf16>
    %2 = call @matmul_addf_1(%0, %cst, %1) : (tensor<1x8x16xf32>, tensor<1x16x16xf16>, tensor<16xf16>) -> tensor<1x8x16xf16>
    %collapsed = tensor.collapse_shape %2 [[0, 1], [2]] : tensor<1x8x16xf16> into tensor<8x16xf16>
    %3 = call @softmax(%collapsed) : (tensor<8x16xf16>) -> tensor<8x16xf32>
    %expanded = tensor.expand_shape %3 [[0, 1], [2]] output_shape [1, 8, 16] : tensor<8x16xf32> into tensor<1x8x16xf32>
    return %expanded : tensor<1x8x16xf32>
  }
}
