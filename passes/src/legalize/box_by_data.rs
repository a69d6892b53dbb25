//! Slice, Pad and Split whose parameters are known at run time only: the declared shape says how much, the data says where.

use super::distance::distance;
use super::node::{Ints, Node, Outputs, Reason, Typed, elements, invalid};
use super::pick::{Axes, List, clamp, generate, nothing_from_nothing, number};
use super::slice::{Span, take};
use weft_dialects::ir::{Builder, Map, Value};

/// The axes that operand `i` lists, `by_default` if it is omitted.
fn axes<'c>(
    node: &Node<'c>,
    i: usize,
    by_default: Vec<usize>,
    rank: usize,
    ins: &mut Vec<(Value<'c>, Map)>,
) -> Result<Axes, Reason> {
    Ok(match node.int_operand(i, "axes")? {
        None => Axes::Known(by_default),
        Some(Ints::Known(axes)) => {
            Axes::Known(axes.iter().map(|&a| node.axis(a, rank)).collect::<Result<Vec<_>, _>>()?)
        }
        Some(data) => Axes::Data(List::new(&data, rank, ins)),
    })
}

/// The declared shape, of the input's rank.
fn target<'c>(node: &Node<'c>, x: Typed<'c>, what: &str) -> Result<Vec<i64>, Reason> {
    let to = node.shape_by_data(0, what)?;
    if to.len() != x.rank() {
        return invalid(format!("the declared {to:?} has another rank than the input {:?}", x.shape()));
    }
    nothing_from_nothing(&x.shape(), &to)?;
    Ok(to)
}

/// The shape of a slice whose ends are as far behind their starts wherever these are, if that is so.
fn moving<'c>(node: &Node<'c>, x: Typed<'c>) -> Result<Option<Vec<i64>>, Reason> {
    let (Some(start), Some(end)) = (node.optional(1), node.optional(2)) else { return Ok(None) };
    let axis = match node.int_operand(3, "axes")? {
        None => 0,
        Some(Ints::Known(axes)) if axes.len() == 1 => node.axis(axes[0], x.rank())?,
        Some(_) => return Ok(None),
    };
    let one_by_one = match node.int_operand(4, "steps")? {
        None => true,
        Some(Ints::Known(steps)) => steps == [1],
        Some(_) => false,
    };
    if start.len() != 1 || end.len() != 1 || x.rank() == 0 || !one_by_one {
        return Ok(None);
    }
    let mut shape = x.shape();
    Ok(distance(start.value, end.value).filter(|n| (1..=shape[axis]).contains(n)).map(|n| {
        shape[axis] = n;
        shape
    }))
}

/// Slice (10 on). Where a dim ends follows from the declared shape, or from ends that are constants behind the starts; the
/// data must agree with it.
pub fn slice<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let (shape, rank) = (x.shape(), x.rank());
    let to = match moving(node, x)? {
        Some(to) => to,
        None => target(node, x, "starts, ends, axes or steps")?,
    };
    let missing = || Reason::Invalid("'starts' is missing".into());
    let starts = node.int_operand(1, "starts")?.ok_or_else(missing)?;
    let mut ins = Vec::new();
    let axes = axes(node, 3, (0..starts.len()).collect(), rank, &mut ins)?;
    let starts = List::new(&starts, rank, &mut ins);
    let steps = node.int_operand(4, "steps")?.map(|steps| List::new(&steps, rank, &mut ins));
    let ends = node.int_operand(2, "ends")?.map_or(axes.len(), |ends| ends.len());
    if [ends, axes.len(), steps.as_ref().map_or(axes.len(), List::len)] != [starts.len(); 3] {
        return invalid("starts, ends, axes and steps must be equally many");
    }
    let y = generate(node, x.dtype, &to, &ins, |b, v, at| {
        let place = |d: usize| {
            let n = shape[d];
            let start = starts.of_axis(b, v, &axes, (d, rank), 0, 0);
            let step = steps.as_ref().map_or_else(|| b.index(1), |s| s.of_axis(b, v, &axes, (d, rank), 0, 1));
            let zero = b.index(0);
            let from_end = b.binary("arith.addi", start, b.index(n));
            let start = b.select(b.compare("slt", start, zero), from_end, start);
            // Going down, the last position is the first there is.
            let top = b.select(b.compare("slt", step, zero), b.index(n - 1), b.index(n));
            let start = b.binary("arith.maxsi", b.binary("arith.minsi", start, top), zero);
            clamp(b, b.binary("arith.addi", start, b.binary("arith.muli", at[d], step)), n)
        };
        let place: Vec<_> = (0..rank).map(place).collect();
        b.extract(x.value, &place)
    });
    Ok(vec![y])
}

