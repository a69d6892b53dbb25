//! ConvTranspose: one convolution of stride 1 that computes all `stride` positions between two inputs as channels of
//! its own, which then move between the positions. No zeros are put between the inputs, so a kernel as large as a
//! multiple of the stride costs no product that isn't asked for.

use super::conv::{add_bias, convolve};
use super::node::{Node, Outputs, Reason, Typed, elements, invalid, unsupported};
use super::slice::{Span, take};
use super::window::{Window, channels_first, channels_last};
use weft_dialects::ir::{LinExpr, Map, Scalar};

/// ConvTranspose (1 on): x `N x C x spatial`, w `C x M/group x kernel`, bias `M`.
pub fn conv_transpose<'c>(node: &Node<'c>) -> Outputs<'c> {
    let (x, w) = (node.input(0)?, node.input(1)?);
    node.same_dtype(&[x, w])?;
    node.float_only(x)?;
    let (xs, ws) = (x.shape(), w.shape());
    if xs.len() < 3 || ws.len() != xs.len() {
        return invalid(format!("input {xs:?} and weights {ws:?} must have the same number of dims, at least 3"));
    }
    if xs.len() > 5 {
        return unsupported(format!("{} spatial dims; 1 to 3 are", xs.len() - 2));
    }
    let (input, kernel) = (&xs[2..], &ws[2..]);
    if let Some(k) = node.ints("kernel_shape")?
        && k != kernel
    {
        return invalid(format!("'kernel_shape' is {k:?}, but the weights are {ws:?}"));
    }
    let groups = node.int_or("group", 1)?;
    if groups < 1 || xs[1] != ws[0] || xs[1] % groups != 0 || xs[1] == 0 {
        return invalid(format!("weights {ws:?} in {groups} groups don't fit {} input channels", xs[1]));
    }
    let window = Window::explicit(node, kernel)?;
    let (begin, output) = place(node, &window, input)?;
    elements(&[&[xs[0], ws[1] * groups], &output[..]].concat())?;

    // Position `s * q + r` of the uncropped result sees input `q - t` through tap `s * t + r`.
    let strides = &window.strides;
    let n = input.len();
    let taps: Vec<i64> = (0..n).map(|i| (window.reach(i) - 1) / strides[i] + 1).collect();
    let first: Vec<i64> = (0..n).map(|i| begin[i] / strides[i]).collect();
    let last: Vec<i64> = (0..n).map(|i| (begin[i] + output[i] + strides[i] - 1) / strides[i]).collect();
    let low: Vec<i64> = (0..n).map(|i| taps[i] - 1 - first[i]).collect();
    let high: Vec<i64> = (0..n).map(|i| last[i] - input[i]).collect();
    let spans = (0..n).map(|i| {
        let (start, end) = ((-low[i]).max(0), input[i] - (-high[i]).max(0));
        Span { start, step: 1, len: end - start }
    });
    let spans: Vec<Span> = [xs[0], xs[1]].map(Span::all).into_iter().chain(spans).collect();
    let seen = if spans.iter().any(|s| s.len < 0) { None } else { Some(take(node, x, &spans)) };
    let Some(seen) = seen else { return unsupported("padding that takes all inputs away") };

    let plain = Window {
        kernel: taps.clone(),
        strides: vec![1; n],
        dilations: vec![1; n],
        begin: low.iter().map(|&p| p.max(0)).collect(),
        end: high.iter().map(|&p| p.max(0)).collect(),
    };
    let w = phases(node, w, &window, &taps, groups)?;
    let y = convolve(node, channels_last(&node.b, seen), w, &plain, groups)?;
    let y = interleave(node, y, strides, groups)?;
    let cropped: Vec<Span> =
        (0..n).map(|i| Span { start: begin[i] - first[i] * strides[i], step: 1, len: output[i] }).collect();
    let whole = y.shape();
    let cropped = [&[Span::all(whole[0])], &cropped[..], &[Span::all(whole[n + 1])]].concat();
    let y = add_bias(node, take(node, y, &cropped), 2)?;
    Ok(vec![channels_first(&node.b, y)])
}

