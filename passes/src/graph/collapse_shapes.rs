//! `collapse-shapes`: elementwise generics take the shape in which their operand was computed.
//!
//! `conv-to-matmul` leaves `matmul -> expand_shape -> bias, activation, sum ... -> collapse_shape -> matmul`. Computing what is
//! between on the matmul's own shape moves the expansion behind it, where it meets the next collapse and both go.

use super::rewrite::{
    as_transpose, erase_dead, graph_ops, is_constant, is_reshape, rebuild_generic, replace, reshape_source, shape_of,
};
use crate::pass::{PassCx, PassInfo};
use weft_dialects::ir::{Builder, Count, Generic, Map, Op, OpError, OpExt, TensorTy, Value, ValueExt, is_view};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "collapse-shapes",
    doc: "Moves expand_shape down through elementwise generics; merges and cancels reshapes.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    for op in graph_ops(module) {
        let b = Builder::before(pcx.cx, op);
        if is_reshape(op) {
            let new = b.reshape(reshape_source(op.res(0)), &shape_of(op.res(0)));
            replace(op, &[new]);
        } else if let Some(new) = transpose(&b, op) {
            replace(op, &[new]);
        } else if let Ok(g) = Generic::of(op)
            && let Some(new) = generic(pcx, &b, &g)
        {
            replace(op, &[new]);
        }
    }
    erase_dead(module);
    Ok(())
}

/// A transpose of a reshape that only added or dropped dims of extent 1: the transpose of what was reshaped, reshaped.
fn transpose<'c>(b: &Builder<'c>, op: Op<'c>) -> Option<Value<'c>> {
    let (x, perm) = as_transpose(*op.ress().first()?)?;
    let source = reshape_source(x);
    let wide = |shape: &[i64]| (0..shape.len()).filter(|&d| shape[d] != 1).collect::<Vec<usize>>();
    let (from, to) = (shape_of(source), shape_of(x));
    let (inner, outer) = (wide(&from), wide(&to));
    let same = inner.iter().map(|&d| from[d]).eq(outer.iter().map(|&d| to[d]));
    if source.key() == x.key() || is_constant(source) || !same {
        return None;
    }
    // Dims of extent 1 stay where they are, the others take each other's places.
    let mut moved = perm.iter().filter_map(|p| outer.iter().position(|o| o == p)).map(|i| inner[i]);
    let perm: Vec<usize> =
        (0..from.len()).map(|d| if from[d] == 1 { Some(d) } else { moved.next() }).collect::<Option<_>>()?;
    Some(b.reshape(b.permute(source, &perm), &shape_of(op.res(0))))
}

fn generic<'c>(pcx: &PassCx<'c>, b: &Builder<'c>, g: &Generic<'c>) -> Option<Value<'c>> {
    let [out] = g.outs[..] else { return None };
    // A reduction over no dim is parallel, and yet reads its initial value.
    let reads_init = !g.scalar(g.ins.len()).is_unused();
    if !g.is_parallel() || !g.out_map(0).is_identity() || reads_init {
        return None;
    }
    let shape = shape_of(out);
    let source = g.ins.iter().enumerate().find_map(|(i, &v)| {
        let source = reshape_source(v);
        let moved = source.key() != v.key() && g.in_map(i).is_identity();
        (moved && source.def().is_some() && !is_constant(source)).then_some(source)
    })?;
    let to = shape_of(source);
    let groups = groups(&shape, &to).filter(|_| is_view(&shape, &to))?;
    let mut operands = Vec::new();
    for (i, &v) in g.ins.iter().enumerate() {
        let Some((shape, map)) = regroup(&shape_of(v), g.in_map(i), &shape, &groups, &to) else {
            pcx.remark(
                g.op,
                format!("keeps its {} dims: operand {i} is broadcast along a part of what would be one", shape.len()),
            );
            return None;
        };
        operands.push((b.reshape(reshape_source(v), &shape), map));
    }
    if g.body_ops().iter().any(|o| o.op_name() == "linalg.index") {
        pcx.remark(g.op, "keeps its dims: it asks for positions");
        return None;
    }
    let ty = TensorTy::new(out.tensor_ty()?.elem, &to);
    operands.push((b.empty(&ty), Map::identity(to.len())));
    let new = rebuild_generic(b, g, &operands, &vec![false; to.len()], &[]);
    Some(b.reshape(new.res(0), &shape))
}

