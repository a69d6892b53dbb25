// pipeline: builtin.module(schedule,lower-kernels,func.func(canonicalize))
// Time runs inside the kernel; the gates stand behind the products of their eight units.
module {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%x: memref<3x1x32xf32>, %r: memref<1x1x8x32xf32>, %h: memref<1x8xf32>, %c: memref<1x8xf32>, %p: memref<0x8xf32>, %l: memref<0xi32>, %y: memref<2x4x1x8xf32>) {
      %0 = bufferization.to_tensor %x restrict : memref<3x1x32xf32> to tensor<3x1x32xf32>
      %1 = bufferization.to_tensor %r restrict : memref<1x1x8x32xf32> to tensor<1x1x8x32xf32>
      %2 = bufferization.to_tensor %h restrict : memref<1x8xf32> to tensor<1x8xf32>
      %3 = bufferization.to_tensor %c restrict : memref<1x8xf32> to tensor<1x8xf32>
      %4 = bufferization.to_tensor %p restrict : memref<0x8xf32> to tensor<0x8xf32>
      %5 = bufferization.to_tensor %l restrict : memref<0xi32> to tensor<0xi32>
      %6 = "nn.lstm"(%0, %1, %2, %3, %4, %5) {panel = 8 : i64, reverse = 0 : i64, activations = "Sigmoid Tanh Tanh", clip = 0.0 : f32, input_forget = 0 : i64} : (tensor<3x1x32xf32>, tensor<1x1x8x32xf32>, tensor<1x8xf32>, tensor<1x8xf32>, tensor<0x8xf32>, tensor<0xi32>) -> tensor<2x4x1x8xf32>
      bufferization.materialize_in_destination %6 in restrict writable %y : (tensor<2x4x1x8xf32>, memref<2x4x1x8xf32>) -> ()
      return
    }
  }
}
// -----  expected
module {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%arg0: memref<3x1x32xf32>, %arg1: memref<1x1x8x32xf32>, %arg2: memref<1x8xf32>, %arg3: memref<1x8xf32>, %arg4: memref<0x8xf32>, %arg5: memref<0xi32>, %arg6: memref<2x4x1x8xf32>, %arg7: index, %arg8: index) attributes {weft.schedule = {units = 1 : i64, ways = 1 : i64}} {
      %cst = arith.constant dense<1.000000e+00> : vector<4xf32>
      %c28 = arith.constant 28 : index
      %c24 = arith.constant 24 : index
      %c20 = arith.constant 20 : index
      %c16 = arith.constant 16 : index
      %c12 = arith.constant 12 : index
      %cst_0 = arith.constant dense<0.000000e+00> : vector<4xf32>
      %c3 = arith.constant 3 : index
      %c4 = arith.constant 4 : index
      %c8 = arith.constant 8 : index
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      scf.for %arg9 = %arg7 to %arg8 step %c1 {
        scf.for %arg10 = %c0 to %c8 step %c4 {
          %0 = vector.load %arg2[%arg9, %arg10] : memref<1x8xf32>, vector<4xf32>
          vector.store %0, %arg6[%c0, %c0, %arg9, %arg10] : memref<2x4x1x8xf32>, vector<4xf32>
        }
        scf.for %arg10 = %c0 to %c8 step %c4 {
          %0 = vector.load %arg3[%arg9, %arg10] : memref<1x8xf32>, vector<4xf32>
          vector.store %0, %arg6[%c1, %c0, %arg9, %arg10] : memref<2x4x1x8xf32>, vector<4xf32>
        }
        scf.for %arg10 = %c0 to %c3 step %c1 {
          %0 = arith.addi %arg10, %c1 : index
          %1:8 = scf.for %arg11 = %c0 to %c8 step %c1 iter_args(%arg12 = %cst_0, %arg13 = %cst_0, %arg14 = %cst_0, %arg15 = %cst_0, %arg16 = %cst_0, %arg17 = %cst_0, %arg18 = %cst_0, %arg19 = %cst_0) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>) {
            %56 = memref.load %arg6[%c0, %arg10, %arg9, %arg11] : memref<2x4x1x8xf32>
            %57 = vector.broadcast %56 : f32 to vector<4xf32>
            %58 = vector.load %arg1[%c0, %c0, %arg11, %c0] : memref<1x1x8x32xf32>, vector<4xf32>
            %59 = arith.mulf %57, %58 fastmath<contract> : vector<4xf32>
            %60 = arith.addf %59, %arg12 fastmath<contract> : vector<4xf32>
            %61 = vector.load %arg1[%c0, %c0, %arg11, %c4] : memref<1x1x8x32xf32>, vector<4xf32>
            %62 = arith.mulf %57, %61 fastmath<contract> : vector<4xf32>
            %63 = arith.addf %62, %arg13 fastmath<contract> : vector<4xf32>
            %64 = vector.load %arg1[%c0, %c0, %arg11, %c8] : memref<1x1x8x32xf32>, vector<4xf32>
            %65 = arith.mulf %57, %64 fastmath<contract> : vector<4xf32>
            %66 = arith.addf %65, %arg14 fastmath<contract> : vector<4xf32>
            %67 = vector.load %arg1[%c0, %c0, %arg11, %c12] : memref<1x1x8x32xf32>, vector<4xf32>
            %68 = arith.mulf %57, %67 fastmath<contract> : vector<4xf32>
            %69 = arith.addf %68, %arg15 fastmath<contract> : vector<4xf32>
            %70 = vector.load %arg1[%c0, %c0, %arg11, %c16] : memref<1x1x8x32xf32>, vector<4xf32>
            %71 = arith.mulf %57, %70 fastmath<contract> : vector<4xf32>
            %72 = arith.addf %71, %arg16 fastmath<contract> : vector<4xf32>
            %73 = vector.load %arg1[%c0, %c0, %arg11, %c20] : memref<1x1x8x32xf32>, vector<4xf32>
            %74 = arith.mulf %57, %73 fastmath<contract> : vector<4xf32>
            %75 = arith.addf %74, %arg17 fastmath<contract> : vector<4xf32>
            %76 = vector.load %arg1[%c0, %c0, %arg11, %c24] : memref<1x1x8x32xf32>, vector<4xf32>
            %77 = arith.mulf %57, %76 fastmath<contract> : vector<4xf32>
            %78 = arith.addf %77, %arg18 fastmath<contract> : vector<4xf32>
            %79 = vector.load %arg1[%c0, %c0, %arg11, %c28] : memref<1x1x8x32xf32>, vector<4xf32>
            %80 = arith.mulf %57, %79 fastmath<contract> : vector<4xf32>
            %81 = arith.addf %80, %arg19 fastmath<contract> : vector<4xf32>
            scf.yield %60, %63, %66, %69, %72, %75, %78, %81 : vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>
          }
          %2 = vector.load %arg6[%c1, %arg10, %arg9, %c0] : memref<2x4x1x8xf32>, vector<4xf32>
          %3 = vector.load %arg0[%arg10, %arg9, %c0] : memref<3x1x32xf32>, vector<4xf32>
          %4 = arith.addf %3, %1#0 : vector<4xf32>
          %5 = arith.negf %4 : vector<4xf32>
          %6 = math.exp %5 : vector<4xf32>
          %7 = arith.addf %6, %cst : vector<4xf32>
          %8 = arith.divf %cst, %7 : vector<4xf32>
          %9 = vector.load %arg0[%arg10, %arg9, %c16] : memref<3x1x32xf32>, vector<4xf32>
          %10 = arith.addf %9, %1#4 : vector<4xf32>
          %11 = arith.negf %10 : vector<4xf32>
          %12 = math.exp %11 : vector<4xf32>
          %13 = arith.addf %12, %cst : vector<4xf32>
          %14 = arith.divf %cst, %13 : vector<4xf32>
          %15 = arith.mulf %14, %2 : vector<4xf32>
          %16 = vector.load %arg0[%arg10, %arg9, %c24] : memref<3x1x32xf32>, vector<4xf32>
          %17 = arith.addf %16, %1#6 : vector<4xf32>
          %18 = math.tanh %17 : vector<4xf32>
          %19 = arith.mulf %8, %18 : vector<4xf32>
          %20 = arith.addf %15, %19 : vector<4xf32>
          vector.store %20, %arg6[%c1, %0, %arg9, %c0] : memref<2x4x1x8xf32>, vector<4xf32>
          %21 = vector.load %arg0[%arg10, %arg9, %c8] : memref<3x1x32xf32>, vector<4xf32>
          %22 = arith.addf %21, %1#2 : vector<4xf32>
          %23 = arith.negf %22 : vector<4xf32>
          %24 = math.exp %23 : vector<4xf32>
          %25 = arith.addf %24, %cst : vector<4xf32>
          %26 = arith.divf %cst, %25 : vector<4xf32>
          %27 = math.tanh %20 : vector<4xf32>
          %28 = arith.mulf %26, %27 : vector<4xf32>
          vector.store %28, %arg6[%c0, %0, %arg9, %c0] : memref<2x4x1x8xf32>, vector<4xf32>
          %29 = vector.load %arg6[%c1, %arg10, %arg9, %c4] : memref<2x4x1x8xf32>, vector<4xf32>
          %30 = vector.load %arg0[%arg10, %arg9, %c4] : memref<3x1x32xf32>, vector<4xf32>
          %31 = arith.addf %30, %1#1 : vector<4xf32>
          %32 = arith.negf %31 : vector<4xf32>
          %33 = math.exp %32 : vector<4xf32>
          %34 = arith.addf %33, %cst : vector<4xf32>
          %35 = arith.divf %cst, %34 : vector<4xf32>
          %36 = vector.load %arg0[%arg10, %arg9, %c20] : memref<3x1x32xf32>, vector<4xf32>
          %37 = arith.addf %36, %1#5 : vector<4xf32>
          %38 = arith.negf %37 : vector<4xf32>
          %39 = math.exp %38 : vector<4xf32>
          %40 = arith.addf %39, %cst : vector<4xf32>
          %41 = arith.divf %cst, %40 : vector<4xf32>
          %42 = arith.mulf %41, %29 : vector<4xf32>
          %43 = vector.load %arg0[%arg10, %arg9, %c28] : memref<3x1x32xf32>, vector<4xf32>
          %44 = arith.addf %43, %1#7 : vector<4xf32>
          %45 = math.tanh %44 : vector<4xf32>
          %46 = arith.mulf %35, %45 : vector<4xf32>
          %47 = arith.addf %42, %46 : vector<4xf32>
          vector.store %47, %arg6[%c1, %0, %arg9, %c4] : memref<2x4x1x8xf32>, vector<4xf32>
          %48 = vector.load %arg0[%arg10, %arg9, %c12] : memref<3x1x32xf32>, vector<4xf32>
          %49 = arith.addf %48, %1#3 : vector<4xf32>
          %50 = arith.negf %49 : vector<4xf32>
          %51 = math.exp %50 : vector<4xf32>
          %52 = arith.addf %51, %cst : vector<4xf32>
          %53 = arith.divf %cst, %52 : vector<4xf32>
          %54 = math.tanh %47 : vector<4xf32>
          %55 = arith.mulf %53, %54 : vector<4xf32>
          vector.store %55, %arg6[%c0, %0, %arg9, %c4] : memref<2x4x1x8xf32>, vector<4xf32>
        }
      }
      return
    }
  }
}
