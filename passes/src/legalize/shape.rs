//! Shape, Size, and the operators that change only the shape or the order of dims: Reshape, Flatten, Squeeze,
//! Unsqueeze, Transpose, Expand, Tile, DepthToSpace, SpaceToDepth.

use super::node::{Ints, Node, Outputs, Reason, Typed, broadcast, elements, invalid, unsupported};
use super::symbolic;
use weft_dialects::ir::{Count, LinExpr, Map, extent, is_view};

/// Shape (1; 15: `start`, `end`).
pub fn shape<'c>(node: &Node<'c>) -> Outputs<'c> {
    let shape = node.input(0)?.shape();
    let rank = shape.len() as i64;
    let clamp = |v: i64| (if v < 0 { v + rank } else { v }).clamp(0, rank) as usize;
    let (start, end) = (clamp(node.int_or("start", 0)?), clamp(node.int_or("end", rank)?));
    let part = shape.get(start..end).unwrap_or_default();
    Ok(vec![symbolic::tensor(node, &[part.len() as i64], part)])
}

/// Size.
pub fn size<'c>(node: &Node<'c>) -> Outputs<'c> {
    match node.input(0)?.count().extent() {
        Some(n) => Ok(vec![symbolic::tensor(node, &[], &[n])]),
        None => unsupported("the product of several dims that are left open"),
    }
}

fn reshaped<'c>(node: &Node<'c>, x: Typed<'c>, shape: &[i64]) -> Outputs<'c> {
    node.check_extents(shape)?;
    if Count::of(shape) != x.count() {
        return invalid(format!("{:?} has {} elements and can't become {shape:?}", x.shape(), x.count()));
    }
    if !is_view(&x.shape(), shape) {
        return unsupported(format!(
            "reshaping {:?} to {shape:?}, which merges a dim that is left open with dims before it",
            x.shape()
        ));
    }
    Ok(vec![x.with(node.b.reshape(x.value, shape))])
}

/// Reshape (5; 14: `allowzero`): 0 copies the input's extent, -1 is what remains.
pub fn reshape<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let asked = match node.int_operand(1, "the new shape")? {
        Some(Ints::Known(asked)) => asked,
        Some(Ints::Data(_)) => return reshaped(node, x, &node.shape_by_data(0, "the new shape (input 1)")?),
        None => return invalid("input 1, the new shape, is missing"),
    };
    let (from, allow_zero) = (x.shape(), node.flag("allowzero", false)?);
    let mut to = asked.clone();
    for (i, d) in to.iter_mut().enumerate() {
        if *d == 0 && !allow_zero {
            let Some(&copied) = from.get(i) else {
                return invalid(format!("the new shape {asked:?} copies dim {i}, but the input is {from:?}"));
            };
            *d = copied;
        }
    }
    let open: Vec<usize> = (0..to.len()).filter(|&i| to[i] == -1).collect();
    match open[..] {
        [] => {}
        [i] => {
            let others: Vec<i64> = to.iter().copied().filter(|&d| d != -1).collect();
            node.check_extents(&others)?;
            match x.count().over(&Count::of(&others)).and_then(|rest| rest.extent()) {
                Some(rest) => to[i] = rest,
                None => return invalid(format!("{from:?} has {} elements and can't become {asked:?}", x.count())),
            }
        }
        _ => return invalid(format!("the new shape {asked:?} leaves more than one extent open")),
    }
    reshaped(node, x, &to)
}

/// Whether operand `i`, an attribute before version `since`, is known at run time only.
fn is_data<'c>(node: &Node<'c>, i: usize, since: i64) -> Result<bool, Reason> {
    Ok(node.opset >= since && matches!(node.int_operand(i, "axes")?, Some(Ints::Data(_))))
}

/// Flatten (1, 9; 11: negative axes) to a matrix: dims before `axis` (1 by default) by the rest.
pub fn flatten<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let (shape, axis) = (x.shape(), node.int_or("axis", 1)?);
    let axis = if axis == shape.len() as i64 { shape.len() } else { node.axis(axis, shape.len())? };
    match (extent::product(&shape[..axis]), extent::product(&shape[axis..])) {
        (Some(rows), Some(columns)) => reshaped(node, x, &[rows, columns]),
        _ => unsupported(format!("flattening {shape:?}, which multiplies dims that are left open")),
    }
}

/// Squeeze (1, 11; 13: axes are an operand); without axes, every extent of 1 goes.
pub fn squeeze<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let shape = x.shape();
    if is_data(node, 1, 13)? {
        return reshaped(node, x, &node.shape_by_data(0, "axes (input 1)")?);
    }
    let axes = match node.ints_by_version("axes", 1, 13)? {
        Some(axes) => node.axes(&axes, shape.len())?,
        None => (0..shape.len()).filter(|&d| shape[d] == 1).collect(),
    };
    if let Some(&d) = axes.iter().find(|&&d| shape[d] != 1) {
        return invalid(format!("dim {d} of {shape:?} is not 1"));
    }
    let kept: Vec<i64> = (0..shape.len()).filter(|d| !axes.contains(d)).map(|d| shape[d]).collect();
    reshaped(node, x, &kept)
}

/// Unsqueeze (1; 11: negative axes; 13: axes are an operand). Axes count in the result.
pub fn unsqueeze<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    if is_data(node, 1, 13)? {
        return reshaped(node, x, &node.shape_by_data(0, "axes (input 1)")?);
    }
    let axes = node.ints_by_version("axes", 1, 13)?.ok_or_else(|| Reason::Invalid("'axes' is missing".into()))?;
    let rank = x.rank() + axes.len();
    let axes = node.axes(&axes, rank)?;
    let mut old = x.shape().into_iter();
    let shape: Vec<i64> = (0..rank).map(|d| if axes.contains(&d) { 1 } else { old.next().unwrap_or(1) }).collect();
    reshaped(node, x, &shape)
}

