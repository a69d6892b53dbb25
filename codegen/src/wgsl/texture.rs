//! Images: arguments that are textures. An element is a channel's level, 0 to 255, of the pixel in a row and a column.

use super::build::H;
use super::kernel::{Kernel, Val};
use super::linear::Linear;
use super::memory::shifted;
use super::types::Ty;
use naga::{
    AddressSpace, BinaryOperator as Bin, Expression, ImageClass, ImageDimension, Scalar, ScalarKind, TypeInner,
};
use weft_dialects::ir::{Elem, Op, OpError, OpExt, ValueExt};

/// Declares a texture's variable; its value.
pub(super) fn declare(k: &mut Kernel<'_>, binding: u32) -> H {
    let class =
        if k.external { ImageClass::External } else { ImageClass::Sampled { kind: ScalarKind::Float, multi: false } };
    let ty = k.b.ty(TypeInner::Image { dim: ImageDimension::D2, arrayed: false, class });
    k.global("image", AddressSpace::Handle, Some(binding), ty)
}

/// `memref.load`, `vector.load` of an image, row-major with 4 channels.
pub(super) fn load<'c>(
    k: &mut Kernel<'c>,
    op: Op<'c>,
    buffer: usize,
    ty: Ty,
    position: &Linear,
) -> Result<Val, OpError> {
    let refused = |what: &str| OpError::new(op, format!("reads an image {what}"));
    let shape = k.memory.buffers[buffer].value.memref_ty().map(|ty| ty.shape).unwrap_or_default();
    let [_, width, 4] = shape[..] else { return Err(refused("that isn't height x width x 4")) };
    if ty.elem != Elem::I8 {
        return Err(refused("as other than bytes"));
    }
    let view = k.memory.view(op, op.arg(0))?;
    let whole = view.offset == Linear::constant(0) && view.strides == [4 * width, 4, 1];
    let mut lanes = Vec::new();
    for lane in 0..ty.lanes {
        let place = if whole {
            // Rows, columns and channels as they are asked for.
            let (row, column) = (k.arg(op, 1)?, k.arg(op, 2)?);
            let channel = k.facts.linear(op.arg(3));
            (row, column, k.position(op, &shifted(&channel, i64::from(lane)))?)
        } else {
            let at = k.position(op, &shifted(position, i64::from(lane)))?;
            let (four, columns) = (k.b.i32(4), k.b.i32(width));
            let pixel = k.b.position(Bin::Divide, at, four);
            let (row, column) = (k.b.position(Bin::Divide, pixel, columns), k.b.position(Bin::Modulo, pixel, columns));
            (row, column, k.b.position(Bin::Modulo, at, four))
        };
        lanes.push(level(k, buffer, place));
    }
    let scalar = k.scalar(ty.elem);
    Ok(Val::One(k.b.compose(scalar, &lanes)))
}

/// The level of a channel, as an i8 in an i32.
fn level(k: &mut Kernel<'_>, buffer: usize, (row, column, channel): (H, H, H)) -> H {
    let coordinate = k.b.compose(Scalar::I32, &[column, row]);
    let image = k.pointers[buffer];
    let level = if k.external { None } else { Some(k.b.i32(0)) };
    let texel = k.b.pure(Expression::ImageLoad { image, coordinate, array_index: None, sample: None, level });
    let part = match k.b.int_of(channel) {
        Some(c) => k.b.lane(texel, 4, c as u32),
        None => k.b.pure(Expression::Access { base: texel, index: channel }),
    };
    // A texel is a fraction; half more, so that cutting rounds.
    let (most, half) = (k.b.number(Scalar::F32, 1, 255.0), k.b.number(Scalar::F32, 1, 0.5));
    let scaled = k.b.binary(Bin::Multiply, part, most);
    let rounded = k.b.binary(Bin::Add, scaled, half);
    let byte = k.b.convert(rounded, Scalar::I32);
    let up = k.b.u32(24);
    let signed = k.b.binary(Bin::ShiftLeft, byte, up);
    k.b.binary(Bin::ShiftRight, signed, up)
}
