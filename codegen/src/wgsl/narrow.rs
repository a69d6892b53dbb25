//! Elements that share words in storage: 4 of a byte, or 2 of 16 bits, the first in the lowest bits.

use super::build::H;
use super::kernel::{Done, Kernel};
use super::linear::Linear;
use super::memory::{Place, item, place, shifted};
use super::types::Ty;
use naga::{
    AtomicFunction, BinaryOperator as Bin, Expression, MathFunction as Math, Scalar, ScalarKind, Statement,
    UnaryOperator,
};
use weft_dialects::ir::{Elem, Op, OpError};

/// Bits of an element in storage: an i1 takes a byte.
fn bits(elem: Elem) -> u32 {
    8 * elem.bytes() as u32
}

/// Elements of a word.
fn per_word(elem: Elem) -> u32 {
    32 / bits(elem)
}

/// Whether an access is of whole words.
fn whole(k: &mut Kernel<'_>, ty: Ty, position: &Linear) -> bool {
    let per = per_word(ty.elem);
    ty.lanes.is_multiple_of(per) && k.facts.divisor(position) % i64::from(per) == 0
}

/// The pointer to the word that holds the element at a position.
fn word<'c>(k: &mut Kernel<'c>, op: Op<'c>, buffer: usize, elem: Elem, position: &Linear) -> Result<H, OpError> {
    let index = k.quotient(op, position, i64::from(per_word(elem)))?;
    Ok(item(k, buffer, index))
}

/// The first bit of the element at a position, as a `u32`.
fn first_bit<'c>(k: &mut Kernel<'c>, op: Op<'c>, elem: Elem, position: &Linear) -> Result<H, OpError> {
    Ok(match place(k, op, position, i64::from(per_word(elem)))? {
        Place::Known(n) => k.b.u32(n * bits(elem)),
        Place::Computed(n) => {
            let n = k.b.convert_position(n, Scalar::U32);
            let shift = k.b.u32(bits(elem).trailing_zeros());
            k.b.position(Bin::ShiftLeft, n, shift)
        }
    })
}

/// The value at a position.
pub(super) fn load<'c>(k: &mut Kernel<'c>, op: Op<'c>, buffer: usize, ty: Ty, position: &Linear) -> Result<H, OpError> {
    if whole(k, ty, position) {
        let per = per_word(ty.elem);
        let mut words = Vec::new();
        for i in 0..ty.lanes / per {
            let pointer = word(k, op, buffer, ty.elem, &shifted(position, i64::from(i * per)))?;
            words.push(k.b.load(pointer));
        }
        return Ok(unpack(k, ty, &words));
    }
    let mut lanes = Vec::new();
    for lane in 0..ty.lanes {
        let at = shifted(position, i64::from(lane));
        let pointer = word(k, op, buffer, ty.elem, &at)?;
        let word = k.b.load(pointer);
        let first = first_bit(k, op, ty.elem, &at)?;
        lanes.push(extract(k, ty.elem, word, first));
    }
    let scalar = k.scalar(ty.elem);
    Ok(k.b.compose(scalar, &lanes))
}

/// One element of a word, from a bit on.
fn extract(k: &mut Kernel<'_>, elem: Elem, word: H, first: H) -> H {
    let known = k.b.int_of(first);
    match elem {
        Elem::I8 | Elem::I16 => {
            let word = k.b.convert(word, Scalar::I32);
            let count = k.b.u32(bits(elem));
            k.b.math(Math::ExtractBits, &[word, first, count])
        }
        Elem::I1 => {
            let count = k.b.u32(8);
            let byte = k.b.math(Math::ExtractBits, &[word, first, count]);
            let zero = k.b.u32(0);
            k.b.binary(Bin::NotEqual, byte, zero)
        }
        Elem::F16 => match known {
            Some(n) => {
                let pair = k.b.math(Math::Unpack2x16float, &[word]);
                k.b.lane(pair, 2, u32::from(n > 0))
            }
            None => {
                let word = k.b.binary(Bin::ShiftRight, word, first);
                let pair = k.b.math(Math::Unpack2x16float, &[word]);
                k.b.lane(pair, 2, 0)
            }
        },
        // bf16: the upper half of an f32.
        _ => {
            let word = k.b.binary(Bin::ShiftRight, word, first);
            let half = k.b.u32(16);
            let word = k.b.binary(Bin::ShiftLeft, word, half);
            k.b.bitcast(word, ScalarKind::Float)
        }
    }
}

/// `[0, width, 2 * width, ...]`, starting over with each word, or down from the top.
fn shifts(k: &mut Kernel<'_>, ty: Ty, from_top: bool) -> H {
    let (width, per) = (bits(ty.elem), per_word(ty.elem));
    let lanes: Vec<H> = (0..ty.lanes)
        .map(|lane| {
            let at = width * (lane % per);
            k.b.u32(if from_top { 32 - width - at } else { at })
        })
        .collect();
    k.b.compose(Scalar::U32, &lanes)
}

