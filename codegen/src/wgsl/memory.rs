//! Buffers: their declaration, loads and stores.

use super::build::H;
use super::kernel::{Done, Kernel, Val, own_name};
use super::linear::Linear;
use super::narrow;
use super::texture;
use super::types::{Ty, shaped};
use super::views::Space;
use naga::{
    AddressSpace, ArraySize, BinaryOperator as Bin, Expression, Literal, Scalar, StorageAccess, TypeInner, VectorSize,
};
use weft_dialects::ir::{AttrExt, Elem, Op, OpError, OpExt};

/// Names of arguments that have none of their own.
const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// Declares a buffer's variable; the pointer to it. `bindings` counts those that have been given.
pub(super) fn declare(k: &mut Kernel<'_>, i: usize, bindings: &mut u32) -> H {
    let buffer = &k.memory.buffers[i];
    if buffer.space == Space::Texture {
        *bindings += 1;
        return texture::declare(k, *bindings - 1);
    }
    let (space, elements, elem) = (buffer.space, buffer.elements.max(1), buffer.elem);
    let (vector, packed, atomic) = (buffer.vector(), buffer.is_packed(k.half), buffer.is_atomic(k.half));
    let (stored, own_name) = (buffer.stored, own_name(buffer.value));
    let item = match elem {
        Elem::I64 => TypeInner::Vector { size: VectorSize::Bi, scalar: Scalar::U32 },
        _ if atomic => TypeInner::Atomic(Scalar::U32),
        _ if packed => TypeInner::Scalar(Scalar::U32),
        _ => shaped(k.scalar(elem), vector),
    };
    let stride = match item {
        TypeInner::Vector { size, scalar } => u32::from(scalar.width) * size as u32,
        _ if packed => 4,
        _ => u32::from(k.scalar(elem).width),
    };
    let base = k.b.ty(item);
    let length = u32::try_from(elements / i64::from(vector)).unwrap_or(u32::MAX);
    let size = match space {
        Space::Storage => ArraySize::Dynamic,
        _ => std::num::NonZeroU32::new(length).map_or(ArraySize::Dynamic, ArraySize::Constant),
    };
    let array = k.b.ty(TypeInner::Array { base, size, stride });
    match space {
        Space::Storage => {
            let binding = *bindings;
            *bindings += 1;
            let mut access = StorageAccess::LOAD;
            access.set(StorageAccess::STORE, stored);
            let other = if stored { "out" } else { NAMES[binding as usize % NAMES.len()] };
            let name = own_name.unwrap_or_else(|| other.to_owned());
            k.global(&name, AddressSpace::Storage { access }, Some(binding), array)
        }
        Space::Workgroup => k.global("tile", AddressSpace::WorkGroup, None, array),
        Space::Private | Space::Texture => k.b.variable("own", array, None),
    }
}

/// The pointer to an array's item.
pub(super) fn item(k: &mut Kernel<'_>, buffer: usize, index: H) -> H {
    let base = k.pointers[buffer];
    let e = match k.b.literal_of(index) {
        Some(Literal::I32(n)) if n >= 0 => Expression::AccessIndex { base, index: n as u32 },
        _ => Expression::Access { base, index },
    };
    k.b.pure(e)
}

/// The position some elements on.
pub(super) fn shifted(l: &Linear, by: i64) -> Linear {
    Linear { terms: l.terms.clone(), constant: l.constant + by }
}

/// Which of `by` places a position is at, `by` a power of two.
pub(super) enum Place {
    Known(u32),
    /// A `i32` below `by`.
    Computed(H),
}

/// The remainder of a position.
pub(super) fn place<'c>(k: &mut Kernel<'c>, op: Op<'c>, l: &Linear, by: i64) -> Result<Place, OpError> {
    let mut rest = Linear::constant(l.constant.rem_euclid(by));
    for &(atom, coefficient) in &l.terms {
        let divisor = k.facts.atom(atom).map_or(1, |v| k.facts.atom_divisor(v));
        if coefficient.saturating_mul(divisor) % by != 0 {
            rest.terms.push((atom, coefficient.rem_euclid(by)));
        }
    }
    if rest.terms.is_empty() {
        return Ok(Place::Known(rest.constant as u32));
    }
    let sum = k.position(op, &rest)?;
    let mask = k.b.i32(by - 1);
    Ok(Place::Computed(k.b.position(Bin::And, sum, mask)))
}

