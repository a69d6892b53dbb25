//! Random graphs: no pass on the way to kernels may change what they compute.

use super::TOLERANCE;
use weft_dialects::eval::{self, Random, compare};
use weft_dialects::ir::{
    Builder, Cx, Elem, LinExpr, Map, Module, Op, OpExt, Scalar, Session, Tensor, TensorTy, Value, ValueExt, block_ops,
    funcs, module_op, print_bare,
};
use weft_dialects::nn;
use weft_dialects::nn::avg_pool2d::AvgPool2d;
use weft_dialects::nn::conv2d::Conv2d;
use weft_dialects::nn::depthwise_conv2d::DepthwiseConv2d;
use weft_dialects::nn::matmul::Matmul;
use weft_dialects::nn::max_pool2d::MaxPool2d;
use weft_dialects::nn::softmax::Softmax;
use weft_passes::kernels::plan::weight_bytes;
use weft_passes::{Device, Level, Pipeline, RunOptions};

const GRAPHS: u64 = 250;
const OPS: usize = 14;

/// Tests run side by side, so the graphs are shared out over four of them.
fn the_pipeline_keeps_what_random_graphs_compute(device: Device, first: u64) {
    for seed in first..first + GRAPHS {
        if let Err(message) = run(seed, device) {
            panic!("seed {seed}: {message}");
        }
    }
}

macro_rules! quarters {
    ($($name:ident: $device:ident from $first:expr),*) => {$(
        #[test]
        fn $name() {
            the_pipeline_keeps_what_random_graphs_compute(Device::$device, $first);
        }
    )*};
}

quarters!(
    graphs_from_1: Wasm from 1,
    graphs_from_251: Wasm from 251,
    graphs_from_501: Wasm from 501,
    graphs_from_751: Wasm from 751,
    grids_from_1: WebGpu from 1,
    grids_from_251: WebGpu from 251,
    grids_from_501: WebGpu from 501,
    grids_from_751: WebGpu from 751
);

fn run(seed: u64, device: Device) -> Result<(), String> {
    let session = Session::new();
    let cx = session.cx();
    let mut random = Random::new(seed);
    let mut module = Module::new(cx.unknown_loc());
    let inputs = graph(&session, &module, &mut random);
    let before = print_bare(module_op(&module));
    let main = |m: &Module<'_>| -> Result<Vec<Tensor>, String> {
        let main = funcs(module_op(m)).into_iter().find(|f| f.string("sym_name").as_deref() == Some("main"));
        let main = main.ok_or("no function @main")?;
        eval::function(cx, main, &inputs).map_err(|e| e.to_string())
    };
    let wanted = main(&module).map_err(|e| format!("{e}\n{before}"))?;
    module_op(&module).set_attr("weft.device", cx.str_attr(device.name()));
    for element in Pipeline::parse(&Level::Graph.pipeline(device)).map_err(|e| e.to_string())?.elements {
        let one = Pipeline { elements: vec![element] };
        let text = print_bare(module_op(&module));
        one.run(cx, &mut module, &mut RunOptions::default()).map_err(|e| format!("{e}\n{text}"))?;
        let outcome = main(&module).and_then(|got| compare(&wanted, &got, TOLERANCE));
        outcome.map_err(|e| format!("{one}: {e}\n{text}\n{}", print_bare(module_op(&module))))?;
    }
    let text = print_bare(module_op(&module));
    for level in [Level::Kernels, Level::Planned] {
        let pipeline = Pipeline::parse(&level.pipeline(device)).map_err(|e| e.to_string())?;
        pipeline.run(cx, &mut module, &mut RunOptions::default()).map_err(|e| format!("{e}\n{text}"))?;
    }
    as_loops(cx, &module, &inputs, &wanted).map_err(|e| format!("{e}\n{text}"))
}

/// A graph in `@main`, and inputs for it.
pub fn graph(session: &Session, module: &Module<'_>, random: &mut Random) -> Vec<Tensor> {
    let inputs: Vec<Tensor> =
        [[1, 4, 6, 3], [1, 3, 4, 6], [2, 3, 1, 4]].iter().map(|s| random.tensor(Elem::F32, s)).collect();
    build(session, module, random, &inputs);
    inputs
}

