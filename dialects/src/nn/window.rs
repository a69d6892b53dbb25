//! The sliding window that convolution and pooling share.

use super::shape_of;
use crate::ir::{Elem, Op, OpError, OpExt, Scalar, Tensor, TensorTy, extent};

/// A 2-d window over rows and columns: kernel extents, strides, dilations, and padding `[top, left, bottom, right]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// `[kh, kw]`.
    pub kernel: [i64; 2],
    /// `[sh, sw]`.
    pub strides: [i64; 2],
    /// `[dh, dw]`.
    pub dilations: [i64; 2],
    /// `[top, left, bottom, right]`.
    pub pads: [i64; 4],
}

impl Window {
    /// Reads `strides`, `dilations` and `pads` of an op.
    ///
    /// # Errors
    /// When one is missing, of the wrong length, or not positive where it must be.
    pub fn of(op: Op<'_>, kernel: [i64; 2]) -> Result<Self, OpError> {
        let pair = |name: &str| -> Result<[i64; 2], OpError> {
            op.ints(name)
                .and_then(|v| v.try_into().ok())
                .ok_or_else(|| OpError::new(op, format!("'{name}' must have two entries")))
        };
        let pads = op
            .ints("pads")
            .and_then(|v| v.try_into().ok())
            .ok_or_else(|| OpError::new(op, "'pads' must have four entries: top, left, bottom, right"))?;
        let w = Window { kernel, strides: pair("strides")?, dilations: pair("dilations")?, pads };
        if w.strides.iter().chain(&w.dilations).chain(&w.kernel).any(|&x| x < 1) {
            return Err(OpError::new(op, "kernel, strides and dilations must be positive"));
        }
        Ok(w)
    }

    /// Output extents for an input of `h` rows and `w` columns:
    /// `floor((in + pads - dilation * (kernel - 1) - 1) / stride) + 1` (the ONNX Conv formula).
    pub fn output(&self, h: i64, w: i64) -> [i64; 2] {
        let one = |n: i64, i: usize| {
            let reach = self.dilations[i] * (self.kernel[i] - 1) + 1;
            let room = extent::add(n, self.pads[i] + self.pads[i + 2] - reach);
            // What is known at run time only is large enough: legalisation sees to it.
            let empty = !extent::is_symbolic(room) && room < 0;
            if empty { 0 } else { extent::add(extent::floor_div(room, self.strides[i]), 1) }
        };
        [one(h, 0), one(w, 1)]
    }

    /// The input row (axis 0) or column (axis 1) that output `o` sees through tap `k`; may lie in the padding.
    pub fn input(&self, axis: usize, o: i64, k: i64) -> i64 {
        o * self.strides[axis] + k * self.dilations[axis] - self.pads[axis]
    }

    /// Whether there is no padding.
    pub fn is_valid(&self) -> bool {
        self.pads == [0; 4]
    }
}

/// The result type and window of a pooling op.
pub(super) fn pool(op: Op<'_>, kernel: &[i64]) -> Result<(TensorTy, Window), OpError> {
    let x = shape_of(op, 0)?;
    let ([n, h, w, c], &[kh, kw]) = (&x.shape[..], kernel) else {
        return Err(OpError::new(op, "input must be N x H x W x C and 'kernel' have two entries"));
    };
    let window = Window::of(op, [kh, kw])?;
    let [oh, ow] = window.output(*h, *w);
    Ok((TensorTy::new(x.elem, &[*n, oh, ow, *c]), window))
}

/// Applies `reduce` to the values that each window sees inside the input; it also gets the output position.
pub(super) fn eval_pool(
    op: Op<'_>,
    kernel: &[i64],
    x: &Tensor,
    reduce: impl Fn(&mut dyn Iterator<Item = Scalar>, [i64; 2], Elem) -> Scalar,
) -> Result<Tensor, OpError> {
    let (ty, window) = pool(op, kernel)?;
    let [h, w, c] = [x.shape[1], x.shape[2], x.shape[3]];
    let mut y = Tensor::zeros(ty.elem, &ty.shape);
    let mut at = 0;
    for n in 0..ty.shape[0] {
        for i in 0..ty.shape[1] {
            for j in 0..ty.shape[2] {
                let rows: Vec<i64> =
                    (0..kernel[0]).map(|p| window.input(0, i, p)).filter(|&r| r >= 0 && r < h).collect();
                let cols: Vec<i64> =
                    (0..kernel[1]).map(|q| window.input(1, j, q)).filter(|&s| s >= 0 && s < w).collect();
                for ch in 0..c {
                    let mut values = rows
                        .iter()
                        .flat_map(|r| cols.iter().map(move |s| ((n * h + r) * w + s) * c + ch))
                        .map(|i| x.get(i as usize));
                    y.set(at, reduce(&mut values, [i, j], ty.elem));
                    at += 1;
                }
            }
        }
    }
    Ok(y)
}
