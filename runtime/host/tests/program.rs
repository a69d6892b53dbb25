//! A program of all that programs can have: prepared weights, an open dim, state, and a part that is Wasm. It needs a driver for Vulkan,
//! which `cargo xtask test` provides; `WEFT_NO_GPU=1` leaves it out.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{fs, path::Path};
use weft_artifact::open::{Atom, Expr, Extent, Open, Symbol, Term};
use weft_artifact::{
    Access, Binding, Buffer, Device, Dtype, FORMAT, GpuProgram, GpuVariant, GpuWeights, Island, Kernels, Limits,
    Manifest, Memory, Module, Pipeline, Precision, Region, Role, State, Stats, Step, TensorSpec, Variant, WasmProgram,
    Weights, sha256_hex,
};
use weft_host::{Artifact, GpuOptions, Session, Tensor};

/// `y = s - 2 w x` of `n` numbers, where `s` counts the runs.
const KERNELS: &str = "\
//// double
@group(0) @binding(0) var<storage, read> w: array<f32>;
@group(0) @binding(1) var<storage, read_write> twice: array<f32>;
@compute @workgroup_size(4) fn main(@builtin(local_invocation_id) id: vec3<u32>) { twice[id.x] = 2.0 * w[id.x]; }
//// scale
struct Symbols { n: i32 }
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> symbols: Symbols;
@compute @workgroup_size(1) fn main(@builtin(workgroup_id) id: vec3<u32>) {
  if (i32(id.x) < symbols.n) { y[id.x] = x[id.x] * w[id.x]; }
}
//// count
struct Symbols { n: i32 }
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read_write> s: array<f32>;
@group(0) @binding(3) var<uniform> symbols: Symbols;
@compute @workgroup_size(1) fn main() {
  for (var i = 0; i < symbols.n; i++) { y[i] = x[i] + s[0]; }
  s[0] += 1.0;
}
";

/// The negatives of four numbers.
const ISLAND: &str = r#"(module (memory (export "memory") 1)
  (func (export "main") (param i32 i32 i32 i32)
    (v128.store (local.get 3) (f32x4.neg (v128.load (local.get 2))))))"#;

fn spec(name: &str, n: u64) -> TensorSpec {
    TensorSpec { name: name.into(), dtype: Dtype::Float32, shape: vec![n], image: None }
}

fn n() -> Expr {
    Expr { terms: vec![Term { factor: 1, atom: Atom::Symbol(0) }], constant: 0 }
}

fn pipeline(name: &str, width: u32, bindings: &[Access], uniform: usize) -> Pipeline {
    Pipeline { name: name.into(), workgroup: [width, 1, 1], bindings: bindings.to_vec(), uniform }
}

fn part(buffer: usize) -> Binding {
    Binding { buffer, offset: 0, bytes: 16 }
}

fn dispatch(pipeline: usize, workgroups: Extent, buffers: &[usize], symbols: Vec<Expr>) -> Step {
    let one = Extent::Known(1);
    let bindings = buffers.iter().map(|&buffer| part(buffer)).collect();
    Step::Dispatch { pipeline, external: None, workgroups: [workgroups, one.clone(), one], bindings, symbols }
}

fn island(module: &[u8]) -> Island {
    let region = |offset, bytes| Region { offset, bytes };
    let variant = Module {
        name: Variant::Simd,
        file: "island0.simd.wasm".into(),
        bytes: module.len() as u64,
        sha256: sha256_hex(module),
    };
    Island {
        name: "island0".into(),
        reason: "it is here to be tested".into(),
        operators: [("Neg".to_owned(), 1)].into(),
        inputs: vec![spec("a", 4)],
        outputs: vec![spec("b", 4)],
        wasm: WasmProgram {
            variants: vec![variant],
            weights: Weights { file: None, region: region(1024, 0), sha256: sha256_hex(&[]) },
            memory: Memory { pages: 1, arena: region(1024, 0), prepared: 0 },
            inputs: vec![region(1024, 16)],
            outputs: vec![region(1088, 16)],
        },
    }
}