/// The kernels' loops compute the same, for each target.
pub fn as_loops<'c>(cx: Cx<'c>, module: &Module<'c>, inputs: &[Tensor], wanted: &[Tensor]) -> Result<(), String> {
    let top = module_op(module);
    let weights = weight_bytes(cx, top).map_err(|e| e.to_string())?;
    // Whatever no kernel writes stays visible.
    let junk = |n: usize| vec![0xa5; n];
    for target in block_ops(top.body(0)) {
        let one = || top.int("weft.arena_bytes").into_iter().collect();
        let arenas: Vec<i64> = top.ints("weft.arena_bytes").unwrap_or_else(one);
        let mut buffers = vec![weights.clone()];
        buffers.extend(arenas.iter().map(|&n| junk(n as usize)));
        buffers.extend(inputs.iter().map(|t| t.data.to_vec()));
        buffers.extend(wanted.iter().map(|t| junk(t.data.len())));
        eval::loops(cx, target, &mut buffers).map_err(|e| format!("{e}\n{}", print_bare(target)))?;
        let first = buffers.len() - wanted.len();
        let got: Vec<Tensor> = wanted
            .iter()
            .zip(buffers.drain(first..))
            .map(|(t, data)| Tensor { elem: t.elem, shape: t.shape.clone(), data: data.into() })
            .collect();
        compare(wanted, &got, TOLERANCE).map_err(|e| format!("loops: {e}\n{}", print_bare(target)))?;
    }
    Ok(())
}

fn build<'c>(session: &'c Session, module: &Module<'c>, random: &mut Random, inputs: &[Tensor]) {
    let cx = session.cx();
    let types: Vec<_> = inputs.iter().map(|t| TensorTy::new(t.elem, &t.shape).to_mlir(cx)).collect();
    let block = module_op(module).body(0);
    let func = Builder::at_end(cx, block, cx.unknown_loc()).func("main", false, &types, &[], |b, args| {
        let mut values = args.to_vec();
        while values.len() < args.len() + OPS {
            // Recent values are likelier, so that chains form.
            let back = random.below(values.len()).min(random.below(values.len()));
            let x = values[values.len() - 1 - back];
            if let Some(y) = step(b, random, x, &values) {
                values.push(y);
            }
        }
        values[values.len() - 4..].to_vec()
    });
    let returned = weft_dialects::ir::block_ops(func.body(0)).last().map(|r| r.args()).unwrap_or_default();
    let results: Vec<_> = returned.iter().map(|v| v.ty()).collect();
    func.set_attr("function_type", cx.type_attr(cx.fn_type(&types, &results)));
}

fn shape(v: Value<'_>) -> Vec<i64> {
    v.tensor_ty().map(|t| t.shape).unwrap_or_default()
}

/// One more op on `x`; `None` if the one that was drawn doesn't fit.
fn step<'c>(b: &Builder<'c>, random: &mut Random, x: Value<'c>, values: &[Value<'c>]) -> Option<Value<'c>> {
    let s = shape(x);
    let rank = s.len();
    if s.iter().product::<i64>() > 600 {
        return None;
    }
    match random.below(17) {
        0 | 1 => Some(b.transpose(x, &random.permutation(rank))),
        2 => (rank == 4).then(|| b.transpose(x, if random.below(2) == 0 { &[0, 3, 1, 2] } else { &[0, 2, 3, 1] })),
        3 => Some(unary(b, random, x)),
        4 | 5 => Some(with_constant(b, random, x)),
        6 => {
            let other = *values.iter().rev().find(|v| shape(**v) == s && v.key() != x.key())?;
            let id = Map::identity(rank);
            Some(
                b.elementwise(Elem::F32, &s, &[(x, id.clone()), (other, id)], |b, v| {
                    b.binary("arith.addf", v[0], v[1])
                }),
            )
        }
        7 => Some(gate(b, random, x)),
        8 | 9 => Some(reshape(b, random, x)),
        10 => {
            let mut amount = |_: &i64| i64::from(random.below(4) == 0);
            let (low, high): (Vec<i64>, Vec<i64>) =
                (s.iter().map(&mut amount).collect(), s.iter().map(&mut amount).collect());
            Some(b.pad(x, &low, &high, Scalar::F(0.5)))
        }
        11 => {
            let d = (rank > 0).then(|| random.below(rank))?;
            if random.below(2) == 0 {
                let (mut offsets, mut sizes) = (vec![0; rank], s.clone());
                offsets[d] = s[d] / 3;
                sizes[d] = (s[d] - offsets[d] + 1) / 2;
                return Some(b.extract_slice(x, &offsets, &sizes, &vec![1; rank]));
            }
            let other = values.iter().rev().find(|v| shape(**v) == s).copied()?;
            Some(b.concat(d, &[x, other]))
        }
        12 => {
            let reduced: Vec<usize> = (0..rank).filter(|_| random.below(3) == 0).collect();
            if reduced.is_empty() {
                return None;
            }
            Some(b.reduce(x, &reduced, Scalar::F(0.0), |b, v, acc| b.binary("arith.addf", acc, v)))
        }
        13 => gather(b, random, x, values),
        14 => Some(whole_numbers(b, random, x)),
        _ => product(b, random, x),
    }
}

