// Softmax of rows of many lengths, and with a tail that reads another tensor.
module attributes {weft.level = "kernels", weft.model = "softmax"} {
  func.func @main(%a0: tensor<3x1xf32> {weft.name = "x0", weft.dtype = "float32"}, %a1: tensor<3x3xf32> {weft.name = "x1", weft.dtype = "float32"}, %a2: tensor<3x4xf32> {weft.name = "x2", weft.dtype = "float32"}, %a3: tensor<3x5xf32> {weft.name = "x3", weft.dtype = "float32"}, %a4: tensor<3x16xf32> {weft.name = "x4", weft.dtype = "float32"}, %a5: tensor<3x19xf32> {weft.name = "x5", weft.dtype = "float32"}, %a6: tensor<3x128xf32> {weft.name = "x6", weft.dtype = "float32"}, %a7: tensor<3x35xf32> {weft.name = "x7", weft.dtype = "float32"}) -> (tensor<3x1xf32> {weft.name = "y0", weft.dtype = "float32"}, tensor<3x3xf32> {weft.name = "y1", weft.dtype = "float32"}, tensor<3x4xf32> {weft.name = "y2", weft.dtype = "float32"}, tensor<3x5xf32> {weft.name = "y3", weft.dtype = "float32"}, tensor<3x16xf32> {weft.name = "y4", weft.dtype = "float32"}, tensor<3x19xf32> {weft.name = "y5", weft.dtype = "float32"}, tensor<3x128xf32> {weft.name = "y6", weft.dtype = "float32"}, tensor<3x35xf32> {weft.name = "y7", weft.dtype = "float32"}) {
    %0 = func.call @s0(%a0) : (tensor<3x1xf32>) -> tensor<3x1xf32>
    %1 = func.call @s1(%a1) : (tensor<3x3xf32>) -> tensor<3x3xf32>
    %2 = func.call @s2(%a2) : (tensor<3x4xf32>) -> tensor<3x4xf32>
    %3 = func.call @s3(%a3) : (tensor<3x5xf32>) -> tensor<3x5xf32>
    %4 = func.call @s4(%a4) : (tensor<3x16xf32>) -> tensor<3x16xf32>
    %5 = func.call @s5(%a5) : (tensor<3x19xf32>) -> tensor<3x19xf32>
    %6 = func.call @s6(%a6) : (tensor<3x128xf32>) -> tensor<3x128xf32>
    %7 = func.call @tail(%a7) : (tensor<3x35xf32>) -> tensor<3x35xf32>
    return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<3x1xf32>, tensor<3x3xf32>, tensor<3x4xf32>, tensor<3x5xf32>, tensor<3x16xf32>, tensor<3x19xf32>, tensor<3x128xf32>, tensor<3x35xf32>
  }
  func.func private @s0(%x0: tensor<3x1xf32>) -> tensor<3x1xf32> {
    %r = "nn.softmax"(%x0) : (tensor<3x1xf32>) -> tensor<3x1xf32>
    return %r : tensor<3x1xf32>
  }
  func.func private @s1(%x0: tensor<3x3xf32>) -> tensor<3x3xf32> {
    %r = "nn.softmax"(%x0) : (tensor<3x3xf32>) -> tensor<3x3xf32>
    return %r : tensor<3x3xf32>
  }
  func.func private @s2(%x0: tensor<3x4xf32>) -> tensor<3x4xf32> {
    %r = "nn.softmax"(%x0) : (tensor<3x4xf32>) -> tensor<3x4xf32>
    return %r : tensor<3x4xf32>
  }
  func.func private @s3(%x0: tensor<3x5xf32>) -> tensor<3x5xf32> {
    %r = "nn.softmax"(%x0) : (tensor<3x5xf32>) -> tensor<3x5xf32>
    return %r : tensor<3x5xf32>
  }
  func.func private @s4(%x0: tensor<3x16xf32>) -> tensor<3x16xf32> {
    %r = "nn.softmax"(%x0) : (tensor<3x16xf32>) -> tensor<3x16xf32>
    return %r : tensor<3x16xf32>
  }
  func.func private @s5(%x0: tensor<3x19xf32>) -> tensor<3x19xf32> {
    %r = "nn.softmax"(%x0) : (tensor<3x19xf32>) -> tensor<3x19xf32>
    return %r : tensor<3x19xf32>
  }
  func.func private @s6(%x0: tensor<3x128xf32>) -> tensor<3x128xf32> {
    %r = "nn.softmax"(%x0) : (tensor<3x128xf32>) -> tensor<3x128xf32>
    return %r : tensor<3x128xf32>
  }
  func.func private @tail(%x0: tensor<3x35xf32>) -> tensor<3x35xf32> {
    %0 = "nn.softmax"(%x0) : (tensor<3x35xf32>) -> tensor<3x35xf32>
    %e92 = tensor.empty() : tensor<3x35xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0, %x0 : tensor<3x35xf32>, tensor<3x35xf32>) outs(%e92 : tensor<3x35xf32>) {
    ^bb0(%p0: f32, %p1: f32, %o: f32):
      %s = arith.addf %p0, %p1 : f32
      linalg.yield %s : f32
    } -> tensor<3x35xf32>
    return %r : tensor<3x35xf32>
  }
}
