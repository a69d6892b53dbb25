//! Summaries for people and machines.

use crate::driver::Trace;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;
use weft_artifact::{GpuProgram, Manifest, Step, WasmProgram};

/// An error with its causes.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut out = error.to_string();
    let mut source = error.source();
    while let Some(e) = source {
        let text = e.to_string();
        if !out.contains(&text) {
            let _ = write!(out, ": {text}");
        }
        source = e.source();
    }
    out
}

/// `1.2 MB`, decimal.
pub fn bytes(n: u64) -> String {
    match n {
        0..1_000 => format!("{n} B"),
        1_000..1_000_000 => format!("{:.1} kB", n as f64 / 1e3),
        _ => format!("{:.1} MB", n as f64 / 1e6),
    }
}

/// Time by pass, whatever it is nested in.
fn stages(trace: &Trace) -> BTreeMap<String, Duration> {
    let mut out: BTreeMap<String, Duration> = BTreeMap::new();
    for (text, took) in &trace.times {
        let name = text.rsplit('(').next().unwrap_or(text).trim_end_matches(')').split('{').next().unwrap_or(text);
        *out.entry(name.to_owned()).or_default() += *took;
    }
    out
}

fn shape(dims: &[u64]) -> String {
    if dims.is_empty() {
        return "scalar".to_owned();
    }
    dims.iter().map(ToString::to_string).collect::<Vec<_>>().join("x")
}

/// What an artifact is made of, for people.
pub fn describe(m: &Manifest) -> String {
    let mut out = String::new();
    for (title, specs) in [("input", &m.inputs), ("output", &m.outputs)] {
        for s in specs {
            let _ = writeln!(out, "  {title:<10} {}: {} {}", s.name, s.dtype.name(), shape(&s.shape));
        }
    }
    for state in &m.states {
        let _ = writeln!(out, "  state      {} is the next run's {}", state.output, state.input);
    }
    for s in m.open.iter().flat_map(|open| &open.symbols) {
        let _ = writeln!(
            out,
            "  {:<10} {}: {} to {}; shapes, work and memory are for the most",
            "open dim", s.name, s.min, s.max
        );
    }
    let nodes: u64 = m.stats.operators.values().sum();
    let _ = writeln!(out, "  operators  {nodes} ({})", operators(&m.stats.operators));
    let _ = writeln!(out, "  kernels    {} calls a run", m.stats.kernels);
    let _ = writeln!(out, "  work       {:.3} GFLOP a run", m.stats.flops as f64 / 1e9);
    if let Some(program) = &m.wasm {
        let states: Vec<_> = m.state_numbers().collect();
        wasm(&mut out, program, program.memory_map(&states).end().into());
    }
    for program in &m.webgpu {
        webgpu(&mut out, program);
    }
    out
}

fn several(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The most frequent ones first.
fn operators(counts: &BTreeMap<String, u64>) -> String {
    let mut by_count: Vec<_> = counts.iter().collect();
    by_count.sort_by_key(|(name, n)| (std::cmp::Reverse(**n), name.as_str()));
    let most: Vec<_> = by_count.iter().take(6).map(|(name, n)| format!("{n} {name}")).collect();
    most.join(", ") + if by_count.len() > 6 { ", ..." } else { "" }
}

/// A program for the GPU. How long its pipelines take to make is the browser's and the driver's business: `model.info.pipelineMs` has it.
fn webgpu(out: &mut String, program: &GpuProgram) {
    for v in &program.variants {
        let features: Vec<_> = program.features.iter().chain(&v.features).map(String::as_str).collect();
        let dispatches = v.main.iter().filter(|step| matches!(step, Step::Dispatch { .. })).count();
        let _ = writeln!(
            out,
            "  {}  {}{}, {} a run, {} of WGSL ({} compressed)",
            v.kernels.file,
            if features.is_empty() { String::new() } else { format!("for devices with {}: ", features.join(", ")) },
            several(v.pipelines.len(), "pipeline", "pipelines"),
            several(dispatches, "dispatch", "dispatches"),
            bytes(v.kernels.bytes),
            bytes(v.kernels.gzip)
        );
    }
    if let Some(weights) = &program.weights {
        let _ = writeln!(out, "  weights    {} ({})", bytes(weights.bytes), weights.file);
    }
    let _ = writeln!(
        out,
        "  memory     {} on the GPU, the largest buffer {}; bindings of up to {}",
        bytes(program.bytes()),
        bytes(program.limits.max_buffer_size),
        bytes(program.limits.max_storage_buffer_binding_size)
    );
    for island in &program.islands {
        let _ = writeln!(out, "  in Wasm    {}: {} ({})", island.name, operators(&island.operators), island.reason);
    }
}

fn wasm(out: &mut String, program: &WasmProgram, peak: u64) {
    for v in &program.variants {
        let _ = writeln!(out, "  {:<10} {}", v.file, bytes(v.bytes));
    }
    let weights = u64::from(program.weights.region.bytes);
    let place = program.weights.file.as_deref().unwrap_or("in the modules");
    let _ = writeln!(out, "  weights    {} ({place})", bytes(weights));
    let prepared = u64::from(program.memory.prepared);
    let _ = writeln!(
        out,
        "  memory     {} (weights, {}{} of intermediate results, inputs, outputs)",
        bytes(peak),
        if prepared > 0 { format!("{} prepared from them, ", bytes(prepared)) } else { String::new() },
        bytes(u64::from(program.memory.arena.bytes) - prepared)
    );
}

/// The summary of a compilation, for people.
pub fn summary(m: &Manifest, out_dir: &Path, trace: &Trace) -> String {
    let mut out = format!("{} -> {}\n{}", m.model, out_dir.display(), describe(m));
    let total: Duration = trace.times.iter().map(|t| t.1).sum();
    let mut stages: Vec<_> = stages(trace).into_iter().collect();
    stages.sort_by_key(|s| std::cmp::Reverse(s.1));
    let most: Vec<_> = stages.iter().take(5).map(|(n, t)| format!("{n} {:.2}", t.as_secs_f64())).collect();
    let _ = writeln!(out, "  time       {:.2} s ({})", total.as_secs_f64(), most.join(", "));
    out
}

/// The summary as JSON: the manifest, the folder, and seconds by stage.
pub fn json(m: &Manifest, out_dir: &Path, trace: &Trace) -> Result<String, String> {
    let seconds: BTreeMap<String, f64> = stages(trace).into_iter().map(|(n, t)| (n, t.as_secs_f64())).collect();
    let remarks: Vec<_> = trace
        .remarks
        .iter()
        .map(|r| serde_json::json!({ "pass": r.pass, "about": r.about, "remark": r.text }))
        .collect();
    let value = serde_json::json!({ "output": out_dir, "manifest": m, "seconds": seconds, "remarks": remarks });
    serde_json::to_string_pretty(&value).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(fixture: &str) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime/fixtures").join(fixture);
        describe(&Manifest::read(&folder).expect("a fixture"))
    }

    #[test]
    fn programs_of_a_gpu() {
        insta::assert_snapshot!(described("gpu"));
        insta::assert_snapshot!(described("gpu-parts"));
    }
}
