//! Random graphs on a target whose kernels can't read and write one buffer: the plan keeps them apart, and what lives at one time too.

use super::random::{as_loops, graph};
use weft_dialects::eval::{self, Random};
use weft_dialects::ir::{
    Cx, Module, Op, OpExt, Session, Value, ValueExt, block_arg, block_ops, funcs, module_op, print_bare,
};
use weft_passes::{Level, Pipeline, RunOptions, Target};

const GRAPHS: u64 = 120;

#[test]
fn a_kernel_never_writes_the_buffer_it_reads_and_values_alive_together_never_overlap() {
    for seed in 1..=GRAPHS {
        if let Err(message) = run(seed) {
            panic!("seed {seed}: {message}");
        }
    }
}

fn run(seed: u64) -> Result<(), String> {
    let session = Session::new();
    let cx = session.cx();
    let mut module = Module::new(cx.unknown_loc());
    let inputs = graph(&session, &module, &mut Random::new(seed));
    let main = funcs(module_op(&module)).into_iter().find(|f| f.attr("sym_visibility").is_none());
    let wanted = main.map(|main| eval::function(cx, main, &inputs));
    let wanted = wanted.ok_or("no function @main")?.map_err(|e| e.to_string())?;
    let target = &weft_passes::target::WEBGPU;
    module_op(&module).set_attr("weft.device", cx.str_attr(target.device.name()));
    lower(cx, &mut module, &format!("{},plan-memory", Level::Graph.pipeline(target.device)))?;
    let publics = funcs(module_op(&module)).into_iter().filter(|f| f.attr("sym_visibility").is_none());
    for public in publics {
        check(public, target).map_err(|e| format!("{e}\n{}", print_bare(public)))?;
    }
    lower(cx, &mut module, "fork-targets{targets=webgpu},builtin.module(schedule,lower-kernels,to-grid)")?;
    as_loops(cx, &module, &inputs, &wanted)
}

fn lower<'c>(cx: Cx<'c>, module: &mut Module<'c>, pipeline: &str) -> Result<(), String> {
    let pipeline = Pipeline::parse(pipeline).map_err(|e| e.to_string())?;
    pipeline.run(cx, module, &mut RunOptions::default()).map_err(|e| e.to_string())?;
    Ok(())
}

/// What a call binds.
#[derive(Debug, Clone, Copy)]
struct Binding {
    buffer: usize,
    offset: i64,
}

impl Binding {
    fn of(v: Value<'_>) -> Self {
        match v.def() {
            Some(view) if view.op_name() == "memref.view" => {
                let offset = view.arg(1).def().and_then(|c| c.int("value")).unwrap_or(-1);
                Self { buffer: view.arg(0).key(), offset }
            }
            Some(cast) => Self::of(cast.arg(0)),
            None => Self { buffer: v.key(), offset: 0 },
        }
    }
}

fn check(func: Op<'_>, target: &Target) -> Result<(), String> {
    let body = func.body(0);
    let weights = block_arg(body, 0).key();
    for (t, call) in block_ops(body).into_iter().filter(|o| o.op_name() == "func.call").enumerate() {
        let buffers = call.args().into_iter().filter(|v| v.memref_ty().is_some());
        let bound: Vec<Binding> = buffers.map(Binding::of).collect();
        let Some((result, operands)) = bound.split_last() else { continue };
        if bound.len() > target.storage_buffers {
            return Err(format!("call {t} binds {} buffers", bound.len()));
        }
        if let Some(r) = bound.iter().find(|r| r.offset % target.buffer_align != 0) {
            return Err(format!("call {t} binds at {}", r.offset));
        }
        if let Some(r) = operands.iter().find(|r| r.buffer == result.buffer || result.buffer == weights) {
            return Err(format!("call {t} writes {result:?} and reads {r:?}"));
        }
    }
    Ok(())
}
