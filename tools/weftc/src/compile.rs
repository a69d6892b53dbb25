//! `weftc compile`.

use crate::cli::CompileArgs;
use crate::driver::{self, Trace, Watch};
use crate::progress::Progress;
use crate::report;
use std::io::Write;
use std::time::Instant;
use weft_dialects::ir::{OpExt, Session, module_op, print, save};
use weft_passes::{Device, Level, legalize::preprocess};

pub fn run(args: &CompileArgs) -> Result<(), String> {
    if args.output.is_none() && args.emit.is_none() {
        return Err("say where to write with -o DIR, or which level to print with --emit=LEVEL".to_owned());
    }
    let progress = Progress::new(args.quiet);
    let session = Session::new();
    let cx = session.cx();
    let mut trace = Trace::default();
    progress.step("import");
    let (mut module, from) = driver::read(cx, &args.input, args.compile_from, &args.model, &mut trace)?;
    // Text of a level before the fork says which targets it is for; what the command line says counts only for a model.
    let op = module_op(&module);
    if from == Level::Import && op.attr("weft.devices").is_none() && args.devices != [Device::Wasm] {
        let names: Vec<_> = args.devices.iter().map(|d| d.name()).collect();
        op.set_attr("weft.devices", cx.str_attr(&names.join("+")));
    }
    let wasm = Device::of(op) == Device::Wasm && !weft_passes::parts::is_joined(op);
    if wasm && op.attr("weft.targets").is_none() {
        op.set_attr("weft.targets", cx.str_attr(args.variant.targets()));
    }
    if !args.states.is_empty() {
        if from > Level::Kernels {
            return Err(format!(
                "--state: at the level '{from}' the plan is made; give it with a model, or text up to the kernels"
            ));
        }
        op.set_attr("weft.states", weft_passes::kernels::state::attribute(cx, &args.states));
    }
    if !args.preprocess.is_empty() {
        if from > Level::Import {
            return Err(format!(
                "--preprocess: at the level '{from}' the inputs are what they are; give it with a model, or text of the import level"
            ));
        }
        op.set_attr(preprocess::ATTR, preprocess::attribute(cx, &args.preprocess));
    }
    let watch = Watch { dump_levels: args.dump_levels.clone(), dump_passes: args.dump_passes.clone() };
    let to = args.emit.unwrap_or(Level::Machine);
    driver::lower(cx, &mut module, from, to, &watch, &progress, &mut trace)?;
    if args.why {
        for r in &trace.remarks {
            eprintln!("{}: {}: {}", r.pass, r.about, r.text);
        }
    }
    let op = module_op(&module);
    if args.emit.is_some() {
        drop(progress);
        return match &args.output {
            Some(path) => save(cx, op, path).map_err(|e| e.to_string()),
            None => match std::io::stdout().write_all(print(op).as_bytes()) {
                Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("standard output: {e}")),
                _ => Ok(()),
            },
        };
    }
    let Some(out) = &args.output else { return Ok(()) };
    progress.step("emit");
    let start = Instant::now();
    let linked = weft_codegen::link::link(cx, op, args.names).map_err(|e| e.to_string())?;
    let manifest = linked.write(out).map_err(|e| report::chain(&e))?;
    trace.times.push(("emit".to_owned(), start.elapsed()));
    drop(progress);
    if args.json {
        println!("{}", report::json(&manifest, out, &trace)?);
    } else if !args.quiet {
        eprint!("{}", report::summary(&manifest, out, &trace));
    }
    Ok(())
}
