//! `weftc run`.

use crate::cli::{self, RunArgs};
use crate::{npy, report};
use std::time::Instant;
use weft_host::{Artifact, Dtype, Session, Tensor, TensorSpec, Variant};

pub fn run(args: &RunArgs) -> Result<(), String> {
    let fail = |e: weft_host::HostError| report::chain(&e);
    let artifact = Artifact::open(&args.artifact).map_err(fail)?;
    let variant = match args.variant {
        Some(cli::Variant::Relaxed) => Variant::Relaxed,
        Some(cli::Variant::Simd) => Variant::Simd,
        None => artifact.manifest().wasm.iter().flat_map(|w| &w.variants).next().map_or(Variant::Simd, |m| m.name),
    };
    let start = Instant::now();
    let mut session = Session::new(&artifact, variant).map_err(fail)?;
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
        let value = serde_json::json!({
            "variant": variant.to_string(), "ready_ms": ready.as_secs_f64() * 1e3, "median_ms": median,
            "runs": args.repeat, "outputs": outputs,
        });
        println!("{}", serde_json::to_string(&value).map_err(|e| e.to_string())?);
        return Ok(());
    }
    for (name, t) in &outputs {
        let values = values(t);
        let head: Vec<String> = values.iter().take(8).map(|v| format!("{v:.6}")).collect();
        let more = if values.len() > 8 { ", ..." } else { "" };
        println!("{name}: {} {:?} [{}{more}]", t.dtype().name(), t.shape(), head.join(", "));
    }
    eprintln!(
        "{variant} module, ready in {:.0} ms, {median:.3} ms a run (median of {})",
        ready.as_secs_f64() * 1e3,
        args.repeat
    );
    Ok(())
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
