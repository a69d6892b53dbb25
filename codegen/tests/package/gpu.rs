//! Artifacts for a GPU, with kernels written by hand.

use super::{check, floats, spec};
use std::path::Path;
use weft_artifact::open::{Atom, Expr, Extent, Open, Symbol, Term};
use weft_artifact::{
    Access, Buffer, Device, Dtype, Limits, Manifest, Pipeline, Precision, Role, Stats, Step, TensorSpec, Variant,
};
use weft_codegen::package::{GpuPart, IslandPart, KernelsPart, PackageError, PackageInput, WasmPart, plan, write};

pub const TYPES: &str = include_str!("../../../runtime/js/src/types.gpu.d.ts");

/// A grid of one workgroup in each dim.
const ONE: [Extent; 3] = [Extent::Known(1), Extent::Known(1), Extent::Known(1)];

fn stats() -> Stats {
    Stats { operators: [("MatMul".into(), 1), ("Relu".into(), 1)].into(), kernels: 2, flops: 64, peak_bytes: 0 }
}

/// What these kernels need at most.
fn limits() -> Limits {
    Limits {
        max_buffer_size: 256,
        max_storage_buffer_binding_size: 256,
        max_storage_buffers_per_shader_stage: 4,
        max_compute_workgroup_storage_size: 0,
        max_compute_invocations_per_workgroup: 8,
        max_compute_workgroup_size_x: 8,
        max_compute_workgroup_size_y: 1,
        max_compute_workgroup_size_z: 1,
        max_compute_workgroups_per_dimension: 1,
    }
}

fn buffer(role: Role, index: Option<usize>) -> Buffer {
    Buffer { role, index, bytes: 256 }
}

fn pipeline(name: &str, bindings: &[Access], uniform: usize) -> Pipeline {
    Pipeline { name: name.into(), workgroup: [8, 1, 1], bindings: bindings.into(), uniform }
}

/// A dispatch of one workgroup, with whole buffers bound.
fn dispatch(pipeline: usize, buffers: &[(usize, u64)], symbols: &[Expr]) -> Step {
    let bindings = buffers.iter().map(|&(buffer, bytes)| (buffer, 0, bytes).into()).collect();
    Step::Dispatch { pipeline, external: None, workgroups: ONE, bindings, symbols: symbols.into() }
}

/// y = relu(x w), x of 2x4, w of 4x4, as two kernels; on the processor as one module.
const MATMUL: &str = "
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>;
@compute @workgroup_size(8) fn matmul(@builtin(local_invocation_id) id: vec3<u32>) {
  if (id.x >= 2u) { return; }
  var sum = vec4<f32>();
  for (var k = 0u; k < 4u; k++) { sum += x[id.x * 4u + k] * w[k]; }
  y[id.x] = sum;
}
";
const RELU: &str = "
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(8) fn relu(@builtin(local_invocation_id) id: vec3<u32>) { y[id.x] = max(x[id.x], 0.0); }
";

/// A row of the product.
fn row(row: usize) -> String {
    let term = |k: usize| {
        let x = 4 * (4 * row + k);
        let w = 16 * k;
        format!("(f32x4.mul (v128.load32_splat offset={x} (local.get $x)) (v128.load offset={w} (local.get $w)))")
    };
    let sum = (1..4).fold(term(0), |sum, k| format!("(f32x4.add {sum} {})", term(k)));
    let at = 16 * row;
    format!("(v128.store offset={at} (local.get $y) (f32x4.max {sum} (v128.const f32x4 0 0 0 0)))")
}

