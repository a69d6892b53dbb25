//! `fork-targets`: from one plan to one module a target. Constants, weights' packing and the memory plan are common
//! to all targets of a device; from here on each has its own schedule.

use crate::pass::{PassCx, PassInfo};
use crate::target::{Device, Target};
use weft_dialects::ir::{Builder, Op, OpError, OpExt, funcs};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "fork-targets",
    doc: "Copies the functions into one nested module a target.",
    options: &[("targets", "target names joined by '+'; all of the device if absent (or what weft.targets says)")],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let names = pcx.option("targets").map(str::to_owned).or_else(|| module.string("weft.targets"));
    let device = Device::of(module);
    let targets: Vec<&Target> = match names {
        None => device.targets().collect(),
        Some(names) => names
            .split('+')
            .map(|n| {
                device.targets().find(|t| t.name == n).ok_or_else(|| {
                    let known: Vec<_> = device.targets().map(|t| t.name).collect();
                    vec![OpError::new(module, format!("no target '{n}'; those of {device} are {}", known.join(", ")))]
                })
            })
            .collect::<Result<_, _>>()?,
    };
    let all = funcs(module);
    let end = Builder::at_end(pcx.cx, module.body(0), pcx.cx.unknown_loc());
    for target in targets {
        let region = end.region(&[], |b, _| {
            for &f in &all {
                b.clone_op(f, &[]);
            }
        });
        let symbol = target.name.trim_start_matches("wasm-");
        end.op_regions(
            "builtin.module",
            &[],
            &[],
            &[("sym_name", pcx.cx.str_attr(symbol)), ("weft.target", pcx.cx.str_attr(target.name))],
            vec![region],
        );
    }
    for f in all {
        f.erase();
    }
    Ok(())
}