/// Positions cropped at the beginning, and output extents.
fn place<'c>(node: &Node<'c>, window: &Window, input: &[i64]) -> Result<(Vec<i64>, Vec<i64>), Reason> {
    let n = input.len();
    let extra = node.ints("output_padding")?.unwrap_or_else(|| vec![0; n]);
    let fits = |e: i64, i: usize| (0..window.strides[i].max(window.dilations[i])).contains(&e);
    if extra.len() != n || !(0..n).all(|i| fits(extra[i], i)) {
        return invalid(format!(
            "'output_padding' is {extra:?}, but needs {n} entries less than the stride or dilation"
        ));
    }
    let full: Vec<i64> = (0..n).map(|i| (input[i] - 1) * window.strides[i] + window.reach(i) + extra[i]).collect();
    let auto = node.string_or("auto_pad", "NOTSET")?;
    let asked = match node.ints("output_shape")? {
        // Some exporters write the whole shape.
        Some(shape) if shape.len() == n + 2 => Some(shape[2..].to_vec()),
        Some(shape) if shape.len() == n => Some(shape),
        Some(shape) => return invalid(format!("'output_shape' is {shape:?}, but needs {n} entries")),
        None if auto.starts_with("SAME_") => Some((0..n).map(|i| input[i] * window.strides[i]).collect()),
        None => None,
    };
    if !["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"].contains(&auto.as_str()) {
        return invalid(format!("auto_pad = \"{auto}\""));
    }
    let (begin, output): (Vec<i64>, Vec<i64>) = match asked {
        Some(output) => {
            let total = (0..n).map(|i| (full[i] - output[i]).max(0));
            // The odd position is cropped at the beginning, but for SAME_UPPER.
            (total.map(|t| if auto == "SAME_UPPER" { t / 2 } else { t - t / 2 }).collect(), output)
        }
        None if auto == "VALID" => (vec![0; n], full),
        None => (window.begin.clone(), (0..n).map(|i| full[i] - window.begin[i] - window.end[i]).collect()),
    };
    if output.iter().any(|&o| o < 1) {
        return invalid(format!("the output's spatial extents would be {output:?}"));
    }
    Ok((begin, output))
}

/// `C x M/g x kernel` as `taps x C/g x (g x strides x M/g)`: tap `t` of phase `r` is the weight at `s * t + r` of the
/// dilated kernel, and the order of taps is reversed.
fn phases<'c>(node: &Node<'c>, w: Typed<'c>, window: &Window, taps: &[i64], groups: i64) -> Result<Typed<'c>, Reason> {
    let (b, n, shape) = (&node.b, taps.len(), w.shape());
    let (cg, mg) = (shape[0] / groups, shape[1]);
    let steps: i64 = window.strides.iter().product();
    elements(&[&[cg, groups, mg, steps], taps].concat())?;
    // Zeros between the weights, and up to a multiple of the stride.
    let mut value = w.value;
    let mut at = shape;
    for i in 0..n {
        let (k, d) = (window.kernel[i], window.dilations[i]);
        if d > 1 {
            let mut wide = at.clone();
            wide.insert(i + 3, 1);
            elements(&[&wide[..], &[d]].concat())?;
            let mut high = vec![0; wide.len()];
            high[i + 3] = d - 1;
            value = b.pad(b.reshape(value, &wide), &vec![0; wide.len()], &high, Scalar::F(0.0));
            at[i + 2] = k * d;
            value = b.reshape(value, &at);
            at[i + 2] = window.reach(i);
            value = b.extract_slice(value, &vec![0; at.len()], &at, &vec![1; at.len()]);
        }
        let mut high = vec![0; at.len()];
        high[i + 2] = taps[i] * window.strides[i] - at[i + 2];
        value = b.pad(value, &vec![0; at.len()], &high, Scalar::F(0.0));
        at[i + 2] += high[i + 2];
    }
    let mut split = vec![groups, cg, mg];
    (0..n).for_each(|i| split.extend([taps[i], window.strides[i]]));
    let value = b.reshape(value, &split);
    // Loops: taps, C/g, g, strides, M/g.
    let mut read = vec![LinExpr::dim(n + 1), LinExpr::dim(n), LinExpr::dim(2 * n + 2)];
    for (i, &t) in taps.iter().enumerate() {
        read.push(LinExpr::dim(i).times(-1).plus(&LinExpr::constant(t - 1)));
        read.push(LinExpr::dim(n + 2 + i));
    }
    let to = [taps, &[cg, groups], &window.strides, &[mg]].concat();
    let value = b.elementwise(w.dtype.elem, &to, &[(value, Map { dims: to.len(), results: read })], |_, v| v[0]);
    let to = [taps, &[cg, groups * steps * mg]].concat();
    Ok(w.with(b.reshape(value, &to)))
}

/// `N x positions x (g x strides x M/g)` as `N x (positions x strides) x M`.
fn interleave<'c>(node: &Node<'c>, y: Typed<'c>, strides: &[i64], groups: i64) -> Result<Typed<'c>, Reason> {
    let (b, n, shape) = (&node.b, strides.len(), y.shape());
    let mg = shape[n + 1] / groups / strides.iter().product::<i64>();
    let split = [&shape[..=n], &[groups], strides, &[mg]].concat();
    elements(&split)?;
    let mut perm = vec![0];
    (0..n).for_each(|i| perm.extend([1 + i, n + 2 + i]));
    perm.extend([n + 1, 2 * n + 2]);
    let value = b.permute(b.reshape(y.value, &split), &perm);
    let mut to = vec![shape[0]];
    (0..n).for_each(|i| to.push(shape[1 + i] * strides[i]));
    to.push(groups * mg);
    Ok(y.with(b.reshape(value, &to)))
}
