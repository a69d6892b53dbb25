//! `nn.matmul` with a packed right side, to loops.

use super::dot;
use super::gemm::{self, Left, Right, Shape};
use super::kernel::Kernel;
use super::symbols::SymbolValues;
use super::tiles::cover;
use crate::target::Target;
use weft_dialects::ir::{Builder, Cx, Generic, OpError, OpExt, Value, ValueExt, extent};
use weft_dialects::nn::matmul::Matmul;

/// Extents of a product.
struct Extents {
    batch: i64,
    m: i64,
    k: i64,
    n: i64,
    panel: i64,
    shared: bool,
}

fn extents(kernel: &Kernel<'_>) -> Result<Extents, OpError> {
    let op = kernel.blame();
    let mm = Matmul::from_op(op).ok_or_else(|| OpError::new(op, "the root is no nn.matmul"))?;
    let (Some(a), Some(b)) = (mm.a().tensor_ty(), mm.b().tensor_ty()) else {
        return Err(OpError::new(op, "operands must be tensors"));
    };
    if mm.panel() == 0 {
        return Err(OpError::new(op, "the right side must be packed: run 'pack-weights' first"));
    }
    if a.elem != weft_dialects::ir::Elem::F32 {
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

/// Rows of a unit where vectors lie along K.
const DOT_ROWS: i64 = 64;

/// The schedule: `units` of the outermost loop, `rows` of a tile, and `block`, the rows of an outermost block (0 if
/// panels are outermost).
///
/// Panels outermost keep one panel of B in L1 and stream A; when A exceeds its share of L2, blocks of 24 to 60 rows
/// outermost are 2 to 5 % faster (measured for M >= 784), and low ones where a panel doesn't fit into L1 (128x384x1536:
/// 24 rows 55 GFLOP/s, 48 rows 53, none 52).
///
/// # Errors
/// When the kernel is no product that can be lowered.
pub fn schedule(kernel: &Kernel<'_>, target: &Target) -> Result<Vec<(&'static str, i64)>, OpError> {
    let e = extents(kernel)?;
    let rows = target.gemm_rows();
    let most = |n: i64| kernel.symbols.max(n);
    let (open, a_bytes) = (extent::is_symbolic(e.m), most(e.m) * most(e.k) * 4);
    if e.panel == 1 {
        let block = DOT_ROWS.min(e.m.max(1));
        return Ok(vec![("units", e.batch * ((e.m + block - 1) / block)), ("rows", 8), ("block", block)]);
    }
    let low = most(e.k) * e.panel * 4 > target.l1_bytes;
    let block = if !open && a_bytes > target.l2_bytes && e.m > 10 * rows { rows * if low { 4 } else { 8 } } else { 0 };
    let each = if block > 0 { (e.m + block - 1) / block } else { extent::ceil_div(e.n, e.panel) };
    let units = extent::mul(e.batch, each).ok_or_else(|| {
        OpError::new(kernel.blame(), "a product whose batch and columns are both left open can't be lowered")
    })?;
    Ok(vec![("units", units), ("rows", rows), ("block", block)])
}

/// Rows of a matrix, in a buffer whose dims may be ordered otherwise.
struct MatrixLeft<'k, 'c> {
    memref: Value<'c>,
    /// Per dim of the buffer: which of batch, row and K it is.
    order: Vec<usize>,
    batch: Value<'c>,
    row: Value<'c>,
    k: i64,
    symbols: &'k SymbolValues<'c>,
}

impl<'c> Left<'c> for MatrixLeft<'_, 'c> {
    fn outer(&self) -> &[i64] {
        &[]
    }

    fn inner(&self) -> i64 {
        self.k
    }

    fn end(&self, b: &Builder<'c>) -> Value<'c> {
        self.symbols.value(b, self.k)
    }

    fn place(&self, b: &Builder<'c>, row: i64, _outer: &[Value<'c>], k: Value<'c>) -> Vec<Value<'c>> {
        let m = if row == 0 { self.row } else { b.binary("arith.addi", self.row, b.index(row)) };
        let point = [self.batch, m, k];
        [self.memref].into_iter().chain(self.order.iter().map(|&d| point[d])).collect()
    }
}

/// The buffer behind a side of a product, through a transpose in the kernel, and its dims' order.
pub fn side<'c>(kernel: &Kernel<'c>, a: Value<'c>) -> Option<(Value<'c>, Vec<usize>)> {
    if let Some(memref) = kernel.memref(a) {
        return Some((memref, vec![0, 1, 2]));
    }
    let g = a.def().and_then(|d| Generic::of(d).ok())?;
    let (&[x], map) = (&g.ins[..], g.in_map(0)) else { return None };
    Some((kernel.memref(x)?, map.as_permutation()?))
}

/// Builds the loops.
///
/// # Errors
/// When an operand isn't a planned buffer, or the tail can't be evaluated at a point.
pub fn lower<'c>(cx: Cx<'c>, kernel: &Kernel<'c>, target: &Target) -> Result<(), OpError> {
    let e = extents(kernel)?;
    let op = kernel.blame();
    let mm = Matmul(op);
    let not_a_buffer =
        || OpError::new(op, "an operand of a product must be a buffer of its own, or a transpose of one");
    let (a, order) = side(kernel, mm.a()).ok_or_else(not_a_buffer)?;
    if e.panel == 1 && order.last() != Some(&2) {
        return Err(OpError::new(op, "a column packed along K needs a left side that is contiguous along K"));
    }
    let w = kernel.memref(mm.b()).ok_or_else(not_a_buffer)?;
    let (rows, block) = (kernel.setting("rows")?, kernel.setting("block")?);
    let b = kernel.builder(cx);
    let range = kernel.range()?;
    let dot = (e.panel == 1).then(|| dot::column(&b, w));
    let symbols = &kernel.symbols;
    let panel_body = |b: &Builder<'c>,
                      batch: Value<'c>,
                      p: Value<'c>,
                      (columns, stored): (i64, Option<Value<'c>>),
                      base: Option<Value<'c>>,
                      m: i64| {
        let lead = |b: &Builder<'c>| if e.shared { b.index(0) } else { batch };
        let right = Right { memref: w, lead: vec![lead(b), p], columns, stored };
        let column = b.binary("arith.muli", p, b.index(e.panel));
        let tile = |b: &Builder<'c>, row: Value<'c>, tile: i64| {
            let left = MatrixLeft { memref: a, order: order.clone(), batch, row, k: e.k, symbols };
            let row_at = |b: &Builder<'c>, r: i64| {
                vec![batch, if r == 0 { row } else { b.binary("arith.addi", row, b.index(r)) }]
            };
            if let Some(column) = dot {
                let sums = dot::product(b, &left, (column, lead(b)), tile);
                return dot::store_tile(b, kernel, op.res(0), &sums, &row_at);
            }
            let shape = Shape::of(target, tile, columns, e.k);
            let sums = gemm::product(b, &left, &right, tile, shape);
            gemm::store_tile(b, kernel, op.res(0), &sums, &right, tile, shape.lanes, column, &row_at)
        };
        if extent::is_symbolic(m) {
            gemm::for_open_tiles(b, symbols, m, rows, tile)
        } else {
            let runs = if dot.is_some() { dot::cover(m) } else { cover(m, rows) };
            gemm::for_tiles(b, &runs, base, tile)
        }
    };
    let panels = extent::ceil_div(e.n, e.panel);
    let all_panels = |b: &Builder<'c>, batch, range, base: Option<Value<'c>>, m: i64| {
        if extent::is_symbolic(e.n) {
            // A row of the result has room for whole panels if its largest length has.
            let columns = (e.n, e.panel, symbols.max(e.n) % e.panel == 0);
            gemm::for_open_panels(b, symbols, range, columns, |b, p, stored| {
                panel_body(b, batch, p, (e.panel, stored), base, m)
            })
        } else {
            gemm::for_panels(b, range, e.n, e.panel, |b, p, columns| panel_body(b, batch, p, (columns, None), base, m))
        }
    };
    if block == 0 {
        return with_batch(&b, range, e.batch, (panels, symbols), |b, batch, range| {
            all_panels(b, batch, range, None, e.m)
        });
    }
    let blocks = (e.m + block - 1) / block;
    with_batch(&b, range, e.batch, (blocks, symbols), |b, batch, range| {
        gemm::for_panels(b, range, e.m, block, |b, blk, m| {
            let base = b.binary("arith.muli", blk, b.index(block));
            let all = (b.index(0), symbols.value(b, panels));
            all_panels(b, batch, all, Some(base), m)
        })
    })
}

/// Splits the range of `batch * each` units into a batch and its own range; with one batch the range is its own.
fn with_batch<'c>(
    b: &Builder<'c>,
    (begin, end): (Value<'c>, Value<'c>),
    batch: i64,
    (each, symbols): (i64, &SymbolValues<'c>),
    mut body: impl FnMut(&Builder<'c>, Value<'c>, (Value<'c>, Value<'c>)) -> Result<(), OpError>,
) -> Result<(), OpError> {
    if batch == 1 {
        let zero = b.index(0);
        return body(b, zero, (begin, end));
    }
    let mut outcome = Ok(());
    let one = b.index(1);
    b.for_loop(begin, end, one, &[], |b, unit, _| {
        let each = symbols.value(b, each);
        let bi = b.binary("arith.divui", unit, each);
        let first = b.binary("arith.remui", unit, each);
        let last = b.binary("arith.addi", first, b.index(1));
        outcome = body(b, bi, (first, last));
        Vec::new()
    });
    outcome
}
