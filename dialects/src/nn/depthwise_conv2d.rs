//! Depthwise convolution, channels last: one filter a channel.

use super::{Window, shape_of, sum_elem};
use crate::ir::{Op, OpError, Scalar, Tensor, TensorTy};

crate::declare_op! {
    DepthwiseConv2d: "nn.depthwise_conv2d", pure,
    "Depthwise convolution: `y[n,i,j,c] = sum over p,q of x[n, i*sh + p*dh - top, j*sw + q*dw - left, c] * w[p,q,c]`; \
     positions in the padding read 0.\n\nShapes: x `N x H x W x C`, w `KH x KW x C`, y `N x OH x OW x C`.",
    operands { x: Shaped, w: Shaped },
    attrs {
        strides: Ints = "`[sh, sw]`.",
        dilations: Ints = "`[dh, dw]`.",
        pads: Ints = "`[top, left, bottom, right]`."
    },
    results { y: Shaped }
}

fn window(op: Op<'_>) -> Result<(TensorTy, Window), OpError> {
    let (x, w) = (shape_of(op, 0)?, shape_of(op, 1)?);
    let ([_, _, _, c], [kh, kw, wc]) = (&x.shape[..], &w.shape[..]) else {
        return Err(OpError::new(op, "input must be N x H x W x C and weights KH x KW x C"));
    };
    if c != wc {
        return Err(OpError::new(op, format!("weights are for {wc} channels, the input has {c}")));
    }
    Ok((x.clone(), Window::of(op, [*kh, *kw])?))
}

/// Shape rule.
///
/// # Errors
/// When shapes and attributes contradict each other.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let (x, window) = window(op)?;
    let [oh, ow] = window.output(x.shape[1], x.shape[2]);
    Ok(TensorTy::new(sum_elem(op, x.elem), &[x.shape[0], oh, ow, x.shape[3]]))
}

/// Reference evaluation; sums in f64.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let (xt, window) = window(op)?;
    let ty = infer(op)?;
    let [h, w, c] = [xt.shape[1], xt.shape[2], xt.shape[3]];
    let mut y = Tensor::zeros(ty.elem, &ty.shape);
    let mut at = 0;
    for n in 0..ty.shape[0] {
        for i in 0..ty.shape[1] {
            for j in 0..ty.shape[2] {
                for ch in 0..c {
                    let mut acc = 0.0;
                    for p in 0..window.kernel[0] {
                        for q in 0..window.kernel[1] {
                            let (r, s) = (window.input(0, i, p), window.input(1, j, q));
                            if r >= 0 && r < h && s >= 0 && s < w {
                                let x = args[0].get((((n * h + r) * w + s) * c + ch) as usize).f64();
                                acc += x * args[1].get(((p * window.kernel[1] + q) * c + ch) as usize).f64();
                            }
                        }
                    }
                    y.set(at, Scalar::F(acc));
                    at += 1;
                }
            }
        }
    }
    Ok(y)
}
