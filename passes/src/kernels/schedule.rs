//! `schedule`: decides each kernel's tile, order and parallel loop for the module's target, writes it down as
//! `weft.schedule`, and gives kernels their `[begin, end)` and calls the whole range; kernels of a grid get its size instead.

use crate::lower::symbols::SymbolValues;
use crate::lower::{self, kernel::Kernel};
use crate::pass::{PassCx, PassInfo};
use crate::target::{Execution, Target};
use std::collections::HashMap;
use weft_dialects::ir::{
    AttrExt, BlockLike, Builder, Op, OpError, OpExt, OperationLike, ValueExt, block_arg, extent, extents_attr, funcs,
    walk_ops,
};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "schedule",
    doc: "Decides tile, order and parallel loop of each kernel for the module's target.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let target = Target::of(module);
    let cx = pcx.cx;
    let mut units: HashMap<String, i64> = HashMap::new();
    let mut problems = Vec::new();
    for func in funcs(module).into_iter().filter(|&f| Kernel::is(f)) {
        let decided = Kernel::parse(func).and_then(|k| lower::schedule(&k, target));
        let entries = match decided {
            Ok(entries) => entries,
            Err(e) => {
                problems.push(e);
                continue;
            }
        };
        let number = |v: i64| if extent::is_symbolic(v) { extents_attr(cx, &[v]) } else { cx.i64_attr(v) };
        let dict: Vec<_> = entries.iter().map(|&(name, v)| (name, number(v))).collect();
        func.set_attr("weft.schedule", cx.dict_attr(&dict));
        if target.execution == Execution::Workgroups {
            continue;
        }
        let body = func.body(0);
        let mut inputs: Vec<_> = (0..body.argument_count()).map(|i| block_arg(body, i).ty()).collect();
        for _ in 0..2 {
            body.add_argument(cx.index(), func.location());
            inputs.push(cx.index());
        }
        func.set_attr("function_type", cx.type_attr(cx.fn_type(&inputs, &[])));
        let n = entries.iter().find(|e| e.0 == "units").map_or(1, |e| e.1);
        units.insert(func.string("sym_name").unwrap_or_default(), n);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    for call in walk_ops(module).into_iter().filter(|o| o.op_name() == "func.call") {
        let symbols = SymbolValues::of(call);
        let callee = call.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default();
        let Some(&n) = units.get(callee) else { continue };
        let b = Builder::before(cx, call);
        let mut operands = call.args();
        operands.push(b.index(0));
        operands.push(symbols.value(&b, n));
        b.call(callee, &operands, &[]);
        call.erase();
    }
    Ok(())
}
