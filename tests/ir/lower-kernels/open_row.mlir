// pipeline: plan-memory,fork-targets{targets=wasm-relaxed},builtin.module(schedule,lower-kernels)
// Rows whose length the run tells: blocks of vectors, vectors, then single elements, each loop with its own end.
module attributes {weft.level = "kernels", weft.symbols = {length = [1, 100]}} {
func.func private @k(%x: tensor<4x?xf32, affine_map<()[s0] -> (4, s0)>>) -> tensor<4x?xf32, affine_map<()[s0] -> (4, s0)>> {
  %n = "nn.extent"() {value = affine_map<()[s0] -> (s0)>} : () -> index
  %e = tensor.empty(%n) : tensor<4x?xf32, affine_map<()[s0] -> (4, s0)>>
  %y = linalg.generic {indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (a, b)>], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<4x?xf32, affine_map<()[s0] -> (4, s0)>>) outs(%e : tensor<4x?xf32, affine_map<()[s0] -> (4, s0)>>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<4x?xf32, affine_map<()[s0] -> (4, s0)>>
  return %y : tensor<4x?xf32, affine_map<()[s0] -> (4, s0)>>
}
func.func @main(%x: tensor<4x?xf32, affine_map<()[s0] -> (4, s0)>> {weft.name = "x", weft.dtype = "float32"}) -> (tensor<4x?xf32, affine_map<()[s0] -> (4, s0)>> {weft.name = "y", weft.dtype = "float32"}) {
  %0 = call @k(%x) : (tensor<4x?xf32, affine_map<()[s0] -> (4, s0)>>) -> tensor<4x?xf32, affine_map<()[s0] -> (4, s0)>>
  return %0 : tensor<4x?xf32, affine_map<()[s0] -> (4, s0)>>
}
}
// -----  expected
module attributes {weft.arena_bytes = 0 : i64, weft.flops = 0 : i64, weft.inputs = [{bytes = 1600 : i64, dtype = "float32", extents = affine_map<()[s0] -> (4, s0)>, name = "x", shape = array<i64: 4, 100>}], weft.level = "planned", weft.outputs = [{bytes = 1600 : i64, dtype = "float32", extents = affine_map<()[s0] -> (4, s0)>, name = "y", shape = array<i64: 4, 100>}], weft.symbols = {length = [1, 100]}, weft.weight_bytes = 0 : i64, weft.weight_offsets = array<i64>, weft.weights = []} {
  module @relaxed attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%arg0: memref<4x100xf32>, %arg1: memref<4x100xf32>, %arg2: index, %arg3: index, %arg4: index) attributes {weft.schedule = {lanes = 4 : i64, units = 4 : i64, unroll = 4 : i64}} {
      %c1 = arith.constant 1 : index
      scf.for %arg5 = %arg3 to %arg4 step %c1 {
        %c0 = arith.constant 0 : index
        %c16 = arith.constant 16 : index
        %0 = arith.divui %arg2, %c16 : index
        %c16_0 = arith.constant 16 : index
        %1 = arith.muli %0, %c16_0 : index
        %c16_1 = arith.constant 16 : index
        scf.for %arg6 = %c0 to %1 step %c16_1 {
          %4 = vector.load %arg0[%arg5, %arg6] : memref<4x100xf32>, vector<4xf32>
          %5 = arith.addf %4, %4 : vector<4xf32>
          vector.store %5, %arg1[%arg5, %arg6] : memref<4x100xf32>, vector<4xf32>
          %c4_5 = arith.constant 4 : index
          %6 = arith.addi %arg6, %c4_5 : index
          %7 = vector.load %arg0[%arg5, %6] : memref<4x100xf32>, vector<4xf32>
          %8 = arith.addf %7, %7 : vector<4xf32>
          vector.store %8, %arg1[%arg5, %6] : memref<4x100xf32>, vector<4xf32>
          %c8 = arith.constant 8 : index
          %9 = arith.addi %arg6, %c8 : index
          %10 = vector.load %arg0[%arg5, %9] : memref<4x100xf32>, vector<4xf32>
          %11 = arith.addf %10, %10 : vector<4xf32>
          vector.store %11, %arg1[%arg5, %9] : memref<4x100xf32>, vector<4xf32>
          %c12 = arith.constant 12 : index
          %12 = arith.addi %arg6, %c12 : index
          %13 = vector.load %arg0[%arg5, %12] : memref<4x100xf32>, vector<4xf32>
          %14 = arith.addf %13, %13 : vector<4xf32>
          vector.store %14, %arg1[%arg5, %12] : memref<4x100xf32>, vector<4xf32>
        }
        %c4 = arith.constant 4 : index
        %2 = arith.divui %arg2, %c4 : index
        %c4_2 = arith.constant 4 : index
        %3 = arith.muli %2, %c4_2 : index
        %c4_3 = arith.constant 4 : index
        scf.for %arg6 = %1 to %3 step %c4_3 {
          %4 = vector.load %arg0[%arg5, %arg6] : memref<4x100xf32>, vector<4xf32>
          %5 = arith.addf %4, %4 : vector<4xf32>
          vector.store %5, %arg1[%arg5, %arg6] : memref<4x100xf32>, vector<4xf32>
        }
        %c1_4 = arith.constant 1 : index
        scf.for %arg6 = %3 to %arg2 step %c1_4 {
          %4 = memref.load %arg0[%arg5, %arg6] : memref<4x100xf32>
          %5 = arith.addf %4, %4 : f32
          memref.store %5, %arg1[%arg5, %arg6] : memref<4x100xf32>
        }
      }
      return
    }
    func.func @main(%arg0: memref<0xi8>, %arg1: memref<0xi8>, %arg2: memref<4x100xf32>, %arg3: memref<4x100xf32>, %arg4: index) {
      %c0 = arith.constant 0 : index
      %c4 = arith.constant 4 : index
      call @k(%arg2, %arg3, %arg4, %c0, %c4) : (memref<4x100xf32>, memref<4x100xf32>, index, index, index) -> ()
      return
    }
  }
}
