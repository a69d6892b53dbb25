//! Which dims a reduction takes away.

use super::node::{Ints, Node, Outputs, Reason, Typed, unsupported};
use super::pick::{List, number};
use super::reduce::reduced_shape;
use weft_dialects::ir::Map;

/// At most as many sets of dims are tried for axes that are known at run time only.
const MOST_SETS: usize = 16;

/// Reduces by `compute`, which gets sorted dims. All without axes; none if then the operator is to do nothing
/// (`noop_with_empty_axes`), but for its steps before and after.
///
/// Axes that are data: how many there are is known, and so is the result's shape, if the model declares it. Where more than
/// one set of dims fits both, all are computed, and the axes select at run time.
pub fn over<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    keep: bool,
    compute: impl Fn(&[usize]) -> Result<Typed<'c>, Reason>,
) -> Outputs<'c> {
    let rank = x.rank();
    let since = if node.name == "ReduceSum" { 13 } else { 18 };
    let axes = if node.opset < since { node.ints("axes")?.map(Ints::Known) } else { node.int_operand(1, "axes")? };
    let axes = match axes {
        None => Ints::Known(Vec::new()),
        Some(axes) if axes.len() == 0 => Ints::Known(Vec::new()),
        Some(axes) => axes,
    };
    match axes {
        Ints::Known(axes) if axes.is_empty() && node.flag("noop_with_empty_axes", false)? => Ok(vec![compute(&[])?]),
        Ints::Known(axes) if axes.is_empty() => Ok(vec![compute(&(0..rank).collect::<Vec<_>>())?]),
        Ints::Known(axes) => Ok(vec![compute(&node.axes(&axes, rank)?)?]),
        Ints::Data(axes) => {
            let sets = candidates(node, &x.shape(), axes.len() as usize, keep)?;
            let parts = sets.iter().map(|dims| compute(dims)).collect::<Result<Vec<_>, _>>()?;
            select(node, axes, rank, &sets, &parts)
        }
    }
}

/// Sets of `n` dims of a shape whose reduction gives what the model declares. Dims of extent 1 make no difference.
fn candidates<'c>(node: &Node<'c>, shape: &[i64], n: usize, keep: bool) -> Result<Vec<Vec<usize>>, Reason> {
    let declared = node.declared(0);
    let mut out: Vec<Vec<usize>> = Vec::new();
    let wide = |dims: &[usize]| dims.iter().copied().filter(|&d| shape[d] != 1).collect::<Vec<_>>();
    for dims in subsets(shape.len(), n) {
        let fits = declared.as_ref().is_none_or(|s| *s == reduced_shape(shape, &dims, keep));
        if fits && !out.iter().any(|other| wide(other) == wide(&dims)) {
            out.push(dims);
        }
    }
    let shapes: Vec<_> = out.iter().map(|dims| reduced_shape(shape, dims, keep)).collect();
    match shapes[..] {
        [] => super::node::invalid(format!("no {n} dims of {shape:?} can be reduced to the declared {declared:?}")),
        _ if shapes.iter().any(|s| *s != shapes[0]) => {
            unsupported("axes (input 1) depends on the data, and the model declares no shape for the result")
        }
        _ if out.len() > MOST_SETS => {
            unsupported(format!("axes (input 1) depends on the data, and {} sets of dims fit", out.len()))
        }
        _ => Ok(out),
    }
}

/// All sets of `n` of `0..of`, each sorted.
fn subsets(of: usize, n: usize) -> Vec<Vec<usize>> {
    let Some(rest) = of.checked_sub(1) else { return if n == 0 { vec![Vec::new()] } else { Vec::new() } };
    let mut out = subsets(rest, n);
    if let Some(fewer) = n.checked_sub(1) {
        out.extend(subsets(rest, fewer).into_iter().map(|mut set| {
            set.push(rest);
            set
        }));
    }
    out.sort();
    out
}

/// The part whose dims the axes are.
pub fn select<'c>(
    node: &Node<'c>,
    axes: Typed<'c>,
    rank: usize,
    sets: &[Vec<usize>],
    parts: &[Typed<'c>],
) -> Outputs<'c> {
    if let [one] = parts {
        return Ok(vec![*one]);
    }
    let (y, shape) = (parts[0], parts[0].shape());
    let mut ins: Vec<_> = parts.iter().map(|p| (p.value, Map::identity(shape.len()))).collect();
    let list = List::new(&Ints::Data(axes), shape.len(), &mut ins);
    let value = node.b.elementwise(y.dtype.elem, &shape, &ins, |b, v| {
        let axes: Vec<_> = (0..list.len()).map(|i| list.at(b, v, i)).collect();
        let mut out = v[0];
        for (i, set) in sets.iter().enumerate().skip(1) {
            // An axis is in the set, counted from either end.
            let places = set.iter().flat_map(|&d| [d as i64, d as i64 - rank as i64]);
            let places: Vec<i64> = places.collect();
            let all = axes.iter().map(|&axis| {
                let hits = places.iter().map(|&p| b.compare("eq", axis, b.index(p)));
                hits.reduce(|a, c| b.binary("arith.ori", a, c))
                    .unwrap_or_else(|| number(b, super::dtype::Dtype::BOOL, 0))
            });
            if let Some(all) = all.reduce(|a, c| b.binary("arith.andi", a, c)) {
                out = b.select(all, v[i], out);
            }
        }
        out
    });
    Ok(vec![y.with(value)])
}

#[cfg(test)]
mod tests {
    use super::subsets;

    #[test]
    fn subsets_are_sorted_and_complete() {
        assert_eq!(subsets(3, 2), [vec![0, 1], vec![0, 2], vec![1, 2]]);
        assert_eq!(subsets(2, 0), [Vec::<usize>::new()]);
        assert!(subsets(1, 2).is_empty());
    }
}
