//! `canonicalize-graph`: small rewrites that leave one form of what can be written in several ways.

use super::affine::Affine;
use super::rewrite::{
    as_transpose, erase_dead, graph_ops, is_reshape, rebuild_generic, replace, reshape_source, scalar_constant,
    shape_of,
};
use crate::kernels::outline::{ValueMap, clone_body};
use crate::pass::{PassCx, PassInfo};
use weft_dialects::ir::{
    Builder, Generic, GenericSpec, LinExpr, Map, Op, OpError, OpExt, Scalar, Value, ValueExt, extent,
};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "canonicalize-graph",
    doc: "Merges reshapes and chains of constant factors and summands; removes what does nothing.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    // Every rewrite leaves fewer ops, scalar ops or operands.
    loop {
        let mut changed = false;
        for op in graph_ops(module) {
            if op.op_name() == "linalg.generic" {
                changed |= simplify_body(pcx, op);
            }
            let new = if is_reshape(op) {
                merge_reshapes(pcx, op)
            } else if op.op_name() == "linalg.generic" {
                forwarded(op)
                    .or_else(|| merge_affine(pcx, op))
                    .map(|v| vec![v])
                    .or_else(|| drop_operands(pcx, op))
                    .or_else(|| squeeze_operands(pcx, op))
            } else {
                None
            };
            if let Some(new) = new {
                replace(op, &new);
                changed = true;
            }
        }
        erase_dead(module);
        if !changed {
            return Ok(());
        }
    }
}

/// A reshape of a reshape, or one that keeps the shape.
fn merge_reshapes<'c>(pcx: &PassCx<'c>, op: Op<'c>) -> Option<Vec<Value<'c>>> {
    let to = shape_of(op.res(0));
    let source = reshape_source(op.res(0));
    let from = shape_of(source);
    let direct = source.key() == op.arg(0).key();
    if direct && from != to {
        return None;
    }
    let b = Builder::before(pcx.cx, op);
    let new = b.reshape(source, &to);
    // A collapse and an expansion may be what is there already.
    let steps = |v: Value<'c>| {
        let (mut v, mut n) = (v, 0);
        while let (true, Some(def)) = (v.key() != source.key(), v.def()) {
            v = def.arg(0);
            n += 1;
        }
        n
    };
    if steps(new) < steps(op.res(0)) {
        return Some(vec![new]);
    }
    for dead in std::iter::successors(new.def(), |d| d.arg(0).def()).take(steps(new)).collect::<Vec<_>>() {
        dead.erase();
    }
    None
}

/// The operand that a generic yields unchanged and unmoved.
fn forwarded<'c>(op: Op<'c>) -> Option<Value<'c>> {
    let (x, perm) = as_transpose(op.res(0))?;
    (op.ress().len() == 1 && perm.is_sorted()).then_some(x)
}

/// Two generics of the form `x * scale + shift` in a row are one: `(x + c) * d` is `x * d + c * d`.
fn merge_affine<'c>(pcx: &PassCx<'c>, op: Op<'c>) -> Option<Value<'c>> {
    let outer = Affine::of(pcx.cx, op)?;
    let inner = outer.x.def().filter(|_| outer.x.has_one_use())?;
    let both = Affine::of(pcx.cx, inner)?.then(&outer)?;
    both.build(&Builder::before(pcx.cx, op))
}

/// Broadcast operands lose their dims of extent 1, so that what is read along the last loop dim is seen to be contiguous.
fn squeeze_operands<'c>(pcx: &PassCx<'c>, op: Op<'c>) -> Option<Vec<Value<'c>>> {
    let g = Generic::of(op).ok().filter(Generic::is_parallel)?;
    // A dim that is left open counts as long.
    let long = |n: i64| if extent::is_symbolic(n) { i64::MAX } else { n };
    let points = g.extents().into_iter().fold(1i64, |p, n| p.saturating_mul(n.map_or(1, long)));
    let squeezed = |i: usize| {
        let ty = g.ins[i].tensor_ty()?;
        let wide: Vec<usize> = (0..ty.shape.len()).filter(|&d| ty.shape[d] != 1).collect();
        let narrow = ty.len()? < points && wide.len() < ty.shape.len() && !wide.is_empty();
        let plain = g.in_map(i).results.iter().all(|e| e.as_dim().is_some() || *e == LinExpr::constant(0));
        (narrow && plain).then_some(wide)
    };
    let wide: Vec<_> = (0..g.ins.len()).map(squeezed).collect();
    let b = Builder::before(pcx.cx, op);
    let mut operands: Vec<_> = g.ins.iter().copied().zip(g.maps.iter().cloned()).collect();
    for (operand, wide) in operands.iter_mut().zip(&wide) {
        if let Some(wide) = wide {
            let shape: Vec<i64> = wide.iter().map(|&d| shape_of(operand.0)[d]).collect();
            let results = wide.iter().map(|&d| operand.1.results[d].clone()).collect();
            *operand = (b.reshape(reshape_source(operand.0), &shape), Map { dims: g.dims(), results });
        }
    }
    operands.extend(g.outs.iter().enumerate().map(|(i, &v)| (v, g.out_map(i).clone())));
    let same: Vec<usize> = (0..g.dims()).collect();
    wide.iter().any(Option::is_some).then(|| rebuild_generic(&b, &g, &operands, &g.reduction, &same).ress())
}

