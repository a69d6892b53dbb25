//! Manifests that a host must accept or refuse, and what it says.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use weft_artifact::*;

fn spec(name: &str, dtype: Dtype, shape: &[u64]) -> TensorSpec {
    TensorSpec { name: name.into(), dtype, shape: shape.into(), image: None }
}

fn manifest() -> Manifest {
    let map = MemoryMap::new(8, 0, &[12], &[16]).unwrap();
    Manifest {
        format: FORMAT,
        model: "tiny".into(),
        producer: "weftc 0.1.0".into(),
        devices: vec![Device::Wasm],
        inputs: vec![spec("x", Dtype::Float32, &[1, 3])],
        outputs: vec![spec("y", Dtype::Int64, &[2])],
        states: Vec::new(),
        open: None,
        stats: Stats {
            operators: [("Add".into(), 2), ("Relu".into(), 1)].into(),
            kernels: 1,
            flops: 9,
            peak_bytes: map.end().into(),
        },
        wasm: Some(WasmProgram {
            variants: vec![Module {
                name: Variant::Simd,
                file: Variant::Simd.file().into(),
                bytes: 3,
                sha256: sha256_hex(b"abc"),
            }],
            weights: Weights { file: Some(file::WEIGHTS.into()), region: map.weights, sha256: sha256_hex(&[0; 8]) },
            memory: Memory { pages: map.pages, arena: map.arena, prepared: 0 },
            inputs: map.inputs,
            outputs: map.outputs,
        }),
        webgpu: Vec::new(),
    }
}

/// The same model for a GPU: a product with ReLU, as two steps.
fn gpu() -> Manifest {
    let pipeline = |name: &str, bindings: &[Access]| Pipeline {
        name: name.into(),
        workgroup: [64, 1, 1],
        bindings: bindings.to_vec(),
        uniform: 0,
    };
    let dispatch = |pipeline, bindings: &[(usize, u64, u64)]| Step::Dispatch {
        pipeline,
        external: None,
        workgroups: [1, 1, 1].map(open::Extent::Known),
        bindings: bindings.iter().map(|&b| b.into()).collect(),
        symbols: Vec::new(),
    };
    let buffer = |role, index, bytes| Buffer { role, index, bytes };
    Manifest {
        devices: vec![Device::Webgpu],
        wasm: None,
        webgpu: vec![GpuProgram {
            precision: Precision::Float32,
            features: Vec::new(),
            limits: Limits {
                max_buffer_size: 512,
                max_storage_buffer_binding_size: 256,
                max_storage_buffers_per_shader_stage: 3,
                max_compute_workgroup_storage_size: 0,
                max_compute_invocations_per_workgroup: 64,
                max_compute_workgroup_size_x: 64,
                max_compute_workgroup_size_y: 1,
                max_compute_workgroup_size_z: 1,
                max_compute_workgroups_per_dimension: 1,
            },
            weights: Some(GpuWeights {
                file: file::gpu_weights(Precision::Float32),
                bytes: 8,
                sha256: sha256_hex(&[0; 8]),
            }),
            buffers: vec![
                buffer(Role::Weights, None, 256),
                buffer(Role::Scratch, None, 512),
                buffer(Role::Input, Some(0), 256),
                buffer(Role::Output, Some(0), 256),
            ],
            variants: vec![GpuVariant {
                features: Vec::new(),
                kernels: Kernels {
                    file: file::kernels(Precision::Float32, &[]),
                    bytes: 3,
                    gzip: 23,
                    sha256: sha256_hex(b"abc"),
                },
                pipelines: vec![
                    pipeline("matmul", &[Access::Read, Access::Read, Access::ReadWrite]),
                    pipeline("relu", &[Access::Read, Access::ReadWrite]),
                ],
                init: Vec::new(),
                main: vec![
                    dispatch(0, &[(2, 0, 16), (0, 0, 16), (1, 256, 16)]),
                    dispatch(1, &[(1, 256, 16), (3, 0, 16)]),
                ],
            }],
            islands: Vec::new(),
        }],
        ..manifest()
    }
}

fn parse(text: &str) -> Result<Manifest, ManifestError> {
    Manifest::parse(text, Path::new("m/manifest.json"))
}

#[test]
fn what_is_written_is_read() {
    let text = manifest().to_json().unwrap();
    insta::assert_snapshot!(text);
    assert_eq!(parse(&text).unwrap(), manifest());
    assert_eq!(manifest().wasm.unwrap().memory_map(&[]), MemoryMap::new(8, 0, &[12], &[16]).unwrap());
}

