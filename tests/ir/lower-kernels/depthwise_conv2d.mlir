// pipeline: builtin.module(schedule,lower-kernels,func.func(canonicalize))
// The middle row is unrolled; the first and last, whose windows reach into the padding, share a loop over the kernel
// rows that lie inside.
module {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%x: memref<1x3x3x4xf32>, %w: memref<3x3x4xf32>, %y: memref<1x3x3x4xf32>) {
      %0 = bufferization.to_tensor %x restrict : memref<1x3x3x4xf32> to tensor<1x3x3x4xf32>
      %1 = bufferization.to_tensor %w restrict : memref<3x3x4xf32> to tensor<3x3x4xf32>
      %2 = "nn.depthwise_conv2d"(%0, %1) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x3x3x4xf32>, tensor<3x3x4xf32>) -> tensor<1x3x3x4xf32>
      bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<1x3x3x4xf32>, memref<1x3x3x4xf32>) -> ()
      return
    }
    func.func @main(%x: memref<1x3x3x4xf32>, %w: memref<3x3x4xf32>, %y: memref<1x3x3x4xf32>) {
      call @k(%x, %w, %y) : (memref<1x3x3x4xf32>, memref<3x3x4xf32>, memref<1x3x3x4xf32>) -> ()
      return
    }
  }
}
// -----  expected
module {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%arg0: memref<1x3x3x4xf32>, %arg1: memref<3x3x4xf32>, %arg2: memref<1x3x3x4xf32>, %arg3: index, %arg4: index) attributes {weft.schedule = {channels = 4 : i64, columns = 3 : i64, rows = 1 : i64, units = 1 : i64}} {
      %c3 = arith.constant 3 : index
      %c2 = arith.constant 2 : index
      %c-1 = arith.constant -1 : index
      %cst = arith.constant dense<0.000000e+00> : vector<4xf32>
      %c4 = arith.constant 4 : index
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      scf.for %arg5 = %arg3 to %arg4 step %c1 {
        %0 = vector.load %arg0[%arg5, %c0, %c0, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        %1 = vector.load %arg1[%c0, %c0, %c0] : memref<3x3x4xf32>, vector<4xf32>
        %2 = arith.mulf %0, %1 fastmath<contract> : vector<4xf32>
        %3 = arith.addf %2, %cst fastmath<contract> : vector<4xf32>
        %4 = vector.load %arg1[%c0, %c1, %c0] : memref<3x3x4xf32>, vector<4xf32>
        %5 = arith.mulf %0, %4 fastmath<contract> : vector<4xf32>
        %6 = arith.addf %5, %cst fastmath<contract> : vector<4xf32>
        %7 = vector.load %arg0[%arg5, %c0, %c1, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        %8 = arith.mulf %7, %1 fastmath<contract> : vector<4xf32>
        %9 = arith.addf %8, %cst fastmath<contract> : vector<4xf32>
        %10 = arith.mulf %7, %4 fastmath<contract> : vector<4xf32>
        %11 = arith.addf %10, %3 fastmath<contract> : vector<4xf32>
        %12 = vector.load %arg1[%c0, %c2, %c0] : memref<3x3x4xf32>, vector<4xf32>
        %13 = arith.mulf %7, %12 fastmath<contract> : vector<4xf32>
        %14 = arith.addf %13, %6 fastmath<contract> : vector<4xf32>
        %15 = vector.load %arg0[%arg5, %c0, %c2, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        %16 = arith.mulf %15, %4 fastmath<contract> : vector<4xf32>
        %17 = arith.addf %16, %9 fastmath<contract> : vector<4xf32>
        %18 = arith.mulf %15, %12 fastmath<contract> : vector<4xf32>
        %19 = arith.addf %18, %11 fastmath<contract> : vector<4xf32>
        %20 = vector.load %arg0[%arg5, %c1, %c0, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        %21 = vector.load %arg1[%c1, %c0, %c0] : memref<3x3x4xf32>, vector<4xf32>
        %22 = arith.mulf %20, %21 fastmath<contract> : vector<4xf32>
        %23 = arith.addf %22, %19 fastmath<contract> : vector<4xf32>
        %24 = vector.load %arg1[%c1, %c1, %c0] : memref<3x3x4xf32>, vector<4xf32>
        %25 = arith.mulf %20, %24 fastmath<contract> : vector<4xf32>
        %26 = arith.addf %25, %14 fastmath<contract> : vector<4xf32>
        %27 = vector.load %arg0[%arg5, %c1, %c1, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        %28 = arith.mulf %27, %21 fastmath<contract> : vector<4xf32>
        %29 = arith.addf %28, %17 fastmath<contract> : vector<4xf32>
        %30 = arith.mulf %27, %24 fastmath<contract> : vector<4xf32>
        %31 = arith.addf %30, %23 fastmath<contract> : vector<4xf32>
        %32 = vector.load %arg1[%c1, %c2, %c0] : memref<3x3x4xf32>, vector<4xf32>
        %33 = arith.mulf %27, %32 fastmath<contract> : vector<4xf32>
        %34 = arith.addf %33, %26 fastmath<contract> : vector<4xf32>
        %35 = vector.load %arg0[%arg5, %c1, %c2, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        %36 = arith.mulf %35, %24 fastmath<contract> : vector<4xf32>
        %37 = arith.addf %36, %29 fastmath<contract> : vector<4xf32>
        %38 = arith.mulf %35, %32 fastmath<contract> : vector<4xf32>
        %39 = arith.addf %38, %31 fastmath<contract> : vector<4xf32>
        %40 = vector.load %arg0[%arg5, %c2, %c0, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        %41 = vector.load %arg1[%c2, %c0, %c0] : memref<3x3x4xf32>, vector<4xf32>
        %42 = arith.mulf %40, %41 fastmath<contract> : vector<4xf32>
        %43 = arith.addf %42, %39 fastmath<contract> : vector<4xf32>
        %44 = vector.load %arg1[%c2, %c1, %c0] : memref<3x3x4xf32>, vector<4xf32>
        %45 = arith.mulf %40, %44 fastmath<contract> : vector<4xf32>
        %46 = arith.addf %45, %34 fastmath<contract> : vector<4xf32>
        %47 = vector.load %arg0[%arg5, %c2, %c1, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        %48 = arith.mulf %47, %41 fastmath<contract> : vector<4xf32>
        %49 = arith.addf %48, %37 fastmath<contract> : vector<4xf32>
        %50 = arith.mulf %47, %44 fastmath<contract> : vector<4xf32>
        %51 = arith.addf %50, %43 fastmath<contract> : vector<4xf32>
        %52 = vector.load %arg1[%c2, %c2, %c0] : memref<3x3x4xf32>, vector<4xf32>
        %53 = arith.mulf %47, %52 fastmath<contract> : vector<4xf32>
        %54 = arith.addf %53, %46 fastmath<contract> : vector<4xf32>
        %55 = vector.load %arg0[%arg5, %c2, %c2, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        %56 = arith.mulf %55, %44 fastmath<contract> : vector<4xf32>
        %57 = arith.addf %56, %49 fastmath<contract> : vector<4xf32>
        %58 = arith.mulf %55, %52 fastmath<contract> : vector<4xf32>
        %59 = arith.addf %58, %51 fastmath<contract> : vector<4xf32>
        vector.store %54, %arg2[%arg5, %c1, %c0, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        vector.store %59, %arg2[%arg5, %c1, %c1, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        vector.store %57, %arg2[%arg5, %c1, %c2, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        scf.for %arg6 = %c0 to %c2 step %c1 {
          %60 = arith.cmpi slt, %arg6, %c1 : index
          %61 = arith.addi %arg6, %c1 : index
          %62 = arith.select %60, %arg6, %61 : index
          %63 = arith.subi %c1, %62 : index
          %64 = arith.maxsi %63, %c0 : index
          %65 = arith.subi %c4, %62 : index
          %66 = arith.maxsi %65, %c0 : index
          %67 = arith.minsi %66, %c3 : index
          %68:3 = scf.for %arg7 = %64 to %67 step %c1 iter_args(%arg8 = %cst, %arg9 = %cst, %arg10 = %cst) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>) {
            %69 = arith.addi %62, %arg7 : index
            %70 = arith.addi %69, %c-1 : index
            %71 = vector.load %arg0[%arg5, %70, %c0, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
            %72 = vector.load %arg1[%arg7, %c0, %c0] : memref<3x3x4xf32>, vector<4xf32>
            %73 = arith.mulf %71, %72 fastmath<contract> : vector<4xf32>
            %74 = arith.addf %73, %arg9 fastmath<contract> : vector<4xf32>
            %75 = vector.load %arg1[%arg7, %c1, %c0] : memref<3x3x4xf32>, vector<4xf32>
            %76 = arith.mulf %71, %75 fastmath<contract> : vector<4xf32>
            %77 = arith.addf %76, %arg8 fastmath<contract> : vector<4xf32>
            %78 = vector.load %arg0[%arg5, %70, %c1, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
            %79 = arith.mulf %78, %72 fastmath<contract> : vector<4xf32>
            %80 = arith.addf %79, %arg10 fastmath<contract> : vector<4xf32>
            %81 = arith.mulf %78, %75 fastmath<contract> : vector<4xf32>
            %82 = arith.addf %81, %74 fastmath<contract> : vector<4xf32>
            %83 = vector.load %arg1[%arg7, %c2, %c0] : memref<3x3x4xf32>, vector<4xf32>
            %84 = arith.mulf %78, %83 fastmath<contract> : vector<4xf32>
            %85 = arith.addf %84, %77 fastmath<contract> : vector<4xf32>
            %86 = vector.load %arg0[%arg5, %70, %c2, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
            %87 = arith.mulf %86, %75 fastmath<contract> : vector<4xf32>
            %88 = arith.addf %87, %80 fastmath<contract> : vector<4xf32>
            %89 = arith.mulf %86, %83 fastmath<contract> : vector<4xf32>
            %90 = arith.addf %89, %82 fastmath<contract> : vector<4xf32>
            scf.yield %85, %90, %88 : vector<4xf32>, vector<4xf32>, vector<4xf32>
          }
          vector.store %68#0, %arg2[%arg5, %62, %c0, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
          vector.store %68#1, %arg2[%arg5, %62, %c1, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
          vector.store %68#2, %arg2[%arg5, %62, %c2, %c0] : memref<1x3x3x4xf32>, vector<4xf32>
        }
      }
      return
    }
    func.func @main(%arg0: memref<1x3x3x4xf32>, %arg1: memref<3x3x4xf32>, %arg2: memref<1x3x3x4xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      call @k(%arg0, %arg1, %arg2, %c0, %c1) : (memref<1x3x3x4xf32>, memref<3x3x4xf32>, memref<1x3x3x4xf32>, index, index) -> ()
      return
    }
  }
}
