//! `share-kernels`: equal kernels become one. Equality is that of the location-free text, because IRDL ops never
//! compare equal in MLIR.

use crate::pass::{PassCx, PassInfo};
use std::collections::HashMap;
use weft_dialects::ir::{AttrExt, Op, OpError, OpExt, funcs, walk_ops};

/// The pass.
pub const INFO: PassInfo =
    PassInfo { name: "share-kernels", doc: "Makes equal private functions one.", options: &[], run };

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let mut first: HashMap<String, String> = HashMap::new();
    let mut renamed: HashMap<String, String> = HashMap::new();
    for f in funcs(module) {
        if f.string("sym_visibility").as_deref() != Some("private") {
            continue;
        }
        let name = f.string("sym_name").unwrap_or_default();
        // The first line holds the name; all else must be equal.
        let text = f.bare_text().replacen(&format!("@{name}("), "@(", 1);
        match first.get(&text) {
            Some(kept) => {
                renamed.insert(name, kept.clone());
                f.erase();
            }
            None => {
                first.insert(text, name);
            }
        }
    }
    for call in walk_ops(module).into_iter().filter(|o| o.op_name() == "func.call") {
        let callee = call.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default();
        if let Some(kept) = renamed.get(callee) {
            call.set_attr("callee", pcx.cx.symbol_attr(kept));
        }
    }
    Ok(())
}
