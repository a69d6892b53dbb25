//! `materialize-padding`: the zeros around the input of a convolution become a `tensor.pad`.
//!
//! The kernels of `nn.conv2d` then never ask whether a tap lies inside, and the copy usually fuses with what made the input.
//! Depthwise convolutions and pools keep their padding: their edges are specialised at compile time. Kernels of a grid ask: the
//! answer costs less than a pass over the image, and their result takes one launch.

use super::rewrite::graph_ops;
use crate::pass::{PassCx, PassInfo};
use crate::target::{Execution, Target};
use weft_dialects::ir::{Builder, Op, OpError, OpExt, Scalar};
use weft_dialects::nn::conv2d::Conv2d;

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "materialize-padding",
    doc: "Gives the inputs of nn.conv2d their padding by tensor.pad, for targets whose kernels don't ask what lies inside.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    if Target::of(module).execution == Execution::Workgroups {
        return Ok(());
    }
    for conv in graph_ops(module).into_iter().filter_map(Conv2d::from_op) {
        let &[top, left, bottom, right] = &conv.pads()[..] else {
            return Err(vec![OpError::new(conv.0, "'pads' must have four entries: top, left, bottom, right")]);
        };
        let b = Builder::before(pcx.cx, conv.0);
        let x = b.pad(conv.x(), &[0, top, left, 0], &[0, bottom, right, 0], Scalar::F(0.0));
        conv.0.set_arg(0, x);
        conv.0.set_attr("pads", pcx.cx.i64s_attr(&[0; 4]));
    }
    Ok(())
}
