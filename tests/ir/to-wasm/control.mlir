// pipeline: builtin.module(to-wasm)
// Loops whose index is used otherwise keep it; indices are i32; conditions and loops with results.
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%x: memref<16xf32>, %y: memref<16xi32>, %n: index) -> index {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c16 = arith.constant 16 : index
      %three = arith.constant 3 : index
      %last = scf.for %i = %c0 to %n step %c1 iter_args(%best = %c0) -> (index) {
        %a = memref.load %x[%i] : memref<16xf32>
        %b = memref.load %x[%best] : memref<16xf32>
        %more = arith.cmpf ogt, %a, %b : f32
        %next = scf.if %more -> (index) {
          scf.yield %i : index
        } else {
          scf.yield %best : index
        }
        scf.yield %next : index
      }
      scf.for %i = %c0 to %last step %c1 {
        %q = arith.remui %i, %three : index
        %a = memref.load %x[%q] : memref<16xf32>
        memref.store %a, %x[%i] : memref<16xf32>
      }
      %w:2 = scf.while (%i = %last, %k = %c0) : (index, index) -> (index, index) {
        %go = arith.cmpi ult, %i, %c16 : index
        scf.condition(%go) %i, %k : index, index
      } do {
      ^bb0(%i: index, %k: index):
        %j = arith.addi %i, %three : index
        %v = arith.index_cast %j : index to i32
        memref.store %v, %y[%i] : memref<16xi32>
        scf.yield %j, %i : index, index
      }
      return %w#1 : index
    }
    func.func private @triangle(%x: memref<8x8xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c8 = arith.constant 8 : index
      %zero = arith.constant 0.0 : f32
      scf.for %i = %c0 to %c8 step %c1 {
        %i1 = arith.addi %i, %c1 : index
        scf.for %j = %i1 to %c8 step %c1 {
          memref.store %zero, %x[%i, %j] : memref<8x8xf32>
        }
        scf.for %j = %c0 to %i step %c1 {
          memref.store %zero, %x[%j, %i] : memref<8x8xf32>
        }
      }
      return
    }
  }
}
// -----  expected
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%arg0: i32, %arg1: i32, %arg2: i32) -> i32 {
      %c0_i32 = arith.constant 0 : i32
      %c1_i32 = arith.constant 1 : i32
      %c4_i32 = arith.constant 4 : i32
      %c3_i32 = arith.constant 3 : i32
      %c16_i32 = arith.constant 16 : i32
      %0:2 = scf.for %arg3 = %c0_i32 to %arg2 step %c1_i32 iter_args(%arg4 = %c0_i32, %arg5 = %arg0) -> (i32, i32)  : i32 {
        %3 = "wasm.f32_load"(%arg5) {offset = 0 : i32} : (i32) -> f32
        %4 = arith.muli %arg4, %c4_i32 : i32
        %5 = arith.addi %arg0, %4 : i32
        %6 = "wasm.f32_load"(%5) {offset = 0 : i32} : (i32) -> f32
        %7 = arith.cmpf ogt, %3, %6 : f32
        %8 = scf.if %7 -> (i32) {
          scf.yield %arg3 : i32
        } else {
          scf.yield %arg4 : i32
        }
        %9 = arith.addi %arg5, %c4_i32 : i32
        scf.yield %8, %9 : i32, i32
      }
      %1 = scf.for %arg3 = %c0_i32 to %0#0 step %c1_i32 iter_args(%arg4 = %arg0) -> (i32)  : i32 {
        %3 = arith.remui %arg3, %c3_i32 : i32
        %4 = arith.muli %3, %c4_i32 : i32
        %5 = arith.addi %arg0, %4 : i32
        %6 = "wasm.f32_load"(%5) {offset = 0 : i32} : (i32) -> f32
        "wasm.f32_store"(%arg4, %6) {offset = 0 : i32} : (i32, f32) -> ()
        %7 = arith.addi %arg4, %c4_i32 : i32
        scf.yield %7 : i32
      }
      %2:2 = scf.while (%arg3 = %0#0, %arg4 = %c0_i32) : (i32, i32) -> (i32, i32) {
        %3 = arith.cmpi ult, %arg3, %c16_i32 : i32
        scf.condition(%3) %arg3, %arg4 : i32, i32
      } do {
      ^bb0(%arg3: i32, %arg4: i32):
        %3 = arith.addi %arg3, %c3_i32 : i32
        %4 = arith.muli %arg3, %c4_i32 : i32
        %5 = arith.addi %arg1, %4 : i32
        "wasm.i32_store"(%5, %3) {offset = 0 : i32} : (i32, i32) -> ()
        scf.yield %3, %arg3 : i32, i32
      }
      return %2#1 : i32
    }
    func.func private @triangle(%arg0: i32) {
      %cst = arith.constant 0.000000e+00 : f32
      %c288_i32 = arith.constant 288 : i32
      %c36_i32 = arith.constant 36 : i32
      %c4_i32 = arith.constant 4 : i32
      %c32_i32 = arith.constant 32 : i32
      %0 = arith.addi %arg0, %c288_i32 : i32
      %1:2 = scf.for %arg1 = %arg0 to %0 step %c36_i32 iter_args(%arg2 = %arg0, %arg3 = %arg0) -> (i32, i32)  : i32 {
        %2 = arith.addi %arg1, %c4_i32 : i32
        %3 = arith.addi %arg2, %c32_i32 : i32
        scf.for %arg4 = %2 to %3 step %c4_i32  : i32 {
          "wasm.f32_store"(%arg4, %cst) {offset = 0 : i32} : (i32, f32) -> ()
        }
        scf.for %arg4 = %arg3 to %arg1 step %c32_i32  : i32 {
          "wasm.f32_store"(%arg4, %cst) {offset = 0 : i32} : (i32, f32) -> ()
        }
        %4 = arith.addi %arg2, %c32_i32 : i32
        %5 = arith.addi %arg3, %c4_i32 : i32
        scf.yield %4, %5 : i32, i32
      }
      return
    }
  }
}
