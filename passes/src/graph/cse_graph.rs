//! `cse-graph`: equal ops with equal operands become one. Equality is decided on names, attributes, types and bodies without
//! locations, because IRDL ops never compare equal in MLIR.

use super::rewrite::replace;
use crate::pass::{PassCx, PassInfo};
use std::collections::HashMap;
use std::fmt::Write as _;
use weft_dialects::ir::{
    AttrExt, BlockLike, Op, OpError, OpExt, OperationLike, Value, ValueExt, block_arg, block_ops, funcs,
};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "cse-graph",
    doc: "Makes equal ops one, by our purity table; locations don't count.",
    options: &[],
    run,
};

fn run<'c>(_: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    for func in funcs(module) {
        let mut first: HashMap<String, Op<'c>> = HashMap::new();
        for op in block_ops(func.body(0)) {
            if !weft_dialects::is_pure(&op.op_name()) || op.ress().is_empty() {
                continue;
            }
            let mut key = Fingerprint::default();
            key.op(op);
            match first.get(&key.text) {
                Some(same) => replace(op, &same.ress()),
                None => {
                    first.insert(key.text, op);
                }
            }
        }
    }
    Ok(())
}

/// What an op is, as text: equal for ops that compute the same.
#[derive(Default)]
struct Fingerprint {
    text: String,
    /// Values defined inside, by order of definition.
    inner: HashMap<usize, usize>,
}

impl Fingerprint {
    fn op(&mut self, op: Op<'_>) {
        let _ = write!(self.text, "{}(", op.op_name());
        for v in op.args() {
            // A value from outside is identified by what it is, one from inside by its place.
            let _ = match self.inner.get(&v.key()) {
                Some(n) => write!(self.text, "%{n} "),
                None => write!(self.text, "{:x} ", v.key()),
            };
        }
        for (name, attr) in op.attributes() {
            let name = name.as_string_ref().as_str().unwrap_or_default().to_owned();
            let value = attr.as_resource_key().unwrap_or_else(|| attr.to_string());
            let _ = write!(self.text, "{name}={value};");
        }
        for r in op.ress() {
            let _ = write!(self.text, ":{}", r.ty());
            self.define(r);
        }
        for i in 0..op.region_count() {
            let block = op.body(i);
            self.text.push('{');
            for a in 0..block.argument_count() {
                self.define(block_arg(block, a));
            }
            block_ops(block).into_iter().for_each(|o| self.op(o));
            self.text.push('}');
        }
        self.text.push(')');
    }

    fn define(&mut self, v: Value<'_>) {
        let n = self.inner.len();
        self.inner.insert(v.key(), n);
    }
}