fn matmul(out: &Path) -> Result<Manifest, PackageError> {
    let inputs = [spec("x", Dtype::Float32, &[2, 4])];
    let outputs = [spec("y", Dtype::Float32, &[2, 4])];
    let weights = floats(&(0..16).map(|i| (i % 5) as f32 - 2.).collect::<Vec<_>>());
    let layout = plan(&inputs, &outputs, &[], 64, 0)?;
    let data: String = weights.iter().map(|b| format!("\\{b:02x}")).collect();
    let module = wat::parse_str(format!(
        r#"(module (memory (export "memory") 1) (data (i32.const 1024) "{data}")
          (func (export "main") (param $w i32) (param $arena i32) (param $x i32) (param $y i32) {} {}))"#,
        row(0),
        row(1)
    ))
    .unwrap();
    let (read, write_) = (Access::Read, Access::ReadWrite);
    let variant = |features: &[&str], enable: &str| KernelsPart {
        features: features.iter().map(ToString::to_string).collect(),
        kernels: vec![format!("{enable}{}", MATMUL.trim_start()), RELU.trim_start().into()],
        pipelines: vec![pipeline("matmul", &[read, read, write_], 0), pipeline("relu", &[read, write_], 0)],
        init: Vec::new(),
        main: vec![dispatch(0, &[(2, 32), (0, 64), (1, 32)], &[]), dispatch(1, &[(1, 32), (3, 32)], &[])],
    };
    write(
        &PackageInput {
            model_name: "gpu",
            devices: &[Device::Webgpu, Device::Wasm],
            inputs: &inputs,
            outputs: &outputs,
            states: &[],
            open: None,
            stats: stats(),
            wasm: Some(WasmPart { layout: &layout, modules: &[(Variant::Simd, &module)], weights: &weights }),
            webgpu: &[GpuPart {
                precision: Precision::Float32,
                features: Vec::new(),
                limits: limits(),
                weights: &weights,
                buffers: vec![
                    buffer(Role::Weights, None),
                    buffer(Role::Scratch, None),
                    buffer(Role::Input, Some(0)),
                    buffer(Role::Output, Some(0)),
                ],
                variants: vec![variant(&["subgroups"], "enable subgroups;\n"), variant(&[], "")],
                islands: Vec::new(),
            }],
        },
        out,
    )
}

/// Doubles the weights, once.
const PREPARE: &str = "
@group(0) @binding(0) var<storage, read> w: array<f32>;
@group(0) @binding(1) var<storage, read_write> p: array<f32>;
@compute @workgroup_size(8) fn prepare(@builtin(local_invocation_id) id: vec3<u32>) { p[id.x] = 2.0 * w[id.x]; }
";
/// t = x * 2w where x is, 0 behind it.
const SCALE: &str = "
struct Symbols { length: i32 }
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> p: array<f32>;
@group(0) @binding(2) var<storage, read_write> t: array<f32>;
@group(0) @binding(3) var<uniform> symbols: Symbols;
@compute @workgroup_size(8) fn scale(@builtin(local_invocation_id) id: vec3<u32>) {
  t[id.x] = select(0.0, x[id.x] * p[id.x], i32(id.x) < symbols.length);
}
";
/// y = u + s; s = s + x; n = the length, its half, and 3, as bytes.
const ADD: &str = "
struct Symbols { length: i32, half: i32 }
@group(0) @binding(0) var<storage, read> u: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> s: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> n: array<u32>;
@group(0) @binding(5) var<uniform> symbols: Symbols;
@compute @workgroup_size(8) fn add(@builtin(local_invocation_id) id: vec3<u32>) {
  if (i32(id.x) >= symbols.length) { return; }
  y[id.x] = u[id.x] + s[id.x];
  s[id.x] = s[id.x] + x[id.x];
  if (id.x == 0u) { n[0] = u32(symbols.length) | (u32(symbols.half) << 8u) | (3u << 16u); }
}
";
/// u = t + 1, as Wasm.
const ISLAND: &str = r#"(module (memory (export "memory") 1)
  (func (export "main") (param $w i32) (param $arena i32) (param $t i32) (param $u i32) (param $length i32)
    (v128.store (local.get $u) (f32x4.add (v128.load (local.get $t)) (v128.const f32x4 1 1 1 1)))))"#;

