//! Evaluation of one op.

use super::generic;
use super::scalar::{Col, Program};
use crate::ir::{Cx, Op, OpError, OpExt, Tensor, TensorTy, ValueExt, row_major};

/// The values of an op's results for the values of its operands, which those of the tensors follow that its regions capture.
///
/// Evaluates `linalg.generic`, the ops of `tensor` that move data, tensor constants, and `nn`.
///
/// # Errors
/// When the op is of another kind, a shape is dynamic, or the op is malformed.
pub fn op<'c>(cx: Cx<'c>, op: Op<'c>, args: &[Tensor]) -> Result<Vec<Tensor>, OpError> {
    let name = op.op_name();
    if name.starts_with("nn.") {
        return Ok(vec![crate::nn::eval(op, args)?]);
    }
    let one = |t: Tensor| Ok(vec![t]);
    match name.as_str() {
        "arith.constant" => one(constant(cx, op)?),
        "linalg.generic" => generic::eval(op, args),
        "tensor.empty" => {
            let ty = result_ty(op)?;
            one(Tensor::zeros(ty.elem, &ty.shape))
        }
        "tensor.expand_shape" | "tensor.collapse_shape" => one(args[0].clone().reshaped(&result_ty(op)?.shape)),
        "tensor.extract_slice" => {
            let slice = Slice::of(op, args[0].shape.len())?;
            slice.check(op, &args[0].shape)?;
            let ty = result_ty(op)?;
            let mut y = Tensor::zeros(ty.elem, &slice.sizes);
            move_box(&args[0], &slice, &mut y, &Slice::whole(&slice.sizes));
            one(y.reshaped(&ty.shape))
        }
        "tensor.insert_slice" => {
            let slice = Slice::of(op, args[1].shape.len())?;
            slice.check(op, &args[1].shape)?;
            let mut y = args[1].clone();
            let x = args[0].clone().reshaped(&slice.sizes);
            move_box(&x, &Slice::whole(&slice.sizes), &mut y, &slice);
            one(y)
        }
        "tensor.concat" => one(concat(op, args)?),
        "tensor.pad" => one(pad(op, args)?),
        other => Err(OpError::new(op, format!("no reference evaluation for {other}"))),
    }
}

fn result_ty(op: Op<'_>) -> Result<TensorTy, OpError> {
    op.res(0)
        .tensor_ty()
        .filter(TensorTy::is_static)
        .ok_or_else(|| OpError::new(op, format!("{} is no tensor of known shape", op.res(0).ty())))
}

fn constant<'c>(cx: Cx<'c>, op: Op<'c>) -> Result<Tensor, OpError> {
    op.attr("value")
        .and_then(|a| cx.tensor_of(a))
        .ok_or_else(|| OpError::new(op, "not a tensor constant, or its bytes are not in the session"))
}

/// A strided box in a tensor.
struct Slice {
    offsets: Vec<i64>,
    sizes: Vec<i64>,
    strides: Vec<i64>,
}

impl Slice {
    fn of(op: Op<'_>, rank: usize) -> Result<Self, OpError> {
        let list = |name: &str| {
            op.ints(name)
                .filter(|v| v.len() == rank && v.iter().all(|&x| x != crate::ir::DYNAMIC))
                .ok_or_else(|| OpError::new(op, format!("'{name}' must be static")))
        };
        Ok(Self { offsets: list("static_offsets")?, sizes: list("static_sizes")?, strides: list("static_strides")? })
    }

    fn whole(shape: &[i64]) -> Self {
        Self { offsets: vec![0; shape.len()], sizes: shape.to_vec(), strides: vec![1; shape.len()] }
    }

    fn check(&self, op: Op<'_>, shape: &[i64]) -> Result<(), OpError> {
        let inside = |i: usize| {
            let (o, n, s) = (self.offsets[i], self.sizes[i], self.strides[i]);
            n == 0 || (o >= 0 && o < shape[i] && (0..shape[i]).contains(&(o + (n - 1) * s)))
        };
        match (0..shape.len()).find(|&i| !inside(i)) {
            Some(i) => Err(OpError::new(op, format!("the slice leaves dim {i} of extent {}", shape[i]))),
            None => Ok(()),
        }
    }
}

