// pipeline: raise-layer-norm
// The operator's form: 1 / sqrt, then a product.
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#row = affine_map<(d0, d1, d2) -> (d0, d1)>
func.func @operator(%x: tensor<1x6x8xf32>) -> tensor<1x6x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<1x6xf32>
  %e = tensor.empty() : tensor<1x6xf32>
  %big = tensor.empty() : tensor<1x6x8xf32>
  %sum = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x : tensor<1x6x8xf32>) outs(%zero : tensor<1x6xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %o, %a : f32
    linalg.yield %s : f32
  } -> tensor<1x6xf32>
  %mean = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%sum : tensor<1x6xf32>) outs(%e : tensor<1x6xf32>) {
  ^bb0(%a: f32, %o: f32):
    %n = arith.constant 0.125 : f32
    %s = arith.mulf %a, %n : f32
    linalg.yield %s : f32
  } -> tensor<1x6xf32>
  %m = tensor.collapse_shape %mean [[0, 1]] : tensor<1x6xf32> into tensor<6xf32>
  %c = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1, d2) -> (d1)>, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x, %m : tensor<1x6x8xf32>, tensor<6xf32>) outs(%big : tensor<1x6x8xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.subf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x6x8xf32>
  %q = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%c : tensor<1x6x8xf32>) outs(%big : tensor<1x6x8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.mulf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<1x6x8xf32>
  %squares = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "parallel", "reduction"]} ins(%q : tensor<1x6x8xf32>) outs(%zero : tensor<1x6xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %o, %a : f32
    linalg.yield %s : f32
  } -> tensor<1x6xf32>
  %inverse = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%squares : tensor<1x6xf32>) outs(%e : tensor<1x6xf32>) {
  ^bb0(%a: f32, %o: f32):
    %n = arith.constant 0.125 : f32
    %v = arith.mulf %a, %n : f32
    %epsilon = arith.constant 1.0e-5 : f32
    %t = arith.addf %v, %epsilon : f32
    %d = math.sqrt %t : f32
    %one = arith.constant 1.0 : f32
    %s = arith.divf %one, %d : f32
    linalg.yield %s : f32
  } -> tensor<1x6xf32>
  %y = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%c, %inverse : tensor<1x6x8xf32>, tensor<1x6xf32>) outs(%big : tensor<1x6x8xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.mulf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x6x8xf32>
  return %y : tensor<1x6x8xf32>
}

// RMS: no mean; a quotient.
func.func @rms(%x: tensor<6x8xf32>) -> tensor<6x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<6xf32>
  %e = tensor.empty() : tensor<6xf32>
  %big = tensor.empty() : tensor<6x8xf32>
  %q = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<6x8xf32>) outs(%big : tensor<6x8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.mulf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<6x8xf32>
  %squares = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%q : tensor<6x8xf32>) outs(%zero : tensor<6xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %o, %a : f32
    linalg.yield %s : f32
  } -> tensor<6xf32>
  %root = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%squares : tensor<6xf32>) outs(%e : tensor<6xf32>) {
  ^bb0(%a: f32, %o: f32):
    %n = arith.constant 0.125 : f32
    %v = arith.mulf %a, %n : f32
    %d = math.sqrt %v : f32
    linalg.yield %d : f32
  } -> tensor<6xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x, %root : tensor<6x8xf32>, tensor<6xf32>) outs(%big : tensor<6x8xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.divf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<6x8xf32>
  return %y : tensor<6x8xf32>
}

// The statistic of rows, applied to columns: no normalisation.
func.func @other_dim(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<8xf32>
  %e = tensor.empty() : tensor<8xf32>
  %big = tensor.empty() : tensor<8x8xf32>
  %q = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<8x8xf32>) outs(%big : tensor<8x8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.mulf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<8x8xf32>
  %squares = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%q : tensor<8x8xf32>) outs(%zero : tensor<8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %o, %a : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  %root = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%squares : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %n = arith.constant 0.125 : f32
    %v = arith.mulf %a, %n : f32
    %d = math.sqrt %v : f32
    linalg.yield %d : f32
  } -> tensor<8xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x, %root : tensor<8x8xf32>, tensor<8xf32>) outs(%big : tensor<8x8xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.divf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}
// -----  expected
module {
  func.func @operator(%arg0: tensor<1x6x8xf32>) -> tensor<1x6x8xf32> {
    %collapsed = tensor.collapse_shape %arg0 [[0, 1], [2]] : tensor<1x6x8xf32> into tensor<6x8xf32>
    %0 = "nn.layer_norm"(%collapsed) {centred = 1 : i64, epsilon = 9.99999974E-6 : f32} : (tensor<6x8xf32>) -> tensor<6x8xf32>
    %expanded = tensor.expand_shape %0 [[0, 1], [2]] output_shape [1, 6, 8] : tensor<6x8xf32> into tensor<1x6x8xf32>
    return %expanded : tensor<1x6x8xf32>
  }
  func.func @rms(%arg0: tensor<6x8xf32>) -> tensor<6x8xf32> {
    %0 = "nn.layer_norm"(%arg0) {centred = 0 : i64, epsilon = 0.000000e+00 : f32} : (tensor<6x8xf32>) -> tensor<6x8xf32>
    return %0 : tensor<6x8xf32>
  }
  func.func @other_dim(%arg0: tensor<8x8xf32>) -> tensor<8x8xf32> {
    %cst = arith.constant dense<0.000000e+00> : tensor<8xf32>
    %0 = tensor.empty() : tensor<8xf32>
    %1 = tensor.empty() : tensor<8x8xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<8x8xf32>) outs(%1 : tensor<8x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      %6 = arith.mulf %in, %in : f32
      linalg.yield %6 : f32
    } -> tensor<8x8xf32>
    %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%2 : tensor<8x8xf32>) outs(%cst : tensor<8xf32>) {
    ^bb0(%in: f32, %out: f32):
      %6 = arith.addf %out, %in : f32
      linalg.yield %6 : f32
    } -> tensor<8xf32>
    %4 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%3 : tensor<8xf32>) outs(%0 : tensor<8xf32>) {
    ^bb0(%in: f32, %out: f32):
      %cst_0 = arith.constant 1.250000e-01 : f32
      %6 = arith.mulf %in, %cst_0 : f32
      %7 = math.sqrt %6 : f32
      linalg.yield %7 : f32
    } -> tensor<8xf32>
    %5 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0, %4 : tensor<8x8xf32>, tensor<8xf32>) outs(%1 : tensor<8x8xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %6 = arith.divf %in, %in_0 : f32
      linalg.yield %6 : f32
    } -> tensor<8x8xf32>
    return %5 : tensor<8x8xf32>
  }
}