/// All elements of some words.
fn unpack(k: &mut Kernel<'_>, ty: Ty, words: &[H]) -> H {
    let per = per_word(ty.elem) as usize;
    if ty.elem == Elem::F16 {
        let pairs: Vec<H> = words.iter().map(|&w| k.b.math(Math::Unpack2x16float, &[w])).collect();
        return join(k, Scalar::F32, ty.lanes, pairs);
    }
    let each: Vec<H> = (0..ty.lanes as usize).map(|lane| words[lane / per]).collect();
    match ty.elem {
        Elem::I8 | Elem::I16 => {
            let each: Vec<H> = each.into_iter().map(|w| k.b.convert(w, Scalar::I32)).collect();
            let all = k.b.compose(Scalar::I32, &each);
            let up = shifts(k, ty, true);
            let all = k.b.binary(Bin::ShiftLeft, all, up);
            let down = k.b.u32(32 - bits(ty.elem));
            let down = k.b.splat(down, ty.lanes);
            k.b.binary(Bin::ShiftRight, all, down)
        }
        Elem::I1 => {
            let all = k.b.compose(Scalar::U32, &each);
            let down = shifts(k, ty, false);
            let all = k.b.binary(Bin::ShiftRight, all, down);
            let mask = k.b.u32(255);
            let mask = k.b.splat(mask, ty.lanes);
            let all = k.b.binary(Bin::And, all, mask);
            let zero = k.b.u32(0);
            let zero = k.b.splat(zero, ty.lanes);
            k.b.binary(Bin::NotEqual, all, zero)
        }
        _ => {
            let all = k.b.compose(Scalar::U32, &each);
            let up = shifts(k, ty, true);
            let all = k.b.binary(Bin::ShiftLeft, all, up);
            let mask = k.b.u32(0xffff_0000);
            let mask = k.b.splat(mask, ty.lanes);
            let all = k.b.binary(Bin::And, all, mask);
            k.b.bitcast(all, ScalarKind::Float)
        }
    }
}

/// Pairs in a row.
fn join(k: &mut Kernel<'_>, scalar: Scalar, lanes: u32, pairs: Vec<H>) -> H {
    if pairs.len() == 1 {
        return pairs[0];
    }
    let ty = k.b.value_ty(scalar, lanes);
    k.b.pure(Expression::Compose { ty, components: pairs })
}

/// Stores a value at a position.
pub(super) fn store<'c>(k: &mut Kernel<'c>, op: Op<'c>, buffer: usize, ty: Ty, position: &Linear, value: H) -> Done {
    let per = per_word(ty.elem);
    if whole(k, ty, position) {
        for i in 0..ty.lanes / per {
            let lanes: Vec<H> = (0..per).map(|lane| k.b.lane(value, ty.lanes, i * per + lane)).collect();
            let packed = pack(k, ty.elem, value, ty.lanes, &lanes);
            let pointer = word(k, op, buffer, ty.elem, &shifted(position, i64::from(i * per)))?;
            k.b.store(pointer, packed);
        }
        return Ok(());
    }
    for lane in 0..ty.lanes {
        let at = shifted(position, i64::from(lane));
        let one = k.b.lane(value, ty.lanes, lane);
        let one = encode(k, ty.lane(), one);
        let pointer = word(k, op, buffer, ty.elem, &at)?;
        let first = first_bit(k, op, ty.elem, &at)?;
        let mask = k.b.u32(u32::MAX >> (32 - bits(ty.elem)));
        let mask = k.b.binary(Bin::ShiftLeft, mask, first);
        let keep = match k.b.int_of(mask) {
            Some(m) => k.b.u32(!(m as u32)),
            None => k.b.unary(UnaryOperator::BitwiseNot, mask),
        };
        let placed = k.b.binary(Bin::ShiftLeft, one, first);
        for (fun, value) in [(AtomicFunction::And, keep), (AtomicFunction::InclusiveOr, placed)] {
            k.b.reach(value, "v");
            k.b.statement(Statement::Atomic { pointer, fun, value, result: None }, &[pointer, value]);
        }
    }
    Ok(())
}

/// The bits of an element, in the lowest bits of a `u32` (per lane).
fn encode(k: &mut Kernel<'_>, ty: Ty, h: H) -> H {
    match ty.elem {
        Elem::I1 => {
            let (one, zero) = (k.b.u32(1), k.b.u32(0));
            let (one, zero) = (k.b.splat(one, ty.lanes), k.b.splat(zero, ty.lanes));
            k.b.select(h, one, zero)
        }
        Elem::F16 => {
            let zero = k.b.number(Scalar::F32, 1, 0.0);
            let pair = k.b.compose(Scalar::F32, &[h, zero]);
            k.b.math(Math::Pack2x16float, &[pair])
        }
        Elem::BF16 => {
            let word = k.b.bitcast(h, ScalarKind::Uint);
            let half = k.b.u32(16);
            let half = k.b.splat(half, ty.lanes);
            k.b.binary(Bin::ShiftRight, word, half)
        }
        _ => {
            let word = k.b.convert(h, Scalar::U32);
            let mask = k.b.u32(u32::MAX >> (32 - bits(ty.elem)));
            let mask = k.b.splat(mask, ty.lanes);
            k.b.binary(Bin::And, word, mask)
        }
    }
}

/// A word of elements: `lanes` of the vector `all`.
fn pack(k: &mut Kernel<'_>, elem: Elem, all: H, of: u32, lanes: &[H]) -> H {
    let ty = Ty { elem, lanes: lanes.len() as u32 };
    if elem == Elem::F16 {
        let pair = k.b.compose(Scalar::F32, lanes);
        return k.b.math(Math::Pack2x16float, &[pair]);
    }
    let scalar = k.scalar(elem);
    let together = if of == ty.lanes { all } else { k.b.compose(scalar, lanes) };
    let encoded = encode(k, ty, together);
    let up = shifts(k, ty, false);
    let placed = k.b.binary(Bin::ShiftLeft, encoded, up);
    let parts: Vec<H> = (0..ty.lanes).map(|lane| k.b.lane(placed, ty.lanes, lane)).collect();
    parts.into_iter().reduce(|a, b| k.b.binary(Bin::InclusiveOr, a, b)).unwrap_or(placed)
}
