//! From the loops level of a GPU's module to a program: buffers, steps, pipelines, limits.
#![allow(missing_docs, clippy::unwrap_used)]

use weft_codegen::link::link;
use weft_dialects::ir::{Session, module_op, parse};

/// Doubles what it reads. Under two names it is one pipeline.
fn kernel(name: &str) -> String {
    format!(
        r#"gpu.func @{name}(%x: memref<64xf32>, %y: memref<64xf32>, %n: index) kernel attributes {{known_block_size = array<i32: 64, 1, 1>}} {{
        %i = gpu.thread_id x
        %inside = arith.cmpi ult, %i, %n : index
        scf.if %inside {{
          %v = memref.load %x[%i] : memref<64xf32>
          %w = arith.addf %v, %v : f32
          memref.store %w, %y[%i] : memref<64xf32>
        }}
        gpu.return
      }}
      "#
    )
}

/// A module with this text of `@main`, whose arguments are weights, an arena, another that is empty, `x`, `y` and a symbol.
fn module(main: &str) -> String {
    format!(
        r#"module attributes {{weft.level = "loops", weft.device = "webgpu", weft.model = "m", weft.flops = 64 : i64,
    weft.symbols = {{n = [1, 64]}}, weft.arena_bytes = array<i64: 512, 0>, weft.weight_bytes = 256 : i64,
    weft.weight_offsets = array<i64: 0>, weft.weights = [dense<1.0> : tensor<64xf32>],
    weft.inputs = [{{name = "x", dtype = "float32", shape = array<i64: 64>, bytes = 256 : i64}}],
    weft.outputs = [{{name = "y", dtype = "float32", shape = array<i64: 64>, bytes = 256 : i64}}]}} {{
  module @webgpu attributes {{weft.target = "webgpu", gpu.container_module}} {{
    gpu.module @kernels {{
      {}{}}}
    func.func @main(%weights: memref<256xi8>, %arena0: memref<512xi8>, %arena1: memref<0xi8>, %x: memref<64xf32>, %y: memref<64xf32>, %n: index) {{
      %c1 = arith.constant 1 : index
      %c63 = arith.constant 63 : index
      %c64 = arith.constant 64 : index
      %c256 = arith.constant 256 : index
      {main}
      return
    }}
  }}
}}"#,
        kernel("double"),
        kernel("twice")
    )
}

fn linked(main: &str) -> Result<weft_artifact::GpuProgram, String> {
    let session = Session::new();
    let cx = session.cx();
    let parsed = parse(cx, &module(main)).unwrap_or_else(|e| panic!("{e}"));
    let linked = link(cx, module_op(&parsed), false).map_err(|e| e.to_string())?;
    let out = tempfile::tempdir().unwrap();
    let mut manifest = linked.write(&out.path().join("m")).map_err(|e| e.to_string())?;
    Ok(manifest.webgpu.remove(0))
}

#[test]
fn launches_become_steps() {
    let program = linked(
        "%t = memref.view %arena0[%c256][] : memref<512xi8> to memref<64xf32>
         gpu.launch_func @kernels::@double blocks in (%c1, %c1, %c1) threads in (%c64, %c1, %c1)
           args(%x : memref<64xf32>, %t : memref<64xf32>, %n : index)
         %m = arith.addi %n, %c63 : index
         %groups = arith.divui %m, %c64 : index
         %w = memref.view %weights[%c1][] : memref<256xi8> to memref<8xf32>
         gpu.launch_func @kernels::@twice blocks in (%groups, %c1, %c1) threads in (%c64, %c1, %c1)
           args(%t : memref<64xf32>, %y : memref<64xf32>, %c64 : index)",
    )
    .unwrap();
    assert_eq!(program.variants.len(), 1);
    let variant = &program.variants[0];
    let lines = [
        program.buffers.iter().map(|b| serde_json::to_string(b).unwrap()).collect::<Vec<_>>(),
        vec![serde_json::to_string(&program.limits).unwrap()],
        variant.pipelines.iter().map(|p| serde_json::to_string(p).unwrap()).collect(),
        variant.main.iter().map(|step| serde_json::to_string(step).unwrap()).collect(),
    ];
    insta::assert_snapshot!(lines.concat().join("\n"));
}

#[test]
fn what_is_no_step_is_named() {
    let launch = |of: &str| {
        format!(
            "{of} gpu.launch_func @kernels::@double blocks in (%c1, %c1, %c1) threads in (%c64, %c1, %c1)
               args(%x : memref<64xf32>, %t : memref<64xf32>, %n : index)"
        )
    };
    let messages = [
        linked("scf.for %i = %c1 to %c64 step %c1 { }"),
        linked(&launch("%t = memref.alloc() : memref<64xf32>")),
        linked(&launch("%t = memref.view %arena0[%n][] : memref<512xi8> to memref<64xf32>")),
        linked(&launch(
            "%o = arith.constant 0 : index\n%t = memref.view %arena1[%o][] : memref<0xi8> to memref<64xf32>",
        )),
        // Two uses of one buffer that WebGPU doesn't take.
        linked(&launch("%o = arith.constant 0 : index\n%t = memref.cast %x : memref<64xf32> to memref<64xf32>")),
    ];
    insta::assert_snapshot!(messages.map(Result::unwrap_err).join("\n"));
}
