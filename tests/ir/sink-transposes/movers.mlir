// pipeline: sink-transposes
// Padding, slices, concatenation, reductions and reshapes let a transpose pass.
#id4 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#first = affine_map<(d0, d1, d2, d3) -> (d0, d2, d3, d1)>
#mean = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
#id3 = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#swap = affine_map<(d0, d1, d2) -> (d0, d2, d1)>
func.func @f(%x: tensor<1x1x4x3xf32>, %y: tensor<1x5x4x3xf32>) -> (tensor<1x4x3xf32>, tensor<1x6x3xf32>) {
  %e = tensor.empty() : tensor<1x3x1x4xf32>
  %0 = linalg.generic {indexing_maps = [#first, #id4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : tensor<1x1x4x3xf32>) outs(%e : tensor<1x3x1x4xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<1x3x1x4xf32>
  %1 = tensor.collapse_shape %0 [[0], [1, 2], [3]] : tensor<1x3x1x4xf32> into tensor<1x3x4xf32>
  %e1 = tensor.empty() : tensor<1x4x3xf32>
  %2 = linalg.generic {indexing_maps = [#swap, #id3], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%1 : tensor<1x3x4xf32>) outs(%e1 : tensor<1x4x3xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<1x4x3xf32>
  %f = tensor.empty() : tensor<1x3x5x4xf32>
  %3 = linalg.generic {indexing_maps = [#first, #id4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%y : tensor<1x5x4x3xf32>) outs(%f : tensor<1x3x5x4xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<1x3x5x4xf32>
  %z = arith.constant -1.0 : f32
  %4 = tensor.pad %3 low[0, 0, 1, 0] high[0, 0, 0, 2] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %z : f32
  } : tensor<1x3x5x4xf32> to tensor<1x3x6x6xf32>
  %5 = tensor.extract_slice %4[0, 0, 0, 1] [1, 3, 6, 4] [1, 1, 1, 1] : tensor<1x3x6x6xf32> to tensor<1x3x6x4xf32>
  %c = arith.constant dense<0.5> : tensor<1x3x6x1xf32>
  %6 = tensor.concat dim(3) %5, %c : (tensor<1x3x6x4xf32>, tensor<1x3x6x1xf32>) -> tensor<1x3x6x5xf32>
  // The mean over columns leaves N, C, H, which lies as N, H, C.
  %init = arith.constant dense<0.0> : tensor<1x3x6xf32>
  %7 = linalg.generic {indexing_maps = [#id4, #mean], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%6 : tensor<1x3x6x5xf32>) outs(%init : tensor<1x3x6xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %o : f32
    linalg.yield %s : f32
  } -> tensor<1x3x6xf32>
  %g = tensor.empty() : tensor<1x6x3xf32>
  %8 = linalg.generic {indexing_maps = [#swap, #id3], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%7 : tensor<1x3x6xf32>) outs(%g : tensor<1x6x3xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<1x6x3xf32>
  return %2, %8 : tensor<1x4x3xf32>, tensor<1x6x3xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<1x1x4x3xf32>, %arg1: tensor<1x5x4x3xf32>) -> (tensor<1x4x3xf32>, tensor<1x6x3xf32>) {
    %collapsed = tensor.collapse_shape %arg0 [[0], [1, 2], [3]] : tensor<1x1x4x3xf32> into tensor<1x4x3xf32>
    %padded = tensor.pad %arg1 low[0, 1, 0, 0] high[0, 0, 2, 0] {
    ^bb0(%arg2: index, %arg3: index, %arg4: index, %arg5: index):
      %cst_1 = arith.constant -1.000000e+00 : f32
      tensor.yield %cst_1 : f32
    } : tensor<1x5x4x3xf32> to tensor<1x6x6x3xf32>
    %extracted_slice = tensor.extract_slice %padded[0, 0, 1, 0] [1, 6, 4, 3] [1, 1, 1, 1] : tensor<1x6x6x3xf32> to tensor<1x6x4x3xf32>
    %cst = arith.constant dense<5.000000e-01> : tensor<1x3x6x1xf32>
    %0 = tensor.empty() : tensor<1x6x1x3xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%cst : tensor<1x3x6x1xf32>) outs(%0 : tensor<1x6x1x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x6x1x3xf32>
    %concat = tensor.concat dim(2) %extracted_slice, %1 : (tensor<1x6x4x3xf32>, tensor<1x6x1x3xf32>) -> tensor<1x6x5x3xf32>
    %cst_0 = arith.constant dense<0.000000e+00> : tensor<1x6x3xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>], iterator_types = ["parallel", "parallel", "reduction", "parallel"]} ins(%concat : tensor<1x6x5x3xf32>) outs(%cst_0 : tensor<1x6x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      %3 = arith.addf %in, %out : f32
      linalg.yield %3 : f32
    } -> tensor<1x6x3xf32>
    return %collapsed, %2 : tensor<1x4x3xf32>, tensor<1x6x3xf32>
  }
}
