//! Average pooling, channels last.

use super::{Window, shape_of};
use crate::ir::{Op, OpError, Scalar, Tensor, TensorTy};

crate::declare_op! {
    AvgPool2d: "nn.avg_pool2d", pure,
    "Mean over a sliding window.\n\nShapes: x `N x H x W x C`, y `N x OH x OW x C`.",
    operands { x: Shaped },
    attrs {
        kernel: Ints = "`[kh, kw]`.",
        strides: Ints = "`[sh, sw]`.",
        dilations: Ints = "`[dh, dw]`.",
        pads: Ints = "`[top, left, bottom, right]`.",
        count_pad: Ints = "Positions `[top, left, bottom, right]` of the padding that count in the divisor: all of the model's \
            own padding with ONNX's `count_include_pad`, else none."
    },
    results { y: Shaped }
}

/// Shape rule.
///
/// # Errors
/// When shapes and attributes contradict each other.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    Ok(super::window::pool(op, &AvgPool2d(op).kernel())?.0)
}

/// The divisor of output `(i, j)`: window positions inside the input or the counted padding.
pub fn divisor(window: &Window, count_pad: &[i64], extents: [i64; 2], o: [i64; 2]) -> i64 {
    let along = |axis: usize| {
        (0..window.kernel[axis])
            .filter(|&k| {
                let at = window.input(axis, o[axis], k);
                at >= -count_pad[axis] && at < extents[axis] + count_pad[axis + 2]
            })
            .count() as i64
    };
    along(0) * along(1)
}

/// Reference evaluation; sums in f64.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let x = shape_of(op, 0)?;
    let pool = AvgPool2d(op);
    let (_, window) = super::window::pool(op, &pool.kernel())?;
    let count_pad = pool.count_pad();
    super::window::eval_pool(op, &pool.kernel(), &args[0], |values, o, _| {
        let sum: f64 = values.map(Scalar::f64).sum();
        Scalar::F(sum / divisor(&window, &count_pad, [x.shape[1], x.shape[2]], o) as f64)
    })
}
