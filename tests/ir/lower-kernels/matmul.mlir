// pipeline: builtin.module(schedule,lower-kernels,func.func(canonicalize))
// Two rows, five columns: one vector and one lane of the second; few sums, so K is summed in independent ways.
module {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%x: memref<1x2x4xf32>, %w: memref<1x1x4x8xf32>, %b: memref<5xf32>, %y: memref<1x2x5xf32>) {
      %0 = bufferization.to_tensor %x restrict : memref<1x2x4xf32> to tensor<1x2x4xf32>
      %1 = bufferization.to_tensor %w restrict : memref<1x1x4x8xf32> to tensor<1x1x4x8xf32>
      %2 = bufferization.to_tensor %b restrict : memref<5xf32> to tensor<5xf32>
      %3 = "nn.matmul"(%0, %1) {columns = 5 : i64, panel = 8 : i64} : (tensor<1x2x4xf32>, tensor<1x1x4x8xf32>) -> tensor<1x2x5xf32>
      %e = tensor.empty() : tensor<1x2x5xf32>
      %4 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>],
          iterator_types = ["parallel", "parallel", "parallel"]} ins(%3, %2 : tensor<1x2x5xf32>, tensor<5xf32>) outs(%e : tensor<1x2x5xf32>) {
      ^bb0(%a: f32, %c: f32, %o: f32):
        %s = arith.addf %a, %c : f32
        linalg.yield %s : f32
      } -> tensor<1x2x5xf32>
      bufferization.materialize_in_destination %4 in restrict writable %y : (tensor<1x2x5xf32>, memref<1x2x5xf32>) -> ()
      return
    }
    func.func @main(%x: memref<1x2x4xf32>, %w: memref<1x1x4x8xf32>, %b: memref<5xf32>, %y: memref<1x2x5xf32>) {
      call @k(%x, %w, %b, %y) : (memref<1x2x4xf32>, memref<1x1x4x8xf32>, memref<5xf32>, memref<1x2x5xf32>) -> ()
      return
    }
  }
}
// -----  expected
module {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%arg0: memref<1x2x4xf32>, %arg1: memref<1x1x4x8xf32>, %arg2: memref<5xf32>, %arg3: memref<1x2x5xf32>, %arg4: index, %arg5: index) attributes {weft.schedule = {block = 0 : i64, rows = 6 : i64, units = 1 : i64}} {
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %c4 = arith.constant 4 : index
      %cst = arith.constant dense<0.000000e+00> : vector<4xf32>
      %c0 = arith.constant 0 : index
      %0 = arith.cmpi sgt, %arg5, %c0 : index
      scf.if %0 {
        %1:8 = scf.for %arg6 = %c0 to %c4 step %c2 iter_args(%arg7 = %cst, %arg8 = %cst, %arg9 = %cst, %arg10 = %cst, %arg11 = %cst, %arg12 = %cst, %arg13 = %cst, %arg14 = %cst) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>) {
          %14 = vector.load %arg1[%c0, %c0, %arg6, %c0] : memref<1x1x4x8xf32>, vector<4xf32>
          %15 = vector.load %arg1[%c0, %c0, %arg6, %c4] : memref<1x1x4x8xf32>, vector<4xf32>
          %16 = memref.load %arg0[%c0, %c0, %arg6] : memref<1x2x4xf32>
          %17 = vector.broadcast %16 : f32 to vector<4xf32>
          %18 = arith.mulf %17, %14 fastmath<contract> : vector<4xf32>
          %19 = arith.addf %18, %arg7 fastmath<contract> : vector<4xf32>
          %20 = arith.mulf %17, %15 fastmath<contract> : vector<4xf32>
          %21 = arith.addf %20, %arg8 fastmath<contract> : vector<4xf32>
          %22 = memref.load %arg0[%c0, %c1, %arg6] : memref<1x2x4xf32>
          %23 = vector.broadcast %22 : f32 to vector<4xf32>
          %24 = arith.mulf %23, %14 fastmath<contract> : vector<4xf32>
          %25 = arith.addf %24, %arg9 fastmath<contract> : vector<4xf32>
          %26 = arith.mulf %23, %15 fastmath<contract> : vector<4xf32>
          %27 = arith.addf %26, %arg10 fastmath<contract> : vector<4xf32>
          %28 = arith.addi %arg6, %c1 : index
          %29 = vector.load %arg1[%c0, %c0, %28, %c0] : memref<1x1x4x8xf32>, vector<4xf32>
          %30 = vector.load %arg1[%c0, %c0, %28, %c4] : memref<1x1x4x8xf32>, vector<4xf32>
          %31 = memref.load %arg0[%c0, %c0, %28] : memref<1x2x4xf32>
          %32 = vector.broadcast %31 : f32 to vector<4xf32>
          %33 = arith.mulf %32, %29 fastmath<contract> : vector<4xf32>
          %34 = arith.addf %33, %arg11 fastmath<contract> : vector<4xf32>
          %35 = arith.mulf %32, %30 fastmath<contract> : vector<4xf32>
          %36 = arith.addf %35, %arg12 fastmath<contract> : vector<4xf32>
          %37 = memref.load %arg0[%c0, %c1, %28] : memref<1x2x4xf32>
          %38 = vector.broadcast %37 : f32 to vector<4xf32>
          %39 = arith.mulf %38, %29 fastmath<contract> : vector<4xf32>
          %40 = arith.addf %39, %arg13 fastmath<contract> : vector<4xf32>
          %41 = arith.mulf %38, %30 fastmath<contract> : vector<4xf32>
          %42 = arith.addf %41, %arg14 fastmath<contract> : vector<4xf32>
          scf.yield %19, %21, %25, %27, %34, %36, %40, %42 : vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>
        }
        %2 = arith.addf %1#0, %1#4 : vector<4xf32>
        %3 = arith.addf %1#1, %1#5 : vector<4xf32>
        %4 = arith.addf %1#2, %1#6 : vector<4xf32>
        %5 = arith.addf %1#3, %1#7 : vector<4xf32>
        %6 = vector.load %arg2[%c0] : memref<5xf32>, vector<4xf32>
        %7 = arith.addf %2, %6 : vector<4xf32>
        vector.store %7, %arg3[%c0, %c0, %c0] : memref<1x2x5xf32>, vector<4xf32>
        %8 = vector.extract %3[0] : f32 from vector<4xf32>
        %9 = memref.load %arg2[%c4] : memref<5xf32>
        %10 = arith.addf %8, %9 : f32
        memref.store %10, %arg3[%c0, %c0, %c4] : memref<1x2x5xf32>
        %11 = arith.addf %4, %6 : vector<4xf32>
        vector.store %11, %arg3[%c0, %c1, %c0] : memref<1x2x5xf32>, vector<4xf32>
        %12 = vector.extract %5[0] : f32 from vector<4xf32>
        %13 = arith.addf %12, %9 : f32
        memref.store %13, %arg3[%c0, %c1, %c4] : memref<1x2x5xf32>
      }
      return
    }
    func.func @main(%arg0: memref<1x2x4xf32>, %arg1: memref<1x1x4x8xf32>, %arg2: memref<5xf32>, %arg3: memref<1x2x5xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      call @k(%arg0, %arg1, %arg2, %arg3, %c0, %c1) : (memref<1x2x4xf32>, memref<1x1x4x8xf32>, memref<5xf32>, memref<1x2x5xf32>, index, index) -> ()
      return
    }
  }
}
