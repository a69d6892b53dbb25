//! `sink-transposes`: transposes move down through what doesn't care about the order of dims, until they meet their inverse.
//!
//! Legalisation wraps each channels-last op in a transpose before and one after. Moving the latter through elementwise
//! generics, reductions, padding, slices, concatenation and reshapes brings it next to the former of the next op,
//! where both cancel. What remains in front of a generic becomes a part of its indexing map.

use super::rewrite::{
    as_transpose, erase_dead, fill_of, graph_ops, inverse, is_constant, rebuild_generic, replace, scalar_constant,
    shape_of,
};
use crate::pass::{PassCx, PassInfo};
use std::collections::HashMap;
use weft_dialects::ir::{
    Builder, Count, Generic, LinExpr, Map, Op, OpError, OpExt, Scalar, TensorTy, Value, ValueExt, block_ops, is_view,
};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "sink-transposes",
    doc: "Moves transposes down through layout-agnostic ops, cancels them, and folds the rest into indexing maps.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    for op in graph_ops(module) {
        let b = Builder::before(pcx.cx, op);
        let new = match op.op_name().as_str() {
            "linalg.generic" => generic(&b, op),
            "tensor.pad" => pad(&b, op),
            "tensor.concat" => concat(&b, op),
            "tensor.extract_slice" if op.args().len() == 1 => extract_slice(&b, op),
            "tensor.expand_shape" | "tensor.collapse_shape" => reshape(&b, op),
            _ => None,
        };
        if let Some(new) = new {
            replace(op, &[new]);
        }
    }
    erase_dead(module);
    fold_rest(pcx, module);
    erase_dead(module);
    Ok(())
}

/// A value as the transpose of another; constants don't count: they are folded.
fn transposed<'c>(v: Value<'c>) -> Option<(Value<'c>, Vec<usize>)> {
    as_transpose(v).filter(|t| !is_constant(t.0))
}

fn generic<'c>(b: &Builder<'c>, op: Op<'c>) -> Option<Value<'c>> {
    if let Some((y, outer)) = as_transpose(op.res(0)) {
        let (x, inner) = transposed(y)?;
        let perm: Vec<usize> = outer.iter().map(|&p| inner[p]).collect();
        return Some(b.permute(x, &perm));
    }
    let g = Generic::of(op).ok()?;
    let [out] = g.outs[..] else { return None };
    // Reading a source instead of its transpose is a matter of the map.
    let mut sources = Vec::new();
    let mut votes: HashMap<Vec<usize>, i64> = HashMap::new();
    for (&v, map) in g.ins.iter().zip(&g.maps) {
        let (source, map) = read_through(v, map);
        if let (Some(order), false) = (map.as_permutation(), is_constant(v)) {
            *votes.entry(order).or_default() += 1;
        }
        sources.push((source, map));
    }
    if sources.iter().zip(&g.ins).all(|(s, v)| s.0.key() == v.key()) {
        return None;
    }
    let identity: Vec<usize> = (0..g.dims()).collect();
    // The loops take the order in which most operands lie; without a majority a transpose moves on.
    let order = votes
        .iter()
        .max_by_key(|(order, n)| (**n, **order != identity, std::cmp::Reverse((*order).clone())))
        .map_or(identity.clone(), |v| v.0.clone());
    if order == identity {
        // Only broadcast operands are read through their transposes.
        let narrow: Vec<_> = sources
            .iter()
            .zip(g.ins.iter().zip(&g.maps))
            .map(|(s, (&v, m))| if s.1.as_permutation().is_some() { (v, m.clone()) } else { s.clone() })
            .chain([(out, g.out_map(0).clone())])
            .collect();
        let changed = narrow.iter().zip(&g.ins).any(|(s, v)| s.0.key() != v.key());
        return changed.then(|| rebuild_generic(b, &g, &narrow, &g.reduction, &identity).res(0));
    }
    let to = inverse(&order);
    let mut operands: Vec<_> = sources.into_iter().map(|(v, m)| (v, m.rename_dims(&to))).collect();
    let reduction: Vec<bool> = order.iter().map(|&d| g.reduction[d]).collect();
    // The result lies in the order of the loops, and a transpose behind it restores what users expect.
    let map = g.out_map(0).rename_dims(&to);
    let (map, back) = sorted(&map)?;
    let ty = out.tensor_ty()?;
    let shape: Vec<i64> = inverse(&back).iter().map(|&d| ty.shape[d]).collect();
    operands.push((destination(b, out, &shape)?, map));
    let new = rebuild_generic(b, &g, &operands, &reduction, &to).res(0);
    Some(b.permute(new, &back))
}

