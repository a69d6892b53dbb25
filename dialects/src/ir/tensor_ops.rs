//! Building the `tensor` dialect's ops: reshapes as views, slices, concatenation, padding; and reductions.

use super::{
    Attribute, Builder, Count, DYNAMIC, GenericSpec, Map, Op, OpExt, Scalar, TensorTy, Value, ValueExt, extent,
};
use std::ops::Range;

/// Adjacent dims of one shape, and those of another with the same product.
type Group = (Range<usize>, Range<usize>);

/// Groups of adjacent dims of `from` and of `to` with equal products, in order: how to collapse `from` and expand to
/// `to`. Extents are positive and both products equal.
fn reassociate(from: &[i64], to: &[i64]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < from.len() && j < to.len() {
        let (mut a, mut b) = (Count::of(&from[i..=i]), Count::of(&to[j..=j]));
        let (mut i2, mut j2) = (i + 1, j + 1);
        // The smaller product takes one more dim; of two that aren't comparable, any that has one left.
        while a != b {
            let smaller = b.over(&a).is_some() || (a.over(&b).is_none() && (a.factor < b.factor || j2 == to.len()));
            if smaller && i2 < from.len() {
                a = a.times(from[i2]);
                i2 += 1;
            } else {
                b = b.times(to[j2]);
                j2 += 1;
            }
        }
        groups.push((i..i2, j..j2));
        (i, j) = (i2, j2);
    }
    // What is left are extents of 1.
    if let Some(last) = groups.last_mut() {
        last.0.end = from.len();
        last.1.end = to.len();
    }
    groups
}

impl<'c> Builder<'c> {
    /// The same elements, row-major, under another shape of as many: `tensor.collapse_shape` and `expand_shape`, as few
    /// as possible. Panics when the element counts differ.
    pub fn reshape(&self, x: Value<'c>, shape: &[i64]) -> Value<'c> {
        let ty = x.tensor_ty().unwrap_or_else(|| panic!("a reshape takes a tensor, not {}", x.ty()));
        let to = TensorTy::new(ty.elem, shape);
        let (before, after) = (Count::of(&ty.shape), Count::of(shape));
        assert_eq!(before, after, "a reshape keeps the number of elements: {:?} to {shape:?}", ty.shape);
        if ty.shape == shape {
            return x;
        }
        let groups =
            if ty.is_empty() { vec![(0..ty.shape.len(), 0..shape.len())] } else { reassociate(&ty.shape, shape) };
        let merged = |g: &Group| extent::product(&ty.shape[g.0.clone()]).unwrap_or(DYNAMIC);
        let middle: Vec<i64> = groups.iter().map(merged).collect();
        let ranges = |pick: fn(&Group) -> Range<usize>| -> Attribute<'c> {
            let groups: Vec<_> = groups
                .iter()
                .map(|g| self.cx.array_attr(&pick(g).map(|d| self.cx.i64_attr(d as i64)).collect::<Vec<_>>()))
                .collect();
            self.cx.array_attr(&groups)
        };
        let mut value = x;
        if middle != ty.shape {
            let ty = TensorTy::new(ty.elem, &middle).to_mlir(self.cx);
            value = self.value("tensor.collapse_shape", &[value], ty, &[("reassociation", ranges(|g| g.0.clone()))]);
        }
        if middle != shape {
            let operands = [vec![value], self.sizes(shape)].concat();
            value = self.value(
                "tensor.expand_shape",
                &operands,
                to.to_mlir(self.cx),
                &[("reassociation", ranges(|g| g.1.clone())), ("static_output_shape", self.mixed(shape))],
            );
        }
        value
    }

