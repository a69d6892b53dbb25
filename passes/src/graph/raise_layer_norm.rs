//! `raise-layer-norm`: a row's mean, variance and normalised elements, written as reductions and arithmetic, become one
//! `nn.layer_norm`, which keeps the row in L1 while it is read three times.
//!
//! Matched is `c * (1 / sqrt(v + epsilon))` or `c / sqrt(v + epsilon)`, where `v` is the mean of `c * c` over the trailing
//! dims and `c` is `x` minus its mean over the same dims, or `x` itself. So LayerNormalization, RMSNormalization, group
//! and instance normalisation of contiguous dims, and what exporters write out, all arrive here.

use super::rewrite::{
    constant, def_of, erase_dead, fill_of, graph_ops, is_reshape, replace, scalar_constant, shape_of,
};
use crate::pass::{PassCx, PassInfo};
use std::collections::HashMap;
use weft_dialects::ir::{
    Builder, Cx, Elem, Generic, Map, Op, OpError, OpExt, TensorTy, Value, ValueExt, extent::is_symbolic,
};
use weft_dialects::nn::layer_norm::LayerNorm;

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "raise-layer-norm",
    doc: "Makes nn.layer_norm of mean, variance and quotient over trailing dims.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    for op in graph_ops(module) {
        let Some(found) = Generic::of(op).ok().and_then(|g| norm(pcx.cx, &g)) else { continue };
        let b = Builder::before(pcx.cx, op);
        let rows = [found.rows, found.columns];
        let x = b.reshape(found.x, &rows);
        let ty = TensorTy::new(Elem::F32, &rows).to_mlir(pcx.cx);
        let y = LayerNorm::build(&b, x, found.epsilon, i64::from(found.centred), &[ty]);
        let y = b.reshape(y.res(0), &shape_of(op.res(0)));
        replace(op, &[y]);
    }
    erase_dead(module);
    Ok(())
}

struct Norm<'c> {
    x: Value<'c>,
    rows: i64,
    columns: i64,
    epsilon: f64,
    centred: bool,
}

fn norm<'c>(cx: Cx<'c>, g: &Generic<'c>) -> Option<Norm<'c>> {
    let &[a, b] = &g.ins[..] else { return None };
    let [op, _] = &g.body_ops()[..] else { return None };
    let name = op.op_name();
    if !g.is_parallel() || !g.out_map(0).is_identity() || a.tensor_ty()?.elem != Elem::F32 {
        return None;
    }
    let reads = |i: usize| op.arg(0) == g.scalar(i) && op.arg(1) == g.scalar(1 - i);
    let (first, quotient) = match name.as_str() {
        "arith.mulf" if reads(0) || reads(1) => (usize::from(!is_whole(g, 0)), false),
        "arith.divf" if reads(0) || reads(1) => (usize::from(reads(1)), true),
        _ => return None,
    };
    let (c, statistic) = if first == 0 { (a, b) } else { (b, a) };
    if !is_whole(g, first) {
        return None;
    }
    let at = places(g.in_map(1 - first), &shape_of(statistic), &wide_places(&shape_of(g.op.res(0))))?;
    let statistic = expression(cx, statistic, &at, 8)?;
    let root = match (quotient, statistic) {
        (true, root) => root,
        (false, Expr::Op(name, x)) => match (name.as_str(), &x[..]) {
            ("arith.divf", [Expr::Number(one), root]) if *one == 1.0 => root.clone(),
            ("math.rsqrt", [v]) => Expr::Op("math.sqrt".to_owned(), vec![v.clone()]),
            _ => return None,
        },
        _ => return None,
    };
    let Expr::Op(name, x) = root else { return None };
    let ("math.sqrt", [shifted]) = (name.as_str(), &x[..]) else { return None };
    let (variance, epsilon) = match shifted {
        Expr::Op(name, x) if name == "arith.addf" => match &x[..] {
            [v, Expr::Number(e)] | [Expr::Number(e), v] => (v, *e),
            _ => return None,
        },
        v => (v, 0.0),
    };
    let squares = mean_of(variance)?;
    let square = Generic::of(def_of(same(squares.of), "linalg.generic")?).ok()?;
    let s = squared(&square)?;
    if same(s) != same(c) {
        return None;
    }
    let (x, centred) = match centred(cx, s, &squares) {
        Some(x) => (x, true),
        None => (s, false),
    };
    let wide: Vec<i64> = shape_of(s).into_iter().filter(|&n| n != 1).collect();
    let lead = wide.get(..squares.kept)?;
    let rows = match lead {
        [one] => *one,
        _ if lead.iter().any(|&n| is_symbolic(n)) => return None,
        _ => lead.iter().product(),
    };
    Some(Norm { x, rows, columns: squares.columns, epsilon, centred })
}

