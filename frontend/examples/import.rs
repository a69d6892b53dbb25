//! Prints the import level of an ONNX model: `import model.onnx [input=1x3x224x224 ...]`.

use std::path::PathBuf;
use std::process::ExitCode;
use weft_dialects::ir::{Session, module_op, print};
use weft_frontend::onnx::{ImportOptions, import};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(path) = args.next().map(PathBuf::from) else {
        eprintln!("usage: import model.onnx [input=1x3x224x224 ...]");
        return ExitCode::FAILURE;
    };
    let mut options = ImportOptions::default();
    for arg in args {
        let parsed = arg.split_once('=').and_then(|(name, dims)| {
            let dims = dims.split('x').map(|d| d.parse().ok()).collect::<Option<Vec<i64>>>()?;
            Some((name.to_owned(), dims))
        });
        match parsed {
            Some(shape) => options.shapes.push(shape),
            None => {
                eprintln!("'{arg}' is no shape, such as x=1x3x224x224");
                return ExitCode::FAILURE;
            }
        }
    }
    let session = Session::new();
    match import(session.cx(), &path, &options) {
        Ok(module) => {
            print!("{}", print(module_op(&module)));
            ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}