#[test]
fn a_states_output_lies_where_its_input_is() {
    let mut stateful = manifest();
    stateful.inputs.push(spec("s", Dtype::Int64, &[2]));
    let wasm = stateful.wasm.as_mut().unwrap();
    wasm.inputs.push(wasm.outputs[0]);
    stateful.states = vec![State { output: "y".into(), input: "s".into() }];
    let text = stateful.to_json().unwrap();
    assert_eq!(parse(&text).unwrap().state_numbers().collect::<Vec<_>>(), [(0, 1)]);
    stateful.wasm.as_mut().unwrap().outputs[0].offset += 64;
    insta::assert_snapshot!(
        parse(&stateful.to_json().unwrap()).unwrap_err(),
        @"m/manifest.json: wasm.outputs[0]: output `y` and input `s` are one state, but not in one place"
    );
    stateful.states[0].input = "x".into();
    insta::assert_snapshot!(
        parse(&stateful.to_json().unwrap()).unwrap_err(),
        @"m/manifest.json: states[0]: output `y` and input `x` are not of one type and shape"
    );
}

#[test]
fn a_gpus_program_is_read_as_it_is_written() {
    let text = gpu().to_json().unwrap();
    insta::assert_snapshot!(serde_json::to_string(&gpu().webgpu).unwrap());
    assert_eq!(parse(&text).unwrap(), gpu());
    let program = &gpu().webgpu[0];
    assert_eq!(
        (program.weights_buffer(), program.input_buffer(0), program.output_buffer(0, &[])),
        (Some(0), Some(2), Some(3))
    );
    assert_eq!(program.bytes(), 1280);
    assert!(program.variant(|_| false).is_some());
}

#[test]
fn files_are_listed_and_recognised() {
    let files = |m: &Manifest| m.files().into_iter().map(|f| f.0.to_owned()).collect::<Vec<_>>();
    assert_eq!(files(&manifest()), ["model.simd.wasm", "weights.bin"]);
    assert_eq!(files(&gpu()), ["webgpu.weights.bin", "webgpu.wgsl"]);
    let f16 = Precision::Float16;
    let subgroups = file::kernels(f16, &["subgroups".into()]);
    assert_eq!(subgroups, "webgpu-f16.subgroups.wgsl");
    let islands = [file::island(f16, 10, Variant::Simd), file::island_weights(f16, 0), file::program(f16), subgroups];
    assert!(islands.iter().chain(&files(&gpu())).all(|f| file::is_ours(f)));
    assert!(!["webgpu.islandx.weights.bin", "webgpu.island01.simd.wasm", "a.wgsl"].iter().any(|f| file::is_ours(f)));
}

#[test]
fn kernels_of_a_file() {
    let text = "//// a\nfn main() {}\n//// b\n";
    assert_eq!(Kernels::split(text).collect::<Vec<_>>(), [("a", "fn main() {}\n"), ("b", "")]);
}

/// The message for a manifest after `change`.
fn refused(change: impl FnOnce(&mut Manifest)) -> String {
    let mut manifest = manifest();
    change(&mut manifest);
    parse(&manifest.to_json().unwrap()).unwrap_err().to_string()
}

/// The message for a model's Wasm modules after `change`.
fn refused_wasm(change: impl FnOnce(&mut WasmProgram)) -> String {
    refused(|m| change(m.wasm.as_mut().unwrap()))
}

/// The message for a model's GPU program after `change`.
fn refused_gpu(change: impl FnOnce(&mut GpuProgram)) -> String {
    let mut manifest = gpu();
    change(&mut manifest.webgpu[0]);
    parse(&manifest.to_json().unwrap()).unwrap_err().to_string()
}