fn symbol() -> Expr {
    Expr { terms: vec![Term { factor: 1, atom: Atom::Symbol(0) }], constant: 0 }
}

/// A dim that is left open, state, prepared weights, a part that is Wasm, an output of no whole words.
fn parts(out: &Path) -> Result<Manifest, PackageError> {
    let vector = |name: &str| spec(name, Dtype::Float32, &[4]);
    let inputs = [vector("x"), vector("s")];
    let outputs = [vector("y"), vector("sN"), spec("n", Dtype::Uint8, &[3])];
    let half =
        Expr { terms: vec![Term { factor: 1, atom: Atom::Floor { of: Box::new(symbol()), by: 2 } }], constant: 0 };
    let dims = |spec: &TensorSpec, open: bool| {
        if open { vec![Extent::Open(symbol())] } else { spec.shape.iter().map(|&n| Extent::Known(n)).collect() }
    };
    let (ins, outs) = ([vector("t")], [vector("u")]);
    let layout = plan(&ins, &outs, &[], 0, 0)?;
    let island = wat::parse_str(ISLAND).unwrap();
    let weights = floats(&[1., 2., 3., 4.]);
    let (read, write_) = (Access::Read, Access::ReadWrite);
    write(
        &PackageInput {
            model_name: "gpu-parts",
            devices: &[Device::Webgpu],
            inputs: &inputs,
            outputs: &outputs,
            states: &[(1, 1)],
            open: Some(&Open {
                symbols: vec![Symbol { name: "length".into(), min: 1, max: 4 }],
                inputs: vec![dims(&inputs[0], true), dims(&inputs[1], false)],
                outputs: vec![dims(&outputs[0], true), dims(&outputs[1], false), dims(&outputs[2], false)],
            }),
            stats: stats(),
            wasm: None,
            webgpu: &[GpuPart {
                precision: Precision::Float32,
                features: Vec::new(),
                limits: Limits { max_storage_buffers_per_shader_stage: 5, ..limits() },
                weights: &weights,
                buffers: vec![
                    buffer(Role::Weights, None),
                    buffer(Role::Scratch, None),
                    buffer(Role::Scratch, None),
                    buffer(Role::Scratch, None),
                    buffer(Role::Input, Some(0)),
                    buffer(Role::Input, Some(1)),
                    buffer(Role::Output, Some(0)),
                    buffer(Role::Output, Some(2)),
                ],
                variants: vec![KernelsPart {
                    features: Vec::new(),
                    kernels: [PREPARE, SCALE, ADD].map(|text| text.trim_start().to_owned()).into(),
                    pipelines: vec![
                        pipeline("prepare", &[read, write_], 0),
                        pipeline("scale", &[read, read, write_], 1),
                        pipeline("add", &[read, read, write_, write_, write_], 2),
                    ],
                    init: vec![dispatch(0, &[(0, 16), (1, 16)], &[])],
                    main: vec![
                        dispatch(1, &[(4, 16), (1, 16), (2, 16)], &[symbol()]),
                        Step::Island {
                            island: 0,
                            inputs: vec![(2, 0, 16).into()],
                            outputs: vec![(3, 0, 16).into()],
                            symbols: vec![symbol()],
                        },
                        dispatch(2, &[(3, 16), (4, 16), (5, 16), (6, 16), (7, 4)], &[symbol(), half]),
                    ],
                }],
                islands: vec![IslandPart {
                    name: "island0".into(),
                    reason: "a test".into(),
                    operators: [("Add".into(), 1)].into(),
                    inputs: &ins,
                    outputs: &outs,
                    symbols: 1,
                    wasm: WasmPart { layout: &layout, modules: &[(Variant::Simd, &island)], weights: &[] },
                }],
            }],
        },
        out,
    )
}

#[test]
fn kernels_and_modules() {
    check("gpu", &matmul);
}

#[test]
fn parts_of_all_kinds() {
    check("gpu-parts", &parts);
}
