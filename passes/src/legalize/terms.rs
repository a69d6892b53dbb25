//! Arithmetic on whole tensors, for operators that are defined by several steps; and sums of products.

use super::cast::{convert, scalar};
use super::dtype::Dtype;
use super::node::{Node, Reason, Typed, broadcast, elements, invalid, number};
use weft_dialects::ir::{Builder, Elem, GenericSpec, LinExpr, Map, OpExt, Tensor, TensorTy, Value};

/// Whether a type is a float of 16 bits.
pub fn is_half(dtype: Dtype) -> bool {
    matches!(dtype.elem, Elem::F16 | Elem::BF16)
}

/// The position along dim `d` of the generic that is being built, as an `i32`.
pub fn position<'c>(b: &Builder<'c>, d: usize) -> Value<'c> {
    let at = b.value("linalg.index", &[], b.cx.index(), &[("dim", b.cx.i64_attr(d as i64))]);
    b.value("arith.index_cast", &[at], b.cx.i32(), &[])
}

impl<'c> Node<'c> {
    /// A scalar op of two operands and a result of one type, with numpy's broadcasting.
    pub fn op2(&self, op: &str, x: Typed<'c>, y: Typed<'c>) -> Result<Typed<'c>, Reason> {
        self.map(&[x, y], x.dtype, |b, v| b.binary(op, v[0], v[1]))
    }

    /// A scalar op of one operand, at every point.
    pub fn op1(&self, op: &str, x: Typed<'c>) -> Result<Typed<'c>, Reason> {
        self.map(&[x], x.dtype, |b, v| b.unary(op, v[0]))
    }

    /// A number as a tensor of rank 0.
    pub fn number(&self, dtype: Dtype, v: f64) -> Typed<'c> {
        Typed::new(self.b.tensor(&Tensor::from_scalars(dtype.elem, &[], [number(dtype.elem, v)])), dtype)
    }

    /// `x` times a number, of floats.
    pub fn scaled(&self, x: Typed<'c>, factor: f64) -> Result<Typed<'c>, Reason> {
        if factor == 1.0 { Ok(x) } else { self.op2("arith.mulf", x, self.number(x.dtype, factor)) }
    }

    /// The same elements under another shape.
    pub fn reshaped(&self, x: Typed<'c>, shape: &[i64]) -> Result<Typed<'c>, Reason> {
        if elements(shape)? != x.len() {
            return invalid(format!("{:?} has {} elements and can't become {shape:?}", x.shape(), x.len()));
        }
        Ok(x.with(self.b.reshape(x.value, shape)))
    }

    /// Dims in another order: dim `i` of the result is dim `perm[i]`.
    pub fn permuted(&self, x: Typed<'c>, perm: &[usize]) -> Typed<'c> {
        x.with(self.b.permute(x.value, perm))
    }

    /// As [`Node::map`], to a shape that the operands broadcast to; the body may ask for its [`position`].
    pub fn map_to(
        &self,
        shape: &[i64],
        args: &[Typed<'c>],
        out: Dtype,
        body: impl FnOnce(&Builder<'c>, &[Value<'c>]) -> Value<'c>,
    ) -> Result<Typed<'c>, Reason> {
        let mut all: Vec<_> = args.iter().map(Typed::shape).collect();
        all.push(shape.to_vec());
        if broadcast(&all)? != shape {
            return invalid(format!("{:?} doesn't broadcast to {shape:?}", &all[..args.len()]));
        }
        let ins: Vec<_> = args.iter().map(|a| (a.value, Map::broadcast(&a.shape(), shape))).collect();
        Ok(Typed::new(self.b.elementwise(out.elem, shape, &ins, body), out))
    }

    /// The sum over `reduced` dims of the products of `factors`, each read through its map from the loop dims; the
    /// other dims are the result's, in order. Half precision is summed in `f32`, integers in the result's type, and the
    /// result rounded once.
    pub fn contract(
        &self,
        factors: &[(Typed<'c>, Map)],
        extents: &[i64],
        reduced: &[bool],
        to: Dtype,
    ) -> Result<Typed<'c>, Reason> {
        let sum = if is_half(to) { Dtype::F32 } else { to };
        let product = |b: &Builder<'c>, v: &[Value<'c>]| {
            let wide = v.iter().zip(factors).map(|(&v, (x, _))| scalar(b, v, x.dtype, sum));
            let one = b.scalar(sum.elem, number(sum.elem, 1.0));
            let mul = |x, y| if to.is_float() { b.contract("arith.mulf", x, y) } else { b.binary("arith.muli", x, y) };
            wide.reduce(mul).unwrap_or(one)
        };
        let ins: Vec<_> = factors.iter().map(|(x, m)| (x.value, m.clone())).collect();
        let kept: Vec<usize> = (0..extents.len()).filter(|&d| !reduced[d]).collect();
        let shape: Vec<i64> = kept.iter().map(|&d| extents[d]).collect();
        elements(&shape)?;
        if kept.len() == extents.len() {
            return convert(self, Typed::new(self.b.elementwise(sum.elem, &shape, &ins, product), sum), to);
        }
        let zero = self.b.splat(&TensorTy::new(sum.elem, &shape), number(sum.elem, 0.0));
        let outs = [(zero, Map::select(extents.len(), &kept))];
        let y = self.b.generic(GenericSpec { ins: &ins, outs: &outs, reduction: reduced }, |b, v| {
            let (factors, acc) = v.split_at(v.len() - 1);
            let p = product(b, factors);
            vec![if to.is_float() { b.contract("arith.addf", p, acc[0]) } else { b.binary("arith.addi", p, acc[0]) }]
        });
        convert(self, Typed::new(y.res(0), sum), to)
    }

    /// Products of the matrices of two stacks, `B x M x K` by `B x K x N`: by `nn.matmul` in `f32` (half precision too, rounded
    /// once), else as a sum of products.
    pub fn products(&self, x: Typed<'c>, y: Typed<'c>, to: Dtype) -> Result<Typed<'c>, Reason> {
        let [batch, m, k] = super::conv::to_array(&x.shape())?;
        let [others, rows, n] = super::conv::to_array(&y.shape())?;
        if k != rows || (others != batch && others != 1) {
            return invalid(format!("{:?} times {:?} is no matrix product", x.shape(), y.shape()));
        }
        if [x.dtype, y.dtype, to].iter().all(|d| d.elem == Elem::F32) {
            return super::matmul::product3(self, x, y, n);
        }
        if is_half(to) {
            let f32s = |t| convert(self, t, Dtype::F32);
            return convert(self, super::matmul::product3(self, f32s(x)?, f32s(y)?, n)?, to);
        }
        let read = |stack: i64, row: usize, column: usize| {
            let mut map = Map::select(4, &[0, row, column]);
            if stack == 1 && batch != 1 {
                map.results[0] = LinExpr::constant(0);
            }
            map
        };
        self.contract(
            &[(x, read(batch, 1, 3)), (y, read(others, 3, 2))],
            &[batch, m, n, k],
            &[false, false, false, true],
            to,
        )
    }
}