/// For each dim of `to`, the neighbouring dims of `from` that it is the product of; dims of extent 1 belong nowhere. `None`
/// if a dim of `from` would be split.
fn groups(from: &[i64], to: &[i64]) -> Option<Vec<Vec<usize>>> {
    let mut wide = (0..from.len()).filter(|&d| from[d] != 1);
    let out: Option<Vec<Vec<usize>>> = to
        .iter()
        .map(|&n| {
            let (mut group, mut product, whole) = (Vec::new(), Count::of(&[]), Count::of(&[n]));
            while product != whole {
                let d = wide.next()?;
                group.push(d);
                product = product.times(from[d]);
                whole.over(&product)?;
            }
            Some(group)
        })
        .collect();
    out.filter(|_| wide.next().is_none())
}

/// Shape and map by which an operand is read when the loops are over `to` instead of `from`. `None` if the operand
/// depends on a part of a group only, or in another order.
fn regroup(shape: &[i64], map: &Map, from: &[i64], groups: &[Vec<usize>], to: &[i64]) -> Option<(Vec<i64>, Map)> {
    let mut dims = Vec::new();
    for (e, &n) in map.results.iter().zip(shape) {
        match e.as_dim() {
            Some(d) if from[d] == n => dims.extend((n != 1).then_some(d)),
            None if e.is_constant() && n == 1 => {}
            _ => return None,
        }
    }
    let mut picked = Vec::new();
    let mut rest = &dims[..];
    while let Some(first) = rest.first() {
        let at = groups.iter().position(|g| g.first() == Some(first))?;
        rest = rest.strip_prefix(&groups[at][..])?;
        picked.push(at);
    }
    // An operand of all elements keeps the dims of extent 1, so that its shape is that of the loops.
    let wide: Vec<usize> = (0..to.len()).filter(|&d| to[d] != 1).collect();
    if picked == wide && map.results.len() == from.len() {
        picked = (0..to.len()).collect();
    }
    Some((picked.iter().map(|&d| to[d]).collect(), Map::select(to.len(), &picked)))
}

#[cfg(test)]
mod tests {
    use super::{groups, regroup};
    use weft_dialects::ir::Map;

    #[test]
    fn groups_are_neighbours_of_equal_product() {
        assert_eq!(groups(&[1, 4, 5, 6], &[1, 20, 6]), Some(vec![vec![], vec![1, 2], vec![3]]));
        assert_eq!(groups(&[2, 4, 5, 6], &[1, 40, 6]), Some(vec![vec![], vec![0, 1, 2], vec![3]]));
        assert_eq!(groups(&[1, 20, 6], &[1, 4, 5, 6]), None);
        assert_eq!(groups(&[4, 6], &[6, 4]), None);
    }

    #[test]
    fn operands_are_read_by_whole_groups() {
        let (from, to) = ([1, 4, 5, 6], [1, 20, 6]);
        let g = groups(&from, &to).unwrap();
        let one = |shape: &[i64], dims: &[usize]| regroup(shape, &Map::select(4, dims), &from, &g, &to);
        assert_eq!(one(&[6], &[3]), Some((vec![6], Map::select(3, &[2]))));
        assert_eq!(one(&[1, 4, 5, 6], &[0, 1, 2, 3]), Some((vec![1, 20, 6], Map::identity(3))));
        assert_eq!(one(&[4, 5], &[1, 2]), Some((vec![20], Map::select(3, &[1]))));
        assert_eq!(one(&[4], &[1]), None);
        assert_eq!(one(&[5, 4], &[2, 1]), None);
    }
}