/// Slices of `x` along a dim, at positions that another value says.
fn gather<'c>(b: &Builder<'c>, random: &mut Random, x: Value<'c>, values: &[Value<'c>]) -> Option<Value<'c>> {
    let s = shape(x);
    let d = (!s.is_empty()).then(|| random.below(s.len()))?;
    // One position an element of the first dim of some value.
    let positions = *values.iter().rev().find(|v| v.key() != x.key() && shape(**v).len() == 2)?;
    let count = shape(positions)[0];
    let mut to = s.clone();
    to[d] = count;
    let mut first = vec![LinExpr::constant(0); 2];
    first[0] = LinExpr::dim(d);
    let map = Map { dims: s.len(), results: first };
    Some(b.elementwise(Elem::F32, &to, &[(positions, map)], |b, v| {
        let whole = b.value("arith.fptosi", &[b.binary("arith.mulf", v[0], b.f32(3.0))], b.cx.elem(Elem::I32), &[]);
        let at = b.value("arith.index_cast", &[whole], b.cx.index(), &[]);
        let below = b.binary("arith.minsi", at, b.index(s[d] - 1));
        let mut at: Vec<Value<'c>> = (0..s.len()).map(|d| b.loop_index(d)).collect();
        at[d] = b.binary("arith.maxsi", below, b.index(0));
        b.extract(x, &at)
    }))
}

/// Arithmetic of integers and comparisons, in a chain of generics.
fn whole_numbers<'c>(b: &Builder<'c>, random: &mut Random, x: Value<'c>) -> Value<'c> {
    let s = shape(x);
    let id = Map::identity(s.len());
    let whole = b.elementwise(Elem::I32, &s, &[(x, id.clone())], |b, v| {
        // Within what converts.
        let scaled = b.binary("arith.mulf", v[0], b.f32(7.0));
        let bounded = b.binary("arith.maximumf", b.binary("arith.minimumf", scaled, b.f32(99.0)), b.f32(-99.0));
        b.value("arith.fptosi", &[bounded], b.cx.elem(Elem::I32), &[])
    });
    let name = ["arith.addi", "arith.muli", "arith.xori", "arith.maxsi", "arith.remsi", "arith.divsi"][random.below(6)];
    let changed = b.elementwise(Elem::I32, &s, &[(whole, id.clone())], |b, v| b.binary(name, v[0], b.i32(5)));
    let predicate = ["slt", "eq", "sge"][random.below(3)];
    b.elementwise(Elem::F32, &s, &[(changed, id.clone()), (whole, id)], |b, v| {
        let chosen = b.select(b.compare(predicate, v[0], v[1]), v[0], b.binary("arith.subi", v[1], v[0]));
        b.binary("arith.mulf", b.value("arith.sitofp", &[chosen], b.cx.elem(Elem::F32), &[]), b.f32(0.125))
    })
}

fn unary<'c>(b: &Builder<'c>, random: &mut Random, x: Value<'c>) -> Value<'c> {
    let s = shape(x);
    let kind = random.below(6);
    b.elementwise(Elem::F32, &s, &[(x, Map::identity(s.len()))], |b, v| match kind {
        0 => b.binary("arith.maximumf", v[0], b.f32(0.0)),
        1 => b.binary("arith.divf", v[0], b.f32(3.0)),
        2 => b.binary("arith.subf", b.f32(1.0), v[0]),
        3 => b.unary("math.tanh", v[0]),
        4 => b.unary("math.exp", b.binary("arith.minimumf", v[0], b.f32(1.0))),
        _ => b.binary("arith.mulf", v[0], b.f32(1.0)),
    })
}

/// A factor or summand along some dims.
fn with_constant<'c>(b: &Builder<'c>, random: &mut Random, x: Value<'c>) -> Value<'c> {
    let s = shape(x);
    let dims: Vec<usize> = (0..s.len()).filter(|&d| d + 1 == s.len() || random.below(4) == 0).collect();
    let along: Vec<i64> = dims.iter().map(|&d| s[d]).collect();
    let c = b.tensor(&random.tensor(Elem::F32, &along));
    let name = ["arith.mulf", "arith.addf", "arith.subf"][random.below(3)];
    let ins = [(x, Map::identity(s.len())), (c, Map::select(s.len(), &dims))];
    b.elementwise(Elem::F32, &s, &ins, |b, v| b.binary(name, v[0], v[1]))
}