/// Pad (11 on) to a shape: how much is added behind follows from it.
pub fn pad<'c>(node: &Node<'c>, to: Vec<i64>) -> Outputs<'c> {
    let x = node.input(0)?;
    let (shape, rank) = (x.shape(), x.rank());
    elements(&to)?;
    if to.len() != rank {
        return invalid(format!("the declared {to:?} has another rank than the input {shape:?}"));
    }
    let mode = node.string_or("mode", "constant")?;
    if !matches!(mode.as_str(), "constant" | "edge" | "reflect" | "wrap") {
        return invalid(format!("mode = \"{mode}\""));
    }
    if mode != "constant" {
        nothing_from_nothing(&shape, &to)?;
    }
    let pads = node.int_operand(1, "pads")?.ok_or_else(|| Reason::Invalid("'pads' is missing".into()))?;
    let mut ins = Vec::new();
    let value = node.optional(2).filter(|_| mode == "constant");
    if let Some(v) = value {
        if v.len() != 1 || v.dtype != x.dtype {
            return invalid("the padding value must be one element of the input's type");
        }
        ins.push((node.b.reshape(v.value, &[]), Map { dims: rank, results: Vec::new() }));
    }
    let axes = axes(node, 3, (0..rank).collect(), rank, &mut ins)?;
    let pads = List::new(&pads, rank, &mut ins);
    if pads.len() != 2 * axes.len() {
        return invalid(format!("{} pads for {} axes; two are needed for each", pads.len(), axes.len()));
    }
    let y = generate(node, x.dtype, &to, &ins, |b, v, at| {
        let value = if value.is_some() { v[0] } else { number(b, x.dtype, 0) };
        if shape.contains(&0) {
            return value;
        }
        let mut inside: Option<Value<'c>> = None;
        let place = (0..rank).map(|d| {
            let low = pads.of_axis(b, v, &axes, (d, rank), 0, 0);
            let from = b.binary("arith.subi", at[d], low);
            if mode == "constant" {
                let here = b.compare("ult", from, b.index(shape[d]));
                inside = Some(inside.map_or(here, |all| b.binary("arith.andi", all, here)));
            }
            clamp(b, folded(b, from, shape[d], &mode), shape[d])
        });
        let place: Vec<_> = place.collect();
        let x = b.extract(x.value, &place);
        inside.map_or(x, |inside| b.select(inside, x, value))
    });
    Ok(vec![y])
}

/// A position outside of `0..n` as one inside, by a mode of padding that repeats the tensor.
fn folded<'c>(b: &Builder<'c>, at: Value<'c>, n: i64, mode: &str) -> Value<'c> {
    let period = match mode {
        "reflect" => 2 * (n - 1),
        "wrap" => n,
        _ => return at,
    };
    if period == 0 {
        return b.index(0);
    }
    let p = b.index(period);
    let rest = b.binary("arith.remsi", at, p);
    let rest = b.select(b.compare("slt", rest, b.index(0)), b.binary("arith.addi", rest, p), rest);
    if mode == "wrap" { rest } else { b.binary("arith.minsi", rest, b.binary("arith.subi", p, rest)) }
}

/// Split (13 on), by the declared shapes of its results.
pub fn split<'c>(node: &Node<'c>, x: Typed<'c>, axis: usize, parts: usize) -> Outputs<'c> {
    let shape = x.shape();
    let mut start = 0;
    let mut out = Vec::new();
    for i in 0..parts {
        let to = node.shape_by_data(i, "split (input 1)")?;
        let fits = to.len() == shape.len() && (0..to.len()).all(|d| d == axis || to[d] == shape[d]);
        if !fits || start + to[axis] > shape[axis] {
            return invalid(format!("the declared {to:?} is no part of {shape:?} from {start} on"));
        }
        let mut spans: Vec<Span> = shape.iter().map(|&n| Span::all(n)).collect();
        spans[axis] = Span { start, step: 1, len: to[axis] };
        out.push(take(node, x, &spans));
        start += to[axis];
    }
    Ok(out)
}

/// CenterCropPad (18): each dim is cropped or padded with zeros on both sides, the end by one more if need be.
pub fn center_crop_pad<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let (shape, rank) = (x.shape(), x.rank());
    let axes = match node.ints("axes")? {
        Some(axes) => axes.iter().map(|&a| node.axis(a, rank)).collect::<Result<Vec<_>, _>>()?,
        None => (0..rank).collect(),
    };
    let to = match node.int_operand(1, "the shape")? {
        Some(Ints::Known(asked)) if asked.len() == axes.len() => {
            let mut to = shape.clone();
            axes.iter().zip(asked).for_each(|(&d, n)| to[d] = n);
            to
        }
        Some(Ints::Data(_)) => target(node, x, "the shape (input 1)")?,
        _ => return invalid(format!("the shape (input 1) must be {} extents", axes.len())),
    };
    elements(&to)?;
    let half = |wide: i64, narrow: i64| (wide - narrow).max(0) / 2;
    let spans: Vec<Span> =
        shape.iter().zip(&to).map(|(&n, &t)| Span { start: half(n, t), step: 1, len: n.min(t) }).collect();
    let y = take(node, x, &spans);
    let low: Vec<i64> = shape.iter().zip(&to).map(|(&n, &t)| half(t, n)).collect();
    let high: Vec<i64> = (0..rank).map(|d| (to[d] - shape[d]).max(0) - low[d]).collect();
    Ok(vec![y.with(node.b.pad(y.value, &low, &high, super::node::number(x.dtype.elem, 0.0)))])
}