/// Through a transpose, if the value is one: its source, and the map to read it by.
fn read_through<'c>(v: Value<'c>, map: &Map) -> (Value<'c>, Map) {
    match transposed(v) {
        Some((x, perm)) => (x, Map::select(perm.len(), &inverse(&perm)).compose(map)),
        None => (v, map.clone()),
    }
}

/// A map's results in the order of the loops, constants staying where they are; and the permutation that undoes the
/// sorting: result `i` of the map is result `back[i]` of the sorted one. `None` if a result is neither a dim nor constant.
fn sorted(map: &Map) -> Option<(Map, Vec<usize>)> {
    let places: Vec<usize> = (0..map.results.len()).filter(|&i| !map.results[i].is_constant()).collect();
    let dims: Vec<usize> = places.iter().map(|&i| map.results[i].as_dim()).collect::<Option<_>>()?;
    let mut by_dim: Vec<usize> = (0..dims.len()).collect();
    by_dim.sort_by_key(|&i| dims[i]);
    let mut results = map.results.clone();
    let mut back: Vec<usize> = (0..map.results.len()).collect();
    for (&place, &from) in places.iter().zip(&by_dim) {
        results[place] = LinExpr::dim(dims[from]);
        back[places[from]] = place;
    }
    Some((Map { dims: map.dims, results }, back))
}

/// A destination like `old` of another shape; `None` if its contents have an order.
fn destination<'c>(b: &Builder<'c>, old: Value<'c>, shape: &[i64]) -> Option<Value<'c>> {
    let ty = old.tensor_ty()?;
    if ty.shape == shape {
        return Some(old);
    }
    let def = old.def()?;
    match def.op_name().as_str() {
        "tensor.empty" => Some(b.empty(&TensorTy::new(ty.elem, shape))),
        "arith.constant" => {
            let t = b.cx.tensor_of(def.attr("value")?)?;
            t.is_splat().then(|| b.tensor(&t.reshaped(shape)))
        }
        // A dim that is left open has no constant; a generic fills it.
        "linalg.generic" => {
            let value = fill_of(old)?;
            let value = if ty.elem.is_float() { Scalar::F(value) } else { Scalar::I(value as i64) };
            Some(b.splat(&TensorTy::new(ty.elem, shape), value))
        }
        _ => None,
    }
}

fn pad<'c>(b: &Builder<'c>, op: Op<'c>) -> Option<Value<'c>> {
    let (x, perm) = transposed(op.arg(0))?;
    let (low, high) = (op.ints("static_low")?, op.ints("static_high")?);
    let value = scalar_constant(block_ops(op.body(0)).last()?.arg(0))?;
    let value = if x.tensor_ty()?.elem.is_float() { Scalar::F(value) } else { Scalar::I(value as i64) };
    let read = inverse(&perm);
    let padded = b.pad(x, &pick(&low, &read), &pick(&high, &read), value);
    Some(b.permute(padded, &perm))
}

