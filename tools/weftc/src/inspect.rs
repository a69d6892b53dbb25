//! `weftc inspect`.

use crate::cli::InspectArgs;
use crate::report;
use std::collections::BTreeMap;
use weft_artifact::Manifest;
use weft_dialects::ir::{OpExt, Session, module_op, walk_ops};

pub fn run(args: &InspectArgs) -> Result<(), String> {
    if args.path.is_dir() { artifact(args) } else { model(args) }
}

fn artifact(args: &InspectArgs) -> Result<(), String> {
    let manifest = Manifest::read(&args.path).map_err(|e| report::chain(&e))?;
    if args.json {
        print!("{}", manifest.to_json().map_err(|e| e.to_string())?);
        return Ok(());
    }
    println!("{} (by {})", manifest.model, manifest.producer);
    print!("{}", report::describe(&manifest));
    Ok(())
}

fn model(args: &InspectArgs) -> Result<(), String> {
    let session = Session::new();
    let module =
        weft_frontend::onnx::import(session.cx(), &args.path, &args.model.options()).map_err(|e| e.to_string())?;
    let mut operators: BTreeMap<String, u64> = BTreeMap::new();
    for op in walk_ops(module_op(&module)) {
        if let Some(name) = op.op_name().strip_prefix("onnx.").filter(|n| !matches!(*n, "Constant" | "None")) {
            *operators.entry(name.to_owned()).or_default() += 1;
        }
    }
    let name = module_op(&module).string("weft.model").unwrap_or_default();
    if args.json {
        let value = serde_json::json!({ "model": name, "operators": operators });
        println!("{}", serde_json::to_string_pretty(&value).map_err(|e| e.to_string())?);
        return Ok(());
    }
    println!("{name}: {} nodes", operators.values().sum::<u64>());
    for (op, n) in operators {
        println!("  {n:>5} {op}");
    }
    Ok(())
}
