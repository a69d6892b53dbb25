// pipeline: builtin.module(to-wasm)
// A negative constant goes into the pointer. Where a pointer may lie before its buffer, nothing is an immediate but what counts from an address that is accessed in any case.
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @negative(%x: memref<64xf32>, %y: memref<64xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c63 = arith.constant 63 : index
      scf.for %i = %c1 to %c63 step %c1 {
        %l = arith.subi %i, %c1 : index
        %r = arith.addi %i, %c1 : index
        %a = memref.load %x[%l] : memref<64xf32>
        %b = memref.load %x[%r] : memref<64xf32>
        %s = arith.addf %a, %b : f32
        memref.store %s, %y[%i] : memref<64xf32>
      }
      return
    }
    func.func private @guarded(%x: memref<64xf32>, %y: memref<64xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c64 = arith.constant 64 : index
      scf.for %i = %c0 to %c64 step %c1 {
        %inside = arith.cmpi sge, %i, %c1 : index
        scf.if %inside {
          %l = arith.subi %i, %c1 : index
          %a = memref.load %x[%l] : memref<64xf32>
          memref.store %a, %y[%i] : memref<64xf32>
        }
      }
      return
    }
    func.func private @reversed(%x: memref<64xf32>, %y: memref<64xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c62 = arith.constant 62 : index
      %c63 = arith.constant 63 : index
      scf.for %i = %c0 to %c63 step %c1 {
        %r = arith.subi %c63, %i : index
        %q = arith.subi %c62, %i : index
        %a = memref.load %x[%r] : memref<64xf32>
        %b = memref.load %x[%q] : memref<64xf32>
        %s = arith.addf %a, %b : f32
        memref.store %s, %y[%i] : memref<64xf32>
      }
      return
    }
    func.func private @gather(%x: memref<100x8xf32>, %at: memref<6xi64>, %y: memref<6x8xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %c6 = arith.constant 6 : index
      scf.for %i = %c0 to %c6 step %c1 {
        %n = memref.load %at[%i] : memref<6xi64>
        %row = arith.index_cast %n : i64 to index
        %a = vector.load %x[%row, %c0] : memref<100x8xf32>, vector<4xf32>
        %b = vector.load %x[%row, %c4] : memref<100x8xf32>, vector<4xf32>
        vector.store %a, %y[%i, %c0] : memref<6x8xf32>, vector<4xf32>
        vector.store %b, %y[%i, %c4] : memref<6x8xf32>, vector<4xf32>
      }
      return
    }
  }
}
// -----  expected
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @negative(%arg0: i32, %arg1: i32) {
      %c4_i32 = arith.constant 4 : i32
      %c248_i32 = arith.constant 248 : i32
      %0 = arith.addi %arg1, %c4_i32 : i32
      %1 = arith.addi %arg0, %c248_i32 : i32
      %2 = scf.for %arg2 = %arg0 to %1 step %c4_i32 iter_args(%arg3 = %0) -> (i32)  : i32 {
        %3 = "wasm.f32_load"(%arg2) {offset = 0 : i32} : (i32) -> f32
        %4 = "wasm.f32_load"(%arg2) {offset = 8 : i32} : (i32) -> f32
        %5 = arith.addf %3, %4 : f32
        "wasm.f32_store"(%arg3, %5) {offset = 0 : i32} : (i32, f32) -> ()
        %6 = arith.addi %arg3, %c4_i32 : i32
        scf.yield %6 : i32
      }
      return
    }
    func.func private @guarded(%arg0: i32, %arg1: i32) {
      %c0_i32 = arith.constant 0 : i32
      %c64_i32 = arith.constant 64 : i32
      %c1_i32 = arith.constant 1 : i32
      %c-4_i32 = arith.constant -4 : i32
      %c4_i32 = arith.constant 4 : i32
      %0:2 = scf.for %arg2 = %c0_i32 to %c64_i32 step %c1_i32 iter_args(%arg3 = %arg0, %arg4 = %arg1) -> (i32, i32)  : i32 {
        %1 = arith.cmpi sge, %arg2, %c1_i32 : i32
        scf.if %1 {
          %4 = arith.addi %arg3, %c-4_i32 : i32
          %5 = "wasm.f32_load"(%4) {offset = 0 : i32} : (i32) -> f32
          "wasm.f32_store"(%arg4, %5) {offset = 0 : i32} : (i32, f32) -> ()
        }
        %2 = arith.addi %arg3, %c4_i32 : i32
        %3 = arith.addi %arg4, %c4_i32 : i32
        scf.yield %2, %3 : i32, i32
      }
      return
    }
    func.func private @reversed(%arg0: i32, %arg1: i32) {
      %c248_i32 = arith.constant 248 : i32
      %c252_i32 = arith.constant 252 : i32
      %c4_i32 = arith.constant 4 : i32
      %c-4_i32 = arith.constant -4 : i32
      %0 = arith.addi %arg0, %c248_i32 : i32
      %1 = arith.addi %arg1, %c252_i32 : i32
      %2 = scf.for %arg2 = %arg1 to %1 step %c4_i32 iter_args(%arg3 = %0) -> (i32)  : i32 {
        %3 = "wasm.f32_load"(%arg3) {offset = 4 : i32} : (i32) -> f32
        %4 = "wasm.f32_load"(%arg3) {offset = 0 : i32} : (i32) -> f32
        %5 = arith.addf %3, %4 : f32
        "wasm.f32_store"(%arg2, %5) {offset = 0 : i32} : (i32, f32) -> ()
        %6 = arith.addi %arg3, %c-4_i32 : i32
        scf.yield %6 : i32
      }
      return
    }
    func.func private @gather(%arg0: i32, %arg1: i32, %arg2: i32) {
      %c48_i32 = arith.constant 48 : i32
      %c8_i32 = arith.constant 8 : i32
      %c32_i32 = arith.constant 32 : i32
      %0 = arith.addi %arg1, %c48_i32 : i32
      %1 = scf.for %arg3 = %arg1 to %0 step %c8_i32 iter_args(%arg4 = %arg2) -> (i32)  : i32 {
        %2 = "wasm.i64_load"(%arg3) {offset = 0 : i32} : (i32) -> i64
        %3 = arith.trunci %2 : i64 to i32
        %4 = arith.muli %3, %c32_i32 : i32
        %5 = arith.addi %arg0, %4 : i32
        %6 = "wasm.v128_load"(%5) {offset = 0 : i32} : (i32) -> vector<4xf32>
        %7 = "wasm.v128_load"(%5) {offset = 16 : i32} : (i32) -> vector<4xf32>
        "wasm.v128_store"(%arg4, %6) {offset = 0 : i32} : (i32, vector<4xf32>) -> ()
        "wasm.v128_store"(%arg4, %7) {offset = 16 : i32} : (i32, vector<4xf32>) -> ()
        %8 = arith.addi %arg4, %c32_i32 : i32
        scf.yield %8 : i32
      }
      return
    }
  }
}
