//! Conv. One spatial dim is two with H = 1; three are a sum of two-dimensional ones over the taps in depth.

use super::cast::convert;
use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, invalid, unsupported};
use super::terms::is_half;
use super::window::{Window, channels_first, channels_last};
use weft_dialects::ir::{Elem, LinExpr, Map, ValueExt, extent};
use weft_dialects::nn::conv2d::Conv2d;
use weft_dialects::nn::depthwise_conv2d::DepthwiseConv2d;

/// Conv (1 on): x `N x C x spatial`, w `M x C/group x kernel`, bias `M`.
pub fn conv<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, w) = (node.input(0)?, node.input(1)?);
    node.same_dtype(&[x, w])?;
    node.float_only(x)?;
    let y = add_bias(node, convolution(node, x, w)?, 2)?;
    Ok(vec![channels_first(&node.b, y)])
}

/// The convolution that the node's attributes describe, of x `N x C x spatial` and w `M x C/group x kernel`, as
/// `N x spatial x M`.
pub fn convolution<'c>(node: &Node<'c>, x: Typed<'c>, w: Typed<'c>) -> Result<Typed<'c>, Reason> {
    let (xs, ws) = (x.shape(), w.shape());
    if xs.len() < 3 || ws.len() != xs.len() {
        return invalid(format!("input {xs:?} and weights {ws:?} must have the same number of dims, at least 3"));
    }
    if let Some(kernel) = node.ints("kernel_shape")?
        && kernel != ws[2..]
    {
        return invalid(format!("'kernel_shape' is {kernel:?}, but the weights are {ws:?}"));
    }
    let groups = node.int_or("group", 1)?;
    if groups < 1 || groups > ws[0] || xs[1] != ws[1] * groups || ws[0] % groups != 0 {
        return invalid(format!("weights {ws:?} in {groups} groups don't fit {} input channels", xs[1]));
    }
    let window = Window::read(node, &ws[2..], &xs[2..])?;
    let depthwise = groups > 1 && ws[1] == 1 && ws[0] == groups;
    if extent::any_symbolic(&xs[1..]) && (xs.len() == 5 || depthwise || extent::is_symbolic(xs[1])) {
        let what = if depthwise { "depthwise" } else { "three-dimensional" };
        return unsupported(format!("a {what} convolution of {xs:?}; give the dim a value (--dim)"));
    }
    convolve(node, channels_last(&node.b, x), weights_last(node, w), &window, groups)
}

/// x `N x spatial x C`, w `kernel x C/groups x M`, in 1 to 3 spatial dims.
pub fn convolve<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    w: Typed<'c>,
    window: &Window,
    groups: i64,
) -> Result<Typed<'c>, Reason> {
    match window.kernel.len() {
        1 => {
            let [n, l, c] = to_array(&x.shape())?;
            let [k, cg, m] = to_array(&w.shape())?;
            let x = x.with(node.b.reshape(x.value, &[n, 1, l, c]));
            let w = w.with(node.b.reshape(w.value, &[1, k, cg, m]));
            let y = conv2d(node, x, w, &window.as_2d(), groups)?;
            let [n, _, l, m] = to_array(&y.shape())?;
            Ok(y.with(node.b.reshape(y.value, &[n, l, m])))
        }
        2 => conv2d(node, x, w, window, groups),
        _ => conv3d(node, x, w, window, groups),
    }
}

/// Adds operand `i`, if given, to y `N x spatial x M`.
pub fn add_bias<'c>(node: &Node<'c>, y: Typed<'c>, i: usize) -> Result<Typed<'c>, Reason> {
    let Some(bias) = node.optional(i) else { return Ok(y) };
    let last = y.rank() - 1;
    let channels = y.shape()[last];
    if bias.shape() != [channels] {
        return invalid(format!("the bias is {:?}, but there are {channels} output channels", bias.shape()));
    }
    Ok(node.along(y, bias, last, super::elementwise::pick(super::elementwise::ADD, y.dtype)))
}

/// `M x C/g x kernel` as `kernel x C/g x M`.
pub fn weights_last<'c>(node: &Node<'c>, w: Typed<'c>) -> Typed<'c> {
    let perm: Vec<usize> = (2..w.rank()).chain([1, 0]).collect();
    w.with(node.b.permute(w.value, &perm))
}

