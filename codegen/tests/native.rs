//! Loops-level kernels, as text, through LLVM and through Wasm: the level belongs to no target.
#![allow(missing_docs, clippy::unwrap_used)]
#![allow(unsafe_code)] // Machine code is called; the kernels below stay inside their memrefs.

use weft_codegen::native::{Arg, Llvm, NativeError};
use weft_codegen::wasm::{LinkOptions, emit};
use weft_dialects::ir::{Session, module_op, parse};
use weft_passes::{Pipeline, RunOptions};

/// `y = x + z` on 40 elements, 4 at a time with a scalar tail at [begin, end) in elements; `c = a b` by rows; and a
/// function that calls both on views of an arena.
const KERNELS: &str = r#"
func.func private @add(%x: memref<40xf32>, %z: memref<40xf32>, %y: memref<40xf32>, %begin: index, %end: index) {
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %n = arith.subi %end, %begin : index
  %rest = arith.remui %n, %c4 : index
  %whole = arith.subi %end, %rest : index
  scf.for %i = %begin to %whole step %c4 {
    %a = vector.load %x[%i] : memref<40xf32>, vector<4xf32>
    %b = vector.load %z[%i] : memref<40xf32>, vector<4xf32>
    %s = arith.addf %a, %b : vector<4xf32>
    vector.store %s, %y[%i] : memref<40xf32>, vector<4xf32>
  }
  scf.for %i = %whole to %end step %c1 {
    %a = memref.load %x[%i] : memref<40xf32>
    %b = memref.load %z[%i] : memref<40xf32>
    %s = arith.addf %a, %b : f32
    memref.store %s, %y[%i] : memref<40xf32>
  }
  return
}
func.func private @gemm(%a: memref<5x7xf32>, %b: memref<7x8xf32>, %c: memref<5x8xf32>, %begin: index, %end: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c7 = arith.constant 7 : index
  %zero = arith.constant dense<0.0> : vector<4xf32>
  scf.for %i = %begin to %end step %c1 {
    %sums:2 = scf.for %k = %c0 to %c7 step %c1 iter_args(%s0 = %zero, %s1 = %zero) -> (vector<4xf32>, vector<4xf32>) {
      %x = memref.load %a[%i, %k] : memref<5x7xf32>
      %v = vector.broadcast %x : f32 to vector<4xf32>
      %b0 = vector.load %b[%k, %c0] : memref<7x8xf32>, vector<4xf32>
      %b1 = vector.load %b[%k, %c4] : memref<7x8xf32>, vector<4xf32>
      %p0 = arith.mulf %v, %b0 fastmath<contract> : vector<4xf32>
      %n0 = arith.addf %p0, %s0 fastmath<contract> : vector<4xf32>
      %p1 = arith.mulf %v, %b1 fastmath<contract> : vector<4xf32>
      %n1 = arith.addf %p1, %s1 fastmath<contract> : vector<4xf32>
      scf.yield %n0, %n1 : vector<4xf32>, vector<4xf32>
    }
    vector.store %sums#0, %c[%i, %c0] : memref<5x8xf32>, vector<4xf32>
    vector.store %sums#1, %c[%i, %c4] : memref<5x8xf32>, vector<4xf32>
  }
  return
}
func.func @main(%weights: memref<224xi8>, %arena: memref<256xi8>, %a: memref<5x7xf32>, %z: memref<40xf32>, %y: memref<40xf32>) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c5 = arith.constant 5 : index
  %c39 = arith.constant 39 : index
  %c40 = arith.constant 40 : index
  %c64 = arith.constant 64 : index
  %b = memref.view %weights[%c0][] : memref<224xi8> to memref<7x8xf32>
  %c = memref.view %arena[%c64][] : memref<256xi8> to memref<5x8xf32>
  func.call @gemm(%a, %b, %c, %c0, %c2) : (memref<5x7xf32>, memref<7x8xf32>, memref<5x8xf32>, index, index) -> ()
  func.call @gemm(%a, %b, %c, %c2, %c5) : (memref<5x7xf32>, memref<7x8xf32>, memref<5x8xf32>, index, index) -> ()
  %flat = memref.view %arena[%c64][] : memref<256xi8> to memref<40xf32>
  func.call @add(%flat, %z, %y, %c0, %c39) : (memref<40xf32>, memref<40xf32>, memref<40xf32>, index, index) -> ()
  func.call @add(%flat, %z, %y, %c39, %c40) : (memref<40xf32>, memref<40xf32>, memref<40xf32>, index, index) -> ()
  return
}
"#;

