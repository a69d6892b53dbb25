//! `tensor.pad`, `tensor.concat`, `tensor.extract_slice`, `tensor.insert_slice` and `nn.pack` to loops.
//!
//! The result is cut into boxes whose elements come from one place: an operand, read through a map, or a constant. Boxes
//! that span the same range of the outermost dim share its loop, in which each has its own inner loops.

use super::Schedule;
use super::kernel::Kernel;
use super::nest::{Nest, Region};
use super::point::{PointEval, Source};
use super::slice::{kept_dims, slice_map, static_ints};
use crate::target::Target;
use weft_dialects::ir::{
    AttrExt, Cx, LinExpr, Map, Op, OpError, OpExt, Scalar, TensorTy, Value, ValueExt, block_ops, extent,
};

/// Boxes of the root's result with the same range of the outermost dim.
struct Band<'c> {
    start: i64,
    end: i64,
    boxes: Vec<(Region, Source<'c>)>,
}

/// Units of the outermost loop.
///
/// # Errors
/// When the kernel isn't of the form above.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    if let Some(nest) = whole(kernel, target)? {
        return Ok(nest.schedule());
    }
    let shape = result_ty(kernel)?.shape;
    Ok(vec![("units", outermost(&shape).map_or(1, |d| shape[d]))])
}

/// Builds the loops.
///
/// # Errors
/// As [`schedule`].
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let b = kernel.builder(cx);
    let mut point = PointEval::new(kernel, cx);
    let range = kernel.range()?;
    if let Some(nest) = whole(kernel, target)? {
        let nest = nest.obey(kernel)?;
        if nest.needs_flat(kernel) {
            point.flatten(&b);
        }
        return nest.emit(&b, &mut point, kernel, range);
    }
    let outer = outermost(&result_ty(kernel)?.shape);
    let mut planned = Vec::new();
    for band in bands(kernel, boxes(kernel)?, outer)? {
        let nests: Vec<Nest<'c>> = band
            .boxes
            .into_iter()
            .map(|(mut region, source)| {
                // One place of the outermost dim: its loop is here.
                if let Some(outer) = outer {
                    region.extents[outer] = 1;
                }
                Nest::plan(kernel, target, region, Some(source))
            })
            .collect::<Result<_, _>>()?;
        planned.push((band.start, band.end, nests));
    }
    if planned.iter().flat_map(|p| &p.2).any(|n| n.needs_flat(kernel)) {
        point.flatten(&b);
    }
    for (start, end, nests) in planned {
        let (first, last) = (kernel.symbols.value(&b, start), kernel.symbols.value(&b, end));
        let first = b.binary("arith.maxsi", range.0, first);
        let last = b.binary("arith.minsi", range.1, last);
        let one = b.index(1);
        let mut result = Ok(());
        b.for_loop(first, last, one, &[], |b, i, _| {
            let place: Vec<_> = outer.map(|d| (d, i)).into_iter().collect();
            result = point.scoped(|point| nests.iter().try_for_each(|n| n.emit_at(b, point, kernel, &place)));
            Vec::new()
        });
        result?;
    }
    Ok(())
}

/// The loops, if all elements come from one place.
fn whole<'c>(kernel: &Kernel<'c>, target: &Target) -> Result<Option<Nest<'c>>, OpError> {
    let mut boxes = boxes(kernel)?;
    match (boxes.pop(), boxes.is_empty()) {
        (Some((region, source)), true) => Nest::plan(kernel, target, region, Some(source)).map(Some),
        _ => Ok(None),
    }
}

fn result_ty(kernel: &Kernel<'_>) -> Result<TensorTy, OpError> {
    kernel.result.tensor_ty().ok_or_else(|| OpError::new(kernel.blame(), "its result is no tensor"))
}

/// The first dim that runs, if it isn't the only one: a loop over single elements would leave nothing to vectors.
fn outermost(shape: &[i64]) -> Option<usize> {
    let mut running = (0..shape.len()).filter(|&d| shape[d] > 1 || extent::is_symbolic(shape[d]));
    let first = running.next();
    running.next().and(first)
}

