//! Winograd's minimal filtering for 3x3 convolutions of stride 1: the matrices of its three transforms.
//!
//! F(m x m, 3x3) computes m x m outputs from `n x n` inputs, `n = m + 2`, by n*n instead of 9*m*m products:
//! `Y = A^T ((G g G^T) * (B^T d B)) A`, summed over channels where `*` stands. Winograd 1980; Lavin and Gray, "Fast
//! Algorithms for Convolutional Neural Networks" (2015), whose matrices these are.

use crate::ir::{Op, OpError, OpExt};

/// The transforms of one tile size.
#[derive(Debug, PartialEq)]
pub struct Winograd {
    /// Outputs along an edge, m.
    pub tile: i64,
    /// `B^T`, n x n: of inputs.
    pub input: &'static [&'static [f64]],
    /// `G`, n x 3: of weights.
    pub weights: &'static [&'static [f64]],
    /// `A^T`, m x n: of products to outputs.
    pub output: &'static [&'static [f64]],
}

/// F(2x2, 3x3): 2.25 times fewer products; errors about as large as those of the direct sum.
pub const F2: Winograd = Winograd {
    tile: 2,
    input: &[&[1., 0., -1., 0.], &[0., 1., 1., 0.], &[0., -1., 1., 0.], &[0., 1., 0., -1.]],
    weights: &[&[1., 0., 0.], &[0.5, 0.5, 0.5], &[0.5, -0.5, 0.5], &[0., 0., 1.]],
    output: &[&[1., 1., 1., 0.], &[0., 1., -1., -1.]],
};

/// F(4x4, 3x3): 4 times fewer products; errors about ten times as large as those of F(2x2, 3x3).
pub const F4: Winograd = Winograd {
    tile: 4,
    input: &[
        &[4., 0., -5., 0., 1., 0.],
        &[0., -4., -4., 1., 1., 0.],
        &[0., 4., -4., -1., 1., 0.],
        &[0., -2., -1., 2., 1., 0.],
        &[0., 2., -1., -2., 1., 0.],
        &[0., 4., 0., -5., 0., 1.],
    ],
    weights: &[
        &[1. / 4., 0., 0.],
        &[-1. / 6., -1. / 6., -1. / 6.],
        &[-1. / 6., 1. / 6., -1. / 6.],
        &[1. / 24., 1. / 12., 1. / 6.],
        &[1. / 24., -1. / 12., 1. / 6.],
        &[0., 0., 1.],
    ],
    output: &[
        &[1., 1., 1., 1., 1., 0.],
        &[0., 1., -1., 2., -2., 0.],
        &[0., 1., 1., 4., 4., 0.],
        &[0., 1., -1., 8., -8., 1.],
    ],
};

impl Winograd {
    /// The transforms that an op's `tile` names.
    ///
    /// # Errors
    /// When there are none.
    pub fn of(op: Op<'_>) -> Result<&'static Winograd, OpError> {
        match op.int("tile") {
            Some(2) => Ok(&F2),
            Some(4) => Ok(&F4),
            other => Err(OpError::new(op, format!("'tile' must be 2 or 4, not {other:?}"))),
        }
    }

    /// Inputs along an edge, n.
    pub fn edge(&self) -> i64 {
        self.tile + 2
    }

    /// Transformed planes, n * n.
    pub fn planes(&self) -> i64 {
        self.edge() * self.edge()
    }
}

/// `M x M^T`, for a square x given row by row.
pub(super) fn both_sides(m: &[&[f64]], x: &[f64]) -> Vec<f64> {
    let (rows, n) = (m.len(), m[0].len());
    let half: Vec<f64> = (0..rows * n).map(|i| (0..n).map(|k| m[i / n][k] * x[k * n + i % n]).sum()).collect();
    (0..rows * rows).map(|i| (0..n).map(|k| half[i / rows * n + k] * m[i % rows][k]).sum()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tile_is_the_convolution() {
        for w in [&F2, &F4] {
            let (n, m) = (w.edge() as usize, w.tile as usize);
            let g: Vec<f64> = (0..9).map(|i| ((i * 7 + 3) % 5) as f64 - 2.0).collect();
            let d: Vec<f64> = (0..n * n).map(|i| ((i * 11 + 4) % 13) as f64 - 6.0).collect();
            let products: Vec<f64> =
                both_sides(w.weights, &g).iter().zip(both_sides(w.input, &d)).map(|(a, b)| a * b).collect();
            let y = both_sides(w.output, &products);
            for i in 0..m {
                for j in 0..m {
                    let direct: f64 = (0..9).map(|t| g[t] * d[(i + t / 3) * n + j + t % 3]).sum();
                    assert!((direct - y[i * m + j]).abs() < 1e-9, "{} {i} {j}: {direct} {}", w.tile, y[i * m + j]);
                }
            }
        }
    }
}