    /// The static part of a list of extents, with a marker for each that is an operand.
    fn mixed(&self, extents: &[i64]) -> Attribute<'c> {
        let marked: Vec<i64> = extents.iter().map(|&n| if extent::is_symbolic(n) { DYNAMIC } else { n }).collect();
        self.cx.i64s_attr(&marked)
    }

    /// [`Builder::transpose`], but a reshape if only extents of 1 move.
    pub fn permute(&self, x: Value<'c>, perm: &[usize]) -> Value<'c> {
        let ty = x.tensor_ty().unwrap_or_else(|| panic!("a transpose takes a tensor, not {}", x.ty()));
        let moved: Vec<usize> = perm.iter().copied().filter(|&p| ty.shape[p] != 1).collect();
        if moved.is_sorted() {
            let shape: Vec<i64> = perm.iter().map(|&p| ty.shape[p]).collect();
            return self.reshape(x, &shape);
        }
        self.transpose(x, perm)
    }

    /// `tensor.extract_slice`; offsets and sizes are extents, strides numbers.
    pub fn extract_slice(&self, x: Value<'c>, offsets: &[i64], sizes: &[i64], strides: &[i64]) -> Value<'c> {
        let ty = x.tensor_ty().unwrap_or_else(|| panic!("a slice is of a tensor, not {}", x.ty()));
        if ty.shape == sizes {
            return x;
        }
        let (starts, counts) = (self.sizes(offsets), self.sizes(sizes));
        let segments = self.segments(&[1, starts.len() as i32, counts.len() as i32, 0]);
        self.value(
            "tensor.extract_slice",
            &[vec![x], starts, counts].concat(),
            TensorTy::new(ty.elem, sizes).to_mlir(self.cx),
            &[
                ("static_offsets", self.mixed(offsets)),
                ("static_sizes", self.mixed(sizes)),
                ("static_strides", self.cx.i64s_attr(strides)),
                ("operandSegmentSizes", segments),
            ],
        )
    }

    /// `tensor.concat` along `dim`; the other extents are equal. Panics without parts.
    pub fn concat(&self, dim: usize, parts: &[Value<'c>]) -> Value<'c> {
        if let [one] = parts {
            return *one;
        }
        let types: Vec<TensorTy> = parts.iter().filter_map(|v| v.tensor_ty()).collect();
        let mut ty = types[0].clone();
        ty.shape[dim] = types.iter().fold(0, |n, t| extent::add(n, t.shape[dim]));
        self.value("tensor.concat", parts, ty.to_mlir(self.cx), &[("dim", self.cx.i64_attr(dim as i64))])
    }

    /// `tensor.pad` by a constant: `low` positions before and `high` after, per dim.
    pub fn pad(&self, x: Value<'c>, low: &[i64], high: &[i64], value: Scalar) -> Value<'c> {
        let ty = x.tensor_ty().unwrap_or_else(|| panic!("padding is of a tensor, not {}", x.ty()));
        if low.iter().chain(high).all(|&n| n == 0) {
            return x;
        }
        let shape: Vec<i64> =
            ty.shape.iter().zip(low.iter().zip(high)).map(|(&n, (&l, &h))| extent::add(n, l + h)).collect();
        let region = self.region(&vec![self.cx.index(); shape.len()], |b, _| {
            let v = b.scalar(ty.elem, value);
            b.op("tensor.yield", &[v], &[], &[]);
        });
        self.op_regions(
            "tensor.pad",
            &[x],
            &[TensorTy::new(ty.elem, &shape).to_mlir(self.cx)],
            &[
                ("static_low", self.cx.i64s_attr(low)),
                ("static_high", self.cx.i64s_attr(high)),
                ("operandSegmentSizes", self.segments(&[1, 0, 0])),
            ],
            vec![region],
        )
        .res(0)
    }

    /// In a generic's body: the position along a loop dim.
    pub fn loop_index(&self, dim: usize) -> Value<'c> {
        self.value("linalg.index", &[], self.cx.index(), &[("dim", self.cx.i64_attr(dim as i64))])
    }

    /// In a generic's body: the element of a tensor from outside at a position, an `index` a dim. Panics when `x` is no tensor.
    pub fn extract(&self, x: Value<'c>, at: &[Value<'c>]) -> Value<'c> {
        let ty = x.tensor_ty().unwrap_or_else(|| panic!("an element is of a tensor, not {}", x.ty()));
        let operands = [&[x], at].concat();
        self.value("tensor.extract", &operands, self.cx.elem(ty.elem), &[])
    }

    /// A tensor whose elements are all `value`: a constant, stored once, or a generic if an extent is symbolic.
    pub fn splat(&self, ty: &TensorTy, value: Scalar) -> Value<'c> {
        if ty.is_symbolic() {
            return self.elementwise(ty.elem, &ty.shape, &[], |b, _| b.scalar(ty.elem, value));
        }
        self.constant(self.cx.splat_attr(ty, value), ty.to_mlir(self.cx))
    }

    /// A reducing generic: dims in `reduced` disappear; `body` gets the element and the accumulator, which starts at
    /// `init`.
    pub fn reduce(
        &self,
        x: Value<'c>,
        reduced: &[usize],
        init: Scalar,
        body: impl FnOnce(&Builder<'c>, Value<'c>, Value<'c>) -> Value<'c>,
    ) -> Value<'c> {
        let ty = x.tensor_ty().unwrap_or_else(|| panic!("a reduction is of a tensor, not {}", x.ty()));
        let rank = ty.shape.len();
        let kept: Vec<usize> = (0..rank).filter(|d| !reduced.contains(d)).collect();
        let shape: Vec<i64> = kept.iter().map(|&d| ty.shape[d]).collect();
        let init = self.splat(&TensorTy::new(ty.elem, &shape), init);
        let reduction: Vec<bool> = (0..rank).map(|d| reduced.contains(&d)).collect();
        self.generic(
            GenericSpec {
                ins: &[(x, Map::identity(rank))],
                outs: &[(init, Map::select(rank, &kept))],
                reduction: &reduction,
            },
            |b, v| vec![body(b, v[0], v[1])],
        )
        .res(0)
    }

    fn segments(&self, sizes: &[i32]) -> Attribute<'c> {
        let text: Vec<_> = sizes.iter().map(ToString::to_string).collect();
        self.cx.parse_attr(&format!("array<i32: {}>", text.join(", "))).expect("a known attribute")
    }
}