/// Scalar ops with a neutral constant, and quotients by constants, which become products (one rounding more). `x + 0` is none: it makes 0 of -0, while `x + -0` and `x - 0` keep every x.
fn simplify_body<'c>(pcx: &PassCx<'c>, op: Op<'c>) -> bool {
    let Ok(g) = Generic::of(op) else { return false };
    let mut changed = false;
    for inner in g.body_ops() {
        let args = inner.args();
        let [a, b] = args[..] else { continue };
        let is = |v: Value<'_>, n: f64| scalar_constant(v).is_some_and(|c| c.to_bits() == n.to_bits());
        let kept = match inner.op_name().as_str() {
            "arith.mulf" | "arith.muli" if is(b, 1.0) => a,
            "arith.mulf" | "arith.muli" if is(a, 1.0) => b,
            "arith.divf" | "arith.divsi" | "arith.divui" if is(b, 1.0) => a,
            "arith.addf" if is(b, -0.0) => a,
            "arith.addf" if is(a, -0.0) => b,
            "arith.subf" | "arith.subi" | "arith.addi" if is(b, 0.0) => a,
            "arith.addi" if is(a, 0.0) => b,
            "arith.divf" => match (scalar_constant(b), weft_dialects::ir::elem_of(b.ty())) {
                (Some(c), Some(elem)) if (1.0 / c).is_normal() => {
                    let at = Builder::before(pcx.cx, inner);
                    at.binary("arith.mulf", a, at.scalar(elem, Scalar::F(1.0 / c)))
                }
                _ => continue,
            },
            _ => continue,
        };
        inner.res(0).replace_with(kept);
        inner.erase();
        changed = true;
    }
    changed
}

/// Inputs that the body doesn't read go, and inputs that are read twice in the same way are read once.
fn drop_operands<'c>(pcx: &PassCx<'c>, op: Op<'c>) -> Option<Vec<Value<'c>>> {
    let g = Generic::of(op).ok()?;
    let n = g.ins.len();
    // For each input: the one that stands for it.
    let read: Vec<usize> = (0..n).filter(|&i| !g.scalar(i).is_unused()).collect();
    let same =
        |i: usize| read.iter().copied().find(|&j| j < i && g.ins[j].key() == g.ins[i].key() && g.maps[j] == g.maps[i]);
    let kept: Vec<usize> = read.iter().copied().filter(|&i| same(i).is_none()).collect();
    let spanned = |d: usize| {
        let maps = kept.iter().map(|&i| &g.maps[i]).chain(&g.maps[n..]);
        maps.flat_map(|m: &Map| &m.results).any(|e| e.as_dim() == Some(d))
    };
    // A dim's extent may be known from an operand that is not read.
    if kept.len() == n || !(0..g.dims()).all(spanned) {
        return None;
    }
    let ins: Vec<_> = kept.iter().map(|&i| (g.ins[i], g.maps[i].clone())).collect();
    let outs: Vec<_> = g.outs.iter().enumerate().map(|(i, &v)| (v, g.out_map(i).clone())).collect();
    let b = Builder::before(pcx.cx, op);
    let new = b.generic(GenericSpec { ins: &ins, outs: &outs, reduction: &g.reduction }, |b, args| {
        let places = kept.iter().copied().chain(n..n + outs.len());
        let mut map: ValueMap<'c> = places.zip(args).map(|(i, &v)| (g.scalar(i).key(), v)).collect();
        for &i in &read {
            if let Some(&first) = same(i).and_then(|j| map.get(&g.scalar(j).key())) {
                map.insert(g.scalar(i).key(), first);
            }
        }
        clone_body(b, g.block(), &mut map)
    });
    Some(new.ress())
}