fn concat<'c>(b: &Builder<'c>, op: Op<'c>) -> Option<Value<'c>> {
    let args = op.args();
    let transposes: Vec<_> = args.iter().map(|&v| transposed(v)).collect();
    let perm = transposes.iter().flatten().next()?.1.clone();
    let agree = transposes.iter().flatten().filter(|t| t.1 == perm).count();
    let against = args.iter().filter(|&&v| !is_constant(v)).count() - agree;
    if agree <= against {
        return None;
    }
    let read = inverse(&perm);
    let parts: Vec<_> = args
        .iter()
        .zip(&transposes)
        .map(|(&v, t)| match t {
            Some((x, p)) if *p == perm => *x,
            _ => b.permute(v, &read),
        })
        .collect();
    let joined = b.concat(perm[op.int("dim")? as usize], &parts);
    Some(b.permute(joined, &perm))
}

fn extract_slice<'c>(b: &Builder<'c>, op: Op<'c>) -> Option<Value<'c>> {
    let (x, perm) = transposed(op.arg(0))?;
    let list = |name: &str| op.ints(name).filter(|v| v.iter().all(|&n| n >= 0));
    let (offsets, sizes, strides) = (list("static_offsets")?, list("static_sizes")?, list("static_strides")?);
    if shape_of(op.res(0)) != sizes {
        return None;
    }
    let read = inverse(&perm);
    let slice = b.extract_slice(x, &pick(&offsets, &read), &pick(&sizes, &read), &pick(&strides, &read));
    Some(b.permute(slice, &perm))
}

fn pick(list: &[i64], at: &[usize]) -> Vec<i64> {
    at.iter().map(|&i| list[i]).collect()
}

fn reshape<'c>(b: &Builder<'c>, op: Op<'c>) -> Option<Value<'c>> {
    let (x, perm) = transposed(op.arg(0))?;
    let passed = through_reshape(&shape_of(x), &perm, &shape_of(op.res(0)))?;
    if !is_view(&pick(&shape_of(x), &passed.first), &passed.shape) {
        return None;
    }
    // Merged dims that change places among themselves (a channel shuffle) leave a transpose behind: worth it only for one
    // that another cancels.
    let cancels = op.res(0).uses().iter().all(|(user, _)| user.ress().iter().any(|&r| as_transpose(r).is_some()));
    if !passed.first.is_sorted() && !cancels {
        return None;
    }
    let x = if passed.first.is_sorted() { x } else { b.transpose(x, &passed.first) };
    Some(b.permute(b.reshape(x, &passed.shape), &passed.back))
}

/// `reshape(transpose(x, perm), to)` as `transpose(reshape(transpose(x, first), shape), back)`.
#[derive(Debug, PartialEq)]
struct Passed {
    /// Permutes dims of x that are merged, among themselves.
    first: Vec<usize>,
    shape: Vec<i64>,
    back: Vec<usize>,
}

/// How a transpose passes a reshape; `None` if the reshape merges dims that aren't neighbours in x.
fn through_reshape(from: &[i64], perm: &[usize], to: &[i64]) -> Option<Passed> {
    if from.contains(&0) {
        return None;
    }
    let wide = |shape: &[i64]| (0..shape.len()).filter(|&d| shape[d] != 1).collect::<Vec<usize>>();
    let middle: Vec<i64> = perm.iter().map(|&p| from[p]).collect();
    // Where each wide dim of x stands among its wide dims.
    let place: HashMap<usize, usize> = wide(from).into_iter().enumerate().map(|(i, d)| (d, i)).collect();
    let (left, right) = (wide(&middle), wide(to));
    let (mut i, mut j) = (0, 0);
    let mut first: Vec<usize> = (0..from.len()).collect();
    // Groups of dims of equal product: their place in x, and the result's dims.
    let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
    while i < left.len() && j < right.len() {
        let (i0, j0) = (i, j);
        let (mut a, mut c) = (Count::of(&[middle[left[i]]]), Count::of(&[to[right[j]]]));
        (i, j) = (i + 1, j + 1);
        while a != c {
            if c.over(&a).is_some() || (a.over(&c).is_none() && a.factor < c.factor) {
                a = a.times(middle[*left.get(i)?]);
                i += 1;
            } else {
                c = c.times(to[*right.get(j)?]);
                j += 1;
            }
        }
        let dims: Vec<usize> = left[i0..i].iter().map(|&d| perm[d]).collect();
        let mut sorted = dims.clone();
        sorted.sort_unstable();
        if sorted.windows(2).any(|w| place[&w[1]] != place[&w[0]] + 1) {
            return None;
        }
        for (&at, &d) in sorted.iter().zip(&dims) {
            first[at] = d;
        }
        groups.push((place[&sorted[0]], right[j0..j].to_vec()));
    }
    groups.sort();
    // Dims of extent 1 stand before the wide dim that follows them, or first of all.
    let last = right.last().map_or(0, |d| d + 1);
    let mut order: Vec<usize> = (0..right.first().copied().unwrap_or(to.len())).chain(last..to.len()).collect();
    if right.is_empty() {
        order = (0..to.len()).collect();
    }
    for d in groups.into_iter().flat_map(|g| g.1) {
        let before = right.iter().rev().find(|&&r| r < d).map_or(d, |r| r + 1);
        order.extend(before..=d);
    }
    Some(Passed { first, shape: pick(to, &order), back: inverse(&order) })
}

