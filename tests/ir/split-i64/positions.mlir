// pipeline: split-i64
// What is known to fit 32 bits is computed in 32 bits: an index that is stored as i64 needs its sign for a high word, and no more.
gpu.module @kernels {
  gpu.func @argmax(%x: memref<64xf32>, %out: memref<1xi64>) kernel attributes {known_block_size = array<i32: 1, 1, 1>} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c64 = arith.constant 64 : index
    %least = arith.constant 0xFF800000 : f32
    %zero = arith.constant 0 : i64
    %seven = arith.constant 7 : i64
    %at, %most = scf.for %i = %c0 to %c64 step %c1 iter_args(%p = %zero, %m = %least) -> (i64, f32) {
      %v = memref.load %x[%i] : memref<64xf32>
      %larger = arith.cmpf ogt, %v, %m : f32
      %here = arith.index_cast %i : index to i64
      %mod = arith.remsi %here, %seven : i64
      %sum = arith.addi %here, %mod : i64
      %q = arith.select %larger, %sum, %p : i64
      %n = arith.select %larger, %v, %m : f32
      scf.yield %q, %n : i64, f32
    }
    memref.store %at, %out[%c0] : memref<1xi64>
    gpu.return
  }
}
