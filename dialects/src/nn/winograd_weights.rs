//! Weights of a 3x3 convolution, transformed for Winograd's algorithm.

use super::shape_of;
use super::winograd::{Winograd, both_sides};
use crate::ir::{Op, OpError, Scalar, Tensor, TensorTy};

crate::declare_op! {
    WinogradWeights: "nn.winograd_weights", pure,
    "Weights of a 3x3 convolution, transformed for `nn.winograd_conv2d`: of the 3x3 taps g of each pair of channels \
     `G g G^T`, whose n x n elements (`n = tile + 2`) go to as many planes.\n\nShapes: w `1 x ceil(M/P) x 9*C x P`, as \
     `nn.pack` makes it of `KH*KW*C x M`; y `n*n x ceil(M/P) x C x P`, each plane the packed right side of a product.",
    operands { w: Shaped },
    attrs { tile: Int = "Outputs along a tile's edge: 2 or 4." },
    results { y: Shaped }
}

/// Shape rule.
///
/// # Errors
/// When w holds no packed 3x3 weights, or there is no such tile.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let w = shape_of(op, 0)?;
    match w.shape[..] {
        [1, panels, k, p] if k % 9 == 0 => Ok(TensorTy::new(w.elem, &[Winograd::of(op)?.planes(), panels, k / 9, p])),
        _ => Err(OpError::new(op, format!("weights must be 1 x panels x 9*C x P, not {:?}", w.shape))),
    }
}

/// Reference evaluation; in f64.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let ty = infer(op)?;
    let winograd = Winograd::of(op)?;
    let (panels, c, p) = (ty.shape[1], ty.shape[2], ty.shape[3]);
    let mut y = Tensor::zeros(ty.elem, &ty.shape);
    for panel in 0..panels {
        for ci in 0..c {
            for j in 0..p {
                let taps: Vec<f64> =
                    (0..9).map(|t| args[0].get((((panel * 9 + t) * c + ci) * p + j) as usize).f64()).collect();
                for (plane, v) in both_sides(winograd.weights, &taps).into_iter().enumerate() {
                    y.set((((plane as i64 * panels + panel) * c + ci) * p + j) as usize, Scalar::F(v));
                }
            }
        }
    }
    Ok(y)
}
