//! `to-grid`: kernels become `gpu.func`s of a `gpu.module`, their calls `gpu.launch_func`s.
//!
//! The grid of each is what `weft.schedule` says. Shared memory, until here a `memref.alloc` in the workgroup's address space,
//! becomes the function's workgroup attributions.

use crate::kernels::outline::{ValueMap, clone_body};
use crate::pass::{PassCx, PassInfo};
use std::collections::HashMap;
use weft_dialects::ir::{
    AttrExt, BlockLike, Builder, Cx, Op, OpError, OpExt, OperationLike, RegionLike, Value, ValueExt, block_arg,
    block_ops, funcs, walk_ops,
};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "to-grid",
    doc: "Makes gpu.func of lowered kernels, and gpu.launch_func of their calls.",
    options: &[],
    run,
};

/// The gpu.module of a target.
const KERNELS: &str = "kernels";

/// Workgroups and invocations of each.
type Shape = ([i64; 3], [i64; 3]);

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let cx = pcx.cx;
    // What is only declared runs elsewhere.
    let declared = |f: &Op<'c>| f.region(0).ok().and_then(|r| r.first_block()).is_none();
    let all = funcs(module).into_iter().filter(|f| !declared(f)).collect::<Vec<_>>();
    let (kernels, mains): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|f| f.string("sym_visibility").as_deref() == Some("private"));
    let mut shapes: HashMap<String, Shape> = HashMap::new();
    let mut problems = Vec::new();
    for &kernel in &kernels {
        match shape(kernel) {
            Ok(shape) => {
                shapes.insert(kernel.string("sym_name").unwrap_or_default(), shape);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    for call in mains.iter().flat_map(|&f| walk_ops(f)).filter(|o| o.op_name() == "func.call") {
        let name = call.attr("callee").and_then(AttrExt::as_symbol).unwrap_or_default();
        let Some(shape) = shapes.get(name) else { continue };
        if shape.0.iter().all(|&n| n > 0) {
            launch(cx, call, name, shape);
        }
        call.erase();
    }
    let Some(first) = block_ops(module.body(0)).into_iter().next() else { return Ok(()) };
    let before = Builder::before(cx, first).with_loc(module.location());
    let region = before.region(&[], |b, _| {
        for &kernel in &kernels {
            let name = kernel.string("sym_name").unwrap_or_default();
            device_function(cx, b, kernel, &name, &shapes[&name]);
        }
    });
    before.op_regions("gpu.module", &[], &[], &[("sym_name", cx.str_attr(KERNELS))], vec![region]);
    module.set_attr("gpu.container_module", cx.unit_attr());
    for kernel in kernels {
        kernel.erase();
    }
    Ok(())
}

fn shape(kernel: Op<'_>) -> Result<Shape, OpError> {
    let schedule = kernel.attr("weft.schedule");
    let setting = |name: &str| {
        schedule.and_then(|s| s.get(name)).and_then(AttrExt::as_i64).ok_or_else(|| {
            let kernel_name = kernel.string("sym_name").unwrap_or_default();
            OpError::new(kernel, format!("the schedule of @{kernel_name} lacks '{name}': run 'schedule' first"))
        })
    };
    Ok((
        [setting("grid_x")?, setting("grid_y")?, setting("grid_z")?],
        [setting("block_x")?, setting("block_y")?, setting("block_z")?],
    ))
}

/// `gpu.launch_func` in place of a call.
fn launch<'c>(cx: Cx<'c>, call: Op<'c>, name: &str, (grid, block): &Shape) {
    let b = Builder::before(cx, call);
    let mut operands: Vec<Value<'c>> = grid.iter().chain(block).map(|&n| b.index(n)).collect();
    let kernel = cx.parse_attr(&format!("@{KERNELS}::@{name}")).unwrap_or_else(|| cx.unit_attr());
    let args = call.args();
    let segments = format!("array<i32: 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, {}, 0>", args.len());
    operands.extend(args);
    let segments = cx.parse_attr(&segments).unwrap_or_else(|| cx.unit_attr());
    b.op("gpu.launch_func", &operands, &[], &[("kernel", kernel), ("operandSegmentSizes", segments)]);
}

fn device_function<'c>(cx: Cx<'c>, b: &Builder<'c>, kernel: Op<'c>, name: &str, (_, block): &Shape) {
    let body = kernel.body(0);
    let inputs: Vec<_> = (0..body.argument_count()).map(|i| block_arg(body, i).ty()).collect();
    let shared: Vec<Op<'c>> = walk_ops(kernel)
        .into_iter()
        .filter(|o| {
            o.op_name() == "memref.alloc" && o.res(0).ty().to_string().contains("#gpu.address_space<workgroup>")
        })
        .collect();
    let arguments: Vec<_> = inputs.iter().copied().chain(shared.iter().map(|o| o.res(0).ty())).collect();
    let b = b.with_loc(kernel.location());
    let region = b.region(&arguments, |b, args| {
        let mut map: ValueMap<'c> = (0..inputs.len()).map(|i| (block_arg(body, i).key(), args[i])).collect();
        clone_body(b, body, &mut map);
        for (alloc, &memory) in shared.iter().zip(&args[inputs.len()..]) {
            let Some(clone) = map.get(&alloc.res(0).key()).and_then(|v| v.def()) else { continue };
            clone.res(0).replace_with(memory);
            clone.erase();
        }
        b.op("gpu.return", &[], &[], &[]);
    });
    let size = cx.parse_attr(&format!("array<i32: {}, {}, {}>", block[0], block[1], block[2]));
    let mut attrs = vec![
        ("sym_name", cx.str_attr(name)),
        ("function_type", cx.type_attr(cx.fn_type(&inputs, &[]))),
        ("gpu.kernel", cx.unit_attr()),
        ("known_block_size", size.unwrap_or_else(|| cx.unit_attr())),
        ("workgroup_attributions", cx.i64_attr(shared.len() as i64)),
    ];
    // Image arguments and the like.
    attrs.extend(kernel.attr("arg_attrs").map(|a| ("arg_attrs", a)));
    b.op_regions("gpu.func", &[], &[], &attrs, vec![region]);
}
