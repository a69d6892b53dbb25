//! `linalg.generic` on tensors.

use super::scalar::{Col, Program};
use crate::ir::{Elem, Generic, Map, Op, OpError, OpExt, Scalar, Tensor};

/// Extents of the iteration space.
pub(super) fn domain(generic: &Generic<'_>) -> Result<Vec<i64>, OpError> {
    let known: Option<Vec<i64>> = generic.extents().into_iter().map(|n| n.filter(|&n| n >= 0)).collect();
    known.ok_or_else(|| {
        OpError::new(generic.op, "the extent of an iteration dim can't be told from the operands' shapes")
    })
}

/// Points of the iteration space that are computed together.
const BLOCK: usize = 1024;

/// An operand's address as a function of the point: `base + sum(stride[d] * d)`, in elements.
struct Access {
    base: i64,
    strides: Vec<i64>,
}

impl Access {
    fn new(op: Op<'_>, map: &Map, shape: &[i64], extents: &[i64]) -> Result<Self, OpError> {
        let mut access = Access { base: 0, strides: vec![0; extents.len()] };
        for ((e, &n), s) in map.results.iter().zip(shape).zip(crate::ir::row_major(shape)) {
            let span = |positive: bool| -> i64 {
                e.terms.iter().filter(|t| (t.1 > 0) == positive).map(|&(d, c)| (extents[d] - 1) * c).sum()
            };
            let (low, high) = (e.constant + span(false), e.constant + span(true));
            if low < 0 || high >= n {
                return Err(OpError::new(op, format!("an indexing map reads {low}..={high} of an extent of {n}")));
            }
            access.base += e.constant * s;
            for &(d, c) in &e.terms {
                access.strides[d] += c * s;
            }
        }
        Ok(access)
    }
}

/// Walks a box of the iteration space in row-major order, a block of points at a time.
struct Walker<'a> {
    dims: &'a [usize],
    extents: &'a [i64],
    point: Vec<i64>,
    left: i64,
}

impl<'a> Walker<'a> {
    fn new(dims: &'a [usize], extents: &'a [i64]) -> Self {
        let left = dims.iter().map(|&d| extents[d]).product();
        Self { dims, extents, point: vec![0; extents.len()], left }
    }

    /// Calls `run` with each stretch along the innermost dim of the next `max` points: its first point and length.
    /// Returns the number of points; 0 at the end.
    fn next(&mut self, max: usize, mut run: impl FnMut(&[i64], usize)) -> usize {
        let n = (self.left).min(max as i64);
        let mut todo = n;
        let Some(&inner) = self.dims.last() else {
            if n > 0 {
                run(&self.point, 1);
            }
            self.left -= n;
            return n as usize;
        };
        while todo > 0 {
            let len = todo.min(self.extents[inner] - self.point[inner]);
            run(&self.point, len as usize);
            todo -= len;
            self.point[inner] += len;
            let mut i = self.dims.len() - 1;
            while self.point[self.dims[i]] == self.extents[self.dims[i]] && i > 0 {
                self.point[self.dims[i]] = 0;
                i -= 1;
                self.point[self.dims[i]] += 1;
            }
        }
        self.left -= n;
        n as usize
    }
}

