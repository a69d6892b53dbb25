//! `nn.matmul` on a grid.

use super::gemm::{Left, Place, Product, Right, Rows, scaled};
use super::gemv;
use super::tile::{Size, Tile, corner};
use crate::lower::Schedule;
use crate::lower::kernel::Kernel;
use crate::lower::matmul::side;
use crate::lower::point::{buffer_ty, flat_view};
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Elem, OpError, OpExt, Value, ValueExt, extent};
use weft_dialects::nn::matmul::Matmul;

/// Extents of a product; some may be expressions over the symbols.
struct Extents {
    batch: i64,
    m: i64,
    k: i64,
    n: i64,
    panel: i64,
    shared: bool,
}

impl Extents {
    fn size(&self, kernel: &Kernel<'_>) -> Size {
        let most = |n: i64| kernel.symbols.max(n);
        Size { batch: most(self.batch), m: most(self.m), n: most(self.n), k: most(self.k) }
    }
}

fn extents(kernel: &Kernel<'_>) -> Result<Extents, OpError> {
    let op = kernel.blame();
    let mm = Matmul::from_op(op).ok_or_else(|| OpError::new(op, "the root is no nn.matmul"))?;
    let (Some(a), Some(b)) = (mm.a().tensor_ty(), mm.b().tensor_ty()) else {
        return Err(OpError::new(op, "operands must be tensors"));
    };
    if !matches!(a.elem, Elem::F32 | Elem::F16) || !matches!(b.elem, Elem::F32 | Elem::F16) {
        return Err(OpError::new(op, format!("no kernel for elements of type {}", a.elem.mlir())));
    }
    Ok(Extents {
        batch: a.shape[0],
        m: a.shape[1],
        k: a.shape[2],
        n: mm.width(),
        panel: mm.panel(),
        shared: b.shape[0] == 1,
    })
}

/// The schedule: the grid, and its tile.
///
/// # Errors
/// When the kernel is no product that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Schedule, OpError> {
    let size = extents(kernel)?.size(kernel);
    Ok(Tile::choose(size, target).schedule(size))
}

/// The rows of a matrix.
struct Matrix<'c> {
    memref: Value<'c>,
    /// Where this batch's matrix starts.
    base: Value<'c>,
    row_stride: i64,
    k_stride: i64,
    k: i64,
}

impl<'c> Left<'c> for Matrix<'c> {
    fn outer(&self) -> &[i64] {
        &[]
    }

    fn inner(&self) -> i64 {
        self.k
    }

    fn row(&self, b: &Builder<'c>, row: Value<'c>) -> Vec<Value<'c>> {
        vec![b.binary("arith.addi", self.base, scaled(b, row, self.row_stride))]
    }

    fn place(&self, _: &Builder<'c>, row: &[Value<'c>], _: &[Value<'c>]) -> Place<'c> {
        Place { memref: self.memref, at: row[0], stride: self.k_stride, inside: None, run: None, safe: row[0] }
    }
}

/// Builds what an invocation runs.
///
/// # Errors
/// When an operand isn't a planned buffer, or the tail can't be evaluated at a point.
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>) -> Result<(), OpError> {
    let e = extents(kernel)?;
    let op = kernel.blame();
    let mm = Matmul(op);
    let missing = || OpError::new(op, "an operand of a product must be a buffer of its own, or a transpose of one");
    let (a, order) = side(kernel, mm.a()).ok_or_else(missing)?;
    let (tile, size) = (Tile::of(kernel)?, e.size(kernel));
    let b = &kernel.builder(cx);
    let corner = corner(b, kernel, tile, size)?;
    let batch = corner.batch;
    let of =
        |order: &[usize], strides: &[i64], dim: usize| order.iter().position(|&d| d == dim).map_or(0, |at| strides[at]);
    let strides = buffer_ty(a).strides;
    let left = Matrix {
        memref: flat_view(b, a),
        base: scaled(b, batch, of(&order, &strides, 0)),
        row_stride: of(&order, &strides, 1),
        k_stride: of(&order, &strides, 2),
        k: e.k,
    };
    let right = if e.panel > 0 {
        let w = kernel.memref(mm.b()).ok_or_else(missing)?;
        let ty = buffer_ty(w);
        let lead = if e.shared { b.index(0) } else { scaled(b, batch, ty.strides[0]) };
        // A column that is packed along K has one column a panel.
        Right {
            memref: flat_view(b, w),
            base: lead,
            panel: if e.panel == 1 { 0 } else { e.panel },
            panel_stride: ty.strides[1],
            k_stride: ty.strides[2],
            stride: if e.panel == 1 { ty.strides[1] } else { 1 },
            columns: ty.shape[1] * e.panel,
        }
    } else {
        let (w, order) = side(kernel, mm.b()).ok_or_else(missing)?;
        let ty = buffer_ty(w);
        let lead = if e.shared { b.index(0) } else { scaled(b, batch, of(&order, &ty.strides, 0)) };
        Right {
            memref: flat_view(b, w),
            base: lead,
            panel: 0,
            panel_stride: 0,
            k_stride: of(&order, &ty.strides, 1),
            stride: of(&order, &ty.strides, 2),
            columns: size.n,
        }
    };
    let known = Some(e.m).filter(|&m| !extent::is_symbolic(m));
    let m = Rows { value: kernel.symbols.value(b, e.m), known };
    let slice = (tile.slices > 1).then(|| tile.thread(b)[1]);
    let mut product = Product { kernel, tile, left: &left, right: &right, m, n: e.n, first: corner.first, slice };
    let mut sums = product.sums(b);
    if let Some(slice) = slice {
        sums = gemv::gather(b, &mut product, slice, &sums);
    }
    product.store(b, op.res(0), &sums, b.index(0), &|_, row| vec![batch, row])
}
