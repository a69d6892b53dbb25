// What grids of workgroups have forms of their own for: elements below 32 bits, transposes, results shared by invocations, scans.
module attributes {weft.level = "kernels", weft.model = "grid"} {
  func.func @main(%a0: tensor<3x1xf32> {weft.name = "x0", weft.dtype = "float32"}, %a1: tensor<3x1xi8> {weft.name = "x1", weft.dtype = "int8"}, %a2: tensor<1x3xi8> {weft.name = "x2", weft.dtype = "int8"}, %a3: tensor<3x1xf16> {weft.name = "x3", weft.dtype = "float16"}, %a4: tensor<1xf16> {weft.name = "x4", weft.dtype = "float16"}, %a5: tensor<1xi32> {weft.name = "x5", weft.dtype = "int32"}, %a6: tensor<37x1xf32> {weft.name = "x6", weft.dtype = "float32"}, %a7: tensor<1x37xf32> {weft.name = "x7", weft.dtype = "float32"}, %a8: tensor<3x1xf32> {weft.name = "x8", weft.dtype = "float32"}, %a9: tensor<1x8xi32> {weft.name = "x9", weft.dtype = "int32"}, %a10: tensor<3x1xi1> {weft.name = "x10", weft.dtype = "bool"}, %a11: tensor<3x65xf32> {weft.name = "x11", weft.dtype = "float32"}, %a12: tensor<3x65xi8> {weft.name = "x12", weft.dtype = "int8"}, %a13: tensor<65x3xi8> {weft.name = "x13", weft.dtype = "int8"}, %a14: tensor<3x65xf16> {weft.name = "x14", weft.dtype = "float16"}, %a15: tensor<65xf16> {weft.name = "x15", weft.dtype = "float16"}, %a16: tensor<65xi32> {weft.name = "x16", weft.dtype = "int32"}, %a17: tensor<37x65xf32> {weft.name = "x17", weft.dtype = "float32"}, %a18: tensor<65x37xf32> {weft.name = "x18", weft.dtype = "float32"}, %a19: tensor<3x65xf32> {weft.name = "x19", weft.dtype = "float32"}, %a20: tensor<65x8xi32> {weft.name = "x20", weft.dtype = "int32"}, %a21: tensor<3x65xi1> {weft.name = "x21", weft.dtype = "bool"}, %a22: tensor<3x256xf32> {weft.name = "x22", weft.dtype = "float32"}, %a23: tensor<3x256xi8> {weft.name = "x23", weft.dtype = "int8"}, %a24: tensor<256x3xi8> {weft.name = "x24", weft.dtype = "int8"}, %a25: tensor<3x256xf16> {weft.name = "x25", weft.dtype = "float16"}, %a26: tensor<256xf16> {weft.name = "x26", weft.dtype = "float16"}, %a27: tensor<256xi32> {weft.name = "x27", weft.dtype = "int32"}, %a28: tensor<37x256xf32> {weft.name = "x28", weft.dtype = "float32"}, %a29: tensor<256x37xf32> {weft.name = "x29", weft.dtype = "float32"}, %a30: tensor<3x256xf32> {weft.name = "x30", weft.dtype = "float32"}, %a31: tensor<256x8xi32> {weft.name = "x31", weft.dtype = "int32"}, %a32: tensor<3x256xi1> {weft.name = "x32", weft.dtype = "bool"}, %a33: tensor<2x1030xf32> {weft.name = "x33", weft.dtype = "float32"}, %a34: tensor<2x1032xf32> {weft.name = "x34", weft.dtype = "float32"}, %a35: tensor<2x1030x1xf32> {weft.name = "x35", weft.dtype = "float32"}, %a36: tensor<2x65x4xf32> {weft.name = "x36", weft.dtype = "float32"}, %a37: tensor<2x3x4xf32> {weft.name = "x37", weft.dtype = "float32"}, %a38: tensor<5x8xf32> {weft.name = "x38", weft.dtype = "float32"}, %a39: tensor<9xi32> {weft.name = "x39", weft.dtype = "int32"}, %a40: tensor<9x8xf32> {weft.name = "x40", weft.dtype = "float32"}) -> (tensor<3x1xi1> {weft.name = "y0", weft.dtype = "bool"}, tensor<1x3xi8> {weft.name = "y1", weft.dtype = "int8"}, tensor<3x1xf16> {weft.name = "y2", weft.dtype = "float16"}, tensor<1xi64> {weft.name = "y3", weft.dtype = "int64"}, tensor<1x37xf32> {weft.name = "y4", weft.dtype = "float32"}, tensor<3xf32> {weft.name = "y5", weft.dtype = "float32"}, tensor<8xi32> {weft.name = "y6", weft.dtype = "int32"}, tensor<3xi1> {weft.name = "y7", weft.dtype = "bool"}, tensor<3x65xi1> {weft.name = "y8", weft.dtype = "bool"}, tensor<65x3xi8> {weft.name = "y9", weft.dtype = "int8"}, tensor<3x65xf16> {weft.name = "y10", weft.dtype = "float16"}, tensor<65xi64> {weft.name = "y11", weft.dtype = "int64"}, tensor<65x37xf32> {weft.name = "y12", weft.dtype = "float32"}, tensor<3xf32> {weft.name = "y13", weft.dtype = "float32"}, tensor<8xi32> {weft.name = "y14", weft.dtype = "int32"}, tensor<3xi1> {weft.name = "y15", weft.dtype = "bool"}, tensor<3x256xi1> {weft.name = "y16", weft.dtype = "bool"}, tensor<256x3xi8> {weft.name = "y17", weft.dtype = "int8"}, tensor<3x256xf16> {weft.name = "y18", weft.dtype = "float16"}, tensor<256xi64> {weft.name = "y19", weft.dtype = "int64"}, tensor<256x37xf32> {weft.name = "y20", weft.dtype = "float32"}, tensor<3xf32> {weft.name = "y21", weft.dtype = "float32"}, tensor<8xi32> {weft.name = "y22", weft.dtype = "int32"}, tensor<3xi1> {weft.name = "y23", weft.dtype = "bool"}, tensor<2x1030xf32> {weft.name = "y24", weft.dtype = "float32"}, tensor<2x1032xf32> {weft.name = "y25", weft.dtype = "float32"}, tensor<2x1030x1xf32> {weft.name = "y26", weft.dtype = "float32"}, tensor<2x68x4xf32> {weft.name = "y27", weft.dtype = "float32"}, tensor<5x8xf32> {weft.name = "y28", weft.dtype = "float32"}) {
    %0 = func.call @k0(%a0) : (tensor<3x1xf32>) -> tensor<3x1xi1>
    %1 = func.call @k1(%a1, %a2) : (tensor<3x1xi8>, tensor<1x3xi8>) -> tensor<1x3xi8>
    %2 = func.call @k2(%a3, %a4) : (tensor<3x1xf16>, tensor<1xf16>) -> tensor<3x1xf16>
    %3 = func.call @k3(%a5) : (tensor<1xi32>) -> tensor<1xi64>
    %4 = func.call @k4(%a6, %a7) : (tensor<37x1xf32>, tensor<1x37xf32>) -> tensor<1x37xf32>
    %5 = func.call @k5(%a8) : (tensor<3x1xf32>) -> tensor<3xf32>
    %6 = func.call @k6(%a9) : (tensor<1x8xi32>) -> tensor<8xi32>
    %7 = func.call @k7(%a10) : (tensor<3x1xi1>) -> tensor<3xi1>
    %8 = func.call @k8(%a11) : (tensor<3x65xf32>) -> tensor<3x65xi1>
    %9 = func.call @k9(%a12, %a13) : (tensor<3x65xi8>, tensor<65x3xi8>) -> tensor<65x3xi8>
    %10 = func.call @k10(%a14, %a15) : (tensor<3x65xf16>, tensor<65xf16>) -> tensor<3x65xf16>
    %11 = func.call @k11(%a16) : (tensor<65xi32>) -> tensor<65xi64>
    %12 = func.call @k12(%a17, %a18) : (tensor<37x65xf32>, tensor<65x37xf32>) -> tensor<65x37xf32>
    %13 = func.call @k13(%a19) : (tensor<3x65xf32>) -> tensor<3xf32>
    %14 = func.call @k14(%a20) : (tensor<65x8xi32>) -> tensor<8xi32>
    %15 = func.call @k15(%a21) : (tensor<3x65xi1>) -> tensor<3xi1>
    %16 = func.call @k16(%a22) : (tensor<3x256xf32>) -> tensor<3x256xi1>
    %17 = func.call @k17(%a23, %a24) : (tensor<3x256xi8>, tensor<256x3xi8>) -> tensor<256x3xi8>
    %18 = func.call @k18(%a25, %a26) : (tensor<3x256xf16>, tensor<256xf16>) -> tensor<3x256xf16>
    %19 = func.call @k19(%a27) : (tensor<256xi32>) -> tensor<256xi64>
    %20 = func.call @k20(%a28, %a29) : (tensor<37x256xf32>, tensor<256x37xf32>) -> tensor<256x37xf32>
    %21 = func.call @k21(%a30) : (tensor<3x256xf32>) -> tensor<3xf32>
    %22 = func.call @k22(%a31) : (tensor<256x8xi32>) -> tensor<8xi32>
    %23 = func.call @k23(%a32) : (tensor<3x256xi1>) -> tensor<3xi1>
    %24 = func.call @k24(%a33) : (tensor<2x1030xf32>) -> tensor<2x1030xf32>
    %25 = func.call @k25(%a34) : (tensor<2x1032xf32>) -> tensor<2x1032xf32>
    %26 = func.call @k26(%a35) : (tensor<2x1030x1xf32>) -> tensor<2x1030x1xf32>
    %27 = func.call @k27(%a36, %a37) : (tensor<2x65x4xf32>, tensor<2x3x4xf32>) -> tensor<2x68x4xf32>
    %28 = func.call @k28(%a38, %a39, %a40) : (tensor<5x8xf32>, tensor<9xi32>, tensor<9x8xf32>) -> tensor<5x8xf32>
    return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28 : tensor<3x1xi1>, tensor<1x3xi8>, tensor<3x1xf16>, tensor<1xi64>, tensor<1x37xf32>, tensor<3xf32>, tensor<8xi32>, tensor<3xi1>, tensor<3x65xi1>, tensor<65x3xi8>, tensor<3x65xf16>, tensor<65xi64>, tensor<65x37xf32>, tensor<3xf32>, tensor<8xi32>, tensor<3xi1>, tensor<3x256xi1>, tensor<256x3xi8>, tensor<3x256xf16>, tensor<256xi64>, tensor<256x37xf32>, tensor<3xf32>, tensor<8xi32>, tensor<3xi1>, tensor<2x1030xf32>, tensor<2x1032xf32>, tensor<2x1030x1xf32>, tensor<2x68x4xf32>, tensor<5x8xf32>
  }
  func.func private @k0(%x0: tensor<3x1xf32>) -> tensor<3x1xi1> {
    %e = tensor.empty() : tensor<3x1xi1>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x1xf32>) outs(%e : tensor<3x1xi1>) {
    ^bb0(%p0: f32, %o: i1):
      %h = arith.constant 0.5 : f32
      %s = arith.cmpf ogt, %p0, %h : f32
      linalg.yield %s : i1
    } -> tensor<3x1xi1>
    return %r : tensor<3x1xi1>
  }
  func.func private @k1(%x0: tensor<3x1xi8>, %x1: tensor<1x3xi8>) -> tensor<1x3xi8> {
    %e = tensor.empty() : tensor<1x3xi8>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<3x1xi8>, tensor<1x3xi8>) outs(%e : tensor<1x3xi8>) {
    ^bb0(%p0: i8, %p1: i8, %o: i8):
      %s = arith.addi %p0, %p1 : i8
      linalg.yield %s : i8
    } -> tensor<1x3xi8>
    return %r : tensor<1x3xi8>
  }
  func.func private @k2(%x0: tensor<3x1xf16>, %x1: tensor<1xf16>) -> tensor<3x1xf16> {
    %e = tensor.empty() : tensor<3x1xf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<3x1xf16>, tensor<1xf16>) outs(%e : tensor<3x1xf16>) {
    ^bb0(%p0: f16, %p1: f16, %o: f16):
      %s = arith.addf %p0, %p1 : f16
      linalg.yield %s : f16
    } -> tensor<3x1xf16>
    return %r : tensor<3x1xf16>
  }
  func.func private @k3(%x0: tensor<1xi32>) -> tensor<1xi64> {
    %e = tensor.empty() : tensor<1xi64>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<1xi32>) outs(%e : tensor<1xi64>) {
    ^bb0(%p0: i32, %o: i64):
      %s = arith.extsi %p0 : i32 to i64
      linalg.yield %s : i64
    } -> tensor<1xi64>
    return %r : tensor<1xi64>
  }
  func.func private @k4(%x0: tensor<37x1xf32>, %x1: tensor<1x37xf32>) -> tensor<1x37xf32> {
    %e = tensor.empty() : tensor<1x37xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<37x1xf32>, tensor<1x37xf32>) outs(%e : tensor<1x37xf32>) {
    ^bb0(%p0: f32, %p1: f32, %o: f32):
      %s = arith.addf %p0, %p1 : f32
      linalg.yield %s : f32
    } -> tensor<1x37xf32>
    return %r : tensor<1x37xf32>
  }
  func.func private @k5(%x0: tensor<3x1xf32>) -> tensor<3xf32> {
    %z = arith.constant dense<0.0> : tensor<3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x0 : tensor<3x1xf32>) outs(%z : tensor<3xf32>) {
    ^bb0(%p: f32, %o: f32):
      %s = arith.addf %p, %o : f32
      linalg.yield %s : f32
    } -> tensor<3xf32>
    return %r : tensor<3xf32>
  }
  func.func private @k6(%x0: tensor<1x8xi32>) -> tensor<8xi32> {
    %z = arith.constant dense<-100> : tensor<8xi32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>], iterator_types = ["reduction", "parallel"]} ins(%x0 : tensor<1x8xi32>) outs(%z : tensor<8xi32>) {
    ^bb0(%p: i32, %o: i32):
      %s = arith.maxsi %p, %o : i32
      linalg.yield %s : i32
    } -> tensor<8xi32>
    return %r : tensor<8xi32>
  }
  func.func private @k7(%x0: tensor<3x1xi1>) -> tensor<3xi1> {
    %z = arith.constant dense<false> : tensor<3xi1>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x0 : tensor<3x1xi1>) outs(%z : tensor<3xi1>) {
    ^bb0(%p: i1, %o: i1):
      %s = arith.ori %p, %o : i1
      linalg.yield %s : i1
    } -> tensor<3xi1>
    return %r : tensor<3xi1>
  }
  func.func private @k8(%x0: tensor<3x65xf32>) -> tensor<3x65xi1> {
    %e = tensor.empty() : tensor<3x65xi1>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x65xf32>) outs(%e : tensor<3x65xi1>) {
    ^bb0(%p0: f32, %o: i1):
      %h = arith.constant 0.5 : f32
      %s = arith.cmpf ogt, %p0, %h : f32
      linalg.yield %s : i1
    } -> tensor<3x65xi1>
    return %r : tensor<3x65xi1>
  }
  func.func private @k9(%x0: tensor<3x65xi8>, %x1: tensor<65x3xi8>) -> tensor<65x3xi8> {
    %e = tensor.empty() : tensor<65x3xi8>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<3x65xi8>, tensor<65x3xi8>) outs(%e : tensor<65x3xi8>) {
    ^bb0(%p0: i8, %p1: i8, %o: i8):
      %s = arith.addi %p0, %p1 : i8
      linalg.yield %s : i8
    } -> tensor<65x3xi8>
    return %r : tensor<65x3xi8>
  }
  func.func private @k10(%x0: tensor<3x65xf16>, %x1: tensor<65xf16>) -> tensor<3x65xf16> {
    %e = tensor.empty() : tensor<3x65xf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<3x65xf16>, tensor<65xf16>) outs(%e : tensor<3x65xf16>) {
    ^bb0(%p0: f16, %p1: f16, %o: f16):
      %s = arith.addf %p0, %p1 : f16
      linalg.yield %s : f16
    } -> tensor<3x65xf16>
    return %r : tensor<3x65xf16>
  }
  func.func private @k11(%x0: tensor<65xi32>) -> tensor<65xi64> {
    %e = tensor.empty() : tensor<65xi64>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<65xi32>) outs(%e : tensor<65xi64>) {
    ^bb0(%p0: i32, %o: i64):
      %s = arith.extsi %p0 : i32 to i64
      linalg.yield %s : i64
    } -> tensor<65xi64>
    return %r : tensor<65xi64>
  }
  func.func private @k12(%x0: tensor<37x65xf32>, %x1: tensor<65x37xf32>) -> tensor<65x37xf32> {
    %e = tensor.empty() : tensor<65x37xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<37x65xf32>, tensor<65x37xf32>) outs(%e : tensor<65x37xf32>) {
    ^bb0(%p0: f32, %p1: f32, %o: f32):
      %s = arith.addf %p0, %p1 : f32
      linalg.yield %s : f32
    } -> tensor<65x37xf32>
    return %r : tensor<65x37xf32>
  }
  func.func private @k13(%x0: tensor<3x65xf32>) -> tensor<3xf32> {
    %z = arith.constant dense<0.0> : tensor<3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x0 : tensor<3x65xf32>) outs(%z : tensor<3xf32>) {
    ^bb0(%p: f32, %o: f32):
      %s = arith.addf %p, %o : f32
      linalg.yield %s : f32
    } -> tensor<3xf32>
    return %r : tensor<3xf32>
  }
  func.func private @k14(%x0: tensor<65x8xi32>) -> tensor<8xi32> {
    %z = arith.constant dense<-100> : tensor<8xi32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>], iterator_types = ["reduction", "parallel"]} ins(%x0 : tensor<65x8xi32>) outs(%z : tensor<8xi32>) {
    ^bb0(%p: i32, %o: i32):
      %s = arith.maxsi %p, %o : i32
      linalg.yield %s : i32
    } -> tensor<8xi32>
    return %r : tensor<8xi32>
  }
  func.func private @k15(%x0: tensor<3x65xi1>) -> tensor<3xi1> {
    %z = arith.constant dense<false> : tensor<3xi1>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x0 : tensor<3x65xi1>) outs(%z : tensor<3xi1>) {
    ^bb0(%p: i1, %o: i1):
      %s = arith.ori %p, %o : i1
      linalg.yield %s : i1
    } -> tensor<3xi1>
    return %r : tensor<3xi1>
  }
  func.func private @k16(%x0: tensor<3x256xf32>) -> tensor<3x256xi1> {
    %e = tensor.empty() : tensor<3x256xi1>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0 : tensor<3x256xf32>) outs(%e : tensor<3x256xi1>) {
    ^bb0(%p0: f32, %o: i1):
      %h = arith.constant 0.5 : f32
      %s = arith.cmpf ogt, %p0, %h : f32
      linalg.yield %s : i1
    } -> tensor<3x256xi1>
    return %r : tensor<3x256xi1>
  }
  func.func private @k17(%x0: tensor<3x256xi8>, %x1: tensor<256x3xi8>) -> tensor<256x3xi8> {
    %e = tensor.empty() : tensor<256x3xi8>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<3x256xi8>, tensor<256x3xi8>) outs(%e : tensor<256x3xi8>) {
    ^bb0(%p0: i8, %p1: i8, %o: i8):
      %s = arith.addi %p0, %p1 : i8
      linalg.yield %s : i8
    } -> tensor<256x3xi8>
    return %r : tensor<256x3xi8>
  }
  func.func private @k18(%x0: tensor<3x256xf16>, %x1: tensor<256xf16>) -> tensor<3x256xf16> {
    %e = tensor.empty() : tensor<3x256xf16>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<3x256xf16>, tensor<256xf16>) outs(%e : tensor<3x256xf16>) {
    ^bb0(%p0: f16, %p1: f16, %o: f16):
      %s = arith.addf %p0, %p1 : f16
      linalg.yield %s : f16
    } -> tensor<3x256xf16>
    return %r : tensor<3x256xf16>
  }
  func.func private @k19(%x0: tensor<256xi32>) -> tensor<256xi64> {
    %e = tensor.empty() : tensor<256xi64>
    %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x0 : tensor<256xi32>) outs(%e : tensor<256xi64>) {
    ^bb0(%p0: i32, %o: i64):
      %s = arith.extsi %p0 : i32 to i64
      linalg.yield %s : i64
    } -> tensor<256xi64>
    return %r : tensor<256xi64>
  }
  func.func private @k20(%x0: tensor<37x256xf32>, %x1: tensor<256x37xf32>) -> tensor<256x37xf32> {
    %e = tensor.empty() : tensor<256x37xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x0, %x1 : tensor<37x256xf32>, tensor<256x37xf32>) outs(%e : tensor<256x37xf32>) {
    ^bb0(%p0: f32, %p1: f32, %o: f32):
      %s = arith.addf %p0, %p1 : f32
      linalg.yield %s : f32
    } -> tensor<256x37xf32>
    return %r : tensor<256x37xf32>
  }
  func.func private @k21(%x0: tensor<3x256xf32>) -> tensor<3xf32> {
    %z = arith.constant dense<0.0> : tensor<3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x0 : tensor<3x256xf32>) outs(%z : tensor<3xf32>) {
    ^bb0(%p: f32, %o: f32):
      %s = arith.addf %p, %o : f32
      linalg.yield %s : f32
    } -> tensor<3xf32>
    return %r : tensor<3xf32>
  }
  func.func private @k22(%x0: tensor<256x8xi32>) -> tensor<8xi32> {
    %z = arith.constant dense<-100> : tensor<8xi32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>], iterator_types = ["reduction", "parallel"]} ins(%x0 : tensor<256x8xi32>) outs(%z : tensor<8xi32>) {
    ^bb0(%p: i32, %o: i32):
      %s = arith.maxsi %p, %o : i32
      linalg.yield %s : i32
    } -> tensor<8xi32>
    return %r : tensor<8xi32>
  }
  func.func private @k23(%x0: tensor<3x256xi1>) -> tensor<3xi1> {
    %z = arith.constant dense<false> : tensor<3xi1>
    %r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x0 : tensor<3x256xi1>) outs(%z : tensor<3xi1>) {
    ^bb0(%p: i1, %o: i1):
      %s = arith.ori %p, %o : i1
      linalg.yield %s : i1
    } -> tensor<3xi1>
    return %r : tensor<3xi1>
  }
  func.func private @k24(%x0: tensor<2x1030xf32>) -> tensor<2x1030xf32> {
    %r = "nn.softmax"(%x0) : (tensor<2x1030xf32>) -> tensor<2x1030xf32>
    return %r : tensor<2x1030xf32>
  }
  func.func private @k25(%x0: tensor<2x1032xf32>) -> tensor<2x1032xf32> {
    %r = "nn.layer_norm"(%x0) {epsilon = 1.0e-5 : f32, centred = 1 : i64} : (tensor<2x1032xf32>) -> tensor<2x1032xf32>
    return %r : tensor<2x1032xf32>
  }
  func.func private @k26(%x0: tensor<2x1030x1xf32>) -> tensor<2x1030x1xf32> {
    %r = "nn.cumulative"(%x0) {combine = "add", exclusive = 1 : i64, reverse = 1 : i64} : (tensor<2x1030x1xf32>) -> tensor<2x1030x1xf32>
    return %r : tensor<2x1030x1xf32>
  }
  func.func private @k27(%x0: tensor<2x65x4xf32>, %x1: tensor<2x3x4xf32>) -> tensor<2x68x4xf32> {
    %r = tensor.concat dim(1) %x0, %x1 : (tensor<2x65x4xf32>, tensor<2x3x4xf32>) -> tensor<2x68x4xf32>
    return %r : tensor<2x68x4xf32>
  }
  func.func private @k28(%x0: tensor<5x8xf32>, %x1: tensor<9xi32>, %x2: tensor<9x8xf32>) -> tensor<5x8xf32> {
    %r = "nn.scatter"(%x0, %x1, %x2) {combine = "add"} : (tensor<5x8xf32>, tensor<9xi32>, tensor<9x8xf32>) -> tensor<5x8xf32>
    return %r : tensor<5x8xf32>
  }
}