/// Transpose: dims reversed unless `perm` says otherwise.
pub fn transpose<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let rank = x.rank();
    let perm: Vec<i64> = node.ints("perm")?.unwrap_or_else(|| (0..rank as i64).rev().collect());
    if node.axes(&perm, rank)?.len() != rank {
        return invalid(format!("'perm' is {perm:?}, but the input has {rank} dims"));
    }
    let perm = perm.iter().map(|&p| node.axis(p, rank)).collect::<Result<Vec<_>, _>>()?;
    Ok(vec![x.with(node.b.permute(x.value, &perm))])
}

/// Expand (8): broadcasting both ways.
pub fn expand<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let shape = match node.int_operand(1, "the shape")? {
        Some(Ints::Known(shape)) => shape,
        Some(Ints::Data(_)) => node.shape_by_data(0, "the shape (input 1)")?,
        None => return invalid("input 1, the shape, is missing"),
    };
    let from = x.shape();
    let to = broadcast(&[from.clone(), shape])?;
    node.check_extents(&to)?;
    if Count::of(&to) == x.count() {
        return reshaped(node, x, &to);
    }
    Ok(vec![x.with(node.b.elementwise(x.dtype.elem, &to, &[(x.value, Map::broadcast(&from, &to))], |_, v| v[0]))])
}

/// Tile (6): every dim `n` becomes `repeats x n`, read at `n`.
pub fn tile<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let shape = x.shape();
    let repeats = match node.int_operand(1, "the repeats")? {
        Some(Ints::Known(repeats)) => repeats,
        Some(Ints::Data(_)) => {
            let to = node.shape_by_data(0, "the repeats (input 1)")?;
            if to.len() != shape.len() || to.iter().zip(&shape).any(|(&t, &n)| if n == 0 { t != 0 } else { t % n != 0 })
            {
                return invalid(format!("the declared {to:?} is no multiple of {shape:?}"));
            }
            to.iter().zip(&shape).map(|(&t, &n)| if n == 0 { 1 } else { t / n }).collect()
        }
        None => Vec::new(),
    };
    if repeats.len() != shape.len() || repeats.iter().any(|&r| r < 0) {
        return invalid(format!("repeats {repeats:?} don't fit the input {shape:?}"));
    }
    elements(&[&repeats[..], &shape].concat())?;
    let wide: Vec<i64> = repeats.iter().zip(&shape).flat_map(|(&r, &n)| [r, n]).collect();
    let read = Map { dims: wide.len(), results: (0..shape.len()).map(|d| LinExpr::dim(2 * d + 1)).collect() };
    let y = x.with(node.b.elementwise(x.dtype.elem, &wide, &[(x.value, read)], |_, v| v[0]));
    let to: Vec<i64> = repeats.iter().zip(&shape).map(|(r, n)| r * n).collect();
    reshaped(node, y, &to)
}

/// `N x C x H x W` and the block size.
fn blocks<'c>(node: &Node<'c>) -> Result<(Typed<'c>, [i64; 4], i64), Reason> {
    let x = node.input(0)?;
    let shape = super::conv::to_array(&x.shape())?;
    match node.int("blocksize")? {
        Some(size) if (1..1 << 15).contains(&size) => Ok((x, shape, size)),
        size => invalid(format!("blocksize = {size:?}")),
    }
}

fn split_move_join<'c>(node: &Node<'c>, x: Typed<'c>, split: &[i64], perm: &[usize], join: &[i64]) -> Outputs<'c> {
    let parts = node.b.reshape(x.value, split);
    reshaped(node, x.with(node.b.permute(parts, perm)), join)
}

/// Whether blocks come before channels (`DCR`), or after them (`CRD`).
fn blocks_first<'c>(node: &Node<'c>) -> Result<bool, Reason> {
    match node.string_or("mode", "DCR")?.as_str() {
        "DCR" => Ok(true),
        "CRD" => Ok(false),
        mode => invalid(format!("mode = \"{mode}\"")),
    }
}

/// DepthToSpace (1; 11: `mode`).
pub fn depth_to_space<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, [n, c, h, w], s) = blocks(node)?;
    if c % (s * s) != 0 {
        return invalid(format!("{c} channels are no multiple of {s} x {s}"));
    }
    let (c, join) = (c / (s * s), [n, c / (s * s), h * s, w * s]);
    if blocks_first(node)? {
        split_move_join(node, x, &[n, s, s, c, h, w], &[0, 3, 4, 1, 5, 2], &join)
    } else {
        split_move_join(node, x, &[n, c, s, s, h, w], &[0, 1, 4, 2, 5, 3], &join)
    }
}

/// SpaceToDepth (1; 28: `mode`).
pub fn space_to_depth<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, [n, c, h, w], s) = blocks(node)?;
    if h % s != 0 || w % s != 0 {
        return invalid(format!("{h} x {w} is no multiple of {s} x {s}"));
    }
    let perm = if blocks_first(node)? { [0, 3, 5, 1, 2, 4] } else { [0, 1, 3, 5, 2, 4] };
    split_move_join(node, x, &[n, c, h / s, s, w / s, s], &perm, &[n, c * s * s, h / s, w / s])
}
