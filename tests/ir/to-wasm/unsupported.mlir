// pipeline: builtin.module(to-wasm)
// All problems of a module at once.
module {
  module @m attributes {weft.target = "wasm-relaxed"} {
    func.func private @k(%x: memref<8xf32>, %y: memref<8xf16>, %n: index) {
      %c0 = arith.constant 0 : index
      %c8 = arith.constant 8 : index
      %a = vector.load %x[%c0] : memref<8xf32>, vector<4xf32>
      %b = math.exp %a : vector<4xf32> loc("the node")
      vector.store %b, %x[%c0] : memref<8xf32>, vector<4xf32>
      %h = memref.load %y[%c0] : memref<8xf16>
      scf.for %i = %c0 to %c8 step %n {
        %t = memref.alloc() : memref<4xf32>
      }
      return
    }
    func.func private @l(%x: memref<?x?xf32>, %i: index) {
      %a = memref.load %x[%i, %i] : memref<?x?xf32>
      %b = math.sin %a : f32
      memref.store %b, %x[%i, %i] : memref<?x?xf32>
      return
    }
  }
}
// -----  expected
// error: to-wasm: math.exp 'the node': in @k: Wasm has no such instruction; it must be expanded before
// error: memref.load: in @k: f16 has no instruction to load it
// error: scf.for: in @k: the step of a loop must be a positive constant
// error: memref.load: in @l: the layout of memref<?x?xf32> is not known at compile time
