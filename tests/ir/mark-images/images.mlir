// pipeline: mark-images
// The second input is an image: kernels that read it are marked, and one that reads a buffer elsewhere is copied for the image.
module attributes {weft.level = "planned", weft.arena_bytes = array<i64: 256, 0>, weft.inputs = [{bytes = 96 : i64, dtype = "uint8", name = "a", shape = array<i64: 4, 6, 4>}, {bytes = 96 : i64, dtype = "uint8", image = {fit = "stretch", height = 2 : i64, resize = "nearest", width = 3 : i64}, name = "x", shape = array<i64: 4, 6, 4>}], weft.symbols = {x.height = [1, 4], x.width = [1, 6]}} {
  func.func @main(%weights: memref<0xi8>, %arena0: memref<256xi8>, %arena1: memref<0xi8>, %a: memref<4x6x4xi8>, %x: memref<4x6x4xi8>, %y: memref<96xi8>, %h: index, %w: index) {
    %flat = memref.reinterpret_cast %x to offset: [0], sizes: [96], strides: [1] : memref<4x6x4xi8> to memref<96xi8, strided<[1]>>
    call @one(%flat, %y) : (memref<96xi8, strided<[1]>>, memref<96xi8>) -> ()
    call @both(%a, %y, %h) : (memref<4x6x4xi8>, memref<96xi8>, index) -> ()
    call @both(%x, %y, %h) : (memref<4x6x4xi8>, memref<96xi8>, index) -> ()
    return
  }
  func.func private @one(%x: memref<96xi8, strided<[1]>>, %out: memref<96xi8>) {
    return
  }
  func.func private @both(%x: memref<4x6x4xi8>, %out: memref<96xi8>, %h: index) {
    return
  }
}
// -----  expected
module attributes {weft.arena_bytes = array<i64: 256, 0>, weft.inputs = [{bytes = 96 : i64, dtype = "uint8", name = "a", shape = array<i64: 4, 6, 4>}, {bytes = 96 : i64, dtype = "uint8", image = {fit = "stretch", height = 2 : i64, resize = "nearest", width = 3 : i64}, name = "x", shape = array<i64: 4, 6, 4>}], weft.level = "planned", weft.symbols = {x.height = [1, 4], x.width = [1, 6]}} {
  func.func @main(%arg0: memref<0xi8>, %arg1: memref<256xi8>, %arg2: memref<0xi8>, %arg3: memref<4x6x4xi8>, %arg4: memref<4x6x4xi8>, %arg5: memref<96xi8>, %arg6: index, %arg7: index) {
    %reinterpret_cast = memref.reinterpret_cast %arg4 to offset: [0], sizes: [96], strides: [1] : memref<4x6x4xi8> to memref<96xi8, strided<[1]>>
    call @one(%reinterpret_cast, %arg5) : (memref<96xi8, strided<[1]>>, memref<96xi8>) -> ()
    call @both(%arg3, %arg5, %arg6) : (memref<4x6x4xi8>, memref<96xi8>, index) -> ()
    call @both_image_0(%arg4, %arg5, %arg6) : (memref<4x6x4xi8>, memref<96xi8>, index) -> ()
    return
  }
  func.func private @one(%arg0: memref<96xi8, strided<[1]>> {weft.image}, %arg1: memref<96xi8>) {
    return
  }
  func.func private @both_image_0(%arg0: memref<4x6x4xi8> {weft.image}, %arg1: memref<96xi8>, %arg2: index) {
    return
  }
  func.func private @both(%arg0: memref<4x6x4xi8>, %arg1: memref<96xi8>, %arg2: index) {
    return
  }
}