/// x `N x H x W x C`, w `KH x KW x C/groups x M`.
fn conv2d<'c>(node: &Node<'c>, x: Typed<'c>, w: Typed<'c>, window: &Window, groups: i64) -> Result<Typed<'c>, Reason> {
    let [kh, kw, cg, m] = to_array(&w.shape())?;
    if is_half(x.dtype) {
        // Rounded once.
        let (wide, weights) = (convert(node, x, Dtype::F32)?, convert(node, w, Dtype::F32)?);
        return convert(node, conv2d(node, wide, weights, window, groups)?, x.dtype);
    }
    if x.dtype.elem != Elem::F32 {
        return sum_of_taps(node, x, w, window, groups);
    }
    let (strides, dilations, pads) = (&window.strides[..], &window.dilations[..], window.pads());
    // Replaced by the shape rule's.
    let ty = [x.value.ty()];
    let op = if groups > 1 && cg == 1 && m == groups {
        let w = node.b.reshape(w.value, &[kh, kw, m]);
        DepthwiseConv2d::build(&node.b, x.value, w, strides, dilations, &pads, &ty)
    } else {
        Conv2d::build(&node.b, x.value, w.value, &[kh, kw], strides, dilations, &pads, groups, m, 0, &ty)
    };
    Ok(x.with(node.inferred(op)?))
}

/// [`conv2d`] of other types than floats of at most 32 bits: a sum of products over taps and channels.
fn sum_of_taps<'c>(
    node: &Node<'c>,
    x: Typed<'c>,
    w: Typed<'c>,
    window: &Window,
    groups: i64,
) -> Result<Typed<'c>, Reason> {
    let [n, h, wide, _] = to_array(&x.shape())?;
    let [kh, kw, cg, m] = to_array(&w.shape())?;
    let out = window.output(&[h, wide]);
    let (low, high) = ([0, window.begin[0], window.begin[1], 0], [0, window.end[0], window.end[1], 0]);
    let padded = x.with(node.b.pad(x.value, &low, &high, super::node::number(x.dtype.elem, 0.0)));
    // Loop dims: image, row, column, group, channel of the group; then row and column of the tap, input channel of the group.
    let dim = LinExpr::dim;
    let at =
        |i: usize, tap: usize, d: usize| dim(i).times(window.strides[d]).plus(&dim(tap).times(window.dilations[d]));
    let read = Map { dims: 8, results: vec![dim(0), at(1, 5, 0), at(2, 6, 1), dim(3).times(cg).plus(&dim(7))] };
    let weight = Map { dims: 8, results: vec![dim(5), dim(6), dim(7), dim(3).times(m / groups).plus(&dim(4))] };
    let extents = [n, out[0], out[1], groups, m / groups, kh, kw, cg];
    let reduced = [false, false, false, false, false, true, true, true];
    let y = node.contract(&[(padded, read), (w, weight)], &extents, &reduced, x.dtype)?;
    node.reshaped(y, &[n, out[0], out[1], m])
}

/// x `N x D x H x W x C`, w `KD x KH x KW x C/groups x M`: for each tap in depth, the slices that it sees are a batch.
fn conv3d<'c>(node: &Node<'c>, x: Typed<'c>, w: Typed<'c>, window: &Window, groups: i64) -> Result<Typed<'c>, Reason> {
    let b = &node.b;
    let [n, d, h, wi, c] = to_array(&x.shape())?;
    let [kd, kh, kw, cg, m] = to_array(&w.shape())?;
    let od = window.output(&[d, h, wi])[0];
    let padded = b.pad(
        x.value,
        &[0, window.begin[0], 0, 0, 0],
        &[0, window.end[0], 0, 0, 0],
        super::node::number(x.dtype.elem, 0.0),
    );
    let plane = window.dims(1..3);
    let mut sum: Option<Typed<'c>> = None;
    for k in 0..kd {
        let seen = b.extract_slice(
            padded,
            &[0, k * window.dilations[0], 0, 0, 0],
            &[n, od, h, wi, c],
            &[1, window.strides[0], 1, 1, 1],
        );
        let seen = x.with(b.reshape(seen, &[n * od, h, wi, c]));
        let tap = b.extract_slice(w.value, &[k, 0, 0, 0, 0], &[1, kh, kw, cg, m], &[1; 5]);
        let tap = w.with(b.reshape(tap, &[kh, kw, cg, m]));
        let part = conv2d(node, seen, tap, &plane, groups)?;
        sum = Some(match sum {
            Some(s) => super::elementwise::total(node, s, part)?,
            None => part,
        });
    }
    let sum = sum.ok_or_else(|| Reason::Invalid("the kernel is empty".into()))?;
    let [_, oh, ow, m] = to_array(&sum.shape())?;
    Ok(sum.with(b.reshape(sum.value, &[n, od, oh, ow, m])))
}

/// A shape of known rank.
pub fn to_array<const N: usize>(shape: &[i64]) -> Result<[i64; N], Reason> {
    shape.try_into().map_err(|_| Reason::Invalid(format!("{shape:?} must have {N} dims")))
}