#[test]
fn what_can_not_be_true_is_refused() {
    let messages = [
        refused_wasm(|w| w.variants.clear()),
        refused_wasm(|w| w.variants.push(w.variants[0].clone())),
        refused_wasm(|w| w.variants[0].file = "../model.wasm".into()),
        refused_wasm(|w| w.variants[0].file = "..".into()),
        refused_wasm(|w| w.variants[0].file = "weights.bin".into()),
        refused_wasm(|w| w.weights.file = Some("a\\b".into())),
        refused_wasm(|w| w.weights.sha256 = "ABC".into()),
        refused(|m| m.inputs.push(m.inputs[0].clone())),
        refused(|m| m.inputs[0].shape = vec![4]),
        refused(|m| m.inputs[0].shape = vec![1 << 40, 1 << 40]),
        refused_wasm(|w| w.inputs.clear()),
        refused_wasm(|w| w.inputs[0].offset += 4),
        refused_wasm(|w| w.outputs[0].offset = 65536),
        refused_wasm(|w| w.outputs[0].offset = w.inputs[0].offset),
        refused_wasm(|w| w.memory.pages = 40000),
        refused(|m| m.devices.clear()),
        refused(|m| m.devices.push(Device::Wasm)),
        refused(|m| m.devices.push(Device::Webgpu)),
        refused(|m| m.wasm = None),
        refused(|m| m.webgpu = gpu().webgpu),
        refused(|m| m.format = 1),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn a_gpus_program_that_can_not_be_true_is_refused() {
    fn step(p: &mut GpuProgram, change: impl FnOnce(&mut usize, &mut Vec<Binding>, &mut [open::Extent; 3])) {
        let Step::Dispatch { pipeline, bindings, workgroups, .. } = &mut p.variants[0].main[1] else { unreachable!() };
        change(pipeline, bindings, workgroups);
    }
    let symbol = |i| open::Expr { terms: vec![open::Term { factor: 1, atom: open::Atom::Symbol(i) }], constant: 0 };
    let messages = [
        refused_gpu(|p| p.weights = None),
        refused_gpu(|p| p.weights.as_mut().unwrap().bytes = 260),
        refused_gpu(|p| p.weights.as_mut().unwrap().file = "webgpu.wgsl".into()),
        refused_gpu(|p| p.buffers[1].bytes = 500),
        refused_gpu(|p| p.buffers[1].bytes = 1024),
        refused_gpu(|p| p.buffers[2].index = Some(1)),
        refused_gpu(|p| p.buffers.push(p.buffers[0])),
        refused_gpu(|p| p.buffers.truncate(3)),
        refused_gpu(|p| p.variants.clear()),
        refused_gpu(|p| p.variants.push(p.variants[0].clone())),
        refused_gpu(|p| p.variants[0].kernels.file = "/etc/passwd".into()),
        refused_gpu(|p| p.variants[0].pipelines[1].name = "matmul".into()),
        refused_gpu(|p| p.variants[0].pipelines[1].workgroup = [64, 2, 1]),
        refused_gpu(|p| p.variants[0].pipelines[1].workgroup = [64, 1, 0]),
        refused_gpu(|p| p.limits.max_storage_buffers_per_shader_stage = 2),
        refused_gpu(|p| p.limits.max_storage_buffer_binding_size = 8),
        refused_gpu(|p| step(p, |pipeline, _, _| *pipeline = 2)),
        refused_gpu(|p| step(p, |_, _, workgroups| workgroups[1] = open::Extent::Known(2))),
        refused_gpu(|p| step(p, |_, _, workgroups| workgroups[0] = open::Extent::Open(symbol(0)))),
        refused_gpu(|p| step(p, |_, bindings, _| bindings.truncate(1))),
        refused_gpu(|p| step(p, |_, bindings, _| bindings[0].buffer = 4)),
        refused_gpu(|p| step(p, |_, bindings, _| bindings[0].offset = 4)),
        refused_gpu(|p| step(p, |_, bindings, _| bindings[0].bytes = 260)),
        refused_gpu(|p| step(p, |_, bindings, _| bindings[1].buffer = 1)),
        refused_gpu(|p| step(p, |_, bindings, _| bindings[1].buffer = 0)),
        refused_gpu(|p| {
            let step = Step::Island { island: 0, inputs: Vec::new(), outputs: Vec::new(), symbols: Vec::new() };
            p.variants[0].main.push(step);
        }),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn what_is_no_manifest_says_where_reading_stopped() {
    for (text, cause) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        (r#"{"format": 2}"#, "missing field `model` at line 1 column 13"),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.to_string(), "m/manifest.json is no manifest");
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), cause);
    }
    let folder = tempfile::tempdir().unwrap();
    let error = Manifest::read(folder.path()).unwrap_err().to_string();
    assert!(error.ends_with("manifest.json: is this a folder that `weftc compile` wrote?"), "{error}");
}

#[test]
fn an_empty_tensor_has_no_bytes_whatever_its_other_dims() {
    let spec = TensorSpec { name: "x".into(), dtype: Dtype::Float32, shape: vec![1 << 40, 1 << 40, 0], image: None };
    assert_eq!(spec.bytes(), Some(0));
}
