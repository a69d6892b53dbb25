//! Machine IR in, WAT or numbers out.

mod execution;
mod messages;
mod random;
mod shape;
mod table;

use super::{EmitError, LinkOptions, emit};
use weft_dialects::ir::{Session, module_op, parse};

/// The binary of a module's text: `target` is `wasm-simd` or `wasm-relaxed`.
fn try_binary(target: &str, functions: &str) -> Result<Vec<u8>, EmitError> {
    let session = Session::new();
    let text = format!("module attributes {{weft.target = \"{target}\"}} {{ {functions} }}");
    let module = parse(session.cx(), &text).unwrap_or_else(|e| panic!("{e}"));
    emit(module_op(&module), &LinkOptions { pages: 1, ..LinkOptions::default() })
}

/// The functions of a relaxed module as WAT, without the module's frame.
fn wat(functions: &str) -> String {
    let binary = try_binary("wasm-relaxed", functions).unwrap_or_else(|e| panic!("{e}"));
    let text = wasmprinter::print_bytes(binary).unwrap();
    let framed = |l: &&str| {
        !["(module", "(type", "(memory", "(export", ")"]
            .iter()
            .any(|p| l.trim_start().starts_with(p) && (*p != ")" || *l == ")"))
    };
    text.lines().filter(framed).map(|l| l.strip_prefix("  ").unwrap_or(l)).collect::<Vec<_>>().join("\n")
}
