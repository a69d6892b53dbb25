// pipeline: builtin.module(schedule,lower-kernels,func.func(canonicalize))
// Implicit GEMM: the sum runs over kernel rows, then over the contiguous taps and channels of one; a tile's rows are
// neighbours in one output row. Small weights: output rows are outermost.
module {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%x: memref<1x3x5x2xf32>, %w: memref<1x1x12x8xf32>, %y: memref<1x2x2x4xf32>) {
      %0 = bufferization.to_tensor %x restrict : memref<1x3x5x2xf32> to tensor<1x3x5x2xf32>
      %1 = bufferization.to_tensor %w restrict : memref<1x1x12x8xf32> to tensor<1x1x12x8xf32>
      %2 = "nn.conv2d"(%0, %1) {kernel = array<i64: 2, 3>, strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, channels = 4 : i64, panel = 8 : i64} : (tensor<1x3x5x2xf32>, tensor<1x1x12x8xf32>) -> tensor<1x2x2x4xf32>
      bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<1x2x2x4xf32>, memref<1x2x2x4xf32>) -> ()
      return
    }
    func.func @main(%x: memref<1x3x5x2xf32>, %w: memref<1x1x12x8xf32>, %y: memref<1x2x2x4xf32>) {
      call @k(%x, %w, %y) : (memref<1x3x5x2xf32>, memref<1x1x12x8xf32>, memref<1x2x2x4xf32>) -> ()
      return
    }
  }
}
// -----  expected
module {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%arg0: memref<1x3x5x2xf32>, %arg1: memref<1x1x12x8xf32>, %arg2: memref<1x2x2x4xf32>, %arg3: index, %arg4: index) attributes {weft.schedule = {by_rows = 1 : i64, rows = 6 : i64, units = 2 : i64}} {
      %c5 = arith.constant 5 : index
      %c4 = arith.constant 4 : index
      %c6 = arith.constant 6 : index
      %cst = arith.constant dense<0.000000e+00> : vector<4xf32>
      %c2 = arith.constant 2 : index
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %collapse_shape = memref.collapse_shape %arg0 [[0], [1], [2, 3]] : memref<1x3x5x2xf32> into memref<1x3x10xf32>
      scf.for %arg5 = %arg3 to %arg4 step %c1 {
        %0:4 = scf.for %arg6 = %c0 to %c2 step %c1 iter_args(%arg7 = %cst, %arg8 = %cst, %arg9 = %cst, %arg10 = %cst) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>) {
          %3:4 = scf.for %arg11 = %c0 to %c6 step %c2 iter_args(%arg12 = %arg7, %arg13 = %arg8, %arg14 = %arg9, %arg15 = %arg10) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>) {
            %4 = arith.muli %arg6, %c6 : index
            %5 = arith.addi %arg11, %4 : index
            %6 = vector.load %arg1[%c0, %c0, %5, %c0] : memref<1x1x12x8xf32>, vector<4xf32>
            %7 = arith.addi %arg5, %arg6 : index
            %8 = memref.load %collapse_shape[%c0, %7, %arg11] : memref<1x3x10xf32>
            %9 = vector.broadcast %8 : f32 to vector<4xf32>
            %10 = arith.mulf %9, %6 fastmath<contract> : vector<4xf32>
            %11 = arith.addf %10, %arg12 fastmath<contract> : vector<4xf32>
            %12 = arith.addi %arg5, %arg6 : index
            %13 = arith.addi %arg11, %c4 : index
            %14 = memref.load %collapse_shape[%c0, %12, %13] : memref<1x3x10xf32>
            %15 = vector.broadcast %14 : f32 to vector<4xf32>
            %16 = arith.mulf %15, %6 fastmath<contract> : vector<4xf32>
            %17 = arith.addf %16, %arg13 fastmath<contract> : vector<4xf32>
            %18 = arith.addi %arg11, %c1 : index
            %19 = arith.muli %arg6, %c6 : index
            %20 = arith.addi %18, %19 : index
            %21 = vector.load %arg1[%c0, %c0, %20, %c0] : memref<1x1x12x8xf32>, vector<4xf32>
            %22 = arith.addi %arg5, %arg6 : index
            %23 = memref.load %collapse_shape[%c0, %22, %18] : memref<1x3x10xf32>
            %24 = vector.broadcast %23 : f32 to vector<4xf32>
            %25 = arith.mulf %24, %21 fastmath<contract> : vector<4xf32>
            %26 = arith.addf %25, %arg14 fastmath<contract> : vector<4xf32>
            %27 = arith.addi %arg5, %arg6 : index
            %28 = arith.addi %arg11, %c5 : index
            %29 = memref.load %collapse_shape[%c0, %27, %28] : memref<1x3x10xf32>
            %30 = vector.broadcast %29 : f32 to vector<4xf32>
            %31 = arith.mulf %30, %21 fastmath<contract> : vector<4xf32>
            %32 = arith.addf %31, %arg15 fastmath<contract> : vector<4xf32>
            scf.yield %11, %17, %26, %32 : vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>
          }
          scf.yield %3#0, %3#1, %3#2, %3#3 : vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>
        }
        %1 = arith.addf %0#0, %0#2 : vector<4xf32>
        %2 = arith.addf %0#1, %0#3 : vector<4xf32>
        vector.store %1, %arg2[%c0, %arg5, %c0, %c0] : memref<1x2x2x4xf32>, vector<4xf32>
        vector.store %2, %arg2[%c0, %arg5, %c1, %c0] : memref<1x2x2x4xf32>, vector<4xf32>
      }
      return
    }
    func.func @main(%arg0: memref<1x3x5x2xf32>, %arg1: memref<1x1x12x8xf32>, %arg2: memref<1x2x2x4xf32>) {
      %c0 = arith.constant 0 : index
      %c2 = arith.constant 2 : index
      call @k(%arg0, %arg1, %arg2, %c0, %c2) : (memref<1x3x5x2xf32>, memref<1x1x12x8xf32>, memref<1x2x2x4xf32>, index, index) -> ()
      return
    }
  }
}