/// A list of a slice's or padding's extents (`static_offsets`, `static_sizes`, `static_strides`, `static_low`,
/// `static_high`), those that are operands included. `None` if there is no such list, or an operand is no extent.
pub fn extents_list(op: Op<'_>, name: &str) -> Option<Vec<i64>> {
    const LISTS: [&str; 5] = ["static_offsets", "static_sizes", "static_strides", "static_low", "static_high"];
    // Behind the tensors.
    let mut operand = if op.op_name() == "tensor.insert_slice" { 2 } else { 1 };
    for list in LISTS {
        let Some(entries) = op.ints(list) else { continue };
        if list != name {
            operand += entries.iter().filter(|&&n| n == DYNAMIC).count();
            continue;
        }
        let args = op.args();
        return entries
            .into_iter()
            .map(|n| {
                if n != DYNAMIC {
                    return Some(n);
                }
                operand += 1;
                extent::of_value(*args.get(operand - 1)?)
            })
            .collect();
    }
    None
}

/// Whether a reshape leaves every element where it is in a buffer that has the strides of the largest shape: a symbolic
/// extent may only be the outermost of the dims that are merged or split.
pub fn is_view(from: &[i64], to: &[i64]) -> bool {
    let outermost = |shape: &[i64]| {
        let first = shape.iter().position(|&n| n != 1).map_or(shape.len(), |d| d + 1);
        !extent::any_symbolic(&shape[first..])
    };
    let symbolic = extent::any_symbolic(from) || extent::any_symbolic(to);
    !symbolic
        || from == to
        || reassociate(from, to).iter().all(|(a, b)| {
            let merged = from[a.clone()].iter().filter(|&&n| n != 1).eq(to[b.clone()].iter().filter(|&&n| n != 1));
            merged || (outermost(&from[a.clone()]) && outermost(&to[b.clone()]))
        })
}

#[cfg(test)]
mod tests {
    use super::reassociate;

    #[test]
    fn dims_are_grouped_by_equal_products() {
        assert_eq!(reassociate(&[2, 3, 4], &[6, 4]), [(0..2, 0..1), (2..3, 1..2)]);
        assert_eq!(reassociate(&[2, 3], &[3, 2]), [(0..2, 0..2)]);
        assert_eq!(reassociate(&[1, 3, 1, 4], &[3, 4]), [(0..2, 0..1), (2..4, 1..2)]);
        assert_eq!(reassociate(&[3, 4], &[3, 1, 4, 1]), [(0..1, 0..1), (1..2, 1..4)]);
        assert_eq!(reassociate(&[], &[1, 1]), []);
    }
}
