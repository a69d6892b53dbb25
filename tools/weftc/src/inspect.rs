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
    let metadata = weft_frontend::onnx::metadata(&args.path).map_err(|e| e.to_string())?;
    if args.json {
        let metadata: serde_json::Map<_, _> = metadata.into_iter().map(|(key, value)| (key, value.into())).collect();
        let value = serde_json::json!({ "model": name, "operators": operators, "metadata": metadata });
        println!("{}", serde_json::to_string_pretty(&value).map_err(|e| e.to_string())?);
        return Ok(());
    }
    println!("{name}: {} nodes", operators.values().sum::<u64>());
    for (op, n) in operators {
        println!("  {n:>5} {op}");
    }
    for (key, value) in metadata {
        println!("  metadata '{key}': {}", excerpt(&value));
    }
    Ok(())
}

/// The beginning of a text, on one line; `--json` prints all of it.
fn excerpt(text: &str) -> String {
    const MOST: usize = 60;
    let line: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    let more = text.chars().count().saturating_sub(MOST);
    if more > 0 { format!("{line}... ({more} more characters; --json prints them)") } else { line }
}