/// Copies a box of `from` to a box of as many elements of `to`.
fn move_box(from: &Tensor, read: &Slice, to: &mut Tensor, write: &Slice) {
    let bytes = from.elem.bytes();
    let (fs, ts) = (row_major(&from.shape), row_major(&to.shape));
    let rank = read.sizes.len();
    if read.sizes.contains(&0) {
        return;
    }
    let at = |slice: &Slice, strides: &[i64], point: &[i64]| -> usize {
        (0..rank).map(|d| (slice.offsets[d] + point[d] * slice.strides[d]) * strides[d]).sum::<i64>() as usize
    };
    // Contiguous rows move at once.
    let row = match rank {
        0 => 1,
        _ if read.strides[rank - 1] == 1 && write.strides[rank - 1] == 1 => read.sizes[rank - 1],
        _ => 1,
    };
    let mut outer = read.sizes.clone();
    if let (Some(last), true) = (outer.last_mut(), row != 1) {
        *last = 1;
    }
    let data = to.data.to_mut();
    let mut point = vec![0; rank];
    loop {
        let (r, w) = (at(read, &fs, &point) * bytes, at(write, &ts, &point) * bytes);
        let n = row as usize * bytes;
        data[w..w + n].copy_from_slice(&from.data[r..r + n]);
        if !advance(&mut point, &outer) {
            return;
        }
    }
}

/// The next point of a box in row-major order; false at the end.
fn advance(point: &mut [i64], extents: &[i64]) -> bool {
    for d in (0..point.len()).rev() {
        point[d] += 1;
        if point[d] < extents[d] {
            return true;
        }
        point[d] = 0;
    }
    false
}

fn concat(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let ty = result_ty(op)?;
    let dim = op.int("dim").unwrap_or_default() as usize;
    let mut y = Tensor::zeros(ty.elem, &ty.shape);
    let mut at = 0;
    for x in args {
        let mut write = Slice::whole(&x.shape);
        write.offsets[dim] = at;
        move_box(x, &Slice::whole(&x.shape), &mut y, &write);
        at += x.shape[dim];
    }
    Ok(y)
}

fn pad(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let ty = result_ty(op)?;
    let x = &args[0];
    let low = op
        .ints("static_low")
        .filter(|v| v.len() == x.shape.len() && v.iter().all(|&l| l != crate::ir::DYNAMIC))
        .ok_or_else(|| OpError::new(op, "'static_low' must be static"))?;
    let program = Program::compile(op, op.body(0))?;
    let mut regs = program.registers();
    for reg in regs.iter_mut().take(x.shape.len()) {
        *reg = Col::I(vec![0]);
    }
    // The padding value may depend on the position in MLIR; ours never does.
    if (0..x.shape.len()).any(|r| program.reads(r)) {
        return Err(OpError::new(op, "the padding value depends on the position"));
    }
    program.run(op, &[], &mut regs, 1, |_| vec![0])?;
    let value = regs[program.yields[0]].at(0);
    let n = ty.len().unwrap_or_default() as usize;
    let mut y = Tensor::from_scalars(ty.elem, &[1], [value]);
    y.data = y.data.repeat(n).into();
    y.shape.clone_from(&ty.shape);
    // Negative padding crops.
    let start: Vec<i64> = low.iter().map(|&l| (-l).max(0)).collect();
    let offsets: Vec<i64> = low.iter().map(|&l| l.max(0)).collect();
    let sizes: Vec<i64> =
        (0..low.len()).map(|d| (x.shape[d] - start[d]).min(ty.shape[d] - offsets[d]).max(0)).collect();
    let ones = vec![1; low.len()];
    let read = Slice { offsets: start, sizes: sizes.clone(), strides: ones.clone() };
    move_box(x, &read, &mut y, &Slice { offsets, sizes, strides: ones });
    Ok(y)
}
