//! From a file to a level: what the subcommands share.

use crate::cli::ModelArgs;
use crate::progress::Progress;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use weft_dialects::ir::{Cx, Module, OpExt, load, module_op, print, retain_blobs, save};
use weft_passes::{Device, Level, Pipeline, Remark, RunOptions};

/// What to watch while lowering.
#[derive(Default)]
pub struct Watch {
    /// Write each level's IR here.
    pub dump_levels: Option<PathBuf>,
    /// Write the IR after each pass that changed it here.
    pub dump_passes: Option<PathBuf>,
}

/// What happened.
#[derive(Default)]
pub struct Trace {
    /// Time of the import, then of each pass.
    pub times: Vec<(String, Duration)>,
    /// What passes had to say.
    pub remarks: Vec<Remark>,
}

/// Reads an ONNX file, or IR text; returns the module and its level.
///
/// # Errors
/// The message for the user.
pub fn read<'c>(
    cx: Cx<'c>,
    path: &Path,
    from: Option<Level>,
    model: &ModelArgs,
    trace: &mut Trace,
) -> Result<(Module<'c>, Level), String> {
    let start = Instant::now();
    let is_text = path.extension().is_some_and(|e| e == "mlir");
    if from.is_none() && !is_text {
        let module = weft_frontend::onnx::import(cx, path, &model.options()).map_err(|e| e.to_string())?;
        trace.times.push(("import".to_owned(), start.elapsed()));
        return Ok((module, Level::Import));
    }
    let module = load(cx, path).map_err(|e| e.to_string())?;
    let said = module_op(&module).string("weft.level").unwrap_or_default();
    let level: Level = said.parse().map_err(|_| {
        format!("{}: the module doesn't say its level (attribute weft.level); only text that Weft wrote can be compiled from", path.display())
    })?;
    if let Some(from) = from.filter(|&f| f != level) {
        return Err(format!("{}: is at the level '{level}', not '{from}'", path.display()));
    }
    trace.times.push(("read".to_owned(), start.elapsed()));
    Ok((module, level))
}

/// Lowers a module from one level to another.
///
/// # Errors
/// The message for the user.
pub fn lower<'c>(
    cx: Cx<'c>,
    module: &mut Module<'c>,
    from: Level,
    to: Level,
    watch: &Watch,
    progress: &Progress,
    trace: &mut Trace,
) -> Result<(), String> {
    if to < from {
        return Err(format!("the module is at the level '{from}', behind '{to}': nothing leads back"));
    }
    let mut level = from;
    dump_level(cx, module, level, watch)?;
    let mut step = 0;
    let mut failed: Option<String> = None;
    while let Some(next) = level.next().filter(|_| level < to) {
        weft_passes::parts::for_each(cx, module, next, &mut |part| {
            let device = Device::of(module_op(part));
            let pipeline = Pipeline::parse(&level.pipeline(device)).map_err(|e| e.to_string())?;
            let mut last = watch.dump_passes.as_ref().map(|_| print(module_op(part)));
            let times = &mut trace.times;
            let mut options = RunOptions {
                before: Some(Box::new(|text| progress.step(text))),
                after: Some(Box::new(|text, op, took| {
                    times.push((text.to_owned(), took));
                    // A pass that replaced weights leaves the old ones behind.
                    retain_blobs(cx, op);
                    let Some(dir) = &watch.dump_passes else { return };
                    step += 1;
                    let now = print(op);
                    if last.as_deref() != Some(&now) {
                        let path = dir.join(format!("{step:03}-{}.mlir", file_name(text)));
                        if let Err(e) = create(dir).and_then(|()| save(cx, op, &path).map_err(|e| e.to_string())) {
                            failed.get_or_insert(e);
                        }
                        last = Some(now);
                    }
                })),
            };
            let remarks = pipeline.run(cx, part, &mut options).map_err(|e| e.to_string())?;
            drop(options);
            trace.remarks.extend(remarks);
            Ok::<(), String>(())
        })?;
        level = next;
        retain_blobs(cx, module_op(module));
        dump_level(cx, module, level, watch)?;
    }
    failed.map_or(Ok(()), Err)
}

fn dump_level<'c>(cx: Cx<'c>, module: &Module<'c>, level: Level, watch: &Watch) -> Result<(), String> {
    let Some(dir) = &watch.dump_levels else { return Ok(()) };
    create(dir)?;
    save(cx, module_op(module), &dir.join(format!("{level}.mlir"))).map_err(|e| e.to_string())
}

fn create(dir: &Path) -> Result<(), String> {
    std::fs::create_dir_all(dir).map_err(|e| format!("{}: {e}", dir.display()))
}

/// A pipeline element as a file name.
fn file_name(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    clean.trim_matches('_').to_owned()
}
