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
      %c9 = arith.constant 9 : index
      %c8 = arith.constant 8 : index
      %c7 = arith.constant 7 : index
      %c3 = arith.constant 3 : index
      %c5 = arith.constant 5 : index
      %c6 = arith.constant 6 : index
      %cst = arith.constant dense<0.000000e+00> : vector<4xf32>
      %c2 = arith.constant 2 : index
      %c4 = arith.constant 4 : index
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %collapse_shape = memref.collapse_shape %arg0 [[0], [1], [2, 3]] : memref<1x3x5x2xf32> into memref<1x3x10xf32>
      scf.for %arg5 = %arg3 to %arg4 step %c1 {
        %0:8 = scf.for %arg6 = %c0 to %c2 step %c1 iter_args(%arg7 = %cst, %arg8 = %cst, %arg9 = %cst, %arg10 = %cst, %arg11 = %cst, %arg12 = %cst, %arg13 = %cst, %arg14 = %cst) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>) {
          %7 = arith.muli %arg6, %c6 : index
          %8 = vector.load %arg1[%c0, %c0, %7, %c0] : memref<1x1x12x8xf32>, vector<4xf32>
          %9 = arith.addi %arg5, %arg6 : index
          %10 = memref.load %collapse_shape[%c0, %9, %c0] : memref<1x3x10xf32>
          %11 = vector.broadcast %10 : f32 to vector<4xf32>
          %12 = arith.mulf %11, %8 fastmath<contract> : vector<4xf32>
          %13 = arith.addf %12, %arg7 fastmath<contract> : vector<4xf32>
          %14 = arith.addi %arg5, %arg6 : index
          %15 = memref.load %collapse_shape[%c0, %14, %c4] : memref<1x3x10xf32>
          %16 = vector.broadcast %15 : f32 to vector<4xf32>
          %17 = arith.mulf %16, %8 fastmath<contract> : vector<4xf32>
          %18 = arith.addf %17, %arg8 fastmath<contract> : vector<4xf32>
          %19 = arith.muli %arg6, %c6 : index
          %20 = arith.addi %19, %c1 : index
          %21 = vector.load %arg1[%c0, %c0, %20, %c0] : memref<1x1x12x8xf32>, vector<4xf32>
          %22 = arith.addi %arg5, %arg6 : index
          %23 = memref.load %collapse_shape[%c0, %22, %c1] : memref<1x3x10xf32>
          %24 = vector.broadcast %23 : f32 to vector<4xf32>
          %25 = arith.mulf %24, %21 fastmath<contract> : vector<4xf32>
          %26 = arith.addf %25, %arg9 fastmath<contract> : vector<4xf32>
          %27 = arith.addi %arg5, %arg6 : index
          %28 = memref.load %collapse_shape[%c0, %27, %c5] : memref<1x3x10xf32>
          %29 = vector.broadcast %28 : f32 to vector<4xf32>
          %30 = arith.mulf %29, %21 fastmath<contract> : vector<4xf32>
          %31 = arith.addf %30, %arg10 fastmath<contract> : vector<4xf32>
          %32 = arith.muli %arg6, %c6 : index
          %33 = arith.addi %32, %c2 : index
          %34 = vector.load %arg1[%c0, %c0, %33, %c0] : memref<1x1x12x8xf32>, vector<4xf32>
          %35 = arith.addi %arg5, %arg6 : index
          %36 = memref.load %collapse_shape[%c0, %35, %c2] : memref<1x3x10xf32>
          %37 = vector.broadcast %36 : f32 to vector<4xf32>
          %38 = arith.mulf %37, %34 fastmath<contract> : vector<4xf32>
          %39 = arith.addf %38, %arg11 fastmath<contract> : vector<4xf32>
          %40 = arith.addi %arg5, %arg6 : index
          %41 = memref.load %collapse_shape[%c0, %40, %c6] : memref<1x3x10xf32>
          %42 = vector.broadcast %41 : f32 to vector<4xf32>
          %43 = arith.mulf %42, %34 fastmath<contract> : vector<4xf32>
          %44 = arith.addf %43, %arg12 fastmath<contract> : vector<4xf32>
          %45 = arith.muli %arg6, %c6 : index
          %46 = arith.addi %45, %c3 : index
          %47 = vector.load %arg1[%c0, %c0, %46, %c0] : memref<1x1x12x8xf32>, vector<4xf32>
          %48 = arith.addi %arg5, %arg6 : index
          %49 = memref.load %collapse_shape[%c0, %48, %c3] : memref<1x3x10xf32>
          %50 = vector.broadcast %49 : f32 to vector<4xf32>
          %51 = arith.mulf %50, %47 fastmath<contract> : vector<4xf32>
          %52 = arith.addf %51, %arg13 fastmath<contract> : vector<4xf32>
          %53 = arith.addi %arg5, %arg6 : index
          %54 = memref.load %collapse_shape[%c0, %53, %c7] : memref<1x3x10xf32>
          %55 = vector.broadcast %54 : f32 to vector<4xf32>
          %56 = arith.mulf %55, %47 fastmath<contract> : vector<4xf32>
          %57 = arith.addf %56, %arg14 fastmath<contract> : vector<4xf32>
          %58 = arith.muli %arg6, %c6 : index
          %59 = arith.addi %58, %c4 : index
          %60 = vector.load %arg1[%c0, %c0, %59, %c0] : memref<1x1x12x8xf32>, vector<4xf32>
          %61 = arith.addi %arg5, %arg6 : index
          %62 = memref.load %collapse_shape[%c0, %61, %c4] : memref<1x3x10xf32>
          %63 = vector.broadcast %62 : f32 to vector<4xf32>
          %64 = arith.mulf %63, %60 fastmath<contract> : vector<4xf32>
          %65 = arith.addf %64, %13 fastmath<contract> : vector<4xf32>
          %66 = arith.addi %arg5, %arg6 : index
          %67 = memref.load %collapse_shape[%c0, %66, %c8] : memref<1x3x10xf32>
          %68 = vector.broadcast %67 : f32 to vector<4xf32>
          %69 = arith.mulf %68, %60 fastmath<contract> : vector<4xf32>
          %70 = arith.addf %69, %18 fastmath<contract> : vector<4xf32>
          %71 = arith.muli %arg6, %c6 : index
          %72 = arith.addi %71, %c5 : index
          %73 = vector.load %arg1[%c0, %c0, %72, %c0] : memref<1x1x12x8xf32>, vector<4xf32>
          %74 = arith.addi %arg5, %arg6 : index
          %75 = memref.load %collapse_shape[%c0, %74, %c5] : memref<1x3x10xf32>
          %76 = vector.broadcast %75 : f32 to vector<4xf32>
          %77 = arith.mulf %76, %73 fastmath<contract> : vector<4xf32>
          %78 = arith.addf %77, %65 fastmath<contract> : vector<4xf32>
          %79 = arith.addi %arg5, %arg6 : index
          %80 = memref.load %collapse_shape[%c0, %79, %c9] : memref<1x3x10xf32>
          %81 = vector.broadcast %80 : f32 to vector<4xf32>
          %82 = arith.mulf %81, %73 fastmath<contract> : vector<4xf32>
          %83 = arith.addf %82, %70 fastmath<contract> : vector<4xf32>
          scf.yield %78, %83, %26, %31, %39, %44, %52, %57 : vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>
        }
        %1 = arith.addf %0#0, %0#2 : vector<4xf32>
        %2 = arith.addf %0#1, %0#3 : vector<4xf32>
        %3 = arith.addf %1, %0#4 : vector<4xf32>
        %4 = arith.addf %2, %0#5 : vector<4xf32>
        %5 = arith.addf %3, %0#6 : vector<4xf32>
        %6 = arith.addf %4, %0#7 : vector<4xf32>
        vector.store %5, %arg2[%c0, %arg5, %c0, %c0] : memref<1x2x2x4xf32>, vector<4xf32>
        vector.store %6, %arg2[%c0, %arg5, %c1, %c0] : memref<1x2x2x4xf32>, vector<4xf32>
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
