//! Kernels of tests, lowered, run and compared with the reference evaluator.

use crate::kernels::plan::weight_bytes;
use crate::pipeline::{Pipeline, RunOptions};
use crate::target::Device;
use weft_dialects::eval;
use weft_dialects::ir::{
    BlockLike, Op, OpExt, Session, Tensor, ValueExt, block_arg, block_ops, funcs, module_op, parse, print_bare,
};

/// What differing orders of summation add up to.
const TOLERANCE: f64 = 1e-5;

/// Lowers a module at the kernels level for each target, runs it on random inputs, and compares with what its tensor form
/// evaluates to. Returns the kernels' text for Wasm with relaxed SIMD.
pub fn lowers(text: &str) -> String {
    let shown = lowers_to_vectors(text);
    lowers_for(Device::WebGpu, text);
    shown
}

/// As [`lowers`], for Wasm alone: what has no other form, such as control flow of the model's own.
pub fn lowers_to_vectors(text: &str) -> String {
    lowers_for(Device::Wasm, text)
}

/// As [`lowers`]; returns the kernels' text for WebGPU.
pub fn lowers_to_grid(text: &str) -> String {
    lowers_for(Device::WebGpu, text)
}

fn lowers_for(device: Device, text: &str) -> String {
    let session = Session::new();
    let cx = session.cx();
    let mut module = parse(cx, text).unwrap_or_else(|e| panic!("{e}"));
    module_op(&module).set_attr("weft.device", cx.str_attr(device.name()));
    let main = funcs(module_op(&module)).into_iter().find(|f| f.string("sym_name").as_deref() == Some("main")).unwrap();
    let mut random = eval::Random::new(1);
    let inputs: Vec<Tensor> = (0..main.body(0).argument_count())
        .filter_map(|i| block_arg(main.body(0), i).tensor_ty())
        .map(|ty| random.tensor(ty.elem, &ty.shape))
        .collect();
    let expected = eval::function(cx, main, &inputs).unwrap_or_else(|e| panic!("{e}"));
    let end = if device == Device::Wasm { "expand-half" } else { "to-grid" };
    let pipeline = format!("plan-memory,fork-targets,builtin.module(schedule,lower-kernels,{end})");
    Pipeline::parse(&pipeline)
        .unwrap()
        .run(cx, &mut module, &mut RunOptions::default())
        .unwrap_or_else(|e| panic!("{e}\n{}", print_bare(module_op(&module))));
    let top = module_op(&module);
    let arenas = top.ints("weft.arena_bytes").or_else(|| top.int("weft.arena_bytes").map(|n| vec![n])).unwrap();
    let weights = weight_bytes(cx, top).unwrap_or_else(|e| panic!("{e}"));
    let mut shown = String::new();
    for target in block_ops(top.body(0)) {
        // Whatever a kernel doesn't write stays visible.
        let junk = |n: usize| vec![0xa5; n];
        let mut buffers = vec![weights.clone()];
        buffers.extend(arenas.iter().map(|&n| junk(n as usize)));
        buffers.extend(inputs.iter().map(|t| t.data.to_vec()));
        buffers.extend(expected.iter().map(|t| junk(t.data.len())));
        eval::loops(cx, target, &mut buffers).unwrap_or_else(|e| panic!("{e}\n{}", print_bare(target)));
        let first = buffers.len() - expected.len();
        let got: Vec<Tensor> = expected
            .iter()
            .zip(buffers.drain(first..))
            .map(|(t, data)| Tensor { elem: t.elem, shape: t.shape.clone(), data: data.into() })
            .collect();
        eval::compare(&expected, &got, TOLERANCE).unwrap_or_else(|e| panic!("{e}\n{}", print_bare(target)));
        // The plainest target of a grid comes last.
        if shown.is_empty() || device != Device::Wasm {
            shown = kernels(target);
        }
    }
    shown
}

fn kernels(target: Op<'_>) -> String {
    let grids = block_ops(target.body(0)).into_iter().filter(|o| o.op_name() == "gpu.module");
    let kernels = funcs(target).into_iter().filter(|f| f.string("sym_visibility").is_some());
    kernels.chain(grids).map(|f| f.bare_text() + "\n").collect()
}
