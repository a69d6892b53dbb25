//! Images as arguments: textures, in two shaders a kernel.

use super::try_emit;
use insta::assert_snapshot;

fn kernel(body: &str) -> String {
    format!(
        "module attributes {{weft.target = \"webgpu\"}} {{ gpu.module @kernels {{
           gpu.func @grey(%x: memref<1080x1920x4xi8> {{weft.image}}, %out: memref<64xf32>, %h: index, %w: index)
             kernel attributes {{known_block_size = array<i32: 64, 1, 1>}} {{
             %c0 = arith.constant 0 : index
             %c1 = arith.constant 1 : index
             %i = gpu.thread_id x
             {body}
             gpu.return
           }} }} }}"
    )
}

/// The shader for textures, and the one for frames of videos.
#[test]
fn channels_of_a_pixel_are_one_load() {
    let all = try_emit(&kernel(
        "%part = memref.subview %x[0, 0, 0] [%h, %w, 4] [1, 1, 1] : memref<1080x1920x4xi8> to memref<?x?x4xi8, strided<[7680, 4, 1]>>
         %last = arith.subi %h, %c1 : index
         %r = memref.load %part[%last, %i, %c0] : memref<?x?x4xi8, strided<[7680, 4, 1]>>
         %g = memref.load %part[%last, %i, %c1] : memref<?x?x4xi8, strided<[7680, 4, 1]>>
         %a = arith.uitofp %r : i8 to f32
         %b = arith.uitofp %g : i8 to f32
         %sum = arith.addf %a, %b : f32
         memref.store %sum, %out[%i] : memref<64xf32>",
    ))
    .unwrap_or_else(|e| panic!("{e}"));
    let text: Vec<String> = all
        .iter()
        .map(|k| {
            let bindings: Vec<_> = k.bindings.iter().map(|b| b.name()).collect();
            format!("// {} of {:?}: {}\n{}", k.name, k.external_of, bindings.join(", "), k.wgsl)
        })
        .collect();
    assert_snapshot!(text.join("\n"));
}

/// Where dims have been merged, the place is computed from the position.
#[test]
fn a_position_is_taken_apart() {
    let all = try_emit(&kernel(
        "%flat = memref.reinterpret_cast %x to offset: [0], sizes: [8294400], strides: [1] : memref<1080x1920x4xi8> to memref<8294400xi8, strided<[1]>>
         %v = memref.load %flat[%i] : memref<8294400xi8, strided<[1]>>
         %f = arith.uitofp %v : i8 to f32
         memref.store %f, %out[%i] : memref<64xf32>",
    ))
    .unwrap_or_else(|e| panic!("{e}"));
    assert_snapshot!(all[0].wgsl);
}

#[test]
fn images_are_only_read() {
    let problem = try_emit(&kernel(
        "%v = memref.load %x[%c0, %i, %c0] : memref<1080x1920x4xi8>
         memref.store %v, %x[%c0, %i, %c1] : memref<1080x1920x4xi8>",
    ));
    assert_snapshot!(problem.map(|_| ()).unwrap_err());
}
