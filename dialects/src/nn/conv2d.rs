//! Two-dimensional convolution, channels last.

use super::{Window, shape_of, sum_elem};
use crate::ir::{Op, OpError, Scalar, Tensor, TensorTy};

crate::declare_op! {
    Conv2d: "nn.conv2d", pure,
    "Two-dimensional convolution (cross-correlation, as ONNX Conv): `y[n,i,j,m] = sum over p,q,c of \
     x[n, i*sh + p*dh - top, j*sw + q*dw - left, g*C/groups + c] * w[p,q,c,m]`, where `g = m / (M/groups)` and \
     positions in the padding read 0.\n\nShapes: x `N x H x W x C`, w `KH x KW x C/groups x M`, y `N x OH x OW x M`. \
     With `panel = P > 0`, w is packed by `nn.pack` (one matrix per group): `groups x ceil(M/groups/P) x KH*KW*C/groups x P`, \
     and `kernel` gives KH and KW.",
    operands { x: Shaped, w: Shaped },
    attrs {
        kernel: Ints = "`[KH, KW]`.",
        strides: Ints = "`[sh, sw]`.",
        dilations: Ints = "`[dh, dw]`.",
        pads: Ints = "`[top, left, bottom, right]`.",
        groups: Int = "Number of channel groups.",
        channels: Int = "Output channels M.",
        panel: Int = "Columns of a weight panel; 0 if w is not packed."
    },
    results { y: Shaped }
}

/// Shape rule.
///
/// # Errors
/// When shapes and attributes contradict each other.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let (x, w) = (shape_of(op, 0)?, shape_of(op, 1)?);
    let conv = Conv2d(op);
    let [n, h, wi, c] = x.shape[..] else {
        return Err(OpError::new(op, format!("input must have 4 dims (N, H, W, C), not {}", x.shape.len())));
    };
    let kernel: [i64; 2] = conv.kernel().try_into().map_err(|_| OpError::new(op, "'kernel' must have two entries"))?;
    let window = Window::of(op, kernel)?;
    let (groups, m, panel) = (conv.groups(), conv.channels(), conv.panel());
    if groups < 1 || c % groups != 0 || m % groups != 0 {
        return Err(OpError::new(op, format!("{groups} groups don't divide {c} input and {m} output channels")));
    }
    let k = kernel[0] * kernel[1] * (c / groups);
    let expected = if panel > 0 {
        vec![groups, (m / groups + panel - 1) / panel, k, panel]
    } else {
        vec![kernel[0], kernel[1], c / groups, m]
    };
    if w.shape != expected {
        return Err(OpError::new(
            op,
            format!("weights are {:?}, but {expected:?} is needed for {c} input channels", w.shape),
        ));
    }
    let [oh, ow] = window.output(h, wi);
    Ok(TensorTy::new(sum_elem(op, x.elem), &[n, oh, ow, m]))
}

/// Reference evaluation; sums in f64.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let ty = infer(op)?;
    let conv = Conv2d(op);
    let kernel = [conv.kernel()[0], conv.kernel()[1]];
    let window = Window::of(op, kernel)?;
    let (x, w) = (&args[0], &args[1]);
    let (h, wi, c) = (x.shape[1], x.shape[2], x.shape[3]);
    let (groups, m, panel) = (conv.groups(), conv.channels(), conv.panel());
    let (cg, mg) = (c / groups, m / groups);
    let weight = |p: i64, q: i64, ci: i64, mi: i64| {
        let k = (p * kernel[1] + q) * cg + ci;
        let at = if panel > 0 {
            let (g, j) = (mi / mg, mi % mg);
            let panels = (mg + panel - 1) / panel;
            ((g * panels + j / panel) * (kernel[0] * kernel[1] * cg) + k) * panel + j % panel
        } else {
            k * m + mi
        };
        w.get(at as usize).f64()
    };
    let mut y = Tensor::zeros(ty.elem, &ty.shape);
    let mut at = 0;
    for n in 0..ty.shape[0] {
        for i in 0..ty.shape[1] {
            for j in 0..ty.shape[2] {
                for mi in 0..m {
                    let g = mi / mg;
                    let mut acc = 0.0;
                    for p in 0..kernel[0] {
                        let r = window.input(0, i, p);
                        for q in 0..kernel[1] {
                            let s = window.input(1, j, q);
                            if r < 0 || r >= h || s < 0 || s >= wi {
                                continue;
                            }
                            for ci in 0..cg {
                                let xi = ((n * h + r) * wi + s) * c + g * cg + ci;
                                acc += x.get(xi as usize).f64() * weight(p, q, ci, mi);
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