/// Cuts boxes where others begin or end along a dim, and groups what spans the same range.
fn bands<'c>(
    kernel: &Kernel<'c>,
    boxes: Vec<(Region, Source<'c>)>,
    dim: Option<usize>,
) -> Result<Vec<Band<'c>>, OpError> {
    let ends = |r: &Region| dim.map_or((0, 1), |d| (r.lower[d], extent::add(r.lower[d], r.extents[d])));
    let cuts: Vec<i64> = boxes.iter().flat_map(|(r, _)| [ends(r).0, ends(r).1]).collect();
    let cuts = kernel.symbols.sorted(cuts).map_err(|(a, b)| {
        let text = |n: i64| kernel.symbols.symbols.text(n);
        let which = format!("which of the positions {} and {} comes first", text(a), text(b));
        OpError::new(
            kernel.blame(),
            format!("{which} depends on the dims that are left open; narrow their range (--dim)"),
        )
    })?;
    let place = |n: i64| cuts.iter().position(|&c| c == n);
    let spans = |r: &Region, from: usize| place(ends(r).0) <= Some(from) && Some(from + 1) <= place(ends(r).1);
    Ok(cuts
        .windows(2)
        .enumerate()
        .map(|(i, cut)| Band {
            start: cut[0],
            end: cut[1],
            boxes: boxes.iter().filter(|(r, _)| spans(r, i)).cloned().collect(),
        })
        .filter(|band| !band.boxes.is_empty())
        .collect())
}

/// The boxes of the kernel's result. They cover it, without overlap.
pub(super) fn boxes<'c>(kernel: &Kernel<'c>) -> Result<Vec<(Region, Source<'c>)>, OpError> {
    let root = kernel.blame();
    let ty = root.res(0).tensor_ty().ok_or_else(|| OpError::new(root, "its result is no tensor"))?;
    let rank = ty.shape.len();
    let all = Region { lower: vec![0; rank], extents: ty.shape.clone() };
    let found = match root.op_name().as_str() {
        "tensor.pad" => {
            let low = static_ints(root, "static_low")?;
            let x = shape(root, 0)?;
            let inner = Region { lower: low.clone(), extents: x };
            let source = Source::Tensor(root.arg(0), shifted(&low).0, Vec::new());
            if low.iter().any(|&l| l < 0) || static_ints(root, "static_high")?.iter().any(|&h| h < 0) {
                return Err(OpError::new(root, "negative padding is a slice, and must be written as one"));
            }
            around(&all, inner, source, Source::Constant(ty.elem, padding(root)?))
        }
        "tensor.concat" => {
            let dim = root.int("dim").unwrap_or_default() as usize;
            let mut at = 0;
            let mut out = Vec::new();
            for (i, v) in root.args().into_iter().enumerate() {
                let mut region = Region { lower: vec![0; rank], extents: shape(root, i)? };
                region.lower[dim] = at;
                at = extent::add(at, region.extents[dim]);
                let (map, shift) = shifted(&region.lower);
                out.push((region, Source::Tensor(v, map, shift)));
            }
            out
        }
        "tensor.extract_slice" => {
            let (map, shift) = slice_map(root)?;
            vec![(all, Source::Tensor(root.arg(0), map, shift))]
        }
        "tensor.insert_slice" => {
            let offsets = static_ints(root, "static_offsets")?;
            let (sizes, strides) = (static_ints(root, "static_sizes")?, static_ints(root, "static_strides")?);
            if strides.iter().any(|&s| s != 1) {
                return Err(OpError::new(root, "an insertion with strides can't be lowered"));
            }
            let inner = Region { lower: offsets.clone(), extents: sizes.clone() };
            // The source may lack dims of extent 1.
            let kept = kept_dims(root, &sizes, &shape(root, 0)?)?;
            let results =
                (0..rank).filter(|&d| kept[d]).map(|d| LinExpr::dim(d).plus(&LinExpr::constant(-offsets[d]))).collect();
            let source = Source::Tensor(root.arg(0), Map { dims: rank, results }, Vec::new());
            around(&all, inner, source, Source::Tensor(root.arg(1), Map::identity(rank), Vec::new()))
        }
        "nn.pack" => panels(root, &ty)?,
        other => return Err(OpError::new(root, format!("{other} is no copy"))),
    };
    // From the root's result to the kernel's: tails may permute dims.
    let dims = kernel.result_dims()?;
    let pick = |v: &[i64]| dims.iter().map(|&d| v[d]).collect::<Vec<_>>();
    Ok(found
        .into_iter()
        .filter(|(r, _)| !r.extents.contains(&0))
        .map(|(r, source)| (Region { lower: pick(&r.lower), extents: pick(&r.extents) }, source))
        .collect())
}