/// Small whole numbers: every sum and product is exact, fused or not.
fn numbers(n: usize, seed: usize) -> Vec<f32> {
    (0..n).map(|i| ((i * 7 + seed * 5) % 13) as f32 - 6.0).collect()
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// `y = a b + z` in plain Rust.
fn expected(a: &[f32], b: &[f32], z: &[f32]) -> Vec<f32> {
    (0..40).map(|i| z[i] + (0..7).map(|k| a[i / 8 * 7 + k] * b[k * 8 + i % 8]).sum::<f32>()).collect()
}

fn by_wasm(target: &str, a: &[f32], b: &[f32], z: &[f32]) -> Vec<f32> {
    let session = Session::new();
    let cx = session.cx();
    let text = format!("module attributes {{weft.target = \"{target}\"}} {{ {KERNELS} }}");
    let mut module = parse(cx, &text).unwrap();
    Pipeline::parse("to-wasm").unwrap().run(cx, &mut module, &mut RunOptions::default()).unwrap();
    let at = [1024, 2048, 3072, 4096, 5120];
    let binary = emit(module_op(&module), &LinkOptions { pages: 1, ..LinkOptions::default() }).unwrap();
    let engine = wasmtime::Engine::default();
    let mut store = wasmtime::Store::new(&engine, ());
    let module = wasmtime::Module::new(&engine, &binary).unwrap();
    let instance = wasmtime::Instance::new(&mut store, &module, &[]).unwrap();
    let memory = instance.get_memory(&mut store, "memory").unwrap();
    for (at, values) in [(at[0], b), (at[2], a), (at[3], z)] {
        memory.write(&mut store, at as usize, &bytes(values)).unwrap();
    }
    let main = instance.get_typed_func::<(i32, i32, i32, i32, i32), ()>(&mut store, "main").unwrap();
    main.call(&mut store, (at[0], at[1], at[2], at[3], at[4])).unwrap();
    let mut out = vec![0; 160];
    memory.read(&store, at[4] as usize, &mut out).unwrap();
    out.chunks_exact(4).map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect()
}

#[test]
fn llvm_and_wasm_give_the_same_numbers() {
    let (mut a, mut b, mut z) = (numbers(35, 1), numbers(56, 2), numbers(40, 3));
    let expected = expected(&a, &b, &z);
    assert_eq!(by_wasm("wasm-simd", &a, &b, &z), expected);
    assert_eq!(by_wasm("wasm-relaxed", &a, &b, &z), expected);

    let session = Session::new();
    let module = parse(session.cx(), KERNELS).unwrap();
    let llvm = Llvm::default();
    let native = llvm.compile(session.cx(), module_op(&module)).unwrap_or_else(|e| panic!("{e}"));
    let (mut arena, mut y) = (vec![0.0; 64], vec![0.0; 40]);
    let mut args = [Arg::F32(&mut b), Arg::F32(&mut arena), Arg::F32(&mut a), Arg::F32(&mut z), Arg::F32(&mut y)];
    // SAFETY: `main` reads and writes inside its memrefs.
    unsafe { native.call("main", &mut args) }.unwrap();
    assert_eq!(y, expected);

    // A kernel by itself, on some of its rows: the others keep their values.
    let mut c = vec![-1.0; 40];
    let mut args = [Arg::F32(&mut a), Arg::F32(&mut b), Arg::F32(&mut c), Arg::Index(1), Arg::Index(3)];
    // SAFETY: rows 1 and 2 exist.
    unsafe { native.call("gemm", &mut args) }.unwrap();
    let product: Vec<f32> = expected.iter().zip(&z).map(|(y, z)| y - z).collect();
    assert_eq!((&c[..8], &c[8..24], &c[24..]), (&[-1.0; 8][..], &product[8..24], &[-1.0; 16][..]));
}

#[test]
fn calls_are_checked_against_the_signature() {
    let session = Session::new();
    let module = parse(
        session.cx(),
        "func.func @double(%x: memref<4xf32, strided<[1], offset: 2>>) { return }
         func.func @other(%x: f32) { return }",
    )
    .unwrap();
    let llvm = Llvm::default();
    let native = llvm.compile(session.cx(), module_op(&module)).unwrap();
    let message = |name: &str, args: &mut [Arg<'_>]| {
        // SAFETY: the function does nothing.
        unsafe { native.call(name, args) }.unwrap_err().to_string()
    };
    let mut short = [0.0; 5];
    insta::assert_snapshot!(message("double", &mut [Arg::F32(&mut short)]), @"argument 0 of 'double' must be a buffer of 24 bytes or more, aligned to 4");
    insta::assert_snapshot!(message("double", &mut [Arg::Index(0)]), @"argument 0 of 'double' must be a buffer of 24 bytes or more, aligned to 4");
    insta::assert_snapshot!(message("double", &mut []), @"'double' takes 1 arguments, not 0");
    insta::assert_snapshot!(message("other", &mut []), @"no callable kernel 'other'; there are: double");
}

#[test]
fn ops_of_other_levels_are_refused() {
    let session = Session::new();
    let text = r#"func.func @k(%x: memref<4xf32>) { %v = "wasm.v128_load"(%p) {offset = 0 : i32} : (i32) -> vector<4xf32> return }"#;
    let module = parse(session.cx(), &text.replace("%x: memref<4xf32>", "%p: i32")).unwrap();
    let error = Llvm::default().compile(session.cx(), module_op(&module)).map(|_| ()).unwrap_err();
    assert!(matches!(&error, NativeError::Lower(m) if m.iter().any(|m| m.contains("wasm.v128_load"))), "{error}");
}
