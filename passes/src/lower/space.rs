//! Loop dims: which run, which merge, and where vectors lie.

use super::access::{Access, Accesses, Dims};
use weft_dialects::ir::{Elem, extent};

/// One loop: neighbouring dims that every access runs through as if they were one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoopDim {
    /// The dim that carries the loop's index; the merged outer ones stay at their lower bound.
    pub dim: usize,
    /// How often it runs: a number, or an expression over the symbols.
    pub extent: i64,
    /// Whether it is reduced.
    pub reduced: bool,
    /// Whether several dims were merged.
    pub merged: bool,
}

/// Loops over a box: dims of extent 1 don't run, and neighbours merge where all accesses (`stores` included) allow it.
pub fn loops(extents: &[i64], reduced: &[bool], acc: &Accesses<'_>, stores: &[Access<'_>]) -> Vec<LoopDim> {
    cut_loops(extents, reduced, acc, stores, 0)
}

/// As [`loops`], where dims of `cut` are the outermost of those that they merge with: their own places are told apart.
pub fn cut_loops(
    extents: &[i64],
    reduced: &[bool],
    acc: &Accesses<'_>,
    stores: &[Access<'_>],
    cut: Dims,
) -> Vec<LoopDim> {
    let mut out: Vec<LoopDim> = Vec::new();
    for (dim, &n) in extents.iter().enumerate() {
        if n == 1 {
            continue;
        }
        let reduced = reduced.get(dim).copied().unwrap_or(false);
        if let Some(last) = out.last_mut() {
            let pinned = acc.pinned & (1 << last.dim | 1 << dim) != 0 || has(cut, dim);
            // Buffers have the strides of their largest shape: inside a merged loop there is no room for less.
            let fits = |a: &Access<'_>| a.stride(last.dim) == a.stride(dim).wrapping_mul(n);
            let merged = extent::mul(last.extent, n).filter(|_| !extent::is_symbolic(n));
            if let (Some(merged), true, false) = (merged, last.reduced == reduced, pinned)
                && acc.loads.iter().chain(stores).all(fits)
            {
                *last = LoopDim { dim, extent: merged, reduced, merged: true };
                continue;
            }
        }
        out.push(LoopDim { dim, extent: n, reduced, merged: false });
    }
    out
}

/// Whether vectors along a dim start where a vector may lie, whatever the places along the other dims are.
pub fn aligned(access: &Access<'_>, dims: &[LoopDim], along: usize, lanes: i64) -> bool {
    let ty = super::point::buffer_ty(access.memref);
    let first = access.map.results.iter().zip(&ty.strides).map(|(e, s)| e.constant * s).sum::<i64>() + ty.offset;
    let whole = |n: i64| n % lanes == 0;
    !access.moves(along)
        || access.stride(along) == 1
            && whole(first)
            && dims.iter().all(|d| d.dim == along || whole(access.stride(d.dim)))
}

/// Whether everything that varies along a dim can be computed in vectors of four. Narrow elements stand in short vectors.
pub fn vectorizes(acc: &Accesses<'_>, dim: usize) -> bool {
    let narrow = |e: Elem| matches!(e, Elem::I1 | Elem::I8 | Elem::I16 | Elem::F16 | Elem::BF16);
    let wide = |e: Elem| matches!(e, Elem::F32 | Elem::I32);
    !has(acc.scalar, dim)
        && acc.elems.iter().all(|&(e, deps)| !has(deps, dim) || wide(e) || narrow(e))
        && acc.loads.iter().filter(|a| a.moves(dim)).all(|a| {
            // Lanes that aren't neighbours are put together one by one, for which narrow ones have no instruction.
            wide(super::point::buffer_ty(a.memref).elem) || a.stride(dim) == 1
        })
}

/// Whether four neighbouring elements of a type can be stored at once.
pub fn storable(elem: Elem) -> bool {
    !matches!(elem, Elem::F64 | Elem::I64)
}

/// Whether buffers must be addressed as one-dimensional ones: a vector along a dim that isn't a buffer's last, or a merged
/// loop, leaves the buffer's own extents.
pub fn needs_flat(dims: &[LoopDim], acc: &Accesses<'_>, store: &Access<'_>) -> bool {
    let crosses = |a: &Access<'_>| {
        let last = a.map.results.last();
        dims.iter().any(|d| a.stride(d.dim) == 1 && last.is_none_or(|e| e.coefficient(d.dim) != 1))
    };
    dims.iter().any(|d| d.merged) || acc.loads.iter().any(crosses) || crosses(store)
}

/// Whether a dim is in a set.
fn has(dims: Dims, dim: usize) -> bool {
    dims & 1 << dim != 0
}

/// Vectors an iteration computes: enough to keep the units busy, few enough for the registers.
pub fn unroll(weight: i64) -> i64 {
    match weight {
        ..=8 => 4,
        9..=20 => 2,
        _ => 1,
    }
}