/// The boxes of packed panels: whole panels, the columns of one that is begun, and zeros for the columns it lacks.
fn panels<'c>(root: Op<'c>, ty: &TensorTy) -> Result<Vec<(Region, Source<'c>)>, OpError> {
    let (x, &[batch, count, k, panel]) = (shape(root, 0)?, ty.shape.as_slice()) else {
        return Err(OpError::new(root, "its result must have 4 dims: B, panels, K, P"));
    };
    let columns = x.last().copied().unwrap_or_default();
    let (whole, rest) = (extent::floor_div(columns, panel), extent::rem(columns, panel));
    let begun = extent::sub(count, whole);
    let column = LinExpr::dim(1).times(panel).plus(&LinExpr::dim(3));
    let map = Map { dims: 4, results: vec![LinExpr::dim(0), LinExpr::dim(2), column] };
    let read = Source::Tensor(root.arg(0), map, Vec::new());
    let part = |first: i64, n: i64, from: i64, to: i64| Region {
        lower: vec![0, first, 0, from],
        extents: vec![batch, n, k, extent::sub(to, from)],
    };
    let zero = if ty.elem.is_float() { Scalar::F(0.0) } else { Scalar::I(0) };
    Ok(vec![
        (part(0, whole, 0, panel), read.clone()),
        (part(whole, begun, 0, rest), read),
        (part(whole, begun, rest, panel), Source::Constant(ty.elem, zero)),
    ])
}

fn shape(op: Op<'_>, i: usize) -> Result<Vec<i64>, OpError> {
    op.arg(i).tensor_ty().map(|t| t.shape).ok_or_else(|| OpError::new(op, format!("operand {i} is no tensor")))
}

/// `d - by`: what is a number by the map, what isn't besides.
fn shifted(by: &[i64]) -> (Map, Vec<i64>) {
    let known = |o: i64| if extent::is_symbolic(o) { 0 } else { o };
    let results = by.iter().enumerate().map(|(d, &o)| LinExpr::dim(d).plus(&LinExpr::constant(-known(o)))).collect();
    let shift = by.iter().map(|&o| extent::sub(known(o), o)).collect();
    (Map { dims: by.len(), results }, shift)
}

/// A box, and what is around it, cut dim by dim.
fn around<'c>(all: &Region, inner: Region, inside: Source<'c>, outside: Source<'c>) -> Vec<(Region, Source<'c>)> {
    let mut out = Vec::new();
    let mut rest = all.clone();
    for d in 0..all.extents.len() {
        let (low, high) = (inner.lower[d], extent::add(inner.lower[d], inner.extents[d]));
        let end = extent::add(rest.lower[d], rest.extents[d]);
        for (from, to) in [(rest.lower[d], low), (high, end)] {
            let n = extent::sub(to, from);
            if n > 0 || extent::is_symbolic(n) {
                let mut side = rest.clone();
                (side.lower[d], side.extents[d]) = (from, n);
                out.push((side, outside.clone()));
            }
        }
        (rest.lower[d], rest.extents[d]) = (low, extent::sub(high, low));
    }
    out.push((inner, inside));
    out
}

/// The constant that a pad's body yields.
fn padding(op: Op<'_>) -> Result<Scalar, OpError> {
    let yielded: Option<Value<'_>> = block_ops(op.body(0)).last().map(|y| y.arg(0));
    let attr = yielded.and_then(|v| v.def()).filter(|d| d.op_name() == "arith.constant").and_then(|d| d.attr("value"));
    attr.and_then(|a| a.as_f64().map(Scalar::F).or(a.as_i64().map(Scalar::I)))
        .ok_or_else(|| OpError::new(op, "the padding must be one constant"))
}
