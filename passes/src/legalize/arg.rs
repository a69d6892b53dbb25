//! ArgMax, ArgMin: where the extreme is.

use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, invalid};
use super::pick::{from_index, number};
use super::reduce::{maximum, minimum, reduced_shape};
use weft_dialects::ir::{Elem, GenericSpec, Map, OpExt, Scalar, TensorTy};

const INT32: Dtype = Dtype::INT32;

/// ArgMax, ArgMin (1; 11: negative axes; 12: `select_last_index`). A NaN is the extreme.
pub fn arg<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let shape = x.shape();
    let axis = node.axis(node.int_or("axis", 0)?, shape.len())?;
    let at = position(node, x, axis, node.name == "ArgMin", node.flag("select_last_index", false)?)?;
    let y = super::cast::convert(node, at, Dtype::INT64)?;
    let to = reduced_shape(&shape, &[axis], node.flag("keepdims", true)?);
    Ok(vec![y.with(node.b.reshape(y.value, &to))])
}

/// The position of the first or last extreme along a dim, which stays with extent 1. Two reductions: the extreme, then the
/// least or greatest position that has it.
fn position<'c>(node: &Node<'c>, x: Typed<'c>, axis: usize, least: bool, last: bool) -> Result<Typed<'c>, Reason> {
    let shape = x.shape();
    let n = shape[axis];
    if n == 0 {
        return invalid(format!("dim {axis} of {shape:?} has no extreme"));
    }
    let extreme = if least { minimum(node, x, &[axis])? } else { maximum(node, x, &[axis])? };
    let to = extreme.shape();
    let none = if last { 0 } else { n - 1 };
    let init = node.b.splat(&TensorTy::new(Elem::I32, &to), Scalar::I(none));
    let rank = shape.len();
    let ins = [(x.value, Map::identity(rank)), (extreme.value, Map::broadcast(&to, &shape))];
    let outs = [(init, Map::broadcast(&to, &shape))];
    let reduction: Vec<bool> = (0..rank).map(|d| d == axis).collect();
    let y = node.b.generic(GenericSpec { ins: &ins, outs: &outs, reduction: &reduction }, |b, v| {
        let mut hit = b.compare(if x.dtype.is_float() { "oeq" } else { "eq" }, v[0], v[1]);
        if x.dtype.is_float() {
            hit = b.binary("arith.ori", hit, b.compare("uno", v[0], v[0]));
        }
        let here = from_index(b, b.loop_index(axis), INT32);
        let place = b.select(hit, here, number(b, INT32, none));
        vec![b.binary(if last { "arith.maxsi" } else { "arith.minsi" }, v[2], place)]
    });
    Ok(Typed::new(y.res(0), INT32))
}