/// Whether input `i` is read at the result's own point, all of it.
fn is_whole(g: &Generic<'_>, i: usize) -> bool {
    g.in_map(i).is_identity() && shape_of(g.ins[i]) == shape_of(g.op.res(0))
}

/// A value without reshapes that only add or drop dims of extent 1.
fn same(v: Value<'_>) -> Value<'_> {
    let wide = |v: Value<'_>| shape_of(v).into_iter().filter(|&n| n != 1).collect::<Vec<_>>();
    match v.def() {
        Some(def) if is_reshape(def) && wide(def.arg(0)) == wide(v) => same(def.arg(0)),
        _ => v,
    }
}

/// The value that a generic multiplies with itself.
fn squared<'c>(g: &Generic<'c>) -> Option<Value<'c>> {
    let ops = g.body_ops();
    let [op, _] = &ops[..] else { return None };
    let from = |v: Value<'c>| (0..g.ins.len()).find(|&i| g.scalar(i) == v && is_whole(g, i)).map(|i| g.ins[i]);
    let (x, y) = (from(op.arg(0))?, from(op.arg(1))?);
    (op.op_name() == "arith.mulf" && same(x) == same(y) && g.is_parallel()).then_some(x)
}

/// `x` if a value is `x` minus its mean over the dims of `sum`.
fn centred<'c>(cx: Cx<'c>, c: Value<'c>, sum: &Sum<'c>) -> Option<Value<'c>> {
    let g = Generic::of(def_of(same(c), "linalg.generic")?).ok()?;
    let ops = g.body_ops();
    let ([op, _], &[x, mean]) = (&ops[..], &g.ins[..]) else { return None };
    let difference = op.op_name() == "arith.subf" && op.arg(0) == g.scalar(0) && op.arg(1) == g.scalar(1);
    if !difference || !is_whole(&g, 0) || !g.out_map(0).is_identity() {
        return None;
    }
    let at = places(g.in_map(1), &shape_of(mean), &wide_places(&shape_of(x)))?;
    let total = mean_of(&expression(cx, mean, &at, 6)?)?;
    let fits = same(total.of) == same(x) && (total.kept, total.columns) == (sum.kept, sum.columns);
    fits.then_some(x)
}

