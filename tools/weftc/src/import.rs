//! `weftc import`.

use crate::cli::ImportArgs;
use std::io::Write;
use weft_dialects::ir::{Session, module_op, print, save};

pub fn run(args: &ImportArgs) -> Result<(), String> {
    let session = Session::new();
    let cx = session.cx();
    let module = weft_frontend::onnx::import(cx, &args.input, &args.model.options()).map_err(|e| e.to_string())?;
    let op = module_op(&module);
    match &args.output {
        Some(path) => save(cx, op, path).map_err(|e| e.to_string()),
        None => match std::io::stdout().write_all(print(op).as_bytes()) {
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("standard output: {e}")),
            _ => Ok(()),
        },
    }
}