fn program(weights: &[u8], module: &[u8]) -> GpuProgram {
    use Access::{Read, ReadWrite};
    let buffer = |role, index| Buffer { role, index, bytes: 256 };
    let kernels = Kernels {
        file: "webgpu.wgsl".into(),
        bytes: KERNELS.len() as u64,
        gzip: 0,
        sha256: sha256_hex(KERNELS.as_bytes()),
    };
    GpuProgram {
        precision: Precision::Float32,
        features: vec![],
        limits: Limits {
            max_buffer_size: 256,
            max_storage_buffer_binding_size: 256,
            max_storage_buffers_per_shader_stage: 3,
            max_compute_workgroup_storage_size: 0,
            max_compute_invocations_per_workgroup: 4,
            max_compute_workgroup_size_x: 4,
            max_compute_workgroup_size_y: 1,
            max_compute_workgroup_size_z: 1,
            max_compute_workgroups_per_dimension: 4,
        },
        weights: Some(GpuWeights {
            file: "webgpu.weights.bin".into(),
            bytes: weights.len() as u64,
            sha256: sha256_hex(weights),
        }),
        buffers: vec![
            buffer(Role::Weights, None),
            buffer(Role::Scratch, None),
            buffer(Role::Input, Some(0)),
            buffer(Role::Input, Some(1)),
            buffer(Role::Output, Some(0)),
            buffer(Role::Scratch, None),
            buffer(Role::Scratch, None),
        ],
        variants: vec![GpuVariant {
            features: vec![],
            kernels,
            pipelines: vec![
                pipeline("double", 4, &[Read, ReadWrite], 0),
                pipeline("scale", 1, &[Read, Read, ReadWrite], 1),
                pipeline("count", 1, &[Read, ReadWrite, ReadWrite], 1),
            ],
            init: vec![dispatch(0, Extent::Known(1), &[0, 1], vec![])],
            main: vec![
                dispatch(1, Extent::Open(n()), &[2, 1, 5], vec![n()]),
                Step::Island { island: 0, inputs: vec![part(5)], outputs: vec![part(6)], symbols: vec![] },
                dispatch(2, Extent::Known(1), &[6, 4, 3], vec![n()]),
            ],
        }],
        islands: vec![island(module)],
    }
}

fn write(folder: &Path) {
    let weights: Vec<u8> = [1f32, 2., 3., 4.].iter().flat_map(|w| w.to_le_bytes()).collect();
    let module = wat::parse_str(ISLAND).unwrap();
    let manifest = Manifest {
        format: FORMAT,
        model: "program".into(),
        producer: "a test".into(),
        devices: vec![Device::Webgpu],
        inputs: vec![spec("x", 4), spec("s", 1)],
        outputs: vec![spec("y", 4), spec("t", 1)],
        states: vec![State { output: "t".into(), input: "s".into() }],
        open: Some(Open {
            symbols: vec![Symbol { name: "n".into(), min: 1, max: 4 }],
            inputs: vec![vec![Extent::Open(n())], vec![Extent::Known(1)]],
            outputs: vec![vec![Extent::Open(n())], vec![Extent::Known(1)]],
        }),
        stats: Stats::default(),
        wasm: None,
        webgpu: vec![program(&weights, &module)],
    };
    for (file, bytes) in [
        ("webgpu.weights.bin", &weights[..]),
        ("webgpu.wgsl", KERNELS.as_bytes()),
        ("island0.simd.wasm", &module[..]),
        ("manifest.json", manifest.to_json().unwrap().as_bytes()),
    ] {
        fs::write(folder.join(file), bytes).unwrap();
    }
}

#[test]
fn prepared_weights_open_dims_state_and_islands_work_together() {
    if std::env::var_os("WEFT_NO_GPU").is_some_and(|v| v == "1") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let artifact = Artifact::open(folder.path()).unwrap();
    artifact.verify().unwrap();
    let mut session = Session::gpu(&artifact, &GpuOptions::default())
        .unwrap_or_else(|e| panic!("{e}\nRun this test by `cargo xtask test`, or set WEFT_NO_GPU=1."));
    let info = session.gpu_info().unwrap();
    assert_eq!(info.islands, [("island0".to_owned(), "it is here to be tested".to_owned())]);

    let ones = |n: u64| Tensor::from_values(&[n], &vec![1f32; n as usize]).unwrap();
    let run = |session: &mut Session, x: Tensor| {
        let outputs = session.run(&[("x", x)]).unwrap();
        (outputs[0].1.values::<f32>().unwrap(), outputs[1].1.values::<f32>().unwrap())
    };
    // State begins at 0, and goes from run to run, whatever their size.
    assert_eq!(run(&mut session, ones(3)), (vec![-2., -4., -6.], vec![1.]));
    assert_eq!(run(&mut session, ones(4)), (vec![-1., -3., -5., -7.], vec![2.]));
    assert_eq!(run(&mut session, ones(1)), (vec![0.], vec![3.]));
    session.reset().unwrap();
    assert_eq!(run(&mut session, ones(2)), (vec![-2., -4.], vec![1.]));
    session.set_initial("s", &Tensor::from_values(&[1], &[10f32]).unwrap()).unwrap();
    session.reset().unwrap();
    assert_eq!(run(&mut session, ones(2)), (vec![8., 6.], vec![11.]));

    let message = session.run(&[("x", ones(5))]).unwrap_err().to_string();
    assert_eq!(message, "input `x` is [5], where `n` is 5, but the model was compiled for 1 to 4");
}