/// Arithmetic on tensors at one point of the rows, whose dims that are wider than 1 are counted.
#[derive(Clone)]
enum Expr<'c> {
    Number(f64),
    /// A tensor, and for each of its wide dims which dim of the point it is read at.
    At(Value<'c>, Vec<usize>),
    Op(String, Vec<Expr<'c>>),
}

/// Per dim of a shape: its place among the wide ones.
fn wide_places(shape: &[i64]) -> Vec<Option<usize>> {
    let mut next = 0;
    let mut place = |n: &i64| {
        (*n != 1).then(|| {
            next += 1;
            next - 1
        })
    };
    shape.iter().map(&mut place).collect()
}

/// For each wide dim of an operand of `shape`, read through `map`: the place of the loop that it is read at.
fn places(map: &Map, shape: &[i64], loops: &[Option<usize>]) -> Option<Vec<usize>> {
    let wide = map.results.iter().zip(shape).filter(|(_, n)| **n != 1);
    wide.map(|(e, _)| e.as_dim().and_then(|d| *loops.get(d)?)).collect()
}

/// What a tensor is, through elementwise generics and reshapes, up to `depth` of them.
fn expression<'c>(cx: Cx<'c>, v: Value<'c>, at: &[usize], depth: usize) -> Option<Expr<'c>> {
    let v = same(v);
    let leaf = || Some(Expr::At(v, at.to_vec()));
    if let Some(t) = constant(cx, v) {
        return if t.is_splat() { Some(Expr::Number(t.get(0).f64())) } else { leaf() };
    }
    let Some(g) = def_of(v, "linalg.generic").and_then(|op| Generic::of(op).ok()) else { return leaf() };
    if depth == 0 || !g.is_parallel() || g.op.ress().len() != 1 || !g.out_map(0).is_identity() {
        return leaf();
    }
    let loops: Vec<Option<usize>> =
        wide_places(&shape_of(v)).into_iter().map(|p| p.and_then(|p| at.get(p).copied())).collect();
    let mut known: HashMap<usize, Expr<'c>> = HashMap::new();
    for (i, &x) in g.ins.iter().enumerate() {
        let Some(at) = places(g.in_map(i), &shape_of(x), &loops) else { return leaf() };
        known.insert(g.scalar(i).key(), expression(cx, x, &at, depth - 1)?);
    }
    for op in g.body_ops() {
        let args: Option<Vec<Expr<'c>>> = op
            .args()
            .into_iter()
            .map(|v| known.get(&v.key()).cloned().or_else(|| scalar_constant(v).map(Expr::Number)))
            .collect();
        match (op.op_name().as_str(), args) {
            ("linalg.yield", args) => return args?.pop(),
            ("arith.constant", _) => {}
            (name, Some(args)) => {
                known.insert(op.res(0).key(), Expr::Op(name.to_owned(), args));
            }
            _ => return leaf(),
        }
    }
    None
}

/// A sum over the trailing wide dims of a tensor.
struct Sum<'c> {
    of: Value<'c>,
    /// Wide dims that stay.
    kept: usize,
    /// Elements of a sum.
    columns: i64,
}

/// What an expression is the mean of, over trailing dims.
fn mean_of<'c>(e: &Expr<'c>) -> Option<Sum<'c>> {
    let Expr::Op(name, x) = e else { return None };
    let (sum, at, count) = match (name.as_str(), &x[..]) {
        ("arith.mulf", [Expr::At(v, at), Expr::Number(n)] | [Expr::Number(n), Expr::At(v, at)]) => {
            (sum_of(*v)?, at, 1.0 / n)
        }
        ("arith.divf", [Expr::At(v, at), Expr::Number(n)]) => (sum_of(*v)?, at, *n),
        _ => return None,
    };
    let exact = (count / sum.columns as f64 - 1.0).abs() < 1e-6;
    (exact && at.iter().copied().eq(0..sum.kept)).then_some(sum)
}

fn sum_of(v: Value<'_>) -> Option<Sum<'_>> {
    let g = Generic::of(def_of(v, "linalg.generic")?).ok()?;
    let (&[x], [_]) = (&g.ins[..], &g.outs[..]) else { return None };
    let ops = g.body_ops();
    let [add, _] = &ops[..] else { return None };
    let (element, total) = (g.scalar(0), g.scalar(1));
    let adds = add.op_name() == "arith.addf"
        && [(element, total), (total, element)].contains(&(add.arg(0), add.arg(1)))
        && fill_of(g.outs[0]).is_some_and(|v| v.to_bits() == 0);
    if !adds || !g.in_map(0).is_identity() {
        return None;
    }
    let shape = shape_of(x);
    let wide: Vec<usize> = (0..shape.len()).filter(|&d| shape[d] != 1).collect();
    let kept = wide.iter().take_while(|&&d| !g.reduction[d]).count();
    let (lead, rest) = wide.split_at(kept);
    // The result keeps the order of what stays.
    let order: Vec<usize> =
        g.out_map(0).results.iter().filter_map(|e| e.as_dim()).filter(|d| wide.contains(d)).collect();
    let columns: i64 = rest.iter().map(|&d| shape[d]).product();
    let fits = !rest.is_empty() && rest.iter().all(|&d| g.reduction[d] && !is_symbolic(shape[d])) && order == lead;
    fits.then_some(Sum { of: x, kept, columns })
}
