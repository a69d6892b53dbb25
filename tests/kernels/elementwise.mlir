// Elementwise kernels: flat, with broadcast operands, of several types, with remainders.
module attributes {weft.level = "kernels", weft.model = "elementwise"} {
  func.func @main(%a0: tensor<2x5x7xf32> {weft.name = "x0", weft.dtype = "float32"}, %a1: tensor<2x5x7xf32> {weft.name = "x1", weft.dtype = "float32"}, %a2: tensor<3x3x6xf32> {weft.name = "x2", weft.dtype = "float32"}, %a3: tensor<6xf32> {weft.name = "x3", weft.dtype = "float32"}, %a4: tensor<5x19xf32> {weft.name = "x4", weft.dtype = "float32"}, %a5: tensor<5x1xf32> {weft.name = "x5", weft.dtype = "float32"}, %a6: tensor<f32> {weft.name = "x6", weft.dtype = "float32"}, %a7: tensor<67xf32> {weft.name = "x7", weft.dtype = "float32"}, %a8: tensor<3x6xi32> {weft.name = "x8", weft.dtype = "int32"}, %a9: tensor<3x9xi1> {weft.name = "x9", weft.dtype = "bool"}, %a10: tensor<9xf32> {weft.name = "x10", weft.dtype = "float32"}, %a11: tensor<2x9xi8> {weft.name = "x11", weft.dtype = "int8"}, %a12: tensor<9xi32> {weft.name = "x12", weft.dtype = "int32"}, %a13: tensor<3x7xi8> {weft.name = "x13", weft.dtype = "int8"}, %a14: tensor<3x5xi64> {weft.name = "x14", weft.dtype = "int64"}, %a15: tensor<5xi64> {weft.name = "x15", weft.dtype = "int64"}) -> (tensor<2x5x7xf32> {weft.name = "y0", weft.dtype = "float32"}, tensor<3x3x6xf32> {weft.name = "y1", weft.dtype = "float32"}, tensor<5x19xf32> {weft.name = "y2", weft.dtype = "float32"}, tensor<67xf32> {weft.name = "y3", weft.dtype = "float32"}, tensor<3x6xi1> {weft.name = "y4", weft.dtype = "bool"}, tensor<3x9xf32> {weft.name = "y5", weft.dtype = "float32"}, tensor<2x9xi8> {weft.name = "y6", weft.dtype = "int8"}, tensor<3x7xf32> {weft.name = "y7", weft.dtype = "float32"}, tensor<3x5xi64> {weft.name = "y8", weft.dtype = "int64"}) {
    %0 = func.call @flat(%a0, %a1) : (tensor<2x5x7xf32>, tensor<2x5x7xf32>) -> tensor<2x5x7xf32>
    %1 = func.call @bias(%a2, %a3) : (tensor<3x3x6xf32>, tensor<6xf32>) -> tensor<3x3x6xf32>
    %2 = func.call @outer(%a4, %a5, %a6) : (tensor<5x19xf32>, tensor<5x1xf32>, tensor<f32>) -> tensor<5x19xf32>
    %3 = func.call @swish(%a7) : (tensor<67xf32>) -> tensor<67xf32>
    %4 = func.call @mask(%a8) : (tensor<3x6xi32>) -> tensor<3x6xi1>
    %5 = func.call @where(%a9, %a10) : (tensor<3x9xi1>, tensor<9xf32>) -> tensor<3x9xf32>
    %6 = func.call @narrow(%a11, %a12) : (tensor<2x9xi8>, tensor<9xi32>) -> tensor<2x9xi8>
    %7 = func.call @to_float(%a13) : (tensor<3x7xi8>) -> tensor<3x7xf32>
    %8 = func.call @whole(%a14, %a15) : (tensor<3x5xi64>, tensor<5xi64>) -> tensor<3x5xi64>
    return %0, %1, %2, %3, %4, %5, %6, %7, %8 : tensor<2x5x7xf32>, tensor<3x3x6xf32>, tensor<5x19xf32>, tensor<67xf32>, tensor<3x6xi1>, tensor<3x9xf32>, tensor<2x9xi8>, tensor<3x7xf32>, tensor<3x5xi64>
  }
  func.func private @flat(%x0: tensor<2x5x7xf32>, %x1: tensor<2x5x7xf32>) -> tensor<2x5x7xf32> {
    %e1 = tensor.empty() : tensor<2x5x7xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x0, %x1 : tensor<2x5x7xf32>, tensor<2x5x7xf32>) outs(%e1 : tensor<2x5x7xf32>) {
    ^bb0(%p0: f32, %p1: f32, %o: f32):
      %s = arith.addf %p0, %p1 : f32
      linalg.yield %s : f32
    } -> tensor<2x5x7xf32>
    return %r : tensor<2x5x7xf32>
  }
  func.func private @bias(%x0: tensor<3x3x6xf32>, %x1: tensor<6xf32>) -> tensor<3x3x6xf32> {
    %e2 = tensor.empty() : tensor<3x3x6xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x0, %x1 : tensor<3x3x6xf32>, tensor<6xf32>) outs(%e2 : tensor<3x3x6xf32>) {
    ^bb0(%p0: f32, %p1: f32, %o: f32):
      %c0 = arith.constant 0.0 : f32
      %c6 = arith.constant 6.0 : f32
      %b = arith.addf %p0, %p1 : f32
      %m = arith.maximumf %b, %c0 : f32
      %s = arith.minimumf %m, %c6 : f32
      linalg.yield %s : f32
    } -> tensor<3x3x6xf32>
    return %r : tensor<3x3x6xf32>
  }
  func.func private @outer(%x0: tensor<5x19xf32>, %x1: tensor<5x1xf32>, %x2: tensor<f32>) -> tensor<5x19xf32> {
    %e3 = tensor.empty() : tensor<5x19xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, 0)>, affine_map<(d0, d1) -> ()>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1, %x2 : tensor<5x19xf32>, tensor<5x1xf32>, tensor<f32>) outs(%e3 : tensor<5x19xf32>) {
    ^bb0(%p0: f32, %p1: f32, %p2: f32, %o: f32):
      %m = arith.mulf %p0, %p1 : f32
      %s = arith.subf %m, %p2 : f32
      linalg.yield %s : f32
    } -> tensor<5x19xf32>
    return %r : tensor<5x19xf32>
  }
  func.func private @swish(%x0: tensor<67xf32>) -> tensor<67xf32> {
    %e4 = tensor.empty() : tensor<67xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<67xf32>) outs(%e4 : tensor<67xf32>) {
    ^bb0(%p0: f32, %o: f32):
      %one = arith.constant 1.0 : f32
      %n = arith.negf %p0 : f32
      %e = math.exp %n : f32
      %d = arith.addf %e, %one : f32
      %s = arith.divf %p0, %d : f32
      linalg.yield %s : f32
    } -> tensor<67xf32>
    return %r : tensor<67xf32>
  }
  func.func private @mask(%x0: tensor<3x6xi32>) -> tensor<3x6xi1> {
    %e5 = tensor.empty() : tensor<3x6xi1>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x6xi32>) outs(%e5 : tensor<3x6xi1>) {
    ^bb0(%p0: i32, %o: i1):
      %i = linalg.index 1 : index
      %p = arith.index_cast %i : index to i32
      %s = arith.cmpi slt, %p0, %p : i32
      linalg.yield %s : i1
    } -> tensor<3x6xi1>
    return %r : tensor<3x6xi1>
  }
  func.func private @where(%x0: tensor<3x9xi1>, %x1: tensor<9xf32>) -> tensor<3x9xf32> {
    %e6 = tensor.empty() : tensor<3x9xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<3x9xi1>, tensor<9xf32>) outs(%e6 : tensor<3x9xf32>) {
    ^bb0(%p0: i1, %p1: f32, %o: f32):
      %z = arith.constant 0.0 : f32
      %s = arith.select %p0, %p1, %z : f32
      linalg.yield %s : f32
    } -> tensor<3x9xf32>
    return %r : tensor<3x9xf32>
  }
  func.func private @narrow(%x0: tensor<2x9xi8>, %x1: tensor<9xi32>) -> tensor<2x9xi8> {
    %e7 = tensor.empty() : tensor<2x9xi8>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<2x9xi8>, tensor<9xi32>) outs(%e7 : tensor<2x9xi8>) {
    ^bb0(%p0: i8, %p1: i32, %o: i8):
      %c = arith.constant 3 : i32
      %w = arith.extsi %p0 : i8 to i32
      %m = arith.muli %w, %p1 : i32
      %h = arith.shrsi %m, %c : i32
      %s = arith.trunci %h : i32 to i8
      linalg.yield %s : i8
    } -> tensor<2x9xi8>
    return %r : tensor<2x9xi8>
  }
  func.func private @to_float(%x0: tensor<3x7xi8>) -> tensor<3x7xf32> {
    %e8 = tensor.empty() : tensor<3x7xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x7xi8>) outs(%e8 : tensor<3x7xf32>) {
    ^bb0(%p0: i8, %o: f32):
      %s = arith.sitofp %p0 : i8 to f32
      linalg.yield %s : f32
    } -> tensor<3x7xf32>
    return %r : tensor<3x7xf32>
  }
  func.func private @whole(%x0: tensor<3x5xi64>, %x1: tensor<5xi64>) -> tensor<3x5xi64> {
    %e9 = tensor.empty() : tensor<3x5xi64>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<3x5xi64>, tensor<5xi64>) outs(%e9 : tensor<3x5xi64>) {
    ^bb0(%p0: i64, %p1: i64, %o: i64):
      %c = arith.constant 3 : i64
      %a = arith.addi %p0, %p1 : i64
      %s = arith.divsi %a, %c : i64
      linalg.yield %s : i64
    } -> tensor<3x5xi64>
    return %r : tensor<3x5xi64>
  }
}
