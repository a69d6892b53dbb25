//! Max pooling, channels last.

use crate::ir::{Elem, Op, OpError, Scalar, Tensor, TensorTy};

crate::declare_op! {
    MaxPool2d: "nn.max_pool2d", pure,
    "Maximum over a sliding window; positions in the padding don't count. A NaN in the window is kept if it comes \
     first in it and lost otherwise (the running maximum is `acc < x ? x : acc`).\n\nShapes: x `N x H x W x C`, y `N x OH x OW x C`; \
     OH and OW are given, because ONNX's `ceil_mode` may add an output whose window hangs over the end.",
    operands { x: Shaped },
    attrs {
        kernel: Ints = "`[kh, kw]`.",
        strides: Ints = "`[sh, sw]`.",
        dilations: Ints = "`[dh, dw]`.",
        pads: Ints = "`[top, left, bottom, right]`; bottom and right are large enough for the last window."
    },
    results { y: Shaped }
}

/// Shape rule.
///
/// # Errors
/// When shapes and attributes contradict each other.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    Ok(super::window::pool(op, &MaxPool2d(op).kernel())?.0)
}

/// Reference evaluation.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let lowest = |elem: Elem| match elem {
        e if e.is_float() => Scalar::F(f64::NEG_INFINITY),
        e => Scalar::I(i64::MIN >> (64 - 8 * e.bytes())),
    };
    super::window::eval_pool(op, &MaxPool2d(op).kernel(), &args[0], |values, _, elem| {
        let first = values.next().unwrap_or(lowest(elem));
        values.fold(first, |a, x| if a.f64() < x.f64() { x } else { a })
    })
}