/// x times its sum over some dims, which broadcasts back: from dims of extent 1, or from fewer dims.
fn gate<'c>(b: &Builder<'c>, random: &mut Random, x: Value<'c>) -> Value<'c> {
    let s = shape(x);
    let reduced: Vec<usize> = (0..s.len()).filter(|_| random.below(2) == 0).collect();
    let sum = b.reduce(x, &reduced, Scalar::F(0.0), |b, v, acc| b.binary("arith.addf", acc, v));
    let kept: Vec<usize> = (0..s.len()).filter(|d| !reduced.contains(d)).collect();
    let (gate, map) = if random.below(2) == 0 {
        (sum, Map::select(s.len(), &kept))
    } else {
        let ones: Vec<i64> = (0..s.len()).map(|d| if reduced.contains(&d) { 1 } else { s[d] }).collect();
        let one = |d: usize| if reduced.contains(&d) { LinExpr::constant(0) } else { LinExpr::dim(d) };
        (b.reshape(sum, &ones), Map { dims: s.len(), results: (0..s.len()).map(one).collect() })
    };
    b.elementwise(Elem::F32, &s, &[(x, Map::identity(s.len())), (gate, map)], |b, v| {
        let half = b.f32(0.125);
        b.binary("arith.mulf", v[0], b.binary("arith.mulf", v[1], half))
    })
}

/// Merges neighbours, splits a dim, or adds or drops dims of extent 1.
fn reshape<'c>(b: &Builder<'c>, random: &mut Random, x: Value<'c>) -> Value<'c> {
    let mut s = shape(x);
    match random.below(4) {
        0 if s.len() > 1 => {
            let d = random.below(s.len() - 1);
            let n = s.remove(d);
            s[d] *= n;
        }
        1 if s.len() < 5 => s.insert(random.below(s.len() + 1), 1),
        2 => s.retain(|&n| n != 1),
        _ if s.len() < 5 => {
            if let Some(d) = s.iter().position(|&n| n > 2 && n % 2 == 0) {
                s[d] /= 2;
                s.insert(d + random.below(2), 2);
            }
        }
        _ => {}
    }
    b.reshape(x, &s)
}

/// A convolution, depthwise convolution, pool, softmax or matrix product.
fn product<'c>(b: &Builder<'c>, random: &mut Random, x: Value<'c>) -> Option<Value<'c>> {
    let s = shape(x);
    let typed = |op: Op<'c>| {
        op.res(0).retype(nn::infer(op).ok()?.to_mlir(b.cx));
        Some(op.res(0))
    };
    if let [_, _, k] = s[..] {
        let n = 1 + random.below(10) as i64;
        let w = b.tensor(&random.tensor(Elem::F32, &[1, k, n]));
        return typed(Matmul::build(b, x, w, n, 0, &[x.ty()]));
    }
    if s.len() == 2 {
        return typed(Softmax::build(b, x, &[x.ty()]));
    }
    let [_, h, w, c] = s[..] else { return None };
    let kernel = 1 + 2 * random.below(2) as i64;
    if h.min(w) < 2 {
        return None;
    }
    let (pads, strides) = (vec![kernel / 2; 4], vec![1 + random.below(2) as i64; 2]);
    match random.below(5) {
        4 => {
            let counted = if random.below(2) == 0 { pads.clone() } else { vec![0; 4] };
            typed(AvgPool2d::build(b, x, &[kernel; 2], &strides, &[1, 1], &pads, &counted, &[x.ty()]))
        }
        0 => typed(MaxPool2d::build(b, x, &[kernel; 2], &strides, &[1, 1], &pads, &[x.ty()])),
        1 => {
            let weights = b.tensor(&random.tensor(Elem::F32, &[kernel, kernel, c]));
            typed(DepthwiseConv2d::build(b, x, weights, &strides, &[1, 1], &pads, &[x.ty()]))
        }
        _ => {
            let groups = if c % 2 == 0 && random.below(3) == 0 { 2 } else { 1 };
            let m = groups * (1 + random.below(5) as i64);
            let weights = b.tensor(&random.tensor(Elem::F32, &[kernel, kernel, c / groups, m]));
            typed(Conv2d::build(b, x, weights, &[kernel; 2], &strides, &[1, 1], &pads, groups, m, 0, &[x.ty()]))
        }
    }
}
