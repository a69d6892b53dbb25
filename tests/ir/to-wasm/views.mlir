// pipeline: builtin.module(to-wasm)
// Views are arithmetic on addresses; a reinterpreted buffer counts from its source's start.
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(memref<2x3xf32, strided<[8, 1], offset: 11>>, memref<6xf32>, index, index)
    func.func @main(%weights: memref<1024xi8>, %arena: memref<4096xi8>, %x: memref<4x8xf32>, %y: memref<24xf32>) {
      %c0 = arith.constant 0 : index
      %c2 = arith.constant 2 : index
      %c64 = arith.constant 64 : index
      %t = memref.view %arena[%c64][] : memref<4096xi8> to memref<4x8xf32>
      %t1 = memref.subview %t[1, 3] [2, 3] [1, 1] : memref<4x8xf32> to memref<2x3xf32, strided<[8, 1], offset: 11>>
      %y1 = memref.subview %y[6] [6] [1] : memref<24xf32> to memref<6xf32, strided<[1], offset: 6>>
      %y2 = memref.reinterpret_cast %y1 to offset: [12], sizes: [6], strides: [1] : memref<6xf32, strided<[1], offset: 6>> to memref<6xf32, strided<[1], offset: 12>>
      %y3 = memref.cast %y2 : memref<6xf32, strided<[1], offset: 12>> to memref<6xf32, strided<[1], offset: ?>>
      %y4 = memref.reinterpret_cast %y to offset: [18], sizes: [6], strides: [1] : memref<24xf32> to memref<6xf32, strided<[1], offset: 18>>
      %w = memref.view %weights[%c0][] : memref<1024xi8> to memref<6xf32>
      %x1 = memref.subview %x[1, 3] [2, 3] [1, 1] : memref<4x8xf32> to memref<2x3xf32, strided<[8, 1], offset: 11>>
      call @k(%t1, %w, %c0, %c2) : (memref<2x3xf32, strided<[8, 1], offset: 11>>, memref<6xf32>, index, index) -> ()
      call @k2(%y3) : (memref<6xf32, strided<[1], offset: ?>>) -> ()
      call @k3(%y4) : (memref<6xf32, strided<[1], offset: 18>>) -> ()
      %c18 = arith.constant 18 : index
      scf.for %i = %c0 to %c18 step %c2 {
        %yi = memref.subview %y[%i] [6] [1] : memref<24xf32> to memref<6xf32, strided<[1], offset: ?>>
        func.call @k2(%yi) : (memref<6xf32, strided<[1], offset: ?>>) -> ()
      }
      return
    }
    func.func private @k2(memref<6xf32, strided<[1], offset: ?>>)
    func.func private @k3(memref<6xf32, strided<[1], offset: 18>>)
  }
}
// -----  expected
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(i32, i32, i32, i32)
    func.func @main(%arg0: i32, %arg1: i32, %arg2: i32, %arg3: i32) {
      %c108_i32 = arith.constant 108 : i32
      %c0_i32 = arith.constant 0 : i32
      %c2_i32 = arith.constant 2 : i32
      %c48_i32 = arith.constant 48 : i32
      %c72_i32 = arith.constant 72 : i32
      %c8_i32 = arith.constant 8 : i32
      %0 = arith.addi %arg1, %c108_i32 : i32
      call @k(%0, %arg0, %c0_i32, %c2_i32) : (i32, i32, i32, i32) -> ()
      %1 = arith.addi %arg3, %c48_i32 : i32
      call @k2(%1) : (i32) -> ()
      %2 = arith.addi %arg3, %c72_i32 : i32
      call @k3(%2) : (i32) -> ()
      %3 = arith.addi %arg3, %c72_i32 : i32
      scf.for %arg4 = %arg3 to %3 step %c8_i32  : i32 {
        func.call @k2(%arg4) : (i32) -> ()
      }
      return
    }
    func.func private @k2(i32)
    func.func private @k3(i32)
  }
}
