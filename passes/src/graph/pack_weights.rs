//! `pack-weights`: right sides of matrix products and convolutions, and the weights of recurrent cells, get the order in which
//! the kernels read them.
//!
//! Constant ones are packed at compile time by `fold-constants`.
//!
//! A target without panels reads right sides row by row as they lie, neighbouring invocations neighbouring columns. Only constant ones
//! whose rows are no whole vectors become one panel, which is: the same rows, with room behind them.

use super::rewrite::{graph_ops, made_of_constants, shape_of};
use crate::pass::{PassCx, PassInfo};
use crate::target::Target;
use weft_dialects::ir::{Builder, Op, OpError, OpExt, Scalar, Value, ValueExt};
use weft_dialects::nn;
use weft_dialects::nn::conv2d::Conv2d;
use weft_dialects::nn::matmul::Matmul;
use weft_dialects::nn::pack::Pack;

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "pack-weights",
    doc: "Packs right sides of nn.matmul and nn.conv2d, and weights of nn.lstm, nn.gru and nn.rnn, into column panels of \
          the target's width; if it has none, only what is no whole vectors wide.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let target = Target::of(module);
    let width = target.panel;
    for op in graph_ops(module) {
        let b = Builder::before(pcx.cx, op);
        let panel = match width {
            0 if is_cell(op) => whole_vectors(shape_of(op.arg(1))[0], target),
            0 => match ragged(op, target) {
                Some(panel) => panel,
                None => continue,
            },
            _ if is_dot(op) => 1,
            width => width,
        };
        let matrices = match (Matmul::from_op(op), Conv2d::from_op(op)) {
            (Some(m), _) if m.panel() == 0 => m.b(),
            (_, Some(c)) if c.panel() == 0 => by_group(&b, c),
            _ if is_cell(op) && op.int("panel") == Some(0) => {
                let gates = shape_of(op.arg(1))[1];
                op.set_arg(1, pack(&b, by_unit(&b, op.arg(1), panel), gates * panel).map_err(|e| vec![e])?);
                op.set_attr("panel", pcx.cx.i64_attr(panel));
                continue;
            }
            _ => continue,
        };
        op.set_arg(1, pack(&b, matrices, panel).map_err(|e| vec![e])?);
        op.set_attr("panel", pcx.cx.i64_attr(panel));
    }
    Ok(())
}

/// `n` rounded up to whole vectors.
fn whole_vectors(n: i64, target: &Target) -> i64 {
    (n + target.vector_lanes - 1) / target.vector_lanes * target.vector_lanes
}

/// The panel that a constant right side with several columns but no whole vectors of them takes.
fn ragged(op: Op<'_>, target: &Target) -> Option<i64> {
    let columns = match (Matmul::from_op(op), Conv2d::from_op(op)) {
        (Some(m), _) => m.columns(),
        (_, Some(c)) => c.channels() / c.groups(),
        _ => return None,
    };
    let ragged = columns > 1 && columns % target.vector_lanes != 0 && made_of_constants(op.arg(1));
    ragged.then(|| whole_vectors(columns, target))
}

/// Whether a product has one column, which is multiplied by vectors along K then: it needs some of them.
fn is_dot(op: Op<'_>) -> bool {
    let long = |k: i64| k >= 8;
    // How many rows there are must be known to cover them.
    if op.ress().iter().any(|r| r.tensor_ty().is_some_and(|t| t.is_symbolic())) {
        return false;
    }
    match (Matmul::from_op(op), Conv2d::from_op(op)) {
        (Some(m), _) => m.columns() == 1 && shape_of(m.a()).last().is_some_and(|&k| long(k)),
        (_, Some(c)) => {
            let (kernel, channels) = (c.kernel(), shape_of(c.x()).last().copied().unwrap_or(0));
            let run = if c.dilations().last() == Some(&1) { kernel.last().copied().unwrap_or(1) } else { 1 };
            c.channels() == 1 && c.groups() == 1 && long(run * channels)
        }
        _ => false,
    }
}

fn is_cell(op: Op<'_>) -> bool {
    matches!(op.op_name().as_str(), "nn.lstm" | "nn.gru" | "nn.rnn")
}

/// Recurrent weights `H x G x H` as one matrix, whose columns are the gates of the first `panel` units, each gate's units side by
/// side, then those of the next ones, padded with zeros.
fn by_unit<'c>(b: &Builder<'c>, r: Value<'c>, panel: i64) -> Value<'c> {
    let shape = shape_of(r);
    let (h, gates) = (shape[0], shape[1]);
    let panels = (h + panel - 1) / panel;
    let r = b.pad(r, &[0; 3], &[0, 0, panels * panel - h], Scalar::F(0.0));
    let r = b.permute(b.reshape(r, &[h, gates, panels, panel]), &[0, 2, 1, 3]);
    b.reshape(r, &[1, h, panels * gates * panel])
}

/// `KH x KW x C/groups x M` as one matrix a group: `groups x K x M/groups`.
fn by_group<'c>(b: &Builder<'c>, conv: Conv2d<'c>) -> Value<'c> {
    let (groups, m) = (conv.groups(), conv.channels());
    let k: i64 = shape_of(conv.w())[..3].iter().product();
    if groups == 1 {
        return b.reshape(conv.w(), &[1, k, m]);
    }
    b.permute(b.reshape(conv.w(), &[k, groups, m / groups]), &[1, 0, 2])
}

fn pack<'c>(b: &Builder<'c>, matrices: Value<'c>, panel: i64) -> Result<Value<'c>, OpError> {
    let op = Pack::build(b, matrices, panel, &[matrices.ty()]);
    let ty = nn::infer(op)?;
    op.res(0).retype(ty.to_mlir(b.cx));
    Ok(op.res(0))
}
