// pipeline: builtin.module(schedule,lower-kernels,func.func(canonicalize))
// The result's row is the sorted list: a binary search finds each new element's place, and those behind it move up.
module {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%x: memref<2x9xf32>, %y: memref<2x3xi32>) {
      %0 = bufferization.to_tensor %x restrict : memref<2x9xf32> to tensor<2x9xf32>
      %1 = "nn.top_k"(%0) {k = 3 : i64, largest = 1 : i64, unsigned = 0 : i64} : (tensor<2x9xf32>) -> tensor<2x3xi32>
      bufferization.materialize_in_destination %1 in restrict writable %y : (tensor<2x3xi32>, memref<2x3xi32>) -> ()
      return
    }
  }
}
// -----  expected
module {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%arg0: memref<2x9xf32>, %arg1: memref<2x3xi32>, %arg2: index, %arg3: index) attributes {weft.schedule = {units = 2 : i64}} {
      %true = arith.constant true
      %c8 = arith.constant 8 : index
      %c2 = arith.constant 2 : index
      %c3 = arith.constant 3 : index
      %c9 = arith.constant 9 : index
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      scf.for %arg4 = %arg2 to %arg3 step %c1 {
        scf.for %arg5 = %c0 to %c9 step %c1 {
          %0 = memref.load %arg0[%arg4, %arg5] : memref<2x9xf32>
          %1 = arith.minsi %arg5, %c3 : index
          %2 = arith.cmpi sge, %arg5, %c3 : index
          %3 = arith.cmpi slt, %arg5, %c3 : index
          %4 = memref.load %arg1[%arg4, %c2] : memref<2x3xi32>
          %5 = arith.index_cast %4 : i32 to index
          %6 = arith.select %2, %5, %c0 : index
          %7 = memref.load %arg0[%arg4, %6] : memref<2x9xf32>
          %8 = arith.cmpf ogt, %0, %7 : f32
          %9 = arith.ori %3, %8 : i1
          scf.if %9 {
            %10:2 = scf.for %arg6 = %c0 to %c2 step %c1 iter_args(%arg7 = %c0, %arg8 = %1) -> (index, index) {
              %14 = arith.addi %arg7, %arg8 : index
              %15 = arith.shrui %14, %c1 : index
              %16 = arith.cmpi slt, %arg7, %arg8 : index
              %17 = arith.minsi %15, %c2 : index
              %18 = memref.load %arg1[%arg4, %17] : memref<2x3xi32>
              %19 = arith.index_cast %18 : i32 to index
              %20 = arith.minsi %19, %c8 : index
              %21 = arith.maxsi %20, %c0 : index
              %22 = memref.load %arg0[%arg4, %21] : memref<2x9xf32>
              %23 = arith.cmpf ogt, %0, %22 : f32
              %24 = arith.xori %23, %true : i1
              %25 = arith.andi %16, %24 : i1
              %26 = arith.andi %16, %23 : i1
              %27 = arith.addi %15, %c1 : index
              %28 = arith.select %25, %27, %arg7 : index
              %29 = arith.select %26, %15, %arg8 : index
              scf.yield %28, %29 : index, index
            }
            %11 = arith.minsi %1, %c2 : index
            %12 = arith.subi %11, %10#0 : index
            scf.for %arg6 = %c0 to %12 step %c1 {
              %14 = arith.subi %11, %arg6 : index
              %15 = arith.subi %14, %c1 : index
              %16 = memref.load %arg1[%arg4, %15] : memref<2x3xi32>
              memref.store %16, %arg1[%arg4, %14] : memref<2x3xi32>
            }
            %13 = arith.index_cast %arg5 : index to i32
            memref.store %13, %arg1[%arg4, %10#0] : memref<2x3xi32>
          }
        }
      }
      return
    }
  }
}