/// Evaluates a generic; `args` are its operands, then the tensors that its body captures.
pub(super) fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Vec<Tensor>, OpError> {
    let view = Generic::of(op)?;
    let (args, captured) = args.split_at(view.maps.len());
    let extents = domain(&view)?;
    let n_ins = view.ins.len();
    let mut outs: Vec<Tensor> = args[n_ins..].to_vec();
    if extents.contains(&0) {
        return Ok(outs);
    }
    let program = Program::compile(op, op.body(0))?;
    let access: Vec<Access> =
        view.maps.iter().zip(args).map(|(m, t)| Access::new(op, m, &t.shape, &extents)).collect::<Result<_, _>>()?;
    let dims_of =
        |reduced: bool| -> Vec<usize> { (0..extents.len()).filter(|&d| view.reduction[d] == reduced).collect() };
    let (parallel, reduced) = (dims_of(false), dims_of(true));
    // Within a block of parallel points each output element is written once if every parallel dim is a subscript.
    let distinct =
        view.maps[n_ins..].iter().all(|m| parallel.iter().all(|&d| m.results.iter().any(|e| e.as_dim() == Some(d))));
    let max = if distinct { BLOCK } else { 1 };

    if let (Some(from), true, [out]) = (program.forwards().filter(|&r| r < n_ins), reduced.is_empty(), &mut outs[..])
        && args[from].elem == out.elem
    {
        copy(&args[from], out, &access[from], &access[n_ins], &parallel, &extents);
        return Ok(outs);
    }

    let reads: Vec<bool> = (0..args.len()).map(|r| program.reads(r)).collect();
    let mut regs = program.registers();
    let mut addresses: Vec<Vec<i64>> = vec![Vec::new(); args.len()];
    let mut outer = Walker::new(&reduced, &extents);
    // Reduction dims outside, parallel dims inside: each output's terms still come in the order of the reduction.
    loop {
        let mut fixed = Vec::new();
        if outer.next(1, |p, _| fixed = p.to_vec()) == 0 {
            break;
        }
        let mut inner = Walker::new(&parallel, &extents);
        let last = parallel.last().copied();
        loop {
            addresses.iter_mut().for_each(Vec::clear);
            let mut points: Vec<(Vec<i64>, usize)> = Vec::new();
            let n = inner.next(max, |p, len| {
                let point: Vec<i64> = p.iter().zip(&fixed).map(|(a, b)| a + b).collect();
                for (a, access) in addresses.iter_mut().zip(&access) {
                    let first = access.base + point.iter().zip(&access.strides).map(|(x, s)| x * s).sum::<i64>();
                    let step = last.map_or(0, |d| access.strides[d]);
                    a.extend((0..len as i64).map(|i| first + i * step));
                }
                points.push((point, len));
            });
            if n == 0 {
                break;
            }
            for (i, t) in args[..n_ins].iter().chain(&outs).enumerate() {
                if reads[i] {
                    gather(t, &addresses[i], &mut regs[i]);
                }
            }
            program.run(op, captured, &mut regs, n, |dim| {
                let step = |len: usize, p: &Vec<i64>| {
                    let along = i64::from(last == Some(dim));
                    let start = p[dim];
                    (0..len as i64).map(move |i| start + i * along)
                };
                points.iter().flat_map(|(p, len)| step(*len, p)).collect()
            })?;
            for ((t, a), &r) in outs.iter_mut().zip(&addresses[n_ins..]).zip(&program.yields) {
                scatter(t, a, &regs[r]);
            }
        }
    }
    Ok(outs)
}

fn copy(from: &Tensor, to: &mut Tensor, read: &Access, write: &Access, dims: &[usize], extents: &[i64]) {
    let bytes = from.elem.bytes();
    let last = dims.last().copied();
    let data = to.data.to_mut();
    let mut walker = Walker::new(dims, extents);
    let at =
        |a: &Access, p: &[i64]| (a.base + p.iter().zip(&a.strides).map(|(x, s)| x * s).sum::<i64>()) as usize * bytes;
    let step = |a: &Access| last.map_or(0, |d| a.strides[d]) as isize * bytes as isize;
    let (sr, sw) = (step(read), step(write));
    while walker.next(usize::MAX >> 1, |p, len| {
        let (mut r, mut w) = (at(read, p) as isize, at(write, p) as isize);
        for _ in 0..len {
            data[w as usize..][..bytes].copy_from_slice(&from.data[r as usize..][..bytes]);
            r += sr;
            w += sw;
        }
    }) > 0
    {}
}

fn gather(t: &Tensor, at: &[i64], out: &mut Col) {
    match out {
        Col::F(v) => {
            v.clear();
            if t.elem == Elem::F32 {
                let word = |i: i64| {
                    let b = &t.data[i as usize * 4..][..4];
                    f64::from(f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                };
                v.extend(at.iter().map(|&i| word(i)));
            } else {
                v.extend(at.iter().map(|&i| t.get(i as usize).f64()));
            }
        }
        Col::I(v) => {
            v.clear();
            v.extend(at.iter().map(|&i| t.get(i as usize).i64()));
        }
    }
}

fn scatter(t: &mut Tensor, at: &[i64], from: &Col) {
    match from {
        Col::F(v) if t.elem == Elem::F32 => {
            let data = t.data.to_mut();
            for (&i, &x) in at.iter().zip(v) {
                data[i as usize * 4..][..4].copy_from_slice(&(x as f32).to_le_bytes());
            }
        }
        Col::F(v) => at.iter().zip(v).for_each(|(&i, &x)| t.set(i as usize, Scalar::F(x))),
        Col::I(v) => at.iter().zip(v).for_each(|(&i, &x)| t.set(i as usize, Scalar::I(x))),
    }
}