/// What is still in front of a generic alone becomes a part of its map.
fn fold_rest<'c>(pcx: &PassCx<'c>, module: Op<'c>) {
    for op in graph_ops(module) {
        let Ok(g) = Generic::of(op) else { continue };
        if op.ress().iter().any(|&r| as_transpose(r).is_some()) {
            continue;
        }
        let mut operands: Vec<_> = Vec::new();
        for (&v, map) in g.ins.iter().zip(&g.maps) {
            operands.push(if v.has_one_use() { read_through(v, map) } else { (v, map.clone()) });
        }
        if operands.iter().zip(&g.ins).all(|(o, v)| o.0.key() == v.key()) {
            continue;
        }
        operands.extend(g.outs.iter().enumerate().map(|(i, &v)| (v, g.out_map(i).clone())));
        let b = Builder::before(pcx.cx, op);
        let same: Vec<usize> = (0..g.dims()).collect();
        replace(op, &rebuild_generic(&b, &g, &operands, &g.reduction, &same).ress());
    }
}

#[cfg(test)]
mod tests {
    use super::{Passed, through_reshape};

    #[test]
    fn reshapes_are_passed_where_merged_dims_are_neighbours() {
        let check = |from: &[i64], perm: &[usize], to: &[i64], expected: Option<(&[usize], &[i64], &[usize])>| {
            let expected = expected.map(|(f, s, b)| Passed { first: f.to_vec(), shape: s.to_vec(), back: b.to_vec() });
            assert_eq!(through_reshape(from, perm, to), expected);
        };
        let nchw = [0, 3, 1, 2];
        // 1 x 1 x 40 x 8 (NHWC), seen as NCHW, without its row: W and C change places.
        check(&[1, 1, 40, 8], &nchw, &[1, 8, 40], Some((&[0, 1, 2, 3], &[1, 40, 8], &[0, 2, 1])));
        // Rows and columns are neighbours in both.
        check(&[1, 3, 5, 8], &nchw, &[1, 8, 15], Some((&[0, 1, 2, 3], &[1, 15, 8], &[0, 2, 1])));
        // Channels and rows are not.
        check(&[1, 3, 5, 8], &nchw, &[1, 24, 5], None);
        // Splitting is always possible.
        check(&[1, 3, 5, 8], &nchw, &[1, 2, 4, 3, 5], Some((&[0, 1, 2, 3], &[1, 3, 5, 2, 4], &[0, 3, 4, 1, 2])));
        check(&[40, 8], &[1, 0], &[8, 1, 40, 1], Some((&[0, 1], &[1, 1, 40, 8], &[3, 1, 2, 0])));
        // A channel shuffle: two groups of three channels change places among themselves.
        check(&[1, 5, 2, 3], &[0, 3, 2, 1], &[1, 6, 5], Some((&[0, 1, 3, 2], &[1, 5, 6], &[0, 2, 1])));
    }
}
