//! Kernels of tests, lowered, run and compared with the reference evaluator.

use crate::kernels::plan::weight_bytes;
use crate::pipeline::{Pipeline, RunOptions};
use weft_dialects::eval;
use weft_dialects::ir::{
    BlockLike, Elem, Op, OpExt, Scalar, Session, Tensor, ValueExt, block_arg, block_ops, funcs, module_op, parse,
    print_bare,
};

/// What differing orders of summation add up to.
const TOLERANCE: f64 = 1e-5;

/// Lowers a module at the kernels level for each Wasm target, runs it on random inputs, and compares with what its
/// tensor form evaluates to. Returns the kernels' text for the relaxed target.
pub fn lowers(text: &str) -> String {
    let session = Session::new();
    let cx = session.cx();
    let mut module = parse(cx, text).unwrap_or_else(|e| panic!("{e}"));
    let main = funcs(module_op(&module)).into_iter().find(|f| f.string("sym_name").as_deref() == Some("main")).unwrap();
    let mut seed = 0x9e37_79b9_7f4a_7c15;
    let inputs: Vec<Tensor> = (0..main.body(0).argument_count())
        .map(|i| {
            let ty = block_arg(main.body(0), i).tensor_ty().unwrap();
            let n = ty.len().unwrap();
            Tensor::from_scalars(ty.elem, &ty.shape, (0..n).map(|_| random(&mut seed, ty.elem)))
        })
        .collect();
    let expected = eval::function(cx, main, &inputs).unwrap_or_else(|e| panic!("{e}"));
    let pipeline = "plan-memory,fork-targets,builtin.module(schedule,lower-kernels)";
    Pipeline::parse(pipeline)
        .unwrap()
        .run(cx, &mut module, &mut RunOptions::default())
        .unwrap_or_else(|e| panic!("{e}\n{}", print_bare(module_op(&module))));
    let top = module_op(&module);
    let arena = top.int("weft.arena_bytes").unwrap() as usize;
    let weights = weight_bytes(cx, top).unwrap_or_else(|e| panic!("{e}"));
    let mut shown = String::new();
    for target in block_ops(top.body(0)) {
        // Whatever a kernel doesn't write stays visible.
        let junk = |n: usize| vec![0xa5; n];
        let mut buffers = vec![weights.clone(), junk(arena)];
        buffers.extend(inputs.iter().map(|t| t.data.to_vec()));
        buffers.extend(expected.iter().map(|t| junk(t.data.len())));
        eval::loops(cx, target, &mut buffers).unwrap_or_else(|e| panic!("{e}\n{}", print_bare(target)));
        let first = buffers.len() - expected.len();
        for (a, data) in expected.iter().zip(buffers.drain(first..)) {
            let b = Tensor { elem: a.elem, shape: a.shape.clone(), data: data.into() };
            compare(a, &b, &print_bare(target));
        }
        if shown.is_empty() {
            shown = kernels(target);
        }
    }
    shown
}

fn kernels(target: Op<'_>) -> String {
    let kernels = funcs(target).into_iter().filter(|f| f.string("sym_visibility").is_some());
    kernels.map(|f| f.bare_text() + "\n").collect()
}

fn compare(want: &Tensor, got: &Tensor, text: &str) {
    let close = |x: Scalar, y: Scalar| match (x, y) {
        (Scalar::F(x), Scalar::F(y)) => {
            x == y || (x.is_nan() && y.is_nan()) || (x - y).abs() <= TOLERANCE * (1.0 + x.abs().max(y.abs()))
        }
        (x, y) => x == y,
    };
    let wrong: Vec<usize> = (0..want.len()).filter(|&i| !close(want.get(i), got.get(i))).collect();
    if let Some(&i) = wrong.first() {
        panic!(
            "{} of {} elements differ, first at {i} of {:?}: {:?} is wanted, not {:?}\n{text}",
            wrong.len(),
            want.len(),
            want.shape,
            want.get(i),
            got.get(i),
        );
    }
}

/// Floats of both signs around 1, small integers. xorshift64*.
fn random(seed: &mut u64, elem: Elem) -> Scalar {
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    let bits = seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40;
    if elem.is_float() {
        Scalar::F(bits as f64 / f64::from(1 << 22) - 2.0)
    } else {
        Scalar::I(bits as i64 % 17 - 8).to(elem)
    }
}
