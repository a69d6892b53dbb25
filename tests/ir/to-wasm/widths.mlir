// pipeline: builtin.module(to-wasm)
// Narrow integers are i32 whose upper bits are made good only where they matter; booleans are bytes.
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @scalars(%x: memref<4xi8>, %h: memref<4xi16>, %l: memref<4xi64>, %d: memref<4xf64>, %p: memref<4xi1>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %a = memref.load %x[%c0] : memref<4xi8>
      %b = memref.load %x[%c1] : memref<4xi8>
      %s = arith.addi %a, %b : i8
      %w = arith.extsi %s : i8 to i32
      %t = arith.trunci %w : i32 to i16
      memref.store %t, %h[%c1] : memref<4xi16>
      %u = memref.load %h[%c2] : memref<4xi16>
      %f = arith.uitofp %u : i16 to f64
      memref.store %f, %d[%c0] : memref<4xf64>
      %i = memref.load %l[%c0] : memref<4xi64>
      %j = arith.index_cast %i : i64 to index
      %v = memref.load %d[%j] : memref<4xf64>
      %k = arith.fptosi %v : f64 to i64
      memref.store %k, %l[%c1] : memref<4xi64>
      %q = memref.load %p[%c0] : memref<4xi1>
      %less = arith.cmpf olt, %v, %f : f64
      %r = arith.andi %q, %less : i1
      memref.store %r, %p[%c1] : memref<4xi1>
      %n = arith.index_cast %j : index to i64
      memref.store %n, %l[%c2] : memref<4xi64>
      return
    }
    func.func private @vectors(%x: memref<16xi8>, %h: memref<8xi16>, %y: memref<8xf32>, %p: memref<4xi1>) {
      %c0 = arith.constant 0 : index
      %c4 = arith.constant 4 : index
      %a = vector.load %x[%c0] : memref<16xi8>, vector<8xi8>
      %b = arith.extsi %a : vector<8xi8> to vector<8xi16>
      vector.store %b, %h[%c0] : memref<8xi16>, vector<8xi16>
      %c = vector.load %x[%c4] : memref<16xi8>, vector<4xi8>
      %d = arith.extui %c : vector<4xi8> to vector<4xi32>
      %e = arith.sitofp %d : vector<4xi32> to vector<4xf32>
      %z = arith.constant dense<[0.0, 1.0, 2.0, 3.0]> : vector<4xf32>
      %gt = arith.cmpf ogt, %e, %z : vector<4xf32>
      vector.store %gt, %p[%c0] : memref<4xi1>, vector<4xi1>
      %m = vector.load %p[%c0] : memref<4xi1>, vector<4xi1>
      %n = arith.andi %m, %gt : vector<4xi1>
      %s = arith.select %n, %e, %z : vector<4xi1>, vector<4xf32>
      vector.store %s, %y[%c0] : memref<8xf32>, vector<4xf32>
      %t = arith.fptosi %s : vector<4xf32> to vector<4xi32>
      %u = arith.trunci %t : vector<4xi32> to vector<4xi8>
      vector.store %u, %x[%c0] : memref<16xi8>, vector<4xi8>
      %eight = arith.constant dense<8> : vector<4xi32>
      %sh = arith.shrsi %t, %eight : vector<4xi32>
      %bits = vector.bitcast %sh : vector<4xi32> to vector<4xf32>
      vector.store %bits, %y[%c4] : memref<8xf32>, vector<4xf32>
      return
    }
  }
}
// -----  expected
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @scalars(%arg0: i32, %arg1: i32, %arg2: i32, %arg3: i32, %arg4: i32) {
      %c24_i32 = arith.constant 24 : i32
      %c8_i32 = arith.constant 8 : i32
      %c0_i32 = arith.constant 0 : i32
      %0 = "wasm.i32_load8_u"(%arg0) {offset = 0 : i32} : (i32) -> i32
      %1 = "wasm.i32_load8_u"(%arg0) {offset = 1 : i32} : (i32) -> i32
      %2 = arith.addi %0, %1 : i32
      %3 = arith.shli %2, %c24_i32 : i32
      %4 = arith.shrsi %3, %c24_i32 : i32
      "wasm.i32_store16"(%arg1, %4) {offset = 2 : i32} : (i32, i32) -> ()
      %5 = "wasm.i32_load16_u"(%arg1) {offset = 4 : i32} : (i32) -> i32
      %6 = arith.sitofp %5 : i32 to f64
      "wasm.f64_store"(%arg3, %6) {offset = 0 : i32} : (i32, f64) -> ()
      %7 = "wasm.i64_load"(%arg2) {offset = 0 : i32} : (i32) -> i64
      %8 = arith.trunci %7 : i64 to i32
      %9 = arith.muli %8, %c8_i32 : i32
      %10 = arith.addi %arg3, %9 : i32
      %11 = "wasm.f64_load"(%10) {offset = 0 : i32} : (i32) -> f64
      %12 = "wasm.i64_trunc_sat_f64_s"(%11) : (f64) -> i64
      "wasm.i64_store"(%arg2, %12) {offset = 8 : i32} : (i32, i64) -> ()
      %13 = "wasm.i32_load8_u"(%arg4) {offset = 0 : i32} : (i32) -> i32
      %14 = arith.cmpi ne, %13, %c0_i32 : i32
      %15 = arith.cmpf olt, %11, %6 : f64
      %16 = arith.andi %14, %15 : i1
      %17 = arith.extui %16 : i1 to i32
      "wasm.i32_store8"(%arg4, %17) {offset = 1 : i32} : (i32, i32) -> ()
      %18 = arith.extsi %8 : i32 to i64
      "wasm.i64_store"(%arg2, %18) {offset = 16 : i32} : (i32, i64) -> ()
      return
    }
    func.func private @vectors(%arg0: i32, %arg1: i32, %arg2: i32, %arg3: i32) {
      %c8_i32 = arith.constant 8 : i32
      %0 = "wasm.v128_load8x8_s"(%arg0) {offset = 0 : i32} : (i32) -> vector<8xi16>
      "wasm.v128_store"(%arg1, %0) {offset = 0 : i32} : (i32, vector<8xi16>) -> ()
      %1 = "wasm.v128_load32_zero"(%arg0) {offset = 4 : i32} : (i32) -> vector<16xi8>
      %2 = "wasm.i16x8_extend_low_i8x16_u"(%1) : (vector<16xi8>) -> vector<8xi16>
      %3 = "wasm.i32x4_extend_low_i16x8_u"(%2) : (vector<8xi16>) -> vector<4xi32>
      %4 = "wasm.f32x4_convert_i32x4_s"(%3) : (vector<4xi32>) -> vector<4xf32>
      %cst = arith.constant dense<[0.000000e+00, 1.000000e+00, 2.000000e+00, 3.000000e+00]> : vector<4xf32>
      %5 = "wasm.f32x4_gt"(%4, %cst) : (vector<4xf32>, vector<4xf32>) -> vector<4xi32>
      %cst_0 = arith.constant dense<1> : vector<4xi32>
      %6 = "wasm.v128_and"(%5, %cst_0) : (vector<4xi32>, vector<4xi32>) -> vector<4xi32>
      %cst_1 = arith.constant dense<255> : vector<4xi32>
      %7 = "wasm.v128_and"(%6, %cst_1) : (vector<4xi32>, vector<4xi32>) -> vector<4xi32>
      %8 = "wasm.i16x8_narrow_i32x4_u"(%7, %7) : (vector<4xi32>, vector<4xi32>) -> vector<8xi16>
      %9 = "wasm.i8x16_narrow_i16x8_u"(%8, %8) : (vector<8xi16>, vector<8xi16>) -> vector<16xi8>
      "wasm.v128_store32_lane"(%arg3, %9) {lanes = array<i64: 0>, offset = 0 : i32} : (i32, vector<16xi8>) -> ()
      %10 = "wasm.v128_load32_zero"(%arg3) {offset = 0 : i32} : (i32) -> vector<16xi8>
      %11 = "wasm.i16x8_extend_low_i8x16_u"(%10) : (vector<16xi8>) -> vector<8xi16>
      %12 = "wasm.i32x4_extend_low_i16x8_u"(%11) : (vector<8xi16>) -> vector<4xi32>
      %cst_2 = arith.constant dense<0> : vector<4xi32>
      %13 = "wasm.i32x4_ne"(%12, %cst_2) : (vector<4xi32>, vector<4xi32>) -> vector<4xi32>
      %14 = "wasm.v128_and"(%13, %5) : (vector<4xi32>, vector<4xi32>) -> vector<4xi32>
      %15 = "wasm.v128_bitselect"(%4, %cst, %14) : (vector<4xf32>, vector<4xf32>, vector<4xi32>) -> vector<4xf32>
      "wasm.v128_store"(%arg2, %15) {offset = 0 : i32} : (i32, vector<4xf32>) -> ()
      %16 = "wasm.i32x4_trunc_sat_f32x4_s"(%15) : (vector<4xf32>) -> vector<4xi32>
      %17 = "wasm.v128_and"(%16, %cst_1) : (vector<4xi32>, vector<4xi32>) -> vector<4xi32>
      %18 = "wasm.i16x8_narrow_i32x4_u"(%17, %17) : (vector<4xi32>, vector<4xi32>) -> vector<8xi16>
      %19 = "wasm.i8x16_narrow_i16x8_u"(%18, %18) : (vector<8xi16>, vector<8xi16>) -> vector<16xi8>
      "wasm.v128_store32_lane"(%arg0, %19) {lanes = array<i64: 0>, offset = 0 : i32} : (i32, vector<16xi8>) -> ()
      %20 = "wasm.i32x4_shr_s"(%16, %c8_i32) : (vector<4xi32>, i32) -> vector<4xi32>
      %21 = vector.bitcast %20 : vector<4xi32> to vector<4xf32>
      "wasm.v128_store"(%arg2, %21) {offset = 16 : i32} : (i32, vector<4xf32>) -> ()
      return
    }
  }
}
