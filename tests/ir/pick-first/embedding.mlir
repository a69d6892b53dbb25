// pipeline: pick-first
// Rows of an 8-bit table with a scale each: the table stays as it is, and what is looked up is widened; a view
// in between is no obstacle.
func.func @f(%ids: tensor<2xi32>) -> tensor<2x3xf32> {
  %table = arith.constant dense<[[1, -2, 3], [4, 5, -6], [7, 8, 9], [-10, 11, 12]]> : tensor<4x3xi8>
  %scale = arith.constant dense<[0.5, 0.25, 2.0, 1.0]> : tensor<4xf32>
  %e = tensor.empty() : tensor<4x3xf32>
  %wide = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%table : tensor<4x3xi8>) outs(%e : tensor<4x3xf32>) {
  ^bb0(%a: i8, %o: f32):
    %0 = arith.sitofp %a : i8 to f32
    linalg.yield %0 : f32
  } -> tensor<4x3xf32>
  %scaled = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%wide, %scale : tensor<4x3xf32>, tensor<4xf32>) outs(%e : tensor<4x3xf32>) {
  ^bb0(%a: f32, %s: f32, %o: f32):
    %0 = arith.mulf %a, %s : f32
    linalg.yield %0 : f32
  } -> tensor<4x3xf32>
  %view = tensor.expand_shape %scaled [[0, 1], [2]] output_shape [1, 4, 3] : tensor<4x3xf32> into tensor<1x4x3xf32>
  %y = tensor.empty() : tensor<2x3xf32>
  %rows = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%ids : tensor<2xi32>) outs(%y : tensor<2x3xf32>) {
  ^bb0(%id: i32, %o: f32):
    %c0 = arith.constant 0 : i32
    %c3 = arith.constant 3 : i32
    %low = arith.maxsi %id, %c0 : i32
    %in = arith.minsi %low, %c3 : i32
    %row = arith.index_cast %in : i32 to index
    %zero = arith.constant 0 : index
    %column = linalg.index 1 : index
    %v = tensor.extract %view[%zero, %row, %column] : tensor<1x4x3xf32>
    linalg.yield %v : f32
  } -> tensor<2x3xf32>
  return %rows : tensor<2x3xf32>
}
// -----  expected
module {
  func.func @f(%arg0: tensor<2xi32>) -> tensor<2x3xf32> {
    %cst = arith.constant dense<[[1, -2, 3], [4, 5, -6], [7, 8, 9], [-10, 11, 12]]> : tensor<4x3xi8>
    %cst_0 = arith.constant dense<[5.000000e-01, 2.500000e-01, 2.000000e+00, 1.000000e+00]> : tensor<4xf32>
    %0 = tensor.empty() : tensor<2x3xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<2xi32>) outs(%0 : tensor<2x3xf32>) {
    ^bb0(%in: i32, %out: f32):
      %c0_i32 = arith.constant 0 : i32
      %c3_i32 = arith.constant 3 : i32
      %2 = arith.maxsi %in, %c0_i32 : i32
      %3 = arith.minsi %2, %c3_i32 : i32
      %4 = arith.index_cast %3 : i32 to index
      %5 = linalg.index 1 : index
      %extracted = tensor.extract %cst[%4, %5] : tensor<4x3xi8>
      %6 = arith.sitofp %extracted : i8 to f32
      %extracted_1 = tensor.extract %cst_0[%4] : tensor<4xf32>
      %7 = arith.mulf %6, %extracted_1 : f32
      linalg.yield %7 : f32
    } -> tensor<2x3xf32>
    return %1 : tensor<2x3xf32>
  }
}
