//! `weftc run`.

use crate::cli::{self, RunArgs, RunDevice, RunPrecision};
use crate::{npy, report};
use std::fmt;
use std::time::Instant;
use weft_host::{Artifact, Dtype, GpuInfo, GpuOptions, Precision, Session, Tensor, TensorSpec, Variant};

pub fn run(args: &RunArgs) -> Result<(), String> {
    let fail = |e: weft_host::HostError| report::chain(&e);
    let artifact = Artifact::open(&args.artifact).map_err(fail)?;
    let start = Instant::now();
    let (mut session, what) = load(&artifact, args)?;
    let ready = start.elapsed();
    let specs: Vec<TensorSpec> = artifact.manifest().inputs.clone();
    for (name, _) in &args.inputs {
        if !specs.iter().any(|s| s.name == *name) {
            let known: Vec<_> = specs.iter().map(|s| s.name.as_str()).collect();
            return Err(format!("the model has no input '{name}'; its inputs are {}", known.join(", ")));
        }
    }
    for (name, path) in &args.inputs {
        session.set(name, &npy::read(path)?).map_err(fail)?;
    }
    for spec in specs.iter().filter(|s| !args.inputs.iter().any(|i| i.0 == s.name)) {
        // Zero before the first run, then what the last one made of it.
        if artifact.manifest().is_state(&spec.name) {
            continue;
        }
        let shape = session.shape(&spec.name).unwrap_or_else(|| spec.shape.clone());
        session.set(&spec.name, &pattern(&TensorSpec { shape, ..spec.clone() })?).map_err(fail)?;
    }
    let mut times = Vec::new();
    for _ in 0..args.repeat {
        let start = Instant::now();
        session.invoke().map_err(fail)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2];
    let names: Vec<String> = artifact.manifest().outputs.iter().map(|s| s.name.clone()).collect();
    let mut outputs = Vec::new();
    for name in names {
        let tensor = session.output(&name).map_err(fail)?;
        if let Some(dir) = &args.output {
            std::fs::create_dir_all(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
            npy::write(&dir.join(format!("{}.npy", name.replace(['/', '\\'], "_"))), &tensor)?;
        }
        outputs.push((name, tensor));
    }
    if args.json {
        let outputs: serde_json::Map<String, serde_json::Value> = outputs
            .iter()
            .map(|(name, t)| {
                let value = serde_json::json!({
                    "dtype": t.dtype().name(), "dims": t.shape(), "data": values(t),
                });
                (name.clone(), value)
            })
            .collect();
        let mut value = what.json();
        value["ready_ms"] = (ready.as_secs_f64() * 1e3).into();
        value["median_ms"] = median.into();
        value["runs"] = args.repeat.into();
        value["outputs"] = outputs.into();
        println!("{}", serde_json::to_string(&value).map_err(|e| e.to_string())?);
        return Ok(());
    }
    for (name, t) in &outputs {
        let values = values(t);
        let head: Vec<String> = values.iter().take(8).map(|v| format!("{v:.6}")).collect();
        let more = if values.len() > 8 { ", ..." } else { "" };
        println!("{name}: {} {:?} [{}{more}]", t.dtype().name(), t.shape(), head.join(", "));
    }
    eprintln!("{what}, ready in {:.0} ms, {median:.3} ms a run (median of {})", ready.as_secs_f64() * 1e3, args.repeat);
    Ok(())
}

/// What a model was loaded on.
enum Loaded {
    Module(Variant),
    Gpu(GpuInfo),
}

impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Loaded::Module(variant) => write!(f, "{variant} module"),
            Loaded::Gpu(info) => {
                write!(f, "{} on {}", info.precision, info.adapter)?;
                info.features.iter().try_for_each(|feature| write!(f, " with {feature}"))
            }
        }
    }
}

impl Loaded {
    fn json(&self) -> serde_json::Value {
        match self {
            Loaded::Module(variant) => serde_json::json!({ "device": "wasm", "variant": variant.name() }),
            Loaded::Gpu(info) => {
                let islands =
                    info.islands.iter().map(|(name, reason)| serde_json::json!({ "name": name, "reason": reason }));
                serde_json::json!({
                    "device": "gpu", "adapter": info.adapter, "precision": info.precision.name(),
                    "features": info.features, "islands": islands.collect::<Vec<_>>(),
                })
            }
        }
    }
}

/// Loads the model on what the options, or else the artifact, ask for.
fn load(artifact: &Artifact, args: &RunArgs) -> Result<(Session, Loaded), String> {
    let fail = |e: weft_host::HostError| report::chain(&e);
    let wasm = artifact.manifest().wasm.as_ref();
    let asks_gpu = args.adapter.is_some() || args.precision.is_some();
    let device = args.device.unwrap_or(match wasm {
        Some(_) if !asks_gpu => RunDevice::Wasm,
        _ => RunDevice::Gpu,
    });
    match device {
        RunDevice::Wasm if asks_gpu => Err("--adapter and --precision are for '--device gpu'".to_owned()),
        RunDevice::Wasm => {
            let variant = match args.variant {
                Some(cli::Variant::Relaxed) => Variant::Relaxed,
                Some(cli::Variant::Simd) => Variant::Simd,
                None => wasm.iter().flat_map(|w| &w.variants).next().map_or(Variant::Simd, |m| m.name),
            };
            Ok((Session::new(artifact, variant).map_err(fail)?, Loaded::Module(variant)))
        }
        RunDevice::Gpu if args.variant.is_some() => Err("--variant is for '--device wasm'".to_owned()),
        RunDevice::Gpu => {
            let precision = args.precision.map(|p| match p {
                RunPrecision::Float32 => Precision::Float32,
                RunPrecision::Float16 => Precision::Float16,
            });
            let options = GpuOptions { adapter: args.adapter.clone(), precision };
            let session = Session::gpu(artifact, &options).map_err(fail)?;
            let info = session.gpu_info().cloned().ok_or("the model runs on no GPU")?;
            Ok((session, Loaded::Gpu(info)))
        }
    }
}

/// A fixed pattern for an input that was not given: a slow wave for floats, small counters for integers.
fn pattern(spec: &TensorSpec) -> Result<Tensor, String> {
    let n: u64 = spec.shape.iter().product();
    let bytes: Vec<u8> = (0..n)
        .flat_map(|i| match spec.dtype {
            Dtype::Float32 => ((i as f32 * 0.37).sin()).to_le_bytes().to_vec(),
            Dtype::Float64 => ((i as f64 * 0.37).sin()).to_le_bytes().to_vec(),
            other => {
                let mut v = vec![0u8; other.size() as usize];
                v[0] = (i % 2) as u8;
                v
            }
        })
        .collect();
    Tensor::new(spec.dtype, &spec.shape, bytes).map_err(|e| e.to_string())
}

fn values(t: &Tensor) -> Vec<f64> {
    let b = t.bytes();
    let n = t.dtype().size() as usize;
    b.chunks_exact(n)
        .map(|c| {
            let mut w = [0u8; 8];
            w[..n].copy_from_slice(c);
            let bits = u64::from_le_bytes(w);
            match t.dtype() {
                Dtype::Float32 => f64::from(f32::from_bits(bits as u32)),
                Dtype::Float64 => f64::from_bits(bits),
                Dtype::Int8 => f64::from(bits as u8 as i8),
                Dtype::Int16 => f64::from(bits as u16 as i16),
                Dtype::Int32 => f64::from(bits as u32 as i32),
                Dtype::Int64 => bits as i64 as f64,
                _ => bits as f64,
            }
        })
        .collect()
}