/// `memref.load`, `vector.load`
pub(super) fn load<'c>(k: &mut Kernel<'c>, op: Op<'c>, name: &str) -> Done {
    let (buffer, ty, position) = k.memory.access(op, name, &mut k.facts)?;
    if k.memory.buffers[buffer].space == Space::Texture {
        let val = texture::load(k, op, buffer, ty, &position)?;
        k.define(op.res(0), val);
        return Ok(());
    }
    if k.memory.buffers[buffer].is_packed(k.half) {
        let h = narrow::load(k, op, buffer, ty, &position)?;
        return k.set(op, h);
    }
    if ty.elem == Elem::I64 {
        let mut words = [Vec::new(), Vec::new()];
        for lane in 0..ty.lanes {
            let index = k.position(op, &shifted(&position, i64::from(lane)))?;
            let pointer = item(k, buffer, index);
            let pair = k.b.load(pointer);
            for (half, words) in words.iter_mut().enumerate() {
                words.push(k.b.lane(pair, 2, half as u32));
            }
        }
        let [low, high] = words;
        let val = Val::Pair(k.b.compose(Scalar::U32, &low), k.b.compose(Scalar::U32, &high));
        k.define(op.res(0), val);
        return Ok(());
    }
    let h = match k.memory.buffers[buffer].vector() {
        n if n > 1 && n == ty.lanes => {
            let index = k.quotient(op, &position, i64::from(n))?;
            let pointer = item(k, buffer, index);
            k.b.load(pointer)
        }
        1 => {
            let mut lanes = Vec::new();
            for lane in 0..ty.lanes {
                let index = k.position(op, &shifted(&position, i64::from(lane)))?;
                let pointer = item(k, buffer, index);
                lanes.push(k.b.load(pointer));
            }
            let scalar = k.scalar(ty.elem);
            k.b.compose(scalar, &lanes)
        }
        n => single(k, op, buffer, &position, n)?,
    };
    k.set(op, h)
}

/// One element of an array of vectors.
fn single<'c>(k: &mut Kernel<'c>, op: Op<'c>, buffer: usize, position: &Linear, n: u32) -> Result<H, OpError> {
    let index = k.quotient(op, position, i64::from(n))?;
    let vector = item(k, buffer, index);
    let e = match place(k, op, position, i64::from(n))? {
        Place::Known(lane) => Expression::AccessIndex { base: vector, index: lane },
        Place::Computed(lane) => Expression::Access { base: vector, index: lane },
    };
    let pointer = k.b.pure(e);
    Ok(k.b.load(pointer))
}

/// `memref.store`, `vector.store`
pub(super) fn store<'c>(k: &mut Kernel<'c>, op: Op<'c>, name: &str) -> Done {
    let (buffer, ty, position) = k.memory.access(op, name, &mut k.facts)?;
    if op.attr("nontemporal").and_then(|a| a.as_bool()) == Some(true) {
        return Err(OpError::new(op, "nontemporal stores have no WGSL form"));
    }
    if k.memory.buffers[buffer].space == Space::Texture {
        return Err(OpError::new(op, "stores to an image, which is read only"));
    }
    let value = k.get(op, op.arg(0))?;
    match value {
        Val::One(h) if k.memory.buffers[buffer].is_packed(k.half) => narrow::store(k, op, buffer, ty, &position, h),
        Val::One(h) if k.memory.buffers[buffer].vector() > 1 => {
            let index = k.quotient(op, &position, i64::from(ty.lanes))?;
            let pointer = item(k, buffer, index);
            k.b.store(pointer, h);
            Ok(())
        }
        _ => lanes(k, op, buffer, ty, &position, value),
    }
}

/// Stores lane by lane.
fn lanes<'c>(k: &mut Kernel<'c>, op: Op<'c>, buffer: usize, ty: Ty, position: &Linear, value: Val) -> Done {
    for lane in 0..ty.lanes {
        let index = k.position(op, &shifted(position, i64::from(lane)))?;
        let pointer = item(k, buffer, index);
        let h = match value {
            Val::One(h) => k.b.lane(h, ty.lanes, lane),
            Val::Pair(low, high) => {
                let pair = [k.b.lane(low, ty.lanes, lane), k.b.lane(high, ty.lanes, lane)];
                k.b.compose(Scalar::U32, &pair)
            }
        };
        k.b.store(pointer, h);
    }
    Ok(())
}
