//! 3x3 convolution of stride 1 by Winograd's algorithm, channels last.

use super::shape_of;
use super::winograd::{Winograd, both_sides};
use crate::ir::{Op, OpError, Scalar, Tensor, TensorTy};

crate::declare_op! {
    WinogradConv2d: "nn.winograd_conv2d", pure,
    "3x3 convolution of stride 1 and dilation 1 by Winograd's minimal filtering F(m x m, 3x3): tiles of n x n inputs \
     (`n = m + 2`) are transformed, multiplied with transformed weights plane by plane, which is a matrix product over \
     channels each, and transformed back to m x m outputs. Equal to `nn.conv2d` but for rounding.\n\nShapes: x \
     `N x (TH*m + 2) x (TW*m + 2) x C`, padding included, where `TH = ceil(OH / m)` and `TW = ceil(OW / m)`; u from \
     `nn.winograd_weights`, `n*n x ceil(M/P) x C x P`; scratch is memory for a block of tiles, one-dimensional, whose \
     contents nobody reads; y `N x OH x OW x M`.",
    operands { x: Shaped, u: Shaped, scratch: Shaped },
    attrs {
        tile: Int = "Outputs along a tile's edge, m: 2 or 4.",
        output: Ints = "`[OH, OW]`.",
        channels: Int = "Output channels M.",
        block: Ints = "Tiles that are computed together: `[rows, columns]`."
    },
    results { y: Shaped }
}

/// The extents of a convolution, from operands and attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extents {
    /// Images N.
    pub images: i64,
    /// Input channels C.
    pub c: i64,
    /// Output channels M.
    pub m: i64,
    /// Columns of a weight panel, P.
    pub panel: i64,
    /// `[OH, OW]`.
    pub output: [i64; 2],
    /// `[TH, TW]`.
    pub tiles: [i64; 2],
    /// `[rows, columns]` of a block.
    pub block: [i64; 2],
}

impl Extents {
    /// Panels of weights.
    pub fn panels(&self) -> i64 {
        (self.m + self.panel - 1) / self.panel
    }

    /// Elements from one plane of a block's transformed inputs to the next. A cache line more than it holds: planes at
    /// powers of two would share cache sets (measured: 7 to 26 % slower).
    pub fn input_plane(&self) -> i64 {
        self.block[0] * self.block[1] * self.c + 16
    }

    /// Elements from one plane of a block's products to the next; their rows are whole panels.
    pub fn product_plane(&self) -> i64 {
        self.block[0] * self.block[1] * self.panels() * self.panel + 16
    }

    /// Elements of scratch: planes of inputs, then of products.
    pub fn scratch(&self, winograd: &Winograd) -> i64 {
        winograd.planes() * (self.input_plane() + self.product_plane())
    }
}

/// Reads and checks the extents.
///
/// # Errors
/// When shapes and attributes contradict each other.
pub fn extents(op: Op<'_>) -> Result<Extents, OpError> {
    let (x, u, scratch) = (shape_of(op, 0)?, shape_of(op, 1)?, shape_of(op, 2)?);
    let conv = WinogradConv2d(op);
    let winograd = Winograd::of(op)?;
    let bad = |what: String| Err(OpError::new(op, what));
    let (&[images, h, w, c], &[planes, panels, k, panel]) = (&x.shape[..], &u.shape[..]) else {
        return bad("x must be N x H x W x C, u n*n x panels x C x P".to_owned());
    };
    let (Ok(output), Ok(block)) = (<[i64; 2]>::try_from(conv.output()), <[i64; 2]>::try_from(conv.block())) else {
        return bad("'output' and 'block' must have two entries".to_owned());
    };
    if output.iter().chain(&block).any(|&n| n < 1) || panel < 1 {
        return bad("'output', 'block' and panels must be positive".to_owned());
    }
    let tiles = output.map(|n| (n + winograd.tile - 1) / winograd.tile);
    let e = Extents { images, c, m: conv.channels(), panel, output, tiles, block };
    let wanted = tiles.map(|t| t * winograd.tile + 2);
    if [h, w] != wanted {
        return bad(format!("the input is {h} x {w}, but {} x {} is needed for the outputs", wanted[0], wanted[1]));
    }
    if (planes, panels, k) != (winograd.planes(), e.panels(), c) {
        return bad(format!("weights are {:?}, which doesn't fit {c} input and {} output channels", u.shape, e.m));
    }
    if scratch.shape != [e.scratch(winograd)] {
        return bad(format!("scratch has the shape {:?}, but [{}] is needed", scratch.shape, e.scratch(winograd)));
    }
    Ok(e)
}

/// Shape rule.
///
/// # Errors
/// As [`extents`].
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let e = extents(op)?;
    Ok(TensorTy::new(shape_of(op, 0)?.elem, &[e.images, e.output[0], e.output[1], e.m]))
}

/// Reference evaluation: the algorithm, in f64.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let (ty, e, winograd) = (infer(op)?, extents(op)?, Winograd::of(op)?);
    let (x, u) = (&args[0], &args[1]);
    let (n, m, [th, tw]) = (winograd.edge(), winograd.tile, e.tiles);
    let width = tw * m + 2;
    let mut y = Tensor::zeros(ty.elem, &ty.shape);
    for tile in 0..e.images * th * tw {
        let (image, ty0, tx0) = (tile / (th * tw), tile / tw % th * m, tile % tw * m);
        let transformed: Vec<Vec<f64>> = (0..e.c)
            .map(|c| {
                let at = |i: i64| ((image * (th * m + 2) + ty0 + i / n) * width + tx0 + i % n) * e.c + c;
                let inputs: Vec<f64> = (0..n * n).map(|i| x.get(at(i) as usize).f64()).collect();
                both_sides(winograd.input, &inputs)
            })
            .collect();
        for j in 0..e.m {
            let weight = |plane: i64, c: i64| {
                let at = ((plane * e.panels() + j / e.panel) * e.c + c) * e.panel + j % e.panel;
                u.get(at as usize).f64()
            };
            let products: Vec<f64> = (0..n * n)
                .map(|plane| (0..e.c).map(|c| transformed[c as usize][plane as usize] * weight(plane, c)).sum())
                .collect();
            for (i, v) in (0..).zip(both_sides(winograd.output, &products)) {
                let (row, column) = (ty0 + i / m, tx0 + i % m);
                if row < e.output[0] && column < e.output[1] {
                    let at = ((image * e.output[0] + row) * e.output[1] + column) * e.m + j;
                    y.set(at as usize, Scalar::F(v));
                }
            }
        }
    }
    Ok(y)
}
