// pipeline: raise-layer-norm
// A dim of extent 1 more goes through the subtraction and the division than through the sums.
#id3 = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#row = affine_map<(d0, d1, d2) -> (d0, d1)>
#at = affine_map<(d0, d1, d2, d3) -> (d2)>
#id2 = affine_map<(d0, d1) -> (d0, d1)>
func.func @f(%x: tensor<1x1x6x8xf32>) -> tensor<1x1x6x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<1x6xf32>
  %e = tensor.empty() : tensor<1x6xf32>
  %big = tensor.empty() : tensor<1x1x6x8xf32>
  %x3 = tensor.collapse_shape %x [[0], [1, 2], [3]] : tensor<1x1x6x8xf32> into tensor<1x6x8xf32>
  %sum = linalg.generic {indexing_maps = [#id3, #row], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x3 : tensor<1x6x8xf32>) outs(%zero : tensor<1x6xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %o, %a : f32
    linalg.yield %s : f32
  } -> tensor<1x6xf32>
  %mean = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]} ins(%sum : tensor<1x6xf32>) outs(%e : tensor<1x6xf32>) {
  ^bb0(%a: f32, %o: f32):
    %n = arith.constant 0.125 : f32
    %s = arith.mulf %a, %n : f32
    linalg.yield %s : f32
  } -> tensor<1x6xf32>
  %m = tensor.collapse_shape %mean [[0, 1]] : tensor<1x6xf32> into tensor<6xf32>
  %c = linalg.generic {indexing_maps = [#id, #at, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x, %m : tensor<1x1x6x8xf32>, tensor<6xf32>) outs(%big : tensor<1x1x6x8xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.subf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x1x6x8xf32>
  %q = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%c : tensor<1x1x6x8xf32>) outs(%big : tensor<1x1x6x8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.mulf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<1x1x6x8xf32>
  %q3 = tensor.collapse_shape %q [[0], [1, 2], [3]] : tensor<1x1x6x8xf32> into tensor<1x6x8xf32>
  %squares = linalg.generic {indexing_maps = [#id3, #row], iterator_types = ["parallel", "parallel", "reduction"]} ins(%q3 : tensor<1x6x8xf32>) outs(%zero : tensor<1x6xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %o, %a : f32
    linalg.yield %s : f32
  } -> tensor<1x6xf32>
  %root = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]} ins(%squares : tensor<1x6xf32>) outs(%e : tensor<1x6xf32>) {
  ^bb0(%a: f32, %o: f32):
    %n = arith.constant 0.125 : f32
    %v = arith.mulf %a, %n : f32
    %epsilon = arith.constant 1.0e-5 : f32
    %w = arith.addf %v, %epsilon : f32
    %s = math.sqrt %w : f32
    linalg.yield %s : f32
  } -> tensor<1x6xf32>
  %r = tensor.collapse_shape %root [[0, 1]] : tensor<1x6xf32> into tensor<6xf32>
  %y = linalg.generic {indexing_maps = [#id, #at, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%c, %r : tensor<1x1x6x8xf32>, tensor<6xf32>) outs(%big : tensor<1x1x6x8xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.divf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x1x6x8xf32>
  return %y : tensor<1x1x6x8xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x1x6x8xf32>) -> tensor<1x1x6x8xf32> {
    %collapsed = tensor.collapse_shape %arg0 [[0, 1, 2], [3]] : tensor<1x1x6x8xf32> into tensor<6x8xf32>
    %0 = "nn.layer_norm"(%collapsed) {centred = 1 : i64, epsilon = 9.99999974E-6 : f32} : (tensor<6x8xf32>) -> tensor<6x8xf32>
    %expanded = tensor.expand_shape %0 [[0, 1, 2], [3]] output_shape [1, 1, 6, 8] : tensor<6x8xf32> into tensor<1x1x6x8xf32>
    return %expanded : tensor<1x1x6x8xf32>
  }
}
